"""All equilibria of many small two-player games, by enumeration of supports.

For each pair of supports I, J of one size, the weights on J that make player 0 indifferent over I
are minors of a matrix of payoff differences, up to a common factor; likewise those on I. Three
outcomes, by signs that exceed their error bounds:

* a pair of opposite signs, or an outside action that pays more: no equilibrium has these supports;
* all weights of one sign, all outside actions worse: an equilibrium, isolated and regular;
* anything else: the game is left to exact arithmetic.

A game in which the third never happens is complete. Let (x, y) be an extreme equilibrium with
supports I and J. If they are of one size, the weights of (I, J) are x and y, or all zero, so that
it is found or left. If I is smaller, say, some I' of J's size with I < I' consists of best
responses to y, for y is a vertex; the weights of (I', J) on I' are x, with a zero in it, or all
zero: the game is left.
"""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit

_ROUNDOFF = 2.0**-53
# Signs count as certain only this far above their error: probabilities keep nine digits.
_CLEAR = 1e9
_SMALLEST, _LARGEST = 1e-60, 1e60  # ranges of payoffs whose products do not overflow
_LEAST, _MOST = 1e-290, 1e300  # differences whose sums and ratios keep their digits
# What underflow can add to the error of a sum of products.
_UNDERFLOW = 1e-290
_NO, _YES, _OPEN = 0, 1, 2


def _support_tables():
    """Supports of two to four actions, and what the filter looks up.

    Those within fewer actions come first, so that smaller games use the beginning of each table:
    1 support for two actions, 4 for three, 11 for four.
    """
    supports = sorted(
        (s for k in (2, 3, 4) for s in itertools.combinations(range(4), k)),
        key=lambda s: (s[-1], s),
    )
    masks = [sum(1 << a for a in s) for s in supports]
    padded = np.array([[*s, *[0] * (4 - len(s))] for s in supports])
    sizes = np.array([len(s) for s in supports])
    # As bits over supports: those within each set of actions; those lacking one of two actions.
    within = np.array([_bits(s & ~of == 0 for s in masks) for of in range(16)])
    lacking = np.zeros((4, 4), np.int64)
    for low, high in itertools.combinations(range(4), 2):
        pair = 1 << low | 1 << high
        lacking[low, high] = _bits(s & pair != pair for s in masks)
    of_size = np.array([_bits(len(s) == k for s in supports) for k in range(5)])
    order = np.array(sorted(range(len(supports)), key=supports.__getitem__))
    return padded, sizes, within, lacking, of_size, order


def _bits(answers):
    return sum(1 << place for place, answer in enumerate(answers) if answer)


_SUPPORTS, _SIZES, _WITHIN, _LACKING, _OF_SIZE, _ORDER = _support_tables()
_N_SUPPORTS = np.array([0, 0, 1, 4, 11])  # by the number of actions


@njit(cache=True, nogil=True)
def solve_games(payoffs, first, end, counts, flagged, profiles):
    """Solve games ``first`` to ``end``; returns how many rows of `profiles` were filled.

    payoffs : (k, 2, m, n), m and n up to 4; counts, flagged : (k,); profiles : (rows, m + n), as
    many as nondegenerate games can need.
    """
    m, n = payoffs.shape[2], payoffs.shape[3]
    A, B = np.empty((m, n)), np.empty((n, m))
    weights = np.empty((2, 4))
    allowed = np.empty((2, 11), np.int64)
    best = np.empty((2, 4), np.int64)
    found = 0
    for game in range(first, end):
        before = found
        if m == 2 and n == 2:
            found = _solve_2x2(payoffs, game, profiles, before)
        if found == before:
            for i in range(m):
                for j in range(n):
                    A[i, j] = payoffs[game, 0, i, j]
                    B[j, i] = payoffs[game, 1, i, j]
            found = _solve(A, B, weights, allowed, best, profiles, before)
        if found < 0:
            found = before
            flagged[game] = True
        counts[game] = found - before
    return found


