"""Steepest descent from many alignments, and how many end in each local minimum."""

from __future__ import annotations

import numpy as np

from balancegame._kernels.alignment_fields import descend, fields_of, steepest_move
from balancegame._kernels.kernel import kernel


@kernel
def place_of(code, codes):
    """Where ``code`` stands among sorted ``codes``, or -1."""
    low, high = 0, codes.shape[0]
    while low < high:
        middle = (low + high) // 2
        if codes[middle] < code:
            low = middle + 1
        else:
            high = middle
    if low < codes.shape[0] and codes[low] == code:
        return low
    return -1


@kernel
def count_basins(first, end, lead, slack, digits, radix, codes, known, counts):
    """Add to ``counts`` the alignments of Gray code places first, ..., end - 1, by their minima.

    ``codes`` (k,) are the minima, sorted, with the first state's bit 0; ends not listed are left
    out. ``known`` (of any length) remembers for the lowest codes where their descent ends: 1 plus
    the place among ``codes``, or 0 while it is unknown, or -1 where the end is not listed. Calls
    at the same time may share it: they write the same.
    """
    n = lead.shape[0]
    here, there = np.empty(n, np.int64), np.empty(n, np.int64)
    h, g = np.empty(n, np.int64), np.empty(n, np.int64)
    path = np.empty(1024, np.int64)
    mask = (np.int64(1) << (n - 1)) - 1
    gray = first ^ (first >> 1)
    start = np.int64(0)
    for i in range(n):
        here[i] = 1 - 2 * ((gray >> (n - 1 - i)) & 1)
        start = 2 * start + (here[i] != here[0])
    fields_of(here, lead, h)
    for place in range(first, end):
        code, steps, end_place = start, 0, 0
        if code < known.shape[0]:
            end_place = known[code]
        if end_place == 0:
            for i in range(n):
                there[i] = here[i]
                g[i] = h[i]
        while end_place == 0:
            if steps < path.shape[0]:
                path[steps] = code
                steps += 1
            k = steepest_move(there, g, slack, digits, radix)
            if k < 0:
                at = place_of(code, codes)
                end_place = at + 1 if at >= 0 else -1
                break
            step = 2 * there[k]
            there[k] = -there[k]
            for j in range(n):
                g[j] -= step * lead[k, j]
            code ^= mask if k == 0 else np.int64(1) << (n - 1 - k)
            if code < known.shape[0]:
                end_place = known[code]
        for step in range(steps):
            if path[step] < known.shape[0]:
                known[path[step]] = end_place
        if end_place > 0:
            counts[end_place - 1] += 1
        flipped, rank = n - 1, place + 1
        while rank & 1 == 0:
            rank >>= 1
            flipped -= 1
        if flipped > 0:
            step = 2 * here[flipped]
            here[flipped] = -here[flipped]
            start ^= np.int64(1) << (n - 1 - flipped)
            for j in range(n):
                h[j] -= step * lead[flipped, j]


@kernel
def descend_all(first, end, starts, lead, slack, digits, radix):
    """Move rows first, ..., end - 1 of ``starts`` (k, n), of +1 and -1, into their minima."""
    n = lead.shape[0]
    x, h = np.empty(n, np.int64), np.empty(n, np.int64)
    for row in range(first, end):
        for i in range(n):
            x[i] = starts[row, i]
        fields_of(x, lead, h)
        descend(x, h, lead, slack, digits, radix)
        for i in range(n):
            starts[row, i] = x[i]
