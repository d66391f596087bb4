"""Subgame-perfect outcomes by backward induction, against all plans written out."""

from __future__ import annotations

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games
from tests.coalitions import subgame_perfect_outcomes, table_of

games = normal_form_games(max_players=3, max_actions=3, payoffs=st.integers(0, 2))


@given(games, st.data())
def test_the_outcomes_are_those_of_all_plans(game, data):
    order = data.draw(st.permutations(range(game.n_players)))
    found = bg.sequential_outcomes(game, order)
    assert set(found.profiles) == subgame_perfect_outcomes(table_of(game), game.shape, order)
    assert list(found.profiles) == sorted(found.profiles)
    assert found.order == tuple(game.players[i] for i in order)


@given(
    normal_form_games(
        max_actions=2,
        payoffs=st.sampled_from([Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**30), 0]),
    )
)
def test_exact_payoffs_decide(game):
    order = range(game.n_players)
    found = bg.sequential_outcomes(game)
    assert set(found.profiles) == subgame_perfect_outcomes(table_of(game), game.shape, order)


@given(games, st.data())
def test_moves_already_made(game, data):
    players = data.draw(st.permutations(range(game.n_players)))
    k = data.draw(st.integers(0, game.n_players))
    made = [(i, data.draw(st.integers(0, game.shape[i] - 1))) for i in players[:k]]
    names = {game.players[i]: game.actions[i][a] for i, a in made}
    found = bg.sequential_outcomes(game, players[k:], given=names)
    expected = subgame_perfect_outcomes(table_of(game), game.shape, players[k:], tuple(made))
    assert set(found.profiles) == expected
    assert found.given == tuple(names.items())


@given(normal_form_games(max_players=4, payoffs=st.integers(0, 99)))
def test_the_last_mover_answers_best_and_the_first_gets_at_least_his_guarantee(game):
    found = bg.sequential_outcomes(game)
    last = game.n_players - 1
    for one in found:
        profile = list(one.actions)
        assert game.regret(profile)[last] == 0
    if game.n_players == 2:
        guarantee = game.payoffs[0].min(axis=1).max()
        assert all(one.payoffs[0] >= guarantee for one in found)


@given(st.integers(0, 10**6), st.permutations(range(3)))
def test_without_ties_there_is_one_outcome(seed, order):
    table = np.random.default_rng(seed).permuted(np.tile(np.arange(12), (3, 1)), axis=1)
    found = bg.sequential_outcomes(bg.NormalFormGame(table.reshape(3, 2, 3, 2)), order)
    assert found.is_unique


@given(games, st.data())
def test_relabelling_players_relabels_outcomes(game, data):
    order = data.draw(st.permutations(range(game.n_players)))
    moved = bg.NormalFormGame(np.stack([game.payoffs[i].transpose(order) for i in order]))
    expected = bg.sequential_outcomes(game, order).profiles
    assert set(bg.sequential_outcomes(moved).profiles) == {
        tuple(cell[i] for i in order) for cell in expected
    }


def test_ties_are_all_listed_and_bear_on_those_before():
    """The second is indifferent; what he is expected to do decides the first's move."""
    game = bg.NormalFormGame.from_arrays([[2, 0], [1, 1]], [[0, 0], [0, 0]])
    found = bg.sequential_outcomes(game)
    assert [one.actions for one in found] == [("a0", "a0"), ("a1", "a0"), ("a1", "a1")]
    assert found[0].exact_payoffs == (Fraction(2), Fraction(0))
    assert len(found[1:]) == 2
    assert found.outcomes == tuple(found)
    assert not found.is_unique


def test_results_are_picklable_and_readable():
    game = bg.NormalFormGame(np.zeros((2, 4, 4)), ["A", "B"])
    found = bg.sequential_outcomes(game, ["B", "A"])
    assert pickle.loads(pickle.dumps(found)) == found
    assert "and 4 more" in str(found)
    assert "and 4 more" in found._repr_html_()
    assert found.to_json().count("actions") == 16
    assert found.to_frame().query("player == 'A'")["moves"].unique().tolist() == [2]
    done = bg.sequential_outcomes(game, given={"A": 1, "B": "a2"})
    assert [one.actions for one in done] == [("a1", "a2")]
    assert "no move left, after A a1, B a2" in str(done)
    assert done.to_frame()["moves"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"order": "AB"}, errors.InvalidTypeError, "in the order of their moves"),
        ({"order": 3}, errors.InvalidTypeError, "in the order of their moves"),
        ({"order": ["A"]}, errors.InvalidShapeError, "B is missing"),
        ({"order": ["A", "A"]}, errors.InvalidShapeError, "once"),
        ({"order": ["A", "B", "B"]}, errors.InvalidShapeError, "once"),
        ({"order": ["A", "C"]}, errors.UnknownPlayerError, "unknown player 'C'"),
        ({"order": [0, 2]}, errors.UnknownPlayerError, "players 0 to 1"),
        ({"given": ["A"]}, errors.InvalidTypeError, "{player: action}"),
        ({"given": {"A": 5}}, errors.UnknownActionError, "indices run"),
        ({"given": {"A": [1, 0]}}, errors.InvalidTypeError, "name or index"),
        ({"given": {"A": True}}, errors.InvalidTypeError, "name or index"),
        ({"given": {"X": 0}}, errors.UnknownPlayerError, "unknown player"),
        ({"given": {"A": 0}, "order": ["A", "B"]}, errors.InvalidShapeError, "to move once"),
    ],
)
def test_bad_orders_are_refused_by_name(options, error, match):
    game = bg.NormalFormGame(np.zeros((2, 2, 2)), ["A", "B"])
    with pytest.raises(error, match=match):
        bg.sequential_outcomes(game, **options)


def test_what_is_no_game_is_refused():
    with pytest.raises(errors.InvalidTypeError, match="must be a NormalFormGame"):
        bg.sequential_outcomes([[1]])


def test_all_orders_of_a_larger_game_agree_with_plans():
    game = bg.NormalFormGame(np.random.default_rng(1).integers(0, 3, (4, 2, 2, 2, 2)))
    table = table_of(game)
    for order in itertools.permutations(range(4)):
        found = set(bg.sequential_outcomes(game, order).profiles)
        assert found == subgame_perfect_outcomes(table, game.shape, order)


def test_outcomes_left_out_of_a_print_are_counted():
    found = bg.sequential_outcomes(bg.NormalFormGame(np.zeros((4, 2, 2, 2, 2))))
    for text in (str(found), found._repr_html_()):
        assert "... and 4 more; to_frame() lists them all" in text
