"""Critical discount factors under the worst punishments that are equilibria themselves.

The set of equilibrium payoffs grows with the discount factor if players can randomize publicly
(Abreu, Pearce & Stacchetti 1990, theorem 6), so that each player's worst payoff in it, v, falls and
a profile once deterred stays so. With ``T(delta) = max_i g_i / (g_i + u_i - v_i(delta))``, falling
too, the critical value is at least T(delta) for every delta that is at least as large as it; at
most T(delta) for every smaller one; and delta itself if the profile is deterred there and T(delta)
= delta. The bounds on v come from payoff sets, from equilibria of the stage and from minmax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from balancegame._progress import report
from balancegame.errors import SearchInterrupted
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.critical_discount import (
    Incentives,
    deviation_of,
    separate,
    threshold,
)
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount
from balancegame.solvers.repeated.discount_set import NONE, from_on
from balancegame.solvers.repeated.stage_punishments import pure_minmax, worst_equilibria
from balancegame.solvers.repeated.subgame_perfect_payoffs import subgame_perfect_payoffs

_MOST_SETS = 24  # payoff sets computed
_NARROW = Fraction(1, 1 << 20)
_PATIENT = (Fraction(9, 10), Fraction(99, 100), Fraction(999, 1000))
_SUSPICIOUS = Fraction(1, 1 << 8)
_SHORT = 1 << 24  # denominators of discount factors tried for want of a better one
_ROUNDING = Fraction(1, 10**8)  # of a player's payoff range, by which floats may miss

Payoffs = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Worst:
    """Bounds on each player's worst equilibrium payoff.

    Attributes
    ----------
    attained : tuple of Fraction or None
        What each can be held to; None where no equilibrium is known.
    least : tuple of Fraction or None
        What none can be held below; None where there is no equilibrium.
    """

    attained: Payoffs | None
    least: Payoffs | None


@dataclass(slots=True)
class Bracket:
    """Where the critical value lies: below `lower` nothing sustains, `upper` does.

    `upper` is None until something is known to.
    """

    lower: Fraction
    upper: Fraction | None

    def learn(self, delta: Fraction, enough: Fraction | None, needed: Fraction | None) -> None:
        """Narrow it by T(delta), from above (`enough`) and below (`needed`); None for never."""
        if enough is not None and max(enough, delta) < 1:
            # At whichever is larger the threats at delta are to be had.
            proven = max(enough, delta)
            self.upper = proven if self.upper is None else min(self.upper, proven)
        if needed is None or needed > delta:
            self.lower = max(self.lower, delta)
        elif self.upper is not None and self.upper <= delta:
            self.lower = max(self.lower, needed)


def with_optimal_punishment(repeated: RepeatedGame, incentives: Incentives) -> CriticalDiscount:
    """The critical discount factor of a profile under optimal punishments, or bounds on it.

    Players' own thresholds are looked for once that of all is found, with what payoff sets are left
    of the number allowed; those that stay open are left out.
    """
    search = _Search(repeated, incentives)
    if search.start is None:
        return separate(repeated, incentives, search.floors, "not even a minmax punishment deters")
    everyone = range(repeated.n_players)
    found = search.first_bracket(everyone)
    own: dict[str, Fraction] = {}
    try:
        search.narrow(found, everyone)
        for i, name in enumerate(repeated.players):
            alone = search.first_bracket([i])
            if found.upper is not None:
                search.narrow(alone, [i])
            if alone.upper == alone.lower:
                own[name] = alone.lower
    except KeyboardInterrupt:
        raise SearchInterrupted(_result(search, found, own)) from None
    return _result(search, found, own)


class _Search:
    """Payoff sets at the discount factors looked at, and what follows for players."""

    def __init__(self, repeated: RepeatedGame, incentives: Incentives) -> None:
        self.repeated, self.incentives = repeated, incentives
        self.floors = pure_minmax(repeated)
        self.start = needed_patience(incentives, self.floors)
        nash = worst_equilibria(repeated)
        self.ceilings = None if isinstance(nash, str) else tuple(one.value for one in nash)
        self.known: dict[Fraction, Worst] = {}

    def first_bracket(self, players: Sequence[int]) -> Bracket:
        """What minmax and the stage's equilibria say."""
        least = needed_patience(self.incentives, self.floors, players)
        assert least is not None
        if self.ceilings is None:
            return Bracket(least, None)
        return Bracket(least, needed_patience(self.incentives, self.ceilings, players))

    def narrow(self, found: Bracket, players: Sequence[int]) -> None:
        """Narrow a bracket for some players as far as it goes."""
        tried: set[Fraction] = set()
        while (
            delta := _next_trial(found, self.known, tried, self.incentives, players)
        ) is not None:
            tried.add(delta)
            if delta not in self.known:
                if len(self.known) >= _MOST_SETS:
                    return
                report("optimal punishments", len(self.known) + 1, _MOST_SETS)
                self.known[delta] = worst_payoffs(self.repeated, delta, self.floors, self.ceilings)
            worst = self.known[delta]
            found.learn(
                delta,
                None
                if worst.attained is None
                else needed_patience(self.incentives, worst.attained, players),
                None
                if worst.least is None
                else needed_patience(self.incentives, worst.least, players),
            )


