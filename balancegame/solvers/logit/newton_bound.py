"""How far the zero is: the Newton-Kantorovich theorem with rounding counted.

If Y is any matrix, g the equations' values at a point, J their derivatives, and over the ball of
radius r about it (largest coordinate) ||I - YJ|| <= kappa + lipschitz * r < 1, then
``w -> w - Y g(w)`` contracts the ball; it maps it to itself if ||Yg|| + (kappa + lipschitz * r) r
<= r, and the ball then holds just one zero (Kantorovich 1948).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)


def isolating_radius(
    values: Floats,
    jacobian: Floats,
    *,
    value_errors: Floats,
    jacobian_errors: Floats,
    lipschitz: Floats,
) -> float:
    """The radius of a ball about the point that holds just one zero; inf where none is found.

    Parameters
    ----------
    values : array (k,), jacobian : array (k, k)
        The equations at the point, as computed.
    value_errors : array (k,), jacobian_errors : array (k,)
        Bounds on the rounding in each equation's value, and in its row of derivatives (their sum).
    lipschitz : array (k,)
        For each equation, what its row of derivatives changes by (the sum) per unit of radius.
    """
    try:
        inverse = np.linalg.inv(jacobian)
    except np.linalg.LinAlgError:
        return math.inf
    size = np.abs(inverse)
    if not np.isfinite(size).all():
        return math.inf
    slack = 4.0 * EPS * len(values)
    step = np.abs(inverse @ values) + size @ (value_errors + slack * np.abs(values))
    rest = np.abs(inverse @ jacobian - np.eye(len(values))).sum(axis=1)
    rest += size @ (jacobian_errors + slack * np.abs(jacobian).sum(axis=1))
    return _radius(float(step.max()), float(rest.max()), float((size @ lipschitz).max()))


def _radius(step: float, rest: float, growth: float) -> float:
    """The least r with step + (rest + growth * r) r <= r and rest + growth * r < 1."""
    free = 1.0 - rest
    inside = free * free - 4.0 * growth * step
    if not (free > 0.0 and inside > 0.0):
        return math.inf
    radius = 2.0 * step / (free + math.sqrt(inside)) * (1.0 + 1e-9)
    return radius if rest + growth * radius < 1.0 else math.inf
