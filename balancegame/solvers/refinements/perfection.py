"""Trembling-hand perfect equilibria (Selten 1975).

An equilibrium is perfect if it is the limit of completely mixed profiles against which everyone's
part remains a best reply. With two players those are the equilibria in which neither plays a weakly
dominated mixed strategy (van Damme 1987, theorem 3.2.2). With more the trembles of several players
have to be independent, which makes the question one of polynomials; it is decided here where that
can be done without solving them.
"""

from __future__ import annotations

import numpy as np

from balancegame.games.equilibrium import Equilibrium
from balancegame.solvers.dominance.dominance import Dominance, Dominator
from balancegame.solvers.own_table import OwnTable
from balancegame.solvers.refinements.game_part import GamePart, Strategy, is_pure, pure_cell
from balancegame.solvers.refinements.trembles import has_first_order_trembles, may_have_trembles
from balancegame.solvers.refinements.verdict import NO, YES, Verdict

_NOT_EXACT = "its probabilities are not rational"
_FRAGILE = "not decided for mixed equilibria of three players in continua, or of index 0"


def is_perfect(part: GamePart, found: Equilibrium, *, robust: bool) -> Verdict:
    """Whether an equilibrium is trembling-hand perfect.

    Parameters
    ----------
    part : GamePart
    found : Equilibrium
    robust : bool
        Whether it is known to be isolated with an index other than 0.

    Notes
    -----
    Robust equilibria are perfect, and proper: perturbed games, whose players must tremble, have
    best replies close to those of the game, so that the index leaves them an equilibrium nearby.
    Completely mixed equilibria are limits of themselves. Otherwise, with three players or more:
    not perfect if some part is weakly dominated; pure ones are perfect if some trembles make every
    tied action worse to first order, and not if some player's part is no best reply whatever the
    others' trembles, even if these could depend on each other as long as those of more players at
    once are far less likely than those of fewer.
    """
    if part.n_players <= 1 or robust or _is_completely_mixed(part, found):
        return YES
    profile = part.profile(found)
    if profile is None:
        return _of_supports(part, found)
    if any(is_weakly_dominated(part, i, own) for i, own in enumerate(profile)):
        return NO
    if part.n_players == 2:
        return YES
    if not is_pure(profile):
        return Verdict(None, _FRAGILE)
    cell = pure_cell(profile)
    if has_first_order_trembles(part, cell):
        return YES
    possible = [may_have_trembles(part, i, cell) for i in range(part.n_players)]
    if False in possible:
        return NO
    return Verdict(None, "single trembles do not decide it; joint ones would have to be weighed")


def is_weakly_dominated(part: GamePart, player: int, own: Strategy) -> bool:
    """Whether a mixed strategy is weakly dominated, by a mixed one."""
    table = part.own_table(player)
    weights = np.empty(len(own), dtype=object)
    weights[:] = own
    rows = OwnTable(np.vstack([table, (weights @ table)[None]]))
    return isinstance(Dominance(rows, mixed=True, weak=True).examine(len(own)), Dominator)


def _of_supports(part: GamePart, found: Equilibrium) -> Verdict:
    """What is known of irrational probabilities: whoever plays a dominated action is dominated."""
    for i, player in enumerate(part.players):
        rows = OwnTable(part.own_table(i))
        dominance = Dominance(rows, mixed=True, weak=True)
        if any(isinstance(dominance.examine(a), Dominator) for a in found.support[player]):
            return NO
    return Verdict(None, _NOT_EXACT)


def _is_completely_mixed(part: GamePart, found: Equilibrium) -> bool:
    shape = part.payoffs.shape[1:]
    return all(len(found.support[i]) == m for i, m in zip(part.players, shape, strict=True))
