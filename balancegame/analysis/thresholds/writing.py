"""Conditions as a reader would write them: nothing on a side that could stand on the other."""

from __future__ import annotations

from typing import Any

import sympy

from balancegame.analysis.thresholds.signs import Signs

sp: Any = sympy  # whose own types are partial

_TEXT = {sp.Ge: ">=", sp.Gt: ">", sp.Le: "<=", sp.Lt: "<", sp.Eq: "=", sp.Ne: "!="}


def readable(condition: Any) -> Any:
    """``a - b >= 0`` as ``a >= b``, in all parts of a condition."""
    if isinstance(condition, sp.And | sp.Or):
        return condition.func(*(readable(part) for part in condition.args), evaluate=False)
    if not isinstance(condition, sp.Ge | sp.Gt) or condition.rhs != 0:
        return condition
    expression = condition.lhs
    if not expression.is_Add:
        return condition
    left, right = sp.Integer(0), sp.Integer(0)
    for term in expression.args:
        if term.could_extract_minus_sign():
            right -= term
        else:
            left += term
    if left == 0:
        turned = sp.Le if isinstance(condition, sp.Ge) else sp.Lt
        return turned(right, 0, evaluate=False)
    return condition.func(left, right, evaluate=False)


def relation_of(expression: Any, signs: Signs) -> Any:
    """That an expression has one of some signs, as a condition."""
    if signs == frozenset((0,)):
        return sp.Eq(expression, 0)
    if signs == frozenset((-1, 1)):
        return sp.Ne(expression, 0)
    if -1 in signs:
        expression = sp.expand(-expression) if expression.is_Add else -expression
    return sp.Ge(expression, 0) if 0 in signs else sp.Gt(expression, 0)


def text(condition: Any) -> str:
    """A condition in plain text."""
    if condition in (sp.true, sp.false):
        return "always" if condition == sp.true else "never"
    if isinstance(condition, sp.And | sp.Or):
        word = " and " if isinstance(condition, sp.And) else " or "
        parts = sorted((text(one), isinstance(one, sp.Or)) for one in condition.args)
        bracketed = isinstance(condition, sp.And)
        return word.join(f"({part})" if bracketed and inner else part for part, inner in parts)
    written = readable(condition)
    return f"{written.lhs} {_TEXT[type(written)]} {written.rhs}"
