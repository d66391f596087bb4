"""Elimination of a Markov chain's states without a subtraction (Grassmann, Taksar & Heyman 1985).

One state after another is left out, the chain watched on the others only. What leaves a state is
summed over its moves instead of being taken as 1 less the rest; so every number comes out with as
many digits as it has, however small, with an error of about the number of states times the unit
roundoff (O'Cinneide 1993).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report

Floats = NDArray[np.float64]

MOST_STATES = 1 << 11

_LEAST = 1e-280  # what leaves a state; below, products of what enters it may underflow
_BLOCK = 48  # states eliminated together, so that most of the work is a product of matrices


class OutOfRangeError(ArithmeticError):
    """Probabilities span more than floats do; take logs."""


def stationary(rates: Floats) -> Floats:
    """The stationary law of an irreducible chain, shape (n,).

    Parameters
    ----------
    rates : array, shape (n, n)
        Probabilities of moves; the diagonal is not read. Overwritten.

    Raises
    ------
    OutOfRangeError
    """
    n = len(rates)
    _eliminate(rates, 1)
    law = np.zeros(n)
    law[0] = 1.0
    for k in range(1, n):
        law[k] = law[:k] @ rates[:k, k]
        if law[k] > 1e200:  # pragma: no cover (needs laws of that span)
            law[: k + 1] /= law[k]
    return law / law.sum()


def absorption_times(rates: Floats, into: Floats) -> Floats:
    """The expected number of periods until absorption from each state, shape (n,).

    Parameters
    ----------
    rates : array, shape (n, n)
        Probabilities of moves between the states; the diagonal is not read. Overwritten.
    into : array, shape (n,)
        The probability of absorption from each in one period.
    """
    n = len(rates)
    # The absorbing state comes first, and what a period costs last, where nothing is eliminated.
    table = np.zeros((n + 1, n + 2))
    table[1:, 1:-1] = rates
    table[1:, 0] = into
    table[1:, -1] = 1.0
    totals = _eliminate(table, 1)
    times = np.zeros(n + 1)
    for k in range(1, n + 1):
        times[k] = (table[k, -1] + table[k, 1:k] @ times[1:k]) / totals[k]
    return times[1:]


def _eliminate(table: Floats, keep: int) -> Floats:
    """Eliminate the last rows down to `keep`, in place; what leaves each when it is eliminated.

    Columns beyond the square carry costs. Below the diagonal stand afterwards the moves of each
    state to those before it, above it the columns divided by what leaves.
    """
    n, width = table.shape
    totals = np.ones(n)
    for high in range(n, keep, -_BLOCK):
        low = max(keep, high - _BLOCK)
        for k in range(high - 1, low - 1, -1):
            totals[k] = table[k, :k].sum()
            if not totals[k] >= _LEAST:
                raise OutOfRangeError
            column = table[low:k, k] / totals[k]
            table[low:k, k] = column
            table[low:k, :k] += np.outer(column, table[k, :k])
            if width > n:
                table[low:k, n:] += np.outer(column, table[k, n:])
        if low:
            above = table[:low, low:high]
            for k in range(high - low - 1, -1, -1):
                above[:, k] += above[:, k + 1 :] @ table[low + k + 1 : high, low + k]
                above[:, k] /= totals[low + k]
            table[:low, :low] += above @ table[low:high, :low]
            if width > n:
                table[:low, n:] += above @ table[low:high, n:]
        if high % (_BLOCK * 8) < _BLOCK:
            report("states eliminated", n - low, n)
    return totals
