"""Coalition-proof equilibria: no coalition has a joint move that its own members would keep.

Definition (Bernheim, Peleg & Whinston 1987), in pure strategies. Let a coalition C play, everyone
else staying where he is. Its joint move is *self-enforcing* if for each smaller coalition within C
its part is coalition-proof, the rest of C staying too; and *coalition-proof* if it is so and no
other self-enforcing joint move of C pays every member more. A coalition-proof equilibrium is a
coalition-proof joint move of all players.

The definition is carried out from the smallest coalitions up, for all profiles at once: one bit for
each coalition and profile. Of the smaller coalitions those that lack one member decide, since what
is coalition-proof for them is so for all within them.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import available_memory, check_type, format_bytes
from balancegame._kernels.coalitions import drop_dominated
from balancegame._progress import report
from balancegame._words import counted, every_one
from balancegame.errors import SearchInterrupted, TableTooLargeError
from balancegame.games.blockings import BlockedCell, Blockings
from balancegame.games.equilibrium_lists import PureEquilibria
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.coalitions.members import Cells, coalitions_of, mask_of, movers, strides_of
from balancegame.solvers.coalitions.profile_sets import ProfileSet, intersection
from balancegame.solvers.ordinal_tables import ordinal_tables

_TASK = "coalitions"


def coalition_proof_equilibria(game: NormalFormGame) -> NashResult:
    """All pure coalition-proof equilibria, and for every other pure equilibrium who leaves it.

    A coalition's deviation counts against an equilibrium only if it is itself coalition-proof in
    the game among the coalition's members, everyone else staying where he is: no part of the
    coalition would leave it in turn. So every strong equilibrium is coalition-proof, and more
    equilibria are. Every member of a deviating coalition must gain strictly; all moves are pure.

    Parameters
    ----------
    game : NormalFormGame

    Returns
    -------
    NashResult
        Complete among pure equilibria, in lexicographic order. `blocked` has one `Blocking` for
        each pure equilibrium that fails: a smallest blocking coalition, of these the first in the
        order of players, and of its coalition-proof joint moves that pay every member more the
        first in the order of actions. All comparisons are of exact payoffs; floats count at their
        exact binary value.

    Raises
    ------
    TableTooLargeError
        One bit for each profile and coalition of the commonest size would not fit in memory;
        `strong_equilibria` with `max_coalition` asks less.
    SearchInterrupted
        On Ctrl-C; `result` holds the equilibria found blocked by then, and no others.

    Notes
    -----
    Time grows with the number of coalitions times that of profiles: 8 players with 3 actions take
    some 50 ms (0.2 s where all profiles are equilibria), 12 players with 2 actions 0.3 s.

    References
    ----------
    Bernheim, B. D., Peleg, B. & Whinston, M. D. (1987), Coalition-proof Nash equilibria I:
    concepts. Journal of Economic Theory 42.

    Examples
    --------
    Three players, of whom the third chooses the matrix (Bernheim, Peleg & Whinston's example, which
    they owe to Mas-Colell). The first equilibrium pays everyone more; but the first two players
    would leave it, and stay where they go.

    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays(
    ...     [[[1, -1], [-5, -5]], [[-5, -5], [0, -2]]],
    ...     [[[1, -1], [-5, -5]], [[-5, -5], [0, -2]]],
    ...     [[[-5, 5], [0, 0]], [[0, 0], [10, 0]]],
    ...     players=["A", "B", "C"],
    ... )
    >>> bg.coalition_proof_equilibria(game)
    1 pure coalition-proof equilibrium (recursion over coalitions)
              [0]
      A       a0 (-1)
      B       a0 (-1)
      C       a1 (5)
      margin  4
      Complete for pure equilibria: each of 2 was checked for all coalitions, in the game ...
    1 pure equilibrium is blocked
           equilibrium      a coalition moves to  and gains
      [0]  A, B: a1; C: a0  A, B: a0              A, B: 1
    """
    check_type(game, NormalFormGame, "game")
    _check_memory(game)
    search = _Recursion(game)
    try:
        search.run()
    except KeyboardInterrupt:
        raise SearchInterrupted(search.result(complete=False)) from None
    return search.result(complete=True)


def _check_memory(game: NormalFormGame) -> None:
    n = len(movers(game))
    most = max(comb(n, k) + comb(n, k + 1) for k in range(n + 1))
    needed = 2 * most * (game.n_profiles // 8 + 1)  # a list beside the bits at most doubles them
    available = available_memory()
    if needed > available:
        message = (
            f"the recursion keeps bits for each of {game.n_profiles:,} profiles and {most:,} "
            f"coalitions: up to {format_bytes(needed)}, but {format_bytes(available)} of memory "
            "are available; use fewer players, or strong_equilibria with max_coalition"
        )
        raise TableTooLargeError(message)


class _Recursion:
    """Coalitions by size; those of the last size, and the equilibria nobody has left so far."""

    def __init__(self, game: NormalFormGame) -> None:
        self._game = game
        self._tables = ordinal_tables(game)
        self._strides = strides_of(game)
        self._standing: Cells = np.empty(0, dtype=np.int64)
        self._n_equilibria = 0
        self._blocked: list[BlockedCell] = []

    def run(self) -> None:
        """Go through all coalitions."""
        game = self._game
        players = movers(game)
        n_cells, n_coalitions, done = game.n_profiles, 1 << len(players), 0
        last = {1 << i: ProfileSet.of(self._best_responses(i), n_cells) for i in players}
        everything = ProfileSet.of(np.arange(n_cells), n_cells)
        self._standing = intersection([everything, *last.values()], n_cells)
        self._n_equilibria = len(self._standing)
        for size in range(2, len(players) + 1):
            found: dict[int, ProfileSet] = {}
            for members in coalitions_of(players, size, size):
                mask = mask_of(members)
                cells = intersection([last[mask ^ (1 << i)] for i in members], n_cells)
                if len(cells) > 1:
                    proof, groups = self._undominated(members, cells)
                    if not proof.all():
                        self._strike_out(members, cells, groups, proof)
                        cells = cells[proof]
                found[mask] = ProfileSet.of(cells, n_cells)
                done += 1
                report(_TASK, done, n_coalitions)
            last = found

    def _best_responses(self, player: int) -> Cells:
        table = self._tables[player].reshape(self._game.shape)
        best = table == table.max(axis=player, keepdims=True)
        return np.flatnonzero(best).astype(np.int64)

    def _undominated(
        self, members: tuple[int, ...], cells: Cells
    ) -> tuple[NDArray[np.bool_], Cells]:
        """Which self-enforcing cells are coalition-proof; and each cell's group.

        A group is what the coalition can reach from one another, everyone else staying.
        """
        others = cells.copy()
        for i in members:
            others -= cells // self._strides[i] % self._game.shape[i] * self._strides[i]
        payoffs = self._tables[list(members)][:, cells]
        order = np.lexsort((-payoffs[0], others))
        ends = np.flatnonzero(np.diff(others[order])) + 1
        starts = np.concatenate([[0], ends, [len(cells)]]).astype(np.int64)
        keep = np.ones(len(cells), dtype=np.bool_)
        drop_dominated(np.ascontiguousarray(payoffs[:, order]), starts, keep)
        proof = np.empty_like(keep)
        proof[order] = keep
        return proof, others

    def _strike_out(
        self, members: tuple[int, ...], cells: Cells, groups: Cells, proof: NDArray[np.bool_]
    ) -> None:
        """Take out the equilibria that this coalition leaves, and note where to."""
        left = self._standing[np.isin(self._standing, cells[~proof], assume_unique=True)]
        if not len(left):
            return
        targets, towards = cells[proof], groups[proof]
        for cell in left.tolist():
            near = targets[towards == groups[np.searchsorted(cells, cell)]]
            pays = self._tables[list(members)][:, near]
            better = pays > self._tables[list(members), cell][:, None]
            target = int(near[int(np.argmax(better.all(axis=0)))])
            self._blocked.append(BlockedCell(cell, members, ((target, Fraction(1)),)))
        self._standing = np.setdiff1d(self._standing, left, assume_unique=True)

    def result(self, *, complete: bool) -> NashResult:
        """The equilibria that stand; none of them if not all coalitions were seen."""
        standing = self._standing if complete else self._standing[:0]
        reason = (
            f"{every_one(self._n_equilibria)} was checked for all coalitions, in the game among "
            "their members"
            if complete
            else f"it was interrupted with {counted(len(self._blocked), 'equilibrium')} blocked"
        )
        return NashResult(
            self._game,
            PureEquilibria(self._game, standing),
            method="recursion over coalitions",
            complete=complete,
            reason=reason,
            pure_only=True,
            kind="coalition-proof",
            blocked=Blockings(self._game, sorted(self._blocked)),
        )
