"""Run a compiled kernel over a range, in blocks, on all processors.

Kernels release the interpreter's lock, so that plain threads serve. Each cell is computed alike
whatever block it falls into: the result does not depend on the number of processors.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

_Report = Callable[[int, int], None]


def run_blocks(
    work: Callable[[int, int], None],
    total: int,
    block: int,
    report: _Report | None = None,
    cancel: Callable[[], None] | None = None,
) -> None:
    """Call ``work(first, end)`` on blocks that together cover ``range(total)``.

    An exception, Ctrl-C included, drops the blocks not yet begun and is raised when those under
    way have ended; ``cancel`` is called first, to tell them to end soon.
    """
    bounds = [(first, min(first + block, total)) for first in range(0, total, block)]
    workers = min(_processors(), len(bounds))
    if workers <= 1 and cancel is None:
        for done, (first, end) in enumerate(bounds, start=1):
            work(first, end)
            if report is not None:
                report(done, len(bounds))
        return
    with ThreadPoolExecutor(max(workers, 1), thread_name_prefix="balancegame") as pool:
        try:
            futures = [pool.submit(work, first, end) for first, end in bounds]
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                if report is not None:
                    report(done, len(bounds))
        except BaseException:
            if cancel is not None:
                cancel()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
