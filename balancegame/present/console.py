"""Where tables are printed: rich in a terminal, plain text in a file or pipe."""

from __future__ import annotations

import io
import os
import sys

from rich import box
from rich.console import Console
from rich.table import Table

_PLAIN_WIDTH = 100

# Head rules only, in ASCII: what a file or a pipe gets.
_ASCII_HEAD = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def make_console(*, stderr: bool = False) -> Console:
    """A console for standard output or error, plain where that is no terminal."""
    stream = sys.stderr if stderr else sys.stdout
    if stream is None:  # closed by whoever started us  # pyright: ignore[reportUnnecessaryComparison]
        return Console(file=io.StringIO())
    width = None if stream.isatty() else _plain_width()
    return _Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)


def _plain_width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 0 else _PLAIN_WIDTH


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which knows the exit code."""
        raise BrokenPipeError


def make_table(console: Console, title: str | None = None) -> Table:
    """An empty table in the style of the console."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD if console.is_terminal else _ASCII_HEAD,
        pad_edge=False,
        header_style="bold",
        show_edge=False,
    )
