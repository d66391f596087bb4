"""Zero-sum games by linear programming, and minmax values."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games
from tests.two_player import (  # noqa: F401 (a fixture)
    PROGRAMS,
    arithmetic,
    exact_set,
    force_integers,
    gains,
)

ZERO_SUM = normal_form_games(max_actions=5, zero_sum=True, payoffs=st.integers(-2, 2))


def zero_sum(A):
    return bg.NormalFormGame.from_arrays(A, -np.asarray(A))


@given(ZERO_SUM)
def test_optimal_strategies_are_the_equilibria(game):
    whole = bg.zero_sum_equilibria(game, extreme_points=True)
    expected = bg.nash_equilibria(game)
    assert whole.complete
    assert exact_set(whole) == exact_set(expected)
    assert [found.exact for found in whole] == [found.exact for found in expected]
    assert len(whole.components) == len(expected.components) == 1
    np.testing.assert_array_equal(
        np.concatenate(whole.components[0][0], axis=None),
        np.concatenate(expected.components[0][0], axis=None),
    )
    one = bg.zero_sum_equilibria(game)
    assert not one.complete
    assert exact_set(one) <= exact_set(expected)


@pytest.mark.parametrize("seed", range(40))
def test_floats_and_integers_agree(seed, arithmetic):  # noqa: F811
    rng = np.random.default_rng(seed)
    game = zero_sum(rng.integers(-3, 4, rng.integers(1, 7, 2)))
    whole = bg.zero_sum_equilibria(game, extreme_points=True)
    assert exact_set(whole) == exact_set(bg.nash_equilibria(game))


@pytest.mark.parametrize("proposal", [None, "infeasible", "suboptimal"])
def test_a_bad_proposal_of_the_solver_is_noticed(proposal, monkeypatch):
    monkeypatch.setattr(PROGRAMS, "_FEW_LABELS", 0)
    game = zero_sum([[1, -1, 0], [-2, 3, 1], [0, 1, -1]])
    expected = bg.zero_sum_equilibria(game)[0].exact_payoffs
    propose = {
        None: lambda polytope: None,
        "infeasible": lambda polytope: (
            polytope.origin ^ 1 << polytope.first_variable | 1 << polytope.first_row + 1
        ),
        "suboptimal": lambda polytope: polytope.origin,
    }[proposal]
    monkeypatch.setattr(PROGRAMS, "_proposed_basis", propose)
    result = bg.zero_sum_equilibria(game)
    assert result[0].exact_payoffs == expected
    assert gains(game, result[0].exact) == [0, 0]


def test_constant_sums_and_floats_count_exactly():
    game = bg.NormalFormGame.from_arrays(
        [["0.1", "0.4"], ["0.3", "0.2"]], [["0.9", "0.6"], ["0.7", "0.8"]]
    )
    assert bg.zero_sum_equilibria(game)[0].exact_payoffs == (Fraction(1, 4), Fraction(3, 4))
    with pytest.raises(errors.NotZeroSumError, match=r"sum to 1 at .* exact binary value"):
        bg.zero_sum_equilibria(
            bg.NormalFormGame.from_arrays([[0.1, 0.4], [0.3, 0.2]], [[0.9, 0.6], [0.7, 0.8]])
        )


def test_other_games_are_refused():
    with pytest.raises(
        errors.NotZeroSumError, match=r"sum to 2 at \(a0, a0\), but to 1 at \(a0, a1\)"
    ):
        bg.zero_sum_equilibria(bg.NormalFormGame.from_arrays([[1, 0]], [[1, 1]]))
    with pytest.raises(errors.InvalidShapeError, match="3 players"):
        bg.zero_sum_equilibria(bg.NormalFormGame(np.zeros((3, 2, 2, 2))))


# -- minmax ---------------------------------------------------------------------------------------


@given(normal_form_games(max_players=4, max_actions=3))
def test_the_pure_value_is_the_definition(game):
    for i in range(game.n_players):
        others = [range(m) for j, m in enumerate(game.shape) if j != i]
        ceilings = [
            max(game.payoffs[(i, *cell[:i], a, *cell[i:])] for a in range(game.shape[i]))
            for cell in itertools.product(*others)
        ]
        found = bg.minmax(game, i)
        assert found.value == found.lower == found.upper == min(ceilings)
        assert game.regret(found.profile)[i] == 0
        assert game.expected_payoffs(found.profile)[i] == found.value


@given(normal_form_games(min_players=2, max_players=2, max_actions=4))
def test_the_mixed_value_of_two_players_is_the_zero_sum_value(game):
    for i, table in enumerate(game.payoffs):
        found = bg.minmax(game, game.players[i], mixed=True)
        own = zero_sum(table if i == 0 else table.T)
        assert found.exact == bg.zero_sum_equilibria(own)[0].exact_payoffs[0]
        assert found.value == float(found.exact)
        assert found.value <= bg.minmax(game, i).value
        assert game.action_payoffs(found.profile)[i].max() == pytest.approx(found.value)


@given(normal_form_games(min_players=3, max_players=3))
def test_the_mixed_value_of_three_players_is_bounded(game):
    for i in range(3):
        found = bg.minmax(game, i, mixed=True)
        assert found.lower <= found.upper <= bg.minmax(game, i).value
        uniform = [np.full(m, 1 / m) for m in game.shape]
        assert found.lower <= game.action_payoffs(uniform)[i].max() + 1e-12


def test_exact_payoffs_give_exact_values():
    game = bg.NormalFormGame.from_arrays([["1/3", 0], [0, "1/7"]], [[0, 0], [0, 0]])
    assert bg.minmax(game, 0).exact == Fraction(1, 7)
    assert bg.minmax(game, 0, mixed=True).exact == Fraction(1, 10)
    assert "held down to 0.1" in repr(bg.minmax(game, 0, mixed=True))


def test_players_are_known():
    game = bg.NormalFormGame(np.zeros((2, 2, 2)), players=["Athens", "Sparta"])
    with pytest.raises(errors.UnknownPlayerError, match="Sparta"):
        bg.minmax(game, "Sprta")
    with pytest.raises(errors.UnknownPlayerError, match="0 to 1"):
        bg.minmax(game, 2)


def repeated(shape, seed):
    """A game with repeated rows and columns, so that optimal bases are degenerate."""
    rng = np.random.default_rng(seed)
    m, n = shape
    A = rng.integers(-2, 3, (max(1, m // 2), max(1, n // 2)))
    return zero_sum(np.resize(A, (m, A.shape[1]))[:, np.resize(np.arange(A.shape[1]), n)])


@pytest.mark.parametrize(
    ("shape", "seed"),
    [
        *itertools.product([(2, 40), (40, 3), (4, 40)], range(3)),
        ((22, 20), 0),
        pytest.param((22, 20), 1, marks=pytest.mark.compiled),
        pytest.param((22, 20), 2, marks=pytest.mark.compiled),
    ],
)
def test_faces_of_repeated_actions_are_found_whole(shape, seed, monkeypatch):
    game = repeated(shape, seed)
    whole = bg.zero_sum_equilibria(game, extreme_points=True)
    assert len(whole)
    with monkeypatch.context() as integers:
        force_integers(integers)
        assert exact_set(whole) == exact_set(bg.zero_sum_equilibria(game, extreme_points=True))
    for found in itertools.islice(whole, 20):
        assert gains(game, found.exact) == [0, 0]


@pytest.mark.parametrize("k", [21, pytest.param(24, marks=pytest.mark.compiled)])
def test_rock_paper_scissors_with_copies(k):
    A = (np.arange(k)[:, None] - np.arange(k) + 1) % 3 - 1
    result = bg.nash_equilibria(zero_sum(A), max_equilibria=10)
    assert len(result) == 10
    assert result[0].exact_payoffs == (0, 0)
    assert "max_equilibria = 10" in result.reason


def test_numbers_beyond_floats_go_to_integers(arithmetic):  # noqa: F811
    b = np.random.default_rng(8).normal(size=(12, 12)) * 0.01 + np.eye(12)
    A = np.vstack([b, b[:1]])
    whole = bg.zero_sum_equilibria(zero_sum(A), extreme_points=True)
    assert len(whole) == 2
    tiny = bg.NormalFormGame.from_arrays(
        [["1", f"1e-{390}"], ["1e-300", "1e300"]], [[0, 1], [1, 0]]
    )
    assert bg.nash_equilibria(tiny).complete


@pytest.mark.parametrize("given", ["no", None, 2, 1.0])
def test_flags_are_true_or_false(given):
    game = zero_sum([[1]])
    with pytest.raises(errors.InvalidTypeError, match="True or False"):
        bg.zero_sum_equilibria(game, extreme_points=given)
    with pytest.raises(errors.InvalidTypeError, match="True or False"):
        bg.minmax(game, 0, mixed=given)
