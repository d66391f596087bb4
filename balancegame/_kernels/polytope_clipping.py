"""Polytopes cut by half-spaces, their vertices and incidences kept (double description).

A polytope of dimension `dim` is given by its vertices and, for each, the facets it lies on, as
bits of uint64 words; lower-dimensional ones lie in an affine subspace that needs no bits. Two
vertices span an edge if no third one lies on all the facets they share; an edge that a half-space
cuts leaves a new vertex there (Motzkin, Raiffa, Thompson & Thrall 1953).
"""

from __future__ import annotations

import numpy as np
from numba import njit

_BITS, _SHIFT = 63, 6


@njit(cache=True, nogil=True)
def clip(points, bits, normal, level, facet, dim, tie):
    """The part of a polytope with ``normal @ x <= level``; `facet` is the new facet's bit.

    points : (V, n); bits : (V, W) uint64; values within `tie` of the level lie on the new facet.
    Returns points and bits, of the old vertices first.
    """
    count, n = points.shape
    words = bits.shape[1]
    slack = np.empty(count)
    kept, cut = 0, 0
    for v in range(count):
        value = level
        for i in range(n):
            if normal[i] != 0.0:
                value -= normal[i] * points[v, i]
        slack[v] = 0.0 if abs(value) <= tie else value
        kept += slack[v] >= 0.0
        cut += slack[v] < 0.0
    word, mark = facet >> _SHIFT, np.uint64(1) << np.uint64(facet & _BITS)
    room = kept + kept * cut if kept * cut < 4 * count else kept + 4 * count
    new_points, new_bits = np.empty((room, n)), np.empty((room, words), np.uint64)
    size = 0
    for v in range(count):
        if slack[v] >= 0.0:
            new_points[size] = points[v]
            for w in range(words):
                new_bits[size, w] = bits[v, w]
            if slack[v] == 0.0:
                new_bits[size, word] |= mark
            size += 1
    if cut == 0 or kept == 0:
        return new_points[:size], new_bits[:size]
    shared = np.empty(words, np.uint64)
    for a in range(count):
        if slack[a] >= 0.0:
            continue
        for b in range(count):
            if slack[b] <= 0.0 or not _is_edge(bits, a, b, dim, shared):
                continue
            if size == new_points.shape[0]:
                new_points, new_bits = _grown(new_points, new_bits)
            share = slack[b] / (slack[b] - slack[a])
            for i in range(n):
                new_points[size, i] = points[b, i] + share * (points[a, i] - points[b, i])
            for w in range(words):
                new_bits[size, w] = shared[w]
            new_bits[size, word] |= mark
            size += 1
    return new_points[:size], new_bits[:size]


@njit(cache=True, nogil=True)
def _is_edge(bits, a, b, dim, shared):
    """Whether two vertices span an edge; fills `shared` with the facets they have in common."""
    words = bits.shape[1]
    common = 0
    for w in range(words):
        shared[w] = bits[a, w] & bits[b, w]
        rest = shared[w]
        while rest != 0:
            rest &= rest - np.uint64(1)
            common += 1
    if common < dim - 1:
        return False
    for v in range(bits.shape[0]):
        if v == a or v == b:
            continue
        inside = True
        for w in range(words):
            if shared[w] & bits[v, w] != shared[w]:
                inside = False
                break
        if inside:
            return False
    return True


@njit(cache=True, nogil=True)
def _grown(points, bits):
    more_points = np.empty((2 * points.shape[0], points.shape[1]))
    more_bits = np.empty((2 * bits.shape[0], bits.shape[1]), np.uint64)
    more_points[: points.shape[0]] = points
    more_bits[: bits.shape[0]] = bits
    return more_points, more_bits


@njit(cache=True, nogil=True)
def cut_by_floors(points, bits, floors, dim, n_facets, tie, binding_only):
    """The vertices of a polytope's part above each row of floors, one after the other.

    floors : (A, n), minus infinity where there is none; `bits` must have room for n more than
    `n_facets`. Returns the vertices and the row each belongs to; with `binding_only` those alone
    that lie on one of the floors.
    """
    n = points.shape[1]
    found, rows = np.empty((64, n)), np.empty(64, np.int64)
    size = 0
    lowest, highest = np.empty(n), np.empty(n)
    for i in range(n):
        lowest[i], highest[i] = points[:, i].min(), points[:, i].max()
    normal = np.zeros(n)
    for a in range(floors.shape[0]):
        empty = False
        for i in range(n):
            empty = empty or floors[a, i] > highest[i] + tie
        if empty:
            continue
        part, marks = points, bits
        for i in range(n):
            if floors[a, i] < lowest[i] - tie:
                continue
            normal[i] = -1.0
            part, marks = clip(part, marks, normal, -floors[a, i], n_facets + i, dim, tie)
            normal[i] = 0.0
            if part.shape[0] == 0:
                break
        for v in range(part.shape[0]):
            binds = not binding_only
            for i in range(n):
                binds = binds or part[v, i] <= floors[a, i] + tie
            if not binds:
                continue
            if size == rows.shape[0]:
                more, more_rows = np.empty((2 * size, n)), np.empty(2 * size, np.int64)
                more[:size], more_rows[:size] = found, rows
                found, rows = more, more_rows
            found[size], rows[size] = part[v], a
            size += 1
    return found[:size], rows[:size]
