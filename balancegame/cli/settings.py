"""Changes to a model from the command line: `--set`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from balancegame._checks import check_known
from balancegame.alliances.balancing import BalancingModel, parameter_domains, parameter_symbols
from balancegame.errors import InvalidParameterError, UnknownParameterError, UnknownStateError
from balancegame.world.world import World


def read_settings(settings: Sequence[str]) -> list[tuple[str, str, str]]:
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


def changed_model(
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
