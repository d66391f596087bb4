"""The largest sum_{i<j} J_ij x_i x_j, proven, by branch and bound.

A node has some states bound to others, side by side or face to face: with groups for states it is
a smaller problem of the same kind. Its bound is that of `relaxation`; what is small enough is
solved by Russian dolls, in compiled code, unless that takes too many nodes; what a bound does not
exclude, by a search through its ellipsoid, unless that does. What is left branches on the pair of
groups whose product the relaxation leaves most undecided.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.alignment_dolls import solve_dolls
from balancegame._progress import report
from balancegame.solvers.alignments.ellipsoid import search_within
from balancegame.solvers.alignments.relaxation import Multipliers, upper_bound

_WHOLE_GAME = 62  # states up to which the dolls are tried on the whole game, for a while
_NODES = 500_000  # of the dolls: some 30 ms, less than a relaxation takes
_SMALL = 46  # groups up to which they are tried at a node
_NODES_WITHIN = 30_000_000
_ROOM = 1 << 10  # alignments kept that the leads cannot tell apart
_BLOCK_ROOM = 1 << 6

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the search knows: rows of sides, and the most any alignment's leads can add up to.

    ``complete`` says that every alignment whose leads add up to more than the best known less the
    slack is among the rows.
    """

    sides: Integers
    bound: int
    complete: bool
    nodes: int
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class _Node:
    """``member[i]``, ``sign[i]``: the group of state i and its side there; ``J``: of groups."""

    J: Integers
    offset: int
    member: Integers
    sign: Integers
    start: Multipliers | None

    def sides(self, groups: Integers) -> Integers:
        return groups[self.member] * self.sign

    def bound_together(self, i: int, j: int, s: int, start: Multipliers) -> _Node:
        """The node with group j joined to i, on the same side (s = 1) or across (-1)."""
        n = len(self.J)
        kept = np.delete(np.arange(n), j)
        place = np.empty(n, dtype=np.int64)
        place[kept] = np.arange(n - 1)
        place[j] = place[i]
        J = self.J.copy()
        J[i] += s * J[j]
        J[:, i] += s * J[:, j]
        J[i, i] = 0
        flip = np.ones(n, dtype=np.int64)
        flip[j] = s
        return _Node(
            np.ascontiguousarray(J[np.ix_(kept, kept)]),
            self.offset + s * int(self.J[i, j]),
            place[self.member],
            self.sign * flip[self.member],
            _joined(start, place, flip, kept, i, j),
        )


def _joined(
    start: Multipliers, place: Integers, flip: Integers, kept: Integers, i: int, j: int
) -> Multipliers:
    """Multipliers for the smaller problem: triangles move with their groups, if three are left."""
    diagonal = start.diagonal.copy()
    diagonal[i] += diagonal[j]
    triangles = start.triangles.copy()
    corners = triangles[:, :3]
    triangles[:, 3:] *= flip[corners]
    triangles[:, :3] = place[corners]
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    alive = (a != b) & (a != c) & (b != c) & (start.weights > 0.0)
    return Multipliers(
        diagonal[kept], triangles[alive], start.weights[alive], max(start.smoothing, 0.0) * 8
    )


