"""Quantal response equilibrium of one precision: on the branch from the centroid, the first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame._numbers import Number, exactly, format_number, parse_number
from balancegame.certificates.certificate import Certificate
from balancegame.errors import ConvergenceError
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.logit.branch import Branch
from balancegame.solvers.logit.log_odds import LogOdds, log_odds
from balancegame.solvers.logit.newton_bound import EPS, isolating_radius
from balancegame.solvers.logit.path import interruptible
from balancegame.solvers.logit.system import LogitSystem

Floats = NDArray[np.float64]

_ACCURACY = 1e-12  # of the logs, as a share of 1 + t


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class QuantalResponse(AsJson, Tabulated, EqualByContent):
    """A logit equilibrium: each action's probability is proportional to exp(precision * payoff).

    Attributes
    ----------
    game : NormalFormGame
    precision : float
    exact_precision : Fraction
        The precision as it was given; a float's is its binary value.
    profile : tuple of arrays
        Player i's probabilities, shape (m_i,), read-only; those below 1e-308 come out as 0.
    log_probabilities : tuple of arrays
        Their natural logs, which stay finite.
    payoffs : array, shape (n,)
        Expected payoffs.
    residual : float
        The largest difference between the log of a probability and that of the logit response to
        the profile, as a share of 1 + precision times the largest difference a player's own action
        can make.
    error_bound : float
        A logit equilibrium of this precision lies within this of the profile, in each probability
        (Kantorovich 1948, rounding counted, exp and log taken to be accurate to 4 units in the last
        place); inf where floats cannot show it, as at turning points.
    turning_points, bifurcations : tuple of float
        Precisions at which the branch turned, and at which it crossed another, on the way here.
    n_points : int
        How many points of the branch were computed on the way.
    """

    game: NormalFormGame
    precision: float
    exact_precision: Fraction
    profile: tuple[Floats, ...]
    log_probabilities: tuple[Floats, ...]
    payoffs: Floats
    residual: float
    error_bound: float
    turning_points: tuple[float, ...]
    bifurcations: tuple[float, ...]
    n_points: int

    def __post_init__(self) -> None:
        for array in (*self.profile, *self.log_probabilities, self.payoffs):
            array.setflags(write=False)

    @property
    def certificate(self) -> Certificate:
        """Evidence that can be re-checked without a solver, written out anew at every call.

        It proves that just one logit equilibrium of this precision lies in a ball about a
        profile; not that it is the one on the branch from the centroid. See docs/certificates.md.

        Raises
        ------
        TableTooLargeError
            Over 100,000 payoffs: exact arithmetic would take minutes.
        ConvergenceError
            No ball could be proven to hold just one, as where the branch turns.
        """
        from balancegame.solvers.logit.certificate import write  # noqa: PLC0415

        return write(self)

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "precision": format_number(self.precision),
            "players": self.game.players,
            "actions": self.game.actions,
            "profile": _by_name(self.game, self.profile),
            "log_probabilities": _by_name(self.game, self.log_probabilities),
            "payoffs": dict(zip(self.game.players, self.payoffs.tolist(), strict=True)),
            "residual": self.residual,
            "error_bound": self.error_bound if math.isfinite(self.error_bound) else None,
            "turning_points": self.turning_points,
            "bifurcations": self.bifurcations,
            "n_points": self.n_points,
        }

    def _notes(self) -> list[str]:
        bound = f"within {self.error_bound:.1g}" if math.isfinite(self.error_bound) else "no bound"
        return [f"residual {self.residual:.1g}, {bound}"]

    def _caption(self) -> str:
        title = f" of {self.game.title}" if self.game.title else ""
        return f"Quantal response{title} at precision {number(self.precision)} (logit branch)"

    def _rows(self) -> list[list[str]]:
        rows = [["", "plays", "payoff"]]
        for player, names, part, payoff in zip(
            self.game.players, self.game.actions, self.profile, self.payoffs, strict=True
        ):
            played = " + ".join(
                f"{number(chance)} {name}" for name, chance in zip(names, part, strict=True)
            )
            rows.append([player, played, number(payoff)])
        return rows


def quantal_response(game: NormalFormGame, precision: Number) -> QuantalResponse:
    """The logit equilibrium of a precision: the first on the branch that starts at the centroid.

    Every action is played with probability proportional to exp(precision * payoff), given that
    the others do likewise (McKelvey & Palfrey 1995). At precision 0 everyone plays at random;
    there a branch of such equilibria starts that reaches every precision, and the first point of
    this precision on it is returned.

    Parameters
    ----------
    game : NormalFormGame
        With any number of players.
    precision : number
        At least 0, in units of 1 over payoff: payoffs times c have at precision / c what the
        game has at precision.

    Returns
    -------
    QuantalResponse
        The profile with payoffs, residual, an error bound and, on request, a certificate that a
        logit equilibrium is there. That no earlier point was missed is not proven: see Notes.

    Raises
    ------
    InvalidNumberError, InvalidParameterError
        A precision that is not finite, negative, or too large for these payoffs.
    ConvergenceError
        Floats are not accurate enough to follow the branch, or to separate it from another.
    SearchInterrupted
        Ctrl-C; `result` is the `LogitPath` so far.

    Notes
    -----
    The branch is followed by a predictor-corrector method in the logs of the probabilities
    (Turocy 2005), through turning points. It is the only curve from the centroid unless the game
    is special: in games with symmetries other branches cross it. There the smooth continuation is
    followed, which is the symmetric one, and the place recorded in `bifurcations`. Symmetries
    broken by less than about 1e-12 of the payoff range count as symmetries. Steps are controlled so
    that no other curve is mistaken for this one; that is tested and not proven.

    Cost: some 30 to 150 points, each with two or three passes over the payoff table: 5 ms for two
    players or for eight with two actions each, seconds for eight players with five.

    References
    ----------
    McKelvey & Palfrey (1995), Quantal response equilibria for normal form games. Turocy (2005), A
    dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence.

    Examples
    --------
    Asymmetric matching pennies: the row player's gain from heads brings him to play it more, while
    in the Nash equilibrium he plays half and half.

    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> bg.quantal_response(game, 1).profile
    (array([0.89357633, 0.10642367]), array([0.31278038, 0.68721962]))
    """
    check_type(game, NormalFormGame, "game")
    given = parse_number(precision, "precision")
    system = LogitSystem(game)
    t = system.scaled(given, "precision")
    branch = Branch(system)
    if t == 0.0:
        return _result(branch, given, branch.points[0][:-1])
    with interruptible(branch):
        found = branch.follow_to(t)
    return _result(branch, given, found)


def _result(branch: Branch, given: float, logs: Floats) -> QuantalResponse:
    system = branch.system
    t = system.scaled(given, "precision")
    logs = system.responses(logs, 1.0)
    p = np.exp(logs)
    values, pairs = system.contract(p)
    residual = float(system.residuals(logs[None], values[None], np.array([t]))[0])
    if not residual <= _ACCURACY:
        message = (
            f"at precision {given} the logit equations hold to {residual:.1g} only, of "
            f"{_ACCURACY:g} asked for; choose a smaller precision"
        )
        raise ConvergenceError(message)
    profile = system.parts(p)
    return QuantalResponse(
        game=system.game,
        precision=float(given),
        exact_precision=exactly(given),
        profile=profile,
        log_probabilities=system.parts(logs),
        payoffs=system.game.expected_payoffs(profile),
        residual=residual,
        error_bound=_error_bound(log_odds(system, logs, values, pairs, t), logs),
        turning_points=branch.precisions_at(branch.turning_points),
        bifurcations=branch.precisions_at(branch.bifurcations),
        n_points=len(branch.points),
    )


def _error_bound(odds: LogOdds, logs: Floats) -> float:
    """A bound on the distance to the logit equilibrium, in each probability."""
    units = np.maximum(1.0, np.abs(logs))
    radius = isolating_radius(
        odds.values,
        odds.jacobian * units,
        value_errors=odds.value_errors,
        jacobian_errors=odds.jacobian_errors,
        lipschitz=odds.lipschitz,
    )
    if not radius * units.max() < 0.5:
        return math.inf
    return float((np.exp(logs) * np.expm1(radius * units)).max() + 8.0 * EPS)


def _by_name(game: NormalFormGame, parts: tuple[Floats, ...]) -> dict[str, dict[str, float]]:
    return {
        player: dict(zip(names, part.tolist(), strict=True))
        for player, names, part in zip(game.players, game.actions, parts, strict=True)
    }
