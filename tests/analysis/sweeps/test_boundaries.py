"""Boundaries lie where theory puts them, and few points are spent on them."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from tests.analysis.sweeps import cases


def test_the_dyadic_threshold_is_found_on_every_line():
    """P2: balancing beats bandwagoning iff r <= [(alpha - c) / (D - alpha + c)]^(1/m)."""
    world = bg.World(["A", "H"], [1, 1], threat="H")
    found = bg.refine_boundaries(
        bg.BalancingModel(alliance_cost=0.1, decisiveness=2),
        world,
        grid={"power_ratio": (0.2, 4), "autonomy_loss": (0, 1)},
        actions=["balance", "bandwagon"],
    )
    alpha, ratio = found["autonomy_loss"].values, found["power_ratio"].values
    threshold = np.sqrt(np.maximum(alpha - 0.1, 0) / (1.1 - alpha))
    along = found["along"].values
    assert np.abs(ratio - threshold)[along == 0].max() <= 1e-6
    exact = 0.1 + ratio**2 / (1 + ratio**2)
    assert np.abs(alpha - exact)[along == 1].max() <= 1e-6
    lines = np.linspace(0, 1, 400)
    wanted = np.sqrt(np.maximum(lines - 0.1, 0) / (1.1 - lines))
    assert (along == 0).sum() == ((wanted > 0.2) & (wanted < 4)).sum()
    lines = np.linspace(0.2, 4, 400)
    wanted = 0.1 + lines**2 / (1 + lines**2)  # at 1, for r = 3, a tie at the edge of the map
    assert (wanted < 1 - 1e-9).sum() <= (along == 1).sum() <= (wanted < 1 + 1e-9).sum()
    spent = found.attrs["evaluations"] - found.attrs["start_evaluations"]
    assert found.attrs["start_evaluations"] == 10_000
    assert spent <= 25 * found.sizes["crossing"]
    assert found["evaluations"].max() <= 25


@pytest.mark.compiled
def test_the_golden_map_is_refined_with_few_points_and_both_sides_hold():
    grid = {"power_ratio": (0.2, 4), "parallelism": (-1, 1)}
    found = bg.refine_boundaries(cases.MODEL, cases.golden(), grid=grid)
    crossings = found.sizes["crossing"]
    spent = found.attrs["evaluations"] - found.attrs["start_evaluations"]
    assert spent <= 25 * crossings
    assert found["evaluations"].max() <= 25
    assert set(np.unique(found["along"])) == {0, 1}
    labels = found["before"].attrs["labels"]
    assert "infeasible" in labels
    draw = np.random.default_rng(0).choice(crossings, 40, replace=False)
    for k in draw:
        one = found.isel(crossing=k)
        along, other = ("power_ratio", "parallelism")[:: 1 if int(one["along"]) == 0 else -1]
        for step, side in ((-1.1e-6, "before"), (1.1e-6, "after")):
            place = {along: [float(one[along]) + step], other: [float(one[other])]}
            at = bg.sweep(cases.MODEL, cases.golden(), grid=place)
            code, status = int(at["region"].squeeze()), int(at["status"].squeeze())
            label = "infeasible" if status == 1 else at["region"].attrs["labels"][code]
            # A third region may be thinner than the step.
            if label != labels[int(one[side])]:
                near = abs(found[along] - float(one[along])) < 3e-6
                assert int((near & (found[other] == one[other])).sum()) > 1


def test_lines_between_start_lines_see_what_start_lines_see():
    """With few start points, the lines still agree with a dense sweep on what is where."""
    grid = {"power_ratio": (0.2, 3), "parallelism": (0, 1)}
    found = bg.refine_boundaries(
        cases.MODEL, cases.golden(), grid=grid, start=40, lines=21, tolerance=1e-4
    )
    ratios = np.linspace(0.2, 3, 301) + 1e-3
    for a in np.linspace(0, 1, 21)[::4]:
        dense = bg.sweep(
            cases.MODEL, cases.golden(), grid={"power_ratio": ratios, "parallelism": [a]}
        )
        codes = dense["region"].values[:, 0]
        changes = ratios[:-1][codes[1:] != codes[:-1]]
        at = found["power_ratio"].values[
            (found["along"].values == 0) & (np.abs(found["parallelism"].values - a) < 1e-12)
        ]
        far = [one for one in changes if np.abs(at - one).min(initial=9.0) > 0.02]
        # What is thinner than a start cell (0.07) may be missed, no more.
        assert len(far) <= 2


def test_counts_functions_and_builders_make_labels():
    grid = {"stag": (0.5, 3), "hare": (0.1, 2)}
    found = bg.refine_boundaries(
        cases.stag_hunt, grid=grid, measure="pure_equilibria", start=6, lines=3, tolerance=1e-3
    )
    np.testing.assert_allclose(found["stag"], found["hare"], atol=1.1e-3)
    assert found["before"].attrs["labels"] == ["1", "2"]
    low = bg.refine_boundaries(
        cases.stag_hunt,
        grid=grid,
        measure=lambda point: "much" if point.values["stag"] > 1 else "little",
        start=4,
        lines=2,
        tolerance=1e-3,
    )
    np.testing.assert_allclose(low["stag"], 1, atol=1.1e-3)


def test_a_map_of_one_label_has_no_boundary():
    found = bg.refine_boundaries(
        cases.MODEL, cases.golden(), grid={"power_ratio": (3, 4), "parallelism": (0, 1)}, start=5
    )
    assert found.sizes["crossing"] == 0
    assert found.attrs["evaluations"] == 25


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"grid": {"power_ratio": (0, 1)}}, errors.InvalidGridError, "two axes"),
        ({"grid": {"power_ratio": (2, 1), "cohesion": (0, 1)}}, errors.InvalidGridError, "lower"),
        ({"grid": {"power_ratio": 2, "cohesion": (0, 1)}}, errors.InvalidGridError, "two ends"),
        ({"grid": {"power": (1, 2), "cohesion": (0, 1)}}, errors.UnknownParameterError, "power"),
        ({"tolerance": 0}, errors.InvalidParameterError, "positive"),
        ({"start": 1}, errors.InvalidParameterError, "at least 2"),
        ({"measure": "margin"}, errors.InvalidTypeError, "no labels"),
        ({"measure": ["region", "camps"]}, errors.InvalidTypeError, "one measure"),
    ],
)
def test_bad_input_is_refused(options, error, says):
    given = {"grid": {"power_ratio": (1, 2), "cohesion": (0, 1)}, "start": 3} | options
    with pytest.raises(error, match=says):
        bg.refine_boundaries(cases.MODEL, cases.golden(), **given)
