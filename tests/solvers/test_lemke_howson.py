"""Lemke-Howson: paths that end, at equilibria, from every label and in degenerate games."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from tests.oracles import quantecon_
from tests.two_player import (  # noqa: F401 (a fixture)
    PATHS,
    arithmetic,
    exact_set,
    force_floats,
    force_integers,
    gains,
    random_game,
)


@pytest.mark.parametrize("seed", range(60))
def test_every_path_ends_at_an_extreme_equilibrium(seed, arithmetic):  # noqa: F811
    game = random_game(seed)
    everything = {found.exact: found.index for found in bg.nash_equilibria(game)}
    for label in range(sum(game.shape)):
        result = bg.lemke_howson(game, label)
        assert len(result) == 1
        assert not result.complete
        assert gains(game, result[0].exact) == [0, 0]
        if not bg.nash_equilibria(game).degenerate:
            # Paths from the artificial equilibrium end at index 1 (Shapley 1974).
            assert result[0].index == everything[result[0].exact] == 1


@pytest.mark.parametrize("seed", range(30))
def test_floats_and_integers_follow_the_same_path(seed, monkeypatch):
    game = random_game(seed)
    by_integers = [bg.lemke_howson(game, label) for label in range(sum(game.shape))]
    force_floats(monkeypatch)
    by_floats = [bg.lemke_howson(game, label) for label in range(sum(game.shape))]
    assert by_floats == by_integers
    assert [r.parameters for r in by_floats] == [r.parameters for r in by_integers]


@pytest.mark.parametrize("seed", range(4))
def test_larger_games_agree_with_quantecon(seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).random((2, 20, 25)))
    mine = bg.lemke_howson(game, 0)[0]
    assert gains(game, mine.exact) == [0, 0]
    np.testing.assert_allclose(
        np.concatenate(mine.profile),
        np.concatenate(quantecon_.lemke_howson_solver(game)()),
        atol=1e-9,
    )


def test_all_labels_give_each_end_once():
    game = bg.NormalFormGame.from_arrays(np.eye(3), np.eye(3))
    result = bg.lemke_howson(game, "all")
    assert [found.actions for found in result] == [("a0",) * 2, ("a1",) * 2, ("a2",) * 2]
    assert exact_set(result) <= exact_set(bg.nash_equilibria(game))
    assert "all labels" in result.reason


@pytest.mark.parametrize("fault", ["lost", "astray", "wrong end"])
def test_where_floats_go_astray_integers_follow_the_path(fault, monkeypatch):
    force_floats(monkeypatch)
    game = random_game(1)
    expected = bg.lemke_howson(game, 1)
    path = PATHS._FloatPath
    if fault == "lost":
        monkeypatch.setattr(path, "follow", lambda self: None)
    elif fault == "astray":
        monkeypatch.setattr(PATHS, "_REFRESH", 1)
        monkeypatch.setattr(path, "_refresh", lambda self: False)
    else:
        origins = 0b1, 0b10
        monkeypatch.setattr(path, "follow", lambda self: origins)
    assert bg.lemke_howson(game, 1) == expected


def test_a_path_that_comes_back_is_given_up(monkeypatch):
    force_floats(monkeypatch)
    game = random_game(3)
    expected = bg.lemke_howson(game, 0)
    kernel = PATHS._FloatPath.__init__

    class Circle:
        DONE, GOING_ON, LOST = 0, 1, 2

        def follow(self, *arguments):
            return self.GOING_ON, 0, 0, 1

        def refresh(self, *arguments):
            return True

    def circling(self, *arguments):
        kernel(self, *arguments)
        self._kernel = Circle()

    monkeypatch.setattr(PATHS._FloatPath, "__init__", circling)
    assert bg.lemke_howson(game, 0) == expected


@pytest.mark.parametrize("label", [4, 10**9])
def test_a_label_beyond_the_game_is_refused(label):
    with pytest.raises(errors.InvalidParameterError, match="labels 0 to 3"):
        bg.lemke_howson(bg.NormalFormGame(np.zeros((2, 2, 2))), label)


@pytest.mark.parametrize("label", ["some", "ALL", -1, 1.0, None, True])
def test_what_is_no_label_is_refused(label):
    with pytest.raises(errors.BalanceGameError, match="initial_pivot"):
        bg.lemke_howson(bg.NormalFormGame(np.zeros((2, 2, 2))), label)


def test_three_players_are_refused():
    with pytest.raises(errors.InvalidShapeError, match="3 players"):
        bg.lemke_howson(bg.NormalFormGame(np.zeros((3, 2, 2, 2))))


@pytest.mark.parametrize("seed", range(12))
def test_floats_follow_the_lexicographic_rule_through_ties(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    shape = (2, *rng.integers(6, 10, 2))
    game = bg.NormalFormGame([rng.integers(0, 3, shape), rng.integers(0, 2, shape)][seed % 2])
    by_floats = bg.lemke_howson(game, "all")
    force_integers(monkeypatch)
    assert by_floats == bg.lemke_howson(game, "all")


@pytest.mark.parametrize("seed", range(8))
def test_dictionaries_computed_anew_at_every_step_lead_the_same_way(seed, monkeypatch):
    force_floats(monkeypatch)
    game = random_game(seed)
    expected = bg.lemke_howson(game, "all")
    monkeypatch.setattr(PATHS, "_REFRESH", 1)
    assert bg.lemke_howson(game, "all") == expected
