"""All Nash equilibria of games of three and more players, with proof.

Pure equilibria are read off the table. For each support in which somebody mixes the conditions are
solved by subdivision (Porter, Nudelman & Shoham 2008 on supports; Sherbrooke & Patrikalakis 1993 on
subdivision with preconditioning), which finds every regular solution and proves that there is no
other. Supports with ties, or with solutions that are not isolated, are solved in rationals as far
as their equilibria are products of polytopes. What is left is reported as unresolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.errors import SearchInterrupted
from balancegame.games.integer_payoffs import IntegerTables, integer_tables
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import counted
from balancegame.games.results import Components, NashResult
from balancegame.solvers.exact_supports import (
    Piece,
    Product,
    conditions,
    decompose,
    mixture_slopes,
    mixture_value,
)
from balancegame.solvers.isolated import (
    Isolated,
    IsolatedEquilibria,
    Origin,
    Rational,
    exactly,
    rational_profile,
)
from balancegame.solvers.many_players_certificate import MOST_REGIONS, SearchEvidence
from balancegame.solvers.product_components import maximal_products, product_components
from balancegame.solvers.pure_nash import pure_nash
from balancegame.solvers.stuck_pieces import is_same_solution, sign_verdict
from balancegame.solvers.support_profiles import MOST_SUPPORTS, TooManySupports
from balancegame.solvers.support_search import (
    Root,
    SupportSearch,
    actions_of,
    open_supports,
)

METHOD = "support enumeration by subdivision"

Floats = NDArray[np.float64]
Region = tuple[Floats, ...]
Support = tuple[tuple[int, ...], ...]


@dataclass(slots=True, eq=False)
class _Found:
    """What is known so far: regular equilibria, products of polytopes, and open regions."""

    isolated: list[Isolated] = field(default_factory=list[Isolated])
    products: list[Product] = field(default_factory=list[Product])
    unresolved: list[Region] = field(default_factory=list[Region])
    n_stuck: int = 0
    n_ties: int = 0


def all_equilibria(
    game: NormalFormGame, *, max_equilibria: int | None = None, max_supports: int | None = None
) -> NashResult:
    """The equilibria of a game of any number of players; `nash_equilibria` documents the result."""
    payoffs = integer_tables(game)
    try:
        listed = pure_nash(game)
    except KeyboardInterrupt:
        raise SearchInterrupted(_nothing(game)) from None
    pure = [found.exact for found in listed if found.exact is not None]
    if game.n_players == 1:
        return _best_actions(game, payoffs, listed, pure)
    try:
        search = SupportSearch(game, payoffs, max_supports)
    except TooManySupports:
        return _pure_only(listed, max_equilibria, max_supports)
    except KeyboardInterrupt:
        raise SearchInterrupted(_pure_only(listed, max_equilibria, max_supports)) from None
    found = _Found()
    try:
        enough = None if max_equilibria is None else max_equilibria - len(pure)
        if enough is None or enough >= 0:
            search.run(enough=enough)
        _resolve(game, payoffs, search, found)
        return _result(game, payoffs, pure, found, search, "", max_equilibria)
    except KeyboardInterrupt:
        partial = _result(game, payoffs, pure, _sure(search), search, "it was interrupted")
        raise SearchInterrupted(partial) from None


def _nothing(game: NormalFormGame) -> NashResult:
    return NashResult(
        game, [], method=METHOD, complete=False, reason="it was interrupted before any was found"
    )


def _best_actions(
    game: NormalFormGame, payoffs: IntegerTables, listed: NashResult, pure: Sequence[Rational]
) -> NashResult:
    """The equilibria of a single player: the mixtures of his best actions."""
    best = tuple(part for (part,) in pure)
    entries, membership, components, _ = _assemble(payoffs, [], [(best,)])
    return NashResult(
        game,
        IsolatedEquilibria(game, payoffs, entries),
        method=listed.method,
        complete=True,
        reason=listed.reason,
        degenerate=len(best) > 1,
        components=components,
        component_indices=(1,),
        membership=membership,
    )


def _pure_only(
    listed: NashResult, max_equilibria: int | None, max_supports: int | None
) -> NashResult:
    most = MOST_SUPPORTS if max_supports is None else max_supports
    return NashResult(
        listed.game,
        listed[:],
        method=listed.method,
        parameters={"max_equilibria": max_equilibria, "max_supports": max_supports},
        complete=False,
        reason=f"{listed.reason}; mixed equilibria were not searched for, as conditional dominance "
        f"leaves more than {most:,} supports, or a player has more than 60 actions",
        pure_only=True,
    )


def _sure(search: SupportSearch) -> _Found:
    """Of an unfinished search, the equilibria that are beyond doubt."""
    found = _Found()
    for roots in list(search.roots.values()):
        found.isolated += [_isolated(search.game, root) for root in roots if root.decided]
    return found


def _resolve(
    game: NormalFormGame, payoffs: IntegerTables, search: SupportSearch, found: _Found
) -> None:
    """Sort what the search found; supports it could not settle are solved in rationals."""
    ties = open_supports(search)
    found.n_ties = len(ties)
    for k, roots in search.roots.items():
        if k not in ties:
            found.isolated += [_isolated(game, root) for root in roots]
    for done, k in enumerate(sorted(ties)):
        report("supports in rationals", done, len(ties))
        support = actions_of(search.supports[k].tolist(), game.shape)
        products, stuck = decompose(payoffs.tables, support)
        found.products += products
        found.n_stuck += len(stuck)
        accepted: list[_Accepted] = []
        for piece in stuck:
            _resolve_piece(game, payoffs, search, support, piece, accepted, found)


def _isolated(game: NormalFormGame, root: Root) -> Isolated:
    cuts = np.cumsum(game.shape)[:-1]
    parts = [np.maximum(part, 0.0) for part in np.split(root.profile, cuts)]
    return Isolated(tuple(parts), root.radius, None, root.index)


@dataclass(slots=True, eq=False)
class _Accepted:
    """A solution of a stuck piece, kept to be compared with those of other pieces."""

    piece: Piece
    coordinates: list[Floats]
    radius: float
    entry: Isolated


def _resolve_piece(
    game: NormalFormGame,
    payoffs: IntegerTables,
    search: SupportSearch,
    support: Support,
    piece: Piece,
    accepted: list[_Accepted],
    found: _Found,
) -> None:
    """A stuck piece: solved by subdivision, where its solutions are regular, or unresolved."""
    if _lies_in_a_smaller_support(piece, support):
        return
    sizes = [len(vertices) for vertices in piece.vertices]
    dimension = sum(size - 1 for size in sizes)
    region = tuple(
        np.array([[float(x) for x in vertex] for vertex in vertices]) for vertices in piece.vertices
    )
    if len(piece.equations) != dimension or not _fits(piece, game.shape):
        found.unresolved.append(region)
        return
    regular, roots = search.solve_rows([(1 << size) - 1 for size in sizes], _rows(piece, sizes))
    if not regular:
        found.unresolved.append(region)
        return
    for root in roots:
        coordinates = _coordinates(game, root, sizes)
        entry = _of_piece(piece, coordinates, root.radius, region)
        exact = rational_profile(payoffs, entry)
        if exact is not None:
            found.products.append(tuple((part,) for part in exact))
            continue
        verdict = 1 if root.decided else sign_verdict(piece, support, coordinates, root.radius)
        if verdict > 0:
            _accept(_Accepted(piece, coordinates, root.radius, entry), accepted, found)
        elif verdict == 0:
            found.unresolved.append(_point(entry))


def _accept(new: _Accepted, accepted: list[_Accepted], found: _Found) -> None:
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


def _coordinates(game: NormalFormGame, root: Root, sizes: Sequence[int]) -> list[Floats]:
    """A root's barycentric coordinates, which the search spreads over the players' actions."""
    parts = np.split(root.profile, np.cumsum(game.shape)[:-1])
    return [part[:size] for part, size in zip(parts, sizes, strict=True)]


def _of_piece(piece: Piece, coordinates: list[Floats], radius: float, region: Region) -> Isolated:
    """From barycentric coordinates to probabilities. The orientation is lost, and the index."""
    parts = [
        np.maximum(own @ vertices, 0.0) for own, vertices in zip(coordinates, region, strict=True)
    ]
    widest = max(len(vertices) for vertices in region)
    origin = Origin(piece, tuple(coordinates), radius)
    return Isolated(tuple(parts), widest * radius + 1e-15, None, None, origin)


def _result(
    game: NormalFormGame,
    payoffs: IntegerTables,
    pure: Sequence[Rational],
    found: _Found,
    search: SupportSearch,
    halted: str,
    max_equilibria: int | None = None,
) -> NashResult:
    """Put together isolated equilibria, products of polytopes, and their components."""
    singles = [tuple((part,) for part in profile) for profile in pure]
    entries, membership, components, indices = _assemble(
        payoffs, found.isolated, maximal_products([*found.products, *singles])
    )
    done = len(search.finished) == len(search.supports) and not halted
    complete = done and not found.unresolved
    unknown = [place for place, index in enumerate(indices) if index is None]
    if complete and len(unknown) == 1:
        indices[unknown[0]] = 1 - sum(index for index in indices if index is not None)
    degenerate = bool(unknown) or bool(found.unresolved) or len(components) < len(entries)
    return NashResult(
        game,
        IsolatedEquilibria(game, payoffs, entries),
        method=METHOD,
        parameters={"max_equilibria": max_equilibria},
        complete=complete,
        reason=_reason(search, found, halted, done=done),
        degenerate=degenerate if complete or degenerate else None,
        components=components,
        component_indices=tuple(index for index in indices if index is not None)
        if None not in indices
        else None,
        membership=membership,
        unresolved=tuple(found.unresolved),
        evidence=_evidence(search, found) if complete else None,
    )


def _evidence(search: SupportSearch, found: _Found) -> SearchEvidence | None:
    """What a certificate is written from; None where the proof has parts it cannot hold."""
    if found.n_stuck or search.n_regions > MOST_REGIONS:
        return None
    return SearchEvidence(search.game, tuple(sorted(open_supports(search))))


def _assemble(
    payoffs: IntegerTables, isolated: Sequence[Isolated], products: Sequence[Product]
) -> tuple[list[Isolated], tuple[int, ...], Components, list[int | None]]:
    """Entries in order, each one's component, and the components with their indices if known."""
    members: list[tuple[Isolated, int]] = [(entry, k) for k, entry in enumerate(isolated)]
    subsets: list[list[tuple[Floats, ...]]] = [
        [tuple(part[np.newaxis] for part in entry.profile)] for entry in isolated
    ]
    indices: list[int | None] = [entry.index for entry in isolated]
    for group in product_components(products):
        vertices = sorted({profile for k in group for profile in product(*products[k])})
        alone = len(vertices) == 1
        index = regular_index(payoffs, vertices[0]) if alone else None
        members += [(exactly(profile, index), len(subsets)) for profile in vertices]
        subsets.append(
            [
                tuple(np.array([[float(x) for x in v] for v in part]) for part in products[k])
                for k in group
            ]
        )
        indices.append(index)
    members.sort(key=lambda member: member[0].order)
    order = list(dict.fromkeys(k for _, k in members))
    renamed = {k: place for place, k in enumerate(order)}
    return (
        [entry for entry, _ in members],
        tuple(renamed[k] for _, k in members),
        tuple(tuple(subsets[k]) for k in order),
        [indices[k] for k in order],
    )


