"""Subgame-perfect payoffs of two players: against other methods, and what theory says of them."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.spatial import ConvexHull

import balancegame as bg
from balancegame.testing import normal_form_games
from tests.oracles import quantecon_

DISCOUNTS = [F(0), F(1, 20), F(1, 5), F(1, 2), F(4, 5), F(19, 20)]
DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
PENNIES = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
GOLDEN = bg.NormalFormGame.from_arrays(
    [[0, 0], [1, 2], [0, 2], [1, 0], [1, 1]], [[0, 0], [0, 1], [1, 1], [2, 2], [2, 1]]
)
BATTLE = bg.NormalFormGame.from_arrays([[3, 0, 1], [0, 2, 1]], [[2, 0, 1], [0, 3, 1]])

bimatrices = normal_form_games(min_players=2, max_players=2, min_actions=1, max_actions=3)
discounts = st.sampled_from(DISCOUNTS)


def payoffs(stage, discount):
    return bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, discount))


def random_game(seed, shape=None, high=20):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(2, 6, 2)) if shape is None else shape
    return bg.NormalFormGame(rng.integers(0, high, (2, *shape)))


def within(points, corners, slack):
    """Whether points are mixtures of corners up to a slack: a linear program each."""
    points, corners = np.asarray(points, float), np.asarray(corners, float)
    return all(
        linprog(
            np.zeros(len(corners)),
            A_ub=np.vstack([corners.T, -corners.T]),
            b_ub=np.concatenate([point + slack, slack - point]),
            A_eq=np.ones((1, len(corners))),
            b_eq=[1.0],
        ).status
        == 0
        for point in points
    )


def outer_bounds(stage, discount, directions, steps=400):
    """Judd, Yeltekin & Conklin's outer approximation as it is written, a linear program at a time.

    What bounds the set in each direction; None if nothing is left.
    """
    first, second = stage.payoffs
    d = float(discount)
    profiles = [
        (np.array([first[a, b], second[a, b]]), np.array([first[:, b].max(), second[a].max()]))
        for a in range(first.shape[0])
        for b in range(first.shape[1])
    ]
    bounds = np.array([max(n @ g for g, _ in profiles) for n in directions])
    for _ in range(steps):
        threats = []
        for i in range(2):
            lowest = linprog(np.eye(2)[i], A_ub=directions, b_ub=bounds, bounds=[(None, None)] * 2)
            if lowest.status != 0:
                return None
            threats.append(lowest.fun)
        threats = np.array(threats)
        new = np.full(len(directions), -np.inf)
        for payoff, best in profiles:
            # (1 - d) g + d w >= (1 - d) best + d u
            least = threats + (1 - d) / d * (best - payoff)
            for k, n in enumerate(directions):
                found = linprog(
                    -n,
                    A_ub=directions,
                    b_ub=bounds + 1e-10,
                    bounds=[(x - 1e-10, None) for x in least],
                )
                if found.status == 0:
                    new[k] = max(new[k], (1 - d) * n @ payoff - d * found.fun)
                else:
                    break
        if not np.isfinite(new).all():
            return None
        moved = np.abs(new - bounds).max()
        bounds = np.minimum(new, bounds)
        if moved < 1e-9:
            break
    return bounds


def generated(stage, discount, corners):
    """All that a polygon's corners and just deterring points generate, by brute force."""
    first, second = stage.payoffs
    d = float(discount)
    threats = corners.min(axis=0)
    found = []
    for a in range(first.shape[0]):
        for b in range(first.shape[1]):
            g = np.array([first[a, b], second[a, b]])
            gain = np.array([first[:, b].max(), second[a].max()]) - g
            if d == 0.0:
                found += [g] if not gain.any() else []
                continue
            least = threats + (1 - d) / d * gain
            points = [*corners, g, least]
            for p in corners:
                for q in corners:
                    for i in range(2):
                        if min(p[i], q[i]) < least[i] < max(p[i], q[i]):
                            points.append(p + (least[i] - p[i]) / (q[i] - p[i]) * (q - p))
            points = [p for p in points if (p >= least - 1e-9).all()]
            points = [p for p in points if within([p], corners, 1e-9)]
            found += [(1 - d) * g + d * p for p in points]
    return np.array(found)


