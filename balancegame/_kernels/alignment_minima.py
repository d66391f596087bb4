"""All local minima of an alignment game, by enumeration over bits with early cuts."""

from __future__ import annotations

import numpy as np

from balancegame._kernels.alignment_fields import worth_sign
from balancegame._kernels.kernel import kernel


@kernel
def minima_under(prefix, depth, lead, slack, digits, radix, order, codes, values):
    """Write the local minima whose first states stand as ``prefix`` says; return how many.

    ``order`` (n,) lists the states as they are fixed; the first stands on side +1, the next
    ``depth`` by the bits of ``prefix``, the last of them its lowest bit. A branch is cut as soon
    as a state fixed in it would move whatever the others do. ``codes`` receives the sides of all
    states as bits (the first state's the highest, and 0), ``values`` sum_{i<j} lead_ij x_i x_j;
    what does not fit is counted only.
    """
    n = lead.shape[0]
    h = np.zeros((n + 1, n), np.int64)
    rest = np.zeros((n + 1, n), np.int64)  # rest[d, i]: |couplings| of i to states from place d on
    for d in range(n - 1, -1, -1):
        for i in range(n):
            rest[d, i] = rest[d + 1, i] + abs(lead[i, order[d]])
    x = np.zeros(n, np.int64)
    tried = np.zeros(n + 1, np.int64)
    value = np.zeros(n + 1, np.int64)
    found = 0
    d = 0
    while d >= 0:
        forced = d <= depth
        if tried[d] == 2 or (forced and tried[d] == 1):
            tried[d] = 0
            d -= 1
            continue
        k = order[d]
        if forced:
            x[k] = 1 if d == 0 or not (prefix >> (depth - d)) & 1 else -1
        else:
            x[k] = 1 - 2 * tried[d]
        tried[d] += 1
        value[d + 1] = value[d] + x[k] * h[d, k]
        alive = True
        for j in range(n):
            h[d + 1, j] = h[d, j] + lead[k, j] * x[k]
        for place in range(d + 1):
            i = order[place]
            alive = alive and x[i] * h[d + 1, i] + rest[d + 1, i] > -slack - (slack == 0)
        if not alive:
            continue
        if d + 1 < n:
            d += 1
            continue
        for i in range(n):
            worth = x[i] * h[n, i]
            if slack > 0 and worth < slack and worth_sign(x, i, worth, digits, radix) < 0:
                alive = False
                break
        if alive:
            if found < codes.shape[0]:
                code = np.int64(0)
                for i in range(n):
                    code = 2 * code + (x[i] != x[0])
                codes[found] = code
                values[found] = value[n]
            found += 1
    return found
