"""Homogeneous systems of strict and weak inequalities, and what holds for infinitesimal eps.

A system whose coefficients are ``c0 + c1 eps`` is feasible for all small eps > 0 iff it is for one
that is small enough: which bases of the linear program are feasible and what they are worth are
signs of minors, polynomials in eps with integer coefficients. If these sum to at most h in absolute
value, the lowest one gives the sign for all eps below 1 / (1 + h).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from balancegame.solvers.polytopes.matrix_game import best_basis
from balancegame.solvers.polytopes.polytope import Polytope
from balancegame.solvers.polytopes.vertices import vertex

Row = Sequence[Fraction | int]


def solution(strict: Sequence[Row], weak: Sequence[Row] = ()) -> tuple[Fraction, ...] | None:
    """Some y >= 0 with a positive product with each strict row and no negative one with any weak.

    None if there is none.

    Parameters
    ----------
    strict, weak : sequences of rows
        At least one strict row.

    Notes
    -----
    The greatest t for which y in the simplex keeps strict products at t or above, by the simplex
    method in integers. Variables are y, what y leaves of the sum 1, and t: they sum to 1 + t.
    """
    rows = [_integers(row) for row in strict]
    lines = (
        (*[1] * (len(rows[0]) + 1), 0),
        *((*(-value for value in row), 0, 1) for row in rows),
        *((*(-value for value in _integers(row)), 0, 0) for row in weak),
    )
    polytope = Polytope(
        lines, (1, *[0] * (len(lines) - 1)), first_variable=0, first_row=len(lines[0])
    )
    basis = best_basis(polytope)
    scale, point = vertex(polytope, basis)
    if sum(point) <= scale:
        return None
    found = [Fraction(0)] * polytope.dimension
    for t, value in zip(polytope.support(basis), point, strict=True):
        found[t] = Fraction(value, scale)
    return tuple(found[:-2])


class InfinitesimalSystem:
    """Inequalities in y >= 0 whose coefficients may hold an infinitesimal eps.

    Parameters
    ----------
    dimension : int
        The number of variables; each is required to be positive.
    """

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._rows: list[tuple[bool, list[int], list[int]]] = []
        for t in range(dimension):
            self.require([int(s == t) for s in range(dimension)], strictly=True)

    def copy(self) -> InfinitesimalSystem:
        """An independent system with the same rows."""
        twin = InfinitesimalSystem(0)
        twin._dimension, twin._rows = self._dimension, self._rows.copy()
        return twin

    def require(self, row: Row, infinitesimal: Row | None = None, *, strictly: bool) -> None:
        """Add ``(row + eps * infinitesimal) y >= 0``, or > 0."""
        extra = [0] * len(row) if infinitesimal is None else infinitesimal
        both = _integers([*row, *extra])
        self._rows.append((strictly, both[: len(row)], both[len(row) :]))

    def require_equal(self, row: Row) -> None:
        """Add ``row y = 0``."""
        self.require(row, strictly=False)
        self.require([-value for value in row], strictly=False)

    def solution(self) -> tuple[Fraction, ...] | None:
        """One for some small eps; None if for small eps > 0 there are none."""
        size = max(
            1,
            *(
                abs(a) + abs(b)
                for _, row, extra in self._rows
                for a, b in zip(row, extra, strict=True)
            ),
        )
        # Minors of the program of `solution`, its right side included.
        order = self._dimension + 3
        inverse = math.factorial(order) * size**order + 2
        found: dict[bool, list[list[int]]] = {True: [], False: []}
        for strictly, row, extra in self._rows:
            factor = inverse if any(extra) else 1
            found[strictly].append([factor * a + b for a, b in zip(row, extra, strict=True)])
        return solution(found[True], found[False])


def _integers(row: Row) -> list[int]:
    """A row times a positive factor that makes it short integers."""
    common = math.lcm(*(Fraction(value).denominator for value in row))
    whole = [int(value * common) for value in row]
    divisor = math.gcd(*whole) or 1
    return [value // divisor for value in whole]
