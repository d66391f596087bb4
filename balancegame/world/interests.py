"""How parallel states' interests are, read off their alliance portfolios.

A portfolio is a state's row of obligations to every state of the system, its own entry included.
All measures lie in [-1, 1] (up to rounding) and are symmetric with unit diagonal. All but pi give
positive semidefinite matrices: kappa_ij = 2 cov_ij / (V_i + V_j + (m_i - m_j)^2) is the entrywise
product of a covariance with the kernel 1 / (V_i + V_j + (m_i - m_j)^2) = integral over t > 0 of
e^(-t V_i) e^(-t V_j) e^(-t (m_i - m_j)^2), both positive semidefinite (Schur's theorem); S is an
average over thresholds c of the products sgn(a_ik - c) sgn(a_jk - c); and tau_b is a correlation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame.errors import InvalidPortfolioError
from balancegame.world.nearest_correlation import nearest_correlation

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


def pi_score(
    portfolios: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    scale: tuple[float, float] = (0, 3),
    project: bool = False,
) -> Floats:
    """Chance-corrected similarity of portfolios: Scott's pi with squared distances.

    ``pi_ij = 1 - sum_k w_k (a_ik - a_jk)^2 / (sum_k w_k (a_ik - M)^2 + sum_k w_k (a_jk - M)^2)``,
    where M is the mean of the two rows' weighted means. Unlike `kappa` it takes the two states to
    share one distribution of obligations, so that a difference in their means counts against
    them: pi is never above kappa.

    Parameters
    ----------
    portfolios, weights, scale
        As for `s_score`; the value does not depend on the scale, which bounds the entries.
    project : bool
        Return the nearest correlation matrix instead where the scores are not one.

    Returns
    -------
    array, shape (n, n)
        In [-1, 1]; 1 for equal portfolios. It need not be positive semidefinite: portfolios that
        are constant at k different levels have -1 for every pair and the eigenvalue 2 - k. A
        `World` holds such a matrix, and the balancing model projects it with a warning.

    References
    ----------
    Haege (2011), "Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity for
    Chance Agreement", Political Analysis 19.

    Examples
    --------
    >>> import balancegame as bg
    >>> rows = [[3, 0, 0, 1], [0, 3, 3, 1]]
    >>> bg.pi_score(rows)[0, 1].round(4), bg.kappa(rows)[0, 1].round(4)
    (np.float64(-0.9459), np.float64(-0.8))
    >>> levels = [[0, 0], [1, 1], [3, 3]]
    >>> bg.pi_score(levels)[0]
    array([ 1., -1., -1.])
    >>> bg.pi_score(levels, project=True)[0].round(4)
    array([ 1. , -0.5, -0.5])
    """
    rows, w = _read_portfolios(portfolios, weights, scale)
    means = rows @ w
    spread = ((rows - means[:, None]) ** 2) @ w
    distances = ((rows[:, None, :] - rows[None, :, :]) ** 2) @ w
    gaps = (means[:, None] - means[None, :]) ** 2
    largest = spread[:, None] + spread[None, :] + gaps / 2.0
    ratio = np.divide(distances, largest, out=np.zeros_like(distances), where=distances > 0.0)
    scores = _similarity(ratio)
    if not project or np.linalg.eigvalsh(scores)[0] >= -1e-10:
        return scores
    return nearest_correlation(scores)


def tau_b(
    portfolios: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    scale: tuple[float, float] = (0, 3),
) -> Floats:
    """Kendall's tau-b of portfolios: whether two states rank the others alike.

    For comparison with older work: it looks at the order of the obligations only, so that states
    whose obligations are far apart may have 1, and Signorino & Ritter advise against it.

    Parameters
    ----------
    portfolios, weights, scale
        As for `s_score`; a pair of columns counts by the product of its weights. Time and memory
        grow with the square of the number of columns.

    Returns
    -------
    array, shape (n, n)
        In [-1, 1]; positive semidefinite. The value does not depend on the scale.

    Raises
    ------
    InvalidPortfolioError
        Besides what `s_score` raises: a row is constant where the weights are positive, and has
        no order.

    References
    ----------
    Bueno de Mesquita (1975), "Measuring Systemic Polarity", Journal of Conflict Resolution 19;
    Kendall (1945), "The Treatment of Ties in Ranking Problems", Biometrika 33.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.tau_b([[3, 2, 1, 0], [3, 2, 0, 1], [3, 3, 0, 0]])[0].round(4)
    array([1.    , 0.6667, 0.8165])
    """
    rows, w = _read_portfolios(portfolios, weights, scale)
    first, second = np.triu_indices(rows.shape[1], 1)
    orders = np.sign(rows[:, first] - rows[:, second]) * np.sqrt(w[first] * w[second])
    lengths = np.sqrt((orders**2).sum(axis=1))
    if not lengths.all():
        row = int(np.flatnonzero(lengths == 0.0)[0])
        message = f"portfolios[{row}] is constant and ranks nothing; tau_b needs two levels"
        raise InvalidPortfolioError(message)
    orders /= lengths[:, None]
    scores = np.clip(orders @ orders.T, -1.0, 1.0)
    scores = (scores + scores.T) / 2.0
    np.fill_diagonal(scores, 1.0)
    return scores


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
