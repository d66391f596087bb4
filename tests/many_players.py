"""What tests of three and more players share: games, and equilibria judged by definition."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from scipy.optimize import nnls

import balancegame as bg


def integer_game(shape, seed, *, most=999) -> bg.NormalFormGame:
    """Independent integers from -most to most: ties are rare."""
    payoffs = np.random.default_rng(seed).integers(-most, most + 1, (len(shape), *shape))
    return bg.NormalFormGame(payoffs)


def tied_game(shape, seed) -> bg.NormalFormGame:
    """Independent payoffs of 0, 1 or 2: ties are everywhere."""
    return bg.NormalFormGame(np.random.default_rng(seed).integers(0, 3, (len(shape), *shape)))


def game_of_gains(shape, gain) -> bg.NormalFormGame:
    """A game whose player i earns ``gain(i, profile)``, a number, in each profile."""
    payoffs = np.empty((len(shape), *shape), dtype=object)
    for profile in np.ndindex(*shape):
        for i in range(len(shape)):
            payoffs[(i, *profile)] = Fraction(gain(i, profile))
    return bg.NormalFormGame(payoffs)


def game_of_tables(tables) -> bg.NormalFormGame:
    """2 x 2 x 2: ``tables[i]`` is what player i's second action gains, by the others' actions."""

    def gain(i, profile):
        others = [a for j, a in enumerate(profile) if j != i]
        return profile[i] * tables[i][others[0]][others[1]]

    return game_of_gains((2, 2, 2), gain)


def action_payoffs(game, profile) -> list[list[Fraction]]:
    """What each action of each player pays, by definition, in Fractions."""
    found = []
    for i, table in enumerate(game.exact_payoffs):
        values = np.moveaxis(table, i, 0)
        for part in reversed([part for j, part in enumerate(profile) if j != i]):
            values = np.dot(values, np.array([Fraction(x) for x in part], dtype=object))
        found.append(values.tolist())
    return found


def gains(game, profile) -> list[Fraction]:
    """What each player gains by his best deviation, by definition, in Fractions."""
    return [
        max(values) - sum(Fraction(x) * v for x, v in zip(part, values, strict=True))
        for part, values in zip(profile, action_payoffs(game, profile), strict=True)
    ]


def is_equilibrium(game, profile) -> bool:
    """Whether nobody gains by deviating: all compared exactly."""
    return not any(gains(game, profile))


def flat(profile) -> np.ndarray:
    return np.concatenate([np.asarray(part, dtype=float) for part in profile])


def near(result, profile, within=1e-8) -> int:
    """How many entries of a list are about this profile."""
    return sum(
        float(np.abs(flat(found.profile) - flat(profile)).max()) < within for found in result
    )


def best_known(found):
    """An equilibrium's profile to all known digits, in Fractions."""
    for parts in (found.exact, found.approximation):
        if parts is not None:
            return parts
    return tuple(tuple(map(Fraction, part.tolist())) for part in found.profile)


def grid_mixtures(size, parts):
    """All mixtures of `size` actions in multiples of 1 / parts."""
    if size == 1:
        return [(Fraction(1),)]
    return [
        tuple(
            Fraction(b - a - 1, parts) for a, b in itertools.pairwise((-1, *bars, parts + size - 1))
        )
        for bars in itertools.combinations(range(parts + size - 1), size - 1)
    ]


def as_fractions(part):
    """Vertices of a component, which come as floats, as small fractions; None if they are not."""
    found = []
    for vertex in part:
        chances = tuple(Fraction(x).limit_denominator(5_000) for x in np.asarray(vertex).tolist())
        if sum(chances) != 1 or np.abs(np.array(chances, dtype=float) - vertex).max() > 1e-14:
            return None
        found.append(chances)
    return found


def is_mixture(point, vertices) -> bool:
    """Whether a point lies in a convex hull, in Fractions.

    Caratheodory (1911): a point of a hull is a mixture of affinely independent vertices.
    """
    return any(
        _is_mixture_of_all(point, chosen)
        for k in range(1, min(len(vertices), len(point)) + 1)
        for chosen in itertools.combinations(vertices, k)
    )


