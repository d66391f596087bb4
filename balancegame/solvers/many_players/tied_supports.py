"""Supports with ties: solved in rationals, and pieces that curve by subdivision, once each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.games.integer_payoffs import IntegerTables
from balancegame.solvers.many_players.exact_supports import Piece, Product, decompose
from balancegame.solvers.many_players.isolated import Isolated, Origin, rational_profile
from balancegame.solvers.many_players.product_components import lies_in
from balancegame.solvers.many_players.stuck_pieces import is_same_solution, sign_verdict
from balancegame.solvers.many_players.support_search import Root, SupportSearch, actions_of
from balancegame.solvers.polytopes.rational_polytope import RationalPolytope

Floats = NDArray[np.float64]
Region = tuple[Floats, ...]
Support = tuple[tuple[int, ...], ...]


@dataclass(slots=True, eq=False)
class Found:
    """What is known so far: regular equilibria, products of polytopes, and open regions."""

    isolated: list[Isolated] = field(default_factory=list[Isolated])
    products: list[Product] = field(default_factory=list[Product])
    unresolved: list[Region] = field(default_factory=list[Region])
    open_products: list[Product] = field(default_factory=list[Product])
    n_ties: int = 0


def solve_ties(payoffs: IntegerTables, search: SupportSearch, ties: Sequence[int]) -> Found:
    """What the supports at these places of a search hold."""
    found = Found(n_ties=len(ties))
    shape = search.game.shape
    supports = [actions_of(search.supports[k].tolist(), shape) for k in ties]
    supports.sort(key=lambda support: -sum(map(len, support)))
    for done, support in enumerate(supports):
        report("supports in rationals", done, len(ties))
        whole = tuple(
            RationalPolytope.simplex(own, m).vertices for own, m in zip(support, shape, strict=True)
        )
        if _is_among(whole, found.products):
            continue
        products, stuck = decompose(payoffs.tables, support)
        found.products += products
        accepted: list[_Accepted] = []
        for piece in stuck:
            _resolve_piece(payoffs, search, support, piece, accepted, found)
    _compare_with_products(found)
    return found


def _is_among(product: Product, products: Sequence[Product]) -> bool:
    """Whether a product's vertices are all vertices of another."""
    return any(
        all(set(part) <= set(wider) for part, wider in zip(product, other, strict=True))
        for other in products
    )


def _compare_with_products(found: Found) -> None:
    """What may lie in a product that was found, and is not known to lie elsewhere."""
    for product in found.open_products:
        if not any(lies_in(product, other) for other in found.products):
            found.unresolved.append(
                tuple(np.array([[float(x) for x in vertex] for vertex in part]) for part in product)
            )
    sure = [entry for entry in found.isolated if entry.index is not None]
    for entry in found.isolated:
        if entry.index is not None:
            continue
        if any(_is_near(entry, product) for product in found.products):
            found.unresolved.append(_point(entry))
        else:
            sure.append(entry)
    found.isolated = sure


def _is_near(entry: Isolated, product: Product) -> bool:
    """Whether the box around a product's vertices meets an equilibrium's ball."""
    return all(
        chance + entry.radius >= min(column) and chance - entry.radius <= max(column)
        for part, vertices in zip(entry.profile, product, strict=True)
        for chance, column in zip(part.tolist(), zip(*vertices, strict=True), strict=True)
    )


@dataclass(slots=True, eq=False)
class _Accepted:
    """A solution of a stuck piece, kept to be compared with those of other pieces."""

    piece: Piece
    coordinates: list[Floats]
    radius: float
    entry: Isolated


