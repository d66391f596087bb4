"""A world's numbers as users give them, checked and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_known
from balancegame._numbers import Number, parse_number
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


def _per_state(
    values: PerState, names: tuple[str, ...], argument: str, error: type[BalanceGameError]
) -> tuple[float, ...]:
    if isinstance(values, Mapping):
        for name in values:
            check_known(name, names, f"state in {argument}", UnknownStateError)
        missing = [name for name in names if name not in values]
        if missing:
            message = f"{argument} has no entry for {', '.join(missing)}; name every state"
            raise InvalidShapeError(message)
        given: list[Any] = [values[name] for name in names]
    else:
        if isinstance(values, str) or not hasattr(values, "__len__"):
            message = f"{argument} is {values!r}; give one number a state"
            raise InvalidTypeError(message)
        given = list(values)
    if len(given) != len(names):
        message = f"{argument} has {len(given)} entries for {len(names)} states; give one each"
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
                f"power of {name} is {value:g}; it must be positive. Leave a state without power "
                "out of the world"
            )
            raise InvalidPowerError(message)
    return values


def read_exposure(exposure: PerState | None, names: tuple[str, ...]) -> tuple[float, ...]:
    """Exposures of at least 0, one a state; 1 by default."""
    if exposure is None:
        return tuple(parse_number(1, "exposure") for _ in names)
    values = _per_state(exposure, names, "exposure", InvalidExposureError)
    for name, value in zip(names, values, strict=True):
        if value < 0.0:
            message = f"exposure of {name} is {value:g}; it must be at least 0"
            raise InvalidExposureError(message)
    return values


def read_parallelism(
    parallelism: ArrayLike | Mapping[str, Mapping[str, Number]] | None, names: tuple[str, ...]
) -> tuple[tuple[float, ...], ...]:
    """The matrix of parallel interests, row by row; the identity by default."""
    rows: list[list[Any]]
    if parallelism is None:
        rows = [[int(i == j) for j in range(len(names))] for i in range(len(names))]
    elif isinstance(parallelism, Mapping):
        rows = _rows_from_mapping(parallelism, names)
    else:
        rows = _rows_from_array(parallelism, names)
    values = tuple(
        tuple(
            parse_number(rows[i][j], f"parallelism of {a} and {b}", InvalidParallelismError)
            for j, b in enumerate(names)
        )
        for i, a in enumerate(names)
    )
    _check_parallelism(values, names)
    return values


def _rows_from_array(parallelism: ArrayLike, names: tuple[str, ...]) -> list[list[Any]]:
    n = len(names)
    given: Any = parallelism
    shape = np.shape(given) if not isinstance(given, list | tuple) else None
    if shape is None:
        lengths = {len(row) if hasattr(row, "__len__") else 0 for row in given}
        shape = (len(given), lengths.pop()) if len(lengths) == 1 else (len(given), "ragged")
    if shape != (n, n):
        message = f"parallelism has shape {shape}, expected ({n}, {n}): one row a state"
        raise InvalidShapeError(message)
    return [list(row) for row in given]


def _rows_from_mapping(
    parallelism: Mapping[str, Mapping[str, Number]], names: tuple[str, ...]
) -> list[list[Any]]:
    """Rows from {a: {b: value}}; one of (a, b) and (b, a) is enough."""
    for a, row in parallelism.items():
        check_known(a, names, "state in parallelism", UnknownStateError)
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


def _check_parallelism(values: tuple[tuple[float, ...], ...], names: tuple[str, ...]) -> None:
    for i, a in enumerate(names):
        if values[i][i] != 1.0:
            message = f"parallelism of {a} with itself is {values[i][i]:g}; the diagonal must be 1"
            raise InvalidParallelismError(message)
        for j, b in enumerate(names[:i]):
            if not -1.0 <= values[i][j] <= 1.0:
                message = f"parallelism of {a} and {b} is {values[i][j]:g}, outside [-1, 1]"
                raise InvalidParallelismError(message)
            if values[i][j] != values[j][i]:
                message = (
                    f"parallelism of {a} and {b} is {values[i][j]!r} one way and "
                    f"{values[j][i]!r} the other; it must be symmetric"
                )
                raise InvalidParallelismError(message)
