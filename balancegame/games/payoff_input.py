"""Payoff tables and action names as users give them, checked and read."""

from __future__ import annotations

from collections.abc import Sequence, Set
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_names, is_sized
from balancegame._numbers import exact_value, parse_number, shorten
from balancegame._words import counted
from balancegame.errors import InvalidPayoffError, InvalidShapeError, InvalidTypeError

Floats = NDArray[np.float64]
_MAX_EXACT_INT = 2**53


def as_array(payoffs: ArrayLike | Sequence[Any]) -> NDArray[Any]:
    """The input as an array whose entries are still what the user gave."""
    if isinstance(payoffs, np.ndarray):
        return payoffs
    parts: Any = payoffs
    try:
        if isinstance(parts, list | tuple) and all(isinstance(p, np.ndarray) for p in parts):
            return np.stack(parts)
        return np.array(parts, dtype=object)
    except ValueError:
        message = "the payoffs are ragged: every row of every player's array must be equally long"
        raise InvalidShapeError(message) from None


def read_payoffs(
    payoffs: ArrayLike | Sequence[Any],
) -> tuple[Floats, NDArray[np.object_] | None]:
    """The table in floats, and in Fractions as well if some of them are no floats."""
    given = as_array(payoffs)
    kind = given.dtype.kind
    if kind == "f" and given.dtype.itemsize <= 8:
        return np.array(given, dtype=np.float64, order="C"), None
    if kind in "iu" and given.size and int(np.abs(given.astype(object)).max()) <= _MAX_EXACT_INT:
        return np.array(given, dtype=np.float64, order="C"), None
    if kind not in "iufOU":
        message = f"payoffs of dtype {given.dtype} cannot be read; give numbers or Fractions"
        raise InvalidTypeError(message)
    return _read_entries(given)


def _read_entries(given: NDArray[Any]) -> tuple[Floats, NDArray[np.object_] | None]:
    table = np.empty(given.shape)
    exact = np.empty(given.shape, dtype=object)
    flat_table, flat_exact = table.reshape(-1), exact.reshape(-1)
    rounded = False
    for place, value in enumerate(given.ravel().tolist()):
        if isinstance(value, list | tuple | np.ndarray):
            message = "the payoffs are ragged: every row of every player's array must be as long"
            raise InvalidShapeError(message)
        index = np.unravel_index(place, given.shape)
        number = parse_number(value, f"payoffs{list(map(int, index))}", InvalidPayoffError)
        flat_table[place] = number
        flat_exact[place] = exact_value(number)
        if flat_exact[place] is None:
            flat_exact[place] = Fraction(number)
        elif flat_exact[place] != Fraction(float(number)):
            rounded = True
    return table, exact if rounded else None


def check_shape(table: Floats) -> None:
    """Refuse a table whose axes do not match its players."""
    if table.ndim < 2:
        message = (
            f"payoffs have shape {table.shape}; they need one axis for the players and one for "
            "each player's actions"
        )
        raise InvalidShapeError(message)
    if table.shape[0] != table.ndim - 1:
        message = (
            f"payoffs have shape {table.shape}: the first axis counts {table.shape[0]} players, "
            f"but {table.ndim - 1} action axes follow; expected (n, m_0, ..., m_(n-1)). To give "
            "one array a player, use NormalFormGame.from_arrays(A, B, ...)"
        )
        raise InvalidShapeError(message)
    if 0 in table.shape:
        player = table.shape[1:].index(0)
        message = f"player {player} has no actions (payoffs have shape {table.shape}); give one"
        raise InvalidShapeError(message)


def check_finite(table: Floats, players: Sequence[str], actions: Sequence[Sequence[str]]) -> None:
    """Refuse NaN and infinite payoffs, naming the first one's player and profile."""
    # The sum is finite unless an entry is not, or it overflows: a cheap filter for large tables.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(table.sum()) or np.isfinite(table).all():
            return
    player, *cell = (int(k) for k in np.argwhere(~np.isfinite(table))[0])
    where = ", ".join(names[k] for names, k in zip(actions, cell, strict=True))
    message = (
        f"the payoff of {players[player]} at ({where}) is {table[(player, *cell)]}; payoffs must "
        "be finite. Leave impossible actions out of the game instead"
    )
    raise InvalidPayoffError(message)


def read_actions(
    actions: Sequence[str] | Sequence[Sequence[str]] | None,
    players: Sequence[str],
    shape: Sequence[int],
) -> tuple[tuple[str, ...], ...]:
    """Each player's action names, given per player, once for all, or not at all."""
    if actions is None:
        return tuple(tuple(f"a{k}" for k in range(m)) for m in shape)
    if isinstance(actions, str | Set) or not is_sized(actions):
        message = f"actions is {shorten(actions)}; give one sequence of names a player"
        raise InvalidTypeError(message)
    given: list[Any] = list(actions)
    if given and all(isinstance(name, str) for name in given):
        given = [given] * len(players)
    if len(given) != len(players):
        message = (
            f"actions are named for {counted(len(given), 'player')}, but the game has "
            f"{len(players)}"
        )
        raise InvalidShapeError(message)
    named = tuple(
        check_names(names, f"the actions of {player}")
        for names, player in zip(given, players, strict=True)
    )
    for names, player, m in zip(named, players, shape, strict=True):
        if len(names) != m:
            message = f"{player} has {m} actions by the payoffs' shape, but {len(names)} are named"
            raise InvalidShapeError(message)
    return named
