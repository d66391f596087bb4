"""Results that hold arrays are equal if what they hold is: one rule for all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray


class EqualByContent:
    """Equality for dataclasses declared with ``eq=False``: class and fields agree.

    Arrays agree in shape and in every entry, nan with nan. Fields declared with ``compare=False``,
    such as a solver's evidence, are left out.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(_equal(getattr(self, name), getattr(other, name)) for name in _compared(self))

    def __hash__(self) -> int:
        parts = (getattr(self, name) for name in _compared(self))
        return hash((type(self), *(part for part in parts if _is_plain(part))))


def _compared(one: object) -> list[str]:
    return [field.name for field in fields(cast("Any", one)) if field.compare]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return _equal_arrays(one, other)
    if isinstance(one, tuple | list) and type(one) is type(other):
        same_length = len(one) == len(other)  # pyright: ignore[reportUnknownArgumentType]
        return same_length and all(map(_equal, one, other))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        mine, its = cast("Mapping[Any, Any]", one), cast("Mapping[Any, Any]", other)
        return mine.keys() == its.keys() and all(_equal(mine[key], its[key]) for key in mine)
    return bool(one == other) or (_is_nan(one) and _is_nan(other))


def _equal_arrays(one: Any, other: Any) -> bool:
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return False
    mine, its = cast("NDArray[Any]", one), cast("NDArray[Any]", other)
    return np.array_equal(mine, its, equal_nan=mine.dtype.kind == its.dtype.kind == "f")


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_plain(value: object) -> bool:
    """Whether equal values of this kind have equal hashes."""
    if isinstance(value, tuple):
        return all(map(_is_plain, cast("tuple[Any, ...]", value)))
    return isinstance(value, str | int | float | Fraction | None) and not _is_nan(value)
