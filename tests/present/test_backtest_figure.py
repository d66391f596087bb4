"""The figure of a backtest: its colours are the forecasts and the history."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import InvalidShapeError, InvalidTypeError
from balancegame.present import backtest_figure
from balancegame.present.figure_style import BLUE, ORANGE

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
pytest.importorskip("matplotlib.pyplot")


def rgb(colour):
    return matplotlib.colors.to_rgb(colour)


def forecast(year, codes, **options):
    values = {"together": 0.0, "opposed": 0.0, "pact": False, "new_pact": None, "war": None}
    names = {200: "Britain", 220: "France", 255: "Prussia" if year < 1871 else "Germany"}
    first, second = (names[code] for code in codes)
    return bg.PairForecast(
        year=year, first=first, second=second, codes=codes, parallelism=0.0, **(values | options)
    )


@pytest.fixture
def result():
    years = tuple(
        bg.YearOfPowers(year, ("Britain",), "Britain", "multipolar", 0.1, 3.0, 1, ())
        for year in (1870, 1871, 1872)
    )
    forecasts = (
        forecast(1870, (220, 255), together=1.0, war=True, pact=True),
        forecast(1871, (220, 255), opposed=1.0, pact=True),
        forecast(1872, (200, 255), together=0.75, opposed=0.25, war=False),
        forecast(1872, (220, 255), together=None, opposed=None),
    )
    return bg.Backtest(years, forecasts, (), (), 5, {}, complete=True)


def test_colours_are_forecasts_above_and_history_below(result):
    axes = bg.plot_backtest(result, title="Made up")
    (image,) = axes.images
    picture = np.asarray(image.get_array())
    pale = np.array([0.9, 0.9, 0.9])
    assert picture.shape == (4, 3, 3)
    assert np.allclose(picture[2, 0], rgb(BLUE))
    assert np.allclose(picture[3, 0], rgb(ORANGE))
    assert np.allclose(picture[2, 1], rgb(ORANGE))
    assert np.allclose(picture[3, 1], rgb(BLUE))
    assert np.allclose(picture[0, 2], 0.5 * np.array(rgb(BLUE)) + 0.5 * pale)
    assert np.allclose(picture[1, 2], pale)
    assert np.allclose(picture[2, 2], 1)
    assert np.allclose(picture[0, :2], 1)
    assert image.get_extent() == [1869.5, 1872.5, 2, 0]


def test_pairs_go_by_their_last_names(result):
    axes = bg.plot_backtest(result)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["Britain - Germany", "France - Germany"]
    assert "within 5 years" in axes.get_legend().get_texts()[1].get_text()


def test_axes_may_be_given(result):
    figure, axes = matplotlib.pyplot.subplots()
    assert bg.plot_backtest(result, axes=axes) is axes
    matplotlib.pyplot.close(figure)


def test_what_cannot_be_drawn(result):
    with pytest.raises(InvalidTypeError, match="result"):
        bg.plot_backtest([result])
    with pytest.raises(InvalidShapeError, match="no pair of major powers"):
        bg.plot_backtest(dataclasses.replace(result, forecasts=()))


def test_colours_are_read_from_the_style():
    assert np.allclose(backtest_figure._rgb("#0072B2"), rgb("#0072B2"))
