"""Repeated games side by side with a peer: python -m pytest benchmarks --benchmark-only.

Each group holds one task; the first name in it is ours. `benchmarks/README.md` keeps the ratios.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from tests.oracles import quantecon_

SIZES = [3, 10, 20]


def stage_game(m, seed):
    return bg.NormalFormGame(np.random.default_rng(seed).random((2, m, m)))


def seed_of(m):
    """The first of the seeds with which QuantEcon answers: it raises on points and segments."""
    return next(
        seed
        for seed in range(100)
        if quantecon_.repeated_payoffs(stage_game(m, seed), 0.6) is not None
    )


@pytest.mark.benchmark(group="payoffs of a repeated game, delta 0.6")
@pytest.mark.parametrize("m", SIZES)
def test_subgame_perfect_payoffs(benchmark, m):
    repeated = bg.RepeatedGame(stage_game(m, seed_of(m)), 0.6)
    found = benchmark.pedantic(
        bg.subgame_perfect_payoffs, (repeated,), rounds=50, iterations=10, warmup_rounds=2
    )
    theirs = quantecon_.repeated_payoffs(stage_game(m, seed_of(m)), 0.6)
    assert sorted(theirs[:, 0]) == pytest.approx(sorted(found.vertices[:, 0]), abs=1e-6)


@pytest.mark.benchmark(group="payoffs of a repeated game, delta 0.6")
@pytest.mark.parametrize("m", SIZES)
def test_quantecon_equilibrium_payoffs(benchmark, m):
    solve = quantecon_.repeated_solver(stage_game(m, seed_of(m)), 0.6)
    benchmark.pedantic(solve, rounds=20, warmup_rounds=2)


@pytest.mark.benchmark(group="payoffs of a repeated game, with the proof")
@pytest.mark.parametrize("m", SIZES)
def test_proof(benchmark, m):
    repeated = bg.RepeatedGame(stage_game(m, seed_of(m)), 0.6)
    gap = benchmark.pedantic(
        lambda: bg.subgame_perfect_payoffs(repeated).gap, rounds=3, warmup_rounds=1
    )
    assert gap < 1e-9
