"""A figure: what a sweep measured, over one of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known
from balancegame._numbers import shorten
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownMeasureError
from balancegame.present.axis_words import axis_words
from balancegame.present.figure_style import DASHES, SERIES, new_axes

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

_HEIGHT, _LINE = 220.0, 13.0  # of axes, and of a line of text, in points


def plot_comparative_statics(
    dataset: xr.Dataset,
    measure: str | None = None,
    *,
    over: str | None = None,
    title: str = "",
    axes: Axes | None = None,
) -> Axes:
    """Draw a measure of a sweep over one parameter, a line for each value of the others.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `sweep`; `dataset.sel(...)` picks values of further axes.
    measure : str, optional
        A variable of numbers; the first there is, if not given.
    over : str, optional
        The axis drawn along; the longest of numbers, if not given.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Every line bears its label at its end. A line breaks off where there is no value, and,
        where the dataset has the regions too, wherever the set of equilibria changes: between,
        values jump.

    Raises
    ------
    InvalidTypeError, InvalidShapeError
        Something that is no dataset of a sweep, or more lines than can be told apart (seven).
    UnknownMeasureError
        A measure that it has not.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.sweep(
    ...     bg.BalancingModel(decisiveness=2),
    ...     bg.load_scenario("golden-3"),
    ...     grid={"power_ratio": [0.5, 1, 1.5, 2]},
    ...     measure=["payoffs", "region"],
    ... )
    >>> bg.plot_comparative_statics(found, "payoffs").get_xlabel()
    'power ratio (threat / mean of the others)'
    """
    if not hasattr(dataset, "data_vars"):
        message = f"dataset is {shorten(dataset)}; give what bg.sweep returns"
        raise InvalidTypeError(message)
    name = _measured(dataset, measure)
    array = dataset[name]
    along = _along(array, over)
    lines = _lines(array, along)
    x = np.asarray(dataset[along].values, dtype=np.float64)
    order = np.argsort(x)
    _, drawn = new_axes(axes)
    drawn.margins(x=0.02)
    ends: list[tuple[float, float, str, str]] = []
    for place, (label, point) in enumerate(lines):
        y = np.asarray(array.sel(point).values, dtype=np.float64)[order]
        if array.dtype.kind in "iu":
            y = np.where(y < 0, np.nan, y)
        color, dash = SERIES[place % len(SERIES)], DASHES[place % len(DASHES)]
        for start, end in _pieces(y, _regions(dataset, along, point, order)):
            drawn.plot(
                x[order][start:end],
                y[start:end],
                color=color,
                linestyle=dash,
                marker="o" if end - start == 1 else None,
                markersize=3.0,
                label=label if start == _first(y) else "",
            )
        known = np.flatnonzero(~np.isnan(y))
        if len(known):
            ends.append((float(x[order][known[-1]]), float(y[known[-1]]), label, color))
    _write(drawn, ends)
    drawn.set_xlabel(axis_words(along))
    drawn.set_ylabel(str(array.attrs.get("long_name", name)).replace("_", " "))
    if title:
        drawn.set_title(title, loc="left")
    return drawn


def _measured(dataset: xr.Dataset, measure: str | None) -> str:
    """The name of a variable of numbers."""
    able = [
        str(name)
        for name, array in dataset.data_vars.items()
        if array.dtype.kind in "iuf" and "labels" not in array.attrs
    ]
    if measure is None and able:
        return able[0]
    if not able:
        message = "the dataset has no measure that is a number; region maps are plot_regions'"
        raise InvalidShapeError(message)
    return check_known(measure, able, "measure of the dataset", UnknownMeasureError)


def _along(array: Any, over: str | None) -> str:
    """The axis of numbers to draw along."""
    able = [
        str(name)
        for name in array.dims
        if name in array.coords and array.coords[name].dtype.kind in "iuf"
    ]
    if not able:
        message = f"{array.name!r} has no axis of numbers to be drawn along"
        raise InvalidShapeError(message)
    if over is None:
        return max(able, key=lambda name: array.sizes[name])
    return check_known(over, able, "axis of numbers", UnknownMeasureError)


def _lines(array: Any, along: str) -> list[tuple[str, dict[str, Any]]]:
    """For each line its label, and where the other axes stand."""
    others = [str(name) for name in array.dims if name != along]
    sizes = [array.sizes[name] for name in others]
    if np.prod(sizes) > len(SERIES):
        message = (
            f"{array.name!r} would take {int(np.prod(sizes))} lines, and no more than "
            f"{len(SERIES)} can be told apart; pick values of {' and '.join(others)}: "
            f"dataset.sel({others[0]}=...)"
        )
        raise InvalidShapeError(message)
    found: list[tuple[str, dict[str, Any]]] = []
    for places in np.ndindex(*sizes):
        point = {name: array[name].values[k] for name, k in zip(others, places, strict=True)}
        label = ", ".join(
            str(value) if isinstance(value, str) else f"{name.replace('_', ' ')} {value:g}"
            for name, value in point.items()
        )
        found.append((label, point))
    return found


def _regions(dataset: xr.Dataset, along: str, point: dict[str, Any], order: Any) -> Any:
    """The region codes along a line, or None where the dataset has none."""
    if "region" not in dataset or along not in dataset["region"].dims:
        return None
    inside = {name: value for name, value in point.items() if name in dataset["region"].dims}
    return np.asarray(dataset["region"].sel(inside).values)[order]


def _pieces(y: Floats, regions: Any) -> list[tuple[int, int]]:
    """The stretches that are drawn in one go."""
    pieces: list[tuple[int, int]] = []
    start = None
    for k in range(len(y) + 1):
        ends = k == len(y) or np.isnan(y[k])
        turns = regions is not None and 0 < k < len(y) and regions[k] != regions[k - 1]
        if start is not None and (ends or turns):
            pieces.append((start, k))
            start = None
        if start is None and not ends:
            start = k
    return pieces


def _first(y: Floats) -> int:
    known = np.flatnonzero(~np.isnan(y))
    return int(known[0]) if len(known) else -1


def _write(axes: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Every line's label at its end, none over another."""
    low, high = axes.get_ylim()
    least = low
    for x, y, label, color in sorted(ends, key=lambda end: end[1]):
        least = max(y, least)
        axes.annotate(
            label,
            (x, y),
            xytext=(6, (least - y) / (high - low) * _HEIGHT),
            textcoords="offset points",
            color=color,
            va="center",
            annotation_clip=False,
        )
        least += (high - low) * _LINE / _HEIGHT
