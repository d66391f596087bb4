"""Coalitions that a state turns from losing to winning, counted from two halves of the states.

Resources without a common coarse unit have up to 2^n different sums. But a coalition is one of
one half of the states with one of the other, and the 2^(n/2) of each half can be sorted: for each
of the first, a search tells how many of the second leave it losing (Horowitz & Sahni 1974; Klinz &
Woeginger 2005).

For a state i of the first half, and L(a, b) the number of coalitions of size b of the other half
with which `a` still loses: the coalitions that i turns are those that lose without him, the L of
all `a` without i, less those that lose with him, the L of all `a` with i.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.blas_threads import one_blas_thread
from balancegame._progress import report

MOST_STATES = 50  # half of them have 2^25 coalitions: about a minute and 1 GB

_TASK = "coalitions of half the states"
_BLOCK = 1 << 14  # coalitions at a time
_BITS = 61  # of a sum: two add up without overflow

Integers = NDArray[np.int64]
Masks = NDArray[np.int64]


def turned_from_halves(sizes: Sequence[int]) -> list[list[int]]:
    """For each state the coalitions of others that it turns, by size from 0 to n - 1.

    For at most `MOST_STATES`: sums of counts then stay below 2^53, which floats hold exactly.
    """
    n, half = len(sizes), sum(sizes) // 2
    first, second = list(range(n // 2)), list(range(n // 2, n))
    left, right = (_Half.of([sizes[i] for i in own], sum(sizes)) for own in (first, second))
    with one_blas_thread():
        return [*_turned(left, right, half), *_turned(right, left, half)]


@dataclass(frozen=True)
class _Half:
    """The coalitions of one half, by size.

    Sums are kept in units of 2^shift, rounded down: a coalition holds at least its sum, and less
    than a unit a member more. With shift 0 they are exact.
    """

    sizes: Sequence[int]
    shift: int
    masks: list[Masks]  # by size, in the order of their sums
    sums: list[Integers]

    @classmethod
    def of(cls, sizes: Sequence[int], total: int) -> _Half:
        shift = max(0, total.bit_length() - _BITS)
        sums = np.zeros(1, dtype=np.int64)
        members = np.zeros(1, dtype=np.int8)
        for own in sizes:  # the states' bits, from the lowest up
            sums = np.concatenate([sums, sums + (own >> shift)])
            members = np.concatenate([members, members + 1])
        masks: list[Masks] = []
        sorted_sums: list[Integers] = []
        for size in range(len(sizes) + 1):
            own_masks = np.flatnonzero(members == size).astype(np.int64)
            own_sums = sums[own_masks]
            order = np.argsort(own_sums, kind="stable")
            masks.append(own_masks[order])
            sorted_sums.append(own_sums[order])
        return cls(sizes, shift, masks, sorted_sums)

    def held(self, mask: int) -> int:
        """What a coalition holds, exactly."""
        return sum(own for i, own in enumerate(self.sizes) if mask >> i & 1)


def _turned(own: _Half, other: _Half, half: int) -> list[list[int]]:
    p, q = len(own.sizes), len(other.sizes)
    turned = [[0] * (p + q) for _ in range(p)]
    for size, (masks, sums) in enumerate(zip(own.masks, own.sums, strict=True)):
        report(_TASK, size, p + 1)
        everyone = np.zeros(q + 1)
        members = np.zeros((p, q + 1))
        for masks_at, losing in _losing(masks, sums, own, other, half):
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


def _losing(
    masks: Masks, sums: Integers, own: _Half, other: _Half, half: int
) -> Iterator[tuple[Masks, NDArray[np.float64]]]:
    """In blocks: coalitions, and with how many of the other half, by size, each still loses."""
    for start in range(0, len(masks), _BLOCK):
        at = slice(start, start + _BLOCK)
        losing = np.empty((len(masks[at]), len(other.sizes) + 1))
        for size, theirs in enumerate(other.sums):
            losing[:, size] = np.searchsorted(theirs, (half >> own.shift) - sums[at], side="right")
            if own.shift:
                losing[:, size] -= _doubtful_wins(masks[at], sums[at], own, other, size, half)
        yield masks[at], losing


def _doubtful_wins(
    masks: Masks, sums: Integers, own: _Half, other: _Half, size: int, half: int
) -> NDArray[Any]:
    """Those counted as losing by their rounded sums which in fact win, each looked at exactly."""
    n = len(own.sizes) + len(other.sizes)
    gaps = (half >> own.shift) - sums
    first = np.searchsorted(other.sums[size], gaps - n, side="right")
    last = np.searchsorted(other.sums[size], gaps, side="right")
    wins = np.zeros(len(masks), dtype=np.int64)
    for place in np.flatnonzero(last > first).tolist():
        held = own.held(int(masks[place]))
        near = other.masks[size][first[place] : last[place]].tolist()
        wins[place] = sum(held + other.held(mask) > half for mask in near)
    return wins
