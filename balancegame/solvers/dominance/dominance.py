"""Whether one action is dominated: by which mixed action, or by what it is shown not to be.

An action is *strictly dominated* by a mixed action that pays more whatever the others do, *weakly*
by one that never pays less and sometimes more. It is not strictly dominated by any mixed action iff
it is a best reply to some conjecture, a probability vector on the others' joint actions (Pearce
1984, lemma 3); not weakly iff to one of full support (Gale & Sherman 1950; Pearce 1984, lemma 4).
Both are linear programs, solved exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.own_table import Floats, OwnTable
from balancegame.solvers.polytopes.matrix_game import best_basis, multipliers, solve_matrix_game
from balancegame.solvers.polytopes.polytope import Polytope
from balancegame.solvers.polytopes.vertices import vertex


@dataclass(frozen=True, slots=True)
class Dominator:
    """A mixed action that dominates.

    Attributes
    ----------
    weights : tuple of Fraction
        Probabilities, one a row.
    least, greatest : Fraction
        What it pays more than the dominated action, at the least and at the most.
    """

    weights: tuple[Fraction, ...]
    least: Fraction
    greatest: Fraction


@dataclass(frozen=True, slots=True)
class Witness:
    """Why no mixed action dominates.

    Attributes
    ----------
    tied : tuple of int
        Columns in which the action is a best reply, so that a dominating mixed action could only
        use the rows that are tied with it in all of them. Empty for strict dominance.
    common : Fraction
        A weight that every column has besides those of `weights`; 0 for strict dominance.
    weights : dict of int to Fraction
        Weights of columns: against all weights together none of the rows in question pays more
        than the action.
    """

    tied: tuple[int, ...]
    common: Fraction
    weights: dict[int, Fraction]


class Dominance:
    """All questions about one player's actions in one table: facts they share are found once."""

    def __init__(self, table: OwnTable, *, mixed: bool, weak: bool) -> None:
        self._table, self._mixed, self._weak = table, mixed, weak
        self._floats: Floats | None = None
        values = table.values
        self._best: NDArray[np.bool_] | None = (values == values.max(axis=0)) if mixed else None

    def examine(self, action: int) -> Dominator | Witness | None:
        """What dominates a row, or why no mixed action does; None if no pure one does.

        A pure action that dominates is preferred to a mixed one, strict to weak dominance by a
        mixed one; of several, the one that gains most at the least, as far as floats show it.
        """
        if self._table.n_rows == 1:
            return Witness((), Fraction(0), {0: Fraction(1)}) if self._mixed else None
        if self._best is not None and not self._weak and self._best[action].any():
            return Witness((), Fraction(0), {int(np.argmax(self._best[action])): Fraction(1)})
        pure = self._pure(action)
        if pure is not None or not self._mixed:
            return pure
        if not self._weak:
            return self._strictly(action)
        if self._best is not None and not self._best[action].any():
            strict = self._strictly(action)
            if isinstance(strict, Dominator):
                return strict
        return self._weakly(action)

    @property
    def floats(self) -> Floats:
        """The table in floats."""
        if self._floats is None:
            self._floats = self._table.scaled()
        return self._floats

    def _pure(self, action: int) -> Dominator | None:
        values = self._table.values
        own = values[action]
        if self._weak:
            able = (values >= own).all(axis=1) & (values != own).any(axis=1)
        else:
            able = (values > own).all(axis=1)
        rows = np.flatnonzero(able)
        if not len(rows):
            return None
        gains = self.floats[rows] - self.floats[action]
        least = gains.min(axis=1)
        best = max(range(len(rows)), key=lambda place: (least[place], gains[place].sum()))
        return self._dominator(action, _unit(self._table.n_rows, int(rows[best])))

    def _dominator(self, action: int, weights: tuple[Fraction, ...]) -> Dominator:
        gains = [weight - int(b == action) for b, weight in enumerate(weights)]
        least, _ = self._table.least_sum(gains, self.floats)
        most, _ = self._table.least_sum([-weight for weight in gains], self.floats)
        return Dominator(weights, least, -most)

    def _strictly(self, action: int) -> Dominator | Witness:
        solved = solve_matrix_game(self._table, against=action, floats=self.floats)
        if solved.value > 0:
            return self._dominator(action, solved.rows)
        return Witness((), Fraction(0), solved.columns)

    def _weakly(self, action: int) -> Dominator | Witness:
        values = self._table.values
        best = np.flatnonzero(self._best[action]) if self._best is not None else np.arange(0)
        is_tied = values[:, best] == values[action, best]
        rows = [b for b in np.flatnonzero(is_tied.all(axis=1)).tolist() if b != action]
        others = np.flatnonzero(~is_tied.all(axis=1))
        tied = tuple(sorted({int(best[np.argmin(is_tied[b])]) for b in others}))
        if not rows:
            return Witness(tied, Fraction(0), {})
        found = _greatest_gain(self._table, action, rows, self.floats)
        if isinstance(found, tuple):
            return self._dominator(action, found)
        return Witness(tied, found.common, found.weights)


