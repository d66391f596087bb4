"""Joint deviations and orders of moving: python -m pytest benchmarks --benchmark-only.

No peer stands beside: we know of none that lists strong or coalition-proof equilibria completely.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg

SHAPE = (3,) * 8


def in_common(rng):
    """What is good for one is nearly so for all: hundreds of equilibria, most of them blocked."""
    return rng.integers(0, 50, SHAPE) + rng.integers(0, 3, (8, *SHAPE))


def indifferent(rng):
    """Nobody's payoff depends on his own action: every profile is an equilibrium."""
    own = [
        np.moveaxis(np.broadcast_to(rng.random(SHAPE[1:]), SHAPE), 0, i) for i in range(len(SHAPE))
    ]
    return np.stack(own)


TABLES = {
    "ties": lambda rng: rng.integers(0, 2, (8, *SHAPE)),
    "interests in common": in_common,
    "constant": lambda _: np.zeros((8, *SHAPE)),
    "indifferent": indifferent,
}


@pytest.mark.benchmark(group="8 players x 3 actions, strong")
@pytest.mark.parametrize("name", TABLES)
def test_strong(benchmark, name):
    game = bg.NormalFormGame(TABLES[name](np.random.default_rng(0)))
    found = benchmark.pedantic(lambda: bg.strong_equilibria(game), rounds=5, warmup_rounds=1)
    assert len(found) + len(found.blocked) == len(bg.pure_nash(game))


@pytest.mark.benchmark(group="8 players x 3 actions, coalition-proof")
@pytest.mark.parametrize("name", TABLES)
def test_coalition_proof(benchmark, name):
    game = bg.NormalFormGame(TABLES[name](np.random.default_rng(0)))
    found = benchmark.pedantic(
        lambda: bg.coalition_proof_equilibria(game), rounds=5, warmup_rounds=1
    )
    assert len(found) + len(found.blocked) == len(bg.pure_nash(game))


@pytest.mark.benchmark(group="8 players x 3 actions, strong against lotteries")
def test_correlated_deviations(benchmark):
    game = bg.NormalFormGame(in_common(np.random.default_rng(0)))
    found = benchmark.pedantic(
        lambda: bg.strong_equilibria(game, deviations="correlated"), rounds=3, warmup_rounds=1
    )
    assert len(found) <= len(bg.strong_equilibria(game))


@pytest.mark.benchmark(group="orders of moving")
@pytest.mark.parametrize("actions", [2, 3])
def test_all_orders_of_seven_players(benchmark, actions):
    table = np.random.default_rng(0).integers(0, 9, (7, *(actions,) * 7))
    game = bg.NormalFormGame(table)
    found = benchmark.pedantic(lambda: bg.move_orders(game), rounds=3)
    assert len(found) == 5040


@pytest.mark.benchmark(group="coalition contest of 200 states")
@pytest.mark.parametrize("value", [bg.banzhaf_values, bg.shapley_values])
def test_two_hundred_states(benchmark, value):
    resources = np.random.default_rng(0).integers(1, 101, 200).tolist()
    found = benchmark.pedantic(lambda: value(resources), rounds=3)
    assert len(found) == 200
