"""All payoffs of pure-action subgame-perfect equilibria with public randomization."""

from __future__ import annotations

from balancegame._checks import check_type
from balancegame.games.payoff_set import PayoffSet
from balancegame.games.repeated_game import RepeatedGame


def subgame_perfect_payoffs(repeated: RepeatedGame) -> PayoffSet:
    """The payoffs of all pure-action subgame-perfect equilibria with public randomization."""
    check_type(repeated, RepeatedGame, "repeated")
    from balancegame.solvers.repeated.judd_yeltekin_conklin import (  # noqa: PLC0415
        payoff_polytopes,
    )

    return payoff_polytopes(repeated)
