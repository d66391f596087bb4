"""Payoff sets of three players: python -m pytest benchmarks --benchmark-only.

No peer solves more than two players; the bar is a gap below 1e-2 of the payoffs' range within 5 s.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame.solvers.repeated.judd_yeltekin_conklin import payoff_polytopes


@pytest.mark.benchmark(group="three players, 3 x 3 x 3, integers 0 to 20, delta .6")
@pytest.mark.parametrize("seed", range(10))
def test_random_games(benchmark, seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).integers(0, 21, (3, 3, 3, 3)))
    repeated = bg.RepeatedGame(game, "3/5")
    found = benchmark.pedantic(payoff_polytopes, (repeated,), rounds=3, warmup_rounds=1)
    assert len(found.inner)
    assert found.gap < 1e-2 * np.ptp(game.payoffs)


@pytest.mark.benchmark(group="the golden balancing game, 125 profiles")
@pytest.mark.parametrize("autonomy_loss", [0.4, 0.6])
@pytest.mark.parametrize("delta", [0.5, 0.6, 0.75, 0.8, 0.95])
def test_golden_game(benchmark, autonomy_loss, delta):
    world = bg.World(
        ["1", "2", "3", "h"],
        [3, 2, 1, 4],
        [[1, 0.5, 0.2, -0.2], [0.5, 1, -0.3, 0.1], [0.2, -0.3, 1, 0.6], [-0.2, 0.1, 0.6, 1]],
        threat="h",
    )
    actions = ("balance", "bandwagon", "neutral", "arm", "undermine")
    model = bg.BalancingModel(decisiveness=2, autonomy_loss=autonomy_loss)
    game = model.game(world, actions=actions)
    repeated = bg.RepeatedGame(game, delta)
    found = benchmark.pedantic(payoff_polytopes, (repeated,), rounds=2, warmup_rounds=1)
    assert len(found.inner)
    assert found.gap < 1e-2 * np.ptp(game.payoffs)


@pytest.mark.benchmark(group="transfers, 10 x 10 x 10: all breakpoints")
def test_transfers(benchmark):
    game = bg.NormalFormGame(np.random.default_rng(0).integers(0, 21, (3, 10, 10, 10)))
    found = benchmark.pedantic(bg.transfer_breakpoints, (game,), rounds=3, warmup_rounds=1)
    assert found[0].lower == 0
    assert found[-1].upper == 1
