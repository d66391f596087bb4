"""Selection criteria by their definitions; no code is shared with the package."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np

import balancegame as bg


def two_player(first, second=None, **names):
    """A game of two matrices; without the second, the symmetric game of the first."""
    second = [list(column) for column in zip(*first, strict=True)] if second is None else second
    return bg.NormalFormGame.from_arrays(first, second, **names)


def relabelled(game, orders):
    """The same game with every player's actions in another order."""
    places = np.ix_(range(game.n_players), *orders)
    names = [[own[a] for a in order] for own, order in zip(game.actions, orders, strict=True)]
    return bg.NormalFormGame(game.exact_payoffs[places], game.players, names)


def rescaled(game, factors, shifts):
    """Every player's payoffs times a positive factor, plus a number."""
    table = np.array(game.exact_payoffs)
    for i, (factor, shift) in enumerate(zip(factors, shifts, strict=True)):
        table[i] = table[i] * factor + shift
    return bg.NormalFormGame(table, game.players, game.actions)


def is_eps_proper(game, profile, eps):
    """Myerson's definition for two players, in Fractions."""
    first, second = game.exact_payoffs
    x, y = profile
    payoffs = (
        [sum(a * q for a, q in zip(row, y, strict=True)) for row in first],
        [sum(b * p for b, p in zip(column, x, strict=True)) for column in second.T],
    )
    return all(
        min(own) > 0
        and sum(own) == 1
        and all(
            own[a] <= eps * own[b]
            for a, b in itertools.permutations(range(len(own)), 2)
            if values[a] < values[b]
        )
        for own, values in zip(profile, payoffs, strict=True)
    )


def permutation_game(game, eps):
    """Each player chooses an order of his actions, each eps times as likely as the one before.

    Its equilibria are eps-proper profiles of the game (Kohlberg & Mertens 1986).
    """
    mixtures = []
    for m in game.shape:
        weights = [eps**k for k in range(m)]
        total = sum(weights)
        mixtures.append(
            np.array(
                [[weights[k] / total for k in order] for order in itertools.permutations(range(m))]
            )
        )
    tables = [mixtures[0] @ own @ mixtures[1].T for own in game.exact_payoffs]
    return bg.NormalFormGame(tables), mixtures


def least_belief(game, cell):
    """The smallest p in p-dominance: the worst belief puts the rest on a single profile."""
    needed = Fraction(0)
    for i in range(game.n_players):
        own = game.exact_payoffs[i]
        for action in range(game.shape[i]):
            deviation = (*cell[:i], action, *cell[i + 1 :])
            at = own[cell] - own[deviation]
            for rest in itertools.product(*map(range, game.shape)):
                stay = (*rest[:i], cell[i], *rest[i + 1 :])
                move = (*rest[:i], action, *rest[i + 1 :])
                other = own[stay] - own[move]
                if other < 0:
                    needed = max(needed, -other / (at - other))
    return needed
