"""Run a compiled kernel over a range, in blocks, on all processors.

Kernels release the interpreter's lock, so that plain threads serve. Each cell is computed alike
whatever block it falls into: the result does not depend on the number of processors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from contextvars import ContextVar

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


@contextmanager
def at_most_threads(number: int | None) -> Generator[None]:
    """Use at most so many threads in the enclosed work; None sets no bound of its own.

    For workers among many, each of which would otherwise take all processors.
    """
    token = _most.set(_most.get() if number is None else number)
    try:
        yield
    finally:
        _most.reset(token)


_most: ContextVar[int | None] = ContextVar("balancegame_threads", default=None)


def _processors() -> int:
    most = _most.get()
    return _all_processors() if most is None else min(most, _all_processors())


def _all_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
