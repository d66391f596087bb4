"""Logit paths: every point is one, and they end at Nash equilibria."""

from __future__ import annotations

import importlib
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from balancegame.testing import normal_form_games
from tests import naive_logit

PATHS = importlib.import_module("balancegame.solvers.logit.path")
BRANCH = importlib.import_module("balancegame.solvers.logit.branch")


def random_game(shape, seed, *, ties=False) -> bg.NormalFormGame:
    rng = np.random.default_rng(seed)
    table = (len(shape), *shape)
    return bg.NormalFormGame(rng.integers(0, 3, table) if ties else rng.normal(size=table))


@given(normal_form_games(max_players=3))
def test_points_are_logit_equilibria_and_the_limit_is_nash(game):
    path = bg.logit_path(game)
    assert path.precisions[0] == 0.0
    assert path.complete == path.limit.settled
    for k in range(0, len(path), 7):
        off = naive_logit.residual(game, path.profiles[k], path.precisions[k])
        assert off <= 1e-12 * (1 + path.precisions[k])
    assert game.regret(path.limit).max() <= 1e-7
    assert path.limit.regret == pytest.approx(game.regret(path.limit).max(), abs=1e-12)
    if path.limit.settled:
        assert game.regret(path.limit).max() <= 1e-14
        # What it says of itself is true of the branch: it is near.
        gap = max(np.abs(a - b).max() for a, b in zip(path.limit, path.profiles[-1], strict=True))
        assert gap <= 0.1


@pytest.mark.parametrize("seed", range(30))
def test_limits_of_two_players_are_exact_and_in_the_list_of_all(seed):
    shape = [(2, 2), (3, 2), (3, 3), (4, 5), (6, 6)][seed % 5]
    game = random_game(shape, seed)
    limit = bg.logit_path(game).limit
    assert limit.settled
    assert limit.exact in {found.exact for found in bg.nash_equilibria(game)}
    assert limit.error_bound == 0.0


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("ties", [False, True])
def test_limits_of_more_players_have_no_regret(seed, ties):
    shape = [(2, 2, 2), (3, 2, 4), (2,) * 4, (3, 3, 3), (2,) * 6, (4, 1, 3)][seed % 6]
    game = random_game(shape, seed, ties=ties)
    limit = bg.logit_path(game).limit
    assert game.regret(limit).max() <= (1e-7 if ties else 1e-14)
    if not ties:
        assert limit.settled
        assert limit.error_bound < 1e-9


def test_the_error_bound_of_a_limit_holds():
    """Three players, each best response linear in one other: by hand p = 1/3, q = 2/5, r = 3/7."""
    table = np.zeros((3, 2, 2, 2))
    for a, b, c in np.ndindex(2, 2, 2):
        table[0, a, b, c] = (1 if a == 0 else 0) * (5 * (b == 0) - 2)  # tied where q = 2/5
        table[1, a, b, c] = (1 if b == 0 else 0) * (7 * (c == 0) - 3)  # tied where r = 3/7
        table[2, a, b, c] = (1 if c == 0 else 0) * (1 - 3 * (a == 0))  # tied where p = 1/3
    limit = bg.logit_path(bg.NormalFormGame(table)).limit
    assert limit.settled
    for part, chance in zip(limit, (1 / 3, 2 / 5, 3 / 7), strict=True):
        assert abs(part[0] - chance) <= limit.error_bound + 1e-16
    assert 0.0 < limit.error_bound < 1e-12


def test_tied_actions_are_played_alike_exactly():
    """Against the dominant first row both columns pay the same."""
    game = bg.NormalFormGame.from_arrays([[2, 2, 2], [1, 1, 1]], [[4, 4, 3], [0, 7, 9]])
    limit = bg.logit_path(game).limit
    assert limit.settled
    assert [[str(chance) for chance in part] for part in limit.exact] == [
        ["1", "0"],
        ["1/2", "1/2", "0"],
    ]
    assert "ties" in limit.reason


