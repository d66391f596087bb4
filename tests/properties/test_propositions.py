"""Propositions P1 to P8 of the base model, on random worlds.

cohesion is 0 unless a proposition says otherwise. r is the threat's power over that of one of
equally strong states.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.alliances.actions import ACTIONS
from balancegame.testing import parallelism_matrices, worlds

PERCENT = st.integers(1, 99).map(lambda k: Fraction(k, 100))


def equal_powers(n, r):
    return bg.World([f"s{i}" for i in range(n)] + ["h"], [1] * n + [r], threat="h")


@st.composite
def models(draw, **fixed):
    """Models with every parameter drawn."""
    share = st.integers(0, 10).map(lambda k: k / 10)
    drawn = {
        "autonomy_loss": draw(share),
        "retaliation": draw(share),
        "retribution": draw(share),
        "balancing_spoils": draw(share),
        "bandwagon_spoils": draw(share),
        "affinity": draw(share),
        "affinity_exponent": draw(st.sampled_from([0, 0.5, 1])),
        "alliance_cost": draw(share),
        "arming_gain": draw(share),
        "undermining_effect": draw(share) * 0.9,
        "decisiveness": draw(st.sampled_from([0.5, 1, 2, 5])),
        "cohesion": draw(st.sampled_from([0, 0.5, 1])),
        "contest": draw(st.sampled_from(["ratio", "logistic"])),
    }
    return bg.BalancingModel(**(drawn | fixed))


def no_camp_cancels(world):
    """Camps whose interests cancel to nothing sit on a discontinuity of pi."""
    return np.linalg.eigvalsh(world.parallelism)[0] > 1e-6


@given(worlds(max_states=3), models(), st.sampled_from([1e-3, 1 / 3, 7, 1e5]))
def test_p1_payoffs_do_not_depend_on_the_unit_of_power(world, model, factor):
    assume(no_camp_cancels(world))
    scaled = world.replace(power=world.power * factor)
    np.testing.assert_allclose(
        model.game(scaled, ACTIONS).payoffs, model.game(world, ACTIONS).payoffs, atol=1e-9
    )


@given(worlds(min_states=2, max_states=3), models(), st.data())
def test_p1_relabelling_states_relabels_payoffs(world, model, data):
    assume(no_camp_cancels(world))
    n = len(world.states)
    order = data.draw(st.permutations(range(n)))
    rows = [*order, n]
    moved = bg.World(
        [world.names[k] for k in rows],
        world.power[rows],
        world.parallelism[np.ix_(rows, rows)],
        threat=world.threat,
    )
    table = model.game(world, ACTIONS).payoffs
    expected = np.stack([table[i].transpose(order) for i in order])
    np.testing.assert_allclose(model.game(moved, ACTIONS).payoffs, expected, atol=1e-9)


@given(
    PERCENT,
    PERCENT,
    st.integers(0, 5),
    st.sampled_from([0.5, 1, 2, 3.3]),
    st.integers(1, 400),
)
def test_p2_a_lone_state_balances_up_to_a_threshold(alpha, cost, rho, m, hundredths):
    r, rho = hundredths / 100, rho / 10
    model = bg.BalancingModel(
        autonomy_loss=alpha, alliance_cost=cost, retaliation=rho, decisiveness=m, cohesion=0
    )
    balance, bandwagon = model.game(equal_powers(1, r), ["balance", "bandwagon"]).payoffs[0]
    if alpha > cost:
        threshold = float((alpha - cost) / (1 + rho - alpha + cost)) ** (1 / m)
        assume(abs(r - threshold) > 1e-9)
        assert (balance > bandwagon) == (r < threshold)
    else:
        assert balance <= bandwagon + 1e-15


@given(st.integers(1, 5), st.fractions("1/5", 6, max_denominator=20), PERCENT, PERCENT)
def test_p3_buck_passing_leaves_exactly_k_balancers(n, r, loss, cost):
    """Exact arithmetic, so that nothing rests on rounding."""
    marginal = [loss * r / ((k + r) * (k + 1 + r)) for k in range(n)]
    assume(cost not in marginal)
    model = bg.BalancingModel(cohesion=0, domination_loss=loss, autonomy_loss=0, alliance_cost=cost)
    game = model.game(equal_powers(n, r), ["balance", "neutral"], exact=True)
    balancers = sum(gain > cost for gain in marginal)
    found = bg.pure_nash(game)
    assert len(found) == comb(n, balancers)
    assert {one.actions.count("balance") for one in found} == {balancers}


@given(st.integers(11, 60).map(lambda k: k / 10), st.integers(1, 600).map(lambda k: k / 100))
def test_p4_beyond_a_ratio_joining_reinforces_itself(m, r):
    threshold = 2 / (2**m - 2) ** (1 / m)
    assume(abs(r - threshold) > 1e-9)
    model = bg.BalancingModel(cohesion=0, decisiveness=m)
    table = model.game(equal_powers(2, r), ["balance", "neutral"]).payoffs[0]
    first_joins, second_joins = table[0, 1] - table[1, 1], table[0, 0] - table[1, 0]
    assert (second_joins > first_joins) == (r > threshold)


def test_p4_a_stag_hunt_of_five():
    model = bg.BalancingModel(cohesion=0, decisiveness=3, alliance_cost=0.1)
    found = bg.pure_nash(model.game(equal_powers(5, 3), ["balance", "neutral"]))
    assert [set(one.actions) for one in found] == [{"balance"}, {"neutral"}]


def balancing_is_strictly_dominated_by_neutrality(game):
    for i in range(game.n_players):
        table = np.moveaxis(game.payoffs[i], i, 0)
        if not (table[0] < table[2]).all():
            return False
    return True


@st.composite
def unipolar_settings(draw):
    """(world, model) inside the domain of P5, the threat's share above s*."""
    states = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    m = draw(st.sampled_from([0.5, 1, 2, 4]))
    domain = draw(st.sampled_from(["no cohesion", "low cost", "aligned"]))
    loss = draw(st.integers(20, 100)) / 100
    cost = loss * draw(st.integers(1, 49 if domain == "low cost" else 99)) / 100
    n = len(states)
    matrix = draw(parallelism_matrices(min_states=n + 1, max_states=n + 1))
    if domain == "aligned":
        matrix = np.abs(matrix)
        assume(np.linalg.eigvalsh(matrix)[0] > -1e-10)
    tau = (loss / cost - 1) ** (1 / m)
    threat = tau * sum(states) * draw(st.sampled_from([1.0001, 1.1, 2]))
    assume(threat > 1e-6)
    world = bg.World([f"s{i}" for i in range(n)] + ["h"], [*states, threat], matrix, threat="h")
    model = bg.BalancingModel(
        domination_loss=loss,
        autonomy_loss=draw(st.integers(0, 100)) / 100 * loss,
        alliance_cost=cost,
        retaliation=draw(st.sampled_from([0, 0.3])),
        bandwagon_spoils=draw(st.sampled_from([0, 0.5])),
        decisiveness=m,
        cohesion=0 if domain == "no cohesion" else draw(st.sampled_from([0.3, 1])),
    )
    return world, model


