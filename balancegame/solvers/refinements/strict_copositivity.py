"""Whether a quadratic form is positive over the nonnegative vectors, exactly.

If it is not, it has a minimum of at most 0 over the simplex. Take one of smallest support T: there
M_T v = lambda 1 with v > 0. Along a direction d with sum 0 and M_T d = 0 the value would not change
until a coordinate vanishes, so there is none: either M_T is regular, and M_T^{-1} 1 = v / lambda is
negative throughout; or its kernel is one line, whose points have a sum other than 0, so that lambda
is 0 and the line is that of v.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from flint import fmpq, fmpq_mat

Matrix = Sequence[Sequence[Fraction]]


def is_strictly_copositive(matrix: Matrix) -> bool:
    """Whether z'Mz > 0 for all z >= 0 other than 0; M symmetric.

    Cost: one exact linear system for each of the 2^r principal submatrices.
    """
    r = len(matrix)
    return not any(
        _has_minimum_within([[matrix[i][j] for j in chosen] for i in chosen])
        for size in range(1, r + 1)
        for chosen in combinations(range(r), size)
    )


def _has_minimum_within(matrix: Matrix) -> bool:
    """Whether one point of the face's interior is stationary, with a value of 0 or less."""
    k = len(matrix)
    system = fmpq_mat(
        [[fmpq(value.numerator, value.denominator) for value in row] + [fmpq(1)] for row in matrix]
    )
    reduced, _ = system.rref()
    pivots = [next((j for j in range(k) if reduced[i, j] != 0), None) for i in range(k)]
    leading = [j for j in pivots if j is not None]
    if len(leading) == k:
        return all(reduced[i, k] < 0 for i in range(k))
    if len(leading) < k - 1:
        return False
    free = next(j for j in range(k) if j not in leading)
    # The kernel's point has a 1 at the free place and the negated column elsewhere.
    return all(reduced[i, free] < 0 for i in range(len(leading)))


def without_free(matrix: Matrix, free: int) -> list[list[Fraction]] | None:
    """The form minimised over its first `free` coordinates, which may have any sign.

    None if it is not positive over these alone.
    """
    rows = [list(row) for row in matrix]
    for _ in range(free):
        pivot = rows[0][0]
        if pivot <= 0:
            return None
        rows = [
            [
                value - row[0] * other / pivot
                for value, other in zip(row[1:], rows[0][1:], strict=True)
            ]
            for row in rows[1:]
        ]
    return rows
