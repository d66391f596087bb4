"""Polynomials in one variable t compared with 0: cases of bounds on t.

Of degree 1 and 2 with any coefficients, of any degree where all are numbers. Bounds on t are handed
on to an `Undo`, which makes bounds on the symbol of them that is to be solved for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy

from balancegame.analysis.thresholds.inequality_cases import (
    ACCEPTS,
    TURNED,
    Case,
    Split,
    combined,
    settled,
)
from balancegame.analysis.thresholds.signs import (
    NEGATIVE,
    NONNEGATIVE,
    NONPOSITIVE,
    POSITIVE,
    Facts,
    Signs,
)
from balancegame.analysis.thresholds.solving_steps import (
    NoClosedFormError,
    between,
    real_roots_of,
    tidy,
)

sp: Any = sympy  # whose own types are partial


@dataclass(frozen=True, slots=True)
class Undo:
    """From a bound on t to cases of bounds on the symbol.

    Attributes
    ----------
    call : function of (op, bound, facts)
    name : str
        Of t, for messages.
    signs : function of (facts)
        The signs that t can have.
    """

    call: Callable[[str, Any, Facts], list[Case]]
    name: str
    signs: Callable[[Facts], Signs]

    def __call__(self, op: str, bound: Any, facts: Facts) -> list[Case]:
        """``t op bound`` as cases of bounds on the symbol."""
        return self.call(op, bound, facts)


def solve_polynomial(
    coefficients: Sequence[Any], undo: Undo, op: str, facts: Facts, split: Split
) -> list[Case]:
    """A polynomial in t, its coefficients highest first, ``op 0``.

    Raises
    ------
    NoClosedFormError
        Of degree 3 or more, with symbols in the coefficients.
    """
    degree = len(coefficients) - 1
    if degree == 1:
        return _linear(coefficients, undo, op, facts, split)
    if all(one.is_Rational for one in coefficients):
        return _numeric(coefficients, undo, op, facts)
    if degree > 2:
        message = f"it is a polynomial of degree {degree} in {undo.name}"
        raise NoClosedFormError(message)
    return _quadratic(coefficients, undo, op, facts, split)


def _linear(
    coefficients: Sequence[Any], undo: Undo, op: str, facts: Facts, split: Split
) -> list[Case]:
    slope, rest = coefficients

    def directed(sign: int, known: Facts) -> list[Case]:
        if sign == 0:
            return split(rest, known, lambda s, _: settled(s, op))
        return undo(op if sign > 0 else TURNED[op], tidy(-rest / slope, known), known)

    return split(slope, facts, directed)


def _quadratic(
    coefficients: Sequence[Any], undo: Undo, op: str, facts: Facts, split: Split
) -> list[Case]:
    lead, middle, rest = coefficients

    def directed(sign: int, known: Facts) -> list[Case]:
        if sign == 0:
            return _linear([middle, rest], undo, op, known, split)
        way = op if sign > 0 else TURNED[op]
        a, b, c = (sign * one for one in coefficients)
        return _upward((a, b, c), undo, way, known, split)

    return split(lead, facts, directed)


def _upward(
    coefficients: tuple[Any, Any, Any], undo: Undo, op: str, facts: Facts, split: Split
) -> list[Case]:
    """``a t^2 + b t + c op 0`` with a > 0."""
    a, b, c = coefficients
    spread = sp.factor(b**2 - 4 * a * c)
    low, high = ((-b + s * sp.sqrt(spread)) / (2 * a) for s in (-1, 1))
    signs, at_0 = undo.signs(facts), facts.signs(c)
    if signs <= NONNEGATIVE and at_0 <= NONPOSITIVE:
        if signs == POSITIVE or at_0 == NEGATIVE:  # one root is at most 0, and never met
            return undo(op, high, facts)
        return split(
            c,
            facts,
            lambda sign, known: (
                undo(op, high, known) if sign < 0 else _from_zero(a, b, undo, op, known, split)
            ),
        )
    if signs <= NONNEGATIVE and at_0 <= NONNEGATIVE and facts.signs(b) <= NONNEGATIVE:
        if signs == POSITIVE or op in (">=", "<"):
            return settled(1, op)
        return split(
            c,
            facts,
            lambda sign, known: settled(1, op) if sign > 0 else undo(op, sp.Integer(0), known),
        )
    return _outside_or_between(low, high, spread, undo, op, facts, split)


def _from_zero(a: Any, b: Any, undo: Undo, op: str, facts: Facts, split: Split) -> list[Case]:
    """``t (a t + b) op 0`` where t is at least 0."""
    cases = _linear([a, b], undo, op, facts, split)
    join, way = (sp.And, ">") if op in (">", "<") else (sp.Or, "<=")
    return combined(cases, join, facts, lambda known: undo(way, sp.Integer(0), known))


def _outside_or_between(
    low: Any, high: Any, spread: Any, undo: Undo, op: str, facts: Facts, split: Split
) -> list[Case]:
    """Outside two roots a parabola that opens upward is positive; between them, negative."""
    join = sp.Or if op in (">", ">=") else sp.And

    def directed(sign: int, known: Facts) -> list[Case]:
        if sign < 0:
            return settled(1, op)
        one = undo(TURNED[op], low, known)
        return combined(one, join, known, lambda more: undo(op, high, more))

    return split(spread, facts, directed)


def _numeric(coefficients: Sequence[Any], undo: Undo, op: str, facts: Facts) -> list[Case]:
    """All coefficients are numbers: real roots, and the sign between them."""
    t = sp.Dummy("t")
    polynomial = sp.Poly(coefficients, t)
    roots = real_roots_of(polynomial)
    cuts = [sp.floor(roots[0]) - 1] if roots else [sp.Integer(0)]
    cuts += [between(one, other) for one, other in pairwise(roots)]
    cuts += [sp.ceiling(roots[-1]) + 1] if roots else []
    good = [int(sp.sign(polynomial.eval(cut))) in ACCEPTS[op] for cut in cuts]
    strict = op in (">", "<")
    cases = [Case((), sp.false)]
    for k, holds in enumerate(good):
        if not holds:
            continue
        ends: list[tuple[str, Any]] = []
        if k > 0:
            ends.append((">" if strict else ">=", roots[k - 1]))
        if k < len(roots):
            ends.append(("<" if strict else "<=", roots[k]))
        cases = _or(cases, _all_of(ends, undo, facts), facts)
    if not strict:
        for k, value in enumerate(roots):
            if not good[k] and not good[k + 1]:  # the polynomial touches 0 there
                cases = _or(cases, _all_of([(">=", value), ("<=", value)], undo, facts), facts)
    return cases


def _all_of(ends: Sequence[tuple[str, Any]], undo: Undo, facts: Facts) -> list[Case]:
    piece = [Case((), sp.true)]
    for way, end in ends:
        piece = combined(
            piece, sp.And, facts, lambda known, way=way, end=end: undo(way, end, known)
        )
    return piece


def _or(cases: list[Case], more: list[Case], facts: Facts) -> list[Case]:
    return combined(cases, sp.Or, facts, lambda _: more)
