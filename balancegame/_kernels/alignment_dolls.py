"""The global maximum of sum_{i<j} J_ij x_i x_j by Russian dolls (Verfaillie et al. 1996).

Suffixes of the states are solved one after the other, each a state longer. What the states that
are not yet fixed can add is then at most the sum of the fields on them plus the maximum of their
own suffix, which is known; and a state that would move whatever follows cannot be part of a
maximum.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel


@kernel
def solve_dolls(J, least, slack, budget, found):
    """All x with a sum of at least ``target``; the target rises with what is found.

    At first it is ``least``; a sum of v raises it to ``v + 1 - slack``, so that with slack 1 ties
    are found too, and with slack 0 only what is better. ``found`` (room, n) receives the last
    alignments that met the target. Returns how many did, and the nodes visited; after more than
    ``budget`` nodes the count is -1 - that.
    """
    n = J.shape[0]
    best = np.zeros(n + 2, np.int64)  # of the suffix from each state on
    rest = np.zeros((n + 1, n), np.int64)
    for d in range(n - 1, -1, -1):
        for i in range(n):
            rest[d, i] = rest[d + 1, i] + abs(J[i, d])
    x, last = np.ones(n, np.int64), np.ones(n, np.int64)
    h = np.zeros((n + 1, n), np.int64)
    value = np.zeros(n + 1, np.int64)
    tried = np.zeros(n + 1, np.int64)
    met, nodes = 0, 0
    for start in range(n - 1, -1, -1):
        whole = start == 0
        pull = np.int64(0)
        for j in range(start + 1, n):
            pull += J[start, j] * last[j]
        last[start] = 1 if pull >= 0 else -1
        best[start] = best[start + 1] + abs(pull)
        target = least if whole else best[start] + 1
        x[start] = 1
        for j in range(start + 1, n):
            h[start + 1, j] = J[start, j]
        value[start + 1] = 0
        d = start + 1
        tried[d] = 0
        while d > start:
            if d == n:
                # Only a sum that meets the target comes here.
                if whole:
                    for j in range(n):
                        found[met % found.shape[0], j] = x[j]
                    met += 1
                    target = max(target, value[n] + 1 - slack)
                else:
                    best[start] = value[n]
                    target = value[n] + 1
                    for j in range(start, n):
                        last[j] = x[j]
                d -= 1
                continue
            if tried[d] == 2:
                d -= 1
                continue
            side = 1 if h[d, d] >= 0 else -1
            if tried[d] == 1:
                side = -side
            tried[d] += 1
            x[d] = side
            nodes += 1
            if nodes > budget:
                return -1 - met, nodes
            deep = d + 1
            value[deep] = value[d] + side * h[d, d]
            reach = value[deep] + best[deep]
            for j in range(deep, n):
                field = h[d, j] + side * J[d, j]
                h[deep, j] = field
                reach += abs(field)
            if reach < target:
                continue
            alive = True
            for j in range(start, deep):
                field = (h[d, j] if j < d or d == start else h[d, d]) + side * J[d, j]
                h[deep, j] = field
                if x[j] * field + rest[deep, j] < -slack * n:
                    alive = False
                    break
            if alive:
                tried[deep] = 0
                d = deep
    return met, nodes
