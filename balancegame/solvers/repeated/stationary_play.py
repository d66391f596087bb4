"""Payoffs sustained by playing the same profiles for ever, proven at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from balancegame.solvers.repeated.generated_points import stationary_point
from balancegame.solvers.repeated.inner_polytope import STATIONARY, Candidate
from balancegame.solvers.repeated.stage_incentives import StageIncentives

_MOST_ROWS = 256


def stationary_play(incentives: StageIncentives) -> Candidate | None:
    """Stationary play whose payoffs generate themselves, as points; None if there is none.

    In a single stage game the largest set of profiles of which each is worth playing for ever
    against the threat of going over to the worst of them, found by dropping those that are not. In
    several contingencies, rows of pure stage equilibria; where they are too many, each player's
    worst and best.
    """
    if len(incentives.contingencies) == 1:
        rows = [(a,) for a in _self_supporting(incentives)]
    else:
        rows = _equilibrium_rows(incentives)
    if not rows:
        return None
    profiles = np.array(rows, dtype=np.intp)
    exact = np.array([stationary_point(incentives, row) for row in rows], dtype=object)
    points = incentives.to_unit(exact)
    continuations = np.repeat(points[:, None], profiles.shape[1], axis=1)
    return Candidate(points, profiles, continuations, np.full(len(rows), STATIONARY))


def _self_supporting(incentives: StageIncentives) -> list[int]:
    payoffs, required = incentives.payoffs.tolist(), incentives.required
    left = [a for a, needs in enumerate(required) if None not in needs]
    while left:
        threats = [min(payoffs[a][i] for a in left) for i in range(incentives.n_players)]
        kept = [
            a
            for a in left
            if all(
                not need or payoff >= threat + need
                for need, payoff, threat in zip(required[a], payoffs[a], threats, strict=True)
            )
        ]
        if len(kept) == len(left):
            break
        left = kept
    return left


def _equilibrium_rows(incentives: StageIncentives) -> Sequence[tuple[int, ...]]:
    stable = [
        [a for a in places if not any(incentives.deviations[a] - incentives.payoffs[a])]
        for places in incentives.contingencies
    ]
    if not all(stable):
        return []
    if np.prod([len(one) for one in stable], dtype=float) <= _MOST_ROWS:
        return list(itertools.product(*stable))
    payoffs = incentives.payoffs
    return sorted(
        {
            tuple(choose(one, key=lambda a: payoffs[a, i]) for one in stable)
            for i in range(incentives.n_players)
            for choose in (min, max)
        }
    )
