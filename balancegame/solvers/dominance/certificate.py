"""Write the certificate of an iterated elimination: every step, and why no other was possible.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.dominance`, which shares no code with the search.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.solvers.written_game import written_game

if TYPE_CHECKING:
    from balancegame.solvers.dominance.dominance import Dominator, Witness
    from balancegame.solvers.dominance.result import Step, UndominatedResult


def write(result: UndominatedResult) -> Certificate:
    """The certificate of a result of `undominated`."""
    game = result.original
    order = None if result.order is None else [game.players.index(name) for name in result.order]
    return Certificate(
        {
            "format": FORMAT,
            "claim": "iterated dominance in a game",
            "game": written_game(game),
            "by": result.by,
            "weak": result.weak,
            "order": order,
            "steps": [_step(step, game.shape) for step in result.steps],
            "survivors": [list(kept) for kept in result.survivors],
            "complete": result.complete,
        }
    )


def others_actions(column: int, player: int, shape: tuple[int, ...]) -> list[int]:
    """The others' actions that a column of a player's table stands for."""
    sizes = [m for j, m in enumerate(shape) if j != player]
    return [int(a) for a in np.unravel_index(column, sizes)] if sizes else []


def dominator_fields(found: Dominator) -> dict[str, Any]:
    """What a certificate says of a dominating mixed action."""
    return {
        "by": [encode_fraction(weight) for weight in found.weights],
        "least": encode_fraction(found.least),
        "greatest": encode_fraction(found.greatest),
    }


def weighted_columns(
    weights: dict[int, Fraction], player: int, shape: tuple[int, ...]
) -> list[list[Any]]:
    """Weights of the others' joint actions, each beside these actions."""
    return [
        [others_actions(column, player, shape), encode_fraction(weight)]
        for column, weight in weights.items()
    ]


def _step(step: Step, shape: tuple[int, ...]) -> dict[str, Any]:
    return {
        "round": step.round,
        "player": step.player,
        "eliminated": [
            {"action": action, **dominator_fields(found)}
            for action, found in step.dominators.items()
        ],
        "kept": [
            {"action": action, **_witness(found, step.player, shape)}
            for action, found in step.witnesses.items()
        ],
    }


def _witness(found: Witness, player: int, shape: tuple[int, ...]) -> dict[str, Any]:
    return {
        "tied": [others_actions(column, player, shape) for column in found.tied],
        "common": encode_fraction(found.common),
        "weights": weighted_columns(found.weights, player, shape),
    }
