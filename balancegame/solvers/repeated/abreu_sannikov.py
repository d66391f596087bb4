"""The payoff set of two players in floats, by the method of Abreu & Sannikov (2014).

A payoff is an equilibrium's if some profile played today and some continuation payoff in the set
average to it, and losing the continuation for the threat, the player's lowest payoff in the set,
deters every deviation today. The set is the largest that contains all that it generates so; a
sequence of sets that starts with all feasible payoffs shrinks to it. Of each profile's
continuations few matter: by Abreu & Sannikov, extreme payoffs come from profiles that deter
deviations when played for ever, and from continuations that just deter one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.solvers.repeated.two_player_profiles import FloatProfiles

Floats = NDArray[np.float64]

TIE = 1e-9  # of the payoffs' range: nearer than that, floats do not decide
_SETTLED = 1e-14
_BLOCK = 1000  # steps between reports
_MOST = 40_000  # steps


@dataclass(frozen=True, slots=True)
class FloatSet:
    """Scaled corners (k, 2) and threats (2,); what the last step moved; whether floats tie."""

    corners: Floats
    threats: Floats
    moved: float
    tied: bool


def float_set(profiles: FloatProfiles, delta: float, slack: Floats | None = None) -> FloatSet:
    """The payoff set, up to rounding.

    Parameters
    ----------
    profiles : FloatProfiles
    delta : float
        In (0, 1).
    slack : array, shape (A,), optional
        By how much each profile may miss what it needs; by default as little as floats resolve.
    """
    slack = np.full(len(profiles.payoffs), TIE / 10) if slack is None else slack
    if len(profiles.chances) == 1:
        corners, threats, moved = _one_stage(profiles, delta, slack)
    else:
        corners, threats, moved = _contingencies(profiles, delta, slack)
    tied = moved > _SETTLED if len(corners) else False
    return FloatSet(corners, threats, moved, tied or has_ties(profiles, corners, threats))


def has_ties(profiles: FloatProfiles, corners: Floats, threats: Floats) -> bool:
    """Whether some profile meets, or misses, what it needs by less than floats resolve."""
    if not len(corners):
        return False  # the last step found nothing by a margin, or the proof will say so
    if len(corners) > 1 and bool((_heights(corners) <= TIE).any()):
        return True
    bounds = threats + profiles.needs
    needy = profiles.needs > 0.0
    over = profiles.payoffs - bounds
    close = (np.abs(over) <= TIE) & (needy | (over != 0.0))
    if bool((close.any(axis=1) & (over >= -TIE).all(axis=1)).any()):
        return True
    left = corners.max(axis=0) - bounds
    open_ = ~(over >= 0.0).all(axis=1) if len(profiles.chances) == 1 else np.ones(len(over), bool)
    candidates = open_ & (left >= -TIE).all(axis=1)
    if bool(((np.abs(left) <= TIE) & needy)[candidates].any()):
        return True
    candidates &= needy.all(axis=1)
    if len(corners) < 3:
        # On a segment or at a point: both constraints at once decide by a hair.
        return bool(candidates.any()) and _near_segment(bounds[candidates], corners)
    edges = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([edges[:, 1], -edges[:, 0]], axis=1) / np.hypot(*edges.T)[:, None]
    outside = (
        ((bounds[candidates][:, None, :] - corners) * normals)
        .sum(axis=2)
        .max(axis=1, initial=-np.inf)
    )
    return bool((np.abs(outside) <= TIE).any())


def _heights(corners: Floats) -> Floats:
    """How far each corner juts out from the line between its neighbours; of two, how far apart."""
    if len(corners) == 2:
        return np.abs(corners[:1] - corners[1:]).max(axis=1)
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    along, way = after - before, corners - before
    area = np.abs(along[:, 0] * way[:, 1] - along[:, 1] * way[:, 0])
    return area / np.maximum(np.hypot(*along.T), 1e-300)


def _near_segment(points: Floats, corners: Floats) -> bool:
    along = corners[-1] - corners[0]
    length = max(float(along @ along), 1e-300)
    share = np.clip((points - corners[0]) @ along / length, 0.0, 1.0)
    apart = points - corners[0] - share[:, None] * along
    return bool((np.abs(apart).max(axis=1) <= TIE).any())


def _one_stage(
    profiles: FloatProfiles, delta: float, slack: Floats
) -> tuple[Floats, Floats, float]:
    from balancegame._kernels.abreu_sannikov import hull, shrink  # noqa: PLC0415 (loads numba)

    size = 4 * len(profiles.payoffs) + 8
    old, new, points = np.empty((size, 2)), np.empty((size, 2)), np.empty((size, 2))
    order = np.empty(size, np.int64)
    threats, alive = profiles.minmax.copy(), np.ones(len(profiles.payoffs), np.bool_)
    n = hull(profiles.payoffs.copy(), len(profiles.payoffs), order, old)
    moved = np.inf
    for done in range(0, _MOST, _BLOCK):
        n, _, moved = shrink(
            profiles.payoffs, profiles.needs, slack, delta, threats, alive, old, n, new, points,
            order, _BLOCK, _SETTLED,
        )  # fmt: skip
        if n == 0 or moved <= _SETTLED:
            break
        report("payoff set, steps", done + _BLOCK, _MOST)
    return old[:n].copy(), threats, float(moved)


def _contingencies(
    profiles: FloatProfiles, delta: float, slack: Floats
) -> tuple[Floats, Floats, float]:
    from balancegame._kernels.abreu_sannikov import hull, images  # noqa: PLC0415 (loads numba)

    def convex(points: Floats) -> Floats:
        corners, order = np.empty((2 * len(points) + 2, 2)), np.empty(len(points), np.int64)
        return corners[: hull(points, len(points), order, corners)].copy()

    def added(one: Floats, other: Floats) -> Floats:
        return convex((one[:, None, :] + other).reshape(-1, 2))

    spans = [slice(*span) for span in zip(profiles.first, profiles.first[1:], strict=False)]
    payoffs = [np.ascontiguousarray(profiles.payoffs[span]) for span in spans]
    needs = [np.ascontiguousarray(profiles.needs[span]) for span in spans]
    slacks = [np.ascontiguousarray(slack[span]) for span in spans]
    alive = [np.ones(len(one), np.bool_) for one in payoffs]
    threats, corners = profiles.minmax.copy(), np.zeros((1, 2))
    for chance, one in zip(profiles.chances, payoffs, strict=True):
        corners = added(corners, chance * convex(one))
    moved = np.inf
    for step in range(_MOST):
        total = np.zeros((1, 2))
        for s, chance in enumerate(profiles.chances):
            points = np.empty(((len(corners) + 4) * max(int(alive[s].sum()), 1), 2))
            count = images(
                payoffs[s], needs[s], slacks[s], delta, threats, alive[s], corners, len(corners), 1,
                points,
            )  # fmt: skip
            if count == 0:
                return np.empty((0, 2)), threats, np.inf
            total = added(total, chance * convex(points[:count]))
        moved = float(np.abs(total - corners).max()) if len(total) == len(corners) else np.inf
        corners = total
        threats = np.maximum(threats, corners.min(axis=0))
        if moved <= _SETTLED:
            break
        if step % _BLOCK == _BLOCK - 1:
            report("payoff set, steps", step + 1, _MOST)
    return corners, threats, moved
