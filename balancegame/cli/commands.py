"""The commands by name, each loaded when it is called: help and version need none of them."""

from __future__ import annotations

from importlib import import_module

import click

# A line of help each, so that the list of commands can be shown without loading any.
COMMANDS = {
    "report": "Write a report on a scenario as one HTML file.",
    "scenarios": "List the bundled scenarios.",
    "show": "Show a scenario: its states, their interests, its model, its sources.",
    "solve": "Solve the balancing game of a scenario, or a game in a .nfg file.",
    "sweep": "Solve a scenario's game all over a grid of parameters.",
    "verify": "Re-check a certificate; no solver is involved.",
    "world": "Write the world of a YEAR, from files of the field's data sets.",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """All names, in their order in the help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """A command, from the file of its name."""
        if cmd_name not in COMMANDS:
            return None
        return import_module(f"balancegame.cli.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="balancegame")
def cli() -> None:
    """Games of alliance and balance of power: who balances, who bandwagons, who passes the buck."""
