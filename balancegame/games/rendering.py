"""Games and equilibria as plain text and as HTML: one table, two renderings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from balancegame._words import counted

if TYPE_CHECKING:
    from balancegame.games.equilibrium import Equilibrium
    from balancegame.games.normal_form import NormalFormGame

_LARGEST_DENOMINATOR = 100  # of probabilities shown as fractions
_MOST_CELLS = 36  # of a two-player game shown in full

Rows = list[list[str]]


def number(value: float) -> str:
    """A number as tables show it: four significant digits, no trailing zeros."""
    return f"{value:.4g}"


def text_table(rows: Rows, *, indent: str = "") -> str:
    """Left-aligned columns, the first row as the heading."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def html_table(rows: Rows, caption: str) -> str:
    """The same rows as an HTML table, every text escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>"
        + f"<th>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[1:]
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def game_text(game: NormalFormGame) -> str:
    """What `print(game)` shows."""
    return f"{_game_caption(game)}\n{text_table(_game_rows(game), indent='  ')}"


def game_html(game: NormalFormGame) -> str:
    """What a notebook shows of a game."""
    return html_table(_game_rows(game), _game_caption(game))


def equilibrium_text(found: Equilibrium) -> str:
    """What `print(equilibrium)` shows."""
    return f"Equilibrium\n{text_table(equilibria_rows([found]), indent='  ')}"


def equilibria_html(shown: Sequence[Equilibrium], caption: str = "Equilibrium") -> str:
    """Equilibria as an HTML table, one a column."""
    return html_table(equilibria_rows(shown), caption)


def equilibria_rows(shown: Sequence[Equilibrium]) -> Rows:
    """Players down, equilibria across, with the margins below."""
    rows = [["", *(f"[{k}]" for k in range(len(shown)))]]
    for i, player in enumerate(shown[0].players):
        rows.append([player, *(_part_with_payoff(found, i) for found in shown)])
    rows.append(["margin", *(number(found.margin) for found in shown)])
    if any(found.index is not None for found in shown) and not all(f.is_pure for f in shown):
        rows.append(["index", *("-" if f.index is None else f"{f.index:+d}" for f in shown)])
    return rows


def _part_with_payoff(found: Equilibrium, player: int) -> str:
    return f"{part_text(found, player)} ({number(found.payoffs[player])})"


def part_text(found: Equilibrium, player: int) -> str:
    """What a player does in an equilibrium."""
    names, support = found.action_names[player], found.support[player]
    if len(support) == 1:
        return names[support[0]]
    return " + ".join(f"{probability_text(found, player, a)} {names[a]}" for a in support)


def probability_text(found: Equilibrium, player: int, action: int) -> str:
    """A probability: as a fraction where that is short, else with four digits."""
    if found.exact is not None:
        return short_fraction(found.exact[player][action])
    return number(float(found.profile[player][action]))


def short_fraction(value: Fraction) -> str:
    """A fraction where that is short, else four digits."""
    return str(value) if value.denominator < _LARGEST_DENOMINATOR else number(float(value))


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
