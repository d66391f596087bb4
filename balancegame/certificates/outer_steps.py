"""Check that no equilibrium pays more, in given directions, than a certificate says.

The claim
---------
Coordinates are the players' payoffs, moved and stretched so that each player's lowest payoff in the
games is 0 and his highest 1. All payoffs of subgame-perfect equilibria in pure actions, with public
randomization, are at most c_j in direction f_j. Of the directions, the first n are the unit vectors
e_i, and the next n their negatives.

Why
---
Let h_j be how far equilibrium payoffs reach in direction f_j, so that ``-h_(n + i)`` is player i's
worst equilibrium payoff. If profile a begins an equilibrium, its continuation w reaches at most h_k
in direction f_k, and promises each player i at least ``need_i(a)`` more than his worst payoff:
(1 - delta_i) / delta_i times what deviating gains him at once. For multipliers m_k >= 0 with
``sum m_k f_k = f``,

    f.w  <=  sum_k m_k c_k - sum_i m_(n + i) need_i(a)      if h <= c.

*Start.* With one discount factor, payoffs are averages of stage payoffs; with several, each is at
most the player's highest. A player's worst payoff is never below what deviations are sure to pay:
the expectation over contingencies of the least that deviating pays from profiles still possible.

*Ruling out.* If for f = 0 the right side is negative, a has no continuation and begins no
equilibrium. A contingency without possible profiles leaves no equilibrium at all.

*Lowering.* With f = delta f_j the inequality bounds what equilibria pay in direction f_j: let
F_j(c) be the expectation over contingencies of the largest bound on (1 - delta) g(a) + delta w. F
is monotone and convex, and h <= F(h). Let h <= y, c <= y, and, for each j with c_j < y_j,
F_j(c) <= c_j and F_j(y) < y_j. Then h <= c: let t be the least number with h <= c + t (y - c); if
t > 0, then h_j = c_j + t (y_j - c_j) for some j with c_j < y_j, but
``h_j <= F_j(h) <= (1 - t) F_j(c) + t F_j(y) < c_j + t (y_j - c_j)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .reading import Failure, read_fraction, read_list, read_object, read_places

Point = tuple[Fraction, ...]

_OUTER = {"directions", "steps"}
_STEP = {"ruled out", "lowered"}
_LOWERED = {"direction", "from", "to", "multipliers"}
_UNIT = Fraction(1, 1 << 48)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile pays and the best deviations from it, as the games say."""

    contingency: int
    payoffs: Point
    deviations: Point


