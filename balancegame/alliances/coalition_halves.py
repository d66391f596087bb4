"""Coalitions that a state turns from losing to winning, counted from two halves of the states.

Resources without a common coarse unit have up to 2^n different sums. But a coalition is one of
one half of the states with one of the other, and the 2^(n/2) of each half can be sorted: for each
of the first, a search tells how many of the second leave it losing (Horowitz & Sahni 1974; Klinz &
Woeginger 2005).

For a state i of the first half, and L(a, b) the number of coalitions of size b of the other half
with which `a` still loses: the coalitions that i turns are those that lose without him, the L of
all `a` without i, less those that lose with him, the L of all `a` with i.

Sums that no machine integer holds are compared once, digit by digit, and then go by their ranks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import available_memory, format_bytes
from balancegame._kernels.blas_threads import one_blas_thread
from balancegame._progress import report
from balancegame.errors import TableTooLargeError

MOST_STATES = 50  # half of them have 2^25 coalitions: a minute and 1 GB; by ranks 3 and 4 GB

_TASK = "coalitions of half the states"
_BLOCK = 1 << 14  # coalitions at a time
_BITS = 61  # of a sum: two add up without overflow
_DIGIT = 56  # bits: the digits of 25 states add up without overflow

Integers = NDArray[np.int64]


def turned_from_halves(sizes: Sequence[int]) -> list[list[int]]:
    """For each state the coalitions of others that it turns, by size from 0 to n - 1.

    For at most `MOST_STATES`: sums of counts then stay below 2^53, which floats hold exactly.
    """
    n, half = len(sizes), sum(sizes) // 2
    first, second = sizes[: n // 2], sizes[n // 2 :]
    if sum(sizes).bit_length() <= _BITS:
        left, right = _sums(first), _sums(second)
    else:
        left, right = _ranks(first, second, half)
        half = 0
    with one_blas_thread():
        return [*_turned(left, right, half), *_turned(right, left, half)]


def _sums(sizes: Sequence[int]) -> Integers:
    """What each coalition holds; bit i of its place says whether state i is in it."""
    sums = np.zeros(1, dtype=np.int64)
    for own in sizes:
        sums = np.concatenate([sums, sums + own])
    return sums


def _ranks(first: Sequence[int], second: Sequence[int], half: int) -> tuple[Integers, Integers]:
    """Numbers in place of the sums of two halves: a + b <= 0 iff those sums are at most `half`.

    What is left of `half` beside a coalition of the first, and what one of the second holds, are
    put in one order, from the last digit to the first.
    """
    count = 1 << len(first)
    together = count + (1 << len(second))
    needed = 7 * 8 * together
    if needed > available_memory():
        message = (
            f"coalitions of {len(first) + len(second)} states whose sums no machine integer holds "
            f"take {format_bytes(needed)}, but {format_bytes(available_memory())} of memory are "
            "available; give resources in a coarser unit, as whole numbers of few digits"
        )
        raise TableTooLargeError(message)
    rank, carry = np.zeros((2, together), dtype=np.int64)
    for low in range(0, half.bit_length() + _DIGIT, _DIGIT):  # the last digit holds the signs
        carry[:count] += _digit(half, low) - _sums([_digit(own, low) for own in first])
        carry[count:] += _sums([_digit(own, low) for own in second])
        rank = _ranked(carry & ((1 << _DIGIT) - 1), rank)
        carry >>= _DIGIT
    rank = _ranked(carry, rank)
    return -rank[:count], rank[count:]


def _digit(number: int, low: int) -> int:
    return number >> low & ((1 << _DIGIT) - 1)


def _ranked(digit: Integers, rank: Integers) -> Integers:
    """The dense ranks of pairs, the digit before the rank so far."""
    if digit.min() == digit.max():
        return rank
    order = np.lexsort((rank, digit))
    rises = (np.diff(digit[order]) != 0) | (np.diff(rank[order]) != 0)
    ranked = np.zeros_like(rank)
    ranked[order[1:]] = np.cumsum(rises)
    return ranked


def _turned(own: Integers, other: Integers, half: int) -> list[list[int]]:
    p, q = len(own).bit_length() - 1, len(other).bit_length() - 1
    theirs = [np.sort(other[masks]) for masks in _by_size(q)]
    turned = [[0] * (p + q) for _ in range(p)]
    for size, masks in enumerate(_by_size(p)):
        report(_TASK, size, p + 1)
        everyone = np.zeros(q + 1)
        members = np.zeros((p, q + 1))
        for masks_at, losing in _losing(masks[np.argsort(own[masks])], own, theirs, half):
            inside = (masks_at[:, None] >> np.arange(p) & 1).astype(np.float64)
            everyone += losing.sum(axis=0)
            members += inside.T @ losing
        for i in range(p):
            for k in range(q + 1):
                inside_i = int(members[i, k])
                if size < p:
                    turned[i][size + k] += int(everyone[k]) - inside_i
                if size:
                    turned[i][size - 1 + k] -= inside_i
    return turned


def _by_size(states: int) -> Iterator[Integers]:
    """The coalitions of no state, of one, and so on."""
    members = np.zeros(1, dtype=np.int8)
    for _ in range(states):
        members = np.concatenate([members, members + 1])
    return (np.flatnonzero(members == size) for size in range(states + 1))


def _losing(
    masks: Integers, own: Integers, theirs: Sequence[Integers], half: int
) -> Iterator[tuple[Integers, NDArray[np.float64]]]:
    """In blocks: coalitions, and with how many of the other half, by size, each still loses.

    In the order of what they hold, one search goes on near where the last one ended.
    """
    for start in range(0, len(masks), _BLOCK):
        some = masks[start : start + _BLOCK]
        left = half - own[some]
        losing = np.stack([np.searchsorted(sums, left, side="right") for sums in theirs], axis=1)
        yield some, losing.astype(np.float64)
