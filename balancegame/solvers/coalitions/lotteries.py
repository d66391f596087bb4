"""Correlated deviations: a coalition that draws one of its joint moves by lot.

It blocks iff some lottery raises every member's expected payoff. Let one party choose the lottery
and another the member whose gain is counted: the coalition blocks iff the value of this matrix game
is positive (von Neumann 1928); if not, weights of the members exist by which no joint move gains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from balancegame._progress import report
from balancegame.games.blockings import BlockedCell
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.coalitions.members import reachable, strides_of
from balancegame.solvers.ordinal_tables import ordinal_tables
from balancegame.solvers.own_table import OwnTable
from balancegame.solvers.polytopes.matrix_game import solve_matrix_game

_SHORT = 1 << 31
_TASK = "lotteries of coalitions"

Targets = tuple[tuple[int, Fraction], ...]


class Lotteries:
    """The coalitions of a game, and the lotteries by which they leave a profile."""

    def __init__(self, game: NormalFormGame, coalitions: Sequence[tuple[int, ...]]) -> None:
        self._game = game
        self._coalitions = coalitions
        self._strides = strides_of(game)
        self._ordinal = ordinal_tables(game)
        exact = game.exact_payoffs if game.has_rounded_payoffs else game.payoffs
        self._payoffs = exact.reshape(game.n_players, -1)

    def first_blocking(self, cell: int, end: int) -> BlockedCell | None:
        """The first of the first `end` coalitions that leaves a cell by lot, and its lottery."""
        for place, members in enumerate(self._coalitions[:end]):
            found = self._lottery(cell, members)
            if found is not None:
                return BlockedCell(cell, members, found)
            if place % 16 == 15:
                report(_TASK, place + 1, end)
        return None

    def _lottery(self, cell: int, members: tuple[int, ...]) -> Targets | None:
        cells = reachable(self._game, self._strides, cell, members)
        rows = self._ordinal[list(members)][:, cells]
        gains = rows > self._ordinal[list(members), cell][:, None]
        if not gains.any(axis=1).all():
            return None  # somebody is paid most where he is
        useful = cells[gains.any(axis=0)]
        integers = [self._exact_gains(i, cell, useful.tolist()) for i in members]
        if max(map(sum, zip(*(_sized(row) for row in integers), strict=True))) <= 0:
            return None  # no joint move raises the members' weighted sum
        solved = solve_matrix_game(_table([[-gain for gain in row] for row in integers]))
        if solved.value >= 0:
            return None
        return tuple(
            (int(useful[column]), chance) for column, chance in sorted(solved.columns.items())
        )

    def _exact_gains(self, player: int, cell: int, cells: list[int]) -> list[int]:
        """What a player gains at each of some cells, in a unit of his own that is positive."""
        row = self._payoffs[player]
        here = Fraction(row[cell])
        gains = [Fraction(row[one]) - here for one in cells]
        common = math.lcm(*{gain.denominator for gain in gains})
        return [gain.numerator * (common // gain.denominator) for gain in gains]


def _sized(row: list[int]) -> list[Fraction]:
    """A row over its largest entry, so that members weigh alike."""
    most = max(map(abs, row))
    return [Fraction(value, most) for value in row]


def _table(rows: list[list[int]]) -> OwnTable:
    if max(max(map(abs, row)) for row in rows) < _SHORT:
        return OwnTable(np.array(rows, dtype=np.int64))
    entries = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        entries[i] = [Fraction(value) for value in row]
    return OwnTable(entries)
