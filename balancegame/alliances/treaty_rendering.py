"""Treaties as text and as HTML: who owes what, and what follows a breach."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from balancegame._numbers import format_fraction
from balancegame._words import counted
from balancegame.games.narrow_text import captioned_table
from balancegame.games.rendering import Rows, html_table

if TYPE_CHECKING:
    from balancegame.alliances.treaty import Treaty


def text(treaty: Treaty) -> str:
    """What `print(treaty)` shows."""
    return captioned_table(_caption(treaty), _rows(treaty))


def html(treaty: Treaty) -> str:
    """What a notebook shows."""
    return f"<p>{escape(_caption(treaty))}</p>" + html_table(_rows(treaty), "Obligations")


def _caption(treaty: Treaty) -> str:
    unsure = [
        f"{name} {format_fraction(one)}" for name, one in treaty.reliability.items() if one < 1
    ]
    failing = f"; reliability {', '.join(unsure)}, failures {treaty.failures}" if unsure else ""
    failing = failing.replace("failures breach", "failures count as breaches")
    outside = len(treaty.players) - len(treaty.members)
    others = f"; {counted(outside, 'other state')}" if outside else ""
    return f"{treaty.title} of {', '.join(treaty.members)} ({treaty.breach}{failing}{others})"


def _rows(treaty: Treaty) -> Rows:
    rows = [["contingency", "chance", "obliged", "otherwise"]]
    due, rest = treaty.obligations, treaty.default
    for one, chance in zip(treaty.contingencies, treaty.automaton.probabilities, strict=True):
        asked = due[one.name]
        otherwise = {name: a for name, a in rest[one.name].items() if name not in asked}
        rows.append([one.name, format_fraction(chance), _listed(asked), _listed(otherwise)])
    return rows


def _listed(actions: dict[str, str]) -> str:
    return ", ".join(f"{name}: {action}" for name, action in actions.items())
