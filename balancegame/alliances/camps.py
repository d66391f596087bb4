"""Who stands where in a profile of the balancing game, and how strong the camps are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from balancegame._checks import check_known, is_sized
from balancegame._numbers import shorten
from balancegame._records import record_repr
from balancegame.alliances.payoffs import (
    BANDWAGON,
    NEUTRAL,
    balance_of,
    camp_power,
    expansion_gain,
)
from balancegame.alliances.setting import Setting
from balancegame.errors import InvalidTypeError, UnknownStateError


@dataclass(frozen=True, slots=True)
class Camps:
    """The camps of a pure profile.

    Attributes
    ----------
    threat : str
    balancing, bandwagoning, neutral : tuple of str
        States against the threat, with it, and passing the buck.
    our_power, their_power : float
        P+ and P-: contributions weighted by parallel interests, after undermining.
    prevailing : float
        The chance pi that balancing prevails if the threat expands.
    contested : bool
        Whether the threat expands; a fixed one always does.
    """

    threat: str
    balancing: tuple[str, ...]
    bandwagoning: tuple[str, ...]
    neutral: tuple[str, ...]
    our_power: float
    their_power: float
    prevailing: float
    contested: bool

    __repr__ = record_repr


def camps_of(setting: Setting, codes: Sequence[int], threat_action: str) -> Camps:
    """The camps of one profile of action codes."""
    profile = np.array(codes, dtype=np.int64)[:, None]
    balance = balance_of(setting, profile)
    expands = threat_action == "expand" or (
        threat_action == "opportunist" and expansion_gain(setting, profile, balance)[0] >= 0
    )
    sides: dict[int, list[str]] = {BANDWAGON: [], NEUTRAL: []}
    balancing: list[str] = []
    for name, code in zip(setting.players, codes, strict=True):
        sides.get(code, balancing).append(name)
    return Camps(
        threat=setting.threat,
        balancing=tuple(balancing),
        bandwagoning=tuple(sides[BANDWAGON]),
        neutral=tuple(sides[NEUTRAL]),
        our_power=float(balance.ours[0] * setting.unit),
        their_power=float(balance.theirs[0] * setting.unit),
        prevailing=float(balance.prevailing[0]),
        contested=bool(expands),
    )


def power_of(setting: Setting, members: Sequence[str]) -> float:
    """P(C), the power of some states together, the threat perhaps among them."""
    everyone = (*setting.players, setting.threat)
    if isinstance(members, str) or not is_sized(members):
        message = f"members is {shorten(members)}; give a sequence of states"
        raise InvalidTypeError(message)
    for name in members:
        check_known(name, everyone, "state", UnknownStateError)
    powers = np.array([*setting.power, setting.threat_power])
    brought = np.where([name in members for name in everyone], powers, 0.0)
    return float(camp_power(setting, brought[:, None])[0] * setting.unit)
