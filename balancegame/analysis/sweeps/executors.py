"""Who works the blocks of a sweep out: this process, others, or a dask cluster.

Each executor yields (block, what it holds) as blocks are finished, in any order. A block depends on
the plan only, so that all executors give the same.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Generator, Sequence
from typing import Any

from balancegame._numbers import shorten
from balancegame.analysis.sweeps.blocks import Block, compute_block
from balancegame.analysis.sweeps.plan import Plan
from balancegame.errors import (
    InvalidParameterError,
    InvalidTypeError,
    WorkerLostError,
)

Executor = Callable[[Plan, Sequence[int]], Generator[tuple[int, Block]]]

MOST_LOSSES = 5  # of workers with no block finished in between
_AHEAD = 4  # blocks a worker that are handed out in advance


def choose_executor(executor: Any, workers: int | None) -> Executor:
    """The executor a user asks for."""
    if executor is None or executor == "processes":
        if executor is None and workers is not None:
            message = 'workers counts processes; give executor="processes" with it'
            raise InvalidParameterError(message)
        return _serially if executor is None else _in_processes(workers)
    if hasattr(executor, "submit") and type(executor).__module__.startswith("distributed"):
        if workers is not None:
            message = "workers counts processes; a dask client brings its own workers"
            raise InvalidParameterError(message)
        if getattr(executor, "asynchronous", False):
            message = "executor is an asynchronous dask client; give a synchronous one"
            raise InvalidTypeError(message)
        return _on_cluster(executor)
    if isinstance(executor, str):
        message = f'executor is {executor!r}; give None, "processes" or a dask.distributed Client'
        raise InvalidParameterError(message)
    message = (
        f'executor is {shorten(executor)}; give None, "processes" or a dask.distributed Client'
    )
    raise InvalidTypeError(message)


def _serially(plan: Plan, blocks: Sequence[int]) -> Generator[tuple[int, Block]]:
    """One block after another, compiled code on all processors."""
    for block in blocks:
        yield block, compute_block(plan, block)


def _in_processes(workers: int | None) -> Executor:
    """Each block in one of several processes, one compiled thread each."""

    def run(plan: Plan, blocks: Sequence[int]) -> Generator[tuple[int, Block]]:
        from balancegame.analysis.sweeps.processes import run_in_processes  # noqa: PLC0415

        _check_picklable(plan)
        yield from run_in_processes(plan, blocks, workers)

    return run


def _check_picklable(plan: Plan) -> None:
    """Refuse functions that other processes could not find."""
    try:
        text = pickle.dumps(plan)
    except Exception as error:
        message = (
            f"the measure, or a builder, cannot be sent to other processes ({error}); define it "
            "at the top of a module, not as a lambda or within a function"
        )
        raise InvalidTypeError(message) from None
    if b"__main__" in text and not hasattr(sys.modules["__main__"], "__file__"):
        message = (
            "a measure or builder is defined in this session, where other processes cannot find "
            "it; put it into a module (a .py file), or use a dask client"
        )
        raise InvalidTypeError(message)


def _on_cluster(client: Any) -> Executor:
    """Each block on one of a dask cluster's workers."""

    def run(plan: Plan, blocks: Sequence[int]) -> Generator[tuple[int, Block]]:
        from balancegame.analysis.sweeps.cluster import run_on_cluster  # noqa: PLC0415

        yield from run_on_cluster(client, plan, blocks, _AHEAD)

    return run


def give_up(lost: int, remaining: int, error: BaseException) -> WorkerLostError:
    """What is raised when workers keep dying."""
    message = (
        f"workers died {lost} times with no block finished in between ({error}); {remaining} "
        "blocks are left. Is a measure running out of memory? With store=, what is finished is "
        "kept, and the same call goes on from there"
    )
    return WorkerLostError(message)
