"""The axes of a sweep: named parameters and the values they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_names
from balancegame._numbers import exactly, format_number, parse_number, shorten
from balancegame.alliances.balancing import BalancingModel, parameter_domains, parameter_symbols
from balancegame.alliances.parameters import parameter_text
from balancegame.errors import (
    InvalidGridError,
    InvalidParameterError,
    InvalidTypeError,
    UnknownParameterError,
    UnknownStateError,
)
from balancegame.world.world import World

POWER_RATIO, PARALLELISM = "power_ratio", "parallelism"
_BUILDER_VALUES = (bool, int, float, str, np.generic)


@dataclass(frozen=True, slots=True)
class Axis:
    """One parameter and its values, in the order of the grid.

    Attributes
    ----------
    name : str
        A parameter, ``parameter.state``, ``power_ratio``, ``parallelism``, or an argument of a
        builder.
    values : tuple
        Numbers, or text.
    """

    name: str
    values: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def coordinate(self) -> NDArray[Any]:
        """The values as a coordinate of the dataset."""
        return np.array(self.values)

    def text(self, place: int) -> str:
        """The axis at one of its values, for messages."""
        return f"{self.name}={parameter_text(self.values[place])}"


def read_axes(
    grid: object, arguments: frozenset[str] | None, world: World | None, *, has_model: bool
) -> tuple[Axis, ...]:
    """The axes of a grid, each value in its parameter's domain.

    `arguments` are what the builders take, None standing for anything; `has_model` tells whether
    there is a model (or its builder) to which parameters apply, and `world` is the world, where
    it is not built.
    """
    if not isinstance(grid, Mapping):
        message = f"grid is {shorten(grid)}; give a mapping {{parameter: values}}"
        raise InvalidTypeError(message)
    if not grid:
        message = 'grid is empty; name at least one axis, for instance {"power_ratio": [1, 2]}'
        raise InvalidGridError(message)
    return tuple(
        _read_axis(name, values, arguments, world, has_model=has_model)
        for name, values in grid.items()
    )


def _read_axis(
    name: object,
    values: object,
    arguments: frozenset[str] | None,
    world: World | None,
    *,
    has_model: bool,
) -> Axis:
    taken = arguments is None or name in arguments
    parameters = (POWER_RATIO, PARALLELISM, *parameter_domains()) if has_model else ()
    known = (*sorted(arguments or ()), *parameters)
    parameter, dot, state = str(name).partition(".")
    if arguments is None:
        check_names([name], "names of grid")  # pyright: ignore[reportArgumentType]
    if not taken:
        if not known:
            message = f"grid names {shorten(name)}, but the builder takes no argument by name"
            raise UnknownParameterError(message)
        check_known(
            parameter if dot else name,
            known,
            "parameter in grid",
            UnknownParameterError,
            aliases=parameter_symbols() if has_model else None,
        )
    given = _listed(values, f"grid[{str(name)!r}]")
    read = _builder_value if taken else _reader(parameter, state if dot else None, world)
    found = tuple(read(value, f"grid[{str(name)!r}][{k}]") for k, value in enumerate(given))
    repeated = (
        next((v for k, v in enumerate(found) if v in found[:k]), None)
        if (len(set(found)) < len(found))
        else None
    )
    if repeated is not None:
        message = f"grid[{str(name)!r}] repeats {parameter_text(repeated)}; give each value once"
        raise InvalidGridError(message)
    text, number = (
        next((k for k, v in enumerate(found) if isinstance(v, str) is is_text), None)
        for is_text in (True, False)
    )
    if text is not None and number is not None:
        message = (
            f"grid[{str(name)!r}] mixes text ([{text}] is {shorten(found[text])}) and numbers "
            f"([{number}] is {shorten(found[number])}); give one or the other"
        )
        raise InvalidGridError(message)
    return Axis(str(name), found)


def _listed(values: object, argument: str) -> Sequence[Any]:
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        message = f"{argument} is {shorten(values)}; give a sequence of values"
        raise InvalidTypeError(message)
    if getattr(values, "ndim", 1) != 1:  # arrays, labelled or not
        message = f"{argument} has more than one dimension; give a sequence of values"
        raise InvalidTypeError(message)
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if not listed:
        message = f"{argument} is empty; give at least one value"
        raise InvalidGridError(message)
    return listed


def _builder_value(value: object, argument: str) -> Any:
    if not isinstance(value, _BUILDER_VALUES):
        message = (
            f"{argument} is {shorten(value)}, of type {type(value).__name__}; an axis that a "
            "builder takes holds numbers (int, float, bool) or text, such as '1/2' for it to read"
        )
        raise InvalidTypeError(message)
    return value.item() if isinstance(value, np.generic) else value


def _reader(parameter: str, state: str | None, world: World | None) -> Any:
    """A function that reads one value of an axis the model or the world knows."""
    if parameter in (POWER_RATIO, PARALLELISM):
        if state is not None:
            message = f"grid names {parameter}.{state}; {parameter} is one number for the world"
            raise InvalidParameterError(message)
        return _power_ratio if parameter == POWER_RATIO else _parallelism
    domain = parameter_domains()[parameter]
    if state is not None:
        if not domain.per_state:
            message = f"grid names {parameter}.{state}; {parameter} is one number for the world"
            raise InvalidParameterError(message)
        if world is not None:
            check_known(state, world.states, f"state in grid[{parameter!r}]", UnknownStateError)
    if parameter in ("contest", "affinity_exponent"):  # the model itself knows their few values
        return lambda value, _argument: getattr(BalancingModel(**{parameter: value}), parameter)

    def read(value: Any, argument: str) -> float:
        number = parse_number(value, argument, InvalidParameterError)
        if not domain.holds(exactly(number)):
            message = f"{argument} is {format_number(number)}, outside the domain {domain.text}"
            raise InvalidParameterError(message)
        return number

    return read


def _power_ratio(value: Any, argument: str) -> float:
    number = parse_number(value, argument, InvalidParameterError)
    if number <= 0.0:
        message = f"{argument} is {format_number(number)}; a ratio of powers is positive"
        raise InvalidParameterError(message)
    return number


def _parallelism(value: Any, argument: str) -> float:
    number = parse_number(value, argument, InvalidParameterError)
    if not -1 <= exactly(number) <= 1:
        message = f"{argument} is {format_number(number)}; parallelism lies in [-1, 1]"
        raise InvalidParameterError(message)
    return number
