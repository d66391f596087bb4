"""The equilibrium with a given support near a profile: Newton's method, and where it ends exactly.

Inside the support each player's actions pay the same. That makes as many equations as unknowns,
linear for two players, whose solution is rational.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.games.deviations import Deviation
from balancegame.games.equilibrium import Equilibrium, exact_equilibrium
from balancegame.games.integer_payoffs import integer_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.logit.newton_bound import EPS, isolating_radius
from balancegame.solvers.logit.system import LogitSystem

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Support = tuple[Places, ...]
"""For each player the indices of his actions in it."""

_ITERATIONS = 30
_RANK = 1e-9  # singular values below this share of the largest count as zero
_BEYOND = 2.0  # times the precision of a singular point
_UPRIGHT = 0.3  # sine of an eigenvalue's angle, from which on it leaves equations regular
_LARGEST_EXACT = 60  # actions in the support of two players, solved in rationals


class Indifference:
    """The equations of a support: payoffs in it equal, probabilities summing to 1.

    Attributes
    ----------
    flat : array of int (k,)
        The support's places in flat vectors.
    """

    system: LogitSystem
    support: Support
    flat: Places

    def __init__(self, system: LogitSystem, support: Support) -> None:
        self.system, self.support = system, support
        starts = zip(system.starts, support, strict=False)
        self.flat = np.concatenate([start + part for start, part in starts])

    def restricted(self, p: Floats) -> Floats:
        """A flat profile without what is outside the support."""
        cut = np.zeros_like(p)
        cut[self.flat] = p[self.flat]
        for part in self.system.parts(cut):
            part /= part.sum()
        return cut

    def compared(self, p: Floats) -> Places:
        """For each action of the support his player's most played one, which it is compared with.

        The equation of that one itself stands for the sum of his probabilities.
        """
        first, found = 0, np.empty_like(self.flat)
        for part in self.support:
            own = self.flat[first : first + len(part)]
            found[first : first + len(part)] = own[p[own].argmax()]
            first += len(part)
        return found

    def equations(self, p: Floats) -> tuple[Floats, Floats]:
        """Their values (k,) and derivatives (k, k) at a flat profile."""
        values, pairs = self.system.contract(p)
        flat, best = self.flat, self.compared(p)
        found, jacobian = values[flat] - values[best], (pairs[flat] - pairs[best])[:, flat]
        sums = flat == best
        jacobian[sums] = best[sums][:, None] == best
        found[sums] = jacobian[sums] @ p[flat] - 1.0
        return found, jacobian

    def solved_from(self, p: Floats) -> Floats | None:
        """Newton's method from a flat profile; None where it leaves the interior or is singular."""
        p = self.restricted(p)
        for _ in range(_ITERATIONS):
            values, jacobian = self.equations(p)
            try:
                step = np.linalg.solve(jacobian, -values)
            except np.linalg.LinAlgError:
                return None
            p[self.flat] += step
            if not p[self.flat].min() > 0.0:
                return None
            if np.abs(step).max() <= 4.0 * EPS:
                break
        return p

    def nearest(self, p: Floats) -> Floats | None:
        """Gauss-Newton from a flat profile to the nearest solution, where these form continua."""
        p = self.restricted(p)
        for _ in range(_ITERATIONS):
            values, jacobian = self.equations(p)
            p[self.flat] += np.linalg.lstsq(jacobian, -values, rcond=_RANK)[0]
            if not p[self.flat].min() > 0.0:
                return None
        return p

    def error_bound(self, p: Floats) -> float:
        """How far the solution is from a profile, in each probability; inf if that is not shown."""
        values, jacobian = self.equations(p)
        owners = np.repeat(np.arange(len(self.support)), [len(part) for part in self.support])
        tops = np.where(self.flat == self.compared(p), 0.0, self.system.tops[owners])
        size = len(values)
        noise = self.system.payoffs.rounding * (2.0 * tops + EPS)
        return isolating_radius(
            values,
            jacobian,
            value_errors=noise + EPS * size,
            jacobian_errors=noise * size,
            lipschitz=2.2 * tops * size * size,
        )

    def loses_outside(self, p: Floats, radius: float) -> bool:
        """Whether actions outside lose strictly, wherever in the ball the equilibrium is."""
        system, (values, _) = self.system, self.system.contract(p)
        for part, inside, top in zip(system.parts(values), self.support, system.tops, strict=True):
            outside = np.delete(part, inside)
            slack = system.n_unknowns * radius + 2.0 * system.payoffs.rounding
            if len(outside) and not part[inside].min() - outside.max() > 2.2 * top * slack:
                return False
        return True

    def shift(self, p: Floats) -> Floats:
        """The first-order change (k,) of the logit equilibrium near p, per unit of 1/t."""
        _, jacobian = self.equations(p)
        right = np.log(p[self.flat] / p[self.compared(p)])
        return np.asarray(np.linalg.solve(jacobian, right), np.float64)

    def is_regular_beyond(self, p: Floats, t: float) -> bool:
        """Whether no logit equilibria can branch off near p at higher precisions than t.

        The logs' equations near p have derivatives I - t M, M those of payoffs, less their means,
        by logs; they become singular where t is 1 over an eigenvalue.
        """
        values, pairs = self.system.contract(p)
        flat = self.flat
        slopes = (pairs[flat] - values[flat][:, None])[:, flat] * p[flat]
        first = 0
        for part in self.support:
            own = slice(first, first + len(part))
            slopes[own, own] = 0.0
            slopes[own] -= p[flat[own]] @ slopes[own]
            first += len(part)
        eigenvalues = np.linalg.eigvals(slopes)
        size, real = np.abs(eigenvalues), eigenvalues.real
        # |1 - s eigenvalue| is least for s = real / size^2, and then the sine of its angle.
        nearing = (size > _RANK) & (real > 0.0) & (t * size * size < _BEYOND * real)
        return not (nearing & (np.abs(eigenvalues.imag) < _UPRIGHT * size)).any()


