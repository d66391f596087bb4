"""nashpy's two-player games: the one place that knows its interface.

Its predicates compare floats with ==, so that none of its equilibria are taken over; its learning
dynamics are, see `balancegame.solvers.learning`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame.errors import InvalidShapeError, InvalidTypeError
from balancegame.games.normal_form import NormalFormGame

if TYPE_CHECKING:
    import nashpy

Floats = NDArray[np.float64]


def to_nashpy(game: NormalFormGame) -> nashpy.Game:
    """The game as nashpy takes it: two matrices of floats, names left out.

    Parameters
    ----------
    game : NormalFormGame
        Of two players.

    Raises
    ------
    InvalidShapeError
        The game has not two players.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [tuple(float(p[1]) for p in pair) for pair in bg.to_nashpy(game).support_enumeration()]
    [(1.0, 1.0)]
    """
    import nashpy  # noqa: PLC0415 (slow to import, needed here only)

    check_type(game, NormalFormGame, "game")
    if game.n_players != 2:
        message = f"the game has {game.n_players} players; nashpy's have two"
        raise InvalidShapeError(message)
    return nashpy.Game(*(np.array(table) for table in game.payoffs))


def from_nashpy(
    game: nashpy.Game,
    players: Sequence[str] | None = None,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
) -> NormalFormGame:
    """A game of nashpy's as one of ours.

    Parameters
    ----------
    game : nashpy.Game
    players, actions
        Their names, as for `NormalFormGame.from_arrays`.

    Raises
    ------
    InvalidTypeError

    Examples
    --------
    >>> import balancegame as bg, nashpy
    >>> bg.from_nashpy(nashpy.Game([[1, -1], [-1, 1]]), players=["A", "B"])
    NormalFormGame: 2 players, 2 x 2 = 4 profiles
          a0     a1
      a0  1, -1  -1, 1
      a1  -1, 1  1, -1
    """
    matrices = getattr(game, "payoff_matrices", None)
    if not isinstance(matrices, tuple | list) or len(matrices) != 2:
        message = f"game is of type {type(game).__name__}; give a nashpy.Game"
        raise InvalidTypeError(message)
    return NormalFormGame.from_arrays(*matrices, players=players, actions=actions)


def fictitious_counts(
    game: NormalFormGame, iterations: int, start: Sequence[Floats], rng: np.random.Generator
) -> Iterator[Sequence[Floats]]:
    """How often each action was played, after each of so many periods of fictitious play."""
    with _drawing_from(rng):
        counts = to_nashpy(game).fictitious_play(iterations, play_counts=list(start))
        next(counts)  # the start
        yield from counts


def stochastic_counts(
    game: NormalFormGame,
    iterations: int,
    start: Sequence[Floats],
    rng: np.random.Generator,
    *,
    noise: float,
    perturbation: float,
) -> Iterator[Sequence[Floats]]:
    """The same for stochastic fictitious play: logit responses to perturbed payoffs."""
    with _drawing_from(rng):
        found = to_nashpy(game).stochastic_fictitious_play(
            iterations, play_counts=list(start), etha=noise, epsilon_bar=perturbation
        )
        next(found)  # the start
        for counts, _ in found:
            yield counts


def replicated(game: NormalFormGame, start: Sequence[Floats], times: Floats) -> Floats:
    """Both populations' shares along the replicator dynamics, shape (k, m_0 + m_1)."""
    shares = to_nashpy(game).asymmetric_replicator_dynamics(*start, timepoints=times)
    return np.concatenate([np.asarray(one, np.float64) for one in shares], axis=1)


@contextmanager
def _drawing_from(rng: np.random.Generator) -> Generator[None]:
    """Let nashpy, which draws from numpy's global state, draw from a seed of ours meanwhile."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(int(rng.integers(2**32)))  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
