"""An inequality solved for one symbol, case by case.

The symbol must enter through one power, through a polynomial of degree 1 or 2 in one power, or
through two products of powers with a common exponent (Tullock's contest compares ``P^m`` with
``Q^m``). Powers, exponentials and products are undone one after the other, each step monotone;
where a step depends on a sign that is not known, the solution branches on it.
"""

from __future__ import annotations

from math import gcd
from typing import Any

import sympy

from balancegame.analysis.thresholds.inequality_cases import (
    TURNED,
    Branching,
    Case,
    combined,
    decided,
    settled,
)
from balancegame.analysis.thresholds.polynomial_bounds import Undo, solve_polynomial
from balancegame.analysis.thresholds.signs import (
    ANY,
    NEGATIVE,
    NONNEGATIVE,
    NONPOSITIVE,
    POSITIVE,
    Facts,
    Signs,
)
from balancegame.analysis.thresholds.solving_steps import (
    NoClosedFormError,
    check_real,
    common_unit,
    root,
    unknown_part,
)

sp: Any = sympy  # whose own types are partial

_DEEPEST = 8
_RELATION: dict[str, Any] = {">=": sp.Ge, ">": sp.Gt, "<=": sp.Le, "<": sp.Lt}


def isolate(expression: Any, symbol: Any, facts: Facts, *, strict: bool) -> list[Case]:
    """``expression >= 0`` (or ``> 0``) solved for a symbol; the cases exhaust the facts.

    Raises
    ------
    NoClosedFormError
    """
    return _Isolation(symbol).of(expression, ">" if strict else ">=", facts, 0)


