"""Solve a support with ties anew, in rationals: its equilibria as products of polytopes.

A condition is linear in each player's part. Over a product of polytopes it is kept by its values
at vertex profiles: a mapping from one vertex a player, of those players who matter to it, to a
value. Conditions are used up one after the other. One that never changes sign holds everywhere,
nowhere, or on products of faces where it is 0; one of a single player cuts his polytope; one that
is a product of two others is split by cases. What no rule applies to is a piece whose conditions
curve; `curved_pieces` checks what a certificate says of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from .reading import Failure

Vector = tuple[Fraction, ...]
Values = dict[tuple[int, ...], Fraction]
Condition = tuple[tuple[int, ...], Values, bool]
"""The players who matter, values by their vertices, and whether it is an equation (else >= 0)."""

_MOST = 100_000
_MOST_VERTICES = 1_000


class _Polytope:
    """Vertices, each with the set of constraints that are tight there."""

    def __init__(self, vertices: list[Vector], tight: list[frozenset[int]], count: int) -> None:
        self.vertices, self.tight, self.count = vertices, tight, count

    def adjacent(self, one: int, other: int) -> bool:
        """Two vertices share an edge iff no third has all the constraints common to them."""
        common = self.tight[one] & self.tight[other]
        return not any(
            common <= tight for k, tight in enumerate(self.tight) if k not in (one, other)
        )

    def cut(self, values: list[Fraction], *, equation: bool) -> tuple[_Polytope, list[Vector]]:
        """The part where a linear function is 0, or >= 0; new vertices as mixtures of the old."""
        if len(self.vertices) > _MOST_VERTICES:
            raise Failure("a polytope has too many vertices")
        mixtures: list[Vector] = []
        tight: list[frozenset[int]] = []
        n = len(values)
        for k, value in enumerate(values):
            if value == 0 or (value > 0 and not equation):
                mixtures.append(tuple(Fraction(int(k == t)) for t in range(n)))
                tight.append(self.tight[k] | ({self.count} if value == 0 else set()))
        for k, t in product(range(n), repeat=2):
            if values[k] > 0 > values[t] and self.adjacent(k, t):
                share = values[k] / (values[k] - values[t])
                mixture = [Fraction(0)] * n
                mixture[k], mixture[t] = 1 - share, share
                mixtures.append(tuple(mixture))
                tight.append(self.tight[k] & self.tight[t] | {self.count})
        vertices = [
            tuple(
                sum((w * x for w, x in zip(mixture, column, strict=True)), Fraction(0))
                for column in zip(*self.vertices, strict=True)
            )
            for mixture in mixtures
        ]
        return _Polytope(vertices, tight, self.count + 1), mixtures


Piece = tuple[list[_Polytope], list[Condition]]
Product = list[list[Vector]]


def decompose(
    tables: list[list[int]], shape: tuple[int, ...], support: Sequence[Sequence[int]]
) -> tuple[list[Product], list[Piece]]:
    """The profiles in which a support's actions are played, and all are best responses.

    Products of polytopes of them, and pieces with the conditions that they still have to meet. A
    piece in which some action of the support is played nowhere is left out: it is another's.
    """
    polytopes = [
        _Polytope(
            [tuple(Fraction(int(a == b)) for b in range(m)) for a in own],
            [frozenset(range(len(own))) - {k} for k in range(len(own))],
            len(own),
        )
        for own, m in zip(support, shape, strict=True)
    ]
    waiting: list[Piece] = [(polytopes, list(_conditions(tables, shape, support)))]
    products: list[Product] = []
    curved: list[Piece] = []
    for _ in range(_MOST):
        if not waiting:
            return products, curved
        piece = waiting.pop()
        polytopes, conditions = piece
        after = _step(piece)
        if after is not None:
            waiting += after
        elif not conditions:
            products.append([one.vertices for one in polytopes])
        elif _plays_all(piece, support):
            curved.append(piece)
    raise Failure("there are too many cases")


def _step(piece: Piece) -> list[Piece] | None:
    """What using up one condition leaves, an equation if possible; None if no rule applies."""
    polytopes, conditions = piece
    for k in sorted(range(len(conditions)), key=lambda k: not conditions[k][2]):
        after = _use((polytopes, conditions[:k] + conditions[k + 1 :]), _reduced(conditions[k]))
        if after is not None:
            return after
    return None


def _plays_all(piece: Piece, support: Sequence[Sequence[int]]) -> bool:
    return all(
        any(vertex[a] for vertex in polytope.vertices)
        for polytope, own in zip(piece[0], support, strict=True)
        for a in own
    )


def _conditions(
    tables: list[list[int]], shape: tuple[int, ...], support: Sequence[Sequence[int]]
) -> Iterator[Condition]:
    strides = [1] * len(shape)
    for i in range(len(shape) - 2, -1, -1):
        strides[i] = strides[i + 1] * shape[i + 1]
    for i, own in enumerate(support):
        others = tuple(j for j in range(len(shape)) if j != i)
        for b in range(shape[i]):
            if b == own[0]:
                continue
            values: Values = {}
            for places in product(*(range(len(support[j])) for j in others)):
                cell = sum(support[j][v] * strides[j] for j, v in zip(others, places, strict=True))
                gain = tables[i][cell + b * strides[i]] - tables[i][cell + own[0] * strides[i]]
                values[places] = Fraction(gain if b in own else -gain)
            yield others, values, b in own


def _reduced(condition: Condition) -> Condition:
    """Without players on whose vertex no value depends."""
    players, values, equation = condition
    for t in range(len(players) - 1, -1, -1):
        if all(value == values[*at[:t], 0, *at[t + 1 :]] for at, value in values.items()):
            values = {(*at[:t], *at[t + 1 :]): x for at, x in values.items() if at[t] == 0}
            players = (*players[:t], *players[t + 1 :])
    return players, values, equation


def _use(piece: Piece, condition: Condition) -> list[Piece] | None:
    """What is left of a piece under one more condition; None if no rule applies."""
    players, values, equation = condition
    most, least = max(values.values()), min(values.values())
    if (least >= 0 and not equation) or most == least == 0:
        return [piece]
    if most < 0 or (least > 0 and equation):
        return []
    if most <= 0 or least >= 0:
        return [_on_face(piece, players, box) for box in _zeros(players, values)]
    if len(players) == 1:
        (player,) = players
        line = [values[v,] for v in range(len(values))]
        cut, mixtures = piece[0][player].cut(line, equation=equation)
        return [_replaced(piece, player, cut, mixtures)] if cut.vertices else []
    factors = _factors(players, values)
    if factors is None:
        return None
    polytopes, conditions = piece
    if equation:
        return [(polytopes, [*conditions, (own, part, True)]) for own, part in factors]
    return [
        (
            polytopes,
            [
                *conditions,
                *((own, {at: sign * x for at, x in part.items()}, False) for own, part in factors),
            ],
        )
        for sign in (1, -1)
    ]


def _factors(
    players: tuple[int, ...], values: Values
) -> list[tuple[tuple[int, ...], Values]] | None:
    """A function of one player and one of the others, whose product the values are."""
    pivot_at = next(at for at, value in values.items() if value)
    pivot = values[pivot_at]
    for t in range(len(players)):
        own = {at[t]: values[*pivot_at[:t], at[t], *pivot_at[t + 1 :]] for at in values}
        rest = {
            (*at[:t], *at[t + 1 :]): values[*at[:t], pivot_at[t], *at[t + 1 :]] for at in values
        }
        if all(
            value * pivot == own[at[t]] * rest[*at[:t], *at[t + 1 :]]
            for at, value in values.items()
        ):
            return [
                ((players[t],), {(v,): x for v, x in own.items()}),
                ((*players[:t], *players[t + 1 :]), {at: x / pivot for at, x in rest.items()}),
            ]
    return None


def _zeros(players: tuple[int, ...], values: Values) -> list[list[list[int]]]:
    """Products of vertex sets without a value other than 0, none in another."""
    sizes = [max(at[t] for at in values) + 1 for t in range(len(players))]
    waiting = [tuple(frozenset(range(size)) for size in sizes)]
    found: set[tuple[frozenset[int], ...]] = set()
    seen = set(waiting)
    while waiting:
        if len(seen) > _MOST:
            raise Failure("there are too many faces")
        box = waiting.pop()
        bad = next((at for at in product(*map(sorted, box)) if values[at]), None)
        if bad is None:
            found.add(_grown(box, sizes, values))
            continue
        for t, v in enumerate(bad):
            smaller = (*box[:t], box[t] - {v}, *box[t + 1 :])
            if smaller[t] and smaller not in seen:
                seen.add(smaller)
                waiting.append(smaller)
    return [[sorted(part) for part in box] for box in found]


def _grown(
    box: tuple[frozenset[int], ...], sizes: list[int], values: Values
) -> tuple[frozenset[int], ...]:
    """With every vertex that adds zeros only: the sets are faces then."""
    for t, size in enumerate(sizes):
        others = list(product(*(box[u] for u in range(len(box)) if u != t)))
        own = frozenset(
            v for v in range(size) if not any(values[(*at[:t], v, *at[t:])] for at in others)
        )
        box = (*box[:t], own, *box[t + 1 :])
    return box


def _on_face(piece: Piece, players: tuple[int, ...], box: list[list[int]]) -> Piece:
    for player, kept in zip(players, box, strict=True):
        old = piece[0][player]
        face = _Polytope([old.vertices[v] for v in kept], [old.tight[v] for v in kept], old.count)
        mixtures = [tuple(Fraction(int(v == t)) for t in range(len(old.vertices))) for v in kept]
        piece = _replaced(piece, player, face, mixtures)
    return piece


def _replaced(piece: Piece, player: int, polytope: _Polytope, mixtures: list[Vector]) -> Piece:
    """With another polytope for a player, whose vertices are mixtures of the old one's."""
    polytopes, conditions = piece
    changed: list[Condition] = []
    for players, values, equation in conditions:
        if player not in players:
            changed.append((players, values, equation))
            continue
        t = players.index(player)
        ends = {(*at[:t], *at[t + 1 :]) for at in values}
        new = {
            (*at[:t], k, *at[t:]): sum(
                (w * values[*at[:t], v, *at[t:]] for v, w in enumerate(mixture) if w), Fraction(0)
            )
            for at in ends
            for k, mixture in enumerate(mixtures)
        }
        changed.append((players, new, equation))
    return [*polytopes[:player], polytope, *polytopes[player + 1 :]], changed


