"""Olson & Zeckhauser's alliance: MODEL.md's numbers, and every contribution a best reply."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors

share = bg.published.olson_zeckhauser


@pytest.mark.parametrize(
    ("wealth", "contributions", "provided", "optimum"),
    [((10, 8, 2), (4, 2, 0), 6, 10), ((20, 5, 5, 5), (10, 0, 0, 0), 10, Fraction(35, 2))],
)
def test_free_riding_alliances(wealth, contributions, provided, optimum):
    """MODEL.md A6."""
    found = share(wealth, ".5")
    assert found.contributions == contributions
    assert found.quantity == provided
    assert found.optimum == optimum


def test_burdens_fall_on_the_large():
    found = share({"A": 10, "B": 8, "C": 2}, "1/2")
    assert found.burdens == (Fraction(2, 5), Fraction(1, 4), 0)
    assert found.free_riders == ("C",)


@settings(max_examples=30)
@given(
    st.lists(st.fractions("1/6", 20, max_denominator=6), min_size=2, max_size=7),
    st.fractions("1/20", "19/20", max_denominator=20),
)
def test_contributions_are_best_replies(wealth, beta):
    """At an inner optimum (1 - beta) / (w - q) = beta / Q, so q = beta w - (1 - beta) rest."""
    found = share(wealth, beta)
    for w, q in zip(wealth, found.contributions, strict=True):
        rest = found.quantity - q
        assert q == max(0, beta * w - (1 - beta) * rest)
    assert found.quantity < found.optimum
    order = sorted(zip(wealth, found.burdens, strict=True))
    assert all(a[1] <= b[1] for a, b in pairwise(order))


def test_a_world_shares_by_its_powers():
    world = bg.World(["A", "B"], [3, 1])
    assert share(world, "1/2").contributions == share({"A": 3, "B": 1}, "1/2").contributions


@pytest.mark.parametrize(
    ("wealth", "taste", "error", "says"),
    [
        ([1], "1/2", errors.InvalidShapeError, "wealth has 1 entries"),
        ([1, -1], "1/2", errors.InvalidPowerError, "wealth of state 1"),
        ([1, 2], 1, errors.InvalidParameterError, r"taste is 1, outside its domain \(0, 1\)"),
        ([1, 2], 0, errors.InvalidParameterError, "taste is 0"),
        ([1, 2], None, errors.InvalidTypeError, "taste is None"),
    ],
)
def test_burden_sharing_checks_its_arguments(wealth, taste, error, says):
    with pytest.raises(error, match=says):
        share(wealth, taste)
