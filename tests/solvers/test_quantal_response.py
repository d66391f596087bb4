"""Quantal responses: by definition, on the right branch, against Gambit, and under strain."""

from __future__ import annotations

import json
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.solvers.logit import payoff_contractions
from balancegame.solvers.logit.system import LogitSystem
from balancegame.testing import normal_form_games
from tests import naive_logit
from tests.oracles import gambit

PRECISIONS = (0.1, 0.3, 1, 3, 10, 30, 100)
SHAPES = [(2, 2), (3, 2), (2, 2, 2), (3, 3), (2, 3, 2), (2,) * 4, (4, 3), (2,) * 5, (3, 3, 3), (5,)]


def random_game(seed: int) -> bg.NormalFormGame:
    """Wide integers or floats: branches without symmetries; many turn."""
    rng = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    table = (len(shape), *shape)
    return bg.NormalFormGame(
        [rng.normal(size=table) * 3, rng.integers(-20, 20, table)][seed // len(SHAPES) % 2]
    )


def coordination(m: int, *, favour: float = 0.0) -> bg.NormalFormGame:
    """Both get 1 where they meet; at the first place a little more, at the last half of that."""
    meet = np.ones(m)
    meet[0] += favour
    meet[-1] += favour / 2
    return bg.NormalFormGame.from_arrays(np.diag(meet), np.diag(meet))


def flat(found) -> np.ndarray:
    return np.concatenate(list(getattr(found, "profile", found)))


@given(normal_form_games(max_players=4), st.sampled_from([0, "1/3", 0.7, 2, 9.5, 40]))
def test_every_probability_is_the_logit_response(game, precision):
    found = bg.quantal_response(game, precision)
    assert naive_logit.residual(game, found.profile, float(found.precision)) <= 1e-12
    assert found.residual <= 1e-13
    assert [part.sum() for part in found.profile] == pytest.approx([1] * game.n_players, abs=1e-15)
    np.testing.assert_allclose(flat(found.log_probabilities), np.log(flat(found)))
    np.testing.assert_allclose(found.payoffs, game.expected_payoffs(found.profile))


@pytest.mark.parametrize("seed", range(40))
def test_gambit_finds_the_same(seed):
    game = random_game(seed)
    for precision, theirs in zip(PRECISIONS, gambit.logit_profiles(game, PRECISIONS), strict=True):
        assert naive_logit.residual(game, theirs, precision) <= 1e-8
        ours = bg.quantal_response(game, precision)
        np.testing.assert_allclose(flat(ours), flat(theirs), atol=1e-8)
        assert ours.error_bound < 1e-9


TURNING = bg.NormalFormGame(np.random.default_rng(0).integers(-20, 20, (8, *(2,) * 8)))


def test_the_first_crossing_is_taken_where_the_branch_turns():
    path = bg.logit_path(TURNING)
    assert len(path.turning_points) == 4
    turns = path.precisions[list(path.turning_points)]
    assert turns[0] > turns[1]  # forward, back, forward, back, forward
    for share in (0.01, 0.5, 0.99):
        precision = turns[1] + share * (turns[0] - turns[1])
        found = bg.quantal_response(TURNING, precision)
        assert found.turning_points == ()
        assert naive_logit.residual(TURNING, found.profile, precision) < 1e-12
    past = float(turns.max()) * 1.1
    (theirs,) = gambit.logit_profiles(TURNING, [past])
    ours = bg.quantal_response(TURNING, past)
    assert ours.turning_points == pytest.approx(tuple(turns), rel=1e-12)
    np.testing.assert_allclose(flat(ours), flat(theirs), atol=1e-8)


def test_turning_points_are_located_where_the_tangent_is_upright():
    path = bg.logit_path(TURNING)
    for k in path.turning_points:
        assert np.sign(path.precisions[k] - path.precisions[k - 1]) == np.sign(
            path.precisions[k] - path.precisions[k + 1]
        )
        # At the turn the equations by the logs alone are singular.
        system = LogitSystem(TURNING)
        y = np.append(path.log_probabilities[k], math.ldexp(path.precisions[k], system.exponent))
        assert np.linalg.svd(system._system(y)[1])[1][-1] < 1e-5


@pytest.mark.parametrize(
    ("game", "precision"),
    [
        (coordination(2, favour=0.02), 3.0),
        (coordination(3, favour=0.02), 2.75),  # between the turns: before the first of them
        (coordination(3, favour=0.02), 3.0),  # past both
        (random_game(12), 0.2),
    ],
)
def test_short_steps_lead_to_the_same_point(game, precision):
    slow = naive_logit.first_crossing(game, precision, step=0.02)
    np.testing.assert_allclose(flat(bg.quantal_response(game, precision)), flat(slow), atol=1e-3)


@pytest.mark.parametrize("m", [2, 3, 5])
def test_the_branch_goes_straight_on_through_pitchforks(m):
    """By symmetry uniform play is a logit equilibrium; at precision m two or more others leave."""
    for precision in (m * 0.999, m * 1.001, 10.0 * m):
        found = bg.quantal_response(coordination(m), precision)
        np.testing.assert_allclose(flat(found), 1 / m, atol=1e-12)
    assert found.bifurcations == pytest.approx([m], abs=1e-5)


@pytest.mark.parametrize("favour", [1e-2, 1e-4, 1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("m", [2, 3])
def test_the_branch_turns_where_symmetry_is_broken_however_little(m, favour):
    """In the favoured direction: at the centroid that is every player's better action."""
    found = bg.quantal_response(coordination(m, favour=favour), 40)
    assert found.bifurcations == ()
    assert [int(np.argmax(part)) for part in found.profile] == [0, 0]
    assert min(part[0] for part in found.profile) > 1 - 1e-9
    assert len(found.turning_points) == (0 if m == 2 else 2)


def test_a_symmetric_game_of_many_players_keeps_its_symmetry():
    table = np.zeros((4, 2, 2, 2, 2))
    for cell in np.ndindex(2, 2, 2, 2):
        for i, a in enumerate(cell):
            table[(i, *cell)] = [0, 2, 1, 3, -1][sum(cell)] * (1 if a else -0.3)
    found = bg.quantal_response(bg.NormalFormGame(table), 100)
    assert len(found.bifurcations) == 1
    for part in found.profile[1:]:
        np.testing.assert_allclose(part, found.profile[0], atol=1e-12)


@given(normal_form_games(), st.sampled_from([0.5, 3.0]), st.data())
def test_relabelling_relabels(game, precision, data):
    order = data.draw(st.permutations(range(game.n_players)))
    moves = [data.draw(st.permutations(range(m))) for m in game.shape]
    table = game.payoffs
    for i, move in enumerate(moves):
        table = np.take(table, move, axis=i + 1)
    table = np.transpose(table[list(order)], (0, *(1 + i for i in order)))
    ours = bg.quantal_response(game, precision)
    theirs = bg.quantal_response(bg.NormalFormGame(table), precision)
    for place, i in enumerate(order):
        np.testing.assert_allclose(theirs.profile[place], ours.profile[i][moves[i]], atol=1e-10)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("factor", [1e-6, 0.7, 1e6, 1e-200, 1e200])
def test_only_precision_times_payoff_matters(seed, factor):
    game = random_game(seed)
    scaled = bg.NormalFormGame(game.payoffs * factor)
    ours, theirs = bg.quantal_response(game, 2.0), bg.quantal_response(scaled, 2.0 / factor)
    np.testing.assert_allclose(flat(theirs), flat(ours), atol=1e-10)


@pytest.mark.parametrize("seed", range(10))
def test_what_a_player_cannot_change_does_not_matter(seed):
    game = random_game(seed)
    rng = np.random.default_rng(seed)
    table = np.array(game.payoffs)
    for i, m in enumerate(game.shape):
        table[i] += np.repeat(rng.normal(size=table[i].shape).take([0], axis=i), m, axis=i)
    ours, theirs = (bg.quantal_response(one, 2.0) for one in (game, bg.NormalFormGame(table)))
    np.testing.assert_allclose(flat(theirs), flat(ours), atol=1e-11)


@given(normal_form_games(min_actions=2), st.sampled_from([0.5, 3.0, 30.0]))
def test_dominated_actions_are_played_less(game, precision):
    table = np.array(game.payoffs)
    table[0, 1] = table[0, 0] - 1  # action 1 of player 0 always pays 1 less than action 0
    found = bg.quantal_response(bg.NormalFormGame(table), precision)
    difference = found.log_probabilities[0][0] - found.log_probabilities[0][1]
    assert difference == pytest.approx(precision, abs=1e-9)


def test_precision_0_is_the_centroid():
    found = bg.quantal_response(random_game(4), 0)
    assert [part.tolist() for part in found.profile] == [[0.5, 0.5], [1 / 3] * 3, [0.5, 0.5]]
    assert found.n_points == 1


@pytest.mark.parametrize("precision", [0.1, 1.0, 50.0])
def test_one_player_plays_softmax(precision):
    payoffs = [3.0, 1.0, 2.5, -40.0]
    found = bg.quantal_response(bg.NormalFormGame([payoffs]), precision)
    weights = np.exp(precision * (np.array(payoffs) - 3))
    np.testing.assert_allclose(found.profile[0], weights / weights.sum(), rtol=1e-12)


def test_players_of_one_action_play_it():
    game = bg.NormalFormGame(np.random.default_rng(1).normal(size=(3, 1, 4, 1)))
    found = bg.quantal_response(game, 2.0)
    assert [part.tolist() for part in (found.profile[0], found.profile[2])] == [[1.0], [1.0]]
    assert naive_logit.residual(game, found.profile, 2.0) < 1e-14
    assert bg.quantal_response(bg.NormalFormGame([[7]]), 3).profile[0].tolist() == [1.0]


def test_small_differences_of_large_exact_payoffs_count():
    base = 10**20
    exact = bg.NormalFormGame([[base + Fraction(1, 3), base, base - Fraction(5, 7)]])
    small = bg.NormalFormGame([["1/3", 0, "-5/7"]])
    assert exact.has_rounded_payoffs
    ours, theirs = (bg.quantal_response(one, "3/2") for one in (exact, small))
    np.testing.assert_allclose(flat(ours), flat(theirs), rtol=1e-14)
    assert ours.exact_precision == Fraction(3, 2)


def test_probabilities_that_underflow_keep_their_logs():
    found = bg.quantal_response(
        bg.NormalFormGame.from_arrays([[0, 0], [5, 5]], np.zeros((2, 2))), 1e6
    )
    assert found.profile[0].tolist() == [0.0, 1.0]
    assert found.log_probabilities[0][0] == -5e6
    assert found.residual < 1e-15


@pytest.mark.parametrize("size", [1e300, 1.7e308, 1e-300, 5e-324])
def test_payoffs_at_the_ends_of_the_range_are_scaled_or_refused(size):
    game = bg.NormalFormGame.from_arrays([[size, 0], [0, -size]], [[-size, size], [size, 0]])
    if size < 1:
        found = bg.quantal_response(game, 1.0)
        np.testing.assert_allclose(flat(found), 0.5, atol=1e-15)
    else:
        with pytest.raises(errors.InvalidParameterError, match="must be at most"):
            bg.quantal_response(game, 1.0)
        found = bg.quantal_response(game, 1 / size)
        plain = bg.NormalFormGame.from_arrays([[1, 0], [0, -1]], [[-1, 1], [1, 0]])
        np.testing.assert_allclose(flat(found), flat(bg.quantal_response(plain, 1)), atol=1e-12)
    assert found.residual < 1e-12


@pytest.mark.parametrize(
    ("precision", "error"),
    [
        (-1, errors.InvalidParameterError),
        (-1e-300, errors.InvalidParameterError),
        (math.nan, errors.InvalidNumberError),
        (math.inf, errors.InvalidNumberError),
        (True, errors.InvalidTypeError),
        (None, errors.InvalidTypeError),
        ("one", errors.InvalidNumberError),
        ([1.0], errors.InvalidTypeError),
    ],
)
def test_what_is_no_precision_is_refused(precision, error):
    with pytest.raises(error, match="precision"):
        bg.quantal_response(coordination(2), precision)


def test_what_is_no_game_is_refused():
    with pytest.raises(errors.InvalidTypeError, match="game"):
        bg.quantal_response([[1, 2], [3, 4]], 1)


@pytest.mark.parametrize("seed", range(10))
def test_compiled_and_plain_arithmetic_agree(seed, monkeypatch):
    game = random_game(seed)
    found = []
    for limit in (0, 10**9):
        monkeypatch.setattr(payoff_contractions, "SMALL", limit)
        found.append(bg.quantal_response(game, 3.0))
    np.testing.assert_allclose(flat(found[0]), flat(found[1]), atol=1e-12)
    assert [one.error_bound < 1e-10 for one in found] == [True, True]


def test_many_actions_are_solved_by_lapack():
    game = bg.NormalFormGame(np.random.default_rng(3).normal(size=(2, 70, 60)))
    found = bg.quantal_response(game, 2.0)
    assert naive_logit.residual(game, found.profile, 2.0) < 1e-12


def test_the_error_bound_holds():
    """Seen from far more digits than floats have: the certificate's profile."""
    for seed in range(10):
        game = random_game(seed)
        for precision in (0.5, 5.0):
            found = bg.quantal_response(game, precision)
            parts = found.certificate.data["profile"]
            for written, part in zip(parts, found.profile, strict=True):
                for value, chance in zip(written, part, strict=True):
                    exact = Fraction(*(int(v, 16) for v in value.split("/")))
                    assert abs(exact - Fraction(float(chance))) <= found.error_bound


def test_results_travel():
    found = bg.quantal_response(random_game(4), 2.0)
    again = pickle.loads(pickle.dumps(found))
    assert again.to_json() == found.to_json()
    data = json.loads(found.to_json())
    assert data["profile"]["player 1"]["a2"] == found.profile[1][2]
    assert "Quantal response at precision 2" in repr(found)
    assert found._repr_html_().startswith("<table>")
    for array in (*found.profile, *found.log_probabilities, found.payoffs):
        assert not array.flags.writeable
    with pytest.raises(AttributeError):
        found.residual = 0.0


def test_other_names_are_escaped():
    game = bg.NormalFormGame([[1, 2]], ["<b>"], [["<i>", "b"]], title="<u>")
    assert "<b>" not in bg.quantal_response(game, 1)._repr_html_()
    assert "<u>" not in bg.logit_path(game)._repr_html_()