def _is_mixture_of_all(point, vertices) -> bool:
    """Whether the weights are unique and at least 0; False if the vertices are dependent."""
    rows = [[*column, x] for column, x in zip(zip(*vertices, strict=True), point, strict=True)]
    for k in range(len(vertices)):
        pivot = next((row for row in rows[k:] if row[k]), None)
        if pivot is None:
            return False
        rows.remove(pivot)
        rows = [
            [x - row[k] / pivot[k] * y for x, y in zip(row, pivot, strict=True)] for row in rows
        ]
        rows.insert(k, [x / pivot[k] for x in pivot])
    weights = [row[-1] for row in rows]
    return not any(weights[len(vertices) :]) and min(weights[: len(vertices)]) >= 0


def subsets_of(result):
    """The maximal Nash subsets with rational vertices, in Fractions."""
    found = []
    for component in result.components:
        for subset in component:
            parts = [as_fractions(part) for part in subset]
            if None not in parts:
                found.append(parts)
    return found


def lies_in(profile, subset) -> bool:
    """Whether each player's mixture is one of the subset's: all in Fractions."""
    return all(is_mixture(part, own) for part, own in zip(profile, subset, strict=True))


def distance_to(profile, subset) -> float:
    """The largest distance of a player's mixture from the hull of his vertices, about."""
    found = 0.0
    for part, own in zip(profile, subset, strict=True):
        matrix = np.vstack([np.transpose(np.asarray(own, dtype=float)), np.full(len(own), 10.0)])
        found = max(found, nnls(matrix, np.append(np.asarray(part, dtype=float), 10.0))[1])
    return found


def grid_equilibria(game, parts):
    """All equilibria in multiples of 1 / parts, in integers: the payoffs have to be integers."""
    grids = [
        np.array([[int(x * parts) for x in mixture] for mixture in grid_mixtures(m, parts)])
        for m in game.shape
    ]
    tables = game.payoffs.astype(np.int64)
    assert (tables == game.payoffs).all()
    good = np.ones([len(grid) for grid in grids], dtype=bool)
    for i, table in enumerate(tables):
        values = table
        for j, grid in enumerate(grids):
            if j != i:
                values = np.moveaxis(np.tensordot(grid, values, axes=(1, j)), 0, j)
        best = values == values.max(axis=i, keepdims=True)
        unplayed = grids[i] == 0
        good &= np.moveaxis(
            (
                unplayed.reshape(*unplayed.shape, *[1] * (len(grids) - 1)) | np.moveaxis(best, i, 0)
            ).all(axis=1),
            0,
            i,
        )
    for place in np.argwhere(good):
        yield tuple(
            tuple(Fraction(int(x), parts) for x in grid[k])
            for grid, k in zip(grids, place, strict=True)
        )


def relabelled(game, players, actions) -> bg.NormalFormGame:
    """New player k is old ``players[k]``; his new action a is old ``actions[k][a]``."""
    tables = []
    for old in players:
        table = np.transpose(game.exact_payoffs[old], players)
        tables.append(table[np.ix_(*actions)])
    return bg.NormalFormGame(np.array(tables, dtype=object))


def volunteers_with_a_third_action(bonus):
    """Three volunteers (Diekmann 1985); player 0's third action pays 1 + w1 - w2 + bonus.

    w1, w2 are the others' chances to wait. In the symmetric equilibrium all wait with probability
    1 / sqrt(2), and either action pays 1. Player 1 takes the third action for waiting, player 2 for
    volunteering.
    """

    def gain(i, profile):
        if i == 0 and profile[0] == 2:
            return 1 + (profile[1] == 0) - (profile[2] == 0) + bonus
        seen = list(profile)
        if profile[0] == 2:
            seen[0] = 0 if i == 1 else 1
        return 2 * max(seen) - seen[i]

    return game_of_gains((3, 2, 2), gain)
