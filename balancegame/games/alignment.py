"""Games of alignment: two camps, and states that prefer some company to other.

Definitions (Axelrod & Bennett 1993)
------------------------------------
State i has a *size* s_i > 0, each pair a symmetric *propensity* p_ij to align. Every state stands
on side 0 or 1. The *frustration* of i is F_i = sum_j s_j p_ij d_ij, where d_ij is 1 for states on
different sides and 0 otherwise; the *energy* of an alignment is E = sum_i s_i F_i. A state moves
to the other side if its frustration falls. An alignment nobody would leave is *stable*.

With payoffs u_i = -s_i F_i this is a game with the exact potential -E / 2, and with -F_i one with a
weighted potential, the weights being 1 / s_i: the stable alignments are the pure equilibria of
both, and the local minima of the energy. It is the Ising model without a field, or the maximum
cut of a graph with edge weights -s_i s_j p_ij.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_table_fits, check_text, is_sized
from balancegame._numbers import exactly, format_number, shorten
from balancegame._words import counted
from balancegame.errors import (
    InvalidPropensityError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownActionError,
    UnknownStateError,
)
from balancegame.games.alignment_input import read_names, read_propensities, read_sizes
from balancegame.games.alignment_rendering import alignment_html, alignment_text
from balancegame.games.normal_form import NormalFormGame

_ACTIONS = ("side 0", "side 1")

Sides = Sequence[int] | Mapping[str, int] | NDArray[Any]
"""A side, 0 or 1, for every state: in order, or by name."""


class AlignmentGame:
    """States of given sizes and propensities to align, choosing between two camps; immutable.

    Parameters
    ----------
    size : sequence of n positive numbers, mapping {state: number}, or one number for all
        Numbers are int, float, Fraction, Decimal or text such as ``"7.45"``; all but floats are
        kept exactly, and floats stand for their exact binary value. Decimals typed as floats
        break ties that their printed values have.
    propensity : (n, n) array_like, mapping {state: {state: number}}, or one number for all pairs
        Symmetric; positive where two states like to be together. The diagonal plays no part.
    names : sequence of str, optional
        Default: the keys of a mapping, or ``"state 0"``, ``"state 1"``, ...
    title : str, optional

    Raises
    ------
    InvalidSizeError
        A size that is not positive and finite.
    InvalidPropensityError
        A propensity that is not finite, differs from its mirror image, or is missing.
    InvalidShapeError, InvalidNameError, UnknownStateError

    References
    ----------
    R. Axelrod and D. S. Bennett (1993), "A landscape theory of aggregation", British Journal of
    Political Science 23, 211-233. Cases from there and from Axelrod & Furnas (2016) are this
    package's tests; `balancegame.published.galam` adds a field, `structural_balance` triads.

    Examples
    --------
    Three mutually hostile states of one size (Galam's triangle): two must stand together.

    >>> import balancegame as bg
    >>> triangle = bg.AlignmentGame(1, -1, ["A", "B", "C"])
    >>> triangle.energy([0, 0, 0]), triangle.energy([0, 0, 1])
    (0.0, -4.0)
    >>> triangle.camps([0, 0, 1])
    (('A', 'B'), ('C',))
    """

    __slots__ = ("_integers", "_names", "_propensity", "_size", "_title", "_unit")

    _names: tuple[str, ...]
    _size: tuple[float, ...]
    _propensity: tuple[tuple[float, ...], ...]
    _integers: NDArray[np.object_]
    _unit: Fraction
    _title: str

    def __init__(
        self,
        size: Any,
        propensity: Any,
        names: Sequence[str] | None = None,
        *,
        title: str = "",
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "_names", read_names(names, size, propensity))
        set_field(self, "_size", read_sizes(size, self._names))
        set_field(self, "_propensity", read_propensities(propensity, self._names))
        integers, unit = _integer_couplings(self._size, self._propensity)
        integers.setflags(write=False)
        set_field(self, "_integers", integers)
        set_field(self, "_unit", unit)
        set_field(self, "_title", check_text(title, "title"))
        _check_range(self)

    @property
    def names(self) -> tuple[str, ...]:
        """The states' names."""
        return self._names

    @property
    def title(self) -> str:
        """What the game is called; may be empty."""
        return self._title

    @property
    def n_states(self) -> int:
        """The number of states."""
        return len(self._names)

    @property
    def size(self) -> NDArray[np.float64]:
        """The sizes, shape (n,)."""
        return np.array(self._size, dtype=np.float64)

    @property
    def propensity(self) -> NDArray[np.float64]:
        """The propensities, shape (n, n), the diagonal 0."""
        return np.array(self._propensity, dtype=np.float64)

    @property
    def exact_size(self) -> tuple[Fraction, ...]:
        """The sizes as Fractions, floats at their exact binary value."""
        return tuple(map(exactly, self._size))

    @property
    def exact_propensity(self) -> tuple[tuple[Fraction, ...], ...]:
        """The propensities as Fractions, floats at their exact binary value."""
        return tuple(tuple(map(exactly, row)) for row in self._propensity)

    @property
    def integer_couplings(self) -> NDArray[np.object_]:
        """The couplings s_i s_j p_ij as integers without a common divisor, shape (n, n).

        In units of `unit`; the diagonal is 0. Python's integers, of any length.
        """
        return self._integers

    @property
    def unit(self) -> Fraction:
        """What an integer coupling of 1 stands for."""
        return self._unit

    @property
    def couplings(self) -> NDArray[np.float64]:
        """The couplings s_i s_j p_ij, shape (n, n), correctly rounded."""
        flat = [_quotient(value, self._unit) for value in self._integers.ravel().tolist()]
        return np.array(flat, dtype=np.float64).reshape(self._integers.shape)

    def exact_energy(self, sides: Sides) -> Fraction:
        """The energy of an alignment, as a Fraction.

        Parameters
        ----------
        sides : sequence of 0 and 1, or mapping {state: 0 or 1}

        Raises
        ------
        InvalidShapeError, UnknownStateError, UnknownActionError

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.AlignmentGame(["0.1", "0.2"], -1).exact_energy([0, 1])
        Fraction(-1, 25)
        """
        return self._unit * sum(self._crossings(self.read_sides(sides)))

    def energy(self, sides: Sides) -> float:
        """The energy of an alignment, correctly rounded; see `exact_energy`.

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.AlignmentGame(["0.1", "0.2"], -1).energy({"state 0": 0, "state 1": 1})
        -0.04
        """
        return float(self.exact_energy(sides))

    def frustration(self, sides: Sides) -> NDArray[np.float64]:
        """Each state's frustration F_i in an alignment, shape (n,), correctly rounded.

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.AlignmentGame([3, 2, 1], -1).frustration([0, 1, 1])
        array([-3., -3., -3.])
        """
        across = self._crossings(self.read_sides(sides))
        scaled = zip(across, self.exact_size, strict=True)
        return np.array([float(self._unit * value / size) for value, size in scaled])

    def is_stable(self, sides: Sides) -> bool:
        """Whether no state lowers its frustration by moving alone; ties count as stable.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.AlignmentGame([3, 2, 1], -1)
        >>> game.is_stable([0, 1, 1]), game.is_stable([0, 0, 1])
        (True, False)
        """
        given = self.read_sides(sides)
        apart = self._crossings(given)
        whole = self._integers.sum(axis=1)
        return all(2 * apart[i] <= whole[i] for i in range(self.n_states))

    def camps(self, sides: Sides) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the states on side 0 and on side 1."""
        given = self.read_sides(sides)
        first, second = (
            tuple(name for name, side in zip(self._names, given, strict=True) if side == s)
            for s in (0, 1)
        )
        return first, second

    def normal_form(self, *, weighted: bool = False) -> NormalFormGame:
        """The game in normal form, with actions ``"side 0"`` and ``"side 1"``.

        Parameters
        ----------
        weighted : bool, optional
            False: payoffs -s_i F_i, which have the exact potential -E / 2. True: payoffs -F_i,
            which have a weighted potential.

        Returns
        -------
        NormalFormGame
            Exact. Its pure equilibria are the stable alignments, each with its mirror image.

        Raises
        ------
        TableTooLargeError
            The table of 2^n profiles would not fit in memory; `alignments` needs none.

        Examples
        --------
        >>> import balancegame as bg
        >>> table = bg.AlignmentGame([3, 2, 1], -1).normal_form()
        >>> [found.actions for found in bg.pure_nash(table)]
        [('side 0', 'side 1', 'side 1'), ('side 1', 'side 0', 'side 0')]
        """
        n = self.n_states
        check_table_fits(n, (2,) * n, bytes_per_payoff=130)
        sides = np.indices((2,) * n).reshape(n, -1)
        payoffs = np.empty((n, 1 << n), dtype=object)
        for i in range(n):
            apart = (sides != sides[i]).astype(object)
            lost = self._integers[i] @ apart
            scale = -self._unit / (self.exact_size[i] if weighted else 1)
            payoffs[i] = [scale * value for value in lost]
        return NormalFormGame(
            payoffs.reshape(n, *(2,) * n), self._names, _ACTIONS, title=self._title
        )

    def read_sides(self, sides: Sides) -> tuple[int, ...]:
        """Sides as a tuple of 0 and 1 in the order of the states."""
        given: Any = sides
        if isinstance(given, Mapping):
            for name in given:
                check_known(name, self._names, "state", UnknownStateError)
            given = [given.get(name) for name in self._names]
        if isinstance(given, str | bytes) or not is_sized(given):
            message = f"sides is {shorten(sides)}; give a side, 0 or 1, for every state"
            raise InvalidTypeError(message)
        if len(given) != self.n_states:
            message = (
                f"sides has {counted(len(given), 'entry')} for {counted(self.n_states, 'state')}; "
                "give one each"
            )
            raise InvalidShapeError(message)
        for name, side in zip(self._names, given, strict=True):
            if isinstance(side, str) or side is None or side not in (0, 1):
                message = f"the side of {name} is {shorten(side)}; it must be 0 or 1"
                raise UnknownActionError(message)
        return tuple(int(side) for side in given)

    def _crossings(self, sides: tuple[int, ...]) -> list[int]:
        """For each state the sum of its integer couplings with the other side."""
        chosen = np.array(sides, dtype=object)
        across = chosen * (self._integers @ (1 - chosen)) + (1 - chosen) * (self._integers @ chosen)
        return [int(value) for value in across]

    def to_dict(self) -> dict[str, Any]:
        """The game in plain types, ready for JSON; numbers as text that reads back exactly."""
        return {
            "title": self._title,
            "names": list(self._names),
            "size": [format_number(value) for value in self._size],
            "propensity": [[format_number(value) for value in row] for row in self._propensity],
        }

    def __setattr__(self, name: str, value: object) -> None:
        message = f"an AlignmentGame is immutable; build a new one instead of setting {name!r}"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        message = f"an AlignmentGame is immutable; {name!r} cannot be deleted"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AlignmentGame):
            return NotImplemented
        return (self._names, self.exact_size, self.exact_propensity) == (
            other._names,
            other.exact_size,
            other.exact_propensity,
        )

    def __hash__(self) -> int:
        return hash((self._names, self._size))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._size, self._propensity, self._names, self._title)

    def __repr__(self) -> str:
        return alignment_text(self)

    def _repr_html_(self) -> str:
        return alignment_html(self)


def _rebuild(
    size: tuple[float, ...],
    propensity: tuple[tuple[float, ...], ...],
    names: tuple[str, ...],
    title: str,
) -> AlignmentGame:
    return AlignmentGame(size, propensity, names, title=title)


def _integer_couplings(
    size: tuple[float, ...], propensity: tuple[tuple[float, ...], ...]
) -> tuple[NDArray[np.object_], Fraction]:
    """Couplings s_i s_j p_ij over their least common denominator, divided by their divisor."""
    n = len(size)
    sizes = [exactly(value) for value in size]
    pairs = [(i, j) for i in range(n) for j in range(i)]
    found = [sizes[i] * sizes[j] * exactly(propensity[i][j]) for i, j in pairs]
    common = math.lcm(*(value.denominator for value in found)) if found else 1
    scaled = [value.numerator * (common // value.denominator) for value in found]
    divisor = math.gcd(*scaled) or 1
    integers = np.zeros((n, n), dtype=object)
    for (i, j), value in zip(pairs, scaled, strict=True):
        integers[i, j] = integers[j, i] = value // divisor
    return integers, Fraction(divisor, common)


def _check_range(game: AlignmentGame) -> None:
    """Refuse games whose energies floats cannot hold."""
    most = sum(abs(int(value)) for value in game.integer_couplings.ravel())
    if not math.isfinite(_quotient(most, game.unit)):
        message = (
            "energies of this game exceed the range of a float (1.8e308); divide sizes or "
            "propensities by a common factor"
        )
        raise InvalidPropensityError(message)


def _quotient(value: int, unit: Fraction) -> float:
    try:
        return value * unit.numerator / unit.denominator
    except OverflowError:
        return math.inf
