"""Learning dynamics of two players: where they must go, and what they leave alone."""

from __future__ import annotations

import pickle

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games

HUNT = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]], title="the stag hunt")
PENNIES = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def test_robinson_1951_zero_sum_play_approaches_the_value():
    game = bg.NormalFormGame.from_arrays([[3, -1, 2], [-2, 4, 0]], [[-3, 1, -2], [2, -4, 0]])
    path = bg.fictitious_play(game, 20_000)
    assert path.regret < 0.1
    mixed = bg.nash_equilibria(game)[0]
    assert np.allclose(path.final[0], mixed.profile[0], atol=0.02)


def test_shapley_1964_play_cycles():
    """His 3 x 3 game: shares never settle, and regret does not vanish."""
    a, b = np.eye(3)[:, [0, 1, 2]], np.eye(3)[:, [2, 0, 1]].T
    path = bg.fictitious_play(bg.NormalFormGame.from_arrays(a, b), 5000, start=["a0", "a1"])
    late = path.profiles[2500:, 0]
    assert np.ptp(late) > 0.1
    assert path.regret > 0.05


def test_best_responses_by_hand():
    path = bg.fictitious_play(PENNIES, 3, start=["a0", "a0"])
    # The start is believed: (a0, a1), then counts (2, 0), (1, 1): a tie for player 0.
    assert path.profiles[0].tolist() == [1, 0, 0.5, 0.5]
    assert path.profiles[1][2:].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert path.times.tolist() == [1, 2, 3]


def test_draws_are_repeatable_and_leave_the_global_state():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    first, again = (bg.fictitious_play(HUNT, 50, noise=0.5, rng=4) for _ in range(2))
    other = bg.fictitious_play(HUNT, 50, noise=0.5, rng=5)
    assert first == again != other
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    assert first.method == "Stochastic fictitious play of noise 0.5"


def test_stochastic_play_comes_near_the_logit_response():
    """Hofbauer & Sandholm 2002, where perturbations are small: the quantal response of 1/noise."""
    path = bg.fictitious_play(PENNIES, 20_000, noise=1.0, perturbation=0, rng=1)
    response = bg.quantal_response(PENNIES, 1)
    assert np.allclose(np.concatenate(path.final), np.concatenate(response.profile), atol=0.03)


@settings(max_examples=20)
@given(normal_form_games(min_players=2, max_players=2, max_actions=3))
def test_replicators_follow_their_equation(game):
    times = np.linspace(0, 0.002, 3)
    path = bg.replicator_dynamics(game, times)
    x, y = path.profiles[0][: game.shape[0]], path.profiles[0][game.shape[0] :]
    a, b = game.payoffs[0] @ y, x @ game.payoffs[1]
    speed = np.concatenate([x * (a - x @ a), y * (b - y @ b)])
    moved = path.profiles[1] - path.profiles[0]
    scale = 1 + np.abs(game.payoffs).max() ** 2
    assert np.allclose(moved, 0.001 * speed, atol=2e-5 * scale)
    assert np.allclose(path.profiles.sum(axis=1), 2)


def test_pure_profiles_and_equilibria_stay_put():
    for start in (["a0", "a1"], [[2 / 3, 1 / 3]] * 2):
        path = bg.replicator_dynamics(HUNT, [0, 1], start=start)
        assert np.allclose(path.profiles[0], path.profiles[-1], atol=1e-6)


def test_results_read_well_and_go_through_pickle():
    path = bg.replicator_dynamics(HUNT)
    assert pickle.loads(pickle.dumps(path)) == path
    text = str(path)
    assert text.startswith("Replicator dynamics in the stag hunt: regret ")
    assert max(map(len, text.splitlines())) <= 80
    assert "<table>" in path._repr_html_()
    frame = path.to_frame()
    assert len(frame) == 4 * len(path.times)
    assert frame.query("time == 0")["share"].tolist() == [0.5] * 4


def test_nashpy_and_back():
    game = bg.NormalFormGame.from_arrays([[1, 2, 0], [0, 1, 5]], [[3, 0, 1], [1, 1, 2]])
    theirs = bg.to_nashpy(game)
    assert isinstance(theirs, nashpy.Game)
    assert bg.from_nashpy(theirs, game.players, game.actions) == game
    with pytest.raises(errors.InvalidShapeError, match="nashpy's have two"):
        bg.to_nashpy(bg.NormalFormGame(np.zeros((3, 2, 2, 2))))
    with pytest.raises(errors.InvalidTypeError, match="type NormalFormGame"):
        bg.from_nashpy(game)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: bg.fictitious_play(HUNT, 0), errors.InvalidParameterError, "at least 1"),
        (lambda: bg.fictitious_play(HUNT, 10**7), errors.InvalidParameterError, "at most"),
        (lambda: bg.fictitious_play(HUNT, noise=0), errors.InvalidParameterError, "noise is 0"),
        (lambda: bg.fictitious_play(HUNT, noise=-1), errors.InvalidParameterError, "noise"),
        (
            lambda: bg.fictitious_play(HUNT, noise=1, perturbation=-1),
            errors.InvalidParameterError,
            "perturbation",
        ),
        (lambda: bg.fictitious_play(HUNT, rng="x"), errors.InvalidTypeError, "rng"),
        (lambda: bg.fictitious_play(HUNT, start=["a0"]), errors.InvalidShapeError, "profile"),
        (lambda: bg.fictitious_play(None), errors.InvalidTypeError, "NormalFormGame"),
        (lambda: bg.replicator_dynamics(HUNT, [0]), errors.InvalidParameterError, "increasing"),
        (lambda: bg.replicator_dynamics(HUNT, [1, 0]), errors.InvalidParameterError, "increasing"),
        (lambda: bg.replicator_dynamics(HUNT, "01"), errors.InvalidTypeError, "times"),
        (lambda: bg.replicator_dynamics(HUNT, [0, None]), errors.InvalidTypeError, "times"),
        (
            lambda: bg.replicator_dynamics(bg.NormalFormGame(np.zeros((3, 2, 2, 2)))),
            errors.InvalidShapeError,
            "of two. endurance",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, match):
    with pytest.raises(error, match=match):
        call()


@given(st.sampled_from([HUNT, PENNIES]), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
@settings(max_examples=20)
def test_regret_is_that_of_the_last_profile(game, p, q):
    path = bg.fictitious_play(game, 5, start=[[p, 1 - p], [q, 1 - q]])
    x, y = path.final
    gains = [
        max(game.payoffs[0] @ y) - x @ game.payoffs[0] @ y,
        max(x @ game.payoffs[1]) - x @ game.payoffs[1] @ y,
    ]
    assert path.regret == pytest.approx(max(gains), abs=1e-12)
