"""The stationary law of logit revision, by the method that fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame.errors import ConvergenceError, TooManyProfilesError
from balancegame.solvers.revision import aggregation, log_reduction, state_reduction
from balancegame.solvers.revision.logit_revision import LogitRevision

Floats = NDArray[np.float64]

MOST_PROFILES = 1 << 16  # without a potential
_ROUNDOFF = 2.0**-53
_DEEPEST = 745.0  # lesser logs are those of 0, which what leaves each state can spare


@final
@dataclass(frozen=True)
class LongRun:
    """A stationary law.

    Attributes
    ----------
    logs : array, shape (profiles,)
    method : str
        "Gibbs", "elimination", "elimination in logs" or "aggregation".
    error_bound : float
        In total variation.
    """

    logs: Floats
    method: str
    error_bound: float


def gibbs(potential: NDArray[Any], precision: float) -> LongRun:
    """The law proportional to exp(precision * potential) (Blume 1993); any number of profiles.

    `potential` holds Fractions, and differences from its maximum are taken before rounding.
    """
    top = potential.max()
    below = np.array([float(value - top) for value in potential.ravel()])
    with np.errstate(over="ignore"):
        scaled = np.maximum(below * precision, -np.finfo(float).max / 1e6)
    # Entries near the top matter, and each is off by a few units in its last place.
    logs = scaled - np.log(np.exp(scaled).sum())
    weight = np.exp(logs)
    bound = 2.0 * _ROUNDOFF * float((weight * (3.0 * np.abs(scaled) + 4.0)).sum() + 4.0)
    return LongRun(logs, "Gibbs", bound)


def stationary(chain: LogitRevision, *, direct: int = state_reduction.MOST_STATES) -> LongRun:
    """The law of any game: by elimination up to `direct` profiles, by aggregation beyond.

    Raises
    ------
    TooManyProfilesError
        More profiles than 65,536, or than 512 where the probabilities span more than floats do.
    ConvergenceError
    """
    n = chain.n_states
    if n > MOST_PROFILES:
        message = (
            f"the game has {n:,} profiles and no exact potential; its long-run law is computed for "
            f"at most {MOST_PROFILES:,}; use fewer players or actions"
        )
        raise TooManyProfilesError(message)
    # Rates relatively off by d move the law relatively by at most 2 n d (O'Cinneide 1993).
    depth = float(-chain.logs.min())
    rounding = 2.0 * n * _ROUNDOFF * (3.0 * min(depth, _DEEPEST) + 8.0)
    try:
        if n <= direct:
            law = state_reduction.stationary(chain.rates().toarray())
            if n <= log_reduction.MOST_STATES and not law.all():
                raise state_reduction.OutOfRangeError
            bound = rounding + 4.0 * n * n * _ROUNDOFF
            method = "elimination"
        else:
            rates = chain.rates()
            law = aggregation.stationary(rates)
            bound = rounding + aggregation.distance_bound(rates, law)
            method = "aggregation"
    except state_reduction.OutOfRangeError:
        check_logs_fit(n)
        logs = log_reduction.log_stationary(chain.log_rates())
        bound = 2.0 * n * _ROUNDOFF * (3.0 * depth + 4.0 * n)
        return LongRun(logs, "elimination in logs", min(bound, 1.0))
    if not bound < 1.0:
        message = (
            f"the long-run law of {n:,} profiles cannot be bounded in floats; lower the precision"
        )
        raise ConvergenceError(message)
    with np.errstate(divide="ignore"):
        return LongRun(np.log(law), method, bound)


def check_logs_fit(n: int) -> None:
    """Refuse more states than are eliminated in logs."""
    if n > log_reduction.MOST_STATES:
        message = (
            f"at this precision the probabilities of moves between {n:,} profiles span more than "
            f"floats do, and logs are taken for at most {log_reduction.MOST_STATES:,}; lower the "
            "precision"
        )
        raise TooManyProfilesError(message)