@njit(cache=True, nogil=True)
def _solve_2x2(payoffs, game, profiles, row):
    """Add a 2 x 2 game's equilibria, if it has no ties; the next free row, or the same one.

    Signs of differences are exact, and so each case is; only ratios are rounded.
    """
    a0 = payoffs[game, 0, 1, 0] - payoffs[game, 0, 0, 0]
    a1 = payoffs[game, 0, 1, 1] - payoffs[game, 0, 0, 1]
    b0 = payoffs[game, 1, 0, 1] - payoffs[game, 1, 0, 0]
    b1 = payoffs[game, 1, 1, 1] - payoffs[game, 1, 1, 0]
    if a0 == 0.0 or a1 == 0.0 or b0 == 0.0 or b1 == 0.0:
        return row
    for difference in (a0, a1, b0, b1):
        if not _LEAST < abs(difference) < _MOST:
            return row
    if a0 < 0.0 and b0 < 0.0:
        row = _write_2x2(profiles, row, 1.0, 1.0)
    if a1 < 0.0 and b0 > 0.0:
        row = _write_2x2(profiles, row, 1.0, 0.0)
    if a0 > 0.0 and b1 < 0.0:
        row = _write_2x2(profiles, row, 0.0, 1.0)
    if a1 > 0.0 and b1 > 0.0:
        row = _write_2x2(profiles, row, 0.0, 0.0)
    if (a0 > 0.0) != (a1 > 0.0) and (b0 > 0.0) != (b1 > 0.0):
        x = b1 / (b1 - b0)
        y = a1 / (a1 - a0)
        row = _write_2x2(profiles, row, x, y)
    return row


@njit(cache=True, nogil=True)
def _write_2x2(profiles, row, x, y):
    profiles[row, 0] = x
    profiles[row, 1] = 1.0 - x
    profiles[row, 2] = y
    profiles[row, 3] = 1.0 - y
    return row + 1


@njit(cache=True, nogil=True)
def _solve(A, B, weights, allowed, best, profiles, row):
    """Add one game's equilibria from `row` on; the next free row, or -1 if the game is left."""
    m, n = A.shape
    if not (_best_rows(A, best[0]) and _best_rows(B, best[1])):
        return -1
    for i in range(m):
        for j in range(n):
            if best[0, j] >> i & best[1, i] >> j & 1:
                if best[0, j] & (best[0, j] - 1) or best[1, i] & (best[1, i] - 1):
                    return -1
                for a in range(m + n):
                    profiles[row, a] = 0.0
                profiles[row, i] = 1.0
                profiles[row, m + j] = 1.0
                row += 1
    n_supports = _N_SUPPORTS[max(m, n)]
    _filter(A, allowed, 0, n_supports)
    _filter(B, allowed, 1, n_supports)
    for turn in range(n_supports):
        a = _ORDER[turn] if n_supports == 11 else turn
        k = _SIZES[a]
        candidates = allowed[0, a] & _OF_SIZE[k]
        for other in range(n_supports):
            b = _ORDER[other] if n_supports == 11 else other
            if not (candidates >> b & allowed[1, b] >> a & 1):
                continue
            verdict = _OPEN
            if k == 2:
                verdict = _mixed_pairs(A, B, a, b, weights)
            if verdict == _OPEN:
                verdict = _mixed(A, B, a, b, k, weights)
            if verdict == _OPEN:
                return -1
            if verdict == _YES:
                for c in range(m + n):
                    profiles[row, c] = 0.0
                _write(profiles, row, 0, a, k, weights[0])
                _write(profiles, row, m, b, k, weights[1])
                row += 1
    return row


@njit(cache=True, nogil=True)
def _write(profiles, row, shift, a, k, weights):
    total = 0.0
    for t in range(k):
        total += weights[t]
    for t in range(k):
        profiles[row, shift + _SUPPORTS[a, t]] = weights[t] / total


