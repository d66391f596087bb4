"""Counts with their nouns, as texts and messages write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Endings of the singular and what the plural has instead; the first that fits.
_PLURALS = (
    (re.compile(r"(?<=[iu])um$"), "a"),  # equilibrium, continuum
    (re.compile(r"(?<=t)ex$"), "ices"),  # vertex
    (re.compile(r"(?<=s)is$"), "es"),  # basis
    (re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])y$"), "ies"),  # entry
    (re.compile(r"(?:(?<=[sxz])|(?<=[cs]h))$"), "es"),  # branch
    (re.compile("$"), "s"),
)


def plural(noun: str) -> str:
    """The plural of a noun.

    Examples
    --------
    >>> [plural(one) for one in ("state", "equilibrium", "vertex", "basis", "entry", "array")]
    ['states', 'equilibria', 'vertices', 'bases', 'entries', 'arrays']
    """
    ending, instead = next(one for one in _PLURALS if one[0].search(noun))
    return ending.sub(instead, noun)


def noun_for(count: int, noun: str) -> str:
    """The noun in the number that its count asks for."""
    return noun if count == 1 else plural(noun)


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "state"), counted(0, "equilibrium"), counted(5040, "order")
    ('1 state', '0 equilibria', '5,040 orders')
    """
    return f"{count:,} {noun_for(count, noun)}"


def every_one(count: int) -> str:
    """The subject of what became of each of some things.

    Examples
    --------
    >>> every_one(1), every_one(12)
    ('the only one', 'each of 12')
    """
    return "the only one" if count == 1 else f"each of {count:,}"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a row, and how many are left out of it.

    Examples
    --------
    >>> listed(["A", "B"]), listed(["A", "B", "C", "D"], most=2)
    ('A, B', 'A, B and 2 more')
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
