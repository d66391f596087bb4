"""How sets of equilibria are called on a map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS

LETTERS: dict[str, str] = dict(zip(ACTIONS, "BWNRU", strict=True))
NONE = "none"
_BALANCING = ("balance", "arm", "undermine")


def profile_text(profile: Sequence[str], actions: Sequence[Sequence[str]]) -> str:
    """A pure profile: the balancing model's letters, initials that differ, or names."""
    states = [name for name in profile if name not in THREAT_ACTIONS]
    if all(name in LETTERS for name in states):
        threat = [name for name in profile if name in THREAT_ACTIONS]
        return "/".join(["".join(LETTERS[name] for name in states), *threat])
    initials = [{name[:1].upper() for name in own} for own in actions]
    if all(len(own) == len(letters) for own, letters in zip(actions, initials, strict=True)):
        return "".join(name[:1].upper() for name in profile)
    return ", ".join(profile)


def set_text(profiles: Sequence[str]) -> str:
    """A set of pure profiles."""
    return " + ".join(profiles) or NONE


def camps_text(states: Sequence[str], profile: Sequence[str]) -> str:
    """Who stands where in a profile of the balancing model; a threat's action stands last."""
    camps = {"balance": _BALANCING, "bandwagon": ("bandwagon",), "neutral": ("neutral",)}
    parts = [
        f"{camp}: {', '.join(members)}"
        for camp, actions in camps.items()
        if (members := [s for s, a in zip(states, profile, strict=False) if a in actions])
    ]
    return "; ".join([*parts, *profile[len(states) :]])


def label_order(label: str) -> tuple[int, int, str]:
    """By the number of equilibria, then by name; no equilibrium stands last."""
    return (label == NONE, label.count(" + "), label)


def cells_of(words: NDArray[np.uint64]) -> list[int]:
    """The profiles whose bits are set."""
    return [
        64 * place + bit
        for place, word in enumerate(words.tolist())
        for bit in range(64)
        if word >> bit & 1
    ]
