"""The stationary law of a large sparse chain by multilevel aggregation.

Relaxation balances each state against its neighbours, aggregation whole groups against each other:
the chain between groups, weighted with the law as far as it is known, is solved by the same method,
the smallest by elimination (Horton & Leutenegger 1994; De Sterck et al. 2008). Groups join states
that exchange most; so valleys that the chain hardly ever leaves become single states. All numbers
stay positive, and but for the final check nothing is subtracted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.errors import ConvergenceError
from balancegame.solvers.revision import state_reduction

Floats = NDArray[np.float64]
Sparse = Any  # a csr_array, which has no types to speak of
Places = NDArray[np.int64]

SMALL = 200  # states of the coarsest chain, eliminated directly
ACCURACY = 1e-13  # of each state's balance, as a share of what flows through it
_GOOD_ENOUGH = 1e-11  # where rounding lets it come no further
_PATIENCE = 6  # cycles without progress
_SWEEPS = 2
_DAMPING = 0.7
_GROUPING_CYCLES = 3  # in which coarse groups follow the law; later they stay as they are
_MOST_CYCLES = 300
_COVERED = 0.25  # share of an excess that a bound on the error must leave
_TINY = 1e-290  # least probability worked with
_LEAST = 1e-280  # what leaves a state or group
_ROUNDOFF = 2.0**-53


def stationary(
    rates: Sparse, *, small: int = SMALL, enough: Callable[[Floats], bool] | None = None
) -> Floats:
    """The stationary law of an irreducible chain, shape (n,).

    Parameters
    ----------
    rates : sparse array, shape (n, n)
        Probabilities of moves between different states, in any one unit.
    small : int
        Up to how many states a chain is eliminated directly.
    enough : callable, optional
        Whether a law is good enough to stop early.

    Raises
    ------
    ConvergenceError
        The balance of some state stays off.
    """
    chain = _Chain(rates)
    law = np.full(rates.shape[0], 1.0 / rates.shape[0])
    hierarchy = _Hierarchy(small)
    best, stuck = np.inf, 0
    for cycle in range(_MOST_CYCLES):
        report("aggregation cycles", cycle, _MOST_CYCLES)
        hierarchy.settled = cycle >= _GROUPING_CYCLES
        law = np.maximum(hierarchy.cycle(chain, law, 0), _TINY)
        if enough is not None and enough(law):
            return law
        worst = float((np.abs(chain.excess(law)) / np.maximum(chain.leaving * law, _TINY)).max())
        stuck = 0 if worst < best / 2 else stuck + 1
        best = min(best, worst)
        if worst <= ACCURACY or (stuck > _PATIENCE and worst <= _GOOD_ENOUGH):
            return law
    message = (
        f"the long-run law of {len(law):,} profiles is out of balance by {best:.1g} after "
        f"{_MOST_CYCLES} cycles of aggregation; lower the precision"
    )
    raise ConvergenceError(message)


def distance_bound(rates: Sparse, law: Floats) -> float:
    """How far a law is at most from the stationary one, in total variation; inf if it cannot tell.

    With the largest entry taken as right, the others solve a system with an M-matrix; whatever
    leaves at least the present law's excess everywhere bounds its error (Berman & Plemmons 1994).
    Such a bound is itself a stationary law, of the chain sent from the largest state to where the
    excess is. It is checked, rounding counted, not trusted.
    """
    chain = _Chain(rates)
    top = int(law.argmax())
    law = law / law[top]
    terms = int(np.diff(rates.indptr).max()) + 4
    off = np.abs(chain.excess(law)) + terms * _ROUNDOFF * (chain.into @ law + chain.leaving * law)
    off[top] = 0.0
    others = np.arange(len(law)) != top
    covered = 0.0

    def covers(bound: Floats) -> bool:
        nonlocal covered
        bound = bound * off.sum() / bound[top]
        bound[top] = 0.0
        inflow, outflow = chain.into @ bound, chain.leaving * bound
        left = outflow - inflow - terms * _ROUNDOFF * (outflow + inflow)
        covered = float((left[others] / off[others]).min())
        return covered > _COVERED

    try:
        bound = stationary(_sent(rates, top, off / off.sum()), enough=covers)
    except (ConvergenceError, state_reduction.OutOfRangeError):
        return np.inf
    covers(bound)
    bound *= off.sum() / bound[top]
    bound[top] = 0.0
    return float(bound.sum() / covered / law.sum()) if covered > 0.0 else np.inf


def _sent(rates: Sparse, state: int, where: Floats) -> Sparse:
    """The same chain, but from one state to where a distribution says."""
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 (slow to import)

    row = csr_array(where[None, :])
    return vstack([rates[:state], row, rates[state + 1 :]], format="csr")


@dataclass
class _Chain:
    """Rates by source and by target, and what leaves each state."""

    rates: Sparse
    into: Sparse = field(init=False)
    leaving: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.into = self.rates.T.tocsr()
        self.leaving = np.asarray(self.rates.sum(axis=1)).ravel()
        if not self.leaving.min() >= _LEAST:
            raise state_reduction.OutOfRangeError

    def excess(self, law: Floats) -> Floats:
        """What flows into each state less what flows out."""
        return self.into @ law - self.leaving * law


@dataclass
class _Hierarchy:
    """The groups of each level, and cycles through the levels."""

    small: int
    settled: bool = False
    groups: dict[int, Places] = field(default_factory=dict[int, Places])

    def cycle(self, chain: _Chain, law: Floats, level: int) -> Floats:
        """Relax, correct by the chain between groups, relax."""
        if len(law) <= self.small:
            return state_reduction.stationary(chain.rates.toarray())
        law = _relaxed(chain, law)
        # The groups of the chain itself depend on its rates only.
        if level not in self.groups or not (self.settled or level == 0):
            self.groups[level] = _groups(chain, law)
        groups = self.groups[level]
        between, weights, shares = _between(chain, law, groups)
        coarse = _Chain(between)
        for _ in range(1 if len(shares) <= self.small else 2):
            shares = self.cycle(coarse, shares, level + 1)
        return _relaxed(chain, weights * shares[groups])


def _relaxed(chain: _Chain, law: Floats) -> Floats:
    """Damped Jacobi sweeps: each state's law drawn towards what flows in over what leaves."""
    for _ in range(_SWEEPS):
        law = (1.0 - _DAMPING) * law + _DAMPING * (chain.into @ law) / chain.leaving
    return law / law.sum()


