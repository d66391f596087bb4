"""Steps of solving an inequality: roots, common exponents, real roots, tidy forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from balancegame.analysis.thresholds.signs import NEGATIVE, NONPOSITIVE, POSITIVE, Facts

sp: Any = sympy  # whose own types are partial


class NoClosedFormError(Exception):
    """The inequality could not be solved; the text says why."""


def root(value: Any, exponent: Any, facts: Facts) -> Any:
    """``value^(1 / exponent)`` of a positive value, with the powers in it taken apart."""
    ratio = facts.ratio(value)
    outside = sp.Integer(1)
    inside = ratio.constant
    for factors, sign in ((ratio.numerator, 1), (ratio.denominator, -1)):
        for factor, many in factors:
            base, power = ratio.powers.get(factor, (factor, sp.Integer(1)))
            base = ratio.back(base)
            share = sp.simplify(power * many * sign / exponent)
            if (factor in ratio.powers and share.is_Rational) or (
                factor in ratio.powers and facts.signs(base) == POSITIVE
            ):
                outside *= base**share
            else:
                inside *= base ** (sign * many)
    if inside == 1:
        return outside
    return outside * inside ** (1 / exponent)


def tidy(value: Any, facts: Facts) -> Any:
    """A quotient with as few minus signs as possible, its denominator positive if that is known."""
    above, below = sp.factor(value).as_numer_denom()
    minus = sp.Integer(-1)
    if not below.is_number and facts.signs(below) <= NONPOSITIVE:
        above, below = minus * above, sp.expand(minus * below)
    coefficient, rest = above.as_coeff_Mul()
    if coefficient < 0:
        sums = [one for one in sp.Mul.make_args(rest) if one.is_Add]
        if sums:
            above = -coefficient * (rest / sums[0]) * sp.expand(-sums[0])
    return above / below


def common_unit(exponents: Sequence[Any]) -> Any:
    """The largest expression of which all exponents are integer multiples, or None."""
    first = exponents[0]
    shares = [sp.simplify(one / first) for one in exponents]
    if not all(one.is_Rational for one in shares):
        return None
    below = sp.Integer(1)
    for one in shares:
        below = sp.ilcm(below, one.q)
    above = sp.Integer(0)
    for one in shares:
        above = sp.igcd(above, int(one * below))
    unit = first * above / below
    return -unit if unit.could_extract_minus_sign() else unit


def real_roots_of(polynomial: Any) -> list[Any]:
    """The distinct real roots in increasing order: radicals of degree 2, else root objects."""
    found: set[Any] = set()
    for factor, _ in polynomial.factor_list()[1]:
        if factor.degree() <= 2:
            found |= {one for one in sp.roots(factor) if one.is_real}
        else:
            found |= set(factor.real_roots(radicals=False))
    return sorted(found, key=lambda one: one.evalf(60))


def between(one: Any, other: Any) -> Any:
    """A rational between two real roots."""
    digits = 15
    while True:
        middle = sp.Rational(sp.nsimplify(((one + other) / 2).evalf(digits), rational=True))
        if one.evalf(digits + 10) < middle < other.evalf(digits + 10):
            return middle
        digits *= 2


def check_real(expression: Any) -> None:
    """Impossible cases that could not be excluded show by roots of negative numbers."""
    if expression.has(sp.I, sp.zoo, sp.nan):
        message = "a case that is impossible could not be excluded"
        raise NoClosedFormError(message)


def unknown_part(expression: Any, facts: Facts) -> Any:
    """An expression of the same sign without its factors of known sign."""
    ratio = facts.ratio(expression)
    found = sp.Integer(1 if ratio.constant > 0 else -1)
    for factor, many in [*ratio.numerator, *ratio.denominator]:
        written = ratio.back(factor)
        signs = facts.signs(written)
        if signs == POSITIVE:
            continue
        if signs == NEGATIVE:
            found *= (-1) ** many
        else:
            found *= written if many % 2 else written**2
    return found
