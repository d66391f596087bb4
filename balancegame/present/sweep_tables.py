"""Tables of a sweep: how much of the map each label covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.text import Text

from balancegame._words import counted
from balancegame.games.rendering import number
from balancegame.present.console import make_table
from balancegame.present.region_key import region_key

if TYPE_CHECKING:
    import xarray as xr

_MOST_LABELS = 30


def sweep_tables(console: Console, dataset: xr.Dataset) -> Iterator[RenderableType]:
    """One table a variable: labels and counts with their shares, numbers with their range."""
    status = dataset["status"]
    points = int(status.size)
    parts = [
        f"{name} {count:,}"
        for code, name in enumerate(status.attrs["labels"])
        if (count := int((status.values == code).sum()))
    ]
    yield f"{counted(points, 'point')} ({' x '.join(map(str, status.shape))}): {', '.join(parts)}"
    for name, array in dataset.data_vars.items():
        if name == "status":
            continue
        title = str(name).replace("_", " ")
        if "labels" in array.attrs or array.dtype.kind in "iu":
            heading = f"{title} ({array.attrs.get('long_name', 'measured')})"
            key = region_key(dataset, array.attrs.get("labels", ()))
            table = _shares(console, array, points)
            yield Group(Text(heading, style="bold"), table, *([Text(key)] if key else []))
        else:
            yield f"{title}: {_range(array)}"


def _shares(console: Console, array: Any, points: int) -> RenderableType:
    codes, counts = np.unique(array.values, return_counts=True)
    labels = array.attrs.get("labels")
    table = make_table(console)
    table.add_column("Label")
    table.add_column("Points", justify="right")
    table.add_column("Share", justify="right")
    order = np.argsort(-counts, kind="stable")
    for place in order[:_MOST_LABELS]:
        code, count = int(codes[place]), int(counts[place])
        label = "-" if code < 0 else str(code) if labels is None else labels[code]
        table.add_row(label, f"{count:,}", f"{count / points:.1%}")
    if len(order) > _MOST_LABELS:
        table.add_row(f"and {len(order) - _MOST_LABELS} more", "", "")
    return table


def _range(array: Any) -> str:
    known = array.values[np.isfinite(array.values)]
    if not known.size:
        return "no value"
    return f"{number(float(known.min()))} to {number(float(known.max()))}"
