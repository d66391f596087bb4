"""Supports that may carry an equilibrium: those that conditional dominance leaves.

Players settle their supports one after the other; an action that another action beats against all
that the others may still play is struck out (Porter, Nudelman & Shoham 2008).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report

Floats = NDArray[np.float64]
Supports = NDArray[np.int64]

MOST_ACTIONS = 60  # of a player: supports are bits of 64
_ROOM = 4096  # supports that the walk writes at a time
MOST_SUPPORTS = 20_000_000  # they take gigabytes, and days


class TooManySupports(Exception):
    """There are more supports than are to be searched."""


def list_supports(tables: Floats, sizes: Sequence[int], most: int = MOST_SUPPORTS) -> Supports:
    """All supports left in which somebody mixes.

    Parameters
    ----------
    tables : array, shape (n, profiles)
    sizes : sequence of int
        The players' numbers of actions.
    most : int
        How many there may be.

    Returns
    -------
    int64 array, shape (k, n)
        Bit a stands for action a; in lexicographic order.

    Raises
    ------
    TooManySupports
    """
    if max(sizes) > MOST_ACTIONS:
        raise TooManySupports
    found = _walk(tables, sizes, most)
    return found[np.lexsort(found.T[::-1])]


def _walk(tables: Floats, sizes: Sequence[int], most: int) -> Supports:
    from balancegame._kernels.support_profiles import next_supports, tree  # noqa: PLC0415

    shape = np.array(sizes, dtype=np.int64)
    allowed, tried, level = tree(tuple(sizes))
    found: list[Supports] = [np.empty((0, len(sizes)), dtype=np.int64)]
    total = 0
    while level[0] != -2:
        room = np.empty((min(_ROOM, most + 1 - total), len(sizes)), dtype=np.int64)
        count = next_supports(tables, shape, allowed, tried, level, room)
        found.append(room[:count])
        total += count
        report("supports listed", total, total + int(level[0] != -2))
        if total > most:
            raise TooManySupports
    return np.concatenate(found)