class _Search:
    def __init__(self, J: Integers, slack: int, sides: Integers, deadline: float | None) -> None:
        n = len(J)
        self.slack = slack
        self.step = 0 if slack else 2  # sums of whole couplings have one parity
        self.found: list[Integers] = list(sides)
        self.best = max(int(x @ J @ x) // 2 for x in sides)
        self.overflow = False
        self.nodes = 0
        self.deadline = deadline
        order = np.argsort(-np.abs(J).sum(axis=1), kind="stable")
        member = np.empty(n, dtype=np.int64)
        member[order] = np.arange(n)
        self.root = _Node(
            np.ascontiguousarray(J[np.ix_(order, order)]), 0, member, np.ones(n, np.int64), None
        )

    @property
    def target(self) -> int:
        """The least sum that still has to be found."""
        return self.best + self.step - self.slack

    def by_dolls(self, node: _Node) -> bool:
        """Try to settle a node by Russian dolls."""
        order = np.argsort(-np.abs(node.J).sum(axis=1), kind="stable")
        room = np.empty((_ROOM if self.slack else 1, len(node.J)), dtype=np.int64)
        J = np.ascontiguousarray(node.J[np.ix_(order, order)])
        least = self.target - node.offset
        met, nodes = solve_dolls.compiled(
            J, least, self.slack + 1 if self.slack else 0, _NODES, room
        )
        self.nodes += int(nodes)
        settled = met >= 0
        met = met if settled else -1 - met
        self.overflow = self.overflow or (self.slack > 0 and met > len(room))
        for row in room[: min(met, len(room))]:
            groups = np.empty(len(row), dtype=np.int64)
            groups[order] = row
            self.add(node.sides(groups))
        return settled

    def within(self, node: _Node, at: Multipliers) -> bool:
        """Try to settle a node by a search through the ellipsoid of its multipliers."""
        least = self.target - node.offset
        slack = self.slack + 1 if self.slack else 0
        room = _BLOCK_ROOM if self.slack else 1
        found = search_within(node.J, at, least, slack, _NODES_WITHIN, room)
        self.nodes += found.nodes
        self.overflow = self.overflow or found.overflow
        for groups in found.rows:
            self.add(node.sides(groups))
        return found.settled

    def add(self, x: Integers) -> None:
        J, p = self.root.J, np.argsort(self.root.member)
        self.found.append(x)
        self.best = max(self.best, int(x[p] @ J @ x[p]) // 2)


def prove(J: Integers, slack: int, sides: Integers, *, seconds: float | None = None) -> Proof:
    """Search all alignments, starting from some good ones, shape (k, n) with k >= 1.

    ``slack`` is 0 where J holds the couplings themselves; otherwise all alignments within it of
    the best are looked for, so that exact couplings can decide between them.
    """
    deadline = None if seconds is None else monotonic() + seconds
    search = _Search(J, slack, sides, deadline)
    n = len(J)
    if n <= 2 or (n <= _WHOLE_GAME and search.by_dolls(search.root)):
        return _proof(search, search.best)
    ticket = count()
    whole = int(np.abs(J).sum()) // 2
    heap: list[tuple[int, int, _Node]] = [(-whole, next(ticket), search.root)]
    bound = whole
    try:
        while heap:
            most, _, node = heapq.heappop(heap)
            bound = min(bound, max(-most, search.best))
            if -most < search.target:
                heap.clear()
                break
            if search.deadline is not None and monotonic() > search.deadline:
                return _proof(search, bound)
            _branch(search, node, heap, ticket)
            report("branch and bound", search.nodes, search.nodes + len(heap))
    except KeyboardInterrupt:
        return _proof(search, bound, interrupted=True)
    return _proof(search, search.best)


def _branch(
    search: _Search, node: _Node, heap: list[tuple[int, int, _Node]], ticket: count[int]
) -> None:
    search.nodes += 1
    n = len(node.J)
    if node is not search.root and n <= _SMALL and search.by_dolls(node):
        return
    if n <= 2:  # pragma: no cover (the dolls settle such nodes)
        return
    relaxed = upper_bound(node.J, search.target - node.offset, node.start)
    bound = relaxed.bound + node.offset
    if bound < search.target:
        return
    if search.within(node, relaxed.multipliers):
        return
    i, j = _undecided(relaxed.matrix)
    for s in (1, -1):
        child = node.bound_together(i, j, s, relaxed.multipliers)
        heapq.heappush(heap, (-bound, next(ticket), child))


def _undecided(X: NDArray[np.float64]) -> tuple[int, int]:
    """The pair whose product is nearest to 0, among those of the most decided group."""
    off = X - np.diag(np.diag(X))
    hub = int(np.argmax((off**2).sum(axis=1)))
    row = np.abs(off[hub])
    row[hub] = np.inf
    other = int(np.argmin(row))
    return (hub, other) if hub < other else (other, hub)


def _proof(search: _Search, bound: int, *, interrupted: bool = False) -> Proof:
    done = bound <= search.best and not interrupted
    bound = search.best if done else max(bound, search.best)
    rows = np.array(search.found, dtype=np.int64)
    return Proof(rows, bound, done and not search.overflow, search.nodes, interrupted)
