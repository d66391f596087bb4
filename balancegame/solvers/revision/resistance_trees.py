"""Minimum-resistance trees to every root at once.

A tree directed to a root has one edge out of every other node. Each node's cheapest edge out is
paid whatever the root, unless the node is the root or holds it: so these costs are taken off, the
cycles that the cheapest edges close become single nodes, and so on until one node is left (the
contraction of Chu & Liu 1965 and Edmonds 1967; its nodes are the cycles of Freidlin & Wentzell).
What a tree to a root saves is the sum of these costs over the nodes that hold the root.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report


def tree_resistances(costs: NDArray[Any]) -> list[int]:
    """The least resistance of a tree to each root.

    Parameters
    ----------
    costs : array of integers, shape (k, k)
        From each node to each other; the diagonal is not read. int64 sums must not overflow in a
        row; totals are Python integers.
    """
    k = len(costs)
    table = costs.copy()
    nodes = [[v] for v in range(k)]
    total = 0
    saved = [0] * k
    while len(nodes) > 1:
        report("resistance trees", k - len(nodes), k)
        table, nodes, spent = _contracted(table, nodes, saved)
        total += spent
    return [total - one for one in saved]


def _contracted(
    table: NDArray[Any], nodes: list[list[int]], saved: list[int]
) -> tuple[NDArray[Any], list[list[int]], int]:
    """Take off the cheapest edges' costs and merge the cycles they close; what they cost."""
    size = len(nodes)
    far = int(table.max()) + 1
    table[np.diag_indices(size)] = far
    cheapest = table.argmin(axis=1)
    cost = table[np.arange(size), cheapest]
    table = table - cost[:, None]
    for node, own in zip(nodes, cost.tolist(), strict=True):
        for root in node:
            saved[root] += own
    heads = _cycle_heads(cheapest.tolist())
    kept = sorted(set(heads))
    place = {head: new for new, head in enumerate(kept)}
    label = np.array([place[head] for head in heads])
    order = np.argsort(label, kind="stable")
    begins = np.flatnonzero(np.diff(label[order], prepend=-1))
    merged = np.minimum.reduceat(table[order], begins, axis=0)
    merged = np.minimum.reduceat(merged[:, order], begins, axis=1)
    joined: list[list[int]] = [[] for _ in kept]
    for node, new in zip(nodes, label.tolist(), strict=True):
        joined[new].extend(node)
    return merged, joined, sum(cost.tolist())


def _cycle_heads(towards: list[int]) -> list[int]:
    """For each node the least node of its cycle, or itself if it lies on none."""
    size = len(towards)
    heads = list(range(size))
    seen = [-1] * size
    for start in range(size):
        here = start
        while seen[here] < 0:
            seen[here] = start
            here = towards[here]
        if seen[here] == start:
            cycle = [here]
            while towards[cycle[-1]] != here:
                cycle.append(towards[cycle[-1]])
            for node in cycle:
                heads[node] = min(cycle)
    return heads
