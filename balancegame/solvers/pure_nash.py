"""All pure Nash equilibria, for any number of players.

A profile is an equilibrium iff its cell is a best-response cell in every player's table. One
player after another strikes out the cells where he would rather move; what is left when all have
passed is the answer. Two phases, because few cells survive the first players of a generic game:

* over the whole table, in compiled and vectorised code, while many cells are alive;
* over a list of the surviving cells as soon as these are few.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame._numbers import parse_number
from balancegame._progress import report
from balancegame.errors import InvalidParameterError
from balancegame.games.deviations import own_payoffs
from balancegame.games.equilibrium_lists import PureEquilibria
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult

# Up to here a list of all cells takes milliseconds, less than it takes to load the compiler.
_SMALL = 1 << 16
# A list of cells beats the sweep over the table once fewer than one cell in so many is alive.
_SPARSE = 16


def pure_nash(game: NormalFormGame, *, tol: float = 0.0) -> NashResult:
    """All pure Nash equilibria of a game.

    Parameters
    ----------
    game : NormalFormGame
    tol : float, optional
        A profile counts if nobody gains more than `tol` times the range of his own payoffs by
        deviating. The default 0 decides on the payoffs exactly as stored: ties count, rounding
        does not enter, and exact payoffs (Fractions) are compared exactly.

    Returns
    -------
    NashResult
        `complete` speaks of pure equilibria: the list is complete. Order: lexicographic by action
        index. Equilibria are kept as table cells and unfolded when read.

    Raises
    ------
    InvalidParameterError
        `tol` negative or not finite.

    Notes
    -----
    Every player in turn strikes out the cells he would leave; what is left is the answer, by the
    definition of Nash (1950). Time is near that of summing the table, and one byte a profile of
    memory beside it. Where exact payoffs differ from their floats, the cells that survive the
    floats are compared once more in Fractions, about 4 microseconds a cell and player.

    Examples
    --------
    >>> import balancegame as bg
    >>> stag_hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], actions=["stag", "hare"]
    ... )
    >>> [found.actions for found in bg.pure_nash(stag_hunt)]
    [('stag', 'stag'), ('hare', 'hare')]
    """
    check_type(game, NormalFormGame, "game")
    tol = float(parse_number(tol, "tol", InvalidParameterError))
    if tol < 0.0:
        message = f"tol is {tol}; it must be at least 0, a share of the payoff range"
        raise InvalidParameterError(message)
    return NashResult(
        game,
        PureEquilibria(game, pure_equilibrium_cells(game, tol)),
        method="pure best responses",
        parameters={"tol": tol},
        complete=True,
        pure_only=True,
        reason=_reason(game.n_profiles, tol),
    )


def pure_equilibrium_cells(game: NormalFormGame, tol: float = 0.0) -> NDArray[np.int64]:
    """The pure equilibria as flat indices of the payoff table, in increasing order."""
    cells = _surviving_cells(game, tol)
    return cells if tol or not game.has_rounded_payoffs else _exactly_stable(game, cells)


def _reason(n_profiles: int, tol: float) -> str:
    every = (
        "the one pure profile was" if n_profiles == 1 else f"all {n_profiles:,} pure profiles were"
    )
    if tol == 0.0:
        return f"{every} checked exactly"
    return f"{every} checked in floats, with tolerance {tol:g} of each player's payoff range"


def _surviving_cells(game: NormalFormGame, tol: float) -> NDArray[np.int64]:
    """Flat indices of the cells no player would leave, by float comparison.

    Rounding is monotone, so that a strict preference between floats is one between the exact
    payoffs they were rounded from: no exact equilibrium is lost here.
    """
    sweep = _Sweep(game.n_profiles)
    cells = np.arange(game.n_profiles) if game.n_profiles <= _SMALL else None
    stride = game.n_profiles
    tables = game.payoffs.reshape(game.n_players, -1)
    for i, (table, m) in enumerate(zip(tables, game.shape, strict=True)):
        stride //= m
        slack = _slack(table, tol)
        if cells is None:
            cells = sweep.strike_out(table, m, stride, slack)
        else:
            cells = _best_responses_among(cells, table, m, stride, slack)
        report("pure equilibria", i + 1, game.n_players)
    return sweep.survivors() if cells is None else cells


def _slack(table: NDArray[np.float64], tol: float) -> float:
    """`tol` times the range of the payoffs, without overflow on the way."""
    if tol == 0.0:
        return 0.0
    with np.errstate(over="ignore"):
        slack = tol * float(table.max()) - tol * float(table.min())
    return min(slack, sys.float_info.max)


class _Sweep:
    """The whole-table phase: one mark a cell, while too many are alive to list them."""

    def __init__(self, n_cells: int) -> None:
        self._keep = np.ones(n_cells if n_cells > _SMALL else 0, dtype=np.uint8)

    def strike_out(
        self, table: NDArray[np.float64], n_actions: int, stride: int, slack: float
    ) -> NDArray[np.int64] | None:
        """Let one player strike out cells; the survivors' list once they are few."""
        from balancegame._kernels.pure_nash import keep_best_responses  # noqa: PLC0415 (slow load)

        keep_best_responses(table, n_actions, stride, slack, self._keep)
        few = np.count_nonzero(self._keep) * _SPARSE < len(self._keep)
        return self.survivors() if few else None

    def survivors(self) -> NDArray[np.int64]:
        """The cells nobody struck out."""
        return np.flatnonzero(self._keep.view(np.bool_))


def _best_responses_among(
    cells: NDArray[np.int64],
    table: NDArray[np.float64],
    n_actions: int,
    stride: int,
    slack: float,
) -> NDArray[np.int64]:
    first = cells - (cells // stride % n_actions) * stride
    best = table[first]
    for a in range(1, n_actions):
        np.maximum(best, table[first + a * stride], out=best)
    return cells[table[cells] >= best - slack]


def _exactly_stable(game: NormalFormGame, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of cells whose floats pass, those whose exact payoffs do: floats may show false ties."""
    stable: list[np.int64] = []
    for done, cell in enumerate(cells, start=1):
        if _is_exactly_stable(game, cell):
            stable.append(cell)
        if done % 1024 == 0:
            report("exact comparison", done, len(cells))
    return np.array(stable, dtype=np.int64)


def _is_exactly_stable(game: NormalFormGame, cell: np.int64) -> bool:
    profile = [int(a) for a in np.unravel_index(cell, game.shape)]
    for i, chosen in enumerate(profile):
        values = own_payoffs(game, i, profile)
        if values[chosen] < max(values):
            return False
    return True
