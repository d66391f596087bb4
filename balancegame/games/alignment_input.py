"""Sizes and propensities of an alignment game as users give them, checked and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from typing import Any

import numpy as np

from balancegame._checks import check_known, check_names, is_sized
from balancegame._numbers import (
    compare,
    exact_value,
    exactly,
    format_number,
    parse_number,
    shorten,
)
from balancegame._words import counted, listed
from balancegame.errors import (
    BalanceGameError,
    InvalidPropensityError,
    InvalidShapeError,
    InvalidSizeError,
    InvalidTypeError,
    UnknownStateError,
)

_ROUNDING = 1e-12  # of computed matrices, relative to the entry


def read_names(names: Sequence[str] | None, size: Any, propensity: Any) -> tuple[str, ...]:
    """The states' names: as given, as the keys of a mapping, or "state 0", "state 1", ..."""
    if names is not None:
        return check_names(names, "names")
    for argument, values in (("size", size), ("propensity", propensity)):
        if type(values).__name__ == "World":
            message = (
                f"{argument} is a World; give its numbers: AlignmentGame(world.power, "
                "world.parallelism, world.names)"
            )
            raise InvalidTypeError(message)
        given = _as_given(values)
        if isinstance(given, Mapping):
            inner = [b for row in given.values() if isinstance(row, Mapping) for b in row]
            return check_names(tuple(dict.fromkeys([*given, *inner])), "names")
    count = next((len(one) for one in (size, propensity) if is_sized(one)), None)
    if count is None or isinstance(size, str):
        message = "neither size nor propensity says how many states there are; give names"
        raise InvalidShapeError(message)
    return check_names([f"state {i}" for i in range(count)], "names")


def read_sizes(size: Any, names: tuple[str, ...]) -> tuple[float, ...]:
    """Positive sizes, one a state; one number serves all alike."""
    given = _as_given(size)
    if _is_number(given):
        given = [given] * len(names)
    if isinstance(given, Mapping):
        given = in_order(given, names, "size", InvalidSizeError)
    if isinstance(given, str | bytes | Set) or not is_sized(given):
        message = f"size is {shorten(size)}; give one number a state"
        raise InvalidTypeError(message)
    if len(given) != len(names):
        message = (
            f"size has {counted(len(given), 'entry')} for {counted(len(names), 'state')}; give "
            "one each"
        )
        raise InvalidShapeError(message)
    values = [
        parse_number(value, f"size of {name}", InvalidSizeError)
        for value, name in zip(given, names, strict=True)
    ]
    for value, name in zip(values, names, strict=True):
        if exactly(value) <= 0:
            message = (
                f"size of {name} is {format_number(value)}; it must be positive. Leave a state "
                "without weight out of the game"
            )
            raise InvalidSizeError(message)
    return tuple(values)


def read_propensities(
    propensity: Any, names: tuple[str, ...], argument: str = "propensity"
) -> tuple[tuple[float, ...], ...]:
    """The symmetric matrix of propensities; its diagonal plays no part and is read as 0."""
    given = _as_given(propensity)
    n = len(names)
    if _is_number(given):
        value = parse_number(given, argument, InvalidPropensityError)
        return tuple(tuple(value if i != j else _ZERO for j in range(n)) for i in range(n))
    rows = (
        _rows_by_name(given, names, argument)
        if isinstance(given, Mapping)
        else _rows(given, n, argument)
    )
    values = [
        [
            _ZERO
            if i == j
            else parse_number(rows[i][j], f"{argument} of {a} and {b}", InvalidPropensityError)
            for j, b in enumerate(names)
        ]
        for i, a in enumerate(names)
    ]
    _check_symmetric(values, names, argument)
    return tuple(map(tuple, values))


_ZERO = parse_number(0, "zero")


def _as_given(values: Any) -> Any:
    """Labelled data (a pandas Series or DataFrame) as a mapping, all else as it is."""
    if not hasattr(values, "to_dict"):
        return values
    labelled = values.to_dict()
    if all(isinstance(label, str) for label in labelled):
        return labelled
    return values.to_numpy()


def _is_number(given: Any) -> bool:
    return isinstance(given, str | int | float | Fraction | np.number) or (
        not is_sized(given) and not hasattr(given, "__iter__") and not isinstance(given, np.ndarray)
    )


def in_order(
    given: Mapping[str, Any],
    names: tuple[str, ...],
    argument: str,
    error: type[BalanceGameError],
) -> list[Any]:
    """A mapping's values in the order of the states, none missing."""
    for name in given:
        check_known(name, names, f"state in {argument}", UnknownStateError)
    missing = [name for name in names if name not in given]
    if missing:
        message = f"{argument} has no entry for {listed(missing)}; name every state"
        raise error(message)
    return [given[name] for name in names]


def _rows(given: Any, n: int, argument: str) -> list[list[Any]]:
    bad: tuple[type, ...] = (str, bytes, Set, Mapping)
    rows = list(given) if is_sized(given) and not isinstance(given, bad) else []
    lengths = [len(row) if is_sized(row) and not isinstance(row, bad) else None for row in rows]
    if lengths != [n] * n:
        shape = getattr(given, "shape", f"rows of lengths {shorten(lengths)}")
        message = f"{argument} has shape {shape}, expected ({n}, {n}): one row a state"
        raise InvalidShapeError(message)
    return [list(row) for row in rows]


def _rows_by_name(
    given: Mapping[str, Any], names: tuple[str, ...], argument: str
) -> list[list[Any]]:
    """Rows from {a: {b: value}}; one of (a, b) and (b, a) is enough."""
    for a, row in given.items():
        check_known(a, names, f"state in {argument}", UnknownStateError)
        if not isinstance(row, Mapping):
            message = f"{argument} of {a} is {shorten(row)}; give {{state: number}}"
            raise InvalidTypeError(message)
        for b in row:
            check_known(b, names, f"state in {argument} of {a}", UnknownStateError)

    def entry(a: str, b: str) -> Any:
        for one, other in ((a, b), (b, a)):
            if other in given.get(one, {}):
                return given[one][other]
        message = f"{argument} has no entry for {a} and {b}; name every pair of states"
        raise InvalidPropensityError(message)

    return [[0 if a == b else entry(a, b) for b in names] for a in names]


def _check_symmetric(values: list[list[float]], names: tuple[str, ...], argument: str) -> None:
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            here, there = values[i][j], values[j][i]
            if compare(here, there) == 0 and exactly(here) == exactly(there):
                continue
            if _is_rounding(here, there):
                values[i][j] = values[j][i] = (here + there) / 2.0
                continue
            message = (
                f"{argument} of {a} and {b} is {format_number(here)} one way and "
                f"{format_number(there)} the other; only symmetric ones have a potential, "
                "and with it stable alignments. Take the mean of both, or build the "
                "NormalFormGame of the states' payoffs: pure_nash then finds every stable "
                "alignment of some twenty states, if there is any"
            )
            raise InvalidPropensityError(message)


def _is_rounding(here: float, there: float) -> bool:
    if exact_value(here) is not None or exact_value(there) is not None:
        return False
    return abs(here - there) <= _ROUNDING * max(abs(here), abs(there))
