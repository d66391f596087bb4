"""What a correlated equilibrium is to be best at, as users name it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_known, is_sized
from balancegame._numbers import exactly, format_fraction, parse_number, shorten
from balancegame._words import counted
from balancegame.errors import (
    InvalidNumberError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownObjectiveError,
    UnknownPlayerError,
)
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.payoff_input import as_array

Floats = NDArray[np.float64]

_WHOLE = ("welfare", "egalitarian")
_OF_A_PLAYER = ("best", "worst")
_ALIASES = {"utilitarian": "welfare", "max-min": "egalitarian", "maxmin": "egalitarian"}


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """What is maximised, and how it was asked for.

    Attributes
    ----------
    given : str, tuple or array
        As the result reports it: "welfare", "egalitarian", ("best", player), ("worst", player),
        the weights as Fractions, or the table as floats.
    text : str
        The same in words.
    weights : tuple of Fraction
        The sum of payoffs times weights is maximised; all 0 if something else is.
    table : array or None
        A number a profile, whose expectation is maximised.
    exact_table : array of Fraction or None
        The same, where the floats are rounded.
    least : bool
        Whether the least of the payoffs is maximised.
    sign : int
        -1 if the value is reported with the other sign: a player's worst payoff.
    """

    given: str | tuple[Any, ...] | Floats
    text: str
    weights: tuple[Fraction, ...]
    table: Floats | None = None
    exact_table: NDArray[np.object_] | None = None
    least: bool = False
    sign: int = 1


def read_objective(objective: Any, game: NormalFormGame) -> Objective:
    """Read an objective in any of the ways `correlated_equilibrium` describes."""
    n = game.n_players
    if isinstance(objective, str):
        if objective in _OF_A_PLAYER:
            message = f"objective is {objective!r}, but whose? Give ({objective!r}, player)"
            raise UnknownObjectiveError(message)
        name = _check_name(objective)
        weight = Fraction(int(name == "welfare"))
        words = "the sum of payoffs" if weight else "the least of the payoffs"
        return Objective(name, words, (weight,) * n, least=not weight)
    if isinstance(objective, Mapping):
        return _weighted(_in_order(objective, game), game)
    if isinstance(objective, bytes | Set) or not is_sized(objective):
        message = (
            f"objective is {shorten(objective)}; give a name, (name, player), "
            f"{counted(n, 'weight')}, or an array of shape {game.shape}"
        )
        raise InvalidTypeError(message)
    if _names_a_player(objective):
        name, player = objective
        return _of_a_player(name, player, game)
    try:
        given = as_array(objective)
    except InvalidShapeError:
        message = f"objective is ragged: {shorten(objective)}; every row must be equally long"
        raise InvalidShapeError(message) from None
    return _linear(given, game)


def _check_name(name: str) -> str:
    known = (*_WHOLE, *_OF_A_PLAYER)
    return check_known(name, known, "objective", UnknownObjectiveError, aliases=_ALIASES)


def _names_a_player(objective: Any) -> bool:
    """Whether this is (name, player): text that is no number, then one more."""
    if not isinstance(objective, tuple | list) or len(objective) != 2:
        return False
    first = objective[0]
    return isinstance(first, str) and not any(sign.isdigit() for sign in first)


def _of_a_player(name: str, player: str | int, game: NormalFormGame) -> Objective:
    if _check_name(name) in _WHOLE:
        message = f"objective is {shorten((name, player))}; {name!r} takes no player"
        raise UnknownObjectiveError(message)
    if isinstance(player, str):
        check_known(player, game.players, "player", UnknownPlayerError)
        i = game.players.index(player)
    else:
        i = check_count(player, "the objective's player", 0)
        if i >= game.n_players:
            message = f"player is {i}; the game has players 0 to {game.n_players - 1}"
            raise UnknownPlayerError(message)
    sign = 1 if name == "best" else -1
    weights = tuple(Fraction(sign * int(j == i)) for j in range(game.n_players))
    player = game.players[i]
    return Objective((name, player), f"the {name} payoff of {player}", weights, sign=sign)


def _in_order(objective: Mapping[str, Any], game: NormalFormGame) -> NDArray[Any]:
    """Weights by player; who is not named weighs nothing."""
    for name in objective:
        check_known(name, game.players, "player", UnknownPlayerError)
    return np.array([objective.get(player, 0) for player in game.players], dtype=object)


def _linear(given: NDArray[Any], game: NormalFormGame) -> Objective:
    shape = np.shape(given)
    if shape == (game.n_players,):
        return _weighted(given, game)
    if shape != game.shape:
        message = (
            f"objective has shape {shape}; give {counted(game.n_players, 'weight')}, one for "
            f"each player, or a number for each profile, shape {game.shape}"
        )
        raise InvalidShapeError(message)
    return _tabulated(given)


def _weighted(given: NDArray[Any], game: NormalFormGame) -> Objective:
    weights = tuple(
        exactly(parse_number(weight, f"objective[{place}]"))
        for place, weight in enumerate(given.tolist())
    )
    words = " + ".join(
        f"{format_fraction(weight)} {player}"
        for weight, player in zip(weights, game.players, strict=True)
    )
    return Objective(weights, f"the weighted sum of payoffs {words}", weights)


def _tabulated(given: NDArray[Any]) -> Objective:
    exact: NDArray[np.object_] | None = None
    if given.dtype.kind == "f" and given.dtype.itemsize <= 8:
        table = np.array(given, dtype=np.float64, order="C")
        if not np.isfinite(table).all():
            place = tuple(map(int, np.argwhere(~np.isfinite(table))[0]))
            message = f"objective{list(place)} is {table[place]}, but must be a finite number"
            raise InvalidNumberError(message)
    else:
        numbers = [
            parse_number(value, f"objective{list(map(int, np.unravel_index(place, given.shape)))}")
            for place, value in enumerate(given.ravel().tolist())
        ]
        table = np.array([float(number) for number in numbers]).reshape(given.shape)
        exact = np.empty(given.shape, dtype=object)
        exact.reshape(-1)[:] = [exactly(number) for number in numbers]
    table.setflags(write=False)
    weights = (Fraction(0),) * given.ndim
    return Objective(table, "the expectation of a table", weights, table, exact)
