"""Longer checks, run before an issue ends: python -m pytest -m thorough."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import balancegame as bg
from balancegame.alliances.balancing import ACTIONS
from tests.naive_model import NaiveModel
from tests.oracles import gambit

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("seed", range(20))
def test_2000_random_games_of_2_to_6_players_agree_with_pygambit(seed):
    rng = np.random.default_rng(1000 + seed)
    for k in range(100):
        n = int(rng.integers(2, 7))
        shape = tuple(rng.integers(1, 5 if n < 5 else 3, n).tolist())
        spread = [2, 3, 10, 1000][k % 4]
        game = bg.NormalFormGame(rng.integers(0, spread, (n, *shape)))
        cells = {tuple(part[0] for part in found.support) for found in bg.pure_nash(game)}
        assert cells == gambit.pure_equilibria(game)


@pytest.mark.parametrize("seed", range(10))
def test_3000_random_worlds_are_paid_as_described(seed):
    rng = np.random.default_rng(seed)
    for k in range(300):
        n = int(rng.integers(1, 5))
        vectors = rng.normal(size=(n + 1, n + 1))
        vectors /= np.linalg.norm(vectors, axis=1)[:, None]
        power = rng.uniform(0.1, 5, n + 1)
        names = [f"s{i}" for i in range(n)] + ["h"]
        world = bg.World(names, power, vectors @ vectors.T, threat="h")
        m, theta = [1, 2, 0.7, 6.5][k % 4], [0, 1, 0.4][k % 3]
        model = bg.BalancingModel(
            decisiveness=m,
            cohesion=theta,
            affinity=0.4,
            balancing_spoils=0.3,
            bandwagon_spoils=0.2,
            retaliation=0.1,
        )
        naive = NaiveModel(
            p=power[:-1].tolist(),
            H=float(power[-1]),
            A=world.parallelism.tolist(),
            m=m,
            theta=theta,
            lam=0.4,
            sigma_plus=0.3,
            sigma_minus=0.2,
            rho=0.1,
        )
        table = model.game(world, ACTIONS).payoffs
        for cell in itertools.islice(itertools.product(range(5), repeat=n), 0, None, 7):
            profile = "".join("BWNRU"[a] for a in cell)
            np.testing.assert_allclose(
                table[(slice(None), *cell)], naive.war(profile), atol=1e-9, err_msg=profile
            )


@pytest.mark.compiled
def test_a_table_of_ten_million_profiles():
    world = bg.World([*"abcdefghij", "T"], range(1, 12), threat="T")
    model = bg.BalancingModel(decisiveness=2)
    game = model.game(world, ACTIONS)
    assert game.n_profiles == 5**10
    for found in itertools.islice(bg.pure_nash(game), 20):
        assert game.regret(list(found.actions)).max() == 0
