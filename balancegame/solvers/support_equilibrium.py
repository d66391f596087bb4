"""The equilibrium with a given support near a profile: Newton's method, and where it ends exactly.

Inside the support each player's actions pay the same. That makes as many equations as unknowns,
linear for two players, whose solution is rational.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame.games.deviations import Deviation
from balancegame.games.equilibrium import Equilibrium, exact_equilibrium
from balancegame.games.integer_payoffs import integer_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.logit_system import LogitSystem
from balancegame.solvers.newton_bound import EPS, isolating_radius

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Support = tuple[Places, ...]
"""For each player the indices of his actions in it."""

_ITERATIONS = 30
_RANK = 1e-9  # singular values below this share of the largest count as zero
_LARGEST_EXACT = 60  # actions in the support of two players, solved in rationals


class Indifference:
    """The equations of a support: payoffs in it equal, probabilities summing to 1.

    Attributes
    ----------
    flat : array of int (k,)
        The support's places in flat vectors.
    """

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

    def rows(self, p: Floats) -> Iterator[tuple[int, int, int]]:
        """The equations in order: player, action, and his most played action it is compared with.

        The row in which the two agree stands for the sum of his probabilities.
        """
        for i, part in enumerate(self.support):
            own = self.system.starts[i] + part
            best = int(own[np.argmax(p[own])])
            for a in own.tolist():
                yield i, a, best

    def equations(self, p: Floats) -> tuple[Floats, Floats]:
        """Their values (k,) and derivatives (k, k) at a flat profile."""
        values, pairs = self.system.contract(p)
        size = len(self.flat)
        found, jacobian = np.empty(size), np.empty((size, size))
        for row, (i, a, best) in enumerate(self.rows(p)):
            if a == best:
                own = slice(self.system.starts[i], self.system.starts[i + 1])
                found[row] = p[own].sum() - 1.0
                inside = (self.flat >= own.start) & (self.flat < own.stop)
                jacobian[row] = inside.astype(np.float64)
            else:
                found[row] = values[a] - values[best]
                jacobian[row] = pairs[a, self.flat] - pairs[best, self.flat]
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
        tops = np.array([0.0 if a == best else self.system.tops[i] for i, a, best in self.rows(p)])
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
        right = np.array([math.log(p[a] / p[best]) for _, a, best in self.rows(p)])
        return np.linalg.solve(jacobian, right)


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
    values, payoffs = game.action_payoffs(profile), game.expected_payoffs(profile)
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
        regret=0.0 if exact is not None else float(game.regret(profile).max()),
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
