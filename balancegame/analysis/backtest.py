"""The balancing game against two centuries: who would have stood where, and who did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._checks import check_count, check_generator, check_type, is_sized
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame.alliances.balancing import BalancingModel
from balancegame.analysis.backtest_result import Backtest, PairForecast, YearOfPowers
from balancegame.analysis.forecast_scores import ForecastScore, score_forecasts
from balancegame.errors import InvalidTypeError, MissingDataError, SearchInterrupted
from balancegame.solvers.pure_nash import pure_nash
from balancegame.world.data.atop import read_atop
from balancegame.world.data.capabilities import read_capabilities
from balancegame.world.data.major_powers import major_powers as powers_in
from balancegame.world.data.major_powers import read_major_powers
from balancegame.world.data.wars import war_opponents
from balancegame.world.polarity import polarity
from balancegame.world.world import World
from balancegame.world.world_from_data import world_from_data

if TYPE_CHECKING:
    import pandas as pd

    Source = str | Path | pd.DataFrame

_TASK = "years of the backtest"
Pair = tuple[int, int]


def backtest(
    *,
    capabilities: Source,
    alliances: Source,
    major_powers: Source,
    wars: Source,
    years: Iterable[int] | None = None,
    model: BalancingModel | None = None,
    power: str = "cinc",
    measure: str | None = "kappa",
    weights: str | None = None,
    system: str = "world",
    horizon: int = 5,
    rng: int | np.random.Generator = 0,
) -> Backtest:
    """Play the balancing game among the major powers of every year, and compare with history.

    Each year's world is that of its major powers, the strongest of them the threat. The pure
    equilibria of its balancing game are taken as equally likely. Two states are forecast to stand
    *together* with the share of equilibria in which both balance or both are in the threat's camp,
    and *opposed* with the share in which one balances and the other is in that camp.

    Parameters
    ----------
    capabilities, alliances, major_powers, wars : path or DataFrame
        As for `read_capabilities`, `read_atop`, `read_major_powers`, `read_wars`.
    years : iterable of int, optional
        Default every year for which the first three data sets all have rows.
    model : BalancingModel, optional
        Default as in the bundled scenarios, ``autonomy_loss=0.8, decisiveness=2``.
    power, measure, weights, system
        As for `world_from_data`.
    horizon : int
        How many years ahead new pacts and wars are forecast.
    rng : int or numpy Generator
        For the bootstrap of the scores.

    Returns
    -------
    Backtest
        `years`, one entry each; `forecasts`, one for each pair of powers and year; and `scores`:

        - ``"pact"``: together, against a defence pact in force in the year. The interests that
          drive the forecast are measured on the same treaties: this is a description, not a
          prediction.
        - ``"new pact"``: together, against a defence pact within the horizon, among pairs that
          have none.
        - ``"war"``: opposed, against fighting on opposite sides of a war from one of the next
          years to the horizon on.

        `interests` scores the parallelism that drives the game in the same way, without the game:
        a model that knows less than its own ingredients has lost something on the way.

        Years whose horizon the data do not cover, and years without a pure equilibrium, are not
        scored.

    Raises
    ------
    MissingDataError, DataFormatError, InvalidTypeError, InvalidParameterError
    SearchInterrupted
        On Ctrl-C; `result` holds the years done until then.

    Notes
    -----
    Scores are Brier's (1950), which are proper: nobody improves his by saying what he does not
    believe. A model can be right about structure and still lose to the base rate, for wars and
    pacts are rare, and equilibrium shares are no probabilities; hence the calibrated score. One
    pact in force for thirty years counts thirty times, which the interval's blocks of 20 years
    allow for, roughly. Some tens of milliseconds a year.

    References
    ----------
    Brier (1950), "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather
    Review 78. Every number of the worlds rests on the data sets' own citations.
    """
    settings = {
        "power": power, "measure": measure, "weights": weights, "system": system,
    }  # fmt: skip
    ahead = check_count(horizon, "horizon", 1)
    played = BalancingModel(autonomy_loss="0.8", decisiveness=2) if model is None else model
    check_type(played, BalancingModel, "model")
    tables = _Tables(capabilities, alliances, major_powers, wars)
    wanted = tables.years() if years is None else _read_years(years)
    done: list[YearOfPowers] = []
    forecasts: list[PairForecast] = []
    generator = check_generator(rng)
    try:
        for k, year in enumerate(wanted):
            one, pairs = _year(year, tables, played, settings, ahead)
            done.append(one)
            forecasts.extend(pairs)
            report(_TASK, k + 1, len(wanted))
    except KeyboardInterrupt:
        partial = _result(done, forecasts, played, settings, ahead, generator, complete=False)
        raise SearchInterrupted(partial) from None
    return _result(done, forecasts, played, settings, ahead, generator, complete=True)


class _Tables:
    """The data sets, taken apart by year once."""

    def __init__(self, capabilities: Any, alliances: Any, powers: Any, wars: Any) -> None:
        self._capabilities = _by_year(read_capabilities(capabilities))
        self._alliances = _by_year(read_atop(alliances))
        self.powers = read_major_powers(powers)
        self._pacts: dict[int, set[Pair]] = {}
        self._war_starts: dict[Pair, list[int]] = {}
        opponents: Any = war_opponents(wars)
        for row in opponents.itertuples(index=False):
            self._war_starts.setdefault((row.ccode1, row.ccode2), []).append(row.styear)
        self._last_of_wars = int(opponents["endyear"].max()) if len(opponents) else 0

    def years(self) -> list[int]:
        """The years all three yearly data sets cover."""
        spells: Any = self.powers
        covered = range(int(spells["styear"].min()), int(spells["endyear"].max()) + 1)
        return [y for y in covered if y in self._capabilities and y in self._alliances]

    def of(self, year: int) -> dict[str, Any]:
        """The year's rows, for `world_from_data`."""
        for name, table in (("capabilities", self._capabilities), ("alliances", self._alliances)):
            if year not in table:
                message = f"{name} have no rows of {year}; leave the year out"
                raise MissingDataError(message)
        return {
            "capabilities": self._capabilities[year],
            "alliances": self._alliances[year],
            "major_powers": self.powers,
        }

    def pacts(self, year: int) -> set[Pair] | None:
        """Pairs with a defence obligation, one way at least; None if the year is not covered."""
        if year not in self._alliances:
            return None
        if year not in self._pacts:
            rows: Any = self._alliances[year]
            owed = rows[rows["defense"].fillna(value=False)]
            pairs = zip(owed["ccode1"].tolist(), owed["ccode2"].tolist(), strict=True)
            self._pacts[year] = {(min(pair), max(pair)) for pair in pairs}
        return self._pacts[year]

    def new_pact(self, pair: Pair, year: int, horizon: int) -> bool | None:
        """Whether a pair without a pact has one within the horizon; None where not known."""
        later = [self.pacts(year + k) for k in range(1, horizon + 1)]
        here = self.pacts(year)
        if here is None or pair in here or any(pacts is None for pacts in later):
            return None
        return any(pair in pacts for pacts in later if pacts is not None)

    def war(self, pair: Pair, year: int, horizon: int) -> bool | None:
        """Whether a pair comes to fight within the horizon; None where not known."""
        if year + horizon > self._last_of_wars:
            return None
        return any(year < start <= year + horizon for start in self._war_starts.get(pair, ()))


