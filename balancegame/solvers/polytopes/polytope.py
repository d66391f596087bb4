"""Polytopes {z >= 0, C z <= b} in integers, and the best-response polytopes of a game.

For a two-player game with payoff matrices A and B, both shifted to be positive (which changes no
equilibrium), P = {x >= 0, B'x <= 1} and Q = {y >= 0, A y <= 1}. A nonzero point of P, divided by
its sum, is a mixed strategy of player 0, and the reciprocal of the sum is a bound on what any
action pays player 1 against it; the bound is met by the actions whose rows are tight (Vorob'ev
1958, Kuhn 1961, Mangasarian 1964; von Stengel 2002). A pair of nonzero points is an equilibrium iff
every action of either player is unplayed or a best response: tight in its own polytope, or in the
other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.games.integer_payoffs import IntegerPayoffs, Matrix


@dataclass(frozen=True, slots=True)
class Polytope:
    """{z in R^d : z >= 0, C z <= b}, bounded, each inequality with a label of its own.

    The right side stands for b_j + eps^(j+1) with eps positive and smaller than any number: the
    perturbed polytope is simple. A set of labels is an int, label l its bit ``1 << l``.

    Attributes
    ----------
    rows : tuple of tuple of int
        C.
    bounds : tuple of int
        b.
    first_variable, first_row : int
        Labels of z_0 >= 0 and of row 0; the others follow.
    """

    rows: Matrix
    bounds: tuple[int, ...]
    first_variable: int
    first_row: int

    @property
    def dimension(self) -> int:
        """The number d of variables."""
        return len(self.rows[0])

    @property
    def n_labels(self) -> int:
        """The number of inequalities."""
        return self.dimension + len(self.rows)

    @property
    def origin(self) -> int:
        """The basis of the point 0, feasible where b >= 0."""
        return (1 << self.dimension) - 1 << self.first_variable

    def support(self, basis: int) -> list[int]:
        """The variables that are not zero by a basis' labels."""
        return [t for t in range(self.dimension) if not basis >> self.first_variable + t & 1]

    def tight_rows(self, basis: int) -> list[int]:
        """The rows that hold with equality by a basis' labels."""
        return [j for j in range(len(self.rows)) if basis >> self.first_row + j & 1]

    def scaled(self) -> ScaledPolytope:
        """The same polytope in floats, scaled so that rounding does little harm.

        Raises OverflowError where rows differ beyond the range of floats.
        """
        sizes = [max(1, *map(abs, row)) for row in self.rows]
        scale = sorted(sizes)[len(sizes) // 2]
        # Division of integers rounds once, however long they are.
        return ScaledPolytope(
            np.array([[v / size for v in row] for row, size in zip(self.rows, sizes, strict=True)]),
            np.array([b * scale / size for b, size in zip(self.bounds, sizes, strict=True)]),
            np.array([math.log2(size) for size in sizes]),
            math.log2(scale),
        )


@dataclass(frozen=True, slots=True)
class ScaledPolytope:
    """A polytope in floats: variables times one number, each row by its largest entry.

    Attributes
    ----------
    matrix : array, shape (r, d)
        Entries of absolute value at most 1, each rounded once.
    bounds : array, shape (r,)
    log2_rows : array, shape (r,)
        What rows were divided by.
    log2_scale : float
        What variables were multiplied by.
    """

    matrix: NDArray[np.float64]
    bounds: NDArray[np.float64]
    log2_rows: NDArray[np.float64]
    log2_scale: float


def best_response_polytopes(payoffs: Sequence[IntegerPayoffs]) -> tuple[Polytope, Polytope]:
    """P, of player 0's strategies, and Q, of player 1's.

    The labels of both are player 0's actions, then player 1's.
    """
    mine, its = (shifted(one.matrix) for one in payoffs)
    m, columns = len(mine), tuple(zip(*its, strict=True))
    return (
        Polytope(columns, (1,) * len(columns), first_variable=0, first_row=m),
        Polytope(mine, (1,) * m, first_variable=m, first_row=0),
    )


def shifted(matrix: Matrix) -> Matrix:
    """The entries made positive, and as small as integers can be: an affine change of payoffs."""
    unit, least, shift = positive_change(matrix)
    return tuple(tuple([(value - least) // unit + shift for value in row]) for row in matrix)


def positive_change(matrix: Matrix) -> tuple[int, int, int]:
    """Unit, least and shift of the change (entry - least) / unit + shift.

    The least entry becomes about an eighth of the range: nearer to zero the polytopes would grow
    long, farther away their vertices would crowd.
    """
    least, most = min(map(min, matrix)), max(map(max, matrix))
    unit = math.gcd(*[value - least for row in matrix for value in row]) or 1
    return unit, least, 1 + (most - least) // unit // 8


def vertex_bound(dimension: int, n_labels: int) -> int:
    """The most vertices a polytope of so many inequalities can have (McMullen 1970)."""
    low, high = dimension // 2, -(-dimension // 2)
    return math.comb(n_labels - high, low) + math.comb(n_labels - low - 1, high - 1)
