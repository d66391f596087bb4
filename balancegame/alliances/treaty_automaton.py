"""A treaty as the finite automaton it describes.

States: the treaty in force; after a breach, by its kind, one a way of reverting, one for each
set of excluded members, or one for each violator and period of penance. Only a member who does not
do what the treaty, in that state, asks of him changes it; two who fail at once change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from balancegame.alliances.breach import ActionByContingency, Breach, Exclusion, Penance, Reversion
from balancegame.errors import InvalidShapeError, TableTooLargeError
from balancegame.games.automaton import Automaton
from balancegame.games.automaton_input import check_action
from balancegame.games.repeated_game import RepeatedGame
from balancegame.games.situation import Cell, Situation
from balancegame.solvers.repeated.strategies import punishments_for_ever

IN_FORCE = "in force"
_MOST_STATES = 1 << 12


@dataclass(frozen=True, slots=True)
class Terms:
    """A treaty's terms by index.

    Attributes
    ----------
    repeated : RepeatedGame
    members : tuple of int
    obligations, default : tuple of dicts {player: action}
        One a contingency.
    beneficiaries : tuple of (int or None)
        Whom a contingency concerns.
    reliability : tuple of Fraction
        One a player.
    excused : bool
    """

    repeated: RepeatedGame
    members: tuple[int, ...]
    obligations: tuple[dict[int, int], ...]
    default: tuple[dict[int, int], ...]
    beneficiaries: tuple[int | None, ...]
    reliability: tuple[Fraction, ...]
    excused: bool

    def situation(
        self,
        contingency: int,
        asked: Mapping[int, int],
        follow: int,
        target: Callable[[int], int],
        here: int,
        *,
        honouring: bool = True,
    ) -> Situation:
        """What is played where some actions are asked for, and what follows.

        Parameters
        ----------
        contingency : int
        asked : mapping {player: action}
            The others play their default.
        follow : int
            The state after all have done so.
        target : callable
            The state after a player who was asked, and he alone, did not.
        here : int
            The state itself.
        honouring : bool
            Whether what is asked are obligations, which members honour as reliably as they are.
        """
        game = self.repeated.stages[contingency]
        cell: list[int] = []
        for i, name in enumerate(game.players):
            action = asked.get(i, self.default[contingency].get(i))
            if action is None:
                message = (
                    f"default says nothing about {name} in contingency "
                    f"{self.repeated.contingencies[contingency].name!r}, where it has no "
                    "obligation; name an action"
                )
                raise InvalidShapeError(message)
            cell.append(action)
        alone = tuple(
            tuple(target(i) if i in asked and a != cell[i] else follow for a in range(m))
            for i, m in enumerate(game.shape)
        )
        slips = self._slips(contingency, asked) if honouring else ()
        return Situation(tuple(cell), follow, alone, here, slips)

    def _slips(
        self, contingency: int, asked: Mapping[int, int]
    ) -> tuple[tuple[int, int, Fraction], ...]:
        found: list[tuple[int, int, Fraction]] = []
        for i in sorted(asked):
            if self.reliability[i] == 1:
                continue
            instead = self.default[contingency].get(i)
            if instead is None:
                message = (
                    f"default says nothing about {self.repeated.players[i]} in contingency "
                    f"{self.repeated.contingencies[contingency].name!r}; name what it plays when "
                    "it does not honour its obligation, for its reliability is below 1"
                )
                raise InvalidShapeError(message)
            if instead != asked[i]:
                found.append((i, instead, 1 - self.reliability[i]))
        return tuple(found)

    def by_contingency(
        self, player: int, action: ActionByContingency, *, partial: bool = False
    ) -> list[int | None]:
        """A player's action in each contingency, checked; None where nothing is said."""
        found: list[int | None] = []
        for one in self.repeated.contingencies:
            given = action.get(one.name) if isinstance(action, Mapping) else action
            if given is None and not partial:
                message = f"no action is named for contingency {one.name!r}; name one in each"
                raise InvalidShapeError(message)
            found.append(
                None
                if given is None
                else check_action(one.stage, self.repeated.players[player], given)
            )
        return found


def build(terms: Terms, breach: Breach, title: str) -> Automaton:
    """The automaton of a treaty."""
    if isinstance(breach, Reversion):
        rows = _reverting(terms, breach)
    elif isinstance(breach, Exclusion):
        rows = _excluding(terms, breach)
    else:
        rows = _repenting(terms, breach)
    return Automaton.from_situations(
        terms.repeated.contingencies, rows, excused=terms.excused, title=title
    )


