"""``balancegame report``."""

from __future__ import annotations

import click

from balancegame.alliances.scenarios import scenario_model
from balancegame.alliances.used_parameters import Hegemon
from balancegame.cli.options import (
    actions_option,
    further_words,
    hegemon_option,
    power_option,
    settings_option,
    with_further_words,
)
from balancegame.cli.settings import changed_model, read_settings
from balancegame.present.console import make_console
from balancegame.present.progress import show_progress
from balancegame.present.report.report import Report, check_target
from balancegame.world.scenario_file import read_scenario


@click.command("report")
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@further_words
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="The HTML file to write; an older one gives way.",
)
@settings_option
@actions_option
@hegemon_option
@power_option
@click.option(
    "--precision",
    default="100",
    show_default=True,
    metavar="NUMBER",
    help="Of revision with errors, in the section on endurance.",
)
@click.option(
    "--points",
    type=click.IntRange(2, 200),
    default=60,
    show_default=True,
    help="Points on each axis of the maps.",
)
def command(
    name_or_file: str,
    more: tuple[str, ...],
    output: str,
    settings: tuple[str, ...],
    actions: tuple[str, ...],
    hegemon: Hegemon,
    power: str | None,
    precision: str,
    points: int,
) -> None:
    """Write a report on a scenario as one HTML file.

    The world, the model, all equilibria with their certificate, camps, maps of regions, treaties,
    endurance, and methods with citations. The file needs no network.
    """
    settings, actions = with_further_words(more, settings, actions)
    check_target(output)
    scenario = read_scenario(name_or_file, power=power)
    changes = read_settings(settings)
    model = changed_model(scenario_model(scenario), changes, scenario.world)
    origins = dict.fromkeys(scenario.model, "scenario") | {name: "--set" for name, _, _ in changes}
    with show_progress():
        made = Report.of(
            scenario.world,
            model,
            actions=actions,
            hegemon=hegemon,
            precision=precision,
            points=points,
            origins=origins,
            name=scenario.name,
        )
    made.save(output)
    make_console().print(f"{made}\nWritten to {output}", markup=False, soft_wrap=True)
