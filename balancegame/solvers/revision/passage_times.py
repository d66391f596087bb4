"""How many periods the chain takes to reach a set of profiles, on average."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.revision import aggregation, log_reduction, state_reduction
from balancegame.solvers.revision.logit_revision import LogitRevision, Places
from balancegame.solvers.revision.long_run import check_logs_fit

Floats = NDArray[np.float64]
Sparse = Any  # a csr_array, which has no types to speak of


def log_passage_time(
    chain: LogitRevision,
    starts: Places,
    log_weights: Floats,
    is_target: NDArray[np.bool_],
    *,
    direct: int = state_reduction.MOST_STATES,
) -> float:
    """The log of the expected number of periods until the chain is first in a set.

    Parameters
    ----------
    starts, log_weights : arrays, shape (k,)
        Where it starts, with which probabilities.
    is_target : array of bool, shape (profiles,)
        The set. None of the starts lies in it.
    direct : int
        Up to how many profiles outside the set are eliminated directly, with an error of about
        their number times the unit roundoff; beyond, aggregation is relied upon.

    Returns
    -------
    float
        inf if the set is empty.

    Raises
    ------
    TooManyProfilesError, ConvergenceError
    """
    if not is_target.any():
        return np.inf
    outside = _reachable(chain, starts, is_target)
    place = np.full(chain.n_states, -1)
    place[outside] = np.arange(len(outside))
    try:
        if len(outside) <= direct:
            rates = chain.rates()[outside]
            into = np.asarray(rates[:, np.flatnonzero(is_target)].sum(axis=1)).ravel()
            times = state_reduction.absorption_times(rates[:, outside].toarray(), into)
            return float(np.logaddexp.reduce(np.log(times[place[starts]]) + log_weights))
        return _by_aggregation(chain.rates(), outside, place[starts], np.exp(log_weights))
    except state_reduction.OutOfRangeError:
        check_logs_fit(len(outside))
        sources, targets, logs = chain.moves
        table = np.full((len(outside),) * 2, -np.inf)
        inside = (place[sources] >= 0) & (place[targets] >= 0)
        table[place[sources[inside]], place[targets[inside]]] = logs[inside]
        into = np.full(len(outside), -np.inf)
        leaves = (place[sources] >= 0) & is_target[targets]
        np.logaddexp.at(into, place[sources[leaves]], logs[leaves])
        found = log_reduction.log_absorption_times(table, into)
        return float(np.logaddexp.reduce(found[place[starts]] + log_weights))


def _reachable(chain: LogitRevision, starts: Places, is_target: NDArray[np.bool_]) -> Places:
    """The profiles to which moves lead from the starts without entering the set."""
    shape = chain.shape
    open_ = ~is_target.reshape(shape)
    seen = np.zeros(shape, np.bool_)
    seen.ravel()[starts] = True
    count = 0
    while count != (count := int(seen.sum())):
        for axis in range(len(shape)):
            seen |= seen.any(axis=axis, keepdims=True) & open_
    return np.flatnonzero(seen)


def _by_aggregation(rates: Sparse, outside: Places, starts: Places, weights: Floats) -> float:
    """Return to the start from the set: visits in between are a stationary law, up to a factor."""
    from scipy.sparse import block_array, csr_array  # noqa: PLC0415 (slow to import)

    within = rates[outside]
    own = within[:, outside]
    other = np.ones(rates.shape[0], np.bool_)
    other[outside] = False
    into = np.asarray(within[:, np.flatnonzero(other)].sum(axis=1)).ravel()
    back = np.zeros(len(outside))
    back[starts] = weights
    chain = block_array(
        [[csr_array((1, 1)), csr_array(back[None, :])], [csr_array(into[:, None]), own]],
        format="csr",
    )
    law = aggregation.stationary(chain)
    return float(np.log(law[1:].sum()) - np.log(law[0]))
