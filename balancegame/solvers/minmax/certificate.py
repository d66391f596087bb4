"""Write the certificate of bounds on a minmax value.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.minmax`, which shares no code with the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from balancegame.certificates.certificate import Certificate, encode, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.dominance.certificate import weighted_columns
from balancegame.solvers.minmax.punishment import Covering, Leaf, Punishment
from balancegame.solvers.written_game import written_game


def write(
    game: NormalFormGame,
    player: int,
    bounds: tuple[Fraction, Fraction],
    others: Sequence[Sequence[Fraction]],
    punishment: Punishment | None,
) -> Certificate:
    """The certificate that a player's minmax value lies within bounds.

    Parameters
    ----------
    game : NormalFormGame
    player : int
    bounds : pair of Fraction
    others : sequence of sequences of Fraction
        The others' parts that hold the player down to the upper bound.
    punishment : Punishment or None
        None for pure punishments.
    """
    return Certificate(
        {
            "format": FORMAT,
            "claim": "bounds on a minmax value",
            "game": written_game(game),
            "player": player,
            "mixed": punishment is not None,
            "lower": encode_fraction(bounds[0]),
            "upper": encode_fraction(bounds[1]),
            "profile": [[encode_fraction(chance) for chance in part] for part in others],
            "correlated": None
            if punishment is None
            else {
                "value": encode_fraction(punishment.correlated.value),
                "weights": [encode_fraction(weight) for weight in punishment.correlated.rows],
                "distribution": weighted_columns(punishment.correlated.columns, player, game.shape),
            },
            "covering": None
            if punishment is None or punishment.covering is None
            else written_covering(punishment.covering),
        }
    )


def written_covering(covering: Covering) -> dict[str, Any]:
    """A covering as certificates write it."""
    return {
        "dropped": [list(one) for one in covering.dropped],
        "tree": [
            {"weights": [encode(weight) for weight in found.weights]}
            if isinstance(found, Leaf)
            else {"bisected": [found.punisher, found.x, found.y]}
            for _, found in covering.nodes()
        ],
    }
