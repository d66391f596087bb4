"""Payoff sets between two polytopes, for any number of players."""

from __future__ import annotations

import itertools
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import _progress
from balancegame.solvers.repeated.judd_yeltekin_conklin import payoff_polytopes
from balancegame.testing import normal_form_games
from tests.repeated_games import check_self_generating, outer_levels, prisoners

DELTAS = st.sampled_from(["0", "1/20", "1/5", "1/2", "3/5", "4/5", "19/20"])
DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
PENNIES = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def golden(**parameters):
    world = bg.World(
        ["1", "2", "3", "h"],
        [3, 2, 1, 4],
        [[1, 0.5, 0.2, -0.2], [0.5, 1, -0.3, 0.1], [0.2, -0.3, 1, 0.6], [-0.2, 0.1, 0.6, 1]],
        threat="h",
    )
    actions = ("balance", "bandwagon", "neutral", "arm", "undermine")
    return bg.BalancingModel(decisiveness=2, **parameters).game(world, actions=actions)


def check(found, *, tolerance=1e-6):
    """The proof by definition, and inner inside outer inside feasible."""
    evidence = found._evidence
    span = max(float(np.ptp(stage.payoffs)) for stage in found.repeated.stages) or 1.0
    if evidence.inner is not None:
        check_self_generating(found.repeated, evidence.inner, evidence.incentives.profiles)
        assert len(found.vertices)
        assert within(found.inner, found.outer, tolerance * span)
    if found.repeated.discount is not None and len(found.outer):
        feasible = bg.feasible_payoffs(found.repeated).outer
        assert within(found.outer, feasible, tolerance * span)
    if found.exact:
        assert found.gap == 0
    return found


def within(points, vertices, slack):
    from balancegame.solvers.repeated.polytope_gap import farthest

    return not len(points) or (len(vertices) > 0 and farthest(points, vertices)[0].max() <= slack)


def support(vertices, directions):
    return (directions @ vertices.T).max(axis=1)


@pytest.mark.parametrize("delta", ["1/2", "3/5", "9/10", "99/100", "999/1000"])
def test_dilemma_of_patient_players_has_everything_individually_rational(delta):
    found = check(payoff_polytopes(bg.RepeatedGame(DILEMMA, delta)))
    assert found.exact
    half = Fraction(5, 2)
    assert found.exact_vertices == ((1, 1), (half, 1), (2, 2), (1, half))
    assert found.threats.tolist() == [1, 1]


@pytest.mark.parametrize("delta", ["0", "1/4", "0.49"])
def test_dilemma_of_impatient_players_has_its_equilibrium_alone(delta):
    found = check(payoff_polytopes(bg.RepeatedGame(DILEMMA, delta)))
    assert found.exact
    assert found.exact_vertices == ((1, 1),)
    assert found.dimension == 0


@pytest.mark.parametrize("n", [3, pytest.param(4, marks=pytest.mark.compiled)])
def test_helpers_at_the_critical_discount_factor(n):
    # Grim's threshold is cost / benefit = 1/2 for every n, attained.
    game = prisoners(n)
    below = check(payoff_polytopes(bg.RepeatedGame(game, "0.49"), max_points=60))
    at = check(payoff_polytopes(bg.RepeatedGame(game, "1/2"), max_points=60))
    assert np.ones(n).tolist() in at.inner.tolist() or within(np.ones((1, n)), at.inner, 1e-12)
    assert not within(np.ones((1, n)), below.outer, 1e-9)


def test_without_pure_equilibrium_the_set_is_empty_at_low_discount_factors():
    for delta in ("0", "1/10", "1/4"):
        found = payoff_polytopes(bg.RepeatedGame(PENNIES, delta))
        assert found.exact
        assert (len(found.vertices), len(found.outer), found.dimension) == (0, 0, -1)
        assert found.gap == 0
        assert np.isnan(found.threats).all()
    assert "cannot be kept" in found.reason


