"""The linear program in floats, few profiles at a time.

An optimal basis has no more columns than there are rows, a small part of all profiles. So HiGHS
solves the program for some profiles; all others are priced at its multipliers, and those of the
largest positive reduced cost join, until there is none (column generation: Gilmore & Gomory 1961).
The first ones need not allow an equilibrium: incentives may be violated at a penalty, which is
raised as long as it is paid in the end. Where many profiles are wanted, all come in at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._progress import report
from balancegame.solvers.correlated.integer_table import Floats, Places
from balancegame.solvers.correlated.prices import along
from balancegame.solvers.correlated.program import CorrelatedProgram

if TYPE_CHECKING:
    from scipy.sparse import csc_array

ZERO = 1e-9
_TOLERANCE = 1e-10  # the smallest that HiGHS takes
_FIRST = 500  # profiles
_SHARE = 3  # where a third of the profiles is wanted, all are taken
_PENALTIES = (10.0, 1e4, 1e7)  # of a violated incentive; costs and gains are at most 1
_MANY_ROWS = 1000  # from here on the interior-point method is faster for all profiles at once
_SMALLEST = 1e-290  # of a row's largest gain, for which one can divide


@dataclass(frozen=True, slots=True, eq=False)
class FloatOptimum:
    """What HiGHS ends with.

    Attributes
    ----------
    columns : array, shape (k,)
        The columns it was given.
    values, reduced_costs : array, shape (k,)
        Theirs.
    multipliers, slacks : array, shape (n_rows - 1,)
        Of all rows but the sum, each scaled.
    """

    columns: Places
    values: Floats
    reduced_costs: Floats
    multipliers: Floats
    slacks: Floats


def float_optimum(program: CorrelatedProgram) -> FloatOptimum | None:
    """The optimum as far as floats find it; None where HiGHS gives up."""
    floats = _FloatProgram(program)
    n = program.n_profiles
    chosen, joining = _largest(floats.first, _FIRST), _FIRST // 2
    penalties = iter(_PENALTIES)
    penalty = next(penalties)
    while True:
        solved = floats.solve(chosen, None if len(chosen) == n else penalty)
        if solved.x is None:
            return None
        report("profiles considered", len(chosen), n)
        found = _read(floats.columns_of(chosen), solved)
        if len(chosen) == n:
            return found
        reduced = floats.reduced_costs(found.multipliers, -float(solved.eqlin.marginals[0]))
        reduced[chosen] = 0.0
        better = _largest(reduced, joining)
        better = better[reduced[better] > ZERO]
        if len(better):
            wanted = len(chosen) + len(better)
            chosen = np.arange(n) if _SHARE * wanted > n else np.union1d(chosen, better)
            joining *= 2
            continue
        paid = solved.x[len(found.columns) :].max(initial=0.0) > ZERO
        penalty = next(penalties, None) if paid else None
        if penalty is None:
            return found


def _read(columns: Places, solved: Any) -> FloatOptimum:
    k = len(columns)
    return FloatOptimum(
        columns,
        solved.x[:k],
        solved.lower.marginals[:k],
        -solved.ineqlin.marginals,
        solved.slack,
    )


def _largest(values: Floats, count: int) -> Places:
    """The places of the largest values, in ascending order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.sort(np.argpartition(-values, count)[:count])


