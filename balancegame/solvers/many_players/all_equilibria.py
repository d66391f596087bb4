"""All Nash equilibria of games of three and more players, with proof.

Pure equilibria are read off the table. For each support in which somebody mixes the conditions are
solved by subdivision (Porter, Nudelman & Shoham 2008 on supports; Sherbrooke & Patrikalakis 1993 on
subdivision with preconditioning), which finds every regular solution and proves that there is no
other. Supports with ties, or with solutions that are not isolated, are solved in rationals as far
as their equilibria are products of polytopes. What is left is reported as unresolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from balancegame._words import counted
from balancegame.errors import SearchInterrupted
from balancegame.games.integer_payoffs import IntegerTables, integer_tables
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import Components, NashResult
from balancegame.solvers.many_players.certificate import MOST_REGIONS, SearchEvidence
from balancegame.solvers.many_players.exact_supports import (
    Product,
    conditions,
    mixture_slopes,
    mixture_value,
)
from balancegame.solvers.many_players.isolated import (
    Isolated,
    IsolatedEquilibria,
    Rational,
    exactly,
)
from balancegame.solvers.many_players.product_components import maximal_products, product_components
from balancegame.solvers.many_players.support_profiles import (
    MOST_ACTIONS,
    MOST_SUPPORTS,
    TooManySupports,
)
from balancegame.solvers.many_players.support_search import Root, SupportSearch, open_supports
from balancegame.solvers.many_players.tied_supports import Found, solve_ties
from balancegame.solvers.pure_nash import pure_nash

METHOD = "support enumeration by subdivision"

Floats = NDArray[np.float64]


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
    try:
        enough = None if max_equilibria is None else max_equilibria - len(pure)
        if enough is None or enough >= 0:
            search.run(enough=enough)
        found = _sorted_out(payoffs, search)
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
    small = max(listed.game.shape) <= MOST_ACTIONS
    return NashResult(
        listed.game,
        listed[:],
        method=listed.method,
        parameters={"max_equilibria": max_equilibria, "max_supports": max_supports},
        complete=False,
        reason=f"{listed.reason}; mixed equilibria were not searched for, as conditional dominance "
        f"leaves {f'more than {most:,} supports' if small else 'a player more than 60 actions'}",
        pure_only=True,
    )


def _sure(search: SupportSearch) -> Found:
    """Of an unfinished search, the equilibria that are beyond doubt."""
    found = Found()
    for roots in list(search.roots.values()):
        found.isolated += [_isolated(search.game, root) for root in roots if root.decided]
    return found


def _sorted_out(payoffs: IntegerTables, search: SupportSearch) -> Found:
    """What the search found, supports it could not settle solved in rationals."""
    ties = open_supports(search)
    found = solve_ties(payoffs, search, sorted(ties))
    for k, roots in search.roots.items():
        if k not in ties:
            found.isolated += [_isolated(search.game, root) for root in roots]
    return found


def _isolated(game: NormalFormGame, root: Root) -> Isolated:
    cuts = np.cumsum(game.shape)[:-1]
    parts = [np.maximum(part, 0.0) for part in np.split(root.profile, cuts)]
    return Isolated(tuple(parts), root.radius, None, root.index)


def _result(
    game: NormalFormGame,
    payoffs: IntegerTables,
    pure: Sequence[Rational],
    found: Found,
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


def _evidence(search: SupportSearch, found: Found) -> SearchEvidence | None:
    """What a certificate is written from; None where the proof has parts it cannot hold."""
    if search.n_regions > MOST_REGIONS or any(entry.reaches_zero for entry in found.isolated):
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


def _reason(search: SupportSearch, found: Found, halted: str, *, done: bool) -> str:
    n_supports = len(search.supports)
    if not done:
        left = n_supports - len(search.finished)
        why = halted or "the search was stopped once enough were known"
        if halted and not left:
            return f"{why} while supports with ties were solved in rationals"
        return f"{why}; {left:,} of {counted(n_supports, 'support')} were not finished"
    if found.unresolved:
        return (
            f"{counted(len(found.unresolved), 'region')} of profiles could not be resolved, see "
            "`unresolved`: the conditions of a tie curve there"
        )
    count = search.game.n_profiles
    pure = "the pure profile was" if count == 1 else f"all {count:,} pure profiles were"
    if not n_supports:
        mixed = "no support in which somebody mixes"
    else:
        ties = open_supports(search)
        regions = search.n_regions - int(search.visited[sorted(ties)].sum())
        mixed = f"{counted(n_supports, 'mixed support')}"
        if ties:
            mixed += f", of which {len(ties):,} with ties were solved in rationals"
        if regions:
            mixed += (
                f"; of {'the other' if ties else 'their'} {counted(regions, 'region')} each was "
                "excluded or proven to hold one solution"
            )
    return f"{pure} checked exactly; conditional dominance leaves {mixed}"
