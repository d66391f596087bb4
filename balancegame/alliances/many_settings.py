"""A balancing model bound to many worlds at once, as the compiled payoffs take it.

Every array has a leading axis: of length k for what differs between k points, of length 1 for what
does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.alliances.payoffs import ARM, BALANCE, BANDWAGON, NEUTRAL, UNDERMINE

Floats = NDArray[np.float64]

_N_CODES = 5


@dataclass(frozen=True, slots=True)
class ManySettings:
    """The numbers of `Setting`, for many points.

    Attributes
    ----------
    power : array, shape (K, n + 1)
        The threat last, in any unit.
    parallelism : array, shape (K, n + 1, n + 1)
        Positive semidefinite where cohesion is above 0.
    exposure : array, shape (K, n)
    per_state : dict of arrays, shape (K, n)
        By the parameters' names; domination_loss without exposure.
    world_wide : dict of arrays, shape (K,)
        The other parameters, contest as 0 (ratio) or 1 (logistic).
    """

    power: Floats
    parallelism: Floats
    exposure: Floats
    per_state: Mapping[str, Floats]
    world_wide: Mapping[str, Floats]

    def kernel_arguments(self) -> tuple[Floats, ...]:
        """What `fill_tables` takes after the actions, each array with its leading axis."""
        own = dict(self.per_state)
        own["domination_loss"] = own["domination_loss"] * self.exposure
        # A power of two: dividing by it rounds nothing and tames overflow.
        largest = self.power.max(axis=1, keepdims=True)
        power = self.power / np.ldexp(1.0, np.frexp(largest)[1] - 1)
        with np.errstate(over="ignore", invalid="ignore"):  # the games refuse what results
            base, slope, peace = payoff_coefficients(own)
        contest = ("decisiveness", "cohesion", "steepness", "contest")
        ambition = ("prize", "defeat_loss", "expansion_cost")
        arrays = (
            power[:, :-1],
            power[:, -1],
            self.parallelism,
            self._affinity(power),
            1.0 + own["arming_gain"],
            1.0 - own["undermining_effect"],
            base,
            slope,
            peace,
            own["balancing_spoils"],
            own["bandwagon_spoils"],
            own["affinity"],
            _stacked([self.world_wide[name] for name in contest]),
            _stacked([self.world_wide[name] for name in ambition]),
        )
        return tuple(np.ascontiguousarray(array) for array in arrays)

    def _affinity(self, power: Floats) -> Floats:
        """The pairs' weights (p_i p_j)^eta / sum of p_k^(2 eta), times their parallelism."""
        if not self.per_state["affinity"].any():
            return np.zeros((1, *self.parallelism.shape[1:]))
        eta = self.world_wide["affinity_exponent"][:, None, None]
        products = power[:, :, None] * power[:, None, :]
        squares = (power * power).sum(axis=1)[:, None, None]
        roots = np.sqrt(products) / power.sum(axis=1)[:, None, None]
        weights = np.where(
            eta == 0.0, 1.0 / power.shape[1], np.where(eta == 1.0, products / squares, roots)
        )
        return weights * self.parallelism


def payoff_coefficients(own: Mapping[str, Any]) -> tuple[Floats, Floats, Floats]:
    """U = base + slope * pi in war and u = peace without it, shape (..., 5), before spoils.

    `own` maps the parameters' names to arrays (..., n), domination_loss times exposure.
    """
    defeat = own["domination_loss"] + own["retaliation"]
    neutral = own["neutral_exposure"] * own["domination_loss"]
    alpha = own["autonomy_loss"]
    cost = own["alliance_cost"]
    columns: dict[int, tuple[Any, Any, Any]] = {
        NEUTRAL: (1.0 - neutral, neutral, 1.0),
        BANDWAGON: (1.0 - alpha, alpha - own["retribution"], 1.0 - own["deference"]),
    }
    extra = {BALANCE: 0.0, ARM: own["arming_cost"], UNDERMINE: own["undermining_cost"]}
    for code, more in extra.items():
        quiet = 1.0 - (cost + more)
        columns[code] = (quiet - defeat, defeat, quiet)
    base, slope, peace = (
        _stacked([columns[code][kind] for code in range(_N_CODES)]) for kind in range(3)
    )
    return base, slope, peace


def _stacked(arrays: list[Any]) -> Floats:
    """Along a new last axis, those of leading length 1 repeated where others are longer."""
    return np.stack(np.broadcast_arrays(*arrays), axis=-1)
