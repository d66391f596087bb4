"""Tables read from a path or a DataFrame: checked cell by cell, errors with line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from balancegame._numbers import shorten
from balancegame._words import counted
from balancegame.errors import DataFormatError
from balancegame.world.data.columns import BadCell, Column, check_numbers, read_cells
from balancegame.world.data.packed_text import PackedText, read_packed_text

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS = 5_000_000
_MOST_COLUMNS = 2_000
_DTYPES = {"whole": "Int64", "year": "Int64", "flag": "boolean", "real": "float64"}
SOURCE = "balancegame_source"  # where a frame's `attrs` say what was read


@dataclass(frozen=True, slots=True)
class Layout:
    """One way a data set is published: its columns, and the archive members that have them."""

    name: str
    columns: tuple[Column, ...]
    member: str = r"(?!)"


class Table:
    """A table that has been read, and that can say where a row stands."""

    def __init__(
        self, frame: pd.DataFrame, layout: Layout, name: str, packed: PackedText | None
    ) -> None:
        self.frame: Any = frame  # pandas has no types a checker could follow
        self.layout = layout
        self._name = name
        self._packed = packed

    def fail(self, row: int, column: str, reason: str) -> NoReturn:
        """Refuse the data for what is wrong in a row."""
        if self._packed is None:
            place = f"row {row} (counted from 0)"
        else:
            place = f"line {_line(self._packed, row)}"
        message = f"{self._name}, {place}, column {column}: {reason}"
        raise DataFormatError(message)

    def check_unique(self, *keys: str) -> None:
        """Refuse a second row with the same keys."""
        repeated = self.frame.duplicated(list(keys)).to_numpy()
        if repeated.any():
            row = int(np.flatnonzero(repeated)[0])
            same = ", ".join(f"{key} {self.frame[key].iloc[row]}" for key in keys)
            self.fail(row, keys[-1], f"a second row for {same}")

    def check_order(self, first: str, last: str) -> None:
        """Refuse a spell that ends before it begins."""
        wrong = (self.frame[first] > self.frame[last]).fillna(value=False).to_numpy(dtype=bool)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            begin, end = self.frame[first].iloc[row], self.frame[last].iloc[row]
            self.fail(row, last, f"the spell ends in {end}, before it begins in {begin}")


def read_table(source: str | Path | pd.DataFrame, what: str, layouts: Sequence[Layout]) -> Table:
    """Read a data set in the first of its layouts whose columns are all there.

    Raises
    ------
    DataFormatError
        No such file, too large, not a table, a column missing, a cell that does not belong.
    """
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    if isinstance(source, pd.DataFrame):
        return _from_frame(source, what, layouts)
    preferred = "|".join(layout.member for layout in layouts)
    packed = read_packed_text(source, preferred)
    lines = _rows(packed)
    heading = next(lines, None)
    if not heading:
        message = f"{packed.name} is empty; expected the columns of {what}"
        raise DataFormatError(message)
    layout, found = _match(heading, layouts, f"{packed.name}, line 1", what)
    cells = _pick(lines, found, len(heading), packed)
    name = packed.name
    columns = {
        column.name: read_cells(values, column)
        for column, values in zip(found, zip(*cells, strict=True) if cells else [], strict=False)
    }
    if not cells:
        message = f"{name} has a heading and no rows; expected the rows of {what}"
        raise DataFormatError(message)
    attrs = {"name": Path(source).name, "sha256": packed.digest, "rows": len(cells)}
    return _assemble(columns, found, layout, name, packed, attrs)


def _from_frame(source: pd.DataFrame, what: str, layouts: Sequence[Layout]) -> Table:
    name = f"the DataFrame of {what}"
    if not len(source):
        message = f"{name} has no rows"
        raise DataFormatError(message)
    headings = [str(heading) for heading in source.columns]
    layout, found = _match(headings, layouts, name, what)
    columns: dict[str, Any] = {}
    for column, place in found.items():
        series = source.iloc[:, place]
        if column.kind != "text" and series.dtype.kind in "iufb":
            values = series.to_numpy(dtype=np.float64, na_value=np.nan)
            columns[column.name] = check_numbers(values, column)
        else:
            cells = ["" if missing else str(value) for value, missing in zip(series, series.isna())]  # noqa: B905
            columns[column.name] = read_cells(cells, column)
    attrs = source.attrs.get(SOURCE) or {"name": "a DataFrame", "rows": len(source)}
    return _assemble(columns, found, layout, name, None, attrs)


def _assemble(
    columns: dict[str, Any],
    found: dict[Column, int],
    layout: Layout,
    name: str,
    packed: PackedText | None,
    attrs: Any,
) -> Table:
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    headings = {column.name: column for column in found}
    table = Table(pd.DataFrame(), layout, name, packed)
    for key, values in columns.items():
        if isinstance(values, BadCell):
            table.fail(values.row, headings[key].name, values.reason)
    rows = len(next(iter(columns.values())))
    series = {}
    for column in layout.columns:
        values = columns.get(column.name)
        if column.kind == "text":
            blank = np.full(rows, "", dtype=object)
            series[column.name] = pd.Series(blank if values is None else values, dtype="str")
            continue
        dtype: Any = _DTYPES[column.kind]
        if dtype == "Int64" and not column.may_miss:
            dtype = "int64"
        series[column.name] = pd.Series(np.full(rows, np.nan) if values is None else values).astype(
            dtype
        )
    table.frame = pd.DataFrame(series)
    table.frame.attrs[SOURCE] = dict(attrs)
    return table


def _match(
    headings: Sequence[str], layouts: Sequence[Layout], place: str, what: str
) -> tuple[Layout, dict[Column, int]]:
    """The layout a heading belongs to, and where each of its columns stands."""
    if len(headings) > _MOST_COLUMNS:
        message = f"{place}: {len(headings):,} columns are more than {_MOST_COLUMNS:,}"
        raise DataFormatError(message)
    lowered = [heading.strip().lower() for heading in headings]
    fewest: tuple[Layout, list[str]] | None = None
    for layout in layouts:
        found = {
            column: places[0]
            for column in layout.columns
            if (places := [k for k, text in enumerate(lowered) if text in column.known_as()])
        }
        lacking = [c.name for c in layout.columns if c.required and c not in found]
        if not lacking:
            _check_single(found, lowered, place)
            return layout, found
        if fewest is None or len(lacking) < len(fewest[1]):
            fewest = layout, lacking
    layout, lacking = fewest or (layouts[0], [])
    columns = ", ".join(column.name for column in layout.columns if column.required)
    message = (
        f"{place}: no column {', '.join(lacking)}; {what} ({layout.name}) has the columns "
        f"{columns}, and there are {shorten(', '.join(headings), 200)}"
    )
    raise DataFormatError(message)


def _check_single(found: dict[Column, int], lowered: list[str], place: str) -> None:
    for column in found:
        places = [k for k, text in enumerate(lowered) if text in column.known_as()]
        if len(places) > 1:
            both = ", ".join(str(k + 1) for k in places)
            message = f"{place}: column {column.name} is there more than once (columns {both})"
            raise DataFormatError(message)


def _rows(packed: PackedText) -> Iterator[list[str]]:
    # newline="" lets the csv module see the line ends of every system, old Macs included
    reader = csv.reader(io.StringIO(packed.text, newline=""), strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"{packed.name}, line {reader.line_num}: not a CSV file: {error}"
            raise DataFormatError(message) from None
        if row:  # blank lines are no rows
            yield row


def _pick(
    lines: Iterator[list[str]], found: dict[Column, int], width: int, packed: PackedText
) -> list[tuple[str, ...]]:
    """The cells of the known columns, row by row; every row must be as wide as the heading."""
    places = list(found.values())
    first = places[0]
    pick = itemgetter(*places) if len(places) > 1 else (lambda row: (row[first],))
    cells: list[tuple[str, ...]] = []
    for row in lines:
        if len(row) != width:
            line = _line(packed, len(cells))
            message = (
                f"{packed.name}, line {line}: {counted(len(row), 'cell')} under "
                f"{counted(width, 'column')}"
            )
            raise DataFormatError(message)
        cells.append(pick(row))
        if len(cells) > _MOST_ROWS:
            message = f"{packed.name} has more than {_MOST_ROWS:,} rows, too many for a data file"
            raise DataFormatError(message)
    return cells


def _line(packed: PackedText, row: int) -> int:
    """The line on which a row ends: quoted cells may run over several."""
    reader = csv.reader(io.StringIO(packed.text, newline=""))
    passed = -1  # the heading is no row
    for cells in reader:
        if cells:
            passed += 1
        if passed > row:
            break
    return reader.line_num
