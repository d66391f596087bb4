"""Correlated equilibria with their exact proof: python -m pytest benchmarks --benchmark-only.

Maximum welfare of random integer games: exact distribution, exact multipliers, and the check of all
profiles' reduced costs are part of what is timed. The targets are 0.1 s for five players of four
actions and 1 s for eight of three. The program of all profiles at once, in floats and without
proof, stands beside it.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

import balancegame as bg

SHAPES = {
    "4^5": (4,) * 5,
    "3^8": (3,) * 8,
    "3^10": (3,) * 10,
    "2^16": (2,) * 16,
    "4^8": (4,) * 8,
    "60x60": (60, 60),
}
LIMITS = {"4^5": 0.1, "3^8": 1.0}  # seconds


def integer_game(name, seed=0):
    shape = SHAPES[name]
    payoffs = np.random.default_rng(seed).integers(-20, 21, (len(shape), *shape))
    return bg.NormalFormGame(payoffs)


@pytest.mark.benchmark(group="maximum welfare, exact and proven")
@pytest.mark.parametrize("coarse", [False, True], ids=["correlated", "coarse"])
@pytest.mark.parametrize("name", SHAPES)
def test_correlated_equilibrium(benchmark, name, coarse):
    game = integer_game(name)
    result = benchmark.pedantic(
        bg.correlated_equilibrium,
        (game,),
        {"coarse": coarse},
        rounds=3 if game.n_profiles > 10_000 else 15,
        warmup_rounds=1,
    )
    assert sum(result.probabilities) == 1
    assert result.exact == sum(result.exact_payoffs)
    assert bg.verify(result).ok
    if benchmark.enabled and name in LIMITS:
        assert benchmark.stats.stats.median <= LIMITS[name]


@pytest.mark.benchmark(group="maximum welfare, exact and proven")
@pytest.mark.parametrize("objective", ["egalitarian", ("worst", 1)], ids=["egalitarian", "worst"])
@pytest.mark.parametrize("name", LIMITS)
def test_other_objectives(benchmark, name, objective):
    result = benchmark.pedantic(
        bg.correlated_equilibrium, (integer_game(name), objective), rounds=9, warmup_rounds=1
    )
    assert bg.verify(result).ok


@pytest.mark.benchmark(group="maximum welfare, exact and proven")
@pytest.mark.parametrize("name", LIMITS)
def test_linprog_in_floats(benchmark, name):
    """HiGHS with its defaults on the same program, which is built already: no proof."""
    game = integer_game(name)
    cells = np.arange(game.n_profiles).reshape(game.shape)
    rows = []
    for i, m in enumerate(game.shape):
        own = np.moveaxis(game.payoffs[i], i, 0).reshape(m, -1)
        places = np.moveaxis(cells, i, 0).reshape(m, -1)
        for a, b in np.argwhere(~np.eye(m, dtype=bool)):
            row = np.zeros(game.n_profiles)
            row[places[a]] = own[b] - own[a]
            rows.append(row)
    program = {
        "c": -game.payoffs.sum(axis=0).reshape(-1),
        "A_ub": csr_array(np.array(rows)),
        "b_ub": np.zeros(len(rows)),
        "A_eq": np.ones((1, game.n_profiles)),
        "b_eq": [1.0],
    }
    found = benchmark.pedantic(linprog, (), program, rounds=9, warmup_rounds=1)
    assert -found.fun == pytest.approx(bg.correlated_equilibrium(game).value, abs=1e-7)


@pytest.mark.benchmark(group="checking a certificate of a correlated equilibrium")
@pytest.mark.parametrize("name", LIMITS)
def test_verify(benchmark, name, tmp_path):
    path = tmp_path / "certificate.json"
    bg.correlated_equilibrium(integer_game(name)).certificate.save(path)
    found = benchmark.pedantic(bg.verify, (path,), rounds=5, warmup_rounds=1)
    assert found.ok
