"""pygambit, an independent solver: the one place that knows its interface."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pygambit

import balancegame as bg


def pure_equilibria(game: bg.NormalFormGame) -> set[tuple[int, ...]]:
    """Pure equilibria as tuples of action indices, computed by Gambit in rationals."""
    solved = pygambit.nash.enumpure_solve(_game(game))
    found = set()
    for profile in solved.equilibria:
        played = [int(s.label) - 1 for s, chance in profile if chance == 1]
        found.add(tuple(played))
    return found


def pure_solver(game: bg.NormalFormGame):
    """A call that solves the game, which is built already; for timing."""
    built = _game(game)
    return lambda: pygambit.nash.enumpure_solve(built).equilibria


def _game(game: bg.NormalFormGame) -> pygambit.Game:
    return pygambit.Game.from_arrays(*game.exact_payoffs)


def written(game: bg.NormalFormGame) -> str:
    """The game as Gambit itself writes it (its outcome version)."""
    return _game(game).to_nfg()


def read_payoffs(text: str) -> list[np.ndarray]:
    """The payoff arrays Gambit reads from the text of a .nfg file, in Fractions."""
    arrays = pygambit.read_nfg(io.BytesIO(text.encode())).to_arrays()
    return [np.vectorize(lambda v: Fraction(str(v)), otypes=[object])(one) for one in arrays]


def extreme_equilibria(game: bg.NormalFormGame) -> set[tuple]:
    """Extreme equilibria of a two-player game as pairs of tuples of Fractions, in rationals."""
    return {
        tuple(
            tuple(Fraction(str(profile[strategy])) for strategy in player.strategies)
            for player in profile.game.players
        )
        for profile in extreme_solver(game)().equilibria
    }


def extreme_solver(game: bg.NormalFormGame):
    """A call that finds all extreme equilibria of a game, which is built already; for timing."""
    built = _game(game)
    return lambda: pygambit.nash.enummixed_solve(built, rational=True)


def logit_profiles(game: bg.NormalFormGame, precisions) -> list[list[np.ndarray]]:
    """The profiles Gambit's branch tracing gives at these precisions."""
    solved = pygambit.qre.logit_solve_lambda(_game(game), list(precisions))
    return [_parts(found.profile) for found in solved]


def logit_solver(game: bg.NormalFormGame):
    """A call that follows the logit branch of a game, which is built already; for timing."""
    built = _game(game)
    return lambda: _parts(pygambit.nash.logit_solve(built).equilibria[0])


def _parts(profile) -> list[np.ndarray]:
    return [
        np.array([float(profile[strategy]) for strategy in player.strategies])
        for player in profile.game.players
    ]


def enumpoly_solver(game: bg.NormalFormGame):
    """A call that solves every support of a game, which is built already; for timing."""
    built = _game(game)
    return lambda: pygambit.nash.enumpoly_solve(built)


def profiles(found) -> list[list[np.ndarray]]:
    """The profiles of a result of Gambit's, one array a player."""
    return [_parts(profile) for profile in found.equilibria]
