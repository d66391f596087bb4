"""A world as plain text, as HTML and as a LaTeX table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from balancegame._words import counted
from balancegame.games.latex import latex_table
from balancegame.games.narrow_text import captioned_table
from balancegame.games.rendering import Rows, html_table, number

if TYPE_CHECKING:
    from balancegame.world.world import World

_MOST_COLUMNS = 12  # of interests beside the powers


def world_text(world: World) -> str:
    """What `print(world)` shows: powers and shares."""
    rows = [
        [name, f"power {power:<10.6g} share {share:6.1%}", "threat" if name == world.threat else ""]
        for name, power, share in _powers(world)
    ]
    return captioned_table(_caption(world), rows)


def world_html(world: World) -> str:
    """What a notebook shows of a world: powers, shares, parallel interests."""
    return html_table(_rows(world), _caption(world))


def world_latex(world: World, caption: str | None, label: str | None) -> str:
    """The same as a LaTeX table."""
    text = world.title or _caption(world) if caption is None else caption
    return latex_table(_rows(world), caption=text, label=label)


def _caption(world: World) -> str:
    title = f" {world.title!r}" if world.title else ""
    return f"World{title}: {counted(len(world.names), 'state')}"


def _powers(world: World) -> list[tuple[str, float, float]]:
    return list(zip(world.names, world.power.tolist(), world.shares.tolist(), strict=True))


def _rows(world: World) -> Rows:
    """Interests in columns numbered like the rows, unless all are unrelated or too many."""
    n = len(world.names)
    related = not np.array_equal(world.parallelism, np.eye(n))
    columns = range(n) if related and n <= _MOST_COLUMNS else range(0)
    rows = [["", "state", "power", "share", *(str(j + 1) for j in columns)]]
    for i, (name, power, share) in enumerate(_powers(world)):
        role = " (threat)" if name == world.threat else ""
        interests = [f"{world.parallelism[i, j]:.2f}" for j in columns]
        rows.append([str(i + 1), name + role, number(power), f"{share:.1%}", *interests])
    return rows