def test_ties_that_only_precision_decides_are_said_to_be_unsettled():
    """The second column is as good as the first where the first row is certain, better elsewhere:

    so that it is played with log odds precision * exp(-precision) or so, and never ruled out.
    """
    game = bg.NormalFormGame.from_arrays([[1, 0], [0, 0]], [[1, 0], [0, 0]])
    limit = bg.logit_path(game).limit
    assert limit.settled
    slow = bg.NormalFormGame.from_arrays([[1, 1], [1, 0]], [[1, 1], [1, 0]])
    path = bg.logit_path(slow)
    assert path.limit.regret == 0.0
    assert not path.limit.settled
    assert not path.complete


@pytest.mark.parametrize("sizes", [(1e3, 1, 0.1), (1e-3, 1e3, 1)])
def test_players_with_payoffs_of_very_different_size(sizes):
    table = np.random.default_rng(0).normal(size=(3, 2, 3, 2))
    game = bg.NormalFormGame(table * np.array(sizes)[:, None, None, None])
    limit = bg.logit_path(game).limit
    assert limit.settled
    assert (game.regret(limit) <= 1e-12 * np.array(sizes)).all()


def test_nobody_cares():
    game = bg.NormalFormGame(np.ones((2, 2, 3)))
    path = bg.logit_path(game)
    assert len(path) == 1
    assert path.limit.settled
    assert path.limit[1].tolist() == [1 / 3] * 3


def test_pure_limits_are_strict_and_exact():
    game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    limit = bg.logit_path(game).limit
    assert limit.actions == ("a1", "a1")
    assert limit.is_pure
    assert limit.equilibrium.margin == 1.0
    assert limit.payoffs.tolist() == [1.0, 1.0]
    np.testing.assert_array_equal(np.concatenate(limit), [0, 1, 0, 1])


@pytest.mark.parametrize("shape", [(3,) * 6, pytest.param((4,) * 6, marks=pytest.mark.compiled)])
def test_a_game_too_large_to_enumerate(shape):
    game = random_game(shape, 0)
    path = bg.logit_path(game)
    assert path.limit.settled
    assert game.regret(path.limit).max() < 1e-14
    assert path.limit.error_bound < 1e-8


def test_a_branch_that_nears_no_isolated_equilibrium_is_not_settled():
    # It becomes singular, and what is left is a profile of a continuum.
    game = bg.NormalFormGame(
        [
            [[[3, 0], [0, 0]], [[2, 0], [1, 3]], [[1, 1], [2, 3]]],
            [[[1, 1], [1, 2]], [[0, 3], [0, 2]], [[1, 2], [3, 3]]],
            [[[1, 0], [3, 3]], [[0, 2], [1, 1]], [[2, 3], [0, 2]]],
        ]
    )
    path = bg.logit_path(game)
    assert not path.limit.settled
    assert "no isolated equilibrium is near" in path.limit.reason
    assert game.regret(path.limit).max() < 1e-9
    assert path.residuals.max() < 1e-12


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(3))
def test_eight_players_with_five_actions(seed):
    game = random_game((5,) * 8, seed)
    path = bg.logit_path(game)
    assert path.limit.settled
    assert game.regret(path.limit).max() < 1e-14
    assert path.limit.error_bound < 1e-8
    assert path.residuals.max() < 1e-12


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(40))
def test_shorter_steps_lead_to_the_same_limit(seed, monkeypatch):
    shape = [(2, 2, 2), (3, 3), (2,) * 5, (3, 3, 3), (2,) * 8][seed % 5]
    game = random_game(shape, 100 + seed)
    quick = bg.logit_path(game)
    monkeypatch.setattr(BRANCH, "_AIM", 1e-5)
    monkeypatch.setattr(BRANCH, "_LEAST_COSINE", 0.995)
    slow = bg.logit_path(game)
    assert len(slow) > 1.5 * len(quick)
    assert len(slow.turning_points) == len(quick.turning_points)
    np.testing.assert_allclose(
        slow.precisions[list(slow.turning_points)],
        quick.precisions[list(quick.turning_points)],
        rtol=1e-9,
    )
    np.testing.assert_allclose(np.concatenate(slow.limit), np.concatenate(quick.limit), atol=1e-9)


