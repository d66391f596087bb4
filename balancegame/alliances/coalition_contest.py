"""The coalition contest of Niou, Ordeshook & Rose (1989): resources, and who is needed to win.

States hold resources; a coalition with more than half of them wins, and one with exactly half
blocks. A state is *essential* if it belongs to some minimal winning coalition. Their claims, in
this package's words: no state is eliminated iff all are essential (*system stability*); nobody
loses resources iff one state holds exactly half, or, of two states, both hold the same (*resource
stability*).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, final

from balancegame._checks import check_count
from balancegame._numbers import format_fraction
from balancegame._words import counted
from balancegame.alliances.amounts import Amounts, read_amounts
from balancegame.alliances.coalition_sums import shapley_from, turned_coalitions
from balancegame.games.as_json import AsJson
from balancegame.games.rendering import apart, fraction_number
from balancegame.games.tabulated import Tabulated

if TYPE_CHECKING:
    import pandas as pd

Resources = Amounts

Standing = Literal["predominant", "near-predominant", "none"]


@final
@dataclass(frozen=True, slots=True, repr=False)
class CoalitionContest(AsJson, Tabulated):
    """What the distribution of resources makes of each state.

    Attributes
    ----------
    states : tuple of str
    resources : tuple of Fraction
        As given; floats at their exact binary value.
    banzhaf : tuple of int
        The coalitions of others that each state turns from losing to winning.
    shapley : tuple of Fraction
        The share of all orders in which each state is the one that turns losing into winning.
    """

    states: tuple[str, ...]
    resources: tuple[Fraction, ...]
    banzhaf: tuple[int, ...]
    shapley: tuple[Fraction, ...]

    @property
    def essential(self) -> tuple[str, ...]:
        """The states in some minimal winning coalition: those whose Banzhaf value is positive."""
        return tuple(s for s, value in zip(self.states, self.banzhaf, strict=True) if value)

    @property
    def is_system_stable(self) -> bool:
        """Whether no state is eliminated: all are essential."""
        return all(self.banzhaf)

    @property
    def is_resource_stable(self) -> bool:
        """Whether nobody loses resources: one state holds exactly half (of two, both do)."""
        return 2 * max(self.resources) == sum(self.resources)

    @property
    def standing(self) -> Standing:
        """Of the strongest state: with more than half predominant, with half near-predominant."""
        strongest, total = max(self.resources), sum(self.resources)
        if 2 * strongest == total:
            return "near-predominant"
        return "predominant" if 2 * strongest > total else "none"

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row a state.

        Returns
        -------
        pandas.DataFrame
            Columns state, resources, share, essential, banzhaf (the count), banzhaf_index (its
            share of the sum), shapley; floats, but for the count.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        total, swings = sum(self.resources), sum(self.banzhaf)
        rows = [
            {
                "state": state,
                "resources": float(held),
                "share": float(held / total),
                "essential": value > 0,
                "banzhaf": value,
                "banzhaf_index": float(Fraction(value, swings)),
                "shapley": float(turn),
            }
            for state, held, value, turn in self._each()
        ]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """The contest in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {
            "states": self.states,
            "resources": [format_fraction(held) for held in self.resources],
            "banzhaf": self.banzhaf,
            "shapley": [format_fraction(value) for value in self.shapley],
            "essential": self.essential,
            "system_stable": self.is_system_stable,
            "resource_stable": self.is_resource_stable,
            "standing": self.standing,
        }

    def _each(self) -> Iterator[tuple[str, Fraction, int, Fraction]]:
        return zip(self.states, self.resources, self.banzhaf, self.shapley, strict=True)

    def _rows(self) -> list[list[str]]:
        rows = [["state", "resources", "Banzhaf", "Shapley", "essential"]]
        held = apart(self.resources)
        for place, (state, _, value, turn) in enumerate(self._each()):
            shown = fraction_number(turn) if turn.denominator > 1000 else str(turn)
            count = f"{value:,}" if value < 10**12 else fraction_number(Fraction(value))
            rows.append([state, held[place], count, shown, "yes" if value else "no"])
        return rows

    def _caption(self) -> str:
        system = "system-stable" if self.is_system_stable else "not system-stable"
        resource = "resource-stable" if self.is_resource_stable else "not resource-stable"
        strongest = "both" if len(set(self.resources)) == 1 else "the strongest"
        standing = "" if self.standing == "none" else f", {strongest} {self.standing}"
        states = counted(len(self.states), "state")
        return f"Coalition contest of {states}: {system}, {resource}{standing}"


