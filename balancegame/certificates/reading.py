"""Read a certificate's data strictly: one way to write each thing, nothing missing or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .certificate import decode

_GAME = {"title", "players", "actions", "payoffs"}
_CONTINGENCY = {"name", "probability", "game"}


class Failure(Exception):
    """A claim does not hold; the message says where."""


@dataclass(frozen=True, slots=True)
class Game:
    """A game of any number of players.

    `payoffs` has one list a player, one payoff a profile, the last player's actions running
    fastest.
    """

    players: list[str]
    shape: tuple[int, ...]
    payoffs: list[list[Fraction]]


def read_game(value: Any) -> Game:
    """A game: names, and for each player a table nested as deep as there are players."""
    game = read_object(value, _GAME)
    if type(game["title"]) is not str:
        raise Failure("the title is no text")
    players = read_names(game["players"])
    actions = [read_names(names) for names in read_list(game["actions"])]
    tables = read_list(game["payoffs"])
    if not len(players) == len(actions) == len(tables):
        raise Failure("there are not as many lists of actions and payoffs as there are players")
    shape = tuple(map(len, actions))
    return Game(players, shape, [read_table(table, shape) for table in tables])


def read_contingencies(value: Any) -> tuple[list[Fraction], list[Game]]:
    """Probabilities and games, of the same players, of contingencies with different names."""
    given = [read_object(one, _CONTINGENCY) for one in read_list(value)]
    read_names([one["name"] for one in given])
    games = [read_game(one["game"]) for one in given]
    if any(game.players != games[0].players for game in games):
        raise Failure("some contingencies have other players")
    chances = [read_fraction(one["probability"]) for one in given]
    if min(chances) < 0 or sum(chances) != 1:
        raise Failure("probabilities are negative, or do not sum to 1")
    return chances, games


def read_table(value: Any, shape: tuple[int, ...]) -> list[Fraction]:
    """The rationals of a nested table of this shape, the last axis running fastest."""
    cells = [value]
    for length in shape:
        cells = [cell for part in cells for cell in read_list(part, length)]
    return list(map(read_fraction, cells))


def read_object(value: Any, keys: set[str]) -> dict[str, Any]:
    """A JSON object with just these keys."""
    if type(value) is not dict or set(value) - {"sha256"} != keys - {"sha256"}:
        raise Failure(f"an object does not have the keys {', '.join(sorted(keys))}, and no others")
    return value


def read_list(value: Any, length: int | None = None) -> list[Any]:
    """A JSON array."""
    if type(value) is not list or (length is not None and len(value) != length):
        raise Failure("something is no list, or has another length than it should")
    return value


def read_names(value: Any) -> list[str]:
    """Names that differ, at least one."""
    names = read_list(value)
    if not names or any(type(name) is not str for name in names) or len(set(names)) != len(names):
        raise Failure("names are missing, repeated, or no text")
    return names


def read_places(value: Any, length: int | None = None) -> tuple[int, ...]:
    """Places in lists: numbers from 0 on."""
    if any(type(place) is not int or place < 0 for place in read_list(value, length)):
        raise Failure("a place is no number of 0 or more")
    return tuple(value)


def read_fraction(written: object) -> Fraction:
    """A rational: an integer, or text ``above/below`` with both in hexadecimal."""
    if type(written) is str and "/" in written:
        above, below = map(decode, written.split("/"))
        if below <= 0:
            raise Failure("a denominator is not positive")
        return Fraction(above, below)
    return Fraction(decode(written))
