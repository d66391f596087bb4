"""Critical discount factors where players may pay each other, under optimal punishments.

Let g be payoffs, c_i(a) the most i can get against a, ``D(a) = sum (c_j - g_j)``. With transfers a
profile can be part of equilibrium play iff ``D(a) <= L (U - sum v)``, ``L = delta / (1 - delta)``,
where U is the largest sum of payoffs and v_i the least c_i over such profiles (Goldluecke & Kranz
2012): the largest set of profiles for which that holds of itself. To be played for ever, a profile
has its own sum of payoffs to lose in the place of U. Contingencies enter sums and v by their
expectation, and D one by one.

The set shrinks with L by finitely many steps. What supports the profile at some L does so down to
where the first of these conditions binds: its own, or that of a profile that attains U or a v_i.
Just below, the set is found anew; if it supports the profile still, it has a lower bound of its
own, and if not, that was the critical value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.games.repeated_game import RepeatedGame
from balancegame.games.situation import Cell
from balancegame.solvers.repeated.critical_discount import Incentives, deviation_of, largest_sum
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount
from balancegame.solvers.repeated.discount_set import NONE, from_on

_ZERO = Fraction(0)

Table = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tables:
    """A stage game's sums of payoffs, best replies and temptations; one entry a profile."""

    sums: Table
    ceilings: list[Table]
    temptations: Table


def with_optimal_transfers(
    repeated: RepeatedGame, incentives: Incentives, cells: Sequence[Cell]
) -> CriticalDiscount:
    """The critical discount factor of a profile with transfers and optimal punishments; exact."""
    tables = [_tables(stage.exact_payoffs) for stage in repeated.stages]
    weight = None  # of the future: delta / (1 - delta)
    while True:
        lower = _supported_from(tables, repeated.probabilities, cells, weight)
        if lower is None:
            break
        weight = lower
    _, w = largest_sum(incentives)
    i = max(range(repeated.n_players), key=lambda j: incentives.gains[j][w])
    deviation = deviation_of(repeated, incentives, i, w)
    if weight is None:
        reason = "not even with transfers and optimal punishments do the players lose enough"
        return CriticalDiscount.of(NONE, reason, deviation=deviation, binds_alone=False)
    return CriticalDiscount.of(
        from_on(weight / (1 + weight)),
        "exact, with transfers and optimal punishments",
        deviation=deviation,
        binds_alone=False,
    )


def _tables(payoffs: Table) -> Tables:
    sums = payoffs.sum(axis=0)
    ceilings = [
        np.broadcast_to(table.max(axis=i, keepdims=True), table.shape)
        for i, table in enumerate(payoffs)
    ]
    return Tables(sums, ceilings, np.asarray(sum(ceilings) - sums, dtype=object))


def _supported_from(
    tables: Sequence[Tables],
    chances: Sequence[Fraction],
    cells: Sequence[Cell],
    weight: Fraction | None,
) -> Fraction | None:
    """Down to which weight the set just below a weight supports a profile; None if not at all.

    Without a weight, the set at any weight, however large. What is found is below the weight.
    """
    kept = [np.ones(one.sums.shape, dtype=bool) for one in tables]
    while True:
        top, held, takes = _stake(tables, chances, kept)
        stake = top - held
        bound = stake if weight is None else weight * stake
        smaller = [
            keep
            & np.asarray(
                (one.temptations == 0) | (stake > 0 if weight is None else one.temptations < bound),
                dtype=bool,
            )
            for keep, one in zip(kept, tables, strict=True)
        ]
        if not all(keep.any() for keep in smaller):
            return None
        if all(np.array_equal(a, b) for a, b in zip(kept, smaller, strict=True)):
            break
        kept = smaller
    paid = sum(
        (chance * one.sums[cell] for one, chance, cell in zip(tables, chances, cells, strict=True)),
        _ZERO,
    )
    own = max(one.temptations[cell] for one, cell in zip(tables, cells, strict=True))
    if paid <= held or (weight is not None and own >= weight * (paid - held)):
        return None
    return max(own / (paid - held), takes / stake if takes else _ZERO)


def _stake(
    tables: Sequence[Tables], chances: Sequence[Fraction], kept: Sequence[Table]
) -> tuple[Fraction, Fraction, Fraction]:
    """The largest sum of payoffs, the sum of what each can be held to, and what that tempts to."""
    top, floor, takes = _ZERO, _ZERO, _ZERO
    for one, chance, keep in zip(tables, chances, kept, strict=True):
        tempting = one.temptations[keep]
        best = one.sums[keep]
        top += chance * max(best)
        takes = max(takes, min(tempting[best == max(best)]))
        for ceiling in one.ceilings:
            held = ceiling[keep]
            floor += chance * min(held)
            takes = max(takes, min(tempting[held == min(held)]))
    return top, floor, takes
