"""Published games in symbols: their textbook conditions come out by derivation."""

import itertools

import pytest
import sympy as sp

import balancegame as bg


def of_two(rows, columns, actions, **options):
    return bg.SymbolicGame.from_arrays(rows, columns, actions=actions, **options)


def test_maynard_smith_and_price_1973_hawks_and_doves():
    """Hawks fight at cost c over v: a mixture with v / c hawks iff fighting costs more than v."""
    v, c = sp.symbols("v c", positive=True)
    hawks = [[(v - c) / 2, v], [sp.Integer(0), v / 2]]
    game = of_two(hawks, sp.Matrix(hawks).T.tolist(), ["hawk", "dove"])
    found = bg.regions(game)
    (mixed,) = found.mixed
    assert sp.simplify(mixed.profile[0][0] - v / c) == 0
    assert mixed.condition == (c - v > 0)
    assert found.of(["hawk", "hawk"]).condition == (v - c >= 0)
    assert found.of(["dove", "dove"]).condition == sp.false


def test_the_stag_hunt_s_mixture():
    """R > T >= P > S: both hunt with the chance (P - S) / (R - T + P - S)."""
    r, t, p, s = sp.symbols("R T P S", real=True)
    game = of_two([[r, s], [t, p]], [[r, t], [s, p]], ["hunt", "hare"], domain=[r > t, p > s])
    found = bg.regions(game)
    (mixed,) = found.mixed
    assert mixed.condition == sp.true
    assert sp.simplify(mixed.profile[0][0] - (p - s) / (r - t + p - s)) == 0
    assert found.of(["hunt", "hunt"]).condition == sp.true
    assert bg.threshold(game, ["hare", "hare"], kind="strong", given=[r > p]).condition == sp.false


def test_tullock_1980_efforts_in_a_contest_of_two():
    """x* = m V / 4 is where the marginal payoff of effort changes sign (m = 1)."""
    x, y, v = sp.symbols("x y V", positive=True)
    game = bg.SymbolicGame.from_arrays([[x / (x + y) * v - x]], [[y / (x + y) * v - y]])
    marginal = sp.diff(game.payoff(0, [0, 0]), x)
    found = bg.threshold(game, marginal >= 0, "x")
    bound = found.cases[0].solution.rhs
    assert sp.simplify(bound.subs(y, v / 4) - v / 4) == 0


@pytest.mark.parametrize("exponent", [sp.Rational(1, 2), 2, 3])
def test_skaperdas_1998_an_alliance_forms_iff_returns_increase(exponent):
    """Two of three ally iff f(a + b) > f(a) + f(b), f = x^m: iff m > 1 (MODEL.md, A2)."""
    a, b, k = sp.symbols("a b k", positive=True)
    m = exponent
    alone = a**m / (a**m + b**m + k**m)
    allied = (a + b) ** m / ((a + b) ** m + k**m) * a**m / (a**m + b**m)
    game = bg.SymbolicGame([[alone, allied]], actions=["alone", "allied"])
    better = bg.threshold(game, ["allied"])
    assert m < 1 or better.condition == sp.true
    for powers in itertools.product([1, 2, "7/3"], repeat=3):
        assert better.holds(dict(zip("abk", powers, strict=True))) == (m > 1)


def test_skaperdas_1998_for_every_exponent():
    """With equal endowments the line is m = 1, solved for m itself."""
    m = sp.Symbol("m", positive=True)
    alone, allied = sp.Rational(1, 3), 2**m / (2**m + 1) / 2
    game = bg.SymbolicGame([[alone, allied]], actions=["alone", "allied"])
    found = bg.threshold(game, ["allied"], "m")
    assert found.closed_form == (m >= 1)


def test_olson_1965_the_privileged_group_in_a_discrete_form():
    """One of n contributes alone iff his own benefit exceeds the cost: the privileged group."""
    v, c = sp.symbols("v c", positive=True)
    game = of_two([[v - c, v - c], [v, 0]], [[v - c, v], [v - c, 0]], ["give", "ride"])
    found = bg.regions(game)
    assert found.of(["give", "ride"]).condition == (v - c >= 0)
    assert found.of(["ride", "ride"]).condition == (c - v >= 0)
    (mixed,) = found.mixed
    assert sp.simplify(mixed.profile[0][1] - c / v) == 0  # he rides with the chance c / v
