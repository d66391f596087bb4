"""An upper bound on sum_{i<j} J_ij x_i x_j by semidefinite programming with triangle inequalities.

The matrix X = x x' of an alignment has ones on its diagonal, is positive semidefinite, and obeys
the triangle inequalities of the cut polytope. Any multipliers y and w >= 0 of these give a bound:
with M = J - sum_r w_r A_r - diag(y),

    <J, X>  <=  sum(y) + sum(w) + n max(0, largest eigenvalue of M).

Good multipliers come from minimising Malick and Roupin's smooth upper bound

    sum(y) + sum(w) + |M_+|^2 / (2 t) + t n^2 / 2,

where M_+ is the positive semidefinite part and t falls from round to round; broken triangles join
between rounds. The bound returned is proven: the eigenvalue is bounded by a Cholesky factorisation
that runs to its end (Rump 2006), and rounding goes outwards.

References
----------
N. Krislock, J. Malick and F. Roupin (2014), "Improved semidefinite bounding procedure for solving
max-cut problems to optimality", Mathematical Programming 143, 61-86.
S. M. Rump (2006), "Verification of positive definiteness", BIT 46, 433-452.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.alignment_triangles import (
    broken_triangles,
    subtract_triangles,
    triangle_excess,
)
from balancegame._kernels.blas_threads import one_blas_thread

_FIRST_SMOOTHING = 0.01
_NEXT_SMOOTHING = 0.4
_LEAST_SMOOTHING = 2e-5
_STEPS = 25  # of the quasi-Newton method, a round
_ADDED = 12  # triangles a state and round
_BROKEN = 0.05  # by which a triangle inequality must be broken to join
_ROOM = 1 << 14
UNIT = 2.0**-53

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Of the diagonal (n,), and of triangle inequalities; in units of the couplings."""

    diagonal: Floats
    triangles: Integers
    weights: Floats
    smoothing: float


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A proven bound, the matrix X it comes from, and the multipliers that prove it."""

    bound: int
    matrix: Floats
    multipliers: Multipliers


def upper_bound(
    J: Integers,
    target: int,
    start: Multipliers | None = None,
    *,
    rounds: int = 12,
    patient: bool = False,
) -> Relaxation:
    """Bound the sum, in rounds until it is below ``target`` or progress does not promise that.

    ``patient`` goes on while there is progress at all, to the best bound.
    """
    with one_blas_thread():
        return _upper_bound(J, target, start, rounds=rounds, patient=patient)


def _upper_bound(
    J: Integers, target: int, start: Multipliers | None, *, rounds: int, patient: bool
) -> Relaxation:
    n = len(J)
    scale = float(np.sqrt((J.astype(np.float64) ** 2).sum() / n)) or 1.0
    if start is None:
        top = float(np.linalg.eigvalsh(J.astype(np.float64))[-1])
        start = Multipliers(
            np.full(n, top), np.empty((0, 6), np.int64), np.empty(0), _FIRST_SMOOTHING * scale
        )
    trivial = int(np.abs(J).sum()) // 2
    best: Relaxation | None = None
    previous = math.inf
    at = start
    for count in range(rounds):
        at, matrix = _improve(J, at, scale)
        bound = min(proven_bound(J, at), trivial)
        gained = previous - bound
        if best is None or bound < best.bound:
            best = Relaxation(bound, matrix, at)
        previous = min(previous, bound)
        if bound < target or (not patient and count > 1 and bound - target > 4 * gained):
            break
        if gained < 1e-6 * scale:
            break
        smoothing = max(at.smoothing * _NEXT_SMOOTHING, _LEAST_SMOOTHING * scale)
        at = _with_broken(at, matrix, scale, smoothing)
    if best is None:  # pragma: no cover (rounds is at least 1)
        raise AssertionError
    return best


def _improve(J: Integers, at: Multipliers, scale: float) -> tuple[Multipliers, Floats]:
    """A round of the quasi-Newton method; the new multipliers, and X scaled to unit diagonal."""
    from scipy.optimize import Bounds, minimize  # noqa: PLC0415 (slow to import, needed here only)

    n = len(J)
    problem = _SmoothBound(J / scale, at.triangles, at.smoothing / scale)
    lowest = np.concatenate([np.full(n, -np.inf), np.zeros(len(at.weights))])
    found = minimize(
        problem,
        np.concatenate([at.diagonal, at.weights]) / scale,
        jac=True,
        method="L-BFGS-B",
        bounds=Bounds(lowest, np.inf),  # pyright: ignore[reportArgumentType] (stubs know scalars only)
        options={"maxiter": _STEPS, "ftol": 1e-7},
    )
    problem(found.x)
    matrix = problem.matrix
    size = np.sqrt(np.maximum(np.diag(matrix), 1e-12))
    point = found.x * scale
    return (
        Multipliers(point[:n], at.triangles, np.maximum(point[n:], 0.0), at.smoothing),
        matrix / size[:, None] / size,
    )


class _SmoothBound:
    """Malick and Roupin's bound and its gradient, as the minimiser calls it."""

    def __init__(self, J: Floats, triangles: Integers, smoothing: float) -> None:
        self._J = J
        self._triangles = triangles
        self._smoothing = smoothing
        self.matrix = np.empty(J.shape)

    def __call__(self, point: Floats) -> tuple[float, Floats]:
        n, t = len(self._J), self._smoothing
        y, w = point[:n], point[n:]
        M = self._J.copy()
        _fast(subtract_triangles)(M, self._triangles, w)
        M[np.diag_indices(n)] -= y
        values, vectors = np.linalg.eigh(M)
        positive = values > 0.0
        factor = vectors[:, positive] * np.sqrt(values[positive])
        self.matrix = factor @ factor.T / t
        excess = np.empty(len(w))
        _fast(triangle_excess)(self.matrix, self._triangles, excess)
        value = y.sum() + w.sum() + (values[positive] ** 2).sum() / (2 * t) + t * n * n / 2
        # The derivative by w_r is 1 - <A_r, X>, which is minus the excess.
        return float(value), np.concatenate([1.0 - np.diag(self.matrix), -excess])


