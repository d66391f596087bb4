"""Critical discount factors where players may pay each other, under optimal punishments.

`transfers` gives the worst payoffs v, at every discount factor. A profile that is played for ever
has its own sum of payoffs to lose: it is sustained iff what deviating from it would bring all
players, in the contingency where that is most, is at most ``delta / (1 - delta)`` times its sum of
payoffs less the sum of v (Goldluecke & Kranz 2012). Since v falls as delta rises, what sustains it
once does so from there on.
"""

from __future__ import annotations

from fractions import Fraction

from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.critical_discount import Incentives, deviation_of, largest_sum
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount
from balancegame.solvers.repeated.discount_set import NONE, from_on
from balancegame.solvers.repeated.transfers import transfer_breakpoints


def with_optimal_transfers(repeated: RepeatedGame, incentives: Incentives) -> CriticalDiscount:
    """The critical discount factor of a profile that is no stage equilibrium; exact."""
    gain, w = largest_sum(incentives)
    i = max(range(repeated.n_players), key=lambda j: incentives.gains[j][w])
    deviation = deviation_of(repeated, incentives, i, w)
    least = _least(repeated, gain, sum(incentives.payoffs, Fraction(0)))
    if least is None:
        reason = "not even with transfers and optimal punishments do the players lose enough"
        return CriticalDiscount.of(NONE, reason, deviation=deviation, binds_alone=False)
    return CriticalDiscount.of(
        from_on(least),
        "exact, with transfers and optimal punishments",
        deviation=deviation,
        binds_alone=False,
    )


def _least(repeated: RepeatedGame, gain: Fraction, paid: Fraction) -> Fraction | None:
    for interval in transfer_breakpoints(repeated.contingencies):
        if interval.threats is None:
            continue
        lost = paid - sum(interval.threats)
        if lost <= 0:
            continue
        enough = max(interval.lower, gain / (gain + lost))
        if enough < interval.upper:
            return enough
    return None
