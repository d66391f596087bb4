"""Burden sharing in an alliance, after Olson & Zeckhauser (1966)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from balancegame._numbers import Number, format_fraction
from balancegame.alliances.amounts import Amounts, read_amounts
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import INSIDE, read_number
from balancegame.games.rendering import Rows


@final
@dataclass(frozen=True, slots=True, repr=False)
class BurdenSharing(PublishedResult):
    """What allies contribute to their common defence in equilibrium.

    Attributes
    ----------
    states : tuple of str
    wealth : tuple of Fraction
    taste : Fraction
        beta, the weight of defence.
    contributions : tuple of Fraction
        q_i.
    optimum : Fraction
        The defence that the allies would provide together, beta times their wealth: Pareto-optimal
        with burdens in proportion to wealth.
    """

    states: tuple[str, ...]
    wealth: tuple[Fraction, ...]
    taste: Fraction
    contributions: tuple[Fraction, ...]
    optimum: Fraction

    @property
    def quantity(self) -> Fraction:
        """The defence provided, Q: the sum of the contributions."""
        return sum(self.contributions, Fraction(0))

    @property
    def burdens(self) -> tuple[Fraction, ...]:
        """Contributions as shares of wealth."""
        return tuple(q / w for q, w in zip(self.contributions, self.wealth, strict=True))

    @property
    def free_riders(self) -> tuple[str, ...]:
        """The states that contribute nothing."""
        return tuple(s for s, q in zip(self.states, self.contributions, strict=True) if q == 0)

    def _caption(self) -> str:
        taste = format_fraction(self.taste)
        return (
            f"Burden sharing, taste for defence {taste}: {text_of(self.quantity)} provided, "
            f"{text_of(self.optimum)} optimal"
        )

    def _rows(self) -> Rows:
        rows = [["", "wealth", "contributes", "burden"]]
        each = zip(self.states, self.wealth, self.contributions, self.burdens, strict=True)
        for state, wealth, given, burden in each:
            rows.append([state, text_of(wealth), text_of(given), f"{float(burden):.1%}"])
        return rows


def olson_zeckhauser(wealth: Amounts, taste: Number) -> BurdenSharing:
    """The equilibrium contributions to an alliance's defence, a pure public good.

    Ally i of wealth w_i contributes q_i, keeps w_i - q_i, and is paid
    ``(1 - beta) log(w_i - q_i) + beta log Q`` with Q the sum of all contributions. There is one
    equilibrium: with k contributors of joint wealth W_k and ``x = (1 - beta) W_k /
    (beta + k (1 - beta))``, q_i = max(0, w_i - x) and ``Q = beta W_k / (beta + k (1 - beta))``.

    After Olson & Zeckhauser (1966): our solvable instance of their argument (the form of Bergstrom,
    Blume & Varian 1986), not a replication. It shows both of their results, that too little is
    provided, and that the large bear more than their share.

    Parameters
    ----------
    wealth : sequence of positive numbers, mapping {state: number}, or World
        At least two allies.
    taste : number in (0, 1)
        beta, the weight of defence.

    Returns
    -------
    BurdenSharing
        In exact rationals.

    Raises
    ------
    InvalidPowerError, InvalidShapeError, InvalidParameterError

    References
    ----------
    M. Olson and R. Zeckhauser (1966), "An economic theory of alliances", Review of Economics and
    Statistics 48, 266-279.
    T. Bergstrom, L. Blume and H. Varian (1986), "On the private provision of public goods",
    Journal of Public Economics 29, 25-49.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.olson_zeckhauser({"A": 10, "B": 8, "C": 2}, "1/2")
    Burden sharing, taste for defence 0.5: 6 provided, 10 optimal
         wealth  contributes  burden
      A  10      4            40.0%
      B  8       2            25.0%
      C  2       0            0.0%
    """
    states, held = read_amounts(wealth, "wealth")
    beta = read_number(taste, "taste", INSIDE)
    kept = _kept(sorted(held, reverse=True), beta)
    given = tuple(max(w - kept, Fraction(0)) for w in held)
    return BurdenSharing(states, held, beta, given, beta * sum(held))


def _kept(held: list[Fraction], beta: Fraction) -> Fraction:
    """What every contributor keeps: that of the largest group whose least wealthy contributes."""
    kept = together = Fraction(0)
    for k, wealth in enumerate(held, 1):
        together += wealth
        candidate = (1 - beta) * together / (beta + k * (1 - beta))
        if wealth <= candidate:
            break
        kept = candidate
    return kept
