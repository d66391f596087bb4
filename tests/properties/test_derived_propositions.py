"""The model's propositions, derived from the package's symbolic payoffs (MODEL.md, part B).

P2, P4, P6, P11 and P13 come out of `threshold`; the formulas here are only compared with.
P3, P5, P7, P9, P10 and P12 are derived step by step. r is the threat's power over that of one of
equally strong states.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
import sympy as sp

import balancegame as bg
from balancegame.alliances.treaties import attack_payoffs
from balancegame.games.exact_evaluation import truth_at

HALF = sp.Rational(1, 2)


def equal_states(n):
    return bg.World([f"s{i}" for i in range(n)] + ["h"], [1] * (n + 1), threat="h")


def game_of(n, actions, **over):
    names = {"power_ratio": "r", "decisiveness": "m"} | over
    model = bg.BalancingModel(cohesion=0)
    return bg.symbolic_game(model, equal_states(n), actions, over=names)


LOSSES = {
    "domination_loss": "D",
    "autonomy_loss": "alpha",
    "retaliation": "rho",
    "alliance_cost": "c",
}


def same(one, other):
    """Equal as expressions: simplified, or to 40 digits at points where both are real."""
    difference = one - other
    if sp.simplify(difference) == 0:
        return True
    symbols = sorted(difference.free_symbols, key=str)
    points = itertools.product(*[[sp.Rational(k, 7) for k in (9, 15, 23)] for _ in symbols])
    values = [difference.xreplace(dict(zip(symbols, point, strict=True))) for point in points]
    reals = [value for value in values if value.is_real is not False]
    return len(reals) > 2 and all(abs(sp.N(value, 60)) < 1e-40 for value in reals)


def r_b(game):
    """P2's ratio, in the symbols of a game."""
    alpha, c, loss, rho, m = (game.symbol(name) for name in ("alpha", "c", "D", "rho", "m"))
    return ((alpha - c) / (loss + rho - alpha + c)) ** (1 / m)


def test_p2_a_lone_state_balances_up_to_r_b():
    game = game_of(1, ["balance", "bandwagon"], **LOSSES)
    found = bg.threshold(game, ["balance"], "r")
    r = game.symbol("r")
    assert same(found.bound, r_b(game))
    first, *others = found.cases
    assert first.solution == (r <= found.bound)
    alpha, c, loss, rho = (game.symbol(name) for name in ("alpha", "c", "D", "rho"))
    assert first.when == sp.And(alpha - c > 0, loss + rho + c - alpha > 0)
    assert {one.solution for one in others} == {sp.true, sp.false}


def test_p4_joining_reinforces_itself_beyond_a_ratio_if_m_exceeds_1():
    game = game_of(2, ["balance", "neutral"])
    both, alone, other, none = (
        game.payoff("s0", p)
        for p in (["balance"] * 2, ["balance", "neutral"], ["neutral", "balance"], ["neutral"] * 2)
    )
    found = bg.threshold(game, both - other > alone - none, "r")
    m, r = game.symbol("m"), game.symbol("r")
    expected = 2 / (2**m - 2) ** (1 / m)
    assert same(found.bound.subs(m, m + 1), expected.subs(m, m + 1))  # m > 1
    assert found.cases[0].solution == (r > found.bound)
    assert found.cases[0].when == (m - 1 > 0)
    assert found.cases[1].solution == sp.false


@pytest.mark.parametrize("n", [2, 3, 5])
def test_p6_critical_parallelism(n):
    over = {"power_ratio": "r", "decisiveness": "m", "parallelism": "a", "cohesion": "theta"}
    game = bg.symbolic_game(bg.BalancingModel(), equal_states(n), ["balance", "neutral"], over=over)
    found = bg.threshold(game, game.prevailing(["balance"] * n) >= HALF, "a")
    r, theta = game.symbol("r"), game.symbol("theta")
    assert same(found.bound, (n * (r / n) ** (2 / theta) - 1) / (n - 1))
    assert found.cases[0].when == (theta > 0)
    assert same(found.bound.subs(theta, 1), (r**2 - n) / (n * (n - 1)))


