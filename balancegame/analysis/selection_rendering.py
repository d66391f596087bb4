"""The table of selection criteria as plain text and as HTML."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from balancegame._words import counted, listed
from balancegame.analysis.equilibrium_payoffs import rounded
from balancegame.analysis.selection_table import HEADINGS
from balancegame.games.latex import latex_table
from balancegame.games.narrow_text import captioned_table, in_blocks, wrapped
from balancegame.games.profile_text import equilibrium_line
from balancegame.games.rendering import Rows, html_table, number

if TYPE_CHECKING:
    from balancegame.analysis.selection_table import SelectionRow, SelectionTable

_MOST_SHOWN = 12
_MOST_CONTINUA = 4
_LONGEST = 300  # of an equilibrium in letters
_LARGEST_DENOMINATOR = 100


def selection_text(table: SelectionTable) -> str:
    """What `print(table)` shows."""
    if len(table):
        lines = [captioned_table(_caption(table), _profiles(table))]
        lines += in_blocks(_criteria(table))
    else:
        lines = [wrapped(_caption(table))]
    lines += [wrapped(note, indent="  ") for note in _notes(table)]
    return "\n".join(lines)


def selection_html(table: SelectionTable) -> str:
    """What a notebook shows of it: one table."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in _notes(table))
    if not len(table):
        return f"<p>{escape(_caption(table))}</p>{notes}"
    return html_table(_rows(table), _caption(table)) + notes


def selection_latex(table: SelectionTable, caption: str | None, label: str | None) -> str:
    """The same as a LaTeX table."""
    text = _caption(table) if caption is None else caption
    return latex_table(_rows(table), caption=text, label=label)


def _rows(table: SelectionTable) -> Rows:
    return [
        [*profile, *criteria[1:]]
        for profile, criteria in zip(_profiles(table), _criteria(table), strict=True)
    ]


def _caption(table: SelectionTable) -> str:
    title = f" of {table.game.title}" if table.game.title else ""
    return f"Selection among {counted(len(table), 'equilibrium')}{title}"


def _profiles(table: SelectionTable) -> Rows:
    rows = [["", "equilibrium (payoffs)"]]
    for k, row in enumerate(table.rows[:_MOST_SHOWN]):
        text = equilibrium_line(row.equilibrium, payoffs=True)
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]} ... ({len(text):,} characters)"
        rows.append([f"[{k}]", text])
    return rows


def _shown(table: SelectionTable) -> list[str]:
    """The columns that say something."""
    return [name for name in HEADINGS if any(value is not None for value in table.column(name))]


def _criteria(table: SelectionTable) -> Rows:
    columns = _shown(table)
    rows = [["", *(HEADINGS[name] for name in columns)]]
    for k, row in enumerate(table.rows[:_MOST_SHOWN]):
        rows.append([f"[{k}]", *(_cell(row, name) for name in columns)])
    return rows


def _cell(row: SelectionRow, name: str) -> str:
    value = getattr(row, name)
    if value is None:
        return "-"
    return _amount(value) if name == "p_dominance" else "yes" if value else "no"


def _amount(value: Fraction | float) -> str:
    if isinstance(value, Fraction) and value.denominator < _LARGEST_DENOMINATOR:
        return str(value) if value.denominator > 1 else number(rounded(value))
    return number(rounded(value))


def _notes(table: SelectionTable) -> list[str]:
    notes: list[str] = []
    if len(table) > _MOST_SHOWN:
        notes.append(f"... and {len(table) - _MOST_SHOWN:,} more; to_frame() lists them all")
    if table.continua:
        groups = [
            listed([f"[{k}]" for k in members], _MOST_SHOWN)
            for members in table.continua[:_MOST_CONTINUA]
        ]
        if len(table.continua) > _MOST_CONTINUA:
            groups.append(f"and {len(table.continua) - _MOST_CONTINUA:,} more")
        notes.append(
            f"Extreme points of {counted(len(table.continua), 'continuum')}: {'; '.join(groups)}"
        )
    reasons = table.reasons
    prices = [
        f"{name} {_amount(value)}"
        for name, value in (
            ("anarchy", table.price_of_anarchy),
            ("stability", table.price_of_stability),
        )
        if value is not None
    ]
    if prices:
        notes.append(f"Price of {', of '.join(prices)}")
    notes += [f"{name.replace('_', ' ')}: {why}" for name, why in _merged(reasons).items()]
    word = "Complete" if table.complete else "Not known to be complete"
    notes.append(f"{word}: {table.reason}")
    return notes


def _merged(reasons: dict[str, str]) -> dict[str, str]:
    """Columns that lack for the same reason, together."""
    names: dict[str, list[str]] = {}
    for name, why in reasons.items():
        names.setdefault(why, []).append(name)
    return {", ".join(columns): why for why, columns in names.items()}
