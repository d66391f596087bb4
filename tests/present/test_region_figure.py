"""The map of a sweep."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

import balancegame as bg
from balancegame import errors

mpl.use("Agg")


@pytest.fixture(scope="module")
def found():
    return bg.sweep(
        bg.BalancingModel(decisiveness=2),
        bg.load_scenario("golden-3"),
        grid={"power_ratio": np.linspace(0.2, 4, 40), "parallelism": np.linspace(-1, 1, 41)},
        measure=["region", "pure_equilibria", "margin", "payoffs"],
    )


def test_every_label_is_in_the_legend_and_large_regions_are_labelled(found):
    drawn = bg.plot_regions(found, title="Golden")
    legend = [text.get_text() for text in drawn.get_legend().get_texts()]
    used = np.unique(found["region"].values)
    labels = [found["region"].attrs["labels"][code] for code in used if code >= 0]
    assert legend == [*labels, "infeasible"]
    assert "WWW" in [text.get_text() for text in drawn.texts]
    assert (drawn.get_xlabel(), drawn.get_ylabel()) == (
        "parallelism of interests",
        "power ratio (threat / mean of the others)",
    )
    assert drawn.get_title(loc="left") == "Golden"
    mesh = drawn.collections[0]
    shown = np.asarray(mesh.get_array()).reshape(40, 41)
    assert ((shown == 0) == (found["status"].values == 1)).all()
    mpl.pyplot.close("all")


def test_colours_of_regions_differ(found):
    drawn = bg.plot_regions(found)
    faces = [tuple(patch.get_facecolor()) for patch in drawn.get_legend().get_patches()]
    assert len(set(faces)) == len(faces)
    mpl.pyplot.close("all")


def test_counts_make_maps_and_axes_are_reused(found):
    _, axes = mpl.pyplot.subplots()
    drawn = bg.plot_regions(found, "pure_equilibria", axes=axes)
    assert drawn is axes
    legend = [text.get_text() for text in drawn.get_legend().get_texts()]
    assert legend == ["1", "2", "3", "infeasible"]
    mpl.pyplot.close("all")


def test_what_is_no_map_is_refused(found):
    with pytest.raises(errors.InvalidTypeError, match="dataset is 3"):
        bg.plot_regions(3)
    with pytest.raises(errors.UnknownNameError, match="did you mean 'region'"):
        bg.plot_regions(found, "regions")
    with pytest.raises(errors.InvalidTypeError, match="no labels"):
        bg.plot_regions(found, "margin")
    with pytest.raises(errors.InvalidShapeError, match="two axes"):
        bg.plot_regions(found, "payoffs")
    with pytest.raises(errors.InvalidShapeError, match="two axes"):
        bg.plot_regions(found.isel(parallelism=0))
    with pytest.raises(errors.InvalidShapeError, match="increasing"):
        bg.plot_regions(found.isel(parallelism=slice(None, None, -1)))
    with pytest.raises(errors.InvalidShapeError, match="no measure"):
        bg.plot_regions(found[["status"]])
