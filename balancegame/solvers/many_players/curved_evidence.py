"""Evidence on the curved pieces of supports with ties, as the checker decomposes these.

A piece's conditions are solved by subdivision once more. Each solution is given exactly if it is
rational, by a ball if it is not but all signs are clear, and otherwise as polynomials in one
algebraic number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.certificates.algebraic_points import AlgebraicPoint
from balancegame.certificates.curved_pieces import algebraic_profile, piece_row
from balancegame.certificates.reading import Failure
from balancegame.certificates.tied_supports import Piece, Product
from balancegame.solvers.many_players.algebraic_evidence import algebraic_points
from balancegame.solvers.many_players.refinement import Refinement
from balancegame.solvers.many_players.support_search import Root, SupportSearch

Floats = NDArray[np.float64]
Shares = tuple[tuple[Fraction, ...], ...]

_LARGEST_DENOMINATOR = 1_000_000  # of shares that are tried as rationals
_NEAR = 1e-13
_SHARE_BITS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """A rational solution: shares of the vertices."""

    shares: Shares
    is_equilibrium: bool


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """An equilibrium within a radius of shares."""

    shares: Shares
    radius: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Algebraic:
    """An irrational solution; near which profile, and how near, if that plays all of a support."""

    point: AlgebraicPoint
    profile: Shares | None
    radius: Fraction


Solution = Exact | Close | Algebraic


@dataclass(frozen=True, slots=True, eq=False)
class CurvedEvidence:
    """A curved piece, the kernel's record, and what each of the solutions is."""

    piece: Piece
    scales: tuple[int, ...]
    record: Floats
    solutions: tuple[Solution, ...]

    @property
    def sizes(self) -> list[int]:
        """The number of each player's vertices."""
        return [len(polytope.vertices) for polytope in self.piece[0]]

    @property
    def points(self) -> list[Product]:
        """The equilibria that are known exactly."""
        return [
            [[part] for part in profile_of(self.piece, one.shares)]
            for one in self.solutions
            if isinstance(one, Exact) and one.is_equilibrium
        ]


def profile_of(piece: Piece, shares: Shares) -> Shares:
    """The profile with these shares of the vertices."""
    return tuple(
        tuple(
            sum((c * x for c, x in zip(own, chances, strict=True)), Fraction(0))
            for chances in zip(*polytope.vertices, strict=True)
        )
        for own, polytope in zip(shares, piece[0], strict=True)
    )


def curved_evidence(
    search: SupportSearch, support: Sequence[Sequence[int]], piece: Piece
) -> CurvedEvidence | None:
    """Evidence on a piece; None where its solutions are not isolated, or a sign stays open."""
    sizes = [len(polytope.vertices) for polytope in piece[0]]
    ordered = sorted(piece[1], key=lambda condition: not condition[2])
    rows = [piece_row(condition, sizes) for condition in ordered]
    n_equations = sum(equation for _, _, equation in ordered)
    if n_equations != sum(size - 1 for size in sizes):
        return None
    if any(size > m for size, m in zip(sizes, search.game.shape, strict=True)):
        return None
    scales = tuple(max(map(abs, row)).bit_length() for row in rows)
    floats = np.array(
        [[value / (1 << scale) for value in row] for row, scale in zip(rows, scales, strict=True)]
    )
    regular, roots, record = search.record_rows([(1 << size) - 1 for size in sizes], floats)
    judge = _Judge((piece[0], ordered), support, sizes, rows, n_equations)
    solutions = [judge.solution(root, search.game.shape) for root in roots] if regular else [None]
    found = [one for one in solutions if one is not None]
    if len(found) < len(solutions):
        return None
    return CurvedEvidence(judge.piece, scales, record, tuple(found))


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says what the solutions of a piece are."""

    piece: Piece
    support: Sequence[Sequence[int]]
    sizes: list[int]
    rows: list[list[int]]
    n_equations: int

    def solution(self, root: Root, shape: Sequence[int]) -> Solution | None:
        parts = np.split(root.profile, np.cumsum(shape)[:-1])
        near = [part[:size] for part, size in zip(parts, self.sizes, strict=True)]
        return self._exact(near, root.radius) or (
            self._close(near, root.radius) if root.decided else self._algebraic(near, root.radius)
        )

    def _exact(self, near: Sequence[Floats], radius: float) -> Exact | None:
        shares = tuple(
            tuple(Fraction(x).limit_denominator(_LARGEST_DENOMINATOR) for x in part.tolist())
            for part in near
        )
        gap = max(
            abs(float(share) - x)
            for own, part in zip(shares, near, strict=True)
            for share, x in zip(own, part.tolist(), strict=True)
        )
        if gap > 2.0 * radius + _NEAR or any(sum(own) != 1 for own in shares):
            return None
        values = [_value(row, shares) for row in self.rows]
        if any(values[: self.n_equations]):
            return None
        signs = [*values[self.n_equations :], *(share for own in shares for share in own)]
        return Exact(shares, min(signs) >= 0)

    def _close(self, near: Sequence[Floats], radius: float) -> Close:
        unit = 1 << _SHARE_BITS
        shares = tuple(
            tuple(Fraction(round(Fraction(x) * unit), unit) for x in part.tolist()) for part in near
        )
        return Close(shares, Fraction(radius) + Fraction(1, unit))

    def _algebraic(self, near: Sequence[Floats], radius: float) -> Algebraic | None:
        tables = [np.array(row, dtype=object).reshape(self.sizes) for row in self.rows]
        equations = tables[: self.n_equations]
        refinement = Refinement(equations, near, radius)
        for point in algebraic_points(equations, self.sizes, refinement):
            try:
                return self._judged(point)
            except Failure:  # the interval is too wide for some sign
                continue
        return None

    def _judged(self, point: AlgebraicPoint) -> Algebraic:
        sign = point.field.sign
        signs = [sign(chance) for own in point.chances for chance in own]
        signs += [sign(point.value(row, point.chances)) for row in self.rows[self.n_equations :]]
        profile = algebraic_profile(self.piece, point)
        played = all(part[a] for part, own in zip(profile, self.support, strict=True) for a in own)
        if min(signs) < 0 or not played:
            return Algebraic(point, None, Fraction(0))
        unit, radius = 1 << _SHARE_BITS, Fraction(0)
        centre: list[tuple[Fraction, ...]] = []
        for part in profile:
            bounds = [point.field.enclosed(chance) for chance in part]
            middle = [Fraction(round((low + high) / 2 * unit), unit) for low, high in bounds]
            radius = max(radius, *(high - m for (_, high), m in zip(bounds, middle, strict=True)))
            radius = max(radius, *(m - low for (low, _), m in zip(bounds, middle, strict=True)))
            centre.append(tuple(middle))
        return Algebraic(point, tuple(centre), Fraction(math.ceil(radius * unit), unit))


def _value(row: Sequence[int], shares: Shares) -> Fraction:
    """A condition's value, from those at vertex profiles, the last player's running fastest."""
    values: list[Fraction] = list(map(Fraction, row))
    for own in reversed(shares):
        values = [
            sum((w * values[c + v] for v, w in enumerate(own)), Fraction(0))
            for c in range(0, len(values), len(own))
        ]
    return values[0]
