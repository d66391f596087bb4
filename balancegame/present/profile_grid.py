"""A game's pure profiles laid out as a table, nested where there are more than two players."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from balancegame.games.normal_form import NormalFormGame

_BETWEEN = 0.35  # more room between the blocks of outer players
_LONGEST = 16  # letters of a name

Cell = tuple[int, ...]
Marks = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class ProfileGrid:
    """Where profiles stand; the distance of neighbours is 1.

    Attributes
    ----------
    places : mapping from profile to (across, down)
    columns, rows : tuple of (place, label)
        One line of a label a player, the outermost first.
    column_players, row_players : str
    """

    places: dict[Cell, tuple[float, float]]
    columns: Marks
    rows: Marks
    column_players: str
    row_players: str

    @property
    def wide(self) -> float:
        """Columns, and the room between them."""
        return self.columns[-1][0] + 1.0

    @property
    def high(self) -> float:
        """Rows, and the room between them."""
        return self.rows[-1][0] + 1.0

    def between(self, source: Cell, target: Cell) -> list[float]:
        """Where other profiles stand on the way between two in a row or column, from 0 to 1."""
        start, end = self.places[source], self.places[target]
        along = 0 if start[1] == end[1] else 1
        shares = [
            (at[along] - start[along]) / (end[along] - start[along])
            for at in self.places.values()
            if at[1 - along] == start[1 - along]
        ]
        return sorted(share for share in shares if 0 < share < 1)


def grid_of(game: NormalFormGame) -> ProfileGrid:
    """The first player chooses rows, the second columns, each further one what is fewer."""
    rows: list[int] = []
    columns: list[int] = []
    sizes = [1, 1]
    for i, m in enumerate(game.shape):
        side = 1 if i == 1 else int(i > 1 and sizes[0] > sizes[1])
        (rows, columns)[side].append(i)
        sizes[side] *= m
    down, across = (_spread([game.shape[i] for i in players]) for players in (rows, columns))
    places = {
        profile: (
            across[tuple(profile[i] for i in columns)],
            down[tuple(profile[i] for i in rows)],
        )
        for profile in np.ndindex(*game.shape)
    }
    return ProfileGrid(
        places,
        _marks(game, columns, across),
        _marks(game, rows, down),
        ", ".join(_short(game.players[i]) for i in columns),
        ", ".join(_short(game.players[i]) for i in rows),
    )


def _spread(sizes: Sequence[int]) -> dict[Cell, float]:
    """Places along an axis for every choice of its players."""
    inner = [math.prod(sizes[k:]) for k in range(1, len(sizes))]
    return {
        cell: step + _BETWEEN * sum(step // block for block in inner)
        for step, cell in enumerate(np.ndindex(*sizes))
    }


def _marks(game: NormalFormGame, players: Sequence[int], places: dict[Cell, float]) -> Marks:
    return tuple(
        (
            at,
            "\n".join(_short(game.actions[i][a]) for i, a in zip(players, cell, strict=True)),
        )
        for cell, at in places.items()
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."
