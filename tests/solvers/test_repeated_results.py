"""What results about repeated games have in common: they are equal to their copies, and to JSON."""

from __future__ import annotations

import json
import pickle

import pytest

import balancegame as bg
from tests.automata import dilemma

ALLIES = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
CARROT = bg.stick_and_carrot(
    dilemma(t=4, r=2, p=0, s=-1), ["help"] * 2, ["withhold"] * 2, periods=2
)


def one_of_each():
    """A result of every kind, with what it is asked about."""
    return {
        "critical discount": bg.critical_discount(ALLIES, ["help", "help"]),
        "bound": bg.critical_discount(ALLIES, ["help", "help"], "minmax"),
        "nothing sustains": bg.critical_discount(ALLIES, ["help", "withhold"]),
        "treaty": bg.collective_security(["1/3"] * 3, 10, 1).critical_discount(),
        "deviations": bg.one_shot_deviations(bg.tit_for_tat(ALLIES), "3/5"),
        "sustaining": bg.sustaining_discounts(bg.tit_for_tat(ALLIES)),
        "irrational": bg.sustaining_discounts(CARROT),
        "payoff set": bg.subgame_perfect_payoffs(bg.RepeatedGame(ALLIES, "3/5")),
        "with transfers": bg.transfer_payoffs(bg.RepeatedGame(ALLIES, "3/5")),
        "breakpoints": bg.transfer_breakpoints(dilemma()),
        "path": bg.tit_for_tat(ALLIES).path(3),
    }


RESULTS = one_of_each()
AGAIN = one_of_each()


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_equals_its_pickled_copy_and_the_same_question_asked_again(kind):
    found = RESULTS[kind]
    copy = pickle.loads(pickle.dumps(found))
    assert copy == found
    assert hash(copy) == hash(found)
    assert AGAIN[kind] == found
    assert [other for other in RESULTS if RESULTS[other] == found] == [kind]
    assert found != "a result"


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_can_be_written_as_json(kind):
    found = RESULTS[kind]
    assert json.loads(found.to_json()) == found.to_dict()
    assert "<table>" in found._repr_html_() or "<pre>" in found._repr_html_()


def test_breakpoints_are_a_sequence_that_prints_as_a_table():
    war = dilemma(t=6, r=2, p=0, s=-1)
    cases = [bg.Contingency("war", "1/4", war), bg.Contingency("calm", "3/4", dilemma())]
    found = bg.transfer_breakpoints(cases)
    assert len(found) == len(list(found)) == len(found.intervals)
    assert found[0].lower == 0
    assert found[-1].upper == 1
    assert found[1:] == found.intervals[1:]
    assert found.breakpoints == tuple(one.lower for one in found)
    assert found.to_dict()["contingencies"] == ["war", "calm"]
    shown = repr(found)
    assert "war: help, withhold; calm: help, help" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_breakpoints_say_where_there_is_no_equilibrium():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    found = bg.transfer_breakpoints(pennies)
    assert "no equilibrium in pure actions" in repr(found)
    assert found.to_dict()["intervals"][0]["joint"] is None
