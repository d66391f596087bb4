"""The command line: ``balancegame scenarios | show | solve | sweep | verify | world``."""

from __future__ import annotations

import io
import json
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from click.core import ParameterSource

from balancegame._checks import check_known
from balancegame._numbers import parse_number
from balancegame.alliances.actions import ACTIONS
from balancegame.alliances.balancing import BalancingModel, parameter_domains, parameter_symbols
from balancegame.alliances.scenarios import scenario_model
from balancegame.alliances.used_parameters import Hegemon, used_parameters
from balancegame.analysis.sweeps.dataset import labels_as_text
from balancegame.analysis.sweeps.sweep import sweep as run_sweep
from balancegame.certificates.verification import verify
from balancegame.errors import (
    BalanceGameError,
    InvalidParameterError,
    UnknownParameterError,
    UnknownStateError,
)
from balancegame.games.nfg_reader import read_nfg
from balancegame.games.results import NashResult
from balancegame.present import tables
from balancegame.present.console import make_console
from balancegame.present.progress import show_progress
from balancegame.present.region_figure import plot_regions
from balancegame.present.solution_report import camps_of_states, solution_report
from balancegame.present.sweep_tables import sweep_tables
from balancegame.solvers.nash import nash_equilibria
from balancegame.world.scenario_file import read_scenario, scenario_names
from balancegame.world.world import World
from balancegame.world.world_from_data import world_from_data

DONE, CLAIM_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


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
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="balancegame")
def cli() -> None:
    """Games of alliance and balance of power: who balances, who bandwagons, who passes the buck."""


@cli.command()
def scenarios() -> None:
    """List the bundled scenarios."""
    console = make_console()
    console.print(
        tables.scenarios_table(console, [read_scenario(name) for name in scenario_names()])
    )


_MAX_SUPPORTS = 20_000  # some seconds
_POWER = click.option("--power", metavar="MEASURE", help="Which of the file's measures of power.")
_HEGEMON = click.option(
    "--hegemon",
    type=click.Choice(["fixed", "strategic"]),
    default="fixed",
    show_default=True,
    help="Whether the threat chooses too (expand, restrain, opportunist).",
)


@cli.command()
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@_POWER
def show(name_or_file: str, power: str | None) -> None:
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


