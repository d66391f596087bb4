"""What `backtest` returns: years, forecasts pair by pair, and how they fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, final

from balancegame._checks import check_known
from balancegame._records import record_repr
from balancegame._words import counted
from balancegame.analysis.forecast_scores import ForecastScore
from balancegame.errors import UnknownNameError
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import narrow_table, wrapped
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("forecasts", "years", "scores", "interests")


@final
@dataclass(frozen=True, slots=True)
class YearOfPowers:
    """The major powers of a year, and the game among them.

    Attributes
    ----------
    year : int
    powers : tuple of str
    threat : str
        The strongest of them.
    kind, concentration, effective_poles
        As in `Polarity`.
    equilibria : int
        The number of pure equilibria.
    balancing : tuple of str
        Who balances in every one of them.
    """

    year: int
    powers: tuple[str, ...]
    threat: str
    kind: Literal["unipolar", "bipolar", "multipolar"]
    concentration: float
    effective_poles: float
    equilibria: int
    balancing: tuple[str, ...]

    __repr__ = record_repr


@final
@dataclass(frozen=True, slots=True)
class PairForecast:
    """What the equilibria of a year say of two powers, and what happened.

    Attributes
    ----------
    year : int
    first, second : str
        As they were called in that year.
    codes : (int, int)
        Their Correlates of War codes.
    parallelism : float
        Of their interests in that year's world.
    together, opposed : float or None
        The share of equilibria with both in one camp, and in opposite camps; None without any
        equilibrium.
    pact : bool
        Whether one owes the other defence in that year.
    new_pact : bool or None
        Whether one comes to, within the horizon; None where one does already, or where the data
        end before.
    war : bool or None
        Whether they come to fight each other within the horizon; None where the data end before.
    """

    year: int
    first: str
    second: str
    codes: tuple[int, int]
    parallelism: float
    together: float | None
    opposed: float | None
    pact: bool
    new_pact: bool | None
    war: bool | None

    __repr__ = record_repr


@final
@dataclass(frozen=True, slots=True, repr=False)
class Backtest(AsJson, Tabulated):
    """The balancing game among the major powers, year by year, against history.

    Attributes
    ----------
    years : tuple of YearOfPowers
    forecasts : tuple of PairForecast
    scores : tuple of ForecastScore
        For "pact", "new pact" and "war", where there was anything to score.
    interests : tuple of ForecastScore
        The same for whoever looks at parallel interests and plays no game: (1 + parallelism) / 2
        for pacts, (1 - parallelism) / 2 for wars. Empty without interests.
    horizon : int
        How many years ahead new pacts and wars were forecast.
    parameters : mapping
        The measures of power and interests, and the model's parameters.
    complete : bool
        Whether all years asked for were played.
    """

    years: tuple[YearOfPowers, ...]
    forecasts: tuple[PairForecast, ...]
    scores: tuple[ForecastScore, ...]
    interests: tuple[ForecastScore, ...]
    horizon: int
    parameters: Mapping[str, Any]
    complete: bool

    def score(self, event: str) -> ForecastScore:
        """The score of one kind of event: "pact", "new pact" or "war"."""
        check_known(event, tuple(one.event for one in self.scores), "event", UnknownNameError)
        return next(one for one in self.scores if one.event == event)

    def to_frame(
        self, part: Literal["forecasts", "years", "scores", "interests"] = "forecasts"
    ) -> pd.DataFrame:
        """One part as a table: a row a pair and year, a year, or a kind of event.

        Returns
        -------
        pandas.DataFrame
            The columns are the attributes of `PairForecast`, `YearOfPowers` or `ForecastScore`.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        check_known(part, _PARTS, "part", UnknownNameError)
        entries: Sequence[Any] = getattr(self, part)
        return pd.DataFrame([_plain(one) for one in entries])

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "complete": self.complete,
            "horizon": self.horizon,
            "parameters": dict(self.parameters),
            "scores": [one.to_dict() for one in self.scores],
            "interests": [one.to_dict() for one in self.interests],
            "years": [_plain(one) for one in self.years],
            "forecasts": [_plain(one) for one in self.forecasts],
        }

    def __repr__(self) -> str:  # wide: no room for an indent
        table = narrow_table(self._rows(), indent="")
        return "\n".join([wrapped(self._caption()), table, *map(wrapped, self._notes())])

    def _caption(self) -> str:
        played = counted(len(self.years), "year")
        if not self.years:
            return "Balancing among the major powers: no year played"
        part = "" if self.complete else ", interrupted"
        span = f"{self.years[0].year}-{self.years[-1].year}"
        return f"Balancing among the major powers, {span} ({played}{part})"

    def _rows(self) -> list[list[str]]:
        heading = ["event", "pairs", "happened", "forecast", "otherwise", "skill", "calibrated"]
        rows = [[*heading, "90 %"]]
        labelled = [(one.event, one) for one in self.scores]
        labelled += [(f"{one.event} (interests)", one) for one in self.interests]
        for label, one in labelled:
            low, high = one.interval
            rows.append(
                [
                    label,
                    f"{one.pairs:,}",
                    f"{one.happened / one.pairs:.1%}",
                    _percent(one.rate_when_forecast),
                    _percent(one.rate_otherwise),
                    number(one.skill),
                    number(one.skill_calibrated),
                    f"{number(low)} to {number(high)}",
                ]
            )
        return rows

    def _notes(self) -> list[str]:
        notes = [_verdict(one) for one in self.scores]
        notes += [f"interests alone, {_verdict(one)}" for one in self.interests]
        silent = sum(one.equilibria == 0 for one in self.years)
        if silent:
            notes.append(
                f"{counted(silent, 'year')} without a pure equilibrium "
                f"{'is' if silent == 1 else 'are'} not scored"
            )
        return notes


def _verdict(score: ForecastScore) -> str:
    """In words, and no better than it is."""
    if score.beats_base_rate:
        return f"{score.event}: better than the base rate once calibrated"
    if score.interval[1] < 0.0:
        return f"{score.event}: worse than the base rate, even calibrated"
    return f"{score.event}: no better than the base rate, as far as these years tell"


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1%}"


def _plain(entry: Any) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in entry.__slots__}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
