"""Who moves first when one alignment gives way to another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from balancegame._numbers import format_fraction
from balancegame._records import record_repr
from balancegame._words import counted
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import captioned_table
from balancegame.games.rendering import fraction_number
from balancegame.games.tabulated import Tabulated


@final
@dataclass(frozen=True, slots=True)
class TippingMove:
    """One state's move on a path between alignments.

    Attributes
    ----------
    player : str
    source, target : tuple of str
        The profiles before and after, by action names.
    resistance : Fraction
        What the mover forgoes against his best reply; 0 for a best reply.
    """

    player: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    resistance: Fraction

    __repr__ = record_repr

    @property
    def changes(self) -> tuple[str, str]:
        """The mover's action before and after."""
        place = next(i for i, a in enumerate(self.source) if a != self.target[i])
        return self.source[place], self.target[place]

    def to_dict(self) -> dict[str, Any]:
        """The move in plain types, ready for JSON."""
        return {
            "player": self.player,
            "source": list(self.source),
            "target": list(self.target),
            "resistance": format_fraction(self.resistance),
        }


@final
@dataclass(frozen=True, slots=True, repr=False)
class Tipping(AsJson, Tabulated):
    """The likeliest way from one alignment to another as errors vanish.

    Attributes
    ----------
    resistance : Fraction
        The least sum of resistances on a path; its probability falls like
        exp(-precision * resistance).
    path : tuple of TippingMove
        A path of that resistance with the fewest moves; of several the first, by player and then
        action.
    first_moves : tuple of TippingMove
        How such paths start: every one of those moves.
    n_paths : int
        How many such paths there are.
    """

    resistance: Fraction
    path: tuple[TippingMove, ...]
    first_moves: tuple[TippingMove, ...]
    n_paths: int

    @property
    def first_movers(self) -> tuple[str, ...]:
        """The players who may move first, each once."""
        return tuple(dict.fromkeys(move.player for move in self.first_moves))

    @property
    def order(self) -> tuple[str, ...]:
        """The movers along `path`, in turn."""
        return tuple(move.player for move in self.path)

    @property
    def tips_after(self) -> int:
        """After how many moves of `path` best replies lead on to its end."""
        return max((k for k, one in enumerate(self.path, 1) if one.resistance), default=0)

    def to_dict(self) -> dict[str, Any]:
        """The answer in plain types, ready for JSON; exact numbers as text."""
        return {
            "resistance": format_fraction(self.resistance),
            "path": [move.to_dict() for move in self.path],
            "first_moves": [move.to_dict() for move in self.first_moves],
            "n_paths": self.n_paths,
            "tips_after": self.tips_after,
        }

    def _caption(self) -> str:
        if not self.path:
            return "No move is needed"
        caption = (
            f"{counted(self.n_paths, 'path')} of least resistance "
            f"{fraction_number(self.resistance)} and {counted(len(self.path), 'move')}; first "
            + " or ".join(self.first_movers)
        )
        return caption

    def _rows(self) -> list[list[str]]:
        rows = [["", "moves", "from", "to", "resistance"]]
        rows.extend(
            [str(k), one.player, *one.changes, fraction_number(one.resistance)]
            for k, one in enumerate(self.path, 1)
        )
        return rows

    def _text(self) -> str:
        if not self.path:
            return self._caption()
        return captioned_table(self._caption(), self._rows())