class OuterBounds:
    """Levels c of directions, lowered step by step.

    Parameters
    ----------
    chances : sequence of Fraction
    profiles : sequence of Profile
        Of all contingencies, one after the other.
    discounts : sequence of Fraction
    written : object
        The certificate's part.
    """

    directions: list[Point]
    levels: list[Fraction]
    empty: bool

    def __init__(
        self,
        chances: Sequence[Fraction],
        profiles: Sequence[Profile],
        discounts: Sequence[Fraction],
        written: Any,
    ) -> None:
        read_object(written, _OUTER)
        self._chances, self._discounts, self._n = chances, discounts, len(discounts)
        self._read_profiles(profiles)
        self.directions = [
            tuple(map(read_fraction, read_list(one, self._n)))
            for one in read_list(written["directions"])
        ]
        axes = [tuple(Fraction(i == j) for j in range(self._n)) for i in range(self._n)]
        opposite = [tuple(-x for x in one) for one in axes]
        if self.directions[: 2 * self._n] != axes + opposite:
            raise Failure("the first directions are not the unit vectors and their negatives")
        self._reach = [[_dot(one, g) for g in self._payoffs] for one in self.directions]
        self._alive = [need is not None for need in self._needs]
        self.empty = False
        self.levels = [_box(one) for one in self.directions]
        self._lower_to_feasible()
        for place, step in enumerate(read_list(written["steps"])):
            if self.empty:
                raise Failure(f"step {place}: there is nothing left before it")
            self._take(read_object(step, _STEP), f"step {place}")

    def unit(self, point: Point) -> Point:
        """Payoffs in the unit cube."""
        pairs = zip(point, self._low, self._spans, strict=True)
        return tuple((x - low) / span for x, low, span in pairs)

    def _read_profiles(self, profiles: Sequence[Profile]) -> None:
        """Payoffs in the unit cube, and needs; None where no promise deters."""
        table = [one.payoffs for one in profiles]
        self._low, high = (tuple(map(end, zip(*table, strict=True))) for end in (min, max))
        self._spans = [b - a or Fraction(1) for a, b in zip(self._low, high, strict=True)]
        self._payoffs = [self.unit(one.payoffs) for one in profiles]
        self._best = [self.unit(one.deviations) for one in profiles]
        self._contingency = [one.contingency for one in profiles]
        self._needs: list[Point | None] = []
        for now, best in zip(self._payoffs, self._best, strict=True):
            gains = [b - x for x, b in zip(now, best, strict=True)]
            if any(gain and not delta for gain, delta in zip(gains, self._discounts, strict=True)):
                self._needs.append(None)
            else:
                self._needs.append(
                    tuple(
                        (1 - delta) / delta * gain if gain else Fraction(0)
                        for gain, delta in zip(gains, self._discounts, strict=True)
                    )
                )

    def _lower_to_feasible(self) -> None:
        """Lower levels to what the profiles left allow at all."""
        left = [
            [a for a, k in enumerate(self._contingency) if k == s and self._alive[a]]
            for s in range(len(self._chances))
        ]
        self.empty = not all(left)
        if self.empty:
            return
        if len(set(self._discounts)) == 1:
            for j, reach in enumerate(self._reach):
                self._cap(j, [max(reach[a] for a in own) for own in left])
        for i in range(self._n):
            self._cap(self._n + i, [-min(self._best[a][i] for a in own) for own in left])

    def _cap(self, j: int, values: list[Fraction]) -> None:
        self.levels[j] = min(self.levels[j], self._expected(values))

    def _expected(self, values: Sequence[Fraction]) -> Fraction:
        parts = (q * x for q, x in zip(self._chances, values, strict=True))
        return sum(parts, Fraction(0))

    def _take(self, step: dict[str, Any], where: str) -> None:
        dropped: list[int] = []
        for one in read_list(step["ruled out"]):
            profile, weights = read_list(one, 2)
            (a,) = read_places([profile], 1)
            constant, multipliers = self._bound(a, (Fraction(0),) * self._n, weights, 0)
            if _at(multipliers, self.levels) + constant >= 0:
                raise Failure(f"{where}: nothing rules out profile {a}")
            dropped.append(a)
        for a in dropped:
            self._alive[a] = False
        self._lower_to_feasible()
        lowered = read_list(step["lowered"])
        if not self.empty:
            self._lower(lowered, where)
        elif lowered:
            raise Failure(f"{where}: there is nothing left to bound")

    def _lower(self, lowered: list[Any], where: str) -> None:
        above, below = list(self.levels), list(self.levels)
        moved: dict[int, Any] = {}
        for one in lowered:
            read_object(one, _LOWERED)
            (j,) = read_places([one["direction"]], 1)
            above[j], below[j] = read_fraction(one["from"]), read_fraction(one["to"])
            if j in moved or above[j] < self.levels[j] or below[j] >= above[j]:
                raise Failure(f"{where}: direction {j} comes twice, or is not lowered")
            moved[j] = one["multipliers"]
        for j, written in moved.items():
            small, large = self._next(j, written, (below, above))
            if small > below[j] or large >= above[j]:
                raise Failure(f"{where}: payoffs may reach further in direction {j}")
        self.levels = [min(x, y) for x, y in zip(self.levels, below, strict=True)]

    def _next(
        self, j: int, written: Any, ends: Sequence[list[Fraction]]
    ) -> tuple[Fraction, Fraction]:
        """How far a round reaches in a direction: F_j at two lists of levels."""
        given: dict[int, Any] = {}
        for one in read_list(written):
            profile, weights = read_list(one, 2)
            (a,) = read_places([profile], 1)
            given[a] = weights
        ahead = tuple(d * x for d, x in zip(self._discounts, self.directions[j], strict=True))
        if len(given) < sum(self._alive) and len(set(self._discounts)) > 1:
            raise Failure(f"direction {j}: a profile has no multipliers")
        most: list[list[Fraction | None]] = [[None] * len(self._chances) for _ in ends]
        for a, contingency in enumerate(self._contingency):
            if not self._alive[a]:
                continue
            today = self._reach[j][a] - _dot(ahead, self._payoffs[a])
            constant, multipliers = self._bound(a, ahead, given.get(a), j)
            for best, levels in zip(most, ends, strict=True):
                value = today + constant + _at(multipliers, levels)
                known = best[contingency]
                best[contingency] = value if known is None else max(known, value)
        small, large = (self._expected([x for x in one if x is not None]) for one in most)
        return small, large

    def _bound(
        self, a: int, objective: Point, written: Any, j: int
    ) -> tuple[Fraction, list[tuple[int, Fraction]]]:
        """What continuations of a profile reach: a constant, and multipliers of levels.

        What the multipliers written leave of the objective, the axes make up for. Where none are
        written, the objective is direction j times the discount factor.
        """
        needs = self._needs[a]
        if needs is None or not self._alive[a]:
            raise Failure(f"profile {a} is no longer possible")
        multipliers: list[tuple[int, Fraction]] = []
        if written is None:
            multipliers.append((j, self._discounts[0]))
        else:
            multipliers = self._completed(objective, written)
        promised = (m * needs[k - self._n] for k, m in multipliers if self._n <= k < 2 * self._n)
        return -sum(promised, Fraction(0)), multipliers

    def _completed(self, objective: Point, written: Any) -> list[tuple[int, Fraction]]:
        found: list[tuple[int, Fraction]] = []
        rest = list(objective)
        for one in read_list(written):
            place, units = read_list(one, 2)
            (k,) = read_places([place], 1)
            share = read_fraction(units) * _UNIT
            if share < 0:
                raise Failure("a multiplier is negative")
            found.append((k, share))
            rest = [x - share * y for x, y in zip(rest, self.directions[k], strict=True)]
        return found + [(i if x > 0 else self._n + i, abs(x)) for i, x in enumerate(rest) if x]


def _at(multipliers: Sequence[tuple[int, Fraction]], levels: Sequence[Fraction]) -> Fraction:
    return sum((m * levels[k] for k, m in multipliers), Fraction(0))


def _box(direction: Point) -> Fraction:
    """How far the unit cube reaches."""
    return sum((max(x, Fraction(0)) for x in direction), Fraction(0))


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(one, other, strict=True)), Fraction(0))
