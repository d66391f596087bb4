"""What may be written for an automaton's play and transitions, and what is refused by name."""

from __future__ import annotations

import pytest

import balancegame as bg
from balancegame.errors import (
    BalanceGameError,
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    TableTooLargeError,
)
from tests.automata import dilemma

PLAY = {"trust": ("help", "help"), "feud": ("withhold", "withhold")}


def with_play(entry):
    return bg.Automaton(dilemma(), {"trust": entry}, {})


@pytest.mark.parametrize(
    "entry",
    [("help", "withhold"), (0, 1), ([1, 0], "withhold"), ([1.0, 0.0], [0, 1])],
)
def test_actions_are_named_numbered_or_played_for_sure(entry):
    assert with_play(entry) == with_play(("help", "withhold"))


@pytest.mark.parametrize("entry", [[0.5, 0.5], [1, 0, 0], [[1], [0]], object(), None, True])
def test_what_plays_no_action_for_sure_is_refused(entry):
    with pytest.raises(InvalidTypeError, match="automata play pure actions"):
        with_play((entry, "help"))


def test_keys_that_are_neither_players_nor_contingencies_are_told_by_their_entries():
    with pytest.raises(BalanceGameError, match="player"):
        with_play({"Ruritania": "help", "Grand Fenwick": "help"})
    with pytest.raises(BalanceGameError, match="contingency"):
        with_play({"Tuesday": ("help", "help")})


@pytest.mark.parametrize("key", ["trust", ("trust",), ("trust", "always", (0, 0), 1)])
def test_a_table_of_transitions_has_keys_of_two_or_three(key):
    table = {("trust", (a, b)): "trust" for a in (0, 1) for b in (0, 1)} | {key: "trust"}
    with pytest.raises(InvalidTypeError, match=r"write \(state, profile\)"):
        bg.Automaton(dilemma(), {"trust": (0, 0)}, table)


def test_functions_without_a_signature_are_simply_asked():
    # max of three texts is the last in the alphabet; of texts and a tuple there is none.
    with pytest.raises(TypeError):
        bg.Automaton(dilemma(), PLAY, max)


def test_paths_draw_as_many_contingencies_as_there_are_periods():
    path = bg.grim(dilemma(), ("help", "help")).path
    for given in (["always"], "always"):
        with pytest.raises(InvalidShapeError, match="one a period, 3 of them"):
            path(3, contingencies=given)
    assert len(path(3, contingencies=["always"] * 3)) == 3


def test_a_path_is_a_table_in_a_notebook():
    page = bg.grim(dilemma(), ("help", "help")).path(4)._repr_html_()
    assert page.count("<tr>") == 1 + 4
    assert "help" in page


def test_situations_compare_with_their_like_alone():
    situation = bg.Automaton(dilemma(), {"trust": (0, 0)}, {})._situations[0][0]
    assert situation == situation
    assert situation != (0, 0)


@pytest.mark.parametrize("function", [max, int, open, sum, lambda state: state])
def test_functions_that_cannot_be_asked_are_refused(function):
    with pytest.raises(InvalidTypeError, match="it must take a state, a contingency and a profile"):
        bg.Automaton(dilemma(), PLAY, function)


def test_a_function_of_three_that_fails_is_shown_with_its_cause():
    def broken(state, _contingency, _profile):
        return state + 1

    with pytest.raises(InvalidTypeError, match="can only concatenate") as refused:
        bg.Automaton(dilemma(), PLAY, broken)
    assert isinstance(refused.value.__cause__, TypeError)


@pytest.mark.parametrize("periods", [20_000, 10**9, 10**999])
def test_sticks_are_not_built_beyond_measure(periods):
    with pytest.raises(TableTooLargeError, match="at most 20,000 are built"):
        bg.stick_and_carrot(dilemma(), (0, 0), (1, 1), periods=periods)


def test_paths_are_not_followed_beyond_measure():
    with pytest.raises(InvalidParameterError, match="a path has at most 1,000,000"):
        bg.grim(dilemma(), (0, 0)).path(10**9)
