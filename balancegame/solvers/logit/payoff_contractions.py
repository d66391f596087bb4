"""Expected payoffs of all actions, and against each action of each other player, at once.

With D_i player i's table, u_ia = sum D_i(a, .) times the others' probabilities, and the pairwise
V_ia,jb leaves out player j and fixes his action b; u_ia = sum_b p_jb V_ia,jb for each j. All pairs
share two partial contractions of the table, with either half of the other players: one pass over
it yields both, and what is left is of the order of its square root.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

Floats = NDArray[np.float64]

SMALL = 100  # payoffs: up to here numpy does it before a compiler is loaded


class PayoffContractions:
    """Contractions of one table a player.

    Attributes
    ----------
    tables : array (n, profiles)
        Each player's payoffs, his own action the slowest axis, the others' in order.
    starts : array of int (n + 1,)
        Where each player's actions begin in flat vectors.
    halves : array of int (n,)
        How many of the others form the first half.
    rounding : float
        Contractions are accurate to this times the player's largest payoff.
    """

    starts: NDArray[np.int64]
    n_actions: int
    halves: NDArray[np.int64]
    rounding: float
    compiled: bool

    def __init__(self, shape: tuple[int, ...], tables: Floats) -> None:
        self.shape = shape
        self.tables = tables
        self.starts = np.concatenate([[0], np.cumsum(shape)]).astype(np.int64)
        self.n_actions = int(self.starts[-1])
        self.halves = np.array([_half(shape, i) for i in range(len(shape))], np.int64)
        sizes = [sum(_sizes(shape, i, int(h))) for i, h in enumerate(self.halves)]
        longest = max(sizes) + 4 * len(shape) + self.n_actions
        self.rounding = longest * float(np.finfo(np.float64).eps)
        self.compiled = tables.size > SMALL

    def parts(self, flat: Floats) -> tuple[Floats, ...]:
        """One array a player, from a flat one."""
        return tuple(np.split(flat[: self.n_actions], self.starts[1:-1]))

    def contract(self, p: Floats) -> tuple[Floats, Floats]:
        """All actions' payoffs (N,), and those against each action of another player (N, N)."""
        if not self.compiled:
            return self._contract_small(p)
        from balancegame._kernels.logit import contract  # noqa: PLC0415 (slow load)

        values, pairs = np.empty(self.n_actions), np.empty((self.n_actions, self.n_actions))
        contract(self.tables, self.starts, self.halves, p, values, pairs)
        return values, pairs

    def values_along(self, logs: Floats) -> Floats:
        """All actions' payoffs at many profiles, whose logs are given: (k, N) to (k, N)."""
        return np.array([self.contract(np.exp(one))[0] for one in logs])

    def _contract_small(self, p: Floats) -> tuple[Floats, Floats]:
        parts = self.parts(p)
        values, pairs = np.empty(self.n_actions), np.zeros((self.n_actions, self.n_actions))
        for i, m in enumerate(self.shape):
            own = slice(self.starts[i], self.starts[i + 1])
            others = [j for j in range(len(self.shape)) if j != i]
            table = self.tables[i].reshape(m, *(self.shape[j] for j in others))
            if not others:
                values[own] = table
            for place, j in enumerate(others):
                against = table
                for k in range(len(others) - 1, -1, -1):
                    if k != place:
                        against = np.tensordot(against, parts[others[k]], (k + 1, 0))
                pairs[own, self.starts[j] : self.starts[j + 1]] = against
                values[own] = against @ parts[j]
        return values, pairs


def payoffs_along(game: NormalFormGame, logs: Floats) -> Floats:
    """Expected payoffs (k, n) at many profiles given by the logs of their probabilities (k, N)."""
    own_first = [np.moveaxis(table, i, 0).ravel() for i, table in enumerate(game.payoffs)]
    contractions = PayoffContractions(game.shape, np.array(own_first))
    weighted = np.exp(logs) * contractions.values_along(logs)
    return np.add.reduceat(weighted, contractions.starts[:-1], axis=1)


def _half(shape: tuple[int, ...], player: int) -> int:
    """How many of the others, in order, make the two halves' tables smallest together."""
    return min(range(len(shape)), key=lambda h: sum(_sizes(shape, player, h)))


def _sizes(shape: tuple[int, ...], player: int, half: int) -> tuple[int, int]:
    """The joint actions of the first `half` of the others, and of the rest."""
    others = [m for j, m in enumerate(shape) if j != player]
    return math.prod(others[:half]), math.prod(others[half:])
