"""Values and signs of sympy expressions at rational points, exactly.

An expression is read as a tree of sums, products, powers and a few functions. Where its value is
rational it is computed in Fractions; otherwise balls of growing precision (Arb, Johansson 2017)
enclose it until their sign is certain. A value that no ball tells from 0 is tested algebraically.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq  # pyright: ignore[reportAttributeAccessIssue]

from balancegame._numbers import shorten
from balancegame.errors import ConvergenceError, InvalidPayoffError

Values = Mapping[Any, Fraction]
"""{symbol: value}."""

FUNCTIONS = (sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.Max, sp.Min, sp.Abs, sp.Piecewise)
"""What payoffs may be composed of, besides numbers and symbols."""

_PRECISIONS = (64, 256, 1024, 4096)  # bits
_LARGEST_POWER = 1 << 22  # bits of a rational power that is still computed exactly


class _IrrationalError(Exception):
    """The value is no rational number, or not easily one."""


class _ZeroInsideError(Exception):
    """A ball is too wide for a division or root; more precision may help."""


def value_at(expression: Any, values: Values) -> Fraction | float:
    """The value: a Fraction where it is rational, else a float good to its last digit."""
    try:
        return _rational(expression, values, {})
    except _IrrationalError:
        pass
    for precision in _PRECISIONS:
        found = _enclosed(expression, values, precision)
        if found is not None and found.rel_accuracy_bits() > 60:
            return float(found.mid())
    if sign_at(expression, values) == 0:
        return 0.0
    raise _undecided(expression)


def sign_at(expression: Any, values: Values) -> int:
    """-1, 0 or 1, proven.

    Raises
    ------
    InvalidPayoffError
        The expression is not defined there: a division by zero, or a root of a negative number.
    ConvergenceError
        A transcendental expression that 4096 bits do not tell from 0.
    """
    try:
        exact = _rational(expression, values, {})
        return (exact > 0) - (exact < 0)
    except _IrrationalError:
        pass
    for precision in _PRECISIONS:
        found = _enclosed(expression, values, precision)
        if found is not None and found > 0:
            return 1
        if found is not None and found < 0:
            return -1
        if precision >= 1024 and _is_algebraic_zero(expression, values):
            return 0
    raise _undecided(expression)


def truth_at(condition: Any, values: Values) -> bool:
    """Whether a boolean combination of inequalities holds, exactly."""
    if isinstance(condition, sp.And):
        return not _some(condition.args, values, wanted=False)
    if isinstance(condition, sp.Or):
        return _some(condition.args, values, wanted=True)
    if isinstance(condition, sp.Not):
        return not truth_at(condition.args[0], values)
    if condition in (sp.true, sp.false):
        return bool(condition)
    sign = sign_at(condition.lhs - condition.rhs, values)
    return _HOLDS[condition.rel_op](sign)


def _some(conditions: Any, values: Values, *, wanted: bool) -> bool:
    """Whether some condition is as wanted; one that is not defined matters only if none is."""
    undefined: InvalidPayoffError | None = None
    for one in conditions:
        try:
            if truth_at(one, values) == wanted:
                return True
        except InvalidPayoffError as why:
            undefined = why
    if undefined is not None:
        raise undefined
    return False


_HOLDS: dict[str, Any] = {
    ">=": lambda sign: sign >= 0,
    ">": lambda sign: sign > 0,
    "<=": lambda sign: sign <= 0,
    "<": lambda sign: sign < 0,
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}


def _undecided(expression: Any) -> ConvergenceError:
    message = (
        f"the sign of {shorten(expression)} is not certain in {_PRECISIONS[-1]} bits; it is "
        "probably a tie: move the point a little"
    )
    return ConvergenceError(message)


def _undefined(expression: Any) -> InvalidPayoffError:
    message = (
        f"{shorten(expression)} is not defined at these values: a division by zero, or a root of "
        "a negative number"
    )
    return InvalidPayoffError(message)


def _rational(node: Any, values: Values, seen: dict[Any, Fraction]) -> Fraction:
    if node.is_Rational:
        return Fraction(int(node.p), int(node.q))
    if node in seen:
        return seen[node]
    if node.is_Symbol:
        return values[node]
    if node.is_Add:
        found = sum((_rational(part, values, seen) for part in node.args), Fraction(0))
    elif node.is_Mul:
        found = _product(node, values, seen)
    elif node.is_Pow:
        exponent = _rational(node.exp, values, seen)
        found = _power(node, _rational(node.base, values, seen), exponent)
    elif isinstance(node, sp.Max | sp.Min):
        pick = max if isinstance(node, sp.Max) else min
        found = pick(_rational(part, values, seen) for part in node.args)
    elif isinstance(node, sp.Abs):
        found = abs(_rational(node.args[0], values, seen))
    elif isinstance(node, sp.Piecewise):
        found = _rational(_branch(node, values), values, seen)
    elif isinstance(node, sp.CRootOf):
        raise _IrrationalError
    elif isinstance(node, sp.exp) and _rational(node.args[0], values, seen) == 0:
        found = Fraction(1)
    elif isinstance(node, sp.log) and _rational(node.args[0], values, seen) == 1:
        found = Fraction(0)
    else:
        raise _IrrationalError
    seen[node] = found
    return found


def _product(node: Any, values: Values, seen: dict[Any, Fraction]) -> Fraction:
    found = Fraction(1)
    for part in node.args:
        found *= _rational(part, values, seen)
    return found


def _power(node: Any, base: Fraction, exponent: Fraction) -> Fraction:
    if (base == 0 and exponent < 0) or (base < 0 and exponent.denominator != 1):
        raise _undefined(node)
    if base in (0, 1) or exponent == 0:
        return Fraction(1 if exponent == 0 or base == 1 else 0)
    if exponent.denominator > 1:
        root = exponent.denominator
        above, exact_above = sp.integer_nthroot(base.numerator, root)
        below, exact_below = sp.integer_nthroot(base.denominator, root)
        if not (exact_above and exact_below):
            raise _IrrationalError
        base = Fraction(int(above), int(below))
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if size * abs(exponent.numerator) > _LARGEST_POWER:
        raise _IrrationalError
    return base**exponent.numerator


def _branch(node: Any, values: Values) -> Any:
    for expression, condition in node.args:
        if truth_at(condition, values):
            return expression
    raise _undefined(node)


def _enclosed(expression: Any, values: Values, precision: int) -> Any:
    """A ball that holds the value, or None where the precision does not suffice."""
    before = ctx.prec
    ctx.prec = precision
    try:
        found = _ball(expression, values, {})
    except _ZeroInsideError:
        return None
    finally:
        ctx.prec = before
    return found if found.is_finite() else None


def _ball(node: Any, values: Values, seen: dict[Any, Any]) -> Any:
    if node == sp.I or node in (sp.zoo, sp.nan, sp.oo, -sp.oo):
        raise _undefined(node)
    if node.is_Rational:
        return _as_ball(Fraction(int(node.p), int(node.q)))
    if node in seen:
        return seen[node]
    if node.is_Symbol:
        return _as_ball(values[node])
    if isinstance(node, sp.Piecewise):
        found = _ball(_branch(node, values), values, seen)
    elif node.is_Pow:
        found = _ball_power(node, values, seen)
    elif isinstance(node, sp.CRootOf):
        digits = ctx.prec // 3
        found = arb(str(node.evalf(digits)), f"1e{1 - digits}") * 1
    elif node == sp.E or node == sp.pi:
        found = arb(1).exp() if node == sp.E else arb.pi()
    else:
        parts = [_ball(part, values, seen) for part in node.args]
        found = _ball_of(node, parts)
    seen[node] = found
    return found


def _ball_of(node: Any, parts: list[Any]) -> Any:
    if node.is_Add:
        return sum(parts, arb(0))
    if node.is_Mul:
        product = arb(1)
        for part in parts:
            product *= part
        return product
    if isinstance(node, sp.Max | sp.Min):
        pick = arb.max if isinstance(node, sp.Max) else arb.min
        found = parts[0]
        for part in parts[1:]:
            found = pick(found, part)
        return found
    if isinstance(node, sp.Abs):
        return abs(parts[0])
    if isinstance(node, sp.exp):
        return parts[0].exp()
    if not parts[0] > 0:
        if parts[0] <= 0:
            raise _undefined(node)
        raise _ZeroInsideError
    return parts[0].log()


def _ball_power(node: Any, values: Values, seen: dict[Any, Any]) -> Any:
    try:
        base, exponent = _rational(node.base, values, {}), _rational(node.exp, values, {})
        return _as_ball(_power(node, base, exponent))
    except _IrrationalError:
        pass
    base, exponent = _ball(node.base, values, seen), _ball(node.exp, values, seen)
    if node.exp.is_Integer:
        if node.exp < 0 and base.contains(0):
            raise _ZeroInsideError
        return base ** int(node.exp)
    if not base > 0:
        if base < 0:
            raise _undefined(node)
        raise _ZeroInsideError
    return (base.log() * exponent).exp()


def _as_ball(value: Fraction) -> Any:
    return arb(fmpq(value.numerator, value.denominator))


def _is_algebraic_zero(expression: Any, values: Values) -> bool:
    at = {symbol: sp.Rational(v.numerator, v.denominator) for symbol, v in values.items()}
    number = sp.piecewise_fold(expression.xreplace(at))
    if number.is_zero:
        return True
    if not number.is_algebraic:
        return sp.simplify(number) == 0
    unknown = sp.Dummy()
    return sp.minimal_polynomial(number, unknown) == unknown
