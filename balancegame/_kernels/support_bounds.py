"""How far a set of payoffs reaches in given directions: proven upper bounds by linear programming.

The set is W = {w in [0, 1]^n : D w <= c}; a profile's continuations are Q = {w in W : w >= L}. For
any multipliers y >= 0 of W's rows and m >= 0 of the floors,

    f.w  <=  c.y - L.m + sum_i |f - D'y + m|_i        for all w in Q,

because w lies in the unit cube. The dual simplex method improves the right side; a basis of n rows
stays dual feasible when c and L change, so that the next round starts where this one ended, and a
search may stop anywhere. What is returned is the right side with its rounding errors added, never a
simplex value: no pivot has to be trusted.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_ROUNDOFF = 2.0**-53
_FEASIBLE = 1e-12
_PIVOT = 1e-8
_SINGULAR = 1e-11
_MOST_PIVOTS = 200


@njit(cache=True, nogil=True)
def support_bound(rows, levels, floors, objective, basis, enough):
    """A proven upper bound on the maximum of ``objective @ w``; minus infinity if Q is empty.

    rows : (m, n), the first of them the unit vectors and their negatives; levels : (m,);
    floors : (n,), may be minus infinity; basis : (n,), places of
    rows, of which m + i stands for the floor of coordinate i; it is changed to the last one. Stops
    once the bound is at most `enough`.
    """
    n = objective.shape[0]
    matrix, inverse = np.empty((n, n)), np.empty((n, n))
    weights, point = np.empty(n), np.empty(n)
    best, restarted = 0.0, False
    for i in range(n):
        best += max(objective[i], 0.0)
    best *= 1.0 + 2 * n * _ROUNDOFF
    for pivots in range(_MOST_PIVOTS):
        for q in range(n):
            _row(rows, basis[q], matrix, q)
        if not _invert(matrix, inverse):
            # Nearly parallel rows. The axes, first among the rows, are a basis for everything.
            if restarted:
                return best
            restarted = True
            for i in range(n):
                basis[i] = i if objective[i] >= 0.0 else n + i
            continue
        for q in range(n):
            total = 0.0
            for i in range(n):
                total += objective[i] * inverse[i, q]
            weights[q] = max(total, 0.0)
        best = min(best, _bound(rows, levels, floors, objective, basis, weights, -1, 1.0))
        if best <= enough:
            return best
        for i in range(n):
            total = 0.0
            for q in range(n):
                total += inverse[i, q] * _level(levels, floors, basis[q])
            point[i] = total
        entering = _most_violated(rows, levels, floors, point, pivots)
        if entering < 0:
            return best
        # weights / steepness is how far the entering row's multiplier can grow.
        leaving, ratio, pivot = -1, np.inf, 0.0
        for q in range(n):
            steepness = 0.0
            for i in range(n):
                entry = rows[entering, i] if entering < rows.shape[0] else 0.0
                if entering - rows.shape[0] == i:
                    entry = -1.0
                steepness += entry * inverse[i, q]
            matrix[0, q] = steepness
            if steepness > _PIVOT:
                reach = weights[q] / steepness
                if reach < ratio - 1e-13 or (reach < ratio + 1e-13 and steepness > pivot):
                    leaving, ratio, pivot = q, reach, steepness
        if leaving < 0:
            # entering row - sum of steepness x basis rows = 0: with its level below, none is left.
            for q in range(n):
                weights[q] = max(-matrix[0, q], 0.0)
                point[q] = 0.0
            if _bound(rows, levels, floors, point, basis, weights, entering, 1.0) < 0.0:
                return -np.inf
            return best
        basis[leaving] = entering
    return best


@njit(cache=True, nogil=True)
def _row(rows, place, matrix, q):
    for i in range(rows.shape[1]):
        if place < rows.shape[0]:
            matrix[q, i] = rows[place, i]
        else:
            matrix[q, i] = -1.0 if place - rows.shape[0] == i else 0.0


@njit(cache=True, nogil=True)
def _level(levels, floors, place):
    if place < levels.shape[0]:
        return levels[place]
    return -floors[place - levels.shape[0]]


@njit(cache=True, nogil=True)
def _most_violated(rows, levels, floors, point, pivots):
    """The row a point violates most, after many pivots the first one; -1 if there is none."""
    worst, entering = _FEASIBLE, -1
    m, n = rows.shape
    for i in range(n):
        if floors[i] - point[i] > worst:
            worst, entering = floors[i] - point[i], m + i
    for j in range(m):
        value = -levels[j]
        for i in range(n):
            value += rows[j, i] * point[i]
        if value > worst:
            worst, entering = value, j
            if pivots > _MOST_PIVOTS // 2:
                break
    return entering


@njit(cache=True, nogil=True)
def _bound(rows, levels, floors, objective, basis, weights, extra, share):
    """The dual bound of nonnegative weights on the basis and one row more, errors included."""
    n, m = objective.shape[0], rows.shape[0]
    total, size, left_over = 0.0, 0.0, 0.0
    for q in range(n + 1):
        if q == n and extra < 0:
            break
        place, weight = (basis[q], weights[q]) if q < n else (extra, share)
        if weight == 0.0:
            continue
        level = _level(levels, floors, place)
        total += weight * level
        size += abs(weight * level)
    for i in range(n):
        rest, sizes = objective[i], abs(objective[i])
        for q in range(n + 1):
            if q == n and extra < 0:
                break
            place, weight = (basis[q], weights[q]) if q < n else (extra, share)
            entry = rows[place, i] if place < m else (-1.0 if place - m == i else 0.0)
            rest -= weight * entry
            sizes += abs(weight * entry)
        left_over += abs(rest) + (n + 4) * _ROUNDOFF * sizes
    return total + (left_over + (n + 8) * _ROUNDOFF * (size + left_over)) * (1.0 + 1e-9) + 1e-300


@njit(cache=True, nogil=True)
def _invert(matrix, inverse):
    """Fill the inverse of a small matrix by Gauss-Jordan; False if it is close to singular."""
    n = matrix.shape[0]
    work = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            work[i, j] = matrix[i, j]
            inverse[i, j] = 1.0 if i == j else 0.0
    for c in range(n):
        pivot = c
        for r in range(c + 1, n):
            if abs(work[r, c]) > abs(work[pivot, c]):
                pivot = r
        if abs(work[pivot, c]) < _SINGULAR:
            return False
        if pivot != c:
            for j in range(n):
                work[c, j], work[pivot, j] = work[pivot, j], work[c, j]
                inverse[c, j], inverse[pivot, j] = inverse[pivot, j], inverse[c, j]
        scale = 1.0 / work[c, c]
        for j in range(n):
            work[c, j] *= scale
            inverse[c, j] *= scale
        for r in range(n):
            if r != c and work[r, c] != 0.0:
                factor = work[r, c]
                for j in range(n):
                    work[r, j] -= factor * work[c, j]
                    inverse[r, j] -= factor * inverse[c, j]
    return True


@njit(cache=True, nogil=True)
def sweep(
    rows, levels, objectives, shares, floors, alive, bases, starts, chances, discount, dots, slack,
    until_drop,
):  # fmt: skip
    """Lower the level of each row to what one round of play allows; the largest change.

    Contingency k has the profiles ``starts[k]`` to ``starts[k + 1]`` and the probability
    ``chances[k]``. rows : (m, n); objectives : (m, n), discount factors times rows; shares :
    (m, A), upper bounds on what today's payoffs count in each direction; floors : (A, n); alive :
    (A,) bool, cleared for profiles without continuations; bases : (m, A, n); dots : (A,) work
    space; `discount` is the common factor or negative; `slack` covers the rounding of sums. Stops
    with -1 when a contingency has no profile left, with `until_drop` already with the first profile
    cleared.
    """
    largest = 0.0
    n_alive = alive.sum()
    for j in range(rows.shape[0]):
        widest = 0.0
        for i in range(rows.shape[1]):
            widest += max(objectives[j, i], 0.0)
        for a in range(dots.shape[0]):
            dots[a] = np.inf
        reach = levels[j]
        for _ in range(60):
            total, slope, fixed = 0.0, 0.0, 0.0
            ahead = discount * reach if discount >= 0.0 else widest
            for k in range(starts.shape[0] - 1):
                best, at = _best_profile(
                    rows, levels, objectives[j], shares[j], floors, alive, bases[j], starts[k],
                    starts[k + 1], ahead, dots,
                )  # fmt: skip
                if at < 0 or (until_drop and alive.sum() < n_alive):
                    return -1.0
                total += chances[k] * best
                if discount >= 0.0 and dots[at] >= ahead:
                    slope += chances[k] * discount
                    fixed += chances[k] * shares[j, at]
                else:
                    fixed += chances[k] * best
            total += slack
            if total >= reach:
                break
            # Where the same profiles stay best, what they reach repeats itself for ever.
            repeated = (fixed + 2.0 * slack) / (1.0 - slope)
            if slope > 0.0 and repeated < total and _is_bound(
                rows, levels, objectives[j], shares[j], floors, alive, bases[j], starts, chances,
                discount, repeated, dots, slack,
            ):  # fmt: skip
                total = repeated
            if until_drop and alive.sum() < n_alive:
                return -1.0
            change = reach - total
            largest = max(largest, change)
            reach = total
            levels[j] = reach
            if slope == 0.0 or change < 1e-13:
                break
    return largest


@njit(cache=True, nogil=True)
def _is_bound(
    rows, levels, objective, shares, floors, alive, bases, starts, chances, discount, reach, dots,
    slack,
):  # fmt: skip
    """Whether one round from a given reach leads to no more than it."""
    total = slack
    for k in range(starts.shape[0] - 1):
        best, _ = _best_profile(
            rows, levels, objective, shares, floors, alive, bases, starts[k], starts[k + 1],
            discount * reach, dots,
        )  # fmt: skip
        total += chances[k] * best
    return total <= reach


@njit(cache=True, nogil=True)
def _best_profile(
    rows, levels, objective, shares, floors, alive, bases, first, last, ahead, dots
):  # fmt: skip
    """The most that a contingency's profiles reach, and which; programs solved as needed.

    ``dots[a]`` bounds what continuations of profile a reach; infinite before it is computed.
    """
    while True:
        best, at = -np.inf, -1
        for a in range(first, last):
            if alive[a]:
                value = shares[a] + min(ahead, dots[a])
                if value > best:
                    best, at = value, a
        if at < 0 or dots[at] < np.inf:
            return best, at
        dots[at] = support_bound(rows, levels, floors[at], objective, bases[at], -np.inf)
        if dots[at] == -np.inf:
            alive[at] = False
