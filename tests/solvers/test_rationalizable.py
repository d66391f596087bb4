"""Rationalizable actions: each has its conjecture, each other its reason."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from balancegame.testing import normal_form_games

GAMES = normal_form_games(max_actions=4)


def own_game(own):
    own = np.asarray(own)
    return bg.NormalFormGame.from_arrays(own, *[np.zeros(own.shape, dtype=int)] * (own.ndim - 1))


def averages(shape, seed):
    """A game whose player 0 has pure actions, and actions near averages of two of them."""
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 9, (3, *shape))
    middle = (base[:1] + base[1:2]) // 2 + (seed % 2)
    return own_game(np.concatenate([base, middle]))


def check(result):
    """Conjectures are distributions on survivors against which no action of all pays more."""
    game = result.original
    for found in result.conjectures:
        i, chances = found.player_index, found.exact
        others = [kept for j, kept in enumerate(result.survivors) if j != i]
        assert sum(chances.values()) == 1
        assert min(chances.values()) > 0
        for cell in chances:
            assert all(a in kept for a, kept in zip(cell, others, strict=True))
        table = np.moveaxis(game.exact_payoffs[i], i, 0)
        values = [sum(np.asarray(row)[cell] * p for cell, p in chances.items()) for row in table]
        assert values[found.action_index] == max(values)
        if result.independent:
            marginals = found.parts
            for cell, chance in chances.items():
                parts = zip(marginals, cell, strict=True)
                assert chance == math.prod((part[a] for part, a in parts), start=Fraction(1))
    listed = {(found.player_index, found.action_index) for found in result.conjectures}
    assert listed == {(i, a) for i, kept in enumerate(result.survivors) for a in kept}
    for i, m in enumerate(game.shape):
        gone = [one.action_index for one in result.eliminations if one.player == game.players[i]]
        everything = sorted((*result.survivors[i], *result.undecided[i], *gone))
        assert everything == list(range(m))
    assert result.complete == (not any(result.undecided))


@settings(max_examples=120)
@given(GAMES)
def test_correlated_conjectures_leave_what_strict_dominance_leaves(game):
    result = bg.rationalizable(game)
    assert result.survivors == bg.undominated(game).survivors
    assert result.complete
    check(result)
    assert bg.verify(result).ok


@settings(max_examples=120)
@given(GAMES)
def test_independent_conjectures_leave_no_more(game):
    result = bg.rationalizable(game, independent=True)
    check(result)
    assert bg.verify(result).ok
    wider = bg.rationalizable(game).survivors
    for kept, unsure, wide in zip(result.survivors, result.undecided, wider, strict=True):
        assert set(kept) | set(unsure) <= set(wide)
    if game.n_players <= 2:
        assert result.survivors == wider


@settings(max_examples=60)
@given(normal_form_games(min_players=2, max_players=2, max_actions=4))
def test_actions_of_equilibria_are_rationalizable(game):
    kept = bg.rationalizable(game, independent=True).survivors
    for found in bg.nash_equilibria(game):
        assert all(set(part) <= set(mine) for part, mine in zip(found.support, kept, strict=True))


@settings(max_examples=60)
@given(normal_form_games(min_players=3, max_players=4, max_actions=3))
def test_pure_equilibria_of_more_players_are_rationalizable(game):
    result = bg.rationalizable(game, independent=True)
    for found in bg.pure_nash(game):
        for (a,), kept, unsure in zip(
            found.support, result.survivors, result.undecided, strict=True
        ):
            assert a in kept + unsure


@pytest.mark.parametrize("seed", range(40))
def test_best_replies_on_a_grid_are_never_eliminated(seed):
    """Independent conjectures from a grid: their best replies survive the first round."""
    game = averages([(2, 2), (2, 3), (3, 2)][seed % 3], seed)
    result = bg.rationalizable(game, independent=True)
    check(result)
    assert bg.verify(result).ok
    grids = [
        [w for w in itertools.product(range(13), repeat=m) if sum(w) == 12] for m in game.shape[1:]
    ]
    best = set()
    for parts in itertools.product(*grids):
        values = np.einsum("aij,i,j->a", game.payoffs[0].astype(int), *map(np.array, parts))
        best |= set(np.flatnonzero(values == values.max()).tolist())
    # The others are indifferent: they can do anything, so that one round is all.
    assert best <= set(result.survivors[0]) | set(result.undecided[0])
    refuted = [one for one in result.eliminations if not one.exact]
    assert all(one.action_index not in best for one in refuted)


def test_some_actions_are_refuted_by_independence_alone():
    refuted = sum(
        not one.exact
        for seed in range(300)
        for one in bg.rationalizable(averages((2, 2), seed), independent=True).eliminations
    )
    assert refuted >= 5


@settings(max_examples=50)
@given(normal_form_games(min_players=3, max_players=3, max_actions=3), st.data())
def test_relabelled_players_and_actions(game, data):
    orders = [data.draw(st.permutations(range(m))) for m in game.shape]
    turn = data.draw(st.permutations(range(game.n_players)))
    table = game.payoffs[np.ix_(range(game.n_players), *orders)]
    moved = bg.NormalFormGame(np.transpose(table, (0, *(1 + j for j in turn)))[list(turn)])
    for independent in (False, True):
        one = bg.rationalizable(game, independent=independent)
        other = bg.rationalizable(moved, independent=independent)
        if one.complete and other.complete:
            kept = one.survivors
            expected = tuple(tuple(sorted(orders[j].index(a) for a in kept[j])) for j in turn)
            assert other.survivors == expected


WIDE = st.sampled_from([0.0, 1e-300, -1e-300, 1e300, -1e300, 1.7e308, 5e-324, 0.1, 0.3, -0.2])


@settings(max_examples=50)
@given(normal_form_games(max_actions=3, payoffs=WIDE), st.booleans())
def test_floats_of_every_size(game, independent):
    result = bg.rationalizable(game, independent=independent)
    check(result)
    assert bg.verify(result).ok


@settings(max_examples=40)
@given(
    normal_form_games(max_actions=3, payoffs=st.fractions(-1, 1, max_denominator=30)),
    st.booleans(),
)
def test_fractions(game, independent):
    result = bg.rationalizable(game, independent=independent)
    check(result)
    assert bg.verify(result).ok


def golden_game(own_value):
    """Player 0's last action is safe, near the least of max(1 - pq, p, q), the golden mean."""
    own = [[[0, 1], [1, 1]], [[1, 1], [0, 0]], [[1, 0], [1, 0]], [[own_value] * 2] * 2]
    return own_game(own)


