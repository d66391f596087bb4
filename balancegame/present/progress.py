"""Progress bars for long work, on standard error."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from balancegame._progress import listening
from balancegame.present.console import make_console

_PATIENCE = 0.5  # seconds before a bar appears


@contextmanager
def show_progress() -> Generator[None]:
    """Show a progress bar for each task of the enclosed work that takes over half a second.

    Bars appear in a terminal only, on standard error, and vanish when the work is done.

    Examples
    --------
    >>> import balancegame as bg
    >>> with bg.show_progress():
    ...     game = bg.BalancingModel().game(bg.load_scenario("golden-3"))
    """
    console = make_console(stderr=True)
    if not console.is_terminal:
        yield
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    started: dict[str, float] = {}
    bars: dict[str, TaskID] = {}
    progress = Progress(*columns, console=console, transient=True)

    def listen(task: str, done: int, total: int) -> None:
        now = time.monotonic()
        if task not in bars and now - started.setdefault(task, now) > _PATIENCE:
            progress.start()
            bars[task] = progress.add_task(task, total=total)
        if task in bars:
            progress.update(bars[task], completed=done, total=total)
        if done >= total:
            started.pop(task, None)

    try:
        with listening(listen):
            yield
    finally:
        progress.stop()
