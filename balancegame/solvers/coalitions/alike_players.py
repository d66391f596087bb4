"""Coalition-proofness where all players are alike and have two actions.

What matters of a profile is then how many play the second action, and of a coalition how many of
either action it takes along: instead of 2^n profiles and 2^n coalitions there are n of either.
The definition is that of `coalition_proof`: a joint move of a group, everyone else staying, is
*self-enforcing* if it is coalition-proof for each group that lacks one member, and coalition-proof
if no other self-enforcing joint move of the group pays every member more.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def alike_coalition_proof(first: Floats, second: Floats) -> Bools:
    """How many may play the second action in a coalition-proof equilibrium.

    Parameters
    ----------
    first, second : arrays, shape (n + 1,)
        What a player gets from either action if k play the second one, himself included: the last
        entry of `first` and the first of `second` mean nothing. They are compared exactly.

    Returns
    -------
    array of bool, shape (n + 1,)
        Place k: whether that k players play the second action is coalition-proof. Time grows with
        n^4: 2 ms for 20 players, 0.1 s for 100.
    """
    n = len(first) - 1
    ranks = np.unique(np.concatenate([first[:n], second[1:]]), return_inverse=True)[1]
    return np.array(_proof(tuple(ranks[:n].tolist()), tuple(ranks[n:].tolist())))


@lru_cache(maxsize=64)  # a parameter that moves seldom changes who prefers what
def _proof(first_ranks: tuple[int, ...], second_ranks: tuple[int, ...]) -> tuple[bool, ...]:
    n = len(first_ranks)
    first, second = np.array([*first_ranks, -1]), np.array([-1, *second_ranks])
    proof = np.ones((n + 1, 1), dtype=np.bool_)  # [who plays second outside, inside] for no group
    for size in range(1, n + 1):
        holds = np.ones((n - size + 1, size + 1), dtype=np.bool_)
        if size > 1:
            holds[:, 1:] &= proof[1:, :]  # without one who plays second
            holds[:, :-1] &= proof[:-1, :]  # without one who plays first
        proof = holds & ~_improved(first, second, holds, size)
    return tuple(proof[0].tolist())


def _improved(
    first: NDArray[np.int64], second: NDArray[np.int64], holds: Bools, size: int
) -> Bools:
    """Whether some self-enforcing joint move pays all members of a group more.

    Of the t who play second, `kept` still do under a move to u of them. The least and the greatest
    number kept that lets everyone gain are as narrow as those who would not gain make them.
    """
    outside = np.arange(len(holds))[:, None, None]
    old, new = np.arange(size + 1)[None, :, None], np.arange(size + 1)[None, None, :]
    first_old, second_old = first[outside + old], second[outside + old]
    first_new, second_new = first[outside + new], second[outside + new]
    least = np.maximum(0, old + new - size)
    most = np.minimum(old, new)
    most = np.where(second_new > second_old, most, 0)  # else nobody may keep the second action
    most = np.where(first_new > first_old, most, np.minimum(most, old + new - size))
    least = np.where(first_new > second_old, least, np.maximum(least, old))
    least = np.where(second_new > first_old, least, np.maximum(least, new))
    return np.any((least <= most) & holds[:, None, :], axis=2)
