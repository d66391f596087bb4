"""Scenarios: a world from a file, and the model that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.setting import PER_STATE, read_per_state
from balancegame.errors import BalanceGameError
from balancegame.world.scenario_file import ScenarioFile, read_scenario
from balancegame.world.world import World

# Parameters whose domains depend on one another.
_RELATED = ("autonomy_loss", "domination_loss")


def load_scenario(name_or_path: str | Path, *, power: str | None = None) -> World:
    """The world of a bundled scenario, or of a scenario file.

    Parameters
    ----------
    name_or_path : str or Path
        One of `scenario_names()`, or the path of a file (docs/scenario-files.md).
    power : str, optional
        Which measure of power to take, where the file gives several; default its first.

    Raises
    ------
    UnknownScenarioError
        Neither a bundled scenario nor a file; the message offers the nearest name.
    ScenarioFormatError
        The file breaks the schema; the message names file, line and key, and what was expected.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.load_scenario("pacific-2016").threat
    'China'
    >>> bg.polarity(bg.load_scenario("unipolar-2000")).kind
    'unipolar'
    >>> bg.polarity(bg.load_scenario("unipolar-2000", power="cinc")).kind
    'bipolar'
    """
    scenario = read_scenario(name_or_path, power=power)
    scenario_model(scenario)
    return scenario.world


def load_model(name_or_path: str | Path) -> BalancingModel:
    """The balancing model of a scenario: its [model] table over the defaults.

    Parameters
    ----------
    name_or_path : str or Path
        As for `load_scenario`, whose errors this raises too.

    Returns
    -------
    BalancingModel

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.load_model("europe-1938")
    BalancingModel(autonomy_loss=0.8, decisiveness=2)
    """
    return scenario_model(read_scenario(name_or_path))


def scenario_model(scenario: ScenarioFile) -> BalancingModel:
    """The model of a scenario already read; errors name the file, line and key."""
    try:
        return _checked_model(scenario.model, scenario.world)
    except BalanceGameError as error:
        whole = error
    related = {k: scenario.model[k] for k in _RELATED if k in scenario.model}
    for name, value in scenario.model.items():
        try:  # one at a time, to know which is wrong
            _checked_model(
                related | {name: value} if name in related else {name: value}, scenario.world
            )
        except BalanceGameError as error:
            scenario.fail(str(error), "model", name)
    scenario.fail(str(whole), "model")


def _checked_model(parameters: Mapping[str, Any], world: World) -> BalancingModel:
    model = BalancingModel(**parameters)
    _check_states(model, world)
    return model


def _check_states(model: BalancingModel, world: World) -> None:
    """Refuse parameters given for other states than the world's players."""
    if world.threat is not None:
        for name in PER_STATE:
            read_per_state(getattr(model, name), name, world)
