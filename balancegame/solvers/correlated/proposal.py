"""A basis of the linear program, as far as floats can tell: HiGHS's, or the one to start from.

Only the *core* of a basis is kept: the columns in it, and as many rows that hold with equality,
their matrix nonsingular. Of the other rows the slack is in the basis.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.correlated.floats import ZERO, float_optimum
from balancegame.solvers.correlated.integer_table import Floats, Objects
from balancegame.solvers.correlated.program import CorrelatedProgram

Core = tuple[list[int], list[int]]
"""Columns, and as many rows."""

_FEW_PROFILES = 16  # up to here the simplex method in integers takes a millisecond or two
_PRIME = (1 << 31) - 1  # products of two residues fit 64 bits


def proposed_core(program: CorrelatedProgram) -> Core:
    """A nonsingular core, optimal or nearly so where floats serve."""
    if program.n_profiles > _FEW_PROFILES and program.incentives:
        core = _highs_core(program)
        if core is not None:
            return core
    # The costliest profile alone, all incentives slack: no other profile has a larger cost.
    costs = program.costs(np.arange(program.n_profiles))
    return [int(np.argmax(costs))], [program.total]


def _highs_core(program: CorrelatedProgram) -> Core | None:
    """The core of HiGHS's basis, as its solution shows it; None where it gives up."""
    found = float_optimum(program)
    if found is None:
        return None
    played = _descending(found.values, ZERO)
    charged = _descending(found.multipliers, ZERO)
    # A degenerate basis holds more columns or rows: those that could stand in at no cost.
    tight = np.setdiff1d(np.flatnonzero(found.slacks <= ZERO), charged)
    free = np.setdiff1d(np.flatnonzero(np.abs(found.reduced_costs) <= ZERO), played)
    reach = 2 * (1 + len(charged) + len(played))
    rows = [program.total, *charged.tolist(), *tight[:reach].tolist()]
    columns = found.columns[np.append(played, free[:reach])]
    matrix = program.columns(columns, rows)
    pairs = _nonsingular(matrix, n_rows=1 + len(charged), n_columns=len(played))
    core = [int(columns[k]) for _, k in pairs], [rows[j] for j, _ in pairs]
    return core if program.total in core[1] else None


def _descending(values: Floats, least: float) -> NDArray[np.intp]:
    """The places of values above a bound, the largest first."""
    found = np.flatnonzero(values > least)
    return found[np.argsort(-values[found], kind="stable")]


def _nonsingular(matrix: Objects, *, n_rows: int, n_columns: int) -> list[tuple[int, int]]:
    """Rows paired with columns, such that their matrix is nonsingular: modulo a prime.

    Elimination takes a pivot for each of the first `n_columns` columns, in the first `n_rows` rows
    as far as they go, then in the others; and for those of the first rows that are left, in the
    other columns.
    """
    left = (matrix % _PRIME).astype(np.int64)
    rows = np.arange(len(left))  # those without a pivot
    pairs: list[tuple[int, int]] = []
    for k in range(left.shape[1]):
        if k == n_columns:
            left, rows = left[rows < n_rows], rows[rows < n_rows]
        if k >= n_columns and not len(rows):
            break
        column, left = left[:, 0], left[:, 1:]
        able = np.flatnonzero(column)
        if not len(able):
            continue
        j = int(able[0])
        pairs.append((int(rows[j]), k))
        factors = column * pow(int(column[j]), -1, _PRIME) % _PRIME
        pivot_row = left[j]
        factors, left = np.delete(factors, j), np.delete(left, j, axis=0)
        rows = np.delete(rows, j)
        changed = np.flatnonzero(factors)
        left[changed] = (left[changed] - factors[changed, None] * pivot_row % _PRIME) % _PRIME
    return pairs
