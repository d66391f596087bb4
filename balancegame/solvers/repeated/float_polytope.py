"""The hull of points in floats, of whatever dimension it turns out to have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_DIGITS = 10
_FLAT = 1e-9  # of the unit cube: a hull thinner than this counts as flat


@dataclass(frozen=True, slots=True)
class FloatPolytope:
    """A hull with its facets; flat ones live in coordinates of their own.

    Attributes
    ----------
    points : array, shape (V, n)
        The vertices.
    places : array, shape (V,)
        Where each stands among the points the hull was taken of.
    dimension : int
    origin, axes : arrays, shapes (n,), (dimension, n)
        ``(points - origin) @ axes.T`` are the coordinates within the affine hull.
    equations : array, shape (F, dimension + 1)
        The facets: ``equations[:, :-1] @ coordinates + equations[:, -1] <= 0`` inside.
    simplices : array, shape (F, dimension)
        For each of them vertices that span it; several share a facet that is no simplex.
    """

    points: Floats
    places: Places
    dimension: int
    origin: Floats
    axes: Floats
    equations: Floats
    simplices: Places

    def coordinates(self, points: Floats) -> Floats:
        """Points within the affine hull, in its own coordinates."""
        return (points - self.origin) @ self.axes.T

    def normals(self) -> Floats:
        """The facets' outer normals in the full space, and the normals of the affine hull."""
        flat = complement(self.axes)
        found = self.equations[:, :-1] @ self.axes
        if len(found):
            found = found[np.unique(np.round(found, 9), axis=0, return_index=True)[1]]
        return np.vstack([found, flat, -flat])

    def excess(self, points: Floats) -> Floats:
        """How far points reach beyond the hull, at least; at most 0 inside."""
        away = points - self.origin
        within = away @ self.axes.T
        off = np.sqrt(np.maximum(((away - within @ self.axes) ** 2).sum(axis=1), 0.0))
        if self.dimension == 0:
            return off
        beyond = (within @ self.equations[:, :-1].T + self.equations[:, -1]).max(axis=1)
        return np.where(off > 1e-9, np.maximum(off, beyond), beyond)

    def outward(self) -> Floats:
        """For each vertex the unit vector between its facets' normals, in `axes`' coordinates."""
        normals = np.zeros((len(self.points), self.dimension))
        for column in self.simplices.T:
            np.add.at(normals, column, self.equations[:, :-1])
        return normals / np.linalg.norm(normals, axis=1, keepdims=True)


def float_hull(points: Floats) -> FloatPolytope:
    """The hull of at least one point.

    Raises
    ------
    scipy.spatial.QhullError
        The points are too close to flat to tell.
    """
    n = points.shape[1]
    origin = points.mean(axis=0)
    away = points - origin
    _, sizes, axes = np.linalg.svd(away, full_matrices=False)
    dimension = int((sizes > _FLAT * np.sqrt(len(points))).sum())
    axes = axes[:dimension]
    if dimension == 0:
        nothing = np.empty((0, 0), dtype=np.intp)
        first = np.zeros(1, dtype=np.intp)
        return FloatPolytope(points[:1], first, 0, points[0], axes, np.empty((0, 1)), nothing)
    if dimension == n:
        axes, origin = np.eye(n), np.zeros(n)
    within = (points - origin) @ axes.T
    if dimension == 1:
        places = np.array([within[:, 0].argmin(), within[:, 0].argmax()])
        ends = within[places, 0]
        equations = np.array([[-1.0, ends[0]], [1.0, -ends[1]]])
        simplices = np.array([[0], [1]], dtype=np.intp)
        return FloatPolytope(points[places], places, 1, origin, axes, equations, simplices)
    from scipy.spatial import ConvexHull, QhullError  # noqa: PLC0415 (slow to import)

    # Points as good as equal make facets as good as flat.
    apart = _distinct(np.round(within, _DIGITS))
    try:
        hull = ConvexHull(within[apart])
    except QhullError:
        hull = ConvexHull(within[apart], qhull_options="QJ Pp")
    places = np.sort(hull.vertices)
    simplices = np.searchsorted(places, hull.simplices)
    places = apart[places]
    return FloatPolytope(points[places], places, dimension, origin, axes, hull.equations, simplices)


def _distinct(points: Floats) -> Places:
    """Where each different point first stands (`numpy.unique` of rows is five times slower)."""
    order = np.lexsort(points.T)
    ordered = points[order]
    first = np.ones(len(points), dtype=np.bool_)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return np.sort(order[first])


def thinned(points: Floats, most: int) -> Places:
    """The places of a hull's vertices, of too many those that stick out most.

    A vertex sticks out by what it reaches beyond all others in the direction between its facets'
    normals. Those that do so least go first, but never two next to each other at once.
    """
    kept = np.arange(len(points))
    while True:
        hull = float_hull(points[kept])
        kept = kept[hull.places]
        surplus = len(kept) - most
        if surplus <= 0 or hull.dimension < 2:
            return kept
        normals = hull.outward()
        reach = normals @ hull.coordinates(hull.points).T
        own = np.diag(reach).copy()
        np.fill_diagonal(reach, -np.inf)
        rival = reach.argmax(axis=1)
        order = np.argsort(own - reach.max(axis=1), kind="stable")
        touched = np.zeros(len(kept), dtype=np.bool_)
        dropped = np.zeros(len(kept), dtype=np.bool_)
        for v in order[: 2 * surplus].tolist():
            if not touched[v] and not touched[rival[v]] and surplus > 0:
                dropped[v] = touched[v] = touched[rival[v]] = True
                surplus -= 1
        kept = kept[~dropped]


def complement(axes: Floats) -> Floats:
    """An orthonormal basis of what is orthogonal to orthonormal axes."""
    n = axes.shape[1]
    if len(axes) == n:
        return np.empty((0, n))
    full = np.linalg.svd(np.vstack([axes, np.zeros((1, n))]))[2]
    return full[len(axes) :]
