"""What independent punishers can hold a player down to: exact bounds, and a punishment.

The search itself is in floats (`punishment_cover`); here its results become rationals, and where
they allow it, the bounds are made to meet.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.minmax.alternating_punishments import alternate, starts
from balancegame.solvers.minmax.punishment_cover import Bisections, PunishmentCover
from balancegame.solvers.own_table import OwnTable, exactly
from balancegame.solvers.polytopes.matrix_game import MatrixSolution, solve_matrix_game

_PLAIN_DENOMINATOR = 64
_FINE = 1 << 45
_NOISE = 1e-7
_MOST_CELLS = 1 << 23  # of the tables of all regions together, by default
_FEW_CELLS = 50_000  # of tables that are handled in rationals

Floats = NDArray[np.float64]
Part = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A region of the covering, with weights on own actions that prove its bound."""

    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bisection:
    """A region that was bisected between vertices `x` and `y` of one punisher."""

    punisher: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Covering:
    """Why the lower bound holds: regions of the punishers' profiles, by repeated bisection.

    Attributes
    ----------
    kept : tuple of tuple of int
        For each punisher the actions that the regions are made of.
    dropped : tuple of (int, int, int)
        Punisher, action, and an action that never gives the player more: in this order the others
        can be left out, one after the other.
    root_weights : tuple of int
    records : tuple of Bisections
    better_weights : dict
        For some nodes, weights that prove more than those in the records.
    """

    kept: tuple[tuple[int, ...], ...]
    dropped: tuple[tuple[int, int, int], ...]
    root_weights: tuple[int, ...]
    records: tuple[Bisections, ...]
    better_weights: dict[int, tuple[int, ...]]

    def nodes(self) -> Iterator[tuple[int, Leaf | Bisection]]:
        """The tree in preorder: each node's number, and what became of it."""
        edges: dict[int, tuple[int, Bisection]] = {}
        weights: dict[int, Any] = {0: self.root_weights}
        for record in self.records:
            for p, (node, edge) in enumerate(
                zip(record.parents.tolist(), record.edges.tolist(), strict=True)
            ):
                edges[node] = record.first + 2 * p, Bisection(*edge)
            weights.update(enumerate(record.weights.tolist(), record.first))
        waiting = [0]
        while waiting:
            node = waiting.pop()
            if node in edges:
                first, edge = edges[node]
                waiting += [first + 1, first]
                yield node, edge
            else:
                better = self.better_weights
                yield node, Leaf(better[node] if node in better else tuple(weights[node]))


@dataclass(frozen=True, slots=True)
class Punishment:
    """Exact bounds on what independent punishers can hold the player down to.

    Attributes
    ----------
    lower, upper : Fraction
    profile : tuple of tuple of Fraction
        The punishers' parts that hold him down to `upper`.
    correlated : MatrixSolution
        The value if the punishers could correlate their actions; his own optimal weights, and
        their distribution on joint actions.
    covering : Covering or None
        None where the correlated value proves the lower bound.
    n_regions : int
    interrupted : bool
    """

    lower: Fraction
    upper: Fraction
    profile: tuple[Part, ...]
    correlated: MatrixSolution
    covering: Covering | None = None
    n_regions: int = 1
    interrupted: bool = False


