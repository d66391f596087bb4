"""Exact signs at a regular solution whose coordinates are irrational."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.algebraic_ties import eliminant, is_zero
from balancegame.solvers.exact_supports import Piece, Table, mixture_value
from balancegame.solvers.refinement import Refinement

Floats = NDArray[np.float64]
Coordinates = tuple[tuple[Fraction, ...], ...]

_PRECISIONS = (60, 240, 1_000, 4_000)  # bits


def sign_verdict(piece: Piece, coordinates: Sequence[Floats], radius: float) -> int:
    """Whether a piece's solution is an equilibrium that no smaller face has: 1, -1, or 0 unknown.

    Its barycentric coordinates are known to lie within a radius of `coordinates`. They have
    to be positive (where one is 0, a smaller support has the solution), and the inequalities at
    least 0.
    """
    sizes = [len(vertices) for vertices in piece.vertices]
    refinement = Refinement(piece.equations, coordinates, radius)
    if not refinement.is_sharp:
        return 0
    verdict = 1
    for quantity, strictly in _quantities(piece, sizes):
        sign = _sign(piece.equations, quantity, sizes, refinement)
        if sign is None:
            verdict = 0
        elif sign < 0 or (sign == 0 and strictly):
            return -1
    return verdict


def _quantities(piece: Piece, sizes: Sequence[int]) -> list[tuple[Table, bool]]:
    """What has to be positive (True) or at least not negative (False)."""
    found: list[tuple[Table, bool]] = []
    for player, size in enumerate(sizes):
        for v in range(size):
            if size > 1:
                shape = [1] * len(sizes)
                shape[player] = size
                table = np.array([Fraction(int(u == v)) for u in range(size)], dtype=object)
                found.append((table.reshape(shape), True))
    return found + [(table, False) for table in piece.inequalities]


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
