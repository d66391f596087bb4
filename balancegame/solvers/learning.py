"""How two players, or two populations, may learn to play a game: nashpy's dynamics.

None of these proves anything: they show where play goes, and `LearningPath.regret` how far from an
equilibrium it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_generator, check_type, is_sized
from balancegame._numbers import parse_number, shorten
from balancegame._progress import report
from balancegame.errors import InvalidParameterError, InvalidShapeError, InvalidTypeError
from balancegame.games.equal_content import EqualByContent
from balancegame.games.nashpy_games import fictitious_counts, replicated, stochastic_counts
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile, mixed_profile
from balancegame.games.rendering import Rows, number
from balancegame.games.tabulated import Tabulated

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_TASK = "periods of play"
_MOST_PERIODS = 1_000_000
_SHOWN = 5  # times of a printed path
_EXPONENT = 500.0  # payoffs over noise up to which exp stays finite


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LearningPath(Tabulated, EqualByContent):
    """What two players do in the course of time.

    Attributes
    ----------
    game : NormalFormGame
    method : str
    times : array, shape (k,)
        Periods played, or points of time.
    profiles : array, shape (k, m_0 + m_1)
        Both players' shares of actions so far (fictitious play), or at that time (replicator).
    """

    game: NormalFormGame
    method: str
    times: Floats
    profiles: Floats

    @property
    def final(self) -> tuple[Floats, Floats]:
        """Each player's shares at the end."""
        split = self.game.shape[0]
        return self.profiles[-1, :split], self.profiles[-1, split:]

    @property
    def regret(self) -> float:
        """What the player gains at most who alone leaves `final`: 0 at an equilibrium."""
        return float(self.game.regret(self.final).max())

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: columns time, player, action, share.

        Returns
        -------
        pandas.DataFrame
            One row a time, player and action.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        labels = self._labels()
        k = len(self.times)
        return pd.DataFrame(
            {
                "time": np.repeat(self.times, len(labels)),
                "player": [player for player, _ in labels] * k,
                "action": [action for _, action in labels] * k,
                "share": self.profiles.ravel(),
            }
        )

    def _labels(self) -> list[tuple[str, str]]:
        game = self.game
        return [(p, a) for p, own in zip(game.players, game.actions, strict=True) for a in own]

    def _caption(self) -> str:
        title = f" in {self.game.title}" if self.game.title else ""
        return f"{self.method}{title}: regret {number(self.regret)} at the end"

    def _rows(self) -> Rows:
        places = np.unique(np.linspace(0, len(self.times) - 1, _SHOWN).round().astype(int))
        rows = [["player", "action", *(number(float(self.times[k])) for k in places)]]
        for column, (player, action) in enumerate(self._labels()):
            rows.append(
                [player, action, *(number(float(self.profiles[k, column])) for k in places)]
            )
        return rows


def fictitious_play(
    game: NormalFormGame,
    periods: int = 1000,
    *,
    start: Profile | None = None,
    noise: float | None = None,
    perturbation: float = 0.01,
    rng: np.random.Generator | int | None = 0,
) -> LearningPath:
    """Both players best respond to what the other has done so far.

    Parameters
    ----------
    game : NormalFormGame
        Of two players.
    periods : int
        How many, up to a million; each takes some tens of microseconds.
    start : profile, optional
        What is believed before the first period, and counts as one period. Default: nothing; the
        first actions are then drawn evenly.
    noise : float, optional
        If given, stochastic fictitious play: logit responses of that noise, to payoffs perturbed by
        up to `perturbation` (Hofbauer & Sandholm 2002).
    perturbation : float
    rng : Generator or int, optional
        Ties between best responses, and noise, are drawn from it.

    Returns
    -------
    LearningPath
        Shares of the periods so far, `start` included. In zero-sum, potential and 2 x 2 games they
        come to an equilibrium (Robinson 1951; Monderer & Shapley 1996; Miyasawa 1961); elsewhere
        they may cycle (Shapley 1964).

    Raises
    ------
    InvalidShapeError, InvalidParameterError, InvalidTypeError

    References
    ----------
    Brown, G. W. (1951), Iterative solution of games by fictitious play. The dynamics are computed
    by nashpy (Knight & Campbell 2018).

    Examples
    --------
    >>> import balancegame as bg
    >>> pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> path = bg.fictitious_play(pennies, 4000, start=["a0", "a0"])
    >>> path.regret < 0.05, path.final[0].round(1).tolist()
    (True, [0.5, 0.5])
    """
    check_two_players(game)
    count = check_count(periods, "periods", 1)
    if count > _MOST_PERIODS:
        message = f"periods is {count:,}; give at most {_MOST_PERIODS:,}"
        raise InvalidParameterError(message)
    generator = check_generator(rng)
    before = [np.zeros(size) for size in game.shape] if start is None else _parts(game, start)
    if noise is None:
        counts = fictitious_counts(game, count, before, generator)
        method = "Fictitious play"
    else:
        sharp, spread = _check_noise(game, noise), _at_least_0(perturbation, "perturbation")
        counts = stochastic_counts(game, count, before, generator, noise=sharp, perturbation=spread)
        method = f"Stochastic fictitious play of noise {number(sharp)}"
    profiles = np.empty((count, sum(game.shape)))
    for period, pair in enumerate(_reported(counts, count)):
        profiles[period] = np.concatenate([own / own.sum() for own in pair])
    return LearningPath(game, method, np.arange(1.0, count + 1), profiles)


