"""The branch of logit equilibria from the centroid to a Nash equilibrium."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame._numbers import Number, parse_number
from balancegame._words import counted
from balancegame.errors import ConvergenceError, SearchInterrupted
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.narrow_text import captioned_table
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.logit.branch import Branch
from balancegame.solvers.logit.limit import LogitLimit, limit_text, settled_limit, unsettled_limit
from balancegame.solvers.logit.payoff_contractions import payoffs_along
from balancegame.solvers.logit.system import LogitSystem

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_FIRST_TRIAL = 2.0  # scaled precision from which on the limit is tried for
_TRIAL_GROWTH = 1.5
_LAST_PRECISION = 2.0**24  # scaled; a branch that has not settled by then is degenerate
_ENOUGH = 2.0**14  # where rounding may end it before
_LARGEST_UNIT = 1e80  # of these two, where players' payoffs are of very different size
_ACCURACY = 1e-9  # of the logs on the path, as a share of 1 + t
_MOST_ROWS = 12


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogitPath(AsJson, Tabulated, EqualByContent):
    """Points on the branch of logit equilibria that starts at the centroid.

    Attributes
    ----------
    game : NormalFormGame
    precisions : array, shape (k,)
        In the order of travel, from 0; where the branch turns they decrease for a while.
    log_probabilities : array, shape (k, m_0 + ... + m_{n-1})
        Natural logs of player 0's probabilities, then player 1's, and so on.
    residuals : array, shape (k,)
        As `QuantalResponse.residual`, at each point.
    turning_points : tuple of int
        Places where the precision turns; these points were located.
    bifurcations : tuple of int
        Places after which another branch crossed this one: games with symmetries.
    limit : LogitLimit or None
        The Nash equilibrium the branch ends at; None if it was not followed to its end.
    complete : bool
        Whether the branch was followed as far as was asked.
    reason : str
        Where it stopped, and why.
    """

    game: NormalFormGame
    precisions: Floats
    log_probabilities: Floats
    residuals: Floats
    turning_points: tuple[int, ...]
    bifurcations: tuple[int, ...]
    limit: LogitLimit | None
    complete: bool
    reason: str

    def __post_init__(self) -> None:
        for array in (self.precisions, self.log_probabilities, self.residuals):
            array.setflags(write=False)

    @property
    def profiles(self) -> tuple[tuple[Floats, ...], ...]:
        """The k mixed profiles, each with one array (m_i,) a player."""
        whole = np.exp(self.log_probabilities)
        whole.setflags(write=False)
        ends = np.cumsum(self.game.shape)[:-1]
        return tuple(tuple(np.split(one, ends)) for one in whole)

    @property
    def payoffs(self) -> Floats:
        """Expected payoffs, shape (k, n); computed at every call."""
        return payoffs_along(self.game, self.log_probabilities)

    def __len__(self) -> int:
        return len(self.precisions)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per point, player and action.

        Returns
        -------
        pandas.DataFrame
            Columns point (place on the path), precision, player, action, probability, payoff (the
            player's), turning (whether the precision turns there).
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        game, k = self.game, len(self)
        names = [(i, name) for i, part in enumerate(game.actions) for name in part]
        owners = np.array([i for i, _ in names])
        turning = np.isin(np.arange(k), self.turning_points)
        return pd.DataFrame(
            {
                "point": np.repeat(np.arange(k), len(names)),
                "precision": np.repeat(self.precisions, len(names)),
                "player": [game.players[i] for i, _ in names] * k,
                "action": [name for _, name in names] * k,
                "probability": np.exp(self.log_probabilities).ravel(),
                "payoff": self.payoffs[:, owners].ravel(),
                "turning": np.repeat(turning, len(names)),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """The path in plain types, ready for JSON."""
        return {
            "players": self.game.players,
            "actions": self.game.actions,
            "precisions": self.precisions.tolist(),
            "log_probabilities": self.log_probabilities.tolist(),
            "payoffs": self.payoffs.tolist(),
            "residuals": self.residuals.tolist(),
            "turning_points": self.turning_points,
            "bifurcations": self.bifurcations,
            "limit": None if self.limit is None else self.limit.to_dict(),
            "complete": self.complete,
            "reason": self.reason,
        }

    def _caption(self) -> str:
        title = f" of {self.game.title}" if self.game.title else ""
        return (
            f"Logit path{title}: {counted(len(self), 'point')}, "
            f"{counted(len(self.turning_points), 'turning point')}, "
            f"{counted(len(self.bifurcations), 'bifurcation')}"
        )

    def _rows(self) -> list[list[str]]:
        """The most played action of each player at some points."""
        rows = [["precision", *self.game.players]]
        places = np.unique(np.linspace(0, len(self) - 1, _MOST_ROWS).round().astype(int))
        ends = np.cumsum(self.game.shape)[:-1]
        for k in places.tolist():
            cells: list[str] = []
            for names, part in zip(
                self.game.actions, np.split(self.log_probabilities[k], ends), strict=True
            ):
                best = int(np.argmax(part))
                cells.append(f"{number(math.exp(part[best]))} {names[best]}")
            rows.append([number(float(self.precisions[k])), *cells])
        return rows

    def _notes(self) -> list[str]:
        return [self.reason]

    def _text(self) -> str:
        lines = [captioned_table(self._caption(), self._rows())]
        if self.limit is not None:
            lines += ["  Limit", limit_text(self.limit, indent="    ")]
        return "\n".join(lines)


def logit_path(game: NormalFormGame, *, until: Number | None = None) -> LogitPath:
    """Follow logit equilibria from the centroid to the Nash equilibrium they single out.

    Parameters
    ----------
    game : NormalFormGame
        With any number of players.
    until : number, optional
        Stop where the branch first has this precision; by default it is followed until its limit
        is plain.

    Returns
    -------
    LogitPath
        `limit` is the Nash equilibrium at the end (McKelvey & Palfrey 1995, theorem 2; in generic
        games there is just one: theorem 3). It needs no list of equilibria, so that games too
        large to enumerate can be solved. What is known about it stands in ``limit.reason``: a
        strict pure limit is exact, and the branch is confined to it; a mixed limit is exact for two
        players, and otherwise has a proven error bound, while that the branch ends there is
        inferred from its first-order expansion; where ties keep the branch from settling,
        ``limit.settled`` is False and ``limit.regret`` says how good the profile is. That the
        branch was not left for another on the way is not proven: see `quantal_response`.

    Raises
    ------
    ConvergenceError
        Floats are not accurate enough to follow the branch.
    InvalidNumberError, InvalidParameterError
        As `quantal_response`, for `until`.
    InvalidPayoffError
        Payoff differences so small that precisions would overflow.
    SearchInterrupted
        Ctrl-C; `result` is the path so far, `complete` False.

    See Also
    --------
    quantal_response : the logit equilibrium of one precision, with a certificate; its notes on
        turning points and on games with symmetries hold here too.

    Notes
    -----
    Cost: some 40 to 150 points, each with two or three passes over the payoff table: about 4 ms for
    six players with two actions, 10 ms for eight. Where players have many actions the branch turns
    often, at high precisions: 450 points and 3 seconds for eight players with five.

    Examples
    --------
    >>> import balancegame as bg
    >>> stag_hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], actions=["stag", "hare"]
    ... )
    >>> path = bg.logit_path(stag_hunt)
    >>> path.limit.actions, path.limit.regret
    (('hare', 'hare'), 0.0)
    >>> path.limit.reason
    'a strict equilibrium, exact, to which the branch is confined from here on'
    """
    check_type(game, NormalFormGame, "game")
    system = LogitSystem(game)
    end = None if until is None else system.scaled(parse_number(until, "until"), "until")
    branch = Branch(system)
    with interruptible(branch):
        if end is not None:
            if end > 0.0:
                branch.follow_to(end)
            reason = "Followed to the precision asked for"
            return _path(branch, limit=None, complete=True, reason=reason)
        limit = _followed_to_limit(branch)
    word = "its limit was plain" if limit.settled else "it had not settled"
    last = number(float(branch.precisions_at([len(branch.points) - 1])[0]))
    return _path(
        branch, limit=limit, complete=limit.settled, reason=f"Followed to precision {last}: {word}"
    )


def _followed_to_limit(branch: Branch) -> LogitLimit:
    system = branch.system
    trial = 0.0 if system.spread == 0.0 else _FIRST_TRIAL
    unit = min(1.0 / system.least_spread, _LARGEST_UNIT)
    while branch.precision < _LAST_PRECISION * unit:
        if branch.precision >= trial:
            limit = settled_limit(system, branch.points[-1], branch.tangents[-1])
            if limit is not None:
                return limit
            trial = _TRIAL_GROWTH * branch.precision
        try:
            branch.advance()
        except ConvergenceError:
            if branch.precision < _ENOUGH * unit:
                raise
            break
    return unsettled_limit(system, branch.points[-1], branch.tangents[-1])


@contextmanager
def interruptible(branch: Branch) -> Generator[None]:
    """Ctrl-C raises `SearchInterrupted` with the path so far."""
    try:
        yield
    except KeyboardInterrupt:
        found = _path(branch, limit=None, complete=False, reason="Interrupted")
        raise SearchInterrupted(found) from None


def _path(branch: Branch, *, limit: LogitLimit | None, complete: bool, reason: str) -> LogitPath:
    system = branch.system
    points = np.array(branch.points[: len(branch.tangents)])
    t = points[:, -1]
    precisions = np.array([system.unscaled(point) for point in points])
    logs = system.responses(points[:, :-1], 1.0)
    values = system.payoffs.values_along(logs)
    off = system.residuals(logs, values, t)
    if not off.max() <= _ACCURACY:
        place = int(np.argmax(off))
        message = (
            f"at precision {precisions[place]:.6g} the logit equations hold to {off[place]:.1g} "
            f"only, of {_ACCURACY:g} asked for; follow the path to a smaller precision"
        )
        raise ConvergenceError(message)
    return LogitPath(
        game=system.game,
        precisions=precisions,
        log_probabilities=logs,
        residuals=off,
        turning_points=tuple(k for k in branch.turning_points if k < len(points)),
        bifurcations=tuple(branch.bifurcations),
        limit=limit,
        complete=complete,
        reason=reason,
    )
