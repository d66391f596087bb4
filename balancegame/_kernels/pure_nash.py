"""Which cells of a payoff table are best responses, one player at a time."""

from __future__ import annotations

import numpy as np
from numba import njit

_CHUNK = 1024  # cells of one action handled together: they stay in the first-level cache
_SHORT = 24  # strides below this leave too little to vectorise


@njit(cache=True, nogil=True)
def keep_best_responses(table, n_actions, stride, slack, keep):
    """Clear ``keep`` (profiles,) uint8 wherever the player's action is not a best response.

    ``table`` (profiles,) holds one player's payoffs; his action advances the flat index by
    ``stride``. A cell stays if its payoff is at least the best reply's minus ``slack``.
    """
    if stride < _SHORT:
        _cell_by_cell(table, n_actions, stride, slack, keep)
    else:
        _slice_by_slice(table, n_actions, stride, slack, keep)


@njit(cache=True, nogil=True)
def _cell_by_cell(table, n_actions, stride, slack, keep):
    span = n_actions * stride
    for start in range(0, table.shape[0], span):
        for j in range(start, start + stride):
            if n_actions == 2:  # by far the commonest, and twice as fast without the loops
                here, there = table[j], table[j + stride]
                keep[j] &= np.uint8(here >= there - slack)
                keep[j + stride] &= np.uint8(there >= here - slack)
                continue
            best = table[j]
            for cell in range(j + stride, j + span, stride):
                best = max(best, table[cell])
            for cell in range(j, j + span, stride):
                keep[cell] &= np.uint8(table[cell] >= best - slack)


@njit(cache=True, nogil=True)
def _slice_by_slice(table, n_actions, stride, slack, keep):
    # Slices rather than indices in the inner loops, because those the compiler vectorises.
    best_values = np.empty(min(stride, _CHUNK))
    for start in range(0, table.shape[0], n_actions * stride):
        for low in range(start, start + stride, _CHUNK):
            width = min(_CHUNK, start + stride - low)
            best = best_values[:width]
            row = table[low : low + width]
            for j in range(width):
                best[j] = row[j]
            for a in range(1, n_actions):
                row = table[low + a * stride : low + a * stride + width]
                for j in range(width):
                    best[j] = max(best[j], row[j])
            for a in range(n_actions):
                row = table[low + a * stride : low + a * stride + width]
                kept = keep[low + a * stride : low + a * stride + width]
                for j in range(width):
                    kept[j] = kept[j] & np.uint8(row[j] >= best[j] - slack)
