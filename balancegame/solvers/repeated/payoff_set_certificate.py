"""Write the certificate of a two-player payoff set.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.payoff_sets`, which shares no code with the search.
"""

from __future__ import annotations

from typing import Any

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.payoff_proof import Proof, Shrinking, Support
from balancegame.solvers.repeated.rational_polygons import Pair, Polygon, half_planes, mixture
from balancegame.solvers.repeated.two_player_profiles import as_fraction, drawn
from balancegame.solvers.written_game import written_contingencies

CLAIM = "subgame-perfect payoffs of a repeated game of two players"


def write(repeated: RepeatedGame, proof: Proof) -> Certificate:
    """The certificate of a proof.

    Parameters
    ----------
    repeated : RepeatedGame
        Of two players with one discount factor.
    proof : Proof
    """
    corners = [one.vertex for one in proof.inner]
    return Certificate(
        {
            "format": FORMAT,
            "claim": CLAIM,
            "contingencies": written_contingencies(drawn(repeated)),
            "discount": encode_fraction(repeated.exact_discounts[0]),
            "vertices": [_vertex(repeated, one, corners) for one in proof.inner],
            "steps": [
                [
                    [*_pair(normal), _number(bound)]
                    for normal, bound in zip(step.normals, step.bounds, strict=True)
                ]
                for step in proof.steps
            ],
            "shrinking": None if proof.shrinking is None else _shrinking(proof.shrinking),
            "outer": [_pair(corner) for corner in proof.outer],
            "exact": proof.exact,
        }
    )


def _vertex(repeated: RepeatedGame, one: Support, corners: Polygon) -> dict[str, Any]:
    return {
        "payoffs": _pair(one.vertex),
        "mixture": [
            {
                "weight": _number(weight),
                "support": [
                    {
                        "profile": list(divmod(place, contingency.stage.shape[1])),
                        "continuation": [
                            [k, _number(share)] for k, share in mixture(point, corners) or ()
                        ],
                    }
                    for (place, point), (contingency, _) in zip(
                        support, drawn(repeated), strict=True
                    )
                ],
            }
            for weight, support in one.parts
        ],
    }


def _shrinking(one: Shrinking) -> dict[str, Any]:
    normals, bounds = half_planes(one.corners)
    return {
        "sides": [
            [*_pair(normal), _number(bound), _number(x)]
            for normal, bound, x in zip(normals, bounds, one.growth, strict=True)
        ],
        "sizes": [_number(size) for size in one.sizes],
    }


def _pair(point: Pair) -> list[int | str]:
    return [_number(point[0]), _number(point[1])]


def _number(value: Any) -> int | str:
    return encode_fraction(as_fraction(value))
