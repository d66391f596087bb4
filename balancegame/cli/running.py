"""The command line from its arguments to its exit code: every failure becomes one message."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Sequence

import click

from balancegame.cli.commands import cli
from balancegame.cli.exit_codes import BAD_INPUT, DONE, INTERRUPTED
from balancegame.errors import BalanceGameError
from balancegame.present.console import make_console


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: 0 done, 1 a claim failed, 2 bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name the terminal cannot show is no error
            stream.reconfigure(errors="replace")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            code = cli.main(
                None if arguments is None else list(arguments),
                prog_name="balancegame",
                standalone_mode=False,
            )
        for text in dict.fromkeys(str(one.message) for one in caught):
            _say(f"Note: {text}")
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (KeyboardInterrupt, click.Abort) as error:
        said = str(error) if isinstance(error, click.Abort) else ""
        _say(said or "interrupted")
        return INTERRUPTED
    except BalanceGameError as error:
        _say(f"Error: {error}")
        return BAD_INPUT
    except BrokenPipeError:
        # The reader of our output has gone: let nothing be flushed to him at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        _say(f"Error: {error.filename or 'a file'}: {error.strerror or error}")
        return BAD_INPUT
    return code if isinstance(code, int) else DONE


def _say(text: str) -> None:
    make_console(stderr=True).print(text, markup=False, soft_wrap=True)
