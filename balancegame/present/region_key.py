"""What the labels of a map of equilibria mean."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from balancegame.analysis.sweeps.labels import LETTERS, NONE

_WIDTH = 80


def region_key(dataset: Any, labels: Sequence[str]) -> str:
    """What the letters of profiles mean, whose they are, and what + joins; "" for other labels."""
    actions = dataset.attrs.get("actions")
    if not actions or not labels or not all(map(_is_of_letters, labels)):
        return ""
    key = ", ".join(f"{LETTERS[name]} {name}" for name in actions if name in LETTERS)
    coordinate = dataset["player"].values if "player" in dataset.coords else ()
    players = dataset.attrs.get("players", coordinate)
    if len(players):
        key += f"; in the order {', '.join(map(str, players))}"
    lines = textwrap.wrap(key, _WIDTH)
    if any(" + " in label for label in labels):
        lines.append("+ joins equilibria that exist side by side")
    return "\n".join(lines)


def _is_of_letters(label: str) -> bool:
    """Whether a label is a set of profiles, one letter a state; a threat's move may follow."""
    if label == NONE:
        return True
    states = "".join(profile.partition("/")[0] for profile in label.split(" + "))
    return bool(states) and set(states) <= set(LETTERS.values())
