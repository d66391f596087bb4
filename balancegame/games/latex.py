"""Tables for a paper: the rows that are printed, as a LaTeX table in the style of booktabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_MOST_COLUMNS = 8  # at the size of the text
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
_NUMBER = re.compile(r"(?<![\w./-])(-?)(\d+(?:\.\d+)?)(?:/(\d+)|e([+-]\d+))?(?![\w/])")


def latex_table(rows: Rows, *, caption: str, label: str | None) -> str:
    """A table float: the first row as heading, the first column flush left like all others.

    Text is escaped; negative numbers, fractions and powers of ten are set as mathematics.
    """
    head, *body = ([_cell(cell) for cell in row] for row in rows)
    lines = [
        r"\begin{table}",
        r"  \centering",
        *(_NARROW if len(head) > _MOST_COLUMNS else []),
        rf"  \caption{{{_cell(check_text(caption, 'caption'))}}}",
        *([] if label is None else [rf"  \label{{{_label(label)}}}"]),
        rf"  \begin{{tabular}}{{{'l' * len(head)}}}",
        r"    \toprule",
        f"    {_row(head)}",
        r"    \midrule",
        *(f"    {_row(row)}" for row in body),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    if cells[0].startswith(("[", "*")):  # would be an option of the line break before it
        cells = ["{}" + cells[0], *cells[1:]]
    return " & ".join(cells) + r" \\"


def _cell(text: str) -> str:
    """Escaped between the numbers that are set as mathematics."""
    parts: list[str] = []
    done = 0
    for match in _NUMBER.finditer(text):
        parts += [_escaped(text[done : match.start()]), _mathematics(match)]
        done = match.end()
    return "".join([*parts, _escaped(text[done:])])


def _mathematics(match: re.Match[str]) -> str:
    sign, digits, denominator, power = match.groups()
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
