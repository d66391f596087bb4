"""A game in normal form, and one equilibrium, as plain text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from balancegame._words import counted
from balancegame.games.narrow_text import captioned_table
from balancegame.games.rendering import Rows, equilibria_rows, html_table, number

if TYPE_CHECKING:
    from balancegame.games.equilibrium import Equilibrium
    from balancegame.games.normal_form import NormalFormGame

_MOST_CELLS = 36  # of a two-player game shown in full


def game_text(game: NormalFormGame) -> str:
    """What `print(game)` shows."""
    return captioned_table(_game_caption(game), _game_rows(game))


def game_html(game: NormalFormGame) -> str:
    """What a notebook shows of a game."""
    return html_table(_game_rows(game), _game_caption(game))


def equilibrium_text(found: Equilibrium) -> str:
    """What `print(equilibrium)` shows."""
    return captioned_table("Equilibrium", equilibria_rows([found]))


def _game_caption(game: NormalFormGame) -> str:
    title = f" {game.title!r}" if game.title else ""
    sizes = " x ".join(map(str, game.shape))
    players, profiles = counted(game.n_players, "player"), counted(game.n_profiles, "profile")
    return f"NormalFormGame{title}: {players}, {sizes} = {profiles}"


def _game_rows(game: NormalFormGame) -> Rows:
    if game.n_players == 2 and game.n_profiles <= _MOST_CELLS:
        rows = [["", *game.actions[1]]]
        for a, name in enumerate(game.actions[0]):
            cells = [
                ", ".join(number(value) for value in game.payoffs[:, a, b])
                for b in range(game.shape[1])
            ]
            rows.append([name, *cells])
        return rows
    return [["player", "actions"], *([p, ", ".join(a)] for p, a in _named(game))]


def _named(game: NormalFormGame) -> list[tuple[str, tuple[str, ...]]]:
    return list(zip(game.players, game.actions, strict=True))
