"""Concentration and poles: MODEL A16's numbers and the boundaries of the kinds."""

from __future__ import annotations

import pytest
from hypothesis import given

import balancegame as bg
from balancegame.testing import worlds


def of(*power):
    return bg.polarity(bg.World([f"s{i}" for i in range(len(power))], power))


@pytest.mark.parametrize(
    ("power", "con"),
    [((4, 3, 2, 1), 0.2582), ((5, 2, 1, 1, 1), 0.3873), ((1, 1, 1), 0.0), ((7,), 1.0)],
)
def test_ray_singer_concentration(power, con):
    assert of(*power).concentration == pytest.approx(con, abs=5e-5)


def test_ray_singer_two_equal_powers_and_three_without():
    # Powers must be positive: the limit of (.5, .5, 0, 0, 0).
    assert of(1, 1, 1e-9, 1e-9, 1e-9).concentration == pytest.approx(0.6124, abs=5e-5)


@pytest.mark.parametrize(
    ("power", "kind", "leaders"),
    [
        ((50, 49, 1), "unipolar", ("s0",)),
        ((50, 50), "bipolar", ("s0", "s1")),
        (("0.5", "0.1", "0.1", "0.1", "0.1", "0.1"), "unipolar", ("s0",)),
        ((25, 49, 26), "multipolar", ("s1", "s2", "s0")),
        ((25, 25, 24, 26), "multipolar", ("s3", "s0", "s1", "s2")),
        ((25, 25, 24, 24, 2), "bipolar", ("s0", "s1")),
        ((47, 20, 20, 13), "multipolar", ("s0", "s1", "s2", "s3")),
        ((47, 28, 25), "multipolar", ("s0", "s1", "s2")),
        ((47, 28, 24, 1), "bipolar", ("s0", "s1")),
        ((24, 24, 24, 24, 4), "multipolar", ("s0", "s1", "s2", "s3")),
    ],
)
def test_kinds_at_their_boundaries(power, kind, leaders):
    found = of(*power)
    assert (found.kind, found.leaders) == (kind, leaders)


def test_decimal_shares_are_compared_exactly():
    # In floats 0.1 + 0.2 + ... misses one half.
    assert of("0.3", "0.1", "0.2").kind == "unipolar"


@given(worlds(max_states=6))
def test_bounds(world):
    found = bg.polarity(world)
    assert 0 <= found.concentration <= 1
    assert 1 <= found.effective_poles <= len(world.names) + 1e-12
    assert set(found.leaders) <= set(world.names)


def test_the_same_world_may_have_two_polarities():
    assert bg.polarity(bg.load_scenario("unipolar-2000")).kind == "unipolar"
    assert bg.polarity(bg.load_scenario("unipolar-2000", power="cinc")).kind != "unipolar"
    assert bg.polarity(bg.load_scenario("cold-war-1950")).kind == "bipolar"
    assert bg.polarity(bg.load_scenario("europe-1913")).kind == "multipolar"
