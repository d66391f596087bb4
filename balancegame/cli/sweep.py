"""``balancegame sweep``."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import numpy as np

from balancegame._checks import available_memory
from balancegame._numbers import parse_number
from balancegame.alliances.scenarios import scenario_model
from balancegame.alliances.used_parameters import Hegemon
from balancegame.analysis.sweeps.dataset import labels_as_text
from balancegame.analysis.sweeps.measures import MEASURES
from balancegame.analysis.sweeps.sweep import sweep
from balancegame.cli.files import check_writable
from balancegame.cli.options import (
    actions_option,
    further_words,
    hegemon_option,
    power_option,
    settings_option,
    with_further_words,
)
from balancegame.cli.settings import changed_model, read_settings
from balancegame.errors import InvalidParameterError, TableTooLargeError
from balancegame.present.console import make_console
from balancegame.present.figure_style import check_matplotlib
from balancegame.present.progress import show_progress
from balancegame.present.region_figure import plot_regions
from balancegame.present.sweep_tables import sweep_tables
from balancegame.world.scenario_file import read_scenario

_BYTES_A_VALUE = 100  # of an axis as it is read: floats, their list, what is made of it


@click.command("sweep")
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@further_words
@click.option(
    "--over",
    "axes",
    multiple=True,
    required=True,
    metavar="PARAMETER[.STATE]=LOW:HIGH:COUNT",
    help="An axis: a model parameter, power_ratio or parallelism; or values A,B,... May be "
    "repeated, or take several.",
)
@settings_option
@actions_option
@hegemon_option
@click.option(
    "--measure",
    "measures",
    multiple=True,
    default=["region"],
    show_default=True,
    help=f"What to measure: {', '.join(MEASURES)}; may be repeated.",
)
@power_option
@click.option("--store", metavar="DIR", help="Keep finished parts there, to go on from.")
@click.option("--processes", type=click.IntRange(min=1), help="Work in so many processes.")
@click.option("--plot", "plot_file", metavar="FILE", help="Draw the map of the first measure.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write a row a point; labels as text.")
def command(
    name_or_file: str,
    more: tuple[str, ...],
    axes: tuple[str, ...],
    settings: tuple[str, ...],
    actions: tuple[str, ...],
    hegemon: Hegemon,
    measures: tuple[str, ...],
    power: str | None,
    store: str | None,
    processes: int | None,
    plot_file: str | None,
    csv_file: str | None,
) -> None:
    """Solve a scenario's game all over a grid of parameters, and draw which equilibrium is where.

    For instance: balancegame sweep golden-3 --over power_ratio=0.2:4:400 --over
    parallelism=0:1:400 --plot regions.png
    """
    axes = (*axes, *(word for word in more if _is_axis(word, settings)))
    others = [word for word in more if not _is_axis(word, settings)]
    settings, actions = with_further_words(others, settings, actions)
    for option, target in (("--plot", plot_file), ("--csv", csv_file)):
        if target is not None:
            check_writable(option, target)
    grid = dict(_read_axis(text) for text in axes)
    if len(grid) < len(axes):
        message = "--over names a parameter twice; give each axis once"
        raise InvalidParameterError(message)
    if plot_file is not None:
        if len(grid) != 2:
            message = f"--plot draws a map over two axes, but --over names {len(grid)}"
            raise InvalidParameterError(message)
        check_matplotlib()
    scenario = read_scenario(name_or_file, power=power)
    model = changed_model(scenario_model(scenario), read_settings(settings), scenario.world)
    with show_progress(), _say_what_is_kept(store):
        found = sweep(
            model,
            scenario.world,
            grid=grid,
            measure=measures,
            actions=actions,
            hegemon=hegemon,
            executor=None if processes is None else "processes",
            workers=processes,
            store=store,
        )
    if csv_file is not None:
        labels_as_text(found).to_dataframe().to_csv(csv_file)
    if plot_file is not None:
        drawn = plot_regions(found, title=scenario.world.title)
        drawn.get_figure(root=True).savefig(plot_file)  # pyright: ignore[reportOptionalMemberAccess]
    console = make_console()
    for block in sweep_tables(console, found):
        console.print(block)
        console.print()
    for target in (plot_file, csv_file):
        if target is not None:
            console.print(f"Written to {target}", markup=False, soft_wrap=True)


@contextmanager
def _say_what_is_kept(store: str | None) -> Generator[None]:
    """Of an interrupted sweep."""
    try:
        yield
    except KeyboardInterrupt:
        message = "interrupted"
        if store is not None:
            message += f"; finished parts are in {store}, and the same command goes on from there"
        raise click.Abort(message) from None


def _is_axis(word: str, settings: Sequence[str]) -> bool:
    """Whether a word after an option goes on with --over, not with --set or --actions."""
    _, sign, values = word.partition("=")
    return bool(sign) and (not settings or ":" in values or "," in values)


def _read_axis(text: str) -> tuple[str, Sequence[Any]]:
    """An axis of --over: evenly spaced values, or a list of them."""
    name, sign, values = text.partition("=")
    if not sign or not name.strip() or not values.strip():
        message = f"--over {text}: expected PARAMETER=LOW:HIGH:COUNT or PARAMETER=A,B,..."
        raise InvalidParameterError(message)
    if ":" not in values:
        listed = [one.strip() for one in values.split(",")]
        if not all(listed):
            message = f"--over {text}: a value is blank; write PARAMETER=A,B,..."
            raise InvalidParameterError(message)
        return name.strip(), listed
    parts = values.split(":")
    if len(parts) != 3:
        message = f"--over {text}: expected three numbers, LOW:HIGH:COUNT"
        raise InvalidParameterError(message)
    low, high = (parse_number(part, f"--over {name}", InvalidParameterError) for part in parts[:2])
    try:
        count = int(parts[2])
    except ValueError:
        count = 0
    if count < 1:
        message = f"--over {text}: the count {parts[2]!r} must be a whole number of at least 1"
        raise InvalidParameterError(message)
    if count * _BYTES_A_VALUE > available_memory():
        message = f"--over {text}: an axis of {count:,} values does not fit in memory; take fewer"
        raise TableTooLargeError(message)
    return name.strip(), np.linspace(low, high, count).tolist()
