"""Logit revision: python -m pytest benchmarks --benchmark-only.

No peer stands beside: those that know stochastic stability simulate, or take one population.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg

SHAPE = (2,) * 14


def at_random(rng):
    """Every payoff on its own: hardly a potential, and one alignment of nearly all profiles."""
    return rng.random((14, *SHAPE))


def asymmetric_links(rng):
    """Each would stand with some and against others, though not mutually."""
    return _linked(rng.integers(-5, 6, (14, 14)))


def friends(rng):
    """All would stand together: two deep valleys and some shallow ones."""
    return _linked(rng.integers(-1, 6, (14, 14)))


def _linked(links):
    signs = np.indices(SHAPE) * 2 - 1
    np.fill_diagonal(links, 0)
    return np.stack([signs[i] * np.tensordot(links[i], signs, axes=1) for i in range(14)])


def balancing(rng):
    """Fourteen states and a threat as strong as six or seven of them."""
    names = [f"state {i}" for i in range(14)]
    power = [*rng.integers(5, 20, 14).tolist(), 80]
    world = bg.World([*names, "threat"], power, threat="threat")
    model = bg.BalancingModel(cohesion=0, autonomy_loss=0.8, decisiveness=2, retribution=0.3)
    return model.game(world, ("bandwagon", "balance")).payoffs


TABLES = {
    "at random": at_random,
    "asymmetric links": asymmetric_links,
    "friends": friends,
    "balancing": balancing,
}


def made(name):
    table = TABLES[name](np.random.default_rng(0))
    return bg.NormalFormGame(table), 20 / max(np.ptp(own) for own in table)


@pytest.mark.benchmark(group="endurance, 2^14 profiles, precision x range 20")
@pytest.mark.parametrize("name", TABLES)
def test_endurance(benchmark, name):
    game, precision = made(name)
    found = benchmark.pedantic(lambda: bg.endurance(game, precision), rounds=3)
    assert found.method == "aggregation"
    assert found.error_bound < 1e-3
    assert abs(found.law.sum() - 1) < 1e-12


@pytest.mark.benchmark(group="endurance, 2^14 profiles, an exact potential")
def test_potential(benchmark):
    links = np.random.default_rng(0).integers(-5, 6, (14, 14))
    table = _linked(links + links.T)
    game = bg.NormalFormGame(table)
    found = benchmark.pedantic(lambda: bg.endurance(game, 20 / np.ptp(table)), rounds=3)
    assert found.method == "Gibbs"


@pytest.mark.benchmark(group="endurance, 2^14 profiles, one expected time")
@pytest.mark.parametrize("name", ["friends", "balancing"])
def test_passage(benchmark, name):
    game, precision = made(name)
    found = bg.endurance(game, precision)
    start, target = found.alignments[0].profiles[0], found.alignments[-1].profiles[0]
    time = benchmark.pedantic(lambda: found.passage_time(start, target), rounds=3)
    assert np.isfinite(time.log_periods)


@pytest.mark.benchmark(group="endurance, 2^14 profiles, tipping order")
@pytest.mark.parametrize("name", ["friends", "balancing"])
def test_tipping(benchmark, name):
    game, precision = made(name)
    found = bg.endurance(game, precision)
    start, target = found.alignments[0].profiles[0], found.alignments[-1].profiles[0]
    tipping = benchmark.pedantic(lambda: found.tipping(start, target), rounds=3)
    assert tipping.n_paths >= 1


@pytest.mark.benchmark(group="endurance, 2^11 profiles, elimination")
def test_elimination(benchmark):
    table = np.random.default_rng(0).random((11, *(2,) * 11))
    game = bg.NormalFormGame(table)
    found = benchmark.pedantic(lambda: bg.endurance(game, 20.0), rounds=3)
    assert found.method == "elimination"
