"""Who stands where, how strong, and what ties whom: read from whatever has camps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count
from balancegame._numbers import parse_number, shorten
from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS
from balancegame.alliances.camps import Camps
from balancegame.alliances.state_profiles import pure_action, split_profile
from balancegame.errors import (
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    MissingThreatError,
)
from balancegame.games.alignment import AlignmentGame
from balancegame.games.equilibrium import Equilibrium
from balancegame.solvers.alignments.result import AlignmentResult
from balancegame.world.world import World

Floats = NDArray[np.float64]

_WEAKEST = 0.1  # of the strongest tie that there can be, or that there is
_EFFORTS = {"arm": "arms", "undermine": "undermines"}


@dataclass(frozen=True, slots=True)
class Camp:
    """States that stand together: what they are called, who they are, and where they are drawn."""

    heading: str
    members: tuple[int, ...]
    place: str  # "left", "right" or "below"


@dataclass(frozen=True, slots=True)
class CampsNetwork:
    """States in camps.

    Attributes
    ----------
    labels : tuple of str
        Names, with what is to be said of single states.
    size : (n,) array
        Power, or size.
    ties : (n, n) array
        Parallelism, or propensity.
    weakest, strongest : float
        Ties below the first are not drawn; the second is drawn widest.
    camps : tuple of Camp
    threat : int or None
    share_word, size_word, tie_word : str
        What shares are of, and what sizes and ties are.
    remark : str
        On the camps as a whole; may be empty.
    title : str
    """

    labels: tuple[str, ...]
    size: Floats
    ties: Floats
    weakest: float
    strongest: float
    camps: tuple[Camp, ...]
    threat: int | None
    share_word: str
    size_word: str
    tie_word: str
    remark: str
    title: str

    def tied(self) -> list[tuple[int, int]]:
        """The pairs whose tie is drawn."""
        n = len(self.labels)
        return [
            (i, j)
            for i in range(n)
            for j in range(i + 1, n)
            if self.ties[i, j] and abs(self.ties[i, j]) >= self.weakest
        ]


def read_camps(subject: object, standing: Any, weakest: Any) -> CampsNetwork:
    """The camps of a world, an alignment game, or what `alignments` found."""
    if isinstance(subject, World):
        return _of_world(subject, standing, _bound(weakest, 1.0))
    if isinstance(subject, AlignmentResult):
        place = 0 if standing is None else check_count(standing, "the place of a minimum", 0)
        if place >= len(subject):
            message = f"there is no minimum {place}; places run from 0 to {len(subject) - 1}"
            raise InvalidParameterError(message)
        return _of_alignment(subject.game, subject.minima[place], weakest)
    if isinstance(subject, AlignmentGame):
        if standing is None:
            message = "an AlignmentGame has no camps by itself; give every state's side, 0 or 1"
            raise InvalidTypeError(message)
        return _of_alignment(subject, standing, weakest)
    message = (
        f"camps are those of a World, an AlignmentGame or an AlignmentResult, not of "
        f"{shorten(subject)}"
    )
    raise InvalidTypeError(message)


def _bound(weakest: Any, strongest: float) -> float:
    if weakest is None:
        return _WEAKEST * strongest
    value = float(parse_number(weakest, "weakest", InvalidParameterError))
    if value < 0.0:
        message = f"weakest is {value}; it must be at least 0"
        raise InvalidParameterError(message)
    return value


def _of_alignment(game: AlignmentGame, sides: Any, weakest: Any) -> CampsNetwork:
    given = game.read_sides(sides)
    strongest = float(np.abs(game.propensity).max())
    camps = (
        Camp(f"side {side}", tuple(i for i, own in enumerate(given) if own == side), place)
        for side, place in enumerate(("left", "right"))
    )
    return CampsNetwork(
        labels=game.names,
        size=game.size,
        ties=game.propensity,
        weakest=_bound(weakest, strongest),
        strongest=strongest,
        camps=tuple(camp for camp in camps if camp.members),
        threat=None,
        share_word="size",
        size_word="size",
        tie_word="propensity",
        remark=f"Energy {game.energy(given):.6g}.",
        title=game.title,
    )


def _of_world(world: World, standing: Any, weakest: float) -> CampsNetwork:
    notes = {} if world.threat is None else {world.threat: "threat"}
    remark = ""
    balancing: Sequence[str] = ()
    bandwagoning: Sequence[str] = ()
    neutral: Sequence[str] = ()
    if isinstance(standing, Camps):
        balancing, bandwagoning, neutral = _groups(world, standing)
        remark = f"Balancing prevails with probability {standing.prevailing:.3g}."
    elif standing is not None:
        balancing, bandwagoning, neutral = _played(world, standing, notes)
    theirs = list(bandwagoning)
    if world.threat is not None:
        theirs.insert(len(theirs) // 2, world.threat)  # in the middle of its camp
    if standing is None:
        named = [("", world.states, "left"), ("threat", theirs, "right")]
    else:
        heading = "threat and bandwagoning" if bandwagoning else "threat"
        named = [
            ("balancing", balancing, "left"),
            (heading, theirs, "right"),
            ("neutral", neutral, "below"),
        ]
    at = {name: k for k, name in enumerate(world.names)}
    return CampsNetwork(
        labels=tuple(f"{name} ({notes[name]})" if name in notes else name for name in world.names),
        size=world.power,
        ties=world.parallelism,
        weakest=weakest,
        strongest=1.0,
        camps=tuple(
            Camp(heading, tuple(at[name] for name in members), place)
            for heading, members, place in named
            if members
        ),
        threat=None if world.threat is None else at[world.threat],
        share_word="power",
        size_word=f"power ({world.power_measure})" if world.power_measure else "power",
        tie_word="parallelism",
        remark=remark,
        title=world.title,
    )


Groups = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _groups(world: World, camps: Camps) -> Groups:
    """The camps as `BalancingModel.camps` gives them, if they are of this world."""
    members = (camps.threat, *camps.balancing, *camps.bandwagoning, *camps.neutral)
    if camps.threat != world.threat or sorted(members) != sorted(world.names):
        message = (
            f"the camps are of other states ({', '.join(members)}, the first the threat) than "
            "the world; give camps of this world"
        )
        raise InvalidShapeError(message)
    return camps.balancing, camps.bandwagoning, camps.neutral


def _played(world: World, profile: Any, notes: dict[str, str]) -> Groups:
    """The camps of a profile; ``notes`` receive what else is to be said of single states."""
    if world.threat is None:
        message = "a profile has camps for and against a threat; give the world one (threat=...)"
        raise MissingThreatError(message)
    if isinstance(profile, Equilibrium):
        if profile.actions is None:
            message = "the equilibrium is mixed; camps are those of a pure one"
            raise InvalidTypeError(message)
        profile = dict(zip(profile.players, profile.actions, strict=True))
    entries, of_threat = split_profile(profile, world)
    sides: dict[str, list[str]] = {"bandwagon": [], "neutral": []}
    balancing: list[str] = []
    for name, entry in zip(world.states, entries, strict=True):
        action = ACTIONS[pure_action(entry, name, ACTIONS)]
        sides.get(action, balancing).append(name)
        if action in _EFFORTS:
            notes[name] = _EFFORTS[action]
    if of_threat is not None:
        action = THREAT_ACTIONS[pure_action(of_threat, world.threat, THREAT_ACTIONS)]
        notes[world.threat] = f"threat: {action}"
    return balancing, sides["bandwagon"], sides["neutral"]
