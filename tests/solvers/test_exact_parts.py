"""Exact parts of payoff sets of any number of players, and the floats that propose them."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction as F

import numpy as np
import pytest
import scipy.optimize

import balancegame as bg
from balancegame.solvers.repeated import exact_ties, optimal_punishment, stationary_play
from balancegame.solvers.repeated.feasible_payoffs import _polygons, _polytopes
from balancegame.solvers.repeated.float_polytope import float_hull
from balancegame.solvers.repeated.generated_points import SelfGenerating, proven
from balancegame.solvers.repeated.growing_set import grown
from balancegame.solvers.repeated.mixtures import Mixtures
from balancegame.solvers.repeated.outer_polytope import Halfspaces
from balancegame.solvers.repeated.polytope_gap import farthest, outer_vertices
from balancegame.solvers.repeated.stage_incentives import stage_incentives
from tests.repeated_games import check_self_generating, prisoners

DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
SEXES = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]])


def fail(*_, **__):
    message = "too many iterations"
    raise RuntimeError(message)


class TestWeights:
    POINTS = ((F(0), F(0)), (F(1), F(0)), (F(0), F(1)))

    def test_weights_solve_the_equations_exactly(self):
        shares = np.array([0.3333, 0.3333, 0.3334])
        found = exact_ties.exact_weights(self.POINTS, shares, [(0, F(1, 3))])
        assert sum(x for _, x in found) == 1
        assert exact_ties.mixture([(self.POINTS[k], x) for k, x in found])[0] == F(1, 3)

    def test_there_are_none_where_equations_contradict_each_other(self):
        shares = np.full(3, 1 / 3)
        twice = [(0, F(1, 3)), (0, F(1, 2))]
        assert exact_ties.exact_weights(self.POINTS, shares, twice) is None
        assert exact_ties.exact_weights(self.POINTS, shares, [(0, F(1, 3))] * 2) is not None

    def test_there_are_none_where_they_would_be_negative(self):
        assert exact_ties.exact_weights(self.POINTS, np.full(3, 1 / 3), [(0, F(2))]) is None

    def test_few_points_are_found_where_floats_find_them(self, monkeypatch):
        points = np.array(self.POINTS, dtype=float)
        places, weights = exact_ties.few_points(points, np.array([0.25, 0.75]))
        assert places == [1, 2]
        assert weights == pytest.approx([0.25, 0.75])
        assert exact_ties.few_points(points, np.array([1.0, 1.0])) is None
        assert exact_ties.few_points(points[:0], np.array([0.0, 0.0])) is None
        monkeypatch.setattr(scipy.optimize, "nnls", fail)
        assert exact_ties.few_points(points, np.array([0.25, 0.75])) is None


class TestMixtures:
    def of(self, points):
        incentives = stage_incentives(bg.RepeatedGame(SEXES, "1/2"))
        units = incentives.to_unit(np.array(points, dtype=object))
        return Mixtures(incentives, points, float_hull(units))

    def test_points_of_a_segment(self):
        mixtures = self.of([(F(1), F(2)), (F(2), F(1))])
        assert dict(mixtures.of((F(5, 4), F(7, 4)))) == {0: F(3, 4), 1: F(1, 4)}
        assert mixtures.of((F(2), F(1))) == ((1, F(1)),)
        assert mixtures.of((F(5, 4), F(2))) is None

    def test_a_point_mixes_to_itself_alone(self):
        mixtures = self.of([(F(1), F(1))])
        assert mixtures.of((F(1), F(1))) == ((0, F(1)),)
        assert mixtures.of((F(1), F(2))) is None

    def test_weights_on_given_points_are_unique_or_none(self):
        mixtures = self.of([(F(0), F(0)), (F(2), F(0)), (F(0), F(2))])
        assert dict(mixtures._solved((F(1), F(1)), [1, 2])) == {1: F(1, 2), 2: F(1, 2)}
        assert mixtures._solved((F(1), F(1)), [1, 1]) is None
        assert mixtures._solved((F(1, 2), F(1, 2)), [1, 2]) is None
        assert mixtures._solved((F(3), F(-1)), [1, 2]) is None


class TestOuterVertices:
    def test_of_a_box(self):
        rows = np.vstack([np.eye(2), -np.eye(2)])
        box = Halfspaces(rows, np.array([0.75, 0.5, -0.25, 0.0]), np.zeros(2))
        found = outer_vertices(box, None)
        corners = np.array(list(itertools.product([0.25, 0.75], [0.0, 0.5])))
        assert farthest(corners, found)[0].max() < 1e-6
        assert farthest(found, corners)[0].max() < 1e-6

    def test_of_an_interval(self):
        found = outer_vertices(
            Halfspaces(np.array([[1.0], [-1.0]]), np.array([0.75, -0.25]), np.zeros(1)), None
        )
        assert sorted(found.ravel()) == pytest.approx([0.25, 0.75], abs=1e-6)

    def test_of_what_floats_take_for_empty_a_box_is_left(self):
        # Between x + y <= -1 and the unit square is nothing: what is returned must not lose any.
        rows = np.vstack([np.eye(2), -np.eye(2), [[0.6, 0.8]]])
        levels = np.array([1.0, 1.0, 0.0, 0.0, -1.0])
        found = outer_vertices(Halfspaces(rows, levels, np.zeros(2)), None)
        assert np.abs(found).max() == pytest.approx(1.0)
        assert len(found) == 4

    def test_distances_are_bounds_even_where_no_mixture_is_found(self, monkeypatch):
        square = np.array(list(itertools.product([0.0, 1.0], repeat=2)))
        points = np.array([[0.5, 0.5], [2.0, 0.5]])
        true, _ = farthest(points, square)
        assert true == pytest.approx([0.0, 1.0], abs=1e-6)
        monkeypatch.setattr(scipy.optimize, "nnls", fail)
        bounds, away = farthest(points, square)
        assert (bounds >= true - 1e-9).all()
        # The nearest vertex is taken instead.
        assert bounds == pytest.approx([math.sqrt(0.5), math.sqrt(1.25)])
        assert np.linalg.norm(away, axis=1) == pytest.approx(bounds)


class TestFeasible:
    def test_bounds_on_floors_bound_the_polygon(self):
        incentives = stage_incentives(bg.RepeatedGame(DILEMMA, "1/2"))
        exact = _polygons(incentives, [F(1), F(1)], [F(1), F(1)])
        open_ = _polygons(incentives, [F(1), F(1)], [F(3, 2), F(3, 2)])
        assert exact.gap == 0
        assert 0 < open_.gap <= math.sqrt(0.5) + 1e-9
        assert farthest(open_.inner, exact.inner)[0].max() < 1e-9
        assert farthest(exact.inner, open_.outer)[0].max() < 1e-9
        nothing = _polygons(incentives, [F(1), F(1)], [F(3), F(3)])
        assert not len(nothing.inner)
        assert math.isinf(nothing.gap)
        assert "leave open" in nothing.reason

    def test_and_the_polytope_of_three(self):
        incentives = stage_incentives(bg.RepeatedGame(prisoners(3), "1/2"))
        open_ = _polytopes(incentives, [F(0)] * 3, [F(9)] * 3)
        assert not len(open_.inner)
        assert len(open_.outer)
        assert math.isinf(open_.gap)
        nothing = _polytopes(incentives, [F(9)] * 3, [F(9)] * 3)
        assert not len(nothing.outer)
        assert nothing.gap == 0


class TestStationaryPlay:
    def test_of_too_many_rows_the_best_and_the_worst_are_kept(self, monkeypatch):
        repeated = bg.RepeatedGame([bg.Contingency(str(k), "1/3", SEXES) for k in range(3)], "1/2")
        incentives = stage_incentives(repeated)
        every = stationary_play.stationary_play(incentives).points
        assert len(every) == 8
        monkeypatch.setattr(stationary_play, "_MOST_ROWS", 7)
        some = stationary_play.stationary_play(incentives).points
        assert len(some) < 8
        assert some.min(axis=0) == pytest.approx(every.min(axis=0))
        assert some.max(axis=0) == pytest.approx(every.max(axis=0))

    def test_there_is_none_where_a_contingency_has_no_equilibrium(self):
        pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
        repeated = bg.RepeatedGame(
            [bg.Contingency("a", "1/2", SEXES), bg.Contingency("b", "1/2", pennies)], "1/2"
        )
        assert stationary_play.stationary_play(stage_incentives(repeated)) is None


class TestGrowing:
    @pytest.mark.parametrize("delta", ["3/5", "4/5"])
    def test_what_grows_generates_itself_and_holds_what_it_grew_from(self, delta):
        repeated = bg.RepeatedGame(prisoners(3), delta)
        incentives = stage_incentives(repeated)
        known = proven(incentives, stationary_play.stationary_play(incentives))
        assert isinstance(known, SelfGenerating)
        possible = np.ones(len(incentives.profiles), dtype=bool)
        larger = grown(incentives, known, possible, 24, 1e-3)
        check_self_generating(repeated, larger, incentives.profiles)
        arrays = [np.array(one.points, dtype=float) for one in (known, larger)]
        assert farthest(*arrays)[0].max() < 1e-9
        # Where there is no room, or nothing to gain, it stays as it was.
        assert grown(incentives, known, possible, 1, 1e-3) is known
        assert grown(incentives, known, possible, 24, 100.0) is known


class TestWorstPayoffs:
    def test_bounds_by_polytopes_enclose_the_exact_ones(self, monkeypatch):
        """What a coarse payoff set says of punishments holds of the exact one."""
        from balancegame.solvers.repeated.judd_yeltekin_conklin import payoff_polytopes

        repeated = bg.RepeatedGame(DILEMMA, "3/5")
        floors, ceilings = (F(1), F(1)), (F(1), F(1))
        exact = optimal_punishment.worst_payoffs(repeated, F(3, 5), floors, ceilings)
        assert exact.attained == exact.least == (1, 1)

        def rounded(game):
            found = payoff_polytopes(game)
            return Rounded(found.inner, found.outer)

        class Rounded:
            exact_vertices = None

            def __init__(self, inner, outer):
                self.inner, self.outer = inner, outer

        monkeypatch.setattr(optimal_punishment, "subgame_perfect_payoffs", rounded)
        for known in (ceilings, None):
            bounds = optimal_punishment.worst_payoffs(repeated, F(3, 5), (F(0), F(0)), known)
            assert all(a >= b for a, b in zip(bounds.attained, exact.attained, strict=True))
            assert all(a <= b for a, b in zip(bounds.least, exact.least, strict=True))
        nothing = np.empty((0, 2))
        monkeypatch.setattr(
            optimal_punishment, "subgame_perfect_payoffs", lambda _: Rounded(nothing, nothing)
        )
        unknown = optimal_punishment.worst_payoffs(repeated, F(3, 5), floors, ceilings)
        assert unknown.attained == ceilings

    def test_an_empty_set_has_no_worst_payoff(self):
        pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
        repeated = bg.RepeatedGame(pennies, "1/2")
        found = optimal_punishment.worst_payoffs(repeated, F(1, 2), (F(-1), F(-1)), None)
        assert (found.attained, found.least) == (None, None)
