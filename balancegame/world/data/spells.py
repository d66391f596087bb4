"""Spells: what a state was from one date to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from balancegame._checks import check_count
from balancegame.errors import MissingDataError
from balancegame.world.data.columns import Column
from balancegame.world.data.state_codes import year_column

if TYPE_CHECKING:
    import pandas as pd

_UNKNOWN = (-9.0,)


def _day_or_month(name: str, high: float) -> Column:
    return Column(name, low=1, high=high, missing=_UNKNOWN, may_miss=True, required=False)


SPELL_COLUMNS = (
    year_column("styear"),
    _day_or_month("stmonth", 12),
    _day_or_month("stday", 31),
    year_column("endyear"),
    _day_or_month("endmonth", 12),
    _day_or_month("endday", 31),
)


def codes_in(spells: pd.DataFrame, year: int, what: str) -> tuple[int, ...]:
    """The states with a spell on any day of a year."""
    at = check_count(year, "year", 0)
    within = spells.loc[(spells["styear"] <= at) & (spells["endyear"] >= at), "ccode"]
    if within.empty:
        first, last = spells["styear"].min(), spells["endyear"].max()
        message = f"no {what} in {at}: the data run from {first} to {last}"
        raise MissingDataError(message)
    return tuple(sorted({int(code) for code in within}))
