"""Logit equilibria: payoffs with their derivatives, and Newton's method on the bordered system.

The unknowns are l (N,), the logs of all players' probabilities, one player after the other, and the
precision t. With u the actions' payoffs and b the action a player plays most, the equations are
``l_a - l_b = t (u_a - u_b)`` for his other actions, and in the place of b ``log sum exp l = 0``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_TURNS = 4  # of the probe towards the direction that is closest to singular, at each point
_SUMS = {"reassoc", "contract"}  # lets the compiler add up in any order, so that it vectorises


@njit(cache=True, nogil=True, fastmath=_SUMS)
def both_halves(table, n_left, n_right, w_left, w_right, left, right):
    """Contract a table (m, n_left, n_right) with either weight, reading it once.

    ``left`` (m, n_left) is its contraction with `w_right`, ``right`` (m, n_right) with `w_left`.
    """
    m = table.shape[0] // (n_left * n_right)
    for a in range(m):
        below = right[a * n_right : (a + 1) * n_right]
        for y in range(n_right):
            below[y] = 0.0
        for x in range(n_left):
            start = (a * n_left + x) * n_right
            row = table[start : start + n_right]
            total = 0.0
            for y in range(n_right):
                total += row[y] * w_right[y]
            left[a * n_left + x] = total
            weight = w_left[x]
            for y in range(n_right):
                below[y] += weight * row[y]


@njit(cache=True, nogil=True)
def _weights(p, starts, others, first, end, skipped, out):
    """Products of the probabilities of ``others[first:end]``, one of them counting as 1."""
    out[0] = 1.0
    size = 1
    for place in range(first, end):
        j = others[place]
        m = starts[j + 1] - starts[j]
        for x in range(size - 1, -1, -1):
            known = out[x]
            for b in range(m - 1, -1, -1):
                out[x * m + b] = known if place == skipped else known * p[starts[j] + b]
        size *= m
    return size


@njit(cache=True, nogil=True)
def _spread(i, p, starts, others, first, end, half, weights, pairs):
    """From a contraction with all players but one group, those with all but each of its players."""
    rows = starts[i + 1] - starts[i]
    inner = 1
    for place in range(end - 1, first - 1, -1):
        j = others[place]
        m = starts[j + 1] - starts[j]
        size = _weights(p, starts, others, first, end, place, weights)
        for a in range(rows):
            for b in range(m):
                total = 0.0
                for x in range(b * inner, size, m * inner):
                    for y in range(x, x + inner):
                        total += half[a * size + y] * weights[y]
                pairs[starts[i] + a, starts[j] + b] = total
        inner *= m


@njit(cache=True, nogil=True)
def contract(tables, starts, halves, p, values, pairs):
    """All actions' payoffs, and those against each action of each other player.

    Parameters
    ----------
    tables : (n, profiles)
        Each player's payoffs, his own action the slowest axis, the others' in order.
    starts : (n + 1,) int
        Where each player's actions begin in flat vectors.
    halves : (n,) int
        How many of the others form the first of two groups of about equal size.
    p : (N,)
    values : (N,), pairs : (N, N)
        Filled: ``pairs[ia, jb]`` is i's payoff from a when j plays b; 0 for i = j.
    """
    n = tables.shape[0]
    others = np.empty(n, np.int64)
    for i in range(n):
        for j in range(n - 1):
            others[j] = j if j < i else j + 1
        rows = starts[i + 1] - starts[i]
        h = halves[i]
        n_left = 1
        for place in range(h):
            n_left *= starts[others[place] + 1] - starts[others[place]]
        n_right = tables.shape[1] // (rows * n_left)
        w_left, w_right = np.empty(n_left), np.empty(n_right)
        left, right = np.empty(rows * n_left), np.empty(rows * n_right)
        # Each function is called in one place: the compiler copies it to every one.
        for half in range(2):
            first, end, weights = (0, h, w_left) if half == 0 else (h, n - 1, w_right)
            _weights(p, starts, others, first, end, -1, weights)
        both_halves(tables[i], n_left, n_right, w_left, w_right, left, right)
        for a in range(rows):
            total = 0.0
            for x in range(n_left):
                total += left[a * n_left + x] * w_left[x]
            values[starts[i] + a] = total
            for b in range(starts[i], starts[i + 1]):
                pairs[starts[i] + a, b] = 0.0
        for half in range(2):
            first, end, weights = (0, h, w_left) if half == 0 else (h, n - 1, w_right)
            _spread(i, p, starts, others, first, end, left if half == 0 else right, weights, pairs)


@njit(cache=True, nogil=True)
def system(starts, y, p, values, pairs, matrix, right):
    """Fill the equations' derivatives, N rows of ``matrix``, and less their values, ``right``.

    ``y`` (N + 1,) holds the logs and the precision; ``p`` their normalised exponentials. Payoffs
    are not needed beyond a constant a player: only their differences enter.
    """
    n = starts.shape[0] - 1
    total = starts[n]
    t = y[total]
    for i in range(n):
        first, end = starts[i], starts[i + 1]
        b = first
        for a in range(first, end):
            if y[a] > y[b]:
                b = a
        for a in range(first, end):
            if a == b:
                continue
            gain = values[a] - values[b]
            for c in range(total):
                matrix[a, c] = -t * p[c] * (pairs[a, c] - pairs[b, c] - gain)
            for c in range(first, end):
                matrix[a, c] = 0.0
            matrix[a, a] = 1.0
            matrix[a, b] = -1.0
            matrix[a, total] = -gain
            right[a] = t * gain - (y[a] - y[b])
        mass = 0.0
        for c in range(total + 1):
            matrix[b, c] = 0.0
        for c in range(first, end):
            matrix[b, c] = p[c]
            mass += math.exp(y[c] - y[b])
        right[b] = -(y[b] + math.log(mass))


@njit(cache=True, nogil=True)
def factorise(matrix, order):
    """LU factors in place, rows pivoted by their scaled entries; the determinant's sign, or 0."""
    size = matrix.shape[0]
    sign = 1
    scales = np.empty(size)
    for i in range(size):
        order[i] = i
        top = 0.0
        for j in range(size):
            top = max(top, abs(matrix[i, j]))
        if not 0.0 < top < np.inf:
            return 0
        scales[i] = 1.0 / top
    for c in range(size):
        row, top = c, -1.0
        for i in range(c, size):
            here = abs(matrix[i, c]) * scales[i]
            if here > top:
                row, top = i, here
        if not top > 0.0:
            return 0
        if row != c:
            sign = -sign
            order[c], order[row] = order[row], order[c]
            for j in range(size):
                matrix[c, j], matrix[row, j] = matrix[row, j], matrix[c, j]
            scales[row] = scales[c]
        pivot = matrix[c, c]
        if pivot < 0.0:
            sign = -sign
        for i in range(c + 1, size):
            factor = matrix[i, c] / pivot
            matrix[i, c] = factor
            if factor != 0.0:
                for j in range(c + 1, size):
                    matrix[i, j] -= factor * matrix[c, j]
    return sign


