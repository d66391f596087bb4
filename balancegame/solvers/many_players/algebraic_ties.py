"""Decide exactly whether a number is zero at a solution that is known to any accuracy only.

Let t stand for the number, a polynomial in the solution's coordinates. Elimination (a Groebner
basis in lexicographic order; Buchberger 1965) gives a polynomial p(t) that vanishes at its value,
if the equations have finitely many solutions. Divided by powers of t it has p(0) not zero, and no
root is smaller than ``|p_0| / (|p_0| + max |p_i|)`` (Cauchy 1829): a value proven smaller is zero,
and where p(0) was not zero to begin with, no value is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import cast

import numpy as np
from flint import Ordering, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_mpoly_vec, fmpz_poly

from balancegame.solvers.many_players.exact_supports import Table

LIMITS = (60, 2_000, 4_000)  # polynomials in a basis, terms of one, bits of a coefficient
MOST_VARIABLES = 7


def eliminant(
    equations: Sequence[Table], quantity: Table, sizes: Sequence[int]
) -> fmpz_poly | None:
    """A polynomial that vanishes at the quantity's value at every solution of the equations.

    All are functions linear in each player's coordinates, given by their values at vertex profiles.
    None if there are infinitely many solutions, or the elimination grows too large.
    """
    n_coordinates = sum(size - 1 for size in sizes)
    if n_coordinates > MOST_VARIABLES:
        return None
    names = [f"x{k}" for k in range(n_coordinates)]
    context = fmpz_mpoly_ctx.get([*names, "t"], Ordering.lex)
    *coordinates, t = context.gens()
    parts = barycentric(coordinates, sizes, context)
    polynomials = [polynomial_of(table, parts, context) for table in equations]
    scale = _scale(quantity)
    polynomials.append(scale * t - polynomial_of(quantity, parts, context))
    basis, finished = fmpz_mpoly_vec(polynomials, context).buchberger_naive(limits=LIMITS)
    if not finished:
        return None
    found = map(in_last_only, cast("list[fmpz_mpoly]", basis))
    return next((one for one in found if one is not None), None)


def in_last_only(polynomial: fmpz_mpoly) -> fmpz_poly | None:
    """A polynomial in the last variable only, as such; None for others."""
    terms = polynomial.to_dict()
    if not terms or any(any(powers[:-1]) for powers in terms):
        return None
    coefficients = [0] * (max(powers[-1] for powers in terms) + 1)
    for powers, coefficient in terms.items():
        coefficients[powers[-1]] = int(coefficient)
    return fmpz_poly(coefficients)


def is_zero(polynomial: fmpz_poly, value: Fraction, radius: Fraction) -> bool | None:
    """Whether a root within a radius of a value is zero; None if the radius is too large."""
    coefficients = [abs(int(c)) for c in polynomial.coeffs()]
    lowest = next(k for k, c in enumerate(coefficients) if c)
    if abs(value) > radius or lowest == 0:
        return False
    first = coefficients[lowest]
    bound = Fraction(first, first + max(coefficients))
    return True if abs(value) + radius < bound else None


def _scale(table: Table) -> int:
    """A positive integer that makes a table's values integers."""
    return int(np.lcm.reduce([Fraction(value).denominator for value in table.ravel().tolist()]))


def barycentric(
    coordinates: Sequence[fmpz_mpoly], sizes: Sequence[int], context: fmpz_mpoly_ctx
) -> list[list[fmpz_mpoly]]:
    """Each player's barycentric coordinates; the first is what the others leave."""
    parts: list[list[fmpz_mpoly]] = []
    begin = 0
    for size in sizes:
        own = list(coordinates[begin : begin + size - 1])
        parts.append([context.constant(1) - sum(own, context.constant(0)), *own])
        begin += size - 1
    return parts


def polynomial_of(
    table: Table, parts: Sequence[Sequence[fmpz_mpoly]], context: fmpz_mpoly_ctx
) -> fmpz_mpoly:
    """The table's function times `_scale`."""
    scale = _scale(table)
    total = context.constant(0)
    for places in product(*map(range, table.shape)):
        value = Fraction(table[places]) * scale
        if not value:
            continue
        term = context.constant(int(value))
        for player, v in enumerate(places):
            if table.shape[player] > 1:
                term *= parts[player][v]
        total += term
    return total