def exactly(game: NormalFormGame, support: Support) -> Equilibrium | None:
    """The equilibrium of two players with this support, in rationals; None if not just one."""
    if game.n_players != 2 or sum(map(len, support)) > _LARGEST_EXACT:
        return None
    payoffs = integer_payoffs(game)
    rows = payoffs[0].matrix, tuple(zip(*payoffs[1].matrix, strict=True))
    own, other = (part.tolist() for part in support)
    first, second = _indifferent(rows[1], other, own), _indifferent(rows[0], own, other)
    if first is None or second is None or min(*first, *second) <= 0:
        return None
    profile = _spread(first, own, game.shape[0]), _spread(second, other, game.shape[1])
    found = exact_equilibrium(game, payoffs, profile, None)
    return found if found.margin >= 0.0 else None


def _indifferent(
    rows: tuple[tuple[int, ...], ...], own: list[int], mixing: list[int]
) -> list[Fraction] | None:
    """Probabilities on `mixing` that make the rows in `own` pay the same; None if not just one."""
    from flint import fmpq_mat, fmpz_mat  # noqa: PLC0415 (slow to load)

    if len(own) != len(mixing):
        return None
    first = rows[own[0]]
    system = [[1] * len(mixing), *([rows[a][b] - first[b] for b in mixing] for a in own[1:])]
    right = [[1], *([0] for _ in own[1:])]
    try:
        solved = fmpq_mat(fmpz_mat(system)).solve(fmpq_mat(fmpz_mat(right)))
    except ZeroDivisionError:
        return None
    return [Fraction(int(solved[k, 0].p), int(solved[k, 0].q)) for k in range(len(mixing))]


def _spread(chances: list[Fraction], places: list[int], length: int) -> tuple[Fraction, ...]:
    part = [Fraction(0)] * length
    for place, chance in zip(places, chances, strict=True):
        part[place] = chance
    return tuple(part)


def recorded(
    game: NormalFormGame,
    profile: tuple[Floats, ...],
    error_bound: float,
    exact: tuple[tuple[Fraction, ...], ...] | None = None,
) -> Equilibrium:
    """The record of a mixed profile, with regret and losses as floats show them."""
    values = game.action_payoffs(profile)
    payoffs = np.array([part @ one for part, one in zip(profile, values, strict=True)])
    regrets = [float(one.max() - paid) for one, paid in zip(values, payoffs, strict=True)]
    deviations = tuple(
        _best_outside(game, i, values[i], part, float(payoffs[i])) for i, part in enumerate(profile)
    )
    return Equilibrium(
        players=game.players,
        action_names=game.actions,
        profile=profile,
        exact=exact,
        error_bound=error_bound,
        payoffs=payoffs,
        exact_payoffs=None,
        regret=0.0 if exact is not None else max(0.0, *regrets),
        margin=min((one.loss for one in deviations if one is not None), default=math.inf),
        index=None,
        deviations=deviations,
    )


def _best_outside(
    game: NormalFormGame, player: int, values: Floats, part: Floats, payoff: float
) -> Deviation | None:
    outside = np.flatnonzero(part == 0.0)
    if not len(outside):
        return None
    best = int(outside[np.argmax(values[outside])])
    value = float(values[best])
    return Deviation(game.players[player], game.actions[player][best], value, payoff - value)
