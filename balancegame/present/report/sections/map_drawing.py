"""A map of regions as SVG: runs of cells, borders between regions, a number in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.games.rendering import number
from balancegame.present.region_figure import recoded
from balancegame.present.report.findings.region_maps import FAILED, INFEASIBLE, MapAxis, RegionMap
from balancegame.present.report.html import Markup, element, joined

Codes = NDArray[np.int64]
Box = tuple[float, float, float, float]

BOX: Box = (56.0, 10.0, 416.0, 330.0)  # left, top, width, height of the plot in the drawing
_SIZE = (484, 392)
_TICKS = 5
_ROOM = 3  # cells to the border around a number
_PATTERNS = {INFEASIBLE: "infeasible", FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class Coloring:
    """Which regions have which colour.

    Attributes
    ----------
    codes : (rows, columns) array
        The place in `names` at each point; negative where there is none.
    colors, names : tuple of str
        The last may stand for several small regions.
    """

    codes: Codes
    colors: tuple[str, ...]
    names: tuple[str, ...]


def color(found: RegionMap) -> Coloring:
    """The largest regions in colours of their own."""
    codes = np.array(found.codes, dtype=np.int64)
    shown, colors, names = recoded(codes, list(found.labels))
    return Coloring(shown, tuple(colors), tuple(names))


def map_svg(found: RegionMap, colored: Coloring, prefix: str, description: str) -> Markup:
    """The map, with a cross for the reading point that the script moves."""
    rows, columns = colored.codes.shape
    left, top, wide, high = BOX
    raw = np.array(found.codes)
    codes = np.where(raw < 0, raw - len(colored.names), colored.codes)  # all distinct
    fills = dict(enumerate(colored.colors))
    fills |= {k - len(colored.names): f"url(#{prefix}-{w})" for k, w in _PATTERNS.items()}
    cells = [
        element(
            "rect",
            x=_n(left + wide * first / columns),
            y=_n(top + high * (rows - 1 - row) / rows),
            width=_n(wide * (last - first) / columns),
            height=_n(high / rows),
            fill=fills[code],
        )
        for row in range(rows)
        for first, last, code in _runs(codes[row].tolist())
    ]
    body = [
        element(
            "title", f"Map over {found.across.words} and {found.up.words}", id=f"{prefix}-title"
        ),
        element("desc", description, id=f"{prefix}-text"),
        _patterns(prefix),
        element("g", *cells, class_="plot", shape_rendering="crispEdges"),
        element("path", d=_borders(codes), fill="none", stroke="#1a1a1a", stroke_width="0.8"),
        *_numbers(colored),
        *_axes(found),
        _own_mark(found),
        _cross(),
    ]
    return element(
        "svg",
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_SIZE[0]} {_SIZE[1]}",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-text",
        font_size="13",
        fill="#1a1a1a",
    )


def value_texts(values: Sequence[float]) -> list[str]:
    """Values of an axis as they are read."""
    return [number(value) for value in values]


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _runs(row: list[int]) -> Iterator[tuple[int, int, int]]:
    """Stretches of one code: (first, beyond the last, code)."""
    first = 0
    for k in range(1, len(row) + 1):
        if k == len(row) or row[k] != row[first]:
            yield first, k, row[first]
            first = k


def _borders(codes: Codes) -> str:
    """Lines between cells that differ."""
    rows, columns = codes.shape
    left, top, wide, high = BOX
    step_x, step_y = wide / columns, high / rows
    parts: list[str] = []
    for row, column in np.argwhere(codes[:, 1:] != codes[:, :-1]).tolist():
        x, y = left + step_x * (column + 1), top + high - step_y * (row + 1)
        parts.append(f"M{_n(x)} {_n(y)}v{_n(step_y)}")
    for row, column in np.argwhere(codes[1:] != codes[:-1]).tolist():
        x, y = left + step_x * column, top + high - step_y * (row + 1)
        parts.append(f"M{_n(x)} {_n(y)}h{_n(step_x)}")
    return "".join(parts)


def _numbers(colored: Coloring) -> Iterator[Markup]:
    """Each region's number where the region is widest, if it is wide enough."""
    from scipy.ndimage import distance_transform_cdt  # noqa: PLC0415 (slow to import)

    rows, columns = colored.codes.shape
    left, top, wide, high = BOX
    for k in range(len(colored.names)):
        inside = np.pad(colored.codes == k, 1)
        away = np.asarray(distance_transform_cdt(inside))[1:-1, 1:-1]
        if away.max(initial=0) < max(2, _ROOM * min(rows, columns) // 60):
            continue
        row, column = np.unravel_index(np.argmax(away), away.shape)
        yield element(
            "text",
            str(k + 1),
            x=_n(left + wide * (column + 0.5) / columns),
            y=_n(top + high * (1 - (row + 0.5) / rows) + 4.5),
            text_anchor="middle",
        )


def _axes(found: RegionMap) -> Iterator[Markup]:
    left, top, wide, high = BOX
    yield element(
        "rect",
        x=_n(left),
        y=_n(top),
        width=_n(wide),
        height=_n(high),
        fill="none",
        stroke="#1a1a1a",
    )
    for share, text in _ticks(found.across):
        x = left + wide * share
        yield element("path", d=f"M{_n(x)} {_n(top + high)}v5", stroke="#1a1a1a")
        yield element("text", text, x=_n(x), y=_n(top + high + 18), text_anchor="middle")
    for share, text in _ticks(found.up):
        y = top + high * (1 - share)
        yield element("path", d=f"M{_n(left)} {_n(y)}h-5", stroke="#1a1a1a")
        yield element("text", text, x=_n(left - 8), y=_n(y + 4.5), text_anchor="end")
    yield element(
        "text", found.across.words, x=_n(left + wide / 2), y=_n(_SIZE[1] - 10), text_anchor="middle"
    )
    yield element(
        "text",
        found.up.words,
        transform=f"translate(14 {_n(top + high / 2)}) rotate(-90)",
        text_anchor="middle",
    )


def _ticks(axis: MapAxis) -> Iterator[tuple[float, str]]:
    """Some cells' middles, in shares of the axis, with their values."""
    count = len(axis.values)
    for k in sorted({round(one) for one in np.linspace(0, count - 1, min(_TICKS, count))}):
        yield (k + 0.5) / count, f"{axis.values[k]:.2g}"


def _own_mark(found: RegionMap) -> Markup:
    """Where the report's own world stands."""
    if found.across.own is None or found.up.own is None:
        return Markup()
    left, top, wide, high = BOX
    x = left + wide * (found.across.place + 0.5) / len(found.across.values)
    y = top + high * (1 - (found.up.place + 0.5) / len(found.up.values))
    at = {"cx": _n(x), "cy": _n(y), "r": "10", "fill": "none"}
    return joined(
        [
            element("circle", **at, stroke="#fff", stroke_width="4.5"),
            element("circle", **at, stroke="#1a1a1a", stroke_width="2"),
        ]
    )


def _cross() -> Markup:
    shape = "M-7 0H-2M2 0H7M0 -7V-2M0 2V7"
    return element(
        "g",
        element("path", d=shape, stroke="#fff", stroke_width="5"),
        element("path", d=shape, stroke="#1a1a1a", stroke_width="2"),
        class_="cross",
        visibility="hidden",
        pointer_events="none",
    )


def _patterns(prefix: str) -> Markup:
    """Hatching for what has no answer: stripes where infeasible, a grid where failed."""
    lines = {"infeasible": "M0 6L6 0", "failed": "M0 6L6 0M0 0L6 6"}
    return element(
        "defs",
        *(
            element(
                "pattern",
                element("rect", width="6", height="6", fill="#fff"),
                element("path", d=shape, stroke="#777", stroke_width="0.8"),
                id=f"{prefix}-{name}",
                width="6",
                height="6",
                patternUnits="userSpaceOnUse",
            )
            for name, shape in lines.items()
        ),
    )
