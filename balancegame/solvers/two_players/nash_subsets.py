"""Maximal Nash subsets and connected components of a two-player game's equilibria.

A set S x T of mixed strategies is a *Nash subset* if every pair in it is an equilibrium. The
equilibria of a two-player game are the union of finitely many maximal ones, each the product of two
polytopes whose vertices pair to extreme equilibria (Millham 1974, Winkels 1979, Jansen 1981). Join
two strategies by an edge if they form an extreme equilibrium: the maximal Nash subsets are the
maximal cliques of this bipartite graph, and its connected components are the topological ones of
the equilibrium set (Avis, Rosenberg, Savani & von Stengel 2010, section 5).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balancegame.games.equilibrium_lists import Strategy

Pair = tuple[int, int]
Clique = tuple[tuple[int, ...], tuple[int, ...]]


def connected_components(pairs: Sequence[Pair]) -> list[int]:
    """For each edge of a bipartite graph, the number of its component, by first appearance."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for first, second in pairs:
        parent[root((0, first))] = root((1, second))
    numbers: dict[tuple[int, int], int] = {}
    return [numbers.setdefault(root((0, first)), len(numbers)) for first, _ in pairs]


def maximal_cliques(pairs: Sequence[Pair]) -> list[Clique]:
    """The maximal complete bipartite subgraphs, by first appearance of their strategies.

    Each is the set of common partners of some strategies of player 0, with all who share them:
    such sets are closed under intersection, and are collected strategy by strategy (Ganter's 1984
    closed sets). Costs the number of strategies times the number of cliques.
    """
    columns = sorted({second for _, second in pairs})
    place = {second: k for k, second in enumerate(columns)}
    partners: dict[int, int] = {}
    for first, second in pairs:
        partners[first] = partners.get(first, 0) | 1 << place[second]
    common: set[int] = set()
    for mask in partners.values():
        common |= {mask, *(known & mask for known in common)}
    common.discard(0)
    cliques = [
        (
            tuple(sorted(first for first, mask in partners.items() if mask & shared == shared)),
            tuple(second for k, second in enumerate(columns) if shared >> k & 1),
        )
        for shared in common
    ]
    return sorted(cliques)


def vertex_array(strategies: Sequence[Strategy]) -> NDArray[np.float64]:
    """Strategies as rows of a read-only array."""
    array = np.array([[float(chance) for chance in strategy] for strategy in strategies])
    array.setflags(write=False)
    return array
