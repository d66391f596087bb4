"""Sharpen an isolated equilibrium: Newton's method in integers, with a proven radius.

Close to the solution x* of f = 0 let W be about the inverse of f's derivatives. If these, times W,
differ from the identity by at most q < 1 in a ball that holds x* and x, then by the mean value
theorem ``|x - x*| <= |W f(x)| / (1 - q)`` in the maximum norm. f is computed exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.exact_supports import Table

Floats = NDArray[np.float64]
_MOST_STEPS = 60
_WORST_CONTRACTION = 0.5


class Refinement:
    """Equations near one solution, ready for Newton's method.

    Parameters
    ----------
    equations : sequence of tables
        Functions linear in each player's coordinates, by their values at vertex profiles; as many
        as there are coordinates but the first of each player.
    start : sequence of arrays
        Barycentric coordinates near the solution: the probabilities of a support's actions.
    radius : float
        Within which of `start` the solution is known to lie, alone.
    """

    contraction: float

    def __init__(self, equations: Sequence[Table], start: Sequence[Floats], radius: float) -> None:
        self._equations = equations
        self._scales = [max(1, abs(table).max()) for table in equations]
        self._start = start
        self._inverse, self.contraction = self._linearise(radius)

    @property
    def is_sharp(self) -> bool:
        """Whether Newton's method is proven to close in from here."""
        return self.contraction <= _WORST_CONTRACTION

    def _linearise(self, radius: float) -> tuple[Floats, float]:
        """W, and how far its products with the derivatives in the ball are from the identity."""
        k = len(self._equations)
        scaled = [
            np.array([float(Fraction(v) / scale) for v in table.ravel().tolist()]).reshape(
                table.shape
            )
            for table, scale in zip(self._equations, self._scales, strict=True)
        ]
        slopes = np.array([_slopes(table, self._start) for table in scaled]).reshape(k, k)
        try:
            inverse = np.linalg.inv(slopes)
        except np.linalg.LinAlgError:
            return slopes, np.inf
        size = float(np.abs(inverse).sum(axis=1).max())
        # Newton's steps contract, so that they stay in the ball. Second derivatives of a function
        # within 1 are at most 4; floats err by less than 1e-12.
        ball = 2.0 * radius + 1e-12
        apart = np.abs(np.eye(k) - inverse @ slopes).sum(axis=1).max()
        bound = float(apart) + size * (4.0 * k * k * ball + 1e-12 * k)
        return inverse, bound if np.isfinite(bound) else np.inf

    def solve(self, bits: int) -> tuple[tuple[tuple[Fraction, ...], ...], Fraction]:
        """Coordinates in units of 2^-bits, and a radius around them that holds the solution."""
        unit = 1 << bits
        point = [_on_grid(part, unit) for part in self._start]
        inverse = [[Fraction(value) for value in row] for row in self._inverse.tolist()]
        moves = self._newton_moves(point, inverse, unit)
        for _ in range(_MOST_STEPS):
            if max(map(abs, moves)) * unit <= 1:
                break
            _apply(point, moves, unit)
            following = self._newton_moves(point, inverse, unit)
            if max(map(abs, following)) >= max(map(abs, moves)):
                moves = following
                break
            moves = following
        widest = max(len(own) for own in self._start) - 1
        radius = max(map(abs, moves)) * max(1, widest) / (1 - Fraction(self.contraction))
        return tuple(tuple(Fraction(x, unit) for x in part) for part in point), radius

    def _newton_moves(
        self, point: list[list[int]], inverse: list[list[Fraction]], unit: int
    ) -> list[Fraction]:
        values = [
            _value(table, point, unit) / scale
            for table, scale in zip(self._equations, self._scales, strict=True)
        ]
        return [
            sum((w * v for w, v in zip(row, values, strict=True)), Fraction(0)) for row in inverse
        ]


def _slopes(table: Floats, point: Sequence[Floats]) -> list[float]:
    """Derivatives by each player's probabilities but the first, which makes up for them."""
    found: list[float] = []
    for player, part in enumerate(point):
        if len(part) == 1:
            continue
        if table.shape[player] == 1:
            found += [0.0] * (len(part) - 1)
            continue
        values = table
        for j in range(table.ndim - 1, -1, -1):
            if j != player:
                weights = point[j] if table.shape[j] > 1 else np.ones(1)
                values = np.tensordot(values, weights, axes=(j, 0))
        found += (values[1:] - values[0]).tolist()
    return found


def _value(table: Table, point: list[list[int]], unit: int) -> Fraction:
    values, denominator = table, 1
    for j in range(table.ndim - 1, -1, -1):
        if table.shape[j] == 1:
            values = np.take(values, 0, axis=j)
        else:
            values = np.tensordot(values, np.array(point[j], dtype=object), axes=(j, 0))
            denominator *= unit
    value = values.item() if isinstance(values, np.ndarray) else values
    return Fraction(value) / denominator


def _on_grid(part: Floats, unit: int) -> list[int]:
    """Probabilities in units of the grid; the first takes what is left."""
    found = [round(Fraction(chance) * unit) for chance in part.tolist()]
    found[0] = unit - sum(found[1:])
    return found


def _apply(point: list[list[int]], moves: list[Fraction], unit: int) -> None:
    taken = iter(moves)
    for part in point:
        for a in range(1, len(part)):
            part[a] -= round(next(taken) * unit)
        part[0] = unit - sum(part[1:])