@njit(cache=True, nogil=True)
def substitute(matrix, order, right, solution):
    """Solve by the LU factors; the norm of the solution."""
    size = matrix.shape[0]
    for i in range(size):
        total = right[order[i]]
        for j in range(i):
            total -= matrix[i, j] * solution[j]
        solution[i] = total
    square = 0.0
    for i in range(size - 1, -1, -1):
        total = solution[i]
        for j in range(i + 1, size):
            total -= matrix[i, j] * solution[j]
        solution[i] = total / matrix[i, i]
        square += solution[i] ** 2
    return math.sqrt(square)


@njit(cache=True, nogil=True)
def look_around(matrix, order, probe, noise, right, step, tangent, found):
    """Fill the tangent, turn the probe, and note how large the inverse is for it."""
    size = matrix.shape[0]
    for turn in range(-2, _TURNS):
        if turn == -2:
            for c in range(size):
                right[c] = 1.0 if c == size - 1 else 0.0
        else:
            square = 0.0
            for c in range(size):
                if turn >= 0:
                    probe[c] = step[c] / found[3] + (noise[c] if turn == 0 else 0.0)
                square += probe[c] ** 2
            for c in range(size):
                if turn >= 0:
                    probe[c] /= math.sqrt(square)
                right[c] = probe[c]
        length = substitute(matrix, order, right, step)
        found[3] = length
        if turn == -1:
            found[2] = length
        elif turn == -2:
            for c in range(size):
                tangent[c] = step[c] / length


@njit(cache=True, nogil=True)
def correct(tables, starts, halves, y, normal, probe, noise, small, most, tangent, found):
    """Newton's method from ``y`` (N + 1,), updated, in the plane normal to ``normal``.

    Fills the unit ``tangent``, the next unit ``probe``, and ``found``: the first correction, the
    second over the first, and the norms of the bordered matrix's inverse applied to the probe
    given and to the next, which the former becomes by inverse iteration with a little ``noise``.
    Corrections are measured as shares of max(1, |y|). Returns the determinant's sign, or 0 where
    the method does not converge.
    """
    total = starts[-1]
    p, values = np.empty(total), np.empty(total)
    pairs = np.empty((total, total))
    matrix = np.empty((total + 1, total + 1))
    order = np.empty(total + 1, np.int64)
    right, step = np.zeros(total + 1), np.empty(total + 1)
    previous = np.inf
    found[0], found[1] = 0.0, 0.0
    for k in range(most):
        for i in range(starts.shape[0] - 1):
            mass, most_likely = 0.0, -np.inf
            for a in range(starts[i], starts[i + 1]):
                most_likely = max(most_likely, y[a])
            for a in range(starts[i], starts[i + 1]):
                p[a] = math.exp(y[a] - most_likely)
                mass += p[a]
            for a in range(starts[i], starts[i + 1]):
                p[a] /= mass
        contract(tables, starts, halves, p, values, pairs)
        system(starts, y, p, values, pairs, matrix, right)
        for c in range(total + 1):
            matrix[total, c] = normal[c]
        right[total] = 0.0
        sign = factorise(matrix, order)
        if sign == 0:
            return 0
        substitute(matrix, order, right, step)
        size = 0.0
        for c in range(total + 1):
            share = abs(step[c]) / max(1.0, abs(y[c]))
            if not share < 1e3:
                return 0
            size = max(size, share)
        if k == 0:
            found[0] = size
        elif k == 1:
            found[1] = size / previous
        if size > 0.5 * previous and size > small:
            return 0
        for c in range(total + 1):
            y[c] += step[c]
        if size <= small:
            look_around(matrix, order, probe, noise, right, step, tangent, found)
            return sign
        previous = size
    return 0