class TestOracles:
    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("discount", [F(1, 5), F(3, 5)])
    def test_inside_the_outer_approximation_by_linear_programs(self, seed, discount):
        stage = random_game(seed, (2, 3) if seed % 2 else (2, 2))
        turns = 2 * np.pi * np.arange(12) / 12
        directions = np.stack([np.cos(turns), np.sin(turns)], axis=1)
        bounds = outer_bounds(stage, discount, directions)
        found = payoffs(stage, discount)
        if bounds is None:
            assert found.dimension == -1
            return
        if not len(found.vertices):
            return
        support = (found.vertices @ directions.T).max(axis=0)
        assert (support <= bounds + 1e-6).all()
        # Twelve directions cut off little: what they leave is not much larger.
        axes = [0, 3]
        assert (bounds[axes] - support[axes]).max() <= 2.0

    @pytest.mark.parametrize("seed", range(20))
    def test_vertices_are_generated_by_brute_force(self, seed):
        stage, discount = random_game(seed, (2, 3)), DISCOUNTS[seed % 6]
        found = payoffs(stage, discount)
        if len(found.vertices):
            images = generated(stage, discount, found.vertices)
            assert within(found.vertices, images, 1e-7)
            # And nothing else is: the set is a fixed point.
            assert within(images, found.vertices, 1e-6)

    @pytest.mark.parametrize("seed", range(30))
    def test_quantecon_where_it_answers(self, seed):
        # The float 0.6 is less than 3/5, and less than enough in one of these games.
        stage, discount = random_game(seed), [F(3, 10), F(3, 5)][seed % 2]
        theirs = quantecon_.repeated_payoffs(stage, float(discount))
        if theirs is None:
            return
        mine = payoffs(stage, discount)
        assert within(mine.vertices, theirs, 1e-6)
        assert within(theirs, mine.vertices, 1e-6)

    @pytest.mark.parametrize("seed", range(4))
    def test_judd_yeltekin_conklin(self, seed):
        from balancegame.solvers.repeated.judd_yeltekin_conklin import payoff_polytopes

        repeated = bg.RepeatedGame(random_game(seed, (3, 3)), F(3, 5))
        mine, other = bg.subgame_perfect_payoffs(repeated), payoff_polytopes(repeated)
        if len(mine.vertices):
            assert within(mine.vertices, other.outer, 1e-6)
            if len(other.inner):
                assert within(other.inner, mine.vertices, 1e-6)


class TestTheory:
    @given(bimatrices, discounts)
    @settings(max_examples=30)
    def test_inside_what_is_feasible_and_individually_rational(self, stage, discount):
        found = payoffs(stage, discount)
        if len(found.vertices):
            assert within(found.vertices, stage.payoffs.reshape(2, -1).T, 1e-8)
            least = [bg.minmax(stage, i).value for i in range(2)]
            assert (found.vertices >= np.array(least) - 1e-8).all()
            assert found.threats == pytest.approx(found.vertices.min(axis=0))

    @given(bimatrices, discounts)
    @settings(max_examples=30)
    def test_floats_and_proof_agree_and_the_certificate_holds(self, stage, discount):
        found = payoffs(stage, discount)
        assert found.gap < 1e-6
        assert bg.verify(found).ok
        assert found.inner == pytest.approx(found.vertices, abs=1e-6)
        if found.exact:
            assert found.gap == 0.0
            assert len(found.exact_vertices) == len(found.vertices)
            assert np.array(found.exact_vertices, float).reshape(-1, 2) == pytest.approx(
                found.vertices, abs=1e-7
            )

    @given(bimatrices, discounts)
    @settings(max_examples=30)
    def test_pure_equilibria_are_in(self, stage, discount):
        found = payoffs(stage, discount)
        for equilibrium in bg.pure_nash(stage):
            assert found.contains(equilibrium.payoffs)

    @given(bimatrices, discounts, discounts)
    @settings(max_examples=30)
    def test_more_patience_no_less_payoffs(self, stage, one, other):
        less, more = sorted([one, other])
        small, large = payoffs(stage, less), payoffs(stage, more)
        if small.exact and large.exact:
            assert all(large.contains(vertex) for vertex in small.exact_vertices)

    @given(bimatrices, discounts)
    @settings(max_examples=30)
    def test_players_in_another_order(self, stage, discount):
        swapped = bg.NormalFormGame(stage.payoffs[::-1].transpose(0, 2, 1))
        one, other = payoffs(stage, discount), payoffs(swapped, discount)
        assert one.exact == other.exact
        if one.exact:
            assert {(y, x) for x, y in one.exact_vertices} == set(other.exact_vertices)

    @given(bimatrices, discounts, st.randoms(use_true_random=False))
    @settings(max_examples=30)
    def test_actions_in_another_order(self, stage, discount, random):
        rows, columns = (random.sample(range(m), m) for m in stage.shape)
        changed = bg.NormalFormGame(stage.payoffs[:, rows][:, :, columns])
        one, other = payoffs(stage, discount), payoffs(changed, discount)
        assert one.exact_vertices == other.exact_vertices

    @given(bimatrices, discounts, st.tuples(*[st.fractions(F(1, 9), 9, max_denominator=9)] * 2))
    @settings(max_examples=30)
    def test_payoffs_in_other_units(self, stage, discount, factors):
        table = stage.exact_payoffs
        changed = bg.NormalFormGame([factors[0] * table[0] - 2, factors[1] * table[1] + F(1, 3)])
        one, other = payoffs(stage, discount), payoffs(changed, discount)
        assert one.exact == other.exact
        if one.exact:
            mapped = tuple(
                (factors[0] * x - 2, factors[1] * y + F(1, 3)) for x, y in one.exact_vertices
            )
            assert mapped == other.exact_vertices

    @given(bimatrices, discounts)
    @settings(max_examples=30)
    def test_contingencies_that_do_not_differ_change_nothing(self, stage, discount):
        repeated = bg.RepeatedGame(
            [bg.Contingency("sun", "1/3", stage), bg.Contingency("rain", "2/3", stage)], discount
        )
        one, other = payoffs(stage, discount), bg.subgame_perfect_payoffs(repeated)
        assert one.vertices == pytest.approx(other.vertices, abs=1e-6)
        if one.exact and other.exact:
            assert one.exact_vertices == other.exact_vertices
        assert bg.verify(other).ok

    @given(bimatrices)
    @settings(max_examples=30)
    def test_without_a_tomorrow_mixtures_of_pure_equilibria(self, stage):
        found = payoffs(stage, 0)
        pure = np.array([equilibrium.payoffs for equilibrium in bg.pure_nash(stage)])
        assert found.exact
        assert len(found.vertices) <= len(pure)
        if len(pure):
            assert within(pure, found.vertices, 1e-9)
            assert within(found.vertices, pure, 1e-9)


