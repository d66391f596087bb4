"""Repeated games with transfers: all equilibrium payoffs, exactly, and at every discount factor.

At the beginning of each period players may pay each other, or burn money, before they act. Let c_i
be what i's best deviation from a profile a pays, g_i what a pays, and ``L(a) = sum_i (c_i - g_i)``
the *liquidity* that a needs. Goldlücke & Kranz (2012) show that the pure-strategy subgame-perfect
payoffs are ``{u : u_i >= v_i, sum u <= U}``. Why, and which U and v:

* Continuations w with ``w >= v`` and ``sum w <= U`` keep everybody from deviating from a if
  ``delta (w_i - v_i) >= (1 - delta) (c_i - g_i)`` for all i. Payments can split what there is to
  split at will, so such w exist if and only if ``L(a) <= delta / (1 - delta) (U - sum v)``. One
  number, U - sum v, says which profiles are enforceable.
* The joint payoff is at most the best g of an enforceable profile, and playing that one for ever
  attains it; shares are settled by payments up front. Player i can be held down to the least c_i of
  an enforceable profile, and not below: he pays a fine first, plays the profile that punishes him,
  and goes back; whoever does not pay is fined again.

So U - sum v is a fixed point of a step function that increases; the set sought belongs to the
largest one. With the profiles sorted by liquidity the enforceable ones are a beginning of the list.
The beginning with liquidity up to l supports itself from ``delta = l / (l + U(l) - sum v(l))`` on,
and at a given delta the longest one that supports itself is the answer: the larger ones it does not
hold could not enforce their own last profile. All of these numbers are rational.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from balancegame._checks import check_type
from balancegame.certificates.certificate import Certificate
from balancegame.errors import InvalidDiscountError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.payoff_set import Bounds, PayoffSet
from balancegame.games.repeated_game import Contingency, RepeatedGame, check_float_range
from balancegame.solvers.repeated.stage_incentives import StageIncentives, stage_incentives
from balancegame.solvers.repeated.transfer_intervals import (
    Point,
    TransferBreakpoints,
    TransferInterval,
)
from balancegame.solvers.repeated.transfers_certificate import write

_METHOD = "Goldlücke and Kranz, with transfers"


@dataclass(frozen=True, slots=True)
class _Closed:
    """Payoffs in a closed form: two numbers, joint and lowest payoffs, say it all."""

    repeated: RepeatedGame
    interval: TransferInterval
    known: Bounds

    def bounds(self) -> Bounds:
        return self.known

    def certificate(self) -> Certificate:
        return write(self.repeated, self.interval.joint, self.interval.threats)


def transfer_payoffs(repeated: RepeatedGame) -> PayoffSet:
    """All pure-strategy subgame-perfect payoffs when players can pay each other, exactly.

    Parameters
    ----------
    repeated : RepeatedGame
        Of any number of players, with one discount factor for all.

    Returns
    -------
    PayoffSet
        Exact: ``{u : u_i >= v_i, sum u <= U}``, a simplex of n + 1 vertices, a point, or empty.
        `threats` are v. The part below ``sum u = U`` needs money to be burnt.

    Raises
    ------
    InvalidDiscountError
        Discount factors that differ: players could then lend to each other without bound.

    Notes
    -----
    *Cost.* Sorting the profiles. In contingencies, enforceability is judged in each, payments are
    made before the contingency is drawn, and the joint payoff and the threats are expectations.

    References
    ----------
    Goldlücke & Kranz (2012), "Infinitely repeated games with public monitoring and monetary
    transfers", Journal of Economic Theory 147.

    Examples
    --------
    A prisoner's dilemma in which one has much more to gain from defecting: transfers help.

    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[2, 0], [5, 1]], [[2, 3], [0, 1]])
    >>> found = bg.transfer_payoffs(bg.RepeatedGame(game, "2/3"))
    >>> found.vertices, found.exact
    (array([[1., 1.],
           [4., 1.],
           [1., 4.]]), True)
    """
    check_type(repeated, RepeatedGame, "repeated")
    check_float_range(repeated)
    delta = repeated.discount
    if delta is None:
        message = (
            "discount differs between players, who could then lend to each other without bound; "
            "with transfers give one discount factor"
        )
        raise InvalidDiscountError(message)
    found = next(
        one for one in _intervals(stage_incentives(repeated), repeated) if one.lower <= delta
    )
    vertices = _ordered(found.vertices)
    floats = np.array(vertices, dtype=np.float64).reshape(-1, repeated.n_players)
    reason = (
        "the largest fixed point of the enforceable profiles, found in rationals"
        if vertices
        else "the play of some contingency cannot be enforced, whatever is promised"
    )
    return PayoffSet(
        repeated,
        floats,
        () if found.threats is None else [float(one) for one in found.threats],
        method=_METHOD,
        evidence=_Closed(repeated, found, Bounds(floats, floats.copy(), 0.0, reason, vertices)),
    )


def transfer_breakpoints(
    stage: NormalFormGame | Sequence[Contingency],
) -> TransferBreakpoints:
    """The discount factors at which the payoffs with transfers change, and the sets between.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency

    Returns
    -------
    TransferBreakpoints
        A sequence of `TransferInterval`, from discount factor 0 to 1, ends exact rationals.
        Within one of them nothing changes.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> bg.transfer_breakpoints(game)
    TransferBreakpoints: 2 intervals, breakpoints 0, 1/2
      discount  joint  lowest  best
      [0, 1/2)  2      1, 1    a1, a1
      [1/2, 1)  4      1, 1    a0, a0
    """
    repeated = RepeatedGame(stage, 0)
    found = _intervals(stage_incentives(repeated), repeated)
    return TransferBreakpoints(repeated.contingencies, tuple(reversed(found)))


def _intervals(incentives: StageIncentives, repeated: RepeatedGame) -> list[TransferInterval]:
    """All intervals, from discount factor 1 down."""
    found: list[TransferInterval] = []
    upper = Fraction(1)
    for liquidity, joint, threats, best, worst in reversed(_beginnings(incentives)):
        spare = joint - sum(threats)
        if liquidity and spare <= 0:
            continue
        lower = liquidity / (liquidity + spare) if liquidity else Fraction(0)
        if lower < upper:
            found.append(
                TransferInterval(
                    lower,
                    upper,
                    joint,
                    threats,
                    tuple(_named(incentives, repeated, a) for a in best),
                    tuple(tuple(_named(incentives, repeated, a) for a in row) for row in worst),
                )
            )
            upper = lower
    if upper:
        found.append(TransferInterval(Fraction(0), upper, None, None, None, None))
    return found


def _beginnings(
    incentives: StageIncentives,
) -> list[tuple[Fraction, Fraction, Point, tuple[int, ...], tuple[tuple[int, ...], ...]]]:
    """For each liquidity: joint payoff, threats, and the profiles behind them, if all can play."""
    n, chances = incentives.n_players, incentives.probabilities
    payoffs, deviations = incentives.payoffs.tolist(), incentives.deviations.tolist()
    totals = [sum(row, Fraction(0)) for row in payoffs]
    needs = [sum(row, Fraction(0)) - total for row, total in zip(deviations, totals, strict=True)]
    contingency = [k for k, one in enumerate(incentives.contingencies) for _ in one]
    best: list[int | None] = [None] * len(chances)
    worst: list[list[int]] = [[-1] * len(chances) for _ in range(n)]
    order = sorted(range(len(needs)), key=needs.__getitem__)
    found: list[tuple[Fraction, Fraction, Point, tuple[int, ...], tuple[tuple[int, ...], ...]]] = []
    changed = False
    for place, a in enumerate(order):
        k = contingency[a]
        known = best[k]
        if known is None or totals[a] > totals[known]:
            best[k] = a
            changed = True
        for i in range(n):
            before = worst[i][k]
            if before < 0 or deviations[a][i] < deviations[before][i]:
                worst[i][k] = a
                changed = True
        if place + 1 < len(order) and needs[order[place + 1]] == needs[a]:
            continue
        chosen = [one for one in best if one is not None]
        # A longer beginning with the same numbers supports itself later, and adds nothing.
        if len(chosen) < len(chances) or not changed:
            continue
        changed = False
        joint = sum((q * totals[b] for q, b in zip(chances, chosen, strict=True)), Fraction(0))
        threats = tuple(
            sum((q * deviations[b][i] for q, b in zip(chances, row, strict=True)), Fraction(0))
            for i, row in enumerate(worst)
        )
        found.append((needs[a], joint, threats, tuple(chosen), tuple(map(tuple, worst))))
    return found


def _named(incentives: StageIncentives, repeated: RepeatedGame, place: int) -> tuple[str, ...]:
    stage = repeated.stages[incentives.contingency_of(place)]
    return tuple(
        names[a] for names, a in zip(stage.actions, incentives.profiles[place], strict=True)
    )


def _ordered(vertices: tuple[Point, ...]) -> tuple[Point, ...]:
    """Two players' counter-clockwise from the lowest of the leftmost, others' by coordinates."""
    if len(vertices) == 3 and len(vertices[0]) == 2:
        corner, up, right = vertices
        return (corner, right, up)
    return vertices
