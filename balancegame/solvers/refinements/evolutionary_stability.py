"""Evolutionarily stable strategies of symmetric two-player games (Maynard Smith & Price 1973).

A strategy x is evolutionarily stable iff it is a best reply to itself and does better against every
other best reply y than y does against itself. With z = y - x that is z'Az < 0: strict copositivity
of a form in which the actions x plays may grow or shrink, and its other best replies only grow
(Haigh 1975, Abakuks 1980, Bomze 1992).
"""

from __future__ import annotations

from fractions import Fraction

from balancegame.solvers.refinements.game_part import GamePart, Strategy
from balancegame.solvers.refinements.strict_copositivity import is_strictly_copositive, without_free
from balancegame.solvers.refinements.verdict import NO, YES, Verdict

ASYMMETRIC = "the game is not a symmetric game of two players"
_MOST_UNPLAYED = 14  # best replies besides those played: 2^14 exact linear systems, some seconds


def is_symmetric(part: GamePart) -> bool:
    """Whether two players have one payoff matrix, each with his own actions as rows."""
    if part.n_players != 2 or part.payoffs.shape[1] != part.payoffs.shape[2]:
        return False
    return bool((part.payoffs[0] == part.payoffs[1].T).all())


def is_evolutionarily_stable(part: GamePart, profile: tuple[Strategy, ...]) -> Verdict:
    """Whether what both play in an equilibrium of a symmetric game is evolutionarily stable."""
    if not is_symmetric(part):
        return Verdict(None, ASYMMETRIC)
    if profile[0] != profile[1]:
        return Verdict(None, "the two players play different strategies")
    own, payoffs = profile[0], part.action_payoffs(0, profile)
    played = [a for a, chance in enumerate(own) if chance]
    best = max(payoffs)
    unplayed = [a for a, value in enumerate(payoffs) if value == best and not own[a]]
    if len(unplayed) > _MOST_UNPLAYED:
        return Verdict(None, f"there are more than {_MOST_UNPLAYED} unplayed best replies")
    least = without_free(_form(part, played[0], played[1:] + unplayed), len(played) - 1)
    return YES if least is not None and is_strictly_copositive(least) else NO


def _form(part: GamePart, base: int, actions: list[int]) -> list[list[Fraction]]:
    """-z'Az over z with sum 0, as a symmetric form in all coordinates but one."""
    table = part.payoffs[0].tolist()

    def gain(a: int, b: int) -> Fraction:
        return table[base][b] + table[a][base] - table[a][b] - table[base][base]

    return [[(gain(a, b) + gain(b, a)) / 2 for b in actions] for a in actions]
