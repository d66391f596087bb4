"""Elimination of states in logs, for chains whose probabilities span more than floats do.

The same as `state_reduction`, number by number the log of it; many times slower.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report

Floats = NDArray[np.float64]

MOST_STATES = 1 << 9


def log_stationary(logs: Floats) -> Floats:
    """The log of the stationary law, shape (n,), from the logs of moves, shape (n, n).

    The diagonal is not read; the table is overwritten.
    """
    n = len(logs)
    _eliminate(logs, 1)
    law = np.zeros(n)
    for k in range(1, n):
        law[k] = np.logaddexp.reduce(law[:k] + logs[:k, k])
    law -= law.max()  # first, or the rest could drown in logs of 1e300
    return law - np.logaddexp.reduce(law)


def log_absorption_times(logs: Floats, into: Floats) -> Floats:
    """The logs of the expected times until absorption, as `state_reduction.absorption_times`."""
    n = len(logs)
    table = np.full((n + 1, n + 2), -np.inf)
    table[1:, 1:-1] = logs
    table[1:, 0] = into
    table[1:, -1] = 0.0
    totals = _eliminate(table, 1)
    times = np.full(n + 1, -np.inf)
    for k in range(1, n + 1):
        terms = np.append(table[k, 1:k] + times[1:k], table[k, -1])
        times[k] = np.logaddexp.reduce(terms) - totals[k]
    return times[1:]


def _eliminate(table: Floats, keep: int) -> Floats:
    n = len(table)
    totals = np.zeros(n)
    others = np.arange(table.shape[1])
    for k in range(n - 1, keep - 1, -1):
        totals[k] = np.logaddexp.reduce(table[k, :k])
        table[:k, k] -= totals[k]
        columns = np.r_[others[:k], others[n:]]
        through = table[:k, k, None] + table[k, columns]
        table[:k, columns] = np.logaddexp(table[:k, columns], through)
        if k % 64 == 0:
            report("states eliminated", n - k, n)
    return totals
