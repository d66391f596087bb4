"""Side by side with peers, warm, answers asserted: python -m pytest benchmarks --benchmark-only.

Each group holds one task; the first name in it is ours. `benchmarks/README.md` keeps the ratios.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame.alliances.actions import ACTIONS
from tests.oracles import gambit, quantecon_

RNG = np.random.default_rng(20261122)
RANDOM = bg.NormalFormGame(RNG.random((20, *(2,) * 20)))
CONSTANT = bg.NormalFormGame(np.ones((20, *(2,) * 20)))
EIGHT = bg.NormalFormGame(RNG.integers(0, 100, (8, *(3,) * 8)))
SIX = bg.NormalFormGame(RNG.integers(0, 100, (6, *(3,) * 6)))
WORLD = bg.World([*"abcdefgh", "T"], [3, 1.5, 2.2, 0.7, 1.1, 4, 0.3, 2.9, 6], threat="T")


def cells(result):
    return {tuple(part[0] for part in found.support) for found in result}


@pytest.mark.benchmark(group="payoff table, 8 states x 5 actions")
@pytest.mark.parametrize(
    "parameters", [{}, {"cohesion": 0.5, "decisiveness": 1.7}, {"affinity": 1}]
)
def test_payoff_table(benchmark, parameters):
    model = bg.BalancingModel(**parameters)
    game = benchmark(model.game, WORLD, ACTIONS)
    assert game.payoffs.shape == (8,) + (5,) * 8


@pytest.mark.benchmark(group="pure equilibria, random, 2^20 profiles x 20 players")
def test_pure_nash_random(benchmark):
    result = benchmark(bg.pure_nash, RANDOM)
    for found in result:
        assert found.regret == 0


@pytest.mark.benchmark(group="pure equilibria, random, 2^20 profiles x 20 players")
def test_sum_random(benchmark):
    assert benchmark(RANDOM.payoffs.sum) > 0


@pytest.mark.benchmark(group="pure equilibria, constant, 2^20 profiles x 20 players")
def test_pure_nash_constant(benchmark):
    assert len(benchmark(bg.pure_nash, CONSTANT)) == 2**20


@pytest.mark.benchmark(group="pure equilibria, constant, 2^20 profiles x 20 players")
def test_sum_constant(benchmark):
    assert benchmark(CONSTANT.payoffs.sum) == 20 * 2**20


@pytest.mark.benchmark(group="pure equilibria, 8 players x 3 actions")
def test_pure_nash_eight(benchmark):
    assert cells(benchmark(bg.pure_nash, EIGHT)) == quantecon_.pure_equilibria(EIGHT)


@pytest.mark.benchmark(group="pure equilibria, 8 players x 3 actions")
def test_quantecon_eight(benchmark):
    assert benchmark.pedantic(quantecon_.pure_solver(EIGHT), rounds=5) is not None


@pytest.mark.benchmark(group="pure equilibria, 6 players x 3 actions")
def test_pure_nash_six(benchmark):
    assert cells(benchmark(bg.pure_nash, SIX)) == quantecon_.pure_equilibria(SIX)


@pytest.mark.benchmark(group="pure equilibria, 6 players x 3 actions")
def test_gambit_six(benchmark):
    solve = gambit.pure_solver(SIX)
    assert benchmark.pedantic(solve, rounds=3) is not None


@pytest.mark.benchmark(group="pure equilibria, 6 players x 3 actions")
def test_quantecon_six(benchmark):
    solve = quantecon_.pure_solver(SIX)
    assert benchmark.pedantic(solve, rounds=5) is not None
