"""Automata as users write them, read into one situation a state and contingency."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_names, check_table_fits, check_type, is_sized
from balancegame._numbers import Number, exactly, format_number, parse_number, shorten
from balancegame._records import record_repr
from balancegame._words import listed
from balancegame.errors import (
    InvalidProbabilityError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownAutomatonStateError,
    UnknownContingencyError,
    UnknownPlayerError,
)
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile, action_index, profile_entries
from balancegame.games.repeated_game import Contingency
from balancegame.games.situation import Cell, Situation

Deviators = str | Mapping[str, str | Mapping[str, str]]


@final
@dataclass(frozen=True, slots=True)
class Moves:
    """Which state follows, by who deviated.

    Parameters
    ----------
    follow : str, optional
        The state that follows when all play their part; by default the automaton stays.
    deviators : str, or mapping {player: state}, or {player: {action: state}}, optional
        The state that follows when one player alone deviates; by default, and for players and
        actions left out, as if he had not.
    several : str, optional
        The state that follows when several deviate at once; by default the automaton stays.

    Raises
    ------
    InvalidTypeError
        Something else in one of these places.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.Moves(deviators={"A": "punish A", "B": "punish B"})
    Moves(follow=None, deviators={'A': 'punish A', 'B': 'punish B'}, several=None)
    """

    follow: str | None = None
    deviators: Deviators | None = None
    several: str | None = None

    __repr__ = record_repr

    def __post_init__(self) -> None:
        for name in ("follow", "several"):
            if not isinstance(getattr(self, name), str | None):
                message = f"{name} is {shorten(getattr(self, name))}; name a state"
                raise InvalidTypeError(message)
        if not isinstance(self.deviators, str | Mapping | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            message = (
                f"deviators is {shorten(self.deviators)}; name a state, or map players to states"
            )
            raise InvalidTypeError(message)


@final
@dataclass(frozen=True, slots=True)
class Slip:
    """How likely a player is to play something else than he means to.

    Parameters
    ----------
    player : str
    action : str or int
        What he plays instead.
    probability : number in [0, 1]

    Raises
    ------
    InvalidProbabilityError
        A probability outside [0, 1].
    """

    player: str
    action: str | int
    probability: float

    __repr__ = record_repr

    def __init__(self, player: str, action: str | int, probability: Number) -> None:
        chance = parse_number(probability, "probability", InvalidProbabilityError)
        if not 0 <= exactly(chance) <= 1:
            message = f"probability is {format_number(chance)}; it must lie in [0, 1]"
            raise InvalidProbabilityError(message)
        object.__setattr__(self, "player", player)
        object.__setattr__(self, "action", action)
        object.__setattr__(self, "probability", chance)


Rule = str | Moves
PlayInput = Mapping[str, Profile | Mapping[str, Profile]]
TransitionFunction = Callable[[str, str, tuple[str, ...]], str]
TransitionInput = (
    Mapping[str, Rule | Mapping[str, Rule]] | Mapping[tuple[Any, ...], str] | TransitionFunction
)
Slips = tuple[tuple[int, int, Fraction], ...]


def read(
    contingencies: Sequence[Contingency],
    play: PlayInput,
    transitions: TransitionInput,
    slips: Mapping[str, Sequence[Slip]] | Sequence[Slip],
) -> dict[str, tuple[Situation, ...]]:
    """The situations of each state, in the order of the contingencies."""
    check_type(play, Mapping, "play")
    states = check_names(tuple(play), "play")
    known = [one.name for one in contingencies]
    profiles = {
        state: contingent_profiles(contingencies, play[state], f"play[{state!r}]")
        for state in states
    }
    hands = [_read_slips(one, slips, known) for one in contingencies]
    if callable(transitions):
        _check_takes_three(transitions)
        asked = _answering(transitions)
    elif is_sized(transitions) and any(isinstance(key, tuple) for key in transitions):
        asked = _look_up(cast("Mapping[tuple[Any, ...], str]", transitions), contingencies)
    else:
        rules = _read_rules(transitions, states, known)
        return {
            state: tuple(
                _by_rule(rules.get((state, one.name), Moves()), state, states, one, cell, hand)
                for one, cell, hand in zip(contingencies, profiles[state], hands, strict=True)
            )
            for state in states
        }
    return {
        state: tuple(
            _in_full(asked, state, states, one, cell, hand)
            for one, cell, hand in zip(contingencies, profiles[state], hands, strict=True)
        )
        for state in states
    }


def _check_takes_three(function: Callable[..., str]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in ones have none
        return
    try:
        signature.bind("state", "contingency", ())
    except TypeError:
        message = (
            f"transitions is a function of {signature}; it must take a state, a contingency and a "
            "profile"
        )
        raise InvalidTypeError(message) from None


def _answering(function: TransitionFunction) -> TransitionFunction:
    """The function itself, but for a named error where it does not take what it is given."""

    def asked(state: str, contingency: str, played: tuple[str, ...]) -> str:
        try:
            return function(state, contingency, played)
        except TypeError as error:
            message = (
                f"transitions is {shorten(function)}, and transitions({state!r}, {contingency!r}, "
                f"{shorten(played)}) fails: {shorten(str(error))}; it must take a state, a "
                "contingency and a profile, and return a state"
            )
            raise InvalidTypeError(message) from error

    return asked


def contingent_profiles(
    contingencies: Sequence[Contingency],
    given: Profile | Mapping[str, Profile],
    argument: str = "profile",
) -> tuple[Cell, ...]:
    """One pure profile a contingency, of one for all or of ``{contingency: profile}``.

    Raises
    ------
    UnknownContingencyError, UnknownPlayerError, UnknownActionError
    InvalidShapeError
        A contingency without a profile, or a profile with too few or too many entries.
    """
    known = [one.name for one in contingencies]
    if not isinstance(given, Mapping) or not _speaks_of_contingencies(given, contingencies):
        return tuple(pure_profile(one.stage, cast("Profile", given)) for one in contingencies)
    for name in given:
        check_known(name, known, f"contingency in {argument}", UnknownContingencyError)
    missing = [name for name in known if name not in given]
    if missing:
        message = f"{argument} has no profile for {listed(missing)}; give one a contingency"
        raise InvalidShapeError(message)
    return tuple(pure_profile(one.stage, cast("Profile", given[one.name])) for one in contingencies)


def _speaks_of_contingencies(
    given: Mapping[str, Any], contingencies: Sequence[Contingency]
) -> bool:
    """Whether the keys of a mapping are contingencies rather than players.

    Where no key is known as either, the entries tell: a player's is one action.
    """
    if any(one.name in given for one in contingencies):
        return True
    if any(name in given for name in contingencies[0].stage.players):
        return False
    return not all(isinstance(entry, str | int | np.integer) for entry in given.values())


def pure_profile(game: NormalFormGame, given: Profile) -> Cell:
    """A profile of pure actions, by index; vectors that play one action for sure count as such.

    Raises
    ------
    UnknownPlayerError, UnknownActionError, InvalidShapeError, InvalidTypeError
    """
    cell: list[int] = []
    for entry, player, names in zip(
        profile_entries(given, game.players), game.players, game.actions, strict=True
    ):
        if isinstance(entry, str | int | np.integer) and not isinstance(entry, bool):
            cell.append(action_index(entry, player, names))
            continue
        try:
            part = [float(chance) for chance in cast("Sequence[Any]", entry)]
        except (TypeError, ValueError):
            part = []
        if len(part) != len(names) or sorted(part) != [0.0] * (len(names) - 1) + [1.0]:
            message = (
                f"the entry of {player} is {shorten(entry)}; automata play pure actions: give an "
                f"action's name or index ({listed(names)})"
            )
            raise InvalidTypeError(message)
        cell.append(part.index(1.0))
    return tuple(cell)


def _read_slips(
    contingency: Contingency,
    slips: Mapping[str, Sequence[Slip]] | Sequence[Slip],
    known: Sequence[str],
) -> Slips:
    if isinstance(slips, Mapping):
        for name in slips:
            check_known(name, known, "contingency in slips", UnknownContingencyError)
        listed = slips.get(contingency.name, ())
    else:
        listed = slips
    found: dict[int, tuple[int, int, Fraction]] = {}
    game = contingency.stage
    for one in listed:
        check_type(one, Slip, "an entry of slips")
        i = game.players.index(check_known(one.player, game.players, "player", UnknownPlayerError))
        if i in found:
            message = f"slips has two entries for {one.player}; give one a player"
            raise InvalidShapeError(message)
        action = action_index(one.action, one.player, game.actions[i])
        found[i] = (i, action, exactly(one.probability))
    return tuple(found[i] for i in sorted(found))


def _read_rules(
    given: object, states: Sequence[str], known: Sequence[str]
) -> dict[tuple[str, str], Moves]:
    if not isinstance(given, Mapping):
        message = f"transitions is {shorten(given)}; give a mapping {{state: rule}} or a function"
        raise InvalidTypeError(message)
    found: dict[tuple[str, str], Moves] = {}
    for state, rule in given.items():
        check_known(state, states, "state in transitions", UnknownAutomatonStateError)
        by_name = rule if isinstance(rule, Mapping) else dict.fromkeys(known, rule)
        for name, one in by_name.items():
            check_known(name, known, "contingency in transitions", UnknownContingencyError)
            if not isinstance(one, str | Moves):
                message = (
                    f"transitions[{state!r}] is {shorten(one)}; give a state's name or bg.Moves"
                )
                raise InvalidTypeError(message)
            found[state, name] = Moves(one, one, one) if isinstance(one, str) else one
    return found


def _by_rule(
    moves: Moves,
    state: str,
    states: Sequence[str],
    contingency: Contingency,
    cell: Cell,
    slips: Slips,
) -> Situation:
    def place(name: object) -> int:
        return states.index(check_known(name, states, "state", UnknownAutomatonStateError))

    game = contingency.stage
    follow = place(state if moves.follow is None else moves.follow)
    alone = [[follow] * m for m in game.shape]
    given = moves.deviators
    if isinstance(given, str):
        given = dict.fromkeys(game.players, given)
    for player, rule in (given or {}).items():
        i = game.players.index(check_known(player, game.players, "player", UnknownPlayerError))
        if isinstance(rule, Mapping):
            for action, name in rule.items():
                alone[i][action_index(action, player, game.actions[i])] = place(name)
        else:
            alone[i] = [place(rule)] * game.shape[i]
        alone[i][cell[i]] = follow
    several = place(state if moves.several is None else moves.several)
    return Situation(cell, follow, tuple(map(tuple, alone)), several, _felt(slips, cell))


def _felt(slips: Slips, cell: Cell) -> Slips:
    """The slips that matter where this profile is to be played."""
    return tuple(one for one in slips if one[1] != cell[one[0]] and one[2] > 0)


def _look_up(
    table: Mapping[tuple[Any, ...], str], contingencies: Sequence[Contingency]
) -> TransitionFunction:
    """Read a table of transitions as the function it stands for."""
    stages = {one.name: one.stage for one in contingencies}
    found: dict[tuple[str, str, Cell], str] = {}
    for key, after in table.items():
        if type(key) is not tuple or len(key) not in (2, 3):
            message = (
                f"transitions has the key {shorten(key)}; write (state, profile), or (state, "
                "contingency, profile)"
            )
            raise InvalidTypeError(message)
        names = [key[1]] if len(key) == 3 else list(stages)
        for name in names:
            check_known(name, tuple(stages), "contingency", UnknownContingencyError)
            found[key[0], name, pure_profile(stages[name], key[-1])] = after

    def asked(state: str, contingency: str, played: tuple[str, ...]) -> str:
        cell = pure_profile(stages[contingency], played)
        after = found.get((state, contingency, cell))
        if after is None:
            message = (
                f"transitions says nothing about state {state!r}, contingency {contingency!r} and "
                f"profile ({', '.join(played)}); give every profile a state, or use bg.Moves"
            )
            raise InvalidShapeError(message)
        return after

    return asked


def _in_full(
    asked: TransitionFunction,
    state: str,
    states: Sequence[str],
    contingency: Contingency,
    cell: Cell,
    slips: Slips,
) -> Situation:
    game = contingency.stage
    check_table_fits(1, game.shape, bytes_per_payoff=4)
    table: NDArray[np.int32] = np.empty(game.shape, dtype=np.int32)
    for played in itertools.product(*map(range, game.shape)):
        names = tuple(actions[a] for actions, a in zip(game.actions, played, strict=True))
        after = asked(state, contingency.name, names)
        table[played] = states.index(
            check_known(after, states, "state", UnknownAutomatonStateError)
        )
    table.setflags(write=False)
    alone = tuple(
        tuple(int(table[(*cell[:i], a, *cell[i + 1 :])]) for a in range(m))
        for i, m in enumerate(game.shape)
    )
    return Situation(cell, int(table[cell]), alone, table, _felt(slips, cell))


def check_action(game: NormalFormGame, player: str, action: str | int) -> int:
    """The index of a player's action, both checked."""
    i = game.players.index(check_known(player, game.players, "player", UnknownPlayerError))
    return action_index(action, player, game.actions[i])
