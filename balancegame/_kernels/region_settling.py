"""Regions that hold exactly one solution: the proof, and the solution sharpened and judged.

See `support_search` for the argument.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import inlined_kernel, kernel
from balancegame._kernels.preconditioning import (
    count_equations,
    highest,
    newton_step,
    precondition,
)
from balancegame._kernels.product_simplices import (
    EPS,
    FIRST,
    PLACE,
    SIZE,
    STRIDE,
    invert,
    largest_entry,
    mean_and_slopes,
    move_vertices,
)
from balancegame._kernels.region_records import (
    SETTLED,
    write,
)

# Columns of a root's facts.
RADIUS, INDEX, TIE, SUPPORT = 0, 1, 2, 3
# Counts of roots: all, and those of earlier supports.
FOUND, BEGIN = 0, 1

GRID = 256.0  # bounds on coordinates are multiples of 1 / GRID
_WIDEN = 0.125


@inlined_kernel
def settle(G, error, X, point, layout, roots, facts, count, record):
    """Whether the region, widened around a Newton point, holds one solution; keep it if it does."""
    n_mixed = layout.shape[1]
    n_equal = count_equations(layout)
    G, error, X = G.copy(), error.copy(), X.copy()
    wider = np.empty(n_equal + n_mixed)
    for j in range(n_mixed):
        at, s = layout[FIRST, j] + j, layout[SIZE, j]
        total = 0.0
        for v in range(at, at + s):
            wider[v] = np.floor((min(point[v], 0.0) - _WIDEN) * GRID) / GRID
            total += wider[v]
        move_vertices(G, error, X, layout, j, wider[at : at + s], total)
    W = np.empty((n_equal, n_equal))
    Y, yerror = np.empty((n_equal, G.shape[1])), np.empty(n_equal)
    newton = np.empty(n_equal + n_mixed)
    sign = precondition(G, error, layout, W, newton, Y, yerror)
    if sign == 0.0 or not _points_outwards(Y, yerror, layout):
        return False
    contraction = _contraction(Y, yerror, layout)
    if contraction >= 1.0:
        return False
    radius = _sharpen(G, error, W, newton, layout, contraction)
    for v in range(len(newton)):
        if newton[v] <= radius:
            return False
    found = count[FOUND]
    verdict = _signs(G, error, X, newton, radius, layout, roots[found], facts[found])
    place = -1
    if verdict >= 0.0:
        facts[found, INDEX] = -sign if n_equal % 2 else sign
        facts[found, TIE] = 1.0 - verdict
        place = _place_among(roots, facts, count, n_equal + n_mixed)
        if not _is_inside(X, layout, roots[place], facts[place, RADIUS]):
            return False
        if place == found:
            count[FOUND] += 1
        place -= count[BEGIN]
    if len(record) > 1:
        write(record, SETTLED)
        for v in range(len(wider)):
            write(record, wider[v])
        for k in range(n_equal):
            for r in range(n_equal):
                write(record, W[k, r])
        for v in range(len(newton)):
            write(record, newton[v])
        write(record, float(place))
    return True


@kernel
def _place_among(roots, facts, count, length):
    """The new root's place, or that of an earlier one whose ball meets its ball."""
    found = count[FOUND]
    for other in range(count[BEGIN], found):
        gap = 0.0
        for a in range(length):
            gap = max(gap, abs(roots[found, a] - roots[other, a]))
        if gap <= facts[found, RADIUS] + facts[other, RADIUS]:
            return other
    return found


@kernel
def _is_inside(X, layout, root, radius):
    """Whether the ball around a root lies in a region: then its solution is the region's only one.

    The coordinates are those that mix the vertices to the root.
    """
    for j in range(layout.shape[1]):
        size, place, at = layout[SIZE, j], layout[PLACE, j], layout[FIRST, j] + j
        A, inverse = np.empty((size, size)), np.empty((size, size))
        for a in range(size):
            for v in range(size):
                A[a, v] = X[place + v * size + a]
        if invert(A, inverse) == 0.0:
            return False
        for v in range(size):
            share, spread = 0.0, 0.0
            for a in range(size):
                share += inverse[v, a] * root[at + a]
                spread += abs(inverse[v, a])
            if share <= spread * (radius + X[-1] + 8.0 * size * EPS) + 1e-6:
                return False
    return True


