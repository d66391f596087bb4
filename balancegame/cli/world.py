"""``balancegame world``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from balancegame.cli.files import check_writable
from balancegame.world.world_from_data import world_from_data

_DATA_SETS = {
    "capabilities": "National Material Capabilities",
    "alliances": "ATOP directed dyad-years",
    "membership": "state system membership",
    "major_powers": "major powers",
    "contiguity": "direct contiguity",
    "rivalries": "strategic rivalries",
}


def _data_options(function: Any) -> Any:
    """One option a data set."""
    for name, what in reversed(_DATA_SETS.items()):
        option = f"--{name.replace('_', '-')}"
        function = click.option(option, name, metavar="FILE", help=f"The file of {what}.")(function)
    return function


@click.command("world")
@click.argument("year", type=click.IntRange(min=0))
@click.option(
    "--states",
    metavar="A,B,...",
    default="major powers",
    show_default=True,
    help="The states, by name or Correlates of War code.",
)
@click.option("--threat", metavar="STATE", help="The state that may come to dominate the others.")
@click.option("--power", default="cinc", show_default=True, help="The measure of power.")
@click.option(
    "--measure",
    default="kappa",
    show_default=True,
    help="How parallel interests are measured: kappa, s, pi, tau_b or none.",
)
@click.option("--weights", metavar="MEASURE", help="What states count by in portfolios.")
@click.option(
    "--system", default="world", show_default=True, help="Whom portfolios run over: world, europe."
)
@click.option("--exposure", help="To the threat, by contiguity or by rivalry.")
@click.option("--title", help="The scenario's title.")
@_data_options
@click.option("-o", "--output", metavar="FILE", help="Where to write; default standard output.")
def command(year: int, output: str | None, **options: Any) -> None:
    """Write the world of a YEAR, from files of the field's data sets, as a scenario file.

    `show` and `solve` read what this writes.
    """
    if output is not None:
        check_writable("--output", output)
    states = [_state(word) for word in options.pop("states").split(",") if word.strip()]
    threat = options.pop("threat")
    if options["measure"] == "none":
        options["measure"] = None
    made = world_from_data(
        year,
        "major powers" if states == ["major powers"] else states,
        threat=None if threat is None else _state(threat),
        **options,
    )
    if output is None:
        click.echo(made.to_toml(), nl=False)
    else:
        Path(output).write_text(made.to_toml(), encoding="utf-8")


def _state(word: str) -> str | int:
    """A state's name, or its code."""
    text = word.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
