"""Sets of payoffs: what they hold, how they print, and what they refuse."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import InvalidPayoffError, InvalidShapeError, UnknownPlayerError
from balancegame.games.payoff_set import PayoffSet

# Three players' payoffs at the corners of a box, and along a line.
BOX = bg.feasible_payoffs(
    bg.NormalFormGame(
        [[[[0, 0], [0, 0]], [[2, 2], [2, 2]]], [[[0, 0], [1, 1]]] * 2, [[[0, 3], [0, 3]]] * 2],
        ["A", "B", "C"],
    )
)
FLAT = bg.feasible_payoffs(
    bg.NormalFormGame([[[[0, 1], [1, 2]]] * 2, [[[0, 1], [1, 2]]] * 2, [[[5, 5], [5, 5]]] * 2])
)
ALLIES = bg.RepeatedGame(bg.ally_game(2, benefit=2, cost=1, parallelism=0), "3/5")


def test_a_box():
    assert BOX.dimension == 3
    assert BOX.exact
    assert len(BOX.vertices) == 8
    assert repr(BOX).startswith("Feasible payoffs: of dimension 3")
    assert BOX.best("A").tolist()[0] == BOX.best(0).tolist()[0] == 2


@pytest.mark.parametrize(
    ("point", "inside"),
    [((1, "1/2", 2), True), ((2, 1, 3), True), ((2.1, 1, 3), False), ((0, 0, -1), False)],
)
def test_what_lies_in_a_box(point, inside):
    assert BOX.contains(point) is inside
    assert (point in BOX) is inside


def test_a_segment_in_space():
    assert FLAT.dimension == 1
    assert (1, 1, 5) in FLAT
    assert (1, 0, 5) not in FLAT
    assert (1, 1, 4) not in FLAT


def test_what_lies_in_a_polygon_is_decided_exactly():
    found = bg.subgame_perfect_payoffs(ALLIES)
    assert found.exact
    assert ("3/2", 0) in found
    assert (1, 1) in found
    assert ("1", "1.0000000000000000001") not in found


def test_nothing_lies_in_an_empty_set():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    found = bg.subgame_perfect_payoffs(bg.RepeatedGame(pennies, "1/2"))
    assert found.dimension == -1
    assert found.vertices.shape == (0, 2)
    assert np.isnan(found.threats).all()
    assert np.isnan(found.best(0)).all()
    assert (0, 0) not in found
    assert "empty" in repr(found)
    assert "empty" in found._repr_html_()
    assert json.loads(found.to_json())["threats"] is None


@pytest.mark.parametrize("found", [BOX, FLAT, bg.subgame_perfect_payoffs(ALLIES)])
def test_copies_are_equal(found):
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert again == found
        assert hash(again) == hash(found)
        assert repr(again) == repr(found)
    assert found != "a set"
    assert BOX != FLAT
    assert "<table" in found._repr_html_()
    assert list(found.to_frame().columns) == list(found.players)


def test_it_is_frozen():
    with pytest.raises(AttributeError, match="frozen"):
        BOX.method = "other"
    with pytest.raises(AttributeError, match="frozen"):
        del BOX.method
    with pytest.raises(ValueError, match="read-only"):
        BOX.vertices[0, 0] = 7


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda: BOX.contains((1, 2)), InvalidShapeError),
        (lambda: BOX.contains("123"), InvalidShapeError),
        (lambda: BOX.contains(7), InvalidShapeError),
        (lambda: BOX.contains((1, 2, float("nan"))), InvalidPayoffError),
        (lambda: BOX.best("D"), UnknownPlayerError),
        (lambda: BOX.best(3), UnknownPlayerError),
    ],
)
def test_bad_questions_are_refused_by_name(ask, error):
    with pytest.raises(error):
        ask()


def test_a_set_needs_bounds_or_evidence():
    with pytest.raises(AssertionError, match="evidence"):
        PayoffSet(ALLIES, [[0, 0]], [0, 0], method="none")
