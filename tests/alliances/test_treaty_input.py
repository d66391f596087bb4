"""What is misspelt, negative, or in another's place is refused by name or taken as it is meant."""

from __future__ import annotations

from fractions import Fraction

import pytest

import balancegame as bg
from balancegame.errors import (
    InvalidDiscountError,
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownParameterError,
    UnknownPlayerError,
)

F = Fraction
CASES = bg.attack_contingencies(["1/10"] * 3, loss=10, cost=1)
GAME = bg.ally_game(2, 2, 1, 0, names=["France", "Russia"])


@pytest.mark.parametrize("kind", [bg.defensive_treaty, bg.offensive_treaty])
def test_a_misspelt_option_is_named(kind):
    with pytest.raises(UnknownParameterError, match="did you mean 'reliability'"):
        kind(["state 1"], CASES, {}, "help", default="withhold", reliabilty="1/2")


def test_a_misspelt_option_of_collective_security_is_named():
    with pytest.raises(UnknownParameterError, match="did you mean 'failures'"):
        bg.collective_security(["1/2"] * 2, 10, 1, failure="breach")
    assert bg.collective_security(["1/2"] * 2, 10, 1, title="League").title == "League"


@pytest.mark.parametrize(
    ("loss", "cost", "argument"),
    [
        (-1, 1, "loss"),
        ([1, "-1/2"], 1, r"loss\[1\]"),
        (1, -0.5, "cost"),
        (1, [-1, 0], r"cost\[0\]"),
    ],
)
def test_negative_losses_and_costs_are_refused(loss, cost, argument):
    for build in (bg.attack_contingencies, bg.collective_security):
        with pytest.raises(InvalidParameterError, match=f"{argument} is -.*at least 0"):
            build(["1/2"] * 2, loss, cost)


@pytest.mark.parametrize(("benefit", "cost"), [(-2, 1), (2, -1), ("-1/1000", 0)])
def test_an_ally_game_of_negative_numbers_is_refused(benefit, cost):
    with pytest.raises(InvalidParameterError, match="at least 0"):
        bg.ally_game(2, benefit, cost, 0)


def test_discount_factors_may_be_given_by_name():
    by_name = bg.RepeatedGame(GAME, {"Russia": "1/3", "France": "2/3"})
    assert by_name == bg.RepeatedGame(GAME, ["2/3", "1/3"])
    treaty = GAME.treaty()
    assert treaty.incentives({"France": "2/3", "Russia": "1/3"}) == treaty.incentives(
        ["2/3", "1/3"]
    )
    assert treaty.is_self_enforcing({"France": "1/2", "Russia": "1/2"})
    assert not treaty.is_self_enforcing({"France": "1/2", "Russia": "2/5"})


@pytest.mark.parametrize(
    ("discount", "error", "said"),
    [
        ({"France": "1/2"}, InvalidShapeError, "nothing about Russia"),
        ({"France": "1/2", "Rusia": "1/2"}, UnknownPlayerError, "did you mean 'Russia'"),
        ({"France": "1/2", "Russia": 1}, InvalidDiscountError, r"discount\['Russia'\] is 1"),
    ],
)
def test_discount_factors_by_name_are_checked(discount, error, said):
    with pytest.raises(error, match=said):
        bg.RepeatedGame(GAME, discount)


def test_a_treaty_stands_for_its_automaton():
    treaty = GAME.treaty()
    automaton = treaty.automaton
    assert bg.one_shot_deviations(treaty, "1/2") == bg.one_shot_deviations(automaton, "1/2")
    assert bg.sustaining_discounts(treaty) == bg.sustaining_discounts(automaton)
    assert bg.sustaining_discounts(treaty).infimum == F(1, 2)
    with pytest.raises(InvalidTypeError, match="must be an Automaton"):
        bg.sustaining_discounts(GAME)


def test_a_treaty_is_no_stage():
    for given in (GAME.treaty(), GAME.treaty().automaton, bg.RepeatedGame(GAME, 0)):
        with pytest.raises(InvalidTypeError, match=r"for instance its \.contingencies"):
            bg.critical_discount(given, ["help", "help"])


def test_an_automaton_is_no_agreement():
    with pytest.raises(InvalidTypeError, match="build gives 'Automaton'"):
        bg.critical_discounts(lambda _: bg.grim(GAME, ["help", "help"]), [0])


def test_a_path_of_one_profile_needs_its_brackets():
    penance = {"France": [("help", "withhold")], "Russia": [("withhold", "help")]}
    with pytest.raises(InvalidTypeError, match=r"one profile; .*\[\('help', 'help'\)\]"):
        bg.penal_code(GAME, ("help", "help"), penance)
    with pytest.raises(InvalidTypeError, match=r"punishments\['Russia'\] is .*one profile"):
        bg.penal_code(GAME, [("help", "help")], {**penance, "Russia": [1, 0]})
