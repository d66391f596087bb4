"""A table of rationals over their least common denominator, its integers made only on demand."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
Places = NDArray[np.intp]

_MAX_EXACT = 2.0**53
_MANTISSA = 53


class IntegerTable:
    """The numbers ``integers / denominator``; floats stand for their exact binary value.

    Parameters
    ----------
    floats : array
        The numbers, correctly rounded; read in C order.
    exact : array of Fraction, optional
        The numbers themselves, where the floats are rounded.

    Attributes
    ----------
    denominator : int
    exponent : int
        The least power of 2 that no number exceeds in size.
    """

    __slots__ = ("_exact", "_floats", "_made", "denominator", "exponent")

    denominator: int
    exponent: int

    def __init__(self, floats: Floats, exact: Objects | None = None) -> None:
        self._floats = floats.reshape(-1)
        self._exact = None if exact is None else exact.reshape(-1)
        self._made: Objects | None = None
        self.denominator = (
            _float_denominator(self._floats)
            if self._exact is None
            else math.lcm(*{value.denominator for value in self._exact.tolist()})
        )
        self.exponent = int(np.frexp(np.abs(self._floats).max())[1])

    def integers(self, places: Places) -> Objects:
        """The integers at some places, as Python integers, in the places' shape."""
        if self._made is not None:
            return self._made[places]
        if places.size >= self._floats.size:
            self._made = self._make(slice(None))
            return self._made[places]
        return self._make(places)

    def _make(self, places: Any) -> Objects:
        if self._exact is not None:
            return np.asarray(_as_integers(self._exact[places], self.denominator), dtype=object)
        some = self._floats[places]
        if self.denominator <= _MAX_EXACT:
            # A power of 2 times a float: exact.
            scaled = some * float(self.denominator)
            if np.abs(scaled).max(initial=0.0) <= _MAX_EXACT:
                return scaled.astype(np.int64).astype(object)
        return np.asarray(_as_integers(some.astype(object), self.denominator), dtype=object)

    def least(self) -> Fraction:
        """The least number."""
        numbers = self._floats if self._exact is None else self._exact
        return Fraction(numbers[int(np.argmin(numbers))])

    def scaled(self) -> Floats:
        """All numbers over 2^exponent, to within 2^-53: none exceeds 1 in size."""
        return np.ldexp(self._floats, -self.exponent)


def payoff_tables(game: NormalFormGame) -> tuple[IntegerTable, ...]:
    """Each player's payoffs."""
    exact = game.exact_payoffs if game.has_rounded_payoffs else None
    return tuple(
        IntegerTable(game.payoffs[i], None if exact is None else exact[i])
        for i in range(game.n_players)
    )


def _integer(value: Any, denominator: int) -> int:
    above, below = value.as_integer_ratio()
    return above * (denominator // below)


_as_integers = np.frompyfunc(_integer, 2, 1)


def _float_denominator(floats: Floats) -> int:
    """The least power of 2 by which all floats become integers."""
    if bool((floats == np.rint(floats)).all()):
        return 1
    fractions, exponents = np.frexp(floats[floats != 0.0])
    mantissas = np.ldexp(fractions, _MANTISSA).astype(np.int64)
    trailing = np.frexp((mantissas & -mantissas).astype(np.float64))[1] - 1
    return 1 << max(0, -int((exponents - _MANTISSA + trailing).min()))
