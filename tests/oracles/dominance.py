"""Dominance by definition, by scipy's linear programs, and by peers: nothing of the package."""

from __future__ import annotations

import itertools

import numpy as np
import pygambit
import quantecon.game_theory as gt
from scipy.optimize import linprog

_NOISE = 1e-7


def gains(table: np.ndarray, player: int, left: list[list[int]], action: int) -> np.ndarray:
    """What each other action that is left gains over one, over the others' joint actions."""
    part = np.moveaxis(table[np.ix_(*left)], player, 0).reshape(len(left[player]), -1)
    place = left[player].index(action)
    return np.delete(part, place, axis=0) - part[place]


def is_dominated(gain: np.ndarray, *, mixed: bool, weak: bool) -> bool:
    """By definition for pure actions, by linear programs in floats for mixed ones."""
    if not len(gain):
        return False
    if not mixed:
        if weak:
            return bool(((gain >= 0).all(axis=1) & (gain > 0).any(axis=1)).any())
        return bool((gain > 0).all(axis=1).any())
    m, k = gain.shape
    simplex = {"A_eq": np.r_[np.ones(m), 0.0][None], "b_eq": [1.0]}
    if not weak:
        solved = linprog(
            np.r_[np.zeros(m), -1.0],
            A_ub=np.column_stack([-gain.T, np.ones(k)]),
            b_ub=np.zeros(k),
            bounds=[(0, None)] * m + [(None, None)],
            **simplex,
        )
        return -solved.fun > _NOISE
    solved = linprog(
        -gain.sum(axis=1),
        A_ub=-gain.T,
        b_ub=np.zeros(k),
        A_eq=np.ones((1, m)),
        b_eq=[1.0],
        bounds=(0, None),
    )
    return solved.status == 0 and -solved.fun > _NOISE


def survivors(payoffs: np.ndarray, *, mixed: bool, weak: bool, order=None, max_rounds=None):
    """Iterated elimination, each step from scratch."""
    shape = payoffs.shape[1:]
    left = [list(range(m)) for m in shape]
    for _ in itertools.count() if max_rounds is None else range(max_rounds):
        before = [list(mine) for mine in left]
        for i in range(len(shape)) if order is None else order:
            seen = before if order is None else [list(mine) for mine in left]
            left[i] = [
                a
                for a in seen[i]
                if not is_dominated(gains(payoffs[i], i, seen, a), mixed=mixed, weak=weak)
            ]
        if left == before:
            break
    return tuple(map(tuple, left))


def quantecon_solver(payoffs: np.ndarray):
    """A call that finds each player's actions dominated by mixed ones, one round; for timing."""
    n = len(payoffs)
    players = [
        gt.Player(np.ascontiguousarray(np.moveaxis(payoffs[i], range(n), _rotated(i, n))))
        for i in range(n)
    ]
    return lambda: [player.dominated_actions() for player in players]


def _rotated(player: int, n: int) -> list[int]:
    return [(axis - player) % n for axis in range(n)]


def gambit_solver(payoffs: np.ndarray):
    """A call that finds what survives one round of weak dominance by pure actions; for timing.

    Weak, for pygambit 16.7 goes wrong on strict dominance: of player 1's actions in the game with
    payoffs [[5, 3, 3, 1], [1, 4, 3, 5]] and [[3, 3, 5, 4], [1, 4, 4, 0]] it eliminates the second,
    which the third only equals against the last row.
    """
    game = pygambit.Game.from_arrays(*payoffs)

    def solve():
        kept = pygambit.supports.undominated_strategies_solve(game, strict=False)
        return tuple(tuple(s.number for s in kept[player]) for player in game.players)

    return solve


def gambit_survivors(payoffs: np.ndarray):
    """What survives all rounds, each in a game built anew."""
    left = [np.arange(m) for m in payoffs.shape[1:]]
    while True:
        part = payoffs[np.ix_(range(len(payoffs)), *left)]
        kept = gambit_solver(part)()
        if all(len(mine) == len(own) for mine, own in zip(kept, left, strict=True)):
            return tuple(tuple(own.tolist()) for own in left)
        left = [own[list(mine)] for mine, own in zip(kept, left, strict=True)]
