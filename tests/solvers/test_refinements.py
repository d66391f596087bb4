"""Refinements against definitions, linear programs in floats, and each other."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import balancegame as bg
from balancegame.solvers.refinements.evolutionary_stability import is_evolutionarily_stable
from balancegame.solvers.refinements.game_part import GamePart, pure_cell
from balancegame.solvers.refinements.homogeneous_system import InfinitesimalSystem, solution
from balancegame.solvers.refinements.perfection import is_perfect, is_weakly_dominated
from balancegame.solvers.refinements.properness import proper_trembles
from balancegame.solvers.refinements.risk_dominance import is_risk_dominant, least_belief
from balancegame.solvers.refinements.strict_copositivity import (
    is_strictly_copositive,
    without_free,
)
from balancegame.solvers.refinements.trembles import has_first_order_trembles, may_have_trembles
from balancegame.testing import mixed_profiles, normal_form_games
from tests import selection as naive

TIES = st.integers(0, 2)
bimatrix = normal_form_games(
    min_players=2, max_players=2, min_actions=2, max_actions=3, payoffs=TIES
)
rows = st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=5)


@given(rows, rows)
def test_a_homogeneous_system_is_solved_or_floats_find_no_solution_either(strict, weak):
    found = solution(strict, weak)
    if found is not None:
        assert min(found) >= 0
        assert all(sum(a * y for a, y in zip(row, found, strict=True)) > 0 for row in strict)
        assert all(sum(a * y for a, y in zip(row, found, strict=True)) >= 0 for row in weak)
    solved = linprog(
        [0, 0, 0, -1],
        A_ub=[[*(-a for a in row), 1] for row in strict]
        + [[*(-a for a in row), 0] for row in weak],
        b_ub=[0] * (len(strict) + len(weak)),
        A_eq=[[1, 1, 1, 0]],
        b_eq=[1],
        bounds=[(0, None)] * 3 + [(None, None)],
    )
    floats_find = solved.status == 0 and -solved.fun > 1e-9
    assert (found is not None) == floats_find


def test_what_holds_for_every_small_eps_is_told_from_what_holds_for_none():
    system = InfinitesimalSystem(2)
    system.require([-1, 0], [0, 1], strictly=False)  # y0 <= eps y1
    other = system.copy()
    system.require([1000, -1], strictly=False)  # but a thousandth of y1 is more than that
    assert system.solution() is None
    other.require([1, 0], [0, -1], strictly=False)  # y0 >= eps y1
    first, second = other.solution()
    assert 0 < first < second / 10


@given(bimatrix, st.data())
def test_weak_dominance_of_mixed_strategies_agrees_with_linear_programs(game, data):
    profile = data.draw(mixed_profiles(game, exact=True))
    part = GamePart.of_game(game)
    for i, own in enumerate(profile):
        table = np.array(part.own_table(i), dtype=float)
        mine = np.array([float(value) for value in own]) @ table
        solved = linprog(
            -table.sum(axis=1),
            A_ub=-table.T,
            b_ub=1e-12 - mine,
            A_eq=np.ones((1, len(own))),
            b_eq=[1.0],
        )
        assert is_weakly_dominated(part, i, tuple(own)) == (-solved.fun - mine.sum() > 1e-7)


@given(bimatrix)
@settings(max_examples=80)
def test_proper_equilibria_come_with_trembles_that_are_eps_proper(game):
    part, eps = GamePart.of_game(game), Fraction(1, 10)
    for found in bg.nash_equilibria(game):
        trembles = proper_trembles(part, part.profile(found))
        assert not isinstance(trembles, str)
        if trembles is None:
            continue
        assert naive.is_eps_proper(game, trembles, eps)
        for mine, its in zip(trembles, found.exact, strict=True):
            assert max(abs(a - b) for a, b in zip(mine, its, strict=True)) <= eps
        assert is_perfect(part, found, robust=False).holds is True


@given(bimatrix)
@settings(max_examples=80)
def test_isolated_equilibria_with_an_index_are_perfect_and_proper_by_the_exact_criteria(game):
    part, result = GamePart.of_game(game), bg.nash_equilibria(game)
    for found in result:
        if found.index:
            assert is_perfect(part, found, robust=False).holds is True
            assert isinstance(proper_trembles(part, part.profile(found)), tuple)


@given(bimatrix)
@settings(max_examples=30)
def test_equilibria_of_permutations_of_trembles_lead_to_equilibria_called_proper(game):
    part, result = GamePart.of_game(game), bg.nash_equilibria(game)
    near = []
    for eps in (Fraction(1, 10**4), Fraction(1, 10**6)):
        trembling, mixtures = naive.permutation_game(game, eps)
        profiles = [
            [np.array(own) @ mixture for own, mixture in zip(one.exact, mixtures, strict=True)]
            for one in bg.nash_equilibria(trembling, max_equilibria=20)
        ]
        near.append(
            {
                k
                for k, found in enumerate(result)
                for profile in profiles
                if all(
                    max(abs(np.array(own) - its)) < 50 * eps
                    for own, its in zip(found.exact, profile, strict=True)
                )
            }
        )
    for k in near[0] & near[1]:
        assert isinstance(proper_trembles(part, part.profile(result[k])), tuple)


@given(normal_form_games(min_players=3, max_players=3, min_actions=2, max_actions=2, payoffs=TIES))
@settings(max_examples=80)
def test_trembles_of_three_players_agree_with_each_other_and_with_the_index(game):
    part = GamePart.of_game(game)
    for found in bg.pure_nash(game):
        cell = pure_cell(part.profile(found))
        possible = [may_have_trembles(part, i, cell) for i in range(3)]
        if found.index or has_first_order_trembles(part, cell):
            assert all(possible)
        # Independent trembles are a special case of those that may depend on each other.
        if any(is_weakly_dominated(part, i, own) for i, own in enumerate(found.exact)):
            assert not all(possible)


@given(bimatrix)
@settings(max_examples=80)
def test_trembles_decide_pure_equilibria_of_two_players_as_dominance_does(game):
    part = GamePart.of_game(game)
    for found in bg.pure_nash(game):
        cell = pure_cell(part.profile(found))
        possible = all(may_have_trembles(part, i, cell) for i in range(2))
        assert possible == is_perfect(part, found, robust=False).holds
        assert possible or not has_first_order_trembles(part, cell)


@given(normal_form_games(max_players=3, max_actions=3))
def test_p_dominance_is_what_the_worst_belief_needs(game):
    part = GamePart.of_game(game)
    for found in bg.pure_nash(game):
        cell = tuple(support[0] for support in found.support)
        mine = tuple(cell[i] for i in part.players)
        assert least_belief(part, mine) == naive.least_belief(game, cell)


@given(normal_form_games(max_players=3, max_actions=3))
def test_at_most_one_equilibrium_is_risk_dominant(game):
    part = GamePart.of_game(game)
    cells = [tuple(found.support[i][0] for i in part.players) for found in bg.pure_nash(game)]
    assert sum(is_risk_dominant(part, cell) for cell in cells) <= 1


@given(st.integers(1, 4), st.data())
def test_strict_copositivity_agrees_with_the_least_value_on_a_grid(r, data):
    entries = data.draw(st.lists(st.integers(-3, 3), min_size=r * r, max_size=r * r))
    drawn = np.array(entries).reshape(r, r)
    matrix = drawn + drawn.T
    grid = np.array([point for point in np.ndindex(*[7] * r) if any(point)])
    least = np.einsum("ki,ij,kj->k", grid, matrix, grid).min()
    exact = [[Fraction(int(value)) for value in row] for row in matrix]
    if is_strictly_copositive(exact):
        assert least > 0
    elif least > 0:
        # Between the points of the grid: a local minimum must be there.
        assert _least_by_descent(matrix) < 1e-6


def _least_by_descent(matrix):
    """The least value over the simplex, by the stationary points of all its faces."""
    r, least = len(matrix), np.inf
    for mask in range(1, 1 << r):
        face = [i for i in range(r) if mask >> i & 1]
        part = matrix[np.ix_(face, face)]
        bordered = np.block([[2 * part, -np.ones((len(face), 1))], [np.ones((1, len(face))), 0]])
        point = np.linalg.lstsq(bordered, np.r_[np.zeros(len(face)), 1.0], rcond=None)[0][:-1]
        if point.min() >= -1e-9 and abs(point.sum() - 1) < 1e-9:
            least = min(least, point @ part @ point)
    return least


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[1, -1], [-1, 1]], False),
        ([[1, -1], [-1, 2]], True),
        ([[1, 5], [5, 1]], True),
        ([[0]], False),
        ([], True),
        # The Horn matrix is copositive, not strictly; a little more makes it strict.
        ([[1, -1, 1, 1, -1], [-1, 1, -1, 1, 1], [1, -1, 1, -1, 1], [1, 1, -1, 1, -1],
          [-1, 1, 1, -1, 1]], False),
        ([["11/10", -1, 1, 1, -1], [-1, "11/10", -1, 1, 1], [1, -1, "11/10", -1, 1],
          [1, 1, -1, "11/10", -1], [-1, 1, 1, -1, "11/10"]], True),
    ],
)  # fmt: skip
def test_strict_copositivity_of_known_matrices(matrix, expected):
    exact = [[Fraction(value) for value in row] for row in matrix]
    assert is_strictly_copositive(exact) is expected


def test_coordinates_of_any_sign_are_minimised_over():
    # x^2 + 2xy + 3y^2 has its least value 2y^2 at x = -y.
    assert without_free([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(3)]], 1) == [[2]]
    assert without_free([[Fraction(0)]], 1) is None


@given(st.integers(2, 4), st.data())
def test_no_mutant_invades_an_evolutionarily_stable_strategy(m, data):
    entries = data.draw(st.lists(TIES, min_size=m * m, max_size=m * m))
    matrix = np.array(entries).reshape(m, m)
    game = naive.two_player(matrix.tolist())
    part = GamePart.of_game(game)
    payoffs = game.exact_payoffs[0]
    for found in bg.nash_equilibria(game):
        x = np.array(found.exact[0])
        if found.exact[0] != found.exact[1]:
            continue
        verdict = is_evolutionarily_stable(part, part.profile(found)).holds
        resisted = [(x - y) @ payoffs @ x > 0 or (x - y) @ payoffs @ y > 0 for y in _mutants(m, x)]
        if verdict:
            assert all(resisted)
        else:
            # Among mutants near x some best reply does as well against itself as x does.
            form = _mutant_form(payoffs, x)
            assert form <= 1e-9


def _mutants(m, x):
    rng = np.random.default_rng(m)
    pure = [np.array([Fraction(int(a == b)) for b in range(m)]) for a in range(m)]
    for _ in range(30):
        weights = rng.integers(0, 4, m)
        if weights.sum():
            pure.append(np.array([Fraction(int(w), int(weights.sum())) for w in weights]))
    return [y for y in pure if any(y != x)]


def _mutant_form(payoffs, x):
    """The least of -z'Az over unit-size changes z towards other best replies, by enumeration.

    Faces of the cone: each unplayed best reply grows or stays; the least eigenvalue of the form on
    the linear hull of the face counts if its vector can be chosen inside.
    """
    table = np.array(payoffs, dtype=float)
    values = table @ x.astype(float)
    best = np.flatnonzero(values > values.max() - 1e-12)
    played = np.flatnonzero(x.astype(float) > 0)
    unplayed = [a for a in best if a not in played]
    form = -(table + table.T) / 2
    least = np.inf
    for mask in range(1 << len(unplayed)):
        grown = [a for k, a in enumerate(unplayed) if mask >> k & 1]
        axes = [a for a in [*played, *grown] if a != played[0]]
        if not axes:
            continue
        basis = np.zeros((len(x), len(axes)))
        for k, a in enumerate(axes):
            basis[a, k], basis[played[0], k] = 1.0, -1.0
        part = basis.T @ form @ basis
        free = len(played) - 1
        values, vectors = np.linalg.eigh(part)
        for value, vector in zip(values, vectors.T, strict=True):
            for signed in (vector, -vector):
                if (signed[free:] >= -1e-9).all():
                    least = min(least, value)
        # Where several directions share a value, look inside the face as well.
        if grown and free == 0:
            least = min(least, _least_by_descent(part))
        elif grown:
            head, mixed, tail = part[:free, :free], part[:free, free:], part[free:, free:]
            if np.linalg.eigvalsh(head).min() > 1e-9:
                least = min(least, _least_by_descent(tail - mixed.T @ np.linalg.solve(head, mixed)))
            else:
                least = min(least, 0.0)
    return least