@njit(cache=True, nogil=True)
def _best_rows(M, best):
    """For each column the rows of its largest entry, as bits; False if entries range too widely."""
    low, high = M[0, 0], M[0, 0]
    for j in range(M.shape[1]):
        most, rows = M[0, j], 1
        low = M[0, j] if M[0, j] < low else low
        for i in range(1, M.shape[0]):
            entry = M[i, j]
            low = entry if entry < low else low
            rows = (rows if entry <= most else 0) | (1 << i if entry >= most else 0)
            most = entry if entry > most else most
        high = most if most > high else high
        best[j] = rows
    return high == low or _SMALLEST < high - low < _LARGEST


@njit(cache=True, nogil=True)
def _filter(M, allowed, side, n_supports):
    """For each support of rows, the supports of columns on which no row of it dominates another.

    Differences of floats have exact signs.
    """
    m, n = M.shape
    rows, columns = _WITHIN[(1 << m) - 1], _WITHIN[(1 << n) - 1]
    for a in range(n_supports):
        # A support beyond the table's actions is none.
        allowed[side, a] = columns if rows >> a & 1 else 0
    for low in range(m):
        for high in range(low + 1, m):
            more, less = 0, 0
            for j in range(n):
                more |= (M[high, j] > M[low, j]) << j
                less |= (M[high, j] < M[low, j]) << j
            left = ~(_WITHIN[more] | _WITHIN[less])
            for a in range(n_supports):
                allowed[side, a] &= left | -(_LACKING[low, high] >> a & 1)


@njit(cache=True, nogil=True)
def _mixed_pairs(A, B, a, b, weights):
    """`_mixed` for supports of two actions, where each weight is one difference, of exact sign."""
    i0, i1, j0, j1 = _SUPPORTS[a, 0], _SUPPORTS[a, 1], _SUPPORTS[b, 0], _SUPPORTS[b, 1]
    x0, x1 = abs(B[j1, i1] - B[j0, i1]), abs(B[j1, i0] - B[j0, i0])
    y0, y1 = abs(A[i1, j1] - A[i0, j1]), abs(A[i1, j0] - A[i0, j0])
    for weight in (x0, x1, y0, y1):
        if weight < _LEAST:
            return _OPEN
    verdict = _outside_pair_is_worse(A, i0, i1, j0, j1, y0, y1)
    if verdict != _NO:
        other = _outside_pair_is_worse(B, j0, j1, i0, i1, x0, x1)
        verdict = verdict if other == _YES else other
    weights[0, 0], weights[0, 1], weights[1, 0], weights[1, 1] = x0, x1, y0, y1
    return verdict


@njit(cache=True, nogil=True)
def _outside_pair_is_worse(M, r0, r1, c0, c1, w0, w1):
    verdict = _YES
    for i in range(M.shape[0]):
        if i in (r0, r1):
            continue
        one, two = (M[i, c0] - M[r0, c0]) * w0, (M[i, c1] - M[r0, c1]) * w1
        gain = one + two
        doubt = 10.0 * _ROUNDOFF * (abs(one) + abs(two)) + _UNDERFLOW
        if gain > doubt:
            return _NO
        if gain >= -doubt:
            verdict = _OPEN
    return verdict


@njit(cache=True, nogil=True)
def _mixed(A, B, a, b, k, weights):
    """Whether supports a and b, of size k, carry an equilibrium; fills the weights of both."""
    error_y = _indifference(A, a, b, k, weights, 1)
    verdict_y = _common_sign(weights, 1, k, error_y)
    if verdict_y == _NO:
        return _NO
    error_x = _indifference(B, b, a, k, weights, 0)
    verdict_x = _common_sign(weights, 0, k, error_x)
    if verdict_x == _NO:
        return _NO
    if verdict_y == _YES:
        verdict_y = _outside_is_worse(A, a, b, k, weights, 1, error_y)
        if verdict_y == _NO:
            return _NO
    if verdict_x == _YES:
        verdict_x = _outside_is_worse(B, b, a, k, weights, 0, error_x)
        if verdict_x == _NO:
            return _NO
    return _YES if verdict_x == _YES and verdict_y == _YES else _OPEN


