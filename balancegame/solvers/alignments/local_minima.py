"""All local minima, and the sizes of their basins, by compiled enumeration over bits."""

from __future__ import annotations

from threading import Lock

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import available_memory
from balancegame._kernels.alignment_descent import count_basins, descend_all
from balancegame._kernels.alignment_minima import minima_under
from balancegame._kernels.threads import run_blocks
from balancegame._progress import report
from balancegame.solvers.alignments.couplings import Couplings

_BLOCK_BITS = 20  # of a block of the enumeration, at most
_FEWEST_BLOCKS = 4  # in bits

Integers = NDArray[np.int64]


def all_minima(couplings: Couplings, most: int) -> tuple[Integers, int]:
    """The codes of the local minima, unsorted, and how many there are.

    Of more than ``most`` those of least energy are kept (by the leads, among equals the lowest
    codes).
    """
    n = couplings.game.n_states
    order = np.argsort(-np.abs(couplings.lead).sum(axis=1), kind="stable")
    depth = max(min(_FEWEST_BLOCKS, n - 1), n - 1 - _BLOCK_BITS)
    kept, values = np.empty(0, np.int64), np.empty(0, np.int64)
    total = 0
    lock = Lock()
    search = minima_under.compiled

    def work(first: int, end: int) -> None:
        nonlocal kept, values, total
        for prefix in range(first, end):
            codes = np.empty(1 << (n - 1 - depth), np.int64)
            sums = np.empty_like(codes)
            found = int(search(prefix, depth, *couplings.kernel_arguments, order, codes, sums))
            if not found:
                continue
            codes, sums = codes[:found], sums[:found]
            with lock:
                total += found
                if len(kept) == most:  # sorted: the last is the worst
                    better = (sums > values[-1]) | ((sums == values[-1]) & (codes < kept[-1]))
                    codes, sums = codes[better], sums[better]
                if not len(codes):
                    continue
                kept, values = np.concatenate([kept, codes]), np.concatenate([values, sums])
                if len(kept) >= most:
                    best = np.lexsort((kept, -values))[:most]
                    kept, values = kept[best], values[best]

    blocks = 1 << depth
    run_blocks(
        work, blocks, max(1, blocks // 1024), lambda done, of: report("local minima", done, of)
    )
    return kept, total


def all_basins(couplings: Couplings, codes: Integers) -> Integers:
    """How many alignments steepest descent leads to each of the minima, ``codes`` ascending."""
    n = couplings.game.n_states
    total = 1 << (n - 1)
    known = np.zeros(min(total, available_memory() // 16), dtype=np.int32)
    counts = np.zeros(len(codes), dtype=np.int64)
    lock = Lock()
    count = count_basins.compiled

    def work(first: int, end: int) -> None:
        nonlocal counts
        own = np.zeros(len(codes), dtype=np.int64)
        count(first, end, *couplings.kernel_arguments, codes, known, own)
        with lock:
            counts += own

    block = max(1 << 12, total >> 8)
    run_blocks(work, total, block, lambda done, of: report("basins", done, of))
    return counts


def descents(couplings: Couplings, starts: Integers) -> Integers:
    """Where steepest descent from each row of +1 and -1 ends; the first state on side +1."""
    ends = np.ascontiguousarray(starts, dtype=np.int64).copy()
    descend = descend_all.compiled

    def work(first: int, end: int) -> None:
        descend(first, end, ends, *couplings.kernel_arguments)

    run_blocks(work, len(ends), 512, lambda done, of: report("descents", done, of))
    return ends * ends[:, :1]


def sides_of(codes: Integers, n: int) -> Integers:
    """Codes as rows of +1 and -1."""
    return 1 - 2 * (codes[:, None] >> np.arange(n - 1, -1, -1) & 1)
