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
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.correlated_objective import Objective
from balancegame.solvers.integer_table import IntegerTable, Objects, Places, payoff_tables


@dataclass(frozen=True, slots=True)
class Incentive:
    """A row: what `player` gains by `deviation` from `recommended` or, if None, from anything."""

    player: int
    recommended: int | None
    deviation: int


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

    def __init__(self, game: NormalFormGame, objective: Objective, *, coarse: bool) -> None:
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

    def own_payoffs(self, player: int, places: Places) -> tuple[Places, Objects]:
        """A player's actions in some profiles, and his payoffs from each action against the rest.

        Returns
        -------
        array, shape (k,), and array of int, shape (m_i, k)
        """
        m = self.shape[player]
        stride = math.prod(self.shape[player + 1 :])
        played = places // stride % m
        against = places + (np.arange(m)[:, None] - played) * stride
        return played, self.tables[player].integers(against)

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

    def columns(self, places: Places) -> Objects:
        """Some columns, shape (n_rows, k)."""
        found = np.zeros((self.n_rows, len(places)), dtype=object)
        inside = places < self.n_profiles
        profiles = places[inside]
        found[:, inside] = self._profile_columns(profiles)
        if self.least:
            found[self.fairness, ~inside] = 1
        return found

    def _profile_columns(self, profiles: Places) -> Objects:
        found = np.zeros((self.n_rows, len(profiles)), dtype=object)
        found[self.total] = 1
        k = np.arange(len(profiles))
        row = 0
        for i, m in enumerate(self.shape):
            played, payoffs = self.own_payoffs(i, profiles)
            own = payoffs[played, k]
            if self.least:
                found[len(self.incentives) + i] = self.floor - self.factors[i] * own
            if m == 1:
                continue
            gains = payoffs - own
            if self.coarse:
                found[row : row + m] = gains
                row += m
                continue
            for b in range(m):
                moved = played != b
                # Row (a, b) comes after the a * (m - 1) rows of earlier recommendations.
                place = row + played * (m - 1) + b - (played < b)
                found[place[moved], k[moved]] = gains[b, moved]
            row += m * (m - 1)
        return found

    def multiplier_tables(self, multipliers: Sequence[int]) -> list[Objects]:
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