def coalition_contest(resources: Resources) -> CoalitionContest:
    """Essential states, stability, Banzhaf and Shapley values of a distribution of resources.

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        At least two positive numbers; exact ones (int, Fraction, "1/3") stay exact. Of a world, the
        power of all states, the threat included.

    Returns
    -------
    CoalitionContest

    Raises
    ------
    InvalidPowerError, InvalidShapeError, InvalidTypeError
    TableTooLargeError
        More than 50 states whose coalitions have more than 4 million different sums.

    Notes
    -----
    Whichever is faster: dynamic programming over sums (Mann & Shapley 1962; Brams & Affuso 1976),
    whose time and memory grow with the number of states times that of different sums, at most half
    the total of whole numbers, so that 200 states of up to three digits take some seconds; or, up
    to 50 states, the sorted coalitions of two halves of them (Horowitz & Sahni 1974; Klinz &
    Woeginger 2005), whose time doubles with every two states: any resources of 30 states take
    50 ms, of 40 states 2 s, of 50 about a minute; where the whole has over 18 digits in the largest
    unit common to all, each 17 more add a sort of these coalitions. Both count exactly.

    References
    ----------
    Niou, E., Ordeshook, P. & Rose, G. (1989), The Balance of Power. Banzhaf, J. (1965), Weighted
    voting doesn't work. Shapley, L. & Shubik, M. (1954), A method for evaluating the distribution
    of power in a committee system.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.coalition_contest({"A": 130, "B": 120, "C": 30, "D": 20})
    Coalition contest of 4 states: system-stable, not resource-stable
      state  resources  Banzhaf  Shapley  essential
      A      130        5        5/12     yes
      B      120        3        1/4      yes
      C      30         3        1/4      yes
      D      20         1        1/12     yes
    """
    states, held = read_amounts(resources, "resources")
    turned = turned_coalitions(held, by_size=True)
    return CoalitionContest(states, held, tuple(map(sum, turned)), tuple(map(shapley_from, turned)))


def banzhaf_values(resources: Resources) -> tuple[int, ...]:
    """For each state the coalitions of others that it turns from losing to winning.

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        As for `coalition_contest`, which names the errors.

    Returns
    -------
    tuple of int
        In the order of the states: of a sequence, of a mapping's keys, or of a world's names.
        Positive for the essential ones. `coalition_contest` names who has what.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.banzhaf_values([130, 120, 30, 20])
    (5, 3, 3, 1)
    """
    _, held = read_amounts(resources, "resources")
    return tuple(count for (count,) in turned_coalitions(held, by_size=False))


def shapley_values(resources: Resources) -> tuple[Fraction, ...]:
    """The share of all orders of the states in which each turns losing into winning.

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        As for `coalition_contest`, which names the errors.

    Returns
    -------
    tuple of Fraction
        In the order of the states: of a sequence, of a mapping's keys, or of a world's names; they
        sum to 1. `coalition_contest` names who has what.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.shapley_values(["1/2", "1/3", "1/6"])
    (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))
    """
    _, held = read_amounts(resources, "resources")
    return tuple(map(shapley_from, turned_coalitions(held, by_size=True)))


def essential_states(resources: Resources) -> tuple[str, ...]:
    """The states that belong to some minimal winning coalition.

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        As for `coalition_contest`, which names the errors. States of a sequence are called
        ``"state 0"``, ``"state 1"``, ...

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.essential_states({"A": 110, "B": 100, "C": 80, "D": 10})
    ('A', 'B', 'C')
    """
    states, held = read_amounts(resources, "resources")
    turned = turned_coalitions(held, by_size=False)
    return tuple(state for state, (count,) in zip(states, turned, strict=True) if count)


def is_system_stable(resources: Resources) -> bool:
    """Whether no state is eliminated, that is, whether all are essential.

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        As for `coalition_contest`, which names the errors.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.is_system_stable([120, 100, 80]), bg.is_system_stable([80, 80, 80, 60])
    (True, False)
    """
    return all(banzhaf_values(resources))


def is_resource_stable(resources: Resources) -> bool:
    """Whether nobody loses resources: one state holds exactly half (of two states, each does).

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        As for `coalition_contest`, which names the errors.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.is_resource_stable([150, 90, 60]), bg.is_resource_stable([120, 100, 80])
    (True, False)
    """
    _, held = read_amounts(resources, "resources")
    return 2 * max(held) == sum(held)


def minimal_winning_coalitions(
    resources: Resources, *, max_coalitions: int = 10_000
) -> tuple[tuple[str, ...], ...]:
    """The winning coalitions that lose without any one member.

    Parameters
    ----------
    resources : sequence or mapping {state: number}, or World
        As for `coalition_contest`, which names the errors.
    max_coalitions : int
        Stop after so many; 200 states can have 10^58.

    Returns
    -------
    tuple of tuple of str
        Members and coalitions from the strongest down.

    Notes
    -----
    A coalition whose members join from the strongest down is minimal iff it wins with the last and
    not before.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.minimal_winning_coalitions({"A": 130, "B": 120, "C": 30, "D": 20})
    (('A', 'B'), ('A', 'C'), ('B', 'C', 'D'))
    """
    states, held = read_amounts(resources, "resources")
    most = check_count(max_coalitions, "max_coalitions", 1)
    order = sorted(range(len(held)), key=lambda i: -held[i])
    total = sum(held, Fraction(0))
    left = [total] * (len(order) + 1)  # what the states from a place on hold together
    for place, i in enumerate(order):
        left[place + 1] = left[place] - held[i]
    found: list[tuple[str, ...]] = []
    for members in _minimal(order, held, left, total):
        found.append(tuple(states[i] for i in members))
        if len(found) == most:
            break
    return tuple(found)


def _minimal(
    order: Sequence[int], held: Sequence[Fraction], left: Sequence[Fraction], total: Fraction
) -> Iterator[list[int]]:
    """Depth first; a place is entered only if those from it on can still win."""
    places: list[int] = []
    sums = [Fraction(0)]
    place = 0
    while True:
        if place < len(order) and 2 * (sums[-1] + left[place]) > total:
            places.append(place)
            sums.append(sums[-1] + held[order[place]])
            place += 1
            if 2 * sums[-1] <= total:
                continue
            yield [order[p] for p in places]
        elif not places:
            return
        place = places.pop() + 1
        sums.pop()
