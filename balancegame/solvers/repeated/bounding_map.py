"""How far a round of play reaches in given directions, with fixed multipliers.

In direction f_j, equilibrium payoffs reach at most as far as the expectation over contingencies of
the maximum over profiles a of

    (1 - delta) f_j.g(a) + sum_k m_k c_k - sum_i m_(n + i) need_i(a),

where c_k says how far they reach in direction f_k, the multipliers m >= 0, which may differ with j
and a, make ``sum_k m_k f_k = delta f_j``, and rows n to 2n - 1 are -e_i: what a promises player i
is more than his worst payoff, ``-c_(n + i)``, by need_i(a) (`outer_polytope`). As a function of c
this map F is monotone and convex, and the true reaches h satisfy ``h <= F(h)``. Hence:

    If h <= y, c <= y, F(c) <= c, and F(y) < y wherever c < y, then h <= c.

For let t be the least number with ``h <= c + t (y - c)``. If t > 0, some h_j = c_j + t (y_j - c_j)
with c_j < y_j; but ``h_j <= F_j(h) <= (1 - t) F_j(c) + t F_j(y) < c_j + t (y_j - c_j)``. Rows with
c_j = y_j need no condition. So one such pair is worth all rounds of play at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

UNITS = 1 << 48  # multipliers are whole numbers of this part of 1

_UNREACHABLE = 3.0  # more than the whole range
_MOST_POLICIES = 60
_TIE = 1e-12
_SINGULAR = 1e-11
_RISE = 1e-10
_MOST_MENDED = 30  # times a row's multipliers are solved for
_MOST_SOLVED = 500
_STEEP = 3.0  # sum of multipliers
_LARGE = 1e4  # multipliers whose rounding would be felt


@dataclass(frozen=True, slots=True)
class BoundingMap:
    """The map F in unit coordinates, for profiles that are still possible.

    Attributes
    ----------
    chances : array, shape (K,)
    starts : array, shape (K + 1,)
        Contingency k has the profiles from ``starts[k]`` up to ``starts[k + 1]``.
    constants : array, shape (R, A)
        Minus infinity for profiles ruled out.
    places, weights : arrays, shape (R, A, 2 n)
        The multipliers that may be positive, in `UNITS`. The last n are of axes, and need not be
        written down: they follow from the first, which are whole.
    own : array of bool, shape (R, A)
        Where the multiplier is the discount factor, of the row itself.
    """

    chances: Floats
    starts: Places
    constants: Floats
    places: Places
    weights: Floats
    own: NDArray[np.bool_]

    def __call__(self, levels: Floats) -> Floats:
        """How far a round reaches if payoffs reach `levels`."""
        values = self.values(levels)
        return sum(
            (
                chance * values[:, a:b].max(axis=1)
                for chance, a, b in zip(self.chances, self.starts, self.starts[1:], strict=False)
            ),
            np.zeros(len(levels)),
        )

    def best(self, levels: Floats) -> Places:
        """In each contingency the profile that reaches furthest, shape (K, R)."""
        values = self.values(levels)
        return np.array(
            [
                a + values[:, a:b].argmax(axis=1)
                for a, b in zip(self.starts, self.starts[1:], strict=False)
            ]
        )

    def fixed_point(self, levels: Floats, held: NDArray[np.bool_], more: float) -> Floats | None:
        """Levels with ``F(c) + more = c`` but in the rows held; None if there seem to be none.

        Policy iteration (Howard 1960): which profiles are best is guessed, and what follows solved.
        """
        rows, given = np.arange(len(levels)), levels
        before: Places | None = None
        for _ in range(_MOST_POLICIES):
            best = self.best(levels)
            if before is not None and (best == before).all():
                break
            before = best
            matrix, sides = np.eye(len(levels)), np.full(len(levels), more)
            for chance, at in zip(self.chances, best, strict=True):
                sides += chance * self.constants[rows, at]
                shares = chance / UNITS * self.weights[rows, at]
                np.subtract.at(matrix, (rows[:, None], self.places[rows, at]), shares)
            matrix[held], sides[held] = np.eye(len(levels))[held], levels[held]
            try:
                levels = np.where(held, given, np.linalg.solve(matrix, sides))
            except np.linalg.LinAlgError:
                return None
            if not np.isfinite(levels).all():
                return None
        found = self(levels) + more
        return levels if (found <= levels + 1e-9 * max(more, 1e-3))[~held].all() else None

    @property
    def written(self) -> int:
        """How many multipliers do not follow from the others."""
        return self.places.shape[2] // 2

    def values(self, levels: Floats) -> Floats:
        """How far each profile reaches in each direction, shape (R, A)."""
        return self.constants + (self.weights * levels[self.places]).sum(axis=2) / UNITS


def bounding_map(
    incentives: StageIncentives,
    rows: Floats,
    levels: Floats,
    bases: Places,
    possible: NDArray[np.bool_],
) -> BoundingMap:
    """The map with the multipliers of given bases.

    Where a row itself, with the discount factor, bounds as well, it takes the place of the basis:
    with one contingency always where a profile pays no more than the level, for
    ``(1 - delta) f.g + delta c <= c``.
    """
    discounts = np.array([float(one) for one in incentives.discounts])
    payoffs = incentives.unit_payoffs
    places, weights = _multipliers(rows, rows * discounts, bases)
    spent = _spent(incentives, places, weights)
    own = np.zeros((len(rows), len(payoffs)), dtype=np.bool_)
    if incentives.common is not None:
        ahead = (weights * levels[places]).sum(axis=2) / UNITS - spent
        own = discounts[0] * levels[:, None] <= ahead
        if len(incentives.probabilities) == 1:
            own |= rows @ payoffs.T <= levels[:, None] + _TIE
        weights[own] = 0.0
        weights[own, 0] = discounts[0] * UNITS
        places[own] = np.nonzero(own)[0][:, None]
        spent = _spent(incentives, places, weights)
    constants = rows @ (payoffs * (1.0 - discounts)).T - spent
    constants[:, ~possible] = -np.inf
    chances = np.array([float(one) for one in incentives.probabilities])
    found = BoundingMap(chances, np.array(incentives.starts), constants, places, weights, own)
    solver = _Solver(found, incentives, rows, levels)
    solver.lower()
    solver.flatten()
    return found


class _Solver:
    """Puts other multipliers in the place of a map's, by linear programs, as many as allowed."""

    def __init__(
        self, found: BoundingMap, incentives: StageIncentives, rows: Floats, levels: Floats
    ) -> None:
        self._map, self._rows, self._levels = found, rows, levels
        self._discounts = np.array([float(one) for one in incentives.discounts])
        self._incentives = incentives
        self._needs = unit_needs(incentives)
        self.left = _MOST_SOLVED

    def lower(self) -> None:
        """Solve anew for multipliers that let levels rise, as those of bases cut short may."""
        tried: set[tuple[int, int]] = set()
        for _ in range(_MOST_MENDED):
            wrong = np.flatnonzero(self._map(self._levels) > self._levels + _RISE)
            best = self._map.best(self._levels)[:, wrong]
            pairs = {
                (j, a) for at in best.tolist() for j, a in zip(wrong.tolist(), at, strict=True)
            }
            if not pairs - tried or self.left <= 0:
                return
            for j, a in sorted(pairs - tried):
                self._replace(j, a, 0.0, np.inf)
            tried |= pairs

    def flatten(self) -> None:
        """Take smaller multipliers where they do for profiles that are not the best."""
        values = self._map.values(self._levels)
        for a, b in pairwise(self._map.starts.tolist()):
            most = values[:, a:b].max(axis=1)
            sizes = self._map.weights[:, a:b].sum(axis=2) / UNITS
            steep = (sizes > _STEEP) & (values[:, a:b] < most[:, None] - _RISE)
            for j, k in np.argwhere(steep & np.isfinite(values[:, a:b])).tolist():
                for added in (1.0, 0.1, 0.01):
                    if self._replace(j, a + k, added, float(most[j])):
                        break

    def _replace(self, j: int, a: int, added: float, most: float) -> bool:
        """Multipliers that are best for levels raised, if with those given they reach as little."""
        if self.left <= 0:
            return False
        self.left -= 1
        n = self._incentives.n_players
        sides = self._levels + added
        sides[n : 2 * n] -= self._needs[a]
        solved = _dual(self._rows, sides, self._rows[j] * self._discounts)
        if solved is None:
            return False
        places, weights = solved
        today = self._rows[j] @ (self._incentives.unit_payoffs[a] * (1.0 - self._discounts))
        spent = _spent(self._incentives, places[None, None], weights[None, None], self._needs[a])
        constant = today - float(spent[0, 0])
        if constant + float(weights @ self._levels[places]) / UNITS > most:
            return False
        self._map.places[j, a], self._map.weights[j, a] = places, weights
        self._map.own[j, a] = False
        self._map.constants[j, a] = constant
        return True


