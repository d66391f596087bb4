"""Two players side by side with peers: python -m pytest benchmarks --benchmark-only.

Each group holds one task; the first name in it is ours. `benchmarks/README.md` keeps the ratios.
"""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from tests.oracles import gambit, lrsnash, quantecon_

needs_lrsnash = pytest.mark.skipif(not lrsnash.PRESENT, reason=lrsnash.ABSENT)


def integer_game(m, seed=0):
    return bg.NormalFormGame(np.random.default_rng(seed).integers(-20, 20, (2, m, m)))


def exact(game):
    """All of it: the list is built, with its exact profiles and payoffs."""
    result = bg.nash_equilibria(game)
    return result, [(found.exact, found.exact_payoffs) for found in result.equilibria]


BATCHES = {2: 10**6, 3: 10**5, 4: 10**5}
SAMPLE = 20_000  # games a peer solves in a loop; the README scales its time up


@pytest.mark.benchmark(group="all equilibria of random games, per batch")
@pytest.mark.parametrize("m", BATCHES)
def test_solve_batch(benchmark, m):
    payoffs = np.random.default_rng(0).random((BATCHES[m], 2, m, m))
    result = benchmark.pedantic(bg.solve_batch, (payoffs,), rounds=15, warmup_rounds=2)
    assert len(result) == BATCHES[m]
    assert not result.flagged.mean() > 1e-3


@pytest.mark.benchmark(group="all equilibria of random games, per batch")
@pytest.mark.parametrize("m", BATCHES)
def test_quantecon_support_enumeration(benchmark, m):
    payoffs = np.random.default_rng(0).random((SAMPLE, 2, m, m))
    found = benchmark.pedantic(
        quantecon_.support_enumeration_solver(payoffs), rounds=7, warmup_rounds=1
    )
    counts = bg.solve_batch(payoffs).counts
    # It can lose equilibria to rounding, rarely.
    assert np.mean([len(one) != count for one, count in zip(found, counts, strict=True)]) < 1e-3


@pytest.mark.benchmark(group="one game, exact and complete")
@pytest.mark.parametrize("m", [8, 10, 12, 14])
def test_nash_equilibria(benchmark, m):
    result, _ = benchmark.pedantic(exact, (integer_game(m),), rounds=9, warmup_rounds=1)
    assert result.complete
    assert sum(result.component_indices) == 1


@needs_lrsnash
@pytest.mark.benchmark(group="one game, exact and complete")
@pytest.mark.parametrize("m", [8, 10, 12, 14])
def test_lrsnash(benchmark, m, tmp_path):
    lrsnash.write(integer_game(m), tmp_path / "game.txt")
    printed = benchmark.pedantic(lrsnash.run, (tmp_path / "game.txt",), rounds=5, warmup_rounds=1)
    mine = {found.exact for found in bg.nash_equilibria(integer_game(m))}
    assert lrsnash.parse(printed) == mine


@pytest.mark.benchmark(group="one game, exact and complete")
@pytest.mark.parametrize("m", [8, 10])
def test_pygambit_enummixed(benchmark, m):
    found = benchmark.pedantic(gambit.extreme_solver(integer_game(m)), rounds=3 if m == 8 else 1)
    assert len(found.equilibria) == len(bg.nash_equilibria(integer_game(m)))


@pytest.mark.benchmark(group="Lemke-Howson, 200 x 200 random")
@pytest.mark.parametrize("seed", range(3))
def test_lemke_howson(benchmark, seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).random((2, 200, 200)))
    result = benchmark.pedantic(bg.lemke_howson, (game,), rounds=5, warmup_rounds=1)
    assert game.regret(result[0].profile).max() < 1e-12


@pytest.mark.benchmark(group="Lemke-Howson, 200 x 200 random")
@pytest.mark.parametrize("seed", range(3))
def test_quantecon_lemke_howson(benchmark, seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).random((2, 200, 200)))
    found = benchmark.pedantic(quantecon_.lemke_howson_solver(game), rounds=5, warmup_rounds=1)
    assert game.regret(found).max() < 1e-9


@pytest.mark.benchmark(group="checking a certificate, 14 x 14")
def test_verify(benchmark, tmp_path):
    path = tmp_path / "certificate.json"
    bg.nash_equilibria(integer_game(14)).certificate.save(path)
    assert path.stat().st_size <= 30e6
    found = benchmark.pedantic(bg.verify, (path,), rounds=5, warmup_rounds=1)
    assert found.ok
    assert len(found.checked) == 9
