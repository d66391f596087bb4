"""Orders of moving, and what one state's commitment does to the others."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games
from tests.coalitions import subgame_perfect_outcomes, table_of


def alike(n, threat, decisiveness=1, cost=0.15):
    world = bg.World([*"ABCDEFG"[:n], "T"], [*[1] * n, threat], threat="T")
    model = bg.BalancingModel(cohesion=0, decisiveness=decisiveness, alliance_cost=cost)
    return model.game(world, ["balance", "neutral"])


@given(normal_form_games(max_players=3, payoffs=st.integers(0, 2)))
def test_every_order_by_definition(game):
    found = bg.move_orders(game)
    assert found.complete
    assert found.orders == tuple(itertools.permutations(range(game.n_players)))
    table = table_of(game)
    for order, profiles in zip(found.orders, found.profiles, strict=True):
        assert set(profiles) == subgame_perfect_outcomes(table, game.shape, order)
    tally = found.by_outcome()
    assert tally["orders"].sum() == sum(map(len, found.profiles))
    assert (tally["alone"] <= tally["orders"]).all()
    assert found.is_order_free == (len(set(found.profiles)) == 1)


def test_p3_early_movers_pass_the_buck():
    """Two of three balance (proposition 3); in sequence they are the last two."""
    found = bg.move_orders(alike(3, 2))
    for one in found:
        (outcome,) = one
        played = dict(zip(found.game.players, outcome.actions, strict=True))
        assert [played[p] for p in one.order] == ["neutral", "balance", "balance"]
    turns = found.by_turn()
    assert turns.groupby("turn")["neutral"].mean().tolist() == [1, 0, 0]
    assert (turns["least"] == turns["greatest"]).all()
    assert not found.is_order_free


def test_p4_a_stag_hunt_is_solved_by_moving_first():
    """Both all-balance and all-neutral are equilibria; in sequence only the better one is left."""
    game = alike(5, 3, decisiveness=3, cost=0.1)
    assert len(bg.pure_nash(game)) == 2
    found = bg.move_orders(game)
    assert found.is_order_free
    assert [one.actions for one in found[0]] == [("balance",) * 5]


def test_commitments_pull_along_or_let_off():
    chain = bg.commitments(alike(2, 3, decisiveness=3, cost=0.1), "balance")
    assert chain["chain_ganging"].tolist() == [1, 1]
    assert chain["least_after"].tolist() == [1, 1]
    buck = bg.commitments(alike(3, 2), "balance")
    assert buck["buck_passing"].tolist() == [2, 2, 2]
    assert buck["chain_ganging"].tolist() == [0, 0, 0]
    assert (buck["greatest_after"] < buck["least_otherwise"]).all()


@given(normal_form_games(min_players=2, max_players=3, max_actions=3, payoffs=st.integers(0, 2)))
def test_commitments_by_definition(game):
    table = table_of(game)
    found = bg.commitments(game, "a0").to_dict("records")
    for i, row in enumerate(found):
        rest = [j for j in range(game.n_players) if j != i]
        after, otherwise, chains, bucks = [], [], 0, 0
        for order in itertools.permutations(rest):
            counts = [
                [
                    sum(cell[j] == 0 for j in rest)
                    for cell in subgame_perfect_outcomes(table, game.shape, order, ((i, a),))
                ]
                for a in range(game.shape[i])
            ]
            mine, others = counts[0], list(itertools.chain(*counts[1:])) or counts[0]
            after += mine
            otherwise += others
            chains += min(mine) > max(others)
            bucks += max(mine) < min(others)
        assert (row["least_after"], row["greatest_after"]) == (min(after), max(after))
        expected = (min(otherwise), max(otherwise))
        assert (row["least_otherwise"], row["greatest_otherwise"]) == expected
        assert (row["chain_ganging"], row["buck_passing"]) == (chains, bucks)


def test_commitments_in_one_order_and_of_those_who_can_choose():
    game = bg.NormalFormGame(
        np.random.default_rng(2).integers(0, 9, (3, 2, 2, 2)),
        ["A", "B", "C"],
        [["balance", "neutral"], ["join", "wait"], ["balance", "neutral"]],
    )
    found = bg.commitments(game, "balance", order=["C", "B", "A"])
    assert found["player"].tolist() == ["A", "C"]
    assert found["orders"].tolist() == [1, 1]
    for i, first in ((0, "A"), (2, "C")):
        rest = [player for player in ("C", "B", "A") if player != first]
        counts = [
            sum(action == "balance" for action in one.actions) - 1
            for one in bg.sequential_outcomes(game, rest, given={first: "balance"})
        ]
        row = found[found["player"] == game.players[i]]
        assert row["least_after"].item() == min(counts)
        assert row["greatest_after"].item() == max(counts)


def test_some_orders_and_drawn_orders():
    game = alike(3, 2)
    some = bg.move_orders(game, [["A", "B", "C"], ["C", "A", "B"], [0, 1, 2]])
    assert [one.order for one in some] == [tuple("ABC"), tuple("CAB"), tuple("ABC")]
    assert not some.complete
    assert len(some[1:]) == 2
    assert some.by_turn().query("player == 'B'")["turn"].tolist() == [2, 3]
    drawn = bg.move_orders(game, samples=20, rng=4)
    assert drawn.orders == bg.move_orders(game, samples=20, rng=4).orders
    assert drawn.orders != bg.move_orders(game, samples=20, rng=np.random.default_rng(5)).orders
    assert pickle.loads(pickle.dumps(drawn)) == drawn
    assert "over 20 orders" in str(drawn)
    assert "all 6 orders" in bg.move_orders(game)._repr_html_()
    frame = some.to_frame()
    assert frame["order"].tolist() == ["A, B, C", "C, A, B", "A, B, C"]
    assert frame["payoff of A"].tolist()[0] > frame["payoff of A"].tolist()[1]


def test_one_player():
    found = bg.move_orders(bg.NormalFormGame([[1, 2, 2]]))
    assert found.profiles == (((1,), (2,)),)
    table = bg.commitments(bg.NormalFormGame([[1, 2, 2]]), "a1")
    assert table["greatest_after"].tolist() == [0]


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({}, errors.InvalidParameterError, "40,320 orders"),
        ({"orders": [range(8)], "samples": 3}, errors.InvalidParameterError, "both"),
        ({"samples": 0}, errors.InvalidParameterError, "at least 1"),
        ({"orders": []}, errors.InvalidTypeError, "at least one"),
        ({"orders": "AB"}, errors.InvalidTypeError, "at least one"),
        ({"orders": ["AB"]}, errors.InvalidTypeError, "sequences of players"),
        ({"orders": [[0, 1]]}, errors.InvalidShapeError, "every player once"),
        ({"orders": [[*range(7), 9]]}, errors.UnknownPlayerError, "players 0 to 7"),
    ],
)
def test_bad_orders_are_refused_by_name(options, error, match):
    with pytest.raises(error, match=match):
        bg.move_orders(bg.NormalFormGame(np.zeros((8, *(2,) * 8))), **options)


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"action": "balanced"}, errors.UnknownActionError, "mean 'balance'"),
        ({"action": 0}, errors.UnknownActionError, "unknown action"),
        ({"action": "balance", "order": "AB"}, errors.InvalidTypeError, "order of their moves"),
        ({"action": "balance", "order": ["A"]}, errors.InvalidShapeError, "each of 2 once"),
        ({"action": "balance", "order": ["A", "Z"]}, errors.UnknownPlayerError, "'Z'"),
    ],
)
def test_bad_commitments_are_refused_by_name(options, error, match):
    with pytest.raises(error, match=match):
        bg.commitments(alike(2, 2), **options)
    with pytest.raises(errors.InvalidParameterError, match="40,320 orders"):
        bg.commitments(bg.NormalFormGame(np.zeros((9, *(2,) * 9))), "a0")