def _dual(rows: Floats, sides: Floats, objective: Floats) -> tuple[Places, Floats] | None:
    """Multipliers of the least upper bound on an objective, in whole units, and of the axes."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    n = rows.shape[1]
    solved = linprog(-objective, A_ub=rows, b_ub=sides, bounds=[(None, None)] * n)
    if solved.status != 0:
        return None
    multipliers = np.maximum(-solved.ineqlin.marginals, 0.0)
    chosen = np.argsort(-multipliers, kind="stable")[:n]
    weights = np.rint(multipliers[chosen] * UNITS)
    rest = objective - weights / UNITS @ rows[chosen]
    spare = np.where(rest >= 0.0, np.arange(n), n + np.arange(n))
    return np.concatenate([chosen, spare]), np.concatenate([weights, np.abs(rest) * UNITS])


def _spent(
    incentives: StageIncentives, places: Places, weights: Floats, needs: Floats | None = None
) -> Floats:
    """What multipliers of players' worst payoffs count less, for the promises beyond them."""
    n = incentives.n_players
    floors = (places >= n) & (places < 2 * n)
    needs = np.broadcast_to(
        unit_needs(incentives) if needs is None else needs, (*places.shape[:2], n)
    )
    needed = np.take_along_axis(needs, np.where(floors, places - n, 0), axis=2)
    return (weights * needed * floors).sum(axis=2) / UNITS


