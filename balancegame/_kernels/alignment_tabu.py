"""Tabu search (Glover 1989) for a large sum_{i<j} J_ij x_i x_j, moving one state at a time."""

from __future__ import annotations

import numpy as np

from balancegame._kernels.alignment_fields import fields_of
from balancegame._kernels.kernel import kernel


@kernel
def next_random(state):
    """Advance ``state`` (1,) int64, and return a number from 0 to 2^31 - 1 (Park & Miller 1988)."""
    state[0] = state[0] * 48271 % 2147483647
    return state[0]


@kernel
def tabu_search(lead, start, moves, tenure, state, best):
    """Improve ``start`` (n,), of +1 and -1, until so many moves bring nothing better.

    ``best`` (n,) receives the best alignment on the way, whose sum is returned. A state that has
    moved must not move back for ``tenure`` moves and a few more at random, unless that leads to
    something better than all before.
    """
    n = lead.shape[0]
    x, h = start.copy(), np.empty(n, np.int64)
    fields_of(x, lead, h)
    value = np.int64(0)
    for i in range(n):
        value += x[i] * h[i]
        best[i] = x[i]
    value //= 2
    record = value
    free = np.zeros(n, np.int64)
    now, idle = 0, 0
    while idle < moves:
        now += 1
        idle += 1
        chosen = -1
        least = np.int64(0)
        for i in range(n):
            worth = x[i] * h[i]
            if (free[i] <= now or value - 2 * worth > record) and (chosen < 0 or worth < least):
                chosen, least = i, worth
        if chosen < 0:
            continue
        value -= 2 * least
        step = 2 * x[chosen]
        x[chosen] = -x[chosen]
        for j in range(n):
            h[j] -= step * lead[chosen, j]
        free[chosen] = now + 1 + tenure + next_random(state) % 10
        if value > record:
            record, idle = value, 0
            for i in range(n):
                best[i] = x[i]
    return record
