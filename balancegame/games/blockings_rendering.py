"""Blocked equilibria as plain text and as HTML."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from balancegame.games.narrow_text import captioned_table
from balancegame.games.profile_text import equilibrium_line, profile_text
from balancegame.games.rendering import Rows, html_table, number, short_fraction

if TYPE_CHECKING:
    from balancegame.games.blockings import Blocking, Blockings

_MOST_SHOWN = 6


def blockings_text(blocked: Blockings) -> str:
    """What `print(result.blocked)` shows."""
    if not len(blocked):
        return _caption(blocked)
    text = captioned_table(_caption(blocked), _rows(blocked))
    more = _more(blocked)
    return f"{text}\n  {more}" if more else text


def blockings_html(blocked: Blockings) -> str:
    """What a notebook shows of them."""
    if not len(blocked):
        return f"<p>{_caption(blocked)}</p>"
    more = _more(blocked)
    return html_table(_rows(blocked), _caption(blocked)) + (f"<p>{more}</p>" if more else "")


def _caption(blocked: Blockings) -> str:
    count = len(blocked)
    if count == 1:
        return "1 pure equilibrium is blocked"
    return f"{count:,} pure equilibria are blocked" if count else "No pure equilibrium is blocked"


def _more(blocked: Blockings) -> str:
    more = len(blocked) - _MOST_SHOWN
    return f"... and {more:,} more; blocked.to_frame() lists all" if more > 0 else ""


def _rows(blocked: Blockings) -> Rows:
    rows = [["", "equilibrium", "a coalition moves to", "and gains"]]
    rows.extend(
        [
            f"[{k}]",
            equilibrium_line(one.equilibrium),
            _move_text(one),
            profile_text(one.coalition, list(map(number, one.gains)), whole=False),
        ]
        for k, one in enumerate(islice(blocked, _MOST_SHOWN))
    )
    return rows


def _move_text(one: Blocking) -> str:
    if one.move is not None:
        return profile_text(one.coalition, one.move, whole=False)
    return " or ".join(
        f"{short_fraction(chance)} ({profile_text(one.coalition, move, whole=False)})"
        for move, chance in one.lottery
    )
