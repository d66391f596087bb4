"""Blocked equilibria as plain text and as HTML."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from balancegame._words import counted
from balancegame.games.narrow_text import captioned_table
from balancegame.games.profile_text import equilibrium_line, profile_text
from balancegame.games.rendering import Rows, fraction_number, html_table, short_fraction

if TYPE_CHECKING:
    from balancegame.games.blockings import Blocking, Blockings

_MOST_SHOWN = 6
_ONE = "Blocked pure equilibrium"


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


def blocking_text(one: Blocking) -> str:
    """What `print(result.blocked[0])` shows."""
    return captioned_table(_ONE, _fields(one))


def blocking_html(one: Blocking) -> str:
    """What a notebook shows of one of them."""
    return html_table([["", ""], *_fields(one)], _ONE)


def _fields(one: Blocking) -> Rows:
    return [
        ["equilibrium", equilibrium_line(one.equilibrium)],
        ["left by", ", ".join(one.coalition)],
        ["moving to" if one.move is not None else "drawing lots over", _move_text(one)],
        ["gaining", _gains_text(one)],
    ]


def _caption(blocked: Blockings) -> str:
    count = len(blocked)
    if not count:
        return "No pure equilibrium is blocked"
    return f"{counted(count, 'pure equilibrium')} {'is' if count == 1 else 'are'} blocked"


def _more(blocked: Blockings) -> str:
    more = len(blocked) - _MOST_SHOWN
    return f"... and {more:,} more; blocked.to_frame() lists all" if more > 0 else ""


def _rows(blocked: Blockings) -> Rows:
    shown = list(islice(blocked, _MOST_SHOWN))
    by_lot = any(one.move is None for one in shown)
    moves = "a coalition moves to" + (", or by lot to" if by_lot else "")
    rows = [["", "equilibrium", moves, "and gains"]]
    rows.extend(
        [
            f"[{k}]",
            equilibrium_line(one.equilibrium),
            _move_text(one),
            _gains_text(one),
        ]
        for k, one in enumerate(shown)
    )
    return rows


def _gains_text(one: Blocking) -> str:
    return profile_text(one.coalition, list(map(fraction_number, one.exact_gains)), whole=False)


def _move_text(one: Blocking) -> str:
    if one.move is not None:
        return profile_text(one.coalition, one.move, whole=False)
    return " or ".join(
        f"{short_fraction(chance)} ({profile_text(one.coalition, move, whole=False)})"
        for move, chance in one.lottery
    )
