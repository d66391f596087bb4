"""How power is concentrated, and how many poles there are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from balancegame._checks import check_type
from balancegame._numbers import exactly
from balancegame._records import record_repr
from balancegame.world.world import World

_HALF, _QUARTER, _TWENTIETH = Fraction(1, 2), Fraction(1, 4), Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The distribution of power in a world.

    Attributes
    ----------
    concentration : float
        CON of Ray & Singer (1973), in [0, 1]: 0 when all are equal, 1 when one state holds all.
    effective_poles : float
        1 / sum of squared shares, in [1, n].
    kind : "unipolar", "bipolar" or "multipolar"
    leaders : tuple of str
        The poles, strongest first: the unipole; the two of a bipolar world; in a multipolar
        world every state with at least 5 % of the power.
    """

    concentration: float
    effective_poles: float
    kind: Literal["unipolar", "bipolar", "multipolar"]
    leaders: tuple[str, ...]

    __repr__ = record_repr


def polarity(world: World) -> Polarity:
    """Concentration of power and number of poles, the threat included.

    Parameters
    ----------
    world : World
        Shares are taken within this world.

    Returns
    -------
    Polarity
        Unipolar: one state alone has at least 50 % of the power. Bipolar: otherwise, exactly two
        states have at least 25 % each, and together at least 50 %. Multipolar: all else;
        near-unipolar worlds, whose first state has 45 to 50 %, count as multipolar unless bipolar.
        Thresholds are compared exactly.

    Notes
    -----
    The kinds are our wording of Modelski's and Thompson's criteria, not a replication.
    CON = sqrt((sum s^2 - 1/n) / (1 - 1/n)), Ray & Singer (1973).

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.polarity(bg.World(list("ABCD"), [4, 3, 2, 1]))
    >>> round(found.concentration, 4), round(found.effective_poles, 4), found.kind, found.leaders
    (0.2582, 3.3333, 'bipolar', ('A', 'B'))
    """
    check_type(world, World, "world")
    power = [exactly(value) for value in world.given.power]
    total = sum(power)
    shares = [value / total for value in power]
    n = len(shares)
    squares = sum(share * share for share in shares)
    concentration = 1.0 if n == 1 else math.sqrt((squares - Fraction(1, n)) / (1 - Fraction(1, n)))
    kind, smallest_pole = _kind(shares)
    order = sorted(range(n), key=lambda i: (-shares[i], i))
    return Polarity(
        concentration=concentration,
        effective_poles=float(1 / squares),
        kind=kind,
        leaders=tuple(world.names[i] for i in order if shares[i] >= smallest_pole),
    )


def _kind(
    shares: list[Fraction],
) -> tuple[Literal["unipolar", "bipolar", "multipolar"], Fraction]:
    """The kind, and the share from which a state is a pole."""
    if sum(share >= _HALF for share in shares) == 1:
        return "unipolar", max(shares)
    if sum(share >= _QUARTER for share in shares) == 2:
        return "bipolar", _QUARTER
    return "multipolar", _TWENTIETH
