"""Records without a text of their own: their fields, in lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from dataclasses import fields
from pprint import pformat
from typing import Any

COLUMNS = 80
"""Of a terminal: no line of a text that the package prints is longer, names permitting."""

_INDENT = "    "


def record_repr(self: Any) -> str:
    """A dataclass as ``Name(field=value, ...)``: in one line if it fits, else a line a field.

    A class takes it over with ``__repr__ = record_repr`` in its body.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Move:
    ...     player: str
    ...     actions: tuple[str, ...]
    ...     __repr__ = record_repr
    >>> Move("A", ("balance",))
    Move(player='A', actions=('balance',))
    >>> Move("A", ("balance", "bandwagon") * 3)
    Move(
        player='A',
        actions=('balance',
                 'bandwagon',
                 'balance',
                 'bandwagon',
                 'balance',
                 'bandwagon'),
    )
    """
    name = type(self).__name__
    values = {one.name: getattr(self, one.name) for one in fields(self) if one.repr}
    line = f"{name}({', '.join(f'{key}={value!r}' for key, value in values.items())})"
    if len(line) <= COLUMNS and "\n" not in line:
        return line
    lines = [_field(key, value) for key, value in values.items()]
    return "\n".join([f"{name}(", *lines, ")"])


def _field(key: str, value: Any) -> str:
    room = COLUMNS - len(_INDENT)
    hanging = len(key) + 1
    shown = pformat(value, width=room - hanging - 1, sort_dicts=False)
    first, *rest = shown.splitlines()
    if rest and max(map(len, rest)) + hanging >= room:
        return textwrap.indent(f"{key}=\n{shown},", _INDENT)
    lines = [f"{key}={first}", *(" " * hanging + line for line in rest)]
    return textwrap.indent("\n".join(lines) + ",", _INDENT)
