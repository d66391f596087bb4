"""Closed paths of four moves by two players: what refutes a potential."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from balancegame._numbers import format_fraction
from balancegame._records import COLUMNS
from balancegame.games.narrow_text import wrapped
from balancegame.games.rendering import fraction_number


@final
@dataclass(frozen=True, slots=True)
class FourCycle:
    """A closed path of four moves by two players, and what the mover gains in each.

    Attributes
    ----------
    players : tuple of two str
        They move in turn, the first one first.
    profiles : tuple of four tuples of str
        Action names, in the order of the path; the fourth move leads back to the first profile.
    gains : tuple of four Fraction
        The mover's gain in each move. They sum to 0 in a game with an exact potential.
    """

    players: tuple[str, str]
    profiles: tuple[tuple[str, ...], ...]
    gains: tuple[Fraction, Fraction, Fraction, Fraction]

    @property
    def defect(self) -> Fraction:
        """The sum of the gains."""
        return sum(self.gains, Fraction(0))

    def __repr__(self) -> str:
        return "\n".join(["Four-cycle:", *cycle_lines(self)])

    def to_dict(self) -> dict[str, Any]:
        """The cycle in plain types, ready for JSON."""
        return {
            "players": list(self.players),
            "profiles": [list(profile) for profile in self.profiles],
            "gains": [format_fraction(gain) for gain in self.gains],
        }


def cycle_lines(cycle: FourCycle) -> list[str]:
    """The path in one line if it fits, else each profile in its own; then the gains."""
    profiles = [f"({', '.join(profile)}) ->" for profile in cycle.profiles]
    path = [f"  {' '.join(profiles)} back"]
    if len(path[0]) > COLUMNS:
        path = [wrapped(one, indent="  ") for one in [*profiles, "back"]]
    gains = ", ".join(map(fraction_number, cycle.gains))
    note = f"gains of {' and '.join(cycle.players)} in turn: {gains}"
    return [*path, wrapped(note, indent="    ")]
