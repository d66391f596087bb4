"""Points as mixtures of given ones, exactly, where floats can guess of which."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from balancegame.solvers.repeated.float_polytope import FloatPolytope
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Point = tuple[Fraction, ...]
Floats = NDArray[np.float64]
Weights = tuple[tuple[int, Fraction], ...]

_TRIES = 40
_NEIGHBOURS = 3
_NEAR = 1e-6


class Mixtures:
    """Writes points as mixtures of given ones: of a vertex, and of those of the facet opposite.

    Parameters
    ----------
    incentives : StageIncentives
    points : sequence of tuples of Fraction
    hull : FloatPolytope
        Of the same points in unit coordinates.
    """

    def __init__(
        self, incentives: StageIncentives, points: Sequence[Point], hull: FloatPolytope
    ) -> None:
        self._incentives = incentives
        self._points = points
        self._hull = hull
        self._known = {point: j for j, point in reversed(list(enumerate(points)))}

    def of(self, point: Point) -> Weights | None:
        """Nonnegative weights that sum to 1 and mix to the point; None if none were found."""
        if point in self._known:
            return ((self._known[point], Fraction(1)),)
        hull = self._hull
        if hull.dimension == 0:
            return None
        here = hull.coordinates(self._incentives.to_unit(np.array([point], dtype=object)))[0]
        corners = hull.coordinates(hull.points)
        order = np.argsort(-((corners - here) ** 2).sum(axis=1), kind="stable")
        for corner in order[:_TRIES].tolist():
            ahead = here - corners[corner]
            speed = hull.equations[:, :-1] @ ahead
            left = -(hull.equations[:, :-1] @ corners[corner] + hull.equations[:, -1])
            with np.errstate(divide="ignore", invalid="ignore"):
                times = np.where(speed > 1e-14, left / speed, np.inf)
            times[(hull.simplices == corner).any(axis=1)] = np.inf
            for facet in self._hit(here, corner, times):
                weights = self._solved(point, [int(hull.places[v]) for v in (corner, *facet)])
                if weights is not None:
                    return weights
        return None

    def _hit(self, here: Floats, corner: int, times: Floats) -> list[list[int]]:
        """The facets a ray from a corner may leave by, the likeliest first.

        Flat facets come cut up, and where facets meet rounding may mistake one for another.
        """
        hull = self._hull
        first = float(times.min())
        if not np.isfinite(first):
            return []
        near = np.flatnonzero(times <= first + _NEAR * (1.0 + first))
        corners = hull.coordinates(hull.points)
        simplices = np.hstack([np.full((len(near), 1), corner), hull.simplices[near]])
        matrices = np.concatenate(
            [corners[simplices], np.ones((*simplices.shape, 1))], axis=2
        ).transpose(0, 2, 1)
        sides = np.append(here, 1.0)
        able = np.abs(np.linalg.det(matrices)) > 0.0
        weights = np.linalg.solve(
            matrices[able], np.broadcast_to(sides, (able.sum(), len(sides)))[..., None]
        )
        order = np.argsort(-weights[..., 0].min(axis=1), kind="stable")[:_NEIGHBOURS]
        return hull.simplices[near[able][order]].tolist()

    def _solved(self, point: Point, places: list[int]) -> Weights | None:
        """Weights on just these points, if there are some."""
        columns = [[*self._points[j], Fraction(1)] for j in places]
        matrix = fmpq_mat([[to_flint(x) for x in row] for row in zip(*columns, strict=True)])
        side = fmpq_mat([[to_flint(x)] for x in (*point, Fraction(1))])
        # The least squares equations have the same solution where there is one.
        turned = matrix.transpose()
        try:
            found = (turned * matrix).solve(turned * side)
        except ZeroDivisionError:
            return None
        if matrix * found != side:
            return None
        weights = [Fraction(int(x.p), int(x.q)) for x in found.entries()]
        if min(weights) < 0:
            return None
        return tuple((j, x) for j, x in zip(places, weights, strict=True) if x)


def to_flint(number: Fraction) -> fmpq:
    """A rational as flint's."""
    return fmpq(number.numerator, number.denominator)
