"""What equilibria pay, compared: exactly, or within bounds where their probabilities are not known.

The payoffs of a continuum of equilibria lie between those of its extreme points: over a maximal
Nash subset every payoff is multilinear. With two players, each payoff depends on the other's part
alone, so that some extreme point pays both the most, and comparing with these is enough. With more
players that is not so.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from balancegame.games.equilibrium import Equilibrium, exact_action_payoffs
from balancegame.games.integer_payoffs import IntegerTables, integer_tables
from balancegame.games.results import NashResult
from balancegame.solvers.refinements.verdict import NO, YES, Verdict

_DIGITS = 60  # of irrational equilibria whose payoffs are close

Bounds = tuple[tuple[Fraction, Fraction], ...]
"""For each player the least and the most an equilibrium can pay him; equal where it is exact."""


@dataclass(frozen=True, slots=True)
class PayoffComparison:
    """All equilibria's payoffs.

    Attributes
    ----------
    bounds : tuple of Bounds
        One an equilibrium.
    best_welfare : Fraction
        The greatest sum of payoffs of any profile.
    complete : bool
        Whether there are no other equilibria, but for mixtures within continua.
    continua : tuple of tuple of int
        The places of the extreme equilibria of each continuum.
    two_players : bool
    """

    bounds: tuple[Bounds, ...]
    best_welfare: Fraction
    complete: bool
    continua: tuple[tuple[int, ...], ...]
    two_players: bool

    @classmethod
    def of_result(cls, result: NashResult) -> PayoffComparison:
        """The payoffs of all equilibria of a result."""
        tables = integer_tables(result.game)
        bounds = [payoff_bounds(tables, found) for found in result]
        if any(low != high for one in bounds for low, high in one):
            bounds = [payoff_bounds(tables, found) for found in result.refine(_DIGITS)]
        welfare = result.game.exact_payoffs.sum(axis=0)
        return cls(
            tuple(bounds),
            Fraction(welfare.max()),
            result.complete,
            continua_of(result),
            result.game.n_players <= 2,
        )

    def undominated(self) -> list[Verdict]:
        """Whether no other equilibrium pays everyone as much and someone more."""
        # Whatever dominates has a greater sum, so comes earlier; and so does what dominates that.
        order = sorted(range(len(self.bounds)), key=lambda k: (-_middle(self.bounds[k]), k))
        front: list[int] = []
        found: dict[int, Verdict] = {}
        for k in order:
            answers = [_dominates(self.bounds[other], self.bounds[k]) for other in front]
            if True in answers:
                found[k] = NO
                continue
            front.append(k)
            found[k] = Verdict(None, "payoffs are too close to tell") if None in answers else YES
        # Undecided pairs may stand in either order.
        for k in front:
            others = (self.bounds[other] for other in front if other != k)
            if any(_dominates(other, self.bounds[k]) is None for other in others):
                found[k] = Verdict(None, "payoffs are too close to tell")
        return [self._beyond_the_list(k, found[k]) for k in range(len(self.bounds))]

    def _beyond_the_list(self, place: int, verdict: Verdict) -> Verdict:
        """The same answer, if no equilibrium that is not listed can change it."""
        mine = self.bounds[place]
        if not verdict.holds or sum(low for low, _ in mine) >= self.best_welfare:
            return verdict
        if not self.complete:
            return Verdict(None, "the list of equilibria is not known to be complete")
        if self.two_players:
            return verdict
        for members in self.continua:
            highest = tuple(
                (most, most)
                for most in (max(self.bounds[k][i][1] for k in members) for i in range(len(mine)))
            )
            if _dominates(highest, mine) is not False:
                return Verdict(None, "some mixture within a continuum may pay everyone more")
        return verdict

    def payoff_dominant(self) -> list[Verdict]:
        """Whether everyone is paid more than by any other equilibrium."""
        return [self._payoff_dominant(k) for k in range(len(self.bounds))]

    def _payoff_dominant(self, place: int) -> Verdict:
        mine = self.bounds[place]
        doubtful = False
        for k, its in enumerate(self.bounds):
            if k == place:
                continue
            pairs = list(zip(mine, its, strict=True))
            if any(high <= other_low for (_, high), (other_low, _) in pairs):
                return NO
            doubtful |= any(low <= other_high for (low, _), (_, other_high) in pairs)
        if doubtful:
            return Verdict(None, "payoffs are too close to tell")
        if not self.complete:
            return Verdict(None, "the list of equilibria is not known to be complete")
        return YES

    def welfare(self) -> list[Fraction | float]:
        """The sum of each equilibrium's payoffs; a float where it is not known exactly."""
        return [_exact_or_float(one) for one in self.bounds]


