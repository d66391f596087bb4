"""Reduced costs of the columns: what each profile adds to the objective beyond what it is charged.

With multipliers y on the rows, profile s has the reduced cost c_s - y'A_s. Player i's rows charge
it by his payoffs from each action against s_{-i}, times a small table of multipliers; so that all
profiles are priced by one product of a small and a large matrix for each player, without the
constraint matrix.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from balancegame.solvers.correlated.integer_table import Floats, Objects, Places
from balancegame.solvers.correlated.program import CorrelatedProgram

_CHUNK = 1 << 15  # profiles
_UNIT = 2.0**-52
_LONG = 64  # bits beyond which an integer is cut before it is rounded


@dataclass(frozen=True, slots=True)
class Prices:
    """Multipliers ``y / scale``, arranged to price profiles.

    A profile's reduced cost, times `scale`, is the sum over players of ``tables[i][s_i]`` times his
    payoffs from each action, plus `share` times the cost table, plus `constant`.
    """

    program: CorrelatedProgram
    tables: tuple[Objects, ...]
    share: int
    constant: int

    def exactly(self, profiles: Places) -> Objects:
        """Reduced costs of some profiles, times the scale."""
        found = np.empty(len(profiles), dtype=object)
        for start in range(0, len(profiles), _CHUNK):
            some = profiles[start : start + _CHUNK]
            found[start : start + _CHUNK] = self._chunk(some)
        return found

    def _chunk(self, profiles: Places) -> Objects:
        found = np.full(len(profiles), self.constant, dtype=object)
        for i, table in enumerate(self.tables):
            if table.any():
                lines = table[self.program.played(i, profiles)].T
                found += (lines * self.program.own_payoffs(i, profiles)).sum(axis=0)
        if self.program.table is not None and self.share:
            found += self.share * self.program.table.integers(profiles)
        return found

    def perhaps_positive(self) -> Places:
        """The profiles whose reduced cost a float computation does not prove negative.

        All numbers are brought to at most 1 in size. A product is then off by at most two units
        times its first factor, a sum of k terms by k units more: the bound is generous.
        """
        parts = [
            (table * one.denominator, one.exponent)
            for table, one in zip(self.tables, self.program.tables, strict=True)
        ]
        table = self.program.table
        share = (self.share * table.denominator, table.exponent) if table is not None else (0, 0)
        sizes = [(value, exponent) for part, exponent in parts for value in part.flat]
        top = max(
            (v.bit_length() + e for v, e in [(self.constant, 0), share, *sizes] if v), default=0
        )
        constant = _rounded(self.constant, -top)
        found = np.full(self.program.shape, constant)
        size, terms = abs(constant), 2 + self.program.game.n_players
        for i, (part, exponent) in enumerate(parts):
            mixed = np.array([[_rounded(v, exponent - top) for v in row] for row in part.tolist()])
            found += along(self.program, i, mixed, self.program.tables[i].scaled())
            size += float(np.abs(mixed).sum(axis=1).max())
            terms += len(mixed)
        if table is not None:
            factor = _rounded(share[0], share[1] - top)
            found += factor * table.scaled().reshape(found.shape)
            size += abs(factor)
        return np.flatnonzero(found.reshape(-1) >= -(terms + 8) * _UNIT * size)


def prices(program: CorrelatedProgram, multipliers: Sequence[int], scale: int) -> Prices:
    """Arrange multipliers ``y / scale`` on the rows; with scale 0, -y'A alone is priced."""
    tables = [-table for table in program.multiplier_tables(multipliers)]
    constant = -multipliers[program.total]
    for i, factor in enumerate(program.factors):
        diagonal = np.arange(len(tables[i]))
        if program.least:
            multiplier = multipliers[len(program.incentives) + i]
            tables[i][diagonal, diagonal] += multiplier * factor
            constant -= multiplier * program.floor
        elif program.table is None:
            tables[i][diagonal, diagonal] += scale * factor
    return Prices(program, tuple(tables), scale, constant)


def along(program: CorrelatedProgram, player: int, mixed: Floats, table: Floats) -> Floats:
    """A matrix times a table of the player's payoffs, over his own axis."""
    payoffs = np.moveaxis(table.reshape(program.shape), player, 0)
    flat = mixed @ payoffs.reshape(len(mixed), -1)
    return np.moveaxis(flat.reshape(payoffs.shape), 0, player)


def _rounded(value: int, exponent: int) -> float:
    """``value * 2**exponent`` as a float, to within a unit: long integers are cut first."""
    excess = max(0, value.bit_length() - _LONG)
    return math.ldexp(float(value >> excess), exponent + excess)