def replicator_dynamics(
    game: NormalFormGame,
    times: Sequence[float] | Floats | None = None,
    *,
    start: Profile | None = None,
) -> LearningPath:
    """Actions that do better than average spread in each of two populations.

    Parameters
    ----------
    game : NormalFormGame
        Of two players: one population each.
    times : sequence of float, optional
        Increasing points of time, the first that of `start`. Default: 1,000 from 0 to 100.
    start : profile, optional
        The shares of actions at first. Default: even.

    Returns
    -------
    LearningPath
        What is not played at the start never is; an equilibrium stays put, but so does every
        profile of pure actions.

    Raises
    ------
    InvalidShapeError, InvalidParameterError, InvalidTypeError

    References
    ----------
    Taylor, P. D. (1979), Evolutionarily stable strategies with two types of player. The equations
    are integrated by nashpy (Knight & Campbell 2018) with scipy's odeint.

    Examples
    --------
    A stag hunt from three starts: hare unless the stag is hunted by two thirds.

    >>> import balancegame as bg
    >>> hunt = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]])
    >>> for share in (0.6, 0.7):
    ...     path = bg.replicator_dynamics(hunt, start=[[share, 1 - share]] * 2)
    ...     print(path.final[0].round(2).tolist())
    [0.0, 1.0]
    [1.0, 0.0]
    """
    check_two_players(game)
    points = np.linspace(0.0, 100.0, 1000) if times is None else _read_times(times)
    even = [np.full(size, 1.0 / size) for size in game.shape]
    shares = replicated(game, even if start is None else _parts(game, start), points)
    split = game.shape[0]
    # Integration lets sums drift from 1 by its tolerance.
    for own in (slice(None, split), slice(split, None)):
        shares[:, own] = np.clip(shares[:, own], 0.0, None)
        shares[:, own] /= shares[:, own].sum(axis=1, keepdims=True)
    return LearningPath(game, "Replicator dynamics", points, shares)


def check_two_players(game: NormalFormGame) -> None:
    """Refuse what these dynamics are not defined for."""
    check_type(game, NormalFormGame, "game")
    if game.n_players != 2:
        message = (
            f"the game has {game.n_players} players; these dynamics are of two. endurance() "
            "follows any number of players who revise one at a time"
        )
        raise InvalidShapeError(message)


def _reported(counts: Iterator[Any], total: int) -> Iterator[Any]:
    for done, pair in enumerate(counts):
        if done % 4096 == 0:
            report(_TASK, done, total)
        yield pair


def _parts(game: NormalFormGame, profile: Profile | Mapping[str, Any]) -> list[Floats]:
    return [
        np.array(part, np.float64) for part in mixed_profile(profile, game.players, game.actions)
    ]


def _at_least_0(value: Any, argument: str) -> float:
    given = float(parse_number(value, argument, InvalidParameterError))
    if given < 0:
        message = f"{argument} is {number(given)}; it must be at least 0"
        raise InvalidParameterError(message)
    return given


def _check_noise(game: NormalFormGame, noise: Any) -> float:
    """A noise at which the exponentials of payoffs stay finite."""
    given = _at_least_0(noise, "noise")
    least = float(np.abs(game.payoffs).max()) / _EXPONENT
    if given <= least:
        message = (
            f"noise is {number(given)}; with payoffs of {number(least * _EXPONENT)} it must be "
            f"above {number(least)}. noise=None is fictitious play without any"
        )
        raise InvalidParameterError(message)
    return given


def _read_times(times: Sequence[float] | Floats) -> Floats:
    if isinstance(times, str | bytes) or not is_sized(times):
        message = f"times is {shorten(times)}; give increasing points of time"
        raise InvalidTypeError(message)
    points = np.array([float(parse_number(t, "times", InvalidParameterError)) for t in times])
    if len(points) < 2 or (np.diff(points) <= 0).any():
        message = f"times is {shorten(times)}; give at least two, increasing"
        raise InvalidParameterError(message)
    return points