@pytest.mark.parametrize("until", [0, 0.5, "7/2", 300])
def test_paths_end_where_they_are_told_to(until):
    game = random_game((3, 2, 4), 1)
    path = bg.logit_path(game, until=until)
    found = bg.quantal_response(game, until)
    assert path.precisions[-1] == pytest.approx(found.precision, rel=1e-15)
    np.testing.assert_allclose(
        np.concatenate(path.profiles[-1]), np.concatenate(found.profile), atol=1e-12
    )
    assert path.limit is None
    assert path.complete
    assert (np.diff(path.precisions) != 0).all()


@pytest.mark.parametrize("until", [-1, math.nan, math.inf, True, "far"])
def test_what_is_no_end_is_refused(until):
    with pytest.raises(errors.BalanceGameError, match="until"):
        bg.logit_path(random_game((2, 2), 0), until=until)


def test_payoffs_and_frames_follow_the_path():
    game = random_game((3, 2, 2), 5)
    path = bg.logit_path(game)
    expected = [game.expected_payoffs(profile) for profile in path.profiles]
    np.testing.assert_allclose(path.payoffs, expected, atol=1e-13)
    frame = path.to_frame()
    assert len(frame) == len(path) * 7
    last = frame[(frame.point == len(path) - 1) & (frame.player == "player 0")]
    np.testing.assert_allclose(last.probability, path.profiles[-1][0])
    np.testing.assert_allclose(last.payoff, path.payoffs[-1, 0])


def test_payoffs_of_large_games_follow_the_path():
    game = random_game((2,) * 6, 5)
    path = bg.logit_path(game, until=1)
    expected = [game.expected_payoffs(profile) for profile in path.profiles]
    np.testing.assert_allclose(path.payoffs, expected, atol=1e-13)


def test_results_travel():
    path = bg.logit_path(random_game((3, 2), 1))
    again = pickle.loads(pickle.dumps(path))
    assert again.to_json() == path.to_json()
    data = json.loads(path.to_json())
    assert data["limit"]["settled"]
    assert len(data["precisions"]) == len(path)
    text = repr(path)
    assert "Logit path" in text
    assert "Limit" in text
    assert path._repr_html_().startswith("<table>")
    assert not path.precisions.flags.writeable
    assert not path.profiles[0][0].flags.writeable
    assert "Interrupted" not in repr(bg.logit_path(random_game((3, 2), 1), until=1))


class Stop:
    """Ctrl-C at the fifth report."""

    def __init__(self):
        self.seen = []

    def __call__(self, task, done, total):
        self.seen.append((task, done, total))
        if len(self.seen) == 5:
            raise KeyboardInterrupt


@pytest.mark.parametrize("solve", [bg.logit_path, lambda game: bg.quantal_response(game, 50)])
def test_interrupted_paths_are_kept(solve):
    game = random_game((3, 2, 2), 5)
    with listening(Stop()), pytest.raises(bg.SearchInterrupted) as caught:
        solve(game)
    path = caught.value.result
    assert isinstance(path, bg.LogitPath)
    assert len(path) == 5
    assert not path.complete
    assert path.limit is None
    assert path.reason == "Interrupted"
    assert path.residuals.max() < 1e-12


def test_progress_is_shown():
    seen = []
    with listening(lambda *report: seen.append(report)):
        path = bg.logit_path(random_game((2, 2), 0))
    assert seen[-1][1] <= len(path)
    assert seen[0][0].startswith("logit")


def test_a_branch_that_is_lost_is_named(monkeypatch):
    monkeypatch.setattr(BRANCH, "_MOST_POINTS", 6)
    with pytest.raises(errors.ConvergenceError, match="smaller precision"):
        bg.logit_path(random_game((2, 2), 0))
    with pytest.raises(errors.ConvergenceError, match="lost at precision"):
        bg.quantal_response(random_game((2, 2), 0), 1e3)


def test_points_that_are_none_are_not_returned(monkeypatch):
    monkeypatch.setattr(PATHS, "_ACCURACY", -1.0)
    with pytest.raises(errors.ConvergenceError, match="logit equations"):
        bg.logit_path(random_game((2, 2), 0))


def test_precisions_beyond_the_range_of_floats_are_refused():
    game = bg.NormalFormGame.from_arrays([[5e-324, 0], [0, 1e-323]], [[0, 5e-324], [5e-324, 0]])
    with pytest.raises(errors.BalanceGameError, match="precision"):
        bg.logit_path(game)
