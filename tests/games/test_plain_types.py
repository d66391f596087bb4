"""Repeated games and automata as JSON, and back."""

from __future__ import annotations

import copy
import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import (
    BalanceGameError,
    InvalidPayoffError,
    JsonFormatError,
    UnknownActionError,
    UnknownAutomatonStateError,
    UnknownPlayerError,
)
from tests.automata import automata, dilemma

JUNK = st.sampled_from(
    [None, True, -1, 10**30, 0.5, float("nan"), "", "x", "1/0", "9" * 9000, [], [[]], {}, {"x": 1}]
)


def places(data, path=()):
    """The paths to everything in nested plain types."""
    yield path
    if isinstance(data, dict | list):
        keys = data if isinstance(data, dict) else range(len(data))
        for key in keys:
            yield from places(data[key], (*path, key))


def damaged(draw, data):
    """The data with one thing in it replaced by something else."""
    where = draw(st.sampled_from(list(places(data))[1:]))
    found = copy.deepcopy(data)
    inner = found
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = draw(JUNK)
    return found


@given(automata())
def test_an_automaton_is_read_back_from_json(automaton):
    text = automaton.to_json()
    again = bg.Automaton.from_json(text)
    assert again == automaton
    assert again.probabilities == automaton.probabilities
    assert again.to_json() == text


@settings(max_examples=300)
@given(st.data(), st.one_of(automata(), st.just(bg.tit_for_tat(dilemma()))))
def test_a_damaged_automaton_is_refused_by_name_or_read_as_another(data, automaton):
    given_ = damaged(data.draw, automaton.to_dict())
    try:
        found = bg.Automaton.from_dict(given_)
    except BalanceGameError:
        return
    assert bg.Automaton.from_dict(found.to_dict()) == found


@given(
    st.lists(st.fractions(0, Fraction(9, 10)), min_size=3, max_size=3),
    st.fractions(0, 1),
    st.booleans(),
)
def test_a_repeated_game_is_read_back_exactly(discounts, chance, rounded):
    stage = bg.NormalFormGame([[[["1/3"], [2]]], [[[0.1], [-5]]], [[[1e-300], [7]]]], title="odd")
    other = bg.NormalFormGame([[[[1]]]] * 3)
    share = float(chance) if rounded else chance
    game = bg.RepeatedGame(
        [bg.Contingency("war", share, stage), bg.Contingency("peace", 1 - share, other)], discounts
    )
    again = bg.RepeatedGame.from_json(game.to_json())
    assert again == game
    assert again.probabilities == game.probabilities
    assert again.exact_discounts == tuple(discounts)
    assert [one.title for one in again.stages] == ["odd", ""]
    assert (again.stages[0].exact_payoffs == stage.exact_payoffs).all()


def test_exact_numbers_are_text():
    game = bg.RepeatedGame(bg.NormalFormGame.from_arrays([["1/3", 0.5]], [[-2, 0]]), "3/5")
    written = game.to_dict()
    assert written["discounts"] == ["3/5", "3/5"]
    assert written["contingencies"] == [
        {
            "name": "always",
            "probability": "1",
            "stage": {
                "title": "",
                "players": ["player 0", "player 1"],
                "actions": [["a0"], ["a0", "a1"]],
                "payoffs": [[["1/3", "1/2"]], [["-2", "0"]]],
            },
        }
    ]


def test_an_automaton_is_written_by_name():
    written = bg.grim(dilemma(), ["help", "help"]).to_dict()
    assert written["initial"] == "agreed"
    assert written["states"]["agreed"]["always"] == {
        "profile": ["help", "help"],
        "follow": "agreed",
        "deviators": {"A": {"withhold": "punish"}, "B": {"withhold": "punish"}},
        "several": "punish",
        "slips": [],
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no 'contingencies'"),
        ("{}", "no 'contingencies'"),
        ('{"contingencies": 3}', "must be a list"),
        ('{"contingencies": [], "discounts": []}', "stage is empty"),
        ('{"contingencies": [{"name": 3}], "discounts": []}', "must be text"),
    ],
)
def test_what_is_no_game_is_refused(text, said):
    with pytest.raises(BalanceGameError, match=said):
        bg.RepeatedGame.from_json(text)


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="text is a dict"):
        bg.RepeatedGame.from_json({})


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (("initial",), "agred", UnknownAutomatonStateError),
        (("states", "agreed", "always", "follow"), "nowhere", UnknownAutomatonStateError),
        (("states", "agreed", "always", "profile"), ["help", "hlp"], UnknownActionError),
        (("states", "agreed", "always", "deviators"), {"C": {}}, UnknownPlayerError),
        (("states", "agreed", "always", "deviators"), {"A": "punish"}, JsonFormatError),
        (("states", "agreed", "always", "several"), [["agreed"]], JsonFormatError),
        (("contingencies", 0, "stage", "payoffs"), [[["x"]]], InvalidPayoffError),
    ],
)  # fmt: skip
def test_errors_name_what_is_wrong(path, value, error):
    written = bg.grim(dilemma(), ["help", "help"]).to_dict()
    inner = written
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(error):
        bg.Automaton.from_dict(written)


@pytest.mark.parametrize(
    "slips",
    [
        [{"player": "A", "action": "help", "probability": "1/2"}],
        [{"player": "A", "action": "withhold", "probability": "0"}],
        [{"player": "A", "action": "withhold", "probability": "1/2"}] * 2,
    ],
)
def test_slips_that_are_none_are_refused(slips):
    written = json.loads(bg.grim(dilemma(), ["help", "help"]).to_json())
    written["states"]["agreed"]["always"]["slips"] = slips
    with pytest.raises(JsonFormatError):
        bg.Automaton.from_dict(written)
