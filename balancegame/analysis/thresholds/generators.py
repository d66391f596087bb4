"""Expressions with symbolic powers as rational functions of generators.

``(2 r + 4)^m`` becomes ``2^m (r + 2)^m``, and every distinct power ``base^(unit)`` a new positive
symbol, its *generator*, so that polynomial algebra applies to the rest. Powers of one base whose
exponents are rational multiples of each other share a generator: ``x^(2 m)`` is the square of that
of ``x^m``, and ``x`` that of ``sqrt(x)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Any

import sympy

sp: Any = sympy  # whose own types are partial

IsNonnegative = Callable[[Any], bool]

Key = tuple[Any, Any]
"""(base, unit of the exponent)."""


@dataclass
class Ratio:
    """A rational function num / den of symbols and generators, in lowest terms.

    Attributes
    ----------
    numerator, denominator : list of (factor, multiplicity)
        Irreducible polynomials.
    constant : sympy rational
        Times which the factors are the function.
    powers : dict {generator: (base, exponent)}
        What each generator stands for.
    """

    constant: Any
    numerator: list[tuple[Any, int]]
    denominator: list[tuple[Any, int]]
    powers: dict[Any, tuple[Any, Any]] = field(default_factory=dict)

    def back(self, expression: Any) -> Any:
        """The expression with generators written out."""
        return expression.xreplace({g: base**e for g, (base, e) in self.powers.items()})


def has_powers(expression: Any) -> bool:
    """Whether some power is no integer one."""
    return any(_is_power(node) for node in expression.atoms(sp.Pow, sp.exp))


@lru_cache(maxsize=4096)
def rational_ratio(expression: Any) -> Ratio:
    """`as_ratio` of an expression without such powers; remembered."""
    return as_ratio(expression, lambda _: False)


def as_ratio(expression: Any, is_nonnegative: IsNonnegative) -> Ratio:
    """The expression as a factored ratio of polynomials in symbols and generators."""
    table = _Table(is_nonnegative)
    table.collect(expression)
    replaced = table.replace(expression)
    constant, above, below = sp.cancel(sp.together(replaced).as_numer_denom())
    if any(_is_root(*power) for power in table.powers.values()):
        above, below = _reduced(above, table.powers), _reduced(below, table.powers)
        more, above, below = sp.cancel((above, below))
        constant *= more
    c_above, factors_above = _irreducible(above)
    c_below, factors_below = _irreducible(below)
    return Ratio(
        constant * c_above / c_below, list(factors_above), list(factors_below), table.powers
    )


def _irreducible(polynomial: Any) -> tuple[Any, list[tuple[Any, int]]]:
    polynomial = sp.sympify(polynomial)
    return (polynomial, []) if polynomial.is_Rational else sp.factor_list(polynomial)


def _is_root(base: Any, exponent: Any) -> bool:
    """Whether a generator is a root whose power is a polynomial without generators."""
    return (
        exponent.is_Rational
        and not base.is_Symbol
        and not base.has(sp.exp)
        and (not any(_is_power(node) for node in base.atoms(sp.Pow)))
    )


def _reduced(polynomial: Any, powers: dict[Any, tuple[Any, Any]]) -> Any:
    """A polynomial in which no root stands at a power that can be written out."""
    for generator, (base, exponent) in powers.items():
        if _is_root(base, exponent) and polynomial.has(generator):
            whole = generator**exponent.q - base**exponent.p
            polynomial = sp.rem(polynomial, whole, generator)
    return polynomial


class _Table:
    """The generators of one expression, in two passes: which powers occur, then replacement."""

    def __init__(self, is_nonnegative: IsNonnegative) -> None:
        self._is_nonnegative = is_nonnegative
        self._multiples: dict[Key, list[Fraction]] = {}
        self._split: dict[Any, list[tuple[Any, Any]]] = {}
        self._generators: dict[Key, tuple[Any, Fraction]] = {}
        self.powers: dict[Any, tuple[Any, Any]] = {}

    def collect(self, node: Any) -> None:
        """Note every power with an exponent that is no integer."""
        if _is_power(node):
            for base, exponent in self._parts(node):
                for multiple, unit in _terms(base, exponent):
                    self._multiples.setdefault((base, unit), []).append(multiple)
            return
        for part in node.args:
            self.collect(part)

    def replace(self, node: Any) -> Any:
        """The expression with its powers replaced."""
        if _is_power(node):
            found = sp.Integer(1)
            for base, exponent in self._parts(node):
                for multiple, unit in _terms(base, exponent):
                    generator, step = self._generator(base, unit)
                    found *= generator ** int(multiple / step)
            return found
        if node.is_Symbol:
            key = (node, sp.Integer(1))
            if key in self._multiples:
                generator, step = self._generator(*key)
                return generator ** int(1 / step)
            return node
        return node.func(*(self.replace(part) for part in node.args)) if node.args else node

    def _generator(self, base: Any, unit: Any) -> tuple[Any, Fraction]:
        key = (base, unit)
        if key not in self._generators:
            multiples = self._multiples[key]
            if base.is_Symbol and unit == 1:
                multiples = [*multiples, Fraction(1)]
            step = _common_step(multiples)
            generator = sp.Dummy("g", nonnegative=True)
            self._generators[key] = (generator, step)
            self.powers[generator] = (base, sp.Rational(step.numerator, step.denominator) * unit)
        return self._generators[key]

    def _parts(self, node: Any) -> list[tuple[Any, Any]]:
        """The power as a product of powers of irreducible bases."""
        if node in self._split:
            return self._split[node]
        base, exponent = (
            node.as_base_exp() if not isinstance(node, sp.exp) else (sp.E, node.args[0])
        )
        parts = [(base, exponent)]
        if base != sp.E:
            parts = [
                (one, multiplicity * exponent) for one, multiplicity in self._factors(base)
            ] or parts
        self._split[node] = parts
        return parts

    def _factors(self, base: Any) -> list[tuple[Any, int]]:
        if base.is_Rational and base > 0:
            return [
                (sp.Integer(p), sign * k)
                for number, sign in ((base.p, 1), (base.q, -1))
                for p, k in sp.factorint(number).items()
            ]
        above, below = sp.together(base).as_numer_denom()
        found: list[tuple[Any, int]] = []
        for part, sign in ((above, 1), (below, -1)):
            try:
                constant, factors = sp.factor_list(part)
            except sp.PolynomialError:
                return []
            if constant.is_Rational and constant < 0:
                odd = next((k for k, (_, many) in enumerate(factors) if many % 2), None)
                if odd is None:
                    return []
                factors[odd] = (sp.expand(-factors[odd][0]), factors[odd][1])
                constant = -constant
            if not (constant.is_Rational and constant > 0):
                return []
            found += [(one, sign * k) for one, k in self._factors_of(constant)]
            found += [(one, sign * k) for one, k in factors]
        if len(found) == 1 or all(self._is_nonnegative(one) for one, _ in found):
            return found
        return self._with_signs_evened(found)

    def _factors_of(self, constant: Any) -> list[tuple[Any, int]]:
        return self._factors(constant) if constant != 1 else []

    def _with_signs_evened(self, found: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
        """Factors that are never positive turned around, in pairs; none if that leaves doubt."""
        turned = [
            (one, k) if self._is_nonnegative(one) else (sp.expand(-one), k) for one, k in found
        ]
        flips = sum(k for (one, k), (old, _) in zip(turned, found, strict=True) if one != old)
        good = flips % 2 == 0 and all(self._is_nonnegative(one) for one, _ in turned)
        return turned if good else []


def _is_power(node: Any) -> bool:
    return isinstance(node, sp.exp) or (node.is_Pow and not node.exp.is_Integer)


def _terms(base: Any, exponent: Any) -> list[tuple[Fraction, Any]]:
    """An exponent as rational multiples of units; of exp, which stays one power, as one."""
    found: list[tuple[Fraction, Any]] = []
    parts: Iterable[Any] = (
        [sp.factor(exponent)] if base == sp.E else sp.Add.make_args(sp.expand(exponent))
    )
    for part in parts:
        coefficient, unit = part.as_coeff_Mul()
        if not coefficient.is_Rational:
            coefficient, unit = sp.Integer(1), part
        found.append((Fraction(int(coefficient.p), int(coefficient.q)), unit))
    return found


def _common_step(multiples: list[Fraction]) -> Fraction:
    """The largest rational of which all are integer multiples."""
    below = lcm(*(one.denominator for one in multiples))
    above = gcd(*(int(one * below) for one in multiples))
    return Fraction(max(above, 1), below)
