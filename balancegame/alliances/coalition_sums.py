"""How many coalitions a state turns from losing to winning, counted over sums of resources.

A coalition wins with more than half of all resources; with exactly half it only blocks. State i
turns a coalition of the others that holds s iff s <= half < s + r_i. The others' coalitions are
counted without enumeration: those of all states by sum, from which those with i are taken off, as
N(s) = N_i(s) + N_i(s - r_i), N_i the number without him. Where sums are too many for that, halves
of the states are enumerated instead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from math import factorial, gcd, lcm, prod

import numpy as np

from balancegame._checks import available_memory
from balancegame._progress import report
from balancegame.alliances.coalition_halves import MOST_STATES, turned_from_halves
from balancegame.errors import TableTooLargeError

_TASK = "sums of resources"
_OVERHEAD = 150  # bytes an entry of a dictionary with its two integers
_MOST_SUMS = 1 << 22  # so many take minutes
_MODULUS = (1 << 61) - 1


def as_integers(resources: Sequence[Fraction]) -> list[int]:
    """Resources in the largest unit in which all are whole."""
    common = lcm(*(value.denominator for value in resources))
    whole = [value.numerator * (common // value.denominator) for value in resources]
    return [value // gcd(*whole) for value in whole]


def turned_coalitions(resources: Sequence[Fraction], *, by_size: bool) -> list[list[int]]:
    """For each state the number of coalitions of others that it turns from losing to winning.

    With ``by_size`` one number for each size from 0 to n - 1, else a list of their total.
    """
    sizes = as_integers(resources)
    n = len(sizes)
    half = sum(sizes) // 2
    if _halves_are_faster(sizes, half):
        turned = turned_from_halves(sizes)
        return turned if by_size else [[sum(counts)] for counts in turned]
    _check_number_of_sums(sizes, half)
    digit = n if by_size else 0  # bits for the coalitions of one size: fewer than 2^n
    sums = _Sums(sizes, half, digit)
    found: dict[int, int] = {}
    for own in set(sizes):
        found[own] = sums.without(own, half) - sums.without(own, half - own)
    if not by_size:
        return [[found[own]] for own in sizes]
    mask = (1 << digit) - 1
    return [[found[own] >> k * digit & mask for k in range(n)] for own in sizes]


def _halves_are_faster(sizes: Sequence[int], half: int) -> bool:
    n = len(sizes)
    most_sums = min(half, prod(times + 1 for times in Counter(sizes).values()) // 2)
    return n <= MOST_STATES and 1 << (n + 1) // 2 < 5 * most_sums  # a sum costs 5 searches


def shapley_from(turned: Sequence[int]) -> Fraction:
    """A state's Shapley value from the coalitions it turns, by size."""
    n = len(turned)
    ways = sum(count * factorial(k) * factorial(n - 1 - k) for k, count in enumerate(turned))
    return Fraction(ways, factorial(n))


class _Sums:
    """Coalitions counted by the sum they hold, up to half of all.

    Counts by size are packed in one integer each, as digits to the base 2^digit: a member more is a
    shift by a digit.
    """

    def __init__(self, sizes: Sequence[int], half: int, digit: int) -> None:
        self._sizes, self._half, self._digit = sizes, half, digit
        self._sums, self._below = _cumulated(_counted(sizes, half, digit))

    def without(self, own: int, most: int) -> int:
        """The coalitions that hold at most so much, of all states but one that holds `own`."""
        if self._half // own > 4 * len(self._sums):  # more terms than coalitions to count anew
            rest = list(self._sizes)
            rest.remove(own)
            counts = _counted(rest, self._half, self._digit)
            return sum(count for held, count in counts.items() if held <= most)
        total, shift, sign = 0, 0, 1
        while most >= 0:
            total += sign * (self._at_most(most) << shift)
            most, shift, sign = most - own, shift + self._digit, -sign
        return total

    def _at_most(self, most: int) -> int:
        return self._below[bisect_right(self._sums, most) - 1]


def _cumulated(counts: dict[int, int]) -> tuple[list[int], list[int]]:
    sums = sorted(counts)
    return sums, list(accumulate(counts[held] for held in sums))


def _counted(sizes: Sequence[int], half: int, digit: int) -> dict[int, int]:
    counts = {0: 1}
    bytes_each = _OVERHEAD + digit * len(sizes) // 8
    for done, own in enumerate(sorted(sizes)):
        report(_TASK, done, len(sizes))
        grown = [
            (held + own, count << digit) for held, count in counts.items() if held + own <= half
        ]
        for held, count in grown:
            counts[held] = counts.get(held, 0) + count
        if len(counts) > _MOST_SUMS or 2 * len(counts) * bytes_each > available_memory():
            raise _too_many(len(sizes), min(len(counts), _MOST_SUMS + 1))
    return counts


def _check_number_of_sums(sizes: Sequence[int], half: int) -> None:
    """Refuse at once what would only be refused after minutes: remainders tell sums apart fast.

    Of the weakest states only, whose coalitions all hold at most half.
    """
    remainders, held = np.zeros(1, dtype=np.int64), 0
    for own in sorted(sizes):
        held += own
        if held > half:
            return
        joined = (remainders + own % _MODULUS) % _MODULUS
        remainders = np.sort(np.concatenate([remainders, joined]))
        remainders = remainders[np.diff(remainders, prepend=-1) > 0]
        if len(remainders) > _MOST_SUMS:
            raise _too_many(len(sizes), _MOST_SUMS + 1)


def _too_many(states: int, sums: int) -> TableTooLargeError:
    message = (
        f"coalitions of {states} states hold more than {sums - 1:,} different sums; "
        "give resources in a coarser unit, as whole numbers of few digits (up to "
        f"{MOST_STATES} states may hold any)"
    )
    return TableTooLargeError(message)