@given(unipolar_settings())
def test_p5_unipolarity_suspends_balancing(setting):
    world, model = setting
    assert balancing_is_strictly_dominated_by_neutrality(model.game(world))


@given(st.sampled_from([0.5, 1, 2, 5, 20]), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_p5_at_half_the_loss_the_line_is_half_the_power_for_every_decisiveness(m, states):
    world = bg.World(
        [*map(str, range(len(states))), "h"], [*states, sum(states) * 1.001], threat="h"
    )
    assert bg.polarity(world).kind == "unipolar"
    model = bg.BalancingModel(cohesion=0, alliance_cost=0.5, decisiveness=m)
    assert balancing_is_strictly_dominated_by_neutrality(model.game(world))


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4), st.sampled_from([0.5, 1, 2, 5]), PERCENT
)
def test_p5_individually_nobody_starts_balancing_beyond_a_line(states, m, cost):
    """All neutral is an equilibrium of {B, N} iff H / max p >= (D / c - 1)^(1 / m)."""
    line = max(states) * float(1 / cost - 1) ** (1 / m)
    for factor, stands in ((1.001, True), (0.999, False)):
        world = bg.World([*map(str, range(len(states))), "h"], [*states, line * factor], threat="h")
        model = bg.BalancingModel(cohesion=0, alliance_cost=cost, decisiveness=m)
        game = model.game(world, ["balance", "neutral"])
        assert (game.regret([1] * len(states)).max() == 0) == stands


