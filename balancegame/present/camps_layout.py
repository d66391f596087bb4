"""Where the states of camps stand on a figure: on a convex curve, names outside, ties inside.

Every state has a horizontal band to itself, as high as its node and its name. So no name meets a
node or a name, and, the curve being convex, no tie meets a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.present.camps_network import Camp

Floats = NDArray[np.float64]

_GAP = 3.0  # between bands, and between a node and its name, in points
_BETWEEN_CAMPS = 10.0
_LARGEST, _SMALLEST = 0.11, 0.02  # radius of the largest node, in shares of the shorter side
# How far nodes of one area reach sideways and upwards, in radii of the round one: half a square's
# side, half a diamond's diagonal.
_REACH = {"left": 1.0, "right": np.sqrt(np.pi) / 2, "below": np.sqrt(np.pi / 2)}
_FLAT = 1.25  # of the curve: 1 meets in the middle above and below


@dataclass(frozen=True, slots=True)
class CampsLayout:
    """Places in points.

    Attributes
    ----------
    places : (n, 2) array
        Centres of the nodes.
    radii : (n,) array
        Of round nodes; others have the same area.
    reaches : (n,) array
        From a node's centre to its name.
    on_left : (n,) array of bool
        Whether the name stands to the left.
    centre : (2,) array
        Of the curve.
    width : float
        Of the curve; negative where there is no room for it.
    """

    places: Floats
    radii: Floats
    reaches: Floats
    on_left: NDArray[np.bool_]
    centre: Floats
    width: float

    def bend(self, i: int, j: int) -> Floats:
        """The control point of a curve from node to node that leaves those between aside."""
        ends = self.places[[i, j]]
        middle = ends.mean(axis=0)
        bend = middle / 2 + self.centre / 2
        if self.on_left[i] != self.on_left[j]:
            return bend
        inwards = 1 if self.on_left[i] else -1
        way = (self.places[:, 1] - ends[0, 1]) / (ends[1, 1] - ends[0, 1])
        between = np.flatnonzero((self.on_left == self.on_left[i]) & (way > 0) & (way < 1))
        t = way[between]
        clear = self.places[between, 0] + inwards * self.reaches[between]
        needed = (clear - (1 - t) ** 2 * ends[0, 0] - t**2 * ends[1, 0]) / (2 * t * (1 - t))
        furthest = inwards * self.centre[0] + 0.6 * self.width
        past = min(float((inwards * needed).max(initial=-np.inf)), furthest)
        return np.array([inwards * max(past, inwards * bend[0]), middle[1]])


def lay_out(
    camps: Sequence[Camp], size: Floats, names: Floats, box: tuple[float, float, float, float]
) -> CampsLayout | None:
    """Places for the states of camps, or None where their names do not fit one above the other.

    Parameters
    ----------
    camps : sequence of Camp
    size : (n,) array
        Areas of the nodes are proportional to it.
    names : (n, 2) array
        Width and height of the names, in points.
    box : (left, bottom, right, top)
        In points.
    """
    left, bottom, right, top = box
    columns, last = _columns(camps)
    reach = np.empty(len(size))
    for camp in camps:
        reach[list(camp.members)] = _REACH[camp.place]
    shorter = min(right - left, top - bottom)
    for share in np.geomspace(_LARGEST, _SMALLEST, 24):
        radii = share * shorter * np.sqrt(size / size.max())
        heights = np.maximum(2 * reach * radii, names[:, 1]) + _GAP
        below = heights[last] if last is not None else 0.0
        tall = max(_height(column, heights) for column in columns)
        if tall + below <= top - bottom:
            break
    else:
        return None
    y = np.empty(len(size))
    for column in columns:
        _stack(y, column, heights, (bottom + below, top))
    if last is not None:
        y[last] = bottom + below / 2
    on_left = np.zeros(len(size), dtype=np.bool_)
    on_left[[i for group in columns[0] for i in group]] = True
    middle = (bottom + top) / 2
    f = np.sqrt(np.clip(1 - ((y - middle) / (_FLAT * (top - bottom) / 2)) ** 2, 0, 1))
    if last is not None:
        f[last] = 0.0
    reaches = reach * radii + _GAP
    out = reaches + names[:, 0]
    lefts, rights = np.flatnonzero(on_left), np.flatnonzero(~on_left)
    wide = right - left
    if len(lefts) and len(rights):
        room = wide - out[lefts][:, None] - out[rights][None, :]
        half = float((room / (f[lefts][:, None] + f[rights][None, :] + 1e-9)).min())
    else:
        half = float(((wide - out) / 2 / (f + 1e-9)).min())
    half = min(half, 0.8 * (top - bottom))
    least = float((out + half * f)[lefts].max(initial=0.0))
    most = wide - float((out + half * f)[rights].max(initial=0.0))
    x_middle = left + (least + most) / 2
    x = x_middle + np.where(on_left, -1, 1) * half * f
    return CampsLayout(
        np.column_stack([x, y]), radii, reaches, on_left, np.array([x_middle, middle]), 2 * half
    )


Column = list[list[int]]


def _columns(camps: Sequence[Camp]) -> tuple[tuple[Column, Column], int | None]:
    """The groups on the left and on the right, from above, and who stands alone at the bottom."""
    columns: tuple[Column, Column] = ([], [])
    last = None
    for camp in camps:
        members = list(camp.members)
        if camp.place != "below":
            columns[camp.place == "right"].append(members)
            continue
        half = len(members) // 2
        if len(members) % 2:
            last = members.pop(half)
        for column, part in zip(columns, (members[:half], members[half:][::-1]), strict=True):
            if part:
                column.append(part)
    return columns, last


def _height(column: Column, heights: Floats) -> float:
    groups = max(len(column) - 1, 0)
    return float(sum(heights[i] for group in column for i in group)) + _BETWEEN_CAMPS * groups


def _stack(y: Floats, column: Column, heights: Floats, ends: tuple[float, float]) -> None:
    """One band below the other, what room is left shared between them."""
    low, high = ends
    spare = high - low - _height(column, heights)
    share = spare / max(sum(map(len, column)), 1)
    edge = high
    for group in column:
        for i in group:
            y[i] = edge - (heights[i] + share) / 2
            edge -= heights[i] + share
        edge -= _BETWEEN_CAMPS
