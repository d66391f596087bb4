"""A polytope's dictionary in integers: exact pivoting with a lexicographic rule.

The dictionary of a basis writes every other variable in terms of those of the basis. Edmonds'
(1967) pivoting keeps all entries integers over one common denominator, the determinant of the
basis, so that entries never grow beyond minors of the matrix.
"""

from __future__ import annotations

from typing import Self

from balancegame.solvers.polytopes.polytope import Polytope


class IntegerDictionary:
    """The dictionary of one basis: basic = (rhs - sum of entry * nonbasic) / denominator.

    Begins at the basis of the origin; `exchange` moves it to a neighbour in place.
    """

    __slots__ = ("_column_labels", "_denominator", "_polytope", "_row_labels", "_table")

    def __init__(self, polytope: Polytope) -> None:
        self._polytope = polytope
        self._table = [
            [*row, bound] for row, bound in zip(polytope.rows, polytope.bounds, strict=True)
        ]
        self._denominator = 1
        self._row_labels = [polytope.first_row + j for j in range(len(polytope.rows))]
        self._column_labels = [polytope.first_variable + t for t in range(polytope.dimension)]

    @classmethod
    def at(cls, polytope: Polytope, basis: int) -> Self | None:
        """The dictionary of any basis; None if its labels are no basis."""
        found = cls(polytope)
        leaving = polytope.tight_rows(basis)
        for column in polytope.support(basis):
            # The smallest entry keeps the numbers short.
            able = [row for row in leaving if found._table[row][column]]
            if not able:
                return None
            row = min(able, key=lambda row: abs(found._table[row][column]))
            leaving.remove(row)
            found._pivot(row, column)
        return None if leaving else found

    def copy(self) -> Self:
        """An independent dictionary of the same basis."""
        twin = object.__new__(type(self))
        twin._polytope = self._polytope
        twin._table = [row.copy() for row in self._table]
        twin._denominator = self._denominator
        twin._row_labels = self._row_labels.copy()
        twin._column_labels = self._column_labels.copy()
        return twin

    @property
    def basis(self) -> int:
        """The labels of the basis."""
        return sum(1 << label for label in self._column_labels)

    @property
    def tight(self) -> int:
        """All labels that hold with equality at the unperturbed point."""
        degenerate = (
            1 << label
            for label, row in zip(self._row_labels, self._table, strict=True)
            if row[-1] == 0
        )
        return self.basis + sum(degenerate)

    def is_feasible(self) -> bool:
        """Whether the perturbed point lies in the perturbed polytope."""
        return all(
            row[-1] > 0 or (row[-1] == 0 and self._is_lexicopositive(place))
            for place, row in enumerate(self._table)
        )

    def neighbours(self) -> list[tuple[int, int]]:
        """The exchanges (row, column) that lead to the d neighbouring bases."""
        return [(self.leaving_row(column), column) for column in range(len(self._column_labels))]

    def neighbour_basis(self, row: int, column: int) -> int:
        """The basis an exchange leads to."""
        return self.basis + (1 << self._row_labels[row]) - (1 << self._column_labels[column])

    def column_of(self, label: int) -> int:
        """The column a label of the basis stands in."""
        return self._column_labels.index(label)

    def exchange(self, row: int, column: int) -> int:
        """Move to the neighbouring basis; returns the label that became tight."""
        label = self._row_labels[row]
        self._pivot(row, column)
        return label

    def improving_column(self) -> int | None:
        """The column whose edge raises the sum of variables fastest; None at the greatest sum."""
        variables = range(
            self._polytope.first_variable,
            self._polytope.first_variable + self._polytope.dimension,
        )
        basic = [row for row, label in enumerate(self._row_labels) if label in variables]
        rates = [
            (label in variables) * self._denominator
            - sum(self._table[row][column] for row in basic)
            for column, label in enumerate(self._column_labels)
        ]
        best = max(range(len(rates)), key=rates.__getitem__)
        return best if rates[best] > 0 else None

    def leaving_row(self, column: int) -> int:
        """The row of the lexicographically least ratio: the one that the edge runs into.

        Charnes (1952), Dantzig, Orden & Wolfe (1955). The polytope is bounded, so there is one.
        """
        table = self._table
        candidates = [row for row in range(len(table)) if table[row][column] > 0]
        best = candidates[0]
        for row in candidates[1:]:
            if self._compare_ratios(row, best, column) < 0:
                best = row
        return best

    def _compare_ratios(self, row: int, other: int, column: int) -> int:
        mine, its = self._table[row], self._table[other]
        difference = mine[-1] * its[column] - its[-1] * mine[column]
        if difference:
            return difference
        for slack in range(len(self._table)):
            difference = (
                self._epsilon(row, slack) * its[column] - self._epsilon(other, slack) * mine[column]
            )
            if difference:
                return difference
        return 0

    def _is_lexicopositive(self, row: int) -> bool:
        for slack in range(len(self._table)):
            coefficient = self._epsilon(row, slack)
            if coefficient:
                return coefficient > 0
        return False

    def _epsilon(self, row: int, slack: int) -> int:
        """The coefficient of eps^(slack + 1) in a row, times the denominator."""
        label = self._polytope.first_row + slack
        if self._row_labels[row] == label:
            return self._denominator
        if label in self._column_labels:
            return self._table[row][self._column_labels.index(label)]
        return 0

    def _pivot(self, row: int, column: int) -> None:
        table, denominator = self._table, self._denominator
        sign = 1 if table[row][column] > 0 else -1
        # The denominator is kept positive.
        pivot_row = [sign * value for value in table[row]]
        size = pivot_row[column]
        for place, line in enumerate(table):
            factor = line[column]
            fresh = [
                (value * size - factor * other) // denominator
                for value, other in zip(line, pivot_row, strict=True)
            ]
            fresh[column] = -sign * factor
            table[place] = fresh
        pivot_row[column] = sign * denominator
        table[row] = pivot_row
        self._denominator = size
        self._row_labels[row], self._column_labels[column] = (
            self._column_labels[column],
            self._row_labels[row],
        )