class TestCases:
    @pytest.mark.parametrize("discount", ["1/2", 0.5, "3/4", "0.95", "0.999"])
    def test_prisoners_cooperate_from_one_half_on(self, discount):
        found = payoffs(DILEMMA, discount)
        assert found.exact_vertices == ((1, 1), (F(5, 2), 1), (2, 2), (1, F(5, 2)))
        assert (2, 2) in found

    @pytest.mark.parametrize("discount", [0, "0.3", "0.49", "0.499999999999999"])
    def test_and_not_before(self, discount):
        found = payoffs(DILEMMA, discount)
        assert found.exact_vertices == ((1, 1),)
        assert found.dimension == 0
        assert found.vertices.tolist() == [[1.0, 1.0]]

    @pytest.mark.parametrize("discount", [0, 0.5, 0.999])
    def test_no_equilibrium_in_pure_actions(self, discount):
        found = payoffs(PENNIES, discount)
        assert found.exact
        assert found.dimension == -1
        assert found.vertices.shape == (0, 2)
        assert np.isnan(found.threats).all()
        assert found.exact_vertices == ()
        assert (0, 0) not in found
        assert np.isnan(found.best(0)).all()
        assert bg.verify(found).ok

    def test_a_segment(self):
        found = payoffs(BATTLE, 0)
        assert found.dimension == 1
        assert found.exact_vertices == ((2, 3), (3, 2))
        assert ["5/2", "5/2"] in found
        assert [F(5, 2), F(5, 2) + F(1, 10**30)] not in found

    def test_payoffs_on_which_quantecon_overruns_its_arrays(self):
        stage = bg.NormalFormGame.from_arrays([[2, 5], [8, 1]], [[6, 0], [8, 4]])
        found = payoffs(stage, "4/5")
        assert found.exact
        assert found.vertices == pytest.approx(
            np.array([[5, 6.4], [5.6, 6], [7.25, 6], [8, 8], [5.6, 7.2], [5, 20 / 3]])
        )

    def test_an_irrational_vertex_within_rounding(self):
        stage = GOLDEN
        found = payoffs(stage, "4/5")
        assert not found.exact
        assert found.exact_vertices is None
        assert 0 < found.gap < 1e-12
        # The lowest payoff of the second is half the inverse of the golden ratio.
        assert found.threats[1] == pytest.approx((np.sqrt(5) - 1) / 4, abs=1e-12)
        assert within(found.inner, found.outer, 1e-12)
        assert bg.verify(found).ok

    def test_contingencies(self):
        # War comes every other period, and its only profile costs the first player 1.
        war = bg.NormalFormGame.from_arrays([[-1]], [[0]])
        repeated = bg.RepeatedGame(
            [bg.Contingency("peace", "1/2", DILEMMA), bg.Contingency("war", "1/2", war)], "1/2"
        )
        found = bg.subgame_perfect_payoffs(repeated)
        # Losing half of (2, 2) - (1, 1) every period deters a gain of 1 from 2/3 on.
        assert found.exact_vertices == ((0, F(1, 2)),)
        patient = bg.subgame_perfect_payoffs(bg.RepeatedGame(repeated.contingencies, "2/3"))
        assert (F(1, 2), 1) in patient
        assert bg.verify(patient).ok

    def test_a_contingency_that_never_comes_does_not_matter(self):
        repeated = bg.RepeatedGame(
            [bg.Contingency("peace", 1, DILEMMA), bg.Contingency("never", 0, PENNIES)], "1/2"
        )
        assert (
            bg.subgame_perfect_payoffs(repeated).exact_vertices
            == payoffs(DILEMMA, "1/2").exact_vertices
        )

    def test_one_player_does_his_best(self):
        found = payoffs(bg.NormalFormGame([[1, "5/3", 2]]), "9/10")
        assert found.exact_vertices == ((2,),)
        assert found.dimension == 0
        assert 2 in [found.best(0)[0]]

    def test_different_discount_factors_are_bounded(self):
        found = bg.subgame_perfect_payoffs(bg.RepeatedGame(DILEMMA, ["0.6", "0.7"]))
        assert within([[2, 2]], found.outer, 1e-6)

    def test_large_and_small_payoffs(self):
        for unit in (F(10**9), F(1, 10**9)):
            stage = bg.NormalFormGame(unit * DILEMMA.exact_payoffs)
            found = payoffs(stage, "1/2")
            assert found.exact_vertices == tuple(
                (unit * x, unit * y) for x, y in payoffs(DILEMMA, "1/2").exact_vertices
            )


