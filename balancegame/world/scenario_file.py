"""Scenario files: a small table of facts, each with its source, in TOML.

The schema is documented in docs/scenario-files.md. Files are untrusted: they are parsed as data,
sizes are bounded, and whatever does not belong is refused with the file, the line and the key.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_names
from balancegame._numbers import exactly, format_number, shorten
from balancegame._words import counted
from balancegame.errors import (
    InvalidTypeError,
    ScenarioFormatError,
    UnknownNameError,
    UnknownScenarioError,
)
from balancegame.world.interests import kappa, s_score
from balancegame.world.scenario_writer import UNSPECIFIED
from balancegame.world.toml_table import TomlDecimal, TomlTable
from balancegame.world.world import World
from balancegame.world.world_input import read_exposure, read_parallelism, read_power

_MAX_BYTES = 1 << 20
_MAX_STATES = 500
_FOLDER = resources.files("balancegame.world") / "scenarios"
_MEASURES = {"kappa": kappa, "s_score": s_score}

# Obligations in the order of their rank, Signorino & Ritter (1999).
OBLIGATIONS = {"defence_or_offence": 3, "neutrality_or_nonaggression": 2, "consultation": 1}


@dataclass(frozen=True)
class ScenarioFile:
    """What a scenario file holds.

    Attributes
    ----------
    name : str
        The bundled name, or the file's.
    world : World
    model : mapping
        The [model] table: parameter -> number, text, or {state: number}.
    power_measures : mapping
        Measure of power -> what it is; the first is the one in `world` unless another was asked
        for.
    parallelism_measure : str
        How parallelism was obtained; may be empty.
    """

    name: str
    world: World
    model: Mapping[str, Any]
    power_measures: Mapping[str, str]
    parallelism_measure: str
    _root: TomlTable = field(repr=False, compare=False)

    def fail(self, reason: str, *path: str) -> NoReturn:
        """Refuse the file for what a model found wrong with an entry."""
        self._root.fail(reason, *path)


def scenario_names() -> tuple[str, ...]:
    """The names of the bundled scenarios, in alphabetical order.

    Examples
    --------
    >>> import balancegame as bg
    >>> "europe-1938" in bg.scenario_names()
    True
    """
    return tuple(
        sorted(
            entry.name.removesuffix(".toml")
            for entry in _FOLDER.iterdir()
            if entry.name.endswith(".toml")
        )
    )


def read_scenario(name_or_path: str | Path, *, power: str | None = None) -> ScenarioFile:
    """Read a bundled scenario, or a scenario file.

    `power` chooses among the measures of power the file gives; default the first.
    """
    if isinstance(name_or_path, str) and name_or_path in scenario_names():
        source = f"{name_or_path}.toml"
        content = (_FOLDER / source).read_bytes()
        return _parse(content, name_or_path, source, power)
    if not isinstance(name_or_path, str | os.PathLike):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"{shorten(name_or_path)} is neither the name nor the path of a scenario"
        raise InvalidTypeError(message)
    path = Path(name_or_path)
    if path.suffix.lower() == ".nfg":
        message = f"{path.name} is a game, not a scenario; read_nfg and `balancegame solve` read it"
        raise ScenarioFormatError(message)
    try:
        if not path.is_file():
            if path.suffix or len(path.parts) > 1:
                message = f"there is no scenario file {shorten(str(name_or_path))}"
                raise UnknownScenarioError(message)
            _check_name(str(name_or_path))
        if path.stat().st_size > _MAX_BYTES:
            message = f"{path.name} is larger than {_MAX_BYTES >> 20} MiB, too large for a scenario"
            raise ScenarioFormatError(message)
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot read the scenario {shorten(str(name_or_path))}: {error.strerror}"
        raise ScenarioFormatError(message) from None
    return _parse(content, path.stem, path.name, power)


def _check_name(name: str) -> None:
    try:
        check_known(name, scenario_names(), "scenario", UnknownScenarioError)
    except UnknownScenarioError as error:
        message = f"{error}; a scenario of your own is given by the path of its file, as mine.toml"
        raise UnknownScenarioError(message) from None


def _parse(content: bytes, name: str, source: str, power: str | None) -> ScenarioFile:
    try:
        text = content.decode("utf-8")
        # Decimals stay text until `parse_number` reads them exactly.
        tree = tomllib.loads(text.removeprefix("\ufeff"), parse_float=TomlDecimal)
    except (ValueError, RecursionError) as error:
        message = f"{source}: {_first_line(error)}"
        raise ScenarioFormatError(message) from None
    return _scenario(TomlTable(tree, source, text, ()), name, power)


def _scenario(root: TomlTable, name: str, power: str | None) -> ScenarioFile:
    title = root.text("title")
    threat = root.text("threat") if root.has("threat") else None
    general = root.texts("sources", required=False)
    power_table = root.table("power")
    values, measures, power_source = _read_power(power_table, power, sourced=bool(general))
    names = tuple(values)
    if threat is not None:
        root.guard(check_known, threat, names, "threat", UnknownNameError, key="threat")
    parallelism, how, parallelism_source = _read_parallelism(root, names, sourced=bool(general))
    exposure, exposure_source = _read_exposure(root, names, threat, sourced=bool(general))
    model = root.table("model", required=False).plain()
    root.finish()
    chosen = next(iter(measures)) if power is None else power
    sources = [line for line in general if line != UNSPECIFIED]
    for what, found in (
        (f"power ({measures[chosen]})" if measures[chosen] else "power", power_source),
        (f"parallelism ({how})" if how else "parallelism", parallelism_source),
        ("exposure", exposure_source),
    ):
        if found:
            sources.append(f"{what}: {found}")
    world = root.guard(
        World,
        names,
        values,
        parallelism,
        threat=threat,
        exposure=exposure,
        title=title,
        sources=sources,
        power_measure=measures[chosen],
    )
    return ScenarioFile(name, world, model, measures, how, root)


def _read_power(
    table: TomlTable, chosen: str | None, *, sourced: bool
) -> tuple[dict[str, float], dict[str, str], str]:
    """Powers by the chosen measure, all measures by name, and the chosen one's source."""
    alternatives = table.table("alternatives", required=False)
    options = {"": table} | {key: alternatives.table(key) for key in alternatives.entries()}
    found: dict[str, tuple[dict[str, float], str, str]] = {}
    for key, option in options.items():
        label = option.text("name", required=False) or "default" if key == "" else key
        if label in found or not label.strip():
            option.fail(f"the measure needs a name of its own, not {label!r}")
        measure = option.text("measure")
        source = option.text("source", required=not sourced)
        numbers = _read_powers(option.table("values"))
        found[label] = (numbers, "" if measure == UNSPECIFIED else measure, source)
        option.finish()
    first = next(iter(found.values()))[0]
    for key, (numbers, _, _) in found.items():
        if set(numbers) != set(first):
            states = ", ".join(sorted(set(numbers) ^ set(first)))
            table.fail(f"the measure {key!r} and the first do not cover the same states: {states}")
    label = next(iter(found)) if chosen is None else chosen
    check_known(label, tuple(found), "measure of power", UnknownNameError)
    numbers, _, source = found[label]
    ordered = {state: numbers[state] for state in first}
    return ordered, {key: measure for key, (_, measure, _) in found.items()}, source


