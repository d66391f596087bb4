"""Punishments that no punisher can better alone, in floats, from many starts at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.polytopes.matrix_game_batch import solve_matrix_games

_STARTS = 16
_SWEEPS = 12

Floats = NDArray[np.float64]


def starts(payoffs: Floats) -> list[Floats]:
    """Profiles to start from: uniform, and the best pure ones; one (s, m_j) array a punisher."""
    sizes = payoffs.shape[1:]
    best = np.argsort(payoffs.max(axis=0).ravel(), kind="stable")[: _STARTS - 1]
    cells = np.unravel_index(best, sizes)
    return [
        np.vstack([np.full(m, 1.0 / m), np.eye(m)[cell]])
        for m, cell in zip(sizes, cells, strict=True)
    ]


def alternate(payoffs: Floats, begin: list[Floats]) -> tuple[tuple[Floats, ...], float]:
    """From each start, one punisher after the other replies best to the rest; the best end."""
    parts = begin
    reached = ceilings = np.full(len(parts[0]), np.inf)
    for _ in range(_SWEEPS):
        for j in range(len(parts)):
            _, parts[j] = solve_matrix_games(_all_but(payoffs, parts, j))
        reached = (_all_but(payoffs, parts, 0) @ parts[0][:, :, None]).max(axis=(1, 2))
        if (reached >= ceilings - 1e-12).all():
            break
        ceilings = reached
    best = int(np.argmin(reached))
    return tuple(part[best] for part in parts), float(reached[best])


def _all_but(payoffs: Floats, parts: list[Floats], punisher: int) -> Floats:
    """What own actions get against each action of one punisher, shape (s, m, m_j)."""
    values = np.moveaxis(payoffs, punisher + 1, 1)[None]
    for part in reversed([part for j, part in enumerate(parts) if j != punisher]):
        shape = (len(part), *values.shape[1:-1])
        flat = np.broadcast_to(values, (len(part), *values.shape[1:]))
        values = np.matmul(flat.reshape(len(part), -1, part.shape[1]), part[:, :, None])
        values = values.reshape(shape)
    return values