class TestResult:
    def test_travels_and_prints(self):
        found = payoffs(DILEMMA, "1/2")
        assert pickle.loads(pickle.dumps(found)) == found
        data = json.loads(found.to_json())
        assert data["exact_vertices"][1] == ["2.5", "1"]
        assert data["dimension"] == 2
        assert found.to_frame().shape == (4, 2)
        assert "a polygon" in repr(found)
        assert "<table>" in found._repr_html_()
        assert found.best("player 0").tolist() == [2.5, 1.0]
        with pytest.raises(AttributeError):
            found.vertices = None
        with pytest.raises(ValueError, match="read-only"):
            found.vertices[0, 0] = 3.0

    def test_bad_arguments_have_names(self):
        with pytest.raises(bg.errors.InvalidTypeError):
            bg.subgame_perfect_payoffs(DILEMMA)
        with pytest.raises(bg.errors.InvalidDiscountError):
            bg.RepeatedGame(DILEMMA, 1.5)
        found = payoffs(DILEMMA, "1/2")
        with pytest.raises(bg.errors.InvalidShapeError):
            found.contains([1, 2, 3])
        with pytest.raises(bg.errors.InvalidPayoffError):
            found.contains([float("nan"), 1])
        with pytest.raises(bg.errors.UnknownPlayerError):
            found.best("Atlantis")


@pytest.mark.thorough
def test_twenty_thousand_games_without_a_failure():
    """Floats alone: vertices are convex, and generated by what theory says."""
    rng = np.random.default_rng(0)
    all_discounts = [*DISCOUNTS, F(999, 1000)]
    for k in range(20_000):
        stage = bg.NormalFormGame(
            rng.integers(0, rng.choice([2, 5, 100]), (2, *rng.integers(2, 6, 2)))
        )
        found = payoffs(stage, all_discounts[k % 7])
        assert np.isfinite(found.vertices).all()
        if len(found.vertices) > 2:
            assert len(ConvexHull(found.vertices, qhull_options="QJ").vertices) >= 3
        for equilibrium in bg.pure_nash(stage):
            assert (equilibrium.payoffs >= found.threats - 1e-6).all()
