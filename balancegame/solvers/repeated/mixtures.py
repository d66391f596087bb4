"""Points as mixtures of given ones, exactly, where floats can guess of which."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat

from balancegame.solvers.repeated.float_polytope import FloatPolytope
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Point = tuple[Fraction, ...]
Weights = tuple[tuple[int, Fraction], ...]

_TRIES = 40
_NEIGHBOURS = 3


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
            # Where facets meet, rounding may take the neighbour for the one that is hit.
            for near in np.argsort(times, kind="stable")[:_NEIGHBOURS].tolist():
                facet = hull.simplices[near].tolist()
                weights = self._solved(point, [int(hull.places[v]) for v in (corner, *facet)])
                if weights is not None:
                    return weights
        return None

    def _solved(self, point: Point, places: list[int]) -> Weights | None:
        """Weights on just these points, if there are some."""
        columns = [[*self._points[j], Fraction(1)] for j in places]
        matrix = fmpq_mat([[_flint(x) for x in row] for row in zip(*columns, strict=True)])
        side = fmpq_mat([[_flint(x)] for x in (*point, Fraction(1))])
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


def _flint(number: Fraction) -> fmpq:
    return fmpq(number.numerator, number.denominator)