def test_p11_the_weak_undermine_and_the_strong_arm():
    """In a coalition of share w for the one who chooses, and 1 - w for another."""
    w, k = sp.Symbol("w", positive=True), sp.Symbol("k", nonnegative=True)
    world = bg.World(["i", "j", "h"], [1, 1, 1], threat="h")
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), world, ["balance", "arm", "undermine"],
        over={
            "power of i": w, "power of j": 1 - w, "power of h": "H", "arming_cost": k,
            "undermining_cost": k, "arming_gain": "g", "undermining_effect": "mu",
            "decisiveness": "m", "domination_loss": "D", "autonomy_loss": 0, "retaliation": "rho",
        },
    )  # fmt: skip
    arms, undermines = (game.payoff("i", [a, "balance"]) for a in ("arm", "undermine"))
    found = bg.threshold(game, arms > undermines, w)
    g, mu = game.symbol("g"), game.symbol("mu")
    assert same(found.bound, mu / (g * (1 - mu)))
    assert found.cases[0].solution == (w > found.bound)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_p13_bandwagoning_is_nash_nearly_always_and_strong_up_to_n_r_b(n):
    game = game_of(n, ["balance", "bandwagon"], **LOSSES)
    r, everyone = game.symbol("r"), ["bandwagon"] * n
    strong = bg.threshold(game, everyone, "r", kind="strong")
    assert same(strong.bound, n * r_b(game))
    assert strong.cases[0].solution == (r >= strong.bound)
    nash = bg.threshold(game, everyone, "r")
    assert same(nash.bound, r_b(game) - (n - 1))


def test_p13_s_example():
    game = game_of(5, ["balance", "bandwagon"], autonomy_loss="alpha")
    found = bg.threshold(game, ["bandwagon"] * 5, "r", kind="strong")
    at = {game.symbol("alpha"): sp.Rational(4, 5), game.symbol("m"): 2}
    assert float(found.bound.subs(at)) == pytest.approx(7.638, abs=5e-4)


@pytest.mark.parametrize("n", [3, 4])
def test_p3_incentives_to_balance_fall_with_the_number_of_balancers(n):
    model = bg.BalancingModel(cohesion=0, decisiveness=1, autonomy_loss=0)
    game = bg.symbolic_game(
        model, equal_states(n), ["balance", "neutral"],
        over={"power_ratio": "r", "domination_loss": "D", "alliance_cost": "c"},
    )  # fmt: skip
    r, loss, c = (game.symbol(name) for name in ("r", "D", "c"))
    marginal = []
    for k in range(n):
        others = ["balance"] * k + ["neutral"] * (n - 1 - k)
        gain = game.payoff("s0", ["balance", *others]) - game.payoff("s0", ["neutral", *others])
        marginal.append(gain + c)
        assert same(marginal[k], loss * r / ((k + r) * (k + 1 + r)))
        slope = sp.diff(marginal[k], r)
        if k:  # it peaks at r^2 = k (k + 1)
            peak = bg.threshold(game, slope >= 0, "r")
            assert peak.closed_form == (r <= peak.bound)
            assert same(peak.bound, sp.sqrt(k * (k + 1)))
    for more, fewer in itertools.pairwise(reversed(marginal)):
        assert bg.threshold(game, more < fewer).condition == sp.true
    # exactly k balance iff the k-th gains at least c and a further one at most c
    for k in range(n + 1):
        profile = ["balance"] * k + ["neutral"] * (n - k)
        found = bg.threshold(game, profile, "c")
        assert found.closed_form is not None
        for ratio, step in itertools.product(["1/3", 1, 4], range(0, 21, 2)):
            at = {r: sp.Rational(ratio), loss: 1}
            cost = sp.Rational(step, 40)
            enough = k == 0 or marginal[k - 1].subs(at) >= cost
            no_more = k == n or marginal[k].subs(at) <= cost
            values = {"r": ratio, "D": 1, "c": str(cost)}
            assert found.holds(values) == bool(enough and no_more)
            exact = {game.symbol(name): Fraction(value) for name, value in values.items()}
            assert truth_at(found.closed_form, exact) == found.holds(values)