def _by_year(frame: Any) -> dict[int, Any]:
    return {int(year): rows for year, rows in frame.groupby("year")}


def _read_years(years: Iterable[int]) -> list[int]:
    if isinstance(years, str | bytes) or not (is_sized(years) or isinstance(years, Iterable)):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"years is {shorten(years)}; give the years to play, for instance a range"
        raise InvalidTypeError(message)
    return sorted({check_count(year, "a year", 0) for year in years})


def _year(
    year: int, tables: _Tables, model: BalancingModel, settings: Mapping[str, Any], horizon: int
) -> tuple[YearOfPowers, list[PairForecast]]:
    codes = powers_in(tables.powers, year)
    world = world_from_data(year, "major powers", **tables.of(year), **settings)
    world = world.replace(threat=world.names[int(np.argmax(world.power))])
    found = polarity(world)
    profiles = [one.actions for one in pure_nash(model.game(world))] if len(codes) > 1 else []
    camps = [_sides(world, actions or ()) for actions in profiles]
    one = YearOfPowers(
        year=year,
        powers=world.names,
        threat=str(world.threat),
        kind=found.kind,
        concentration=found.concentration,
        effective_poles=found.effective_poles,
        equilibria=len(camps),
        balancing=tuple(
            name for name in world.states if camps and all(side[name] == 1 for side in camps)
        ),
    )
    pacts = tables.pacts(year) or set()
    return one, [
        PairForecast(
            year=year,
            first=world.names[i],
            second=world.names[j],
            codes=(codes[i], codes[j]),
            parallelism=float(world.parallelism[i, j]),
            together=_share(camps, world, i, j, same=True),
            opposed=_share(camps, world, i, j, same=False),
            pact=(codes[i], codes[j]) in pacts,
            new_pact=tables.new_pact((codes[i], codes[j]), year, horizon),
            war=tables.war((codes[i], codes[j]), year, horizon),
        )
        for i, j in combinations(range(len(codes)), 2)
    ]


