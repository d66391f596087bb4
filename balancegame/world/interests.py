"""How parallel states' interests are, read off their alliance portfolios.

A portfolio is a state's row of obligations to every state of the system, its own entry included.
Both measures lie in [-1, 1] (up to rounding), are symmetric with unit diagonal, and give positive
semidefinite matrices: kappa_ij = 2 cov_ij / (V_i + V_j + (m_i - m_j)^2) is the entrywise product
of a covariance with the kernel 1 / (V_i + V_j + (m_i - m_j)^2) = integral over t > 0 of
e^(-t V_i) e^(-t V_j) e^(-t (m_i - m_j)^2), both positive semidefinite (Schur's theorem); and S is
an average over thresholds c of the products sgn(a_ik - c) sgn(a_jk - c).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame.errors import InvalidPortfolioError

Floats = NDArray[np.float64]


def s_score(
    portfolios: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    scale: tuple[float, float] = (0, 3),
) -> Floats:
    """Signorino & Ritter's S: 1 minus twice the weighted mean distance of two portfolios.

    ``S_ij = 1 - 2 sum_k w_k |a_ik - a_jk| / (range * sum_k w_k)``.

    Parameters
    ----------
    portfolios : array_like, shape (n, K)
        Row i holds state i's obligations to the K states of the system.
    weights : array_like, shape (K,), optional
        Nonnegative, for instance capabilities; default equal.
    scale : (low, high)
        The ends of the scale obligations are coded on.

    Returns
    -------
    array, shape (n, n)
        In [-1, 1]; positive semidefinite. Zeros shared by both count as agreement, so that S
        overstates parallelism in sparse systems; see `kappa`.

    References
    ----------
    Signorino & Ritter (1999), "Tau-b or Not Tau-b", International Studies Quarterly 43.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.s_score([[3, 3, 2, 2], [2, 2, 3, 3]], [0.5, 0.3, 0.1, 0.1])[0, 1].round(12)
    np.float64(0.333333333333)
    """
    rows, w = _read_portfolios(portfolios, weights, scale)
    distances = np.abs(rows[:, None, :] - rows[None, :, :]) @ w
    return _similarity(2.0 * distances)


def kappa(
    portfolios: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    scale: tuple[float, float] = (0, 3),
) -> Floats:
    """Chance-corrected similarity of portfolios: Cohen's kappa with squared distances.

    ``kappa_ij = 1 - sum_k w_k (a_ik - a_jk)^2 / (V_i + V_j + W (m_i - m_j)^2)``, where W is the
    sum of the weights, m_i a row's weighted mean and V_i its weighted sum of squares about it.

    Parameters
    ----------
    portfolios, weights, scale
        As for `s_score`; the value does not depend on the scale, which bounds the entries.

    Returns
    -------
    array, shape (n, n)
        In [-1, 1]; positive semidefinite. 1 for equal portfolios, constant ones included; 0 is
        the agreement expected by chance.

    References
    ----------
    Haege (2011), "Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity for
    Chance Agreement", Political Analysis 19.

    Examples
    --------
    Ten potential partners, one ally each and none shared: S = 0.6, and yet no likeness at all.

    >>> import numpy as np, balancegame as bg
    >>> two = np.zeros((2, 10))
    >>> two[0, 0] = two[1, 1] = 3
    >>> bg.s_score(two)[0, 1].round(3), bg.kappa(two)[0, 1].round(3)
    (np.float64(0.6), np.float64(-0.111))
    """
    rows, w = _read_portfolios(portfolios, weights, scale)
    means = rows @ w
    spread = ((rows - means[:, None]) ** 2) @ w
    distances = ((rows[:, None, :] - rows[None, :, :]) ** 2) @ w
    largest = spread[:, None] + spread[None, :] + (means[:, None] - means[None, :]) ** 2
    ratio = np.divide(distances, largest, out=np.zeros_like(distances), where=distances > 0.0)
    return _similarity(ratio)


def _similarity(distance: Floats) -> Floats:
    """1 - distance, with the rounding taken off symmetry and range."""
    return np.clip(1.0 - (distance + distance.T) / 2.0, -1.0, 1.0)


def _read_portfolios(
    portfolios: ArrayLike, weights: ArrayLike | None, scale: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Rows on a scale from 0 to 1, and weights that sum to 1."""
    try:
        low, high = (float(end) for end in scale)
    except (TypeError, ValueError, OverflowError):
        low = high = np.nan
    if not -np.inf < low < high < np.inf:
        message = f"scale is {scale}; give its two ends, the lower first"
        raise InvalidPortfolioError(message)
    try:
        if np.iscomplexobj(portfolios):
            raise TypeError
        rows = np.array(portfolios, dtype=np.float64)
        w = np.array(np.ones(rows.shape[-1:]) if weights is None else weights, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        message = "portfolios and weights must be numbers, every row equally long"
        raise InvalidPortfolioError(message) from None
    if rows.ndim != 2 or 0 in rows.shape:
        message = f"portfolios have shape {rows.shape}, expected (states, states of the system)"
        raise InvalidPortfolioError(message)
    outside = np.argwhere(~((rows >= low) & (rows <= high)))
    if len(outside):
        i, k = (int(place) for place in outside[0])
        message = f"portfolios[{i}, {k}] is {rows[i, k]}, outside the scale {low:g} to {high:g}"
        raise InvalidPortfolioError(message)
    if w.shape != rows.shape[1:]:
        message = f"weights have shape {w.shape}, expected {rows.shape[1:]}: one for each column"
        raise InvalidPortfolioError(message)
    if not (np.isfinite(w).all() and (w >= 0.0).all() and w.max() > 0.0):
        message = "weights must be nonnegative and finite, and not all zero"
        raise InvalidPortfolioError(message)
    w /= w.max()
    return (rows - low) / (high - low), w / w.sum()
