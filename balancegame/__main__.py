"""``python -m balancegame`` and the command ``balancegame``: loads the command line, runs it."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def run() -> int:
    """The command line's exit code, 130 also where Ctrl-C comes while it is still loading."""
    try:
        from balancegame.cli import main  # noqa: PLC0415 (loading takes a moment)

        return main()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
