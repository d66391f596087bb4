"""Lists of equilibria kept small, and unfolded into records when they are read."""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Self, final, overload

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_place
from balancegame._words import counted
from balancegame.games.equilibrium import Equilibrium, exact_equilibrium, pure_equilibrium
from balancegame.games.integer_payoffs import IntegerPayoffs
from balancegame.games.normal_form import NormalFormGame

Strategy = tuple[Fraction, ...]


class LazyList(Sequence[Equilibrium]):
    """A sequence that builds each record anew when it is asked for."""

    __slots__ = ()

    @abstractmethod
    def _unfold(self, place: int) -> Equilibrium: ...

    @abstractmethod
    def _cut(self, places: slice) -> Self: ...

    @overload
    def __getitem__(self, index: int) -> Equilibrium: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> Equilibrium | Self:
        if isinstance(index, slice):
            return self._cut(index)
        return self._unfold(check_place(index, len(self), "equilibrium"))

    def __iter__(self) -> Iterator[Equilibrium]:
        return map(self._unfold, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LazyList | tuple | list):
            return NotImplemented
        return len(self) == len(other) and all(map(operator.eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        shown = [found.actions or found.support for found in self[:3]]
        return f"{counted(len(self), 'equilibrium')}: {shown}"


@final
class PureEquilibria(LazyList):
    """Pure equilibria as cells of the payoff table: a million of them take eight megabytes."""

    __slots__ = ("_cells", "_game")

    def __init__(self, game: NormalFormGame, cells: NDArray[np.int64]) -> None:
        self._game = game
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    def _cut(self, places: slice) -> PureEquilibria:
        return PureEquilibria(self._game, self._cells[places])

    def _unfold(self, place: int) -> Equilibrium:
        cell = np.unravel_index(self._cells[place], self._game.shape)
        return pure_equilibrium(self._game, tuple(int(a) for a in cell))


@final
class ExactEquilibria(LazyList):
    """Rational equilibria of a two-player game, as pairs of places in two lists of strategies."""

    __slots__ = ("_game", "_indices", "_pairs", "_payoffs", "_strategies")

    def __init__(
        self,
        game: NormalFormGame,
        payoffs: tuple[IntegerPayoffs, ...],
        strategies: tuple[Sequence[Strategy], Sequence[Strategy]],
        pairs: Sequence[tuple[int, int]],
        indices: Sequence[int | None],
    ) -> None:
        self._game = game
        self._payoffs = payoffs
        self._strategies = strategies
        self._pairs = pairs
        self._indices = indices

    def __len__(self) -> int:
        return len(self._pairs)

    def _cut(self, places: slice) -> ExactEquilibria:
        return ExactEquilibria(
            self._game,
            self._payoffs,
            self._strategies,
            self._pairs[places],
            self._indices[places],
        )

    def _unfold(self, place: int) -> Equilibrium:
        first, second = self._pairs[place]
        profile = self._strategies[0][first], self._strategies[1][second]
        return exact_equilibrium(self._game, self._payoffs, profile, self._indices[place])
