"""``balancegame scenarios``."""

from __future__ import annotations

import click

from balancegame.present import tables
from balancegame.present.console import make_console
from balancegame.world.scenario_file import read_scenario, scenario_names


@click.command("scenarios")
def command() -> None:
    """List the bundled scenarios."""
    console = make_console()
    console.print(
        tables.scenarios_table(console, [read_scenario(name) for name in scenario_names()])
    )
