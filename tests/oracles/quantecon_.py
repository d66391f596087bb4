"""QuantEcon, an independent solver: the one place that knows its interface."""

from __future__ import annotations

import numpy as np
import quantecon.game_theory as gt

import balancegame as bg


def pure_equilibria(game: bg.NormalFormGame) -> set[tuple[int, ...]]:
    """Pure equilibria as tuples of action indices; QuantEcon rotates the axes own-action-first."""
    return {tuple(map(int, found)) for found in pure_solver(game)()}


def pure_solver(game: bg.NormalFormGame):
    """A call that solves the game, which is built already; for timing."""
    n = game.n_players
    players = [
        gt.Player(np.ascontiguousarray(np.moveaxis(game.payoffs[i], range(n), _rotated(i, n))))
        for i in range(n)
    ]
    built = gt.NormalFormGame(players)
    return lambda: gt.pure_nash_brute(built)


def _rotated(player: int, n: int) -> list[int]:
    """Where each axis goes: the player's own first, then those after him, round the table."""
    return [(axis - player) % n for axis in range(n)]


def support_enumeration(game: bg.NormalFormGame) -> list[np.ndarray]:
    """What support enumeration finds in a two-player game, both players' parts in one vector."""
    return [np.concatenate(found) for found in gt.support_enumeration(_two_players(game))]


def support_enumeration_solver(payoffs: np.ndarray):
    """A call that solves many games, which are built already, one after the other; for timing."""
    built = [
        gt.NormalFormGame((gt.Player(one[0]), gt.Player(np.ascontiguousarray(one[1].T))))
        for one in payoffs
    ]
    return lambda: [gt.support_enumeration(game) for game in built]


def lemke_howson_solver(game: bg.NormalFormGame):
    """A call that follows the path of label 0 in a game, which is built already; for timing."""
    built = _two_players(game)
    return lambda: gt.lemke_howson(built, init_pivot=0)


def repeated_payoffs(game: bg.NormalFormGame, discount: float) -> np.ndarray | None:
    """Corners of the repeated game's payoff set; None where it raises, or ran out of steps."""
    try:
        found = repeated_solver(game, discount)()
    except Exception:  # on points and segments, of Qhull's kind
        return None
    return found.points[found.vertices]


def repeated_solver(game: bg.NormalFormGame, discount: float):
    """A call that finds the payoffs of a repeated game, which is built already; for timing."""
    built = gt.RepeatedGame(_two_players(game), discount)
    return built.equilibrium_payoffs


def _two_players(game: bg.NormalFormGame) -> gt.NormalFormGame:
    first, second = game.payoffs
    return gt.NormalFormGame((gt.Player(first.copy()), gt.Player(second.T.copy())))
