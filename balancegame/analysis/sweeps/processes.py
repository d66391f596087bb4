"""Blocks of a sweep in processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from typing import Any

from balancegame.analysis.sweeps.blocks import Block, compute_block
from balancegame.analysis.sweeps.executors import MOST_LOSSES, give_up
from balancegame.analysis.sweeps.plan import Plan

_plan: Plan | None = None  # a worker's


def run_in_processes(
    plan: Plan, blocks: Sequence[int], workers: int | None
) -> Generator[tuple[int, Block]]:
    """Work blocks out in so many processes; those of a process that dies are given to another.

    Processes are spawned, not forked, so that no thread or lock of this one is copied. They end
    when this one does, however it ends.
    """
    left, lost = list(blocks), 0
    number = min(workers or len(_processors()), max(len(left), 1))
    while left:
        try:
            for block, found in _with_one_pool(plan, tuple(left), number):
                left.remove(block)
                lost = 0
                yield block, found
        except BrokenProcessPool as error:
            lost += 1
            if lost >= MOST_LOSSES:
                raise give_up(lost, len(left), error) from None


def _with_one_pool(plan: Plan, blocks: Sequence[int], number: int) -> Generator[tuple[int, Block]]:
    """As many blocks as one pool finishes before a worker of it dies."""
    context = multiprocessing.get_context("spawn")
    ears, lifeline = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(number, context, _begin, (plan, ears))
    try:
        waiting = iter(blocks)
        running: dict[Future[Block], int] = {}
        for block in waiting:
            running[pool.submit(_work, block)] = block
            if len(running) < 2 * number:
                continue
            yield from _finished(running)
        while running:
            yield from _finished(running)
    finally:
        lifeline.close()  # the processes end at once, whatever they are at
        pool.shutdown(wait=True, cancel_futures=True)
        ears.close()


def _finished(running: dict[Future[Block], int]) -> Generator[tuple[int, Block]]:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    broken: BaseException | None = None
    for future in sorted(done, key=lambda one: running[one]):
        block = running.pop(future)
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            broken = error  # what others have finished counts
        elif error is not None:
            raise error
        else:
            yield block, future.result()
    if broken is not None:
        raise broken


def _begin(plan: Plan, ears: Connection) -> None:
    """Set a worker up: it leaves Ctrl-C to the parent, and ends with it."""
    global _plan
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _plan = plan
    threading.Thread(target=_end_with_parent, args=(ears,), daemon=True).start()


def _end_with_parent(ears: Connection) -> None:
    parent = multiprocessing.parent_process()
    sentinels: list[Any] = [ears] if parent is None else [ears, parent.sentinel]
    wait_for(sentinels)
    os._exit(0)


def _work(block: int) -> Block:
    if _plan is None:
        raise RuntimeError
    return compute_block(_plan, block, threads=1)


def _processors() -> Sequence[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)
