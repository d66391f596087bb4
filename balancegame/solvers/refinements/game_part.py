"""A game without the players who have no choice, and an equilibrium's part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.games.equilibrium import Equilibrium
from balancegame.games.normal_form import NormalFormGame

Strategy = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GamePart:
    """The players who have a choice, and their payoffs.

    Attributes
    ----------
    payoffs : array of Fraction, shape (k, m_0, ..., m_{k-1})
    players : tuple of int
        Their places in the whole game.
    """

    payoffs: NDArray[Any]
    players: tuple[int, ...]

    @classmethod
    def of_game(cls, game: NormalFormGame) -> GamePart:
        """Leave out everyone who has a single action."""
        players = tuple(i for i, m in enumerate(game.shape) if m > 1)
        shape = (len(players), *(game.shape[i] for i in players))
        return cls(game.exact_payoffs[list(players)].reshape(shape), players)

    @property
    def n_players(self) -> int:
        """How many have a choice."""
        return len(self.players)

    def profile(self, found: Equilibrium) -> tuple[Strategy, ...] | None:
        """These players' exact probabilities in an equilibrium; None if they are not known."""
        return None if found.exact is None else tuple(found.exact[i] for i in self.players)

    def own_table(self, player: int) -> NDArray[Any]:
        """A player's payoffs: his actions as rows, the others' joint actions as columns."""
        own = np.moveaxis(self.payoffs[player], player, 0)
        return own.reshape(own.shape[0], -1)

    def action_payoffs(self, player: int, profile: Sequence[Strategy]) -> list[Fraction]:
        """A player's payoff from each of his actions against the others' part of a profile."""
        values = self.payoffs[player]
        for j in range(self.n_players - 1, -1, -1):
            if j != player:
                part = np.empty(len(profile[j]), dtype=object)
                part[:] = profile[j]
                values = np.moveaxis(values, j, -1) @ part
        return np.asarray(values).tolist()


def is_pure(profile: Sequence[Strategy]) -> bool:
    """Whether every part of an exact profile is one action for certain."""
    return all(max(part) == 1 for part in profile)


def pure_cell(profile: Sequence[Strategy]) -> tuple[int, ...]:
    """The actions of a pure profile."""
    return tuple(part.index(Fraction(1)) for part in profile)
