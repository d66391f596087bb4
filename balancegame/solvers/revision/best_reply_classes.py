"""Where best replies lead: the recurrent classes of the error-free chain, and their basins.

Without errors the reviser takes some best reply. A recurrent class is a set of profiles that such
moves never leave and within which they lead from everywhere to everywhere: a strict equilibrium
alone, a set of equilibria linked by ties, a best-reply cycle (Young 1993). A class's basin is the
set of profiles from which best replies end in it for sure (Ellison 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.solvers.revision.logit_revision import Places, Resistances, moves

CONTESTED = -1


@final
@dataclass(frozen=True)
class Classes:
    """The recurrent classes, in the order of their first profiles.

    Attributes
    ----------
    members : tuple of arrays
        Each class's profiles as flat indices, increasing.
    basins : array, shape (profiles,)
        The class in whose basin a profile lies, or -1 where several classes can be reached.
    """

    members: tuple[Places, ...]
    basins: Places


def best_reply_classes(resistance: Resistances) -> Classes:
    """The recurrent classes of best-reply moves and their basins; time linear in the moves."""
    from scipy.sparse import csr_array  # noqa: PLC0415 (slow to import)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    best = resistance.best
    n, shape = best.shape[0], best.shape[1:]
    states = best[0].size
    sources: list[Places] = []
    targets: list[Places] = []
    for i, source, target in moves(shape):
        free = best[i].ravel()[target]
        sources.append(source[free])
        targets.append(target[free])
        report("best replies", i + 1, n)
    source, target = np.concatenate(sources), np.concatenate(targets)
    graph = csr_array((np.ones(len(source), np.int8), (source, target)), shape=(states, states))
    count, component = connected_components(graph, connection="strong")
    is_left = np.zeros(count, np.bool_)
    is_left[component[source[component[source] != component[target]]]] = True
    inside = np.flatnonzero(~is_left[component])
    _, first, own = np.unique(component[inside], return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    label = rank[own]
    order = np.argsort(label, kind="stable")
    ends = np.cumsum(np.bincount(label))[:-1]
    members = tuple(np.split(inside[order], ends))
    start = np.full(states, CONTESTED, np.int64)
    start[inside] = label
    return Classes(members, _basins(best, start.reshape(shape), len(members)))


def _basins(best: NDArray[np.bool_], start: Places, count: int) -> Places:
    """Send the least and the greatest class that can be reached back along best replies."""
    known = start >= 0
    least = np.where(known, start, count)
    greatest = np.where(known, start, -1)
    changed = True
    while changed:
        before = least.copy(), greatest.copy()
        for i, own in enumerate(best):
            low = np.where(own, least, count).min(axis=i, keepdims=True)
            high = np.where(own, greatest, -1).max(axis=i, keepdims=True)
            np.minimum(least, low, out=least)
            np.maximum(greatest, high, out=greatest)
        changed = bool((before[0] != least).any() or (before[1] != greatest).any())
    return np.where(least == greatest, least, CONTESTED).ravel()
