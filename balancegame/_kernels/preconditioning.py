"""Equations times the inverse of their slopes: each nearly equals one coordinate."""

from __future__ import annotations

import math

import numpy as np

from balancegame._kernels.kernel import kernel
from balancegame._kernels.product_simplices import (
    EPS,
    FIRST,
    SIZE,
    STRIDE,
    invert,
    largest_entry,
    mean_and_slopes,
    vertex_maxima,
)

_FINE = 2.0**20  # parts to which weights are rounded


@kernel
def count_equations(layout):
    return layout[FIRST, -1] + layout[SIZE, -1] - 1


@kernel
def shortened(weights, units):
    """Weights rounded to so many parts of the largest's power of 2: short in certificates."""
    step = 2.0 ** float(math.frexp(largest_entry(weights))[1]) / units
    found = np.empty(len(weights))
    for r in range(len(weights)):
        found[r] = np.rint(weights[r] / step) * step
    return found


@kernel
def precondition(G, error, layout, W, point, Y, yerror):
    """The equations times the inverse of their slopes at the centre: about one coordinate each.

    Returns the sign of the slopes' determinant, 0 if singular; fills in the inverse W, the Newton
    point, Y = W G and bounds on its errors.
    """
    n_columns = G.shape[1]
    n_equal = len(W)
    for j in range(layout.shape[1]):
        at, s = layout[FIRST, j] + j, layout[SIZE, j]
        for v in range(s):
            point[at + v] = 1.0 / s
    A = np.empty((n_equal, n_equal))
    values = np.empty(n_equal)
    for r in range(n_equal):
        values[r] = mean_and_slopes(G[r], layout, point, A[r])
    sign = invert(A, W)
    if sign == 0.0:
        return sign
    for k in range(n_equal):
        short = shortened(W[k], _FINE)
        for r in range(n_equal):
            W[k, r] = short[r]
        yerror[k] = 0.0
        y = Y[k]
        for c in range(n_columns):
            y[c] = 0.0
    for r in range(n_equal):
        row = G[r]
        bound = error[r] + (n_equal + 1) * EPS * largest_entry(row)
        for k in range(n_equal):
            weight, y = W[k, r], Y[k]
            for c in range(n_columns):
                y[c] += weight * row[c]
            yerror[k] += abs(weight) * bound
    newton_step(point, W, values, layout)
    return sign


@kernel
def newton_step(point, W, values, layout):
    for j in range(layout.shape[1]):
        at, first = layout[FIRST, j] + j, layout[FIRST, j]
        rest = 1.0
        for v in range(1, layout[SIZE, j]):
            for r in range(len(values)):
                point[at + v] -= W[first + v - 1, r] * values[r]
            rest -= point[at + v]
        point[at] = rest


@kernel
def _coordinate(Y, yerror, layout, j, v, y):
    """Write the preconditioned equation of coordinate v of player j to ``y``; a bound on its error.

    That of coordinate 0 is minus the sum of the others, as the coordinates sum to 1.
    """
    first, size = layout[FIRST, j], layout[SIZE, j]
    n_columns = len(y)
    if v:
        row = Y[first + v - 1]
        for c in range(n_columns):
            y[c] = row[c]
        return yerror[first + v - 1]
    bound = 0.0
    for c in range(n_columns):
        y[c] = 0.0
    for t in range(size - 1):
        row = Y[first + t]
        for c in range(n_columns):
            y[c] -= row[c]
        bound += yerror[first + t] + EPS * largest_entry(y)
    return bound


@kernel
def highest(Y, yerror, layout, j, v, y, high):
    """Bounds above a coordinate's equation: with the player at vertex v, and at any other."""
    size = layout[SIZE, j]
    bound = _coordinate(Y, yerror, layout, j, v, y)
    vertex_maxima(y, size, layout[STRIDE, j], high)
    elsewhere = -np.inf
    for u in range(size):
        if u != v:
            elsewhere = max(elsewhere, high[u])
    return high[v] + bound, elsewhere + bound