def _read_powers(table: TomlTable) -> dict[str, float]:
    numbers = table.numbers()
    if len(numbers) > _MAX_STATES:
        table.fail(f"{len(numbers)} states are more than the {_MAX_STATES} a scenario may have")
    for state, value in numbers.items():
        table.guard(read_power, [value], (state,), key=state)
        table.guard(check_names, [state], "a state", key=state)
    return numbers


def _read_parallelism(
    root: TomlTable, names: tuple[str, ...], *, sourced: bool
) -> tuple[Any, str, str]:
    if not root.has("parallelism"):
        return None, "", ""
    table = root.table("parallelism")
    source = table.text("source", required=not sourced)
    if table.has("obligations"):
        measure = table.text("measure")
        if measure not in _MEASURES:
            known = ", ".join(_MEASURES)
            table.fail(f"expected one of {known}, found {measure!r}", "measure")
        portfolios = _read_portfolios(table, names)
        table.finish()
        columns = portfolios.shape[1]
        how = f"{measure}, unweighted, over {counted(columns, 'state')}"
        return _MEASURES[measure](portfolios).tolist(), how, source
    how = table.text("measure", required=False)
    rows = table.table("values")
    tables = {state: rows.table(state) for state in rows.entries()}
    values = {state: row.numbers() if row.entries() else {} for state, row in tables.items()}
    for state, row in values.items():
        for other, value in row.items():
            if not -1 <= exactly(value) <= 1:
                message = f"the value is {format_number(value)}, outside [-1, 1]"
                rows.fail(message, state, other)
    rows.finish()
    rows.guard(read_parallelism, values, names)
    table.finish()
    return values, "" if how == UNSPECIFIED else how, source


def _read_portfolios(table: TomlTable, names: Sequence[str]) -> NDArray[np.float64]:
    """One row a state over the whole system; a state's own entry has the highest rank."""
    system = table.texts("system")
    if len(set(system)) != len(system):
        table.fail("a state is listed twice", "system")
    column = {state: k for k, state in enumerate(system)}
    for name in names:
        if name not in column:
            table.fail(f"{name} is missing; list every state of the system", "system")
    rows = table.table("obligations")
    portfolios = np.zeros((len(names), len(system)))
    for i, name in enumerate(names):
        if name not in rows.entries():
            table.fail(f"{name} is missing; give it an empty table if it has none", "obligations")
        row = rows.table(name)
        portfolios[i, column[name]] = max(OBLIGATIONS.values())
        for kind, rank in OBLIGATIONS.items():
            for partner in row.texts(kind, required=False):
                row.guard(check_known, partner, system, "partner", UnknownNameError, key=kind)
                if portfolios[i, column[partner]]:
                    row.fail(f"{partner} has a rank already; list it once", kind)
                portfolios[i, column[partner]] = rank
        row.finish()
    rows.finish()
    return portfolios


def _read_exposure(
    root: TomlTable, names: tuple[str, ...], threat: str | None, *, sourced: bool
) -> tuple[dict[str, float] | None, str]:
    if not root.has("exposure"):
        return None, ""
    table = root.table("exposure")
    source = table.text("source", required=not sourced)
    numbers = table.table("values")
    values = numbers.numbers()
    for state, value in values.items():
        numbers.guard(read_exposure, [value], (state,), key=state)
    numbers.guard(read_exposure, values, names, threat)
    table.finish()
    return values, source


def _first_line(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text.splitlines()[0][:300]
