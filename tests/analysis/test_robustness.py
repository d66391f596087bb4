"""Equilibria under noise: nothing moves without it, and shares are shares."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame._progress import listening
from balancegame.analysis.robustness import _wilson
from balancegame.errors import InvalidParameterError, InvalidTypeError, MissingThreatError


@pytest.fixture(scope="module")
def europe():
    return bg.load_scenario("europe-1939"), bg.load_model("europe-1939")


def test_without_noise_every_equilibrium_survives(europe):
    world, model = europe
    found = bg.robustness(world, model, draws=3, power_noise=0, interest_noise=0)
    expected = bg.pure_nash(model.game(world))
    assert [one.actions for one in found.equilibria] == [one.actions for one in expected]
    assert [one.margin for one in found.equilibria] == [one.margin for one in expected]
    assert all(one.share == 1 and one.holds for one in found.equilibria)
    assert found.newcomers == ()
    assert (found.unchanged, found.without) == (1, 0)


def test_exact_numbers_stay_exact_without_noise():
    """An exact tie: P3's boundary, where floats lose an equilibrium (MODEL.md, part D)."""
    world = bg.World(["A", "B", "H"], ["1", "1", "2"], threat="H")
    model = bg.BalancingModel(cohesion=0, alliance_cost="1/6")
    found = bg.robustness(
        world, model, actions=["balance", "neutral"], draws=2, power_noise=0, interest_noise=0
    )
    assert found.unchanged == 1


def test_shares_are_those_of_the_draws(europe):
    """The same worlds, drawn and solved here again."""
    world, model = europe
    found = bg.robustness(world, model, draws=40, power_noise=0.2, interest_noise=0.15, rng=7)
    rng, n = np.random.default_rng(7), len(world.names)
    sets = []
    for _ in range(40):
        power = world.power * np.exp(0.2 * rng.standard_normal(n))
        noise = np.triu(0.15 * rng.standard_normal((n, n)), 1)
        interests = bg.nearest_correlation(world.parallelism + noise + noise.T)
        noisy = world.replace(power=power, parallelism=interests)
        sets.append({one.actions for one in bg.pure_nash(model.game(noisy))})
    base = {one.actions for one in bg.pure_nash(model.game(world))}
    for one in (*found.equilibria, *found.newcomers):
        assert one.count == sum(one.actions in profiles for profiles in sets)
        assert one.share == one.count / 40
        assert one.holds == (one.actions in base)
        assert (one.margin is None) == (one.actions not in base)
        assert one.interval[0] <= one.share <= one.interval[1]
    assert {one.actions for one in found.newcomers} == set().union(*sets) - base
    assert found.unchanged == sum(profiles == base for profiles in sets) / 40
    assert found.without == sum(not profiles for profiles in sets) / 40
    counts = [one.count for one in found.newcomers]
    assert counts == sorted(counts, reverse=True)


def test_more_noise_more_change(europe):
    shares = [
        bg.robustness(*europe, draws=100, power_noise=noise, interest_noise=noise).unchanged
        for noise in (0.001, 0.3)
    ]
    assert shares[0] == 1
    assert shares[1] < 0.5


def test_the_equilibrium_of_1938_hangs_by_a_thread():
    """MODEL.md, part D: its margin is .0018."""
    world, model = bg.load_scenario("europe-1938"), bg.load_model("europe-1938")
    found = bg.robustness(world, model, draws=300)
    (only,) = found.equilibria
    assert 0.4 < only.share < 0.56
    assert len(found.newcomers) > 10


def test_a_result_can_be_kept_and_shown(europe):
    found = bg.robustness(*europe, draws=20)
    assert pickle.loads(pickle.dumps(found)) == found
    assert found == bg.robustness(*europe, draws=20)
    assert found != bg.robustness(*europe, draws=20, rng=1)
    told = json.loads(found.to_json())
    assert told["draws"] == 20
    assert told["equilibria"][0]["actions"] == list(found.equilibria[0].actions)
    frame = found.to_frame()
    assert list(frame.columns[:5]) == list(found.states)
    assert len(frame) == len(found.equilibria) + len(found.newcomers)
    assert "Europe, 1939 in 20 noisy worlds" in repr(found)
    assert "<table>" in found._repr_html_()


def test_an_interrupted_search_keeps_its_draws(europe):
    def stop(task, done, total):
        if task == "noisy worlds" and done == 4:
            raise KeyboardInterrupt

    with pytest.raises(bg.SearchInterrupted) as caught, listening(stop):
        bg.robustness(*europe, draws=10)
    partial = caught.value.result
    assert not partial.complete
    assert partial.draws == 4
    assert "interrupted" in repr(partial)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"power_noise": -0.1}, InvalidParameterError, "power_noise is -0.1"),
        ({"interest_noise": float("nan")}, InvalidParameterError, "interest_noise"),
        ({"draws": 0}, InvalidParameterError, "draws is 0"),
        ({"draws": 2.5}, InvalidTypeError, "draws"),
    ],
)
def test_options_out_of_bounds(europe, options, error, said):
    with pytest.raises(error, match=said):
        bg.robustness(*europe, **options)


def test_what_is_no_world_or_model(europe):
    world, model = europe
    with pytest.raises(MissingThreatError, match="no threat"):
        bg.robustness(world.replace(threat=None), model)
    with pytest.raises(InvalidTypeError, match="world"):
        bg.robustness(model.game(world), model)
    with pytest.raises(InvalidTypeError, match="model"):
        bg.robustness(world, {})


@settings(max_examples=50)
@given(st.integers(1, 10_000), st.data())
def test_wilsons_interval_solves_its_equation(draws, data):
    """Its ends are the shares from which the count is 1.96 standard errors away."""
    count = data.draw(st.integers(0, draws))
    for end in _wilson(count, draws):
        if 0 < end < 1:
            gap = (count / draws - end) ** 2
            assert gap == pytest.approx(1.959963984540054**2 * end * (1 - end) / draws, rel=1e-6)
    assert _wilson(0, 0) == (0, 1)
