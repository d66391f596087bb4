"""Coalitions as bit masks, and the table cells their members can reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

Cells = NDArray[np.int64]


def strides_of(game: NormalFormGame) -> Cells:
    """How far the flat index of a profile advances with each player's action."""
    sizes = [1, *reversed(game.shape)][:-1]
    return np.cumprod(np.array(sizes, dtype=np.int64))[::-1].copy()


def movers(game: NormalFormGame) -> list[int]:
    """The players who have a choice.

    A coalition does not need the others: where it gains with them, it gains without.
    """
    return [i for i, m in enumerate(game.shape) if m > 1]


def coalitions_of(players: Sequence[int], smallest: int, largest: int) -> Iterator[tuple[int, ...]]:
    """Coalitions by size, then by members."""
    for size in range(smallest, largest + 1):
        yield from combinations(players, size)


def mask_of(members: Sequence[int]) -> int:
    """Bit i stands for player i."""
    return sum(1 << i for i in members)


def reachable(game: NormalFormGame, strides: Cells, cell: int, members: Sequence[int]) -> Cells:
    """The cells of a coalition's joint moves, its members' actions in lexicographic order."""
    cells = np.array([cell], dtype=np.int64)
    for i in members:
        moves = (np.arange(game.shape[i]) - cell // strides[i] % game.shape[i]) * strides[i]
        cells = np.add.outer(cells, moves).reshape(-1)
    return cells
