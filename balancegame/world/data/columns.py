"""What a column of a data set may hold, and the cells of a file read as that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import shorten

Kind = Literal["whole", "real", "flag", "text", "year"]

_BLANK = frozenset({"", ".", "NA", "N/A", "NaN", "nan", "<NA>", "None", "NaT", "NULL", "null"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"(\d{4})(-\d\d-\d\d.*|(\d\d)?(\.0*)?)", re.ASCII | re.DOTALL)
_EXPECTED: dict[Kind, str] = {
    "whole": "a whole number",
    "real": "a number",
    "flag": "0 or 1",
    "text": "text",
    "year": "a year, a date as 1914-08-01, or a month as 191408",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name here, its headings in files, and the values it may have.

    `missing` lists the numbers that stand for "not known"; `may_miss` says whether a cell may be
    empty, `required` whether the column must be there. A "year" may be given as a date.
    """

    name: str
    kind: Kind = "whole"
    headings: tuple[str, ...] = ()
    low: float = -np.inf
    high: float = np.inf
    missing: tuple[float, ...] = ()
    may_miss: bool = False
    required: bool = True

    def known_as(self) -> tuple[str, ...]:
        """All headings the column is recognised by, in lower case."""
        return (self.name, *self.headings)


class BadCell(NamedTuple):
    """Where a cell is that cannot be read, and why."""

    row: int
    reason: str


def read_cells(cells: Sequence[Any], column: Column) -> NDArray[Any] | BadCell:
    """A column's values: floats with NaN for missing ones, or text."""
    if column.kind == "text":
        return np.array(["" if cell is None else str(cell).strip() for cell in cells], dtype=object)
    try:
        parsed: dict[Any, float] = {cell: _parse(cell, column) for cell in set(cells)}
    except _CellError as error:
        row = next(k for k, cell in enumerate(cells) if cell == error.cell)
        return BadCell(row, str(error))
    return np.array([parsed[cell] for cell in cells], dtype=np.float64)


class _CellError(ValueError):
    def __init__(self, cell: Any, reason: str) -> None:
        super().__init__(reason)
        self.cell = cell


def _parse(cell: str, column: Column) -> float:
    text = cell.strip()
    if text in _BLANK:
        value = np.nan
    elif column.kind == "year":
        found = _DATE.fullmatch(text)
        if found is None and _NUMBER.fullmatch(text) and float(text) in column.missing:
            value = np.nan
        elif found is None:
            raise _CellError(cell, _unlike(cell, column))
        else:
            value = float(found[1])
    elif column.kind == "flag" and text.lower() in ("true", "false"):
        value = float(text.lower() == "true")
    elif _NUMBER.fullmatch(text):
        value = float(text)
    else:
        raise _CellError(cell, _unlike(cell, column))
    reason = _refusal(value, column)
    if reason:
        raise _CellError(cell, reason)
    return np.nan if value in column.missing else value


def _unlike(cell: str, column: Column) -> str:
    return f"expected {_EXPECTED[column.kind]}, found {shorten(cell)}"


def _refusal(value: float, column: Column) -> str:
    """Why a number cannot stand in the column; empty if it can."""
    if np.isnan(value) or value in column.missing:
        return "" if column.may_miss else "the value is missing"
    if column.kind != "real" and (not np.isfinite(value) or value != int(value)):
        return f"expected {_EXPECTED[column.kind]}, found {value:g}"
    if column.kind == "flag" and value not in (0.0, 1.0):
        return f"expected {_EXPECTED[column.kind]}, found {value:g}"
    if not column.low <= value <= column.high:
        return f"{value:g} is outside {column.low:g} to {column.high:g}"
    return ""


def check_numbers(values: NDArray[np.float64], column: Column) -> NDArray[np.float64] | BadCell:
    """Numbers that came as numbers: missing codes become NaN, what does not belong is refused."""
    if column.kind == "year":  # months, as 191408
        values = np.where(values >= 1e5, np.floor(values / 100.0), values)
    for value in np.unique(values):
        reason = _refusal(float(value), column)
        if reason:
            at = np.isnan(values) if np.isnan(value) else values == value
            return BadCell(int(np.flatnonzero(at)[0]), reason)
    return np.where(np.isin(values, column.missing), np.nan, values)
