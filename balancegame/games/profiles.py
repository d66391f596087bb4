"""Profiles as users write them, read into one probability vector a player."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_known, is_sized
from balancegame._numbers import shorten
from balancegame._words import counted, listed
from balancegame.errors import (
    InvalidProbabilityError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownActionError,
    UnknownPlayerError,
)

Entry = str | int | Sequence[float] | Sequence[Fraction] | NDArray[Any]
"""One player's part of a profile: an action's name or index, or a probability vector."""

Profile = Sequence[Entry] | Mapping[str, Entry] | NDArray[Any]
"""One entry a player, in order or by player name."""

_SUM_TOLERANCE = 1e-9


def mixed_profile(
    profile: Profile, players: Sequence[str], actions: Sequence[Sequence[str]]
) -> tuple[NDArray[np.float64], ...]:
    """Read a profile into one probability vector a player.

    Raises
    ------
    UnknownPlayerError, UnknownActionError
        A name or index the game does not have.
    InvalidProbabilityError
        Negative probabilities, or a sum further than 1e-9 from 1.
    InvalidShapeError
        An entry too few or too many, or a vector of the wrong length.
    """
    return tuple(
        _probabilities(entry, player, names)
        for entry, player, names in zip(
            profile_entries(profile, players), players, actions, strict=True
        )
    )


def profile_entries(profile: Profile, players: Sequence[str]) -> list[Entry]:
    """The entries of a profile in the order of the players."""
    profile = getattr(profile, "profile", profile)  # an Equilibrium speaks for its profile
    if isinstance(profile, Mapping):
        for name in profile:
            check_known(name, players, "player", UnknownPlayerError)
        missing = [name for name in players if name not in profile]
        if missing:
            message = f"the profile has no entry for {listed(missing)}; name every player"
            raise InvalidShapeError(message)
        return [profile[name] for name in players]
    if isinstance(profile, str | bytes | Set) or not is_sized(profile):
        message = f"a profile is a sequence or {{player: entry}}, not {shorten(profile)}"
        raise InvalidTypeError(message)
    if len(profile) != len(players):
        message = (
            f"the profile has {counted(len(profile), 'entry')} for "
            f"{counted(len(players), 'player')}"
        )
        raise InvalidShapeError(message)
    return list(profile)


def _probabilities(entry: Entry, player: str, names: Sequence[str]) -> NDArray[np.float64]:
    if isinstance(entry, str | int | np.integer) and not isinstance(entry, bool):
        vector = np.zeros(len(names))
        vector[action_index(entry, player, names)] = 1.0
        return vector
    try:
        if isinstance(entry, str | bytes | Set | Mapping):
            raise TypeError
        values = list(entry)  # pyright: ignore[reportArgumentType]
        vector = np.array([float(value) for value in values], dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        message = (
            f"the entry of {player} is {shorten(entry)}; give an action's name, its index, or "
            f"{counted(len(names), 'probability')}"
        )
        raise InvalidTypeError(message) from None
    if vector.shape != (len(names),):
        message = (
            f"the probabilities of {player} have shape {vector.shape}, expected ({len(names)},): "
            "one for each action"
        )
        raise InvalidShapeError(message)
    total = math.fsum(vector.tolist())
    if not (vector >= 0.0).all() or not abs(total - 1.0) <= _SUM_TOLERANCE:
        message = (
            f"the probabilities of {player} are {vector.tolist()} with sum {total}; they must be "
            "nonnegative and sum to 1"
        )
        raise InvalidProbabilityError(message)
    return vector


def player_index(player: str | int, players: Sequence[str], argument: str = "player") -> int:
    """The index of a player given by name or index; UnknownPlayerError if there is none."""
    if isinstance(player, str):
        return players.index(check_known(player, players, "player", UnknownPlayerError))
    place = check_count(player, argument, 0)
    if place >= len(players):
        message = f"{argument} is {place}; the game has players 0 to {len(players) - 1}"
        raise UnknownPlayerError(message)
    return place


def action_index(entry: str | int | np.integer[Any], player: str, names: Sequence[str]) -> int:
    """The index of an action given by name or index."""
    if isinstance(entry, str):
        return names.index(check_known(entry, names, f"action of {player}", UnknownActionError))
    if not 0 <= entry < len(names):
        message = (
            f"action {entry} of {player} does not exist; indices run from 0 to {len(names) - 1} "
            f"({listed(names)})"
        )
        raise UnknownActionError(message)
    return int(entry)
