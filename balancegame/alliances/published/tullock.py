"""The symmetric rent-seeking contest of Tullock (1980)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from balancegame._checks import check_count
from balancegame._numbers import Number, format_fraction
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import POSITIVE, read_number
from balancegame.errors import NoEquilibriumError
from balancegame.games.rendering import Rows


@final
@dataclass(frozen=True, slots=True, repr=False)
class TullockContest(PublishedResult):
    """The symmetric pure equilibrium of a contest for a prize.

    Attributes
    ----------
    n : int
    prize, decisiveness : Fraction
        V and m.
    effort : Fraction
        Each contestant's x* = (n - 1) m V / n^2.
    payoff : Fraction
        Each one's V / n - x*.
    """

    n: int
    prize: Fraction
    decisiveness: Fraction
    effort: Fraction
    payoff: Fraction

    @property
    def dissipation(self) -> Fraction:
        """The share of the prize that all efforts together cost, in (0, 1]."""
        return self.n * self.effort / self.prize

    def _caption(self) -> str:
        m, prize = format_fraction(self.decisiveness), format_fraction(self.prize)
        return f"Tullock contest of {self.n} for {prize}, decisiveness {m}"

    def _rows(self) -> Rows:
        values = (self.effort, self.payoff, self.dissipation)
        return [["effort", "payoff", "rent dissipated"], list(map(text_of, values))]


def tullock_contest(n: int, prize: Number = 1, decisiveness: Number = 1) -> TullockContest:
    """The symmetric pure equilibrium of the ratio contest of n equal contestants.

    Contestant i spends x_i >= 0, wins the prize V with chance x_i^m / sum of x_j^m, and is paid
    that chance times V less x_i.

    Parameters
    ----------
    n : int
        At least 2.
    prize : number > 0
        V.
    decisiveness : number > 0
        The exponent m; at most n / (n - 1).

    Returns
    -------
    TullockContest
        In exact rationals.

    Raises
    ------
    NoEquilibriumError
        Decisiveness above n / (n - 1): efforts would cost more than they win, so that no symmetric
        pure equilibrium exists.

    References
    ----------
    G. Tullock (1980), "Efficient rent seeking", in Buchanan, Tollison & Tullock (eds), Toward a
    Theory of the Rent-Seeking Society. The formula is derived here from the first-order condition.

    Examples
    --------
    >>> import balancegame as bg
    >>> [float(bg.published.tullock_contest(n).effort) for n in (2, 3, 5)]
    [0.25, 0.2222, 0.16]
    >>> bg.published.tullock_contest(2, decisiveness=2)
    Tullock contest of 2 for 1, decisiveness 2
      effort  payoff  rent dissipated
      1/2     0       1
    """
    n = check_count(n, "n", 2)
    value = read_number(prize, "prize", POSITIVE)
    m = read_number(decisiveness, "decisiveness", POSITIVE)
    effort = (n - 1) * m * value / n**2
    if m * (n - 1) > n:
        message = (
            f"decisiveness is {format_fraction(m)}; above n / (n - 1) = {n}/{n - 1} the contest of "
            f"{n} has no symmetric pure equilibrium"
        )
        raise NoEquilibriumError(message)
    return TullockContest(n, value, m, effort, value / n - effort)
