"""Bounds on what independent punishers can hold a player down to, by branch and bound.

The punishers' mixed profiles form a product of simplices. A region is a product of smaller ones,
given by their vertices. Against any weights on the player's own actions the punishers can do no
better within a region than at the best of its vertex profiles, because payoffs are linear in each
punisher's part: so each vector of weights gives a lower bound, and the best one is the solution of
a matrix game between own actions and vertex profiles, as if the punishers could correlate within
the region. The gap closes with the square of the region's size. Regions whose bound is not good
enough are bisected at their longest edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.solvers.polytopes.matrix_game_batch import solve_matrix_games

_UNIT = 2.0**-53
_CHUNK = 1 << 20  # cells of the tables that are bisected at once
_LARGEST_CHUNK = 512  # regions
_DEEPEST = 400  # bisections of one region
WEIGHT = 1 << 30
"""The sum of a leaf's integer weights."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Bisections:
    """Regions bisected in one go: node `parents[p]` gets children `first + 2 p` and the next.

    Attributes
    ----------
    parents : array, shape (p,)
    edges : array, shape (p, 3)
        Punisher, and two of his vertices: the first child has the middle between them instead of
        the former vertex, the second child instead of the latter.
    first : int
    weights : array, shape (2 p, m)
        The children's weights on own actions; integers that sum to `WEIGHT`.
    """

    parents: Places
    edges: Places
    first: int
    weights: Integers


@dataclass(frozen=True, slots=True)
class _Regions:
    """Regions side by side: their payoffs at vertex profiles, vertices, bounds, names, depths."""

    tables: Floats  # (r, m, m_1, ..., m_k)
    vertices: tuple[Floats, ...]  # (r, m_j, m_j) each
    bounds: Floats  # (r,)
    nodes: Places  # (r,)
    depths: Places  # (r,)

    def __getitem__(self, chosen: NDArray[np.bool_] | Places) -> _Regions:
        return _Regions(
            self.tables[chosen],
            tuple(corners[chosen] for corners in self.vertices),
            self.bounds[chosen],
            self.nodes[chosen],
            self.depths[chosen],
        )

    def __len__(self) -> int:
        return len(self.nodes)

    @staticmethod
    def joined(first: _Regions, second: _Regions) -> _Regions:
        return _Regions(
            np.concatenate([first.tables, second.tables]),
            tuple(map(np.concatenate, zip(first.vertices, second.vertices, strict=True))),
            np.concatenate([first.bounds, second.bounds]),
            np.concatenate([first.nodes, second.nodes]),
            np.concatenate([first.depths, second.depths]),
        )


@dataclass(frozen=True, slots=True)
class _State:
    """All that a search knows, exchanged at once so that an interruption cannot tear it."""

    open: _Regions
    closed: float  # the least bound of the regions that are done with
    n_records: int
    n_nodes: int
    upper: float
    profile: tuple[Floats, ...]


