"""A regular solution written as polynomials in one algebraic number, for certificates.

A weighted sum t of the coordinates tells the solutions of polynomial equations apart, for almost
all weights. A Groebner basis in lexicographic order then says of each coordinate which polynomial
in t it is (the shape lemma; Gianni & Mora 1989), and what polynomial t is a root of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from flint import Ordering, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_mpoly_vec, fmpz_poly

from balancegame.certificates.algebraic_points import AlgebraicPoint, Field, Polynomial, added
from balancegame.certificates.reading import Failure
from balancegame.solvers.many_players.algebraic_ties import (
    LIMITS,
    MOST_VARIABLES,
    barycentric,
    in_last_only,
    polynomial_of,
)
from balancegame.solvers.many_players.exact_supports import Table
from balancegame.solvers.many_players.refinement import Refinement

_BITS = (200, 800, 3_200)
_WEIGHTS = (1, 3, 7, 12, 20, 30, 44)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What t is a root of, and the coordinates as polynomials in it."""

    root_of: fmpz_poly
    coordinates: list[list[Fraction]]


def algebraic_points(
    equations: Sequence[Table], sizes: Sequence[int], refinement: Refinement
) -> Iterator[AlgebraicPoint]:
    """The solution that a refinement closes in on, its number in ever smaller intervals.

    Nothing, if elimination does not reach it. Probabilities are those of players with more than
    one vertex.
    """
    shape = _shape_of(equations, sizes) if refinement.is_sharp else None
    if shape is None:
        return
    factors = [factor for factor, _ in shape.root_of.factor()[1]]
    for bits in _BITS:
        approximation, radius = refinement.solve(bits)
        given = [x for own in approximation for x in own[1:]]
        middle = sum((w * x for w, x in zip(_WEIGHTS, given, strict=False)), Fraction(0))
        reach = sum(_WEIGHTS[: len(given)]) * radius
        unit = 1 << bits
        ends = (
            Fraction(math.floor((middle - reach) * unit) - 1, unit),
            Fraction(math.ceil((middle + reach) * unit) + 1, unit),
        )
        for factor in factors:
            coefficients = [Fraction(int(c)) for c in factor.coeffs()]
            try:
                field = Field(coefficients, ends)
            except Failure:  # another factor's root, or not singled out yet
                continue
            yield AlgebraicPoint(field, _chances(shape, field, sizes), -1)


def _chances(shape: _Shape, field: Field, sizes: Sequence[int]) -> list[list[Polynomial]]:
    given = iter(shape.coordinates)
    found: list[list[Polynomial]] = []
    for size in sizes:
        if size > 1:
            rest = [field.reduced(next(given)) for _ in range(size - 1)]
            first = added([(Fraction(1),), *(tuple(-c for c in one) for one in rest)])
            found.append([first, *rest])
    return found


def _shape_of(equations: Sequence[Table], sizes: Sequence[int]) -> _Shape | None:
    count = sum(size - 1 for size in sizes)
    if count > MOST_VARIABLES:
        return None
    context = fmpz_mpoly_ctx.get([*(f"x{k}" for k in range(count)), "t"], Ordering.lex)
    *coordinates, t = context.gens()
    parts = barycentric(coordinates, sizes, context)
    polynomials = [polynomial_of(table, parts, context) for table in equations]
    total = sum((w * x for w, x in zip(_WEIGHTS, coordinates, strict=False)), context.constant(0))
    basis, finished = cast(
        "tuple[fmpz_mpoly_vec, bool]",
        fmpz_mpoly_vec([*polynomials, t - total], context).buchberger_naive(limits=LIMITS),
    )
    if not finished:
        return None
    reduced = list(basis.autoreduction())
    roots = [found for p in reduced if (found := in_last_only(p)) is not None]
    solved = [_solved(reduced, k, count) for k in range(count)]
    found = [one for one in solved if one is not None]
    return _Shape(roots[0], found) if roots and len(found) == count else None


def _solved(basis: Sequence[fmpz_mpoly], k: int, count: int) -> list[Fraction] | None:
    """What x_k is as a polynomial in the last variable, where one of the basis says just that."""
    unit = tuple(int(j == k) for j in range(count + 1))
    for polynomial in basis:
        terms = {powers: int(c) for powers, c in polynomial.to_dict().items()}
        lead = terms.pop(unit, 0)
        if lead and not any(any(powers[:-1]) for powers in terms):
            found = [Fraction(0)] * (max((powers[-1] for powers in terms), default=0) + 1)
            for powers, c in terms.items():
                found[powers[-1]] = Fraction(-c, lead)
            return found
    return None