def test_p5_outside_its_domain_a_hostile_client_weakens_its_patron():
    matrix = [[1, 0, 0], [0, 1, -1], [0, -1, 1]]
    world = bg.World(["1", "2", "h"], [1, 1, 1.4], matrix, threat="h")
    model = bg.BalancingModel(cohesion=1, alliance_cost=0.6)
    game = model.game(world)
    assert game.expected_payoffs(["balance", "bandwagon"])[0] == pytest.approx(0.114, abs=5e-4)
    assert game.expected_payoffs(["neutral", "bandwagon"])[0] == 0
    tau = 1 / 0.6 - 1
    assert tau / (1 + tau) < 1.4 / (1.4 + 2)  # beyond the line, and yet not dominated
    assert not balancing_is_strictly_dominated_by_neutrality(game)


@given(
    st.integers(2, 5),
    st.integers(1, 600).map(lambda k: k / 100),
    st.sampled_from([0.5, 1, 2]),
    st.sampled_from([0.5, 0.8, 1]),
)
def test_p6_all_reach_parity_from_a_critical_parallelism_on(n, r, m, theta):
    critical = (n * (r / n) ** (2 / theta) - 1) / (n - 1)
    model = bg.BalancingModel(cohesion=theta, decisiveness=m)
    for a in (critical - 1e-6, critical + 1e-6):
        if not -1 / (n - 1) < a <= 1:
            continue
        matrix = np.full((n + 1, n + 1), a)
        matrix[n] = matrix[:, n] = 0
        np.fill_diagonal(matrix, 1)
        world = bg.World([f"s{i}" for i in range(n)] + ["h"], [1] * n + [r], matrix, threat="h")
        assert (model.prevailing(world, ["balance"] * n) > 0.5) == (a > critical)


@given(worlds(min_states=2, max_states=4), st.sampled_from([0.5, 1, 3]), st.data())
def test_p6_a_liability_ally_weakens_those_it_joins(world, m, data):
    n = len(world.states)
    joins = data.draw(st.integers(0, n - 1))
    others = [i for i in range(n) if i != joins and data.draw(st.booleans())]
    assume(others)
    line = -2 * sum(world.parallelism[i, joins] * world.power[i] for i in others)
    assume(abs(world.power[joins] - line) > 1e-6)
    model = bg.BalancingModel(cohesion=1, decisiveness=m)
    alone, joined = (
        model.camps(world, ["balance" if i in camp else "neutral" for i in range(n)]).our_power
        for camp in (others, [*others, joins])
    )
    assert (joined < alone) == (world.power[joins] < line)


@given(
    worlds(max_states=3),
    st.sampled_from([0.5, 1, 2]),
    st.sampled_from([0, 0.5, 1]),
    st.integers(2, 50).map(lambda k: k / 100),
    st.integers(0, 99).map(lambda k: k / 100),
    st.integers(1, 99).map(lambda k: k / 100),
)
def test_p7_small_states_side_with_the_likely_winner(world, m, cohesion, cost, alpha, psi):
    assume(np.linalg.eigvalsh(world.parallelism)[0] > 0.01)  # no camp cancels to nothing
    n = len(world.states)
    matrix = np.eye(n + 2)
    matrix[1:, 1:] = world.parallelism
    small = bg.World(["small", *world.names], [1e-12, *world.power], matrix, threat=world.threat)
    model = bg.BalancingModel(
        alliance_cost=cost,
        autonomy_loss=alpha,
        retribution=psi,
        decisiveness=m,
        cohesion=cohesion,
    )
    table = model.game(small).payoffs[0]
    assert (table[0] < table[2]).all()
    line = (1 - alpha) / (1 - alpha + psi)
    for others in itertools.product(range(3), repeat=n):
        pi = model.prevailing(small, [2, *others])
        if abs(pi - line) > 1e-3:
            assert (table[(1, *others)] > table[(2, *others)]) == (pi < line)