def test_p5_unipolarity_suspends_balancing():
    """Unequal powers, three states: beyond the line, neutrality pays more whatever others do."""
    world = bg.World(["i", "j", "k", "h"], [1, 1, 1, 1], threat="h")
    over = {f"power of {s}": f"p_{s}" for s in "ijk"}
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), world,
        over=over | LOSSES | {"power of h": "H", "decisiveness": "m", "autonomy_loss": 0},
    )  # fmt: skip
    loss, c, rho, m, power = (game.symbol(s) for s in ("D", "c", "rho", "m", "H"))
    total = sum(game.symbol(f"p_{s}") for s in "ijk")
    highest = game.prevailing(["balance"] * 3)
    assert same(highest, total**m / (total**m + power**m))
    for others in itertools.product(game.actions[0], repeat=2):
        gain = game.payoff("i", ["balance", *others]) - game.payoff("i", ["neutral", *others])
        pi, before = (game.prevailing([a, *others]) for a in ("balance", "neutral"))
        assert sp.simplify(gain - (loss * (pi - before) - rho * (1 - pi) - c)) == 0
        assert bg.threshold(game, pi <= highest).condition == sp.true  # so the gain is <= D pi - c
    line = bg.threshold(game, loss * highest - c < 0, "H", given=[loss > c, c > 0])
    tau = (loss / c - 1) ** (1 / m)
    assert line.closed_form == (power > line.bound)
    assert same(line.bound, total * tau)
    share = bg.threshold(game, sp.Symbol("s", positive=True) > tau / (1 + tau)).condition
    assert share.subs({c: 1, loss: 2}).free_symbols == {sp.Symbol("s", positive=True)}
    assert sp.simplify((tau / (1 + tau)).subs(loss, 2 * c)) == HALF  # the 50 % line, any m


def test_p5_individually():
    """All neutral is an equilibrium of {B, N} iff H / max p >= tau."""
    world = bg.World(["i", "j", "h"], [1, 1, 1], threat="h")
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), world, ["balance", "neutral"],
        over={"power of i": "p", "power of j": "q", "power of h": "H", "decisiveness": "m",
              "domination_loss": "D", "alliance_cost": "c", "autonomy_loss": 0},
    )  # fmt: skip
    p, q, loss, c, m = (game.symbol(name) for name in ("p", "q", "D", "c", "m"))
    found = bg.threshold(game, ["neutral"] * 2, "H", given=[p >= q, loss > c, c > 0])
    assert same(found.bound, p * (loss / c - 1) ** (1 / m))


