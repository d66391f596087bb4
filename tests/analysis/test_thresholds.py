"""Exact conditions of equilibrium, against brute force at random rational points."""

import itertools
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.analysis.thresholds.signs import (
    ANY,
    NEGATIVE,
    NONNEGATIVE,
    POSITIVE,
    Facts,
)
from balancegame.games.exact_evaluation import truth_at
from tests.symbolic_games import (
    M,
    X,
    Y,
    Z,
    by_cases,
    contests,
    points,
    polynomials,
    roots,
    stands,
    symbolic_games,
)

SLOW = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much,
                              HealthCheck.data_too_large],
}  # fmt: skip


def check_against_brute_force(data, game):
    kind = data.draw(st.sampled_from(["nash", "strict", "strong"]))
    cell = data.draw(st.tuples(*(st.integers(0, m - 1) for m in game.shape)))
    assume(game.symbols)
    variable = data.draw(st.sampled_from(sorted(game.symbols)))
    found = bg.threshold(game, cell, variable, kind=kind)
    assert (found.closed_form is None) == bool(found.reason)
    for _ in range(4):
        values = data.draw(points(game))
        at = {game.symbols[name]: value for name, value in values.items()}
        try:
            if not all(truth_at(fact, at) for fact in game.domain):
                continue
            expected = stands(game, cell, kind, values)
        except errors.InvalidPayoffError:  # a contest of nothing against nothing
            continue
        assert found.holds(values) == expected
        if found.closed_form is not None:
            assert truth_at(found.closed_form, at) == expected
            assert sum(truth_at(one.when, at) for one in found.cases) == 1


@given(st.data(), symbolic_games(entries=polynomials()))
@settings(max_examples=10, **SLOW)
def test_polynomial_payoffs(data, game):
    check_against_brute_force(data, game)


@given(st.data(), symbolic_games(entries=contests(), shapes=((2,), (3,), (2, 2))))
@settings(max_examples=10, **SLOW)
def test_payoffs_with_contests(data, game):
    check_against_brute_force(data, game)


@given(st.data(), symbolic_games(entries=roots(), shapes=((2,), (2, 2), (2, 3))))
@settings(max_examples=10, **SLOW)
def test_payoffs_with_roots(data, game):
    check_against_brute_force(data, game)


@given(st.data(), symbolic_games(entries=by_cases(), shapes=((2,),)))
@settings(max_examples=4, **SLOW)
def test_payoffs_by_cases(data, game):
    check_against_brute_force(data, game)


@pytest.mark.thorough
@given(st.data(), st.sampled_from([polynomials(), contests(), roots(), by_cases()]))
@settings(max_examples=300, **SLOW)
def test_many_more_games(data, entries):
    check_against_brute_force(data, data.draw(symbolic_games(entries=entries)))


@given(st.data(), symbolic_games(entries=polynomials(), shapes=((2, 2), (2, 2), (2, 3), (3, 2))))
@settings(max_examples=5, **SLOW)
def test_regions_are_the_pure_and_mixed_equilibria(data, game):
    found = bg.regions(game)
    for _ in range(3):
        values = data.draw(points(game))
        at = {game.symbols[name]: value for name, value in values.items()}
        if not all(truth_at(fact, at) for fact in game.domain):
            continue
        table = game.at(values)
        assert set(found.at(values)) == {one.actions for one in bg.pure_nash(table)}
        listed = bg.nash_equilibria(table)
        if listed.degenerate or len(listed.components) < len(listed):
            continue
        mixes = {one.at(values) for one in found.mixed if one.holds(values)}
        assert mixes == {
            tuple(map(tuple, one.exact)) for one in listed if min(map(len, one.support)) > 1
        }


