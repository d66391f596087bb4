"""Write the certificate that a correlated equilibrium is the best by its objective.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.correlated`, which shares no code with the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.normal_form import NormalFormGame

if TYPE_CHECKING:
    from balancegame.solvers.correlated_objective import Objective
    from balancegame.solvers.correlated_result import CorrelatedResult


def write(result: CorrelatedResult, objective: Objective) -> Certificate:
    """The certificate of a result for the objective it was asked for."""
    return Certificate(
        {
            "format": FORMAT,
            "claim": "an optimal correlated equilibrium of a game",
            "coarse": result.coarse,
            "game": _game(result.game),
            "objective": _objective(objective),
            "distribution": [
                {"profile": list(profile), "probability": encode_fraction(chance)}
                for profile, chance in zip(result.support, result.probabilities, strict=True)
            ],
            "payoffs": _fractions(result.exact_payoffs),
            "value": encode_fraction(objective.sign * result.exact),
            "multipliers": [
                {
                    "player": row.player,
                    "recommended": [] if row.recommended is None else [row.recommended],
                    "deviation": row.deviation,
                    "multiplier": encode_fraction(multiplier),
                }
                for row, multiplier in result.multipliers
            ],
            "shares": _fractions(result.shares),
        }
    )


def _game(game: NormalFormGame) -> dict[str, Any]:
    return {
        "title": game.title,
        "players": list(game.players),
        "actions": [list(names) for names in game.actions],
        "payoffs": _table(game.exact_payoffs if game.has_rounded_payoffs else game.payoffs),
    }


def _objective(objective: Objective) -> dict[str, Any]:
    if objective.least:
        return {"maximised": "the least payoff"}
    if objective.table is None:
        return {"maximised": "payoffs times weights", "weights": _fractions(objective.weights)}
    exact = objective.exact_table
    return {
        "maximised": "a table",
        "table": _table(objective.table if exact is None else exact),
    }


def _fractions(numbers: Sequence[Fraction]) -> list[int | str]:
    return list(map(encode_fraction, numbers))


def _table(table: NDArray[Any]) -> Any:
    """A table as nested lists of rationals."""
    encoded = np.frompyfunc(lambda value: encode_fraction(Fraction(value)), 1, 1)
    return np.asarray(encoded(table), dtype=object).tolist()
