"""Write the certificate that a correlated equilibrium is the best by its objective.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.correlated`, which shares no code with the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.solvers.written_game import written_game, written_table

if TYPE_CHECKING:
    from balancegame.solvers.correlated.objective import Objective
    from balancegame.solvers.correlated.result import CorrelatedResult


def write(result: CorrelatedResult, objective: Objective) -> Certificate:
    """The certificate of a result for the objective it was asked for."""
    return Certificate(
        {
            "format": FORMAT,
            "claim": "an optimal correlated equilibrium of a game",
            "coarse": result.coarse,
            "game": written_game(result.game),
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


def _objective(objective: Objective) -> dict[str, Any]:
    if objective.least:
        return {"maximised": "the least payoff"}
    if objective.table is None:
        return {"maximised": "payoffs times weights", "weights": _fractions(objective.weights)}
    exact = objective.exact_table
    return {
        "maximised": "a table",
        "table": written_table(objective.table if exact is None else exact),
    }


def _fractions(numbers: Sequence[Fraction]) -> list[int | str]:
    return list(map(encode_fraction, numbers))
