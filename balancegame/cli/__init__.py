"""The command line, one command a file; none is loaded before it is called."""

from balancegame.cli.running import main as main
