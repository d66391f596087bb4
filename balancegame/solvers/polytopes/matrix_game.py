"""The value of a matrix game with many columns, and optimal strategies, all exact.

Few columns matter: the game is solved over some of them, exactly; the column that does worst for
the row player's strategy joins them, until none does worse than the value (column generation,
Gilmore & Gomory 1961; the price of all columns is one product of floats, proven or redone in
rationals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul, sub

import numpy as np
from flint import fmpz_mat

from balancegame.solvers.own_table import Floats, OwnTable
from balancegame.solvers.polytopes.integer_dictionary import IntegerDictionary
from balancegame.solvers.polytopes.linear_program import optimal_basis
from balancegame.solvers.polytopes.polytope import Polytope, shifted
from balancegame.solvers.polytopes.vertices import strategy, tight_labels

_FEW_COLUMNS = 12
_FEW_ROWS = 8  # up to here a handful of columns is found quickly; beyond, HiGHS proposes them
_ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class MatrixSolution:
    """A matrix game's value, with a strategy of either player that guarantees it.

    Attributes
    ----------
    value : Fraction
    rows : tuple of Fraction
        Probabilities of rows: no column's sum is below the value.
    columns : dict of int to Fraction
        Probabilities of columns, those of 0 left out: no row's sum is above the value.
    """

    value: Fraction
    rows: tuple[Fraction, ...]
    columns: dict[int, Fraction]


def solve_matrix_game(
    table: OwnTable, *, against: int | None = None, floats: Floats | None = None
) -> MatrixSolution:
    """The row player's greatest guarantee, and how the column player holds him to it.

    Parameters
    ----------
    table : OwnTable
    against : int, optional
        Count gains over this row, which is itself left out (its probability is 0).
    floats : array, optional
        What ``table.scaled()`` gives, if it is known.
    """
    floats = table.scaled() if floats is None else floats
    rows = [b for b in range(table.n_rows) if b != against]
    tight, chosen = _first_guess(table, floats, rows, against)
    while True:
        integers, denominator = table.integers(chosen)
        base = [0] * len(chosen) if against is None else integers[against]
        gains = [list(map(sub, integers[b], base)) for b in rows]
        mine, its = _solve_exactly(gains, tight)
        # A row that is played gets the value.
        best = next(place for place, chance in enumerate(mine) if chance)
        value = sum(map(mul, gains[best], its), start=Fraction(0)) / denominator
        weights = [Fraction(0)] * table.n_rows
        for b, chance in zip(rows, mine, strict=True):
            weights[b] = chance
        counted = weights if against is None else _less(weights, against)
        least, column = table.least_sum(counted, floats)
        if least >= value:
            columns = {s: chance for s, chance in zip(chosen, its, strict=True) if chance}
            return MatrixSolution(value, tuple(weights), columns)
        tight = []
        chosen.append(column)


def _less(weights: list[Fraction], row: int) -> list[Fraction]:
    counted = weights.copy()
    counted[row] -= 1
    return counted


def _first_guess(
    table: OwnTable, floats: Floats, rows: Sequence[int], against: int | None
) -> tuple[list[int], list[int]]:
    """Columns to begin with; and the places of the rows that are played, if that is known."""
    if table.n_columns <= _FEW_COLUMNS:
        return [], list(range(table.n_columns))
    gains = floats[rows] - (0.0 if against is None else floats[against])
    if len(rows) > _FEW_ROWS:
        tight, proposed = _proposed(gains)
        if proposed:
            return tight, proposed
    return [], sorted({*np.argmin(gains, axis=1).tolist(), int(np.argmin(gains.mean(axis=0)))})


def _proposed(gains: Floats) -> tuple[list[int], list[int]]:
    """The rows and the columns that HiGHS plays; none if it fails."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    m, k = gains.shape
    size = float(np.abs(gains).max()) or 1.0
    solved = linprog(
        np.r_[np.zeros(m), -1.0],
        A_ub=np.column_stack([-gains.T / size, np.ones(k)]),
        b_ub=np.zeros(k),
        A_eq=np.r_[np.ones(m), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
        method="highs-ds",
    )
    if solved.status != 0:
        return [], []
    played = np.flatnonzero(solved.x[:m] > _ZERO).tolist()
    return played, np.flatnonzero(solved.ineqlin.marginals < -_ZERO).tolist()


def _solve_exactly(
    gains: list[list[int]], tight: list[int]
) -> tuple[list[Fraction], list[Fraction]]:
    """Optimal probabilities of rows and of columns; `tight` are the rows that may be played."""
    integers = shifted(tuple(map(tuple, gains)))
    m, k = len(integers), len(integers[0])
    polytope = Polytope(integers, (1,) * m, first_variable=0, first_row=k)
    basis = _accepted(polytope, tight)
    if basis is None:
        basis = best_basis(polytope)
    prices = multipliers(polytope, basis)
    total = sum(prices)
    return [price / total for price in prices], list(strategy(polytope, basis))


def _accepted(polytope: Polytope, tight: list[int]) -> int | None:
    """The basis in which these rows are tight, and all columns are played, if it is optimal."""
    if len(tight) != polytope.dimension:
        return None
    basis = sum(1 << polytope.first_row + j for j in tight)
    if tight_labels(polytope, basis) is None or min(multipliers(polytope, basis)) < 0:
        return None
    return basis


def best_basis(polytope: Polytope) -> int:
    """A basis whose point has the greatest sum, whatever the size of the integers."""
    try:
        return optimal_basis(polytope)
    except OverflowError:  # its float filter cannot hold them
        dictionary = IntegerDictionary(polytope)
        while (column := dictionary.improving_column()) is not None:
            dictionary.exchange(dictionary.leaving_row(column), column)
        return dictionary.basis


def multipliers(polytope: Polytope, basis: int) -> list[Fraction]:
    """The dual point of an optimal basis, one number a row: u'C_t = 1 for the played variables."""
    columns, rows = polytope.support(basis), polytope.tight_rows(basis)
    found = [Fraction(0)] * len(polytope.rows)
    if not columns:
        return found
    k = len(columns)
    system = [[*(polytope.rows[j][t] for j in rows), 1] for t in columns]
    solved, scale, _ = fmpz_mat(system).rref()
    for i, j in enumerate(rows):
        found[j] = Fraction(int(solved[i, k]), int(scale))
    return found
