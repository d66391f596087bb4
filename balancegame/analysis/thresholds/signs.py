"""Which signs an expression can have, given what is known of its symbols.

A sound and incomplete prover. An expression becomes a product of irreducible polynomials in symbols
and positive generators; each factor is looked up among the facts, or shown to have one sign: after
the symbols have been replaced by bounds plus nonnegative slacks (``alpha <= D``: D = alpha + s) all
its coefficients agree. Two powers with a common exponent compare as their bases do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import lcm
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from balancegame.analysis.thresholds.generators import (
    Ratio,
    as_ratio,
    has_powers,
    rational_ratio,
)
from balancegame.analysis.thresholds.samples import COUNT, signs_seen, where_sign
from balancegame.errors import ConvergenceError, InvalidPayoffError
from balancegame.games.exact_evaluation import sign_at

sp: Any = sympy  # whose own types are partial

Signs = frozenset[int]

Slack = tuple[Any, Any]
"""A symbol, and what it is by others and a new symbol that is at least 0."""

ANY: Signs = frozenset((-1, 0, 1))
POSITIVE: Signs = frozenset((1,))
NEGATIVE: Signs = frozenset((-1,))
ZERO: Signs = frozenset((0,))
NONNEGATIVE: Signs = frozenset((0, 1))
NONPOSITIVE: Signs = frozenset((-1, 0))

_MOST_SUBSTITUTIONS = 48
_MORE_SUBSTITUTIONS = 6  # once a sign is proven, to see whether 0 can be excluded too
_MOST_TERMS = 400
_LONGEST = 400  # operations of an expression whose sign is looked for
_DEEPEST = 3


def times(a: Signs, b: Signs) -> Signs:
    """The possible signs of a product."""
    return frozenset(x * y for x in a for y in b)


def _power(signs: Signs, exponent: int) -> Signs:
    return frozenset(sign**exponent if exponent % 2 else abs(sign) for sign in signs)


class Facts:
    """What is known: expressions with the signs they can have; immutable.

    Parameters
    ----------
    known : sequence of (expression, signs)
        Beyond what the symbols' own assumptions say.
    """

    def __init__(self, known: Iterable[tuple[Any, Signs]] = ()) -> None:
        self._memo: dict[Any, Signs] = {}
        self._ratios: dict[Any, Ratio] = {}
        self.known: tuple[tuple[Any, Signs], ...] = ()
        self._table: dict[Any, Signs] = {}
        self._slacks: dict[Any, list[Slack]] = {}
        self._points = np.ones(COUNT, dtype=np.bool_)
        for expression, signs in known:
            self._note(expression, signs)

    @classmethod
    def from_conditions(cls, conditions: Iterable[Any]) -> Facts:
        """Facts from sympy inequalities; others than single inequalities are left out."""
        found: list[tuple[Any, Signs]] = []
        for one in conditions:
            for part in one.args if isinstance(one, sp.And) else (one,):
                signs = _RELATIONS.get(getattr(part, "rel_op", ""))
                if signs is not None:
                    found.append((part.lhs - part.rhs, signs))
        return cls(found)

    def adding(self, expression: Any, signs: Signs) -> Facts:
        """These facts and one more."""
        more = Facts()
        more.known, more._points = self.known, self._points
        more._table, more._slacks = dict(self._table), dict(self._slacks)
        more._note(expression, signs)
        return more

    def _note(self, expression: Any, signs: Signs) -> None:
        if not expression.free_symbols:
            return
        ratio = self.ratio(expression)
        sign = 1 if ratio.constant > 0 else -1
        unknown: list[tuple[Any, int]] = []
        for factor, many in [*ratio.numerator, *ratio.denominator]:
            of_factor = _power(self._factor_signs(factor, ratio, 0), many)
            if of_factor == POSITIVE:
                continue
            if of_factor == NEGATIVE:
                sign = -sign
            else:
                unknown.append((ratio.back(factor), many))
        self.known = (*self.known, (expression, signs))
        self._points = self._points & where_sign(expression, signs)
        self._memo.clear()
        if len(unknown) != 1:
            return
        factor, many = unknown[0]
        if many % 2 == 0:
            signs, sign = (ANY - ZERO if 0 not in times(signs, frozenset((sign,))) else signs), 1
            if signs != ZERO and 0 in signs:
                return
        own = times(signs, frozenset((sign,)))
        key, turned = _canonical(factor)
        own = times(own, frozenset((turned,)))
        self._table[key] = self._table.get(key, ANY) & own
        self._slacks[key] = _slacks(key, self._table[key])

    def reduced(self, expression: Any) -> Any:
        """The expression with the symbols that are known to be 0 left out."""
        zero = {e: sp.Integer(0) for e, signs in self.known if e.is_Symbol and signs == ZERO}
        return expression.subs(zero) if zero else expression

    def ratio(self, expression: Any) -> Ratio:
        """The expression in factors, its roots and powers written by generators."""
        if not has_powers(expression):
            return rational_ratio(expression)
        if expression not in self._ratios:
            self._ratios[expression] = as_ratio(expression, self.is_nonnegative)
        return self._ratios[expression]

    def is_nonnegative(self, expression: Any) -> bool:
        """Whether the expression is known to be at least 0."""
        return self.signs(expression) <= NONNEGATIVE

    def signs(self, expression: Any, depth: int = 0) -> Signs:
        """The signs the expression can have; all three where nothing is known."""
        if not expression.free_symbols:
            return _number_signs(expression)
        if expression in self._memo:
            return self._memo[expression]
        self._memo[expression] = _assumed(expression)  # in case the search comes back to it
        found = self._memo[expression]
        provable = len(found) > 1 and not self._takes_both_signs(expression)
        if provable and expression.count_ops() <= _LONGEST:
            found &= self._ratio_signs(self.ratio(expression), depth)
        self._memo[expression] = found
        return found

    def _ratio_signs(self, ratio: Ratio, depth: int) -> Signs:
        if ratio.constant == 0:
            return ZERO
        found = POSITIVE if ratio.constant > 0 else NEGATIVE
        for factor, many in ratio.numerator:
            found = times(found, _power(self._factor_signs(factor, ratio, depth), many))
        for factor, many in ratio.denominator:  # not zero where the expression is defined
            found = times(found, _power(self._factor_signs(factor, ratio, depth), many) - ZERO)
        return found

    def _factor_signs(self, factor: Any, ratio: Ratio, depth: int) -> Signs:
        written = ratio.back(factor)
        if not written.free_symbols:
            return _number_signs(written)
        if factor in ratio.powers:
            return self.signs(ratio.powers[factor][0], depth) & NONNEGATIVE
        if isinstance(written, sp.log):
            return self.signs(written.args[0] - 1, depth + 1)
        key, turned = _canonical(written)
        found = _assumed(written) & times(self._table.get(key, ANY), frozenset((turned,)))
        if len(found) == 1 or depth > _DEEPEST or self._takes_both_signs(written):
            return found
        found &= self._by_coefficients(factor, ratio, depth)
        if len(found) > 1:
            found &= self._by_bases(factor, ratio, depth)
        if len(found) > 1:
            found &= self._by_discriminant(factor, ratio, depth)
        return found

    def _takes_both_signs(self, expression: Any) -> bool:
        return signs_seen(expression, self._points) >= {-1, 1}

    def fails_at(self, expression: Any, signs: Signs) -> NDArray[np.bool_]:
        """The sample points, within what is known, where the expression has other signs."""
        return self._points & where_sign(expression, ANY - signs)

    def _by_coefficients(self, factor: Any, ratio: Ratio, depth: int) -> Signs:
        """One sign, if after some substitution of slacks all coefficients agree."""
        present = {s for s in factor.free_symbols if s in ratio.powers}
        assumed = {g: self.signs(ratio.powers[g][0], depth + 1) & NONNEGATIVE for g in present}
        known = [one for ways in self._slacks.values() for one in ways]
        own = [*known, *self._numeric_bounds(present, ratio, depth)]
        best, tries = ANY, _MOST_SUBSTITUTIONS
        for replaced in _substitutions(factor, own):
            found = _agreeing(sp.expand(replaced), assumed)
            tries -= 1
            if found is not None:
                best, tries = best & found, min(tries, _MORE_SUBSTITUTIONS)
            if len(best) == 1 or tries <= 0:
                break
        return best

    def _numeric_bounds(self, present: set[Any], ratio: Ratio, depth: int) -> list[Slack]:
        """Powers of numbers lie above 1, or above the number: 2^m = 1 + s for m > 0."""
        found: list[Slack] = []
        for generator in sorted(present, key=str):
            base, exponent = ratio.powers[generator]
            if not (base.is_number and base > 1) or exponent.is_number:
                continue
            slack = sp.Dummy("s", positive=True)
            beyond_1 = self.signs(exponent - 1, depth + 1)
            if beyond_1 == POSITIVE:
                found.append((generator, base + slack))
            elif beyond_1 == NEGATIVE:
                found.append((generator, base - slack))
            elif self.signs(exponent, depth + 1) == POSITIVE:
                found.append((generator, 1 + slack))
        return found

    def _by_bases(self, factor: Any, ratio: Ratio, depth: int) -> Signs:
        """Of a difference of two positive products with a common exponent: as without it."""
        found = two_products(factor, ratio)
        if found is None:
            return ANY
        above, below, unit = found
        if unit == 1 or self.signs(unit, depth + 1) != POSITIVE:
            return ANY
        if not all(self.signs(base, depth + 1) <= NONNEGATIVE for base in (above, below)):
            return ANY
        return self.signs(above - below, depth + 1)

    def _by_discriminant(self, factor: Any, ratio: Ratio, depth: int) -> Signs:
        """Of a quadratic polynomial without real roots: that of its first coefficient."""
        for variable in sorted(factor.free_symbols, key=str):
            if not factor.is_polynomial(variable) or sp.degree(factor, variable) != 2:
                continue
            coefficients = sp.Poly(factor, variable).all_coeffs()
            a, b, c = (ratio.back(sp.sympify(one)) for one in coefficients)
            spread = self.signs(sp.expand(b**2 - 4 * a * c), depth + 2)
            lead = self.signs(a, depth + 2)
            if len(lead) == 1 and spread <= NONPOSITIVE:
                return lead if spread == NEGATIVE else lead | ZERO
        return ANY


_RELATIONS: dict[str, Signs] = {
    ">=": NONNEGATIVE,
    ">": POSITIVE,
    "<=": NONPOSITIVE,
    "<": NEGATIVE,
    "==": ZERO,
}


def two_products(factor: Any, ratio: Ratio) -> tuple[Any, Any, Any] | None:
    """(A, B, u) with the sign of the factor that of A^u - B^u; None if it has no such form."""
    terms = sp.Add.make_args(sp.expand(factor))
    if len(terms) != 2:
        return None
    coefficients = [term.as_coeff_Mul()[0] for term in terms]
    if coefficients[0] * coefficients[1] >= 0:
        return None
    first, second = (0, 1) if coefficients[0] > 0 else (1, 0)
    quotient = terms[first] / -terms[second]
    number, rest = quotient.as_coeff_Mul()
    exponents: dict[Any, Any] = {}
    for part, multiple in rest.as_powers_dict().items():
        base, exponent = ratio.powers.get(part, (part, sp.Integer(1)))
        exponents[base] = exponents.get(base, sp.Integer(0)) + multiple * exponent
    if number != 1:
        for prime, multiple in sp.factorrat(number).items():
            base = sp.Integer(prime)
            exponents[base] = exponents.get(base, sp.Integer(0)) + multiple
    exponents = {base: one for base, one in exponents.items() if one != 0}
    units = {one.as_coeff_Mul()[1] for one in exponents.values()}
    if len(units) != 1 or not next(iter(units)).is_positive:
        return None
    unit = units.pop()
    below = lcm(*(int(sp.Rational(one / unit).q) for one in exponents.values()))
    above, beneath = sp.Integer(1), sp.Integer(1)
    for base, exponent in exponents.items():
        power = exponent / unit * below
        if power > 0:
            above *= base**power
        else:
            beneath *= base**-power
    return above, beneath, unit / below


def _number_signs(number: Any) -> Signs:
    """Of a number its sign; of none, which only cases that cannot occur contain, any."""
    try:
        return frozenset((sign_at(number, {}),))
    except (InvalidPayoffError, ConvergenceError):
        return ANY


def _assumed(expression: Any) -> Signs:
    """What the symbols' own assumptions say."""
    if expression.is_positive:
        return POSITIVE
    if expression.is_negative:
        return NEGATIVE
    if expression.is_zero:
        return ZERO
    if expression.is_nonnegative:
        return NONNEGATIVE
    if expression.is_nonpositive:
        return NONPOSITIVE
    return ANY


