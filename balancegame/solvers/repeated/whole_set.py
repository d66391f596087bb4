"""Proof that a self-generating set holds all equilibrium payoffs.

With one discount factor, payoffs of equilibria are mixtures of what the profiles pay that can begin
one, and give nobody less than the least that deviations from such profiles pay. A polytope is the
whole set if each of its facets is valid for those profiles' payoffs, or is one of these floors.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from balancegame.solvers.repeated.float_polytope import FloatPolytope, float_hull
from balancegame.solvers.repeated.generated_points import (
    AffineSpace,
    Point,
    SelfGenerating,
    stationary_point,
)
from balancegame.solvers.repeated.mixtures import to_flint
from balancegame.solvers.repeated.stage_incentives import StageIncentives

_MOST_SUMS = 4096


@dataclass(frozen=True, slots=True)
class WholeSet:
    """A set that is proven to be the whole one.

    Attributes
    ----------
    vertices : tuple of tuples of Fraction
    normals : tuple of tuples of Fraction
        Of half-spaces that leave nothing else, together with the floors.
    """

    vertices: tuple[Point, ...]
    normals: tuple[Point, ...]


def whole_set(
    incentives: StageIncentives, proof: SelfGenerating, possible: NDArray[np.bool_]
) -> WholeSet | None:
    """A self-generating set if it is proven to be the whole one, else None.

    Parameters
    ----------
    incentives : StageIncentives
    proof : SelfGenerating
    possible : array of bool, shape (A,)
        False for profiles proven not to begin an equilibrium.
    """
    if incentives.common is None:
        return None
    left = [[a for a in places if possible[a]] for places in incentives.contingencies]
    if np.prod([float(len(one)) for one in left]) > _MOST_SUMS:
        return None
    payoffs = [stationary_point(incentives, row) for row in itertools.product(*left)]
    points = list(dict.fromkeys(proof.points))
    space = AffineSpace(incentives, [one.profiles for one in proof.generated])
    if not all(space.holds(one) for one in payoffs):
        return None
    hull = float_hull(incentives.to_unit(np.array(points, dtype=object)))
    if hull.dimension != len(space.pivots):
        return None
    corners = tuple(points[j] for j in hull.places)
    if hull.dimension == 0:
        return WholeSet(corners, space.normals()) if len(points) == 1 else None
    floors = [
        sum(
            (
                chance * min(incentives.deviations[a, i] for a in one)
                for chance, one in zip(incentives.probabilities, left, strict=True)
            ),
            Fraction(0),
        )
        for i in range(incentives.n_players)
    ]
    facets = _facets(hull, corners, points, space.pivots)
    if facets is None:
        return None
    normals = list(space.normals())
    for normal, level in facets:
        if all(_dot(normal, one, space.pivots) <= level for one in payoffs):
            whole = dict(zip(space.pivots, normal, strict=True))
            normals.append(tuple(whole.get(i, Fraction(0)) for i in range(incentives.n_players)))
        elif not _is_floor(normal, level, space, floors):
            return None
    return WholeSet(tuple(sorted(corners)), tuple(dict.fromkeys(normals)))


def _facets(
    hull: FloatPolytope, corners: Sequence[Point], points: Sequence[Point], pivots: Sequence[int]
) -> list[tuple[list[Fraction], Fraction]] | None:
    """The facets in rationals, in the coordinates of the pivots; None if floats misled.

    Simplices that hold all points on one side, each of whose ridges belongs to another one as well,
    are the whole boundary.
    """
    found: list[tuple[list[Fraction], Fraction]] = []
    ridges: Counter[tuple[int, ...]] = Counter()
    for simplex in hull.simplices.tolist():
        base = corners[simplex[0]]
        rows = [[to_flint(corners[v][p] - base[p]) for p in pivots] for v in simplex[1:]]
        normal = _across(rows, len(pivots))
        if normal is None:
            return None
        level = _dot(normal, base, pivots)
        values = [_dot(normal, one, pivots) - level for one in points]
        if min(values) < 0 < max(values):
            return None
        if max(values) > 0:
            normal, level = [-x for x in normal], -level
        found.append((normal, level))
        if len(simplex) > 1:
            ridges.update(itertools.combinations(sorted(simplex), len(simplex) - 1))
    return found if all(count == 2 for count in ridges.values()) else None


def _across(rows: Sequence[Sequence[fmpq]], dimension: int) -> list[Fraction] | None:
    """The one direction orthogonal to rows, None if there are several."""
    if not rows:
        return [Fraction(1)]
    reduced, rank = fmpq_mat(rows).rref()
    if rank != dimension - 1:
        return None
    table = [[Fraction(int(x.p), int(x.q)) for x in row] for row in reduced.tolist()]
    heads = [next(k for k, x in enumerate(row) if x) for row in table]
    free = next(k for k in range(dimension) if k not in heads)
    normal = [Fraction(0)] * dimension
    normal[free] = Fraction(1)
    for head, row in zip(heads, table, strict=True):
        normal[head] = -row[free]
    return normal


def _dot(normal: Sequence[Fraction], point: Point, pivots: Sequence[int]) -> Fraction:
    return sum((x * point[p] for x, p in zip(normal, pivots, strict=True)), Fraction(0))


def _is_floor(
    normal: Sequence[Fraction], level: Fraction, space: AffineSpace, floors: Sequence[Fraction]
) -> bool:
    """Whether a facet says no more than that some player gets at least his floor."""
    for i, floor in enumerate(floors):
        constant, slopes = space.coordinate(i)
        # In the space w_i = constant + slopes . pivots, so w_i >= floor is this half-space:
        side, bound = [-x for x in slopes], constant - floor
        place = next((k for k, x in enumerate(side) if x), None)
        if place is None or not normal[place]:
            continue
        factor = normal[place] / side[place]
        if (
            factor > 0
            and all(x == factor * y for x, y in zip(normal, side, strict=True))
            and (level >= factor * bound)
        ):
            return True
    return False
