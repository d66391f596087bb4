"""The individually rational part of what is feasible, as a candidate for the whole set.

When players are patient enough it often is the set of all equilibrium payoffs. Its vertices are
found in floats and solved for in rationals: each is a mixture of stage payoffs that gives some
players just what they can be held down to.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.exact_ties import exact_weights, few_points, mixture
from balancegame.solvers.repeated.float_polytope import float_hull
from balancegame.solvers.repeated.generated_points import Point
from balancegame.solvers.repeated.inner_polytope import Candidate
from balancegame.solvers.repeated.parts_above import parts_above
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]

_NEAR = 1e-8
_MOST_VERTICES = 1000


def rational_part(
    incentives: StageIncentives, possible: NDArray[np.bool_]
) -> tuple[Candidate | None, list[list[Point]]]:
    """The part as a candidate, with exact continuations; None where it does not generate itself.

    For a single stage game and one discount factor only.
    """
    delta, left = incentives.common, np.flatnonzero(possible)
    if not delta or len(incentives.contingencies) > 1:
        return None, []
    stage = incentives.unit_payoffs[left]
    hull = float_hull(stage)
    floors = [min(incentives.deviations[left, i]) for i in range(incentives.n_players)]
    unit_floors = incentives.to_unit(np.array([floors], dtype=object))[0]
    points, _ = parts_above(hull, unit_floors[None])
    if not len(points):
        return None, []
    part = float_hull(points)
    if len(part.points) > _MOST_VERTICES:
        return None, []
    vertices = [
        _solved(incentives, left, hull.places, one, floors, unit_floors) for one in part.points
    ]
    exact: list[Point] = []
    for one in vertices:
        if one is None:
            return None, []
        exact.append(one)
    needed = unit_floors + incentives.unit_required[left]
    profiles: list[list[int]] = []
    continuations: list[list[Point]] = []
    for vertex, unit in zip(exact, part.points, strict=True):
        promised = (unit - (1.0 - float(delta)) * stage) / float(delta)
        fits = (promised >= needed - _NEAR).all(axis=1)
        fits[fits] = part.excess(promised[fits]) <= _NEAR
        if not fits.any():
            return None, []
        # Of several profiles one whose continuations lie deep inside, or that is repeated.
        places = np.flatnonzero(fits)
        best = int(places[part.excess(promised[places]).argmin()])
        a = int(left[best])
        profiles.append([a])
        continuations.append(
            [
                tuple(
                    (z - (1 - delta) * g) / delta
                    for z, g in zip(vertex, incentives.payoffs[a], strict=True)
                )
            ]
        )
    units = incentives.to_unit(np.array(exact, dtype=object))
    later = incentives.to_unit(np.array([one[0] for one in continuations], dtype=object))
    return (
        Candidate(units, np.array(profiles), later[:, None], np.arange(len(units))),
        continuations,
    )


def _solved(
    incentives: StageIncentives,
    left: NDArray[np.intp],
    corners: NDArray[np.intp],
    vertex: Floats,
    floors: list[Fraction],
    unit_floors: Floats,
) -> Point | None:
    """A vertex in rationals: a mixture of stage payoffs on the floors it lies on."""
    found = few_points(incentives.unit_payoffs[left[corners]], vertex)
    if found is None:
        return None
    points = [tuple(incentives.payoffs[left[corners[k]]]) for k in found[0]]
    tight = [
        (i, floor) for i, floor in enumerate(floors) if abs(vertex[i] - unit_floors[i]) < _NEAR
    ]
    weights = exact_weights(points, found[1], tight)
    return None if weights is None else mixture([(points[k], share) for k, share in weights])
