"""The linear program of correlated equilibria, in integers.

Variables: the probability of each profile; with the least payoff as the objective, that payoff as
well, one more column. Rows, in this order, all but the last of the form "at most 0":

- *incentives*: what a player gains by playing b where a is recommended (Aumann 1974), or, for
  coarse equilibria, by playing b whatever would have been recommended (Moulin & Vial 1978);
- where the least payoff is maximised, by how much it exceeds each player's payoff;
- the sum of probabilities, which is 1.

Player i's incentives are in units of his payoffs' denominator, the bounds on the least payoff in
units of a common one, counted from the least payoff in the game: all entries are integers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from balancegame._checks import available_memory, format_bytes
from balancegame._records import record_repr
from balancegame.errors import TableTooLargeError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.correlated.integer_table import (
    IntegerTable,
    Objects,
    Places,
    payoff_tables,
)
from balancegame.solvers.correlated.objective import Objective


@dataclass(frozen=True, slots=True)
class Incentive:
    """A row: what `player` gains by `deviation` from `recommended` or, if None, from anything."""

    player: int
    recommended: int | None
    deviation: int

    __repr__ = record_repr


class CorrelatedProgram:
    """The program of one game and objective: maximise costs times probabilities.

    Attributes
    ----------
    game : NormalFormGame
    coarse : bool
    tables : tuple of IntegerTable
        Each player's payoffs.
    incentives : tuple of Incentive
        The first rows.
    n_rows, total : int
        The number of rows, and the last of them: the sum of probabilities.
    fairness : slice
        The rows between these: bounds on the least payoff; none unless `least`.
    n_profiles, n_columns : int
    least : bool
        Whether the least payoff is maximised.
    factors : tuple of int
        With `least`, player i's integers times ``factors[i]`` are in common units; otherwise the
        costs are the sum of the players' integers times these.
    floor : int
        The least payoff of all in common units; 0 unless `least`.
    unit : int
        The costs are in units of 1 / unit.
    table : IntegerTable or None
        The costs, where they are no sum of payoffs.
    """

    game: NormalFormGame
    coarse: bool
    shape: tuple[int, ...]
    tables: tuple[IntegerTable, ...]
    incentives: tuple[Incentive, ...]
    least: bool
    n_rows: int
    total: int
    fairness: slice
    n_profiles: int
    n_columns: int
    table: IntegerTable | None
    factors: tuple[int, ...]
    unit: int
    floor: int

    def __init__(self, game: NormalFormGame, objective: Objective, *, coarse: bool) -> None:
        _check_memory(game)
        self.game, self.coarse = game, coarse
        self.shape = game.shape
        self.tables = payoff_tables(game)
        self.incentives = tuple(
            Incentive(i, a, b)
            for i, m in enumerate(self.shape)
            for a in ([None] if coarse else range(m))
            for b in range(m)
            if a != b and m > 1
        )
        self.least = objective.least
        self.n_rows = len(self.incentives) + (game.n_players if self.least else 0) + 1
        self.total = self.n_rows - 1
        self.fairness = slice(len(self.incentives), self.total)
        self.n_profiles = game.n_profiles
        self._strides = [math.prod(self.shape[i + 1 :]) for i in range(game.n_players)]
        sizes = [0 if m == 1 else m if coarse else m * (m - 1) for m in self.shape]
        self._starts = [sum(sizes[:i]) for i in range(game.n_players)]
        self.n_columns = self.n_profiles + int(self.least)
        self.table = (
            None
            if objective.table is None
            else IntegerTable(objective.table, objective.exact_table)
        )
        weights = (Fraction(1),) * game.n_players if self.least else objective.weights
        units = [weight / one.denominator for weight, one in zip(weights, self.tables, strict=True)]
        common = math.lcm(*(unit.denominator for unit in units))
        self.factors = tuple(int(unit * common) for unit in units)
        self.unit = common if self.table is None else self.table.denominator
        self.floor = (
            min(
                int(one.least() * one.denominator) * factor
                for one, factor in zip(self.tables, self.factors, strict=True)
            )
            if self.least
            else 0
        )

    def played(self, player: int, profiles: Places) -> Places:
        """A player's actions in some profiles."""
        return profiles // self._strides[player] % self.shape[player]

    def positions(self, player: int, profiles: Places) -> tuple[Places, Places, Places]:
        """A player's actions, where his move to each action leads, and which row it belongs to.

        Returns
        -------
        array of int, shape (k,), and two of shape (m_i, k)
            Actions; profiles; rows: for the action he plays, which is no move, any row of his.
        """
        m = self.shape[player]
        played, moves = self.played(player, profiles), np.arange(m)[:, None]
        against = profiles + (moves - played) * self._strides[player]
        if self.coarse:
            rows = np.broadcast_to(moves, against.shape)
        else:
            # Row (a, b) comes after a * (m - 1) others and, b = a left out, those of smaller b.
            rows = played * (m - 1) + np.minimum(moves - (moves > played), m - 2)
        return played, against, self._starts[player] + rows

    def own_payoffs(self, player: int, profiles: Places) -> Objects:
        """A player's payoffs from each action against the rest of some profiles: (m_i, k)."""
        moves = np.arange(self.shape[player])[:, None]
        against = profiles + (moves - self.played(player, profiles)) * self._strides[player]
        return self.tables[player].integers(against)

    def costs(self, places: Places) -> Objects:
        """The coefficients of some columns in the objective."""
        found = np.zeros(len(places), dtype=object)
        inside = places < self.n_profiles
        profiles = places[inside]
        if self.least:
            found[~inside] = 1
        elif self.table is not None:
            found[inside] = self.table.integers(profiles)
        else:
            found[inside] = sum(
                factor * one.integers(profiles)
                for factor, one in zip(self.factors, self.tables, strict=True)
                if factor
            )
        return found

    def columns(self, places: Places, rows: Sequence[int]) -> Objects:
        """The entries of some columns in some rows."""
        # All other rows are sent to the last, which is left out.
        position = np.full(self.n_rows, len(rows))
        position[list(rows)] = np.arange(len(rows))
        found = np.zeros((len(rows) + 1, len(places)), dtype=object)
        inside = places < self.n_profiles
        which = np.flatnonzero(inside)
        profiles = places[inside]
        found[position[self.total], which] = 1
        for i, gains, its_rows in self._gains(profiles):
            np.add.at(found, (position[its_rows], which), gains)
            if self.least:
                row = position[self.fairness.start + i]
                found[row, which] = self._shortfalls(i, profiles)
        if self.least:
            found[position[self.fairness][:, None], np.flatnonzero(~inside)] = 1
        return found[:-1]

    def activities(self, places: Places, values: Sequence[int]) -> list[int]:
        """The sums of some columns times values, in all rows."""
        found = np.zeros(self.n_rows, dtype=object)
        inside = places < self.n_profiles
        profiles = places[inside]
        weights = np.array(values, dtype=object)
        by = weights[inside]
        found[self.total] = by.sum()
        for i, gains, its_rows in self._gains(profiles):
            np.add.at(found, its_rows, gains * by)
            if self.least:
                least = weights[~inside].sum()
                row = self.fairness.start + i
                found[row] = least + (self._shortfalls(i, profiles) * by).sum()
        return found.tolist()

    def _gains(self, profiles: Places) -> Iterator[tuple[int, Objects, Places]]:
        """For each player what he gains by each action in some profiles, and the rows."""
        for i, m in enumerate(self.shape):
            if m == 1:
                nothing = np.zeros((0, len(profiles)), dtype=object)
                yield i, nothing, nothing.astype(np.intp)
                continue
            played, against, rows = self.positions(i, profiles)
            payoffs = self.tables[i].integers(against)
            yield i, payoffs - payoffs[played, np.arange(len(played))], rows

    def _shortfalls(self, player: int, profiles: Places) -> Objects:
        """The floor less a player's payoffs, in common units."""
        return self.floor - self.factors[player] * self.tables[player].integers(profiles)

    def multiplier_tables(self, multipliers: Sequence[float]) -> list[Objects]:
        """One (m_i, m_i) table a player: the multiplier of a row by recommendation and deviation.

        The diagonal is less the sum of the line, so that the table's line a times the payoffs of
        all his actions is what the rows charge a profile in which he plays a.
        """
        tables: list[Any] = [np.zeros((m, m), dtype=object) for m in self.shape]
        for row, multiplier in zip(self.incentives, multipliers, strict=False):
            if multiplier:
                table = tables[row.player]
                lines = slice(None) if row.recommended is None else row.recommended
                table[lines, row.deviation] += multiplier
        for table in tables:
            np.fill_diagonal(table, table.diagonal() - table.sum(axis=1))
        return tables


def _check_memory(game: NormalFormGame) -> None:
    """Refuse a game whose profiles cannot be priced in memory, before allocating anything."""
    tables = 2 * game.n_players + 6
    needed, available = 8 * tables * game.n_profiles, available_memory()
    if needed > available:
        message = (
            f"the linear program of {game.n_profiles:,} profiles needs {tables} tables of them = "
            f"{format_bytes(needed)}, but {format_bytes(available)} of memory are available; use "
            "fewer players or fewer actions"
        )
        raise TableTooLargeError(message)
