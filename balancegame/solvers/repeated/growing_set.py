"""A self-generating set grown from a smaller one.

What a self-generating set generates, joined to it, generates itself again. So no round has to
settle: every one adds the points that stick out most, as long as there is room for more.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.solvers.repeated.float_polytope import float_hull
from balancegame.solvers.repeated.generated_points import Point, SelfGenerating, proven
from balancegame.solvers.repeated.inner_polytope import Candidate, InnerSearch
from balancegame.solvers.repeated.mixtures import Weights
from balancegame.solvers.repeated.stage_incentives import StageIncentives

_MARGIN = 1e-8  # of the payoffs' range
_ROUNDS = 60
_STEPS = 8  # into which the room is divided


def grown(
    incentives: StageIncentives,
    known: SelfGenerating,
    possible: NDArray[np.bool_],
    most_points: int,
    tolerance: float,
) -> SelfGenerating:
    """A larger self-generating set, or the same where nothing sticks out by the tolerance.

    Parameters
    ----------
    incentives : StageIncentives
    known : SelfGenerating
    possible : array of bool, shape (A,)
    most_points : int
    tolerance : float
        Of the payoffs' range.
    """
    best = known
    for done in range(_ROUNDS):
        current, exact = _as_candidate(incentives, best)
        room = most_points - len(current.points)
        if room <= 0:
            break
        hull = float_hull(current.points)
        search = InnerSearch(incentives, None, possible, _MARGIN, most_points)
        found, _ = search.round(hull, np.zeros(incentives.n_players))
        report("rounds of a growing polytope", done + 1, _ROUNDS)
        if found is None:
            break
        excess = hull.excess(found.points)
        order = np.argsort(-excess, kind="stable")[: max(room // _STEPS, 2 * len(hull.axes))]
        chosen = order[excess[order] > tolerance][:room]
        if not len(chosen):
            break
        larger = proven(incentives, Candidate.joined([current, found[chosen]]), exact)
        if not isinstance(larger, SelfGenerating):
            good = np.setdiff1d(np.arange(len(chosen)), np.array(larger) - len(current.points))
            larger = proven(incentives, Candidate.joined([current, found[chosen[good]]]), exact)
        if not len(chosen) or not isinstance(larger, SelfGenerating):
            break
        best = larger
    return best


def _as_candidate(
    incentives: StageIncentives, known: SelfGenerating
) -> tuple[Candidate, list[list[Point]]]:
    """The vertices of what is known, with their exact continuations."""
    units = incentives.to_unit(np.array(known.points, dtype=object))
    kept = float_hull(units).places
    exact = [[_mixed(known, weights) for weights in known.generated[j].continuations] for j in kept]
    later = np.array(
        [incentives.to_unit(np.array(one, dtype=object)) for one in exact], dtype=np.float64
    )
    profiles = np.array([known.generated[j].profiles for j in kept], dtype=np.intp)
    return Candidate(units[kept], profiles, later, np.arange(len(kept))), exact


def _mixed(known: SelfGenerating, weights: Weights) -> Point:
    return tuple(
        sum((known.points[j][i] * share for j, share in weights), Fraction(0))
        for i in range(len(known.threats))
    )
