"""Exactly: the point of a basis, the strategy it stands for, and what can be read off it."""

from __future__ import annotations

from fractions import Fraction
from operator import mul

from flint import fmpz_mat

from balancegame.games.equilibrium_lists import Strategy
from balancegame.solvers.polytopes.polytope import Polytope


def vertex(polytope: Polytope, basis: int) -> tuple[int, list[int]]:
    """A positive scale, and the variables of the basis' support times it, all integers.

    Raises ZeroDivisionError if the labels are no basis.
    """
    support, rows = polytope.support(basis), polytope.tight_rows(basis)
    if not support:
        return 1, []
    k = len(support)
    system = [[*(polytope.rows[j][t] for t in support), polytope.bounds[j]] for j in rows]
    solved, scale, rank = fmpz_mat(system).rref()
    if rank < k or not solved[k - 1, k - 1]:
        message = "these labels are no basis"
        raise ZeroDivisionError(message)
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


def tight_labels(polytope: Polytope, basis: int) -> int | None:
    """All labels tight at the point of a basis; None if it is no basis, or not in the polytope."""
    support = polytope.support(basis)
    try:
        scale, weights = vertex(polytope, basis)
    except ZeroDivisionError:
        return None
    if any(weight < 0 for weight in weights):
        return None
    tight = basis
    for t, weight in zip(support, weights, strict=True):
        if not weight:
            tight |= 1 << polytope.first_variable + t
    for j, (row, bound) in enumerate(zip(polytope.rows, polytope.bounds, strict=True)):
        used = sum(map(mul, [row[t] for t in support], weights))
        if used > bound * scale:
            return None
        if used == bound * scale:
            tight |= 1 << polytope.first_row + j
    return tight


def shapley_index(polytopes: tuple[Polytope, Polytope], first: int, second: int) -> int:
    """The index of a regular equilibrium, given its bases: (-1)^(k+1) sign(det A_IJ det B_IJ).

    Shapley (1974), in the form of von Stengel (2022).
    """
    sign = _basis_sign(polytopes[0], first) * _basis_sign(polytopes[1], second)
    return sign if len(polytopes[0].support(first)) % 2 else -sign


def _basis_sign(polytope: Polytope, basis: int) -> int:
    """The sign of the determinant of a basis' matrix, rows and columns in ascending order."""
    support = polytope.support(basis)
    matrix = [[polytope.rows[j][t] for t in support] for j in polytope.tight_rows(basis)]
    return 1 if fmpz_mat(matrix).det() > 0 else -1


def support(strategy: Strategy) -> tuple[int, ...]:
    """The actions of positive probability."""
    return tuple(a for a, chance in enumerate(strategy) if chance)


def strategy_order(strategy: Strategy) -> tuple[bool, object, object]:
    """Sorts strategies: pure ones first; then by support, then by probabilities."""
    played = support(strategy)
    return len(played) > 1, played, strategy


def profile_order(first: Strategy, second: Strategy) -> tuple[bool, object, object]:
    """Sorts profiles as results list them: pure ones first; then by support, then by profile."""
    supports = support(first), support(second)
    return any(len(part) > 1 for part in supports), supports, (first, second)
