"""Who stands where in a profile of the balancing game, and how strong the camps are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from balancegame.alliances.payoffs import BANDWAGON, NEUTRAL, balance_of, expansion_gain
from balancegame.alliances.setting import Setting


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
