"""Dominance and minmax values beside peers: python -m pytest benchmarks --benchmark-only.

Each group holds one task; the first name in it is ours, exact, and with what its certificate needs.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from tests.oracles import dominance

LARGE = np.random.default_rng(0).integers(-20, 20, (8, *(4,) * 8))
MEDIUM = np.random.default_rng(0).integers(-20, 20, (6, *(3,) * 6))


def chain(m, seed=0):
    """A game of two players, in which every action of the second half is dominated by a mixture."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 1000, (m, m))
    table[m // 2 :] = (table[: m - m // 2] + table[1 : 1 + m - m // 2]) // 2 - 1
    return np.stack([table, table.T])


ONE_ROUND = {"8 players x 4 actions": LARGE, "30 x 30": chain(30), "60 x 60": chain(60)}
N_DOMINATED = {"8 players x 4 actions": 0, "30 x 30": 28, "60 x 60": 58}


@pytest.mark.benchmark(group="dominated by mixed actions, one round")
@pytest.mark.parametrize("name", ONE_ROUND)
def test_undominated(benchmark, name):
    game = bg.NormalFormGame(ONE_ROUND[name])
    found = benchmark.pedantic(
        lambda: bg.undominated(game, max_rounds=1), rounds=5, warmup_rounds=1
    )
    assert len(found.eliminations) == N_DOMINATED[name]


@pytest.mark.benchmark(group="dominated by mixed actions, one round")
@pytest.mark.parametrize("name", ONE_ROUND)
def test_quantecon_dominated_actions(benchmark, name):
    payoffs = ONE_ROUND[name].astype(float)
    found = benchmark.pedantic(dominance.quantecon_solver(payoffs), rounds=3, warmup_rounds=1)
    kept = bg.undominated(bg.NormalFormGame(payoffs), max_rounds=1).survivors
    assert found == [
        sorted(set(range(m)) - set(mine)) for m, mine in zip(payoffs.shape[1:], kept, strict=True)
    ]


@pytest.mark.benchmark(group="weakly dominated by pure actions, one round, 6 players x 3 actions")
def test_undominated_by_pure(benchmark):
    game = bg.NormalFormGame(MEDIUM)
    found = benchmark.pedantic(
        lambda: bg.undominated(game, by="pure", weak=True, max_rounds=1), rounds=9, warmup_rounds=1
    )
    assert found.survivors == ((0, 1, 2),) * 6


@pytest.mark.benchmark(group="weakly dominated by pure actions, one round, 6 players x 3 actions")
def test_gambit_undominated(benchmark):
    found = benchmark.pedantic(dominance.gambit_solver(MEDIUM), rounds=5, warmup_rounds=1)
    assert found == ((0, 1, 2),) * 6


@pytest.mark.benchmark(group="rationalizable actions, 3 Cournot firms x 25 quantities")
@pytest.mark.parametrize("independent", [False, True])
def test_rationalizable(benchmark, independent):
    cells = np.indices((25,) * 3)
    game = bg.NormalFormGame(cells * (24 - cells.sum(axis=0)))
    found = benchmark.pedantic(
        lambda: bg.rationalizable(game, independent=independent), rounds=3, warmup_rounds=1
    )
    assert found.survivors == (tuple(range(13)),) * 3


@pytest.mark.benchmark(group="mixed minmax value of three and more players")
@pytest.mark.parametrize(
    ("k", "punishers"), [(2, 2), (3, 2), (4, 2), (2, 4), (3, 3)], ids=lambda value: str(value)
)
def test_minmax(benchmark, k, punishers):
    """k actions that the punishers must aim at together: 1 - 1/k^punishers."""
    own = np.ones((k,) * (punishers + 1))
    own[(np.arange(k),) * (punishers + 1)] = 0
    game = bg.NormalFormGame(np.stack([own] * (punishers + 1)))
    found = benchmark.pedantic(lambda: bg.minmax(game, 0, mixed=True), rounds=5, warmup_rounds=1)
    assert found.exact_upper == 1 - Fraction(1, k**punishers)
    assert found.value == pytest.approx(1 - 1 / k**punishers)


@pytest.mark.benchmark(group="mixed minmax value of three and more players")
@pytest.mark.parametrize("shape", [(4, 4, 4), (5, 5, 5), (3, 3, 3, 3), (2,) * 8], ids=str)
def test_minmax_of_random_games(benchmark, shape):
    game = bg.NormalFormGame(np.random.default_rng(0).random((len(shape), *shape)))
    found = benchmark.pedantic(lambda: bg.minmax(game, 0, mixed=True), rounds=5, warmup_rounds=1)
    assert found.upper - found.lower <= 1e-6
    assert bg.verify(found).ok
