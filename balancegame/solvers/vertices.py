"""The point of a basis, exactly."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpz_mat

from balancegame.games.equilibrium_lists import Strategy
from balancegame.solvers.polytope import Polytope


def vertex(polytope: Polytope, basis: int) -> tuple[int, list[int]]:
    """A positive scale, and the variables of the basis' support times it, all integers."""
    support, rows = polytope.support(basis), polytope.tight_rows(basis)
    if not support:
        return 1, []
    k = len(support)
    system = [[*(polytope.rows[j][t] for t in support), polytope.bounds[j]] for j in rows]
    solved, scale, _ = fmpz_mat(system).rref()
    sign = 1 if scale > 0 else -1
    return sign * int(scale), [sign * int(solved[i, k]) for i in range(k)]


def strategy(polytope: Polytope, basis: int) -> Strategy:
    """The point of a basis divided by its sum: a mixed strategy."""
    _, weights = vertex(polytope, basis)
    total = sum(weights)
    found = [Fraction(0)] * polytope.dimension
    for t, weight in zip(polytope.support(basis), weights, strict=True):
        found[t] = Fraction(weight, total)
    return tuple(found)


def basis_sign(polytope: Polytope, basis: int) -> int:
    """The sign of the determinant of a basis' matrix, rows and columns in ascending order."""
    support = polytope.support(basis)
    matrix = [[polytope.rows[j][t] for t in support] for j in polytope.tight_rows(basis)]
    return 1 if fmpz_mat(matrix).det() > 0 else -1
