"""Logit equilibria as zeros of equations between log odds, in floats with rounding counted.

With b the action a player plays most, ``l_ia - l_ib = t (u_ia - u_ib)`` for his other actions, and
the sum of ``exp l_ia`` is 1. Unlike the equations the branch is followed with, these contain no
logit response, so that their derivatives change at a rate in t and not in its square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.logit.newton_bound import EPS
from balancegame.solvers.logit.system import LogitSystem

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LogOdds:
    """The equations at a point, in the order of the actions; b's row stands for the sum.

    Attributes
    ----------
    best : tuple of int
        Each player's action b.
    values : array (N,), jacobian : array (N, N)
        By the logs.
    value_errors, jacobian_errors : array (N,)
        Bounds on the rounding in them; that of a row is the sum over its entries, each times the
        unit of its log.
    lipschitz : array (N,)
        What a row changes by per unit of distance, so measured. The unit of l is max(1, |l|).
    """

    best: tuple[int, ...]
    values: Floats
    jacobian: Floats
    value_errors: Floats
    jacobian_errors: Floats
    lipschitz: Floats


def log_odds(system: LogitSystem, logs: Floats, values: Floats, pairs: Floats, t: float) -> LogOdds:
    """The equations at logs (N,), where payoffs contract to `values` (N,) and `pairs` (N, N)."""
    p, size = np.exp(logs), system.n_unknowns
    units = np.maximum(1.0, np.abs(logs))
    # By its logs p changes at the rate p, each log in its unit.
    mass, square = float(p @ units), float(p @ units**2)
    chosen: list[int] = []
    jacobian, found = np.zeros((size, size)), np.zeros(size)
    value_errors, jacobian_errors, lipschitz = np.zeros((3, size))
    for i, (first, end) in enumerate(zip(system.starts[:-1], system.starts[1:], strict=True)):
        own = slice(int(first), int(end))
        best = int(first + np.argmax(logs[own]))
        chosen.append(best - own.start)
        top = 2.0 * float(system.tops[i])
        jacobian[own] = -t * p * (pairs[own] - pairs[best])
        jacobian[own, own] += np.eye(own.stop - own.start)
        jacobian[own, best] -= 1.0
        found[own] = logs[own] - logs[best] - t * (values[own] - values[best])
        value_errors[own] = t * top * (system.payoffs.rounding + 8.0 * EPS * mass)
        value_errors[own] += 8.0 * EPS * units[own]
        jacobian_errors[own] = (1.0 + t * top) * 4.0 * (system.payoffs.rounding + EPS) * mass
        lipschitz[own] = 4.4 * t * top * (mass**2 + square)
        jacobian[best], jacobian[best, own] = 0.0, p[own]
        found[best] = p[own].sum() - 1.0
        value_errors[best] = 8.0 * EPS * size
        lipschitz[best] = 2.2 * float(p[own] @ units[own] ** 2)
    return LogOdds(tuple(chosen), found, jacobian, value_errors, jacobian_errors, lipschitz)