@pytest.mark.parametrize(
    ("value", "status"), [("0.61", "refuted"), ("0.62", "kept"), ("0.49", "dominated")]
)
def test_an_irrational_border(value, status):
    result = bg.rationalizable(golden_game(value), independent=True)
    assert result.complete
    assert (3 in result.survivors[0]) == (status == "kept")
    if status != "kept":
        assert bool(result.eliminations[0].exact) == (status == "dominated")
    assert bg.verify(result).ok
    check(result)


def test_what_is_too_near_to_the_border_stays_undecided():
    """F(40)/F(41) is within 1e-16 of the golden mean."""
    result = bg.rationalizable(
        golden_game(Fraction(102334155, 165580141)), independent=True, max_regions=50
    )
    assert result.undecided[0] in ((3,), ())
    few = bg.rationalizable(golden_game("0.618"), independent=True, max_regions=1)
    assert few.undecided == ((3,), (), ())
    assert not few.complete
    assert "of these undecided" in repr(few)
    assert "could not be decided" in repr(few)
    assert few.game.shape == (4, 2, 2)
    assert (few.to_frame()["status"] == "undecided").sum() == 1
    assert bg.verify(few).ok
    check(few)


def test_conjectures_that_rest_on_undecided_actions_are_no_proof():
    """Player 1 likes his last action only against player 0's undecided one."""
    own = np.array(golden_game("0.618").exact_payoffs[0])
    own = np.concatenate([own, own[:, :1]], axis=1)
    second = np.ones((4, 3, 2), dtype=int)
    second[3] = 0
    second[:, 2] = -1
    second[3, 2] = 2
    game = bg.NormalFormGame.from_arrays(own, second, np.zeros_like(second))
    result = bg.rationalizable(game, independent=True, max_regions=1)
    assert result.undecided == ((3,), (2,), ())
    assert bg.rationalizable(game).survivors[1] == (0, 1, 2)
    check(result)
    assert bg.verify(result).ok
    # With a proof that player 0's is out, player 1's is dominated.
    decided = bg.rationalizable(game, independent=True)
    assert decided.survivors == ((0, 1, 2), (0, 1), (0, 1))


