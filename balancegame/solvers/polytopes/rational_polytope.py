"""Polytopes of one player's mixed actions in rationals, cut by hyperplanes vertex by vertex.

A polytope is the list of its vertices, each with the constraints tight there. A cut keeps the
vertices on the good side and adds a point on each edge that crosses; two vertices share an edge iff
no third has all the constraints they have in common (Motzkin, Raiffa, Thompson & Thrall 1953).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

Vector = tuple[Fraction, ...]
Mixture = tuple[Fraction, ...]
"""Weights on the vertices of the polytope a vertex was made from."""


@dataclass(frozen=True, slots=True)
class RationalPolytope:
    """Vertices, and for each the set of tight constraints as bits."""

    vertices: tuple[Vector, ...]
    tight: tuple[int, ...]
    n_constraints: int

    @staticmethod
    def simplex(places: Sequence[int], length: int) -> RationalPolytope:
        """The probability vectors of so many actions that play only those at some places."""
        vertices = tuple(tuple(Fraction(int(a == b)) for b in range(length)) for a in places)
        everything = (1 << len(places)) - 1
        return RationalPolytope(
            vertices, tuple(everything ^ 1 << k for k in range(len(places))), len(places)
        )

    def cut(
        self, values: Sequence[Fraction], *, equal: bool
    ) -> tuple[RationalPolytope, list[Mixture]]:
        """The part where a linear function, given by its values at the vertices, is >= 0 (or 0).

        Also each new vertex as a mixture of the old ones.
        """
        bit = 1 << self.n_constraints
        count = len(self.vertices)
        mixtures: list[Mixture] = []
        tight: list[int] = []
        for k, value in enumerate(values):
            if value == 0 or (value > 0 and not equal):
                mixtures.append(tuple(Fraction(int(k == other)) for other in range(count)))
                tight.append(self.tight[k] | (bit if value == 0 else 0))
        for up, down in product(range(count), repeat=2):
            if values[up] > 0 > values[down] and self._adjacent(up, down):
                share = values[up] / (values[up] - values[down])
                mixtures.append(
                    tuple(
                        share if k == down else 1 - share if k == up else Fraction(0)
                        for k in range(count)
                    )
                )
                tight.append(self.tight[up] & self.tight[down] | bit)
        vertices = tuple(self.mix(mixture) for mixture in mixtures)
        return RationalPolytope(vertices, tuple(tight), self.n_constraints + 1), mixtures

    def mix(self, mixture: Mixture) -> Vector:
        """The mixture of the vertices."""
        return tuple(
            sum((w * x for w, x in zip(mixture, column, strict=True) if w), start=Fraction(0))
            for column in zip(*self.vertices, strict=True)
        )

    def face(self, kept: Sequence[int]) -> RationalPolytope:
        """The face with these vertices."""
        return RationalPolytope(
            tuple(self.vertices[k] for k in kept),
            tuple(self.tight[k] for k in kept),
            self.n_constraints,
        )

    def _adjacent(self, first: int, second: int) -> bool:
        common = self.tight[first] & self.tight[second]
        return not any(
            common & ~other == 0 for k, other in enumerate(self.tight) if k not in (first, second)
        )


def hulls_meet(first: Sequence[Vector], second: Sequence[Vector]) -> bool:
    """Whether the convex hulls of two lists of points have a point in common.

    Phase 1 of the simplex method in rationals, with Bland's (1977) rule.
    """
    if len(first) == len(second) == 1:
        return first[0] == second[0]
    if set(first) & set(second):
        return True
    rows = [
        [*(v[t] for v in first), *(-w[t] for w in second), Fraction(0)]
        for t in range(len(first[0]))
    ]
    rows.append([Fraction(1)] * len(first) + [Fraction(0)] * len(second) + [Fraction(1)])
    rows.append([Fraction(0)] * len(first) + [Fraction(1)] * len(second) + [Fraction(1)])
    basis: list[int | None] = [None] * len(rows)
    n_columns = len(first) + len(second)
    while True:
        missing = [row for row, kept in zip(rows, basis, strict=True) if kept is None]
        if not any(row[-1] for row in missing):
            return True
        column = next(
            (c for c in range(n_columns) if sum((row[c] for row in missing), Fraction(0)) > 0),
            None,
        )
        if column is None:
            return False
        _pivot(rows, basis, column)


def _pivot(rows: list[list[Fraction]], basis: list[int | None], column: int) -> None:
    """Exchange by the least ratio; of equal ones artificial variables first, then by index."""
    leaving = min(
        (r for r, row in enumerate(rows) if row[column] > 0),
        key=lambda r: (rows[r][-1] / rows[r][column], -1 if basis[r] is None else basis[r]),
    )
    pivot = rows[leaving][column]
    rows[leaving] = [value / pivot for value in rows[leaving]]
    for r, row in enumerate(rows):
        factor = row[column]
        if r != leaving and factor:
            rows[r] = [
                value - factor * other for value, other in zip(row, rows[leaving], strict=True)
            ]
    basis[leaving] = column
