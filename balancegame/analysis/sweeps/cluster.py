"""Blocks of a sweep on a dask cluster."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from balancegame.analysis.sweeps.blocks import Block, compute_block
from balancegame.analysis.sweeps.executors import MOST_LOSSES, give_up
from balancegame.analysis.sweeps.plan import Plan
from balancegame.errors import BalanceGameError, InvalidTypeError, WorkerLostError


def run_on_cluster(
    client: Any, plan: Plan, blocks: Sequence[int], ahead: int
) -> Generator[tuple[int, Block]]:
    """Work blocks out on a cluster, one compiled thread a task.

    The scheduler gives the blocks of a worker that dies to another. The plan travels with each
    task, being small: data scattered to one worker would die with it.
    """
    from distributed import as_completed  # noqa: PLC0415 (an extra, slow to import)

    if not _is_up(client):
        message = "executor is a dask client that is closed; give one that is connected"
        raise WorkerLostError(message)
    running: dict[Any, int] = {}
    waiting = list(reversed(blocks))
    completed = as_completed(loop=client.loop)  # this client, which need not be the default one
    lost = 0

    def submit(block: int) -> None:
        future = client.submit(compute_block, plan, block, threads=1, pure=False)
        running[future] = block
        completed.add(future)

    try:
        room = max(8, ahead * _threads(client))
        while waiting and len(running) < room:
            submit(waiting.pop())
        for future in completed:
            block = running.pop(future)
            try:
                found = future.result()
            except Exception as error:
                if _is_unreadable(error):
                    raise _refusal(error) from error
                left = len(waiting) + len(running) + 1
                if not _is_up(client) and not isinstance(error, BalanceGameError):
                    raise _disconnected(left) from error
                if not _is_loss(error):
                    raise
                lost += 1
                if lost >= MOST_LOSSES:
                    raise give_up(lost, left, error) from None
                submit(block)
                continue
            lost = 0
            if waiting:
                submit(waiting.pop())
            yield block, found
        if running or waiting:
            raise _disconnected(len(running) + len(waiting))
    finally:
        if running and _is_up(client):  # one that is closed has cancelled them
            client.cancel(list(running), force=True)


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _is_loss(error: BaseException) -> bool:
    """Whether workers, or the way to them, are at fault, and not the work itself."""
    from concurrent.futures import CancelledError  # noqa: PLC0415

    from distributed import KilledWorker  # noqa: PLC0415
    from distributed.client import FutureCancelledError  # noqa: PLC0415
    from distributed.comm.core import CommClosedError  # noqa: PLC0415

    kinds = (KilledWorker, CancelledError, FutureCancelledError, CommClosedError)
    return isinstance(error, (*kinds, TimeoutError))


def _is_unreadable(error: BaseException) -> bool:
    """Whether scheduler or worker lack the module of a function; measures' own errors are named."""
    kinds = (ImportError, AttributeError)
    return isinstance(error, kinds) or isinstance(error.__cause__, kinds)


def _refusal(error: BaseException) -> InvalidTypeError:
    reason = error if isinstance(error, ImportError | AttributeError) else error.__cause__
    message = (
        f"the cluster cannot read the model, a builder or a measure ({reason}); define functions "
        "in the session, or install their module for the scheduler and all workers"
    )
    return InvalidTypeError(message)


def _disconnected(left: int) -> WorkerLostError:
    message = (
        f"the dask client was closed, or its scheduler has gone; {left} blocks are left. With "
        "store=, what is finished is kept, and the same call goes on from there"
    )
    return WorkerLostError(message)


def _is_up(client: Any) -> bool:
    return client.status == "running"
