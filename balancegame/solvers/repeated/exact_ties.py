"""Equilibrium payoffs that hang on promises which can only just be kept, solved for exactly.

At a critical discount factor, and often with integer payoffs, what deters a player is all that can
be promised him. Such points are found in floats with promises lowered a little, and then, one after
the other, written in rationals: a point is settled once its continuations are mixtures of settled
points, with weights that keep exactly the promises that are just kept. Whether it all generates
itself is for `generated_points` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.float_polytope import float_hull
from balancegame.solvers.repeated.generated_points import expected, stationary_point
from balancegame.solvers.repeated.inner_polytope import STATIONARY, Candidate, InnerSearch
from balancegame.solvers.repeated.mixtures import Weights
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]
Point = tuple[Fraction, ...]

_LOWERED = -1e-10  # of the payoffs' range
_NEAR = 1e-7
_ROUNDS = 400
_PASSES = 30
_BITS = 44
_LONGEST = 2000  # bits of a denominator


def exact_ties(
    incentives: StageIncentives,
    base: Candidate | None,
    possible: NDArray[np.bool_],
    threats: Floats,
    most_points: int,
) -> tuple[Candidate | None, list[list[Point]]]:
    """Points to try for equilibrium payoffs, with the exact continuations their sources speak of.

    Parameters
    ----------
    incentives : StageIncentives
    base : Candidate or None
        Stationary play that is proven already.
    possible : array of bool, shape (A,)
    threats : array, shape (n,)
        Bounds on the threats in unit coordinates.
    most_points : int
    """
    search = InnerSearch(incentives, base, possible, _LOWERED, most_points)
    found = search.run(threats, _ROUNDS)
    if found is None:
        return base, []
    settling = _Settling(incentives, found, _exact_threats(incentives, found, possible))
    return settling.run()


def _exact_threats(
    incentives: StageIncentives, found: Candidate, possible: NDArray[np.bool_]
) -> list[Fraction | None]:
    """The least sure payoffs of deviators, where a point found in floats comes down to them."""
    lowest = found.points.min(axis=0)
    threats: list[Fraction | None] = []
    for i in range(incentives.n_players):
        sure = Fraction(0)
        for chance, places in zip(
            incentives.probabilities, incentives.contingencies, strict=True
        ):
            sure += chance * min(incentives.deviations[a, i] for a in places if possible[a])
        unit = float((sure - incentives.lowest[i]) / incentives.spans[i])
        threats.append(sure if abs(unit - lowest[i]) < _NEAR else None)
    return threats


class _Settling:
    """Points found in floats, of which more and more are known in rationals."""

    def __init__(
        self, incentives: StageIncentives, found: Candidate, threats: list[Fraction | None]
    ) -> None:
        self._incentives = incentives
        self._found = found[float_hull(found.points).places]
        self._threats = threats
        self._points: dict[int, Point] = {}
        self._continuations: dict[int, list[Point]] = {}

    def run(self) -> tuple[Candidate | None, list[list[Point]]]:
        """Settle what can be."""
        found = self._found
        rows: list[list[int]] = found.profiles.tolist()
        for j in np.flatnonzero(found.sources == STATIONARY).tolist():
            point = stationary_point(self._incentives, rows[j])
            self._settle(j, [point] * len(rows[j]), rows[j])
        for _ in range(_PASSES):
            before = len(self._points)
            for j, row in enumerate(rows):
                if j not in self._points:
                    self._try(j, row)
            if len(self._points) == before:
                break
        kept = sorted(self._points)
        if not kept:
            return None, []
        chosen = np.array(kept)
        exact = [self._continuations[j] for j in kept]
        points = self._incentives.to_unit(np.array([self._points[j] for j in kept], dtype=object))
        return (
            Candidate(
                points, found.profiles[chosen], found.continuations[chosen], np.arange(len(kept))
            ),
            exact,
        )

    def _settle(self, j: int, continuations: list[Point], row: list[int]) -> None:
        self._continuations[j] = continuations
        self._points[j] = expected(self._incentives, row, continuations)

    def _try(self, j: int, row: list[int]) -> None:
        """Settle a point if its continuations are mixtures of settled ones, or of itself."""
        continuations: list[Point] = []
        for a, promise in zip(row, self._found.continuations[j], strict=True):
            mixed = self._mixed(promise, a)
            if mixed is None:
                return
            continuations.append(mixed)
        if all(x.denominator.bit_length() <= _LONGEST for one in continuations for x in one):
            self._settle(j, continuations, row)

    def _mixed(self, promise: Floats, profile: int) -> Point | None:
        """An exact mixture of settled points near one in floats that keeps promises just kept."""
        from scipy.optimize import nnls  # noqa: PLC0415 (slow to import)

        places = sorted(self._points)
        if not places:
            return None
        unit = self._found.points[places]
        near = np.abs(unit - promise).max(axis=1)
        if near.min() < _NEAR:
            return self._points[places[int(near.argmin())]]
        weights, residual = nnls(
            np.vstack([unit.T, np.ones((1, len(places)))]), np.append(promise, 1.0)
        )
        if residual > _NEAR:
            return None
        support = np.flatnonzero(weights > _NEAR)
        points = [self._points[places[k]] for k in support]
        shares = weights[support] / weights[support].sum()
        equations = self._just_kept(promise, profile)
        exact = _weights(points, shares, equations)
        if exact is None:
            return None
        return tuple(
            sum((points[k][i] * share for k, share in exact), Fraction(0))
            for i in range(len(promise))
        )

    def _just_kept(self, promise: Floats, profile: int) -> list[tuple[int, Fraction]]:
        """Coordinates in which a continuation promises no more than it has to, and how much."""
        low, spans = self._incentives.lowest, self._incentives.spans
        found: list[tuple[int, Fraction]] = []
        for i, (need, threat) in enumerate(
            zip(self._incentives.required[profile], self._threats, strict=True)
        ):
            if need and threat is not None:
                least = threat + need
                if abs(float((least - low[i]) / spans[i]) - promise[i]) < _NEAR:
                    found.append((i, least))
        return found


def _weights(
    points: Sequence[Point], shares: Floats, equations: Sequence[tuple[int, Fraction]]
) -> Weights | None:
    """Weights near those given that sum to 1 and solve the equations exactly; None if none do."""
    short = [Fraction(round(float(x) * (1 << _BITS)), 1 << _BITS) for x in shares]
    rows = [[Fraction(1)] * len(points) + [Fraction(1)]]
    rows += [[point[i] for point in points] + [value] for i, value in equations]
    solved: list[int] = []
    reduced: list[list[Fraction]] = []
    for row in rows:
        for pivot, known in zip(solved, reduced, strict=True):
            factor = row[pivot]
            row = [x - factor * y for x, y in zip(row, known, strict=True)]
        # The largest weight bears a correction best.
        able = [k for k in range(len(points)) if row[k] and k not in solved]
        if not able:
            if row[-1]:
                return None
            continue
        pivot = max(able, key=lambda k: shares[k])
        row = [x / row[pivot] for x in row]
        reduced = [
            [x - known[pivot] * y for x, y in zip(known, row, strict=True)] for known in reduced
        ]
        reduced.append(row)
        solved.append(pivot)
    for pivot, row in zip(solved, reduced, strict=True):
        others = sum(
            (row[k] * short[k] for k in range(len(points)) if k not in solved), Fraction(0)
        )
        short[pivot] = row[-1] - others
    if min(short) < 0:
        return None
    return tuple((k, x) for k, x in enumerate(short) if x)