def _sides(world: World, actions: Sequence[str]) -> dict[str, int]:
    """1 for a balancer, -1 for the threat's camp, 0 for a neutral."""
    side = {"bandwagon": -1, "neutral": 0}
    sides = {name: side.get(action, 1) for name, action in zip(world.states, actions, strict=True)}
    return sides | {str(world.threat): -1}


def _share(
    camps: Sequence[Mapping[str, int]], world: World, i: int, j: int, *, same: bool
) -> float | None:
    """The share of equilibria with a pair in one camp, or in opposite ones; None without any."""
    if not camps:
        return None
    wanted = 1 if same else -1
    products = [side[world.names[i]] * side[world.names[j]] for side in camps]
    return products.count(wanted) / len(camps)


def _score(
    event: str,
    said: Sequence[float | None],
    forecasts: Sequence[PairForecast],
    horizon: int,
    rng: np.random.Generator,
) -> ForecastScore | None:
    """The score of what was said, where something was said and what happened is known."""
    field = event.replace(" ", "_")
    made = [
        (one.year, probability, getattr(one, field))
        for one, probability in zip(forecasts, said, strict=True)
        if probability is not None and getattr(one, field) is not None
    ]
    columns = list(zip(*made, strict=True)) if made else [(), (), ()]
    known_after = 1 if event == "pact" else horizon
    return score_forecasts(event, *columns, known_after=known_after, rng=rng)


def _result(
    years: list[YearOfPowers],
    forecasts: list[PairForecast],
    model: BalancingModel,
    settings: Mapping[str, Any],
    horizon: int,
    rng: np.random.Generator,
    *,
    complete: bool,
) -> Backtest:
    told = {"pact": "together", "new pact": "together", "war": "opposed"}
    scores = [
        _score(event, [getattr(one, told[event]) for one in forecasts], forecasts, horizon, rng)
        for event in told
    ]
    sign = {"pact": 1.0, "new pact": 1.0, "war": -1.0}
    interests = [
        _score(
            event, [(1.0 + sign[event] * one.parallelism) / 2.0 for one in forecasts],
            forecasts, horizon, rng,
        )
        for event in (told if settings["measure"] is not None else ())
    ]  # fmt: skip
    return Backtest(
        years=tuple(years),
        forecasts=tuple(forecasts),
        scores=tuple(one for one in scores if one is not None),
        interests=tuple(one for one in interests if one is not None),
        horizon=horizon,
        parameters={**settings, "model": model.to_dict()},
        complete=complete,
    )
