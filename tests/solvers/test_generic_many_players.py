"""Three and more players without ties: what theory says of the list, and of its records."""

from __future__ import annotations

import functools
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from tests.many_players import action_payoffs, best_known, flat, gains, integer_game, is_equilibrium

SMALL = [(2, 2, 2), (3, 2, 2), (1, 2, 2, 2), (2, 1, 3)]
MIDDLE = [(4, 3, 2), (3, 3, 3), (2, 2, 2, 2), (2, 3, 2, 2), (3, 3, 3, 2), (2,) * 5, (2,) * 6]
LARGE = [(2,) * 8, (4, 4, 4), (3,) * 4, (5, 5, 5)]

CASES = [(shape, seed) for shape in SMALL for seed in range(3)]
CASES += [
    pytest.param(shape, seed, marks=pytest.mark.compiled) for shape in MIDDLE for seed in range(3)
]
CASES += [
    pytest.param(shape, 0, marks=[pytest.mark.compiled, pytest.mark.thorough]) for shape in LARGE
]
games = pytest.mark.parametrize(("shape", "seed"), CASES)


@functools.cache
def solved(shape, seed):
    return bg.nash_equilibria(integer_game(shape, seed))


@games
def test_the_number_is_odd_and_the_indices_sum_to_1(shape, seed):
    """Wilson (1971); Shapley (1974)."""
    result = solved(shape, seed)
    assert result.complete
    assert result.degenerate is False
    assert not result.unresolved
    assert len(result) % 2 == 1
    indices = [found.index for found in result]
    assert set(indices) <= {1, -1}
    assert sum(indices) == 1
    assert all(found.index == 1 for found in result if found.is_pure)
    assert result.component_indices == tuple(indices)
    assert result.membership == tuple(range(len(result)))
    for (subset,), found in zip(result.components, result, strict=True):
        assert [len(part) for part in subset] == [1] * len(shape)
        assert np.abs(flat([part[0] for part in subset]) - flat(found.profile)).max() < 1e-9


@games
def test_every_entry_is_an_equilibrium(shape, seed):
    game, result = integer_game(shape, seed), solved(shape, seed)
    for found in result:
        mixing = sum(len(own) > 1 for own in found.support)
        assert mixing != 1  # without ties nobody mixes alone
        if mixing < 3:
            assert found.exact is not None
        if found.exact is not None:
            assert is_equilibrium(game, found.exact)
            assert found.error_bound == 0
        else:
            assert 0 < found.error_bound < 1e-14
            assert max(gains(game, found.profile)) < Fraction(1, 10**9)
        assert found.regret < 1e-9
        assert found.margin > 0
        np.testing.assert_allclose([part.sum() for part in found.profile], 1, atol=1e-14)
        assert min(part.min() for part in found.profile) >= 0
        np.testing.assert_allclose(
            found.payoffs,
            [float(max(own)) for own in action_payoffs(game, found.profile)],
            rtol=1e-9,
            atol=1e-9,
        )


@games
def test_the_order_is_pure_first_then_by_support(shape, seed):
    order = [(not found.is_pure, found.support) for found in solved(shape, seed)]
    assert order == sorted(order)


@games
def test_more_digits_agree_with_fewer_and_regret_vanishes(shape, seed):
    game, result = integer_game(shape, seed), solved(shape, seed)
    few, many = result.refine(30), result.refine(100)
    assert len(few) == len(many) == len(result)
    for rough, at_30, at_100 in list(zip(result, few, many, strict=True))[:12]:
        assert at_30.error_bound <= 1e-30
        assert at_100.error_bound <= 1e-100
        if rough.exact is not None:
            assert at_30.exact == at_100.exact == rough.exact
            continue
        bounds = [Fraction(one.error_bound) for one in (rough, at_30, at_100)]
        profiles = [best_known(one) for one in (rough, at_30, at_100)]
        assert distance(profiles[0], profiles[2]) <= bounds[0] + bounds[2]
        assert distance(profiles[1], profiles[2]) <= bounds[1] + bounds[2]
        assert all(sum(part) == 1 for part in at_100.approximation)
        # The most a payoff changes when each of n parts moves by a radius: n m radius 2 range.
        slack = 4 * 1000 * sum(game.shape)
        assert max(gains(game, profiles[1])) <= slack * Fraction(1, 10**30)
        assert max(gains(game, profiles[2])) <= slack * Fraction(1, 10**100)


def distance(profile, other):
    return max(
        abs(x - y)
        for part, its in zip(profile, other, strict=True)
        for x, y in zip(part, its, strict=True)
    )


@games
def test_results_can_be_stored_and_shown(shape, seed):
    result = solved(shape, seed)
    for one in (result, result.refine(25)):
        copied = pickle.loads(pickle.dumps(one))
        assert copied == one
        assert [found.exact for found in copied] == [found.exact for found in one]
        read = json.loads(one.to_json())
        assert read["complete"] is True
        assert len(read["equilibria"]) == len(one)
        assert read["component_indices"] == list(one.component_indices)
        for found, written in zip(one, read["equilibria"], strict=True):
            if found.exact is not None:
                assert [[Fraction(x) for x in part] for part in written["exact"]] == [
                    list(part) for part in found.exact
                ]
        frame = one.to_frame()
        assert len(frame) == sum(len(own) for found in one for own in found.support)
        np.testing.assert_allclose(frame["probability"].sum(), len(one) * len(shape), atol=1e-9)
        assert str(len(one)) in repr(one)
        assert one._repr_html_().startswith("<")


def test_what_was_refined_before_is_refined_again_after_a_copy():
    result = pickle.loads(pickle.dumps(solved((2, 2, 2), 1).refine(20))).refine(60)
    assert all(found.error_bound <= 1e-60 for found in result)


@pytest.mark.parametrize("digits", [-1, 1.5, "3", None])
def test_digits_are_a_count(digits):
    with pytest.raises((errors.InvalidParameterError, errors.InvalidTypeError)):
        solved((2, 2, 2), 1).refine(digits)


def test_floats_and_fractions_of_the_same_value_give_the_same_list():
    payoffs = np.random.default_rng(4).normal(size=(3, 2, 3, 2))
    exact = np.vectorize(Fraction, otypes=[object])(payoffs)
    first, second = (bg.nash_equilibria(bg.NormalFormGame(one)) for one in (payoffs, exact))
    assert [found.exact for found in first] == [found.exact for found in second]
    assert [found.index for found in first] == [found.index for found in second]
