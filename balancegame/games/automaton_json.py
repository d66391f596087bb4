"""Automata as plain types, ready for JSON, and back, by names rather than indices.

What is read may come from anywhere: every name and number is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._checks import check_known, check_names, check_text
from balancegame._numbers import exactly, fraction_text, shorten
from balancegame.errors import JsonFormatError, UnknownAutomatonStateError, UnknownPlayerError
from balancegame.games.automaton_input import Slip, check_action, pure_profile
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.plain_types import entry
from balancegame.games.repeated_game import read_contingencies
from balancegame.games.situation import Cell, Situation

if TYPE_CHECKING:
    from balancegame.games.automaton import Automaton


def automaton_dict(automaton: Automaton) -> dict[str, Any]:
    """An automaton in plain types."""
    return {
        "title": automaton.title,
        "contingencies": [one.to_dict() for one in automaton.contingencies],
        "initial": automaton.initial,
        "excused": automaton.excused,
        "states": {
            state: {
                one.name: _situation_dict(situation, one.stage, automaton.states)
                for one, situation in zip(automaton.contingencies, row, strict=True)
            }
            for state, row in zip(automaton.states, automaton.situations, strict=True)
        },
    }


def _situation_dict(
    situation: Situation, game: NormalFormGame, states: Sequence[str]
) -> dict[str, Any]:
    deviators = {
        player: {
            action: states[target]
            for action, target in zip(actions, row, strict=True)
            if target != situation.follow
        }
        for player, actions, row in zip(game.players, game.actions, situation.alone, strict=True)
    }
    several = situation.several
    return {
        "profile": [names[a] for names, a in zip(game.actions, situation.profile, strict=True)],
        "follow": states[situation.follow],
        "deviators": {player: row for player, row in deviators.items() if row},
        "several": states[several] if isinstance(several, int) else _named(several, states),
        "slips": [
            {
                "player": game.players[i],
                "action": game.actions[i][a],
                "probability": fraction_text(chance),
            }
            for i, a, chance in situation.slips
        ],
    }


def _named(table: Any, states: Sequence[str]) -> Any:
    """A table of states by name, as nested lists."""
    listed = table.tolist() if isinstance(table, np.ndarray) else table
    return [_named(one, states) for one in listed] if isinstance(listed, list) else states[listed]


def read_automaton(data: object) -> dict[str, Any]:
    """The arguments of `Automaton.from_situations` that build what `automaton_dict` wrote."""
    where = "an automaton"
    contingencies = read_contingencies(data, where)
    given = entry(data, "states", dict, where)
    states = check_names(tuple(given), "states")
    initial = check_known(entry(data, "initial", str, where), states, "state",
                          UnknownAutomatonStateError)  # fmt: skip
    return {
        "contingencies": contingencies,
        "situations": {
            state: [
                _read_situation(entry(given[state], one.name, dict, f"state {state!r}"), one.stage,
                                states)
                for one in contingencies
            ]
            for state in states
        },
        "initial": states.index(initial),
        "excused": entry(data, "excused", bool, where),
        "title": check_text(entry(data, "title", str, where), "title"),
    }  # fmt: skip


def _read_situation(data: object, game: NormalFormGame, states: Sequence[str]) -> Situation:
    where = "a state's contingency"

    def place(name: object) -> int:
        return states.index(check_known(name, states, "state", UnknownAutomatonStateError))

    cell = pure_profile(game, entry(data, "profile", list, where))
    follow = place(entry(data, "follow", str, where))
    alone = [[follow] * m for m in game.shape]
    for player, row in entry(data, "deviators", dict, where).items():
        i = game.players.index(check_known(player, game.players, "player", UnknownPlayerError))
        if not isinstance(row, Mapping):
            message = f"deviators of {player} is {shorten(row)}; it must be {{action: state}}"
            raise JsonFormatError(message)
        for action, name in row.items():
            alone[i][check_action(game, player, action)] = place(name)
    listed = entry(data, "several", object, where)
    several = place(listed) if isinstance(listed, str) else _read_table(listed, game, states)
    slips = tuple(_read_slip(one, game, cell) for one in entry(data, "slips", list, where))
    if len({i for i, _, _ in slips}) < len(slips):
        message = f"slips has two entries for one player in {where}; give one a player"
        raise JsonFormatError(message)
    return Situation(cell, follow, tuple(map(tuple, alone)), several, slips)


def _read_table(listed: object, game: NormalFormGame, states: Sequence[str]) -> Any:
    names = list(_flat(listed, game.shape))
    places = [
        states.index(check_known(one, states, "state", UnknownAutomatonStateError)) for one in names
    ]
    table = np.array(places, dtype=np.int32).reshape(game.shape)
    table.setflags(write=False)
    return table


def _flat(listed: object, shape: Sequence[int]) -> Iterator[object]:
    """The entries of nested lists of a given shape."""
    if not shape:
        yield listed
        return
    if not isinstance(listed, list) or len(listed) != shape[0]:  # pyright: ignore[reportUnknownArgumentType]
        message = f"'several' holds {shorten(listed)}; it must have one state for each profile"
        raise JsonFormatError(message)
    for one in listed:  # pyright: ignore[reportUnknownVariableType]
        yield from _flat(one, shape[1:])  # pyright: ignore[reportUnknownArgumentType]


def _read_slip(data: object, game: NormalFormGame, cell: Cell) -> tuple[int, int, Fraction]:
    player, action = (entry(data, key, str, "a slip") for key in ("player", "action"))
    chance = exactly(Slip(player, action, entry(data, "probability", str, "a slip")).probability)
    a, i = check_action(game, player, action), game.players.index(player)
    if a == cell[i] or not chance:
        message = (
            f"{player} slips to {action} with probability {fraction_text(chance)}; it must be "
            "something else than he is to play, and the probability above 0"
        )
        raise JsonFormatError(message)
    return i, a, chance
