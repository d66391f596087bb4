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
_ROUNDS = 200
_FEWER_ROUNDS = 60
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
    found = search.run(threats, _ROUNDS if incentives.n_players <= 3 else _FEWER_ROUNDS)
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
        for chance, places in zip(incentives.probabilities, incentives.contingencies, strict=True):
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
            if mixed is None and len(row) == 1:
                mixed = self._mixed_with_itself(promise, a, j)
            if mixed is None:
                return
            continuations.append(mixed)
        if all(x.denominator.bit_length() <= _LONGEST for one in continuations for x in one):
            self._settle(j, continuations, row)

    def _mixed(self, promise: Floats, profile: int) -> Point | None:
        """An exact mixture of settled points near one in floats that keeps promises just kept."""
        places = list(self._points)
        if not places:
            return None
        near = np.abs(self._found.points[places] - promise).max(axis=1)
        if near.min() < _NEAR:
            return self._points[places[int(near.argmin())]]
        support = self._support(promise, places)
        if support is None:
            return None
        exact = exact_weights(
            [self._points[j] for j in support[0]], support[1], self._just_kept(promise, profile)
        )
        if exact is None:
            return None
        return mixture([(self._points[support[0][k]], share) for k, share in exact])

    def _mixed_with_itself(self, promise: Floats, profile: int, own: int) -> Point | None:
        """The same, where the point to be settled may be in the mixture.

        Of that point the coordinates are known in which promises are just kept, which are all that
        the weights depend on; then it follows from ``z = (1 - delta) g + delta (x z + ...)``.
        """
        delta = self._incentives.common
        kept = self._just_kept(promise, profile)
        support = self._support(promise, [*self._points, own])
        if delta is None or not kept or support is None or own not in support[0]:
            return None
        today = [(1 - delta) * x for x in self._incentives.payoffs[profile]]
        itself = list(today)
        for i, value in kept:
            itself[i] += delta * value
        points = [tuple(itself) if j == own else self._points[j] for j in support[0]]
        exact = exact_weights(points, support[1], kept)
        if exact is None:
            return None
        alone = next((x for k, x in exact if support[0][k] == own), Fraction(0))
        others = [(points[k], x) for k, x in exact if support[0][k] != own]
        rest = mixture(others) if others else (Fraction(0),) * len(today)
        whole = tuple(
            (now + delta * later) / (1 - delta * alone)
            for now, later in zip(today, rest, strict=True)
        )
        return tuple(later + alone * x for later, x in zip(rest, whole, strict=True))

    def _support(self, promise: Floats, places: list[int]) -> tuple[list[int], Floats] | None:
        found = few_points(self._found.points[places], promise)
        return None if found is None else ([places[k] for k in found[0]], found[1])

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


def few_points(points: Floats, mixed: Floats) -> tuple[list[int], Floats] | None:
    """Few points whose mixture comes near one, and their weights; None if none do."""
    from scipy.optimize import nnls  # noqa: PLC0415 (slow to import)

    if not len(points):
        return None
    try:
        weights, residual = nnls(
            np.vstack([points.T, np.ones((1, len(points)))]), np.append(mixed, 1.0)
        )
    except RuntimeError:
        return None
    if residual > _NEAR:
        return None
    chosen = np.flatnonzero(weights > _NEAR)
    return chosen.tolist(), weights[chosen] / weights[chosen].sum()


def mixture(parts: Sequence[tuple[Point, Fraction]]) -> Point:
    """The weighted sum of points."""
    return tuple(
        sum((x * share for x, (_, share) in zip(column, parts, strict=True)), Fraction(0))
        for column in zip(*(point for point, _ in parts), strict=True)
    )


def exact_weights(
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
