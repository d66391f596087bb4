"""The pieces of logit revision: elimination, aggregation, resistances, against definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import TooManyProfilesError
from balancegame.solvers.revision import aggregation, log_reduction, long_run, state_reduction
from balancegame.solvers.revision.logit_revision import logit_revision, resistances
from balancegame.solvers.revision.passage_times import log_passage_time
from balancegame.solvers.revision.resistance_paths import distances_from, distances_to
from balancegame.solvers.revision.resistance_trees import tree_resistances
from balancegame.testing import normal_form_games
from tests import revision as by_definition

games = normal_form_games(max_players=3, max_actions=3)


def random_chain(seed, size):
    """Rates that span many orders of magnitude."""
    rng = np.random.default_rng(seed)
    rates = np.exp(-rng.uniform(0, 25, (size, size)))
    np.fill_diagonal(rates, 0.0)
    return rates / max(2 * rates.sum(axis=1).max(), 1e-30)


@pytest.mark.parametrize("size", [1, 2, 3, 47, 48, 49, 50, 97, 150])
def test_elimination_balances_each_state_whatever_the_block(size):
    rates = random_chain(size, size)
    law = state_reduction.stationary(rates.copy())
    assert law.sum() == pytest.approx(1.0)
    assert law @ rates == pytest.approx(law * rates.sum(axis=1), rel=1e-12)


def test_elimination_keeps_all_digits_where_states_are_left_once_in_1e40_periods():
    a, b = 1e-40, 3e-42
    law = state_reduction.stationary(np.array([[0, a], [b, 0]]))
    assert law == pytest.approx([b / (a + b), a / (a + b)], rel=1e-15)
    times = state_reduction.absorption_times(np.array([[0, a], [b, 0]]), np.array([0.0, 1e-60]))
    # From 1 the expected number of stays is 1 / 1e-60 there and b / (a * 1e-60) in 0.
    assert times == pytest.approx([1 / a + 1e60 * (1 + b / a), 1e60 * (1 + b / a)], rel=1e-14)


@pytest.mark.parametrize("size", [2, 5, 60])
def test_logs_say_the_same(size):
    rates = random_chain(size, size)
    with np.errstate(divide="ignore"):
        logs = np.log(rates)
    law = state_reduction.stationary(rates.copy())
    assert log_reduction.log_stationary(logs.copy()) == pytest.approx(np.log(law), rel=1e-11)
    into = np.zeros(size)
    into[0] = 1e-9
    with np.errstate(divide="ignore"):
        log_into = np.log(into)
    times = state_reduction.absorption_times(rates.copy(), into)
    found = log_reduction.log_absorption_times(logs.copy(), log_into)
    assert found == pytest.approx(np.log(times), rel=1e-11)


def test_elimination_says_when_floats_do_not_reach():
    with pytest.raises(state_reduction.OutOfRangeError):
        state_reduction.stationary(np.array([[0, 1e-300], [1e-300, 0]]))


def rough_game(seed, shape):
    """Some coordination, some noise: several valleys, no potential."""
    rng = np.random.default_rng(seed)
    n = len(shape)
    common = rng.normal(size=shape)
    own = rng.normal(size=(n, *shape))
    alike = sum(np.indices(shape) == k for k in range(2)).astype(float)
    return bg.NormalFormGame(common + 0.5 * own + (alike * np.indices(shape)).sum(axis=0))


@pytest.mark.parametrize("seed", range(4))
def test_aggregation_agrees_with_elimination_within_its_bound(seed):
    game = rough_game(seed, [(2,) * 8, (3,) * 5, (2, 3, 4, 5), (4, 1, 2, 3, 5)][seed])
    chain = logit_revision(game, 20 / np.ptp(game.payoffs))
    law = state_reduction.stationary(chain.rates().toarray())
    found = aggregation.stationary(chain.rates(), small=20)
    assert found == pytest.approx(law, rel=1e-10)
    bound = aggregation.distance_bound(chain.rates(), found)
    assert np.abs(found - law).sum() / 2 <= bound < 1e-6
    wrong = law.copy()
    wrong[law.argsort()[-2]] *= 1.01
    off = np.abs(wrong / wrong.sum() - law).sum() / 2
    assert aggregation.distance_bound(chain.rates(), wrong) >= off


@pytest.mark.parametrize("seed", range(3))
def test_passage_times_by_aggregation(seed):
    game = rough_game(seed, [(2,) * 8, (3,) * 5, (2, 3, 4, 5)][seed])
    chain = logit_revision(game, 10 / np.ptp(game.payoffs))
    rng = np.random.default_rng(seed)
    is_target = rng.random(game.n_profiles) < 0.02
    is_target[5] = True
    starts = np.flatnonzero(~is_target)[:2]
    weights = np.log([0.25, 0.75])
    direct = log_passage_time(chain, starts, weights, is_target)
    found = log_passage_time(chain, starts, weights, is_target, direct=0)
    assert found == pytest.approx(direct, abs=1e-9)


@given(games, st.sampled_from([0.0, 0.3, 2.0]))
def test_the_law_and_times_of_small_games_by_linear_systems(game, precision):
    matrix = by_definition.transition_matrix(game, precision)
    chain = logit_revision(game, precision)
    off_diagonal = matrix - np.diag(np.diag(matrix))
    assert chain.rates().toarray() == pytest.approx(off_diagonal, abs=1e-15)
    found = long_run.stationary(chain)
    assert np.exp(found.logs) == pytest.approx(by_definition.stationary(matrix), abs=1e-9)
    if game.n_profiles > 1:
        is_target = np.arange(game.n_profiles) == game.n_profiles - 1
        time = log_passage_time(chain, np.array([0]), np.zeros(1), is_target)
        expected = by_definition.passage_times(matrix, is_target)[0]
        assert np.exp(time) == pytest.approx(expected, rel=1e-6)


@given(normal_form_games(max_players=3, max_actions=2))
def test_resistances_between_all_profiles(game):
    cost = by_definition.resistance_matrix(game)
    given_ = resistances(game)
    every = range(game.n_profiles)
    forward = distances_from(given_.costs, [np.array([k]) for k in every])
    assert [[int(x) for x in row] for row in forward] == [
        [value * given_.unit for value in row] for row in cost
    ]
    for k in every:
        back = distances_to(given_.costs, np.array([k]))
        assert [int(x) for x in back] == [row[k] * given_.unit for row in cost]


@given(st.integers(1, 5), st.sampled_from([1, 3, 100]), st.randoms(use_true_random=False))
def test_least_trees_by_trying_all(size, most, random):
    table = np.array([[random.randint(0, most) for _ in range(size)] for _ in range(size)])
    expected = by_definition.least_trees(table.tolist())
    assert tree_resistances(table) == expected
    assert tree_resistances(table.astype(object) * 10**30) == [10**30 * x for x in expected]


def test_too_many_profiles_are_counted():
    game = bg.NormalFormGame(np.random.default_rng(0).random((17, *(2,) * 17)))
    with pytest.raises(TooManyProfilesError, match="131,072 profiles"):
        long_run.stationary(logit_revision(game, 1.0))
    rough = rough_game(0, (2,) * 10)
    with pytest.raises(TooManyProfilesError, match="1,024 profiles span more"):
        long_run.stationary(logit_revision(rough, 1e4))
    with pytest.raises(TooManyProfilesError, match="1,024 profiles span more"):
        long_run.stationary(logit_revision(rough, 1e4), direct=0)
