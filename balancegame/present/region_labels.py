"""Labels written into the regions of a map, or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Codes = NDArray[np.int64]

_ROOM = 1.15  # of a label's size, around it


def write_labels(
    axes: Axes,
    codes: Codes,
    coordinates: tuple[Any, Any],
    names: list[str],
    colors: list[str],
) -> None:
    """Write each region's name where it is widest; names that do not fit go into a legend.

    Parameters
    ----------
    axes : matplotlib Axes
    codes : array of int, shape (rows, columns)
        The region at each point; negative where there is none.
    coordinates : pair of arrays, shapes (columns,) and (rows,)
        Of the points, across and up.
    names, colors : lists
        Of the regions.
    """
    left: list[int] = []
    for code, name in enumerate(names):
        text = axes.text(0, 0, name, ha="center", va="center", fontsize="small")
        spot = _spot(axes, codes == code, coordinates, text)
        if spot is None:
            text.remove()
            left.append(code)
        else:
            text.set_position(spot)
    if left:
        from matplotlib.patches import Patch  # noqa: PLC0415 (an extra, slow to import)

        axes.legend(
            handles=[Patch(facecolor=colors[code], edgecolor="black", lw=0.4) for code in left],
            labels=[names[code] for code in left],
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            fontsize="small",
            frameon=False,
            handlelength=1.2,
            borderaxespad=0.0,
        )


def write_inside(axes: Axes, word: str, inside: Any, coordinates: tuple[Any, Any]) -> None:
    """Write a word on white into a region, upright where only that fits; in the midst if neither.

    Parameters
    ----------
    axes : matplotlib Axes
    word : str
    inside : array of bool, shape (rows, columns)
        The region; not empty.
    coordinates : pair of arrays, shapes (columns,) and (rows,)
    """
    text = axes.text(
        *(0, 0, word),
        ha="center",
        va="center",
        fontsize="small",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )
    axes.get_xlim()  # settles the scale by which sizes are measured
    spot = _spot(axes, inside, coordinates, text)
    if spot is None:
        text.set_rotation(90)
        spot = _spot(axes, inside, coordinates, text)
    if spot is None:
        text.set_rotation(0)
        rows, columns = np.nonzero(inside)
        middle = np.argmin(
            np.abs(rows - rows.mean()) / inside.shape[0]
            + np.abs(columns - columns.mean()) / inside.shape[1]
        )
        spot = float(coordinates[0][columns[middle]]), float(coordinates[1][rows[middle]])
    text.set_position(spot)


def _spot(
    axes: Axes, inside: Any, coordinates: tuple[Any, Any], text: Any
) -> tuple[float, float] | None:
    """The point of a region furthest from its border at which a text fits, if any."""
    from scipy.ndimage import distance_transform_edt, minimum_filter  # noqa: PLC0415 (slow)

    box = text.get_window_extent()
    across, up = coordinates
    ends = axes.transData.transform([(across[0], up[0]), (across[-1], up[-1])])
    step_x, step_y = (
        abs(end - start) / max(size - 1, 1)
        for start, end, size in zip(*ends, inside.shape[::-1], strict=True)
    )
    if not step_x or not step_y:
        return None
    wide = 2 * int(np.ceil(_ROOM * box.width / step_x / 2)) + 1
    high = 2 * int(np.ceil(_ROOM * box.height / step_y / 2)) + 1
    if wide > inside.shape[1] or high > inside.shape[0]:
        return None
    fits = minimum_filter(inside, size=(high, wide), mode="constant", cval=0)
    if not fits.any():
        return None
    padded = distance_transform_edt(np.pad(inside, 1), sampling=(step_y, step_x))
    away = np.asarray(padded)[1:-1, 1:-1]
    room = np.where(fits, away, -1.0)
    best = np.argwhere(room >= room.max() * (1 - 1e-9))
    row, column = best[len(best) // 2]  # the middle one of equals
    return float(across[column]), float(up[row])
