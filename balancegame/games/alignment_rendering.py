"""A game of alignment as plain text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from balancegame._words import counted
from balancegame.games.narrow_text import captioned_blocks, fits, wrapped
from balancegame.games.rendering import Rows, html_table, number

if TYPE_CHECKING:
    from balancegame.games.alignment import AlignmentGame

_MOST_SHOWN = 12  # states


def alignment_text(game: AlignmentGame) -> str:
    """What `print(game)` shows."""
    table, more = captioned_blocks(_caption(game), _rows(game)), _more(game)
    return f"{table}\n{wrapped(more, indent='  ')}" if more else table


def alignment_html(game: AlignmentGame) -> str:
    """What a notebook shows of it."""
    more = _more(game)
    return html_table(_rows(game), _caption(game)) + (f"<p>{more}</p>" if more else "")


def _caption(game: AlignmentGame) -> str:
    title = f" {game.title!r}" if game.title else ""
    return f"AlignmentGame{title}: {counted(game.n_states, 'state')}, two camps"


def _rows(game: AlignmentGame) -> Rows:
    """Sizes and propensities; where names are long or many, numbers stand over the columns."""
    names = game.names[:_MOST_SHOWN]
    sizes, propensities = game.size, game.propensity
    rows = [["", "size", *names]]
    for i, name in enumerate(names):
        cells = ["" if i == j else number(propensities[i, j]) for j in range(len(names))]
        rows.append([name, number(sizes[i]), *cells])
    if fits(rows):
        return rows
    numbers = [f"[{k}]" for k in range(len(names))]
    named = [[f"[{k}] {row[0]}", *row[1:]] for k, row in enumerate(rows[1:])]
    return [["", "size", *numbers], *named]


def _more(game: AlignmentGame) -> str:
    more = game.n_states - _MOST_SHOWN
    if more <= 0:
        return ""
    return f"... and {counted(more, 'more state')}; see `size` and `propensity`"
