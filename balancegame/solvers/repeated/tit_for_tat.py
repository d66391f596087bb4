"""Tit for tat, an automaton that answers what the other did, deviation or not."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from balancegame._checks import check_known, check_type
from balancegame._words import counted, listed
from balancegame.errors import InvalidShapeError, UnknownPlayerError
from balancegame.games.automaton import Automaton
from balancegame.games.automaton_input import pure_profile
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile, action_index
from balancegame.games.repeated_game import RepeatedGame
from balancegame.games.situation import Situation


def tit_for_tat(
    stage: NormalFormGame,
    *,
    start: Profile = (0, 0),
    answers: Mapping[str, Mapping[str, str | int]] | None = None,
) -> Automaton:
    """Tit for tat: each of two players does what the other did last.

    Parameters
    ----------
    stage : NormalFormGame
        Of two players.
    start : profile
        Played in the first period; by default each player's first action.
    answers : mapping {player: {action of the other: own action}}, optional
        What answers what. By default the action of the same name; or, where the names differ, of
        the same place.

    Returns
    -------
    Automaton
        Its states are the profiles to be played.

    Raises
    ------
    InvalidShapeError
        Not two players; or different numbers of actions, and no answers.
    UnknownActionError

    Notes
    -----
    Axelrod (1984). Subgame perfect only where alternating exploitation is worth just as much as
    mutual help and the discount factor just right: in the ally game without common interests, with
    benefit 2 and cost 1, at 1/2 and at no other.

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays(
    ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]],
    ...     players=["A", "B"], actions=["help", "withhold"],
    ... )
    >>> bg.tit_for_tat(dilemma).states
    ('help, help', 'help, withhold', 'withhold, help', 'withhold, withhold')
    """
    check_type(stage, NormalFormGame, "stage")
    repeated = RepeatedGame(stage, 0)
    if stage.n_players != 2:
        message = f"stage has {counted(stage.n_players, 'player')}; tit for tat is for two"
        raise InvalidShapeError(message)
    replies = [_replies(stage, i, answers) for i in range(2)]
    first = pure_profile(stage, start)
    states = sorted({first, *product(set(replies[0]), set(replies[1]))})
    table = np.array(
        [
            [states.index((replies[0][b], replies[1][a])) for b in range(stage.shape[1])]
            for a in range(stage.shape[0])
        ],
        dtype=np.int32,
    )
    table.setflags(write=False)
    rows = {
        ", ".join(names[a] for names, a in zip(stage.actions, cell, strict=True)): [
            Situation(
                cell,
                int(table[cell]),
                (tuple(table[:, cell[1]].tolist()), tuple(table[cell[0], :].tolist())),
                table,
            )
        ]
        for cell in states
    }
    return Automaton.from_situations(
        repeated.contingencies, rows, initial=states.index(first), title="Tit for tat"
    )


def _replies(
    stage: NormalFormGame, player: int, answers: Mapping[str, Mapping[str, str | int]] | None
) -> list[int]:
    """For each action of the other the player's answer."""
    own, theirs = stage.actions[player], stage.actions[1 - player]
    name = stage.players[player]
    if answers is None:
        if set(own) == set(theirs):
            return [own.index(action) for action in theirs]
        if len(own) != len(theirs):
            message = (
                f"the players have {len(own)} and {counted(len(theirs), 'action')}; say what "
                "answers what by answers={player: {action of the other: own action}}"
            )
            raise InvalidShapeError(message)
        return list(range(len(own)))
    for given in answers:
        check_known(given, stage.players, "player in answers", UnknownPlayerError)
    chosen = answers.get(name, {})
    read = {
        action_index(action, stage.players[1 - player], theirs): action_index(reply, name, own)
        for action, reply in chosen.items()
    }
    missing = [action for place, action in enumerate(theirs) if place not in read]
    if missing:
        message = f"answers of {name} leaves out {listed(missing)}; answer every action"
        raise InvalidShapeError(message)
    return [read[place] for place in range(len(theirs))]
