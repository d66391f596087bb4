"""A treaty's terms as users write them, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from balancegame._checks import check_known, check_names
from balancegame._numbers import Number, exactly, format_number, parse_number, shorten
from balancegame._words import listed
from balancegame.alliances.treaty_automaton import Terms
from balancegame.errors import (
    InvalidParameterError,
    InvalidProbabilityError,
    InvalidTypeError,
    UnknownActionError,
    UnknownContingencyError,
    UnknownFailureError,
    UnknownPlayerError,
)
from balancegame.games.automaton_input import check_action
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.repeated_game import Contingency, RepeatedGame

Actions = Mapping[str, str | int]
Obligations = Actions | Mapping[str, Actions]
"""``{player: action}`` in every contingency, or ``{contingency: {player: action}}``."""
FAILURES = ("excused", "breach")


def read_terms(
    members: Sequence[str],
    stage: NormalFormGame | Sequence[Contingency],
    obligations: Obligations,
    default: Obligations | str | None,
    *,
    beneficiaries: Mapping[str, str],
    reliability: Number | Mapping[str, Number],
    failures: str,
) -> Terms:
    """A treaty's terms by index; `Treaty` names the errors."""
    repeated = RepeatedGame(stage, 0)
    players = repeated.players
    names = check_names(members, "members")
    for name in names:
        check_known(name, players, "player in members", UnknownPlayerError)
    check_known(failures, FAILURES, "way to take failures", UnknownFailureError)
    obliged = _by_contingency(repeated, obligations, "obligations")
    for one, asked in zip(repeated.contingencies, obliged, strict=True):
        for i in asked:
            if players[i] not in names:
                message = (
                    f"obligations oblige {players[i]} in contingency {one.name!r}, which is no "
                    f"member; members are {listed(names)}"
                )
                raise InvalidParameterError(message)
    return Terms(
        repeated,
        tuple(players.index(name) for name in names),
        obliged,
        _read_default(repeated, default),
        _read_beneficiaries(repeated, beneficiaries),
        _read_reliability(players, names, reliability),
        failures == "excused",
    )


def _by_contingency(
    repeated: RepeatedGame, given: object, argument: str
) -> tuple[dict[int, int], ...]:
    if not isinstance(given, Mapping):
        message = (
            f"{argument} is {shorten(given)}; give {{contingency: {{player: action}}}}, or "
            "{player: action} for all contingencies"
        )
        raise InvalidTypeError(message)
    known = [one.name for one in repeated.contingencies]
    nested = any(isinstance(entry, Mapping) for entry in given.values())
    if nested:
        for name, entry in given.items():
            check_known(name, known, f"contingency in {argument}", UnknownContingencyError)
            if not isinstance(entry, Mapping):
                message = f"{argument}[{name!r}] is {shorten(entry)}; give {{player: action}}"
                raise InvalidTypeError(message)
    return tuple(
        _read_actions(one, given.get(one.name, {}) if nested else given, argument)
        for one in repeated.contingencies
    )


def _read_actions(
    contingency: Contingency, given: Mapping[Any, Any], argument: str
) -> dict[int, int]:
    players = contingency.stage.players
    found: dict[int, int] = {}
    for name, action in given.items():
        check_known(name, players, f"player in {argument}", UnknownPlayerError)
        if not isinstance(action, str | int | np.integer) or isinstance(action, bool):
            message = f"{argument} of {name} is {shorten(action)}; give an action's name or index"
            raise InvalidTypeError(message)
        found[players.index(name)] = check_action(contingency.stage, name, int(action) if not (
            isinstance(action, str)) else action)  # fmt: skip
    return found


def _read_default(
    repeated: RepeatedGame, default: Obligations | str | None
) -> tuple[dict[int, int], ...]:
    if default is None:
        return tuple({} for _ in repeated.contingencies)
    if isinstance(default, str):
        # One action for everybody who has it.
        known = {a for stage in repeated.stages for names in stage.actions for a in names}
        check_known(default, sorted(known), "action in default", UnknownActionError)
        return tuple(
            {i: names.index(default) for i, names in enumerate(stage.actions) if default in names}
            for stage in repeated.stages
        )
    return _by_contingency(repeated, default, "default")


def _read_beneficiaries(repeated: RepeatedGame, given: Mapping[str, str]) -> tuple[int | None, ...]:
    known = [one.name for one in repeated.contingencies]
    for name, player in given.items():
        check_known(name, known, "contingency in beneficiaries", UnknownContingencyError)
        check_known(player, repeated.players, "player in beneficiaries", UnknownPlayerError)
    return tuple(repeated.players.index(given[name]) if name in given else None for name in known)


def _read_reliability(
    players: Sequence[str], members: Sequence[str], given: Number | Mapping[str, Number]
) -> tuple[Fraction, ...]:
    if not isinstance(given, Mapping):
        share = _share(given, "reliability")
        return tuple(share if name in members else Fraction(1) for name in players)
    for name in given:
        check_known(name, members, "member in reliability", UnknownPlayerError)
    return tuple(
        _share(given[name], f"reliability[{name!r}]") if name in given else Fraction(1)
        for name in players
    )


def _share(value: object, argument: str) -> Fraction:
    number = parse_number(value, argument, InvalidProbabilityError)
    if not 0 <= exactly(number) <= 1:
        message = (
            f"{argument} is {format_number(number)}; it is the probability that a member honours "
            "its obligation and must lie in [0, 1]"
        )
        raise InvalidProbabilityError(message)
    return exactly(number)
