"""Logit branches side by side with Gambit: python -m pytest benchmarks --benchmark-only.

Each group holds one task; the first name in it is ours. `benchmarks/README.md` keeps the ratios.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import numpy as np
import pytest

import balancegame as bg
from balancegame.solvers.logit.system import LogitSystem
from tests.oracles import gambit

SEEDS = range(8)


def integer_games(n):
    """Random integers in [-20, 20), two actions each: some branches turn, one of n = 6 is tied."""
    shape = (n, *(2,) * n)
    return [
        bg.NormalFormGame(np.random.default_rng(seed).integers(-20, 20, shape)) for seed in SEEDS
    ]


def check(game, profile):
    """Nash, to what either side promises: Gambit stops at a regret of 1e-8 of the payoff range."""
    assert game.regret([part / part.sum() for part in profile]).max() < 1e-6


@pytest.mark.benchmark(group="logit branch to its limit, eight random games")
@pytest.mark.parametrize("n", [6, 8])
def test_logit_path(benchmark, n):
    games = integer_games(n)
    paths = benchmark.pedantic(
        lambda: [bg.logit_path(game) for game in games], rounds=9, warmup_rounds=1
    )
    for game, path in zip(games, paths, strict=True):
        check(game, path.limit)
        assert game.regret(path.limit).max() < 1e-13
    assert sum(path.limit.settled for path in paths) >= 7


@pytest.mark.benchmark(group="logit branch to its limit, eight random games")
@pytest.mark.parametrize("n", [6, 8])
def test_pygambit_logit_solve(benchmark, n):
    games = integer_games(n)
    solvers = [gambit.logit_solver(game) for game in games]
    profiles = benchmark.pedantic(lambda: [solve() for solve in solvers], rounds=5, warmup_rounds=1)
    for game, theirs in zip(games, profiles, strict=True):
        check(game, theirs)
        ours = bg.logit_path(game).limit
        if ours.settled:  # and so isolated here: both have come to the same equilibrium
            for part, other in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(part, other, atol=1e-4)


@pytest.mark.parametrize("n", [6, 8])
def test_at_least_five_times_faster_than_gambit(n):
    """Medians over rounds that take turns, each round all games."""
    games = integer_games(n)
    solvers = [gambit.logit_solver(game) for game in games]
    ours, theirs = [], []
    for _ in range(5):
        start = time.perf_counter()
        limits = [bg.logit_path(game).limit for game in games]
        middle = time.perf_counter()
        profiles = [solve() for solve in solvers]
        ours.append(middle - start)
        theirs.append(time.perf_counter() - middle)
        for game, limit, profile in zip(games, limits, profiles, strict=True):
            check(game, limit)
            check(game, profile)
    ratio = statistics.median(theirs[1:]) / statistics.median(ours[1:])
    print(f"2^{n}: {ratio:.1f} times faster")  # noqa: T201
    assert ratio >= 5.0


@pytest.mark.benchmark(group="quantal response at precision 1")
@pytest.mark.parametrize("n", [6, 8])
def test_quantal_response(benchmark, n):
    game = integer_games(n)[0]
    found = benchmark.pedantic(bg.quantal_response, (game, 1.0), rounds=15, warmup_rounds=1)
    np.testing.assert_allclose(
        np.concatenate(found.profile),
        np.concatenate(gambit.logit_profiles(game, [1.0])[0]),
        atol=1e-8,
    )
    assert found.error_bound < 1e-9


@pytest.mark.benchmark(group="quantal response at precision 1")
@pytest.mark.parametrize("n", [6, 8])
def test_pygambit_logit_solve_lambda(benchmark, n):
    game = integer_games(n)[0]
    found = benchmark.pedantic(gambit.logit_profiles, (game, [1.0]), rounds=3, warmup_rounds=1)
    assert len(found) == 1


@pytest.mark.benchmark(group="one contraction of 8 x 5: values and all pairs")
@pytest.mark.parametrize("way", ["kernel, one pass", "BLAS, two passes"])
def test_contraction(benchmark, way):
    """Shared partial contractions, measured two ways; both are checked on the payoffs."""
    rng = np.random.default_rng(0)
    game = bg.NormalFormGame(rng.normal(size=(8, *(5,) * 8)))
    payoffs = LogitSystem(game).payoffs
    p = np.full(40, 0.2)
    if way.startswith("kernel"):
        values, _ = benchmark.pedantic(payoffs.contract, (p,), rounds=15, warmup_rounds=1)
    else:
        halves = payoffs.halves.tolist()
        tables = [t.reshape(5, 5**h, -1) for t, h in zip(payoffs.tables, halves, strict=True)]

        def both():
            found = []
            for table in tables:
                left, right = (np.full(k, 1 / k) for k in table.shape[1:])
                found.append(((table.reshape(-1, len(right)) @ right), left @ table))
            return found

        partial = benchmark.pedantic(both, rounds=15, warmup_rounds=1)
        values = np.concatenate([one.mean(axis=1) for _, one in partial])
    expected = np.concatenate([table.reshape(5, -1).mean(axis=1) for table in payoffs.tables])
    np.testing.assert_allclose(values, expected, atol=1e-12)


@pytest.mark.benchmark(group="limit of a game too large to enumerate, 8 players x 5 actions")
def test_large_game(benchmark):
    game = bg.NormalFormGame(np.random.default_rng(0).normal(size=(8, *(5,) * 8)))
    path = benchmark.pedantic(bg.logit_path, (game,), rounds=3)
    assert path.limit.settled
    assert game.regret(path.limit).max() < 1e-13
    assert path.limit.error_bound < 1e-8


@pytest.mark.benchmark(group="checking the certificate of a quantal response, 2^8")
def test_verify(benchmark, tmp_path):
    bg.quantal_response(integer_games(8)[0], 1.0).certificate.save(tmp_path / "one.json")
    found = benchmark.pedantic(bg.verify, (tmp_path / "one.json",), rounds=5, warmup_rounds=1)
    assert found.ok
    assert len(found.checked) == 6


@pytest.mark.benchmark(group="the first path in a new process, kernels compiled before")
@pytest.mark.parametrize("shape", ["(2, 2, 2)", "(6, 2, 2, 2, 2, 2, 2)"])
def test_new_process(benchmark, shape):
    code = (
        "import balancegame as bg, numpy as np\n"
        f"game = bg.NormalFormGame(np.random.default_rng(0).normal(size={shape}))\n"
        "bg.logit_path(game)\n"
    )
    done = benchmark.pedantic(
        subprocess.run, ([sys.executable, "-c", code],), {"check": True}, rounds=5, warmup_rounds=1
    )
    assert done.returncode == 0
