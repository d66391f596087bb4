"""Payoffs over a common denominator: exact arithmetic without a fraction in sight."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

_MAX_EXACT_INT = 2.0**53

Floats = NDArray[np.float64]
Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class IntegerPayoffs:
    """One player's payoffs in a two-player game: ``matrix[i][j] / denominator``, exactly.

    Rows are player 0's actions, columns player 1's, for both players.
    """

    matrix: Matrix
    denominator: int

    def against(self, weights: list[int] | tuple[int, ...], *, columns: bool) -> list[int]:
        """Sums over the columns (or rows) weighted by integers, in units of 1 / denominator."""
        lines = self.matrix if columns else zip(*self.matrix, strict=True)
        return [sum(map(int.__mul__, line, weights)) for line in lines]


def integer_payoffs(game: NormalFormGame) -> tuple[IntegerPayoffs, ...]:
    """Each player's payoffs as integers over the least common denominator."""
    return tuple(_player(game, i) for i in range(game.n_players))


@dataclass(frozen=True, slots=True)
class IntegerTables:
    """All players' payoffs: ``tables[i, a_0, ..., a_{n-1}] / denominators[i]``, exactly."""

    tables: NDArray[np.object_]
    denominators: tuple[int, ...]


def integer_tables(game: NormalFormGame) -> IntegerTables:
    """The payoffs of any number of players as integers over their least common denominators."""
    found = np.empty(game.payoffs.shape, dtype=object)
    denominators: list[int] = []
    for i in range(game.n_players):
        exact = game.exact_payoffs[i].reshape(1, -1) if game.has_rounded_payoffs else None
        integers = _integers(game.payoffs[i].reshape(1, -1), exact)
        common = math.gcd(integers.denominator, *integers.matrix[0])
        found[i].reshape(-1)[:] = [value // common for value in integers.matrix[0]]
        denominators.append(integers.denominator // common)
    return IntegerTables(found, tuple(denominators))


def _player(game: NormalFormGame, player: int) -> IntegerPayoffs:
    exact = game.exact_payoffs[player] if game.has_rounded_payoffs else None
    return _integers(game.payoffs[player], exact)


def _integers(table: Floats, exact: NDArray[np.object_] | None) -> IntegerPayoffs:
    if exact is None and _are_integers(table):
        rows = table.astype(np.int64).tolist()
        return IntegerPayoffs(tuple(map(tuple, rows)), 1)
    if exact is None:
        return _of_floats(table)
    listed = exact.tolist()
    common = math.lcm(*(value.denominator for row in listed for value in row))
    return IntegerPayoffs(
        tuple(
            tuple(value.numerator * (common // value.denominator) for value in row)
            for row in listed
        ),
        common,
    )


def _of_floats(table: Floats) -> IntegerPayoffs:
    """Each float is an integer of 53 bits times a power of 2."""
    fractions, exponents = np.frexp(table)
    least = int(exponents[table != 0.0].min()) - 53
    shifts = np.where(table == 0.0, 0, exponents - 53 - least)
    rows = (np.ldexp(fractions, 53)).astype(np.int64).tolist()
    matrix = tuple(
        tuple(map(int.__lshift__, row, by)) for row, by in zip(rows, shifts.tolist(), strict=True)
    )
    if least > 0:
        return IntegerPayoffs(tuple(tuple(v << least for v in row) for row in matrix), 1)
    return IntegerPayoffs(matrix, 1 << -least)


def _are_integers(table: Floats) -> bool:
    return bool((np.abs(table) <= _MAX_EXACT_INT).all() and (table == np.rint(table)).all())
