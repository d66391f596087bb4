"""The vertices of a polytope given by half-spaces, in rationals.

The double description method (Motzkin et al. 1953): from a box on, the polytope is cut by one
half-space after the other. An edge that crosses the border gives a new vertex; two vertices are the
ends of an edge if no other vertex lies on all the half-spaces' borders that both lie on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

from .reading import Failure

Point = tuple[Fraction, ...]

_MOST_VERTICES = 5000


def polytope_vertices(
    halfspaces: Iterable[tuple[Point, Fraction]], box: Sequence[tuple[Fraction, Fraction]]
) -> list[Point]:
    """The vertices of what the half-spaces ``f.x <= c`` leave, which lies inside a box.

    Raises
    ------
    Failure
        There are thousands, or the box reaches to the border.
    """
    n = len(box)
    # Of each vertex the borders it lies on, as bits; the box's own come first.
    found: list[tuple[Point, int]] = []
    for sides in product((0, 1), repeat=n):
        corner = tuple(ends[side] for ends, side in zip(box, sides, strict=True))
        found.append((corner, sum(1 << (2 * i + side) for i, side in enumerate(sides))))
    for place, (normal, level) in enumerate(halfspaces, 2 * n):
        found = _cut(found, normal, level, 1 << place, n)
        if len(found) > _MOST_VERTICES:
            raise Failure("a polytope has thousands of vertices")
    if any(borders & ((1 << (2 * n)) - 1) for _, borders in found):
        raise Failure("a polytope reaches beyond the payoffs")
    return [point for point, _ in found]


def _cut(
    vertices: list[tuple[Point, int]], normal: Point, level: Fraction, bit: int, n: int
) -> list[tuple[Point, int]]:
    inside: list[tuple[Point, int, Fraction]] = []
    outside: list[tuple[Point, int, Fraction]] = []
    kept: list[tuple[Point, int]] = []
    for point, borders in vertices:
        value = sum((x * y for x, y in zip(normal, point, strict=True)), -level)
        if value > 0:
            outside.append((point, borders, value))
        else:
            kept.append((point, borders if value else borders | bit))
            if value:
                inside.append((point, borders, value))
    for p, ours, low in inside:
        for q, theirs, high in outside:
            common = ours & theirs
            if common.bit_count() >= n - 1 and not _others(vertices, common):
                share = low / (low - high)
                between = tuple(x + share * (y - x) for x, y in zip(p, q, strict=True))
                kept.append((between, common | bit))
    return kept


def _others(vertices: list[tuple[Point, int]], common: int) -> bool:
    """Whether more than two vertices lie on all of these borders."""
    count = 0
    for _, borders in vertices:
        if borders & common == common:
            count += 1
            if count > 2:
                return True
    return False
