"""How good forecasts of rare events were: Brier scores against the base rate of earlier years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._records import record_repr

Floats = NDArray[np.float64]

_BLOCK_YEARS = 20  # neighbouring years resemble each other; these are drawn together
_DRAWS = 2_000
_PRIOR = 10.0  # pairs a kind of forecast counts as having seen, at the base rate, at the start


@final
@dataclass(frozen=True, slots=True)
class ForecastScore:
    """How the forecasts of one kind of event fared.

    Attributes
    ----------
    event : str
    pairs, happened : int
        Forecasts made (pairs of states and years), and how many came true.
    brier : float
        Mean squared error of the model's own probabilities; 0 is perfect.
    brier_calibrated : float
        The same after each probability is replaced by how often the event had followed such
        forecasts in earlier years (0, the thirds between, 1): what the forecasts were worth to
        someone who had learned to read them.
    brier_base : float
        The same for whoever always says the base rate of earlier years, whatever the model says.
    skill, skill_calibrated : float
        1 - brier / brier_base: 1 perfect, 0 no better than the base rate, negative worse.
    interval : (float, float)
        Nine in ten of `skill_calibrated` when blocks of 20 years are drawn anew with replacement.
    rate_when_forecast, rate_otherwise : float or None
        How often the event happened where its probability was at least 1/2, and where it was
        less; None where there was no such forecast.
    """

    event: str
    pairs: int
    happened: int
    brier: float
    brier_calibrated: float
    brier_base: float
    skill: float
    skill_calibrated: float
    interval: tuple[float, float]
    rate_when_forecast: float | None
    rate_otherwise: float | None

    __repr__ = record_repr

    @property
    def beats_base_rate(self) -> bool:
        """Whether the whole interval of the calibrated skill is above 0."""
        return self.interval[0] > 0.0

    def to_dict(self) -> dict[str, Any]:
        """The score in plain types, ready for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"interval": list(self.interval)}


def score_forecasts(
    event: str,
    years: Sequence[int],
    probabilities: Sequence[float],
    outcomes: Sequence[bool],
    *,
    known_after: int,
    rng: np.random.Generator,
) -> ForecastScore | None:
    """Score forecasts made year by year; None if there are none.

    An outcome teaches whoever calibrates, or keeps a base rate, only `known_after` years later.
    """
    if not len(years):
        return None
    at = np.asarray(years, dtype=np.int64)
    said = np.asarray(probabilities, dtype=np.float64)
    came = np.asarray(outcomes, dtype=np.float64)
    base, calibrated = _learned(at, said, came, known_after)
    errors = {"raw": (said - came) ** 2, "base": (base - came) ** 2}
    errors["calibrated"] = (calibrated - came) ** 2
    brier = {name: float(values.mean()) for name, values in errors.items()}
    likely = said >= 0.5
    return ForecastScore(
        event=event,
        pairs=len(at),
        happened=int(came.sum()),
        brier=brier["raw"],
        brier_calibrated=brier["calibrated"],
        brier_base=brier["base"],
        skill=_skill(brier["raw"], brier["base"]),
        skill_calibrated=_skill(brier["calibrated"], brier["base"]),
        interval=_interval(at, errors["calibrated"], errors["base"], rng),
        rate_when_forecast=float(came[likely].mean()) if likely.any() else None,
        rate_otherwise=float(came[~likely].mean()) if not likely.all() else None,
    )


def _learned(
    years: NDArray[np.int64], said: Floats, came: Floats, known_after: int
) -> tuple[Floats, Floats]:
    """The base rate, and the rate after forecasts of the same kind, as known in each year."""
    kinds = np.where(said >= 1.0, 4, np.where(said <= 0.0, 0, 1 + np.floor(3.0 * said)))
    base, calibrated = np.empty(len(years)), np.empty(len(years))
    for year in np.unique(years):
        past = years <= year - known_after
        now = years == year
        rate = (came[past].sum() + 1.0) / (past.sum() + 2.0)  # Laplace's rule of succession
        base[now] = rate
        for kind in np.unique(kinds[now]):
            alike = past & (kinds == kind)
            learned = (came[alike].sum() + _PRIOR * rate) / (alike.sum() + _PRIOR)
            calibrated[now & (kinds == kind)] = learned
    return base, calibrated


def _skill(error: float, base: float) -> float:
    return 1.0 - error / base  # Laplace's rule is never sure, so that the base is above 0


def _interval(
    years: NDArray[np.int64], errors: Floats, base: Floats, rng: np.random.Generator
) -> tuple[float, float]:
    blocks = np.unique(years // _BLOCK_YEARS, return_inverse=True)[1]
    mine, theirs = np.bincount(blocks, errors), np.bincount(blocks, base)
    drawn = rng.integers(len(mine), size=(_DRAWS, len(mine)))
    skills = 1.0 - mine[drawn].sum(axis=1) / theirs[drawn].sum(axis=1)
    low, high = np.quantile(skills, [0.05, 0.95])
    return float(low), float(high)
