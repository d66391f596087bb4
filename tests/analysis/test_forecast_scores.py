"""Scores of forecasts, against a slow scorer that shares nothing with them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balancegame.analysis.forecast_scores import score_forecasts

FORECASTS = st.lists(
    st.tuples(
        st.integers(1900, 1960), st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.7, 1.0]), st.booleans()
    ),
    min_size=1,
    max_size=30,
)


def score(rows, known_after=1, seed=0):
    years, said, came = zip(*rows, strict=True)
    rng = np.random.default_rng(seed)
    return score_forecasts("event", years, said, came, known_after=known_after, rng=rng)


def kind(p):
    if p in (0, 1):
        return p
    return "seldom" if 3 * p < 1 else "perhaps" if 3 * p < 2 else "often"


@given(FORECASTS, st.integers(1, 6))
def test_scores_by_their_definitions(rows, known_after):
    raw = base = calibrated = 0.0
    for year, p, y in rows:
        past = [(q, z) for at, q, z in rows if at <= year - known_after]
        rate = (sum(z for _, z in past) + 1) / (len(past) + 2)
        alike = [z for q, z in past if kind(q) == kind(p)]
        learned = (sum(alike) + 10 * rate) / (len(alike) + 10)
        raw += (p - y) ** 2
        base += (rate - y) ** 2
        calibrated += (learned - y) ** 2
    found = score(rows, known_after)
    n = len(rows)
    assert found.pairs == n
    assert found.happened == sum(y for _, _, y in rows)
    assert found.brier == pytest.approx(raw / n)
    assert found.brier_base == pytest.approx(base / n)
    assert found.brier_calibrated == pytest.approx(calibrated / n)
    assert found.skill == pytest.approx(1 - raw / base)
    assert found.skill_calibrated == pytest.approx(1 - calibrated / base)
    assert found.interval[0] <= found.interval[1]
    json.dumps(found.to_dict(), allow_nan=False)


def test_what_happens_later_teaches_nothing():
    """Half of the events come true by chance; the last year's outcome is not known before."""
    rows = [(1900 + k, 1.0, True) for k in range(5)]
    assert score(rows, known_after=100).brier_base == 0.25
    assert score(rows, known_after=1).brier_base < 0.25


def test_whoever_knows_has_skill_and_whoever_guesses_has_none():
    rng = np.random.default_rng(1)
    years = np.repeat(np.arange(1816, 2016), 10)
    came = rng.random(len(years)) < 0.1
    knows = score(list(zip(years, came.astype(float), came, strict=True)))
    assert knows.brier == 0
    assert knows.skill == 1
    assert knows.skill_calibrated > 0.9
    assert knows.beats_base_rate
    assert knows.rate_when_forecast == 1
    guesses = score(list(zip(years, (rng.random(len(years)) < 0.1) * 1.0, came, strict=True)))
    assert guesses.skill < -0.5
    assert abs(guesses.skill_calibrated) < 0.02
    assert not guesses.beats_base_rate


def test_whoever_is_always_wrong_is_worth_listening_to_once_calibrated():
    years = np.repeat(np.arange(1816, 2016), 10)
    came = np.random.default_rng(1).random(len(years)) < 0.5
    wrong = score(list(zip(years, 1.0 - came, came, strict=True)))
    assert wrong.brier == 1
    assert wrong.skill == pytest.approx(-3, abs=0.1)
    assert wrong.skill_calibrated > 0.9


def test_rates_without_forecasts_are_not_defined():
    found = score([(1900, 0.0, True)])
    assert found.rate_when_forecast is None
    assert found.rate_otherwise == 1
    assert found.to_dict()["rate_when_forecast"] is None


def test_nothing_to_score():
    rng = np.random.default_rng()
    assert score_forecasts("event", [], [], [], known_after=1, rng=rng) is None
