"""Supports that may carry an equilibrium: those that conditional dominance leaves.

Players settle their supports one after the other; an action that another action beats against all
that the others may still play is struck out (Porter, Nudelman & Shoham 2008). Walked in numpy while
the tree is small, so that no compiler is loaded for a game that dominance solves; in compiled code
otherwise. Comparisons of floats are exact, and rounding is monotone: what is struck out is
dominated in exact payoffs too.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report

Floats = NDArray[np.float64]
Supports = NDArray[np.int64]
Allowed = tuple[tuple[int, ...], ...]

_FEW_NODES = 30  # of the tree, in numpy: a hundredth of a second
_FEW_PROFILES = 1 << 12
MOST_ACTIONS = 60  # of a player: supports are bits of 64
_COMPILED = "balancegame._kernels.support_profiles"
_ROOM = 4096  # supports that the compiled walk writes at a time
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
    found = None
    if tables.shape[1] <= _FEW_PROFILES and _COMPILED not in sys.modules:
        found = _walk(tables.reshape(len(sizes), *sizes))
    if found is None:
        found = _compiled_walk(tables, sizes, most)
    if len(found) > most:
        raise TooManySupports
    return found[np.lexsort(found.T[::-1])]


def _walk(tables: Floats) -> Supports | None:
    """The supports, unless the tree has too many nodes."""
    n = len(tables)
    found: list[list[int]] = []
    waiting: list[tuple[int, Allowed]] = [(0, tuple(tuple(range(m)) for m in tables.shape[1:]))]
    for _ in range(_FEW_NODES):
        if not waiting:
            return np.array(found, dtype=np.int64).reshape(-1, n)
        settled, allowed = waiting.pop()
        left = _undominated(tables, allowed, settled)
        if left is None:
            continue
        if settled == n:
            if any(len(own) > 1 for own in left):
                found.append([sum(1 << a for a in own) for own in left])
            continue
        own = left[settled]
        if len(own) > 10:
            return None
        for mask in range(1, 1 << len(own)):
            part = tuple(a for k, a in enumerate(own) if mask >> k & 1)
            waiting.append((settled + 1, (*left[:settled], part, *left[settled + 1 :])))
    return None


def _undominated(tables: Floats, allowed: Allowed, settled: int) -> Allowed | None:
    """Dominated actions struck out; None if one of the first ``settled`` players plays one."""
    while True:
        before = allowed
        for i, own in enumerate(allowed):
            if len(own) == 1 and i >= settled:
                continue
            others = [range(m) if j == i else allowed[j] for j, m in enumerate(tables.shape[1:])]
            values = np.moveaxis(tables[i][np.ix_(*others)], i, 0).reshape(tables.shape[1 + i], -1)
            kept = tuple(a for a in own if not (values > values[a]).all(axis=1).any())
            if kept != own:
                if i < settled:
                    return None
                allowed = (*allowed[:i], kept, *allowed[i + 1 :])
        if allowed == before:
            return allowed


def _compiled_walk(tables: Floats, sizes: Sequence[int], most: int) -> Supports:
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