@njit(cache=True, nogil=True)
def _indifference(M, a, b, k, weights, side):
    """Weights on columns b with which all rows a pay alike, up to a factor; returns their error.

    With k = 2 each weight is one difference, of exact sign and nearly exact value.
    """
    r0, r1, c0, c1 = _SUPPORTS[a, 0], _SUPPORTS[a, 1], _SUPPORTS[b, 0], _SUPPORTS[b, 1]
    a0, a1 = M[r1, c0] - M[r0, c0], M[r1, c1] - M[r0, c1]
    if k == 2:
        weights[side, 0], weights[side, 1] = -a1, a0
        return _UNDERFLOW
    r2, c2 = _SUPPORTS[a, 2], _SUPPORTS[b, 2]
    a2 = M[r1, c2] - M[r0, c2]
    b0, b1, b2 = M[r2, c0] - M[r0, c0], M[r2, c1] - M[r0, c1], M[r2, c2] - M[r0, c2]
    size_a, size_b = max(abs(a0), abs(a1), abs(a2)), max(abs(b0), abs(b1), abs(b2))
    if k == 3:
        weights[side, 0] = a1 * b2 - a2 * b1
        weights[side, 1] = a2 * b0 - a0 * b2
        weights[side, 2] = a0 * b1 - a1 * b0
        return 8.0 * _ROUNDOFF * size_a * size_b + _UNDERFLOW
    r3, c3 = _SUPPORTS[a, 3], _SUPPORTS[b, 3]
    a3, b3 = M[r1, c3] - M[r0, c3], M[r2, c3] - M[r0, c3]
    d0, d1 = M[r3, c0] - M[r0, c0], M[r3, c1] - M[r0, c1]
    d2, d3 = M[r3, c2] - M[r0, c2], M[r3, c3] - M[r0, c3]
    m01, m02, m03 = a0 * b1 - a1 * b0, a0 * b2 - a2 * b0, a0 * b3 - a3 * b0
    m12, m13, m23 = a1 * b2 - a2 * b1, a1 * b3 - a3 * b1, a2 * b3 - a3 * b2
    weights[side, 0] = m23 * d1 - m13 * d2 + m12 * d3
    weights[side, 1] = -(m23 * d0 - m03 * d2 + m02 * d3)
    weights[side, 2] = m13 * d0 - m03 * d1 + m01 * d3
    weights[side, 3] = -(m12 * d0 - m02 * d1 + m01 * d2)
    size_a, size_b = max(size_a, abs(a3)), max(size_b, abs(b3))
    size_d = max(abs(d0), abs(d1), abs(d2), abs(d3))
    return 60.0 * _ROUNDOFF * size_a * size_b * size_d + _UNDERFLOW * (1.0 + size_d)


@njit(cache=True, nogil=True)
def _common_sign(weights, side, k, error):
    """Whether the weights have one sign, clearly; then they are made positive."""
    positive, negative, clear = False, False, True
    for t in range(k):
        if weights[side, t] > error:
            positive = True
        elif weights[side, t] < -error:
            negative = True
        if abs(weights[side, t]) <= _CLEAR * error:
            clear = False
    if positive and negative:
        return _NO
    if not clear or not (positive or negative):
        return _OPEN
    for t in range(k):
        if weights[side, t] == 0.0:
            return _OPEN
        weights[side, t] = abs(weights[side, t])
    return _YES


@njit(cache=True, nogil=True)
def _outside_is_worse(M, a, b, k, weights, side, error):
    """Whether every row outside the support clearly pays less than those in it."""
    verdict = _YES
    inside = 0
    r0 = _SUPPORTS[a, 0]
    for i in range(M.shape[0]):
        if inside < k and _SUPPORTS[a, inside] == i:
            inside += 1
            continue
        gain, size, moves = 0.0, 0.0, 0.0
        for t in range(k):
            step = M[i, _SUPPORTS[b, t]] - M[r0, _SUPPORTS[b, t]]
            gain += step * weights[side, t]
            size += abs(step) * weights[side, t]
            moves += abs(step)
        doubt = (moves * error + (2.0 * k + 6.0) * _ROUNDOFF * size) * 1.000001 + _UNDERFLOW
        if gain > doubt:
            return _NO
        if gain >= -doubt:
            verdict = _OPEN
    return verdict
