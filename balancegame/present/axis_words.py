"""What the axes of a sweep are called on figures."""

from __future__ import annotations

from balancegame.analysis.sweeps.axes import PARALLELISM, POWER_RATIO

_WORDS = {
    POWER_RATIO: "power ratio (threat / mean of the others)",
    PARALLELISM: "parallelism of interests",
}


def axis_words(name: str) -> str:
    """A parameter's name as a reader would have it."""
    return _WORDS.get(name, name.replace("_", " "))