def affordable_regions(table: OwnTable, most: int) -> int:
    """A number of regions whose tables together fit into a few dozen megabytes."""
    return max(1, min(most, _MOST_CELLS // table.values.size))


def punish(table: OwnTable, sizes: Sequence[int], tol: float, max_regions: int) -> Punishment:
    """Bounds on the player's minmax value in mixed actions.

    Parameters
    ----------
    table : OwnTable, of m rows and as many columns as the punishers have joint actions
    sizes : sequence of int
        The number of actions of each punisher.
    tol : float
        The gap to reach, as a share of the payoffs' range.
    max_regions : int
        The most regions a covering may have.
    """
    upper, column = table.least_ceiling()
    profile = _pure_parts(column, sizes)
    correlated = solve_matrix_game(table)
    if upper == correlated.value:
        return Punishment(upper, upper, profile, correlated)
    separate = marginals(correlated.columns, sizes)
    value = ceiling(table, sizes, separate)
    if value < upper:
        upper, profile = value, separate
    if upper == correlated.value:
        return Punishment(upper, upper, profile, correlated)
    return _Search(table, tuple(sizes), correlated, upper, profile).run(tol, max_regions)


class _Search:
    """Branch and bound on the table without useless actions, and back."""

    def __init__(
        self,
        table: OwnTable,
        sizes: tuple[int, ...],
        correlated: MatrixSolution,
        upper: Fraction,
        profile: tuple[Part, ...],
    ) -> None:
        self._table, self._sizes, self._correlated = table, sizes, correlated
        self._upper, self._profile = upper, profile
        values = table.values.reshape(-1, *sizes)
        self._kept, self._dropped = _without_useless(values)
        self._values = values[np.ix_(range(len(values)), *self._kept)]
        self._payoffs, self._least, self._range = _unit_interval(self._values, table.denominator)

    def run(self, tol: float, max_regions: int) -> Punishment:
        start = alternate(self._payoffs, starts(self._payoffs))
        cover = PunishmentCover(self._payoffs, *start)
        interrupted = False
        try:
            cover.refine(0.99 * tol, max_regions)
        except KeyboardInterrupt:
            interrupted = True
        self._improve(cover.profile)
        lower = self._least + self._range * Fraction(cover.lower)
        covering = Covering(
            tuple(map(tuple, self._kept)),
            self._dropped,
            tuple(cover.root_weights.tolist()),
            tuple(cover.records),
            {},
        )
        if not interrupted and cover.n_regions * self._payoffs.size <= _FEW_CELLS:
            lower, covering = self._sharpened(covering)
        lower = min(lower, self._upper)
        if lower <= self._correlated.value:
            lower, covering = self._correlated.value, None
        return Punishment(
            lower,
            self._upper,
            self._profile,
            self._correlated,
            covering,
            cover.n_regions,
            interrupted,
        )

    def _improve(self, found: tuple[Floats, ...]) -> None:
        """Take rationals near a profile, and the best reply of one punisher to the rest."""
        for as_rationals in (_plainly, _finely):
            short = [as_rationals(part) for part in found]
            parts = [
                tuple(part[kept.index(a)] if a in kept else Fraction(0) for a in range(m))
                for part, kept, m in zip(short, self._kept, self._sizes, strict=True)
            ]
            self._offer(tuple(parts))
            if math.prod(self._sizes) * self._table.n_rows > _FEW_CELLS:
                continue
            for j, part in enumerate(parts):
                if max(part) < 1:
                    own = _best_part(self._table, self._sizes, parts, j)
                    self._offer((*parts[:j], own, *parts[j + 1 :]))

    def _offer(self, parts: tuple[Part, ...]) -> None:
        value = ceiling(self._table, self._sizes, parts)
        if value < self._upper:
            self._upper, self._profile = value, parts

    def _sharpened(self, covering: Covering) -> tuple[Fraction, Covering]:
        """The least bound of all leaves in rationals, with the best weights where that matters."""
        denominator = self._table.denominator
        whole = np.array(
            [Fraction(value) / denominator for value in self._values.ravel().tolist()], dtype=object
        ).reshape(self._values.shape)
        better: dict[int, tuple[int, ...]] = {}
        lower = self._upper
        waiting = [whole]
        for node, found in covering.nodes():
            here = waiting.pop()
            if isinstance(found, Bisection):
                waiting += _halves(here, found)
                continue
            matrix = here.reshape(len(here), -1)
            total = sum(found.weights)
            bound = min(_weighted(found.weights, matrix)) / total
            if bound < self._upper:
                solved = solve_matrix_game(OwnTable(matrix))
                if solved.value > bound:
                    bound = solved.value
                    better[node] = _whole(solved.rows)
            lower = min(lower, bound)
        return lower, Covering(
            covering.kept, covering.dropped, covering.root_weights, covering.records, better
        )


def ceiling(table: OwnTable, sizes: Sequence[int], parts: Sequence[Part]) -> Fraction:
    """The most the player gets against independent parts, exactly."""
    return max(payoffs_against(table, sizes, parts))


def payoffs_against(table: OwnTable, sizes: Sequence[int], parts: Sequence[Part]) -> list[Fraction]:
    """What each row gets against independent parts, exactly."""
    if not parts:
        return [row[0] for row in table.exact([0])]
    supports = [[a for a, chance in enumerate(part) if chance] for part in parts]
    cells = list(itertools.product(*supports))
    places = np.ravel_multi_index(tuple(np.array(cells).T), tuple(sizes))
    columns = [int(place) for place in np.atleast_1d(places)]
    chances = [math.prod(map(tuple.__getitem__, parts, cell), start=Fraction(1)) for cell in cells]
    return [sum(map(mul, row, chances), start=Fraction(0)) for row in table.exact(columns)]


def _best_part(table: OwnTable, sizes: Sequence[int], parts: Sequence[Part], punisher: int) -> Part:
    """What a punisher does best, the others' parts given."""
    matrix = [
        payoffs_against(
            table,
            sizes,
            [pure_part(m, a) if j == punisher else parts[j] for j, m in enumerate(sizes)],
        )
        for a in range(sizes[punisher])
    ]
    solved = solve_matrix_game(OwnTable(np.array(matrix, dtype=object).T))
    return tuple(solved.columns.get(a, Fraction(0)) for a in range(sizes[punisher]))


def pure_part(length: int, action: int) -> Part:
    """One action for certain."""
    return tuple(Fraction(int(a == action)) for a in range(length))


def _pure_parts(column: int, sizes: Sequence[int]) -> tuple[Part, ...]:
    cell = np.unravel_index(column, tuple(sizes)) if len(sizes) else ()
    return tuple(pure_part(m, int(a)) for m, a in zip(sizes, cell, strict=True))


def marginals(columns: dict[int, Fraction], sizes: Sequence[int]) -> tuple[Part, ...]:
    """Each punisher's part of a distribution on joint actions."""
    parts = [[Fraction(0)] * m for m in sizes]
    for column, chance in columns.items():
        for part, a in zip(parts, np.unravel_index(column, tuple(sizes)), strict=True):
            part[int(a)] += chance
    return tuple(map(tuple, parts))


def _without_useless(
    values: NDArray[Any],
) -> tuple[list[list[int]], tuple[tuple[int, int, int], ...]]:
    """The punishers' actions but those that some other never gives the player more than.

    Replacing such an action by the other raises no payoff, so that the value is the same without.
    """
    kept = [list(range(m)) for m in values.shape[1:]]
    dropped: list[tuple[int, int, int]] = []
    going = True
    while going:
        going = False
        for j in range(len(kept)):
            left = values[np.ix_(range(len(values)), *kept)]
            lines = np.moveaxis(left, j + 1, 0).reshape(len(kept[j]), -1)
            found = _useless(lines)
            if found is not None:
                action, instead = (kept[j][place] for place in found)
                dropped.append((j, action, instead))
                kept[j].remove(action)
                going = True
    return kept, tuple(dropped)


def _useless(lines: NDArray[Any]) -> tuple[int, int] | None:
    """A line that is nowhere below another, and this other one."""
    for x in range(len(lines)):
        for y in range(len(lines)):
            if x != y and bool((lines[x] >= lines[y]).all()):
                return x, y
    return None


def _unit_interval(values: NDArray[Any], denominator: int) -> tuple[Floats, Fraction, Fraction]:
    """Payoffs moved to [0, 1], each within 2^-50; their least, and their range, exactly."""
    low, high = values.min(), values.max()
    least, spread = exactly(low), exactly(high) - exactly(low)
    if values.dtype == np.float64:
        # Halves of the range of floats: no difference overflows. Three roundings an entry.
        _, exponent = np.frexp(np.abs(values).max())
        scaled = np.ldexp(values, -int(exponent) - 1)
        payoffs = scaled - scaled.min()
        payoffs /= payoffs.max()
    elif values.dtype == np.int64:
        payoffs = (values - low) / float(spread)
    else:
        payoffs = np.array([float((value - least) / spread) for value in values.ravel().tolist()])
    return payoffs.reshape(values.shape), least / denominator, spread / denominator


def _plainly(part: Floats) -> Part:
    """Probabilities with a small common denominator, where they are near such."""
    for q in range(1, _PLAIN_DENOMINATOR + 1):
        whole = np.rint(part * q)
        if np.abs(whole / q - part).max() < _NOISE and int(whole.sum()) == q:
            return tuple(Fraction(int(value), q) for value in whole)
    return _finely(part)


def _finely(part: Floats) -> Part:
    """Probabilities over a large power of two; noise counts as zero."""
    whole = [int(value * _FINE) if value > _NOISE**1.5 else 0 for value in part.tolist()]
    total = sum(whole)
    return tuple(Fraction(value, total) for value in whole)


def _halves(table: NDArray[np.object_], edge: Bisection) -> list[NDArray[np.object_]]:
    """The tables of both halves, the second first."""
    lines = np.moveaxis(table, edge.punisher + 1, 0)
    middle = (lines[edge.x] + lines[edge.y]) / 2
    halves: list[NDArray[np.object_]] = []
    for end in (edge.y, edge.x):
        half = lines.copy()
        half[end] = middle
        halves.append(np.moveaxis(half, 0, edge.punisher + 1))
    return halves


def _weighted(weights: Sequence[int], matrix: NDArray[np.object_]) -> list[Fraction]:
    columns: list[list[Fraction]] = matrix.T.tolist()
    return [sum(map(mul, column, weights), start=Fraction(0)) for column in columns]


def _whole(weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Weights times their common denominator."""
    common = math.lcm(*(weight.denominator for weight in weights))
    return tuple([int(weight * common) for weight in weights])
