"""Repeated games and contingencies: what they hold, and what they refuse."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import (
    BalanceGameError,
    InvalidDiscountError,
    InvalidNameError,
    InvalidPayoffError,
    InvalidProbabilityError,
    InvalidShapeError,
    InvalidTypeError,
)

DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
WIDE = bg.NormalFormGame(np.zeros((2, 2, 3)))
THREE = bg.NormalFormGame(np.zeros((3, 2, 2, 2)))


def drawn(*chances):
    return [bg.Contingency(f"case {k}", one, DILEMMA) for k, one in enumerate(chances)]


def test_a_single_stage_game():
    game = bg.RepeatedGame(DILEMMA, "3/5")
    assert game.discount == Fraction(3, 5)
    assert game.exact_discounts == (Fraction(3, 5),) * 2
    assert game.discounts.tolist() == [0.6, 0.6]
    assert game.stages == (DILEMMA,)
    assert game.probabilities == (1,)
    assert (game.players, game.n_players) == (DILEMMA.players, 2)
    assert repr(game) == "RepeatedGame: 2 players, stage 2 x 2, discount factor 0.6"


def test_floats_stand_for_their_binary_value():
    assert bg.RepeatedGame(DILEMMA, 0.6).discount == Fraction(0.6) != Fraction(3, 5)
    assert bg.RepeatedGame(DILEMMA, 0.5) == bg.RepeatedGame(DILEMMA, "1/2")


def test_contingencies_over_the_same_players_may_have_other_actions():
    game = bg.RepeatedGame(
        [bg.Contingency("peace", "9/10", DILEMMA), bg.Contingency("war", "1/10", WIDE)],
        ["1/2", "2/3"],
    )
    assert game.discount is None
    assert game.probabilities == (Fraction(9, 10), Fraction(1, 10))
    assert "contingencies peace (0.9), war (0.1), discount factors 0.5, 2/3" in game.text


def test_probabilities_in_floats_are_rescaled():
    game = bg.RepeatedGame(drawn(0.1, 0.2, 0.7), 0)
    assert sum(game.probabilities) == 1
    assert abs(game.probabilities[0] - Fraction(1, 10)) < Fraction(1, 10**15)


def test_pickle_equality_and_hash():
    games = [
        bg.RepeatedGame(DILEMMA, "3/5"),
        bg.RepeatedGame(drawn("1/3", "2/3"), ["1/2", 0.25]),
        bg.RepeatedGame(DILEMMA, "2/5"),
    ]
    for game in games:
        again = pickle.loads(pickle.dumps(game))
        assert again == game
        assert hash(again) == hash(game)
        assert again.exact_discounts == game.exact_discounts
    assert len(set(games)) == 3
    assert games[0] != "a game"


@pytest.mark.parametrize(
    "discount", [1, 1.5, -0.1, "1", float("nan"), float("inf"), "abc", [0.5, 1]]
)
def test_discount_factors_outside_the_unit_interval_are_refused(discount):
    with pytest.raises(InvalidDiscountError, match="discount") as caught:
        bg.RepeatedGame(DILEMMA, discount)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("stage", "discount", "error", "says"),
    [
        (DILEMMA, [0.5], InvalidShapeError, "1 entry for 2 players"),
        (DILEMMA, None, InvalidTypeError, "discount is None"),
        ([], 0.5, InvalidShapeError, "stage is empty"),
        ("dilemma", 0.5, InvalidTypeError, "stage is 'dilemma'"),
        (7, 0.5, InvalidTypeError, "stage is 7"),
        ([DILEMMA], 0.5, InvalidTypeError, r"stage\[0\]"),
        (drawn("1/2", "1/3"), 0.5, InvalidProbabilityError, "sum to 0.8333"),
        (drawn(0.5, 0.6), 0.5, InvalidProbabilityError, "sum to 1.1"),
        ([drawn(0.5)[0]] * 2, 0.5, InvalidNameError, "two contingencies named 'case 0'"),
        (
            [drawn("1/2")[0], bg.Contingency("war", "1/2", THREE)],
            0.5,
            InvalidShapeError,
            "same players",
        ),
    ],
)
def test_bad_input_is_refused_by_name(stage, discount, error, says):
    with pytest.raises(error, match=says) as caught:
        bg.RepeatedGame(stage, discount)
    assert isinstance(caught.value, BalanceGameError)


@pytest.mark.parametrize(
    ("name", "probability", "stage", "error"),
    [
        ("", 1, DILEMMA, InvalidNameError),
        (" ", 1, DILEMMA, InvalidNameError),
        (3, 1, DILEMMA, InvalidTypeError),
        ("war", -0.1, DILEMMA, InvalidProbabilityError),
        ("war", "3/2", DILEMMA, InvalidProbabilityError),
        ("war", float("nan"), DILEMMA, InvalidProbabilityError),
        ("war", 1, "a game", InvalidTypeError),
    ],
)
def test_contingencies_refuse_what_is_none(name, probability, stage, error):
    with pytest.raises(error):
        bg.Contingency(name, probability, stage)


@pytest.mark.parametrize(
    "solve", [bg.subgame_perfect_payoffs, bg.feasible_payoffs, bg.transfer_payoffs]
)
def test_sets_of_payoffs_that_floats_cannot_multiply_are_refused(solve):
    stage = bg.NormalFormGame.from_arrays([[1e308, -1e308], [0, 0]], [[1e308, 0], [-1e308, 0]])
    for scale in (1e308, 1e151, 1e-101, 1e-300):
        game = bg.NormalFormGame(stage.payoffs / 1e308 * scale)
        with pytest.raises(InvalidPayoffError, match=r"in size at most.*multiply all"):
            solve(bg.RepeatedGame(game, 0.5))
    unit, *others = (
        solve(bg.RepeatedGame(bg.NormalFormGame(stage.payoffs / 1e308 * scale), 0.5))
        for scale in (1, 1e149, 1e-99)
    )
    for found, scale in zip(others, (1e149, 1e-99), strict=True):
        assert found.dimension == unit.dimension
        assert found.vertices / scale == pytest.approx(unit.vertices)
