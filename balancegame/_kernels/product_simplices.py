"""Multilinear functions on a product of simplices, given by their values at vertex profiles.

A region is a product of simplices, one for each player who mixes; a profile in it is a vector of
barycentric coordinates a player. A function that is linear in each player's part is known by its
values at the vertex profiles, one column each, the last player's vertex changing fastest: it is
their mean, weighted by the products of coordinates, and lies between the least and the greatest.
Cutting a region down means new vertices, and new values by averaging old ones (de Casteljau).

``layout`` has a column a player: the number of vertices, the stride of his vertex among the
columns, the place of his first vertex in a flat list of coordinates, and that of his coordinate 1
among the coordinates 1, 2, ... of all players.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel

EPS = 2.0**-52
SIZE, STRIDE, PLACE, FIRST = 0, 1, 2, 3


@kernel
def layout_of(n_actions):
    """The layout of the players with more than one action, and the number of columns."""
    n_mixed = 0
    for size in n_actions:
        n_mixed += size > 1
    layout = np.empty((4, n_mixed), dtype=np.int64)
    place, first, j = 0, 0, 0
    for size in n_actions:
        if size > 1:
            layout[SIZE, j] = size
            layout[PLACE, j] = place
            layout[FIRST, j] = first
            place += size * size
            first += size - 1
            j += 1
    stride = 1
    for j in range(n_mixed - 1, -1, -1):
        layout[STRIDE, j] = stride
        stride *= layout[SIZE, j]
    return layout, stride


@kernel
def mean_and_slopes(row, layout, point, slopes):
    """A row's value at a point, and its slopes by the coordinates 1, 2, ... of each player.

    A slope by (j, v) is the value with player j at vertex v less that with him at vertex 0.
    ``point`` has the coordinates of the players one after the other, each from 0.
    """
    n_mixed = layout.shape[1]
    length = len(row)
    work = row.copy()
    weights = np.empty(length)
    at_first = 0.0
    for j in range(n_mixed - 1, -1, -1):
        s, first = layout[SIZE, j], layout[FIRST, j]
        length //= s
        _prefix_weights(layout, j, point, weights)
        at_first = 0.0
        for v in range(1, s):
            slopes[first + v - 1] = 0.0
        for c in range(length):
            weight = weights[c]
            at_first += weight * work[c * s]
            total = point[first + j] * work[c * s]
            for v in range(1, s):
                slopes[first + v - 1] += weight * work[c * s + v]
                total += point[first + j + v] * work[c * s + v]
            work[c] = total
        for v in range(1, s):
            slopes[first + v - 1] -= at_first
    return work[0]


@kernel
def _prefix_weights(layout, n_before, point, weights):
    """Products of the coordinates of the first players, one for each of their vertex profiles."""
    weights[0] = 1.0
    length = 1
    for j in range(n_before):
        s, at = layout[SIZE, j], layout[FIRST, j] + j
        for c in range(length - 1, -1, -1):
            weight = weights[c]
            for v in range(s):
                weights[c * s + v] = weight * point[at + v]
        length *= s


@kernel
def move_vertices(G, error, X, layout, j, lower, total):
    """Cut (or widen) one player's simplex to the coordinates above ``lower``, of sum ``total``.

    The new vertex v is sum(lower[u] * vertex u) + (1 - total) * vertex v, exactly, for bounds of
    few bits; what rounding does to the values is added to ``error``. ``X`` ends in the bound on the
    rounding of the vertices' own coordinates.
    """
    size, stride, place = layout[SIZE, j], layout[STRIDE, j], layout[PLACE, j]
    keep = 1.0 - total
    spread = abs(keep)
    for v in range(size):
        spread += abs(lower[v])
    for r in range(len(error)):
        row = G[r]
        largest = 0.0
        for begin in range(0, len(row), size * stride):
            for c in range(begin, begin + stride):
                base = 0.0
                for v in range(size):
                    value = row[c + v * stride]
                    base += lower[v] * value
                    largest = max(largest, abs(value))
                for v in range(size):
                    row[c + v * stride] = base + keep * row[c + v * stride]
        error[r] = (error[r] + (size + 2) * EPS * largest) * spread
    for a in range(size):
        base = 0.0
        for v in range(size):
            base += lower[v] * X[place + v * size + a]
        for v in range(size):
            X[place + v * size + a] = base + keep * X[place + v * size + a]
    X[-1] = (X[-1] + (size + 2) * EPS) * spread


@kernel
def move_one_vertex(G, error, X, layout, edge, share):
    """Move the last vertex of an edge (player, kept, moved) to (1 - share) kept + share moved."""
    j, kept, moved = edge[0], edge[1], edge[2]
    size, stride, place = layout[SIZE, j], layout[STRIDE, j], layout[PLACE, j]
    shift = (moved - kept) * stride
    for r in range(len(error)):
        row = G[r]
        largest = 0.0
        for begin in range(kept * stride, len(row), size * stride):
            for c in range(begin, begin + stride):
                largest = max(largest, max(abs(row[c]), abs(row[c + shift])))
                row[c + shift] = (1.0 - share) * row[c] + share * row[c + shift]
        error[r] += 2.0 * EPS * largest
    for a in range(size):
        there = place + moved * size + a
        X[there] = (1.0 - share) * X[place + kept * size + a] + share * X[there]
    X[-1] += 2.0 * EPS


@kernel
def vertex_maxima(row, size, stride, high):
    """The greatest value of a row over the columns with one player at each vertex."""
    for v in range(size):
        high[v] = -np.inf
    for begin in range(0, len(row), size * stride):
        for v in range(size):
            first = begin + v * stride
            most = high[v]
            for c in range(first, first + stride):
                most = max(most, row[c])
            high[v] = most


@kernel
def largest_entry(row):
    """The greatest absolute value."""
    largest = 0.0
    for c in range(len(row)):
        largest = max(largest, abs(row[c]))
    return largest


@kernel
def invert(A, W):
    """W = inverse of A by elimination with partial pivoting; the sign of det A, 0 if singular.

    ``A`` is destroyed.
    """
    k = len(A)
    sign = 1.0
    for i in range(k):
        for j in range(k):
            W[i, j] = 1.0 if i == j else 0.0
    for c in range(k):
        pivot = c
        for i in range(c + 1, k):
            if abs(A[i, c]) > abs(A[pivot, c]):
                pivot = i
        if abs(A[pivot, c]) < 1e-13:
            return 0.0
        if pivot != c:
            sign = -sign
            for j in range(k):
                A[c, j], A[pivot, j] = A[pivot, j], A[c, j]
                W[c, j], W[pivot, j] = W[pivot, j], W[c, j]
        if A[c, c] < 0.0:
            sign = -sign
        factor = 1.0 / A[c, c]
        for j in range(k):
            A[c, j] *= factor
            W[c, j] *= factor
        for i in range(k):
            factor = A[i, c]
            if i != c and factor != 0.0:
                for j in range(k):
                    A[i, j] -= factor * A[c, j]
                    W[i, j] -= factor * W[c, j]
    return sign
