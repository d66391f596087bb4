"""Sweeps: points a second against loops over peers, and the two maps of the issue.

python -m pytest benchmarks/test_sweeps.py --benchmark-only, with nothing else running. A peer's
loop is given the payoff tables; ours builds them, too.
"""

from __future__ import annotations

import time

import nashpy
import numpy as np
import pygambit
import pytest

import balancegame as bg
from tests.oracles import gambit

MODEL = bg.BalancingModel(decisiveness=2)
THREE = bg.load_scenario("golden-3")
TWO = bg.World(
    ["A", "B", "h"],
    [1.0, 0.8, 1.5],
    [[1, 0.3, 0], [0.3, 1, 0.2], [0, 0.2, 1]],
    threat="h",
)
SIDES = ("balance", "bandwagon")


def grid(first, second):
    return {
        "power_ratio": np.linspace(0.2, 4, first),
        "parallelism": np.linspace(0, 1, second),
    }


def games(world, places, actions=("balance", "bandwagon", "neutral")):
    """The games at the points of a small grid, in its order."""
    found = []

    def keep(point):
        found.append(point.game)

    bg.sweep(MODEL, world, grid=places, actions=actions, measure={"kept": keep})
    return found


@pytest.mark.benchmark(group="1000 x 1000 map, three states x three actions, pure equilibria")
def test_map_of_three_states(benchmark):
    places = grid(1000, 1000)
    found = benchmark.pedantic(
        lambda: bg.sweep(MODEL, THREE, grid=places), rounds=3, warmup_rounds=1
    )
    assert found["region"].size == 10**6
    assert benchmark.stats.stats.min < 4.0


@pytest.mark.benchmark(group="300 x 300 map, all equilibria of 2 x 2 games")
def test_map_of_two_states(benchmark):
    places = grid(300, 300)
    found = benchmark.pedantic(
        lambda: bg.sweep(MODEL, TWO, grid=places, actions=SIDES, measure="equilibria"),
        rounds=10,
        warmup_rounds=1,
    )
    assert found["equilibria"].size == 90_000
    assert found["equilibria"].min() >= 1
    assert benchmark.stats.stats.min < 0.1


@pytest.mark.benchmark(group="points of two players x 3 actions, all equilibria, against nashpy")
def test_against_nashpy(benchmark):
    small = grid(12, 12)
    tables = [game.payoffs for game in games(TWO, small)]
    begin = time.perf_counter()
    theirs = [len(list(nashpy.Game(*table).support_enumeration())) for table in tables]
    peer = len(tables) / (time.perf_counter() - begin)
    ours = bg.sweep(MODEL, TWO, grid=small, measure="equilibria")["equilibria"].values.ravel()
    # nashpy loses some to rounding.
    assert np.mean(ours == theirs) > 0.9
    places = grid(400, 400)
    found = benchmark.pedantic(
        lambda: bg.sweep(MODEL, TWO, grid=places, measure="equilibria"), rounds=5, warmup_rounds=1
    )
    rate = found["equilibria"].size / benchmark.stats.stats.min
    benchmark.extra_info["points a second"] = rate
    benchmark.extra_info["peer's"] = peer
    assert rate > 500 * peer


@pytest.mark.benchmark(group="points of three players x 3 actions, pure, against pygambit enumpure")
def test_against_gambit(benchmark):
    small = grid(12, 12)
    some = games(THREE, small)
    tables = [game.payoffs for game in some]
    begin = time.perf_counter()
    theirs = [
        len(pygambit.nash.enumpure_solve(pygambit.Game.from_arrays(*table)).equilibria)
        for table in tables
    ]
    peer = len(tables) / (time.perf_counter() - begin)
    solvers = [gambit.pure_solver(game) for game in some]
    begin = time.perf_counter()
    for solve in solvers:
        solve()
    benchmark.extra_info["peer's, games built before"] = len(tables) / (time.perf_counter() - begin)
    ours = bg.sweep(MODEL, THREE, grid=small, measure="pure_equilibria")
    assert ours["pure_equilibria"].values.ravel().tolist() == theirs
    places = grid(600, 600)
    found = benchmark.pedantic(
        lambda: bg.sweep(MODEL, THREE, grid=places), rounds=5, warmup_rounds=1
    )
    rate = found["region"].size / benchmark.stats.stats.min
    benchmark.extra_info["points a second"] = rate
    benchmark.extra_info["peer's"] = peer
    assert rate > 100 * peer


@pytest.mark.benchmark(group="two processes against one, one compiled thread each")
def test_two_processes(benchmark):
    places = grid(4000, 3000)

    def run(workers):
        return bg.sweep(MODEL, THREE, grid=places, executor="processes", workers=workers)

    begin = time.perf_counter()
    one = run(1)
    alone = time.perf_counter() - begin
    both = benchmark.pedantic(lambda: run(2), rounds=1)
    assert one.identical(both)
    ratio = alone / benchmark.stats.stats.min
    benchmark.extra_info["times as fast"] = ratio
    assert ratio > 1.7
