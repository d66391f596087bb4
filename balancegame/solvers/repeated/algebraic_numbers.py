"""Real roots of integer polynomials between 0 and 1, isolated and compared exactly.

A root is a Fraction where it is rational. Otherwise it is the one root of an irreducible polynomial
in an interval: Descartes' rule of signs counts roots in an interval after a change of variables,
without error once it says 0 or 1, and bisection gets there where roots are simple (Vincent 1836;
Collins & Akritas 1976). Two irreducible polynomials share a root only if they are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise
from typing import Any, final

from flint import fmpz_poly

_FINE = Fraction(1, 1 << 64)


@final
@dataclass(frozen=True, slots=True, eq=False)
class AlgebraicNumber:
    """An irrational root of a polynomial, alone in an interval.

    Attributes
    ----------
    polynomial : tuple of int
        Coefficients of an irreducible polynomial, the constant first.
    lower, upper : Fraction
        The root lies strictly between them, and no other of the polynomial does.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from balancegame.solvers.repeated.algebraic_numbers import AlgebraicNumber
    >>> root = AlgebraicNumber((-1, 0, 2), Fraction(0), Fraction(1))
    >>> float(root), root > Fraction(7, 10)
    (0.7071067811865476, True)
    """

    polynomial: tuple[int, ...]
    lower: Fraction
    upper: Fraction

    def refined(self, width: Fraction) -> AlgebraicNumber:
        """The same number in an interval of at most this width, by bisection."""
        low, high = self.lower, self.upper
        below = sign_at(self.polynomial, low)
        while high - low > width:
            middle = (low + high) / 2
            if sign_at(self.polynomial, middle) == below:
                low = middle
            else:
                high = middle
        return AlgebraicNumber(self.polynomial, low, high)

    def __float__(self) -> float:
        near = self.refined(_FINE)
        while float(near.lower) != float(near.upper):
            width = near.upper - near.lower
            near = near.refined(width / 4)
            if width < _FINE**8:  # within a hair of the middle between two floats
                break
        return float(near.lower)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, AlgebraicNumber | Fraction | int):
            return compare(self, other) == 0
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.polynomial)

    def __lt__(self, other: Real) -> bool:
        return compare(self, other) < 0

    def __le__(self, other: Real) -> bool:
        return compare(self, other) <= 0

    def __gt__(self, other: Real) -> bool:
        return compare(self, other) > 0

    def __ge__(self, other: Real) -> bool:
        return compare(self, other) >= 0

    def __repr__(self) -> str:
        return f"{float(self):.10g}... (a root of {polynomial_text(self.polynomial)})"

    def to_dict(self) -> dict[str, Any]:
        """The number in plain types."""
        return {
            "polynomial": [str(c) for c in self.polynomial],
            "between": [str(self.lower), str(self.upper)],
            "value": float(self),
        }


Real = Fraction | AlgebraicNumber
"""A real number that can be compared exactly."""


def compare(a: Real | int, b: Real | int) -> int:
    """-1, 0 or 1, exactly."""
    if isinstance(a, AlgebraicNumber):
        if isinstance(b, AlgebraicNumber):
            return _compare_roots(a, b)
        return _compare_with_rational(a, Fraction(b))
    if isinstance(b, AlgebraicNumber):
        return -_compare_with_rational(b, Fraction(a))
    return (a > b) - (a < b)


def _compare_with_rational(root: AlgebraicNumber, number: Fraction) -> int:
    if number <= root.lower:
        return 1
    if number >= root.upper:
        return -1
    same_side = sign_at(root.polynomial, number) == sign_at(root.polynomial, root.lower)
    return 1 if same_side else -1


def _compare_roots(a: AlgebraicNumber, b: AlgebraicNumber) -> int:
    if a.polynomial == b.polynomial:
        low, high = max(a.lower, b.lower), min(a.upper, b.upper)
        # Each interval holds one root: if their common part holds one, it is both.
        if low < high and sign_at(a.polynomial, low) != sign_at(a.polynomial, high):
            return 0
    while a.lower < b.upper and b.lower < a.upper:
        a = a.refined((a.upper - a.lower) / 16)
        b = b.refined((b.upper - b.lower) / 16)
    return -1 if a.upper <= b.lower else 1


def sign_at(polynomial: Sequence[int], number: Fraction) -> int:
    """The sign of a polynomial at a rational."""
    above, below = number.numerator, number.denominator
    total, power = 0, 1
    for coefficient in reversed(polynomial):
        total = total * above + coefficient * power
        power *= below
    return (total > 0) - (total < 0)


def roots_between_0_and_1(polynomial: fmpz_poly) -> list[tuple[Real, int]]:
    """The roots strictly between 0 and 1 with their multiplicities, in ascending order."""
    found: list[tuple[Real, int]] = []
    for factor, multiplicity in polynomial.factor()[1]:
        coefficients = [int(c) for c in factor.coeffs()]
        if len(coefficients) == 2:
            root = Fraction(-coefficients[0], coefficients[1])
            if 0 < root < 1:
                found.append((root, multiplicity))
        else:
            found += [(root, multiplicity) for root in _isolated(coefficients)]
    return sorted(found, key=cmp_to_key(lambda a, b: compare(a[0], b[0])))


def _isolated(polynomial: list[int]) -> list[AlgebraicNumber]:
    """The roots between 0 and 1 of an irreducible polynomial of degree 2 or more."""
    whole = tuple(polynomial)
    found: list[AlgebraicNumber] = []
    waiting = [(fmpz_poly(polynomial), Fraction(0), Fraction(1))]
    while waiting:
        moved, low, high = waiting.pop()
        changes = _sign_changes(moved)
        if changes == 1:
            found.append(AlgebraicNumber(whole, low, high).refined(_FINE))
        elif changes > 1:
            middle = (low + high) / 2
            halved = _halved(moved)
            waiting += [
                (halved, low, middle),
                (halved(fmpz_poly([1, 1])), middle, high),
            ]
    return found


def _halved(polynomial: fmpz_poly) -> fmpz_poly:
    """``2^n p(x / 2)``, whose values on [0, 1] are those of p on [0, 1/2]."""
    coefficients = polynomial.coeffs()
    n = len(coefficients) - 1
    return fmpz_poly([c << (n - k) for k, c in enumerate(map(int, coefficients))])


def _sign_changes(polynomial: fmpz_poly) -> int:
    """Descartes' bound on the roots in (0, 1): sign changes of ``(1 + x)^n p(1 / (1 + x))``."""
    turned = fmpz_poly(list(reversed(polynomial.coeffs())))
    signs = [c > 0 for c in map(int, turned(fmpz_poly([1, 1])).coeffs()) if c]
    return sum(a != b for a, b in pairwise(signs))


def polynomial_text(coefficients: Sequence[int], name: str = "d") -> str:
    """A polynomial as text, the highest power first."""
    parts: list[str] = []
    for power in range(len(coefficients) - 1, -1, -1):
        c = coefficients[power]
        if c == 0:
            continue
        times = "" if power and abs(c) == 1 else str(abs(c))
        letter = "" if power == 0 else name if power == 1 else f"{name}^{power}"
        sign = "-" if c < 0 else "+"
        parts.append(f"{sign} {' '.join(one for one in (times, letter) if one)}")
    text = " ".join(parts) or "0"
    return text[2:] if text.startswith("+ ") else "-" + text[2:] if text.startswith("- ") else text


def number_text(number: Real) -> str:
    """A number as results show it."""
    if isinstance(number, AlgebraicNumber):
        return f"{float(number):.6g}..."
    text = str(number)
    return text if len(text) <= 24 else f"{float(number):.10g}"


def number_dict(number: Real) -> Any:
    """A number in plain types, ready for JSON."""
    return number.to_dict() if isinstance(number, AlgebraicNumber) else str(number)
