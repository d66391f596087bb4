"""Pure equilibria: complete, tie-aware, whatever the size; against independent solvers."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games
from tests.oracles import gambit, quantecon_


def by_definition(table, slack=None):
    """Profiles nobody gains by leaving, cell by cell."""
    found = []
    for cell in np.ndindex(*table.shape[1:]):
        stable = all(
            table[(i, *cell)]
            >= max(table[(i, *cell[:i], a, *cell[i + 1 :])] for a in range(table.shape[i + 1]))
            - (slack[i] if slack else 0)
            for i in range(len(cell))
        )
        if stable:
            found.append(cell)
    return found


def cells_of(result):
    return [tuple(part[0] for part in found.support) for found in result]


@given(normal_form_games(max_players=4, max_actions=3, payoffs=st.integers(0, 2)))
def test_the_list_is_the_definition(game):
    assert cells_of(bg.pure_nash(game)) == by_definition(game.payoffs)


@given(
    normal_form_games(
        payoffs=st.sampled_from([Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**30), 1 / 3, 0])
    )
)
def test_exact_payoffs_that_collide_in_floats_are_told_apart(game):
    assert cells_of(bg.pure_nash(game)) == by_definition(game.exact_payoffs)


def test_a_difference_below_the_smallest_float_decides():
    game = bg.NormalFormGame([["1", f"1.{'0' * 390}1"]])
    assert [found.actions for found in bg.pure_nash(game)] == [("a1",)]


@pytest.mark.parametrize("seed", range(20))
def test_200_random_games_of_3_to_5_players_agree_with_pygambit(seed):
    rng = np.random.default_rng(seed)
    for k in range(10):
        n = int(rng.integers(3, 6))
        shape = tuple(rng.integers(1, 4, n).tolist())
        payoffs = rng.integers(-3, 4, (n, *shape)) if k % 2 else rng.normal(size=(n, *shape))
        game = bg.NormalFormGame(payoffs)
        assert set(cells_of(bg.pure_nash(game))) == gambit.pure_equilibria(game)


@pytest.mark.parametrize("seed", range(5))
def test_random_games_agree_with_quantecon(seed):
    rng = np.random.default_rng(seed)
    for n in (2, 3, 4):
        shape = tuple(rng.integers(2, 5, n).tolist())
        game = bg.NormalFormGame(rng.integers(0, 5, (n, *shape)))
        assert set(cells_of(bg.pure_nash(game))) == quantecon_.pure_equilibria(game)


@given(normal_form_games(max_players=4, payoffs=st.integers(0, 2)), st.sampled_from([1, 4, 10**9]))
def test_the_sweep_over_the_table_agrees_with_the_list_of_cells(game, sparse):
    """Games this small are solved from a list; here the sweep is made to take them."""
    module = sys.modules["balancegame.solvers.pure_nash"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SMALL", 0)
        patch.setattr(module, "_SPARSE", sparse)
        swept = cells_of(bg.pure_nash(game))
    assert swept == by_definition(game.payoffs)


@pytest.mark.parametrize("shape", [(2, 30), (30, 2), (3, 25), (25, 3, 2), (2, 3, 26)])
def test_long_strides_are_swept_in_slices(shape):
    table = np.random.default_rng(0).integers(0, 3, (len(shape), *shape)).astype(float)
    module = sys.modules["balancegame.solvers.pure_nash"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SMALL", 0)
        patch.setattr(module, "_SPARSE", 0)
        swept = cells_of(bg.pure_nash(bg.NormalFormGame(table)))
    assert swept == by_definition(table)


@pytest.mark.compiled
@pytest.mark.parametrize(
    "shape",
    [(2,) * 17, (3, 5, 7, 4, 2, 9, 11), (70_000, 2), (2, 70_000), (70_001,), (40, 1, 41, 42)],
)
@pytest.mark.parametrize("values", [2, 1000])
def test_large_tables_in_vectorised_sweeps_agree_with_numpy(shape, values):
    table = np.random.default_rng(1).integers(0, values, (len(shape), *shape)).astype(float)
    best = np.ones(shape, dtype=bool)
    for i in range(len(shape)):
        best &= table[i] == table[i].max(axis=i, keepdims=True)
    expected = np.argwhere(best)
    result = bg.pure_nash(bg.NormalFormGame(table))
    assert len(result) == len(expected)
    assert cells_of(result[:50]) == [tuple(cell) for cell in expected[:50].tolist()]


@pytest.mark.compiled
def test_a_constant_game_of_a_million_profiles_is_all_equilibria():
    result = bg.pure_nash(bg.NormalFormGame(np.zeros((20, *(2,) * 20))))
    assert len(result) == 2**20
    assert result[2**20 - 1].actions == ("a1",) * 20


def test_tolerance_is_a_share_of_the_payoff_range():
    game = bg.NormalFormGame([[0, 99, 100]])
    assert len(bg.pure_nash(game, tol=0.005)) == 1
    assert len(bg.pure_nash(game, tol=0.0100001)) == 2
    near = bg.pure_nash(game, tol=0.02)[0]
    assert (near.actions, near.regret, near.margin, near.index) == (("a1",), 1.0, -1.0, None)
    assert "tolerance 0.02" in bg.pure_nash(game, tol=0.02).reason
    assert near.error_bound == float("inf")
    assert near.to_dict()["error_bound"] is None
    assert "approximate pure Nash" in str(bg.pure_nash(game, tol=0.02))


@given(normal_form_games(payoffs=st.integers(0, 9)), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_tolerance_by_definition(game, tol):
    slack = [tol * float(np.ptp(table)) for table in game.payoffs]
    assert cells_of(bg.pure_nash(game, tol=tol)) == by_definition(game.payoffs, slack)
    assert set(cells_of(bg.pure_nash(game))) <= set(cells_of(bg.pure_nash(game, tol=tol)))


@given(normal_form_games(), st.permutations(range(3)), st.integers(1, 5), st.integers(-4, 4))
def test_relabelling_and_affine_changes_move_nothing(game, order, factor, shift):
    cells = cells_of(bg.pure_nash(game))
    scaled = bg.NormalFormGame(game.payoffs * factor + shift)
    assert cells_of(bg.pure_nash(scaled)) == cells
    turned = [i for i in order if i < game.n_players]
    moved = np.stack([game.payoffs[i].transpose(turned) for i in turned])
    found = cells_of(bg.pure_nash(bg.NormalFormGame(moved)))
    assert set(found) == {tuple(cell[i] for i in turned) for cell in cells}


@pytest.mark.parametrize("tol", [-1e-9, float("nan"), float("inf"), "x"])
def test_a_bad_tolerance_is_refused(tol):
    with pytest.raises(errors.InvalidParameterError, match="tol is"):
        bg.pure_nash(bg.NormalFormGame([[1, 2]]), tol=tol)


def test_the_list_can_be_cut_and_says_so():
    game = bg.NormalFormGame(np.zeros((2, 2, 2)))
    result = bg.nash_equilibria(game, max_equilibria=3)
    assert len(result) == 3
    assert "cut at max_equilibria = 3 of 4" in result.reason
    assert len(bg.nash_equilibria(game, max_equilibria=4)) == 4
    with pytest.raises(errors.InvalidParameterError, match="at least 1"):
        bg.nash_equilibria(game, max_equilibria=0)


@pytest.mark.parametrize("limit", [1.5, True, "2", float("nan")])
def test_a_limit_that_is_no_number_of_equilibria_is_refused(limit):
    with pytest.raises(errors.InvalidTypeError, match="whole number"):
        bg.nash_equilibria(bg.NormalFormGame([[1, 2]]), max_equilibria=limit)


@pytest.mark.parametrize("thing", [None, 5, [[1, 2]]])
def test_what_is_no_game_is_refused(thing):
    with pytest.raises(errors.InvalidTypeError, match="must be a NormalFormGame"):
        bg.nash_equilibria(thing)


def test_differences_beyond_the_range_of_a_float_saturate():
    (found,) = bg.pure_nash(bg.NormalFormGame([[1.7e308, -1.7e308]]))
    assert found.margin == np.finfo(float).max


def test_a_tolerance_on_a_huge_range_does_not_overflow():
    table = np.array([[[1.7e308, -1.7e308], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
    exact = cells_of(bg.pure_nash(bg.NormalFormGame(table)))
    assert cells_of(bg.pure_nash(bg.NormalFormGame(table), tol=1e-9)) == exact