class _FloatProgram:
    """The program with costs from 0 to 1, and rows whose largest entry is 1 in size."""

    def __init__(self, program: CorrelatedProgram) -> None:
        self._program = program
        self._tables = [one.scaled() for one in program.tables]
        self._fair = _from_0_to_1(self._common_units()) if program.least else []
        self._costs = np.zeros(program.n_profiles) if program.least else self._scaled_costs()
        self.first = np.min(self._fair, axis=0) if program.least else self._costs
        self._scales = self._row_scales()

    def _common_units(self) -> list[Floats]:
        top = max(one.exponent for one in self._program.tables)
        return [
            np.ldexp(table, one.exponent - top)
            for table, one in zip(self._tables, self._program.tables, strict=True)
        ]

    def _scaled_costs(self) -> Floats:
        program = self._program
        if program.table is not None:
            return _from_0_to_1([program.table.scaled()])[0]
        sizes = [
            # A long integer is cut to 64 bits before it is rounded.
            (factor * one.denominator, one.exponent)
            for factor, one in zip(program.factors, program.tables, strict=True)
        ]
        top = max((size.bit_length() + exponent for size, exponent in sizes if size), default=0)
        costs = np.zeros(program.n_profiles)
        for (size, exponent), table in zip(sizes, self._tables, strict=True):
            cut = max(0, size.bit_length() - 64)
            costs += np.ldexp(float(size >> cut), cut + exponent - top) * table
        return _from_0_to_1([costs])[0]

    def _row_scales(self) -> Floats:
        """The largest entry of each incentive, by size."""
        program = self._program
        scales: list[Floats] = []
        for i, m in enumerate(program.shape):
            if m == 1:
                continue
            own = np.moveaxis(self._tables[i].reshape(program.shape), i, 0).reshape(m, -1)
            # largest[b, a]: of the gains by b instead of a.
            largest = np.array([np.abs(own - line).max(axis=1) for line in own])
            apart = ~np.eye(m, dtype=bool)
            scales.append(largest.max(axis=1) if program.coarse else largest.T[apart])
        found = np.concatenate(scales) if scales else np.zeros(0)
        found[found < _SMALLEST] = 1.0
        return found

    def columns_of(self, profiles: Places) -> Places:
        """The columns that stand for these profiles, with that of the least payoff."""
        program = self._program
        return np.append(profiles, np.full(int(program.least), program.n_profiles))

    def solve(self, profiles: Places, penalty: float | None) -> Any:
        """What linprog finds with these profiles.

        After their columns come the gains that are to be had at a penalty, if one is given.
        """
        from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)
        from scipy.sparse import eye_array, hstack  # noqa: PLC0415

        program = self._program
        n, k = 0 if penalty is None else len(program.incentives), int(program.least)
        many = penalty is None and program.n_rows > _MANY_ROWS
        return linprog(
            np.concatenate([-self._costs[profiles], [-1.0] * k, np.full(n, penalty or 0.0)]),
            A_ub=hstack([self._entries(profiles), -eye_array(program.total, n)], format="csc"),
            b_ub=np.zeros(program.total),
            A_eq=np.append(np.ones(len(profiles)), np.zeros(n + k))[None],
            b_eq=[1.0],
            bounds=(0, None),
            method="highs-ipm" if many else "highs-ds",
            options={
                "presolve": False,  # costs more than it saves: there are few columns
                "primal_feasibility_tolerance": _TOLERANCE,
                "dual_feasibility_tolerance": _TOLERANCE,
            },
        )

    def _entries(self, profiles: Places) -> csc_array:
        """All rows but the sum, for these profiles and the least payoff."""
        from scipy.sparse import csc_array  # noqa: PLC0415

        program = self._program
        rows: list[Places] = []
        entries: list[Floats] = []
        for i, m in enumerate(program.shape):
            if m == 1:
                continue
            played, against, places = program.positions(i, profiles)
            gains = self._tables[i][against]
            gains = gains - gains[played, np.arange(len(played))]
            rows.append(places)
            entries.append(gains / self._scales[places])
        for i, fair in enumerate(self._fair):
            rows.append(np.full((1, len(profiles)), program.fairness.start + i))
            entries.append(-fair[profiles][None])
        where = np.concatenate([np.zeros((0, len(profiles)), dtype=np.intp), *rows])
        which = np.broadcast_to(np.arange(len(profiles)), where.shape)
        values = np.concatenate([np.zeros((0, len(profiles))), *entries])
        kept = values != 0.0
        least = np.arange(program.fairness.start, program.fairness.stop)
        return csc_array(
            (
                np.append(values[kept], np.ones(len(least))),
                (
                    np.append(where[kept], least),
                    np.append(which[kept], np.full(len(least), len(profiles))),
                ),
            ),
            shape=(program.total, len(self.columns_of(profiles))),
        )

    def reduced_costs(self, multipliers: Floats, total: float) -> Floats:
        """Of all profiles."""
        program = self._program
        found = (self._costs - total).reshape(program.shape)
        n = len(program.incentives)
        unscaled = multipliers[:n] / self._scales
        for i, table in enumerate(program.multiplier_tables(unscaled.tolist())):
            if table.any():
                found -= along(program, i, table.astype(np.float64), self._tables[i])
        for share, fair in zip(multipliers[n:].tolist(), self._fair, strict=True):
            found += share * fair.reshape(program.shape)
        return found.reshape(-1)


def _from_0_to_1(tables: list[Floats]) -> list[Floats]:
    """Tables moved and stretched alike, such that the least number is 0 and the greatest 1."""
    floor = min(float(one.min()) for one in tables)
    widest = max(float(one.max()) for one in tables) - floor
    return [(one - floor) / (widest if widest > _SMALLEST else 1.0) for one in tables]
