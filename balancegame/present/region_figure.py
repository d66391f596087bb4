"""A figure: which equilibria where, over two parameters, with their exact boundaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_type
from balancegame._numbers import shorten
from balancegame._words import counted
from balancegame.analysis.thresholds.regions_result import Regions
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownMeasureError
from balancegame.present.axis_words import axis_words
from balancegame.present.figure_style import GREY, new_axes
from balancegame.present.region_key import region_key
from balancegame.present.region_labels import write_inside, write_labels

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

Codes = NDArray[np.int64]
Range = tuple[float, float]

# Light enough for black text; neighbours in the list differ in lightness as well as in hue.
FILLS = (
    "#A6CEE3", "#FDD49E", "#B8DFC5", "#F6B8A0", "#D9CBE8",
    "#FFF3B0", "#7FB2D6", "#E5A04E", "#74BF9B", "#CFCFCF",
)  # fmt: skip
_OTHER = "#F0F0F0"
_INFEASIBLE, _FAILED, _UNKNOWN = 1, 2, 3
_SAMPLES = 2000  # of a boundary


def plot_regions(
    dataset: xr.Dataset,
    measure: str | None = None,
    *,
    boundaries: Regions | None = None,
    title: str = "",
    axes: Axes | None = None,
) -> Axes:
    """Draw a map of labelled regions over two parameters, and exact boundaries over it.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `sweep`, over two axes of numbers; `dataset.isel(...)` cuts a plane out of more.
    measure : str, optional
        A variable of labels, or of whole numbers; ``"region"``, or the first with labels, if not
        given.
    boundaries : Regions, optional
        From `regions`, of the same game in the same two parameters: where each pure profile
        starts and stops being an equilibrium, drawn as lines.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Across: the last axis of the grid. A label stands in its region where there is room, and
        in a legend where there is none. Beyond ten labels the smallest regions share a light grey.
        Hatched: parameters that no interests can have, points that failed or are not done.

    Raises
    ------
    InvalidTypeError, InvalidShapeError
        Something that is no such dataset, or has another number of axes.
    UnknownMeasureError
        A measure that it has not.
    InvalidParameterError, UnknownParameterError
        Boundaries of a game that depends on other parameters.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> model, world = bg.BalancingModel(decisiveness=2), bg.load_scenario("golden-3")
    >>> found = bg.sweep(
    ...     model, world, grid={"autonomy_loss": [0.2, 0.4, 0.6], "power_ratio": [0.5, 1, 2, 4]}
    ... )
    >>> bg.plot_regions(found).get_xlabel()
    'power ratio (threat / mean of the others)'
    """
    name = _labelled(dataset, measure)
    codes, legend, (y, x) = _map_of(dataset, name)
    across, up = (np.asarray(dataset[one].values, dtype=np.float64) for one in (x, y))
    _, drawn = new_axes(axes, width=6.4, height=4.6)
    shown, colors, names = recoded(codes, legend)
    from matplotlib.colors import ListedColormap  # noqa: PLC0415 (an extra, slow to import)

    drawn.pcolormesh(
        across,
        up,
        np.ma.masked_less(shown, 0),
        cmap=ListedColormap(colors or [_OTHER]),
        vmin=-0.5,
        vmax=max(len(colors), 1) - 0.5,
        shading="nearest",
        rasterized=True,
    )
    _hatch(drawn, dataset, across, up, (y, x))
    limits = drawn.get_xlim(), drawn.get_ylim()
    if boundaries is not None:
        check_type(boundaries, Regions, "boundaries")
        _draw_boundaries(drawn, boundaries, (x, y), limits)
    drawn.set_xlim(*limits[0])
    drawn.set_ylim(*limits[1])
    drawn.set_xlabel(axis_words(x))
    drawn.set_ylabel(axis_words(y))
    if title:
        drawn.set_title(title, loc="left")
    write_labels(drawn, shown, (across, up), names, colors)
    drawn.annotate(
        region_key(dataset, [legend[one] for one in np.unique(codes[codes >= 0])]),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -34),
        textcoords="offset points",
        fontsize="small",
        color="#555555",
        va="top",
    )
    return drawn


def _labelled(dataset: Any, measure: str | None) -> str:
    """The name of a variable of labels."""
    if not hasattr(dataset, "data_vars"):
        message = f"dataset is {shorten(dataset)}; give what bg.sweep returns"
        raise InvalidTypeError(message)
    labelled = [
        str(name)
        for name, array in dataset.data_vars.items()
        if "labels" in array.attrs and name not in ("status", "error")
    ]
    counts = [
        str(name)
        for name, array in dataset.data_vars.items()
        if array.dtype.kind in "iu" and "labels" not in array.attrs
    ]
    if not labelled + counts:
        message = "the dataset has no measure with labels; numbers are plot_comparative_statics'"
        raise InvalidShapeError(message)
    if measure is None:
        return "region" if "region" in labelled else (labelled + counts)[0]
    return check_known(measure, labelled + counts, "measure with labels", UnknownMeasureError)


def _map_of(dataset: Any, name: str) -> tuple[Codes, list[str], tuple[str, str]]:
    array = dataset[name]
    axes = [
        str(one) for one in array.dims if one in array.coords and array[one].dtype.kind in "iuf"
    ]
    if array.ndim != 2 or len(axes) != 2:
        sizes = ", ".join(f"{dim} ({size})" for dim, size in array.sizes.items())
        message = (
            f"{name!r} lies over {sizes}; a map takes two axes of numbers: cut a plane out with "
            "dataset.isel or dataset.sel"
        )
        raise InvalidShapeError(message)
    codes = np.asarray(array.values, dtype=np.int64)
    labels = array.attrs.get("labels", range(int(codes.max(initial=0)) + 1))
    return codes, [str(one) for one in labels], (axes[0], axes[1])


def recoded(codes: Codes, legend: list[str]) -> tuple[Codes, list[str], list[str]]:
    """Codes of what is on the map only, their colours and names; the smallest share the last."""
    present, counts = np.unique(codes[codes >= 0], return_counts=True)
    ordered = present[np.argsort(-counts, kind="stable")]
    own = np.sort(ordered[: len(FILLS)])
    place = np.full(len(legend) + 1, -1, dtype=np.int64)
    place[own] = np.arange(len(own))
    rest = np.setdiff1d(present, own)
    place[rest] = len(own)
    colors: list[str] = list(FILLS[: len(own)])
    names = [legend[code] for code in own.tolist()]
    if len(rest):
        colors.append(_OTHER)
        names.append(counted(len(rest), "other"))
    return np.where(codes >= 0, place[codes], -1), colors, names


def _hatch(axes: Axes, dataset: Any, across: Any, up: Any, dims: tuple[str, str]) -> None:
    """Hatch where there is no answer, and say why."""
    if "status" not in dataset or set(dataset["status"].dims) != set(dims):
        return
    from matplotlib import rc_context  # noqa: PLC0415 (an extra, slow to import)

    status = np.asarray(dataset["status"].transpose(*dims).values)
    for code, hatch, word in (
        (_INFEASIBLE, "////", "infeasible"),
        (_FAILED, "xxxx", "failed"),
        (_UNKNOWN, "....", "not computed"),
    ):
        where = status == code
        if not where.any():
            continue
        with rc_context({"hatch.color": GREY, "hatch.linewidth": 0.6}):
            axes.contourf(
                across, up, where.astype(float), levels=[0.5, 1.5], colors="none", hatches=[hatch]
            )
        write_inside(axes, word, where, (across, up))


def _draw_boundaries(
    axes: Axes,
    regions: Regions,
    plane: tuple[str, str],
    limits: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    """Lines where the region of some profile ends."""
    (left, right), (low, high) = limits
    x, y = np.linspace(left, right, _SAMPLES), np.linspace(low, high, _SAMPLES)
    style: dict[str, Any] = {"color": "black", "linewidth": 1.1}
    for curve in regions.curves(*plane):
        if curve.expression is None:
            xs, ys = x[::4], y[::4]
            values = curve.values(xs[None, :], ys[:, None])
            if np.nanmin(values, initial=1.0) < 0.0 < np.nanmax(values, initial=-1.0):
                axes.contour(xs, ys, values, levels=[0.0], colors="black", linewidths=1.1)
        elif curve.solved_for == plane[1]:
            axes.plot(x, curve.points(x), **style)
        else:
            axes.plot(curve.points(y), y, **style)
