"""``balancegame show``."""

from __future__ import annotations

import click

from balancegame.alliances.balancing import parameter_domains
from balancegame.alliances.scenarios import scenario_model
from balancegame.cli.options import power_option
from balancegame.present import tables
from balancegame.present.console import make_console
from balancegame.world.scenario_file import read_scenario


@click.command("show")
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@power_option
def command(name_or_file: str, power: str | None) -> None:
    """Show a scenario: its states, their interests, its model, its sources."""
    scenario = read_scenario(name_or_file, power=power)
    model = scenario_model(scenario)
    console = make_console()
    origins = dict.fromkeys(scenario.model, "scenario")
    for block in (
        tables.world_table(console, scenario.world),
        tables.parallelism_table(console, scenario.world),
        tables.model_table(console, model, origins, tuple(parameter_domains())),
        tables.sources_text(scenario),
    ):
        console.print(block)
        console.print()
