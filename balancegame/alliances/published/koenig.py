"""Contests in a network of allies and enemies, after Koenig, Rohner, Thoenig & Zilibotti (2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn, final

from flint import fmpq, fmpq_mat

from balancegame._numbers import Number
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import (
    AT_LEAST_0,
    Pairs,
    read_number,
    read_pairs,
    read_states,
    refuse_both,
)
from balancegame.errors import NoEquilibriumError
from balancegame.games.rendering import Rows


@final
@dataclass(frozen=True, slots=True, repr=False)
class ConflictNetwork(PublishedResult):
    """The equilibrium of a contest in which allies' efforts help and enemies' hurt.

    Attributes
    ----------
    states : tuple of str
    efforts : tuple of Fraction
        x_i > 0.
    performances : tuple of Fraction
        phi_i, the efforts with what spills over from allies and enemies.
    """

    states: tuple[str, ...]
    efforts: tuple[Fraction, ...]
    performances: tuple[Fraction, ...]

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Each state's chance to win, phi_i / sum of phi."""
        total = sum(self.performances, Fraction(0))
        return tuple(phi / total for phi in self.performances)

    @property
    def payoffs(self) -> tuple[Fraction, ...]:
        """Shares less efforts."""
        return tuple(won - x for won, x in zip(self.shares, self.efforts, strict=True))

    @property
    def total_effort(self) -> Fraction:
        """The sum of the efforts: how intense the conflict is."""
        return sum(self.efforts, Fraction(0))

    def _caption(self) -> str:
        return f"Conflict network of {len(self.states)} states: {text_of(self.total_effort)} spent"

    def _rows(self) -> Rows:
        rows = [["", "effort", "share", "payoff"]]
        each = zip(self.states, self.efforts, self.shares, self.payoffs, strict=True)
        for state, *values in each:
            rows.append([state, *map(text_of, values)])
        return rows


def koenig_network(
    names: Sequence[str] | int,
    allies: Pairs = (),
    enemies: Pairs = (),
    *,
    ally_spillover: Number,
    enemy_spillover: Number,
) -> ConflictNetwork:
    """The equilibrium in closed form of a contest with allies and enemies.

    State i spends x_i >= 0, performs at ``phi_i = x_i + beta * (its allies' efforts) - gamma *
    (its enemies' efforts)``, and is paid ``phi_i / sum of phi - x_i``. With d_i allies and e_i
    enemies, ``Gamma_i = 1 / (1 + beta d_i - gamma e_i)`` and ``Lambda = 1 - 1 / sum of Gamma``,
    it performs at ``phi_i = Lambda (1 - Lambda) Gamma_i``; efforts follow from linear equations.

    After Koenig, Rohner, Thoenig & Zilibotti (2017), whose contest this is; the closed form is
    derived here. Their defeat of states that perform below 0 plays no part: such networks are
    refused.

    Parameters
    ----------
    names : sequence of at least two str, or their number
        A number n stands for "state 0", ..., "state n-1".
    allies, enemies : pairs of names, optional
        In any order; a pair is one or the other.
    ally_spillover, enemy_spillover : number >= 0
        beta and gamma.

    Returns
    -------
    ConflictNetwork
        In exact rationals. Each state's effort is its only best reply: whatever it spends, the sum
        of performances stays positive, and its payoff is strictly concave.

    Raises
    ------
    NoEquilibriumError
        The closed form is no interior equilibrium: some 1 + beta d_i - gamma e_i is not positive,
        the equations for the efforts have no unique solution, or an effort is not positive.
    UnknownStateError, InvalidNameError, InvalidParameterError

    References
    ----------
    M. D. Koenig, D. Rohner, M. Thoenig and F. Zilibotti (2017), "Networks in conflict: theory and
    evidence from the Great War of Africa", Econometrica 85, 1093-1132.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.koenig_network(
    ...     ["A", "B", "C"], [("A", "B")], [("A", "C"), ("B", "C")],
    ...     ally_spillover="0.2", enemy_spillover="0.1",
    ... )
    Conflict network of 3 states: 0.6982 spent
         effort  share  payoff
      A  0.1925  8/27   0.1038
      B  0.1925  8/27   0.1038
      C  0.3131  11/27  0.09428
    """
    states = read_states(names, 2)
    friends, foes = read_pairs(allies, states, "allies"), read_pairs(enemies, states, "enemies")
    refuse_both(friends, foes, "allies and enemies")
    beta = read_number(ally_spillover, "ally_spillover", AT_LEAST_0)
    gamma = read_number(enemy_spillover, "enemy_spillover", AT_LEAST_0)

    def weight(a: str, b: str) -> Fraction:
        pair = frozenset((a, b))
        return beta if pair in friends else -gamma if pair in foes else Fraction(a == b)

    matrix = [[weight(a, b) for b in states] for a in states]
    # Column and row sums agree, as pairs have no direction: by how much one's effort moves the sum.
    reach = [sum(row, Fraction(0)) for row in matrix]
    for state, moved in zip(states, reach, strict=True):
        if moved <= 0:
            _refuse(f"1 + beta d - gamma e of {state} is {text_of(moved)}, not positive")
    gains = [1 / moved for moved in reach]
    level = 1 - 1 / sum(gains, Fraction(0))
    performances = tuple(level * (1 - level) * gain for gain in gains)
    efforts = _solve(matrix, performances)
    for state, effort in zip(states, efforts, strict=True):
        if effort <= 0:
            _refuse(f"the effort of {state} would be {text_of(effort)}, not positive")
    return ConflictNetwork(states, efforts, performances)


def _solve(
    matrix: list[list[Fraction]], performances: tuple[Fraction, ...]
) -> tuple[Fraction, ...]:
    rows = [[fmpq(x.numerator, x.denominator) for x in row] for row in matrix]
    side = [[fmpq(x.numerator, x.denominator)] for x in performances]
    try:
        found = fmpq_mat(rows).solve(fmpq_mat(side))
    except ZeroDivisionError:
        _refuse("the equations for the efforts have no unique solution")
    return tuple(Fraction(int(x.p), int(x.q)) for (x,) in found.tolist())


def _refuse(reason: str) -> NoReturn:
    message = f"the closed form is no interior equilibrium: {reason}; use smaller spillovers"
    raise NoEquilibriumError(message) from None