ACTIONS = ("balance", "bandwagon", "neutral")


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=2),
    st.integers(-5, 9).map(lambda k: k / 10),
    st.sampled_from([Fraction(1, 2), 1, 2]),
    st.sampled_from([0, 1]),
    st.sampled_from(["nash", "strict"]),
)
@settings(max_examples=4, **SLOW)
def test_labels_agree_with_games_built_at_every_point_of_a_grid(powers, b, m, cohesion, kind):
    n = len(powers)
    matrix = np.eye(n + 1)
    matrix[n, :n] = matrix[:n, n] = b / 2
    assume(np.linalg.eigvalsh(matrix)[0] > 0.01)
    names = [f"s{i}" for i in range(n)]
    world = bg.World([*names, "h"], [*powers, 1], matrix, threat="h")
    model = bg.BalancingModel(decisiveness=m, cohesion=cohesion)
    game = bg.symbolic_game(model, world, over=("power_ratio", "parallelism"))
    found = bg.regions(game, kind=kind)
    ratio, a = np.linspace(0.15, 4, 5)[:, None], np.linspace(-0.3, 1, 4)[None]
    labels = found.label(power_ratio=ratio, parallelism=a)
    feasible = found.feasible(power_ratio=ratio, parallelism=a)
    assert set(labels) == set(found.profiles)
    for i, j in np.ndindex(5, 4):
        if not feasible[i, j]:
            continue
        matrix[:n, :n] = a[0, j]
        np.fill_diagonal(matrix, 1)
        if np.linalg.eigvalsh(matrix)[0] < 1e-9:
            continue
        power = [*powers, ratio[i, 0] * np.mean(powers)]
        table = model.game(bg.World([*names, "h"], power, matrix, threat="h"))
        values = {"power_ratio": ratio[i, 0], "parallelism": a[0, j]}
        for profile, mask in labels.items():
            gains = [
                max(np.delete(one, k) - one[k])
                for one, k in zip(
                    table.action_payoffs(profile), map(ACTIONS.index, profile), strict=True
                )
            ]
            if abs(max(gains)) < 1e-9:
                continue
            assert mask[i, j] == (max(gains) < 0) == found.of(profile).holds(values)


def golden(model):
    return bg.symbolic_game(
        model, bg.load_scenario("golden-3"), ("balance", "neutral"),
        over={"power_ratio": "r", "parallelism": "a"},
    )  # fmt: skip


GOLDEN = bg.regions(golden(bg.BalancingModel(decisiveness=2)))


def test_curves_lie_where_labels_change():
    found = GOLDEN
    curves = found.curves("r", "a")
    along = np.linspace(0.3, 3.9, 40)
    checked = 0
    for curve in curves:
        assert curve.expression is not None
        other = curve.points(along)
        at = {"r": along, "a": along} | {curve.solved_for: other}
        on = np.isfinite(other)
        if not on.any():
            continue
        assert np.abs(curve.values(at["r"], at["a"])[on]).max() < 1e-6
        low, high = ({name: value[on] for name, value in at.items()} for _ in range(2))
        low[curve.solved_for] -= 1e-5
        high[curve.solved_for] += 1e-5
        changes = found.label(low)[curve.profile] != found.label(high)[curve.profile]
        inside = (np.abs(at["a"][on]) < 0.999) & (at["r"][on] > 0.01)
        assert changes[inside].all()
        checked += inside.sum()
    assert checked > 20


def test_a_region_is_bounded_by_its_curves_alone():
    """Along a line the label changes exactly where a curve crosses."""
    found = GOLDEN
    r = np.linspace(0.2, 4, 3001)
    for profile, mask in found.label(r=r, a=0.4).items():
        for k in np.flatnonzero(mask[1:] != mask[:-1]):
            curves = list(found.of(profile).curves("r", "a"))
            ends = [c.points(r[k : k + 2] if c.solved_for == "a" else 0.4) for c in curves]
            crossings = [
                (np.nanmin(e) <= 0.4 <= np.nanmax(e)) if c.solved_for == "a" else
                (r[k] <= float(e) <= r[k + 1])
                for c, e in zip(curves, ends, strict=True) if np.isfinite(e).any()
            ]  # fmt: skip
            assert any(crossings)


def test_symmetric_profiles_are_one_region():
    model, actions = bg.BalancingModel(cohesion=0), ("balance", "neutral")
    world = bg.World(["A", "B", "C", "H"], [1, 1, 1, 1], threat="H")
    found = bg.regions(bg.symbolic_game(model, world, actions, over=["power_ratio"]))
    assert len(found) == 4
    assert len(found.profiles) == 8
    first, last = ["balance", "neutral", "neutral"], ["neutral", "neutral", "balance"]
    assert found.of(first) is found.of(last)
    unequal = world.replace(power=[1, 1, 2, 1])
    found = bg.regions(bg.symbolic_game(model, unequal, actions, over=["power_ratio"]))
    assert len(found) == 6
    assert found.of(first) is not found.of(last)


