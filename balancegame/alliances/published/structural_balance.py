"""Structural balance: friends and foes in triads, after Heider, Cartwright and Harary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, final

from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import read_graph_names
from balancegame.errors import InvalidParameterError, InvalidShapeError
from balancegame.games.alignment_input import read_propensities
from balancegame.games.rendering import Rows


@final
@dataclass(frozen=True, slots=True, repr=False)
class StructuralBalance(PublishedResult):
    """A complete signed graph, and how far it is from balance.

    Attributes
    ----------
    states : tuple of str
    signs : tuple of tuple of int
        +1 for friends, -1 for foes, 0 on the diagonal.
    """

    states: tuple[str, ...]
    signs: tuple[tuple[int, ...], ...]

    @property
    def unbalanced_triads(self) -> tuple[tuple[str, str, str], ...]:
        """The triads whose product of signs is -1."""
        return tuple(
            (self.states[i], self.states[j], self.states[k])
            for i, j, k in combinations(range(len(self.states)), 3)
            if self._sign(i, j, k) < 0
        )

    @property
    def n_triads(self) -> int:
        """The number of triads."""
        n = len(self.states)
        return n * (n - 1) * (n - 2) // 6

    @property
    def energy(self) -> Fraction:
        """Minus the mean of the triads' products, in [-1, 1]; -1 in balance."""
        return Fraction(2 * len(self.unbalanced_triads), self.n_triads) - 1

    @property
    def is_balanced(self) -> bool:
        """Whether every triad's product is +1: friends' friends are friends, foes' foes too."""
        return self.camps is not None

    @property
    def camps(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The two camps of mutual friends, the first state's first, the other perhaps empty.

        None unless balanced: by Harary's theorem balance means two such camps.
        """
        friends = [k for k in range(len(self.states)) if self.signs[0][k] >= 0]
        side = [1 if k in friends else -1 for k in range(len(self.states))]
        for i, j in combinations(range(len(self.states)), 2):
            if self.signs[i][j] != side[i] * side[j]:
                return None
        first = tuple(self.states[k] for k in friends)
        return first, tuple(state for state in self.states if state not in first)

    @property
    def is_jammed(self) -> bool:
        """Whether it is unbalanced, but every change of one sign leaves more unbalanced triads.

        Strictly more: a change that leaves as many counts as a way out.
        """
        if self.is_balanced:
            return False
        n = len(self.states)
        return all(
            sum(self._sign(i, j, k) for k in range(n) if k not in (i, j)) > 0
            for i, j in combinations(range(n), 2)
        )

    def _sign(self, i: int, j: int, k: int) -> int:
        return self.signs[i][j] * self.signs[j][k] * self.signs[i][k]

    def _caption(self) -> str:
        verdict = "balanced" if self.is_balanced else "jammed" if self.is_jammed else "not balanced"
        return f"Signed graph of {len(self.states)} states: {verdict}"

    def _rows(self) -> Rows:
        heading = ["triads", "unbalanced", "energy"]
        values = [str(self.n_triads), str(len(self.unbalanced_triads)), text_of(self.energy)]
        return [heading, values]


def structural_balance(signs: Any, names: Sequence[str] | None = None) -> StructuralBalance:
    """Balance of a complete graph of friends and foes.

    Parameters
    ----------
    signs : (n, n) array_like, mapping {state: {state: sign}}, or one sign for all pairs
        Symmetric, +1 or -1; the diagonal plays no part. At least three states.
    names : sequence of str, optional

    Returns
    -------
    StructuralBalance
        Triads are counted one by one: 100 states have 161,700.

    Raises
    ------
    InvalidParameterError
        A sign other than +1 and -1.
    InvalidPropensityError, InvalidShapeError, UnknownStateError

    Notes
    -----
    Three hostile cliques of a, b and c friends are jammed iff each two of them outweigh the third:
    a + b - 2 > c, and so on. So 9 states can be jammed, 10 cannot in this way.

    References
    ----------
    D. Cartwright and F. Harary (1956), "Structural balance: a generalization of Heider's theory",
    Psychological Review 63, 277-293. T. Antal, P. Krapivsky and S. Redner (2005), "Dynamics of
    social balance on networks", Physical Review E 72, 036121.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.published.structural_balance(
    ...     [[0, 1, -1], [1, 0, -1], [-1, -1, 0]], ["A", "B", "C"]
    ... )
    >>> found.camps
    (('A', 'B'), ('C',))
    >>> bg.published.structural_balance(-1, ["A", "B", "C"])
    Signed graph of 3 states: not balanced
      triads  unbalanced  energy
      1       1           1
    """
    states = read_graph_names(names, signs, "signs")
    if len(states) < 3:
        message = f"signs is of {len(states)} states; triads need at least 3"
        raise InvalidShapeError(message)
    matrix = read_propensities(signs, states, "signs")
    for i, j in combinations(range(len(states)), 2):
        if matrix[i][j] not in (1.0, -1.0):
            message = (
                f"the sign of {states[i]} and {states[j]} is {matrix[i][j]:g}; it must be 1 for "
                "friends or -1 for foes"
            )
            raise InvalidParameterError(message)
    return StructuralBalance(states, tuple(tuple(int(x) for x in row) for row in matrix))
