"""Write the certificate of a set of equilibrium payoffs between two polytopes.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.payoff_polytopes`, which shares no code with the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.certificates.certificate import Certificate, encode, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.generated_points import Generated, Point, SelfGenerating
from balancegame.solvers.repeated.outer_proof import Move, OuterStep, Weights, outer_steps
from balancegame.solvers.repeated.stage_incentives import StageIncentives
from balancegame.solvers.repeated.whole_set import WholeSet
from balancegame.solvers.written_game import written_contingencies

CLAIM = "payoffs of subgame-perfect equilibria of a repeated game"


def write(
    repeated: RepeatedGame,
    incentives: StageIncentives,
    inner: SelfGenerating | None,
    whole: WholeSet | None,
    rows: NDArray[np.float64],
    possible: NDArray[np.bool_],
) -> Certificate:
    """The certificate of points that generate themselves, and of bounds on all others.

    Parameters
    ----------
    repeated : RepeatedGame
    incentives : StageIncentives
    inner : SelfGenerating or None
    whole : WholeSet or None
        If the inner points are all there is.
    rows : array, shape (R, n)
        The outer polytope's directions in unit coordinates.
    possible : array of bool, shape (A,)
        The profiles not ruled out; if a contingency has none left there is no equilibrium.
    """
    directions = [tuple(map(Fraction, row)) for row in rows.tolist()]
    exact: list[int] | None = None
    if whole is not None:
        exact = list(range(2 * incentives.n_players))
        exact += range(len(directions), len(directions) + len(whole.normals))
        directions += [_unit(incentives, normal) for normal in whole.normals]
    elif not all(possible[one.start : one.stop].any() for one in incentives.contingencies):
        exact = []
    steps = outer_steps(incentives, rows, possible)
    return Certificate(
        {
            "format": FORMAT,
            "claim": CLAIM,
            "contingencies": written_contingencies(
                zip(repeated.contingencies, repeated.probabilities, strict=True)
            ),
            "discounts": list(map(encode_fraction, repeated.exact_discounts)),
            "points": [] if inner is None else _points(incentives, inner),
            "outer": {
                "directions": [list(map(encode_fraction, one)) for one in directions],
                "steps": list(map(_step, steps)),
            },
            "exact": exact,
        }
    )


def _unit(incentives: StageIncentives, normal: Point) -> Point:
    """A normal in payoffs as one in unit coordinates, in which they are stretched."""
    return tuple(x * span for x, span in zip(normal, incentives.spans, strict=True))


def _points(incentives: StageIncentives, found: SelfGenerating) -> list[Any]:
    return [
        {
            "payoffs": list(map(encode_fraction, point)),
            "sources": _sources(incentives, generated),
        }
        for point, generated in zip(found.points, found.generated, strict=True)
    ]


def _sources(incentives: StageIncentives, generated: Generated) -> list[Any]:
    return [
        {
            "profile": list(incentives.profiles[place]),
            "continuation": [[k, encode_fraction(weight)] for k, weight in weights],
        }
        for place, weights in zip(generated.profiles, generated.continuations, strict=True)
    ]


def _step(step: OuterStep) -> dict[str, Any]:
    return {"ruled out": _multipliers(step.dropped), "lowered": list(map(_lowered, step.moves))}


def _lowered(move: Move) -> dict[str, Any]:
    return {
        "direction": move.row,
        "from": encode_fraction(Fraction(move.upper)),
        "to": encode_fraction(Fraction(move.level)),
        "multipliers": _multipliers(move.multipliers),
    }


def _multipliers(given: Iterable[tuple[int, Weights]]) -> list[Any]:
    return [[a, _weights(weights)] for a, weights in given]


def _weights(weights: Sequence[tuple[int, int]]) -> list[Any]:
    return [[k, encode(weight)] for k, weight in weights]
