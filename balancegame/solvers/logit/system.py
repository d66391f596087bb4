"""The equations of logit equilibria, and Newton's method on them.

A logit equilibrium of precision t (McKelvey & Palfrey 1995) has p_ia proportional to
exp(t u_ia(p)). The unknowns are the logs l of all probabilities, so that none can underflow, and t
(Turocy 2005); with b the action a player plays most the equations are l_ia - l_ib =
t (u_ia - u_ib), and that the probabilities sum to 1. Which action b is does not change the sign of
the derivatives' determinant. The derivatives are analytic: that of u_ia by l_jb is p_jb times what
a gains if j plays b for certain. All of these come from contracting each payoff table once, see
`_kernels/logit.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_table_fits
from balancegame.errors import InvalidParameterError, InvalidPayoffError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.logit.payoff_contractions import PayoffContractions

Floats = NDArray[np.float64]

_MOST_COMPILED = 120  # unknowns: beyond, LAPACK solves the equations faster
_MOST_CORRECTIONS = 8
_LARGEST = 1e100  # scaled precision: its square must not overflow
_NOISE = 0.1  # in probes, so that none stays in a subspace
_TURNS = 4  # of inverse iteration at each point


class Correction(NamedTuple):
    """Where Newton's method ended.

    `sign` is that of the bordered determinant, 0 where the method did not converge; `first` the
    first correction as a share of max(1, |y|), `contraction` the second over the first. `inverse`
    is the norm of the bordered matrix's inverse applied to the probe that was given, large near
    singular points, and `next_inverse` that for `next_probe`: from point to point, probes turn
    into the direction in which the matrix is closest to singular.
    """

    sign: int
    point: Floats
    tangent: Floats
    next_probe: Floats
    first: float
    contraction: float
    inverse: float
    next_inverse: float


class LogitSystem:
    """The equations of one game, with payoffs scaled by a power of 2.

    Only differences between a player's actions matter: each payoff enters less that of his first
    action against the same actions of the others, formed exactly where the game is exact. They
    are at most 1 in size, and `exponent` is the power of 2 that was taken out: precision times
    2 ** exponent is t.

    Attributes
    ----------
    payoffs : PayoffContractions
        Of these differences.
    tops : array (n,)
        The largest of each, in size.
    """

    game: NormalFormGame
    exponent: int
    payoffs: PayoffContractions
    tops: Floats
    starts: NDArray[np.int64]
    n_unknowns: int
    parts: Callable[[Floats], tuple[Floats, ...]]
    contract: Callable[[Floats], tuple[Floats, Floats]]

    def __init__(self, game: NormalFormGame) -> None:
        check_table_fits(game.n_players, game.shape)
        self.game = game
        tables, self.exponent = _scaled_differences(game)
        self.payoffs = PayoffContractions(game.shape, tables)
        self.tops = np.abs(tables).max(axis=1)
        self.starts, self.n_unknowns = self.payoffs.starts, self.payoffs.n_actions
        self.parts, self.contract = self.payoffs.parts, self.payoffs.contract
        # Any fixed vector without symmetries.
        self._noise = np.append(np.random.default_rng(5).normal(size=self.n_unknowns), 0.0)
        self._noise *= _NOISE / np.linalg.norm(self._noise)

    @property
    def spread(self) -> float:
        """The largest difference between two actions of a player, scaled; 0 if nothing matters."""
        return float(self.tops.max())

    @property
    def least_spread(self) -> float:
        """The same of the player for whom it is least, those left out to whom nothing matters."""
        return float(self.tops[self.tops > 0.0].min(initial=1.0))

    def centroid(self) -> Floats:
        """The start of the branch: uniform play at precision 0."""
        logs = [-math.log(m) for m in self.game.shape for _ in range(m)]
        return np.array([*logs, 0.0])

    def first_probe(self) -> Floats:
        """A unit vector to start with."""
        return self._noise / _NOISE

    def correct(self, guess: Floats, normal: Floats, probe: Floats, small: float) -> Correction:
        """Newton's method from a guess, in the plane through it normal to `normal`.

        Ends when a correction is at most `small`; what error is left is of the order of its square.
        """
        if not self.payoffs.compiled or self.n_unknowns > _MOST_COMPILED:
            return self._correct_plainly(guess, normal, probe, small)
        from balancegame._kernels.logit import correct  # noqa: PLC0415 (slow load)

        point, tangent, found = guess.copy(), np.empty_like(guess), np.zeros(4)
        probe, payoffs = probe.copy(), self.payoffs
        sign = correct(
            payoffs.tables, payoffs.starts, payoffs.halves, point, normal, probe, self._noise,
            small, _MOST_CORRECTIONS, tangent, found,
        )  # fmt: skip
        return Correction(sign, point, tangent, probe, *found.tolist())

    def responses(self, values: Floats, t: Floats | float) -> Floats:
        """The logs of the logit responses to payoffs (..., N) at precisions t (...)."""
        logs = np.multiply(np.asarray(t)[..., None], values)
        for i in range(self.game.n_players):
            part = logs[..., self.starts[i] : self.starts[i + 1]]
            part -= part.max(axis=-1, keepdims=True)
            part -= np.log(np.exp(part).sum(axis=-1, keepdims=True))
        return logs

    def scaled(self, precision: float, argument: str) -> float:
        """A precision given by a user in units of the scaled payoffs."""
        if precision < 0.0:
            message = f"{argument} is {precision}; it must be at least 0"
            raise InvalidParameterError(message)
        scaled = Fraction(precision) * Fraction(2) ** self.exponent
        if scaled > _LARGEST:
            message = (
                f"{argument} is {precision}; with payoff differences of up to 2**{self.exponent} "
                f"it must be at most {_LARGEST:g} / 2**{self.exponent}: choose a smaller one"
            )
            raise InvalidParameterError(message)
        return float(scaled)

    def unscaled(self, point: Floats) -> float:
        """The precision at a point (N + 1,), in the game's own units."""
        try:
            return math.ldexp(float(point[-1]), -self.exponent)
        except OverflowError:
            message = (
                f"payoff differences are at most 2**{self.exponent}: precisions are beyond the "
                "range of a float; multiply the payoffs"
            )
            raise InvalidPayoffError(message) from None

    def residuals(self, logs: Floats, values: Floats, t: Floats) -> Floats:
        """How far profiles (k, N) are from the logit responses to them, as shares of 1 + t."""
        off = np.abs(logs - self.responses(values, t)).max(axis=-1)
        return off / (1.0 + t * self.spread)

    def _system(self, y: Floats) -> tuple[Floats, Floats, Floats]:
        """The equations' values (N,), derivatives (N, N), and derivatives by t (N,)."""
        logs, t = y[:-1], float(y[-1])
        p = np.exp(self.responses(logs, 1.0))
        values, pairs = self.contract(p)
        jacobian = (pairs - values[:, None]) * p
        found, by_t = np.empty(self.n_unknowns), np.empty(self.n_unknowns)
        for first, end in zip(self.starts[:-1], self.starts[1:], strict=True):
            own = slice(first, end)
            b = first + int(np.argmax(logs[own]))
            gains = values[own] - values[b]
            jacobian[own] = -t * (jacobian[own] - jacobian[b])
            jacobian[own, own] = np.eye(end - first)
            jacobian[own, b] -= 1.0
            found[own], by_t[own] = logs[own] - logs[b] - t * gains, -gains
            jacobian[b], jacobian[b, own] = 0.0, p[own]
            found[b] = logs[b] + math.log(np.exp(logs[own] - logs[b]).sum())
        return found, jacobian, by_t

    def _correct_plainly(
        self, guess: Floats, normal: Floats, probe: Floats, small: float
    ) -> Correction:
        """`correct` by numpy and LAPACK."""
        failed = Correction(0, guess, guess, probe, 0.0, 0.0, 0.0, 0.0)
        y, sizes = guess.copy(), [math.inf]
        for _ in range(_MOST_CORRECTIONS):
            residual, jacobian, by_t = self._system(y)
            matrix = np.vstack([np.column_stack([jacobian, by_t]), normal])
            scales = np.abs(matrix).max(axis=1)
            try:
                inverse = np.linalg.inv(matrix / scales[:, None]) / scales
            except np.linalg.LinAlgError:
                return failed
            step = -inverse[:, :-1] @ residual
            size = float(np.max(np.abs(step) / np.maximum(1.0, np.abs(y))))
            if not size < 1e3 or (size > 0.5 * sizes[-1] and size > small):
                return failed
            sizes.append(size)
            y += step
            if size <= small:
                sign = int(np.linalg.slogdet(matrix / scales[:, None])[0])
                tangent = inverse[:, -1] / np.linalg.norm(inverse[:, -1])
                norm = last = float(np.linalg.norm(inverse @ probe))
                following = probe
                for turn in range(_TURNS):
                    following = inverse @ following / last + (self._noise if turn == 0 else 0.0)
                    following /= np.linalg.norm(following)
                    last = float(np.linalg.norm(inverse @ following))
                contraction = sizes[2] / sizes[1] if len(sizes) > 2 else 0.0
                return Correction(sign, y, tangent, following, sizes[1], contraction, norm, last)
        return failed


