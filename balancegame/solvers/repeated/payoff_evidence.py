"""What a two-player payoff set rests on: its proof, worked out when it is first asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from balancegame._words import counted
from balancegame.certificates.certificate import Certificate
from balancegame.games.payoff_set import Bounds
from balancegame.games.rendering import number
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.payoff_proof import Proof, prove
from balancegame.solvers.repeated.payoff_set_certificate import write
from balancegame.solvers.repeated.rational_polygons import Pair, Polygon, dot, lies_in
from balancegame.solvers.repeated.two_player_profiles import as_float, as_fraction, as_points


@dataclass(frozen=True, slots=True, eq=False)
class TwoPlayerEvidence:
    """The proof of a payoff set; a list holds it, once it is there."""

    repeated: RepeatedGame
    _found: list[_Kept] = field(default_factory=list, repr=False)

    def proof(self) -> Proof:
        """The proof itself."""
        if not self._found:
            self._found.append(_Kept(prove(self.repeated)))
        return self._found[0].proof

    def bounds(self) -> Bounds:
        """What it proves."""
        proof = self.proof()
        inner = [one.vertex for one in proof.inner]
        exact = tuple((as_fraction(x), as_fraction(y)) for x, y in inner)
        gap = 0.0 if proof.exact else distance(proof.outer, inner)
        return Bounds(
            as_points(inner),
            as_points(proof.outer),
            gap,
            _reason(proof, gap),
            exact if proof.exact else None,
        )

    def certificate(self) -> Certificate:
        """The proof as anyone can check it."""
        return write(self.repeated, self.proof())

    def __reduce__(self) -> tuple[type[TwoPlayerEvidence], tuple[RepeatedGame]]:
        return TwoPlayerEvidence, (self.repeated,)  # found anew: flint's numbers do not travel


@dataclass(frozen=True, slots=True)
class _Kept:
    proof: Proof


def distance(outer: Polygon, inner: Polygon) -> float:
    """The Hausdorff distance between a polygon and another inside it, rounded up."""
    if not inner or not outer:
        return math.inf if outer else 0.0
    furthest = max(
        0.0 if lies_in(point, inner) else min(map(math.sqrt, _squares(point, inner)))
        for point in outer
    )
    return furthest * (1 + 1e-12)


def _squares(point: Pair, corners: Polygon) -> list[float]:
    """Squared distances from a point to a polygon's edges."""
    found: list[float] = []
    for k, p in enumerate(corners):
        along = (corners[k - 1][0] - p[0], corners[k - 1][1] - p[1])
        way = (point[0] - p[0], point[1] - p[1])
        length = dot(along, along)
        share = min(max(dot(way, along) / length, 0), 1) if length else 0
        rest = (way[0] - share * along[0], way[1] - share * along[1])
        found.append(as_float(dot(rest, rest)))
    return found


def _reason(proof: Proof, gap: float) -> str:
    steps = counted(len(proof.steps), "outer step")
    if proof.empty:
        return f"no payoff is left after {steps}: there is no such equilibrium"
    if proof.exact:
        return f"it generates itself, and sets around it shrink to it, from {steps} on"
    if proof.shrinking is not None and math.isfinite(gap):
        return (
            "no rational vertices were found; a polygon near them generates itself, and sets around"
            f" it shrink to within {number(gap)}, from {steps} on"
        )
    if proof.inner:
        return f"a polygon that generates itself, and what {steps} leave around it"
    return f"what {steps} leave; no equilibrium is known"
