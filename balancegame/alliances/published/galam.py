"""Coalitions as a spin glass, after Galam: states on two sides, and global alliances as a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, final

import numpy as np

from balancegame._checks import check_table_fits, is_sized
from balancegame._numbers import Number, exactly, parse_number, shorten
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import read_graph_names
from balancegame.errors import (
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    TooManyProfilesError,
)
from balancegame.games.alignment import AlignmentGame
from balancegame.games.alignment_input import in_order, read_propensities
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import Rows

Spins = Sequence[int] | Mapping[str, int]
"""+1 or -1 for every state, in order or by name."""

_MOST_STATES = 16  # whose 2^n configurations are listed
_ACTIONS = ("+1", "-1")
_FIELD = "global alliance"


@final
@dataclass(frozen=True, slots=True, repr=False)
class GalamSystem(PublishedResult):
    """States with pairwise couplings, and perhaps a field, each on the side +1 or -1.

    Attributes
    ----------
    states : tuple of str
    couplings : tuple of tuple of Fraction
        J_ij, symmetric with diagonal 0; positive where two states like to be together.
    field : tuple of Fraction
        What draws each state to side +1, beyond the others.
    """

    states: tuple[str, ...]
    couplings: tuple[tuple[Fraction, ...], ...]
    field: tuple[Fraction, ...]

    def energy(self, spins: Spins) -> Fraction:
        """H = - sum over pairs of J_ij s_i s_j - sum of field_i s_i, for spins of +1 and -1.

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.published.galam(-1, names=["A", "B", "C"]).energy([1, 1, -1])
        Fraction(-1, 1)
        """
        return self._energy(self._read(spins))

    def local_fields(self, spins: Spins) -> tuple[Fraction, ...]:
        """What draws each state to side +1, all counted: sum of J_ij s_j plus its field.

        A state at 0 is indifferent; one whose local field has the sign of its spin is content.
        """
        read = self._read(spins)
        return tuple(self._pull(read, i) for i in range(len(read)))

    def energy_levels(self) -> tuple[tuple[Fraction, int], ...]:
        """The energies of all 2^n configurations, lowest first, each with its count.

        Raises
        ------
        TooManyProfilesError
            More than 16 states; `alignment_game` and `bg.alignments` take more.

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.published.galam(-1, names=["A", "B", "C"]).energy_levels()
        ((Fraction(-1, 1), 6), (Fraction(3, 1), 2))
        """
        return tuple(sorted(Counter(map(self._energy, self._every())).items()))

    def ground_states(self) -> tuple[tuple[int, ...], ...]:
        """The configurations of least energy; `TooManyProfilesError` as for `energy_levels`."""
        least = self.energy_levels()[0][0]
        return tuple(spins for spins in self._every() if self._energy(spins) == least)

    def game(self) -> NormalFormGame:
        """The game in which each state is paid its spin times its local field.

        Actions are "+1" and "-1". It has the exact potential -H if payoffs are taken so; its pure
        equilibria are the configurations that no single state would leave.
        """
        n = len(self.states)
        check_table_fits(n, (2,) * n, bytes_per_payoff=130)
        table = np.empty((n, *(2,) * n), dtype=object)
        for cell in product((0, 1), repeat=n):
            spins = tuple(1 - 2 * a for a in cell)
            table[(slice(None), *cell)] = [spins[i] * self._pull(spins, i) for i in range(n)]
        return NormalFormGame(table, self.states, _ACTIONS, title="Galam system")

    def alignment_game(self) -> AlignmentGame:
        """The same as a landscape of two camps, for `bg.alignments`.

        With a field there is one more state, "global alliance", that all are drawn to by their
        field. The landscape's energy is H plus a constant: the sum of all couplings and fields.
        """
        if not any(self.field):
            return AlignmentGame(1, self.couplings, self.states, title="Galam system")
        rows = [[*row, pull] for row, pull in zip(self.couplings, self.field, strict=True)]
        drawing = _FIELD
        while drawing in self.states:
            drawing += "'"
        return AlignmentGame(
            1, [*rows, [*self.field, 0]], [*self.states, drawing], title="Galam system"
        )

    def _energy(self, spins: Sequence[int]) -> Fraction:
        # Each pair is met twice, the field once.
        pulls = (s * (self._pull(spins, i) + self.field[i]) for i, s in enumerate(spins))
        return -sum(pulls, Fraction(0)) / 2

    def _pull(self, spins: Sequence[int], i: int) -> Fraction:
        drawn = (j * s for j, s in zip(self.couplings[i], spins, strict=True))
        return sum(drawn, self.field[i])

    def _every(self) -> Iterator[tuple[int, ...]]:
        if len(self.states) > _MOST_STATES:
            message = (
                f"the system has {len(self.states)} states; configurations are listed for at most "
                f"{_MOST_STATES}. Use bg.alignments(system.alignment_game())"
            )
            raise TooManyProfilesError(message)
        return product((1, -1), repeat=len(self.states))

    def _read(self, spins: Spins) -> tuple[int, ...]:
        given: Any = spins
        if isinstance(given, Mapping):
            given = in_order(given, self.states, "spins", InvalidShapeError)
        if isinstance(given, str | bytes | Set) or not is_sized(given):
            message = f"spins is {shorten(spins)}; give +1 or -1 for every state"
            raise InvalidTypeError(message)
        if len(given) != len(self.states):
            message = f"spins has {len(given)} entries for {len(self.states)} states"
            raise InvalidShapeError(message)
        for name, spin in zip(self.states, given, strict=True):
            if isinstance(spin, bool | str) or spin not in (1, -1):
                message = f"the spin of {name} is {shorten(spin)}; it must be +1 or -1"
                raise InvalidParameterError(message)
        return tuple(int(spin) for spin in given)

    def _caption(self) -> str:
        return f"Galam system of {len(self.states)} states"

    def _rows(self) -> Rows:
        rows = [["", "field", *self.states]]
        for state, pull, row in zip(self.states, self.field, self.couplings, strict=True):
            rows.append([state, *map(text_of, (pull, *row))])
        return rows


def galam(
    couplings: Any,
    field: Sequence[Number] | Mapping[str, Number] | None = None,
    names: Sequence[str] | None = None,
) -> GalamSystem:
    """States that choose between two coalitions, by pairwise couplings and a global field.

    The energy of spins s_i = +1 or -1 is H = - sum over pairs J_ij s_i s_j - sum of field_i s_i.

    Parameters
    ----------
    couplings : (n, n) array_like, mapping {state: {state: number}}, or one number for all pairs
        J, symmetric; the diagonal plays no part.
    field : sequence or mapping of n numbers, optional
        In Galam's terms, how each state stands to two global alliances; by default 0.
    names : sequence of str, optional

    Returns
    -------
    GalamSystem
        In exact rationals.

    Raises
    ------
    InvalidPropensityError, InvalidShapeError, UnknownStateError, InvalidParameterError

    References
    ----------
    S. Galam (1996), "Fragmentation versus stability in bimodal coalitions", Physica A 230, 174-188;
    S. Galam (2002), arXiv:cond-mat/0212444.

    Examples
    --------
    The triangle of three hostile states: no alignment makes all content.

    >>> import balancegame as bg
    >>> triangle = bg.published.galam(-1, names=["A", "B", "C"])
    >>> triangle.energy([1, 1, -1]), [str(pull) for pull in triangle.local_fields([1, 1, -1])]
    (Fraction(-1, 1), ['0', '0', '-2'])
    """
    states = read_graph_names(names, couplings, "couplings")
    matrix = read_propensities(couplings, states, "couplings")
    rows = tuple(tuple(map(exactly, row)) for row in matrix)
    return GalamSystem(states, rows, _read_field(field, states))


def _read_field(
    field: Sequence[Number] | Mapping[str, Number] | None, states: tuple[str, ...]
) -> tuple[Fraction, ...]:
    if field is None:
        return (Fraction(0),) * len(states)
    given: Any = field
    if isinstance(given, Mapping):
        given = in_order(given, states, "field", InvalidShapeError)
    if isinstance(given, str | bytes) or not is_sized(given) or len(given) != len(states):
        message = f"field is {shorten(field)}; give one number for each of {len(states)} states"
        raise InvalidShapeError(message)
    return tuple(
        exactly(parse_number(value, f"field of {state}", InvalidParameterError))
        for state, value in zip(states, given, strict=True)
    )
