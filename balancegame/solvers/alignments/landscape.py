"""The whole landscape of a few states in one table: no compiler, no search."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.alignments.couplings import Couplings

Integers = NDArray[np.int64]


def whole_landscape(couplings: Couplings) -> tuple[Integers, Integers]:
    """The codes of all local minima, ascending, and the sizes of their basins.

    Where every alignment's steepest move leads is read off its fields; then all follow their
    moves, twice as far each time. Fields that the leads leave open are compared in exact integers.
    """
    n = couplings.game.n_states
    sides = _all_sides(n)
    worth = sides * (sides @ couplings.lead)
    if couplings.is_whole:
        move = worth.argmin(axis=1)
        stays = worth.min(axis=1) >= 0
    else:
        move, stays = _exact_moves(couplings, sides, worth)
    codes = np.arange(1 << (n - 1))
    flips = np.array([(1 << (n - 1)) - 1, *(1 << (n - 1 - k) for k in range(1, n))])
    ends = np.where(stays, codes, codes ^ flips[move])
    while True:
        further = ends[ends]
        if np.array_equal(further, ends):
            break
        ends = further
    minima = np.flatnonzero(stays)
    return minima, np.bincount(ends, minlength=len(codes))[minima]


@cache
def _all_sides(n: int) -> Integers:
    codes = np.arange(1 << (n - 1))
    sides = 1 - 2 * (codes[:, None] >> np.arange(n - 1, -1, -1) & 1)
    sides.setflags(write=False)
    return sides


def _exact_moves(
    couplings: Couplings, sides: Integers, worth: Integers
) -> tuple[Integers, NDArray[np.bool_]]:
    """Steepest moves by the leads where these decide, by the couplings themselves elsewhere."""
    slack = couplings.slack
    move, least = worth.argmin(axis=1), worth.min(axis=1)
    stays = least >= 0
    near = (worth <= least[:, None] + 2 * slack).sum(axis=1) > 1
    open_ = (np.abs(least) < slack) | (near & (least < slack))
    exact = couplings.game.integer_couplings
    for row in np.flatnonzero(open_):
        x = sides[row].astype(object)
        values = [int(value) for value in x * (exact @ x)]
        move[row] = values.index(min(values))
        stays[row] = min(values) >= 0
    return move, stays