def _between(chain: _Chain, law: Floats, groups: Places) -> tuple[Sparse, Floats, Floats]:
    """The chain between groups; each state's weight within its group; the groups' law."""
    from scipy.sparse import csr_array, diags_array  # noqa: PLC0415 (slow to import)

    n, count = len(law), int(groups.max()) + 1
    shares = np.bincount(groups, law, minlength=count).astype(np.float64)
    weights = law / shares[groups]
    spread = csr_array((np.ones(n), (np.arange(n), groups)), shape=(n, count))
    gather = csr_array((weights, (groups, np.arange(n))), shape=(count, n))
    full = (gather @ chain.rates @ spread).tocsr()
    inside = diags_array(full.diagonal(), format="csr")
    between = (full - inside).tocsr()
    between.eliminate_zeros()
    return between, weights, shares


def _groups(chain: _Chain, law: Floats) -> Places:
    """Pairs of pairs."""
    pairs = _pairs(chain)
    between, _, _ = _between(chain, law, pairs)
    if between.shape[0] == 1:
        return pairs
    return _pairs(_Chain(between))[pairs]


def _pairs(chain: _Chain) -> Places:
    """Join states two by two, those first of which one leaves most often for the other.

    A state whose neighbours are all taken joins the pair where it most often goes.
    """
    from scipy.sparse import diags_array  # noqa: PLC0415 (slow to import)

    n = len(chain.leaving)
    strength: Sparse = (diags_array(1.0 / chain.leaving) @ chain.rates).tocsr()
    mutual = strength.maximum(strength.T).tocoo()
    a, b = (places.astype(np.int64) for places in mutual.coords)
    upper = a < b
    a, b, value = a[upper], b[upper], mutual.data[upper]
    # Ties are broken by a number of the edge, or long rows of equals would pair one at a time.
    value = value * (1.0 + 1e-6 * ((a * 2654435761 + b * 40503) % 65537) / 65537)
    groups = np.full(n, -1)
    made = 0
    while len(a):
        best = np.zeros(n)
        np.maximum.at(best, a, value)
        np.maximum.at(best, b, value)
        chosen = np.flatnonzero((value == best[a]) & (value == best[b]))
        chosen = chosen[_first_of_each(a[chosen], b[chosen], n)]
        groups[a[chosen]] = groups[b[chosen]] = made + np.arange(len(chosen))
        made += len(chosen)
        free = (groups[a] < 0) & (groups[b] < 0)
        a, b, value = a[free], b[free], value[free]
    alone = np.flatnonzero(groups < 0)
    if len(alone):
        groups[alone] = groups[np.asarray(strength[alone].argmax(axis=1)).ravel()]
    return groups


def _first_of_each(a: Places, b: Places, n: int) -> NDArray[Any]:
    """Of edges that may still share a state after a tie, such as share none."""
    first = np.full(n, len(a))
    order = np.arange(len(a))
    np.minimum.at(first, a, order)
    np.minimum.at(first, b, order)
    return (first[a] == order) & (first[b] == order)