@kernel
def _points_outwards(Y, yerror, layout):
    """Whether every coordinate's equation is negative where that coordinate is 0."""
    y, high = np.empty(Y.shape[1]), np.empty(len(Y) + 1)
    for j in range(layout.shape[1]):
        for v in range(layout[SIZE, j]):
            if highest(Y, yerror, layout, j, v, y, high)[1] >= 0.0:
                return False
    return True


@kernel
def _contraction(Y, yerror, layout):
    """A bound on the maximum norm of the derivatives of Y less the identity, over the region."""
    n_columns = Y.shape[1]
    worst = 0.0
    for k in range(len(Y)):
        y = Y[k]
        total = 0.0
        for j in range(layout.shape[1]):
            size, stride = layout[SIZE, j], layout[STRIDE, j]
            for v in range(1, size):
                goal = 1.0 if layout[FIRST, j] + v - 1 == k else 0.0
                largest = 0.0
                for begin in range(0, n_columns, size * stride):
                    for c in range(begin, begin + stride):
                        largest = max(largest, abs(y[c + v * stride] - y[c] - goal))
                total += largest + 2.0 * yerror[k] + 4.0 * EPS
        worst = max(worst, total * (1.0 + 1e-12))
    return worst


@kernel
def _sharpen(G, error, W, point, layout, contraction):
    """Newton's method; ``point`` becomes the solution, which lies within the returned radius of it.

    By the mean value theorem the distance is at most |W f| / (1 - contraction).
    """
    n_equal = len(W)
    A, inverse = np.empty((n_equal, n_equal)), np.empty((n_equal, n_equal))
    values, bounds = np.empty(n_equal), np.empty(n_equal)
    for r in range(n_equal):
        bounds[r] = error[r] + (2 * layout.shape[1] + n_equal + 2) * EPS * largest_entry(G[r])
    radius = np.inf
    for step in range(9):
        for r in range(n_equal):
            values[r] = mean_and_slopes(G[r], layout, point, A[r])
        distance, uncertain = 0.0, 0.0
        for k in range(n_equal):
            total, bound = 0.0, 0.0
            for r in range(n_equal):
                total += W[k, r] * values[r]
                bound += abs(W[k, r]) * bounds[r]
            distance, uncertain = max(distance, abs(total)), max(uncertain, bound)
        radius = (distance + uncertain) / (1.0 - contraction) * (1.0 + 1e-12)
        if distance < 0.1 * uncertain or step == 8 or invert(A, inverse) == 0.0:
            break
        newton_step(point, inverse, values, layout)
    return radius


@kernel
def _signs(G, error, X, point, radius, layout, root, facts):
    """1 if the solution is an equilibrium of the support, -1 if not, 0 if a sign is not decided.

    ``root`` gets the mixing players' probabilities, ended by a -1.
    """
    n_mixed = layout.shape[1]
    n_equal = count_equations(layout)
    verdict = 1.0
    worst = 0.0
    for j in range(n_mixed):
        size, place, at = layout[SIZE, j], layout[PLACE, j], layout[FIRST, j] + j
        for a in range(size):
            chance, spread = 0.0, 0.0
            for v in range(size):
                chance += point[at + v] * X[place + v * size + a]
                spread += abs(X[place + v * size + a] - X[place + a])
            spread = radius * spread + 2.0 * X[-1] + 4.0 * EPS
            worst = max(worst, spread)
            root[at + a] = chance
            if chance < -spread:
                return -1.0
            if chance <= spread:
                verdict = 0.0
    if n_equal + n_mixed < len(root):
        root[n_equal + n_mixed] = -1.0
    facts[RADIUS] = worst
    for a in range(n_equal + n_mixed):
        if root[a] <= 2.0 * worst:
            verdict = 0.0
    slopes = np.empty(n_equal)
    for r in range(n_equal, len(G)):
        value = mean_and_slopes(G[r], layout, point, slopes)
        largest = largest_entry(G[r])
        spread = 2.0 * n_equal * radius * largest + error[r]
        spread += (2 * n_mixed + n_equal + 2) * EPS * largest
        if value < -spread:
            return -1.0
        if value <= spread:
            verdict = 0.0
    return verdict