def unit_needs(incentives: StageIncentives) -> Floats:
    """What continuations must promise beyond threats, in the unit cube; 0 where nothing."""
    needs = np.minimum(incentives.unit_required, _UNREACHABLE)
    return np.maximum(needs, 0.0)


def _multipliers(rows: Floats, objectives: Floats, bases: Places) -> tuple[Places, Floats]:
    """Multipliers of each basis in whole units, and what the axes must make up for, (R, A, 2 n)."""
    count, n = rows.shape
    extended = np.vstack([rows, -np.eye(n)])
    axes = np.where(objectives >= 0.0, np.arange(n), n + np.arange(n))
    sides = np.broadcast_to(objectives[:, None, :, None], (*bases.shape, 1))
    singular = np.abs(np.linalg.det(extended[bases])) < _SINGULAR
    bases = np.where(singular[..., None], axes[:, None, :], bases)
    solved = np.linalg.solve(extended[bases].transpose(0, 1, 3, 2), sides)[..., 0]
    large = np.abs(solved).max(axis=2) > _LARGE
    bases = np.where(large[..., None], axes[:, None, :], bases)
    matrices = extended[bases].transpose(0, 1, 3, 2)
    solved = np.linalg.solve(matrices, sides)[..., 0]
    weights = np.maximum(np.rint(solved * UNITS), 0.0)
    rest = sides[..., 0] - (matrices @ (weights / UNITS)[..., None])[..., 0]
    spare = np.where(rest >= 0.0, np.arange(n), n + np.arange(n))
    places = np.where(bases >= count, bases - count + n, bases)
    return (
        np.concatenate([places, spare], axis=2),
        np.concatenate([weights, np.abs(rest) * UNITS], axis=2),
    )
