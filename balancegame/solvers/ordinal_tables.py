"""Numbers that compare as the exact payoffs do: for concepts that ask no more of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

Floats = NDArray[np.float64]


def ordinal_tables(game: NormalFormGame) -> Floats:
    """One row a player, one column a profile, shape (n, profiles): payoffs, or their ranks.

    Floats are their own exact values. Where exact payoffs differ from their floats, equal floats
    may hide a difference: then ranks stand in for payoffs.
    """
    tables = game.payoffs.reshape(game.n_players, -1)
    if not game.has_rounded_payoffs:
        return np.ascontiguousarray(tables)
    exact = game.exact_payoffs.reshape(game.n_players, -1)
    return np.stack([_ranks(floats, own) for floats, own in zip(tables, exact, strict=True)])


def _ranks(floats: Floats, exact: NDArray[Any]) -> Floats:
    """Rounding is monotone, so that only runs of equal floats need exact comparison."""
    order = np.argsort(floats, kind="stable")
    ends = [*(np.flatnonzero(np.diff(floats[order])) + 1).tolist(), len(order)]
    ranks = np.empty(len(order))
    rank, start = 0, 0
    for end in ends:
        run = sorted(order[start:end].tolist(), key=exact.__getitem__)
        before = run[0]
        for cell in run:
            rank += exact[cell] != exact[before]
            ranks[cell] = rank
            before = cell
        rank, start = rank + 1, end
    return ranks
