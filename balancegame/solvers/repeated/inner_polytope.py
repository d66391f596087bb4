"""A candidate for a self-generating set, found in floats with room to spare.

Rounds of the operator of Abreu, Pearce & Stacchetti (1990) on hulls of points, as in the inner
approximation of Judd, Yeltekin & Conklin (2003): a profile's continuations are the part of the
last round's hull that keeps its promises, and what they lead to, with today's payoffs, are the
points of the next. The continuations are cut from a hull shrunk by a millionth, and the promises
are raised by as much, so that the limit survives rounding: `generated_points` proves it exactly.

With one discount factor and one stage game few points are needed (Abreu & Sannikov 2014): of a
profile whose promises its own payoffs keep, those payoffs; of others, continuations that just keep
some promise. Payoffs proven to be sustained by stationary play stay as they are.

Hulls of too many points are thinned, which is as good as noise: rounds that do not settle because
of it go on with the points furthest in as many directions, held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.solvers.repeated.float_polytope import FloatPolytope, float_hull, thinned
from balancegame.solvers.repeated.parts_above import parts_above
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

STATIONARY, ROUNDED = -2, -1

_DIRECTIONS = 300
_SETTLED = 1e-3  # of the margin
_SMALLEST = 1e-11
_PATIENCE = 12  # rounds without progress
_LAST_PATIENCE = 40
_PROGRESS = 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """Points with what generates them, in unit coordinates.

    Attributes
    ----------
    points : array, shape (V, n)
    profiles : array, shape (V, K)
        For each point the profile it begins with in each contingency.
    continuations : array, shape (V, K, n)
    sources : array of int, shape (V,)
        `STATIONARY` where the point is its own continuation in every contingency, `ROUNDED` where
        continuations are to be rounded, and otherwise a place in a list of exact ones.
    """

    points: Floats
    profiles: Places
    continuations: Floats
    sources: Places

    def __getitem__(self, chosen: Places) -> Candidate:
        return Candidate(
            self.points[chosen],
            self.profiles[chosen],
            self.continuations[chosen],
            self.sources[chosen],
        )

    @staticmethod
    def joined(parts: list[Candidate]) -> Candidate:
        """All points of several."""
        return Candidate(
            np.concatenate([one.points for one in parts]),
            np.concatenate([one.profiles for one in parts]),
            np.concatenate([one.continuations for one in parts]),
            np.concatenate([one.sources for one in parts]),
        )


def feasible_hull(incentives: StageIncentives) -> FloatPolytope:
    """A hull around all payoffs of repeated play, in unit coordinates.

    With one discount factor that of expected stage payoffs, otherwise the cube.
    """
    n = incentives.n_players
    if incentives.common is None:
        return float_hull(np.array(list(np.ndindex(*(2,) * n)), dtype=np.float64))
    total = np.zeros((1, n))
    for chance, one in zip(incentives.probabilities, incentives.contingencies, strict=True):
        sums = total[:, None] + float(chance) * incentives.unit_payoffs[one.start : one.stop]
        total = float_hull(sums.reshape(-1, n)).points
    return float_hull(total)


class InnerSearch:
    """Rounds towards a self-generating set.

    Parameters
    ----------
    incentives : StageIncentives
    base : Candidate or None
        Points proven to be equilibrium payoffs.
    possible : array of bool, shape (A,)
        The profiles worth trying.
    margin : float
        By how much continuations are drawn in and promises raised, of the payoffs' range. If it is
        negative, promises are lowered, so that rounding breaks none that is just kept.
    most_points : int
        Of a round; those that stick out least are left out.
    """

    rounds: int
    last_change: float

    def __init__(
        self,
        incentives: StageIncentives,
        base: Candidate | None,
        possible: NDArray[np.bool_],
        margin: float,
        most_points: int,
    ) -> None:
        self._incentives = incentives
        self._base = base
        self._possible = possible
        self._margin = margin
        self.rounds = 0
        self.last_change = float("inf")
        self._discounts = np.array([float(one) for one in incentives.discounts])
        self._chances = np.array([float(one) for one in incentives.probabilities])
        self._simple = incentives.common is not None and len(self._chances) == 1
        self._centre: Floats | None = None
        self._fixed: Floats | None = None
        self._thins = False
        self._least_change, self._idle = float("inf"), 0
        n = incentives.n_players
        self._most_points = most_points
        directions = np.random.default_rng(0).normal(size=(_DIRECTIONS, n))
        self._directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        self._directions[: 2 * n] = np.vstack([np.eye(n), -np.eye(n)])

    def round(self, hull: FloatPolytope, floor: Floats) -> tuple[Candidate | None, Floats]:
        """One round; its points, or None where nothing is generated, and the threats used.

        `floor` are numbers that the threats cannot fall below.
        """
        threats = np.maximum(hull.points.min(axis=0), floor)
        parts: list[Candidate] = []
        for one in self._incentives.contingencies:
            found = self._generated(hull, threats, one)
            if not len(found.points):
                return self._base, threats
            parts.append(found)
        found = parts[0] if len(parts) == 1 else self._expected(parts)
        if self._base is not None:
            found = Candidate.joined([self._base, found])
        return found[self._chosen(found.points)], threats

    def _chosen(self, points: Floats) -> Places:
        """The places of vertices, of too many those to go on with."""
        if self._fixed is not None:
            return np.unique((self._fixed @ points.T).argmax(axis=1))
        kept = thinned(points, self._most_points)
        self._thins = self._thins or len(kept) == self._most_points
        return kept

    def _generated(self, hull: FloatPolytope, threats: Floats, places: range) -> Candidate:
        incentives = self._incentives
        payoffs = incentives.unit_payoffs[places.start : places.stop]
        required = incentives.unit_required[places.start : places.stop]
        possible = self._possible[places.start : places.stop]
        floors = np.where(np.isfinite(required), threats + required + self._margin, required)
        fixed = np.zeros(len(payoffs), dtype=np.bool_)
        if self._simple:
            fixed = (payoffs >= floors).all(axis=1) & possible
        centre = self._centre_of(hull)
        moving = np.flatnonzero(possible & ~fixed)
        points, rows = parts_above(
            hull,
            floors[moving],
            centre=centre,
            margin=max(self._margin, 0.0),
            binding_only=self._simple,
        )
        rows = moving[rows]
        still = np.flatnonzero(fixed)
        continuations = np.concatenate([payoffs[still], points])
        chosen = np.concatenate([still, rows])
        weight = self._discounts
        generated = (1.0 - weight) * payoffs[chosen] + weight * continuations
        generated[: len(still)] = payoffs[still]
        sources = np.full(len(chosen), ROUNDED)
        sources[: len(still)] = STATIONARY
        found = Candidate(
            generated, (places.start + chosen)[:, None], continuations[:, None], sources
        )
        return found[float_hull(generated).places] if len(generated) else found

    def _centre_of(self, hull: FloatPolytope) -> Floats:
        """A point well inside, the same for as long as it serves: else rounds would not settle."""
        middle = hull.points.mean(axis=0)
        if self._centre is not None:
            here, there = hull.excess(np.array([self._centre, middle]))
            if here <= 0.25 * there:
                return self._centre
        self._centre = middle
        return middle

    def _expected(self, parts: list[Candidate]) -> Candidate:
        """The expectation over contingencies: the Minkowski sum, weighted."""
        if self._fixed is not None:
            ends = np.array([(self._fixed @ part.points.T).argmax(axis=1) for part in parts])
            return self._sums(parts, np.unique(ends, axis=1))
        total = parts[0]
        sums = self._chances[0] * total.points
        for chance, part in zip(self._chances[1:], parts[1:], strict=True):
            every = (sums[:, None] + chance * part.points).reshape(-1, sums.shape[1])
            first, second = np.divmod(np.arange(len(every)), len(part.points))
            kept = self._chosen(every)
            first, second, sums = first[kept], second[kept], every[kept]
            total = Candidate(
                sums,
                np.hstack([total.profiles[first], part.profiles[second]]),
                np.concatenate([total.continuations[first], part.continuations[second]], axis=1),
                np.full(len(kept), ROUNDED),
            )
        return total

    def _sums(self, parts: list[Candidate], ends: Places) -> Candidate:
        """The weighted sums of the parts' points at some places, shape (K, V)."""
        chosen = [part[places] for part, places in zip(parts, ends, strict=True)]
        return Candidate(
            sum(
                (chance * one.points for chance, one in zip(self._chances, chosen, strict=True)),
                np.zeros_like(chosen[0].points),
            ),
            np.hstack([one.profiles for one in chosen]),
            np.concatenate([one.continuations for one in chosen], axis=1),
            np.full(ends.shape[1], ROUNDED),
        )

    def run(self, floor: Floats, rounds: int) -> Candidate | None:
        """Rounds until the hull hardly moves."""
        hull = feasible_hull(self._incentives)
        reach = (self._directions @ hull.points.T).max(axis=1)
        found = None
        settled = max(_SETTLED * abs(self._margin), _SMALLEST)
        for done in range(rounds):
            found, _ = self.round(hull, floor)
            report("rounds of the inner polytope", done + 1, rounds)
            if found is None:
                return None
            last, hull = hull, float_hull(found.points)
            before, reach = reach, (self._directions @ hull.points.T).max(axis=1)
            self.last_change = float(np.abs(reach - before).max())
            self.rounds = done + 1
            # Directions are quick to look at, but vertices can fall between them.
            if self.last_change < settled and hull.excess(last.points).max() < 10 * settled:
                break
            self._note_progress()
            if self._fixed is not None and self._idle >= _LAST_PATIENCE:
                break
            if self._fixed is None and self._thins and self._idle >= _PATIENCE:
                n, self._idle = self._incentives.n_players, 0
                self._fixed = np.vstack([self._directions[: 2 * n], hull.outward() @ hull.axes])
        return found

    def _note_progress(self) -> None:
        """Count the rounds that brought none."""
        self._idle += 1
        if self.last_change < _PROGRESS * self._least_change:
            self._least_change, self._idle = self.last_change, 0