def is_mixture(point: Vector, vertices: Sequence[Vector]) -> bool:
    """Whether a point lies in the convex hull of others: linear programming in rationals.

    Phase 1 of the simplex method; the lowest index that may enter or leave does (Bland 1977).
    """
    if point in vertices:
        return True
    rows = [
        [*column, x] if x >= 0 else [*(-y for y in column), -x]
        for column, x in zip(zip(*vertices, strict=True), point, strict=True)
    ]
    rows.append([Fraction(1)] * (len(vertices) + 1))
    basis = [len(vertices) + r for r in range(len(rows))]
    count = len(vertices)
    while True:
        lacking = [row for row, own in zip(rows, basis, strict=True) if own >= count]
        if not any(row[-1] for row in lacking):
            return True
        gains = (sum((row[c] for row in lacking), Fraction(0)) for c in range(count))
        enter = next((c for c, gain in enumerate(gains) if gain > 0), -1)
        if enter < 0:
            return False
        leave = min(
            (r for r, row in enumerate(rows) if row[enter] > 0),
            key=lambda r: (rows[r][-1] / rows[r][enter], basis[r]),
        )
        pivot = rows[leave][enter]
        rows[leave] = [x / pivot for x in rows[leave]]
        for r, row in enumerate(rows):
            if r != leave and row[enter]:
                factor = row[enter]
                rows[r] = [x - factor * y for x, y in zip(row, rows[leave], strict=True)]
        basis[leave] = enter
