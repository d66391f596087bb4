"""A player given by name or by index."""

from __future__ import annotations

from balancegame._checks import check_count, check_known
from balancegame.errors import UnknownPlayerError
from balancegame.games.normal_form import NormalFormGame


def player_index(game: NormalFormGame, player: str | int, argument: str = "player") -> int:
    """The index of a player; UnknownPlayerError if there is no such player."""
    if isinstance(player, str):
        return game.players.index(check_known(player, game.players, "player", UnknownPlayerError))
    place = check_count(player, argument, 0)
    if place >= game.n_players:
        message = f"{argument} is {place}; the game has players 0 to {game.n_players - 1}"
        raise UnknownPlayerError(message)
    return place
