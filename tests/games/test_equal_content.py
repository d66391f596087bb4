"""Results are equal if what they hold is: computed twice, pickled, or not."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import balancegame as bg
from balancegame.games.equal_content import EqualByContent


def hunt(stag=4):
    return bg.NormalFormGame.from_arrays([[stag, 1], [3, 3]], [[stag, 3], [1, 3]])


def three_players(top=4):
    payoffs = np.random.default_rng(5).integers(0, 4, (3, 2, 3, 2))
    payoffs[0, 0, 0, 0] = top
    return bg.NormalFormGame(payoffs)


def camps(size=3):
    return bg.AlignmentGame([1, 2, size], [[0, 1, -1], [1, 0, 1], [-1, 1, 0]])


RESULTS = {
    "nash": (bg.nash_equilibria, hunt),
    "quantal response": (lambda game: bg.quantal_response(game, 2), three_players),
    "logit path": (bg.logit_path, hunt),
    "logit limit": (lambda game: bg.logit_path(game).limit, hunt),
    "correlated": (bg.correlated_equilibrium, hunt),
    "undominated": (bg.undominated, three_players),
    "rationalizable": (bg.rationalizable, three_players),
    "pure minmax": (lambda game: bg.minmax(game, 0), three_players),
    "mixed minmax": (lambda game: bg.minmax(game, 0, mixed=True), three_players),
    "selection": (bg.selection, hunt),
    "potential": (bg.is_potential, hunt),
    "no potential": (bg.is_potential, three_players),
    "batch": (lambda game: bg.solve_batch(game.payoffs[None]), hunt),
    "alignments": (bg.alignments, camps),
    "uncounted basins": (lambda game: bg.alignments(game, basins="none"), camps),
    "endurance": (lambda game: bg.endurance(game, 2), hunt),
    "sequential": (bg.sequential_outcomes, three_players),
    "payoff set": (bg.feasible_payoffs, hunt),
    "automaton": (lambda game: bg.grim(game, (0, 0)), hunt),
}


@pytest.mark.parametrize("name", RESULTS)
def test_the_same_twice_and_its_copies_are_equal(name):
    solve, make = RESULTS[name]
    found, again = solve(make()), solve(make())
    for other in (again, pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert found == other
        assert hash(found) == hash(other)
    assert found != 1


@pytest.mark.parametrize("name", RESULTS)
def test_results_of_other_games_differ(name):
    solve, make = RESULTS[name]
    assert solve(make()) != solve(make(9))


@dataclass(frozen=True, slots=True, eq=False)
class Record(EqualByContent):
    value: Any
    evidence: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Other(EqualByContent):
    value: Any


NAN = float("nan")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (np.array([1.0, NAN]), np.array([1.0, NAN]), True),
        (np.array([1.0]), np.array([[1.0]]), False),
        (np.array([1, 2]), (1, 2), False),
        ((1, 2), np.array([1, 2]), False),
        (np.array([Fraction(1, 3)]), np.array([Fraction(1, 3)]), True),
        (np.array([Fraction(1, 3)]), np.array([Fraction(2, 3)]), False),
        ({"a": np.zeros(2)}, {"a": np.zeros(2)}, True),
        ({"a": np.zeros(2)}, {"b": np.zeros(2)}, False),
        ({"a": np.zeros(2)}, {"a": np.ones(2)}, False),
        ((np.zeros(2), (NAN,)), (np.zeros(2), (float("nan"),)), True),
        ((1,), (1, 2), False),
        ((1,), [1], False),
        (NAN, float("nan"), True),
        (NAN, 1.0, False),
        (None, 0, False),
    ],
)
def test_contents_are_compared_all_the_way_down(one, other, equal):
    assert (Record(one) == Record(other)) is equal
    if equal:
        assert hash(Record(one)) == hash(Record(other))


def test_evidence_and_classes():
    assert Record(1, "short proof") == Record(1, "long proof")
    assert Record(1) != Other(1)
