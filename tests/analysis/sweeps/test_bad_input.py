"""What a sweep refuses, and how it says so; what it marks where it is told to go on."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from tests.analysis.sweeps import cases


def run(grid, **options):
    return bg.sweep(cases.MODEL, cases.golden(), grid=grid, **options)


@pytest.mark.parametrize(
    ("grid", "error", "says"),
    [
        ({"autonomy_los": [1]}, errors.UnknownParameterError, "did you mean 'autonomy_loss'"),
        ({"power_ration": [1]}, errors.UnknownParameterError, "did you mean 'power_ratio'"),
        ({"alpha": [0.5]}, errors.UnknownParameterError, "did you mean 'autonomy_loss'"),
        ({"paralelism": [1]}, errors.UnknownParameterError, "did you mean 'parallelism'"),
        ({"alliance_cost.4": [1]}, errors.UnknownStateError, "4"),
        ({"alliance_cots.1": [1]}, errors.UnknownParameterError, "'alliance_cost'"),
        ({"decisiveness.1": [1]}, errors.InvalidParameterError, "one number for the world"),
        ({"power_ratio.1": [1]}, errors.InvalidParameterError, "one number for the world"),
        ({"power_ratio": []}, errors.InvalidGridError, "is empty"),
        ({"power_ratio": np.array([])}, errors.InvalidGridError, "is empty"),
        ({}, errors.InvalidGridError, "at least one axis"),
        ([1, 2], errors.InvalidTypeError, "mapping"),
        ({"power_ratio": 2}, errors.InvalidTypeError, "sequence of values"),
        ({"power_ratio": "0.5"}, errors.InvalidTypeError, "sequence of values"),
        ({"power_ratio": np.ones((2, 2))}, errors.InvalidTypeError, "dimension"),
        ({"power_ratio": [1, 2, 1]}, errors.InvalidGridError, "repeats 1"),
        ({"power_ratio": [1, 0]}, errors.InvalidParameterError, r"\[1\] is 0; a ratio"),
        ({"power_ratio": [np.nan]}, errors.InvalidParameterError, "nan"),
        ({"parallelism": [1.5]}, errors.InvalidParameterError, r"\[-1, 1\]"),
        ({"autonomy_loss": [-0.1]}, errors.InvalidParameterError, "outside the domain"),
        ({"decisiveness": ["x"]}, errors.InvalidParameterError, "decisiveness"),
        ({"contest": ["ratio", "other"]}, errors.InvalidParameterError, "contest"),
        ({"affinity_exponent": [0.3]}, errors.InvalidParameterError, "0, 1/2 or 1"),
        ({1: [1]}, errors.UnknownParameterError, "parameter in grid"),
    ],
)
def test_bad_grids_are_refused(grid, error, says):
    with pytest.raises(error, match=says):
        run(grid)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"measure": "regions"}, errors.UnknownMeasureError, "did you mean 'region'"),
        ({"measure": 3}, errors.InvalidTypeError, "measure is 3"),
        ({"measure": []}, errors.InvalidTypeError, "measure is"),
        ({"measure": [3]}, errors.InvalidTypeError, "a measure is 3"),
        ({"measure": ["region", "region"]}, errors.InvalidNameError, "two variables"),
        ({"measure": {"status": "region"}}, errors.InvalidNameError, "'status'"),
        ({"measure": {1: "region"}}, errors.InvalidTypeError, r"names of measure\[0\] is 1;"),
        ({"measure": {"": "region"}}, errors.InvalidNameError, r"names of measure\[0\] is blank"),
        ({"measure": {"a\n": "region"}}, errors.InvalidNameError, "control characters"),
        ({"measure": {}}, errors.InvalidNameError, "names of measure is empty"),
        ({"measure": "critical_discount"}, errors.InvalidGridError, "profile"),
        ({"on_error": "skip"}, errors.InvalidParameterError, "'raise' or 'mark'"),
        ({"hegemon": "clever"}, errors.InvalidParameterError, "hegemon"),
        ({"chunks": 0}, errors.InvalidParameterError, "at least 1"),
        ({"chunks": 1.5}, errors.InvalidTypeError, "whole number"),
        ({"actions": ["balanced"]}, errors.UnknownActionError, "did you mean 'balance'"),
    ],
)
def test_bad_options_are_refused(options, error, says):
    with pytest.raises(error, match=says):
        run({"power_ratio": [1]}, **options)


def test_models_and_worlds_are_what_they_are_called():
    grid = {"power_ratio": [1]}
    with pytest.raises(errors.InvalidTypeError, match="model is 3"):
        bg.sweep(3, cases.golden(), grid=grid)
    with pytest.raises(errors.InvalidTypeError, match="world is missing"):
        bg.sweep(cases.MODEL, grid=grid)
    with pytest.raises(errors.InvalidTypeError, match="world is 'golden-3'"):
        bg.sweep(cases.MODEL, "golden-3", grid=grid)
    with pytest.raises(errors.MissingThreatError):
        bg.sweep(cases.MODEL, bg.World(["A", "B"], [1, 2]), grid=grid)
    with pytest.raises(errors.UnknownStateError):
        bg.sweep(cases.MODEL.replace(alliance_cost={"X": 1}), cases.golden(), grid=grid)


def test_builders_must_build():
    with pytest.raises(errors.MeasureError, match="must give a NormalFormGame"):
        bg.sweep(lambda a: a, grid={"a": [1]})
    with pytest.raises(errors.MeasureError, match="give sweep a world"):
        bg.sweep(lambda a: bg.BalancingModel(autonomy_loss=a), grid={"a": [1]})
    with pytest.raises(errors.MeasureError, match="must give a World"):
        bg.sweep(cases.MODEL, lambda a: a, grid={"a": [1]})
    with pytest.raises(errors.UnknownParameterError, match="did you mean 'stag'"):
        bg.sweep(cases.stag_hunt, grid={"stagg": [1], "hare": [1]})
    with pytest.raises(errors.InvalidTypeError, match=r"of type list; .* holds numbers"):
        bg.sweep(lambda a: a, grid={"a": [[1]]})
    with pytest.raises(errors.MeasureError, match="at stag=2"):
        bg.sweep(cases.stag_hunt, grid={"stag": [2]})
    with pytest.raises(errors.MeasureError, match="needs a BalancingModel"):
        bg.sweep(cases.stag_hunt, grid={"stag": [2], "hare": [1]}, measure="prevailing")


def test_values_that_no_axis_of_a_builder_holds_are_told_apart():
    says = r"grid\['a'\]\[1\] is Fraction\(1, 2\), of type Fraction; an axis that a builder takes"
    with pytest.raises(errors.InvalidTypeError, match=says):
        bg.sweep(lambda a: a, grid={"a": ["x", Fraction(1, 2)]})
    says = r"mixes text \(\[1\] is 'x'\) and numbers \(\[0\] is 2\)"
    with pytest.raises(errors.InvalidGridError, match=says):
        bg.sweep(lambda a: a, grid={"a": [2, "x"]})


def test_builders_that_take_nothing_by_name_are_told():
    def by_position(stag, /, hare=1, **others):
        return cases.stag_hunt(stag, hare)

    with pytest.raises(errors.InvalidTypeError, match="takes stag by position only"):
        bg.sweep(by_position, grid={"stag": [2]})
    for builder in (lambda: None, lambda *values: None, lambda a=1, /: None):
        with pytest.raises(errors.UnknownParameterError, match=r"'a', but .* no argument by name"):
            bg.sweep(builder, grid={"a": [2]})
    with pytest.raises(errors.InvalidTypeError, match="names of grid"):
        bg.sweep(lambda **values: None, grid={1: [2]})


def test_a_message_lists_a_dozen_parameters():
    with pytest.raises(errors.UnknownParameterError) as caught:
        run({"autonomy_los": [1]})
    known = str(caught.value).partition("known: ")[2]
    assert known.startswith("power_ratio, parallelism, ")
    assert known.count(",") == 11
    assert known.endswith(" more)")


def test_axes_and_variables_have_names_of_their_own():
    with pytest.raises(errors.InvalidNameError, match="'cohesion'"):
        run({"cohesion": [0, 1]}, measure={"cohesion": "region"})
    with pytest.raises(errors.InvalidNameError, match="'player'"):
        bg.sweep(lambda player: cases.stag_hunt(player, 1), grid={"player": [1, 2]})


def test_a_measure_that_raises_stops_and_tells_where():
    with pytest.raises(errors.MeasureError) as caught:
        run({"power_ratio": [0.5, 1, 2], "decisiveness": [3]}, measure=cases.fails_at_one)
    assert str(caught.value).startswith(
        "at power_ratio=1, decisiveness=3: measure 'fails_at_one' raised ZeroDivisionError: not h"
    )
    assert caught.value.point == {"power_ratio": 1.0, "decisiveness": 3.0}
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_measure_that_raises_is_marked():
    found = run(
        {"power_ratio": [0.5, 1, 2]},
        measure=[cases.fails_at_one, "region", "payoffs"],
        on_error="mark",
    )
    assert found["status"].values.tolist() == [0, 2, 0]
    assert found["fails_at_one"].attrs["labels"] == ["high", "low"]
    assert found["fails_at_one"].values.tolist() == [1, -1, 0]
    assert found["region"].values.tolist()[1] == -1
    assert np.isnan(found["payoffs"].values[1]).all()
    code = int(found["error"][1])
    assert found["error"].attrs["labels"][code] == (
        "measure 'fails_at_one' raised ZeroDivisionError: not here"
    )
    assert found["error"].values.tolist() == [-1, 0, -1]


def test_parameters_that_exclude_each_other_fail_at_their_points():
    grid = {"autonomy_loss": ["0.3", "0.7", "4/5"], "domination_loss": ["7/10", 1]}
    with pytest.raises(errors.MeasureError, match="above domination_loss"):
        run(grid)
    found = run(grid, on_error="mark")
    assert found["status"].values.tolist() == [[0, 0], [0, 0], [2, 0]]
    one_by_one = bg.sweep(
        lambda: cases.MODEL, cases.golden(), grid=grid, on_error="mark", measure="region"
    )
    np.testing.assert_array_equal(found["status"], one_by_one["status"])


def test_payoffs_beyond_floats_fail_at_their_points():
    grid = {"alliance_cost": [0.1, 1e308]}
    model = bg.BalancingModel(arming_cost=1e308)
    found = bg.sweep(model, cases.golden(), grid=grid, actions=["balance", "arm"], on_error="mark")
    assert found["status"].values.tolist() == [2, 2]


def test_measures_that_change_their_kind_are_refused():
    grid = {"power_ratio": [1, 2]}
    with pytest.raises(errors.MeasureError, match=r"measure 'x'.*text at others"):
        run(grid, measure={"x": lambda p: "a" if p.values["power_ratio"] == 1 else 1.0})
    with pytest.raises(errors.MeasureError, match="measure 'x'"):
        run(grid, measure={"x": lambda p: "a" if p.values["power_ratio"] == 1 else 1.0}, chunks=1)
    with pytest.raises(errors.MeasureError, match="a measure gives a number"):
        run(grid, measure={"x": lambda p: object()})


def test_a_map_without_a_feasible_point_is_a_map():
    found = run(
        {"parallelism": [-1, -0.9]},
        measure=[*cases.MEASURES, "kinds", cases.welfare],
    )
    assert found["status"].values.tolist() == [1, 1]
    assert found["payoffs"].shape == (2, 3)
    assert found["pure_equilibria"].values.tolist() == [-1, -1]
    assert found["region"].attrs["labels"] == []


def test_text_and_labels_make_axes():
    found = run({"contest": ["ratio", "logistic"], "affinity_exponent": [0, "1/2", 1]})
    assert found["contest"].values.tolist() == ["ratio", "logistic"]
    assert found["region"].shape == (2, 3)


def test_a_grid_too_large_for_memory_is_refused_at_once():
    grid = {"power_ratio": np.linspace(1, 2, 10**6), "parallelism": np.linspace(0, 1, 10**6)}
    with pytest.raises(errors.TableTooLargeError, match="1,000,000 x 1,000,000 points"):
        bg.sweep(cases.MODEL, cases.golden(), grid=grid)


@pytest.mark.parametrize("chunks", [1, 8])
@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (lambda point: 1 if point.values["power_ratio"] > 1 else "low", "a number.*text at others"),
        (lambda point: [1] * int(point.values["power_ratio"]), r"\(1,\).*\(2,\) at others"),
    ],
)
def test_a_measure_of_two_kinds_is_named(measure, says, chunks):
    grid = {"power_ratio": [1, 2]}
    with pytest.raises(errors.MeasureError, match=f"measure 'odd'.*{says}"):
        bg.sweep(cases.MODEL, cases.golden(), grid=grid, measure={"odd": measure}, chunks=chunks)


def test_why_points_failed_is_told_in_their_order():
    found = bg.sweep(
        lambda a: bg.NormalFormGame([[1 / a, a**-2]]),
        grid={"a": [1, 0, 2, -0.0 + 4]},
        measure={"one": lambda point: 1},
        on_error="mark",
        chunks=1,
    )
    assert found["error"].values.tolist() == [-1, 0, -1, -1]
    assert "division" in found["error"].attrs["labels"][0]
    assert "error" not in bg.sweep(cases.MODEL, cases.golden(), grid={"power_ratio": [1]})
