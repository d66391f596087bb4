"""Proposition 13: bandwagoning does not endure."""

from __future__ import annotations

import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors


def model(decisiveness=2, retribution=0.1, **parameters):
    given = {"autonomy_loss": 0.8, "alliance_cost": 0.1} | parameters
    return bg.BalancingModel(
        cohesion=0, decisiveness=decisiveness, retribution=retribution, **given
    )


def test_p13_strong_until_32_coalition_proof_until_48_or_41():
    for retribution, proof in ((0.1, 48), (0.3, 41)):
        found = bg.overstretch(model(retribution=retribution), 5, 20, 0.03, periods=90)
        assert found.strong_until == 32
        assert found.coalition_proof_until == proof
        assert found.nash_until is None


def last_ratio(kind, states, low, high, **parameters):
    """Where all-bandwagon ceases to be of a kind as the ratio falls, by bisection."""
    for _ in range(40):
        middle = (low + high) / 2
        if getattr(bg.bandwagoning(model(**parameters), states, middle), kind):
            high = middle
        else:
            low = middle
    return high


@pytest.mark.parametrize(
    ("states", "decisiveness", "ratio"),
    [(5, 2, 1.804), (5, 3, 1.902), (3, 2, 1.919), (3, 1, 2.000)],
)
def test_p13_ratios_below_which_balancing_is_selected(states, decisiveness, ratio):
    found = last_ratio("selected", states, 0.5, 8, decisiveness=decisiveness, retribution=0.3)
    assert found == pytest.approx(ratio, abs=5e-4)


def test_p13_ratios_below_which_coalitions_form_and_hold():
    assert last_ratio("strong", 5, 1, 20) == pytest.approx(7.638, abs=5e-4)
    assert last_ratio("coalition_proof", 5, 1, 20) == pytest.approx(4.70, abs=5e-3)
    proof = last_ratio("coalition_proof", 5, 1, 20, retribution=0.3)
    assert proof == pytest.approx(5.76, abs=5e-3)


@given(
    st.integers(1, 5),
    st.integers(20, 100),
    st.integers(1, 60),
    st.sampled_from([0.5, 1, 2, 3]),
    st.integers(1, 3000),
)
def test_p13_strong_iff_the_threat_outweighs_all_together(n, alpha, cost, m, ratio):
    alpha, cost, r = alpha / 100, cost / 100, ratio / 100
    found = bg.bandwagoning(model(m, autonomy_loss=alpha, alliance_cost=cost), n, r)
    if alpha <= cost:
        assert found.strong
        return
    threshold = ((alpha - cost) / (1 - alpha + cost)) ** (1 / m)
    assume(abs(r - n * threshold) > 1e-6)
    assume(abs(r + n - 1 - threshold) > 1e-6)
    assert found.strong == (r >= n * threshold)
    assert found.nash == (r + n - 1 >= threshold)
    assert found.strong <= found.coalition_proof <= found.nash


@given(
    st.integers(1, 4),
    st.floats(0.2, 30),
    st.sampled_from([0.5, 1, 2, 3]),
    st.floats(0, 0.5),
    st.sampled_from([0, 0.5, 1]),
)
def test_all_bandwagon_in_the_game_itself(n, ratio, m, retribution, cohesion):
    """The table of all profiles, and its equilibria by the solvers for any game."""
    given = bg.BalancingModel(
        cohesion=cohesion, autonomy_loss=0.8, retribution=retribution, decisiveness=m
    )
    world = bg.World([*(f"s{i}" for i in range(n)), "h"], [*[1] * n, ratio], threat="h")
    game = given.game(world, ["bandwagon", "balance"])
    found = bg.bandwagoning(given, n, ratio)
    assume(np.abs(game.payoffs[0] - game.payoffs[(0, *[0] * n)]).ravel()[1:].min() > 1e-12)
    for kind, solve in (
        ("nash", bg.pure_nash),
        ("strong", bg.strong_equilibria),
        ("coalition_proof", bg.coalition_proof_equilibria),
    ):
        everyone = any(set(one.actions) == {"bandwagon"} for one in solve(game))
        assert getattr(found, kind) == everyone