def _with_broken(at: Multipliers, X: Floats, scale: float, smoothing: float) -> Multipliers:
    """Drop triangles without weight, add those that are broken most."""
    n = len(X)
    kept = at.weights > 1e-6 * scale
    triangles, weights = at.triangles[kept], at.weights[kept]
    found, excess = np.empty((_ROOM, 6), np.int64), np.empty(_ROOM)
    count = _fast(broken_triangles)(X, _BROKEN, found, excess)
    most = np.argsort(-excess[:count], kind="stable")[: _ADDED * n]
    known = set(map(bytes, triangles))
    fresh = [row for row in found[most] if bytes(row) not in known]
    if fresh:
        triangles = np.vstack([triangles, np.array(fresh)])
        weights = np.concatenate([weights, np.zeros(len(fresh))])
    return Multipliers(at.diagonal, triangles, weights, smoothing)


def proven_bound(J: Integers, at: Multipliers) -> int:
    """The bound that given multipliers prove, rounded up; any of them with weights >= 0 will do."""
    n = len(J)
    given = dual(J, at)
    whole = math.fsum([*at.diagonal.tolist(), *at.weights.tolist()]) + n * given.proven_maximum()
    # <J, X> counts every pair twice; the few operations above are far below this margin.
    return math.floor((whole + 1e-14 * (abs(whole) + n * given.size)) / 2.0)


@dataclass(frozen=True, slots=True)
class Dual:
    """The matrix M of multipliers, in floats.

    ``size`` bounds the row sums of its terms' absolute values, ``error`` how far its eigenvalues
    are off by the rounding of its entries.
    """

    M: Floats
    size: float
    error: float

    def proven_maximum(self) -> float:
        """An upper bound, at least 0, on the eigenvalues.

        A floating-point Cholesky factorisation of a symmetric A that runs to its end proves that
        the smallest eigenvalue of A is at least -g trace(A) / (1 - g), with g = (n + 2) u / (1 -
        (n + 2) u).
        """
        n = len(self.M)
        top = float(np.linalg.eigvalsh(self.M)[-1])
        shift = max(top, 0.0) + 1e-14 * self.size
        while True:
            A = -self.M
            A[np.diag_indices(n)] += shift
            try:
                np.linalg.cholesky(A)
            except np.linalg.LinAlgError:
                shift = 2.0 * shift
                continue
            break
        g = (n + 2) * UNIT / (1.0 - (n + 2) * UNIT)
        # The shifted diagonal was rounded, too.
        added = 1.01 * (g / (1.0 - g) * float(np.trace(A)) + 2 * UNIT * (self.size + shift))
        return shift + added + 1e-290 + self.error


def dual(J: Integers, at: Multipliers) -> Dual:
    """M, and what rounding can have done to it.

    Its entries carry an error of at most (c + 4) u times the sum of absolute terms, c being the
    largest number of triangles on an entry.
    """
    n = len(J)
    exact = J.astype(np.float64)
    M = exact.copy()
    absolute, touched = np.abs(exact), np.zeros((n, n))
    _fast(subtract_triangles)(M, at.triangles, at.weights)
    unsigned = at.triangles.copy()
    unsigned[:, 3:] = 1
    _fast(subtract_triangles)(absolute, unsigned, at.weights)
    _fast(subtract_triangles)(touched, unsigned, np.full(len(at.weights), 2.0))
    M[np.diag_indices(n)] -= at.diagonal
    absolute[np.diag_indices(n)] += np.abs(at.diagonal)
    terms = float(touched.max(initial=0.0)) + 4.0
    size = float(absolute.sum(axis=1).max()) or 1.0
    return Dual(M, size, 1.01 * (2 * terms + n) * UNIT * size)


def _fast(kernel: object) -> Callable[..., int]:
    """The compiled form: this is for games large enough to need it."""
    return kernel.compiled  # pyright: ignore
