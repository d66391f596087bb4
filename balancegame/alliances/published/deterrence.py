"""How reliable an ally must be to deter, after Smith (1995) and Morrow (1994)."""

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
class DeterrenceThreshold(PublishedResult):
    """The reliability from which on an alliance deters.

    Attributes
    ----------
    alone, allied : Fraction
        The attacker's chance to win against the target alone, and against it and its ally.
    cost : Fraction
        The attacker's cost of war.
    reliability : Fraction or None
        The least chance that the ally fights which deters; 0 if the target deters alone, None if
        even a sure ally does not.
    """

    alone: Fraction
    allied: Fraction
    cost: Fraction
    reliability: Fraction | None

    def attacks(self, reliability: Number) -> bool:
        """Whether war pays the attacker at that reliability of the ally, in [0, 1]."""
        rho = read_number(reliability, "reliability", PROBABILITY)
        return (1 - rho) * self.alone + rho * self.allied > self.cost

    def _caption(self) -> str:
        return "Deterrence: the least reliability of the ally that deters"

    def _rows(self) -> Rows:
        values = (self.alone, self.allied, self.cost, self.reliability)
        heading = ["wins against one", "against both", "cost", "reliability"]
        return [heading, list(map(text_of, values))]


def deterrence_threshold(alone: Number, allied: Number, cost: Number) -> DeterrenceThreshold:
    """The least chance that an ally honours its alliance which deters an attack.

    The attacker wins with chance p0 against the target alone and p1 against it and its ally, at a
    cost of c. It attacks iff ``(1 - rho) p0 + rho p1 > c``, so the threshold is
    ``rho* = (p0 - c) / (p0 - p1)``.

    After Morrow (1994) and Smith (1995): our skeleton of their idea, not a replication.

    Parameters
    ----------
    alone, allied : number in [0, 1]
        p0 and p1; an ally does not help the attacker, so p1 <= p0.
    cost : number >= 0
        c, as a share of what the attacker would win.

    Returns
    -------
    DeterrenceThreshold
        In exact rationals.

    Raises
    ------
    InvalidParameterError

    References
    ----------
    J. D. Morrow (1994), "Alliances, credibility, and peacetime costs", Journal of Conflict
    Resolution 38, 270-297. A. Smith (1995), "Alliance formation and war", International Studies
    Quarterly 39, 405-425.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.deterrence_threshold("0.7", "0.4", "0.5").reliability
    Fraction(2, 3)
    """
    p0 = read_number(alone, "alone", PROBABILITY)
    p1 = read_number(allied, "allied", PROBABILITY)
    c = read_number(cost, "cost", AT_LEAST_0)
    if p1 > p0:
        message = (
            f"allied is {format_fraction(p1)}, above alone, {format_fraction(p0)}; an ally of the "
            "target does not raise the attacker's chance"
        )
        raise InvalidParameterError(message)
    if c >= p0:
        return DeterrenceThreshold(p0, p1, c, Fraction(0))
    return DeterrenceThreshold(p0, p1, c, None if p1 > c else (p0 - c) / (p0 - p1))
