"""The two columns every data set is keyed by."""

from __future__ import annotations

from balancegame.world.data.columns import Column

FIRST_YEAR, LAST_YEAR = 1400, 2200


def code_column(name: str = "ccode", *headings: str) -> Column:
    """A Correlates of War state code."""
    return Column(name, headings=headings, low=1, high=9_999)


def year_column(name: str = "year", *headings: str, may_miss: bool = False) -> Column:
    """A year; negative codes mean that it is not known or does not apply."""
    missing = (-7.0, -8.0, -9.0) if may_miss else ()
    return Column(name, "year", headings, FIRST_YEAR, LAST_YEAR, missing=missing, may_miss=may_miss)
