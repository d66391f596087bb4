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

from balancegame._kernels.kernel import inlined_kernel, kernel, plain_time
from balancegame._kernels.preconditioning import (
    count_equations,
    highest,
    precondition,
    shortened,
)
from balancegame._kernels.product_simplices import (
    EPS,
    FIRST,
    PLACE,
    SIZE,
    STRIDE,
    largest_entry,
    layout_of,
    move_one_vertex,
    move_vertices,
)
from balancegame._kernels.region_records import (
    EXCLUDED,
    write,
    write_cut,
    write_edge,
    write_powers,
    write_weights,
)
from balancegame._kernels.region_settling import (
    BEGIN,
    FOUND,
    GRID,
    SUPPORT,
    settle,
)
from balancegame._kernels.separation import (
    separate,
)

_FEW_PAYOFFS, _FEW_REGIONS = 160, 32  # of a game and a support: for plain Python

# What became of a support.
DONE, SINGULAR, STOPPED, NO_ROOM = 0, 1, 2, 3

_SHARE = 31.0 / 64.0  # bisection points: off the middle, where symmetric games have solutions
_COARSE = 2.0**10  # parts to which weights are rounded
_MOST_CUTS = 12
_WORTH_CUTTING = 0.1
_WORTH_SETTLING = 0.3
_EMPTY, _NEAR, _OPEN = 0, 1, 2  # what cuts say of a region


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
    arguments = (supports, given, tiny, stop, outcome, roots, facts, record)
    if tables.size <= _FEW_PAYOFFS and plain_time.left > 0.0:
        brief = np.array([stop[0], min(stop[1], _FEW_REGIONS)])
        with plain_time.spent(), np.errstate(all="ignore"):
            found = _search(tables, payoff_error, shape, *arguments[:3], brief, *arguments[4:])
        if stop[0] or not np.any(outcome[:, 0] == STOPPED):
            return found
        record[0] = 0.0
    return _search.compiled(tables, payoff_error, shape, *arguments)


@kernel
def _search(
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
    count = np.empty(2, dtype=np.int64)
    count[FOUND] = 0
    edge = np.empty(3, dtype=np.int64)
    for k in range(len(supports)):
        G, error, layout, actions, powers = _system(tables, payoff_error, shape, supports[k])
        write_powers(record, powers)
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
            write_edge(record, edge)
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


@kernel
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
    n_equal, n_rows = 0, 0
    for i in range(n):
        n_equal += inside[i] - 1
        n_rows += shape[i] - 1
    layout, n_columns = layout_of(inside)
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
    mixed, pure, offset = 0, n_equal + layout.shape[1], 0
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


@kernel
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


@kernel
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


@kernel
def _copy_region(rows, errors, vertices, place):
    for r in range(rows.shape[1]):
        errors[place + 1, r] = errors[place, r]
        for c in range(rows.shape[2]):
            rows[place + 1, r, c] = rows[place, r, c]
    for x in range(vertices.shape[1]):
        vertices[place + 1, x] = vertices[place, x]


@inlined_kernel
def _work_on(G, error, X, layout, roots, facts, count, record):
    """Cut a region down until it is excluded or settled (True), or no cut is worth it (False)."""
    n_equal = count_equations(layout)
    lower = np.empty(n_equal + layout.shape[1])
    point = np.empty(n_equal + layout.shape[1])
    W = np.empty((n_equal, n_equal))
    Y, yerror = np.empty((n_equal, G.shape[1])), np.empty(n_equal)
    for _ in range(_MOST_CUTS):
        if _is_excluded(G, error, n_equal, record):
            return True
        if precondition(G, error, layout, W, point, Y, yerror) == 0.0:
            return False
        verdict = _cuts(G, Y, yerror, W, point, layout, lower, record)
        if verdict == _EMPTY:
            return True
        if verdict == _NEAR and settle(G, error, X, point, layout, roots, facts, count, record):
            return True
        if not _apply(G, error, X, W, layout, lower, record):
            return False
    return False


@kernel
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
            lower[greatest] -= 1.0 / GRID
            total -= 1.0 / GRID
        most = max(most, total)
        if total > 0.02:
            write_cut(record, lower, W, layout, j)
            move_vertices(G, error, X, layout, j, lower[at : at + s], total)
    return most >= _WORTH_CUTTING


@kernel
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
                write(record, EXCLUDED)
                for t in range(n_rows):
                    write(record, (1.0 if most < 0.0 else -1.0) if t == r else 0.0)
            return True
    separated, weights = separate(G, n_equal)
    if not separated:
        return False
    for r in range(n_equal, n_rows):
        weights[r] = max(weights[r], 0.0)
    weights = weights[:n_rows]
    if not _separates(shortened(weights, _COARSE), G, error, norms):
        if not _separates(weights, G, error, norms):
            return False
    else:
        weights = shortened(weights, _COARSE)
    if len(record) > 1:
        write(record, EXCLUDED)
        for r in range(n_rows):
            write(record, weights[r])
    return True


@kernel
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


@kernel
def _cuts(G, Y, yerror, W, point, layout, lower, record):
    """Lower bounds on the coordinates of solutions: where a coordinate's equation can reach 0.

    Returns whether there is no solution (_EMPTY), or one seems to be near (_NEAR). The bounds are
    multiples of 1 / GRID.
    """
    n_equal = len(W)
    y, high = np.empty(G.shape[1]), np.empty(n_equal + 1)
    verdict = _NEAR
    for j in range(layout.shape[1]):
        size, at = layout[SIZE, j], layout[FIRST, j] + j
        total = 0.0
        for v in range(size):
            here, elsewhere = highest(Y, yerror, layout, j, v, y, high)
            lower[at + v] = 0.0
            if not -0.5 < point[at + v] < 1.5:
                verdict = _OPEN
            if elsewhere >= 0.0:
                continue
            if here < 0.0:
                if len(record) > 1:
                    write(record, EXCLUDED)
                    write_weights(record, W, layout, j, v)
                    for _ in range(n_equal, len(G)):
                        write(record, 0.0)
                return _EMPTY
            share = -elsewhere / (here - elsewhere) * (1.0 - 1e-12)
            lower[at + v] = np.floor(share * GRID) / GRID
            total += lower[at + v]
        if total > 1.0:
            write_cut(record, lower, W, layout, j)
            return _EMPTY
        if total < _WORTH_SETTLING:
            verdict = _OPEN
    return verdict


@kernel
def _longest_edge(G, X, layout, edge):
    """The edge along which the equations change most: player, two vertices; returns its length."""
    n_equal = count_equations(layout)
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
