"""Worlds along two axes of their own: the threat's power ratio, and uniform parallelism."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import exactly
from balancegame.world.world import World

Floats = NDArray[np.float64]


def threat_power(world: World, ratio: float | Floats) -> Any:
    """H = ratio x mean power of the others."""
    others = [world.power[world.names.index(state)] for state in world.states]
    return ratio * (math.fsum(others) / len(others))


def threat_parallelism(world: World) -> float:
    """The mean b of the threat's parallelism with the others."""
    return float(_exact_mean(world))


def is_feasible(world: World, parallelism: float) -> bool:
    """Whether a among n states and b with the threat come from interests at all.

    They do iff the matrix is positive semidefinite: a >= -1/(n-1) and n b^2 <= 1 + (n-1) a,
    decided exactly.
    """
    n, a, b = len(world.states), exactly(parallelism), _exact_mean(world)
    spread = 1 + (n - 1) * a
    return spread >= 0 and n * b * b <= spread


def uniform_parallelism(n: int, parallelism: float | Floats, with_threat: float) -> Floats:
    """The matrices (..., n + 1, n + 1), the threat last."""
    a = np.asarray(parallelism, dtype=np.float64)
    matrix = np.empty((*a.shape, n + 1, n + 1))
    matrix[...] = a[..., None, None]
    matrix[..., n, :] = with_threat
    matrix[..., :, n] = with_threat
    matrix[..., range(n + 1), range(n + 1)] = 1.0
    return matrix


def world_at(world: World, ratio: float | None, parallelism: float | None) -> World:
    """The world with the threat's power, or all parallelism, set; None leaves as is."""
    if ratio is not None:
        power = list(world.given.power)
        power[world.names.index(str(world.threat))] = float(threat_power(world, float(ratio)))
        world = world.replace(power=power)
    if parallelism is not None:
        matrix = uniform_parallelism(
            len(world.states), float(parallelism), threat_parallelism(world)
        )
        order = [*world.states, str(world.threat)]
        place = [order.index(name) for name in world.names]
        world = world.replace(parallelism=matrix[np.ix_(place, place)])
    return world


def _exact_mean(world: World) -> Fraction:
    threat = world.names.index(str(world.threat))
    row = world.given.parallelism[threat]
    others = [exactly(row[world.names.index(state)]) for state in world.states]
    return Fraction(sum(others)) / len(others)