def payoff_bounds(tables: IntegerTables, found: Equilibrium) -> Bounds:
    """The least and the most an equilibrium pays each player."""
    if found.exact_payoffs is not None:
        return tuple((value, value) for value in found.exact_payoffs)
    if math.isinf(found.error_bound):
        # A profile accepted by a tolerance: what it pays is what its floats say.
        return tuple((value, value) for value in map(Fraction, found.payoffs.tolist()))
    parts = found.approximation or tuple(
        tuple(map(Fraction, part.tolist())) for part in found.profile
    )
    radius = Fraction(found.error_bound)
    # Summing to 1 moves each probability by at most another m radii, if these are small.
    profile = tuple(tuple(c / sum(part) for c in part) for part in parts)
    offs = [len(part) * (2 * len(part) + 1) * radius for part in parts]
    return tuple(
        _payoff_bounds(tables, i, profile, sum(offs) - offs[i], found.support[i])
        for i in range(len(profile))
    )


def _payoff_bounds(
    tables: IntegerTables,
    player: int,
    profile: tuple[tuple[Fraction, ...], ...],
    off: Fraction,
    support: tuple[int, ...],
) -> tuple[Fraction, Fraction]:
    """A player's payoff if the others' parts are off by so much in sum.

    Each action he plays pays him that, and one whose payoff varies little says it best.
    """
    values = exact_action_payoffs(tables, player, profile)
    own = np.moveaxis(tables.tables[player], player, 0)
    bounds: list[tuple[Fraction, Fraction]] = []
    for a in support:
        spread = Fraction(own[a].max() - own[a].min(), tables.denominators[player])
        bounds.append((values[a] - off * spread / 2, values[a] + off * spread / 2))
    return max(low for low, _ in bounds), min(high for _, high in bounds)


def continua_of(result: NashResult) -> tuple[tuple[int, ...], ...]:
    """The places of the extreme equilibria of each component that is more than a point."""
    members: dict[int, list[int]] = {}
    for place, component in enumerate(result.membership or ()):
        members.setdefault(component, []).append(place)
    return tuple(tuple(places) for places in members.values() if len(places) > 1)


def _dominates(mine: Bounds, its: Bounds) -> bool | None:
    """Whether one equilibrium pays all as much as another and someone more; None if in doubt."""
    pairs = list(zip(mine, its, strict=True))
    if any(high < other_low for (_, high), (other_low, _) in pairs):
        return False
    if all(
        low == high == other_low == other_high for (low, high), (other_low, other_high) in pairs
    ):
        return False
    if all(low >= other_high for (low, _), (_, other_high) in pairs):
        return True if any(low > high for (low, _), (_, high) in pairs) else None
    return None


def _middle(bounds: Bounds) -> Fraction:
    return sum((low + high for low, high in bounds), Fraction(0))


def _exact_or_float(bounds: Bounds) -> Fraction | float:
    low, high = (sum(ends, Fraction(0)) for ends in zip(*bounds, strict=True))
    return low if low == high else rounded((low + high) / 2)


def rounded(value: Fraction | float) -> float:
    """To the nearest float; the largest one if it is beyond the range."""
    try:
        return float(value)
    except OverflowError:
        return sys.float_info.max if value > 0 else -sys.float_info.max
