"""Two answers that share no code: swept labels, and exact conditions, on whole maps.

They must agree at every point that is further than 1e-9 from a boundary.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

import balancegame as bg
from balancegame.alliances.actions import ACTIONS

BW, BN, BWN = ["balance", "bandwagon"], ["balance", "neutral"], list(ACTIONS[:3])
LETTERS = dict(zip(ACTIONS, "BWNRU", strict=True))
QUICK = 24
WHOLE = pytest.param(200, marks=pytest.mark.thorough)
SIZES = pytest.mark.parametrize("count", [QUICK, WHOLE])


def world(*power, threat=4, parallelism=None):
    names = [f"s{i}" for i in range(len(power))]
    return bg.World([*names, "h"], [*power, threat], parallelism, threat="h")


def mesh(grid):
    return dict(zip(grid, np.meshgrid(*grid.values(), indexing="ij"), strict=True))


def far_from_boundaries(truth: Callable, points, distance=1e-9):
    """Where the exact answer is one and the same in a box around the point."""
    here = truth(points)
    far = np.ones(here.shape[-2:], dtype=bool)
    for shifts in itertools.product((-distance, distance), repeat=2):
        moved = {name: value + by for (name, value), by in zip(points.items(), shifts, strict=True)}
        far &= (truth(moved) == here).reshape(-1, *far.shape).all(axis=0)
    return far


def swept_profiles(found, profiles):
    """The region labels of a sweep, as one map of true and false a profile."""
    labels, codes = found["region"].attrs["labels"], found["region"].values
    holds = np.array([
        ["".join(map(LETTERS.get, profile)) in label.split(" + ") for label in labels]
        for profile in profiles
    ])  # fmt: skip
    return holds[:, np.maximum(codes, 0)] & (codes >= 0)


def check_regions(model, world, actions, grid, names=None):
    """Every profile's region over a map, exact against swept; the sweep and the far points."""
    exact = bg.regions(bg.symbolic_game(model, world, actions, over=list(grid)))
    found = bg.sweep(model, world, actions=actions, grid=grid)

    def truth(points):
        return np.array(list(exact.label(points).values()))

    points = mesh(grid)
    done = found["status"].values == 0
    feasible = exact.feasible(points)
    far = far_from_boundaries(truth, points) & done
    same = truth(points) == swept_profiles(found, exact.profiles)
    assert same[:, far].all()
    assert far.sum() >= 0.99 * done.sum()
    assert (done == feasible).mean() > 0.99
    return found


def check_claim(truth: Callable, swept, grid):
    """A claim's truth over a map, exact against swept."""
    points = mesh(grid)
    far = far_from_boundaries(truth, points)
    assert (truth(points) == swept)[far].all()
    assert far.mean() > 0.99
    assert 0.02 < swept.mean() < 0.98  # a claim that the map decides both ways


@SIZES
def test_the_golden_game(count):
    grid = {"power_ratio": np.linspace(0.05, 4, count), "parallelism": np.linspace(-1, 1, count)}
    for model in (bg.BalancingModel(decisiveness=2), bg.BalancingModel(autonomy_loss="2/5")):
        check_regions(model, bg.load_scenario("golden-3"), BWN, grid)


@SIZES
def test_p2_where_one_state_alone_balances(count):
    grid = {"power_ratio": np.linspace(0.05, 5, count), "autonomy_loss": np.linspace(0, 1, count)}
    model = bg.BalancingModel(cohesion=0, decisiveness="3/2")
    found = check_regions(model, world(1), BW, grid)
    r, alpha = mesh(grid).values()
    stated = (alpha > 0.1) & (r <= (np.maximum(alpha - 0.1, 0) / (1.1 - alpha)) ** (1 / 1.5))
    (balances,) = swept_profiles(found, [("balance",)])
    assert (balances != stated).sum() <= 2


@SIZES
def test_p3_how_many_balance(count):
    grid = {"power_ratio": np.linspace(0.1, 6, count), "alliance_cost": np.linspace(0, 0.4, count)}
    found = check_regions(bg.BalancingModel(cohesion=0), world(1, 1, 1, 1), BN, grid)
    r, c = mesh(grid).values()
    gains = np.array([r / ((k + r) * (k + 1 + r)) for k in range(4)])
    clear = np.abs(gains - c).min(axis=0) > 1e-9
    balancing = [
        {one.count("B") for one in label.split(" + ")} for label in found["region"].attrs["labels"]
    ]
    assert all(len(one) == 1 for one in balancing)
    numbers = np.array([min(one) for one in balancing])[found["region"].values]
    assert (numbers == (gains > c).sum(axis=0))[clear].all()


@SIZES
def test_p4_where_balancing_feeds_on_itself(count):
    grid = {"power_ratio": np.linspace(0.2, 6, count), "decisiveness": np.linspace(1.1, 4, count)}
    check_regions(bg.BalancingModel(cohesion=0), world(1, 1, 1, 1, 1), BN, grid)


def second_gains_more(game):
    alone = game.payoffs[0, 0, 1] - game.payoffs[0, 1, 1]
    together = game.payoffs[0, 0, 0] - game.payoffs[0, 1, 0]
    return together > alone


