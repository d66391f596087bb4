"""How far long work has come: workers report, whoever listens shows it.

Solvers and builders call `report`; without a listener that costs one look-up. The listener is
set per context, so that a thread or task shows its own work only.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]
"""Called with the task, the steps done, and the steps in all."""

_listener: ContextVar[Listener | None] = ContextVar("balancegame_progress", default=None)


def report(task: str, done: int, total: int) -> None:
    """Tell the listener, if there is one, that `done` of `total` steps of a task are finished."""
    listener = _listener.get()
    if listener is not None:
        listener(task, done, total)


@contextmanager
def listening(listener: Listener) -> Generator[None]:
    """Send the reports of the enclosed work to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
