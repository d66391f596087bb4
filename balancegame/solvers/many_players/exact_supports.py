"""The equilibria of one support in rationals, as far as they are products of polytopes.

The conditions of a support are functions linear in each player's part, kept by their values at the
vertices of the players' polytopes. They are used up one by one:

* one that depends on a single player cuts his polytope;
* one that does not change sign holds everywhere, nowhere, or where only vertex profiles of value 0
  are mixed: a union of products of faces;
* one that is a product, of a player's function and a function of the others, is split by cases.

What no rule applies to is *stuck*: conditions that curve. Two mixing players never get stuck, since
what one of them gains is linear in what the other does, but for inequalities of players who do not
mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.polytopes.rational_polytope import Mixture, RationalPolytope, Vector

Table = NDArray[np.object_]
"""Values at vertex profiles, one axis a player, of length 1 where he does not matter."""

Product = tuple[tuple[Vector, ...], ...]
"""A product of polytopes: each player's vertices."""

_MOST_PIECES = 2_000


Name = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A product of polytopes, with conditions that still restrict it.

    Each condition has a name, and what was used up as an equation leaves its name in `used`: pieces
    of one support with the same names are restricted by the same functions.
    """

    polytopes: tuple[RationalPolytope, ...]
    equations: tuple[Table, ...]
    inequalities: tuple[Table, ...]  # >= 0
    names: tuple[Name, ...]
    inequality_names: tuple[Name, ...]
    used: frozenset[Name] = frozenset()

    @property
    def identity(self) -> tuple[frozenset[Name], frozenset[Name]]:
        """The functions that are 0 in the piece's solutions, by their names."""
        return frozenset(self.names), self.used

    @property
    def vertices(self) -> Product:
        """The vertices of each player's polytope."""
        return tuple(polytope.vertices for polytope in self.polytopes)

    def profile(self, coordinates: Sequence[Mixture]) -> tuple[Vector, ...]:
        """The profile with these barycentric coordinates."""
        return tuple(
            polytope.mix(own) for polytope, own in zip(self.polytopes, coordinates, strict=True)
        )


def conditions(tables: Table, support: Sequence[Sequence[int]]) -> tuple[list[Table], list[Table]]:
    """The equations and inequalities of a support, from integer or rational payoff tables.

    Equations: an action of the support pays as much as the first. Inequalities: the first pays at
    least as much as one outside.
    """
    equations: list[Table] = []
    inequalities: list[Table] = []
    for i, own in enumerate(support):
        others = [range(m) if j == i else support[j] for j, m in enumerate(tables.shape[1:])]
        table = tables[i][np.ix_(*others)]
        first = np.take(table, [own[0]], axis=i)
        for b in range(tables.shape[1 + i]):
            if b == own[0]:
                continue
            gain = np.take(table, [b], axis=i) - first
            if b in own:
                equations.append(gain)
            else:
                inequalities.append(-gain)
    return equations, inequalities


def decompose(tables: Table, support: Sequence[Sequence[int]]) -> tuple[list[Product], list[Piece]]:
    """All equilibria of a support: products of polytopes, and pieces that are stuck.

    Every profile in a product is an equilibrium, in which each player plays actions of his support
    that pay the most; every such profile lies in a product or a piece.
    """
    equations, inequalities = conditions(tables, support)
    whole = Piece(
        tuple(
            RationalPolytope.simplex(places, m)
            for places, m in zip(support, tables.shape[1:], strict=True)
        ),
        tuple(equations),
        tuple(inequalities),
        tuple(("equation", k) for k in range(len(equations))),
        tuple(("inequality", k) for k in range(len(inequalities))),
    )
    products: list[Product] = []
    stuck: list[Piece] = []
    waiting = [whole]
    while waiting:
        piece = waiting.pop()
        if len(waiting) > _MOST_PIECES:
            return [], [whole]
        after = _step(piece)
        if after is not None:
            waiting += after
        elif piece.equations or piece.inequalities:
            stuck.append(piece)
        else:
            products.append(piece.vertices)
    return products, stuck


def _step(piece: Piece) -> list[Piece] | None:
    """Use up one condition; None if there is none or all are stuck."""
    for k, table in enumerate(piece.equations):
        rest = replace(
            piece,
            equations=piece.equations[:k] + piece.equations[k + 1 :],
            names=piece.names[:k] + piece.names[k + 1 :],
        )
        after = _use_equation(rest, _without_idle_axes(table), piece.names[k])
        if after is not None:
            return after
    for k, table in enumerate(piece.inequalities):
        rest = replace(
            piece,
            inequalities=piece.inequalities[:k] + piece.inequalities[k + 1 :],
            inequality_names=piece.inequality_names[:k] + piece.inequality_names[k + 1 :],
        )
        after = _use_inequality(rest, _without_idle_axes(table), piece.inequality_names[k])
        if after is not None:
            return after
    return None


def _use_equation(piece: Piece, table: Table, name: Name) -> list[Piece] | None:
    most, least = table.max(), table.min()
    if most == least == 0:
        return [piece]
    if least > 0 or most < 0:
        return []
    piece = replace(piece, used=piece.used | {name})
    if least >= 0 or most <= 0:
        return [_on_faces(piece, table, name, kept) for kept in _zero_boxes(table)]
    axes = _axes(table)
    if len(axes) == 1:
        return _cut(piece, axes[0], table.ravel().tolist(), equal=True)
    factors = _factors(table, axes)
    if factors is None:
        return None
    return [
        replace(
            piece,
            equations=(*piece.equations, factor),
            names=(*piece.names, (*name, tuple(_axes(factor)))),
            used=piece.used - {name},
        )
        for factor in factors
    ]


