"""A short proof that an outer polytope holds all equilibrium payoffs.

The search for the polytope takes hundreds of rounds. What it has found is proven once more in a few
steps, each of which rules out profiles that have no continuations left, by multipliers in the way
of Farkas' lemma, and then lowers the levels by a pair (c, y) as `bounding_map` explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.bounding_map import (
    UNITS,
    BoundingMap,
    bounding_map,
    unit_needs,
)
from balancegame.solvers.repeated.outer_polytope import OuterPolytope
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Weights = tuple[tuple[int, int], ...]

_MOST_STEPS = 60
_MOST_PLAIN = 3  # steps of one round: should more be needed, the levels reached have to do
_ABOVE = 1e-10  # by how much levels stay above the limit: room for rounding
_ROOM = 1e-12
_SLACK = 1e-12
_LARGEST = (1.0, 10.0, 100.0, 1000.0)  # what the bounds y leave room for


@dataclass(frozen=True, slots=True)
class Move:
    """A row whose level falls: at most `upper` before, at most `level` now.

    `multipliers` has (profile, weights) where they are not the discount factor of the row itself.
    """

    row: int
    upper: float
    level: float
    multipliers: tuple[tuple[int, Weights], ...]


@dataclass(frozen=True, slots=True)
class OuterStep:
    """Profiles ruled out, with multipliers, and rows that move then."""

    dropped: tuple[tuple[int, Weights], ...]
    moves: tuple[Move, ...]


def outer_steps(incentives: StageIncentives, rows: Floats, possible: Mask) -> list[OuterStep]:
    """Steps that bound the equilibrium payoffs in the directions of rows, as far as they go.

    Parameters
    ----------
    incentives : StageIncentives
    rows : array, shape (R, n)
        In unit coordinates; the unit vectors first, then their negatives.
    possible : array of bool, shape (A,)
        False for profiles known to be ruled out, which the steps have to show.
    """
    return list(_Steps(incentives, rows, possible))


class _Steps:
    def __init__(self, incentives: StageIncentives, rows: Floats, possible: Mask) -> None:
        n = incentives.n_players
        self._incentives = incentives
        self._rows = rows
        self._doomed = ~possible
        # What can never be promised needs no proof.
        self._alive = np.asarray((incentives.unit_required < np.inf).all(axis=1), dtype=np.bool_)
        self._outer = OuterPolytope(incentives)
        self._outer.add_directions(rows[2 * n :])
        self._levels = self._highest()
        self._plain_steps = 0

    def __iter__(self) -> Iterator[OuterStep]:
        for _ in range(_MOST_STEPS):
            if not self._everywhere_possible():
                return
            dropped = self._drop()
            if not self._everywhere_possible():
                yield OuterStep(dropped, ())
                return
            if dropped:
                self._levels = np.minimum(self._levels, self._highest())
            settled, moves = self._lower()
            if dropped or moves:
                yield OuterStep(dropped, moves)
            if settled or not (dropped or moves):
                return

    def _everywhere_possible(self) -> bool:
        places = self._incentives.contingencies
        return all(self._alive[one.start : one.stop].any() for one in places)

    def _highest(self) -> Floats:
        """How far the profiles that are left allow any payoffs to reach."""
        n = self._incentives.n_players
        chances = [float(one) for one in self._incentives.probabilities]
        reach = self._rows @ self._incentives.unit_payoffs.T
        reach[:, ~self._alive] = -np.inf
        least = np.where(self._alive[:, None], self._incentives.unit_deviations, np.inf)
        found, sure = np.zeros(len(self._rows)), np.zeros(n)
        for chance, one in zip(chances, self._incentives.contingencies, strict=True):
            found += chance * reach[:, one.start : one.stop].max(axis=1)
            sure += chance * least[one.start : one.stop].min(axis=0)
        if self._incentives.common is None:
            found = np.maximum(self._rows, 0.0).sum(axis=1)
        found[n : 2 * n] = np.minimum(found[n : 2 * n], -sure)
        return found

    def _drop(self) -> tuple[tuple[int, Weights], ...]:
        """Rule out what has no continuations within the levels."""
        needs = unit_needs(self._incentives)
        found: list[tuple[int, Weights]] = []
        for a in np.flatnonzero(self._alive & self._doomed).tolist():
            weights = contradiction(self._rows, self._levels, needs[a])
            if weights is not None:
                found.append((a, weights))
        for a, _ in found:
            self._alive[a] = False
        return tuple(found)

    def _lower(self) -> tuple[bool, tuple[Move, ...]]:
        """Lower the levels until a profile has to be ruled out; whether it is the last time."""
        before = self._alive.copy()
        for rounds in (5000, 1):
            self._outer.resume(self._levels, self._alive)
            self._outer.settle(rounds=rounds, until_drop=True)
            fresh = before & ~self._outer.possible
            found = bounding_map(
                self._incentives, self._rows, self._outer.levels, self._outer.bases, before
            )
            pair = self._pair(found)
            lower, upper = pair or self._plain(found)
            moves = tuple(self._moves(found, lower, upper))
            if moves:
                self._doomed |= fresh
                self._levels = np.minimum(self._levels, lower)
                self._plain_steps += pair is None
                if self._plain_steps > _MOST_PLAIN:
                    return True, moves
                return pair is not None and not fresh.any() and rounds > 1, moves
        return False, ()

    def _pair(self, found: BoundingMap) -> tuple[Floats, Floats] | None:
        """Levels c and y such that payoffs within y are within c."""
        held = self._outer.levels >= self._levels - 2 * _ABOVE
        while True:
            limit = found.fixed_point(np.where(held, self._levels, self._outer.levels), held, 0.0)
            if limit is None:
                return None
            above = ~held & (limit >= self._levels - 2 * _ABOVE)
            if not above.any():
                break
            held |= above
        for more in _LARGEST:
            upper = found.fixed_point(limit, held, more)
            if upper is not None and (upper >= self._levels + ~held * _ROOM).all():
                share = max(_ABOVE / (float((upper - limit).max()) or 1.0), _SLACK / more)
                return limit + share * (upper - limit), upper
        return None

    def _plain(self, found: BoundingMap) -> tuple[Floats, Floats]:
        """One round alone."""
        upper = self._levels + _ABOVE
        return np.minimum(found(upper) + _ABOVE, self._levels), upper

    def _moves(self, found: BoundingMap, lower: Floats, upper: Floats) -> Iterator[Move]:
        alive = np.flatnonzero(self._alive).tolist()
        for j in np.flatnonzero(lower < np.minimum(upper, self._levels)).tolist():
            multipliers = [
                (a, _paired(found.places[j, a, : found.written], found.weights[j, a]))
                for a in alive
                if not found.own[j, a]
            ]
            yield Move(j, float(upper[j]), float(lower[j]), tuple(multipliers))


def contradiction(rows: Floats, levels: Floats, needs: Floats) -> Weights | None:
    """Multipliers of rows that add up to nothing, while their levels sum to less than 0."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    n = rows.shape[1]
    sides = levels.copy()
    sides[n : 2 * n] -= needs
    # The least t with rows @ w <= sides + t: if it is positive there is no w for t = 0.
    solved = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([rows, -np.ones((len(rows), 1))]),
        b_ub=sides,
        bounds=[(None, None)] * (n + 1),
    )
    if solved.status != 0 or solved.fun <= _ROOM:
        return None
    weights = np.maximum(np.rint(-solved.ineqlin.marginals * UNITS), 0.0)
    rest = -(weights / UNITS) @ rows
    spare = np.maximum(rest, 0.0) @ sides[:n] + np.maximum(-rest, 0.0) @ sides[n : 2 * n]
    if weights @ sides / UNITS + spare > -_ROOM / 2:
        return None
    return _paired(np.arange(len(rows)), weights)


def _paired(places: NDArray[np.int64], weights: Floats) -> Weights:
    found: dict[int, int] = {}
    for k, weight in zip(places.tolist(), weights.tolist(), strict=False):
        if weight:
            found[k] = found.get(k, 0) + int(weight)
    return tuple(sorted(found.items()))
