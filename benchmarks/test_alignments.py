"""Alignments, warm, answers asserted: python -m pytest benchmarks --benchmark-only.

Each group holds one task. No peer package solves landscapes; networkx's heuristic for the maximum
cut stands beside ours where it applies. `benchmarks/README.md` keeps the figures.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import balancegame as bg


def dense_game(n, seed, kind="normal"):
    """Random propensities between all pairs, and random sizes unless they are signs."""
    rng = np.random.default_rng([n, seed])
    if kind == "normal":
        matrix, size = rng.normal(size=(n, n)), (rng.random(n) + 0.1).tolist()
    else:
        values = {"signs": [-1, 1], "hostile": [-1, 0]}[kind]
        matrix, size = rng.choice(values, (n, n)), 1
    matrix = np.triu(matrix, 1)
    return bg.AlignmentGame(size, matrix + matrix.T)


def check(found):
    assert found.gap == 0
    assert found.game.is_stable(found.global_minimum)
    assert found.game.energy(found.global_minimum) == found.energies[0]


@pytest.mark.benchmark(group="whole landscape, 11 states")
def test_landscape_of_eleven_states(benchmark):
    rng = np.random.default_rng(2016)
    matrix = np.triu(rng.integers(-2, 3, (11, 11)), 1)
    game = bg.AlignmentGame(rng.integers(1, 11, 11) * 10, matrix + matrix.T)
    found = benchmark(bg.alignments, game)
    assert found.basins.sum() == 2**10


@pytest.mark.benchmark(group="whole landscape, 20 states")
@pytest.mark.parametrize("kind", ["normal", "signs", "hostile"])
def test_landscape_of_twenty_states(benchmark, kind):
    game = dense_game(20, 0, kind)
    found = benchmark.pedantic(bg.alignments, (game,), rounds=5, warmup_rounds=1)
    assert found.complete
    assert found.basins.sum() == 2**19


@pytest.mark.benchmark(group="all local minima, 30 states")
@pytest.mark.parametrize("kind", ["normal", "signs", "hostile"])
def test_minima_of_thirty_states(benchmark, kind):
    game = dense_game(30, 0, kind)
    found = benchmark.pedantic(
        bg.alignments, (game,), {"basins": "none"}, rounds=3, warmup_rounds=1
    )
    assert found.complete
    check(found)


@pytest.mark.benchmark(group="global minimum, proven")
@pytest.mark.parametrize("kind", ["normal", "signs", "hostile"])
@pytest.mark.parametrize("n", [40, 60, 70])
def test_global_minimum(benchmark, n, kind):
    game = dense_game(n, 0, kind)
    found = benchmark.pedantic(
        bg.alignments, (game,), {"basins": "none", "guarantee": "global"}, rounds=2, warmup_rounds=1
    )
    check(found)


@pytest.mark.benchmark(group="best found and bound, 200 states")
def test_bound_of_two_hundred_states(benchmark):
    game = dense_game(200, 0)
    found = benchmark.pedantic(bg.alignments, (game,), {"basins": "none"}, rounds=2)
    assert 0 < found.gap < 0.1 * -found.energies[0]


@pytest.mark.benchmark(group="maximum cut by one exchange, 60 states")
def test_networkx_one_exchange(benchmark):
    game = dense_game(60, 0, "hostile")
    graph = nx.from_numpy_array(-game.couplings)
    cut, _ = benchmark.pedantic(nx.approximation.one_exchange, (graph,), {"seed": 1}, rounds=1)
    ours = bg.alignments(game, basins="none").energies[0]
    assert ours <= -2 * cut
