"""What a repeated game's profiles pay today and what deviating from them pays, exactly.

The payoffs are listed in rationals, and once more in floats after each player's have been moved
and stretched to the unit interval, where rounding errors have one size for all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from balancegame.games.repeated_game import RepeatedGame

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]


@dataclass(frozen=True)
class StageIncentives:
    """All profiles of all contingencies, one after the other, A in all.

    Attributes
    ----------
    starts : tuple of int
        Contingency k has the profiles from ``starts[k]`` up to ``starts[k + 1]``.
    probabilities : tuple of Fraction
    profiles : tuple of tuples of int
        The actions of each.
    payoffs, deviations : object arrays of Fraction, shape (A, n)
        What a profile pays, and what the best deviation from it pays.
    discounts : tuple of Fraction
        One a player.
    """

    starts: tuple[int, ...]
    probabilities: tuple[Fraction, ...]
    profiles: tuple[tuple[int, ...], ...]
    payoffs: Objects
    deviations: Objects
    discounts: tuple[Fraction, ...]

    @property
    def n_players(self) -> int:
        """The number of players."""
        return len(self.discounts)

    @property
    def common(self) -> Fraction | None:
        """The discount factor, where it is the same for all."""
        return self.discounts[0] if len(set(self.discounts)) == 1 else None

    @property
    def contingencies(self) -> list[range]:
        """The places of each contingency's profiles."""
        return [range(a, b) for a, b in zip(self.starts, self.starts[1:], strict=False)]

    def contingency_of(self, place: int) -> int:
        """The contingency a profile belongs to."""
        return next(k for k, one in enumerate(self.contingencies) if place in one)

    @cached_property
    def required(self) -> list[list[Fraction | None]]:
        """How much more than his threat each player must be promised, per profile.

        ``(1 - delta) / delta`` times the gain of deviating; 0 where there is none, None where no
        promise helps because only today counts.
        """
        factors = [(1 - d) / d if d else None for d in self.discounts]
        return [
            [
                Fraction(0) if not gain else None if factor is None else factor * gain
                for gain, factor in zip(row, factors, strict=True)
            ]
            for row in (self.deviations - self.payoffs).tolist()
        ]

    @cached_property
    def lowest(self) -> tuple[Fraction, ...]:
        """Each player's lowest payoff."""
        return tuple(min(column) for column in self.payoffs.T)

    @cached_property
    def spans(self) -> tuple[Fraction, ...]:
        """Each player's highest payoff less his lowest; 1 where that is zero."""
        return tuple(
            max(column) - low or Fraction(1)
            for column, low in zip(self.payoffs.T, self.lowest, strict=True)
        )

    def to_unit(self, table: Objects) -> Floats:
        """Payoffs moved and stretched to the unit interval, each rounded once."""
        scaled = (table - np.array(self.lowest)) / np.array(self.spans)
        return scaled.astype(np.float64)

    def from_unit(self, points: Floats) -> Floats:
        """Points of the unit cube in payoffs, rounded."""
        low, span = (np.array(one, dtype=np.float64) for one in (self.lowest, self.spans))
        return points * span + low

    @cached_property
    def unit_payoffs(self) -> Floats:
        """The payoffs in the unit cube."""
        return self.to_unit(self.payoffs)

    @cached_property
    def unit_deviations(self) -> Floats:
        """What deviations pay, in the unit cube: payoffs of other profiles, so at most 1."""
        return self.to_unit(self.deviations)

    @cached_property
    def unit_required(self) -> Floats:
        """`required` in the unit cube, rounded down; infinite where no promise helps.

        Minus infinity where nothing needs to be promised: every continuation does.
        """
        found = np.empty((len(self.profiles), self.n_players))
        for a, row in enumerate(self.required):
            for i, value in enumerate(row):
                if value is None:
                    found[a, i] = math.inf
                elif value:
                    ratio = value / self.spans[i]
                    # More than 2 is out of reach, and could be out of the range of floats.
                    found[a, i] = math.nextafter(float(min(ratio, Fraction(2))), 0.0)
                else:
                    found[a, i] = -math.inf
        return found


def stage_incentives(repeated: RepeatedGame) -> StageIncentives:
    """List the profiles of a repeated game with their payoffs and deviations."""
    n = repeated.n_players
    starts, profiles, payoffs, deviations = [0], [], [], []
    for stage in repeated.stages:
        exact = stage.exact_payoffs
        best = np.stack(
            [np.broadcast_to(exact[i].max(axis=i, keepdims=True), stage.shape) for i in range(n)]
        )
        profiles += list(np.ndindex(*stage.shape))
        payoffs.append(exact.reshape(n, -1).T)
        deviations.append(best.reshape(n, -1).T)
        starts.append(starts[-1] + stage.n_profiles)
    return StageIncentives(
        tuple(starts),
        repeated.probabilities,
        tuple(profiles),
        np.concatenate(payoffs),
        np.concatenate(deviations),
        repeated.exact_discounts,
    )
