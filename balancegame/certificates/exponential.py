"""Exponentials of rationals, enclosed between rationals."""

from __future__ import annotations

import math
from fractions import Fraction

from .reading import Failure

BITS = 160


def exponential(x: Fraction) -> tuple[Fraction, Fraction]:
    """Bounds on exp(x), x at most 2, that differ by little more than 2^-BITS of it, or in all."""
    if x > 2:
        raise Failure("a log is above 2")
    if x < -BITS:
        return Fraction(0), Fraction(1, 1 << BITS)  # exp(1) > 2
    size = abs(x)
    halvings = 2 + math.ceil(size).bit_length()  # then it is below 1/2
    work = BITS + 2 * halvings + 32 + 2 * math.ceil(size)
    unit = 1 << work
    scaled = size * unit / (1 << halvings)
    low, high = _series(math.floor(scaled), work), _series_above(math.ceil(scaled), work)
    for _ in range(halvings):
        low, high = low * low >> work, -(-high * high >> work)
    if x >= 0:
        return Fraction(low, unit), Fraction(high, unit)
    return Fraction(unit, high), Fraction(unit, low)


def _series(y: int, work: int) -> int:
    """At most exp(y), both in units of 2^-work: positive terms, each rounded down."""
    term = total = 1 << work
    k = 0
    while term:
        k += 1
        term = (term * y >> work) // k
        total += term
    return total


def _series_above(y: int, work: int) -> int:
    """At least exp(y), y at most 1/2: terms rounded up until they are 1, and 2 for all the rest."""
    term = total = 1 << work
    k = 0
    while term > 1:
        k += 1
        term = (((term * y - 1) >> work) + k) // k  # rounded up twice
        total += term
    return total + 2