def worst_four_cycle(table):
    """The largest defect of Monderer & Shapley's four-cycle condition; 0 iff a potential exists."""
    worst = 0.0
    n = table.shape[0]
    for i, j in itertools.combinations(range(n), 2):
        u = np.moveaxis(table[i], (i, j), (0, 1))
        v = np.moveaxis(table[j], (i, j), (0, 1))
        for a, b in itertools.combinations(range(u.shape[0]), 2):
            for c, d in itertools.combinations(range(u.shape[1]), 2):
                around = (u[b, c] - u[a, c]) + (v[b, d] - v[b, c])
                around += (u[a, d] - u[b, d]) + (v[a, c] - v[a, d])
                worst = max(worst, float(np.abs(around).max()))
    return worst


POTENTIAL = ("balance", "neutral", "arm", "undermine")


@given(worlds(min_states=2, max_states=3), models(retaliation=0, balancing_spoils=0))
def test_p8_without_bandwagoning_there_is_an_exact_potential(world, model):
    game = model.game(world, POTENTIAL)
    assert worst_four_cycle(game.payoffs) < 1e-9
    power = world.power.tolist()
    cost = float(model.alliance_cost)
    extra = {"arm": 0.1, "undermine": 0.1}
    eta = float(model.affinity_exponent)
    scale = sum(p ** (2 * eta) for p in power)

    def potential(profile):
        members = [i for i, a in enumerate(profile) if a != "neutral"]
        value = model.prevailing(world, profile)
        value -= sum(cost + extra.get(profile[i], 0.0) for i in members)
        for i, j in itertools.combinations(members, 2):
            weight = (power[i] * power[j]) ** eta / scale
            value += float(model.affinity) * weight * world.parallelism[i, j]
        return value

    profiles = list(itertools.product(POTENTIAL, repeat=game.n_players))
    payoff = {profile: game.expected_payoffs(list(profile)) for profile in profiles}
    phi = {profile: potential(list(profile)) for profile in profiles}
    for profile in profiles[:: max(1, len(profiles) // 12)]:
        for i, a in itertools.product(range(game.n_players), POTENTIAL):
            other = (*profile[:i], a, *profile[i + 1 :])
            gain = payoff[other][i] - payoff[profile][i]
            assert gain == pytest.approx(phi[other] - phi[profile], abs=1e-9)


@given(
    worlds(min_states=2, max_states=3),
    models(retaliation=0, balancing_spoils=0, bandwagon_spoils=0, autonomy_loss=1, retribution=0),
)
def test_p8_with_bandwagoning_when_nothing_is_gained_by_it(world, model):
    assert worst_four_cycle(model.game(world, ACTIONS).payoffs) < 1e-9


@given(
    worlds(min_states=2, max_states=3),
    st.sampled_from([{"autonomy_loss": 0.6}, {"retaliation": 0.3, "autonomy_loss": 1}]),
)
def test_p8_fails_with_unequal_powers_once_autonomy_or_retaliation_matters(world, change):
    """Generically: equal powers and worlds of cancelling camps are exceptions."""
    assume(len(set(world.power.tolist())) == len(world.names))
    assume(no_camp_cancels(world))
    model = bg.BalancingModel(retribution=0, **change)
    actions = ["balance", "bandwagon", "neutral"]
    assert worst_four_cycle(model.game(world, actions).payoffs) > 1e-9
