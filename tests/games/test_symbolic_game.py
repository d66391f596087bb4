"""Games whose payoffs are sympy expressions."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.games.exact_evaluation import sign_at, truth_at, value_at
from balancegame.games.numpy_function import NumpyFunction

X, Y = sp.symbols("x y", positive=True)
RATIONALS = st.fractions("1/9", 9, max_denominator=9)


def test_numbers_are_exact_and_text_is_a_number():
    game = bg.SymbolicGame([["1/3", 0.1, Fraction(2, 7), 3]])
    assert game.payoffs.tolist() == [[
        sp.Rational(1, 3), sp.Rational(0.1), sp.Rational(2, 7), sp.Integer(3),
    ]]  # fmt: skip
    assert game.at({}).exact_payoffs[0, 1] == Fraction(0.1)


def test_sympy_floats_count_at_their_binary_value():
    game = bg.SymbolicGame([[X * 0.1, 1]])
    assert game.at({"x": 1}).exact_payoffs[0, 0] == Fraction(0.1)


@pytest.mark.parametrize(
    ("payoffs", "error", "text"),
    [
        ([["x + 1", 0]], errors.InvalidPayoffError, "sympy"),
        ([["__import__('os')", 0]], errors.InvalidPayoffError, "no number"),
        ([[X > 0, 0]], errors.InvalidTypeError, "not a condition"),
        ([[sp.sin(X), 0]], errors.InvalidExpressionError, "sin"),
        ([[sp.I * X, 0]], errors.InvalidExpressionError, "real numbers"),
        ([[X + sp.Symbol("x"), 0]], errors.InvalidExpressionError, "two different symbols"),
        ([[sp.oo, 0]], errors.InvalidExpressionError, "contains"),
        ([[float("nan"), 0]], errors.InvalidPayoffError, "finite"),
        ([[X, 0], [1]], errors.InvalidShapeError, "ragged"),
        ([X, 0], errors.InvalidShapeError, "ragged"),
        ([[[X, 0]]], errors.InvalidShapeError, "1 players"),
    ],
)
def test_bad_payoffs_are_refused(payoffs, error, text):
    with pytest.raises(error, match=text):
        bg.SymbolicGame(payoffs)


@pytest.mark.parametrize(
    ("values", "error", "text"),
    [
        ({"x": 1}, errors.InvalidParameterError, "no number for y"),
        ({"x": 1, "y": 1, "z": 1}, errors.UnknownParameterError, "'z'"),
        ({"x": -1, "y": 1}, errors.InvalidParameterError, "positive"),
        ({"x": 1, "y": 2}, errors.InvalidParameterError, "outside the domain"),
        ({"x": float("inf"), "y": 1}, errors.InvalidParameterError, "finite"),
        ([1, 2], errors.InvalidTypeError, "mapping"),
    ],
)
def test_bad_values_are_refused(values, error, text):
    game = bg.SymbolicGame([[X, Y]], domain=[Y <= X])
    with pytest.raises(error, match=text):
        game.at(values)


def test_a_payoff_that_is_not_defined_is_refused():
    game = bg.SymbolicGame([[1 / (X - Y), 0]])
    with pytest.raises(errors.InvalidPayoffError, match="not defined"):
        game.at({"x": 1, "y": 1})


@settings(max_examples=20)
@given(RATIONALS, RATIONALS)
def test_at_substitutes_exactly(x, y):
    table = [[X**2 / (X + Y), sp.Max(X, Y)], [sp.sqrt(X**2), sp.Piecewise((X, X > Y), (Y, True))]]
    game = bg.SymbolicGame.from_arrays(table, [[X, 0], [1, Y]])
    found = game.at({"x": x, "y": y})
    larger = max(x, y)
    assert found.exact_payoffs[0].tolist() == [[x**2 / (x + y), larger], [x, larger]]
    floats = game.function()(x=float(x), y=[float(y)] * 3)
    assert all(one.shape == (3,) for one in floats)
    np.testing.assert_allclose([one[0] for one in floats], found.payoffs.ravel(), rtol=1e-14)


def test_irrational_payoffs_are_floats_to_the_last_digit():
    game = bg.SymbolicGame([[sp.sqrt(X), X ** sp.Rational(1, 3), sp.exp(X), sp.log(X)]])
    assert game.at({"x": 2}).payoffs.tolist() == [[[
        2**0.5, 1.2599210498948732, 7.38905609893065, 0.6931471805599453,
    ]]][0]  # fmt: skip


def test_fix_replaces_by_numbers_and_expressions():
    game = bg.SymbolicGame([[X * Y, X]], domain=[Y <= X])
    assert game.fix({"y": X / 2}).payoffs.tolist() == [[X**2 / 2, X]]
    (fact,) = game.fix({"y": "1/2"}).domain
    assert fact == (sp.Rational(1, 2) <= X)
    with pytest.raises(errors.InvalidParameterError, match="outside the domain"):
        game.fix({"x": 1, "y": 2})
    with pytest.raises(errors.UnknownParameterError):
        game.fix({"z": 1})


def test_profiles_and_payoffs_go_by_name_or_index():
    actions = [["t"], ["l", "r"]]
    game = bg.SymbolicGame.from_arrays([[X, 0]], [[1, Y]], players=["A", "B"], actions=actions)
    assert game.payoff("B", {"A": "t", "B": "r"}) == Y
    assert game.payoff(0, [0, 0]) == X
    with pytest.raises(errors.UnknownActionError, match="'r'"):
        game.payoff("A", ["t", "rr"])
    with pytest.raises(errors.InvalidTypeError, match="pure"):
        game.payoff("A", ["t", [0.5, 0.5]])
    with pytest.raises(errors.UnknownParameterError):
        game.symbol("z")


def test_a_game_is_immutable_picklable_and_readable():
    game = bg.SymbolicGame.from_arrays([[X, 0]], [[1, Y]], domain=[Y <= 1], title="T")
    assert pickle.loads(pickle.dumps(game)) == game
    assert "domain: y <= 1" in repr(game)
    assert hash(game) == hash(pickle.loads(pickle.dumps(game)))
    with pytest.raises(AttributeError, match="immutable"):
        game.payoffs = None
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0, 0] = 1
    assert game != bg.SymbolicGame.from_arrays([[X, 0]], [[1, X]])


def test_numpy_functions_are_picklable_and_check_names():
    function = NumpyFunction((X + Y, X > Y))
    again = pickle.loads(pickle.dumps(function))
    total, more = again({"x": [1, 2]}, y=1.5)
    assert total.tolist() == [2.5, 3.5]
    assert more.tolist() == [False, True]
    with pytest.raises(errors.UnknownParameterError):
        function(z=1)
    with pytest.raises(errors.InvalidParameterError, match="no value"):
        function(x=1)
    assert NumpyFunction(sp.true, [X])(x=[1, 2]).tolist() == [True, True]


@settings(max_examples=20)
@given(RATIONALS, RATIONALS, st.fractions(-3, 3, max_denominator=4))
def test_signs_of_radicals_are_exact(x, y, power):
    """(sqrt x + sqrt y)^2 = x + y + 2 sqrt(x y), however close the floats are."""
    at = {X: x, Y: y}
    zero = sp.sqrt(X + Y + 2 * sp.sqrt(X * Y)) - sp.sqrt(X) - sp.sqrt(Y)
    assert sign_at(zero, at) == 0
    assert sign_at(zero + sp.Rational(1, 10**40), at) == 1
    p = sp.Rational(power.numerator, power.denominator)
    assert value_at(X**p, at) == pytest.approx(float(x) ** float(power), rel=1e-14)


def test_signs_of_other_functions():
    at = {X: Fraction(2), Y: Fraction(3)}
    assert sign_at(sp.exp(X) - sp.exp(Y), at) == -1
    assert sign_at(sp.exp(X) * sp.exp(Y) - sp.exp(X + Y), at) == 0
    assert sign_at(sp.log(X) + sp.log(Y) - sp.log(6), at) == 0
    assert sign_at(sp.pi - sp.Rational(355, 113), {}) == -1
    assert sign_at(sp.Abs(X - Y) - 1, at) == 0
    assert sign_at(sp.Min(X, sp.sqrt(Y)) - sp.sqrt(3), at) == 0
    assert sign_at(sp.CRootOf(X**5 - X - 1, 0) - sp.Rational(7, 6), {}) == 1
    with pytest.raises(errors.InvalidPayoffError):
        sign_at(sp.sqrt(X - Y), at)
    with pytest.raises(errors.InvalidPayoffError):
        sign_at(sp.log(sp.sqrt(X) - 2), at)


def test_truth_of_alternatives_ignores_what_is_not_defined():
    at = {X: Fraction(1), Y: Fraction(2)}
    undefined = sp.Ge(sp.sqrt(X - Y), 1)
    assert not truth_at(sp.And(X > Y, undefined, evaluate=False), at)
    assert truth_at(sp.Or(X < Y, undefined, evaluate=False), at)
    with pytest.raises(errors.InvalidPayoffError):
        truth_at(sp.And(X < Y, undefined, evaluate=False), at)
