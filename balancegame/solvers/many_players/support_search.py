"""The compiled search over supports, in blocks on all processors, and what it finds.

`balancegame._kernels.support_search` says how one support is solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.threads import run_blocks
from balancegame._progress import report
from balancegame.games.integer_payoffs import IntegerTables
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.many_players.support_profiles import MOST_SUPPORTS, Supports, list_supports

Floats = NDArray[np.float64]

_BLOCK_WORK = 20_000.0  # of the estimate below: some milliseconds
_MOST_BLOCKS = 5_000
_FIRST_ROOM = 64  # roots a block
_RECORD_ROOM = 1 << 16
_NO_RECORD = np.zeros(1)
_TINY = 2.0**-20
_EPS = 2.0**-52
_WITHOUT_BOUND = 1 << 60


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """A solution of a support's conditions: the only one within `radius` of `profile`.

    `decided` says that it is an equilibrium; otherwise a probability or a loss may be exactly 0, or
    beyond it.
    """

    profile: Floats
    radius: float
    index: int
    decided: bool


class SupportSearch:
    """All supports of a game that conditional dominance leaves, and their solutions.

    Attributes
    ----------
    supports : int64 array, shape (k, n)
        Bit a stands for action a. Pure supports are left out.
    roots : dict of int to list of Root
        By support.
    singular : set of int
        Supports with solutions that are not isolated, or not regular.
    finished : set of int
        Supports of which all solutions are known.
    """

    game: NormalFormGame
    supports: Supports
    powers: tuple[int, ...]
    visited: NDArray[np.int64]

    def __init__(
        self, game: NormalFormGame, payoffs: IntegerTables, max_supports: int | None = None
    ) -> None:
        self.game = game
        self._tables, self._errors, self.powers = scaled_tables(game, payoffs)
        self._shape = np.array(game.shape, dtype=np.int64)
        most = MOST_SUPPORTS if max_supports is None else min(max_supports, MOST_SUPPORTS)
        self.supports = list_supports(self._tables, game.shape, most)
        self.roots: dict[int, list[Root]] = {}
        self.singular: set[int] = set()
        self.finished: set[int] = set()
        self.visited = np.zeros(len(self.supports), dtype=np.int64)
        self._stop = np.array([0, _WITHOUT_BOUND], dtype=np.int64)
        self._lock = Lock()

    @property
    def n_regions(self) -> int:
        """The number of regions visited in all supports."""
        return int(self.visited.sum())

    @property
    def n_roots(self) -> int:
        """The number of solutions found so far that are known to be equilibria."""
        return sum(root.decided for roots in self.roots.values() for root in roots)

    def run(self, *, enough: int | None = None) -> None:
        """Solve the supports, the widest first; stop early once more than `enough` are known."""
        blocks = _blocks(self.supports)

        def work(first: int, end: int) -> None:
            for block in blocks[first:end]:
                self._solve(block)

        def tell(_done: int, _total: int) -> None:
            report("supports", len(self.finished), len(self.supports))

        if enough is None:
            run_blocks(work, len(blocks), 1, tell, cancel=self._cancel)
            return
        # One after the other, so that the same ones are found each time.
        for place in range(len(blocks)):
            if self.n_roots > enough:
                return
            run_blocks(lambda _, __, k=place: work(k, k + 1), 1, 1, tell, cancel=self._cancel)

    def solve_rows(self, support: Sequence[int], rows: Floats) -> tuple[bool, list[Root]]:
        """Solve conditions given as rows, over a product of simplices of a support's size.

        Whether all solutions are regular, and the solutions in barycentric coordinates.
        """
        outcome, roots, facts = self._call(np.array([support], dtype=np.int64), rows)
        regular = outcome[0, 0] == 0
        return regular, [_root(root, fact) for root, fact in zip(roots, facts, strict=True)]

    def record(self, k: int) -> tuple[list[Root], Floats]:
        """One support's solutions, and the decisions that led there as the kernel writes them."""
        _, roots, record = self._record(self.supports[k : k + 1], np.empty((1, 0)))
        return roots, record

    def record_rows(self, support: Sequence[int], rows: Floats) -> tuple[bool, list[Root], Floats]:
        """As `solve_rows`, with the decisions that led there."""
        regular, roots, record = self._record(np.array([support], dtype=np.int64), rows)
        return regular, roots, record[sum(self.game.shape) - len(self.game.shape) :]

    def _record(self, supports: Supports, rows: Floats) -> tuple[bool, list[Root], Floats]:
        room = _RECORD_ROOM
        while True:
            record = np.zeros(room)
            outcome, roots, facts = self._call(supports, rows, record)
            if record[0] < room:
                found = [_root(root, fact) for root, fact in zip(roots, facts, strict=True)]
                return bool(outcome[0, 0] == 0), found, record[1 : int(record[0]) + 1]
            room = int(record[0]) + 2

    def _cancel(self) -> None:
        self._stop[0] = 1

    def _solve(self, block: NDArray[np.int64]) -> None:
        outcome, roots, facts = self._call(self.supports[block], np.empty((1, 0)))
        with self._lock:
            for k, (status, visited) in zip(block.tolist(), outcome.tolist(), strict=True):
                self.visited[k] = visited
                if status <= 1:
                    self.finished.add(k)
                if status == 1:
                    self.singular.add(k)
            for root, fact in zip(roots, facts, strict=True):
                self.roots.setdefault(int(block[int(fact[3])]), []).append(_root(root, fact))

    def _call(
        self, supports: Supports, rows: Floats, record: Floats = _NO_RECORD
    ) -> tuple[Supports, Floats, Floats]:
        from balancegame._kernels.support_search import NO_ROOM, search_supports  # noqa: PLC0415

        room = _FIRST_ROOM
        while True:
            outcome = np.zeros((len(supports), 2), dtype=np.int64)
            outcome[:, 0] = 2
            roots = np.empty((room, self._shape.sum()))
            facts = np.empty((room, 4))
            found = search_supports(
                self._tables,
                self._errors,
                self._shape,
                supports,
                rows,
                _TINY,
                self._stop,
                outcome,
                roots,
                facts,
                record,
            )
            if not np.any(outcome[:, 0] == NO_ROOM):
                return outcome, roots[:found], facts[:found]
            room *= 8
            record[0] = 0.0


