"""Repeated games with transfers."""

from __future__ import annotations

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.testing import normal_form_games
from tests.repeated_games import prisoners, stage_values

DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])


def largest_fixed_point(repeated):
    """U and v by the definition: from all profiles down, until those left enforce each other."""
    delta, values = repeated.discount, stage_values(repeated)
    left = [dict(table) for _, table in values]
    while all(left):
        joint = sum(
            q * max(sum(g) for g, _ in table.values())
            for (q, _), table in zip(values, left, strict=True)
        )
        threats = [
            sum(
                q * min(c[i] for _, c in table.values())
                for (q, _), table in zip(values, left, strict=True)
            )
            for i in range(repeated.n_players)
        ]
        kept = [
            {
                a: (g, c)
                for a, (g, c) in table.items()
                if (1 - delta) * (sum(c) - sum(g)) <= delta * (joint - sum(threats))
            }
            for table in left
        ]
        if kept == left:
            return joint, tuple(threats)
        left = kept
    return None


@settings(max_examples=60, deadline=None)
@given(normal_form_games(min_players=1, max_players=3), st.fractions(0, "99/100"))
def test_agrees_with_the_definition(game, delta):
    repeated = bg.RepeatedGame(game, delta)
    found, expected = bg.transfer_payoffs(repeated), largest_fixed_point(repeated)
    assert found.exact
    assert found.gap == 0
    if expected is None:
        assert found.dimension == -1
        return
    joint, threats = expected
    assert max(map(sum, found.exact_vertices)) == joint
    assert threats in found.exact_vertices
    assert tuple(map(min, zip(*found.exact_vertices, strict=True))) == threats
    assert found.dimension == (game.n_players if joint > sum(threats) else 0)


@settings(max_examples=40, deadline=None)
@given(normal_form_games(min_players=2, max_players=3))
def test_breakpoints_cut_the_discount_factors(game):
    intervals = bg.transfer_breakpoints(game)
    assert intervals[0].lower == 0
    assert intervals[-1].upper == 1
    for one, other in itertools.pairwise(intervals):
        assert one.upper == other.lower
        assert one.lower < one.upper
        if one.joint is not None:
            assert one.joint <= other.joint
            assert all(map(Fraction.__ge__, one.threats, other.threats))
            assert one != other
    for one in intervals:
        for delta in (one.lower, (one.lower + one.upper) / 2, one.upper - Fraction(1, 10**9)):
            if not one.lower <= delta < one.upper:
                continue
            found = bg.transfer_payoffs(bg.RepeatedGame(game, delta))
            assert set(found.exact_vertices) == set(one.vertices)


def test_a_breakpoint_is_attained():
    # T, R, P, S = 3, 2, 1, 0: liquidity 2 against a surplus of 2.
    at = bg.transfer_payoffs(bg.RepeatedGame(DILEMMA, "1/2"))
    below = bg.transfer_payoffs(bg.RepeatedGame(DILEMMA, "0.499999"))
    assert at.exact_vertices == ((1, 1), (3, 1), (1, 3))
    assert below.exact_vertices == ((1, 1),)


def test_profiles_behind_the_numbers():
    game = bg.NormalFormGame(np.random.default_rng(1).integers(0, 9, (3, 2, 3, 2)))
    for one in bg.transfer_breakpoints(game):
        if one.joint is None:
            continue
        assert sum(game.expected_payoffs(list(one.best[0]))) == one.joint
        for i, (profile,) in enumerate(one.punishments):
            assert max(game.action_payoffs(list(profile))[i]) == one.threats[i]


@pytest.mark.parametrize("delta", ["1/4", "1/2", "7/10", "9/10"])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_helping_pays_with_transfers_from_cost_over_benefit_on(n, delta):
    found = bg.transfer_payoffs(bg.RepeatedGame(prisoners(n), delta))
    assert (found.dimension == n) == (Fraction(delta) >= Fraction(1, 2))


@pytest.mark.parametrize("seed", range(6))
def test_transfers_only_add(seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).integers(0, 9, (3, 2, 2, 2)))
    repeated = bg.RepeatedGame(game, "3/5")
    without, found = bg.subgame_perfect_payoffs(repeated), bg.transfer_payoffs(repeated)
    if len(without.inner):
        assert (without.inner >= found.threats - 1e-9).all()
        assert without.inner.sum(axis=1).max() <= found.vertices.sum(axis=1).max() + 1e-9


def test_contingencies():
    quiet = bg.NormalFormGame.from_arrays([[0]], [[0]])
    parts = [bg.Contingency("busy", "1/2", DILEMMA), bg.Contingency("quiet", "1/2", quiet)]
    thresholds = [one.lower for one in bg.transfer_breakpoints(parts)]
    # The surplus comes every other period: 2 / (2 + 1).
    assert thresholds == [0, Fraction(2, 3)]
    for delta in ("1/2", "2/3", "9/10"):
        repeated = bg.RepeatedGame(parts, delta)
        joint, threats = largest_fixed_point(repeated)
        found = bg.transfer_payoffs(repeated)
        assert max(map(sum, found.exact_vertices)) == joint
        assert found.exact_vertices[0] == threats


def test_without_pure_equilibrium():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert [one.joint for one in bg.transfer_breakpoints(pennies)] == [None]
    found = bg.transfer_payoffs(bg.RepeatedGame(pennies, "9/10"))
    assert found.dimension == -1
    assert pickle.loads(pickle.dumps(found)) == found


def test_relabelling_players():
    table = np.random.default_rng(4).integers(0, 9, (3, 2, 3, 2))
    order = [2, 0, 1]
    turned = table[order].transpose(0, *(1 + i for i in order))
    one, other = (bg.transfer_breakpoints(bg.NormalFormGame(t)) for t in (table, turned))
    for mine, theirs in zip(one, other, strict=True):
        assert (mine.lower, mine.joint) == (theirs.lower, theirs.joint)
        if mine.threats is not None:
            assert tuple(mine.threats[i] for i in order) == theirs.threats


def test_bad_input_is_refused():
    with pytest.raises(bg.errors.InvalidDiscountError, match="lend"):
        bg.transfer_payoffs(bg.RepeatedGame(DILEMMA, ["1/2", "1/3"]))
    with pytest.raises(bg.errors.InvalidTypeError, match="RepeatedGame"):
        bg.transfer_payoffs(DILEMMA)
    with pytest.raises(bg.errors.InvalidTypeError):
        bg.transfer_breakpoints("dilemma")
