"""Alliances in a contest of three with fixed endowments, after Skaperdas (1998)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any, final

import numpy as np

from balancegame._numbers import Number, format_fraction
from balancegame.alliances.amounts import Amounts, read_amounts
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import POSITIVE, read_number
from balancegame.errors import InvalidShapeError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import Rows

Payoffs = tuple[Fraction, ...] | tuple[float, ...]
"""Three shares of the prize, exact for a decisiveness that is a whole number of at most 100."""

_PAIRS = tuple(combinations(range(3), 2))
_LARGEST_EXACT_EXPONENT = 100


@final
@dataclass(frozen=True, slots=True, repr=False)
class SkaperdasContest(PublishedResult):
    """What each of three states expects alone and under each alliance of two.

    Attributes
    ----------
    states : tuple of three str
    endowments : tuple of three Fraction
    decisiveness : Fraction
    alone : tuple of three numbers
        Expected shares of the prize when no alliance forms.
    allied : tuple of three tuples of three numbers
        The same under the alliance of states (0, 1), (0, 2) and (1, 2).
    """

    states: tuple[str, ...]
    endowments: tuple[Fraction, ...]
    decisiveness: Fraction
    alone: Payoffs
    allied: tuple[Payoffs, ...]

    @property
    def paying_pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs whose alliance makes both better off than standing alone: all iff m > 1."""
        if self.decisiveness <= 1:
            return ()
        return tuple((self.states[i], self.states[j]) for i, j in _PAIRS)

    @property
    def best_pair(self) -> tuple[str, str] | None:
        """The pair that both members strictly prefer to any other partner and to none.

        The weaker two, iff m > 1 and the third state is stronger than both.
        """
        for i, j in _PAIRS:
            strongest = self.endowments[3 - i - j] > max(self.endowments[i], self.endowments[j])
            if strongest and self.decisiveness > 1:
                return self.states[i], self.states[j]
        return None

    def game(self) -> NormalFormGame:
        """The game in which each state names a partner or none; a pair that agrees is allied.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.published.skaperdas_contest({"A": 3, "B": 2, "C": 2}, 2).game()
        >>> [found.actions for found in bg.strong_equilibria(game)]
        [('alone', 'ally with C', 'ally with B'),
         ('ally with B', 'ally with C', 'ally with B'),
         ('ally with C', 'ally with C', 'ally with B')]
        """
        partners = [(None, *(j for j in range(3) if j != i)) for i in range(3)]
        exact = isinstance(self.alone[0], Fraction)
        table = np.empty((3, 3, 3, 3), dtype=object if exact else np.float64)
        for cell in product(range(3), repeat=3):
            named = [partners[i][a] for i, a in enumerate(cell)]
            paid = self.alone
            for (i, j), shares in zip(_PAIRS, self.allied, strict=True):
                if named[i] == j and named[j] == i:
                    paid = shares
            table[(slice(None), *cell)] = paid
        actions = [
            ["alone" if j is None else f"ally with {self.states[j]}" for j in partners[i]]
            for i in range(3)
        ]
        return NormalFormGame(table, self.states, actions, title="Three-way contest")

    def _caption(self) -> str:
        m = format_fraction(self.decisiveness)
        best = self.best_pair
        pair = f"best pair {best[0]} and {best[1]}" if best else "no best pair"
        return f"Three-way contest, decisiveness {m}: {pair}"

    def _rows(self) -> Rows:
        pairs = [f"{self.states[i]} + {self.states[j]}" for i, j in _PAIRS]
        rows = [["", "endowment", "alone", *pairs]]
        for i, state in enumerate(self.states):
            paid = [self.alone[i], *(shares[i] for shares in self.allied)]
            rows.append([state, format_fraction(self.endowments[i]), *map(text_of, paid)])
        return rows


