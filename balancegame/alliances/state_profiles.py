"""Profiles of the balancing game as users write them, with or without the threat's entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np

from balancegame._checks import is_sized
from balancegame._numbers import shorten
from balancegame._words import counted
from balancegame.errors import InvalidShapeError, InvalidTypeError
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.profiles import Profile, action_index, profile_entries
from balancegame.world.world import World


def split_profile(profile: Profile, world: World) -> tuple[list[Any], Any]:
    """The states' entries, in order, and the threat's, None if it has none."""
    if isinstance(profile, Equilibrium):  # pyright: ignore[reportUnnecessaryIsInstance]
        profile = profile.actions or profile.profile
    states, threat = world.states, str(world.threat)
    if isinstance(profile, Mapping):
        kept = {name: entry for name, entry in profile.items() if name != threat}
        return profile_entries(kept, states), profile.get(threat)
    if is_sized(profile) and len(profile) == len(states) + 1:
        *entries, last = profile_entries(profile, (*states, threat))
        return entries, last
    return profile_entries(profile, states), None


def pure_action(entry: Any, name: str, known: Sequence[str]) -> int:
    """The index of a pure entry's action."""
    if isinstance(entry, bool) or not isinstance(entry, str | int | np.integer):
        message = f"the entry of {name} is {shorten(entry)}; camps are those of a pure profile"
        raise InvalidTypeError(message)
    return action_index(entry, name, known)


def padded(entry: Any, n_actions: int) -> Any:
    """A vector over the first few actions, with the rest at zero."""
    if isinstance(entry, str | bytes | Set | Mapping) or not is_sized(entry):
        return entry
    if not 1 <= len(entry) <= n_actions:
        message = (
            f"a state has {counted(n_actions, 'action')}, but {len(entry)} probabilities are given"
        )
        raise InvalidShapeError(message)
    return [*entry, *[0.0] * (n_actions - len(entry))]
