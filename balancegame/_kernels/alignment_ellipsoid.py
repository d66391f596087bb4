"""All alignments in an ellipsoid |L' x|^2 <= radius, by depth-first search (Fincke & Pohst 1985).

With L lower triangular, the k-th entry of L' x holds the states from k on: fixed from the last to
the first, they make a sum of squares that can only grow.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel


@kernel
def search_ellipsoid(prefix, depth, L, J, radius, least, slack, budget, found):
    """Find the x of a prefix with |L' x|^2 <= ``radius`` and sum_{i<j} J_ij x_i x_j >= ``least``.

    The last state stands on side +1, the ``depth`` before it by the bits of ``prefix``, the last of
    them its lowest. ``radius`` falls by twice what ``least`` gains: a sum of v raises ``least`` to
    v + 1 - ``slack``, as in `solve_dolls`. ``found`` (room, n) receives the last that met it.
    Returns how many did, and the nodes visited; after more than ``budget`` the count is -1 - that.
    """
    n = L.shape[0]
    x = np.ones(n, np.int64)
    partial = np.zeros((n + 1, n))  # partial[d, k]: entry k of L' x, of the states from d on
    norm = np.zeros(n + 1)
    tried = np.zeros(n, np.int64)
    target, reach = least, radius
    met, nodes = 0, 0
    d = n - 1
    while d < n:
        if d < 0:
            value = np.int64(0)
            for i in range(n):
                for j in range(i):
                    value += J[i, j] * x[i] * x[j]
            if value >= target:
                for j in range(n):
                    found[met % found.shape[0], j] = x[j]
                met += 1
                target = max(target, value + 1 - slack)
                reach = radius - 2.0 * (1.0 - 1e-12) * (target - least)
            d += 1
            continue
        forced = n - 1 - d <= depth
        if tried[d] == 2 or (forced and tried[d] == 1):
            tried[d] = 0
            d += 1
            continue
        side = -1 if partial[d + 1, d] > 0.0 else 1  # the nearer one first
        if tried[d] == 1:
            side = -side
        if d == n - 1:
            side = 1
        elif forced:
            side = 1 - 2 * ((prefix >> (n - 2 - d)) & 1)
        tried[d] += 1
        nodes += 1
        if nodes > budget:
            return -1 - met, nodes
        entry = partial[d + 1, d] + side * L[d, d]
        norm[d] = norm[d + 1] + entry * entry
        if norm[d] > reach:
            tried[d] = 2  # the other side is further away
            continue
        x[d] = side
        for k in range(d):
            partial[d, k] = partial[d + 1, k] + side * L[d, k]
        d -= 1
    return met, nodes
