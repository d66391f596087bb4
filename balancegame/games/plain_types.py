"""Games as plain types, ready for JSON, and back: exact numbers as text such as ``"1/3"``.

What is read may come from anywhere: it is checked as arguments are, and nothing in it is evaluated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from balancegame._checks import check_type
from balancegame._numbers import fraction_text, shorten
from balancegame.errors import JsonFormatError
from balancegame.games.normal_form import NormalFormGame

Found = TypeVar("Found")

_IN_JSON: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
}


def from_text(text: str, read: Callable[[Any], Found]) -> Found:
    """What JSON text describes, read by a function of plain types."""
    check_type(text, str, "text")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = (
            f"text is no JSON that can be read: {shorten(str(error))}; give what to_json wrote"
        )
        raise JsonFormatError(message) from None
    return read(data)


def entry(data: object, key: str, kind: type[Found], where: str) -> Found:
    """An entry of what was read, of the type that belongs there."""
    if not isinstance(data, Mapping) or key not in data:
        message = f"{where} has no {key!r}; give what to_dict or to_json wrote"
        raise JsonFormatError(message)
    found = data[key]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(found, kind):
        message = f"{key!r} of {where} is {shorten(found)}; it must be {_IN_JSON[kind]}"
        raise JsonFormatError(message)
    return found


def stage_dict(game: NormalFormGame) -> dict[str, Any]:
    """A game in plain types; ``payoffs[i][a_0]...[a_{n-1}]`` as text."""
    return {
        "title": game.title,
        "players": list(game.players),
        "actions": [list(names) for names in game.actions],
        "payoffs": _texts(game.exact_payoffs.tolist()),
    }


def read_stage(data: object) -> NormalFormGame:
    """The game that `stage_dict` wrote."""
    return NormalFormGame(
        entry(data, "payoffs", list, "a game"),
        entry(data, "players", list, "a game"),
        entry(data, "actions", list, "a game"),
        title=entry(data, "title", str, "a game"),
    )


def _texts(values: Any) -> Any:
    return [_texts(one) for one in values] if isinstance(values, list) else fraction_text(values)
