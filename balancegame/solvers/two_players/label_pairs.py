"""Pairs of label sets that together hold every label."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.polytopes.vertex_enumeration import Words

Places = NDArray[np.int64]

# Below so many pairs it is faster to look at each than to divide the sets.
_FEW_PAIRS = 1 << 16


def complementary_pairs(first: Words, second: Words, n_labels: int) -> tuple[Places, Places]:
    """All (i, j) such that second[j] holds just the labels that first[i] lacks.

    No set occurs twice in `first`, nor in `second`.
    """
    lacking = ~first & _all_labels(n_labels, first.shape[1])
    _, i, j = np.intersect1d(
        _as_keys(lacking), _as_keys(second), assume_unique=True, return_indices=True
    )
    return i, j


def covering_pairs(first: Words, second: Words, sizes: tuple[int, ...]) -> tuple[Places, Places]:
    """All (i, j) such that first[i] and second[j] together hold every label.

    Of ``sum(sizes)`` labels, sets in `first` hold at least ``sizes[0]`` and those in `second` at
    least ``sizes[1]``. Pairs of smallest sets are looked up; the others, which come from
    degenerate vertices, are found by dividing the lists label by label.
    """
    n_labels = sum(sizes)
    larger = [
        np.bitwise_count(sets).sum(axis=1) > size
        for sets, size in zip((first, second), sizes, strict=True)
    ]
    small = np.flatnonzero(~larger[0]), np.flatnonzero(~larger[1])
    i, j = complementary_pairs(first[small[0]], second[small[1]], n_labels)
    found = [(small[0][i], small[1][j])]
    for ours, theirs in (
        (small[0], np.flatnonzero(larger[1])),
        (np.flatnonzero(larger[0]), np.arange(len(second))),
    ):
        found += _divide(first, second, ours, theirs, n_labels, 0)
    return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])


def _divide(
    first: Words, second: Words, i: Places, j: Places, n_labels: int, label: int
) -> list[tuple[Places, Places]]:
    """Covering pairs among first[i] and second[j], whose lower labels are known to be covered."""
    if not len(i) or not len(j):
        return []
    if len(i) * len(j) <= _FEW_PAIRS or label == n_labels:
        return _look(first, second, i, j, n_labels)
    ours, theirs = _have(first, i, label), _have(second, j, label)
    return _divide(first, second, i[ours], j, n_labels, label + 1) + _divide(
        first, second, i[~ours], j[theirs], n_labels, label + 1
    )


def _have(sets: Words, places: Places, label: int) -> NDArray[np.bool_]:
    return (sets[places, label // 64] >> np.uint64(label % 64)) & np.uint64(1) == 1


def _look(
    first: Words, second: Words, i: Places, j: Places, n_labels: int
) -> list[tuple[Places, Places]]:
    everything = _all_labels(n_labels, first.shape[1])
    found: list[tuple[Places, Places]] = []
    block = max(1, _FEW_PAIRS // len(j))
    for start in range(0, len(i), block):
        part = i[start : start + block]
        covered = ((first[part, None] | second[None, j]) == everything).all(axis=2)
        a, b = np.nonzero(covered)
        found.append((part[a], j[b]))
    return found


def _all_labels(n_labels: int, n_words: int) -> NDArray[np.uint64]:
    full = ((1 << n_labels) - 1).to_bytes(8 * n_words, "little")
    return np.frombuffer(full, dtype="<u8").astype(np.uint64)


def _as_keys(sets: Words) -> NDArray[Any]:
    """One comparable value a row."""
    if sets.shape[1] == 1:
        return sets[:, 0]
    return np.ascontiguousarray(sets).view(f"V{8 * sets.shape[1]}")[:, 0]