def test_no_closed_form_says_so_and_gives_the_condition():
    game = bg.SymbolicGame([[X**M + X, Y + sp.exp(X)]])
    found = bg.threshold(game, [0], "x")
    assert found.closed_form is None
    assert found.bound is None
    assert found.bound_function() is None
    assert "x enters through" in found.reason
    assert "no closed form" in repr(found)
    assert found.holds({"x": 3, "y": 0, "m": 3})
    assert not found.holds({"x": 3, "y": 20, "m": 3})


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (X**3 - 2 * X - 5 >= 0, sp.CRootOf(X**3 - 2 * X - 5, 0) <= X),
        (X**4 <= 16, X <= 2),
        (sp.log(X) >= 0, X >= 1),
        (sp.exp(2 * X) > 9, sp.log(9) / 2 < X),
        ((X + 1) ** M >= 2**M, X >= 1),
        ((X - 1) ** 2 > 0, sp.Or(X < 1, X > 1)),
        ((X - 1) * (X - 2) * (X - 4) ** 2 <= 0, sp.Or(sp.And(X >= 1, X <= 2), sp.Eq(X, 4))),
        (X + 1 > 0, sp.true),
        (X + 1 < 0, sp.false),
        (sp.Max(X, 2) <= 3, X <= 3),
        (sp.Abs(X - 2) <= 1, sp.And(X >= 1, X <= 3)),
    ],
)
def test_single_inequalities(claim, expected):
    game = bg.SymbolicGame([[X, M]])
    found = bg.threshold(game, claim, "x")
    assert found.closed_form is not None
    for numerator in range(1, 60):
        at = {X: Fraction(numerator, 11), M: Fraction(3, 2)}
        assert truth_at(found.closed_form, at) == truth_at(expected, at)
        assert found.holds({"x": at[X], "m": at[M]}) == truth_at(expected, at)
    for whole in (1, 2, 3, 4):
        at = {X: Fraction(whole), M: Fraction(2)}
        assert truth_at(found.closed_form, at) == truth_at(expected, at)


B, C = sp.symbols("b c", nonnegative=True)


@pytest.mark.parametrize("relation", [sp.Ge, sp.Gt, sp.Le, sp.Lt])
@pytest.mark.parametrize(
    "expression",
    [
        Y + B * sp.sqrt(Y) + C,
        Y - X * sp.sqrt(Y) - C,
        Y + B * sp.sqrt(Y) - C,
        Y - B * sp.sqrt(Y) - C,
        X * Y - B * sp.sqrt(Y) + C,
    ],
)
def test_a_polynomial_in_a_root_that_may_be_zero(expression, relation):
    """At y = 0, where c may be 0 or not."""
    game = bg.SymbolicGame([[X + Y + B + C, 0]])
    found = bg.threshold(game, relation(expression, 0), "y")
    assert found.closed_form is not None
    for y, b, c, x in itertools.product([0, Fraction(1, 4), 4], [0, 1, 3], [0, 2], [1, 3]):
        at = {Y: Fraction(y), B: Fraction(b), C: Fraction(c), X: Fraction(x)}
        assert truth_at(found.closed_form, at) == truth_at(relation(expression, 0), at)


def test_signs_are_proven_from_facts():
    d, alpha, c = sp.symbols("D alpha c", positive=True)
    facts = Facts.from_conditions([alpha <= d, c < 1])
    assert facts.signs(d - alpha) == NONNEGATIVE
    assert facts.signs(d - alpha + c) == POSITIVE
    assert facts.signs((alpha - d) * c - 1) == NEGATIVE
    assert facts.signs(d - 2 * alpha) == ANY
    assert facts.signs((1 + c) ** M - 2**M) == NEGATIVE
    assert facts.signs(sp.sqrt(alpha) - sp.sqrt(d)) == frozenset((-1, 0))
    assert facts.adding(alpha - c, POSITIVE).signs(d - c) == POSITIVE


@given(st.data(), symbolic_games(entries=polynomials() | roots() | contests(), shapes=((2,),)))
@settings(max_examples=30, **SLOW)
def test_proven_signs_hold_at_every_point(data, game):
    """The prover alone, on differences of payoffs."""
    from balancegame.games.exact_evaluation import sign_at

    facts = Facts.from_conditions(game.domain)
    first, second = game.payoffs[0]
    signs = facts.signs(first - second)
    for _ in range(5):
        values = data.draw(points(game))
        at = {game.symbols[name]: value for name, value in values.items()}
        try:
            if all(truth_at(fact, at) for fact in game.domain):
                assert sign_at(first - second, at) in signs
        except errors.InvalidPayoffError:
            continue


