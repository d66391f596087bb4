"""Check what an automaton is worth, and that no one-shot deviation from it pays.

An automaton's states say what is played in each contingency and which state follows. The value of
a state is the one solution of a recursion: what its period pays, weighted by 1 - delta, and the
values of the states that follow, weighted by delta, both on average over contingencies and slips.
So values are checked by putting them in. With discounting, strategies are subgame perfect if no
player gains anywhere by deviating once (the one-shot deviation principle): each such deviation is
looked at, in every listed state, and the list is closed under all that may follow. A player who
may slip decides when he is able to do his part. Of a claim that a deviation pays, that deviation
is looked at alone, and that play leads to its state.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .reading import (
    Failure,
    Game,
    read_fraction,
    read_game,
    read_list,
    read_names,
    read_object,
    read_places,
)

_CERTIFICATE = {
    "format", "claim", "contingencies", "discounts", "excused", "initial", "states", "players",
    "subgame_perfect", "deviation", "sha256",
}  # fmt: skip
_CONTINGENCY = {"name", "probability", "game"}
_STATE = {"name", "situations", "values"}
_SITUATION = {"profile", "follow", "alone", "several", "slips"}
_ZERO = Fraction(0)

Cell = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What one state prescribes in one contingency.

    `several` is the state after several deviators; or one state a profile, the last player's
    actions running fastest; or None where at most one player can deviate.
    """

    profile: Cell
    follow: int
    alone: list[Cell]
    several: int | list[int] | None
    slips: list[tuple[int, int, Fraction]]


@dataclass(frozen=True, slots=True)
class Automaton:
    """States with their situations and values, and the games that are drawn."""

    games: list[Game]
    chances: list[Fraction]
    discounts: list[Fraction]
    excused: bool
    initial: int
    states: list[list[Situation]]
    values: list[list[Fraction]]

    def after(self, game: Game, situation: Situation, played: Cell) -> int:
        """The state that follows a profile."""
        if isinstance(situation.several, list):
            return situation.several[place(game, played)]
        left = [i for i, due in enumerate(situation.profile) if played[i] != due]
        if not left:
            return situation.follow
        if len(left) == 1:
            return situation.alone[left[0]][played[left[0]]]
        if situation.several is None:
            raise Failure("nothing is said about what follows several deviators")
        return situation.several

    def outcomes(
        self, w: int, situation: Situation, player: int | None = None, action: int = 0
    ) -> Iterator[tuple[Fraction, Cell, int]]:
        """Chance, profile and next state of all that may happen, one player surely acting."""
        meant = list(situation.profile)
        if player is not None:
            meant[player] = action
        hands = [slip for slip in situation.slips if slip[0] != player]
        for slipping in itertools.product((False, True), repeat=len(hands)):
            played, chance = list(meant), Fraction(1)
            for (i, instead, p), slips in zip(hands, slipping, strict=True):
                chance *= p if slips else 1 - p
                played[i] = instead if slips else played[i]
            if chance:
                seen = tuple(meant if self.excused else played)
                yield chance, tuple(played), self.after(self.games[w], situation, seen)

    def worth(
        self, w: int, situation: Situation, i: int, player: int | None = None, action: int = 0
    ) -> Fraction:
        """What player i has of a situation, in average payoffs."""
        delta, game = self.discounts[i], self.games[w]
        return sum(
            (
                chance
                * (
                    (1 - delta) * game.payoffs[i][place(game, played)]
                    + delta * self.values[following][i]
                )
                for chance, played, following in self.outcomes(w, situation, player, action)
            ),
            _ZERO,
        )


def place(game: Game, cell: Cell) -> int:
    """The place of a profile in a player's list of payoffs."""
    found = 0
    for action, m in zip(cell, game.shape, strict=True):
        found = found * m + action
    return found


