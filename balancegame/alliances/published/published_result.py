"""What the small results of this folder share: they print as a table and go to plain types."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import Any, cast

from balancegame._numbers import fraction_text
from balancegame.games.as_json import AsJson
from balancegame.games.rendering import number, short_fraction
from balancegame.games.tabulated import Tabulated


class PublishedResult(AsJson, Tabulated):
    """A frozen dataclass that knows its caption and its table."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(cast("Any", self))}


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
