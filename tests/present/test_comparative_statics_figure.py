"""The figure of a measure over one parameter."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownMeasureError

plt = pytest.importorskip("matplotlib.pyplot")

MODEL = bg.BalancingModel(decisiveness=2)
RATIOS = np.linspace(0.5, 4, 15)


def swept(grid, measure):
    return bg.sweep(MODEL, bg.load_scenario("golden-3"), grid=grid, measure=measure)


def test_a_line_a_player_broken_where_equilibria_change():
    found = swept({"power_ratio": RATIOS}, ["payoffs", "region"])
    axes = bg.plot_comparative_statics(found, "payoffs", title="Golden")
    codes = found["region"].values
    stretches = 1 + np.count_nonzero(np.diff(codes))
    assert stretches > 1
    assert len(axes.get_lines()) == 3 * stretches
    assert [text.get_text() for text in axes.texts] == sorted(
        found["player"].values, key=lambda name: found["payoffs"].sel(player=name).values[-1]
    )
    assert axes.get_xlabel() == "power ratio (threat / mean of the others)"
    assert axes.get_title(loc="left") == "Golden"
    drawn = np.concatenate([line.get_ydata() for line in axes.get_lines()[:stretches]])
    assert drawn.tolist() == found["payoffs"].values[:, 0].tolist()


def test_a_line_a_value_of_the_other_axis():
    found = swept({"power_ratio": RATIOS, "autonomy_loss": [0.4, 0.6]}, "pure_equilibria")
    axes = bg.plot_comparative_statics(found)
    assert {text.get_text() for text in axes.texts} == {"autonomy loss 0.4", "autonomy loss 0.6"}
    along = bg.plot_comparative_statics(found.isel(power_ratio=[0, 1]), over="autonomy_loss")
    assert along.get_xlabel() == "autonomy loss"


def test_labels_do_not_lie_on_each_other():
    found = swept({"power_ratio": RATIOS, "autonomy_loss": [0.4, 0.45, 0.5]}, "pure_equilibria")
    axes = bg.plot_comparative_statics(found)
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_infeasible_points_leave_a_gap():
    found = swept({"parallelism": np.linspace(-1, 1, 21)}, "prevailing")
    axes = bg.plot_comparative_statics(found)
    (line,) = axes.get_lines()
    values = found["prevailing"].values
    assert np.isnan(values).any()
    assert len(line.get_xdata()) == np.count_nonzero(~np.isnan(values))


def test_bad_input_is_refused():
    found = swept({"power_ratio": RATIOS}, ["payoffs", "region"])
    with pytest.raises(InvalidTypeError, match="dataset is 3"):
        bg.plot_comparative_statics(3)
    with pytest.raises(UnknownMeasureError, match="payoffs"):
        bg.plot_comparative_statics(found, "payof")
    with pytest.raises(UnknownMeasureError, match="power_ratio"):
        bg.plot_comparative_statics(found, "payoffs", over="power_rato")
    with pytest.raises(InvalidShapeError, match="plot_regions"):
        bg.plot_comparative_statics(found[["region"]])
    many = swept({"power_ratio": RATIOS, "alliance_cost": np.linspace(0.1, 0.2, 8)}, "margin")
    with pytest.raises(InvalidShapeError, match="can be told apart"):
        bg.plot_comparative_statics(many)
