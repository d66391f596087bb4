"""Sharpen an isolated equilibrium: Newton's method in integers, with a proven radius.

Close to the solution x* of f = 0 let W be about the inverse of f's derivatives. If these, times W,
differ from the identity by at most q < 1 in a ball that holds x* and x, then by the mean value
theorem ``|x - x*| <= |W f(x)| / (1 - q)`` in the maximum norm. f is computed exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from balancegame.solvers.many_players.exact_supports import Table, mixture_slopes

Floats = NDArray[np.float64]
_MOST_STEPS = 60
_WORST_CONTRACTION = 0.5
_CLOSE_BITS = 240  # of the points that replace floats where solutions lie close


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
        self._scales = [Fraction(max(1, abs(table).max())) for table in equations]
        self._start: list[list[Fraction]] = [list(map(Fraction, part.tolist())) for part in start]
        self._inverse, self.contraction = self._linearise(start, radius)
        if not self.is_sharp:
            self._close_in(Fraction(radius))

    @property
    def is_sharp(self) -> bool:
        """Whether Newton's method is proven to close in from here."""
        return self.contraction <= _WORST_CONTRACTION

    def _linearise(
        self, start: Sequence[Floats], radius: float
    ) -> tuple[list[list[Fraction]], float]:
        """W in floats, and how far W times the derivatives in the ball is from the identity."""
        k = len(self._equations)
        scaled = [
            np.array([float(Fraction(v) / scale) for v in table.ravel().tolist()]).reshape(
                table.shape
            )
            for table, scale in zip(self._equations, self._scales, strict=True)
        ]
        slopes = np.array([_slopes(table, start) for table in scaled]).reshape(k, k)
        try:
            inverse = np.linalg.inv(slopes)
        except np.linalg.LinAlgError:
            return [], np.inf
        size = float(np.abs(inverse).sum(axis=1).max())
        # Newton's steps contract, so that they stay in the ball. Floats err by less than 1e-12.
        apart = float(np.abs(np.eye(k) - inverse @ slopes).sum(axis=1).max())
        bound = apart + size * (_curvature(k) * (2.0 * radius + 1e-12) + 1e-12 * k)
        return _fractions(inverse), bound if np.isfinite(bound) else np.inf

    def _close_in(self, radius: Fraction) -> None:
        """Find a tiny ball that holds a solution, inside the first, which holds just one.

        For solutions close to another: Newton's method with exact derivatives. A ball holds one if
        the contraction there is at most 1/2 and the first step at most a quarter of its radius.
        """
        k = len(self._equations)
        unit, ball = 1 << _CLOSE_BITS, Fraction(1, 1 << _CLOSE_BITS - 20)
        point = [_on_grid(part, unit) for part in self._start]
        for _ in range(_MOST_STEPS):
            inverse = self._exact_inverse(point, unit)
            if inverse is None:
                return
            moves = self._newton_moves(point, inverse, unit)
            if max(map(abs, moves)) * unit <= 1:
                break
            _apply(point, moves, unit)
        else:
            return
        size = max(sum(map(abs, row), Fraction(0)) for row in inverse)
        contraction = size * int(_curvature(k)) * 2 * ball
        there = [[Fraction(x, unit) for x in part] for part in point]
        away = max(
            abs(x - y)
            for part, begun in zip(there, self._start, strict=True)
            for x, y in zip(part, begun, strict=True)
        )
        if contraction <= _WORST_CONTRACTION and away + k * ball < radius:
            self._start, self._inverse = there, inverse
            self.contraction = float(contraction)

    def _exact_inverse(self, point: list[list[int]], unit: int) -> list[list[Fraction]] | None:
        """The inverse of the derivatives, rounded to many bits."""
        chances = [[Fraction(x, unit) for x in part] for part in point]
        slopes = [
            [_flint(x / scale) for x in mixture_slopes(table, chances)]
            for table, scale in zip(self._equations, self._scales, strict=True)
        ]
        try:
            inverse = fmpq_mat(slopes).inv()
        except ZeroDivisionError:
            return None
        rows = range(len(slopes))
        return [[Fraction(int(inverse[i, j].p), int(inverse[i, j].q)) for j in rows] for i in rows]

    def solve(self, bits: int) -> tuple[tuple[tuple[Fraction, ...], ...], Fraction]:
        """Coordinates in units of 2^-bits, and a radius around them that holds the solution."""
        unit = 1 << bits
        point = [_on_grid(part, unit) for part in self._start]
        moves = self._newton_moves(point, self._inverse, unit)
        for _ in range(_MOST_STEPS):
            if max(map(abs, moves)) * unit <= 1:
                break
            _apply(point, moves, unit)
            following = self._newton_moves(point, self._inverse, unit)
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


def _curvature(k: int) -> float:
    """What a row of derivatives changes by per unit of radius, at most, summed over k rows.

    Second derivatives of a function within 1 are at most 4.
    """
    return 4.0 * k * k


def _flint(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _fractions(matrix: Floats) -> list[list[Fraction]]:
    return [[Fraction(value) for value in row] for row in matrix.tolist()]


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


def _on_grid(part: Sequence[Fraction], unit: int) -> list[int]:
    """Probabilities in units of the grid; the first takes what is left."""
    found = [round(chance * unit) for chance in part]
    found[0] = unit - sum(found[1:])
    return found


def _apply(point: list[list[int]], moves: list[Fraction], unit: int) -> None:
    taken = iter(moves)
    for part in point:
        for a in range(1, len(part)):
            part[a] -= round(next(taken) * unit)
        part[0] = unit - sum(part[1:])
