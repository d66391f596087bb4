"""Games and equilibria as plain text and as HTML: one table, two renderings."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from balancegame._numbers import fraction_text

if TYPE_CHECKING:
    from balancegame.games.equilibrium import Equilibrium

_LARGEST_DENOMINATOR = 100  # of probabilities shown as fractions
_MOST_DIGITS = 17  # that a float has
_LEAST, _GREATEST = sys.float_info.min, sys.float_info.max
_LEAST_LOG = math.log(1e-100)  # of a share shown as a number

Rows = list[list[str]]


def number(value: float) -> str:
    """A number as tables show it: four significant digits, no trailing zeros."""
    return f"{value:.4g}"


def fraction_number(value: Fraction) -> str:
    """A rational as `number` shows it, as a power of ten where floats cannot hold it.

    Examples
    --------
    >>> fraction_number(Fraction(1, 3)), fraction_number(Fraction(1, 10**400))
    ('0.3333', '10^-400')
    """
    if value and not _LEAST <= abs(value) <= _GREATEST:
        above, below = abs(value).numerator, value.denominator
        sign = "-" if value < 0 else ""
        return f"{sign}{power_of_ten(math.log(above) - math.log(below))}"
    return number(float(value))


def power_of_ten(log: float) -> str:
    """What has this natural log, as a power of ten."""
    return f"10^{log / math.log(10):.4g}"


def share_text(log: float) -> str:
    """A share with this natural log: never 0 unless it is.

    Examples
    --------
    >>> share_text(math.log(0.25)), share_text(-1200.0), share_text(-math.inf)
    ('0.25', '10^-521.2', '0')
    """
    if log == -math.inf:
        return "0"
    return power_of_ten(log) if log < _LEAST_LOG else number(math.exp(log))


def apart(values: Sequence[Fraction]) -> list[str]:
    """Numbers with four significant digits, or with as many more as tell different ones apart.

    Examples
    --------
    >>> apart([Fraction(1), Fraction(1, 3)]), apart([Fraction(10**12), Fraction(10**12 + 1)])
    (['1', '0.3333'], ['1000000000000', '1000000000001'])
    """
    different = len(set(values))
    for digits in range(4, _MOST_DIGITS + 1):
        shown = [f"{float(value):.{digits}g}" for value in values]
        if len(set(shown)) == different:
            return shown
    return [fraction_text(value) for value in values]


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