class _Isolation:
    """The search for one symbol."""

    def __init__(self, symbol: Any) -> None:
        self._x = symbol
        self._split = Branching(_plain).split

    def of(self, expression: Any, op: str, facts: Facts, depth: int) -> list[Case]:
        """``expression op 0``."""
        if depth > _DEEPEST:
            message = "it takes too many steps"
            raise NoClosedFormError(message)
        signs = facts.signs(expression)
        known = decided(signs, op)
        if known is not None:
            return known
        ratio = facts.ratio(expression)
        with_x: list[tuple[Any, int]] = []
        without = ratio.constant
        for factors, direction in ((ratio.numerator, 1), (ratio.denominator, -1)):
            for factor, many in factors:
                written = ratio.back(factor)
                if not written.has(self._x):
                    without *= written if many % 2 else written**2
                elif len(known := facts.signs(written)) == 1 and 0 not in known:
                    without *= min(known) if many % 2 else 1
                elif many % 2 or direction > 0:
                    with_x.append((factor, many))
                else:
                    with_x.append((factor, 2))
        if not with_x:
            return self._split(without, facts, lambda s, _: settled(s, op))
        if len(with_x) > 1 or with_x[0][1] > 1:
            return self._several(without, [(ratio.back(f), k) for f, k in with_x], op, facts, depth)
        factor = with_x[0][0]

        def directed(sign: int, known: Facts) -> list[Case]:
            if sign == 0:
                return settled(0, op)
            return self._factor(factor, ratio.powers, op if sign > 0 else TURNED[op], known, depth)

        return self._split(without, facts, directed)

    def _several(
        self, without: Any, factors: list[tuple[Any, int]], op: str, facts: Facts, depth: int
    ) -> list[Case]:
        """A product of several factors with the symbol: which of them are positive."""
        whole = without * sp.prod(factor**many for factor, many in factors)
        try:
            return self._factor(*self._as_polynomial(whole, facts), op, facts, depth)
        except NoClosedFormError:
            pass
        (first, many), *others = factors
        rest = without * sp.prod(factor**k for factor, k in others)
        if many % 2 == 0:
            return self._even(first, rest, op, facts, depth)
        # first * rest op 0: both op 0, or both the other way round
        strict = op in (">", "<")
        cases = [Case((), sp.false)]
        same = (">", ">") if strict else (">=", ">=")
        opposite = ("<", "<") if strict else ("<=", "<=")
        if op in ("<=", "<"):
            same, opposite = (same[0], opposite[0]), (opposite[0], same[0])
        for pair in (same, opposite):
            cases = combined(cases, sp.Or, facts, lambda known, pair=pair: combined(
                self.of(first, pair[0], known, depth + 1), sp.And, known,
                lambda deeper: self.of(rest, pair[1], deeper, depth + 1),
            ))  # fmt: skip
        return cases

    def _even(self, first: Any, rest: Any, op: str, facts: Facts, depth: int) -> list[Case]:
        """``first^2 * rest op 0``: rest op 0, and first nonzero; or, if not strict, first zero."""
        strict = op in (">", "<")
        cases = self.of(rest, op, facts, depth + 1)
        join, sides = (sp.Or, (">", "<")) if strict else (sp.And, (">=", "<="))

        def apart(known: Facts) -> list[Case]:
            one = self.of(first, sides[0], known, depth + 1)
            return combined(
                one, join, known, lambda more: self.of(first, sides[1], more, depth + 1)
            )

        return combined(cases, sp.And if strict else sp.Or, facts, apart)

    def _as_polynomial(self, whole: Any, facts: Facts) -> tuple[Any, dict[Any, Any]]:
        ratio = facts.ratio(sp.expand(whole))
        if ratio.denominator:
            raise NoClosedFormError
        return ratio.constant * sp.prod(f**k for f, k in ratio.numerator), ratio.powers

    def _factor(
        self, factor: Any, powers: dict[Any, Any], op: str, facts: Facts, depth: int
    ) -> list[Case]:
        """``factor op 0`` for a polynomial in symbols and generators."""
        x = self._x
        logs = [one for one in factor.atoms(sp.log) if one.has(x)]
        if logs:
            return self._logarithm(factor, logs, powers, op, facts, depth)
        variables = [g for g in factor.free_symbols if g in powers and _written(powers[g]).has(x)]
        if factor.has(x):
            variables.append(x)
        if len(variables) == 1:
            t = variables[0]
            if t != x and powers[t][1].has(x) and powers[t][0].has(x):
                message = f"{x.name} stands in a base and its exponent at once"
                raise NoClosedFormError(message)
            step, coefficients = self._deflated(factor, t, powers)
            undo = self._inverse(t, step, powers, depth)
            return solve_polynomial(coefficients, undo, op, facts, self._split)
        return self._products(factor, powers, op, facts, depth)

    def _logarithm(
        self, factor: Any, logs: Any, powers: dict[Any, Any], op: str, facts: Facts, depth: int
    ) -> list[Case]:
        """A polynomial in one logarithm that holds the symbol."""
        t = sp.Dummy("t", real=True)
        written = factor.xreplace({logs[0]: t})
        if written.has(self._x) or any(_written(powers[g]).has(self._x) for g in powers):
            message = f"{self._x.name} enters through a logarithm and otherwise"
            raise NoClosedFormError(message)

        def undo(op: str, bound: Any, facts: Facts) -> list[Case]:
            return self._reached(logs[0].args[0], op, sp.exp(bound), facts, depth)

        step, coefficients = self._deflated(written, t, powers)
        del step  # 1, as a logarithm may be negative
        back = Undo(undo, str(logs[0]), lambda _: ANY)
        return solve_polynomial(coefficients, back, op, facts, self._split)

    def _deflated(self, factor: Any, t: Any, powers: dict[Any, Any]) -> tuple[int, list[Any]]:
        """The coefficients of a polynomial in t^step, highest first."""
        back = {g: _written(power) for g, power in powers.items() if g != t}
        polynomial = sp.Poly(factor, t)
        step = gcd(*(one for (one,) in polynomial.monoms())) if t.is_nonnegative else 1
        coefficients = polynomial.all_coeffs()[::step]
        return step, [sp.sympify(one).xreplace(back) for one in coefficients]

    def _products(
        self, factor: Any, powers: dict[Any, Any], op: str, facts: Facts, depth: int
    ) -> list[Case]:
        """Two products of powers compare as their roots, or their logarithms, do."""
        if depth > _DEEPEST:
            message = "it takes too many steps"
            raise NoClosedFormError(message)
        terms = sp.Add.make_args(sp.expand(factor))
        count = len(
            [
                g
                for g in factor.free_symbols
                if _written(powers.get(g, (g, sp.Integer(1)))).has(self._x)
            ]
        )
        message = f"{self._x.name} enters through {count} different powers or terms"
        if len(terms) != 2:
            raise NoClosedFormError(message)
        coefficients = [term.as_coeff_Mul()[0] for term in terms]
        if coefficients[0] < 0:
            terms, op = (-terms[0], -terms[1]), TURNED[op]
        if coefficients[0] * coefficients[1] > 0:
            raise NoClosedFormError(message)
        exponents: dict[Any, Any] = {}
        constant, rest = (terms[0] / -terms[1]).as_coeff_Mul()
        for part, multiple in rest.as_powers_dict().items():
            base, exponent = powers.get(part, (part, sp.Integer(1)))
            if not facts.signs(base) <= NONNEGATIVE:
                raise NoClosedFormError(message)
            exponents[base] = exponents.get(base, sp.Integer(0)) + multiple * exponent
        if any(exponent.has(self._x) for exponent in exponents.values()):
            return self._logarithms(constant, exponents, op, facts, depth)
        inside = {b: e for b, e in exponents.items() if b.has(self._x)}
        for base in exponents:
            if base not in inside and facts.signs(base) != POSITIVE:
                return self._vanishing(base, factor, powers, op, facts, depth)
        outside = constant * sp.prod(b**e for b, e in exponents.items() if not b.has(self._x))
        unit = common_unit(list(inside.values()))
        if unit is None or facts.signs(unit) != POSITIVE:
            raise NoClosedFormError(message)
        above = sp.prod(b ** (e / unit) for b, e in inside.items() if (e / unit) > 0)
        below = sp.prod(b ** -(e / unit) for b, e in inside.items() if (e / unit) < 0)
        scale = root(1 / outside, unit, facts)
        whole = sp.expand(sp.together(above - scale * below)) if depth < _DEEPEST else above
        if not whole.has(self._x):
            return self.of(whole, op, facts, depth + 1)
        if whole == sp.expand(factor):
            raise NoClosedFormError(message)
        return self.of(above - scale * below, op, facts, depth + 1)

    def _vanishing(
        self, base: Any, factor: Any, powers: dict[Any, Any], op: str, facts: Facts, depth: int
    ) -> list[Case]:
        """Two products, of which one is perhaps 0 as it has a factor that may be."""
        if not base.is_Symbol:
            message = f"it is not known whether {base} is 0"
            raise NoClosedFormError(message)

        def directed(sign: int, known: Facts) -> list[Case]:
            if sign > 0:
                return self._products(factor, powers, op, known, depth + 1)
            written = factor.xreplace({g: _written(power) for g, power in powers.items()})
            return self.of(written.subs(base, 0), op, known, depth + 1)

        return self._split(base, facts, directed)

    def _logarithms(
        self, constant: Any, exponents: dict[Any, Any], op: str, facts: Facts, depth: int
    ) -> list[Case]:
        """``constant * product of base^exponent op 1`` with the symbol in exponents only."""
        if any(base.has(self._x) for base in exponents):
            message = f"{self._x.name} stands in bases and exponents at once"
            raise NoClosedFormError(message)
        grown, fixed = sp.Integer(1), constant
        for base, exponent in exponents.items():
            if not exponent.is_polynomial(self._x) or sp.degree(exponent, self._x) > 1:
                message = f"{self._x.name} does not enter exponents linearly"
                raise NoClosedFormError(message)
            grown *= base ** sp.diff(exponent, self._x)
            fixed *= base ** sp.expand(exponent).coeff(self._x, 0)

        def directed(sign: int, known: Facts) -> list[Case]:
            if sign == 0:
                return self.of(fixed - 1, op, known, depth + 1)
            way = op if sign > 0 else TURNED[op]
            return self._bounded(way, -sp.log(fixed) / sp.log(grown), known)

        return self._split(grown - 1, facts, directed)

    def _reached(self, inner: Any, op: str, bound: Any, facts: Facts, depth: int) -> list[Case]:
        """``inner op bound``; where inner is linear, the bound keeps its form."""
        slope = sp.diff(inner, self._x)
        if slope.is_Rational:
            rest = sp.expand(inner - slope * self._x)
            return self._bounded(op if slope > 0 else TURNED[op], (bound - rest) / slope, facts)
        return self.of(inner - bound, op, facts, depth + 1)

    def _bounded(self, op: str, bound: Any, facts: Facts) -> list[Case]:
        """``x op bound``, unless it holds always or never."""
        check_real(bound)
        difference = facts.signs(self._x - bound)
        if len(difference) > 1:
            own, other = facts.signs(self._x), facts.signs(bound)
            if own <= NONNEGATIVE and other <= NONPOSITIVE:
                difference &= POSITIVE if own == POSITIVE or other == NEGATIVE else NONNEGATIVE
            if own <= NONPOSITIVE and other <= NONNEGATIVE:
                difference &= NEGATIVE if own == NEGATIVE or other == POSITIVE else NONPOSITIVE
        return decided(difference, op) or [Case((), _RELATION[op](self._x, bound))]

    def _inverse(self, t: Any, step: int, powers: dict[Any, Any], depth: int) -> Undo:
        if t == self._x and step == 1:
            return Undo(self._bounded, self._x.name, lambda known: known.signs(self._x))
        base, exponent = powers.get(t, (t, sp.Integer(1)))
        exponent = exponent * step

        def undo(op: str, bound: Any, facts: Facts) -> list[Case]:
            return self._split(bound, facts, lambda s, known: inverted(s, op, bound, known))

        def inverted(sign: int, op: str, bound: Any, facts: Facts) -> list[Case]:
            if sign < 0:
                return settled(1, op)
            if sign == 0:
                return (
                    settled(1, op)
                    if facts.signs(base) == POSITIVE
                    else (self.of(base, op, facts, depth + 1))
                )
            if exponent.has(self._x):
                return self._split(
                    base - 1, facts, lambda s, known: exponential(s, op, bound, known)
                )
            return self._split(exponent, facts, lambda s, known: powered(s, op, bound, known))

        def powered(sign: int, op: str, bound: Any, facts: Facts) -> list[Case]:
            if sign == 0:
                return self.of(1 - bound, op, facts, depth + 1)
            way = op if sign > 0 else TURNED[op]
            inner = root(bound, exponent, facts)
            return self._reached(base, way, inner, facts, depth)

        def exponential(sign: int, op: str, bound: Any, facts: Facts) -> list[Case]:
            if sign == 0:
                return self.of(1 - bound, op, facts, depth + 1)
            way = op if sign > 0 else TURNED[op]
            inner = sp.log(bound) / sp.log(base)
            return self._reached(exponent, way, inner, facts, depth)

        def signs(known: Facts) -> Signs:
            return POSITIVE if known.signs(base) == POSITIVE else NONNEGATIVE

        return Undo(undo, str(base**exponent), signs)


def _plain(expression: Any, facts: Facts) -> Any:
    """An expression of the same sign without factors of known sign; of one symbol, solved for it.

    ``2^m - 2`` becomes ``m - 1``.
    """
    found = unknown_part(expression, facts)
    symbols = found.free_symbols
    if len(symbols) != 1 or found.is_polynomial(*symbols):
        return found
    symbol = next(iter(symbols))
    try:
        (above,), (below,) = (isolate(found * s, symbol, facts, strict=True) for s in (1, -1))
    except (NoClosedFormError, ValueError):
        return found
    bound = getattr(above.outcome, "rhs", None)
    if bound is None or bound != getattr(below.outcome, "rhs", None):
        return found
    return symbol - bound if isinstance(above.outcome, sp.Gt) else bound - symbol


def _written(power: tuple[Any, Any]) -> Any:
    return power[0] ** power[1]
