"""All solutions of the equilibrium conditions of given supports, by subdivision.

For one support a player: every action of it pays the same (equations, one for each action but the
first) and none outside pays more (inequalities). Over a region, a product of simplices, each is a
multilinear function, known by its values at the vertex profiles (see `product_simplices`). A region

* is *excluded* when some weighted sum of its rows is negative at all vertex profiles;
* is *cut down* by combinations of equations that nearly equal one coordinate each;
* is *settled* when, widened a little, it holds exactly one solution of the equations: on each facet
  the preconditioned equation of its coordinate is negative, so that there is a solution (Brouwer
  1911; for boxes this is Miranda 1940), and the derivatives of the preconditioned equations differ
  from the identity by less than 1 in the maximum norm, so that there is no other;
* is *bisected* otherwise.

Roundoff is carried along as a bound for each row. With recording on, the decisions are written down
so that they can be re-checked in exact arithmetic: all numbers that define regions have few bits.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from balancegame._kernels.product_simplices import (
    EPS,
    FIRST,
    PLACE,
    SIZE,
    STRIDE,
    invert,
    largest_entry,
    layout_of,
    mean_and_slopes,
    move_one_vertex,
    move_vertices,
    vertex_maxima,
)
from balancegame._kernels.separation import separate

# What became of a support.
DONE, SINGULAR, STOPPED, NO_ROOM = 0, 1, 2, 3
# Records.
EXCLUDED, CUT, BISECTED, SETTLED = 1.0, 2.0, 3.0, 4.0
# Columns of a root's facts.
RADIUS, INDEX, TIE, SUPPORT = 0, 1, 2, 3
# Counts of roots: all, and those of earlier supports.
FOUND, BEGIN = 0, 1

_GRID = 256.0  # cuts are multiples of 1 / _GRID
_SHARE = 31.0 / 64.0  # bisection points: off the middle, where symmetric games have solutions
_WIDEN = 0.125
_COARSE, _FINE = 2.0**10, 2.0**20  # parts to which weights are rounded
_MOST_CUTS = 12
_WORTH_CUTTING = 0.1
_WORTH_SETTLING = 0.3
_EMPTY, _NEAR, _OPEN = 0, 1, 2  # what cuts say of a region


@njit(cache=True, nogil=True, error_model="numpy")
def search_supports(
    tables,
    payoff_error,
    shape,
    supports,
    given,
    tiny,
    stop,
    outcome,
    roots,
    facts,
    record,
):
    """Solve supports one after the other; the number of roots found.

    Parameters
    ----------
    tables : float64 array, shape (n, profiles)
        Payoffs, scaled to at most 1.
    payoff_error : float64 array, shape (n,)
        What these differ from the exact payoffs by, at most.
    supports : int64 array, shape (k, n)
        Bit a stands for action a; somebody mixes.
    given : float64 array, shape (rows, columns)
        Without columns: rows are made from the tables. Otherwise the rows themselves, equations
        first, over the vertex profiles of a product of simplices as large as the support's.
    tiny : float
        Edges below which a region counts as singular.
    stop : int64 array, shape (2,)
        Set ``stop[0]`` from outside to end the search soon; ``stop[1]`` bounds a support's regions.
    outcome : int64 array, shape (k, 2)
        Filled with DONE, SINGULAR, ..., and the number of regions visited.
    roots, facts : float64 arrays, shapes (r, sum of shape) and (r, 4)
        Filled with the solutions in which no action pays more: profile; radius, index, whether
        some sign is not decided, support.
    record : float64 array
        Of length 1: no recording. Otherwise ``record[0]`` counts the numbers written; those beyond
        the end are counted only.
    """
    count = np.empty(2, dtype=np.int64)
    count[FOUND] = 0
    edge = np.empty(3, dtype=np.int64)
    for k in range(len(supports)):
        G, error, layout, actions, powers = _system(tables, payoff_error, shape, supports[k])
        _write_powers(record, powers)
        if given.shape[1]:
            G = given.copy()
            error = np.empty(len(G))
            for r in range(len(G)):
                error[r] = 2.0 * EPS * largest_entry(G[r])
        rows, errors, vertices = _stack(G, error, layout)
        count[BEGIN] = count[FOUND]
        status, visited, top = DONE, 0, 1
        while top > 0:
            if stop[0] or visited >= stop[1]:
                status = STOPPED
                break
            if count[FOUND] == len(roots):
                status = NO_ROOM
                break
            visited += 1
            top -= 1
            if _work_on(rows[top], errors[top], vertices[top], layout, roots, facts, count, record):
                continue
            length = _longest_edge(rows[top], vertices[top], layout, edge)
            if length < tiny or top + 2 > len(rows):
                status = SINGULAR
                break
            _write_edge(record, edge)
            _copy_region(rows, errors, vertices, top)
            for side in range(2):
                share = 1.0 - _SHARE if side == 0 else _SHARE
                move_one_vertex(rows[top], errors[top], vertices[top], layout, edge, share)
                edge[1], edge[2] = edge[2], edge[1]
                top += 1
        outcome[k, 0] = status
        outcome[k, 1] = visited
        if status == NO_ROOM:
            return count[BEGIN]
        for root in range(count[BEGIN], count[FOUND]):
            facts[root, SUPPORT] = k
            _spread_out(roots[root], actions)
    return count[FOUND]


@njit(cache=True, nogil=True, error_model="numpy")
def _system(tables, payoff_error, shape, support):
    """The rows over the support's vertex profiles, their error bounds, the layout, and more.

    Equations first: an action of the support less the first one; then the first less one outside.
    Rows are divided by powers of 2, whose exponents are ``powers``. ``actions`` are the places of
    the support's actions among all players' actions; those of players who mix come first.
    """
    n = len(shape)
    inside = np.empty(n, dtype=np.int64)
    played = np.empty((n, 64), dtype=np.int64)
    for i in range(n):
        inside[i] = 0
        for a in range(shape[i]):
            if support[i] >> a & 1:
                played[i, inside[i]] = a
                inside[i] += 1
    n_mixed, n_equal, n_rows = 0, 0, 0
    for i in range(n):
        n_mixed += 1 if inside[i] > 1 else 0
        n_equal += inside[i] - 1
        n_rows += shape[i] - 1
    layout, n_columns = layout_of(inside, n_mixed)
    G = np.empty((n_rows, n_columns))
    error = np.empty(n_rows)
    powers = np.empty(n_rows, dtype=np.int64)
    strides = np.empty(n, dtype=np.int64)
    strides[n - 1] = 1
    for i in range(n - 2, -1, -1):
        strides[i] = strides[i + 1] * shape[i + 1]
    cells = np.empty(n_columns, dtype=np.int64)
    equation, inequality = 0, n_equal
    for i in range(n):
        for c in range(n_columns):
            rest, cell = c, 0
            for j in range(n - 1, -1, -1):
                if j != i:
                    cell += played[j, rest % inside[j]] * strides[j]
                rest //= inside[j]
            cells[c] = cell
        first = played[i, 0]
        for b in range(shape[i]):
            if b == first:
                continue
            sign = 1.0 if support[i] >> b & 1 else -1.0
            if sign > 0.0:
                r = equation
                equation += 1
            else:
                r = inequality
                inequality += 1
            row = G[r]
            for c in range(n_columns):
                row[c] = sign * (
                    tables[i, cells[c] + b * strides[i]] - tables[i, cells[c] + first * strides[i]]
                )
            largest = largest_entry(row)
            powers[r] = math.frexp(largest)[1]
            scale = 2.0 ** -float(powers[r])
            for c in range(n_columns):
                row[c] *= scale
            error[r] = (EPS * largest + 2.0 * payoff_error[i]) * scale + 1e-300
    actions = np.empty(n_equal + n, dtype=np.int64)
    mixed, pure, offset = 0, n_equal + n_mixed, 0
    for i in range(n):
        for t in range(inside[i]):
            if inside[i] > 1:
                actions[mixed] = offset + played[i, t]
                mixed += 1
            else:
                actions[pure] = offset + played[i, t]
                pure += 1
        offset += shape[i]
    return G, error, layout, actions, powers


@njit(cache=True, nogil=True, error_model="numpy")
def _spread_out(root, actions):
    """From the probabilities of the mixing players' supports to a profile of all players."""
    chances = np.empty(len(actions))
    for t in range(len(actions)):
        chances[t] = 1.0
    n_mixed_actions = 0
    while n_mixed_actions < len(actions) and root[n_mixed_actions] != -1.0:
        chances[n_mixed_actions] = root[n_mixed_actions]
        n_mixed_actions += 1
    for a in range(len(root)):
        root[a] = 0.0
    for t in range(len(actions)):
        root[actions[t]] = chances[t]


