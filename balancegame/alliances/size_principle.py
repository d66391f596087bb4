"""How large an offensive coalition pays best: Riker's size principle with an uncertain contest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from balancegame._numbers import Number, exactly, format_number, parse_number
from balancegame.errors import InvalidParameterError
from balancegame.games.rendering import number


@final
@dataclass(frozen=True, slots=True)
class OffensiveOptimum:
    """The power at which spoils per unit of power are greatest.

    Attributes
    ----------
    ratio : float or None
        The coalition's power over its target's; None where smaller is always better.
    prevailing : float or None
        Its chance to win at that ratio.
    """

    ratio: float | None
    prevailing: float | None

    def __repr__(self) -> str:
        if self.ratio is None or self.prevailing is None:
            return "OffensiveOptimum: none; the smaller the coalition, the better"
        return (
            f"OffensiveOptimum: {number(self.ratio)} times the target's power, prevailing with "
            f"chance {number(self.prevailing)}"
        )


def offensive_optimum(decisiveness: Number) -> OffensiveOptimum:
    """The most profitable size of a coalition that attacks for spoils (proposition 12).

    Spoils are shared by contribution: each unit of power earns pi / x, where x is the coalition's
    power over the target's and ``pi = x^m / (1 + x^m)`` its chance to win.

    Parameters
    ----------
    decisiveness : number > 0
        The exponent m of the contest.

    Returns
    -------
    OffensiveOptimum
        ``x = (m - 1)^(1/m)`` and ``pi = 1 - 1/m`` for m > 1; None for m <= 1, where each further
        member costs the others more than it adds. For large m the ratio tends to 1: with a certain
        contest the best coalition just wins (Riker 1962, the minimal winning coalition).

    Raises
    ------
    InvalidParameterError
        `decisiveness` not positive.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.offensive_optimum(2)
    OffensiveOptimum: 1 times the target's power, prevailing with chance 0.5
    >>> round(bg.offensive_optimum(3).ratio, 4), round(bg.offensive_optimum(1000).ratio, 2)
    (1.2599, 1.01)
    """
    m = parse_number(decisiveness, "decisiveness", InvalidParameterError)
    if exactly(m) <= 0:
        message = f"decisiveness is {format_number(m)}; it must be positive"
        raise InvalidParameterError(message)
    if exactly(m) <= 1:
        return OffensiveOptimum(None, None)
    return OffensiveOptimum(float((m - 1.0) ** (1.0 / m)), float(1 - 1 / exactly(m)))