def check_automaton(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: contingencies, payoffs and discount factors read"
    try:
        read_object(data, _CERTIFICATE)
        games, chances = _read_contingencies(data["contingencies"])
        n = len(games[0].players)
        discounts = [read_fraction(one) for one in read_list(data["discounts"], n)]
        if not all(0 <= one < 1 for one in discounts):
            raise Failure("a discount factor is outside [0, 1)")
        players = read_places(data["players"])
        if list(players) != sorted(set(players)) or any(i >= n for i in players):
            raise Failure("the players checked are not places of players in ascending order")
        yield claim, None
        claim = "automaton: what states play, and what follows, whatever is played"
        automaton = _read_automaton(data, games, chances, discounts)
        yield claim, None
        claim = "values: they satisfy their recursion"
        _check_values(automaton)
        yield claim, None
        if type(data["subgame_perfect"]) is not bool:
            raise Failure("whether it is subgame perfect is neither true nor false")
        if data["subgame_perfect"]:
            claim = "deviations: none pays once, for any player checked"
            if data["deviation"] is not None:
                raise Failure("a deviation is named as well")
            _check_no_gain(automaton, players)
        else:
            claim = "deviation: the one that is named pays, where play may lead"
            _check_gain(automaton, players, data["deviation"])
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def _read_contingencies(value: Any) -> tuple[list[Game], list[Fraction]]:
    games: list[Game] = []
    chances: list[Fraction] = []
    names: list[Any] = []
    for one in read_list(value):
        read_object(one, _CONTINGENCY)
        names.append(one["name"])
        chances.append(read_fraction(one["probability"]))
        games.append(read_game(one["game"]))
    read_names(names)
    if min(chances) < 0 or sum(chances) != 1:
        raise Failure("probabilities are negative or do not sum to 1")
    if any(game.players != games[0].players for game in games):
        raise Failure("contingencies have different players")
    return games, chances


def _read_automaton(
    data: dict[str, Any], games: list[Game], chances: list[Fraction], discounts: list[Fraction]
) -> Automaton:
    listed = read_list(data["states"])
    n = len(games[0].players)
    names: list[Any] = []
    states: list[list[Situation]] = []
    values: list[list[Fraction]] = []
    for one in listed:
        read_object(one, _STATE)
        names.append(one["name"])
        states.append(
            [
                _read_situation(row, game, len(listed))
                for row, game in zip(read_list(one["situations"], len(games)), games, strict=True)
            ]
        )
        values.append([read_fraction(value) for value in read_list(one["values"], n)])
    read_names(names)
    if type(data["excused"]) is not bool:
        raise Failure("whether slips are excused is neither true nor false")
    (initial,) = read_places([data["initial"]])
    if initial >= len(states):
        raise Failure("there is no such initial state")
    return Automaton(games, chances, discounts, data["excused"], initial, states, values)


def _read_situation(value: Any, game: Game, n_states: int) -> Situation:
    read_object(value, _SITUATION)
    profile = read_places(value["profile"], len(game.shape))
    if any(a >= m for a, m in zip(profile, game.shape, strict=True)):
        raise Failure("an action is played that does not exist")
    (follow,) = read_places([value["follow"]])
    alone = [
        read_places(row, m)
        for row, m in zip(read_list(value["alone"], len(game.shape)), game.shape, strict=True)
    ]
    several = _read_several(value["several"], game)
    written = several if isinstance(several, list) else [] if several is None else [several]
    if any(s >= n_states for s in (follow, *written, *itertools.chain(*alone))):
        raise Failure("a state follows that is not listed")
    if several is None and sum(m > 1 for m in game.shape) > 1:
        raise Failure("nothing is said about what follows several deviators")
    situation = Situation(profile, follow, alone, several, _read_slips(value["slips"], game))
    for i, row in enumerate(alone):
        for a, following in enumerate(row):
            if a == profile[i] and following != follow:
                raise Failure("what follows obedience is said in two ways")
            if isinstance(several, list):
                cell = (*profile[:i], a, *profile[i + 1 :])
                if several[place(game, cell)] != following:
                    raise Failure("what follows a deviation is said in two ways")
    return situation


def _read_several(value: Any, game: Game) -> int | list[int] | None:
    if value is None:
        return None
    if type(value) is not list:
        return read_places([value])[0]
    cells: list[Any] = [value]
    for length in game.shape:
        cells = [cell for part in cells for cell in read_list(part, length)]
    return list(read_places(cells, math.prod(game.shape)))


def _read_slips(value: Any, game: Game) -> list[tuple[int, int, Fraction]]:
    found: list[tuple[int, int, Fraction]] = []
    for one in read_list(value):
        i, action, chance = read_list(one, 3)
        read_places([i, action])
        if i >= len(game.shape) or action >= game.shape[i]:
            raise Failure("a slip is of a player or to an action that does not exist")
        found.append((i, action, read_fraction(chance)))
    if len({i for i, _, _ in found}) < len(found):
        raise Failure("a player has two slips in one situation")
    if any(not 0 < chance <= 1 for _, _, chance in found):
        raise Failure("a slip's probability is outside (0, 1]")
    return found


def _check_values(automaton: Automaton) -> None:
    for s, row in enumerate(automaton.states):
        for i, value in enumerate(automaton.values[s]):
            worth = sum(
                (
                    p * automaton.worth(w, situation, i)
                    for w, (p, situation) in enumerate(zip(automaton.chances, row, strict=True))
                    if p
                ),
                _ZERO,
            )
            if worth != value:
                raise Failure(f"state {s} is worth something else to player {i}")


def _has_choice(situation: Situation, player: int) -> bool:
    return all(i != player or chance < 1 for i, _, chance in situation.slips)


def _check_no_gain(automaton: Automaton, players: Sequence[int]) -> None:
    for s, row in enumerate(automaton.states):
        for w, situation in enumerate(row):
            for i in players:
                if not _has_choice(situation, i):
                    continue
                due = situation.profile[i]
                bound = automaton.worth(w, situation, i, i, due)
                for a in range(automaton.games[w].shape[i]):
                    if a != due and automaton.worth(w, situation, i, i, a) > bound:
                        raise Failure(
                            f"player {i} gains by action {a} in state {s}, contingency {w}"
                        )


def _check_gain(automaton: Automaton, players: Sequence[int], deviation: Any) -> None:
    s, w, i, a = read_places(deviation, 4)
    if s not in _reachable(automaton):
        raise Failure("no play leads to the state of the deviation")
    situation = automaton.states[s][w]
    if i not in players or a >= automaton.games[w].shape[i] or not _has_choice(situation, i):
        raise Failure("it is not a deviation of a player checked, who has a choice there")
    due = situation.profile[i]
    if automaton.worth(w, situation, i, i, a) <= automaton.worth(w, situation, i, i, due):
        raise Failure("it does not pay")


def _reachable(automaton: Automaton) -> set[int]:
    """The states that some play leads to."""
    found, waiting = {automaton.initial}, [automaton.initial]
    while waiting:
        new: set[int] = set()
        for game, situation in zip(automaton.games, automaton.states[waiting.pop()], strict=True):
            new.add(situation.follow)
            new.update(*situation.alone)
            if isinstance(situation.several, list):
                new.update(situation.several)
            elif situation.several is not None and sum(m > 1 for m in game.shape) > 1:
                new.add(situation.several)
        waiting += new - found
        found |= new
    return found