def _use_inequality(piece: Piece, table: Table, name: Name) -> list[Piece] | None:
    most, least = table.max(), table.min()
    if least >= 0:
        return [piece]
    if most < 0:
        return []
    if most <= 0:
        return [_on_faces(piece, table, name, kept) for kept in _zero_boxes(table)]
    axes = _axes(table)
    if len(axes) == 1:
        return _cut(piece, axes[0], table.ravel().tolist(), equal=False)
    factors = _factors(table, axes)
    if factors is None:
        return None
    first, second = factors
    return [
        replace(
            piece,
            inequalities=(*piece.inequalities, sign * first, sign * second),
            inequality_names=(
                *piece.inequality_names,
                *((*name, tuple(_axes(factor))) for factor in factors),
            ),
        )
        for sign in (1, -1)
    ]


def _without_idle_axes(table: Table) -> Table:
    """Length 1 along each axis that does not matter."""
    for axis in range(table.ndim):
        start = np.take(table, [0], axis=axis)
        if table.shape[axis] > 1 and np.all(table == start):
            table = start
    return table


def _axes(table: Table) -> list[int]:
    return [axis for axis, length in enumerate(table.shape) if length > 1]


def _factors(table: Table, axes: Sequence[int]) -> tuple[Table, Table] | None:
    """A function of one player and one of the others, whose product this is."""
    for axis in axes:
        matrix = np.moveaxis(table, axis, 0).reshape(table.shape[axis], -1)
        row, column = (int(k[0]) for k in np.nonzero(matrix))
        pivot = Fraction(matrix[row, column])
        if np.all(matrix * pivot == np.outer(matrix[:, column], matrix[row])):
            place = [slice(k, k + 1) for k in np.unravel_index(column, _rest_shape(table, axis))]
            place.insert(axis, slice(None))
            return table[tuple(place)], np.take(table, [row], axis=axis) / pivot
    return None


def _rest_shape(table: Table, axis: int) -> tuple[int, ...]:
    return table.shape[:axis] + table.shape[axis + 1 :]


def _zero_boxes(table: Table) -> list[tuple[tuple[int, ...], ...]]:
    """The largest products of vertex sets on which a table of one sign is zero."""
    found: set[tuple[tuple[int, ...], ...]] = set()
    waiting = [tuple(tuple(range(length)) for length in table.shape)]
    seen = set(waiting)
    while waiting:
        box = waiting.pop()
        part = table[np.ix_(*box)]
        places = np.argwhere(part != 0)
        if len(places) == 0:
            found.add(_widened(table, box))
            continue
        for axis in _axes(part):
            hit = int(places[0][axis])
            smaller = (*box[:axis], box[axis][:hit] + box[axis][hit + 1 :], *box[axis + 1 :])
            if smaller not in seen:
                seen.add(smaller)
                waiting.append(smaller)
    return sorted(found)


def _widened(table: Table, box: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """A box of zeros, grown player by player: the sets are faces then."""
    for axis, length in enumerate(table.shape):
        grown = (*box[:axis], tuple(range(length)), *box[axis + 1 :])
        part = np.moveaxis(table[np.ix_(*grown)], axis, 0).reshape(length, -1)
        kept = tuple(np.flatnonzero(np.all(part == 0, axis=1)).tolist())
        box = (*box[:axis], kept, *box[axis + 1 :])
    return box


def _on_faces(piece: Piece, table: Table, name: Name, box: tuple[tuple[int, ...], ...]) -> Piece:
    """A piece with each player who matters on the face with his vertices of the box."""
    piece = replace(piece, used=piece.used | {(*name, box)})
    for player in _axes(table):
        old, kept = piece.polytopes[player], box[player]
        count = len(old.vertices)
        if len(kept) < count:
            mixtures = [tuple(Fraction(int(k == v)) for k in range(count)) for v in kept]
            piece = _with_polytope(piece, player, old.face(kept), mixtures)
    return piece


def _cut(piece: Piece, player: int, values: list[Any], *, equal: bool) -> list[Piece]:
    fractions = [Fraction(value) for value in values]
    polytope, mixtures = piece.polytopes[player].cut(fractions, equal=equal)
    return [_with_polytope(piece, player, polytope, mixtures)] if polytope.vertices else []


def _with_polytope(
    piece: Piece, player: int, polytope: RationalPolytope, mixtures: Sequence[Mixture]
) -> Piece:
    """Replace a player's polytope by one whose vertices are mixtures of the old ones."""
    weights = np.array(mixtures, dtype=object)

    def moved(table: Table) -> Table:
        if table.shape[player] == 1:
            return table
        return np.moveaxis(np.tensordot(weights, table, axes=(1, player)), 0, player)

    return replace(
        piece,
        polytopes=(*piece.polytopes[:player], polytope, *piece.polytopes[player + 1 :]),
        equations=tuple(moved(table) for table in piece.equations),
        inequalities=tuple(moved(table) for table in piece.inequalities),
    )


def mixture_value(table: Table, point: Sequence[Sequence[Fraction]]) -> Fraction:
    """The value of a condition at coordinates of each player's vertices."""
    values = table
    for j in range(table.ndim - 1, -1, -1):
        if table.shape[j] == 1:
            values = np.take(values, 0, axis=j)
        else:
            values = np.tensordot(values, np.array(point[j], dtype=object), axes=(j, 0))
    return Fraction(values if not isinstance(values, np.ndarray) else values.item())


def mixture_slopes(table: Table, point: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """Derivatives by each player's coordinates but the first, which makes up for them."""
    found: list[Fraction] = []
    for player, part in enumerate(point):
        corners = [
            mixture_value(np.take(table, [v], axis=player), point)
            if table.shape[player] > 1
            else Fraction(0)
            for v in range(len(part))
        ]
        found += [corner - corners[0] for corner in corners[1:]]
    return found