@SIZES
def test_p4_where_the_second_balancer_gains_more_than_the_first(count):
    grid = {"power_ratio": np.linspace(0.2, 6, count), "decisiveness": np.linspace(1.1, 4, count)}
    model, two = bg.BalancingModel(cohesion=0), world(1, 1)
    game = bg.symbolic_game(model, two, BN, over=list(grid))
    both, alone = (game.payoff(0, ["balance", other]) for other in BN)
    rider, none = (game.payoff(0, ["neutral", other]) for other in BN)
    exact = bg.threshold(game, both - rider > alone - none, "power_ratio")
    swept = bg.sweep(
        model, two, grid=grid, actions=BN, measure={"more": bg.of_game(second_gains_more)}
    )["more"].values.astype(bool)
    check_claim(exact.function(), swept, grid)
    r, m = mesh(grid).values()
    assert (swept == (r > 2 / (2**m - 2) ** (1 / m))).mean() > 0.999


def balancing_is_dominated(game):
    """For every state, neutrality pays more whatever the others do."""
    return all((np.take(u, 0, i) < np.take(u, 2, i)).all() for i, u in enumerate(game.payoffs))


@SIZES
def test_p5_where_unipolarity_suspends_balancing(count):
    grid = {
        "power_ratio": np.linspace(0.1, 8, count),
        "alliance_cost": np.linspace(0.05, 0.95, count),
    }
    model, three = bg.BalancingModel(cohesion=0, decisiveness=2), world(3, 2, 1)
    found = check_regions(model, three, BWN, grid)
    game = bg.symbolic_game(model, three, BWN, over=list(grid))
    worse = [
        game.payoff(i, profile) < game.payoff(i, (*profile[:i], "neutral", *profile[i + 1 :]))
        for i in range(3)
        for profile in itertools.product(BWN, repeat=3)
        if profile[i] == "balance"
    ]
    exact = bg.threshold(game, sp.And(*worse))
    swept = bg.sweep(
        model, three, grid=grid, measure={"dominated": bg.of_game(balancing_is_dominated)}
    )["dominated"].values.astype(bool)
    check_claim(exact.function(), swept, grid)
    r, c = mesh(grid).values()
    tau = (1 / c - 1) ** (1 / 2)
    stated = 2 * r / (6 + 2 * r) > tau / (1 + tau)
    assert swept[stated].all()
    nobody = np.array(["B" not in label for label in found["region"].attrs["labels"]])
    assert nobody[found["region"].values][stated].all()


def all_prevail_as_often_as_not(point):
    return point.model.prevailing(point.world, ["balance"] * 3) >= 0.5


@SIZES
def test_p6_how_parallel_interests_must_be_to_prevail(count):
    grid = {
        "power_ratio": np.linspace(0.5, 3.5, count),
        "parallelism": np.linspace(-0.49, 1, count),
    }
    model, three = bg.BalancingModel(), world(1, 1, 1)
    check_regions(model, three, BWN, grid)
    game = bg.symbolic_game(model, three, BWN, over=list(grid))
    exact = bg.threshold(game, game.prevailing(["balance"] * 3) >= sp.Rational(1, 2), "parallelism")
    swept = bg.sweep(model, three, grid=grid, measure=all_prevail_as_often_as_not)
    swept = swept["all_prevail_as_often_as_not"].values.astype(bool)
    check_claim(exact.function(), swept, grid)
    r, a = mesh(grid).values()
    assert (swept == (a >= (r**2 - 3) / 6)).mean() > 0.999


def an_ally_is_a_liability(point):
    together, alone = (
        point.model.prevailing(point.world, ["balance", other]) for other in ("balance", "neutral")
    )
    return together < alone


def two_with_interests(p, a):
    return world(1, p, parallelism=[[1, a, 0], [a, 1, 0], [0, 0, 1]])


@SIZES
def test_p6_when_an_ally_is_a_liability(count):
    grid = {"p": np.linspace(0.05, 3, count), "a": np.linspace(-0.99, 0.2, count)}
    model = bg.BalancingModel(decisiveness=2)
    over = {"power of s1": "p", "parallelism of s0 and s1": "a"}
    game = bg.symbolic_game(model, two_with_interests(1, 0), over=over)
    together, alone = (game.prevailing(["balance", other]) for other in ("balance", "neutral"))
    exact = bg.threshold(game, together < alone, "p")
    swept = bg.sweep(model, two_with_interests, grid=grid, measure=an_ally_is_a_liability)
    swept = swept["an_ally_is_a_liability"].values.astype(bool)
    check_claim(exact.function(), swept, grid)
    p, a = mesh(grid).values()
    assert (swept == (p < -2 * a)).mean() > 0.999


def the_small_one_follows(game):
    return game.payoffs[1, 0, 1] > game.payoffs[1, 0, 2]


@SIZES
def test_p7_small_states_side_with_the_likely_winner(count):
    grid = {"power_ratio": np.linspace(0.2, 4, count), "retribution": np.linspace(0, 2, count)}
    model = bg.BalancingModel(cohesion=0, decisiveness=2)
    pair = world(1, "1/1000000")
    found = check_regions(model, pair, BWN, grid)
    assert not any(
        one[1] == "B" for label in found["region"].attrs["labels"] for one in label.split(" + ")
    )
    game = bg.symbolic_game(model, pair, BWN, over=list(grid))
    follows, stays = (game.payoff(1, ["balance", own]) for own in ("bandwagon", "neutral"))
    exact = bg.threshold(game, follows > stays, "retribution")
    swept = bg.sweep(
        model, pair, grid=grid, measure={"follows": bg.of_game(the_small_one_follows)}
    )["follows"].values.astype(bool)
    check_claim(exact.function(), swept, grid)
    r, psi = mesh(grid).values()
    pi, line = 1 / (1 + (r / 2) ** 2), 0.4 / (0.4 + psi)
    assert (swept == (pi < line))[np.abs(pi - line) > 1e-5].all()
