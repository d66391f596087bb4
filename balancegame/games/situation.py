"""What an automaton prescribes in one state and contingency, and what may come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import final

import numpy as np
from numpy.typing import NDArray

from balancegame.games.equal_content import EqualByContent
from balancegame.games.normal_form import NormalFormGame

Cell = tuple[int, ...]
"""A pure profile by action indices."""

_CERTAIN = Fraction(1)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Situation(EqualByContent):
    """What one state prescribes in one contingency, all by index.

    Attributes
    ----------
    profile : tuple of int
        The action each player is to take.
    follow : int
        The state that follows when all do.
    alone : tuple of tuples of int
        ``alone[i][a]``: the state that follows when player i alone deviates, to action a.
    several : int or array of int
        The state that follows when several deviate; or a whole table, one state a profile.
    slips : tuple of (int, int, Fraction)
        Player, the action he slips to, and how likely that is: above 0.
    """

    profile: Cell
    follow: int
    alone: tuple[tuple[int, ...], ...]
    several: int | NDArray[np.int32]
    slips: tuple[tuple[int, int, Fraction], ...] = ()

    def after(self, played: Cell) -> int:
        """The state that follows a profile."""
        if not isinstance(self.several, int):
            return int(self.several[played])
        deviators = [
            i for i, (a, due) in enumerate(zip(played, self.profile, strict=True)) if a != due
        ]
        if not deviators:
            return self.follow
        if len(deviators) > 1:
            return self.several
        return self.alone[deviators[0]][played[deviators[0]]]

    def outcomes(
        self, player: int | None = None, action: int | None = None, *, excused: bool = False
    ) -> Iterator[Outcome]:
        """What may happen: one outcome for each set of players who may slip.

        Parameters
        ----------
        player, action : int, optional
            A player who surely plays this action, the others doing what is prescribed.
        excused : bool
            Whether what follows goes by what was meant.
        """
        meant = list(self.profile)
        if player is not None and action is not None:
            meant[player] = action
        hands = [slip for slip in self.slips if slip[0] != player]
        if not hands:
            played = tuple(meant)
            yield Outcome(_CERTAIN, played, self.after(played))
            return
        for slipping in product((False, True), repeat=len(hands)):
            played, chance = list(meant), _CERTAIN
            for (i, instead, p), slips in zip(hands, slipping, strict=True):
                chance *= p if slips else 1 - p
                if slips:
                    played[i] = instead
            if chance:
                seen = meant if excused else played
                yield Outcome(chance, tuple(played), self.after(tuple(seen)))

    def has_choice(self, player: int) -> bool:
        """Whether a player is ever free: not if he slips for sure."""
        return all(i != player or p < 1 for i, _, p in self.slips)

    @property
    def successors(self) -> frozenset[int]:
        """The states that may follow, whatever is played."""
        found = {self.follow}.union(*self.alone)
        if not isinstance(self.several, int):
            return frozenset(found.union(np.unique(self.several).tolist()))
        if sum(len(row) > 1 for row in self.alone) > 1:
            found.add(self.several)
        return frozenset(found)


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that may happen in a period: what is played, and the state that follows."""

    probability: Fraction
    played: Cell
    state: int


def exact_payoff(game: NormalFormGame, player: int, cell: Cell) -> Fraction:
    """A player's payoff in a pure profile, exactly."""
    if game.has_rounded_payoffs:
        return Fraction(game.exact_payoffs[(player, *cell)])
    return Fraction(float(game.payoffs[(player, *cell)]))
