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
