"""Proofs of payoff sets: whatever floats propose, and wherever they stop, what is said is true."""

from __future__ import annotations

import math
from fractions import Fraction as F

import numpy as np
import pytest
from flint import fmpq

import balancegame as bg
from balancegame.solvers.repeated import abreu_sannikov, payoff_proof
from balancegame.solvers.repeated.outer_sequence import OuterSequence
from balancegame.solvers.repeated.payoff_evidence import TwoPlayerEvidence, distance
from balancegame.solvers.repeated.rational_polygons import mixture
from balancegame.solvers.repeated.two_player_profiles import exact_profiles, float_profiles
from tests.solvers.test_subgame_perfect_payoffs import DILEMMA, GOLDEN, PENNIES, within

SANNIKOV = bg.NormalFormGame.from_arrays(
    [[16, 3, 0], [21, 10, -1], [9, 5, -5]], [[9, 13, 3], [1, 4, 0], [0, -4, -15]]
)
SEXES = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]])
REPEATED = {
    "dilemma": bg.RepeatedGame(DILEMMA, "1/2"),
    "irrational": bg.RepeatedGame(SANNIKOV, "3/10"),
    "golden": bg.RepeatedGame(GOLDEN, "4/5"),
    "contingencies": bg.RepeatedGame(
        [bg.Contingency("peace", "1/2", DILEMMA), bg.Contingency("choice", "1/2", SEXES)], "2/3"
    ),
    "empty": bg.RepeatedGame(PENNIES, "1/2"),
}
CUTS = {
    "no sources": ("sources", lambda *_: None),
    "no rational solution": ("solve", lambda *_: ()),  # all ties are right, and yet
    "no direction of growth": ("_ROUNDS", 0),
    "no sizes": ("_sizes", lambda *_: None),
    "no large sizes": ("_LARGE", 0.0),
    "one step": ("_MOST_STEPS", 1),
    "impatience": ("_STUCK", -1),
    "one size": ("_MOST_SIZES", 1),
}


@pytest.mark.parametrize("name", REPEATED)
@pytest.mark.parametrize("cut", CUTS)
def test_a_proof_cut_short_is_still_true(name, cut, monkeypatch):
    whole = bg.subgame_perfect_payoffs(REPEATED[name])
    whole_gap = whole.gap
    monkeypatch.setattr(payoff_proof, *CUTS[cut])
    evidence = TwoPlayerEvidence(REPEATED[name])
    bounds = evidence.bounds()
    assert bounds.gap >= whole_gap
    assert bounds.reason
    if len(whole.vertices):
        assert within(whole.vertices, bounds.outer, 1e-9)
        assert within(bounds.inner, whole.vertices, 1e-9)
    else:
        assert not len(bounds.inner)
    checked = bg.verify(evidence.certificate())
    assert checked.ok, checked


def test_without_a_source_the_static_equilibria_are_known(monkeypatch):
    monkeypatch.setattr(payoff_proof, *CUTS["no sources"])
    bounds = TwoPlayerEvidence(REPEATED["dilemma"]).bounds()
    assert bounds.inner.tolist() == [[1.0, 1.0]]
    assert "a polygon that generates itself" in bounds.reason


def test_nothing_is_known_of_a_game_without_static_equilibrium(monkeypatch):
    # Before the first step, payoffs are feasible, and that is all that is said.
    monkeypatch.setattr(payoff_proof, "_MOST_STEPS", 0)
    bounds = TwoPlayerEvidence(bg.RepeatedGame(PENNIES, "9/10")).bounds()
    assert not len(bounds.inner)
    assert math.isinf(bounds.gap)
    assert "no equilibrium is known" in bounds.reason


def test_static_equilibria_mix_over_contingencies():
    found = payoff_proof.static(exact_profiles(REPEATED["contingencies"]))
    # (1, 1) half of the time, (2, 1) or (1, 2) the other.
    assert {one.vertex for one in found} == {
        (fmpq(3, 2), fmpq(1)),
        (fmpq(1), fmpq(3, 2)),
    }
    assert payoff_proof.static(exact_profiles(REPEATED["empty"])) == ()