def needed_patience(
    incentives: Incentives, held: Sequence[Fraction], players: Sequence[int] | None = None
) -> Fraction | None:
    """From where on players, all by default, are deterred if held to payoffs; None if never."""
    each = [
        threshold(incentives.worst(i)[0], incentives.payoffs[i] - held[i])
        for i in (range(len(held)) if players is None else players)
    ]
    known = [one for one in each if one is not None]
    return max(known) if len(known) == len(each) else None


def worst_payoffs(
    repeated: RepeatedGame, delta: Fraction, floors: Payoffs, ceilings: Payoffs | None
) -> Worst:
    """Bounds on the worst equilibrium payoffs at a discount factor."""
    game = RepeatedGame(repeated.contingencies, delta)
    found = subgame_perfect_payoffs(game)
    if found.exact_vertices is not None:
        if not found.exact_vertices:
            return Worst(None, None)
        exact = tuple(map(min, zip(*found.exact_vertices, strict=True)))
        return Worst(exact, exact)
    margins = [
        _ROUNDING * Fraction(max(float(np.ptp(stage.payoffs[i])) for stage in game.stages))
        for i in range(game.n_players)
    ]
    inner = None if not len(found.inner) else [Fraction(v) for v in found.inner.min(axis=0)]
    attained = ceilings
    if inner is not None:
        raised = [max(v + m, floor) for v, m, floor in zip(inner, margins, floors, strict=True)]
        attained = tuple(raised if ceilings is None else map(min, raised, ceilings))
    if not len(found.outer):
        return Worst(attained, attained)
    outer = [Fraction(v) - m for v, m in zip(found.outer.min(axis=0), margins, strict=True)]
    return Worst(attained, tuple(map(max, outer, floors)))


def _next_trial(
    found: Bracket,
    known: dict[Fraction, Worst],
    tried: set[Fraction],
    incentives: Incentives,
    players: Sequence[int],
) -> Fraction | None:
    """The discount factor to look at next; None where nothing is left to learn."""
    if found.upper is None:
        return next((one for one in _PATIENT if one > found.lower and one not in tried), None)
    if found.upper - found.lower <= 0:
        return None
    # The lower bound is most often the answer; after it T at what is known to sustain.
    best = known.get(found.upper)
    guesses = [found.lower, found.upper]
    if best is not None and best.attained is not None:
        guess = needed_patience(incentives, best.attained, players)
        guesses += [] if guess is None or guess <= found.lower else [guess]
    if found.upper - found.lower < _SUSPICIOUS:
        # Where v jumps the answer need not be T of anything, but it is often a short rational.
        guesses.append(_simplest(found.lower, found.upper))
    untried = next((one for one in guesses if one not in tried), None)
    if untried is not None:
        return untried
    if found.upper - found.lower <= _NARROW:
        return None
    middle = (found.lower + found.upper) / 2
    return Fraction(round(middle * _SHORT), _SHORT)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational of the smallest denominator between two others, by continued fractions."""
    whole = low.numerator // low.denominator
    if whole == low or whole + 1 <= high:
        return Fraction(whole if whole == low else whole + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def _result(search: _Search, found: Bracket, own: dict[str, Fraction]) -> CriticalDiscount:
    repeated, incentives = search.repeated, search.incentives
    if found.upper is None:
        return CriticalDiscount(
            value=None,
            exact=None,
            lower=found.lower,
            upper=None,
            attained=False,
            sustaining=NONE,
            per_player=dict(own),
            player=None,
            deviation=None,
            slack={},
            reason=f"none is known to sustain it; nothing below {float(found.lower):.6g} does",
        )
    settled = found.lower == found.upper
    worst = search.known.get(found.lower)
    held = search.ceilings if worst is None else worst.attained
    i = _binding(incentives, held) if settled and held is not None else None
    return CriticalDiscount(
        value=float(found.upper),
        exact=found.upper if settled else None,
        lower=found.lower,
        upper=found.upper,
        attained=settled,
        sustaining=from_on(found.upper),
        per_player=dict(own),
        player=None if i is None else repeated.players[i],
        deviation=None if i is None else deviation_of(repeated, incentives, i),
        slack=_slack(search, worst, found.lower) if settled else {},
        reason="exact, by optimal punishments"
        if settled
        else "optimal punishments bounded by inner and outer payoff sets",
    )


def _slack(search: _Search, worst: Worst | None, delta: Fraction) -> dict[str, Fraction | float]:
    """What deviations lose at a discount factor, where the worst payoffs are known there."""
    if worst is None or worst.attained is None or worst.attained != worst.least:
        return {}
    found: dict[str, Fraction | float] = {}
    for i, name in enumerate(search.repeated.players):
        slack = search.incentives.slack(i, worst.attained[i], delta)
        if slack is not None:
            found[name] = slack
    return found


def _binding(incentives: Incentives, held: Sequence[Fraction]) -> int:
    """Who needs the most patience, the first of several."""
    each = [
        threshold(incentives.worst(i)[0], incentives.payoffs[i] - value) or Fraction(0)
        for i, value in enumerate(held)
    ]
    return each.index(max(each))
