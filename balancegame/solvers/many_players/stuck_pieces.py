"""Exact signs at a regular solution whose coordinates are irrational."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.many_players.algebraic_ties import eliminant, is_zero
from balancegame.solvers.many_players.exact_supports import Piece, Table, mixture_value
from balancegame.solvers.many_players.refinement import Refinement

Floats = NDArray[np.float64]
Coordinates = tuple[tuple[Fraction, ...], ...]

_PRECISIONS = (60, 240, 1_000, 4_000)  # bits


def sign_verdict(
    piece: Piece, support: Sequence[Sequence[int]], coordinates: Sequence[Floats], radius: float
) -> int:
    """Whether a piece's solution is an equilibrium with just this support.

    2: yes, and every other action loses; 1: yes; 0: not known; -1: no.

    Its barycentric coordinates are known to lie within a radius of `coordinates`. They and the
    inequalities have to be at least 0, and the probabilities of the support positive: where one is
    0, a smaller support has the solution.
    """
    sizes = [len(vertices) for vertices in piece.vertices]
    refinement = Refinement(piece.equations, coordinates, radius)
    if not refinement.is_sharp:
        return 0
    signs: list[int | None] = []
    for quantity, strictly in _quantities(piece, support):
        sign = _sign(piece.equations, quantity, sizes, refinement)
        if sign is not None and (sign < 0 or (sign == 0 and strictly)):
            return -1
        signs.append(sign)
    return 0 if None in signs else 2 if all(signs) else 1


def is_same_solution(
    piece: Piece, other: Piece, coordinates: Sequence[Floats], radius: float
) -> bool | None:
    """Whether a piece's solution, in a ball that meets that of another's, is that one.

    It is, if the other's equations hold there as well, since they have only one solution so near.
    None where that cannot be told.
    """
    if piece.identity == other.identity:
        return True
    if piece.vertices != other.vertices:
        return None
    sizes = [len(vertices) for vertices in piece.vertices]
    refinement = Refinement(piece.equations, coordinates, radius)
    if not refinement.is_sharp:
        return None
    signs = [_sign(piece.equations, table, sizes, refinement) for table in other.equations]
    if any(signs):
        return False
    return None if None in signs else True


def _quantities(piece: Piece, support: Sequence[Sequence[int]]) -> list[tuple[Table, bool]]:
    """What has to be positive (True) or at least not negative (False)."""
    found = [(table, False) for table in piece.inequalities]
    for player, vertices in enumerate(piece.vertices):
        size = len(vertices)
        if size == 1:
            continue
        shape = [1] * len(support)
        shape[player] = size
        lines = [([Fraction(int(u == v)) for u in range(size)], False) for v in range(size)]
        lines += [([vertex[a] for vertex in vertices], True) for a in support[player]]
        found += [
            (np.array(line, dtype=object).reshape(shape), strictly) for line, strictly in lines
        ]
    return found


def _sign(
    equations: Sequence[Table], quantity: Table, sizes: Sequence[int], refinement: Refinement
) -> int | None:
    """The sign of a quantity at the solution; elimination decides if it seems to be 0."""
    polynomial = None
    for bits in _PRECISIONS:
        value, radius = _value(quantity, sizes, *refinement.solve(bits))
        if abs(value) > radius:
            return 1 if value > 0 else -1
        if polynomial is None:
            polynomial = eliminant(equations, quantity, sizes)
            if polynomial is None:
                return None
        if is_zero(polynomial, value, radius):
            return 0
    return None


def _value(
    quantity: Table, sizes: Sequence[int], coordinates: Coordinates, radius: Fraction
) -> tuple[Fraction, Fraction]:
    """A quantity at the coordinates, and how far from that it can be within their radius."""
    largest = max(abs(Fraction(value)) for value in quantity.ravel().tolist())
    steepness = 2 * sum(sizes) * largest
    return mixture_value(quantity, coordinates), steepness * radius
