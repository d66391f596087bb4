"""Powell's one-shot bargaining, Fearon's range, and the threshold of deterrence."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors

published = bg.published
shares = st.fractions(0, 1, max_denominator=20)


def test_powells_chances_of_war():
    """MODEL.md A10."""
    found = published.powell_bargaining(0, ".4", ".1")
    chances = [found.war_probability(gap) for gap in (".05", ".10", ".15", ".30")]
    assert chances == [Fraction(1, 8), Fraction(1, 4), Fraction(3, 8), Fraction(3, 8)]
    assert found.war_probability(0) == 0
    assert found.war_probability("-.5") == 0
    assert found.plateau == Fraction(3, 8)


@settings(max_examples=30)
@given(shares, st.fractions("1/20", 1, max_denominator=20), shares, shares, shares)
def test_the_offer_is_the_offerers_best(low, width, cost, p, q):
    found = published.powell_bargaining(low, low + width, cost)

    def chance(x):  # the offered fights iff p - d > x
        return min(max((p - x - low) / width, 0), 1)

    def worth(x):
        return (1 - chance(x)) * (1 - x) + chance(x) * (1 - p - cost)

    best = found.offer(p, q)
    assert q <= best <= 1
    for x in [q + (1 - q) * Fraction(k, 40) for k in range(41)]:
        assert worth(x) <= worth(best)
    assert chance(best) == found.war_probability(p - q)


def test_war_is_never_offered_where_costs_are_sure_to_deter():
    found = published.powell_bargaining("1/2", "3/5", 1)
    assert found.threshold == Fraction(1, 2)
    assert found.plateau == found.war_probability(1) == 0


@given(shares, shares, shares, shares)
def test_the_bargaining_range(p, a, b, share):
    found = published.fearon_range(p, a, b)
    assert found.width == a + b
    assert found.contains(share) == (share >= p - a and 1 - share >= 1 - p - b)
    assert found.contains(p)


def test_the_threshold_of_deterrence():
    """MODEL.md A12."""
    found = published.deterrence_threshold(".7", ".4", ".5")
    assert found.reliability == Fraction(2, 3)
    assert found.attacks(".66")
    assert not found.attacks("2/3")


@settings(max_examples=30)
@given(shares, shares, shares)
def test_alliances_deter_from_the_threshold_on(first, second, cost):
    alone, allied = max(first, second), min(first, second)
    found = published.deterrence_threshold(alone, allied, cost)
    attacked = [rho for rho in (Fraction(k, 60) for k in range(61)) if found.attacks(rho)]
    if found.reliability is None:
        assert len(attacked) == 61
    else:
        assert attacked == [
            Fraction(k, 60) for k in range(61) if Fraction(k, 60) < found.reliability
        ]


def test_results_print():
    shown = [
        published.powell_bargaining(0, 1, "1/3"),
        published.fearon_range(".5", ".1", ".1"),
        published.deterrence_threshold(".9", ".8", ".5"),
        published.deterrence_threshold(".3", ".2", ".5"),
    ]
    assert [repr(one).splitlines()[-1].split()[-1] for one in shown] == ["1/3", "1/5", "-", "0"]
    assert all(np.char.str_len(repr(one).splitlines()).max() <= 80 for one in shown)


@pytest.mark.parametrize(
    ("builder", "arguments", "says"),
    [
        ("powell_bargaining", (1, 1, 0), "low is 1; it must be below high"),
        ("powell_bargaining", (-1, 1, 0), "low is -1"),
        ("powell_bargaining", (0, 1, -1), "satisfied_cost is -1"),
        ("fearon_range", (2, 0, 0), "probability is 2"),
        ("fearon_range", (1, -1, 0), "cost_a is -1"),
        ("deterrence_threshold", (".4", ".7", ".5"), "allied is 0.7, above alone, 0.4"),
        ("deterrence_threshold", (2, 1, 0), "alone is 2"),
    ],
)
def test_bargaining_checks_its_arguments(builder, arguments, says):
    with pytest.raises(errors.InvalidParameterError, match=says):
        getattr(published, builder)(*arguments)


def test_methods_check_their_arguments():
    with pytest.raises(errors.InvalidParameterError, match="gap is"):
        published.powell_bargaining(0, 1, 0).war_probability("1.5")
    with pytest.raises(errors.InvalidParameterError, match="expected is 2"):
        published.powell_bargaining(0, 1, 0).offer(2, 0)
    with pytest.raises(errors.InvalidParameterError, match="share is 2"):
        published.fearon_range(1, 0, 0).contains(2)
    with pytest.raises(errors.InvalidParameterError, match="reliability is -1"):
        published.deterrence_threshold(1, 0, 0).attacks(-1)
