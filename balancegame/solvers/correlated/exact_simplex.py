"""The simplex method in integers, from any basis: for programs of few rows and many columns.

The program is: maximise c'x over x >= 0 with A x <= 0 in all rows but the last, and the sum of
probabilities, the last, equal to 1. A basis is kept as its *core* (see `correlated_proposal`); its
equations are solved anew in every step, p-adically (Dixon 1982), so that no error can build up. A
basis that is optimal at once costs two solutions and one pricing of the columns.

Otherwise the dual method (Lemke 1954) makes it feasible, with all costs set to 0 if the multipliers
are not feasible, for which every basis is dual feasible; then the primal method (Dantzig 1951)
makes it optimal. After a step that changes nothing Bland's (1977) rule holds until one does: the
methods end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from flint import fmpq, fmpz_mat

from balancegame._progress import report
from balancegame.solvers.correlated.prices import prices
from balancegame.solvers.correlated.program import CorrelatedProgram

Scaled = tuple[list[int], int]
"""Integers over a positive common denominator."""

Numbered = list[tuple[int, int]]

_TASK = "pivots of the simplex method"


@dataclass(frozen=True, slots=True)
class Optimum:
    """An optimal basis, and what proves it.

    Attributes
    ----------
    columns : tuple of int
        The columns in the basis.
    values : tuple of Fraction
        Their values, none negative.
    multipliers : tuple of Fraction
        One a row, none negative but perhaps the last; no column has a positive reduced cost.
    pivots : int
        How many steps led there from the basis that was proposed.
    """

    columns: tuple[int, ...]
    values: tuple[Fraction, ...]
    multipliers: tuple[Fraction, ...]
    pivots: int


def optimum(program: CorrelatedProgram, core: tuple[list[int], list[int]]) -> Optimum:
    """An optimal basis, proven so exactly, starting from a nonsingular core."""
    simplex = _Simplex(program, *core)
    if simplex.violated():
        simplex.make_feasible(free=bool(simplex.improving()))
    simplex.make_optimal()
    values, scale = simplex.values()
    multipliers, below = simplex.multipliers()
    return Optimum(
        tuple(simplex.columns),
        tuple(Fraction(value, scale) for value in values),
        tuple(Fraction(value, below) for value in multipliers),
        simplex.pivots,
    )


class _Simplex:
    """A basis, and the steps that change it.

    Variables have numbers: first the columns, then the rows' slacks. What is said of several of
    them is a list of (number, integer), in units of its own that are positive.
    """

    def __init__(self, program: CorrelatedProgram, columns: list[int], rows: list[int]) -> None:
        self._program = program
        self._all = np.arange(program.n_profiles)
        self.columns, self._rows = list(columns), list(rows)
        self.pivots = 0
        self._stalled = False
        self._read_core()

    def _read_core(self) -> None:
        """What follows from the core: its matrix, and the rows outside."""
        self._places = np.array(self.columns, dtype=np.intp)
        self._matrix = fmpz_mat(self._program.columns(self._places, self._rows).tolist())
        self._values: Scaled | None = None
        self._multipliers: Scaled | None = None
        self._slack_rows = sorted(set(range(self._program.n_rows)) - set(self._rows))

    def values(self) -> Scaled:
        """The values of the columns in the basis."""
        if self._values is None:
            right = [int(row == self._program.total) for row in self._rows]
            self._values = _solution(self._matrix, right)
        return self._values

    def multipliers(self) -> Scaled:
        """The multipliers of all rows: they price the columns in the basis at their costs."""
        if self._multipliers is None:
            costs = self._program.costs(self._places).tolist()
            self._multipliers = self._spread(*_solution(self._matrix.transpose(), costs))
        return self._multipliers

    def _spread(self, values: list[int], scale: int) -> Scaled:
        """Numbers of the core's rows among those of all rows."""
        found = [0] * self._program.n_rows
        for row, value in zip(self._rows, values, strict=True):
            found[row] = value
        return found, scale

    def violated(self) -> Numbered:
        """The basic variables that are negative."""
        return [(number, value) for number, value in self._basic(self.values()) if value < 0]

    def _basic(self, solved: Scaled, column: list[int] | None = None) -> Numbered:
        """All basic variables, given the columns' part; or their change, given a column in full."""
        values, scale = solved
        sums = self._program.activities(self._places, values)
        slacks = [-sums[row] for row in self._slack_rows]
        if column is not None:
            given = [scale * column[row] for row in self._slack_rows]
            slacks = [a + b for a, b in zip(slacks, given, strict=True)]
        n = self._program.n_columns
        numbers = [*self.columns, *(n + row for row in self._slack_rows)]
        return sorted(zip(numbers, values + slacks, strict=True))

    def improving(self) -> Numbered:
        """The nonbasic variables with a positive reduced cost."""
        return self._priced(*self.multipliers())

    def _priced(self, multipliers: list[int], scale: int) -> Numbered:
        """The nonbasic variables with a positive reduced cost for these multipliers."""
        program = self._program
        priced = prices(program, multipliers, scale)
        places = priced.perhaps_positive()
        found = list(zip(places.tolist(), priced.exactly(places).tolist(), strict=True))
        if program.least:
            found.append((program.n_profiles, scale - sum(multipliers[program.fairness])))
        found += [
            (program.n_columns + row, -multipliers[row])
            for row in sorted(self._rows)
            if row != program.total
        ]
        return [(number, value) for number, value in found if value > 0]

    def make_optimal(self) -> None:
        """The primal method, from a feasible basis."""
        while improving := self.improving():
            entering = improving[0] if self._stalled else max(improving, key=lambda one: one[1])
            column = self._column(entering[0])
            change = self._basic(
                _solution(self._matrix, [column[row] for row in self._rows]), column
            )
            ratios = [
                (fmpq(value, by), number)
                for (number, value), (_, by) in zip(self._basic(self.values()), change, strict=True)
                if by > 0
            ]
            step, leaving = min(ratios)  # there is one: probabilities are bounded
            self._exchange(entering[0], leaving, stalled=not step)

    def make_feasible(self, *, free: bool) -> None:
        """The dual method, from a basis with feasible multipliers; all costs 0 if `free`."""
        while violated := self.violated():
            lowest = free or self._stalled
            leaving = violated[0] if lowest else min(violated, key=lambda one: one[1])
            able = self._priced(self._line(leaving[0]), 0)
            if not able:
                message = "no correlated equilibrium: that refutes Nash (1951)"
                raise AssertionError(message)
            if free:
                self._exchange(able[0][0], leaving[0], stalled=True)
                continue
            costs = self._reduced_costs([number for number, _ in able])
            ratios = [
                (fmpq(-cost, by), number) for (number, by), cost in zip(able, costs, strict=True)
            ]
            step, entering = min(ratios)
            self._exchange(entering, leaving[0], stalled=not step)

    def _reduced_costs(self, numbers: Sequence[int]) -> list[int]:
        """Reduced costs of some variables, in one unit."""
        program = self._program
        multipliers, scale = self.multipliers()
        inside = [number for number in numbers if number < program.n_profiles]
        priced = prices(program, multipliers, scale).exactly(np.array(inside, dtype=np.intp))
        known = dict(zip(inside, priced.tolist(), strict=True))
        if program.least:
            known[program.n_profiles] = scale - sum(multipliers[program.fairness])
        return [
            known[number]
            if number < program.n_columns
            else -multipliers[number - program.n_columns]
            for number in numbers
        ]

    def _line(self, number: int) -> list[int]:
        """Multipliers that add up the rows to the one in which a basic variable stands alone."""
        n = self._program.n_columns
        transposed = self._matrix.transpose()
        if number < n:
            place = self.columns.index(number)
            unit = [int(k == place) for k in range(len(self.columns))]
            return self._spread(*_solution(transposed, unit))[0]
        row = self._program.columns(self._places, [number - n])[0].tolist()
        found, scale = self._spread(*_solution(transposed, [-value for value in row]))
        found[number - n] = scale
        return found

    def _column(self, number: int) -> list[int]:
        """A variable's coefficients in all rows."""
        n = self._program.n_columns
        if number < n:
            return self._program.activities(np.array([number]), [1])
        return [int(row == number - n) for row in range(self._program.n_rows)]

    def _exchange(self, entering: int, leaving: int, *, stalled: bool) -> None:
        """Columns in the basis stand in the core; a slack stands there outside the basis."""
        n = self._program.n_columns
        if entering < n:
            self.columns.append(entering)
        else:
            self._rows.remove(entering - n)
        if leaving < n:
            self.columns.remove(leaving)
        else:
            self._rows.append(leaving - n)
        self._stalled = stalled
        self.pivots += 1
        self._read_core()
        report(_TASK, self.pivots, self.pivots + 1)


def _solution(matrix: fmpz_mat, right: list[int]) -> Scaled:
    """The solution of matrix times x = right, over a positive common denominator."""
    solved = [
        (int(value.p), int(value.q))
        for value in matrix.solve(fmpz_mat([[one] for one in right])).entries()
    ]
    common = lcm(*(below for _, below in solved))
    return [above * (common // below) for above, below in solved], common
