"""Strong equilibria: pure equilibria that no coalition leaves by a joint move.

Checking all profiles against an equilibrium checks all coalitions at once: to another profile moves
the coalition of those whose action differs, and it blocks iff each of them is paid more there. A
coalition with a member who gains without moving need not be tried, as the others block alone.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from balancegame._checks import check_count, check_known, check_type
from balancegame._kernels.coalitions import first_blocks
from balancegame._progress import report
from balancegame._words import counted, every_one
from balancegame.errors import SearchInterrupted, UnknownDeviationsError
from balancegame.games.blockings import BlockedCell, Blockings
from balancegame.games.equilibrium_lists import PureEquilibria
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.coalitions.lotteries import Lotteries
from balancegame.solvers.coalitions.members import Cells, coalitions_of, mask_of, movers, strides_of
from balancegame.solvers.ordinal_tables import ordinal_tables
from balancegame.solvers.pure_nash import pure_equilibrium_cells

_ROUND = 1 << 23  # profiles compared between two reports
_TASK = "joint deviations"


def strong_equilibria(
    game: NormalFormGame, *, max_coalition: int | None = None, deviations: str = "pure"
) -> NashResult:
    """All pure strong equilibria, and for every other pure equilibrium a coalition that blocks it.

    An equilibrium is strong (Aumann 1959) if no coalition has a joint move, everyone else staying
    where he is, by which each of its members is paid strictly more. Few games have one.

    Parameters
    ----------
    game : NormalFormGame
    max_coalition : int, optional
        Consider coalitions of at most so many players: k-strong equilibria. With 1 these are the
        pure Nash equilibria; default all coalitions, as from the number of players on.
    deviations : "pure" or "correlated"
        What coalitions may do. By a correlated deviation they draw one of their joint moves by
        lot, which blocks if every member's expected payoff rises: fewer equilibria survive.

    Returns
    -------
    NashResult
        Complete among pure equilibria, in lexicographic order. `blocked` has one `Blocking` for
        each pure equilibrium that fails: a smallest blocking coalition, of these the first in the
        order of players, and of its joint moves the first in the order of actions (if it has none,
        a lottery). All comparisons are of exact payoffs; floats count at their exact binary value.

    Raises
    ------
    InvalidParameterError
        `max_coalition` below 1.
    UnknownDeviationsError
    SearchInterrupted
        On Ctrl-C; `result` holds the equilibria found strong, and those found blocked.

    Notes
    -----
    A pure search compares every equilibrium with every profile, in compiled code: 8 players with 3
    actions take well under a tenth of a second unless most profiles are equilibria. Correlated
    deviations take one linear program for each equilibrium and coalition, some milliseconds each,
    solved exactly; most are decided without.

    References
    ----------
    Aumann, R. J. (1959), Acceptable points in general cooperative n-person games. In Contributions
    to the Theory of Games IV.

    Examples
    --------
    Of the two equilibria of a stag hunt one is strong; the other is left by both hunters together.

    >>> import balancegame as bg
    >>> stag_hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], actions=["stag", "hare"]
    ... )
    >>> bg.strong_equilibria(stag_hunt)
    1 pure strong equilibrium (joint deviations)
                [0]
      player 0  stag (4)
      player 1  stag (4)
      margin    1
      Complete for pure equilibria: each of 2 was compared exactly with all joint
        moves
    1 pure equilibrium is blocked
           equilibrium  a coalition moves to      and gains
      [0]  all: hare    player 0, player 1: stag  player 0, player 1: 1
    """
    check_type(game, NormalFormGame, "game")
    n = game.n_players
    largest = n if max_coalition is None else check_count(max_coalition, "max_coalition", 1)
    check_known(deviations, ("pure", "correlated"), "kind of deviations", UnknownDeviationsError)
    search = _Search(game, min(largest, n), deviations, max_coalition)
    try:
        search.run()
    except KeyboardInterrupt:
        raise SearchInterrupted(search.result()) from None
    return search.result()


class _Search:
    """The equilibria one after the other, with what has been settled so far."""

    def __init__(
        self, game: NormalFormGame, largest: int, deviations: str, max_coalition: int | None
    ) -> None:
        self._game = game
        self._largest = largest
        self._correlated = deviations == "correlated"
        self._parameters = {"max_coalition": max_coalition, "deviations": deviations}
        self._cells: Cells | None = None
        self._strong: list[int] = []
        self._blocked: list[BlockedCell] = []

    def run(self) -> None:
        """Settle every pure equilibrium, some at a time."""
        game = self._game
        found = pure_equilibrium_cells(game)
        self._cells = found
        coalitions = list(coalitions_of(movers(game), 2, self._largest))
        if not coalitions:
            self._strong = found.tolist()
            return
        masks = np.array([mask_of(members) for members in coalitions], dtype=np.int64)
        tables, strides = ordinal_tables(game), strides_of(game)
        shape = np.array(game.shape, dtype=np.int64)
        lotteries = Lotteries(game, coalitions) if self._correlated else None
        step = max(1, _ROUND // game.n_profiles)
        for start in range(0, len(found), step):
            some = found[start : start + step]
            blockers, moves = np.empty_like(some), np.empty_like(some)
            first_blocks(tables, shape, strides, masks, some, blockers, moves)
            for cell, c, move in zip(*(a.tolist() for a in (some, blockers, moves)), strict=True):
                if lotteries is not None:
                    earlier = len(coalitions) if c < 0 else c
                    drawn = lotteries.first_blocking(cell, earlier)
                    if drawn is not None:
                        self._blocked.append(drawn)
                        continue
                if c < 0:
                    self._strong.append(cell)
                else:
                    target = ((move, Fraction(1)),)
                    self._blocked.append(BlockedCell(cell, coalitions[c], target))
            report(_TASK, min(start + step, len(found)), len(found))

    def result(self) -> NashResult:
        """What has been settled: everything, unless the search was interrupted."""
        settled = len(self._strong) + len(self._blocked)
        complete = self._cells is not None and settled == len(self._cells)
        of_at_most = "" if self._largest == self._game.n_players else f"{self._largest}-"
        return NashResult(
            self._game,
            PureEquilibria(self._game, np.array(self._strong, dtype=np.int64)),
            method="joint deviations",
            parameters=self._parameters,
            complete=complete,
            reason=self._reason(settled, complete=complete),
            pure_only=True,
            kind=f"{of_at_most}strong",
            blocked=Blockings(self._game, self._blocked),
        )

    def _reason(self, settled: int, *, complete: bool) -> str:
        if not complete:
            return f"it was interrupted with {counted(settled, 'pure equilibrium')} settled"
        moves = "lotteries over joint moves" if self._correlated else "joint moves"
        if self._largest < self._game.n_players:
            moves += f" of at most {self._largest}"
        every = every_one(settled)
        return f"{every} was compared exactly with all {moves}"