@cli.command()
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER[.STATE]=VALUE",
    help="Change a model parameter, for all states or for one; may be repeated, or take several.",
)
@click.option(
    "--actions",
    multiple=True,
    default=["balance,bandwagon,neutral"],
    show_default=True,
    metavar="A,B,...",
    help=f"What the states may do: some of {', '.join(ACTIONS)}; or all.",
)
@_HEGEMON
@_POWER
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
def solve(
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
    settings, actions = _with_further_words(more, settings, actions)
    for option, target in (("--json", json_file), ("--certificate", certificate_file)):
        if target is not None:
            _check_writable(option, target)
    if name_or_file.lower().endswith(".nfg"):
        _refuse_model_options()
        _solve_nfg(name_or_file, json_file, certificate_file, max_supports)
        return
    scenario = read_scenario(name_or_file, power=power)
    changes = _read_settings(settings)
    model = _changed_model(scenario_model(scenario), changes, scenario.world)
    names = ACTIONS if actions == ("all",) else actions
    with show_progress(), warnings.catch_warnings(record=True) as caught:
        game = model.game(scenario.world, names, hegemon=hegemon, exact=exact)
        result = nash_equilibria(game, max_supports=max_supports)
    _write_certificate(result, certificate_file)
    notes = [str(one.message) for one in caught]
    for note in notes:
        warnings.warn(note, UserWarning, stacklevel=1)
    origins = dict.fromkeys(scenario.model, "scenario") | {name: "--set" for name, _, _ in changes}
    used = used_parameters(model, names, hegemon)
    if json_file is not None:
        report = solution_report(scenario, model, origins, result)
        _write_json(json_file, report | {"notes": notes})
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


@cli.command()
@click.argument("name_or_file", metavar="NAME_OR_FILE")
@click.option(
    "--over",
    "axes",
    multiple=True,
    required=True,
    metavar="PARAMETER[.STATE]=LOW:HIGH:COUNT",
    help="An axis: a model parameter, power_ratio or parallelism; or values A,B,...",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER[.STATE]=VALUE",
    help="Change a model parameter, for all states or for one; may be repeated.",
)
@click.option(
    "--actions",
    default="balance,bandwagon,neutral",
    show_default=True,
    metavar="A,B,...",
    help=f"What the states may do: some of {', '.join(ACTIONS)}; or all.",
)
@_HEGEMON
@click.option(
    "--measure",
    "measures",
    multiple=True,
    default=["region"],
    show_default=True,
    help="What to measure; may be repeated.",
)
@_POWER
@click.option("--store", metavar="DIR", help="Keep finished parts there, to go on from.")
@click.option("--processes", type=click.IntRange(min=1), help="Work in so many processes.")
@click.option("--plot", "plot_file", metavar="FILE", help="Draw the map of the first measure.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write a row a point; labels as text.")
def sweep(
    name_or_file: str,
    axes: tuple[str, ...],
    settings: tuple[str, ...],
    actions: str,
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
    for option, target in (("--plot", plot_file), ("--csv", csv_file)):
        if target is not None:
            _check_writable(option, target)
    grid = dict(_read_axis(text) for text in axes)
    if len(grid) < len(axes):
        message = "--over names a parameter twice; give each axis once"
        raise InvalidParameterError(message)
    if plot_file is not None and len(grid) != 2:
        message = f"--plot draws a map over two axes, but --over names {len(grid)}"
        raise InvalidParameterError(message)
    scenario = read_scenario(name_or_file, power=power)
    model = _changed_model(scenario_model(scenario), _read_settings(settings), scenario.world)
    names = ACTIONS if actions == "all" else tuple(one.strip() for one in actions.split(","))
    with show_progress():
        found = run_sweep(
            model,
            scenario.world,
            grid=grid,
            measure=measures,
            actions=names,
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


def _read_axis(text: str) -> tuple[str, Sequence[Any]]:
    """An axis of --over: evenly spaced values, or a list of them."""
    name, sign, values = text.partition("=")
    if not sign or not name.strip() or not values.strip():
        message = f"--over {text}: expected PARAMETER=LOW:HIGH:COUNT or PARAMETER=A,B,..."
        raise InvalidParameterError(message)
    if ":" not in values:
        return name.strip(), [one.strip() for one in values.split(",") if one.strip()]
    parts = values.split(":")
    if len(parts) != 3:
        message = f"--over {text}: expected three numbers, LOW:HIGH:COUNT"
        raise InvalidParameterError(message)
    low, high = (parse_number(part, f"--over {name}", InvalidParameterError) for part in parts[:2])
    if not parts[2].strip().isdigit() or int(parts[2]) < 1:
        message = f"--over {text}: the count {parts[2]!r} must be a whole number of at least 1"
        raise InvalidParameterError(message)
    return name.strip(), np.linspace(low, high, int(parts[2])).tolist()


@cli.command("verify")
@click.argument("file", metavar="FILE")
def verify_file(file: str) -> int:
    """Re-check a certificate; no solver is involved. Exit code 1 if a claim fails."""
    with show_progress():
        try:
            found = verify(file)
        except ValueError as error:
            raise InvalidParameterError(str(error)) from None
    make_console().print(str(found), markup=False, soft_wrap=True)
    return DONE if found.ok else CLAIM_FAILED


_DATA_SETS = {
    "capabilities": "National Material Capabilities",
    "alliances": "ATOP directed dyad-years",
    "membership": "state system membership",
    "major_powers": "major powers",
    "contiguity": "direct contiguity",
    "rivalries": "strategic rivalries",
}


def _data_options(command: Any) -> Any:
    """One option a data set."""
    for name, what in reversed(_DATA_SETS.items()):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, metavar="FILE", help=f"The file of {what}.")(command)
    return command


@cli.command("world")
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
def world_of_year(year: int, output: str | None, **options: Any) -> None:
    """Write the world of a YEAR, from files of the field's data sets, as a scenario file.

    `show` and `solve` read what this writes.
    """
    if output is not None:
        _check_writable("--output", output)
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


def _with_further_words(
    more: Sequence[str], settings: Sequence[str], actions: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Let options take several words: ``--set a=1 b=2``, ``--actions balance neutral``."""
    given = click.get_current_context().get_parameter_source("actions")
    listed = [*actions, *(word for word in more if "=" not in word)]
    for word in more:
        if not settings if "=" in word else given is not ParameterSource.COMMANDLINE:
            message = f"Got unexpected extra argument ({word})"
            raise click.UsageError(message)
    named = tuple(name.strip() for words in listed for name in words.split(",") if name.strip())
    if not named:
        message = f"--actions is blank; give some of {', '.join(ACTIONS)}"
        raise InvalidParameterError(message)
    return (*settings, *(word for word in more if "=" in word)), named


def _refuse_model_options() -> None:
    """A game from a .nfg file has its payoffs already."""
    context = click.get_current_context()
    for name in ("settings", "actions", "hegemon", "power", "exact"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = "set" if name == "settings" else name
            message = f"--{option} changes a scenario's model; a .nfg file holds the game itself"
            raise click.UsageError(message)


def _check_writable(option: str, target: str) -> None:
    """Before any work is done for it."""
    if target == "-" and option == "--json":
        return
    path = Path(target)
    if path.is_dir() or not path.absolute().parent.is_dir():
        message = f"{option} {target}: " + (
            "is a folder" if path.is_dir() else "no such folder to write a file in"
        )
        raise InvalidParameterError(message)


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
        _write_json(json_file, result.to_dict())
        if json_file == "-":
            return
    console = make_console()
    for text in (result.game, result):
        console.print(str(text), markup=False, soft_wrap=True)
        console.print()


def _read_settings(settings: Sequence[str]) -> list[tuple[str, str, str]]:
    """(parameter, state or "", value) of each --set."""
    changes: list[tuple[str, str, str]] = []
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign or not value.strip():
            message = f"--set {setting}: expected PARAMETER=VALUE, for instance autonomy_loss=0.8"
            raise InvalidParameterError(message)
        name, dot, state = key.partition(".")
        if dot and not state.strip():
            message = f"--set {setting}: name the state after the point, or leave the point out"
            raise InvalidParameterError(message)
        check_known(
            name.strip(),
            tuple(parameter_domains()),
            "parameter",
            UnknownParameterError,
            aliases=parameter_symbols(),
        )
        changes.append((name.strip(), state.strip(), value.strip()))
    return changes


def _changed_model(
    model: BalancingModel, changes: Sequence[tuple[str, str, str]], world: World
) -> BalancingModel:
    """The model with all changes made; a change for one state keeps the others' values."""
    parameters: dict[str, Any] = model.parameters()
    for name, state, value in changes:
        if not state:
            parameters[name] = value
            continue
        if state == world.threat:
            message = f"--set {name}.{state}: {state} is the threat; {name} is the other states'"
            raise UnknownStateError(message)
        check_known(state, world.states, f"state in --set {name}", UnknownStateError)
        current = parameters[name]
        if not isinstance(current, Mapping):
            current = dict.fromkeys(world.states, current)
        parameters[name] = {**current, state: value}
    return BalancingModel(**parameters)


def _write_json(target: str, report: Mapping[str, Any]) -> None:
    text = json.dumps(report, indent=2, ensure_ascii=False)
    if target == "-":
        click.echo(text)
    else:
        Path(target).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