def open_supports(search: SupportSearch) -> set[int]:
    """Supports with ties: singular ones, and those with a solution whose signs are not decided."""
    undecided = {k for k, roots in search.roots.items() if not all(r.decided for r in roots)}
    return search.singular | undecided


def actions_of(masks: Sequence[int], shape: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Each player's actions in a support given as bits."""
    return tuple(
        tuple(a for a in range(m) if mask >> a & 1) for mask, m in zip(masks, shape, strict=True)
    )


def _root(root: Floats, fact: Floats) -> Root:
    return Root(root.copy(), float(fact[0]), int(fact[1]), fact[2] == 0.0)


def scaled_tables(
    game: NormalFormGame, payoffs: IntegerTables
) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Each player's integer payoffs over a power of 2, within 1; error bounds, and the powers.

    The error is what exact payoffs lose on the way to floats, or what falls below the smallest.
    """
    n = game.n_players
    tables = np.empty((n, game.n_profiles))
    errors, powers = np.empty(n), []
    for i in range(n):
        power = max(map(abs, payoffs.tables[i].ravel().tolist())).bit_length()
        if game.has_rounded_payoffs:
            unit = 1 << power
            tables[i] = [value / unit for value in payoffs.tables[i].ravel().tolist()]
        else:
            exponent = power - (payoffs.denominators[i].bit_length() - 1)
            tables[i] = np.ldexp(game.payoffs[i].ravel(), -exponent)
        errors[i] = 1e-300 + (_EPS if game.has_rounded_payoffs else 0.0)
        powers.append(power)
    return tables, errors, tuple(powers)


def _blocks(supports: Supports) -> list[NDArray[np.int64]]:
    """Supports in groups of about the same work, the widest supports first."""
    if not len(supports):
        return []
    bits = np.bitwise_count(supports).astype(np.float64)
    work = 3.0 ** (bits - 1).sum(axis=1) * bits.prod(axis=1)
    enough = max(_BLOCK_WORK, float(work.sum()) / _MOST_BLOCKS)
    order = np.argsort(-work, kind="stable")
    blocks: list[NDArray[np.int64]] = []
    begin, load = 0, 0.0
    for place, k in enumerate(order.tolist()):
        load += work[k]
        if load > enough:
            blocks.append(order[begin : place + 1])
            begin, load = place + 1, 0.0
    if begin < len(order):
        blocks.append(order[begin:])
    return blocks
