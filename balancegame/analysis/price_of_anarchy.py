"""The prices of anarchy and of stability: how much is lost where nobody directs.

Welfare is the sum of payoffs. The price of anarchy (Koutsoupias & Papadimitriou 1999) is the best
welfare of all profiles over that of the worst equilibrium, the price of stability (Anshelevich et
al. 2004) over that of the best. Where all welfare is negative, payoffs being costs, it is the
equilibrium's over the best. Both are at least 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from balancegame.analysis.equilibrium_payoffs import rounded
from balancegame.games.rendering import number

Welfare = Fraction | float


class Price(NamedTuple):
    """A ratio, or why there is none.

    Attributes
    ----------
    value : Fraction, float or None
        Exact where welfare is.
    reason : str
        Why it is None.
    """

    value: Welfare | None
    reason: str = ""


def prices(best: Fraction, welfare: Sequence[Welfare], *, complete: bool) -> tuple[Price, Price]:
    """The prices of anarchy and of stability, given the best welfare and that of all equilibria.

    Welfare within a continuum lies between that of its extreme points, so these suffice.
    """
    if not complete:
        nothing = Price(None, "the list of equilibria is not known to be complete")
        return nothing, nothing
    return _price(best, min(welfare), "worst"), _price(best, max(welfare), "best")


def _price(best: Fraction, reached: Welfare, which: str) -> Price:
    if best < 0:
        return Price(reached / best)
    if best > 0 and reached > 0:
        return Price(best / reached)
    return Price(
        None,
        f"the best welfare is {number(rounded(best))} and the {which} equilibrium's "
        f"{number(rounded(reached))}: their ratio would mean nothing",
    )
