"""Tables for a paper: the rows that are printed, as a LaTeX table in the style of booktabs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from balancegame._checks import check_text
from balancegame.errors import TableTooLargeError
from balancegame.games.rendering import Rows, equilibria_rows, number, short_fraction

if TYPE_CHECKING:
    from balancegame.games.equilibrium import Equilibrium
    from balancegame.games.normal_form import NormalFormGame

_MOST_PROFILES = 1_000
_MOST_COLUMNS, _MOST_LETTERS = 8, 60  # at the size of the text
_LINE, _GAP = 82, 2  # letters of a line of small text, and between columns
_NARROW = [r"  \footnotesize", r"  \setlength{\tabcolsep}{3pt}"]
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
} | {sign: f"\\{sign}" for sign in "&%$#_{}"}
_SPECIAL = re.compile("|".join(map(re.escape, _ESCAPES)))
# A number by itself: not inside a word such as a1 or 1938-x.
_NUMBER = re.compile(
    r"(?<![\w./-])(-?)(\d+(?:\.\d+)?)(?:/(\d+)|e([+-]\d+)|\^(-?\d[\d.]*))?(?![\w/^])"
)


def latex_table(
    rows: Rows,
    *,
    caption: str,
    label: str | None,
    further: Iterable[Rows] = (),
    notes: Iterable[str] = (),
) -> str:
    """A table float: the first row as heading, all columns flush left, notes below.

    Text is escaped; negative numbers, fractions and powers of ten are set as mathematics. Where
    rows are longer than a line of text, cells are broken between words.
    """
    tables = [rows, *further]
    lines = [
        r"\begin{table}",
        r"  \centering",
        *(_NARROW if any(map(_is_wide, tables)) else []),
        rf"  \caption{{{_cell(check_text(caption, 'caption'))}}}",
        *([] if label is None else [rf"  \label{{{_label(label)}}}"]),
        *_tabular(rows),
    ]
    for one in tables[1:]:
        lines += [r"  \par\medskip", *_tabular(one)]
    for note in notes:
        lines += [r"  \par\smallskip", rf"  {{\footnotesize {_cell(' '.join(note.split()))}\par}}"]
    return "\n".join([*lines, r"\end{table}"]) + "\n"


def _tabular(rows: Rows) -> list[str]:
    widths = _column_widths(rows)
    head, *body = (
        [_column_cell(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows
    )
    columns = "".join("l" if one is None else rf"p{{{one:.2f}\linewidth}}" for one in widths)
    # \raggedright makes the shorter command break a line within the cell.
    end = r"\\" if "p" not in columns else r"\tabularnewline"
    return [
        rf"  \begin{{tabular}}{{{columns}}}",
        r"    \toprule",
        f"    {_row(head, end)}",
        r"    \midrule",
        *(f"    {_row(row, end)}" for row in body),
        r"    \bottomrule",
        r"  \end{tabular}",
    ]


def narrower(rows: Rows) -> Rows:
    """A table with labels on two sides, or its transpose where it is too wide and that is less."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return turned if _letters(rows) > max(_LINE, _letters(turned)) else rows


def _letters(rows: Rows) -> int:
    """How wide a table is whose cells are not broken."""
    return sum(max(map(len, cells)) + _GAP for cells in zip(*rows, strict=True))


def _is_wide(rows: Rows) -> bool:
    return len(rows[0]) > _MOST_COLUMNS or _letters(rows) > _MOST_LETTERS


def _column_widths(rows: Rows) -> list[float | None]:
    """Of each column its share of a line of small text, or None where no cell is to be broken."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, cells)) for cells in columns]
    room = _LINE - _GAP * len(widths)
    given: list[float | None] = [None] * len(widths)
    # Whoever needs less than an equal share of what is left leaves the rest to the others.
    for done, k in enumerate(sorted(range(len(widths)), key=widths.__getitem__)):
        word = max(len(one) for cell in columns[k] for one in (cell.split() or [""]))
        wide = min(widths[k], max(word + 1, room // (len(widths) - done)))
        if wide < widths[k]:
            given[k] = wide / _LINE
        room -= wide
    return given


def _column_cell(text: str, width: float | None) -> str:
    return _cell(text) if width is None else rf"\raggedright {_cell(text)}"


def _row(cells: list[str], end: str) -> str:
    if cells[0].startswith(("[", "*")):  # would be an option of the line break before it
        cells = ["{}" + cells[0], *cells[1:]]
    return f"{' & '.join(cells)} {end}"


def _cell(text: str) -> str:
    """Escaped between the numbers that are set as mathematics."""
    parts: list[str] = []
    done = 0
    for match in _NUMBER.finditer(text):
        parts += [_escaped(text[done : match.start()]), _mathematics(match)]
        done = match.end()
    return "".join([*parts, _escaped(text[done:])])


def _mathematics(match: re.Match[str]) -> str:
    sign, digits, denominator, power, exponent = match.groups()
    if exponent is not None:
        return rf"${sign}{digits}^{{{exponent}}}$"
    if denominator is not None:
        return rf"${sign}\frac{{{digits}}}{{{denominator}}}$"
    if power is not None:
        return rf"${sign}{digits}\times 10^{{{int(power)}}}$"
    return f"${sign}{digits}$" if sign else digits


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES[match.group()], text)


def _label(label: str) -> str:
    """A label as it is: what LaTeX would stumble over is left out."""
    return re.sub(r"[^\w:.\- ]", "", check_text(label, "label"))


def game_latex(game: NormalFormGame, caption: str | None, label: str | None) -> str:
    """Two players' payoffs as a bimatrix, more players' as one row a profile."""
    text = caption if caption is not None else game.title or "Payoffs"
    rows = _bimatrix(game) if game.n_players == 2 else _profiles(game)
    return latex_table(rows, caption=text, label=label)


def equilibria_latex(
    found: Sequence[Equilibrium], caption: str, label: str | None, *, players: int
) -> str:
    """Equilibria across and players down, or the other way round if that is narrower."""
    rows = equilibria_rows(found) if found else [["", "no equilibrium"]]
    if len(found) > players:
        rows = [list(column) for column in zip(*rows, strict=True)]
    return latex_table(rows, caption=caption, label=label)


def _bimatrix(game: NormalFormGame) -> Rows:
    rows = [[f"{game.players[0]}, {game.players[1]}", *game.actions[1]]]
    for a, name in enumerate(game.actions[0]):
        cells = [_payoffs(game, (a, b)) for b in range(game.shape[1])]
        rows.append([name, *cells])
    return rows


def _profiles(game: NormalFormGame) -> Rows:
    if game.n_profiles > _MOST_PROFILES:
        message = (
            f"the game has {game.n_profiles:,} profiles; a LaTeX table takes up to "
            f"{_MOST_PROFILES:,}: set its equilibria instead, or fewer actions"
        )
        raise TableTooLargeError(message)
    rows = [[*game.players, "payoffs"]]
    for profile in np.ndindex(*game.shape):
        names = [own[a] for own, a in zip(game.actions, profile, strict=True)]
        rows.append([*names, _payoffs(game, profile)])
    return rows


def _payoffs(game: NormalFormGame, profile: tuple[int, ...]) -> str:
    if game.has_rounded_payoffs:
        values = [Fraction(game.exact_payoffs[(i, *profile)]) for i in range(game.n_players)]
        return ", ".join(map(short_fraction, values))
    return ", ".join(number(float(value)) for value in game.payoffs[(slice(None), *profile)])
