"""The map of regions and its exact boundaries."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownMeasureError

plt = pytest.importorskip("matplotlib.pyplot")

MODEL = bg.BalancingModel(decisiveness=2)
WORLD = bg.World(["A", "B", "H"], [1, 1, 2], threat="H")
GRID = {"parallelism": np.linspace(-1, 1, 33), "power_ratio": np.linspace(0.2, 4, 39)}
ACTIONS = ("balance", "neutral")


@pytest.fixture(scope="module")
def found():
    return bg.sweep(MODEL, WORLD, grid=GRID, measure=["region", "prevailing"], actions=ACTIONS)


@pytest.fixture(scope="module")
def exact():
    game = bg.symbolic_game(MODEL, WORLD, ACTIONS, over=("power_ratio", "parallelism"))
    return bg.regions(game)


def test_every_region_is_named_once(found):
    axes = bg.plot_regions(found, title="Two states")
    codes = found["region"].values
    names = {found["region"].attrs["labels"][code] for code in np.unique(codes[codes >= 0])}
    legend = axes.get_legend()
    beside = [text.get_text() for text in legend.get_texts()] if legend else []
    within = [text.get_text() for text in axes.texts if text.get_text() in names]
    assert sorted(beside + within) == sorted(names)
    assert axes.get_xlabel() == "power ratio (threat / mean of the others)"
    assert axes.get_ylabel() == "parallelism of interests"
    assert axes.get_title(loc="left") == "Two states"
    key = "B balance, N neutral; in the order A, B\n+ joins equilibria that exist side by side"
    assert key in [text.get_text() for text in axes.texts]


def test_a_name_stands_within_its_region(found):
    axes = bg.plot_regions(found)
    labels = list(found["region"].attrs["labels"])
    seen = 0
    for text in axes.texts:
        if text.get_text() in labels:
            x, y = text.get_position()
            there = found["region"].sel(power_ratio=x, parallelism=y, method="nearest")
            assert labels[int(there)] == text.get_text()
            seen += 1
    assert seen


def test_boundaries_run_between_points_of_different_regions(found, exact):
    axes = bg.plot_regions(found, boundaries=exact)
    drawn = np.concatenate([line.get_xydata() for line in axes.get_lines()])
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    inside = (drawn[:, 0] > 0.3) & (drawn[:, 0] < 3.9) & (np.abs(drawn[:, 1]) < 0.9)
    assert inside.sum() > 100
    for x, y in drawn[inside][::50]:
        at = [
            {"power_ratio": x + dx, "parallelism": y + dy}
            for dx, dy in ((1e-6, 1e-6), (-1e-6, -1e-6), (1e-6, -1e-6), (-1e-6, 1e-6))
        ]
        assert len({exact.at(values) for values in at}) > 1


def test_what_cannot_be_is_hatched_and_named():
    found = bg.sweep(MODEL, bg.load_scenario("golden-3"), grid=GRID)
    assert (found["status"].values == 1).any()
    axes = bg.plot_regions(found)
    assert "infeasible" in [text.get_text() for text in axes.texts]


def test_counts_are_labels_too():
    grid = {name: values[::3] for name, values in GRID.items()}
    found = bg.sweep(MODEL, WORLD, grid=grid, measure="pure_equilibria", actions=ACTIONS)
    axes = bg.plot_regions(found)
    legend = axes.get_legend()
    named = [text.get_text() for text in (*axes.texts, *(legend.get_texts() if legend else ()))]
    assert {str(count) for count in np.unique(found["pure_equilibria"])} <= set(named)


def test_counts_have_no_key_of_letters():
    grid = {name: values[::9] for name, values in GRID.items()}
    counted = bg.sweep(MODEL, WORLD, grid=grid, measure="pure_equilibria", actions=ACTIONS)
    assert not any("balance" in text.get_text() for text in bg.plot_regions(counted).texts)


def test_the_smallest_of_many_regions_share_one_colour():
    grid = {"x": np.arange(13.0), "y": np.arange(5.0)}
    many = bg.sweep(
        lambda x, y: bg.NormalFormGame([[[x, y]], [[x, y]]]),
        grid=grid,
        measure={"which": lambda point: f"label {int(point.values['x'])}"},
    )
    axes = bg.plot_regions(many.transpose("y", "x"))
    assert "3 others" in [text.get_text() for text in (*axes.texts, *axes.get_legend().get_texts())]


def test_bad_input_is_refused(found):
    with pytest.raises(InvalidTypeError, match="dataset is 3"):
        bg.plot_regions(3)
    with pytest.raises(UnknownMeasureError, match="region"):
        bg.plot_regions(found, "regoin")
    with pytest.raises(InvalidShapeError, match="plot_comparative_statics"):
        bg.plot_regions(found[["prevailing"]])
    with pytest.raises(InvalidShapeError, match="isel"):
        bg.plot_regions(found.isel(power_ratio=0))


def test_boundaries_must_be_regions():
    found = bg.sweep(
        bg.BalancingModel(),
        bg.load_scenario("golden-3"),
        grid={"power_ratio": [1, 2], "parallelism": [0, 1]},
    )
    with pytest.raises(bg.errors.InvalidTypeError, match="boundaries"):
        bg.plot_regions(found, boundaries=3)


def test_labels_of_hatched_strips_stay_inside_the_map():
    found = bg.sweep(
        bg.BalancingModel(decisiveness=2),
        bg.load_scenario("golden-3"),
        grid={"power_ratio": np.linspace(0.2, 4, 60), "parallelism": np.linspace(-0.6, 1, 60)},
    )
    drawn = bg.plot_regions(found)
    word = next(one for one in drawn.texts if one.get_text() == "infeasible")
    box, room = word.get_window_extent(), drawn.get_window_extent()
    edge = drawn.transData.transform((-11 / 24, 1))[0]
    assert room.x0 <= box.x0 < box.x1 <= edge
    assert room.y0 <= box.y0 < box.y1 <= room.y1
    assert word.get_rotation() == 90