class PunishmentCover:
    """A covering of the punishers' profiles with lower bounds, refined until they are good enough.

    Parameters
    ----------
    payoffs : array, shape (m, m_1, ..., m_k)
        The player's payoffs within [0, 1], own actions first; each within 2^-50 of the truth.
    profile : tuple of arrays
        The best profile of punishers known.
    upper : float
        What it holds the player down to.
    """

    def __init__(self, payoffs: Floats, profile: tuple[Floats, ...], upper: float) -> None:
        self._sizes = payoffs.shape[1:]
        self._n_rows = payoffs.shape[0]
        root = _Regions(
            payoffs[None],
            tuple(np.eye(m)[None] for m in self._sizes),
            np.zeros(1),
            np.zeros(1, dtype=np.intp),
            np.zeros(1, dtype=np.intp),
        )
        root, weights, found, where = self._bounded(root, upper)
        self.root_weights: Integers = weights[0]
        self._records: list[Bisections] = []
        self._state = _State(root, math.inf, 0, 1, found, profile if where is None else where)

    @property
    def lower(self) -> float:
        """A proven lower bound, rounding included."""
        state = self._state
        return min(state.closed, float(state.open.bounds.min(initial=math.inf)))

    @property
    def upper(self) -> float:
        """What the best profile found holds the player down to, up to rounding."""
        return self._state.upper

    @property
    def profile(self) -> tuple[Floats, ...]:
        """The best profile found."""
        return self._state.profile

    @property
    def n_regions(self) -> int:
        """The number of regions of the covering."""
        return (self._state.n_nodes + 1) // 2

    @property
    def records(self) -> list[Bisections]:
        """The tree of bisections."""
        return self._records[: self._state.n_records]

    def refine(self, tol: float, max_regions: int) -> None:
        """Bisect until the bounds are within `tol`, or there are too many regions."""
        size = math.prod(self._sizes) * self._n_rows
        most = max(1, min(_LARGEST_CHUNK, _CHUNK // size))
        while True:
            state = self._state
            good = (state.open.bounds >= state.upper - tol) | (state.open.depths >= _DEEPEST)
            if good.any():
                closed = min(state.closed, float(state.open.bounds[good].min()))
                state = self._state = _State(
                    state.open[~good],
                    closed,
                    state.n_records,
                    state.n_nodes,
                    state.upper,
                    state.profile,
                )
            count = min(most, len(state.open), max_regions - self.n_regions)
            if count <= 0:
                return
            self._bisect(state, count)
            report("regions of punishments", self.n_regions, max_regions)

    def _bisect(self, state: _State, count: int) -> None:
        """Bisect the regions of the lowest bounds."""
        chosen = np.zeros(len(state.open), dtype=np.bool_)
        chosen[np.argsort(state.open.bounds, kind="stable")[:count]] = True
        parents = state.open[chosen]
        edges = _longest_edges(parents.vertices)
        halves = _halves(parents, edges, state.n_nodes)
        halves, weights, upper, profile = self._bounded(halves, state.upper)
        self._records.append(Bisections(parents.nodes, edges, state.n_nodes, weights))
        self._state = _State(
            _Regions.joined(state.open[~chosen], halves),
            state.closed,
            state.n_records + 1,
            state.n_nodes + 2 * count,
            upper,
            state.profile if profile is None else profile,
        )

    def _bounded(
        self, regions: _Regions, upper: float
    ) -> tuple[_Regions, Integers, float, tuple[Floats, ...] | None]:
        """Regions with bounds and weights; and the best profile they suggest, if it is better."""
        tables = regions.tables.reshape(len(regions), self._n_rows, -1)
        rows, columns = solve_matrix_games(tables)
        weights = _integer_weights(rows)
        rough = np.einsum("ra,rak->rk", weights / WEIGHT, tables).min(axis=1)
        # Entries are off by 8 units at the root and by one more after each bisection; sums of
        # products with weights that sum to 1 add one for each own action.
        bounds = rough - (regions.depths + self._n_rows + 12) * _UNIT
        regions = _Regions(regions.tables, regions.vertices, bounds, regions.nodes, regions.depths)
        parts = _marginals(columns.reshape(len(regions), *self._sizes))
        values = _ceilings(regions.tables, parts)
        best = int(np.argmin(values))
        if values[best] >= upper:
            return regions, weights, upper, None
        profile = tuple(
            part[best] @ corners[best]
            for part, corners in zip(parts, regions.vertices, strict=True)
        )
        return regions, weights, float(values[best]), profile


def _longest_edges(vertices: tuple[Floats, ...]) -> Places:
    """Of each region the punisher and the two vertices farthest apart, shape (r, 3)."""
    best = np.full(len(vertices[0]), -1.0)
    edges = np.zeros((len(best), 3), dtype=np.intp)
    for j, corners in enumerate(vertices):
        for x in range(corners.shape[1]):
            for y in range(x + 1, corners.shape[1]):
                length = ((corners[:, x] - corners[:, y]) ** 2).sum(axis=1)
                longer = length > best
                best[longer] = length[longer]
                edges[longer] = j, x, y
    return edges


def _halves(parents: _Regions, edges: Places, first_node: int) -> _Regions:
    """Both halves of each region, one after the other."""
    tables = np.repeat(parents.tables, 2, axis=0)
    vertices = tuple(np.repeat(corners, 2, axis=0) for corners in parents.vertices)
    for j, x, y in np.unique(edges, axis=0).tolist():
        places = np.flatnonzero((edges == (j, x, y)).all(axis=1))
        slices = np.moveaxis(parents.tables[places], j + 2, 1)
        middle = (slices[:, x] + slices[:, y]) / 2.0
        corner = (vertices[j][2 * places, x] + vertices[j][2 * places, y]) / 2.0
        for second, end in enumerate((x, y)):
            np.moveaxis(tables, j + 2, 1)[2 * places + second, end] = middle
            vertices[j][2 * places + second, end] = corner
    count = 2 * len(parents)
    return _Regions(
        tables,
        vertices,
        np.zeros(count),
        np.arange(first_node, first_node + count),
        np.repeat(parents.depths + 1, 2),
    )


def _integer_weights(rows: Floats) -> Integers:
    """Probabilities as integers that sum to `WEIGHT`; zeros stay zeros."""
    weights = np.rint(rows * WEIGHT).astype(np.int64)
    here = np.arange(len(rows))
    weights[here, weights.argmax(axis=1)] += WEIGHT - weights.sum(axis=1)
    return weights


def _marginals(joint: Floats) -> list[Floats]:
    """Each punisher's part of correlated punishments, shape (r, m_j) each."""
    axes = range(1, joint.ndim)
    return [joint.sum(axis=tuple(other for other in axes if other != axis)) for axis in axes]


def _ceilings(tables: Floats, parts: list[Floats]) -> Floats:
    """The most the player gets against independent parts, shape (r,)."""
    values = tables
    for part in reversed(parts):
        values = _contracted(values, part)
    return values.max(axis=1)


def _contracted(values: Floats, part: Floats) -> Floats:
    """The last axis averaged with each region's own weights."""
    return np.matmul(values.reshape(len(values), -1, part.shape[1]), part[:, :, None]).reshape(
        values.shape[:-1]
    )
