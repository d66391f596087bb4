"""A figure: which equilibria where, over two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known
from balancegame._numbers import shorten
from balancegame.analysis.sweeps.axes import PARALLELISM, POWER_RATIO
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownNameError
from balancegame.present.figure_style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    new_axes,
)

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

# Neighbours differ in lightness too; the second round is lighter.
_PALETTE = (BLUE, ORANGE, SKY, VERMILION, YELLOW, PURPLE, GREEN)
_NO_VALUE = "#e6e6e6"
_WIDTH_OF_LETTER = 0.016  # as a share of the map's
_MOST_NAMED = 21
_AXES = {
    POWER_RATIO: "power ratio (threat / mean of the others)",
    PARALLELISM: "parallelism of interests",
}


def plot_regions(
    dataset: xr.Dataset, variable: str | None = None, *, title: str = "", axes: Axes | None = None
) -> Axes:
    """Draw the map of a sweep over two parameters: one colour a label.

    Parameters
    ----------
    dataset : xarray.Dataset
        Of `sweep`, over two axes of numbers; the first is drawn upright.
    variable : str, optional
        A variable with labels, or a count; by default the first.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Large regions bear their labels, the legend names all. Light grey: infeasible, failed, or
        not computed.

    Raises
    ------
    InvalidTypeError, InvalidShapeError
        No dataset, or not over two axes of numbers.
    UnknownNameError
        No such variable.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.sweep(
    ...     bg.BalancingModel(decisiveness=2),
    ...     bg.load_scenario("golden-3"),
    ...     grid={"power_ratio": [0.5, 1, 2, 4], "parallelism": [0, 0.5, 1]},
    ... )
    >>> bg.plot_regions(found).get_xlabel()
    'parallelism of interests'
    """
    name = _variable(dataset, variable)
    array = dataset[name]
    across, up = str(array.dims[1]), str(array.dims[0])
    x, y = _numbers(dataset, across), _numbers(dataset, up)
    codes, labels = _codes(array)
    from matplotlib.colors import ListedColormap, to_rgb  # noqa: PLC0415 (an extra)
    from matplotlib.patches import Patch  # noqa: PLC0415

    _, drawn = new_axes(axes, width=7.2, height=4.6)
    colours = [_colour(k, to_rgb) for k in range(len(labels))]
    shades = ListedColormap([_NO_VALUE, *colours])
    drawn.pcolormesh(
        _edges(x),
        _edges(y),
        codes + 1,
        cmap=shades,
        vmin=-0.5,
        vmax=len(labels) + 0.5,
        rasterized=True,
    )
    drawn.set_xlabel(_AXES.get(across, across.replace("_", " ")))
    drawn.set_ylabel(_AXES.get(up, up.replace("_", " ")))
    for code, label in enumerate(labels):
        place = _middle_of(codes == code, _WIDTH_OF_LETTER * len(label) / 2.0)
        if place is not None:
            drawn.annotate(
                label,
                (float(x[place[1]]), float(y[place[0]])),
                ha="center",
                va="center",
                fontsize=8,
                bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"},
            )
    handles = [
        Patch(facecolor=colour, label=label)
        for colour, label in zip(colours[:_MOST_NAMED], labels, strict=False)
    ]
    if len(labels) > _MOST_NAMED:
        handles.append(Patch(facecolor="none", label=f"and {len(labels) - _MOST_NAMED} more"))
    if (codes < 0).any():
        handles.append(Patch(facecolor=_NO_VALUE, edgecolor=GREY, label=_absence(dataset)))
    drawn.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8
    )
    if title:
        drawn.set_title(title, loc="left")
    return drawn


def _variable(dataset: Any, variable: str | None) -> str:
    if not hasattr(dataset, "data_vars"):
        message = f"dataset is {shorten(dataset)}; give the dataset of a sweep"
        raise InvalidTypeError(message)
    names = tuple(str(one) for one in dataset.data_vars if one not in ("status", "error"))
    if not names:
        message = "dataset holds no measure; give the dataset of a sweep"
        raise InvalidShapeError(message)
    name = (
        names[0] if variable is None else check_known(variable, names, "variable", UnknownNameError)
    )
    array = dataset[name]
    if array.ndim != 2 or any(dim not in dataset.coords for dim in array.dims):
        message = (
            f"{name} lies over ({', '.join(map(str, array.dims))}); a map has two axes: choose one "
            "value of the others with dataset.sel(...)"
        )
        raise InvalidShapeError(message)
    return name


def _numbers(dataset: xr.Dataset, axis: str) -> NDArray[np.float64]:
    values = dataset[axis].values
    if values.dtype.kind not in "fiu" or (np.diff(values) <= 0).any():
        message = f"the axis {axis} is not in increasing order, or holds no numbers; sort it"
        raise InvalidShapeError(message)
    return values.astype(np.float64)


def _codes(array: Any) -> tuple[NDArray[np.int64], list[str]]:
    """A code and a label for every value; -1 where there is none."""
    values = np.asarray(array.values)
    if "labels" in array.attrs:
        labels = list(array.attrs["labels"])
        used = np.unique(values[values >= 0])
        table = np.full(len(labels) + 1, -1)
        table[used] = np.arange(len(used))
        return table[values], [labels[code] for code in used]
    if values.dtype.kind not in "iu":
        message = f"{array.name} holds no labels; give a variable with labels, or a count"
        raise InvalidTypeError(message)
    different = np.unique(values[values >= 0])
    codes = np.searchsorted(different, values)
    return np.where(values < 0, -1, codes), [str(one) for one in different.tolist()]


def _absence(dataset: xr.Dataset) -> str:
    if "status" not in dataset:
        return "no value"
    names = dataset["status"].attrs.get("labels", [])
    found = np.unique(dataset["status"].values)
    return ", ".join(names[code] for code in found if code) or "no value"


def _edges(middles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges of cells around the values of an axis."""
    if len(middles) == 1:
        return np.array([middles[0] - 0.5, middles[0] + 0.5])
    between = (middles[1:] + middles[:-1]) / 2.0
    first, last = 2.0 * middles[0] - between[0], 2.0 * middles[-1] - between[-1]
    return np.concatenate([[first], between, [last]])


def _middle_of(inside: NDArray[np.bool_], room: float) -> tuple[int, int] | None:
    """The cell deepest within a region; None if a label would reach beyond the region."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415 (slow to import)

    padded = np.pad(inside, 1)
    # A line of text is about a quarter as high as a usual label is wide.
    sizes = (4.0 / inside.shape[0], 1.0 / inside.shape[1])
    depth = np.asarray(distance_transform_edt(padded, sampling=sizes))[1:-1, 1:-1]
    place = np.unravel_index(int(depth.argmax()), depth.shape)
    return (int(place[0]), int(place[1])) if depth[place] >= room else None


def _colour(place: int, to_rgb: Any) -> Any:
    """The palette's colours, then the same lighter, then lighter still."""
    lightness = 1.0 - 0.45 ** min(place // len(_PALETTE), 3)
    return tuple(c + (1.0 - c) * lightness for c in to_rgb(_PALETTE[place % len(_PALETTE)]))
