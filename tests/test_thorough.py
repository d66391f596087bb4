"""Longer checks, run before an issue ends: python -m pytest -m thorough."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import balancegame as bg
from balancegame.alliances.actions import ACTIONS
from tests.naive_model import NaiveModel
from tests.oracles import gambit, lrsnash
from tests.two_player import exact_set, random_game

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


@pytest.mark.parametrize("first", range(0, 2000, 100))
def test_2000_two_player_games_agree_with_lrsnash_and_pygambit(first, tmp_path):
    for seed in range(10_000 + first, 10_100 + first):
        game = random_game(seed, largest=8)
        result = bg.nash_equilibria(game)
        found = exact_set(result)
        assert found == gambit.extreme_equilibria(game), seed
        # lrsnash 7.1 prints some wrong rationals for payoffs of 53 bits; pygambit does not.
        if lrsnash.PRESENT and seed % 4 != 3:
            assert found == lrsnash.extreme_equilibria(game, tmp_path), seed
        assert sum(result.component_indices) == 1
        assert result.degenerate or len(result) % 2 == 1


@pytest.mark.skipif(not lrsnash.PRESENT, reason=lrsnash.ABSENT)
@pytest.mark.parametrize("seed", range(40))
def test_larger_games_of_ties_agree_with_lrsnash(seed, tmp_path):
    rng = np.random.default_rng(seed)
    shape = (2, *rng.integers(6, 12, 2))
    payoffs = [
        lambda: rng.integers(0, 2, shape),
        lambda: rng.integers(0, 3, shape),
        lambda: rng.integers(-20, 20, shape),
        lambda: rng.integers(0, 4, shape) * 0.1,
    ][seed % 4]()
    game = bg.NormalFormGame(payoffs)
    result = bg.nash_equilibria(game)
    assert exact_set(result) == lrsnash.extreme_equilibria(game, tmp_path)
    assert sum(result.component_indices) == 1
    assert bg.verify(result).ok


@pytest.mark.skipif(not lrsnash.PRESENT, reason=lrsnash.ABSENT)
@pytest.mark.parametrize("seed", range(2))
def test_14_by_14_agrees_with_lrsnash(seed, tmp_path):
    game = bg.NormalFormGame(np.random.default_rng(seed).integers(-20, 20, (2, 14, 14)))
    result = bg.nash_equilibria(game)
    assert exact_set(result) == lrsnash.extreme_equilibria(game, tmp_path)
    path = tmp_path / "certificate.json"
    result.certificate.save(path)
    assert path.stat().st_size < 30e6
    assert bg.verify(path).ok


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3), (3, 4), (4, 4)])
def test_batches_agree_with_the_exact_solver(shape):
    rng = np.random.default_rng(77)
    for payoffs in (rng.random((2000, 2, *shape)), rng.integers(0, 6, (2000, 2, *shape))):
        result = bg.solve_batch(payoffs)
        for place, game in enumerate(payoffs):
            exact = bg.nash_equilibria(bg.NormalFormGame(game))
            rows = result.profiles[result.offsets[place] : result.offsets[place + 1]]
            expected = np.array([np.concatenate(found.profile) for found in exact])
            np.testing.assert_allclose(rows, expected, atol=1e-8)


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
