"""What the small results of this folder share: they print as a table and go to plain types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields
from fractions import Fraction
from typing import Any, cast

from balancegame._numbers import fraction_text
from balancegame.games.narrow_text import captioned_table
from balancegame.games.rendering import Rows, html_table, number, short_fraction


class PublishedResult(ABC):
    """A frozen dataclass that knows its caption and its table."""

    __slots__ = ()

    @abstractmethod
    def _caption(self) -> str: ...

    @abstractmethod
    def _rows(self) -> Rows: ...

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(cast("Any", self))}

    def __repr__(self) -> str:
        return captioned_table(self._caption(), self._rows())

    def _repr_html_(self) -> str:
        return html_table(self._rows(), self._caption())


def text_of(value: Fraction | float | None) -> str:
    """A number as tables show it: a short fraction, or four digits; nothing where there is none."""
    if value is None:
        return "-"
    return short_fraction(value) if isinstance(value, Fraction) else number(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[Any, ...]", value)]
    return value
