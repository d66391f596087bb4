"""Games, and the contingencies of repeated ones, as certificates hold them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.certificates.certificate import encode_fraction
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.repeated_game import Contingency


def written_game(game: NormalFormGame) -> dict[str, Any]:
    """A game of any number of players, payoffs nested as deep as there are players."""
    return {
        "title": game.title,
        "players": list(game.players),
        "actions": [list(names) for names in game.actions],
        "payoffs": written_table(game.exact_payoffs if game.has_rounded_payoffs else game.payoffs),
    }


def written_contingencies(drawn: Iterable[tuple[Contingency, Fraction]]) -> list[dict[str, Any]]:
    """Stage games with their names and probabilities."""
    return [
        {
            "name": one.name,
            "probability": encode_fraction(chance),
            "game": written_game(one.stage),
        }
        for one, chance in drawn
    ]


def written_table(table: NDArray[Any]) -> Any:
    """A table of numbers as nested lists of rationals."""
    encoded = np.frompyfunc(lambda value: encode_fraction(Fraction(value)), 1, 1)
    return np.asarray(encoded(table), dtype=object).tolist()
