"""What floors, one for each coordinate, leave of a polytope."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.float_polytope import FloatPolytope

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_TIE = 1e-12
_SINGULAR = 1e-9


def parts_above(
    hull: FloatPolytope,
    floors: Floats,
    *,
    centre: Floats | None = None,
    margin: float = 0.0,
    binding_only: bool = False,
) -> tuple[Floats, Places]:
    """Points whose hulls are what each row of floors leaves of a polytope.

    Parameters
    ----------
    hull : FloatPolytope
    floors : array, shape (A, n)
        Minus infinity where there is none.
    centre, margin : array, shape (n,), and float
        The polytope is drawn in towards the centre by the margin first.
    binding_only : bool
        Whether to leave out points that are on none of the floors.

    Returns
    -------
    points : array, shape (k, n)
        Some may come up more than once.
    rows : array, shape (k,)
        The row of floors that each belongs to.
    """
    from balancegame._kernels.polytope_clipping import (  # noqa: PLC0415 (loads numba)
        cut_by_floors,
    )

    if centre is None:
        centre = np.asarray(hull.points.mean(axis=0))
    floors = np.ascontiguousarray(floors)
    corners = hull.points + margin * (centre - hull.points)
    points, rows = cut_by_floors(corners, hull.simplices, floors, _TIE, binding_only)
    if hull.dimension == 0:
        above = (corners >= floors - _TIE).all(axis=1)
        binds = (corners <= floors + _TIE).any(axis=1) | (not binding_only)
        rows = np.flatnonzero(above & binds)
        return np.repeat(corners, len(rows), axis=0), rows
    inside, at = _inside(hull, centre, floors, margin)
    return np.concatenate([points, inside]), np.concatenate([rows, at])


def _inside(
    hull: FloatPolytope, centre: Floats, floors: Floats, margin: float
) -> tuple[Floats, Places]:
    """Points inside that as many floors hold as there are dimensions, and their rows."""
    found, rows = [np.empty((0, floors.shape[1]))], [np.empty(0, dtype=np.intp)]
    for chosen in map(list, itertools.combinations(range(floors.shape[1]), hull.dimension)):
        able = np.flatnonzero(np.isfinite(floors[:, chosen]).all(axis=1))
        matrix = hull.axes[:, chosen].T
        if not len(able) or abs(np.linalg.det(matrix)) < _SINGULAR:
            continue
        values = floors[able][:, chosen]
        points = np.linalg.solve(matrix, (values - hull.origin[chosen]).T).T @ hull.axes
        points += hull.origin
        points[:, chosen] = values
        inside = (points >= floors[able] - _TIE).all(axis=1)
        # Inside the polytope drawn in: what is drawn out again is inside the polytope.
        inside &= hull.excess(centre + (points - centre) / (1.0 - margin)) <= 0.0
        found.append(points[inside])
        rows.append(able[inside])
    return np.concatenate(found), np.concatenate(rows)
