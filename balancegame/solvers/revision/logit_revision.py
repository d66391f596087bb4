"""Asynchronous logit revision: the moves of a Markov chain on the pure profiles.

Each period one player, each with probability 1/n, revises: he takes an action with probability
proportional to exp(precision * payoff), the others staying where they are (Blume 1993). A move
leads with one probability to one place, wherever on the player's line it starts; so one number a
player and profile says all, and the chain is never stored as a matrix unless a solver asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame.games.integer_payoffs import integer_tables
from balancegame.games.normal_form import NormalFormGame

Floats = NDArray[np.float64]
Sparse = Any  # a csr_array, which has no types to speak of
Places = NDArray[np.int64]


@final
@dataclass(frozen=True)
class Resistances:
    """What a move costs, exactly: the best payoff of the mover's line less the one he moves to.

    Attributes
    ----------
    costs : array of integers, shape (n, m_0, ..., m_{n-1})
        ``costs[i, a]`` is the resistance of player i's moves to the profile a, times `unit`; int64
        where no least-resistance path can overflow, Python integers otherwise.
    unit : int
    """

    costs: NDArray[Any]
    unit: int

    @property
    def best(self) -> NDArray[np.bool_]:
        """Where a player's action is a best reply, shape (n, m_0, ..., m_{n-1})."""
        return np.asarray(self.costs == 0, dtype=np.bool_)


def resistances(game: NormalFormGame) -> Resistances:
    """The resistances of logit revision (Alos-Ferrer & Netzer 2010), as integers over one unit."""
    given = integer_tables(game)
    unit = int(np.lcm.reduce(np.array(given.denominators, dtype=object)))
    costs = np.empty_like(given.tables)
    for i, denominator in enumerate(given.denominators):
        table = given.tables[i] * (unit // denominator)
        costs[i] = table.max(axis=i, keepdims=True) - table
    # One move a player leads anywhere, so that no least path costs more than n moves; paths carry
    # their number of moves in their last digits.
    most = int(costs.max()) * (game.n_players + 2) * (game.n_profiles + 1)
    return Resistances(costs.astype(np.int64) if most < 1 << 62 else costs, unit)


@final
@dataclass(frozen=True)
class LogitRevision:
    """The chain at one precision.

    Attributes
    ----------
    logs : array, shape (n, m_0, ..., m_{n-1})
        ``logs[i, a]`` is the log of the probability with which player i, once he revises, moves to
        the profile a.
    """

    logs: Floats

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the profiles."""
        return self.logs.shape[1:]

    @property
    def n_states(self) -> int:
        """The number of profiles."""
        return self.logs[0].size

    @cached_property
    def moves(self) -> tuple[Places, Places, Floats]:
        """All moves between different profiles: from, to, log of the probability a period."""
        sources: list[Places] = []
        targets: list[Places] = []
        logs: list[Floats] = []
        n = self.logs.shape[0]
        for i, source, target in moves(self.shape):
            sources.append(source)
            targets.append(target)
            logs.append(self.logs[i].ravel()[target] - np.log(n))
        return np.concatenate(sources), np.concatenate(targets), np.concatenate(logs)

    def rates(self) -> Sparse:
        """The probabilities of moves between different profiles, shape (states, states)."""
        from scipy.sparse import csr_array  # noqa: PLC0415 (slow to import)

        sources, targets, logs = self.moves
        return csr_array((np.exp(logs), (sources, targets)), shape=(self.n_states,) * 2)

    def log_rates(self) -> Floats:
        """The logs of all probabilities of moves, shape (states, states); -inf where none leads."""
        sources, targets, logs = self.moves
        table = np.full((self.n_states, self.n_states), -np.inf)
        table[sources, targets] = logs
        return table


def logit_revision(game: NormalFormGame, precision: float) -> LogitRevision:
    """The logit probabilities, each taken from its distance to the line's best payoff."""
    logs = np.empty_like(game.payoffs)
    for i, table in enumerate(game.payoffs):
        with np.errstate(over="ignore"):
            # Halves, because the difference of two payoffs may overflow.
            below = (table / 2 - table.max(axis=i, keepdims=True) / 2) * precision * 2
        below = np.maximum(below, -np.finfo(float).max / 1e6)
        logs[i] = below - np.log(np.exp(below).sum(axis=i, keepdims=True))
    return LogitRevision(logs)


def moves(shape: tuple[int, ...]) -> Iterator[tuple[int, Places, Places]]:
    """For each player, from and to of all his moves to another action."""
    places = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
    for i, m in enumerate(shape):
        lines = np.moveaxis(places, i, -1).reshape(-1, m)
        here, there = (~np.eye(m, dtype=np.bool_)).nonzero()
        yield i, lines[:, here].ravel(), lines[:, there].ravel()
