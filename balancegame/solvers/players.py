"""Players given by name or by index."""

from __future__ import annotations

from collections.abc import Sequence

from balancegame._checks import is_sized
from balancegame._numbers import shorten
from balancegame.errors import InvalidShapeError, InvalidTypeError
from balancegame.games import profiles
from balancegame.games.normal_form import NormalFormGame


def player_index(game: NormalFormGame, player: str | int, argument: str = "player") -> int:
    """The index of a player; UnknownPlayerError if there is no such player."""
    return profiles.player_index(player, game.players, argument)


def chosen_players(game: NormalFormGame, players: Sequence[str | int] | None) -> list[int]:
    """The places of some players, in order; all of them for None.

    Raises
    ------
    InvalidTypeError
        Text in the place of a sequence.
    InvalidShapeError
        No player.
    """
    if players is None:
        return list(range(game.n_players))
    if isinstance(players, str) or not is_sized(players):
        message = f"players is {shorten(players)}; give a sequence of names or indices"
        raise InvalidTypeError(message)
    if not players:
        message = "players is empty; name at least one, or leave it out for all"
        raise InvalidShapeError(message)
    return sorted({player_index(game, one, "an entry of players") for one in players})
