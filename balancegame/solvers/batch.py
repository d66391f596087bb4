"""Many small games in one call: all equilibria of each, in flat arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame._kernels.threads import run_blocks
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame._words import counted
from balancegame.errors import InvalidPayoffError, InvalidShapeError, InvalidTypeError
from balancegame.games.equal_content import EqualByContent
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.polytopes.polytope import vertex_bound
from balancegame.solvers.two_players.extreme_equilibria import extreme_equilibria

_MOST_ACTIONS = 4  # that the compiled kernel takes
_MAX_EXACT_INT = 2**53
_ROUND = 1 << 18  # games between two reports
_SCRATCH = 1 << 21  # bytes a block of games may fill


@final
@dataclass(frozen=True, slots=True, eq=False)
class BatchResult(EqualByContent):
    """All equilibria of many games of one shape.

    Attributes
    ----------
    shape : tuple of int
        The numbers of actions.
    counts : array of int, shape (k,)
        How many extreme equilibria each game has.
    offsets : array of int, shape (k + 1,)
        Those of game g are ``profiles[offsets[g]:offsets[g + 1]]``.
    profiles : array, shape (total, m_0 + m_1)
        Player 0's probabilities, then player 1's; in the order of `nash_equilibria`.
    flagged : array of bool, shape (k,)
        Games that floats could not decide, and that were solved exactly instead. All games whose
        equilibria form continua are among them: `nash_equilibria` gives their components.
    """

    shape: tuple[int, ...]
    counts: NDArray[np.int64]
    offsets: NDArray[np.int64]
    profiles: NDArray[np.float64]
    flagged: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.counts)

    def __getitem__(self, game: int) -> tuple[NDArray[np.float64], ...]:
        """One game's equilibria: for each player an array, shape (count, m_i)."""
        place = range(len(self))[game]
        rows = self.profiles[self.offsets[place] : self.offsets[place + 1]]
        return tuple(np.split(rows, np.cumsum(self.shape)[:-1], axis=1))

    def __iter__(self) -> Iterator[tuple[NDArray[np.float64], ...]]:
        return (self[game] for game in range(len(self)))

    def __repr__(self) -> str:
        sizes = " x ".join(map(str, self.shape))
        return wrapped(
            f"BatchResult: {counted(len(self.profiles), 'equilibrium')} of "
            f"{counted(len(self), 'game')}, {sizes}; {int(self.flagged.sum()):,} solved exactly"
        )


def solve_batch(payoffs: ArrayLike) -> BatchResult:
    """All equilibria of many two-player games of one shape.

    Parameters
    ----------
    payoffs : array_like of float, shape (k, 2, m_0, m_1)
        ``payoffs[g, i]`` is player i's matrix in game g, player 0's actions as rows.

    Returns
    -------
    BatchResult
        Flat arrays, no object a game. Every game's list holds all its extreme equilibria: proven
        by float arithmetic with error bounds, and by `nash_equilibria` in exact arithmetic where
        these do not decide (ties, differences lost in rounding). Probabilities are within 1e-8 of
        the exact ones.

    Raises
    ------
    InvalidShapeError
        `payoffs` of another shape, or with a player without actions.
    InvalidPayoffError
        A payoff that is NaN or infinite.
    InvalidTypeError
        Payoffs that are not real numbers.

    Notes
    -----
    Supports are enumerated in compiled code on all processors, up to 4 x 4 actions: 45
    nanoseconds a 2 x 2 game on two processors, 750 a 4 x 4 game. Each exactly solved game takes
    about a millisecond; so does each game of a larger shape, or more.

    Examples
    --------
    >>> import balancegame as bg
    >>> import numpy as np
    >>> chicken = [[[3, 2], [4, 1]], [[3, 4], [2, 1]]]
    >>> dilemma = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    >>> result = bg.solve_batch([chicken, dilemma])
    >>> result.counts
    array([3, 1])
    >>> result[0][1]  # player 1's strategies in the equilibria of chicken
    array([[0. , 1. ],
           [1. , 0. ],
           [0.5, 0.5]])
    """
    table = _read(payoffs)
    shape = table.shape[2:]
    counts = np.zeros(len(table), np.int64)
    flagged = np.zeros(len(table), np.bool_)
    if max(shape) <= _MOST_ACTIONS:
        rows = _solve_compiled(table, counts, flagged)
    else:
        flagged[:] = True
        rows = np.empty((0, sum(shape)))
    exact_rows = _solve_exactly(table, counts, flagged)
    profiles = rows
    if len(exact_rows):
        is_exact = np.repeat(flagged, counts)
        profiles = np.empty((len(is_exact), sum(shape)))
        profiles[~is_exact], profiles[is_exact] = rows, exact_rows
    offsets = np.concatenate([[0], np.cumsum(counts)])
    for array in (counts, offsets, profiles, flagged):
        array.setflags(write=False)
    return BatchResult(shape, counts, offsets, profiles, flagged)


