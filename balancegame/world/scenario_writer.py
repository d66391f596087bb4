"""Worlds written as scenario files."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import tomli_w

from balancegame._numbers import exact_value, format_fraction

if TYPE_CHECKING:
    from balancegame.world.world import World

UNSPECIFIED = "unspecified"  # the one way to say that a measure or source is not known


def world_toml(world: World) -> str:
    """The world as the text of a scenario file, every number as it was given."""
    tree: dict[str, Any] = {"title": world.title}
    if world.threat is not None:
        tree["threat"] = world.threat
    tree["sources"] = list(world.sources) or [UNSPECIFIED]
    names, values = world.names, world.given
    tree["power"] = {
        "measure": world.power_measure or UNSPECIFIED,
        "values": {name: _plain(value) for name, value in zip(names, values.power, strict=True)},
    }
    if any(value != 1 for value in values.exposure):
        tree["exposure"] = {
            "values": {
                name: _plain(value) for name, value in zip(names, values.exposure, strict=True)
            }
        }
    rows = {
        a: {names[j]: _plain(values.parallelism[i][j]) for j in range(i)}
        for i, a in enumerate(names)
        if i
    }
    if any(value != 0 for row in rows.values() for value in row.values()):
        tree["parallelism"] = {"values": rows}
    return tomli_w.dumps(tree)


def _plain(value: float) -> int | float | Decimal | str:
    """A number TOML can hold without loss: a fraction that is no decimal goes as text."""
    exact = exact_value(value)
    if exact is None:
        return value
    text = format_fraction(exact)
    if "/" in text:
        return text
    return Decimal(text) if "." in text else int(text)
