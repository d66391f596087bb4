"""Which coalition leaves an equilibrium, by what joint move, and what each member gains."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, final, overload

import numpy as np

from balancegame._checks import check_place
from balancegame._numbers import format_fraction
from balancegame.games.blockings_rendering import (
    blocking_html,
    blocking_text,
    blockings_html,
    blockings_text,
)
from balancegame.games.equilibrium import Equilibrium, pure_equilibrium
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profile_text import equilibrium_line

if TYPE_CHECKING:
    import pandas as pd


@final
@dataclass(frozen=True, slots=True, repr=False)
class Blocking:
    """A pure equilibrium that fails, and the coalition that leaves it.

    Attributes
    ----------
    equilibrium : Equilibrium
    coalition : tuple of str
        The members; everyone else stays at the equilibrium.
    move : tuple of str or None
        The action each member moves to; None where the coalition has to draw lots, see `lottery`.
    gains : tuple of float
        What each member gains, all of them above 0.
    exact_gains : tuple of Fraction
        The same exactly; a gain too small for a float is 0.0 in `gains`.
    lottery : tuple of (tuple of str, Fraction)
        The coalition's joint moves with their probabilities; one of probability 1 if it is pure.
    """

    equilibrium: Equilibrium
    coalition: tuple[str, ...]
    move: tuple[str, ...] | None
    gains: tuple[float, ...]
    exact_gains: tuple[Fraction, ...]
    lottery: tuple[tuple[tuple[str, ...], Fraction], ...]

    def __repr__(self) -> str:
        return blocking_text(self)

    def _repr_html_(self) -> str:
        return blocking_html(self)

    def __iter__(self) -> Iterator[Any]:
        """Unpacks as equilibrium, coalition, move, gains."""
        return iter((self.equilibrium, self.coalition, self.move, self.gains))

    def to_dict(self) -> dict[str, Any]:
        """The record in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {
            "equilibrium": self.equilibrium.actions,
            "coalition": self.coalition,
            "move": self.move,
            "gains": self.gains,
            "exact_gains": [format_fraction(gain) for gain in self.exact_gains],
            "lottery": [
                {"move": move, "probability": format_fraction(chance)}
                for move, chance in self.lottery
            ],
        }


class BlockedCell(NamedTuple):
    """A blocking in table cells: where from, by whom, and where to with what probability."""

    cell: int
    members: tuple[int, ...]
    targets: tuple[tuple[int, Fraction], ...]


@final
class Blockings(Sequence[Blocking]):
    """The pure equilibria that fail, in lexicographic order, each with a blocking coalition.

    Records are kept as table cells and unfolded when read.

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays(
    ...     [[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=["cooperate", "defect"]
    ... )
    >>> bg.strong_equilibria(dilemma).blocked
    1 pure equilibrium is blocked
           equilibrium  a coalition moves to           and gains
      [0]  all: defect  player 0, player 1: cooperate  player 0, player 1: 2
    """

    __slots__ = ("_cells", "_game")

    def __init__(self, game: NormalFormGame, cells: Sequence[BlockedCell]) -> None:
        self._game = game
        self._cells = tuple(cells)

    def __len__(self) -> int:
        return len(self._cells)

    @overload
    def __getitem__(self, index: int) -> Blocking: ...
    @overload
    def __getitem__(self, index: slice) -> Blockings: ...
    def __getitem__(self, index: int | slice) -> Blocking | Blockings:
        if isinstance(index, slice):
            return Blockings(self._game, self._cells[index])
        return self._unfold(self._cells[check_place(index, len(self), "blocked equilibrium")])

    def __iter__(self) -> Iterator[Blocking]:
        return map(self._unfold, self._cells)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Blockings):
            return NotImplemented
        return self._cells == other._cells and self._game == other._game

    def __hash__(self) -> int:
        return hash(self._cells)

    def __reduce__(self) -> tuple[Any, ...]:
        return Blockings, (self._game, self._cells)

    def _unfold(self, blocked: BlockedCell) -> Blocking:
        game, members = self._game, blocked.members
        lottery = tuple(
            (tuple(game.actions[i][self._profile(cell)[i]] for i in members), chance)
            for cell, chance in blocked.targets
        )
        gains = tuple(
            sum((self._payoff(i, cell) * chance for cell, chance in blocked.targets), Fraction(0))
            - self._payoff(i, blocked.cell)
            for i in members
        )
        return Blocking(
            equilibrium=pure_equilibrium(game, self._profile(blocked.cell)),
            coalition=tuple(game.players[i] for i in members),
            move=lottery[0][0] if len(lottery) == 1 else None,
            gains=tuple(map(_rounded, gains)),
            exact_gains=gains,
            lottery=lottery,
        )

    def _profile(self, cell: int) -> tuple[int, ...]:
        return tuple(int(a) for a in np.unravel_index(cell, self._game.shape))

    def _payoff(self, player: int, cell: int) -> Fraction:
        game = self._game
        table = game.exact_payoffs if game.has_rounded_payoffs else game.payoffs
        return Fraction(table[player].reshape(-1)[cell])

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per blocked equilibrium and member of its coalition.

        Returns
        -------
        pandas.DataFrame
            Columns blocked (place in the list), equilibrium (who plays what), coalition, member,
            action (the member's in the equilibrium), move (None where the coalition draws lots),
            gain.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        rows: list[dict[str, Any]] = []
        for place, one in enumerate(self):
            actions = one.equilibrium.actions or ()
            played = dict(zip(one.equilibrium.players, actions, strict=True))
            profile = equilibrium_line(one.equilibrium)
            for k, member in enumerate(one.coalition):
                row = {"blocked": place, "equilibrium": profile}
                row |= {"coalition": ", ".join(one.coalition), "member": member}
                row |= {"action": played[member], "move": None if one.move is None else one.move[k]}
                rows.append(row | {"gain": one.gains[k]})
        columns = ["blocked", "equilibrium", "coalition", "member", "action", "move", "gain"]
        return pd.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        return blockings_text(self)

    def _repr_html_(self) -> str:
        return blockings_html(self)


def _rounded(gain: Fraction) -> float:
    """To the nearest float; the largest one if it is beyond the range."""
    try:
        return float(gain)
    except OverflowError:
        return sys.float_info.max
