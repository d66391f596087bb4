"""The range of bargains that both sides prefer to war, after Fearon (1995)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from balancegame._numbers import Number
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import AT_LEAST_0, PROBABILITY, read_number
from balancegame.games.rendering import Rows


@final
@dataclass(frozen=True, slots=True, repr=False)
class BargainingRange(PublishedResult):
    """The shares of A that neither side would rather fight over.

    Attributes
    ----------
    low, high : Fraction
        p - c_A and p + c_B. They may lie outside [0, 1], where no division of the good reaches:
        `contains` then decides.
    """

    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """The sum of the costs of war."""
        return self.high - self.low

    def contains(self, share: Number) -> bool:
        """Whether both sides prefer that share for A, in [0, 1], to war, or are indifferent."""
        return self.low <= read_number(share, "share", PROBABILITY) <= self.high

    def _caption(self) -> str:
        return "Bargaining range"

    def _rows(self) -> Rows:
        values = (self.low, self.high, self.width)
        return [["from", "to", "width"], list(map(text_of, values))]


def fearon_range(probability: Number, cost_a: Number, cost_b: Number) -> BargainingRange:
    """The divisions of a good worth 1 that both sides prefer to fighting for it.

    A wins a war with probability p; war costs A c_A and B c_B. A accepts shares from p - c_A on, B
    leaves A up to p + c_B: war is inefficient, and some bargain always beats it.

    After Fearon (1995), from memory: the range is the textbook form of his argument.

    Parameters
    ----------
    probability : number in [0, 1]
        p, that A wins.
    cost_a, cost_b : number >= 0

    Returns
    -------
    BargainingRange
        In exact rationals.

    Raises
    ------
    InvalidParameterError

    References
    ----------
    J. D. Fearon (1995), "Rationalist explanations for war", International Organization 49, 379-414.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.published.fearon_range("0.6", "0.1", "0.2")
    >>> found
    Bargaining range
      from  to   width
      1/2   4/5  3/10
    >>> found.contains("0.5"), found.contains("0.4")
    (True, False)
    """
    p = read_number(probability, "probability", PROBABILITY)
    return BargainingRange(
        p - read_number(cost_a, "cost_a", AT_LEAST_0),
        p + read_number(cost_b, "cost_b", AT_LEAST_0),
    )
