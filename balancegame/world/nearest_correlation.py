"""The correlation matrix nearest to a symmetric one, by alternating projections."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame.errors import ConvergenceError, InvalidShapeError

Floats = NDArray[np.float64]
_TOLERANCE = 1e-13
_MOST_ROUNDS = 20_000


def nearest_correlation(matrix: ArrayLike) -> Floats:
    """The positive semidefinite matrix with unit diagonal nearest in the Frobenius norm.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric and finite.

    Returns
    -------
    array, shape (n, n)
        Symmetric, unit diagonal, positive semidefinite up to rounding. It is the unique nearest
        one to about 1e-12.

    Raises
    ------
    InvalidShapeError
        Not square, not symmetric, or not finite.
    ConvergenceError
        Not settled after 20,000 rounds (ordinary matrices take fewer than 100, one
        eigendecomposition each).

    References
    ----------
    Higham (2002), "Computing the nearest correlation matrix: a problem from finance", IMA Journal
    of Numerical Analysis 22, Algorithm 3.3; the correction is Dykstra's (1983).

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]]).round(4)
    array([[1.    , 0.7607, 0.1573],
           [0.7607, 1.    , 0.7607],
           [0.1573, 0.7607, 1.    ]])
    """
    try:
        given = np.array(matrix)
        given = given.astype(
            np.float64, casting="same_kind" if given.dtype.kind in "c" else "unsafe"
        )
    except (TypeError, ValueError, OverflowError):
        message = "the matrix must hold real numbers, every row equally long"
        raise InvalidShapeError(message) from None
    if given.ndim != 2 or given.shape[0] != given.shape[1] or given.size == 0:
        message = f"the matrix has shape {given.shape}; it must be square"
        raise InvalidShapeError(message)
    if not np.isfinite(given).all() or not np.allclose(given, given.T, rtol=0.0, atol=1e-12):
        message = "the matrix must be finite and symmetric"
        raise InvalidShapeError(message)
    current = (given + given.T) / 2.0
    scale = max(1.0, float(np.abs(current).max()))
    correction = np.zeros_like(current)
    for _ in range(_MOST_ROUNDS):
        shifted = current - correction
        cone = _project_semidefinite(shifted)
        correction = cone - shifted
        settled = np.abs(cone - current).max() <= _TOLERANCE * scale
        current = cone.copy()
        np.fill_diagonal(current, 1.0)
        if settled and np.abs(cone - current).max() <= _TOLERANCE * scale:
            return _unit_diagonal(cone)
    message = f"the nearest correlation matrix did not settle in {_MOST_ROUNDS:,} rounds"
    raise ConvergenceError(message)


def smallest_eigenvalue(matrix: Floats) -> float:
    """The smallest eigenvalue of a symmetric matrix."""
    return float(np.linalg.eigvalsh(matrix)[0])


def _project_semidefinite(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, 0.0)) @ vectors.T


def _unit_diagonal(matrix: Floats) -> Floats:
    """Rescale rather than overwrite the diagonal, which keeps the matrix semidefinite."""
    scale = 1.0 / np.sqrt(np.diag(matrix))
    scaled = matrix * scale[:, None] * scale[None, :]
    scaled = np.clip((scaled + scaled.T) / 2.0, -1.0, 1.0)
    np.fill_diagonal(scaled, 1.0)
    return scaled
