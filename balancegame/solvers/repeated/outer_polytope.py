"""A polytope around all equilibrium payoffs, every step of it proven.

Let V be the set of payoffs of subgame-perfect equilibria in pure strategies with public
randomisation, W a polytope known to contain it, and u a vector of numbers no greater than the
worst payoffs v in V. An equilibrium that begins with profile a promises continuation payoffs w in V
with

    (1 - delta_i) g_i(a) + delta_i w_i  >=  (1 - delta_i) d_i(a) + delta_i v_i

for every player i, d being what the best deviation pays: so w lies in
``Q(a) = {w in W : w_i >= u_i + (1 - delta_i) / delta_i (d_i(a) - g_i(a))}``. In a direction f, V
reaches at most as far as the expectation over contingencies of the maximum over profiles of
``f.((1 - delta) g(a)) + max {f.(delta w) : w in Q(a)}`` (Abreu, Pearce & Stacchetti 1990; Judd,
Yeltekin & Conklin 2003). Two remarks save most of the rounds:

* With one discount factor, ``f.w <= h`` for w in V if h is how far V reaches. So h is at most the
  largest solution of ``h <= sum_k q_k max_a (1 - delta) f.g(a) + delta min(h, max f.w)``; in a
  single stage game, of the maximum over a of ``min(f.g(a), (1 - delta) f.g(a) + delta max f.w)``.
* A deviator can be sure of ``(1 - delta_i) d_i(a) + delta_i v_i``, where a begins his worst
  equilibrium. So v_i is at least the expected minimum of d_i(a) over the profiles still possible,
  over all profiles the pure minmax value.

The maxima over Q(a) are dual bounds from compiled code, rounding included; a profile is dropped
when its Q(a) is proven empty, and V is proven empty when a contingency has no profile left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.solvers.repeated.stage_incentives import StageIncentives

Floats = NDArray[np.float64]

_UNIT = 2.0**-53
_SETTLED = 1e-11  # of the payoffs' range: smaller changes end the rounds
_MOST_ROUNDS = 5000


@dataclass(frozen=True, slots=True)
class Halfspaces:
    """``{w : rows @ w <= levels}`` in the unit cube; None as levels when it is empty."""

    rows: Floats
    levels: Floats
    threats: Floats


class OuterPolytope:
    """A shrinking polytope around the equilibrium payoffs, in unit coordinates.

    Parameters
    ----------
    incentives : StageIncentives
    """

    is_empty: bool

    def __init__(self, incentives: StageIncentives) -> None:
        n, count = incentives.n_players, len(incentives.profiles)
        self._incentives = incentives
        self._discounts = np.array([float(one) for one in incentives.discounts])
        self._alive = np.ones(count, dtype=np.bool_)
        self._chances = np.array([float(one) for one in incentives.probabilities])
        self._starts = np.array(incentives.starts)
        self.rows: Floats = np.empty((0, n))
        self.levels: Floats = np.empty(0)
        self._shares: Floats = np.empty((0, count))
        self._bases: NDArray[np.int64] = np.empty((0, count, n), dtype=np.int64)
        self.is_empty = False
        self.threats: Floats = np.zeros(n)
        self.add_directions(np.vstack([np.eye(n), -np.eye(n)]))

    @property
    def halfspaces(self) -> Halfspaces:
        """The polytope as it is now."""
        return Halfspaces(self.rows.copy(), self.levels.copy(), self.threats.copy())

    @property
    def possible(self) -> NDArray[np.bool_]:
        """The profiles not yet ruled out as the beginning of an equilibrium."""
        return self._alive.copy()

    @property
    def bases(self) -> NDArray[np.int64]:
        """The rows whose multipliers bound what a profile's continuations reach, (R, A, n).

        R + i stands for the floor of player i.
        """
        return self._bases.copy()

    def resume(self, levels: Floats, possible: NDArray[np.bool_]) -> None:
        """Go back to levels, and profiles not yet ruled out, that are known to be right."""
        n = len(self.threats)
        self.levels, self._alive = levels.copy(), possible.copy()
        self.threats = np.maximum(-levels[n : 2 * n], 0.0)

    def add_directions(self, directions: Floats) -> None:
        """Bound the polytope in further directions, at first by what the stage games allow."""
        if not len(directions):
            return
        known = len(self.rows)
        n = directions.shape[1]
        payoffs = self._incentives.unit_payoffs
        weight = 1.0 - self._discounts
        # Each product and sum is rounded, and so are payoffs and discount factors: n + 6 units.
        sizes = np.abs(directions).sum(axis=1, keepdims=True) * (n + 8) * _UNIT
        shares = directions @ (payoffs * weight).T + sizes
        reach = directions @ payoffs.T + sizes
        if self._incentives.common is None:
            levels = np.maximum(directions, 0.0).sum(axis=1) * (1 + n * _UNIT)
        else:
            levels = sum(
                chance * reach[:, a:b].max(axis=1)
                for chance, a, b in zip(self._chances, self._starts, self._starts[1:], strict=False)
            ) + sizes[:, 0] * len(self._chances)
        axes = np.where(directions >= 0.0, np.arange(n), n + np.arange(n))
        bases = np.repeat(axes[:, None, :], payoffs.shape[0], axis=1)
        # Floors are named after the last row: their places move.
        self._bases[self._bases >= known] += len(directions)
        self.rows = np.vstack([self.rows, directions])
        self.levels = np.concatenate([self.levels, levels])
        self._shares = np.vstack([self._shares, shares])
        self._bases = np.concatenate([self._bases, bases.astype(np.int64)])

    def settle(
        self,
        *,
        tolerance: float = _SETTLED,
        rounds: int = _MOST_ROUNDS,
        until_drop: bool = False,
    ) -> int:
        """Go through rounds until little changes, or a profile is ruled out; how many it took."""
        from balancegame._kernels.support_bounds import sweep  # noqa: PLC0415 (loads numba)

        common = self._incentives.common
        discount = -1.0 if common is None else float(common)
        objectives = self.rows * self._discounts
        dots = np.empty(len(self._alive))
        slack = (len(self._chances) + 12) * self.rows.shape[1] * _UNIT
        for done in range(rounds):
            if self.is_empty:
                return done
            moved = self._raise_threats()
            change = sweep(
                self.rows,
                self.levels,
                objectives,
                self._shares,
                self._floors(),
                self._alive,
                self._bases,
                self._starts,
                self._chances,
                discount,
                dots,
                slack,
                until_drop,
            )
            report("rounds of the outer polytope", done + 1, rounds)
            if until_drop and change < 0.0:
                return done + 1
            self.is_empty = bool(change < 0.0)
            if max(change, moved) <= tolerance:
                return done + 1
        return rounds

    def _floors(self) -> Floats:
        floors = self.threats + self._incentives.unit_required
        floors = np.where(np.isfinite(floors), floors * (1.0 - 2 * _UNIT) - _UNIT, floors)
        # More than the whole range cannot be promised; a finite number says so as well.
        return np.where(np.isposinf(floors), 3.0, floors)

    def _raise_threats(self) -> float:
        """The worst payoffs, from the polytope and from the least deviations still possible."""
        n = len(self.threats)
        before = self.threats
        sure = np.zeros(n)
        for chance, a, b in zip(self._chances, self._starts, self._starts[1:], strict=False):
            alive = self._alive[a:b]
            if not alive.any():
                self.is_empty = True
                return 0.0
            sure += chance * self._incentives.unit_deviations[a:b][alive].min(axis=0)
        sure -= (len(self._chances) + 4) * _UNIT
        self.threats = np.maximum(np.maximum(sure, -self.levels[n : 2 * n]), before)
        self.levels[n : 2 * n] = np.minimum(self.levels[n : 2 * n], -self.threats)
        return float((self.threats - before).max())