def _resolve_piece(
    payoffs: IntegerTables,
    search: SupportSearch,
    support: Support,
    piece: Piece,
    accepted: list[_Accepted],
    found: Found,
) -> None:
    """A stuck piece: solved by subdivision, where its solutions are regular, or unresolved."""
    if _lies_in_a_smaller_support(piece, support):
        return
    sizes = [len(vertices) for vertices in piece.vertices]
    dimension = sum(size - 1 for size in sizes)
    region = tuple(
        np.array([[float(x) for x in vertex] for vertex in vertices]) for vertices in piece.vertices
    )
    if len(piece.equations) != dimension or not _fits(piece, search.game.shape):
        found.open_products.append(piece.vertices)
        return
    regular, roots = search.solve_rows([(1 << size) - 1 for size in sizes], _rows(piece, sizes))
    if not regular:
        found.open_products.append(piece.vertices)
        return
    for root in roots:
        coordinates = _coordinates(search.game.shape, root, sizes)
        entry = _of_piece(support, piece, coordinates, root.radius, region)
        exact = rational_profile(payoffs, entry)
        if exact is not None:
            found.products.append(tuple((part,) for part in exact))
            continue
        verdict = 2 if root.decided else sign_verdict(piece, support, coordinates, root.radius)
        if verdict == 2 and _is_whole(piece):
            entry = replace(entry, index=root.index)
        if verdict > 0:
            _accept(_Accepted(piece, coordinates, root.radius, entry), accepted, found)
        elif verdict == 0:
            found.unresolved.append(_point(entry))


def _is_whole(piece: Piece) -> bool:
    """Whether a piece is all of its support: a solution in it is regular, with its orientation."""
    untouched = all(len(name) == 2 for name in piece.names)  # no factors
    simplices = all(
        sum(map(bool, vertex)) == 1 for vertices in piece.vertices for vertex in vertices
    )
    return untouched and simplices and not piece.used


def _accept(new: _Accepted, accepted: list[_Accepted], found: Found) -> None:
    """Keep a solution, unless another piece has it too; unresolved, if that cannot be told."""
    for old in accepted:
        gap = max(
            float(np.abs(x - y).max())
            for x, y in zip(old.entry.profile, new.entry.profile, strict=True)
        )
        if gap > old.entry.radius + new.entry.radius:
            continue
        same = is_same_solution(old.piece, new.piece, old.coordinates, old.radius)
        if same is None:
            found.unresolved.append(_point(new.entry))
        if same is not False:
            return
    accepted.append(new)
    found.isolated.append(new.entry)


def _point(entry: Isolated) -> Region:
    return tuple(part[np.newaxis] for part in entry.profile)


def _lies_in_a_smaller_support(piece: Piece, support: Support) -> bool:
    """Whether some action of the support is played nowhere in a piece."""
    return any(
        not any(vertex[a] for vertex in vertices)
        for own, vertices in zip(support, piece.vertices, strict=True)
        for a in own
    )


def _fits(piece: Piece, shape: Sequence[int]) -> bool:
    """Whether every polytope is a simplex with no more vertices than the player has actions."""
    return all(
        len(vertices) <= m and _is_simplex(vertices)
        for vertices, m in zip(piece.vertices, shape, strict=True)
    )


def _is_simplex(vertices: Sequence[Sequence[Fraction]]) -> bool:
    from flint import fmpq, fmpq_mat  # noqa: PLC0415

    rows = [[fmpq(x.numerator, x.denominator) for x in vertex] for vertex in vertices]
    return fmpq_mat(rows).rref()[1] == len(vertices)


def _rows(piece: Piece, sizes: Sequence[int]) -> Floats:
    """The conditions over all vertex profiles, each scaled to 1 at most."""
    rows: list[list[float]] = []
    for table in (*piece.equations, *piece.inequalities):
        scale = max(1, abs(table).max()) if table.size else 1
        spread = np.broadcast_to(table, sizes).ravel().tolist()
        largest = max(abs(value) for value in spread) or scale
        rows.append([float(Fraction(value) / largest) for value in spread])
    return np.array(rows)


def _coordinates(shape: Sequence[int], root: Root, sizes: Sequence[int]) -> list[Floats]:
    """A root's barycentric coordinates, which the search spreads over the players' actions."""
    parts = np.split(root.profile, np.cumsum(shape)[:-1])
    return [part[:size] for part, size in zip(parts, sizes, strict=True)]


def _of_piece(
    support: Support, piece: Piece, coordinates: list[Floats], radius: float, region: Region
) -> Isolated:
    """From barycentric coordinates to probabilities."""
    parts = [
        np.maximum(own @ vertices, 0.0) for own, vertices in zip(coordinates, region, strict=True)
    ]
    widest = max(len(vertices) for vertices in region)
    origin = Origin(support, piece, tuple(coordinates), radius)
    return Isolated(tuple(parts), widest * radius + 1e-15, None, None, origin)
