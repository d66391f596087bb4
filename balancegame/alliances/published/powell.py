"""One-shot bargaining in the shadow of power, after Powell (1996)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from balancegame._numbers import Number, format_fraction
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import AT_LEAST_0, PROBABILITY, read_number
from balancegame.errors import InvalidParameterError
from balancegame.games.rendering import Rows


@final
@dataclass(frozen=True, slots=True, repr=False)
class OneShotBargaining(PublishedResult):
    """How likely war is when one offer is made to a state whose cost of war is not known.

    Attributes
    ----------
    low, high : Fraction
        The dissatisfied state's cost of war is uniform between them.
    satisfied_cost : Fraction
        The cost of war of the state that makes the offer.
    """

    low: Fraction
    high: Fraction
    satisfied_cost: Fraction

    @property
    def threshold(self) -> Fraction:
        """The gap between power and status quo up to which nothing is offered.

        ``t = (high - satisfied_cost) / 2``, or `low` if that is more.
        """
        return max(self.low, (self.high - self.satisfied_cost) / 2)

    @property
    def plateau(self) -> Fraction:
        """The chance of war for all larger gaps."""
        return (self.threshold - self.low) / (self.high - self.low)

    def war_probability(self, gap: Number) -> Fraction:
        """The chance of war at a gap p - q between expected outcome and status quo.

        Parameters
        ----------
        gap : number in [-1, 1]

        Returns
        -------
        Fraction
            0 up to `low`, then ``(gap - low) / (high - low)`` up to `threshold`, then `plateau`.

        Examples
        --------
        >>> import balancegame as bg
        >>> bargaining = bg.published.powell_bargaining(0, "0.4", "0.1")
        >>> [float(bargaining.war_probability(gap)) for gap in ("0.05", "0.1", "0.15", "0.3")]
        [0.125, 0.25, 0.375, 0.375]
        """
        wide = read_number(gap, "gap")
        if abs(wide) > 1:
            message = f"gap is {format_fraction(wide)}; a difference of two shares lies in [-1, 1]"
            raise InvalidParameterError(message)
        reached = min(max(wide, self.low), self.threshold)
        return (reached - self.low) / (self.high - self.low)

    def offer(self, expected: Number, status_quo: Number) -> Fraction:
        """The share that the satisfied state offers: the status quo, or just enough.

        Parameters
        ----------
        expected : number in [0, 1]
            p, the dissatisfied state's expected share after a war, before costs.
        status_quo : number in [0, 1]
            q, its present share.

        Returns
        -------
        Fraction
            max(q, p - `threshold`).

        Examples
        --------
        >>> import balancegame as bg
        >>> bargaining = bg.published.powell_bargaining(0, "0.4", "0.1")
        >>> bargaining.offer("0.7", "0.4"), bargaining.offer("0.5", "0.4")
        (Fraction(11, 20), Fraction(2, 5))
        """
        share = read_number(expected, "expected", PROBABILITY)
        present = read_number(status_quo, "status_quo", PROBABILITY)
        return max(present, share - self.threshold)

    def _caption(self) -> str:
        return (
            f"One-shot bargaining, cost of war uniform on [{text_of(self.low)}, "
            f"{text_of(self.high)}], the offerer's {text_of(self.satisfied_cost)}"
        )

    def _rows(self) -> Rows:
        low, t = text_of(self.low), text_of(self.threshold)
        return [
            ["gap p - q", "chance of war"],
            [f"up to {low}", "0"],
            [f"{low} to {t}", "(gap - low) / (high - low)"],
            [f"from {t}", text_of(self.plateau)],
        ]


def powell_bargaining(low: Number, high: Number, satisfied_cost: Number) -> OneShotBargaining:
    """One take-it-or-leave-it offer to a dissatisfied state whose cost of war is private.

    The dissatisfied state holds the share q and expects p from a war, less its cost d, uniform on
    [low, high]; it fights unless it holds or is offered at least p - d. The satisfied state, whose
    own cost is s, offers what is best for itself: ``max(q, p - t)``, ``t = (high - s) / 2``. War is
    the less likely, the better the status quo mirrors power.

    After Powell (1996): our one-shot skeleton, derived here, of a model with alternating offers;
    not a replication.

    Parameters
    ----------
    low, high : number
        Bounds of the dissatisfied state's cost, 0 <= low < high.
    satisfied_cost : number >= 0
        s.

    Returns
    -------
    OneShotBargaining
        In exact rationals.

    Raises
    ------
    InvalidParameterError

    References
    ----------
    R. Powell (1996), "Stability and the distribution of power", World Politics 48, 239-267.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.powell_bargaining(0, "0.4", "0.1")
    One-shot bargaining, cost of war uniform on [0, 2/5], the offerer's 1/10
      gap p - q  chance of war
      up to 0    0
      0 to 3/20  (gap - low) / (high - low)
      from 3/20  3/8
    """
    least = read_number(low, "low", AT_LEAST_0)
    most = read_number(high, "high", AT_LEAST_0)
    if least >= most:
        message = f"low is {format_fraction(least)}; it must be below high, {format_fraction(most)}"
        raise InvalidParameterError(message)
    return OneShotBargaining(least, most, read_number(satisfied_cost, "satisfied_cost", AT_LEAST_0))
