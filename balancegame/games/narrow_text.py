"""Captions and tables that fit a terminal of 80 columns, as far as their words are short enough."""

from __future__ import annotations

import re
import textwrap

from balancegame._records import COLUMNS
from balancegame.games.rendering import Rows, text_table

_INDENT, _GAP = "  ", 2
_BROKEN = re.compile(r"\n *")  # where another text that is quoted was wrapped
_HELD = "\N{NO-BREAK SPACE}"  # textwrap does not break at it
# Blanks where a cell is not broken: all but those between clauses; or but those between items too;
# or but those after conjunctions, lest a formula be broken.
_WITHIN = (
    re.compile(r"(?<!;) "),
    re.compile(r"(?<![,;]) "),
    re.compile(r"(?<![,;])(?<! and)(?<! or) "),
)
# Where a product or a quotient without blanks goes on in a further line, if it is too long for one.
_FACTORS = re.compile(r"(?<=[^*]\*)(?=[^*])|(?<=\)/)|(?<=/)(?=\()")
# What is not broken: words; if they are too long, factors.
_WORDS = re.compile(" ")
_PIECES = re.compile(f" |{_FACTORS.pattern}")


class _Wrapper(textwrap.TextWrapper):
    """Breaks lines at blanks, and words longer than a line between factors."""

    def __init__(self, width: int, *, first: str = "", further: str = "") -> None:
        super().__init__(
            width,
            initial_indent=first,
            subsequent_indent=further,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _split(self, text: str) -> list[str]:
        room = self.width - len(self.subsequent_indent)
        return [
            piece
            for word in super()._split(text)
            for piece in (_FACTORS.split(word) if len(word) > room else [word])
        ]


def wrapped(text: str, *, indent: str = "") -> str:
    """A line as lines of at most 80 columns, all but the first indented further.

    Examples
    --------
    >>> print(wrapped("*".join(f"parameter_{k}**2" for k in range(1, 8)) + " > 1"))
    parameter_1**2*parameter_2**2*parameter_3**2*parameter_4**2*parameter_5**2*
      parameter_6**2*parameter_7**2 > 1
    """
    return _Wrapper(COLUMNS, first=indent, further=indent + _INDENT).fill(_BROKEN.sub(" ", text))


def captioned_table(caption: str, rows: Rows) -> str:
    """A caption over a table, both within 80 columns; lists in cells go on in further lines."""
    return f"{wrapped(caption)}\n{narrow_table(rows)}"


def narrow_table(rows: Rows, *, indent: str = _INDENT) -> str:
    """A table within 80 columns: cells go on in further lines, or columns stand in blocks."""
    narrow = _narrowed(rows, indent)
    if fits(narrow, indent=indent):
        return text_table(narrow, indent=indent)
    return "\n".join(in_blocks(rows, indent=indent))


def captioned_blocks(caption: str, rows: Rows) -> str:
    """A caption over a table of many columns: in blocks rather than with cells broken."""
    return "\n".join([wrapped(caption), *in_blocks(rows)])


def fits(rows: Rows, *, indent: str = _INDENT) -> bool:
    """Whether a table stays within 80 columns as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return sum(widths) <= _room(rows, indent)


def in_blocks(rows: Rows, *, indent: str = _INDENT) -> list[str]:
    """A table as tables within 80 columns, one below the other, each with the first column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    blocks: list[list[int]] = []
    room = 0
    for k, width in enumerate(widths[1:], 1):
        if not blocks or width + _GAP > room:
            blocks.append([0])
            room = COLUMNS - len(indent) - widths[0]
        blocks[-1].append(k)
        room -= width + _GAP
    return [
        text_table(_narrowed([[row[k] for k in block] for row in rows], indent), indent=indent)
        for block in blocks or [[0]]
    ]


def _narrowed(rows: Rows, indent: str = _INDENT) -> Rows:
    """The rows with the widest columns' cells broken into lines, between items where that will do.

    Examples
    --------
    >>> _narrowed([["who", "what"], ["A", "one"]])
    [['who', 'what'], ['A', 'one']]
    """
    room = _room(rows, indent)
    natural = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if fits(rows, indent=indent):
        return rows
    held, widths = rows, natural
    for within in (*_WITHIN, None):
        held = rows if within is None else [[within.sub(_HELD, c) for c in row] for row in rows]
        widths = _shrunk(natural, held, room, _WORDS)
        if sum(widths) <= room:
            break
    else:
        widths = _shrunk(natural, held, room, _PIECES)
    found: Rows = []
    for row in held:
        cells = [_lines(cell, width) for cell, width in zip(row, widths, strict=True)]
        for k in range(max(map(len, cells))):
            found.append([lines[k] if k < len(lines) else "" for lines in cells])
    return found


def _room(rows: Rows, indent: str) -> int:
    """Columns left for cells."""
    return COLUMNS - len(indent) - _GAP * (len(rows[0]) - 1)


def _shrunk(natural: list[int], rows: Rows, room: int, bounds: re.Pattern[str]) -> list[int]:
    """Widths of columns that fit: the widest gives way, down to its longest part."""
    least = [
        max(len(part) for cell in column for part in bounds.split(cell))
        for column in zip(*rows, strict=True)
    ]
    widths = list(natural)
    while sum(widths) > room:
        spare = [k for k, width in enumerate(widths) if width > least[k]]
        if not spare:
            break
        widths[max(spare, key=widths.__getitem__)] -= 1
    return widths


def _lines(cell: str, width: int) -> list[str]:
    lines = _Wrapper(max(width, 1)).wrap(cell)
    return [line.replace(_HELD, " ") for line in lines] or [""]