def skaperdas_contest(endowments: Amounts, decisiveness: Number) -> SkaperdasContest:
    """A contest of three in which two may ally and then contest their joint winnings.

    With f(x) = x^m, state i wins alone with chance f(x_i) / (f(x_1) + f(x_2) + f(x_3)). The
    alliance of i and j wins with chance f(x_i + x_j) / (f(x_i + x_j) + f(x_k)), and i then wins
    against j with chance f(x_i) / (f(x_i) + f(x_j)). The prize is 1.

    After Skaperdas (1998): our skeleton of his model from its abstract, not a replication. It
    agrees with his result that an alliance pays its members iff the contest has increasing returns
    (here f superadditive, m > 1), and with the tendency of the weaker two to ally (see Notes).

    Parameters
    ----------
    endowments : sequence of three positive numbers, mapping {state: number}, or World
    decisiveness : number > 0
        The exponent m.

    Returns
    -------
    SkaperdasContest
        Exact for whole m up to 100, in floats otherwise.

    Raises
    ------
    InvalidShapeError
        Not three states.
    InvalidPowerError, InvalidParameterError

    Notes
    -----
    Write f_ij for f(x_i + x_j). Allied with j, state i expects f_ij / (f_ij + f_k) times
    f_i / (f_i + f_j), which exceeds f_i / (f_i + f_j + f_k) iff f_ij > f_i + f_j, that is m > 1.

    Of two partners it then prefers the weaker. Cross-multiplied, i prefers j to k iff g(x_j) >
    g(x_k) with g(x) = f(x)^-1 - f(x_i) / (f(x) f(x_i + x)) - f(x_i + x)^-1. Taking x_i = 1, the
    derivative g'(t) has the sign of -((1 + t)^(m+1) - t^(m+1) - 1 - 2t). The term in brackets is 0
    at m = 1 and grows in m, for (1 + t)^(m+1) ln(1 + t) > t^(m+1) ln t; so g falls for every m > 1.

    References
    ----------
    S. Skaperdas (1998), "On the formation of alliances in conflict and contests", Public Choice 96,
    25-42.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.skaperdas_contest({"A": 4, "B": 3, "C": 2}, 2)
    Three-way contest, decisiveness 2: best pair B and C
         endowment  alone  A + B   A + C  B + C
      A  4          16/29  0.5917  16/25  16/41
      B  3          9/29   0.3328  1/5    0.4221
      C  2          4/29   4/53    4/25   0.1876
    >>> bg.published.skaperdas_contest([4, 3, 2], 1).paying_pairs
    ()
    """
    states, held = read_amounts(endowments, "endowments")
    if len(states) != 3:
        message = f"endowments has {len(states)} entries; the contest is one of three states"
        raise InvalidShapeError(message)
    m = read_number(decisiveness, "decisiveness", POSITIVE)
    exact = m.denominator == 1 and m <= _LARGEST_EXACT_EXPONENT
    exponent = int(m) if exact else float(m)
    alone = tuple(
        _chance(held[i], [x for j, x in enumerate(held) if j != i], exponent) for i in range(3)
    )
    allied = tuple(_under_alliance(held, pair, exponent) for pair in _PAIRS)
    return SkaperdasContest(states, held, m, alone, allied)


def _under_alliance(
    held: Sequence[Fraction], pair: tuple[int, int], exponent: float
) -> tuple[Any, ...]:
    i, j = pair
    k = 3 - i - j
    together = _chance(held[i] + held[j], [held[k]], exponent)
    paid: list[Any] = [0, 0, 0]
    paid[i] = together * _chance(held[i], [held[j]], exponent)
    paid[j] = together * _chance(held[j], [held[i]], exponent)
    paid[k] = _chance(held[k], [held[i] + held[j]], exponent)
    return tuple(paid)


def _chance(own: Fraction, others: Sequence[Fraction], exponent: float) -> Any:
    """own^m / (own^m + sum of others^m), exact for an int m, without overflow otherwise."""
    if isinstance(exponent, int):
        return 1 / (1 + sum((other / own) ** exponent for other in others))
    try:
        return 1 / (1 + sum(float(other / own) ** exponent for other in others))
    except OverflowError:
        return 0.0
