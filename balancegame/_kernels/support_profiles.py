"""Supports that may carry an equilibrium: a tree over players, pruned by conditional dominance.

An action is conditionally dominated, given what the others may play, if another action pays more
against every profile of that. Players settle their supports one after the other; actions of those
to come that are dominated by then are struck out, and a support of which an action is dominated is
dropped with all that would follow (Porter, Nudelman & Shoham 2008). Comparisons of floats are
exact, and rounding is monotone: what is struck out is dominated in exact payoffs too.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel, plain_time

_PLAIN_WORK = 200_000  # nodes of the tree times payoffs: for plain Python, a tenth of a second
_EVERY_NODE = 1 << 62


def tree(shape):
    """The state of a walk: allowed actions and the support tried at each level, and the level."""
    n = len(shape)
    allowed = np.zeros((n + 1, n), dtype=np.int64)
    allowed[0] = [(1 << m) - 1 for m in shape]
    tried = np.zeros(n + 1, dtype=np.int64)
    return allowed, tried, np.array([-1], dtype=np.int64)


def next_supports(tables, shape, allowed, tried, level, supports):
    """Go on with a walk until ``supports`` is full or the tree is exhausted; how many were found.

    In plain Python it may stop before, with at least one found. Bit a of ``supports[k, i]`` stands
    for action a of player i. Pure supports are left out. ``level[0]`` is -2 at the end.
    """
    arguments = (tables, shape, allowed, tried, level, supports)
    if plain_time.left > 0.0:
        with plain_time.spent():
            found = _next_supports(*arguments, _PLAIN_WORK // tables.size)
        if found or level[0] == -2:
            return found
    return _next_supports.compiled(*arguments, _EVERY_NODE)


@kernel
def _next_supports(tables, shape, allowed, tried, level, supports, most_nodes):
    n = shape.shape[0]
    strides = np.empty(n, dtype=np.int64)
    strides[n - 1] = 1
    for i in range(n - 2, -1, -1):
        strides[i] = strides[i + 1] * shape[i + 1]
    cells = np.empty(tables.shape[1], dtype=np.int64)
    found, nodes = 0, 0
    depth = level[0]
    if most_nodes > 0 and depth == -1:
        if not _prune(tables, shape, strides, allowed[0], -1, cells):
            level[0] = -2
            return 0
        depth = 0
        tried[0] = 0
    while depth >= 0 and nodes < most_nodes:
        if depth == n:
            if found == supports.shape[0]:
                break
            mixes = False
            for i in range(n):
                s = allowed[n, i]
                if s & (s - 1):
                    mixes = True
            if mixes:
                for i in range(n):
                    supports[found, i] = allowed[n, i]
                found += 1
            depth -= 1
            continue
        everything = allowed[depth, depth]
        support = everything if tried[depth] == 0 else (tried[depth] - 1) & everything
        if support == 0:
            tried[depth] = 0
            depth -= 1
            continue
        tried[depth] = support
        for i in range(n):
            allowed[depth + 1, i] = allowed[depth, i]
        allowed[depth + 1, depth] = support
        nodes += 1
        if _prune(tables, shape, strides, allowed[depth + 1], depth, cells):
            depth += 1
            if depth < n:
                tried[depth] = 0
    level[0] = depth if depth >= 0 or most_nodes == 0 else -2
    return found


@kernel
def _prune(tables, shape, strides, allowed, settled, cells):
    """Strike out dominated actions until none is left; False if a settled player loses one."""
    n = shape.shape[0]
    changed = True
    while changed:
        changed = False
        for i in range(n):
            if allowed[i] & (allowed[i] - 1) == 0 and i > settled:
                continue
            n_cells = _cells(shape, strides, allowed, i, cells)
            for a in range(shape[i]):
                if not allowed[i] >> a & 1:
                    continue
                if _is_dominated(tables[i], shape[i], strides[i], a, cells, n_cells):
                    if i <= settled:
                        return False
                    allowed[i] &= ~(1 << a)
                    changed = True
    return True


@kernel
def _cells(shape, strides, allowed, player, cells):
    """The table's cells, less the player's own part, of what the others may play."""
    cells[0] = 0
    length = 1
    for j in range(shape.shape[0]):
        if j == player:
            continue
        grown = 0
        first = True
        for a in range(shape[j]):
            if not allowed[j] >> a & 1:
                continue
            if first:
                offset = a * strides[j]
                first = False
                grown = length
            else:
                for c in range(length):
                    cells[grown + c] = cells[c] - offset + a * strides[j]
                grown += length
                continue
            for c in range(length):
                cells[c] += offset
        length = grown
    return length


@kernel
def _is_dominated(table, n_actions, stride, a, cells, n_cells):
    for b in range(n_actions):
        if b == a:
            continue
        dominated = True
        for c in range(n_cells):
            if table[cells[c] + b * stride] <= table[cells[c] + a * stride]:
                dominated = False
                break
        if dominated:
            return True
    return False