def _unit(length: int, place: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(b == place)) for b in range(length))


def _greatest_gain(
    table: OwnTable, action: int, rows: list[int], floats: Floats
) -> tuple[Fraction, ...] | Witness:
    """The mixture of rows that weakly dominates an action and gains most in sum, or why none does.

    Over probabilities x of the rows and t of the action itself, maximise g, at most the sum of all
    columns' gains, where no column's gain is negative. The program begins without any column;
    those that are violated join it.
    """
    sums = table.row_sums()
    totals = _integers([sums[b] - sums[action] for b in rows])
    columns: list[int] = []
    while True:
        exact = table.exact(columns)
        gains = [
            _integers([exact[b][k] - exact[action][k] for b in rows]) for k in range(len(columns))
        ]
        solved = _solve_for_gain(totals[0], [one for one, _ in gains])
        if isinstance(solved, list):
            weights = [Fraction(0)] * table.n_rows
            for b, weight in zip(rows, solved, strict=True):
                weights[b] = weight
            least, column = table.least_sum(
                [weight - int(b == action) for b, weight in enumerate(weights)], floats
            )
            if least >= 0:
                return tuple(weights)
            columns.append(column)
            continue
        on_all, on_columns = solved
        return Witness(
            (),
            on_all * totals[1],
            {
                column: price * unit
                for column, price, (_, unit) in zip(columns, on_columns, gains, strict=True)
                if price
            },
        )


def _solve_for_gain(
    totals: list[int], gains: list[list[int]]
) -> list[Fraction] | tuple[Fraction, list[Fraction]]:
    """Probabilities of rows with a positive gain; or multipliers that show there are none.

    The polytope's variables are the rows, the action itself, and g; the sum of all is 1 + g.
    """
    size = max(1, *map(abs, totals))
    rows = (
        (*[size] * (len(totals) + 1), 0),
        (*(-value for value in totals), 0, size),
        *((*(-value for value in line), 0, 0) for line in gains),
    )
    bounds = (size, *[0] * (len(rows) - 1))
    polytope = Polytope(rows, bounds, first_variable=0, first_row=len(rows[0]))
    basis = best_basis(polytope)
    scale, point = vertex(polytope, basis)
    found = [Fraction(0)] * polytope.dimension
    for t, value in zip(polytope.support(basis), point, strict=True):
        found[t] = Fraction(value, scale)
    if found[-1] > 0:
        played = sum(found[:-2])
        return [value / played for value in found[:-2]]
    prices = multipliers(polytope, basis)
    return prices[1], prices[2:]


def _integers(values: list[Fraction]) -> tuple[list[int], Fraction]:
    """Values times a positive factor that makes them short integers, and the factor."""
    common = math.lcm(*(value.denominator for value in values))
    whole = [int(value * common) for value in values]
    divisor = math.gcd(*whole) or 1
    return [value // divisor for value in whole], Fraction(common, divisor)
