"""Coalitions as bit masks, and the table cells their members can reach."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

Cells = NDArray[np.int64]


def strides_of(game: NormalFormGame) -> Cells:
    """How far the flat index of a profile advances with each player's action."""
    sizes = [1, *reversed(game.shape)][:-1]
    return np.cumprod(np.array(sizes, dtype=np.int64))[::-1].copy()


def coalitions_of(n_players: int, smallest: int, largest: int) -> list[tuple[int, ...]]:
    """Coalitions by size, then by members."""
    return [
        members
        for size in range(smallest, largest + 1)
        for members in combinations(range(n_players), size)
    ]


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