def test_discount_factor_zero_leaves_the_hull_of_pure_equilibria():
    game = bg.NormalFormGame(np.random.default_rng(5).integers(0, 3, (3, 2, 3, 2)))
    found = check(payoff_polytopes(bg.RepeatedGame(game, 0)))
    stable = {one.exact_payoffs for one in bg.pure_nash(game)}
    assert found.exact
    assert set(found.exact_vertices) <= stable
    assert within(np.array(sorted(stable), dtype=float), found.vertices, 1e-9)


@pytest.mark.parametrize("payoffs", [np.zeros((3, 2, 2, 2)), np.ones((3, 1, 1, 1))])
def test_constant_games_are_points(payoffs):
    found = payoff_polytopes(bg.RepeatedGame(bg.NormalFormGame(payoffs), "1/2"))
    assert found.exact
    assert found.dimension == 0


def test_common_interests_are_a_segment():
    table = np.random.default_rng(1).integers(0, 9, (2, 3, 2))
    game = bg.NormalFormGame([table, table, table])
    found = check(payoff_polytopes(bg.RepeatedGame(game, "9/10")))
    assert found.dimension == 1
    assert found.vertices.max() == table.max()


def test_one_player_gets_his_best_payoff():
    game = bg.NormalFormGame([[1, 3, 2]])
    found = check(payoff_polytopes(bg.RepeatedGame(game, "1/2")))
    assert found.exact_vertices == ((3,),)


@settings(max_examples=12, deadline=None)
@given(normal_form_games(min_players=2, max_players=3, min_actions=1, max_actions=2), DELTAS)
def test_proofs_hold_on_degenerate_games(game, delta):
    check(payoff_polytopes(bg.RepeatedGame(game, delta), max_points=60))


@pytest.mark.parametrize("seed", range(3))
def test_against_linear_programs(seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).integers(0, 10, (3, 2, 2, 2)))
    repeated = bg.RepeatedGame(game, "3/5")
    found = check(payoff_polytopes(repeated))
    directions = np.random.default_rng(0).normal(size=(10, 3))
    levels = outer_levels(repeated, directions, rounds=12)
    if levels is None:
        assert found.exact
        assert not len(found.outer)
        return
    if len(found.inner):
        assert (support(found.inner, directions) <= levels + 1e-6).all()
    # The coarse oracle cannot beat ours by more than it is off itself.
    assert (support(found.outer, directions) <= levels + 1e-5).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("delta", ["1/5", "3/5", "9/10"])
def test_two_players_agree_with_abreu_and_sannikov(seed, delta):
    game = bg.NormalFormGame(np.random.default_rng(seed).integers(0, 8, (2, 3, 2)))
    repeated = bg.RepeatedGame(game, delta)
    found, other = check(payoff_polytopes(repeated)), bg.subgame_perfect_payoffs(repeated)
    span = float(np.ptp(game.payoffs))
    assert within(found.inner, other.outer, 1e-6 * span)
    assert within(other.inner, found.outer, 1e-6 * span)


def test_the_set_grows_with_a_common_discount_factor():
    game = bg.NormalFormGame(np.random.default_rng(3).integers(0, 10, (3, 2, 2, 2)))
    sets = [payoff_polytopes(bg.RepeatedGame(game, d)) for d in ("1/5", "2/5", "3/5", "4/5")]
    for small, large in itertools.pairwise(sets):
        assert within(small.inner, large.outer, 1e-6 * 10)


def test_relabelling_players_and_actions_moves_the_set_along():
    table = np.random.default_rng(7).integers(0, 10, (3, 2, 3, 2))
    order = [2, 0, 1]
    turned = table[order].transpose(0, *(1 + i for i in order))[:, ::-1]
    one = check(payoff_polytopes(bg.RepeatedGame(bg.NormalFormGame(table), "3/5")))
    other = check(payoff_polytopes(bg.RepeatedGame(bg.NormalFormGame(turned), "3/5")))
    assert within(one.inner[:, order], other.outer, 1e-6 * 10)
    assert within(other.inner, one.outer[:, order], 1e-6 * 10)
    assert math.isclose(one.gap, other.gap, abs_tol=1e-3 * 10)


