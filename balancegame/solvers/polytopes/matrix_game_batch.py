"""Many small matrix games at once, in floats: the simplex method on a stack of tableaus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ZERO = 1e-11
_SHIFT = 0.125  # added to payoffs within [0, 1], which makes all values positive

Floats = NDArray[np.float64]


def solve_matrix_games(payoffs: Floats) -> tuple[Floats, Floats]:
    """Nearly optimal strategies of both players of many matrix games.

    Parameters
    ----------
    payoffs : array, shape (b, m, k)
        The row players' payoffs, within [0, 1].

    Returns
    -------
    rows : array, shape (b, m)
        Probability vectors; those of the row players, who maximise.
    columns : array, shape (b, k)

    Notes
    -----
    Dantzig's (1951) programs max 1'z over {z >= 0, C z <= 1} and their duals, by his rule; a
    tableau that rounding or degeneracy keeps from the end is left where it is after a number of
    pivots. What is returned are probabilities in any case, and nothing more is promised.
    """
    b, m, k = payoffs.shape
    tableau = np.zeros((b, m + 1, k + m + 1))
    tableau[:, :m, :k] = payoffs + _SHIFT
    tableau[:, :m, k:-1] = np.eye(m)
    tableau[:, :m, -1] = 1.0
    tableau[:, m, :k] = -1.0
    basic = np.tile(np.arange(k, k + m), (b, 1))
    rows, columns = np.zeros((b, m)), np.zeros((b, k + m))
    places = np.arange(b)
    for pivots in range(20 + 10 * m):
        entering = tableau[:, m, :-1].argmin(axis=1)
        here = np.arange(len(places))
        done = tableau[here, m, entering] >= -_ZERO
        if pivots == 19 + 10 * m:
            done[:] = True
        if done.any():
            finished = places[done]
            rows[finished] = tableau[done, m, k:-1]
            columns[finished[:, None], basic[done]] = tableau[done, :m, -1]
            going = ~done
            if not going.any():
                break
            tableau, basic, places = tableau[going], basic[going], places[going]
            entering, here = entering[going], here[: len(places)]
        _pivot(tableau, basic, entering, here)
    return _probabilities(rows), _probabilities(columns[:, :k])


def _pivot(
    tableau: Floats,
    basic: NDArray[np.intp],
    entering: NDArray[np.intp],
    here: NDArray[np.intp],
) -> None:
    """One exchange in each tableau, in place."""
    column = tableau[here, :, entering]
    able = column[:, :-1] > _ZERO
    ratios = np.where(able, tableau[:, :-1, -1], np.inf) / np.where(able, column[:, :-1], 1.0)
    leaving = ratios.argmin(axis=1)
    line = tableau[here, leaving] / column[here, leaving][:, None]
    tableau -= column[:, :, None] * line[:, None, :]
    tableau[here, leaving] = line
    basic[here, leaving] = entering


def _probabilities(weights: Floats) -> Floats:
    """Made nonnegative, and divided by their sums; uniform where there is nothing to divide."""
    weights = np.where(np.isfinite(weights), np.clip(weights, 0.0, None), 0.0)
    weights[weights.sum(axis=1) <= 0.0] = 1.0
    return weights / weights.sum(axis=1, keepdims=True)