def _scaled_differences(game: NormalFormGame) -> tuple[Floats, int]:
    """Payoffs less those of the own first action, (n, profiles), and the power of 2 taken out."""
    n = game.n_players
    if game.has_rounded_payoffs:
        own_first = [np.moveaxis(game.exact_payoffs[i], i, 0) for i in range(n)]
        exact = np.array([(one - one[:1]).ravel() for one in own_first])
        return _rounded(exact)
    before = max(math.frexp(float(np.abs(game.payoffs).max()))[1] - 1000, 0)
    tables = np.empty((n, game.n_profiles))
    for i in range(n):
        one = np.moveaxis(game.payoffs[i], i, 0)
        if before:
            one = np.ldexp(one, -before)
        np.subtract(one, one[:1], out=tables[i].reshape(one.shape))
    exponent = math.frexp(float(np.abs(tables).max()))[1]
    if exponent:
        np.ldexp(tables, -exponent, out=tables)
    return tables, exponent + before


def _rounded(exact: NDArray[np.object_]) -> tuple[Floats, int]:
    """Fractions over a power of 2 that makes the largest one at most 1, rounded."""
    top: Fraction = np.abs(exact).max()
    if not top:
        return np.zeros(exact.shape), 0
    exponent = top.numerator.bit_length() - top.denominator.bit_length() + 1
    scale = Fraction(2) ** exponent
    return np.array([[float(value / scale) for value in row] for row in exact]), exponent
