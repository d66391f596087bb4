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

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

UNITS = 1 << 48  # multipliers are whole numbers of this part of 1

_UNREACHABLE = 3.0  # more than the whole range
_MOST_POLICIES = 60
_TIE = 1e-12


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
    places, weights : arrays, shape (R, A, n)
        The multipliers that may be positive, in `UNITS`, whole.
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
        values = self._values(levels)
        return sum(
            (
                chance * values[:, a:b].max(axis=1)
                for chance, a, b in zip(self.chances, self.starts, self.starts[1:], strict=False)
            ),
            np.zeros(len(levels)),
        )

    def fixed_point(self, levels: Floats, held: NDArray[np.bool_], more: float) -> Floats | None:
        """Levels with ``F(c) + more = c`` but in the rows held; None if there seem to be none.

        Policy iteration (Howard 1960): which profiles are best is guessed, and what follows solved.
        """
        rows, given = np.arange(len(levels)), levels
        before: Places | None = None
        for _ in range(_MOST_POLICIES):
            values = self._values(levels)
            best = np.array(
                [
                    a + values[:, a:b].argmax(axis=1)
                    for a, b in zip(self.starts, self.starts[1:], strict=False)
                ]
            )
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

    def _values(self, levels: Floats) -> Floats:
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
    count, n = rows.shape
    discounts = np.array([float(one) for one in incentives.discounts])
    payoffs = incentives.unit_payoffs
    weights = _multipliers(rows, rows * discounts, bases)
    places = np.where(bases >= count, bases - count + n, bases)
    spent = _spent(incentives, places, weights)
    own = np.zeros((count, len(payoffs)), dtype=np.bool_)
    if incentives.common is not None:
        ahead = (weights * levels[places]).sum(axis=2) / UNITS - spent
        own = discounts[0] * levels[:, None] <= ahead
        if len(incentives.probabilities) == 1:
            own |= rows @ payoffs.T <= levels[:, None] + _TIE
        weights[own] = 0.0
        weights[own, 0] = round(discounts[0] * UNITS)
        places[own] = np.nonzero(own)[0][:, None]
        spent = _spent(incentives, places, weights)
    constants = rows @ (payoffs * (1.0 - discounts)).T - spent
    constants[:, ~possible] = -np.inf
    chances = np.array([float(one) for one in incentives.probabilities])
    return BoundingMap(chances, np.array(incentives.starts), constants, places, weights, own)


def _spent(incentives: StageIncentives, places: Places, weights: Floats) -> Floats:
    """What multipliers of players' worst payoffs count less, for the promises beyond them."""
    n = incentives.n_players
    floors = (places >= n) & (places < 2 * n)
    needs = np.broadcast_to(unit_needs(incentives), places.shape)
    needed = np.take_along_axis(needs, np.where(floors, places - n, 0), axis=2)
    return (weights * needed * floors).sum(axis=2) / UNITS


def unit_needs(incentives: StageIncentives) -> Floats:
    """What continuations must promise beyond threats, in the unit cube; 0 where nothing."""
    needs = np.minimum(incentives.unit_required, _UNREACHABLE)
    return np.maximum(needs, 0.0)


def _multipliers(rows: Floats, objectives: Floats, bases: Places) -> Floats:
    """Multipliers of each basis that make up the objective, in whole units; axes if singular."""
    n = rows.shape[1]
    extended = np.vstack([rows, -np.eye(n)])
    matrices = extended[bases].transpose(0, 1, 3, 2)
    singular = np.abs(np.linalg.det(matrices)) < 1e-11
    axes = np.where(objectives >= 0.0, np.arange(n), n + np.arange(n))
    bases[singular] = np.broadcast_to(axes[:, None, :], bases.shape)[singular]
    matrices = extended[bases].transpose(0, 1, 3, 2)
    sides = np.broadcast_to(objectives[:, None, :, None], (*bases.shape, 1))
    return np.maximum(np.rint(np.linalg.solve(matrices, sides)[..., 0] * UNITS), 0.0)
