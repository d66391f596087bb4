"""Points whose coordinates are polynomials in one root of a polynomial: exact signs, no rounding.

Let p have just one root t in an interval: its signs at the ends differ, and its derivative has no
zero in between. Numbers r(t) are added and multiplied as polynomials r modulo p. One that is 0
modulo p is 0; the sign of another is that of the values r takes on the interval, where 0 is none of
them. (Where p is not irreducible r(t) may be 0 though r is not; its sign is refused then.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .reading import Failure, read_fraction, read_list, read_object

Polynomial = tuple[Fraction, ...]
"""Coefficients, the constant's first, without zeros at the end."""

_POINT = {"polynomial", "interval", "chances", "ball"}
_MOST_COEFFICIENTS = 200


class Field:
    """Numbers that are polynomials in a root of a polynomial."""

    modulus: Polynomial
    ends: tuple[Fraction, Fraction]

    def __init__(self, modulus: list[Fraction], ends: tuple[Fraction, Fraction]) -> None:
        self.modulus = _trimmed(modulus)
        self.ends = ends
        if not 2 <= len(self.modulus) <= _MOST_COEFFICIENTS or ends[0] >= ends[1]:
            raise Failure("an algebraic number has no polynomial, or no interval")
        slope = _trimmed([k * c for k, c in enumerate(self.modulus)][1:])
        low, high = self.enclosed(slope)
        first, last = (_horner(self.modulus, (end, end))[0] for end in ends)
        if first * last >= 0 or low <= 0 <= high:
            raise Failure("an algebraic number is not singled out by its interval")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and (self.modulus, self.ends) == (other.modulus, other.ends)

    def __hash__(self) -> int:
        return hash((self.modulus, self.ends))

    def reduced(self, coefficients: list[Fraction]) -> Polynomial:
        """A polynomial modulo the field's."""
        found = list(coefficients)
        degree, lead = len(self.modulus) - 1, self.modulus[-1]
        while len(found) > degree:
            factor = found.pop() / lead
            if factor:
                begin = len(found) - degree
                for k in range(degree):
                    found[begin + k] -= factor * self.modulus[k]
        return _trimmed(found)

    def product(self, one: Polynomial, other: Polynomial) -> Polynomial:
        """The product of two numbers."""
        found = [Fraction(0)] * max(0, len(one) + len(other) - 1)
        for k, x in enumerate(one):
            if x:
                for j, y in enumerate(other):
                    found[k + j] += x * y
        return self.reduced(found)

    def enclosed(self, number: Polynomial) -> tuple[Fraction, Fraction]:
        """An interval that holds a number."""
        return _horner(number, self.ends)

    def sign(self, number: Polynomial) -> int:
        """The sign of a number; a Failure where the interval is too wide to tell."""
        if not number:
            return 0
        low, high = self.enclosed(number)
        if low <= 0 <= high:
            raise Failure("the sign of an algebraic number cannot be told")
        return 1 if low > 0 else -1


@dataclass(frozen=True)
class AlgebraicPoint:
    """For each player who mixes the probabilities of his actions, and the ball that holds them.

    The ball is -1 where the point is said to be no equilibrium.
    """

    field: Field
    chances: list[list[Polynomial]]
    ball: int

    def value(self, row: list[int], shares: list[list[Polynomial]]) -> Polynomial:
        """A function linear in each player's shares, from its values at vertex profiles."""
        values: list[Polynomial] = [_trimmed([Fraction(x)]) for x in row]
        for own in reversed(shares):
            values = [
                added(
                    self.field.product(share, values[c + v])
                    for v, share in enumerate(own)
                    if values[c + v]
                )
                for c in range(0, len(values), len(own))
            ]
        return values[0]


def read_point(written: dict[str, Any], sizes: list[int]) -> AlgebraicPoint:
    """A point: the probabilities of players with so many actions each."""
    given = read_object(written, _POINT)
    low, high = map(read_fraction, read_list(given["interval"], 2))
    field = Field(list(map(read_fraction, read_list(given["polynomial"]))), (low, high))
    chances = [
        [_trimmed(list(map(read_fraction, read_list(one)))) for one in read_list(own, size)]
        for own, size in zip(read_list(given["chances"], len(sizes)), sizes, strict=True)
    ]
    if any(len(one) >= len(field.modulus) for own in chances for one in own):
        raise Failure("an algebraic number is not reduced")
    if any(added(own) != (1,) for own in chances):
        raise Failure("algebraic probabilities do not sum to 1")
    if type(given["ball"]) is not int:
        raise Failure("a ball's place is no number")
    return AlgebraicPoint(field, chances, given["ball"])


def combined(weights: list[Fraction], numbers: list[Polynomial]) -> Polynomial:
    """A weighted sum of numbers."""
    return added(
        tuple(w * c for c in number) for w, number in zip(weights, numbers, strict=True) if w
    )


def added(numbers: Any) -> Polynomial:
    """The sum of numbers."""
    total: list[Fraction] = []
    for number in numbers:
        total += [Fraction(0)] * (len(number) - len(total))
        for k, c in enumerate(number):
            total[k] += c
    return _trimmed(total)


def _trimmed(coefficients: list[Fraction]) -> Polynomial:
    found = list(coefficients)
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _horner(number: Polynomial, ends: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """The values of a polynomial on an interval lie between these two."""
    low = high = Fraction(0)
    for coefficient in reversed(number):
        corners = [x * end for x in (low, high) for end in ends]
        low, high = min(corners) + coefficient, max(corners) + coefficient
    return low, high