def regular_index(payoffs: IntegerTables, profile: Rational) -> int | None:
    """Shapley's (1974) index of a rational equilibrium; None if it is not regular.

    The sign of the determinant of minus the derivatives of the gains by the probabilities, over the
    support, where every other action loses.
    """
    from flint import fmpq, fmpq_mat  # noqa: PLC0415

    support = tuple(tuple(a for a, chance in enumerate(part) if chance) for part in profile)
    equations, inequalities = conditions(payoffs.tables, support)
    played = [[part[a] for a in own] for part, own in zip(profile, support, strict=True)]
    if any(mixture_value(table, played) <= 0 for table in inequalities):
        return None
    slopes = [mixture_slopes(table, played) for table in equations]
    matrix = [[fmpq(-x.numerator, x.denominator) for x in row] for row in slopes]
    determinant = fmpq_mat(matrix).det() if matrix else fmpq(1)
    return None if determinant == 0 else 1 if determinant > 0 else -1


def _reason(search: SupportSearch, found: _Found, halted: str, *, done: bool) -> str:
    if not done:
        left = len(search.supports) - len(search.finished)
        why = halted or "the search was stopped once enough were known"
        return f"{why}; {left:,} of {counted(len(search.supports), 'support')} were not finished"
    if found.unresolved:
        return (
            f"{counted(len(found.unresolved), 'region')} of profiles could not be resolved, see "
            "`unresolved`: the conditions of a tie curve there"
        )
    count = search.game.n_profiles
    pure = "the pure profile was" if count == 1 else f"all {count:,} pure profiles were"
    if not len(search.supports):
        mixed = "no support in which somebody mixes"
    else:
        regions = counted(search.n_regions, "region")
        mixed = (
            f"{counted(len(search.supports), 'mixed support')}; of their {regions} each was "
            "excluded or proven to hold one solution"
        )
    if found.n_ties:
        mixed += f"; {counted(found.n_ties, 'support')} with ties solved in rationals"
    return f"{pure} checked exactly; conditional dominance leaves {mixed}"
