"""All equilibria of a two-player game, by complementary vertices of its best-response polytopes.

An equilibrium is *extreme* if both its strategies are vertices, up to scale, of the polytopes of
`best_response_polytopes`. The extreme equilibria are the pairs of vertices, other than the pair of
origins, in which every label is tight in one or the other; every equilibrium is a convex
combination of extreme ones whose strategies are interchangeable (Mangasarian 1964, Winkels 1979).
So the list is complete once both lists of vertices are, whether the game is degenerate or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from balancegame._words import counted
from balancegame.errors import SearchInterrupted
from balancegame.games.equilibrium_lists import ExactEquilibria, Strategy
from balancegame.games.integer_payoffs import IntegerPayoffs, integer_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import Components, Floats, NashResult
from balancegame.solvers.polytopes.polytope import Polytope, best_response_polytopes
from balancegame.solvers.polytopes.vertices import (
    profile_order,
    shapley_index,
    strategy,
    strategy_order,
)
from balancegame.solvers.two_players.complementary_vertices import Pair, Search, VertexEvidence
from balancegame.solvers.two_players.nash_subsets import (
    connected_components,
    maximal_cliques,
    vertex_array,
)

METHOD = "extreme equilibria"


def extreme_equilibria(game: NormalFormGame, *, max_equilibria: int | None = None) -> NashResult:
    """All extreme equilibria of a two-player game; `nash_equilibria` documents the result."""
    payoffs = integer_payoffs(game)
    polytopes = best_response_polytopes(payoffs)
    search = Search(polytopes)
    try:
        search.run(enough=max_equilibria)
        return _result(game, payoffs, polytopes, search.evidence(), max_equilibria)
    except KeyboardInterrupt:
        found = search.evidence()
        partial = VertexEvidence(found.bases, found.tight, finished=False)
        raise SearchInterrupted(
            _result(game, payoffs, polytopes, partial, max_equilibria)
        ) from None


def _result(
    game: NormalFormGame,
    payoffs: tuple[IntegerPayoffs, ...],
    polytopes: tuple[Polytope, Polytope],
    evidence: VertexEvidence,
    max_equilibria: int | None,
) -> NashResult:
    vertices = evidence.complementary_vertices(game.shape)
    strategies, ranks = zip(
        *(_strategies(polytopes[i], evidence, i, {pair[i] for pair in vertices}) for i in (0, 1)),
        strict=True,
    )
    pairs = [(ranks[0][first], ranks[1][second]) for first, second in vertices]
    pairs.sort(key=lambda pair: profile_order(strategies[0][pair[0]], strategies[1][pair[1]]))
    kept = pairs[:max_equilibria]
    complete = evidence.finished and len(kept) == len(pairs)
    membership = connected_components(kept)
    component_indices = (
        _component_indices(polytopes, evidence, dict(zip(pairs, membership, strict=True)), ranks)
        if complete
        else None
    )
    components = _components(strategies, kept, membership) if complete else None
    return NashResult(
        game,
        ExactEquilibria(
            game,
            payoffs,
            strategies,
            kept,
            _indices(membership, component_indices),
        ),
        method=METHOD,
        parameters={"max_equilibria": max_equilibria},
        complete=complete,
        reason=_reason(evidence, len(kept), len(pairs)),
        degenerate=evidence.has_degenerate_vertex() or (False if evidence.finished else None),
        components=components,
        component_indices=component_indices,
        membership=tuple(membership) if complete else None,
        evidence=evidence if complete else None,
    )


def _reason(evidence: VertexEvidence, kept: int, known: int) -> str:
    were = "was" if evidence.n_bases == 1 else "were"
    bases = counted(evidence.n_bases, "basis")
    visited = f"{bases} of the best-response polytopes {were} visited"
    if not evidence.finished:
        why = f": {evidence.halted}" if evidence.halted else ""
        return f"the search stopped after {visited}{why}; there may be more than these {kept}"
    reason = f"all {visited}, and each was proven feasible"
    if kept < known:
        reason += f"; the list was cut at max_equilibria = {kept} of {known}"
    return reason


def _strategies(
    polytope: Polytope, evidence: VertexEvidence, side: int, places: set[int]
) -> tuple[tuple[Strategy, ...], dict[int, int]]:
    """The strategies of some vertices in the order of results, and each vertex' rank in it."""
    found = {place: strategy(polytope, evidence.basis(side, place)) for place in places}
    ordered = sorted(places, key=lambda place: strategy_order(found[place]))
    ranks = {place: rank for rank, place in enumerate(ordered)}
    return tuple(found[place] for place in ordered), ranks


def _components(
    strategies: Sequence[Sequence[Strategy]], pairs: Sequence[Pair], membership: Sequence[int]
) -> Components:
    """Each component's maximal Nash subsets, as one array of vertices a player."""
    found: list[tuple[tuple[Floats, ...], ...]] = []
    grouped: dict[int, list[Pair]] = {}
    for pair, component in zip(pairs, membership, strict=True):
        grouped.setdefault(component, []).append(pair)
    for component in range(len(grouped)):
        cliques = maximal_cliques(grouped[component])
        found.append(
            tuple(
                tuple(
                    vertex_array([strategies[side][rank] for rank in ranks])
                    for side, ranks in enumerate(clique)
                )
                for clique in cliques
            )
        )
    return tuple(found)


def _component_indices(
    polytopes: tuple[Polytope, Polytope],
    evidence: VertexEvidence,
    component_of: dict[Pair, int],
    ranks: Sequence[dict[int, int]],
) -> tuple[int, ...]:
    """Each component's index: the sum over the equilibria of the perturbed game that lie in it.

    Perturbing the right sides is perturbing one player's payoffs, and the index of a component is
    the sum of its equilibria's in any nondegenerate game nearby (Ritzberger 1994).
    """
    sizes = polytopes[0].dimension, polytopes[1].dimension
    indices = [0] * (1 + max(component_of.values()))
    for (i, j), (first, second) in evidence.complementary_bases(sizes):
        component = component_of[ranks[0][first], ranks[1][second]]
        indices[component] += shapley_index(polytopes, evidence.basis(0, i), evidence.basis(1, j))
    return tuple(indices)


def _indices(
    membership: Sequence[int], component_indices: Sequence[int] | None
) -> tuple[int | None, ...]:
    """The index of each isolated equilibrium; None where it lies in a larger component."""
    if component_indices is None:
        return (None,) * len(membership)
    sizes = Counter(membership)
    return tuple(
        component_indices[component] if sizes[component] == 1 else None for component in membership
    )
