"""Sympy expressions as users give them: checked, never parsed; and the numbers they are read at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from balancegame._checks import check_known, is_sized
from balancegame._numbers import Number, exactly, parse_number, shorten
from balancegame._words import listed
from balancegame.errors import (
    InvalidExpressionError,
    InvalidParameterError,
    InvalidPayoffError,
    InvalidTypeError,
    UnknownParameterError,
)
from balancegame.games.exact_evaluation import FUNCTIONS, Values, truth_at

sp: Any = sympy  # whose own types are partial

_RELATIONS = (sp.Ge, sp.Gt, sp.Le, sp.Lt)
_CONNECTIVES = (sp.And, sp.Or, sp.Not)


def rational(value: Fraction | int) -> Any:
    """A sympy rational."""
    exact = Fraction(value)
    return sp.Rational(exact.numerator, exact.denominator)


def read_expression(value: Any, argument: str) -> Any:
    """A payoff or parameter: a sympy expression as it is, or a number at its exact value.

    Text is read as a number only, as everywhere in the package: it is never parsed by sympy.
    """
    if not isinstance(value, sp.Basic):
        if isinstance(value, str):
            return rational(exactly(_number_in_text(value, argument)))
        return rational(exactly(parse_number(value, argument, InvalidPayoffError)))
    if not isinstance(value, sp.Expr):
        message = f"{argument} is {shorten(value)}; it must be an expression, not a condition"
        raise InvalidTypeError(message)
    _check_nodes(value, argument)
    return exact_floats(value)


def _number_in_text(value: str, argument: str) -> float:
    try:
        return parse_number(value, argument, InvalidPayoffError)
    except InvalidPayoffError:
        message = (
            f"{argument} is {shorten(value)}, which is no number; for a formula give a sympy "
            'expression, for instance sympy.Symbol("b") - sympy.Symbol("c")'
        )
        raise InvalidPayoffError(message) from None


def read_condition(value: Any, argument: str) -> Any:
    """A condition: inequalities, combined by and, or and not."""
    if isinstance(value, bool | np.bool_) or value in (sp.true, sp.false):
        return sp.true if bool(value) else sp.false
    if isinstance(value, _CONNECTIVES):
        parts = [read_condition(part, argument) for part in value.args]
        return value.func(*parts)
    if not isinstance(value, _RELATIONS):
        message = (
            f"{argument} is {shorten(value)}; it must be a sympy inequality (>=, >, <=, <), or "
            "several combined by sympy.And, sympy.Or"
        )
        raise InvalidTypeError(message)
    sides = [read_expression(side, argument) for side in value.args]
    return value.func(*sides)


def read_conditions(values: Any, argument: str) -> tuple[Any, ...]:
    """Conditions to take for granted: a sequence, none of them false."""
    if isinstance(values, sp.Basic | str) or not is_sized(values):
        message = (
            f"{argument} is {shorten(values)}; give a sequence of inequalities: [x > 1, y > x]"
        )
        raise InvalidTypeError(message)
    found = tuple(read_condition(one, f"{argument}[{k}]") for k, one in enumerate(values))
    for k, one in enumerate(found):
        if one == sp.false:
            message = f"{argument}[{k}] is {shorten(values[k])}, which is never true; leave it out"
            raise InvalidParameterError(message)
    return found


def _check_nodes(expression: Any, argument: str) -> None:
    for node in sp.preorder_traversal(expression):
        if isinstance(node, sp.Float):
            continue
        if isinstance(node, (*FUNCTIONS, sp.Symbol, sp.Rational, *_RELATIONS, *_CONNECTIVES)):
            continue
        if isinstance(node, sp.functions.elementary.piecewise.ExprCondPair):
            continue
        if node in (sp.E, sp.pi, sp.true, sp.false):
            continue
        message = (
            f"{argument} contains {shorten(node)} ({type(node).__name__}); expressions may hold "
            "real numbers, symbols, +, *, powers, exp, log, Max, Min, Abs and Piecewise"
        )
        raise InvalidExpressionError(message)


def exact_floats(expression: Any) -> Any:
    """The expression with every sympy Float at its exact binary value."""
    floats = {one: sp.Rational(one) for one in expression.atoms(sp.Float)}
    return expression.xreplace(floats) if floats else expression


def symbols_of(expressions: Iterable[Any]) -> dict[str, Any]:
    """The symbols of some expressions by name, in the order of the alphabet."""
    found: dict[str, Any] = {}
    for expression in expressions:
        for symbol in expression.free_symbols:
            known = found.setdefault(symbol.name, symbol)
            if known != symbol:
                message = (
                    f"two different symbols are named {symbol.name!r} (they differ in their "
                    "assumptions, such as positive=True); use one and the same"
                )
                raise InvalidExpressionError(message)
    return dict(sorted(found.items()))


def find_symbol(name: Any, symbols: Mapping[str, Any]) -> Any:
    """A symbol given by itself or by name."""
    text = name.name if isinstance(name, sp.Symbol) else name
    check_known(text, tuple(symbols), "symbol", UnknownParameterError)
    return symbols[text]


def read_values(
    values: Mapping[Any, Number], symbols: Mapping[str, Any], *, all_of_them: bool = True
) -> dict[Any, Fraction]:
    """Exact values of symbols, from {name or symbol: number}.

    Raises
    ------
    UnknownParameterError
        A name that is no symbol here.
    InvalidParameterError
        A symbol without value, or a value of the wrong sign for it.
    """
    if not isinstance(values, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"values is {shorten(values)}; give a mapping {{name: number}}"
        raise InvalidTypeError(message)
    found: dict[Any, Fraction] = {}
    for name, value in values.items():
        symbol = find_symbol(name, symbols)
        exact = exactly(parse_number(value, symbol.name, InvalidParameterError))
        _check_sign(symbol, exact)
        found[symbol] = exact
    missing = [name for name, symbol in symbols.items() if symbol not in found]
    if missing and all_of_them:
        message = f"values has no number for {listed(missing)}; give one for every symbol"
        raise InvalidParameterError(message)
    return found


def _check_sign(symbol: Any, value: Fraction) -> None:
    bound = None
    if symbol.is_positive and value <= 0:
        bound = "positive"
    elif symbol.is_nonnegative and value < 0:
        bound = "at least 0"
    elif symbol.is_negative and value >= 0:
        bound = "negative"
    elif symbol.is_nonpositive and value > 0:
        bound = "at most 0"
    if bound:
        message = f"{symbol.name} is {float(value):g}; it must be {bound}"
        raise InvalidParameterError(message)


def check_domain(domain: Iterable[Any], values: Values) -> None:
    """Refuse values that break a condition of the domain."""
    for fact in domain:
        if not truth_at(fact, values):
            given = ", ".join(
                f"{s.name} = {float(values[s]):g}"
                for s in sorted(fact.free_symbols, key=lambda one: one.name)
            )
            message = f"the values lie outside the domain {fact}: {given}"
            raise InvalidParameterError(message)
