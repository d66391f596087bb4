"""A world's numbers as users give them, checked and read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_known, is_sized
from balancegame._numbers import (
    ExactFloat,
    Number,
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
    InvalidExposureError,
    InvalidParallelismError,
    InvalidPowerError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownStateError,
)

PerState = Sequence[Number] | Mapping[str, Number] | NDArray[Any]
"""One number a state, in the order of the names or by name."""


_ZERO, _ONE = ExactFloat(0), ExactFloat(1)
_ROUNDING = 1e-12


def _as_given(values: Any) -> Any:
    """Labelled data (a pandas Series or DataFrame) as a mapping, all else as it is."""
    if not hasattr(values, "to_dict"):
        return values
    labelled = values.to_dict()
    if all(isinstance(label, str) for label in labelled):
        return labelled
    return values.to_numpy()


def _per_state(
    values: PerState, names: tuple[str, ...], argument: str, error: type[BalanceGameError]
) -> tuple[float, ...]:
    given: Any = _as_given(values)
    if isinstance(given, Mapping):
        for name in given:
            check_known(name, names, f"state in {argument}", UnknownStateError)
        missing = [name for name in names if name not in given]
        if missing:
            message = f"{argument} has no entry for {listed(missing)}; name every state"
            raise InvalidShapeError(message)
        given = [given[name] for name in names]
    if isinstance(given, str | bytes | Set) or not is_sized(given):
        message = f"{argument} is {shorten(given)}; give one number a state"
        raise InvalidTypeError(message)
    if len(given) != len(names):
        message = (
            f"{argument} has {counted(len(given), 'entry')} for {counted(len(names), 'state')}; "
            "give one each"
        )
        raise InvalidShapeError(message)
    return tuple(
        parse_number(value, f"{argument} of {name}", error)
        for name, value in zip(names, given, strict=True)
    )


def read_power(power: PerState, names: tuple[str, ...]) -> tuple[float, ...]:
    """Positive powers, one a state."""
    values = _per_state(power, names, "power", InvalidPowerError)
    for name, value in zip(names, values, strict=True):
        if value <= 0.0:
            message = (
                f"power of {name} is {format_number(value)}; it must be positive, and at least "
                f"the smallest float (5e-324). Leave a state without power "
                "out of the world"
            )
            raise InvalidPowerError(message)
    return values


def read_exposure(
    exposure: PerState | None, names: tuple[str, ...], threat: str | None = None
) -> tuple[float, ...]:
    """Exposures of at least 0, one a state; 1 by default."""
    if exposure is None:
        return tuple(parse_number(1, "exposure") for _ in names)
    given = _as_given(exposure)
    if isinstance(given, Mapping) and threat is not None:
        given = {threat: _ONE} | dict(given)
    values = _per_state(given, names, "exposure", InvalidExposureError)
    for name, value in zip(names, values, strict=True):
        if exactly(value) < 0:
            message = f"exposure of {name} is {format_number(value)}; it must be at least 0"
            raise InvalidExposureError(message)
    return values


def read_parallelism(
    parallelism: ArrayLike | Mapping[str, Mapping[str, Number]] | None, names: tuple[str, ...]
) -> tuple[tuple[float, ...], ...]:
    """The matrix of parallel interests, row by row; the identity by default."""
    if parallelism is None:
        return tuple(
            tuple(_ONE if i == j else _ZERO for j in range(len(names))) for i in range(len(names))
        )
    given = _as_given(parallelism)
    rows = (
        _rows_from_mapping(given, names)
        if isinstance(given, Mapping)
        else _rows_from_array(given, names)
    )
    values = [
        [
            parse_number(rows[i][j], f"parallelism of {a} and {b}", InvalidParallelismError)
            for j, b in enumerate(names)
        ]
        for i, a in enumerate(names)
    ]
    _even_out_rounding(values)
    _check_parallelism(values, names)
    return tuple(map(tuple, values))


def _rows_from_array(parallelism: Any, names: tuple[str, ...]) -> list[list[Any]]:
    if isinstance(parallelism, str):
        message = f"parallelism is {parallelism!r}; give a matrix, one row a state" + (
            f". Did you mean threat={parallelism!r}?" if parallelism in names else ""
        )
        raise InvalidTypeError(message)
    n = len(names)
    bad: tuple[type, ...] = (str, bytes, Set, Mapping)
    rows = list(parallelism) if is_sized(parallelism) else []
    lengths = [len(row) if is_sized(row) and not isinstance(row, bad) else None for row in rows]
    if isinstance(parallelism, bad) or lengths != [n] * n:
        shape = f"({len(rows)},)" if set(lengths) == {None} else f"rows of lengths {lengths}"
        if isinstance(parallelism, np.ndarray) or not rows:
            shape = str(getattr(parallelism, "shape", "()"))
        message = f"parallelism has shape {shape}, expected ({n}, {n}): one row a state"
        raise InvalidShapeError(message)
    return [list(row) for row in rows]


def _rows_from_mapping(parallelism: Mapping[str, Any], names: tuple[str, ...]) -> list[list[Any]]:
    """Rows from {a: {b: value}}; one of (a, b) and (b, a) is enough."""
    for a, row in parallelism.items():
        check_known(a, names, "state in parallelism", UnknownStateError)
        if not isinstance(row, Mapping):
            message = f"parallelism of {a} is {shorten(row)}; give {{state: number}}"
            raise InvalidTypeError(message)
        for b in row:
            check_known(b, names, f"state in parallelism of {a}", UnknownStateError)
    missing = object()

    def entry(a: str, b: str) -> Any:
        direct = parallelism.get(a, {}).get(b, missing)
        mirrored = parallelism.get(b, {}).get(a, missing)
        value = mirrored if direct is missing else direct
        if value is missing:
            if a == b:
                return 1
            message = f"parallelism has no entry for {a} and {b}; name every pair of states"
            raise InvalidParallelismError(message)
        return value

    return [[entry(a, b) for b in names] for a in names]


def _even_out_rounding(values: list[list[float]]) -> None:
    """Take from floats what rounding in a computed matrix leaves of asymmetry and excess."""
    for i, row in enumerate(values):
        if _is_rounding_of(row[i], 1.0):
            row[i] = _ONE
        for j in range(i):
            middle = (row[j] + values[j][i]) / 2.0
            if not (_is_rounding_of(row[j], middle) and _is_rounding_of(values[j][i], middle)):
                continue
            if 1.0 < abs(middle) <= 1.0 + _ROUNDING:
                middle = math.copysign(1.0, middle)
            row[j] = values[j][i] = middle


def _is_rounding_of(value: float, intended: float) -> bool:
    return exact_value(value) is None and abs(value - intended) <= _ROUNDING


def _check_parallelism(values: Sequence[Sequence[float]], names: tuple[str, ...]) -> None:
    for i, a in enumerate(names):
        if exactly(values[i][i]) != 1:
            message = (
                f"parallelism of {a} with itself is {format_number(values[i][i])}; the diagonal "
                "must be 1"
            )
            raise InvalidParallelismError(message)
        for j, b in enumerate(names[:i]):
            here, there = values[i][j], values[j][i]
            if not -1 <= exactly(here) <= 1:
                message = f"parallelism of {a} and {b} is {format_number(here)}, outside [-1, 1]"
                raise InvalidParallelismError(message)
            if compare(here, there) != 0:
                message = (
                    f"parallelism of {a} and {b} is {format_number(here)} one way and "
                    f"{format_number(there)} the other; it must be symmetric. Take the mean of "
                    "a matrix and its transpose if both are measurements of one quantity"
                )
                raise InvalidParallelismError(message)
