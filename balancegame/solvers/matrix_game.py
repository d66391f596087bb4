"""The value of a matrix game with many columns, and optimal strategies, all exact.

Few columns matter: the game is solved over some of them, exactly; the column that does worst for
the row player's strategy joins them, until none does worse than the value (column generation,
Gilmore & Gomory 1961; the price of all columns is one product of floats, proven or redone in
rationals).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

import numpy as np
from flint import fmpz_mat

from balancegame.solvers.integer_dictionary import IntegerDictionary
from balancegame.solvers.linear_program import optimal_basis
from balancegame.solvers.own_table import Floats, OwnTable
from balancegame.solvers.polytope import Polytope, shifted
from balancegame.solvers.vertices import strategy

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
    base = [Fraction(-int(b == against)) for b in range(table.n_rows)]
    chosen = _first_columns(table, floats, rows, against)
    while True:
        exact = table.exact(chosen)
        gains = [
            [v - (exact[against][k] if against is not None else 0) for k, v in enumerate(exact[b])]
            for b in rows
        ]
        mine, its = _solve_exactly(gains)
        value = max(sum(map(mul, row, its), start=Fraction(0)) for row in gains)
        weights = base.copy()
        for b, chance in zip(rows, mine, strict=True):
            weights[b] = chance
        least, column = table.least_sum(weights, floats)
        if least >= value:
            probabilities = [Fraction(0) if b == against else w for b, w in enumerate(weights)]
            columns = {s: chance for s, chance in zip(chosen, its, strict=True) if chance}
            return MatrixSolution(value, tuple(probabilities), columns)
        chosen.append(column)


def _first_columns(
    table: OwnTable, floats: Floats, rows: Sequence[int], against: int | None
) -> list[int]:
    if table.n_columns <= _FEW_COLUMNS:
        return list(range(table.n_columns))
    gains = floats[rows] - (0.0 if against is None else floats[against])
    if len(rows) > _FEW_ROWS:
        proposed = _proposed_columns(gains)
        if proposed:
            return proposed
    return sorted({*np.argmin(gains, axis=1).tolist(), int(np.argmin(gains.mean(axis=0)))})


def _proposed_columns(gains: Floats) -> list[int]:
    """The columns that HiGHS sees as binding; none if it fails."""
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
        method="highs",
    )
    if solved.status != 0:
        return []
    return np.flatnonzero(solved.ineqlin.marginals < -_ZERO).tolist()


def _solve_exactly(gains: list[list[Fraction]]) -> tuple[list[Fraction], list[Fraction]]:
    """Optimal probabilities of rows and of columns."""
    common = math.lcm(*(value.denominator for row in gains for value in row))
    integers = shifted(tuple(tuple(int(value * common) for value in row) for row in gains))
    m, k = len(integers), len(integers[0])
    polytope = Polytope(integers, (1,) * m, first_variable=0, first_row=k)
    basis = best_basis(polytope)
    prices = multipliers(polytope, basis)
    total = sum(prices)
    return [price / total for price in prices], list(strategy(polytope, basis))


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
