"""Write the certificate of equilibrium payoffs with transfers.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.transfers`, which shares no code with the solver.
"""

from __future__ import annotations

from fractions import Fraction

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.written_game import written_contingencies

CLAIM = "payoffs of a repeated game with transfers"


def write(
    repeated: RepeatedGame, joint: Fraction | None, lowest: tuple[Fraction, ...] | None
) -> Certificate:
    """The certificate of the largest joint payoff and everyone's lowest; None if there is none."""
    drawn = zip(repeated.contingencies, repeated.probabilities, strict=True)
    return Certificate(
        {
            "format": FORMAT,
            "claim": CLAIM,
            "contingencies": written_contingencies(drawn),
            "discount": encode_fraction(repeated.exact_discounts[0]),
            "joint": None if joint is None else encode_fraction(joint),
            "lowest": None if lowest is None else list(map(encode_fraction, lowest)),
        }
    )
