"""Evidence on the curved pieces of supports with ties, as the checker decomposes these.

A piece's conditions are solved by subdivision once more. Each solution is given exactly if it is
rational, and by a ball otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.certificates.curved_pieces import piece_row
from balancegame.certificates.tied_supports import Piece, Product
from balancegame.solvers.many_players.support_search import Root, SupportSearch

Floats = NDArray[np.float64]
Shares = tuple[tuple[Fraction, ...], ...]

_LARGEST_DENOMINATOR = 1_000_000  # of shares that are tried as rationals
_NEAR = 1e-13
_SHARE_BITS = 60


@dataclass(frozen=True, slots=True, eq=False)
class CurvedEvidence:
    """A curved piece, the kernel's record, and what each of the solutions is.

    A solution is exact (shares), or a ball (shares and a radius).
    """

    piece: Piece
    scales: tuple[int, ...]
    record: Floats
    solutions: tuple[tuple[Shares, Fraction], ...]

    @property
    def sizes(self) -> list[int]:
        """The number of each player's vertices."""
        return [len(polytope.vertices) for polytope in self.piece[0]]

    def profile(self, shares: Shares) -> Shares:
        """The profile with these shares of the vertices."""
        return tuple(
            tuple(
                sum((c * x for c, x in zip(own, chances, strict=True)), Fraction(0))
                for chances in zip(*polytope.vertices, strict=True)
            )
            for own, polytope in zip(shares, self.piece[0], strict=True)
        )

    @property
    def points(self) -> list[Product]:
        """The equilibria that are known exactly."""
        rows = [(piece_row(condition, self.sizes), condition[2]) for condition in self.piece[1]]
        return [
            [[part] for part in self.profile(shares)]
            for shares, radius in self.solutions
            if not radius
            and min(map(min, shares)) >= 0
            and all(equation or _value(row, shares) >= 0 for row, equation in rows)
        ]


def curved_evidence(search: SupportSearch, piece: Piece) -> CurvedEvidence | None:
    """Evidence on a piece; None where its solutions are not isolated, or a sign is not decided."""
    sizes = [len(polytope.vertices) for polytope in piece[0]]
    ordered = sorted(piece[1], key=lambda condition: not condition[2])
    rows = [piece_row(condition, sizes) for condition in ordered]
    equations = [row for row, (_, _, equation) in zip(rows, ordered, strict=True) if equation]
    if len(equations) != sum(size - 1 for size in sizes):
        return None
    if any(size > m for size, m in zip(sizes, search.game.shape, strict=True)):
        return None
    scales = tuple(max(map(abs, row)).bit_length() for row in rows)
    floats = np.array(
        [[value / (1 << scale) for value in row] for row, scale in zip(rows, scales, strict=True)]
    )
    regular, roots, record = search.record_rows([(1 << size) - 1 for size in sizes], floats)
    if not regular:
        return None
    solutions: list[tuple[Shares, Fraction]] = []
    for root in roots:
        exact = _exactly(root, sizes, search.game.shape, equations)
        if exact is not None:
            solutions.append((exact, Fraction(0)))
        elif root.decided:
            solutions.append(_ball(root, sizes, search.game.shape))
        else:
            return None
    return CurvedEvidence((piece[0], ordered), scales, record, tuple(solutions))


def _parts(root: Root, sizes: Sequence[int], shape: Sequence[int]) -> list[list[float]]:
    parts = np.split(root.profile, np.cumsum(shape)[:-1])
    return [part[:size].tolist() for part, size in zip(parts, sizes, strict=True)]


def _exactly(
    root: Root, sizes: Sequence[int], shape: Sequence[int], equations: Sequence[Sequence[int]]
) -> Shares | None:
    shares = tuple(
        tuple(Fraction(x).limit_denominator(_LARGEST_DENOMINATOR) for x in part)
        for part in _parts(root, sizes, shape)
    )
    gap = max(
        abs(float(share) - x)
        for own, part in zip(shares, _parts(root, sizes, shape), strict=True)
        for share, x in zip(own, part, strict=True)
    )
    if gap > 2.0 * root.radius + _NEAR or any(sum(own) != 1 for own in shares):
        return None
    return None if any(_value(row, shares) for row in equations) else shares


def _ball(root: Root, sizes: Sequence[int], shape: Sequence[int]) -> tuple[Shares, Fraction]:
    unit = 1 << _SHARE_BITS
    shares = tuple(
        tuple(Fraction(round(Fraction(x) * unit), unit) for x in part)
        for part in _parts(root, sizes, shape)
    )
    return shares, Fraction(root.radius) + Fraction(1, unit)


def _value(row: Sequence[int], shares: Shares) -> Fraction:
    """A condition's value, from those at vertex profiles, the last player's running fastest."""
    values: list[Fraction] = list(map(Fraction, row))
    for own in reversed(shares):
        values = [
            sum((w * values[c + v] for v, w in enumerate(own)), Fraction(0))
            for c in range(0, len(values), len(own))
        ]
    return values[0]
