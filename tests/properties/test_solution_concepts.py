"""How the solution concepts lie in each other: Nash, correlated, rationalizable, logit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import balancegame as bg
from balancegame.testing import normal_form_games

games = normal_form_games(min_players=3, max_players=3, max_actions=3)
SLACK = 1e-9


def span(game):
    return max(1.0, float(np.abs(game.payoffs).max()))


@given(games)
@settings(max_examples=25, deadline=None)
def test_no_equilibrium_has_more_welfare_than_the_best_correlated_one(game):
    found = bg.nash_equilibria(game, max_supports=200)
    best = bg.correlated_equilibrium(game).value
    coarse = bg.correlated_equilibrium(game, coarse=True).value
    slack = SLACK * span(game)
    assert best <= coarse + slack <= game.payoffs.sum(axis=0).max() + 2 * slack
    for one in found:
        assert one.payoffs.sum() <= best + slack


@given(games)
@settings(max_examples=25, deadline=None)
def test_every_equilibrium_meets_the_incentive_constraints(game):
    for one in bg.nash_equilibria(game, max_supports=200):
        joint = np.einsum("i,j,k->ijk", *one.profile)
        for i in range(3):
            table = np.moveaxis(game.payoffs[i], i, 0).reshape(game.shape[i], -1)
            weights = np.moveaxis(joint, i, 0).reshape(game.shape[i], -1)
            for told, weight in enumerate(weights):
                gains = (table - table[told]) @ weight
                assert gains.max() <= SLACK * span(game)


@given(games)
@settings(max_examples=25, deadline=None)
def test_equilibria_play_rationalizable_actions_and_pay_at_least_the_minmax_value(game):
    survivors = bg.rationalizable(game).survivors
    found = bg.nash_equilibria(game, max_supports=200)
    lower = [bg.minmax(game, i, mixed=True).lower for i in range(3)]
    for one in found:
        for part, kept in zip(one.support, survivors, strict=True):
            assert set(part) <= set(kept)
        assert (one.payoffs >= np.array(lower) - SLACK * span(game)).all()


@pytest.mark.compiled
@given(normal_form_games(min_players=4, max_players=4, max_actions=2))
@settings(max_examples=25, deadline=None)
def test_the_limit_of_the_logit_path_is_listed_where_it_is_settled(game):
    limit = bg.logit_path(game).limit
    found = bg.nash_equilibria(game)
    if not limit.settled or not found.complete or found.degenerate:
        return
    gaps = [
        max(float(np.abs(x - y).max()) for x, y in zip(one.profile, limit, strict=True))
        for one in found
    ]
    assert min(gaps) < 1e-6
