"""The vertices of an outer polytope, and how far it reaches beyond the inner one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.float_polytope import FloatPolytope, complement
from balancegame.solvers.repeated.outer_polytope import Halfspaces
from balancegame.solvers.repeated.rational_polygons import hull as polygon

Floats = NDArray[np.float64]
Point = tuple[Fraction, ...]

_RELAXED = 1e-9  # of the payoffs' range: half-spaces are moved out before vertices are computed
_LOOSENED = (1.0, 1e2, 1e4, 1e6)


def outer_vertices(outer: Halfspaces, inner: FloatPolytope | None) -> Floats:
    """Points of the unit cube's space whose hull holds an outer polytope, vertices nearly.

    Half-spaces are moved out a little. Where the inner polytope is flat, directions across it are
    stretched, so that an outer one as good as flat is a body like others. Each facet of the hull of
    what is found is compared with a proven bound, and the hull is widened where it falls short.
    """
    for loosened in _LOOSENED:
        found = _vertices(outer, inner, loosened * _RELAXED)
        if found is not None:
            return found
    n = outer.rows.shape[1]
    low, high = -outer.levels[n : 2 * n], outer.levels[:n]
    corners = np.array(list(np.ndindex(*(2,) * n)))
    return np.where(corners == 0, low - _RELAXED, high + _RELAXED)


def _vertices(outer: Halfspaces, inner: FloatPolytope | None, relaxed: float) -> Floats | None:
    from scipy.spatial import (  # noqa: PLC0415 (slow to import)
        ConvexHull,
        HalfspaceIntersection,
        QhullError,
    )

    n = outer.rows.shape[1]
    levels = outer.levels + relaxed
    if inner is None:
        frame, sizes, centre = np.eye(n), np.ones(n), np.zeros(n)
    else:
        across = complement(inner.axes)
        frame = np.vstack([inner.axes, across])
        centre = inner.points.mean(axis=0)
        width = [
            _reach(outer, sign * row) - sign * row @ centre for row in across for sign in (1, -1)
        ]
        sizes = np.ones(n)
        sizes[len(inner.axes) :] = max([*width, 0.0]) + relaxed
    # w = centre + (sizes * y) @ frame
    rows = outer.rows @ frame.T * sizes
    sides = levels - outer.rows @ centre
    norms = np.linalg.norm(rows, axis=1)
    useful = norms > 1e-3 * relaxed
    rows, sides = rows[useful] / norms[useful, None], sides[useful] / norms[useful]
    middle = _centre(rows, sides)
    if middle is None:
        return None
    try:
        corners = HalfspaceIntersection(np.hstack([rows, -sides[:, None]]), middle).intersections
        corners = corners[np.isfinite(corners).all(axis=1)]
        hull = ConvexHull(corners) if n > 1 else None
    except QhullError:
        return None
    if hull is None:
        return centre + (sizes * np.array([[corners.min()], [corners.max()]])) @ frame
    corners = corners[hull.vertices]
    normals = np.unique(np.round(hull.equations, 12), axis=0)
    widened = 1.0
    for row in normals:
        normal = row[:-1] / sizes @ frame
        size = float(np.linalg.norm(normal))
        bound = _reach(outer, normal / size) * size - normal @ centre
        room = -row[-1] - row[:-1] @ middle
        if room <= 0.0:
            return None
        widened = max(widened, (bound - row[:-1] @ middle) / room)
    if widened > 1.0 + 1e-3:
        return None
    corners = middle + (corners - middle) * (widened * (1.0 + 1e-12))
    return centre + (sizes * corners) @ frame


def _reach(outer: Halfspaces, direction: Floats) -> float:
    """A proven bound on how far the outer polytope reaches."""
    from balancegame._kernels.support_bounds import support_bound  # noqa: PLC0415 (loads numba)

    n = len(direction)
    basis = np.where(direction >= 0.0, np.arange(n), n + np.arange(n))
    free = np.full(n, -np.inf)
    return support_bound(
        outer.rows, outer.levels, free, np.ascontiguousarray(direction), basis, -np.inf
    )


def _centre(rows: Floats, sides: Floats) -> Floats | None:
    """The centre of the largest ball inside, None if there is none."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    n = rows.shape[1]
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.hstack([rows, np.ones((len(rows), 1))]),
        b_ub=sides,
        bounds=[(None, None)] * n + [(0.0, None)],
    )
    return found.x[:n] if found.status == 0 and found.x[n] > 0.0 else None


def farthest(points: Floats, vertices: Floats) -> tuple[Floats, Floats]:
    """For each point a distance it is within of the vertices' hull, and how it got there.

    Returns
    -------
    distances : array, shape (k,)
        At least the Euclidean distance, and close to it.
    away : array, shape (k, n)
        The vector from the nearest mixture found to the point.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 (slow to import)

    middle = vertices.mean(axis=0)
    size = max(float(np.abs(vertices - middle).max()), float(np.abs(points - middle).max()), 1e-300)
    columns = (vertices - middle).T / size
    matrix = np.vstack([columns, np.full((1, len(vertices)), 100.0)])
    away = np.empty_like(points)
    for place, point in enumerate(points):
        side = np.append((point - middle) / size, 100.0)
        try:
            weights = nnls(matrix, side)[0]
        except RuntimeError:
            weights = np.zeros(len(vertices))
        if not weights.sum() > 0.0:
            weights[int(((vertices - point) ** 2).sum(axis=1).argmin())] = 1.0
        away[place] = point - weights / weights.sum() @ vertices
    return np.linalg.norm(away, axis=1), away


def ordered(vertices: Floats) -> Floats:
    """Two players' counter-clockwise from the lowest of the leftmost, others' by coordinates."""
    order = np.lexsort(vertices.T[::-1])
    vertices = vertices[order]
    if vertices.shape[1] != 2 or len(vertices) < 3:
        return vertices
    away = vertices[1:] - vertices[0]
    return vertices[[0, *(1 + np.argsort(np.arctan2(away[:, 1], away[:, 0]), kind="stable"))]]


def ordered_exactly(vertices: Sequence[Point]) -> tuple[Point, ...]:
    """The same order for vertices in rationals."""
    if len(vertices[0]) == 2:
        return tuple(polygon((x, y) for x, y in vertices))
    return tuple(sorted(vertices))
