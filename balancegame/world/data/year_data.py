"""The capabilities and the members of one year, and states named by code or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._checks import check_known, is_sized
from balancegame._numbers import shorten
from balancegame.errors import (
    InvalidTypeError,
    MissingDataError,
    UnknownMeasureError,
    UnknownStateError,
)
from balancegame.world.data import citations
from balancegame.world.data.capabilities import MEASURES, read_capabilities
from balancegame.world.data.states import resolve_state
from balancegame.world.data.system_membership import read_system_membership, system_members

if TYPE_CHECKING:
    import pandas as pd

    Source = str | Path | pd.DataFrame


class YearData:
    """Capabilities and membership, read once, and only where they are needed."""

    def __init__(self, year: int, capabilities: Source | None, membership: Source | None) -> None:
        self.year = year
        self._capabilities = capabilities
        self._membership = None if membership is None else read_system_membership(membership)
        self._read: Any = None

    def capabilities(self, purpose: str) -> Any:
        """The whole data set."""
        if self._capabilities is None:
            message = f"{purpose} needs capabilities=..., National Material Capabilities"
            raise MissingDataError(message)
        if self._read is None:
            self._read = read_capabilities(self._capabilities)
        return self._read

    def of_year(self, purpose: str) -> Any:
        """The year's rows by code."""
        frame = self.capabilities(purpose)
        rows = frame[frame["year"] == self.year]
        if rows.empty:
            first, last = frame["year"].min(), frame["year"].max()
            message = f"capabilities have no rows of {self.year}; they run from {first} to {last}"
            raise MissingDataError(message)
        return rows.set_index("ccode")

    def members(self) -> tuple[int, ...]:
        """The states of the year."""
        if self._membership is not None:
            return system_members(self._membership, self.year)
        rows = self.of_year("a system of all states, without membership=...,")
        return tuple(sorted(map(int, rows.index)))

    def membership_source(self) -> str:
        """Where the list of the year's states comes from."""
        if self._membership is not None:
            return citations.source_line(
                "states of the system", citations.MEMBERSHIP, self.year, self._membership
            )
        return "states of the system: those with a row of capabilities that year"

    def check_members(self, codes: Mapping[str, int]) -> None:
        """Refuse a state that was no member of the system, where membership is known."""
        if self._membership is None:
            return
        members = self.members()
        for name, code in codes.items():
            if code not in members:
                message = f"{name} ({code}) was not a member of the state system in {self.year}"
                raise MissingDataError(message)

    def measure(self, name: str, codes: Sequence[int], purpose: str) -> list[float]:
        """A measure of power, known for every one of the states."""
        check_known(name, tuple(MEASURES), f"measure in {purpose}", UnknownMeasureError)
        rows = self.of_year(purpose)
        found: list[float] = []
        for code in codes:
            value = float(rows[name].get(code, np.nan))
            if np.isnan(value):
                what = f"{name} of {code}" if code in rows.index else f"row of state {code}"
                message = (
                    f"{purpose}: there is no {what} in {self.year}; leave the state out, or give "
                    "numbers of your own"
                )
                raise MissingDataError(message)
            found.append(value)
        return found


def codes_by_name(states: Sequence[str | int], year: int, argument: str) -> dict[str, int]:
    """Codes of states given by name or code, by the name they go by."""
    if isinstance(states, str | bytes | set | frozenset) or not is_sized(states) or not len(states):
        message = f"{argument} is {shorten(states)}; give a sequence of names or codes"
        raise InvalidTypeError(message)
    found: dict[str, int] = {}
    for state in states:
        code, name = resolve_state(state, year)
        if code in found.values():
            other = next(one for one, known in found.items() if known == code)
            message = f"{argument} lists {code} twice, as {other!r} and {name!r}; list it once"
            raise UnknownStateError(message)
        found[name] = code
    return found
