"""Which payoffs can two players be promised? The set of promises, shrunk until it keeps them all.

Polygons are their corners, counter-clockwise from the lowest of the leftmost: the first ``n`` rows
of an array; points and segments are polygons of one and two corners. Payoffs are to be scaled to
about [0, 1]. Rows are never sliced: numba takes seconds to compile slices.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_FLAT = 1e-14  # a corner that juts out less is none


@njit(cache=True, nogil=True, error_model="numpy")
def shrink(payoffs, needs, slack, delta, threats, alive, old, n, new, points, order, most, tol):
    """Apply the operator of Abreu & Sannikov (2014) until nothing moves by more than ``tol``.

    ``old`` holds ``n`` corners; ``threats`` (2,) are raised in place. Returns the number of corners
    left in ``old``, the number of steps, and how far the last one moved; inf if none are left.
    """
    moved = np.inf
    for step in range(most):
        count = images(payoffs, needs, slack, delta, threats, alive, old, n, 0, points)
        if count == 0:
            return 0, step + 1, np.inf
        m = hull(points, count, order, new)
        moved = 0.0 if m == n else np.inf
        for i in range(2):
            least = np.inf
            for k in range(m):
                moved = max(moved, abs(new[k, i] - old[k, i]))
                old[k, i] = new[k, i]
                least = min(least, new[k, i])
            threats[i] = max(threats[i], least)
        n = m
        if moved <= tol:
            return n, step + 1, moved
    return n, most, moved


@njit(cache=True, nogil=True, error_model="numpy")
def images(payoffs, needs, slack, delta, threats, alive, corners, n, whole, points):
    """Extreme payoffs of profiles (A, 2) played today, with continuations from a polygon tomorrow.

    A profile needs continuations of at least the threats plus ``needs`` (A, 2), missed by no more
    than its ``slack`` (A,). Extreme ones are those at which a player is just deterred, and the
    profile's own payoffs if playing it for ever deters both; with ``whole`` instead of these the
    polygon's corners, for tomorrow's contingency may be another. Profiles that no longer have any
    are cleared in ``alive`` (A,). Returns how many are in ``points``: up to 4 a profile, or n + 4.
    """
    high0 = high1 = -np.inf
    for k in range(n):
        high0, high1 = max(high0, corners[k, 0]), max(high1, corners[k, 1])
    count = 0
    for a in range(len(alive)):
        if not alive[a]:
            continue
        begin = count
        b0, b1 = threats[0] + needs[a, 0], threats[1] + needs[a, 1]
        c0, c1 = b0 - slack[a], b1 - slack[a]
        if not whole and payoffs[a, 0] >= c0 and payoffs[a, 1] >= c1:
            points[count, 0], points[count, 1] = payoffs[a, 0], payoffs[a, 1]
            count += 1
            continue
        if c0 > high0 or c1 > high1:
            alive[a] = False
            continue
        if whole:
            for k in range(n):
                if corners[k, 0] >= c0 and corners[k, 1] >= c1:
                    points[count, 0], points[count, 1] = corners[k, 0], corners[k, 1]
                    count += 1
        for i in range(2):
            j = 1 - i
            at, least = (min(b0, high0), b1) if i == 0 else (min(b1, high1), b0)
            low, high = np.inf, -np.inf
            k = n - 1
            for t in range(n):
                x, y, xx, yy = corners[k, i], corners[k, j], corners[t, i], corners[t, j]
                k = t
                if (x < at and xx < at) or (x > at and xx > at):
                    continue
                if x != xx:
                    y += (at - x) / (xx - x) * (yy - y)
                    yy = y
                low, high = min(low, y, yy), max(high, y, yy)
            if high >= least - slack[a]:
                points[count, i], points[count, j] = at, high
                points[count + 1, i], points[count + 1, j] = at, min(max(low, least), high)
                count += 2
        for k in range(begin, count):
            for i in range(2):
                points[k, i] = (1.0 - delta) * payoffs[a, i] + delta * points[k, i]
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def hull(points, count, order, corners):
    """Corners of the convex hull of the first ``count`` points; returns how many.

    Points that are left or right of each other by rounding alone are moved to be neither.
    """
    _sort(points, count, order)
    for k in range(1, count):
        if points[order[k], 0] - points[order[k - 1], 0] <= _FLAT:
            points[order[k], 0] = points[order[k - 1], 0]
    _sort(points, count, order)
    m = 0
    for side in range(2):  # below from left to right, then above from right to left (Andrew 1979)
        base = m
        for step in range(count):
            here = order[step if side == 0 else count - 1 - step]
            x, y = points[here, 0], points[here, 1]
            while m > base + 1:
                ex, ey = (
                    corners[m - 1, 0] - corners[m - 2, 0],
                    corners[m - 1, 1] - corners[m - 2, 1],
                )
                dx, dy = x - corners[m - 2, 0], y - corners[m - 2, 1]
                if ex * dy - ey * dx > _FLAT * (abs(dx) + abs(dy)):
                    break
                m -= 1
            if m == base or abs(x - corners[m - 1, 0]) + abs(y - corners[m - 1, 1]) > _FLAT:
                corners[m, 0], corners[m, 1] = x, y
                m += 1
        if m > base + 1 or side == 1:
            m -= 1
    return max(m, 1)


@njit(cache=True, nogil=True, error_model="numpy")
def _sort(points, count, order):
    """Places of points from left to right, from below where alike (Shell 1959)."""
    for k in range(count):
        order[k] = k
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, count):
            here = order[k]
            x, y = points[here, 0], points[here, 1]
            while k >= gap:
                there = order[k - gap]
                if points[there, 0] < x or (points[there, 0] == x and points[there, 1] <= y):
                    break
                order[k] = there
                k -= gap
            order[k] = here
        gap //= 3
