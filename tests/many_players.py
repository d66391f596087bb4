"""What tests of three and more players share: games, and equilibria judged by definition."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np

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


def grid_profiles(shape, parts):
    """All profiles in multiples of 1 / parts."""
    return itertools.product(*(grid_mixtures(size, parts) for size in shape))


def is_mixture(point, vertices, within=1e-9) -> bool:
    """Whether a point lies in a convex hull, by least squares over affinely independent subsets.

    Caratheodory (1911): a point of a hull is a mixture of affinely independent vertices.
    """
    point, vertices = np.asarray(point, dtype=float), np.asarray(vertices, dtype=float)
    for k in range(1, min(len(vertices), len(point)) + 1):
        for chosen in itertools.combinations(vertices, k):
            matrix = np.vstack([np.transpose(chosen), np.ones(k)])
            weights = np.linalg.lstsq(matrix, np.append(point, 1.0), rcond=None)[0]
            misses = np.abs(matrix @ weights - np.append(point, 1.0)).max()
            if weights.min() >= -within and misses <= within:
                return True
    return False


def lies_in(profile, subset) -> bool:
    """Whether each player's mixture lies in the hull of his vertices."""
    return all(is_mixture(part, own) for part, own in zip(profile, subset, strict=True))


def lies_in_a_component(profile, result) -> bool:
    return any(lies_in(profile, subset) for component in result.components for subset in component)


def relabelled(game, players, actions) -> bg.NormalFormGame:
    """New player k is old ``players[k]``; his new action a is old ``actions[k][a]``."""
    tables = []
    for old in players:
        table = np.transpose(game.exact_payoffs[old], players)
        tables.append(table[np.ix_(*actions)])
    return bg.NormalFormGame(np.array(tables, dtype=object))
