"""All equilibria of three and more players: python -m pytest benchmarks --benchmark-only.

Random games of integers in [-100, 100]. Ours is timed with its proof; pygambit's `enumpoly_solve`
proves nothing, and often finds a part of the list only, which is asserted to lie in ours. What it
takes on 5 x 5 x 5 and on ten players of two actions is not known: a minute is not enough.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from tests.oracles import gambit

GAMES = {
    "2^6": ((2,) * 6, (0, 1, 2)),
    "3^4": ((3,) * 4, (0, 1, 2)),
    "4x4x4": ((4,) * 3, (0, 1, 2)),
    "2^8": ((2,) * 8, (0, 1)),
}
BEYOND = {"5x5x5": ((5,) * 3, (0, 1)), "2^10": ((2,) * 10, (0,))}
ROUNDS = {"2^6": 15, "3^4": 15, "4x4x4": 15, "2^8": 5, "5x5x5": 3, "2^10": 1}

CASES = [(name, seed) for name, (_, seeds) in GAMES.items() for seed in seeds]
FURTHER = [(name, seed) for name, (_, seeds) in BEYOND.items() for seed in seeds]


def integer_game(name, seed):
    shape = (GAMES | BEYOND)[name][0]
    payoffs = np.random.default_rng(seed).integers(-100, 101, (len(shape), *shape))
    return bg.NormalFormGame(payoffs)


@pytest.mark.benchmark(group="all equilibria of many players")
@pytest.mark.parametrize(("name", "seed"), CASES + FURTHER)
def test_nash_equilibria(benchmark, name, seed):
    game = integer_game(name, seed)
    result = benchmark.pedantic(
        bg.nash_equilibria, (game,), rounds=ROUNDS[name], warmup_rounds=int(name != "2^10")
    )
    assert result.complete
    assert sum(result.component_indices) == 1
    assert max(found.regret for found in result) < 1e-9


@pytest.mark.benchmark(group="all equilibria of many players")
@pytest.mark.parametrize(("name", "seed"), CASES)
def test_pygambit_enumpoly(benchmark, name, seed):
    game = integer_game(name, seed)
    found = benchmark.pedantic(gambit.enumpoly_solver(game), rounds=1 if name == "2^8" else 3)
    mine = [np.concatenate(one.profile) for one in bg.nash_equilibria(game)]
    for profile in gambit.profiles(found):
        assert min(np.abs(one - np.concatenate(profile)).max() for one in mine) < 1e-6


@pytest.mark.benchmark(group="checking a certificate, six players of two actions")
def test_verify(benchmark, tmp_path):
    path = tmp_path / "certificate.json"
    bg.nash_equilibria(integer_game("2^6", 1)).certificate.save(path)
    found = benchmark.pedantic(bg.verify, (path,), rounds=5)
    assert found.ok