def _in_force(terms: Terms, target: Callable[[int], int]) -> list[Situation]:
    return [terms.situation(w, asked, 0, target, 0) for w, asked in enumerate(terms.obligations)]


def _reverting(terms: Terms, breach: Reversion) -> dict[str, list[Situation]]:
    given = "nash" if breach.equilibria is None else breach.equilibria
    plays = punishments_for_ever(terms.repeated, given)
    different = list(dict.fromkeys(plays[i] for i in terms.members))
    rows = {IN_FORCE: _in_force(terms, lambda i: 1 + different.index(plays[i]))}
    for place, cells in enumerate(different, start=1):
        violators = [terms.repeated.players[i] for i in terms.members if plays[i] == cells]
        name = "void" if len(different) == 1 else f"void, broken by {' or '.join(violators)}"
        rows[name] = [_whatever(cell, place, stage.shape) for cell, stage in zip(
            cells, terms.repeated.stages, strict=True
        )]  # fmt: skip
    return rows


def _whatever(cell: Cell, state: int, shape: Sequence[int]) -> Situation:
    """A situation in which nothing that is played changes the state."""
    return Situation(cell, state, tuple((state,) * m for m in shape), state)


def _excluding(terms: Terms, breach: Exclusion) -> dict[str, list[Situation]]:
    actions = {i: terms.by_contingency(i, breach.action) for i in terms.members}
    places: dict[frozenset[int], int] = {frozenset(): 0}
    rows: dict[str, list[Situation]] = {}
    waiting = [frozenset[int]()]

    def place_of(excluded: frozenset[int]) -> int:
        if excluded not in places:
            if len(places) >= _MOST_STATES:
                message = (
                    f"breach is an exclusion among {len(terms.members)} members, whose automaton "
                    f"has more than {_MOST_STATES:,} states; use reversion or penance"
                )
                raise TableTooLargeError(message)
            places[excluded] = len(places)
            waiting.append(excluded)
        return places[excluded]

    while waiting:
        out = waiting.pop(0)
        here = places[out]
        names = [terms.repeated.players[i] for i in terms.members if i in out]
        row: list[Situation] = []
        for w, obliged in enumerate(terms.obligations):
            lapsed = terms.beneficiaries[w] in out
            asked = {} if lapsed else {i: a for i, a in obliged.items() if i not in out}
            shunned = {i: a for i in out if (a := actions[i][w]) is not None}
            situation = terms.situation(
                w, asked, here, lambda i, out=out: place_of(out | {i}), here
            )
            row.append(_replaced(situation, shunned))
        rows[f"without {', '.join(names)}" if names else IN_FORCE] = row
    return rows


def _replaced(situation: Situation, actions: Mapping[int, int]) -> Situation:
    """The same situation in which some players, of whom nothing is asked, play something else."""
    cell = tuple(actions.get(i, a) for i, a in enumerate(situation.profile))
    return Situation(cell, situation.follow, situation.alone, situation.several, situation.slips)


def _repenting(terms: Terms, breach: Penance) -> dict[str, list[Situation]]:
    if breach.periods * len(terms.members) >= _MOST_STATES:
        message = (
            f"breach is a {breach} for each of {len(terms.members)} members, whose automaton has "
            f"more than {_MOST_STATES:,} states; use fewer periods, or reversion"
        )
        raise TableTooLargeError(message)
    first = {i: 1 + breach.periods * k for k, i in enumerate(terms.members)}
    rows = {IN_FORCE: _in_force(terms, first.__getitem__)}
    violators = {i: terms.by_contingency(i, breach.violator, partial=True) for i in terms.members}
    others = {i: terms.by_contingency(i, breach.others, partial=True) for i in terms.members}
    for i in terms.members:
        for period in range(1, breach.periods + 1):
            here = first[i] + period - 1
            follow = here + 1 if period < breach.periods else 0
            row: list[Situation] = []
            for w, obliged in enumerate(terms.obligations):
                named = {j: (violators if j == i else others)[j][w] for j in terms.members}
                asked = dict(obliged)
                asked.update({j: a for j, a in named.items() if a is not None})
                row.append(
                    terms.situation(w, asked, follow, first.__getitem__, here, honouring=False)
                )
            label = f"penance of {terms.repeated.players[i]}"
            rows[label if breach.periods == 1 else f"{label}, {period}"] = row
    return rows
