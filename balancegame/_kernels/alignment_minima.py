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
    J = np.empty((n, n), np.int64)  # in the order of fixing, so that loops run straight
    bit = np.empty(n, np.int64)
    for i in range(n):
        bit[i] = np.int64(1) << (n - 1 - order[i])
        for j in range(n):
            J[i, j] = lead[order[i], order[j]]
    h = np.zeros((n + 1, n), np.int64)
    rest = np.zeros((n + 1, n), np.int64)  # rest[d, i]: |couplings| of i to states from d on
    for d in range(n - 1, -1, -1):
        for i in range(n):
            rest[d, i] = rest[d + 1, i] + abs(J[i, d])
    x, given = np.zeros(n, np.int64), np.zeros(n, np.int64)  # in order of fixing; as given
    tried = np.zeros(n + 1, np.int64)
    value = np.zeros(n + 1, np.int64)
    code = np.zeros(n + 1, np.int64)
    first = np.int64(1) << (n - 1)
    found = 0
    d = 0
    while d >= 0:
        forced = d <= depth
        if tried[d] == 2 or (forced and tried[d] == 1):
            tried[d] = 0
            d -= 1
            continue
        side = 1 - 2 * tried[d]
        if forced and d > 0:
            side = 1 - 2 * ((prefix >> (depth - d)) & 1)
        x[d] = side
        given[order[d]] = side
        tried[d] += 1
        value[d + 1] = value[d] + side * h[d, d]
        code[d + 1] = code[d] if side == 1 else code[d] | bit[d]
        for j in range(n):
            h[d + 1, j] = h[d, j] + J[d, j] * side
        least = np.int64(0)
        for i in range(d + 1):
            least = min(least, x[i] * h[d + 1, i] + rest[d + 1, i])
        if least < 0 and least <= -slack:
            continue
        if d + 1 < n:
            d += 1
            continue
        alive = True
        if slack > 0:
            for i in range(n):
                worth = x[i] * h[n, i]
                if worth < slack and worth_sign(given, order[i], worth, digits, radix) < 0:
                    alive = False
                    break
        if alive:
            if found < codes.shape[0]:
                codes[found] = code[n] ^ (2 * first - 1) if code[n] & first else code[n]
                values[found] = value[n]
            found += 1
    return found
