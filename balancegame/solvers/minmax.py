"""What the others can hold a player down to: pure and mixed minmax values, exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_flag, check_known, check_type
from balancegame.errors import UnknownPlayerError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import number
from balancegame.solvers.linear_program import optimal_basis
from balancegame.solvers.polytope import Polytope, shifted
from balancegame.solvers.vertices import strategy

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, eq=False)
class MinmaxResult:
    """The payoff the others can hold a player down to.

    Attributes
    ----------
    player : str
    value : float or None
        The minmax value; None where only bounds on it are known.
    lower, upper : float
        Bounds on the value, both equal to it where it is known.
    exact : Fraction or None
        The value exactly, floats in the game counting at their exact binary value.
    profile : tuple of arrays
        One probability vector a player: the others' part holds the player down to `upper`, his own
        is a best response to it, the first of several.
    """

    player: str
    value: float | None
    lower: float
    upper: float
    exact: Fraction | None
    profile: tuple[Floats, ...]

    def __repr__(self) -> str:
        known = (
            number(self.value)
            if self.value is not None
            else f"between {number(self.lower)} and {number(self.upper)}"
        )
        return f"MinmaxResult: {self.player} can be held down to {known}"


def minmax(game: NormalFormGame, player: str | int, mixed: bool = False) -> MinmaxResult:  # noqa: FBT001, FBT002 (a pinned signature)
    """The minmax value of a player: the least payoff the others can hold him down to.

    Parameters
    ----------
    game : NormalFormGame
    player : str or int
        Name or index.
    mixed : bool
        Let the others mix, each independently; by default they play pure actions.

    Returns
    -------
    MinmaxResult
        Exact for pure actions, whatever the number of players, and for mixed strategies of two
        players, where it is the value of a zero-sum game (von Neumann 1928). With more players
        the mixed value is bounded: from below by what the others could do if they correlated
        their actions, from above by the pure value; `value` is None unless the two agree.

    Raises
    ------
    UnknownPlayerError

    Examples
    --------
    >>> import balancegame as bg
    >>> pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> bg.minmax(pennies, 0).value, bg.minmax(pennies, 0, mixed=True).value
    (1.0, 0.0)
    """
    check_type(game, NormalFormGame, "game")
    check_flag(mixed, "mixed")
    i = _player_index(game, player)
    table = (game.exact_payoffs if game.has_rounded_payoffs else game.payoffs)[i]
    # Own actions as rows, the others' joint actions as columns.
    matrix = np.moveaxis(table, i, 0).reshape(game.shape[i], -1)
    ceilings = matrix.max(axis=0)
    column = int(np.argmin(ceilings))
    pure = Fraction(ceilings[column])
    if not mixed or game.n_players == 1:
        return _result(game, i, pure, pure, _pure_parts(game, i, column), matrix[:, column])
    weights = _least_ceiling(matrix)
    values = [
        sum(map(mul, map(Fraction, row), weights), start=Fraction(0)) for row in matrix.tolist()
    ]
    correlated = max(values)
    if game.n_players == 2:
        part = np.array([float(weight) for weight in weights])
        return _result(game, i, correlated, correlated, [part], values)
    return _result(game, i, correlated, pure, _pure_parts(game, i, column), matrix[:, column])


def _player_index(game: NormalFormGame, player: str | int) -> int:
    if isinstance(player, str):
        return game.players.index(check_known(player, game.players, "player", UnknownPlayerError))
    place = check_count(player, "player", 0)
    if place >= game.n_players:
        message = f"player is {place}; the game has players 0 to {game.n_players - 1}"
        raise UnknownPlayerError(message)
    return place


def _least_ceiling(matrix: NDArray[np.object_] | Floats) -> tuple[Fraction, ...]:
    """Probabilities on columns that make the largest row sum least."""
    exact = [[Fraction(value) for value in row] for row in matrix.tolist()]
    common = math.lcm(*(value.denominator for row in exact for value in row))
    integers = tuple(tuple(int(value * common) for value in row) for row in exact)
    d = len(integers[0])
    polytope = Polytope(shifted(integers), (1,) * len(integers), first_variable=0, first_row=d)
    return strategy(polytope, optimal_basis(polytope))


def _pure_parts(game: NormalFormGame, player: int, column: int) -> list[Floats]:
    """The others' actions in a joint action, as probability vectors."""
    sizes = [m for j, m in enumerate(game.shape) if j != player]
    cell = np.unravel_index(column, sizes) if sizes else ()
    return [np.eye(m)[a] for a, m in zip(cell, sizes, strict=True)]


def _result(
    game: NormalFormGame,
    player: int,
    lower: Fraction,
    upper: Fraction,
    others: list[Floats],
    values: NDArray[np.object_] | Floats | list[Fraction],
) -> MinmaxResult:
    reply = np.eye(game.shape[player])[int(np.argmax(np.array(values, dtype=object)))]
    profile = (*others[:player], reply, *others[player:])
    for part in profile:
        part.setflags(write=False)
    known = lower == upper
    return MinmaxResult(
        game.players[player],
        float(lower) if known else None,
        float(lower),
        float(upper),
        lower if known else None,
        profile,
    )