def _canonical(expression: Any) -> tuple[Any, int]:
    """The expression up to a positive constant and its sign, and that sign."""
    expanded = sp.expand(expression)
    _, primitive = expanded.as_content_primitive()
    primitive = sp.expand(primitive)
    if primitive.could_extract_minus_sign():
        return sp.expand(-primitive), -1
    return primitive, 1


def _slacks(known: Any, signs: Signs) -> list[Slack]:
    """Ways to use a fact: a symbol by others and a slack."""
    if len(signs) > 2 or signs == ANY - ZERO:
        return []
    found: list[Slack] = []
    for symbol in sorted(known.free_symbols, key=str):
        slope = sp.diff(known, symbol)
        if not slope.is_Rational or slope == 0:
            continue
        rest = sp.expand(known - slope * symbol)
        if signs == ZERO:
            found.append((symbol, -rest / slope))
            continue
        kind = {"positive": True} if 0 not in signs else {"nonnegative": True}
        slack = sp.Dummy("s", **kind)
        side = 1 if 1 in signs else -1
        found.append((symbol, (side * slack - rest) / slope))
    return found


def _substitutions(factor: Any, slacks: Sequence[Slack]) -> Iterable[Any]:
    """The factor, and with its symbols replaced in the ways the facts allow."""
    ways: list[list[Slack | None]] = []
    for symbol in sorted(factor.free_symbols, key=str):
        own = [one for one in slacks if one[0] == symbol]
        strict = [
            one for one in own if any(s.is_positive and s.is_Dummy for s in one[1].free_symbols)
        ]
        ways.append([*strict, None, *(one for one in own if one not in strict)])
    for chosen in product(*ways):
        replaced = factor
        for one in chosen:
            if one is not None:
                replaced = replaced.subs(one[0], one[1])
        yield replaced


def _agreeing(polynomial: Any, assumed: dict[Any, Signs]) -> Signs | None:
    """The sign of all terms together, if no two of them can have opposite ones."""
    terms = sp.Add.make_args(polynomial)
    if len(terms) > _MOST_TERMS:
        return None
    union: Signs = frozenset()
    certain: Signs = frozenset()
    for term in terms:
        signs = _term_signs(term, assumed)
        union |= signs
        if signs in (POSITIVE, NEGATIVE):
            certain |= signs
        if union >= ANY - ZERO:
            return None
    return certain or union


def _term_signs(term: Any, assumed: dict[Any, Signs]) -> Signs:
    coefficient, rest = term.as_coeff_Mul()
    signs = frozenset((int(sp.sign(coefficient)),))
    for base, exponent in rest.as_powers_dict().items():
        if base != 1:
            of_base = assumed.get(base) or _assumed(base)
            signs = times(signs, _power(of_base, int(exponent)) if exponent.is_Integer else ANY)
    return signs
