"""Write the certificate that points are payoffs of subgame-perfect equilibria.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.self_generation`, which shares no code with the search.
"""

from __future__ import annotations

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.generated_points import Generated, SelfGenerating
from balancegame.solvers.repeated.stage_incentives import StageIncentives
from balancegame.solvers.written_game import written_game

CLAIM = "payoffs of subgame-perfect equilibria of a repeated game"


def write(
    repeated: RepeatedGame, incentives: StageIncentives, found: SelfGenerating
) -> Certificate:
    """The certificate of points that generate themselves."""
    return Certificate(
        {
            "format": FORMAT,
            "claim": CLAIM,
            "contingencies": [
                {
                    "name": one.name,
                    "probability": encode_fraction(chance),
                    "game": written_game(one.stage),
                }
                for one, chance in zip(repeated.contingencies, repeated.probabilities, strict=True)
            ],
            "discounts": list(map(encode_fraction, repeated.exact_discounts)),
            "points": [
                {
                    "payoffs": list(map(encode_fraction, point)),
                    "sources": _sources(incentives, generated),
                }
                for point, generated in zip(found.points, found.generated, strict=True)
            ],
        }
    )


def _sources(incentives: StageIncentives, generated: Generated) -> list[dict[str, object]]:
    return [
        {
            "profile": list(incentives.profiles[place]),
            "continuation": [[k, encode_fraction(weight)] for k, weight in weights],
        }
        for place, weights in zip(generated.profiles, generated.continuations, strict=True)
    ]
