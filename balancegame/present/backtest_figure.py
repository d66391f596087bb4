"""A figure: who was forecast to stand where, over what happened, pair by pair and year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame.analysis.backtest_result import Backtest, PairForecast
from balancegame.errors import InvalidShapeError
from balancegame.present.figure_style import BLUE, GREY, ORANGE, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WHITE, _PALE = (1.0, 1.0, 1.0), (0.9, 0.9, 0.9)
_ROW_INCHES, _MARGIN_INCHES = 0.22, 1.3

Pair = tuple[int, int]


def plot_backtest(result: Backtest, *, title: str = "", axes: Axes | None = None) -> Axes:
    """Draw the forecasts of a backtest over what happened: a row a pair of powers, a column a year.

    Parameters
    ----------
    result : Backtest
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Each row has two strips. The upper is the forecast: blue where more equilibria have the
        pair together than opposed, orange where fewer do, the paler the smaller the difference.
        The lower is history: orange where they came to fight within the horizon, as far as the
        data go, else blue where one owed the other defence, else grey. White: not both were
        major powers.

    Raises
    ------
    InvalidTypeError, InvalidShapeError
        No backtest, or one without a pair.
    MissingDependencyError
        matplotlib is not installed.
    """
    check_type(result, Backtest, "result")
    if not result.forecasts:
        message = "the backtest has no pair of major powers to draw; play more years"
        raise InvalidShapeError(message)
    labels = {one.codes: f"{one.first} - {one.second}" for one in result.forecasts}
    pairs = sorted(labels)
    _, drawn = new_axes(axes, width=9.0, height=_ROW_INCHES * len(pairs) + _MARGIN_INCHES)
    years = [one.year for one in result.years]
    drawn.imshow(
        _strips(result, pairs, years[0], years[-1]),
        extent=(years[0] - 0.5, years[-1] + 0.5, len(pairs), 0),
        aspect="auto",
        interpolation="nearest",
    )
    for row in range(1, len(pairs)):
        drawn.axhline(row, color="white", linewidth=2.0)
    drawn.set_yticks(np.arange(len(pairs)) + 0.5, [labels[pair] for pair in pairs], fontsize=7.5)
    drawn.tick_params(axis="y", length=0)
    drawn.set_xlabel("year")
    if title:
        drawn.set_title(title)
    _legend(drawn, result.horizon)
    return drawn


def _strips(result: Backtest, pairs: list[Pair], first: int, last: int) -> NDArray[np.float64]:
    """The picture: two rows of colours a pair."""
    picture = np.full((2 * len(pairs), last - first + 1, 3), _WHITE)
    row_of = {pair: 2 * k for k, pair in enumerate(pairs)}
    for one in result.forecasts:
        row, column = row_of[one.codes], one.year - first
        picture[row, column] = _forecast(one)
        picture[row + 1, column] = _history(one)
    return picture


def _forecast(one: PairForecast) -> Any:
    if one.together is None or one.opposed is None:
        return _WHITE
    lean = one.together - one.opposed
    strength = abs(lean)
    return strength * _rgb(BLUE if lean > 0.0 else ORANGE) + (1.0 - strength) * np.array(_PALE)


def _history(one: PairForecast) -> Any:
    if one.war:
        return _rgb(ORANGE)
    return _rgb(BLUE) if one.pact else _PALE


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)])


def _legend(drawn: Axes, horizon: int) -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415 (an extra, slow to import)

    handles = [
        Patch(color=BLUE, label="together (above: forecast) / defence pact (below: history)"),
        Patch(color=ORANGE, label=f"opposed (above) / war within {horizon} years (below)"),
        Patch(facecolor=_PALE, edgecolor=GREY, label="neither"),
    ]
    drawn.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=1, fontsize=7.5
    )
