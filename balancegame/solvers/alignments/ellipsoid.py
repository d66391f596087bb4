"""What can meet a target, by the ellipsoid in which a relaxation's multipliers confine it.

With Z = diag(y) + sum_r w_r A_r - J, as in `relaxation`, every alignment x obeys

    <J, x x'>  <=  sum(y) + sum(w) - x' Z x,

so that those of a sum over pairs of at least t lie where x' Z x <= sum(y) + sum(w) - 2 t. If the
bound is not far from t there are few, and a search through the ellipsoid takes nanoseconds a node
where another relaxation would take milliseconds.

References
----------
U. Fincke and M. Pohst (1985), "Improved methods for calculating vectors of short length in a
lattice", Mathematics of Computation 44, 463-471.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.alignment_ellipsoid import search_ellipsoid
from balancegame._kernels.threads import run_blocks
from balancegame.solvers.alignments.relaxation import UNIT, Multipliers, dual

_DEPTH = 6  # states fixed in each block of the search
_UNEVEN = 4  # times its fair share of nodes that a block may take
_LIFT = 1e-3  # of eigenvalues that are next to nothing, as a share of the couplings' scale

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of sides that met the target: all if ``settled`` and not ``overflow``."""

    rows: Integers
    nodes: int
    settled: bool
    overflow: bool


def search_within(
    J: Integers, at: Multipliers, least: int, slack: int, budget: int, room: int
) -> Found:
    """Look for all alignments of sum ``least`` or more, unless that takes too many nodes.

    As `solve_dolls` does, but in blocks, on all processors. Each block has a share of the budget,
    so that what is found does not depend on the number of processors.
    """
    n = len(J)
    depth = min(_DEPTH, n - 1)
    factor, order, radius = _ellipsoid(J, at, least)
    ordered = np.ascontiguousarray(J[np.ix_(order, order)])
    blocks = 1 << depth
    share = budget * _UNEVEN // blocks
    rows = np.empty((blocks, room, n), dtype=np.int64)
    met, nodes = np.zeros(blocks, np.int64), np.zeros(blocks, np.int64)
    search = search_ellipsoid.compiled
    settled = True

    def work(first: int, end: int) -> None:
        nonlocal settled
        for k in range(first, end):
            if settled:  # else the answer is known
                met[k], nodes[k] = search(
                    k, depth, factor, ordered, radius, least, slack, share, rows[k]
                )
                settled = settled and bool(met[k] >= 0)

    run_blocks(work, blocks, 1)
    if not settled:
        return Found(np.empty((0, n), np.int64), budget, settled=False, overflow=False)
    kept = np.concatenate([rows[k, : min(met[k], room)] for k in range(blocks)])
    back = np.empty_like(kept)
    back[:, order] = kept
    return Found(back, int(nodes.sum()), settled=True, overflow=bool(slack and met.max() > room))


def _ellipsoid(J: Integers, at: Multipliers, least: int) -> tuple[Floats, Integers, float]:
    """L, the order of the states in it, and a radius that rounding cannot make too small.

    Z is lifted until it has a Cholesky factorisation in floats, L L' = Z + s + E, where the norm of
    E is at most g trace(Z + s) / (1 - g), with g as in `Dual.proven_minimum`. An entry of L' x is
    off by at most g times the sum of |L_ik| over i, its square by 3 g times that sum's square, and
    these squares add up to at most n trace(Z + s).
    """
    n = len(J)
    given = dual(J, at)
    scale = float(np.sqrt((J.astype(np.float64) ** 2).sum() / n)) or 1.0
    lift = max(0.0, float(np.linalg.eigvalsh(given.M)[-1])) + _LIFT * scale + 1e-12 * given.size
    while True:
        Z = -given.M
        Z[np.diag_indices(n)] += lift
        try:
            order = _order(Z)
            factor = np.linalg.cholesky(Z[np.ix_(order, order)])
        except np.linalg.LinAlgError:
            lift = 2.0 * lift
            continue
        break
    g = (n + 2) * UNIT / (1.0 - (n + 2) * UNIT)
    trace = float(np.trace(Z))
    eigenvalues = lift + given.error + 1.01 * g / (1.0 - g) * trace + 6 * UNIT * (given.size + lift)
    whole = math.fsum([*at.diagonal.tolist(), *at.weights.tolist()])
    radius = whole - 2 * least + n * eigenvalues + 8 * n * g * trace
    margin = 1e-14 * (abs(whole) + 2.0 * abs(least) + n * (given.size + lift))
    return np.ascontiguousarray(factor, dtype=np.float64), order, radius + margin


def _order(Z: Floats) -> Integers:
    """States such that those fixed first, the last ones, are the best determined.

    Of those left, the one whose square weighs most once the others are free to fit: whose
    conditional variance is least, with the inverse of Z for covariances.
    """
    n = len(Z)
    inverse = np.linalg.inv(Z)
    taken = np.zeros(n)
    order = np.empty(n, dtype=np.int64)
    for place in range(n - 1, -1, -1):
        k = int((np.diag(inverse) + taken).argmin())
        order[place] = k
        taken[k] = np.inf
        inverse = inverse - np.outer(inverse[:, k], inverse[k]) / inverse[k, k]
    return order
