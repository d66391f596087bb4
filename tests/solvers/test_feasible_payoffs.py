"""Feasible and individually rational payoffs."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import balancegame as bg
from balancegame.testing import normal_form_games

DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
CHICKEN = bg.NormalFormGame.from_arrays([[3, 1], [4, 0]], [[3, 4], [1, 0]])


def is_mixture(point, points, slack=1e-7):
    """Whether a point is a mixture of others, by a linear program."""
    points = np.asarray(points, dtype=float)
    rows = np.vstack([points.T, -points.T])
    sides = np.concatenate([point + slack, slack - point])
    found = linprog(np.zeros(len(points)), rows, sides, np.ones((1, len(points))), [1.0])
    return found.status == 0


def test_dilemma():
    found = bg.feasible_payoffs(DILEMMA)
    assert found.exact_vertices == ((0, 3), (1, 1), (3, 0), (2, 2))
    rational = bg.feasible_payoffs(bg.RepeatedGame(DILEMMA, "1/2"), punishment="minmax")
    half = Fraction(5, 2)
    assert rational.exact_vertices == ((1, 1), (half, 1), (2, 2), (1, half))
    assert rational.threats.tolist() == [1, 1]


def test_mixed_punishments_reach_further():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert bg.feasible_payoffs(pennies, punishment="minmax").dimension == -1
    mixed = bg.feasible_payoffs(pennies, punishment="mixed")
    assert mixed.exact_vertices == ((0, 0),)
    assert bg.feasible_payoffs(CHICKEN, punishment="mixed").threats.tolist() == [1, 1]


@settings(max_examples=40, deadline=None)
@given(
    normal_form_games(min_players=2, max_players=4, max_actions=2),
    st.sampled_from(["none", "minmax"]),
)
def test_hulls_by_definition(game, punishment):
    found = bg.feasible_payoffs(game, punishment=punishment)
    payoffs = game.payoffs.reshape(game.n_players, -1).T
    floors = np.full(game.n_players, -np.inf)
    if punishment == "minmax":
        floors = [min(game.payoffs[i].max(axis=i).ravel()) for i in range(game.n_players)]
    for vertex in found.vertices:
        assert is_mixture(vertex, payoffs)
        assert (vertex >= np.array(floors) - 1e-7).all()
    for direction in np.random.default_rng(0).normal(size=(6, game.n_players)):
        best = linprog(
            -payoffs @ direction,
            -payoffs.T,
            np.where(np.isfinite(floors), -np.array(floors), 1e9),
            np.ones((1, len(payoffs))),
            [1.0],
        )
        if best.status == 2:
            assert not len(found.vertices)
        else:
            assert (found.vertices @ direction).max() == pytest.approx(-best.fun, abs=1e-6)


def test_hulls_of_three_players_are_exact():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(0, 5, (3, 3, 3, 3)))
    found = bg.feasible_payoffs(game)
    assert found.exact
    payoffs = {tuple(one) for one in game.exact_payoffs.reshape(3, -1).T.tolist()}
    assert set(found.exact_vertices) <= payoffs
    others = [one for one in payoffs if one not in found.exact_vertices]
    assert all(is_mixture(np.array(one, float), found.vertices) for one in others)


def test_mixed_minmax_of_three_players_lies_within_bounds():
    game = bg.NormalFormGame(np.random.default_rng(1).integers(0, 5, (3, 2, 2, 2)))
    pure = bg.feasible_payoffs(game, punishment="minmax")
    mixed = bg.feasible_payoffs(game, punishment="mixed")
    assert mixed.gap < 1e-3
    assert (mixed.threats <= pure.threats + 1e-9).all()
    assert all(is_mixture(one, mixed.outer, 1e-6) for one in pure.vertices)


@pytest.mark.parametrize("n", [2, 3])
def test_contingencies_are_weighted_sums(n):
    rng = np.random.default_rng(2)
    games = [bg.NormalFormGame(rng.integers(0, 5, (n, *(2,) * n))) for _ in range(2)]
    parts = [bg.Contingency("x", "1/4", games[0]), bg.Contingency("y", "3/4", games[1])]
    found = bg.feasible_payoffs(bg.RepeatedGame(parts, "1/2"))
    directions = rng.normal(size=(10, n))
    expected = sum(
        q * (directions @ game.payoffs.reshape(n, -1)).max(axis=1)
        for q, game in zip((0.25, 0.75), games, strict=True)
    )
    assert (directions @ found.vertices.T).max(axis=1) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("payoffs", "dimension"),
    [(np.zeros((3, 2, 2, 2)), 0), ([[[1, 2]], [[3, 4]]], 1), ([[1, 5, 2]], 1)],
)
def test_flat_games(payoffs, dimension):
    found = bg.feasible_payoffs(bg.NormalFormGame(payoffs))
    assert found.dimension == dimension
    assert found.exact
    assert pickle.loads(pickle.dumps(found)) == found


def test_bad_input_is_refused():
    with pytest.raises(bg.errors.InvalidTypeError, match="RepeatedGame or a NormalFormGame"):
        bg.feasible_payoffs([[1, 2], [3, 4]])
    with pytest.raises(bg.BalanceGameError, match="minmax"):
        bg.feasible_payoffs(DILEMMA, punishment="minmx")


def test_they_are_not_called_equilibrium_payoffs():
    stage = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
    found = bg.feasible_payoffs(stage)
    assert repr(found).splitlines()[:2] == [
        "Feasible payoffs: a polygon (hull of stage payoffs)",
        "  2 players, stage 2 x 2",
    ]
    assert found.to_dict()["discounts"] is None
    held = bg.feasible_payoffs(stage, punishment="minmax")
    assert repr(held).startswith("Feasible and individually rational payoffs: a polygon")
    assert bg.transfer_payoffs(bg.RepeatedGame(stage, "1/2")).to_dict()["discounts"] == ["0.5"] * 2


@pytest.mark.parametrize(
    ("punishment", "least"), [("none", "7/3"), ("minmax", "16/3"), ("mixed", "16/3")]
)
def test_one_players_feasible_payoffs_are_exact(punishment, least):
    cases = [
        bg.Contingency("war", "1/3", bg.NormalFormGame([["1/3", 1, "10/3"]], ["A"])),
        bg.Contingency("calm", "2/3", bg.NormalFormGame([["10/3", "19/3"]], ["A"])),
    ]
    found = bg.feasible_payoffs(bg.RepeatedGame(cases, "1/2"), punishment=punishment)
    assert found.exact
    assert found.gap == 0
    assert found.exact_vertices[0] == (Fraction(least),)
    assert found.exact_vertices[-1] == (Fraction("16/3"),)
    assert found.dimension == (1 if punishment == "none" else 0)