def test_a_hundred_states_are_no_matter():
    found = bg.bandwagoning(model(), 100, 250)
    assert (found.nash, found.strong) == (True, True)
    assert not bg.bandwagoning(model(), 100, 150).strong


def test_p13_the_period_in_which_strength_is_lost():
    threshold = 0.7 / 0.3
    for start, decline, n in ((20, 0.03, 5), (12, 0.05, 4), (30, 0.1, 3)):
        lost = math.ceil(math.log(start / (n * math.sqrt(threshold))) / -math.log(1 - decline))
        found = bg.overstretch(model(), n, start, decline, periods=lost + 2)
        assert found.strong_until == lost


def test_p13_where_autonomy_costs_no_more_than_an_alliance_it_never_ends():
    found = bg.overstretch(model(autonomy_loss=0.1), 4, 20, 0.05, periods=120)
    assert (found.nash_until, found.strong_until, found.coalition_proof_until) == (None,) * 3
    assert found.selected_until is None


@given(st.integers(1, 4), st.integers(1, 40), st.sampled_from([1, 2, 3]), st.integers(0, 5))
def test_selected_is_the_greatest_of_a_potential(n, ratio, m, retribution):
    """The potential of every profile, checked on every single move, in floats."""
    given = model(m, retribution / 10)
    world = bg.World([*(f"s{i}" for i in range(n)), "h"], [*[1] * n, ratio / 4], threat="h")
    table = given.game(world, ["bandwagon", "balance"]).payoffs
    potential = {}
    for cell in itertools.product((0, 1), repeat=n):
        if not any(cell):
            potential[cell] = 0.0
            continue
        gains = []
        for i in range(n):
            if cell[i]:
                before = (*cell[:i], 0, *cell[i + 1 :])
                gains.append(potential[before] + table[(i, *cell)] - table[(i, *before)])
        assert np.ptp(gains) < 1e-12
        potential[cell] = gains[0]
    highest = max(potential.values())
    assume(not 0 < highest < 1e-9)
    assert bg.bandwagoning(given, n, ratio / 4).selected == (highest <= 0)


def test_results_are_readable_and_picklable():
    found = bg.overstretch(model(), 3, 20, "0.1", periods=40)
    assert pickle.loads(pickle.dumps(found)) == found
    assert found.to_frame()["period"].tolist() == list(range(40))
    assert "coalition-proof" in str(found)
    assert "<table>" in found._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((None, 3, 5, 0.1), errors.InvalidTypeError, "BalancingModel"),
        ((model(), 0, 5, 0.1), errors.InvalidParameterError, "states is 0"),
        ((model(), 4000, 5, 0.1), errors.InvalidParameterError, "states is 4000.*at most 100"),
        ((model(), 2.5, 5, 0.1), errors.InvalidTypeError, "whole number"),
        ((model(), 3, 0, 0.1), errors.InvalidPowerError, "ratio is 0"),
        ((model(), 3, float("nan"), 0.1), errors.InvalidPowerError, "ratio"),
        ((model(), 3, 5, 1), errors.InvalidParameterError, "decline is 1"),
        ((model(), 3, 5, -0.1), errors.InvalidParameterError, "decline"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, error, match):
    with pytest.raises(error, match=match):
        bg.overstretch(*arguments, periods=2)
    states = model().replace(alliance_cost={"state 0": 0.1})
    with pytest.raises(errors.InvalidParameterError, match="alliance_cost differs"):
        bg.bandwagoning(states, 1, 2)
    with pytest.raises(errors.InvalidParameterError, match="periods is 0"):
        bg.overstretch(model(), 3, 5, 0.1, periods=0)


def test_a_ratio_that_falls_below_floats_is_named():
    with pytest.raises(errors.InvalidParameterError, match="give at most 1075 periods"):
        bg.overstretch(model(), 3, 2, "0.5", periods=1100)
    assert len(bg.overstretch(model(), 3, 2, "0.5", periods=1075).periods) == 1075
