"""The part of a polytope above floors, one for each coordinate, by clipping its boundary.

The boundary comes as simplices (flat facets cut up), so that each is clipped by itself (Sutherland
& Hodgman 1974): no list of edges has to be right, and a polytope close to degenerate loses no
vertex. Of a clipped simplex all pairs of vertices on two sides of a floor count as edges; those
that are none leave points within the part, which do no harm.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_ROOM = 256  # points of one clipped simplex


@njit(cache=True, nogil=True)
def cut_by_floors(points, simplices, floors, tie, binding_only):
    """Points whose hull is the polytope's boundary above the floors, for each row of floors.

    points : (V, n); simplices : (F, r), places of points; floors : (A, n), minus infinity where
    there is none. Returns the points and the row each belongs to: the vertices that the floors
    leave, but with `binding_only` those on a floor alone, and where simplices meet floors. Points
    come up more than once.
    """
    n = points.shape[1]
    found, rows = np.empty((1024, n)), np.empty(1024, np.int64)
    size = 0
    above = np.empty(points.shape[0], np.bool_)
    sides = np.empty((points.shape[0], n), np.int8)
    work, other = np.empty((_ROOM, n)), np.empty((_ROOM, n))
    for a in range(floors.shape[0]):
        if size + points.shape[0] > rows.shape[0]:
            found, rows = _grown(found, rows, points.shape[0])
        for v in range(points.shape[0]):
            above[v] = True
            binds = False
            for i in range(n):
                away = points[v, i] - floors[a, i]
                sides[v, i] = 1 if away > tie else -1 if away < -tie else 0
                above[v] = above[v] and sides[v, i] >= 0
                binds = binds or sides[v, i] == 0
            if above[v] and (binds or not binding_only):
                _enter(found, rows, size, points, v, a)
                size += 1
        for s in range(simplices.shape[0]):
            if not _is_cut(simplices, s, sides, above):
                continue
            if size + _ROOM > rows.shape[0]:
                found, rows = _grown(found, rows, _ROOM)
            count = _clipped(points, simplices, s, floors[a], tie, work, other)
            for v in range(count):
                for i in range(n):
                    if work[v, i] <= floors[a, i] + tie:
                        _enter(found, rows, size, work, v, a)
                        size += 1
                        break
    return found[:size], rows[:size]


@njit(cache=True, nogil=True)
def _is_cut(simplices, s, sides, above):
    """Whether a simplex may have a part above the floors, but is not above them all."""
    whole = True
    for q in range(simplices.shape[1]):
        whole = whole and above[simplices[s, q]]
    if whole:
        return False
    for i in range(sides.shape[1]):
        below = True
        for q in range(simplices.shape[1]):
            below = below and sides[simplices[s, q], i] < 0
        if below:
            return False
    return True


@njit(cache=True, nogil=True)
def _clipped(points, simplices, s, floors, tie, work, other):
    """Fill `work` with points whose hull is a simplex above the floors; how many."""
    n, count = points.shape[1], simplices.shape[1]
    for q in range(count):
        for j in range(n):
            work[q, j] = points[simplices[s, q], j]
    for i in range(n):
        floor = floors[i]
        lowest = np.inf
        for v in range(count):
            lowest = min(lowest, work[v, i])
        if lowest >= floor - tie:
            continue
        kept = 0
        for v in range(count):
            if work[v, i] >= floor - tie:
                for j in range(n):
                    other[kept, j] = work[v, j]
                kept += 1
        for v in range(count):
            if work[v, i] <= floor + tie:
                continue
            for w in range(count):
                if work[w, i] >= floor - tie or kept == _ROOM:
                    continue
                share = (work[v, i] - floor) / (work[v, i] - work[w, i])
                for j in range(n):
                    other[kept, j] = work[v, j] + share * (work[w, j] - work[v, j])
                other[kept, i] = floor
                kept += 1
        count = kept
        for v in range(count):
            for j in range(n):
                work[v, j] = other[v, j]
    return count


@njit(cache=True, nogil=True)
def _grown(found, rows, least):
    size = 2 * rows.shape[0] + least
    more, more_rows = np.empty((size, found.shape[1])), np.empty(size, np.int64)
    # By element: the errors of slices' assignments take seconds to compile.
    for k in range(rows.shape[0]):
        _enter(more, more_rows, k, found, k, rows[k])
    return more, more_rows


@njit(cache=True, nogil=True)
def _enter(found, rows, size, points, v, row):
    rows[size] = row
    for j in range(points.shape[1]):
        found[size, j] = points[v, j]