def test_p7_small_states_never_balance_and_side_with_the_likely_winner():
    world = bg.World(["small", "large", "h"], [1, 1, 1], threat="h")
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), world,
        over=LOSSES | {"power of small": "eps", "power of large": "p", "power of h": "H",
                       "decisiveness": 2, "retribution": "psi"},
    )  # fmt: skip
    eps, loss, c, rho = (game.symbol(name) for name in ("eps", "D", "c", "rho"))
    for other in game.actions[1]:
        balance, bandwagon, neutral = (
            game.payoff("small", [a, other]).subs(eps, 0) for a in game.actions[0]
        )
        pi = game.prevailing(["neutral", other])
        if other == "balance":
            assert sp.simplify(balance - neutral - (-c - rho * (1 - pi))) == 0
        alpha, psi = game.symbol("alpha"), game.symbol("psi")
        chance = sp.Symbol("pi", nonnegative=True)
        gain = sp.simplify(bandwagon - neutral - (1 - pi) * (loss - alpha) + pi * psi)
        assert gain == 0
        line = bg.threshold(
            game, (1 - chance) * (loss - alpha) - chance * psi > 0, chance,
            given=[loss > alpha, psi > 0],
        )  # fmt: skip
        assert line.closed_form == (chance < line.bound)
        assert same(line.bound, (loss - alpha) / (loss - alpha + psi))


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_p9_the_more_parallel_the_interests_the_more_cohesive(n):
    game = bg.symbolic_ally_game(n)
    a, b, c = (game.symbol(name) for name in "abc")
    delta = sp.Symbol("delta", nonnegative=True)
    together, alone = ["help"] * n, ["withhold"] * n
    stay, tempted, punished = (
        game.payoff(0, profile) for profile in (together, ["withhold", *together[1:]], alone)
    )
    claim = (1 - delta) * tempted + delta * punished <= stay
    found = bg.threshold(game, claim, delta, given=[c < b])
    expected = (c - a * b) / (b + a * ((n - 2) * b - (n - 1) * c))
    assert same(found.cases[0].solution.rhs, expected)
    assert found.cases[0].solution.lhs == delta
    # the stage game is a prisoner's dilemma iff a < c / b
    assert bg.threshold(game, alone, "a", kind="strict").closed_form == (a < c / b)
    # a quotient's derivative has the sign of -(b - c)(b + (n - 1) c): it falls in a
    numerator = sp.numer(sp.together(sp.diff(expected, a)))
    assert sp.factor(numerator + (b - c) * (b + (n - 1) * c)) == 0
    assert (
        bg.threshold(
            game, sp.diff(expected, a) < 0, given=[c < b, sp.denom(expected) > 0]
        ).condition
        == sp.true
    )
    # the package's own critical discount at a point
    at = {a: sp.Rational(1, 5), b: 2, c: 1}
    exact = bg.critical_discount(bg.ally_game(n, 2, 1, "1/5"), together).exact
    assert sp.Rational(exact.numerator, exact.denominator) == expected.subs(at)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_p10_collective_security(n):
    cost, q = sp.symbols(f"c1:{n + 1}", positive=True), sp.symbols(f"q1:{n + 1}", positive=True)
    loss, delta = sp.Symbol("L", positive=True), sp.Symbol("delta", nonnegative=True)
    games = [bg.SymbolicGame(attack_payoffs(n, victim, loss, cost), actions=[
        ["withhold"] if i == victim else ["help", "withhold"] for i in range(n)
    ]) for victim in range(n)]  # fmt: skip

    def paid(i, victim, helpers):
        profile = ["help" if j in helpers and j != victim else "withhold" for j in range(n)]
        return games[victim].payoff(i, profile)

    everyone, i = set(range(n)), 0
    member = sum(q[v] * paid(i, v, everyone) for v in range(n))
    excluded = sum(q[v] * paid(i, v, set() if v == i else everyone - {i}) for v in range(n))
    gain = sp.expand(member - excluded)
    assert sp.expand(gain - (q[i] * loss - (sum(q) - q[i]) * cost[i])) == 0
    # refusing once saves the cost, in the contingency that another is attacked
    saved = paid(i, 1, everyone - {i}) - paid(i, 1, everyone)
    assert saved == cost[i]
    claim = (1 - delta) * saved <= delta * gain
    found = bg.threshold(games[1], claim, delta, given=[gain > 0])
    assert same(found.bound, cost[i] / (cost[i] + gain))
    # symmetric: feasible iff n < 1 + L / c
    symmetric = gain.subs(dict.fromkeys(q, q[0]) | dict.fromkeys(cost, cost[0]))
    feasible = bg.threshold(games[1], symmetric > 0, cost[0])
    assert same(feasible.bound, loss / (n - 1))
    at = dict.fromkeys(q, sp.Rational(1, n)) | dict.fromkeys(cost, 1) | {loss: 10}
    exact = bg.collective_security([f"1/{n}"] * n, 10, 1).critical_discount().exact
    assert found.bound.subs(at) == sp.Rational(exact.numerator, exact.denominator)


def test_p12_the_size_principle():
    """Spoils per unit of power are highest at x = (m - 1)^(1/m), where pi = 1 - 1/m."""
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), bg.World(["i", "h"], [1, 1], threat="h"), ["balance"],
        over={"power of i": "x", "power of h": 1, "decisiveness": "m", "balancing_spoils": "s"},
    )  # fmt: skip
    x, m, spoils = (game.symbol(name) for name in ("x", "m", "s"))
    total = x + 1  # in the model a share of all power; Riker's prize is fixed
    prize = sp.diff(game.payoff("i", ["balance"]), spoils) * total
    pi = game.prevailing(["balance"])
    assert same(prize, pi)
    per_unit = prize / x
    rising = bg.threshold(game, sp.diff(per_unit, x) > 0, "x", given=[m > 1])
    assert rising.closed_form == (x < rising.bound)
    assert same(rising.bound, (m - 1) ** (1 / m))
    at = pi.subs(x, rising.bound)
    for value in (sp.Rational(3, 2), 2, 3):
        assert sp.simplify(at.subs(m, value) - (1 - 1 / sp.sympify(value))) == 0
        optimum = bg.offensive_optimum(value if value == int(value) else "3/2")
        assert float(rising.bound.subs(m, value)) == pytest.approx(optimum.ratio)
    falling = bg.threshold(game, sp.diff(per_unit, x) < 0, given=[m <= 1])
    assert falling.condition == sp.true  # no interior optimum
