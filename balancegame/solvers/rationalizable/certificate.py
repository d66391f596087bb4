"""Write the certificate of rationalizable actions: conjectures, and why other actions have none.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.rationalizable`, which shares no code with the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.solvers.minmax.certificate import written_covering
from balancegame.solvers.written_game import written_game

if TYPE_CHECKING:
    from balancegame.solvers.dominance.result import Elimination
    from balancegame.solvers.rationalizable.result import Conjecture, RationalizableResult


def write(result: RationalizableResult) -> Certificate:
    """The certificate of a result of `rationalizable`."""
    game = result.original
    conjectures: list[list[dict[str, Any]]] = [[] for _ in game.players]
    for found in result.conjectures:
        conjectures[found.player_index].append(_conjecture(found))
    return Certificate(
        {
            "format": FORMAT,
            "claim": "rationalizable actions of a game",
            "game": written_game(game),
            "independent": result.independent,
            "eliminations": [_elimination(result, one) for one in result.eliminations],
            "conjectures": conjectures,
            "undecided": [list(one) for one in result.undecided],
        }
    )


def _elimination(result: RationalizableResult, one: Elimination) -> dict[str, Any]:
    player = result.original.players.index(one.player)
    covering = result.coverings.get((player, one.action_index))
    return {
        "round": one.round,
        "player": player,
        "action": one.action_index,
        "dominated": None
        if covering is not None
        else {
            "action": one.action_index,
            "by": [encode_fraction(weight) for weight in one.exact],
            "least": encode_fraction(one.exact_margin),
            "greatest": encode_fraction(one.exact_greatest_gain),
        },
        "covering": None if covering is None else written_covering(covering),
    }


def _conjecture(found: Conjecture) -> dict[str, Any]:
    joint, parts = found.joint, found.parts
    return {
        "action": found.action_index,
        "joint": None
        if joint is None
        else [[list(cell), encode_fraction(chance)] for cell, chance in joint.items()],
        "parts": None
        if parts is None
        else [[encode_fraction(chance) for chance in part] for part in parts],
    }
