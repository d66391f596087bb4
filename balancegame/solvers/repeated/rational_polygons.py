"""Convex polygons in the plane, exactly: corners counter-clockwise, or half-planes.

Every number type serves that adds, multiplies and compares: rationals for proofs, floats to find
what is worth proving. Points and segments are polygons of one and two corners; no corner, no point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Pair = tuple[Any, Any]
Polygon = list[Pair]


def dot(one: Pair, other: Pair) -> Any:
    """The scalar product."""
    return one[0] * other[0] + one[1] * other[1]


def turn(p: Pair, q: Pair, r: Pair) -> Any:
    """Twice the area of a triangle: positive if it is passed counter-clockwise."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def hull(points: Iterable[Pair]) -> Polygon:
    """The corners of a convex hull, from the lowest of the leftmost (Andrew 1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 2:
        return ordered
    chains: list[Polygon] = []
    for side in (ordered, ordered[::-1]):
        chain: Polygon = []
        for point in side:
            while len(chain) > 1 and turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def clip(corners: Polygon, normal: Pair, bound: Any) -> Polygon:
    """The part of a polygon where ``normal . point <= bound`` (Sutherland & Hodgman 1974)."""
    values = [dot(normal, corner) - bound for corner in corners]
    if all(value <= 0 for value in values):
        return corners
    kept: Polygon = []
    for k, (here, value) in enumerate(zip(corners, values, strict=True)):
        before, earlier = corners[k - 1], values[k - 1]
        if (value > 0 and earlier < 0) or (value < 0 and earlier > 0):
            share = earlier / (earlier - value)
            kept.append(
                (
                    before[0] + share * (here[0] - before[0]),
                    before[1] + share * (here[1] - before[1]),
                )
            )
        if value <= 0:
            kept.append(here)
    return kept


def intersection(box: Polygon, normals: Sequence[Pair], bounds: Sequence[Any]) -> Polygon:
    """The part of a box that lies in all half-planes."""
    for normal, bound in zip(normals, bounds, strict=True):
        box = clip(box, normal, bound)
    return box


def section(corners: Polygon, axis: int, at: Any) -> Pair | None:
    """Least and greatest other coordinate where one coordinate is given; None if it never is."""
    found: list[Any] = []
    for k, here in enumerate(corners):
        before = corners[k - 1]
        if here[axis] == at:
            found.append(here[1 - axis])
        elif (here[axis] < at < before[axis]) or (here[axis] > at > before[axis]):
            share = (at - before[axis]) / (here[axis] - before[axis])
            found.append(before[1 - axis] + share * (here[1 - axis] - before[1 - axis]))
    return (min(found), max(found)) if found else None


def half_planes(corners: Polygon) -> tuple[list[Pair], list[Any]]:
    """Half-planes whose common part a polygon is; with two that bound it from the left and below.

    Points have four, and segments two along them and two at their ends.
    """
    first, last = corners[0], corners[-1]
    if len(corners) == 1:
        normals: list[Pair] = [(1, 0), (0, 1)]
    elif len(corners) == 2:
        along = (last[0] - first[0], last[1] - first[1])
        across = (along[1], -along[0])
        normals = [across, along, (-across[0], -across[1]), (-along[0], -along[1])]
    else:
        ends = zip(corners, [*corners[1:], first], strict=True)
        normals = [(q[1] - p[1], p[0] - q[0]) for p, q in ends]
    lowest = [(-1, 0), (0, -1)]
    normals += [one for one in lowest if not any(_alike(one, other) for other in normals)]
    return normals, [max(dot(normal, corner) for corner in corners) for normal in normals]


def lies_in(point: Pair, corners: Polygon) -> bool:
    """Whether a polygon holds a point."""
    if len(corners) < 3:
        return _on_segment(point, corners)
    return all(
        turn(p, q, point) >= 0 for p, q in zip(corners, [*corners[1:], corners[0]], strict=True)
    )


def mixture(point: Pair, corners: Polygon) -> list[tuple[int, Any]] | None:
    """A point as a mixture of at most three corners: their places and weights; None if outside."""
    for k, corner in enumerate(corners):
        if corner == point:
            return [(k, point[0] * 0 + 1)]
    if len(corners) == 1:
        return None
    for k in range(1 if len(corners) == 2 else len(corners)):
        t = (k + 1) % len(corners)
        if turn(corners[k], corners[t], point) == 0 and _on_segment(
            point, [corners[k], corners[t]]
        ):
            share = _share(point, corners[k], corners[t])
            return [(k, 1 - share), (t, share)]
    for k in range(1, len(corners) - 1):  # triangles with the first corner
        p, q, r = corners[0], corners[k], corners[k + 1]
        weights = [turn(point, q, r), turn(p, point, r), turn(p, q, point)]
        if min(weights) >= 0:
            total = sum(weights[1:], weights[0])
            found = zip((0, k, k + 1), weights, strict=True)
            return [(place, weight / total) for place, weight in found if weight]
    return None


def _share(point: Pair, p: Pair, q: Pair) -> Any:
    axis = 0 if p[0] != q[0] else 1
    return (point[axis] - p[axis]) / (q[axis] - p[axis])


def _on_segment(point: Pair, ends: Polygon) -> bool:
    if not ends:
        return False
    p, q = ends[0], ends[-1]
    return turn(p, q, point) == 0 and all(
        min(p[i], q[i]) <= point[i] <= max(p[i], q[i]) for i in (0, 1)
    )


def _alike(one: Pair, other: Pair) -> bool:
    """Whether two directions are the same."""
    return one[0] * other[1] == one[1] * other[0] and dot(one, other) > 0