@njit(cache=True, nogil=True, error_model="numpy")
def _stack(G, error, layout):
    """Room for regions not yet worked on, the whole support's first: rows, errors, vertices.

    A region's vertices are a flat list of coordinates, ended by a bound on their rounding.
    """
    n_rows, n_columns = G.shape
    n_mixed = layout.shape[1]
    n_vertices = layout[PLACE, n_mixed - 1] + layout[SIZE, n_mixed - 1] ** 2
    depth = min(400, max(60, (1 << 23) // (n_rows * n_columns)))
    rows = np.empty((depth, n_rows, n_columns))
    errors = np.empty((depth, n_rows))
    vertices = np.empty((depth, n_vertices + 1))
    # By element, here and below: the error of a slice's assignment takes long to compile.
    for r in range(n_rows):
        errors[0, r] = error[r]
        for c in range(n_columns):
            rows[0, r, c] = G[r, c]
    for x in range(n_vertices + 1):
        vertices[0, x] = 0.0
    for j in range(n_mixed):
        for v in range(layout[SIZE, j]):
            vertices[0, layout[PLACE, j] + v * (layout[SIZE, j] + 1)] = 1.0
    return rows, errors, vertices


@njit(cache=True, nogil=True, error_model="numpy")
def _copy_region(rows, errors, vertices, place):
    for r in range(rows.shape[1]):
        errors[place + 1, r] = errors[place, r]
        for c in range(rows.shape[2]):
            rows[place + 1, r, c] = rows[place, r, c]
    for x in range(vertices.shape[1]):
        vertices[place + 1, x] = vertices[place, x]


@njit(cache=True, nogil=True, error_model="numpy")
def _n_equal(layout):
    return layout[FIRST, -1] + layout[SIZE, -1] - 1


@njit(cache=True, nogil=True, error_model="numpy")
def _work_on(G, error, X, layout, roots, facts, count, record):
    """Cut a region down until it is excluded or settled (True), or no cut is worth it (False)."""
    n_equal = _n_equal(layout)
    lower = np.empty(n_equal + layout.shape[1])
    point = np.empty(n_equal + layout.shape[1])
    W = np.empty((n_equal, n_equal))
    Y, yerror = np.empty((n_equal, G.shape[1])), np.empty(n_equal)
    for _ in range(_MOST_CUTS):
        if _is_excluded(G, error, n_equal, record):
            return True
        if _precondition(G, error, layout, W, point, Y, yerror) == 0.0:
            return False
        verdict = _cuts(G, Y, yerror, W, point, layout, lower, record)
        if verdict == _EMPTY:
            return True
        if verdict == _NEAR and _settle(G, error, X, point, layout, roots, facts, count, record):
            return True
        if not _apply(G, error, X, W, layout, lower, record):
            return False
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _apply(G, error, X, W, layout, lower, record):
    """Cut the simplices down to the bounds; False if that was worth nothing."""
    most = 0.0
    for j in range(layout.shape[1]):
        at, s = layout[FIRST, j] + j, layout[SIZE, j]
        total, greatest = 0.0, at
        for v in range(at, at + s):
            total += lower[v]
            if lower[v] > lower[greatest]:
                greatest = v
        if total == 1.0:
            lower[greatest] -= 1.0 / _GRID
            total -= 1.0 / _GRID
        most = max(most, total)
        if total > 0.02:
            _write_cut(record, lower, W, layout, j)
            move_vertices(G, error, X, layout, j, lower[at : at + s], total)
    return most >= _WORTH_CUTTING


@njit(cache=True, nogil=True, error_model="numpy")
def _is_excluded(G, error, n_equal, record):
    """Whether a row, or a weighted sum of rows, keeps every equilibrium out of the region."""
    n_rows, n_columns = G.shape
    norms = np.empty(n_rows)
    for r in range(n_rows):
        most, least = -np.inf, np.inf
        row = G[r]
        for c in range(n_columns):
            most = max(most, row[c])
            least = min(least, row[c])
        norms[r] = max(most, -least)
        if most < -error[r] or (r < n_equal and least > error[r]):
            if len(record) > 1:
                _write(record, EXCLUDED)
                for t in range(n_rows):
                    _write(record, (1.0 if most < 0.0 else -1.0) if t == r else 0.0)
            return True
    separated, weights = separate(G, n_equal)
    if not separated:
        return False
    for r in range(n_equal, n_rows):
        weights[r] = max(weights[r], 0.0)
    weights = weights[:n_rows]
    if not _separates(_shortened(weights, _COARSE), G, error, norms):
        if not _separates(weights, G, error, norms):
            return False
    else:
        weights = _shortened(weights, _COARSE)
    if len(record) > 1:
        _write(record, EXCLUDED)
        for r in range(n_rows):
            _write(record, weights[r])
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _shortened(weights, units):
    """Weights rounded to so many parts of the largest's power of 2: short in certificates."""
    step = 2.0 ** float(math.frexp(largest_entry(weights))[1]) / units
    found = np.empty(len(weights))
    for r in range(len(weights)):
        found[r] = np.rint(weights[r] / step) * step
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _separates(weights, G, error, norms):
    """Whether the weighted sum of the rows is negative in every column, beyond all rounding."""
    n_rows, n_columns = G.shape
    uncertain = 0.0
    total = np.empty(n_columns)
    for c in range(n_columns):
        total[c] = 0.0
    for r in range(n_rows):
        weight, row = weights[r], G[r]
        uncertain += abs(weight) * (error[r] + (n_rows + 1) * EPS * norms[r])
        for c in range(n_columns):
            total[c] += weight * row[c]
    worst = -np.inf
    for c in range(n_columns):
        worst = max(worst, total[c])
    return worst < -uncertain


@njit(cache=True, nogil=True, error_model="numpy")
def _precondition(G, error, layout, W, point, Y, yerror):
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
        short = _shortened(W[k], _FINE)
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
    _newton_step(point, W, values, layout)
    return sign


@njit(cache=True, nogil=True, error_model="numpy")
def _newton_step(point, W, values, layout):
    for j in range(layout.shape[1]):
        at, first = layout[FIRST, j] + j, layout[FIRST, j]
        rest = 1.0
        for v in range(1, layout[SIZE, j]):
            for r in range(len(values)):
                point[at + v] -= W[first + v - 1, r] * values[r]
            rest -= point[at + v]
        point[at] = rest


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _highest(Y, yerror, layout, j, v, y, high):
    """Bounds above a coordinate's equation: with the player at vertex v, and at any other."""
    size = layout[SIZE, j]
    bound = _coordinate(Y, yerror, layout, j, v, y)
    vertex_maxima(y, size, layout[STRIDE, j], high)
    elsewhere = -np.inf
    for u in range(size):
        if u != v:
            elsewhere = max(elsewhere, high[u])
    return high[v] + bound, elsewhere + bound


@njit(cache=True, nogil=True, error_model="numpy")
def _cuts(G, Y, yerror, W, point, layout, lower, record):
    """Lower bounds on the coordinates of solutions: where a coordinate's equation can reach 0.

    Returns whether there is no solution (_EMPTY), or one seems to be near (_NEAR). The bounds are
    multiples of 1 / _GRID.
    """
    n_equal = len(W)
    y, high = np.empty(G.shape[1]), np.empty(n_equal + 1)
    verdict = _NEAR
    for j in range(layout.shape[1]):
        size, at = layout[SIZE, j], layout[FIRST, j] + j
        total = 0.0
        for v in range(size):
            here, elsewhere = _highest(Y, yerror, layout, j, v, y, high)
            lower[at + v] = 0.0
            if not -0.5 < point[at + v] < 1.5:
                verdict = _OPEN
            if elsewhere >= 0.0:
                continue
            if here < 0.0:
                if len(record) > 1:
                    _write(record, EXCLUDED)
                    _write_weights(record, W, layout, j, v)
                    for _ in range(n_equal, len(G)):
                        _write(record, 0.0)
                return _EMPTY
            share = -elsewhere / (here - elsewhere) * (1.0 - 1e-12)
            lower[at + v] = np.floor(share * _GRID) / _GRID
            total += lower[at + v]
        if total > 1.0:
            _write_cut(record, lower, W, layout, j)
            return _EMPTY
        if total < _WORTH_SETTLING:
            verdict = _OPEN
    return verdict


@njit(cache=True, nogil=True, error_model="numpy")
def _settle(G, error, X, point, layout, roots, facts, count, record):
    """Whether the region, widened around a Newton point, holds one solution; keep it if it does."""
    n_mixed = layout.shape[1]
    n_equal = _n_equal(layout)
    G, error, X = G.copy(), error.copy(), X.copy()
    wider = np.empty(n_equal + n_mixed)
    for j in range(n_mixed):
        at, s = layout[FIRST, j] + j, layout[SIZE, j]
        total = 0.0
        for v in range(at, at + s):
            wider[v] = np.floor((min(point[v], 0.0) - _WIDEN) * _GRID) / _GRID
            total += wider[v]
        move_vertices(G, error, X, layout, j, wider[at : at + s], total)
    W = np.empty((n_equal, n_equal))
    Y, yerror = np.empty((n_equal, G.shape[1])), np.empty(n_equal)
    newton = np.empty(n_equal + n_mixed)
    sign = _precondition(G, error, layout, W, newton, Y, yerror)
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
        _write(record, SETTLED)
        for v in range(len(wider)):
            _write(record, wider[v])
        for k in range(n_equal):
            for r in range(n_equal):
                _write(record, W[k, r])
        for v in range(len(newton)):
            _write(record, newton[v])
        _write(record, float(place))
    return True


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _points_outwards(Y, yerror, layout):
    """Whether every coordinate's equation is negative where that coordinate is 0."""
    y, high = np.empty(Y.shape[1]), np.empty(len(Y) + 1)
    for j in range(layout.shape[1]):
        for v in range(layout[SIZE, j]):
            if _highest(Y, yerror, layout, j, v, y, high)[1] >= 0.0:
                return False
    return True


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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
        _newton_step(point, inverse, values, layout)
    return radius


@njit(cache=True, nogil=True, error_model="numpy")
def _signs(G, error, X, point, radius, layout, root, facts):
    """1 if the solution is an equilibrium of the support, -1 if not, 0 if a sign is not decided.

    ``root`` gets the mixing players' probabilities, ended by a -1.
    """
    n_mixed = layout.shape[1]
    n_equal = _n_equal(layout)
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


@njit(cache=True, nogil=True, error_model="numpy")
def _longest_edge(G, X, layout, edge):
    """The edge along which the equations change most: player, two vertices; returns its length."""
    n_equal = _n_equal(layout)
    most = -1.0
    for j in range(layout.shape[1]):
        size, stride = layout[SIZE, j], layout[STRIDE, j]
        own, other = layout[FIRST, j], layout[FIRST, j] + size - 1
        for u in range(size):
            for v in range(u + 1, size):
                change = 0.0
                for r in range(n_equal):
                    if own <= r < other:
                        continue
                    row = G[r]
                    for begin in range(0, len(row), size * stride):
                        for c in range(begin, begin + stride):
                            change += abs(row[c + u * stride] - row[c + v * stride])
                if change > most:
                    most = change
                    edge[0], edge[1], edge[2] = j, u, v
    size, place = layout[SIZE, edge[0]], layout[PLACE, edge[0]]
    length = 0.0
    for a in range(size):
        length = max(length, abs(X[place + edge[1] * size + a] - X[place + edge[2] * size + a]))
    return length


@njit(cache=True, nogil=True, error_model="numpy")
def _write(record, number):
    """Write one number, or count it where there is no more room."""
    record[0] += 1.0
    if record[0] < len(record):
        record[int(record[0])] = number


@njit(cache=True, nogil=True, error_model="numpy")
def _write_powers(record, powers):
    if len(record) > 1:
        for r in range(len(powers)):
            _write(record, float(powers[r]))


@njit(cache=True, nogil=True, error_model="numpy")
def _write_edge(record, edge):
    if len(record) > 1:
        _write(record, BISECTED)
        for t in range(3):
            _write(record, float(edge[t]))


@njit(cache=True, nogil=True, error_model="numpy")
def _write_cut(record, lower, W, layout, j):
    if len(record) == 1:
        return
    _write(record, CUT)
    _write(record, float(j))
    at = layout[FIRST, j] + j
    for v in range(layout[SIZE, j]):
        _write(record, lower[at + v])
        if lower[at + v] > 0.0:
            _write_weights(record, W, layout, j, v)


@njit(cache=True, nogil=True, error_model="numpy")
def _write_weights(record, W, layout, j, v):
    """The weights of the equations in `_coordinate`."""
    first = layout[FIRST, j]
    for r in range(len(W)):
        weight = 0.0
        if v:
            weight = W[first + v - 1, r]
        else:
            for t in range(layout[SIZE, j] - 1):
                weight -= W[first + t, r]
        _write(record, weight)