def test_what_generates_itself_says_how():
    exact = exact_profiles(REPEATED["dilemma"])
    vertices = [tuple(map(fmpq, pair)) for pair in ((1, 1), (2, 2))]
    found = payoff_proof.generated(exact, vertices)
    for corner, one in zip(sorted(vertices), sorted(found, key=lambda x: x.vertex), strict=True):
        assert one.vertex == corner
        assert sum((weight for weight, _ in one.parts), fmpq(0)) == 1
    # More than is feasible is not generated, nor is anything by nothing.
    assert payoff_proof.generated(exact, [(fmpq(3), fmpq(3))]) is None
    assert payoff_proof.generated(exact, []) is None


@pytest.mark.parametrize(("name", "left"), [("empty", False), ("dilemma", True)])
def test_an_outer_sequence_ends_with_nothing_or_at_rest(name, left):
    sequence = OuterSequence.feasible(exact_profiles(REPEATED[name]))
    assert payoff_proof._settles(sequence) is not left


def test_mixtures_of_corners_are_of_what_lies_inside():
    triangle = [(F(0), F(0)), (F(1), F(0)), (F(0), F(1))]
    assert mixture((F(1, 4), F(1, 4)), triangle) == [(0, F(1, 2)), (1, F(1, 4)), (2, F(1, 4))]
    assert mixture((F(1), F(1)), triangle) is None
    assert mixture((F(1), F(1)), triangle[:1]) is None
    assert mixture((F(0), F(0)), triangle[:1]) == [(0, 1)]


def test_the_distance_from_nothing():
    square = [(fmpq(0), fmpq(0)), (fmpq(1), fmpq(0)), (fmpq(0), fmpq(1))]
    assert distance([], []) == 0.0
    assert distance(square, []) == math.inf
    assert distance(square, square[:1]) == pytest.approx(1.0)


class TestFloats:
    @pytest.mark.parametrize("name", ["dilemma", "irrational", "contingencies"])
    def test_blocks_of_steps_lead_to_the_same_set(self, name, monkeypatch):
        profiles, delta = float_profiles(REPEATED[name]), float(REPEATED[name].discounts[0])
        whole = abreu_sannikov.float_set(profiles, delta)
        monkeypatch.setattr(abreu_sannikov, "_BLOCK", 1)
        by_one = abreu_sannikov.float_set(profiles, delta)
        assert by_one.corners == pytest.approx(whole.corners, abs=1e-9)

    @pytest.mark.parametrize("name", ["dilemma", "irrational", "contingencies"])
    def test_a_sequence_that_stops_early_holds_the_set(self, name, monkeypatch):
        profiles, delta = float_profiles(REPEATED[name]), float(REPEATED[name].discounts[0])
        whole = abreu_sannikov.float_set(profiles, delta)
        monkeypatch.setattr(abreu_sannikov, "_MOST", 1)
        monkeypatch.setattr(abreu_sannikov, "_BLOCK", 1)
        early = abreu_sannikov.float_set(profiles, delta)
        assert within(whole.corners, early.corners, 1e-9)

    def test_flat_polygons_are_ties(self):
        profiles = float_profiles(REPEATED["dilemma"])
        flat = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 1e-15]])
        assert abreu_sannikov.has_ties(profiles, flat, np.zeros(2))
        assert not abreu_sannikov.has_ties(profiles, flat[:0], np.zeros(2))

    def test_points_near_a_segment(self):
        ends = np.array([[0.0, 0.0], [1.0, 2.0]])
        near = abreu_sannikov._near_segment
        assert near(np.array([[9.0, 9.0], [0.5, 1.0]]), ends)
        assert not near(np.array([[2.0, 4.0], [0.5, 1.1]]), ends)