def prisoners():
    b, c = sp.symbols("b c", positive=True)
    return bg.SymbolicGame.from_arrays(
        [[b - c, -c], [b, 0]], [[b - c, b], [-c, 0]], actions=["help", "withhold"]
    )


def test_results_are_picklable_json_able_and_readable():
    found = bg.threshold(prisoners(), ["help", "help"], "c")
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert json.loads(found.to_json())["closed_form"] == "never"
    assert found.latex() == r"\text{never}"
    assert "never" in repr(found)
    assert "<table>" in found._repr_html_()
    regions = bg.regions(prisoners())
    assert pickle.loads(pickle.dumps(regions)).profiles == regions.profiles
    assert json.loads(regions.to_json())["kind"] == "nash"
    assert "withhold, withhold" in repr(regions)
    assert "<table>" in regions._repr_html_()
    with pytest.raises(AttributeError):
        found.claim = ""
    with pytest.raises(AttributeError):
        regions.kind = ""


def test_latex_uses_the_model_s_symbols():
    world = bg.World(["A", "H"], [1, 1], threat="H")
    over = ("power_ratio", "autonomy_loss", "alliance_cost", "decisiveness")
    game = bg.symbolic_game(bg.BalancingModel(cohesion=0), world, ACTIONS[:2], over=over)
    found = bg.threshold(game, ["balance"], "power_ratio").latex()
    assert r"r \leq \left(\frac{- c + \alpha}{c - \alpha + 1}\right)^{\frac{1}{m}}" in found
    assert "alliance_cost" not in found


def test_functions_are_fast_numpy_functions():
    world = bg.World(["A", "H"], [1, 1], threat="H")
    over = {"power_ratio": "r", "alliance_cost": "c"}
    game = bg.symbolic_game(bg.BalancingModel(cohesion=0), world, ACTIONS[:2], over=over)
    found = bg.threshold(game, ["balance"], "r")
    r, c = np.linspace(0.01, 3, 50)[:, None], np.linspace(0, 0.5, 40)[None]
    mask = found.function()(r=r, c=c)
    assert mask.shape == (50, 40)
    bound = found.bound_function()(c=c)
    np.testing.assert_array_equal(mask, r <= bound)


def test_a_third_parameter_is_refused_in_a_plane():
    game = bg.SymbolicGame([[X * Y, Z]])
    with pytest.raises(errors.InvalidParameterError, match="depends on z"):
        bg.regions(game)[0].curves("x", "y")
    assert bg.regions(game.fix({"z": 1}))[0].curves("x", "y")


def test_arrays_may_be_named_by_symbols_and_hold_fractions():
    found = bg.regions(prisoners())
    b, c = found.game.symbols.values()
    by_symbol = found.label({b: Fraction(1, 2), c: [1, 2]})
    by_name = found.label(b=0.5, c=[1, 2])
    assert all((by_symbol[name] == by_name[name]).all() for name in by_name)


