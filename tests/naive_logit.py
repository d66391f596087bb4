"""Logit equilibria by definition, and a branch followed in tiny steps: slow, and nothing shared."""

from __future__ import annotations

import itertools
import math

import numpy as np

import balancegame as bg


def action_payoffs(game: bg.NormalFormGame, profile) -> list[list[float]]:
    """Each action's payoff, profile by profile."""
    found = [[[] for _ in range(m)] for m in game.shape]
    for cell in itertools.product(*map(range, game.shape)):
        for i, a in enumerate(cell):
            chance = math.prod(float(profile[j][b]) for j, b in enumerate(cell) if j != i)
            found[i][a].append(chance * float(game.payoffs[(i, *cell)]))
    return [[math.fsum(terms) for terms in row] for row in found]


def responses(values, precision) -> list[np.ndarray]:
    """Softmax of the payoffs times the precision."""
    found = []
    for row in values:
        best = max(row)
        weights = [math.exp(precision * (value - best)) for value in row]
        found.append(np.array(weights) / math.fsum(weights))
    return found


def residual(game: bg.NormalFormGame, profile, precision) -> float:
    """The largest difference between a probability and its logit response."""
    answer = responses(action_payoffs(game, profile), precision)
    return max(float(np.abs(p - q).max()) for p, q in zip(profile, answer, strict=True))


def branch(game: bg.NormalFormGame, *, end: float, step: float):
    """Points (log odds, precision) from the centroid on, at equal short steps of arclength.

    Unknowns are the log odds against the first action, derivatives are differences.
    """
    sizes = [m - 1 for m in game.shape]
    ends = np.cumsum(sizes)[:-1]

    def profile(y):
        parts = []
        for odds in np.split(y[:-1], ends):
            weights = np.exp(np.array([0.0, *odds]) - max(0.0, *odds))
            parts.append(weights / weights.sum())
        return parts

    def equations(y):
        values = game.action_payoffs(profile(y))
        return y[:-1] - y[-1] * np.concatenate([value[1:] - value[0] for value in values])

    def derivatives(y):
        columns = []
        for k in range(len(y)):
            small = np.zeros(len(y))
            small[k] = 1e-6
            columns.append((equations(y + small) - equations(y - small)) / 2e-6)
        return np.array(columns).T

    y = np.zeros(sum(sizes) + 1)
    direction = np.zeros(len(y))
    direction[-1] = 1.0
    points = [y]
    while y[-1] < end:
        tangent = np.linalg.svd(derivatives(y))[2][-1]
        direction = tangent * math.copysign(1.0, tangent @ direction)
        y = y + step * direction
        back = np.linalg.pinv(derivatives(y))
        for _ in range(3):
            y = y - back @ equations(y)
        points.append(y)
    return points, profile


def first_crossing(game: bg.NormalFormGame, precision: float, *, step: float):
    """The profile at the first crossing of a precision, to the square of the step or so."""
    points, profile = branch(game, end=precision, step=step)
    before, after = points[-2], points[-1]
    share = (precision - before[-1]) / (after[-1] - before[-1])
    return profile(before + share * (after - before))
