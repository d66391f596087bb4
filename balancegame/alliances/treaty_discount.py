"""The critical discount factor of a treaty, of what is known of its automaton."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from balancegame.alliances.treaty_automaton import IN_FORCE
from balancegame.games.automaton import Automaton
from balancegame.solvers.repeated.algebraic_numbers import AlgebraicNumber, Real
from balancegame.solvers.repeated.critical_discount_result import (
    CriticalDeviation,
    CriticalDiscount,
)
from balancegame.solvers.repeated.one_shot_deviations import one_shot_deviations
from balancegame.solvers.repeated.sustaining_discounts import Restraint, sustaining_discounts

_FINE = Fraction(1, 1 << 60)


def critical_discount(automaton: Automaton, players: Sequence[str] | None) -> CriticalDiscount:
    """The discount factors that sustain a treaty, with each player's slack at the least of them."""
    found = sustaining_discounts(automaton, players=players)
    return CriticalDiscount.of(
        found.sustaining,
        found.reason,
        per_player={name: one.infimum for name, one in found.per_player.items()},
        deviation=None if found.binding is None else _deviation(found.binding),
        slack=_slack_at(found.infimum, automaton, players),
    )


def _deviation(binding: Restraint) -> CriticalDeviation:
    state = "agreed" if binding.state == IN_FORCE else binding.state
    return CriticalDeviation(binding.player, binding.action, binding.contingency, state)


def _slack_at(
    discount: Real | None, automaton: Automaton, players: Sequence[str] | None
) -> dict[str, Fraction | float]:
    if discount is None:
        return {}
    near = discount.refined(_FINE).lower if isinstance(discount, AlgebraicNumber) else discount
    slack = one_shot_deviations(automaton, near, players=players).slack
    known = {name: one for name, one in slack.items() if one is not None}
    if near is discount:
        return dict(known)
    return {name: float(one) for name, one in known.items()}