def test_payoffs_are_read_off_scales():
    table = np.random.default_rng(3).integers(0, 10, (3, 2, 2, 2)).astype(float)
    scales = np.array([1e-6, 1.0, 1e6]).reshape(3, 1, 1, 1)
    plain = payoff_polytopes(bg.RepeatedGame(bg.NormalFormGame(table), "3/5"))
    scaled = payoff_polytopes(bg.RepeatedGame(bg.NormalFormGame(table * scales - 7), "3/5"))
    assert np.allclose(plain.threats, (scaled.threats + 7) / scales.ravel(), atol=1e-3)


@pytest.mark.parametrize("n", [2, pytest.param(3, marks=pytest.mark.compiled)])
def test_contingencies(n):
    quiet = bg.NormalFormGame(np.zeros((n, *[2] * n)))
    repeated = bg.RepeatedGame(
        [bg.Contingency("help", "2/3", prisoners(n)), bg.Contingency("quiet", "1/3", quiet)], "3/4"
    )
    found = check(payoff_polytopes(repeated))
    assert found.gap < 0.05
    # Everybody helps where it is asked for, 2/3 of the time.
    assert within(np.full((1, n), 2 / 3), found.outer, 1e-9)
    assert found.threats.tolist() == pytest.approx([0] * n, abs=1e-3)


def test_equal_contingencies_are_one():
    game = bg.NormalFormGame(np.random.default_rng(3).integers(0, 10, (2, 2, 2)))
    one = payoff_polytopes(bg.RepeatedGame(game, "3/5"))
    parts = [bg.Contingency("x", "1/3", game), bg.Contingency("y", "2/3", game)]
    two = check(payoff_polytopes(bg.RepeatedGame(parts, "3/5")))
    assert within(one.inner, two.outer, 1e-6)
    assert within(two.inner, one.outer, 1e-6)


@pytest.mark.compiled
def test_different_discount_factors():
    repeated = bg.RepeatedGame(prisoners(3), ["3/5", "7/10", "4/5"])
    found = check(payoff_polytopes(repeated, max_points=80))
    assert within(np.ones((1, 3)), found.outer, 1e-9)
    assert found.gap < 0.2


@pytest.mark.compiled
def test_golden_balancing_game():
    game = golden(autonomy_loss=0.4)
    found = check(payoff_polytopes(bg.RepeatedGame(game, 0.75)))
    assert found.gap < 1e-2 * np.ptp(game.payoffs)
    assert found.threats == pytest.approx([0.6, 0.6, 0.6], abs=1e-6)
    # UUN is sustained from .741233 on (MODEL.md, C).
    target = game.expected_payoffs(["undermine", "undermine", "neutral"])
    assert within(target[None], found.inner, 1e-6)
    below = payoff_polytopes(bg.RepeatedGame(game, 0.2))
    assert len(below.vertices) == 1


def test_results_travel():
    found = payoff_polytopes(bg.RepeatedGame(DILEMMA, "3/5"))
    assert pickle.loads(pickle.dumps(found)) == found
    assert found.to_dict()["exact"]


def test_interruption_keeps_the_outer_polytope():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(0, 21, (3, 3, 2, 2)))

    def stop(task, done, total):
        if task.startswith("rounds of the inner"):
            raise KeyboardInterrupt

    with _progress.listening(stop), pytest.raises(bg.SearchInterrupted) as caught:
        payoff_polytopes(bg.RepeatedGame(game, "3/5"))
    found = caught.value.result
    full = payoff_polytopes(bg.RepeatedGame(game, "3/5"))
    assert within(full.inner, found.outer, 1e-9)
    assert len(found.outer)


@pytest.mark.parametrize("options", [{"tol": 0}, {"tol": -1}, {"tol": math.nan}, {"max_points": 3}])
def test_bad_options_are_refused(options):
    with pytest.raises(bg.BalanceGameError):
        payoff_polytopes(bg.RepeatedGame(DILEMMA, "1/2"), **options)


def test_stage_games_are_refused():
    with pytest.raises(bg.errors.InvalidTypeError, match="RepeatedGame"):
        payoff_polytopes(DILEMMA)