def _read(payoffs: ArrayLike) -> NDArray[np.float64]:
    try:
        given = np.asarray(payoffs)
    except ValueError:
        message = "the payoffs are ragged: every game must have the same shape"
        raise InvalidShapeError(message) from None
    if given.dtype.kind not in "iuf":
        message = (
            f"payoffs of dtype {given.dtype} cannot be solved in a batch; give floats, or use "
            f"nash_equilibria for exact payoffs (given: {shorten(payoffs)})"
        )
        raise InvalidTypeError(message)
    if given.ndim != 4 or given.shape[1] != 2 or 0 in given.shape[2:]:
        message = (
            f"payoffs have shape {given.shape}; expected (k, 2, m_0, m_1): k games of two players "
            "with at least one action each"
        )
        raise InvalidShapeError(message)
    with np.errstate(over="ignore"):
        table = np.ascontiguousarray(given, dtype=np.float64)
    rounded = (
        ((given > _MAX_EXACT_INT) | (given < -_MAX_EXACT_INT)).any()
        if given.dtype.kind in "iu"
        else given.dtype.itemsize > table.itemsize and ((table != given) & (given == given)).any()
    )
    if rounded:
        message = (
            f"payoffs of dtype {given.dtype} hold numbers that floats cannot; scale them, or use "
            "nash_equilibria, which takes such numbers exactly"
        )
        raise InvalidPayoffError(message)
    # The sum is finite unless an entry is not, or it overflows.
    with np.errstate(over="ignore", invalid="ignore"):
        suspect = not np.isfinite(table.sum())
    if suspect and not np.isfinite(table).all():
        game, player, *cell = (int(place) for place in np.argwhere(~np.isfinite(table))[0])
        message = (
            f"payoffs[{game}, {player}, {cell[0]}, {cell[1]}] is "
            f"{table[game, player, cell[0], cell[1]]}; payoffs must be finite"
        )
        raise InvalidPayoffError(message)
    return table


def _solve_compiled(
    table: NDArray[np.float64], counts: NDArray[np.int64], flagged: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Equilibria of the games floats decide, one a row; marks the others in `flagged`."""
    from balancegame._kernels.small_games import solve_games  # noqa: PLC0415 (slow load)

    n_games, width = len(table), sum(table.shape[2:])
    # Isolated equilibria differ in their vertices.
    most = min(vertex_bound(m, width) for m in table.shape[2:]) - 1
    block_size = _SCRATCH // (8 * width * most)
    blocks = -(-min(n_games, _ROUND) // block_size)
    scratch = [np.empty((block_size * most, width)) for _ in range(blocks)]
    filled = np.zeros(blocks, np.int64)
    rows = np.empty((0, width))
    total = 0
    for start in range(0, n_games, _ROUND):
        size = min(_ROUND, n_games - start)

        def work(first: int, end: int, start: int = start) -> None:
            block = first // block_size
            # Compiled code is silent about overflow, which it tests for; plain Python is not.
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                filled[block] = solve_games(
                    table, start + first, start + end, counts, flagged, scratch[block]
                )

        run_blocks(work, size, block_size)
        parts = [scratch[block][: filled[block]] for block in range(-(-size // block_size))]
        needed = total + sum(map(len, parts))
        if needed > len(rows):
            rows = _longer(rows, total, needed * n_games // (start + size))
        for part in parts:
            rows[total : total + len(part)] = part
            total += len(part)
        report("batch", start + size, n_games)
    return rows[:total]


def _longer(rows: NDArray[np.float64], used: int, expected: int) -> NDArray[np.float64]:
    fresh = np.empty((expected + expected // 50 + 1, rows.shape[1]))
    fresh[:used] = rows[:used]
    return fresh


def _solve_exactly(
    table: NDArray[np.float64],
    counts: NDArray[np.int64],
    flagged: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Equilibria of the flagged games, one a row; equal games are solved once."""
    known: dict[bytes, NDArray[np.float64]] = {}
    rows: list[NDArray[np.float64]] = [np.empty((0, sum(table.shape[2:])))]
    places = np.flatnonzero(flagged)
    for done, place in enumerate(places, start=1):
        key = table[place].tobytes()
        if key not in known:
            result = extreme_equilibria(NormalFormGame(table[place]))
            known[key] = np.array([np.concatenate(found.profile) for found in result])
        counts[place] = len(known[key])
        rows.append(known[key])
        if done % 64 == 0:
            report("exact games of the batch", done, len(places))
    return np.concatenate(rows)