def test_an_implicit_curve_has_values_but_no_points():
    game = bg.SymbolicGame([[X**Y + X, X * Y + sp.exp(X) + Y**Y]])
    (curve,) = bg.regions(game)[0].curves("x", "y")
    assert curve.expression is None
    assert "no closed form" in repr(curve)
    assert curve.values(np.ones(3), 2.0).shape == (3,)
    with pytest.raises(errors.InvalidParameterError, match="no closed form"):
        curve.points([1, 2])


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda g: bg.threshold(g, [0, 0], "d"), errors.UnknownParameterError, "known: b, c"),
        (lambda g: bg.threshold(g, [0, 0], X + 1), errors.UnknownParameterError, "one symbol"),
        (lambda g: bg.threshold(g, ["help"], "b"), errors.InvalidShapeError, "1 entry"),
        (lambda g: bg.threshold(g, ["help", "hlep"], "b"), errors.UnknownActionError, "'help'"),
        (lambda g: bg.threshold(g, [0, 0], kind="weak"), errors.UnknownClaimError, "'weak'"),
        (lambda g: bg.threshold(g, X + Y), errors.InvalidTypeError, "inequality"),
        (lambda g: bg.threshold(g, "b > c"), errors.InvalidTypeError, "profile"),
        (lambda g: bg.threshold(g, [0, 0], given=["b > c"]), errors.InvalidTypeError, "given"),
        (lambda g: bg.threshold(g.at({"b": 1, "c": 1}), [0, 0]), errors.InvalidTypeError, "game"),
        (lambda g: bg.regions(g, kind="x"), errors.UnknownClaimError, "kind"),
        (lambda g: bg.regions(g, 3), errors.InvalidTypeError, "sequence of profiles"),
        (lambda g: bg.regions(g, "help"), errors.InvalidTypeError, "sequence of profiles"),
        (lambda g: bg.threshold(g, [0, 0], given=X > 1), errors.InvalidTypeError, "sequence of"),
        (lambda g: bg.threshold(g, [0, 0], given=[False]), errors.InvalidParameterError, "never"),
        (
            lambda g: bg.threshold(g, [0, 0], given=[X > Y, X < Y]),
            errors.InvalidParameterError,
            "domain is empty",
        ),
        (
            lambda g: bg.regions(bg.SymbolicGame([[X, Y]], domain=[X < 1, X > 2])),
            errors.InvalidParameterError,
            "domain is empty",
        ),
        (lambda g: bg.threshold(g, [0, 0]).holds(None), errors.InvalidTypeError, "mapping"),
        (lambda g: bg.threshold(g, [0, 0]).holds([1]), errors.InvalidTypeError, "mapping"),
        (lambda g: bg.regions(g).label([1]), errors.InvalidTypeError, "mapping"),
        (lambda g: bg.regions(g).label(b="x", c=1), errors.InvalidTypeError, "b is 'x'"),
        (lambda g: bg.regions(g).label(b=1j, c=1), errors.InvalidTypeError, "array of numbers"),
        (lambda g: bg.regions(g).label(b=[1, 2], c=[1, 2, 3]), errors.InvalidShapeError, "c: "),
        (lambda g: bg.regions(g).feasible(x=1), errors.UnknownParameterError, "'x'"),
        (lambda g: g.payoff("halp", [0, 0]), errors.UnknownPlayerError, "unknown player"),
        (lambda g: g.payoff(5, [0, 0]), errors.UnknownPlayerError, "players 0 to 1"),
        (lambda g: g.fix([1]), errors.InvalidTypeError, "mapping"),
        (lambda g: g.function()(b=1, c="x"), errors.InvalidTypeError, "c is 'x'"),
        (lambda g: bg.regions(g).of(["help", 5]), errors.UnknownActionError, "5"),
        (lambda g: bg.regions(g, [[0, 0]]).of([1, 1]), errors.InvalidParameterError, "none of"),
    ],
)
def test_bad_arguments_are_refused(call, error, text):
    with pytest.raises(error, match=text):
        call(prisoners())


def test_too_many_profiles_are_refused_before_anything_is_computed():
    world = bg.World([f"s{i}" for i in range(8)] + ["h"], [1] * 9, threat="h")
    game = bg.symbolic_game(bg.BalancingModel(cohesion=0), world, over=["power_ratio"])
    with pytest.raises(errors.TooManyProfilesError, match="6,561"):
        bg.regions(game)
    with pytest.raises(errors.TooManyProfilesError, match="6,561"):
        bg.threshold(game, ["neutral"] * 8, kind="strong")
    assert bg.threshold(game, ["neutral"] * 8, "power_ratio").closed_form is not None


def test_an_opportunist_s_outcomes_have_conditions_by_cases():
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), bg.World(["A", "H"], [1, 1], threat="H"),
        over={"power_ratio": "r"}, hegemon="strategic",
    )  # fmt: skip
    found = bg.regions(game, [["balance", "opportunist"], ["bandwagon", "opportunist"]])
    for ratio in ("1/5", "1/2", 1, "3/2", 3):
        table = game.at({"r": ratio})
        pure = {one.actions for one in bg.pure_nash(table)}
        for one in found:
            assert one.holds({"r": ratio}) == (one.profile in pure)


def test_importing_the_package_does_not_load_sympy():
    import subprocess
    import sys

    code = "import sys, balancegame; balancegame.World; assert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
