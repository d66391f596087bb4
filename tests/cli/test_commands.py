"""The commands are loaded when they are called, and listed without that."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
import pytest

from balancegame.cli.commands import COMMANDS, cli


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_commands_own_help_begins_with(name):
    command = import_module(f"balancegame.cli.{name}").command
    assert command.name == name
    assert cli.get_command(click.Context(cli), name) is command
    own = " ".join(command.help.split())
    assert own.startswith(COMMANDS[name].removesuffix("."))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["solv", "golden-3"]])
def test_help_and_version_load_no_solver_and_no_array(arguments):
    heavy = ("numpy", "scipy", "pandas", "xarray", "numba", "balancegame.games")
    code = (
        f"import sys\nfrom balancegame.cli import main\nmain({arguments})\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert ("No such command" in done.stderr) == (arguments[0] == "solv")
