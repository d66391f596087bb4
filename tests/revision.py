"""Logit revision by definition, one profile at a time; least trees by trying all of them."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np


def cells(game):
    return list(itertools.product(*map(range, game.shape)))


def deviations(game, i, cell):
    return [(*cell[:i], a, *cell[i + 1 :]) for a in range(game.shape[i])]


def transition_matrix(game, precision):
    """Rows and columns in the order of `cells`; rows sum to 1."""
    every = cells(game)
    place = {cell: k for k, cell in enumerate(every)}
    matrix = np.zeros((len(every),) * 2)
    for cell in every:
        for i in range(game.n_players):
            line = deviations(game, i, cell)
            values = precision * np.array([game.payoffs[(i, *one)] for one in line])
            weights = np.exp(values - values.max())
            for one, chance in zip(line, weights / weights.sum(), strict=True):
                matrix[place[cell], place[one]] += chance / game.n_players
    return matrix


def stationary(matrix):
    """By a linear system."""
    n = len(matrix)
    system = np.vstack([matrix.T - np.eye(n), np.ones(n)])
    return np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0]


def passage_times(matrix, is_target):
    """By a linear system, from every profile."""
    outside = np.flatnonzero(~is_target)
    times = np.zeros(len(matrix))
    own = matrix[np.ix_(outside, outside)]
    times[outside] = np.linalg.solve(np.eye(len(outside)) - own, np.ones(len(outside)))
    return times


def resistance_matrix(game):
    """The least resistance between all pairs of profiles, by Floyd and Warshall; in Fractions."""
    every = cells(game)
    place = {cell: k for k, cell in enumerate(every)}
    exact = game.exact_payoffs
    cost = [[None] * len(every) for _ in every]
    for k, cell in enumerate(every):
        cost[k][k] = Fraction(0)
        for i in range(game.n_players):
            line = deviations(game, i, cell)
            best = max(exact[(i, *one)] for one in line)
            for one in line:
                value = best - exact[(i, *one)]
                here = cost[k][place[one]]
                cost[k][place[one]] = value if here is None or one == cell else min(here, value)
        cost[k][k] = Fraction(0)
    size = range(len(every))
    for via, start, end in itertools.product(size, size, size):
        first, second = cost[start][via], cost[via][end]
        if first is not None and second is not None:
            total = first + second
            if cost[start][end] is None or total < cost[start][end]:
                cost[start][end] = total
    return cost


def least_trees(cost):
    """The least resistance of a tree to each root, over all trees."""
    size = len(cost)
    return [min(_trees(cost, root, size)) for root in range(size)]


def _trees(cost, root, size):
    others = [v for v in range(size) if v != root]
    for heads in itertools.product(range(size), repeat=size - 1):
        towards = dict(zip(others, heads, strict=True))
        if all(_leads(towards, v, root) for v in others):
            yield sum(cost[v][w] for v, w in towards.items())


def _leads(towards, start, root):
    here = start
    for _ in range(len(towards) + 1):
        if here == root:
            return True
        here = towards[here]
    return False