def test_conjectures_are_moved_away_from_undecided_actions():
    """The first conjecture found rests on the undecided action; another does not."""
    own = np.array(golden_game("0.618").exact_payoffs[0])[[3, 0, 1, 2]]
    own = np.concatenate([own, own[:, :1]], axis=1)
    second = np.zeros((4, 3, 2), dtype=int)
    game = bg.NormalFormGame.from_arrays(own, second, np.zeros_like(second))
    result = bg.rationalizable(game, independent=True, max_regions=1)
    assert result.undecided == ((0,), (), ())
    check(result)
    assert bg.verify(result).ok


def test_results_are_plain_data():
    game = bg.NormalFormGame.from_arrays([[4, 0], [1, 1], [0, 4]], [[2, 0], [0, 3], [1, 0]])
    for independent in (False, True):
        result = bg.rationalizable(game, independent=independent)
        again = pickle.loads(pickle.dumps(result))
        assert again.to_dict() == result.to_dict()
        data = json.loads(result.to_json())
        assert data["survivors"] == [[0], [0]]
        assert data["conjectures"][0]["joint"] == [{"actions": ["a0"], "probability": "1"}]
        assert "<table>" in result._repr_html_()
        assert result.conjecture(0, 2) is None
        assert result.game.shape == (1, 1)
        assert result.rounds == 3
        assert str(result.conjecture(0, 0)) in ("(a0)", "player 1: a0")
        with pytest.raises(AttributeError):
            result.complete = False
    alone = bg.rationalizable(bg.NormalFormGame([[1, 2]]))
    assert str(alone.conjectures[0]) == "-"


def test_bad_options_are_refused_by_name():
    game = bg.NormalFormGame(np.zeros((2, 2, 2)))
    with pytest.raises(errors.InvalidTypeError, match="independent"):
        bg.rationalizable(game, independent=1)
    with pytest.raises(errors.InvalidParameterError, match="max_regions"):
        bg.rationalizable(game, max_regions=0)
    with pytest.raises(errors.InvalidTypeError, match="game is a"):
        bg.rationalizable(3)


def test_an_interruption_keeps_finished_rounds():
    game = bg.NormalFormGame.from_arrays([[4, 0], [1, 1], [0, 4]], [[2, 0], [0, 3], [1, 0]])

    def stop(task, done, total):
        if task == "rounds of elimination":
            raise KeyboardInterrupt

    with listening(stop), pytest.raises(errors.SearchInterrupted) as caught:
        bg.rationalizable(game)
    partial = caught.value.result
    assert partial.reason == "interrupted"
    assert [one.action for one in partial.eliminations] == ["a1"]
    assert partial.undecided == ((0, 2), (0, 1))
    assert bg.verify(partial).ok


def test_an_interruption_among_regions():
    def stop(task, done, total):
        if task == "regions of punishments":
            raise KeyboardInterrupt

    with listening(stop), pytest.raises(errors.SearchInterrupted) as caught:
        bg.rationalizable(golden_game("0.617"), independent=True)
    assert not caught.value.result.complete
