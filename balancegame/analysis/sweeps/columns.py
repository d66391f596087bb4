"""What a measure gives at many points: numbers, or labels as codes and a legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import shorten
from balancegame.errors import InvalidShapeError, InvalidTypeError

MISSING = -1
"""Code, or count, where there is no value."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Values at k points.

    Attributes
    ----------
    values : array, shape (k, ...)
        float64 with NaN, or integers with -1, where there is no value. With a legend: codes.
    legend : tuple of str, or None
    """

    values: NDArray[Any]
    legend: tuple[str, ...] | None = None

    def spread(self, rows: NDArray[np.int64], points: int) -> Column:
        """The same as a part of more points: row i of these is row ``rows[i]`` of those."""
        values = np.full((points, *self.values.shape[1:]), _absent(self.values), self.values.dtype)
        values[rows] = self.values
        return Column(values, self.legend)

    def without(self, rows: NDArray[np.int64]) -> Column:
        """The same with some rows missing."""
        values = self.values.copy()
        values[rows] = _absent(values)
        return Column(values, self.legend)


def _absent(values: NDArray[Any]) -> float:
    return np.nan if values.dtype.kind == "f" else MISSING


def labelled(labels: Sequence[str | None]) -> Column:
    """A column of labels, the legend in the order of first appearance; None is missing."""
    codes: dict[str, int] = {}
    values = [MISSING if one is None else codes.setdefault(one, len(codes)) for one in labels]
    return Column(np.array(values, dtype=np.int32), tuple(codes))


def joined(columns: Sequence[Column], order: Callable[[str], Any]) -> Column:
    """Columns of consecutive points as one; a legend in its order, each label once.

    Raises
    ------
    InvalidShapeError
        Some hold numbers and others labels, or their shapes differ.
    """
    kinds = {(one.legend is None, one.values.shape[1:]) for one in columns}
    if len(kinds) > 1:
        raise _mixture(_kind(shape, text=not number) for number, shape in kinds)
    if columns[0].legend is None:
        return Column(np.concatenate([one.values for one in columns]))
    legend = tuple(sorted({label for one in columns for label in one.legend or ()}, key=order))
    place = {label: code for code, label in enumerate(legend)}
    whole = np.empty(
        (sum(len(one.values) for one in columns), *columns[0].values.shape[1:]), np.int32
    )
    first = 0
    for one in columns:
        table = np.array([*(place[label] for label in one.legend or ()), MISSING], dtype=np.int32)
        end = first + len(one.values)
        # wrap: -1, missing, finds the last entry
        np.take(table, one.values, out=whole[first:end], mode="wrap")
        first = end
    return Column(whole, legend)


def of_values(found: Sequence[Any]) -> Column:
    """A column from what a function gave at each point: all numbers, all text, or all arrays."""
    texts = [isinstance(value, str) for value in found]
    if all(texts):
        return labelled(found)
    kinds = {_kind(np.shape(one), text=text) for one, text in zip(found, texts, strict=True)}
    if len(kinds) > 1:
        raise _mixture(kinds)
    return Column(np.array(found, dtype=np.float64))


def _kind(shape: tuple[int, ...], *, text: bool) -> str:
    if text:
        return "text"
    return f"an array of shape {shape}" if shape else "a number"


def _mixture(kinds: Iterable[str]) -> InvalidShapeError:
    listed = " at some points, ".join(sorted(kinds))
    return InvalidShapeError(f"it gives {listed} at others; a measure gives one kind everywhere")


def read_value(value: Any) -> Any:
    """What a function gave at one point: text, a float, or an array of floats.

    Raises
    ------
    InvalidTypeError
        Neither of them.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return np.nan
    if isinstance(value, bool | int | float | Fraction | np.generic):
        return float(value)
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        message = (
            f"it gives {shorten(value)}; a measure gives a number, text, or an array of numbers"
        )
        raise InvalidTypeError(message) from None
    return array if array.ndim else float(array)
