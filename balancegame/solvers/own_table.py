"""One player's payoffs as a matrix: his actions as rows, the others' joint actions as columns.

Sums over rows are found in floats, with a bound on their rounding, and those that this leaves in
doubt in rationals: the answers are exact, and the time is that of the floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

_UNIT = 2.0**-53
# Integers up to here can be summed over millions of columns in 64 bits.
_SHORT = 1 << 31
_LONG = 1 << 62

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OwnTable:
    """A matrix of rationals, held as short as it allows.

    Attributes
    ----------
    values : array, shape (m, k)
        Entries times the denominator: 64-bit integers below 2^31, or floats that stand for
        themselves, or Fractions.
    denominator : int
        1 unless the entries are integers.
    """

    values: NDArray[Any]
    denominator: int = 1

    @classmethod
    def of_player(cls, game: NormalFormGame, player: int) -> OwnTable:
        """A player's payoffs; columns in lexicographic order of the others' actions."""
        floats = _as_matrix(game.payoffs[player], player)
        if not game.has_rounded_payoffs:
            short = bool((np.abs(floats) < _SHORT).all() and (floats == np.rint(floats)).all())
            return cls(floats.astype(np.int64) if short else np.ascontiguousarray(floats))
        exact = _as_matrix(game.exact_payoffs[player], player)
        common = math.lcm(*{value.denominator for value in exact.ravel().tolist()})
        if common < _SHORT and float(np.abs(floats).max()) * common < _SHORT / 2:
            integers = [int(value * common) for value in exact.ravel().tolist()]
            return cls(np.array(integers, dtype=np.int64).reshape(exact.shape), common)
        return cls(np.ascontiguousarray(exact))

    @property
    def n_rows(self) -> int:
        """The number of own actions."""
        return self.values.shape[0]

    @property
    def n_columns(self) -> int:
        """The number of the others' joint actions."""
        return self.values.shape[1]

    def part(self, rows: Sequence[int] | NDArray[np.intp], columns: NDArray[np.intp]) -> OwnTable:
        """The rows and columns named, in that order."""
        return OwnTable(self.values[np.ix_(np.asarray(rows), columns)], self.denominator)

    def gains_over(self, row: int) -> OwnTable:
        """All rows less one of them; integers where the entries are, else Fractions."""
        if self.values.dtype == np.int64:
            gains = self.values - self.values[row]
            if int(np.abs(gains).max()) < _SHORT:
                return OwnTable(gains, self.denominator)
        rows, denominator = _integers(self.values)
        gains = [
            [Fraction(mine - own, denominator * self.denominator) for mine, own in pairs]
            for pairs in (zip(line, rows[row], strict=True) for line in rows)
        ]
        return OwnTable(np.array(gains, dtype=object))

    def integers(self, columns: Sequence[int]) -> tuple[list[list[int]], int]:
        """Columns as integers over a common denominator: a list of rows, and the denominator."""
        rows, denominator = _integers(self.values[:, list(columns)])
        return rows, denominator * self.denominator

    def exact(self, columns: Sequence[int]) -> list[list[Fraction]]:
        """Columns in rationals, as a list of rows."""
        rows, denominator = self.integers(columns)
        return [[Fraction(value, denominator) for value in row] for row in rows]

    def least_ceiling(self) -> tuple[Fraction, int]:
        """The least of all columns' greatest entries, and the first column that has it."""
        ceilings = self.values.max(axis=0)
        column = int(np.argmin(ceilings))
        return exactly(ceilings[column]) / self.denominator, column

    def spread(self) -> Fraction:
        """The greatest entry less the least."""
        return (exactly(self.values.max()) - exactly(self.values.min())) / self.denominator

    def row_sums(self) -> list[Fraction]:
        """The sum of each row."""
        if self.values.dtype == np.int64:
            totals, denominator = self.values.sum(axis=1).tolist(), 1
        else:
            rows, denominator = _integers(self.values)
            totals = list(map(sum, rows))
        return [Fraction(total, denominator * self.denominator) for total in totals]

    def scaled(self) -> Floats:
        """Floats within [-1, 1], each within 2^-53 of its entry over one power of two.

        Computed anew at every call.
        """
        if self.values.dtype == np.int64:
            return self.values / float(1 << int(np.abs(self.values).max()).bit_length())
        if self.values.dtype == np.float64:
            _, exponent = np.frexp(np.abs(self.values).max())
            return np.ldexp(self.values, -int(exponent))
        most = max(map(abs, self.values.ravel().tolist()))
        power = most.numerator.bit_length() - most.denominator.bit_length() + 1
        unit = Fraction(2) ** power
        return np.array([[float(value / unit) for value in row] for row in self.values.tolist()])

    def least_sum(self, weights: Sequence[Fraction], floats: Floats) -> tuple[Fraction, int]:
        """The least of all columns' sums of rows times weights, exactly, and a column of that sum.

        Parameters
        ----------
        weights : sequence of Fraction, one a row
            Of either sign.
        floats : array
            What `scaled` gives.
        """
        common = math.lcm(*{weight.denominator for weight in weights})
        integers = [weight.numerator * (common // weight.denominator) for weight in weights]
        size = sum(map(abs, integers)) or 1
        if self.values.dtype == np.int64 and size * _SHORT < _LONG:
            sums = np.array(integers, dtype=np.int64) @ self.values
            column = int(np.argmin(sums))
            return Fraction(int(sums[column]), common * self.denominator), column
        # Of a sum of m products of numbers within [-1, 1], with weights that sum to 1 in absolute
        # value: m roundings of sums, and one of each weight, entry and product.
        rough = np.array([weight / size for weight in integers]) @ floats
        error = 2.0 * (self.n_rows + 4) * _UNIT
        doubtful = np.flatnonzero(rough <= rough.min() + 2.0 * error)
        played = [b for b, weight in enumerate(integers) if weight]
        rows, denominator = _integers(self.values[played][:, doubtful])
        sums = [0] * len(doubtful)
        for b, row in zip(played, rows, strict=True):
            weight = integers[b]
            sums = [total + weight * value for total, value in zip(sums, row, strict=True)]
        place = sums.index(min(sums))
        total = Fraction(sums[place], common * denominator * self.denominator)
        return total, int(doubtful[place])


def _integers(values: NDArray[Any]) -> tuple[list[list[int]], int]:
    """Entries as integers over a common denominator."""
    rows = values.tolist()
    if values.dtype == np.int64:
        return rows, 1
    ratios = [[value.as_integer_ratio() for value in row] for row in rows]
    common = math.lcm(*{below for row in ratios for _, below in row})
    return [[above * (common // below) for above, below in row] for row in ratios], common


def exactly(value: Any) -> Fraction:
    """An entry of an array of any of the three kinds."""
    return Fraction(value.item() if isinstance(value, np.generic) else value)


def _as_matrix(table: NDArray[Any], player: int) -> NDArray[Any]:
    return np.moveaxis(table, player, 0).reshape(table.shape[player], -1)
