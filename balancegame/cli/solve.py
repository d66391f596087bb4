"""``balancegame solve``."""

from __future__ import annotations

import warnings

import click
from click.core import ParameterSource

from balancegame.alliances.scenarios import scenario_model
from balancegame.alliances.used_parameters import Hegemon, used_parameters
from balancegame.cli.files import check_writable, write_json
from balancegame.cli.options import (
    actions_option,
    further_words,
    hegemon_option,
    power_option,
    settings_option,
    with_further_words,
)
from balancegame.cli.settings import changed_model, read_settings
from balancegame.errors import InvalidParameterError
from balancegame.games.nfg_reader import read_nfg
from balancegame.games.results import NashResult
from balancegame.present import tables
from balancegame.present.console import make_console
from balancegame.present.progress import show_progress
from balancegame.present.solution_report import camps_of_states, solution_report
from balancegame.solvers.nash import nash_equilibria
from balancegame.world.scenario_file import read_scenario

_MAX_SUPPORTS = 20_000  # some seconds


@click.command("solve")
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@further_words
@settings_option
@actions_option
@hegemon_option
@power_option
@click.option("--exact", is_flag=True, help="Payoffs in exact rationals (cohesion 0 only).")
@click.option("--json", "json_file", metavar="FILE", help="Write everything as JSON; - for stdout.")
@click.option(
    "--certificate",
    "certificate_file",
    metavar="FILE",
    help="Write the proof that the list is complete, for balancegame verify.",
)
@click.option(
    "--max-supports",
    type=click.IntRange(min=0),
    default=_MAX_SUPPORTS,
    show_default=True,
    help="With three players and more: pure equilibria only, where more supports are left.",
)
def command(
    name_or_file: str,
    more: tuple[str, ...],
    settings: tuple[str, ...],
    actions: tuple[str, ...],
    hegemon: Hegemon,
    power: str | None,
    json_file: str | None,
    certificate_file: str | None,
    max_supports: int,
    *,
    exact: bool,
) -> None:
    """Solve the balancing game of a scenario, or a game in a .nfg file."""
    settings, actions = with_further_words(more, settings, actions)
    for option, target in (("--json", json_file), ("--certificate", certificate_file)):
        if target is not None:
            check_writable(option, target)
    if name_or_file.lower().endswith(".nfg"):
        _refuse_model_options()
        _solve_nfg(name_or_file, json_file, certificate_file, max_supports)
        return
    scenario = read_scenario(name_or_file, power=power)
    changes = read_settings(settings)
    model = changed_model(scenario_model(scenario), changes, scenario.world)
    with show_progress(), warnings.catch_warnings(record=True) as caught:
        game = model.game(scenario.world, actions, hegemon=hegemon, exact=exact)
        result = nash_equilibria(game, max_supports=max_supports)
    _write_certificate(result, certificate_file)
    notes = [str(one.message) for one in caught]
    for note in notes:
        warnings.warn(note, UserWarning, stacklevel=1)
    origins = dict.fromkeys(scenario.model, "scenario") | {name: "--set" for name, _, _ in changes}
    used = used_parameters(model, actions, hegemon)
    if json_file is not None:
        report = solution_report(scenario, model, origins, result)
        write_json(json_file, report | {"notes": notes})
        if json_file == "-":
            return
    console = make_console()
    console.print(tables.world_table(console, scenario.world))
    console.print()
    console.print(tables.model_table(console, model, origins, used))
    console.print()
    shown = [
        camps_of_states(model, scenario.world, found) for found in result[: tables.MOST_LISTED]
    ]
    for block in tables.equilibria_tables(console, result, shown):
        console.print(block)


def _refuse_model_options() -> None:
    """A game from a .nfg file has its payoffs already."""
    context = click.get_current_context()
    for name in ("settings", "actions", "hegemon", "power", "exact"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = "set" if name == "settings" else name
            message = f"--{option} changes a scenario's model; a .nfg file holds the game itself"
            raise click.UsageError(message)


def _write_certificate(result: NashResult, target: str | None) -> None:
    if target is None:
        return
    with show_progress():
        certificate = result.certificate
    if certificate is None:
        message = (
            f"--certificate {target}: there is none, for the list is not proven complete, or not "
            "in a way that certificates can hold (see docs/certificates.md)"
        )
        raise InvalidParameterError(message)
    certificate.save(target)


def _solve_nfg(
    path: str, json_file: str | None, certificate_file: str | None, max_supports: int
) -> None:
    with show_progress():
        result = nash_equilibria(read_nfg(path), max_supports=max_supports)
    _write_certificate(result, certificate_file)
    if json_file is not None:
        write_json(json_file, result.to_dict())
        if json_file == "-":
            return
    console = make_console()
    for text in (result.game, result):
        console.print(str(text), markup=False, soft_wrap=True)
        console.print()
