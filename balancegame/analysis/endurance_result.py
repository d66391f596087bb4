"""What `endurance` returns: the long-run law, the alignments that last, and how long."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count
from balancegame._numbers import format_fraction, format_number, shorten
from balancegame._progress import report
from balancegame._words import counted
from balancegame.analysis.endurance_rendering import caption_of, notes_of, rows_of
from balancegame.analysis.expected_time import ExpectedTime
from balancegame.analysis.tipping import Tipping, TippingMove
from balancegame.errors import InvalidParameterError, InvalidTypeError, UnknownNameError
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profile_text import profile_text
from balancegame.games.profiles import Profile, mixed_profile
from balancegame.games.rendering import (
    Rows,
    fraction_number,
    number,
)
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.revision.logit_revision import logit_revision, resistances
from balancegame.solvers.revision.long_run import check_logs_fit
from balancegame.solvers.revision.passage_times import log_passage_time
from balancegame.solvers.revision.resistance_paths import Step, distances_from, least_paths

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Cell = tuple[int, ...]

_MOST_NAMED = 2  # profiles of one alignment


@final
@dataclass(frozen=True, slots=True)
class LastingAlignment:
    """A set of profiles that the players leave only by error.

    Attributes
    ----------
    players : tuple of str
    cells : tuple of tuple of int
        Its profiles by action index: one for a strict equilibrium; several where ties or a
        best-reply cycle lead from each to each.
    profiles : tuple of tuple of str
        The same by action names.
    probability : float
        The share of time spent at these profiles in the long run.
    basin_size : int
        The number of profiles from which best replies lead here for sure.
    basin_probability : float
        The share of time spent there in the long run.
    shortfall : Fraction
        By how much the least tree of resistances rooted here exceeds the least of all; the share
        of time here falls like exp(-precision * shortfall).
    is_stable : bool
        Whether it is stochastically stable, that is, `shortfall` is 0.
    """

    players: tuple[str, ...]
    cells: tuple[Cell, ...]
    profiles: tuple[tuple[str, ...], ...]
    probability: float
    basin_size: int
    basin_probability: float
    shortfall: Fraction
    is_stable: bool

    def to_dict(self) -> dict[str, Any]:
        """The alignment in plain types, ready for JSON."""
        return {
            "profiles": [list(profile) for profile in self.profiles],
            "probability": self.probability,
            "basin_size": self.basin_size,
            "basin_probability": self.basin_probability,
            "shortfall": format_fraction(self.shortfall),
            "is_stable": self.is_stable,
        }

    @property
    def label(self) -> str:
        """Who plays what in the profile, or in the first few of them, as text."""
        shown = " or ".join(
            profile_text(self.players, profile) for profile in self.profiles[:_MOST_NAMED]
        )
        more = len(self.profiles) - _MOST_NAMED
        return shown if more <= 0 else f"{shown} or {more:,} more"

    def __repr__(self) -> str:
        stable = "stable" if self.is_stable else f"shortfall {fraction_number(self.shortfall)}"
        share, basin = (
            number(one) if one else "below 1e-308"
            for one in (self.probability, self.basin_probability)
        )
        return wrapped(
            f"Lasting alignment, {self.label}: share {share}, "
            f"{counted(self.basin_size, 'profile')} in its basin with share {basin}, {stable}"
        )


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Endurance(AsJson, Tabulated, EqualByContent):
    """Logit revision in the long run.

    Attributes
    ----------
    game : NormalFormGame
    precision : float
    exact_precision : Fraction
        As it was given; a float's is its binary value.
    is_potential : bool
        Whether the game has an exact potential.
    method : str
        How the law was found: "Gibbs", "elimination", "elimination in logs" or "aggregation".
    log_law : array, shape (m_0, ..., m_{n-1})
        The log of each profile's share of time, read-only.
    error_bound : float
        How far the law is at most from the true one, in total variation.
    alignments : tuple of LastingAlignment
        The recurrent classes of best-reply moves, in the order of their first profiles.
    basins : array of int, shape (m_0, ..., m_{n-1})
        The place in `alignments` of the one to which best replies lead from a profile for sure; -1
        where they may lead to several. Read-only.
    """

    game: NormalFormGame
    precision: float
    exact_precision: Fraction
    is_potential: bool
    method: str
    log_law: Floats
    error_bound: float
    alignments: tuple[LastingAlignment, ...]
    basins: Places

    def __post_init__(self) -> None:
        self.log_law.setflags(write=False)
        self.basins.setflags(write=False)

    @property
    def law(self) -> Floats:
        """Each profile's share of time, shape (m_0, ..., m_{n-1})."""
        return np.exp(self.log_law)

    @property
    def stable(self) -> tuple[tuple[str, ...], ...]:
        """The stochastically stable profiles, by action names: exact, whatever the precision."""
        return tuple(p for one in self.alignments if one.is_stable for p in one.profiles)

    def probability(self, profile: Profile) -> float:
        """A profile's share of time in the long run.

        Raises
        ------
        UnknownPlayerError, UnknownActionError, InvalidShapeError, InvalidParameterError
            As for a profile that is mixed.
        """
        return float(np.exp(self.log_law[self._cell(profile, "profile")]))

    def leaving_time(self, start: int | Profile) -> ExpectedTime:
        """How many periods pass, on average, until the chain is outside the basin it starts in.

        Parameters
        ----------
        start : int or profile
            The place of an alignment in `alignments`, or a profile in the basin of one. An
            alignment of several profiles is started from as the long run divides it.

        Returns
        -------
        ExpectedTime
            Never, where the basin holds all profiles.

        Raises
        ------
        InvalidParameterError
            A profile in no basin.
        UnknownNameError
            No alignment of that number.
        TooManyProfilesError
            Over 512 profiles at a precision at which probabilities span more than floats do.
        """
        starts = self._places(start, "start")
        basin = int(self.basins.ravel()[starts[0]])
        if basin < 0:
            message = "start lies in no basin: best replies may lead from there to several"
            raise InvalidParameterError(message)
        return self._time(starts, self.basins.ravel() != basin)

    def passage_time(self, start: int | Profile, target: int | Profile) -> ExpectedTime:
        """How many periods pass, on average, until the chain first reaches a profile or alignment.

        Parameters
        ----------
        start, target : int or profile
            The place of an alignment in `alignments`, or a profile. Of an alignment of several
            profiles any will do as the target.

        Raises
        ------
        As `leaving_time`.
        """
        starts = self._places(start, "start")
        is_target = np.zeros(self.basins.size, np.bool_)
        is_target[self._places(target, "target")] = True
        return self._time(starts, is_target)

    def leaving_resistance(self, start: int | Profile) -> Fraction | None:
        """The least resistance of a path out of the basin: the radius of Ellison (2000).

        The time until then grows like exp(precision * resistance). None if the basin holds all
        profiles. `start` is as for `leaving_time`, which names the errors.
        """
        starts = self._places(start, "start")
        basin = int(self.basins.ravel()[starts[0]])
        if basin < 0:
            message = "start lies in no basin: best replies may lead from there to several"
            raise InvalidParameterError(message)
        outside = self.basins.ravel() != basin
        if not outside.any():
            return None
        given = resistances(self.game)
        return Fraction(int(distances_from(given.costs, [starts])[0][outside].min()), given.unit)

    def tipping(self, start: int | Profile, target: int | Profile) -> Tipping:
        """Which state moves first on the likeliest path from one alignment to another.

        Parameters
        ----------
        start, target : int or profile
            As for `passage_time`, which names the errors.

        Returns
        -------
        Tipping
            The paths of least resistance, of these the shortest: all their first moves, and one
            of them in full. Exact; it does not depend on the precision.
        """
        given = resistances(self.game)
        found = least_paths(
            given.costs, self._places(start, "start"), self._places(target, "target")
        )

        def move(step: Step) -> TippingMove:
            return TippingMove(
                self.game.players[step.player],
                self._names(step.source),
                self._names(step.target),
                Fraction(step.cost, given.unit),
            )

        return Tipping(
            Fraction(found.cost, given.unit),
            tuple(map(move, found.path)),
            tuple(map(move, found.first_moves)),
            found.count,
        )

    def to_frame(self, *, times: bool = False) -> pd.DataFrame:
        """A tidy table: one row an alignment.

        Parameters
        ----------
        times : bool
            Whether to add how long it takes to leave each basin, which is work.

        Returns
        -------
        pandas.DataFrame
            Columns alignment (who plays what), profiles, probability, basin_size,
            basin_probability, shortfall, is_stable; with `times` leaving_time, leaving_log_time,
            leaving_resistance.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        rows: list[dict[str, Any]] = []
        for place, one in enumerate(self.alignments):
            row: dict[str, Any] = {
                "alignment": one.label,
                "profiles": one.profiles,
                "probability": one.probability,
                "basin_size": one.basin_size,
                "basin_probability": one.basin_probability,
                "shortfall": float(one.shortfall),
                "is_stable": one.is_stable,
            }
            if times:
                report("leaving times", place, len(self.alignments))
                time, least = self.leaving_time(place), self.leaving_resistance(place)
                row["leaving_time"] = time.periods
                row["leaving_log_time"] = time.log_periods
                row["leaving_resistance"] = math.nan if least is None else float(least)
            rows.append(row)
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON; the law in the order of the profiles."""
        return {
            "precision": format_number(self.precision),
            "players": list(self.game.players),
            "actions": [list(own) for own in self.game.actions],
            "is_potential": self.is_potential,
            "method": self.method,
            "error_bound": self.error_bound,
            "stable": [list(profile) for profile in self.stable],
            "alignments": [one.to_dict() for one in self.alignments],
            "law": self.law.ravel().tolist(),
            "basins": self.basins.ravel().tolist(),
        }

    def _time(self, starts: Places, is_target: NDArray[np.bool_]) -> ExpectedTime:
        weights = self.log_law.ravel()[starts]
        total = np.logaddexp.reduce(weights)
        if not np.isfinite(total):
            check_logs_fit(self.game.n_profiles)
        away = ~is_target[starts]
        if not away.any():
            return ExpectedTime(-math.inf)
        chain = logit_revision(self.game, self.precision)
        return ExpectedTime(
            log_passage_time(chain, starts[away], (weights - total)[away], is_target)
        )

    def _places(self, given: int | Profile, argument: str) -> Places:
        """The flat indices of an alignment's profiles, or of one profile."""
        if isinstance(given, int | np.integer):
            place = check_count(given, argument, 0)
            if place >= len(self.alignments):
                last = len(self.alignments) - 1
                known = (
                    f"there are alignments 0 to {last}" if last else "alignment 0 is the only one"
                )
                message = f"{argument} is {place}; {known}"
                raise UnknownNameError(message)
            cells = np.array(self.alignments[place].cells)
        else:
            cells = np.array([self._cell(given, argument)])
        return np.asarray(np.ravel_multi_index(tuple(cells.T), self.game.shape), np.int64)

    def _cell(self, profile: Profile, argument: str) -> Cell:
        if isinstance(profile, str):
            message = (
                f"{argument} is {shorten(profile)}; give the place of a lasting alignment, or a "
                "profile: an action for each player"
            )
            raise InvalidTypeError(message)
        parts = mixed_profile(profile, self.game.players, self.game.actions)
        for part, player in zip(parts, self.game.players, strict=True):
            if np.count_nonzero(part) > 1:
                message = f"{argument} is mixed for {player}; the chain is at pure profiles"
                raise InvalidParameterError(message)
        return tuple(int(part.argmax()) for part in parts)

    def _names(self, place: int) -> tuple[str, ...]:
        cell = np.unravel_index(place, self.game.shape)
        return tuple(own[int(a)] for own, a in zip(self.game.actions, cell, strict=True))

    def _caption(self) -> str:
        return caption_of(self)

    def _rows(self) -> Rows:
        return rows_of(self)

    def _notes(self) -> list[str]:
        return notes_of(self)
