"""Worlds: what they hold, what they refuse."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame._numbers import exact_value
from balancegame.testing import worlds


def two(**options):
    return bg.World(["A", "B"], [1, 2], **options)


def test_parallelism_is_the_identity_by_default():
    assert two().parallelism.tolist() == [[1, 0], [0, 1]]
    assert two().threat is None
    assert two().exposure.tolist() == [1, 1]


def test_numbers_may_be_given_by_name():
    world = bg.World(
        ["A", "B", "H"],
        {"H": 4, "A": 1, "B": "1/3"},
        {"A": {"B": 0.5, "H": 0}, "H": {"B": "-1/4"}},
        threat="H",
        exposure={"A": 2, "B": 1, "H": 1},
    )
    assert world.power.tolist() == [1, 1 / 3, 4]
    assert world.parallelism.tolist() == [[1, 0.5, 0], [0.5, 1, -0.25], [0, -0.25, 1]]
    assert world.states == ("A", "B")
    assert exact_value(world.given.power[1]) == Fraction(1, 3)
    assert exact_value(world.given.parallelism[0][1]) is None


def test_the_threat_may_stand_anywhere():
    world = bg.World(["H", "A", "B"], [4, 1, 2], threat="H")
    assert world.states == ("A", "B")


def test_a_world_does_not_share_memory_and_cannot_be_changed():
    power = np.array([1.0, 2.0])
    world = bg.World(["A", "B"], power)
    power[0] = 9
    assert world.power[0] == 1
    for values in (world.power, world.parallelism, world.exposure, world.shares):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0
    with pytest.raises(AttributeError, match=r"world\.replace\(threat="):
        world.threat = "A"
    with pytest.raises(AttributeError, match="immutable"):
        del world._threat


@given(worlds(exposures=st.integers(0, 3)))
def test_replacing_nothing_changes_nothing(world):
    assert world.replace() == world
    assert pickle.loads(pickle.dumps(world)) == world
    assert hash(world.replace()) == hash(world)
    assert [exact_value(v) for v in world.replace(title="t").given.power] == [
        exact_value(v) for v in world.given.power
    ]


@given(worlds(powers=st.floats(1e-300, 1e300)))
def test_shares_sum_to_one_at_any_scale(world):
    assert world.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((["A", "B"], [1, 0]), errors.InvalidPowerError, "power of B is 0; it must be positive"),
        ((["A", "B"], [1, -2]), errors.InvalidPowerError, "power of B is -2"),
        ((["A", "B"], [1, np.nan]), errors.InvalidPowerError, "power of B is nan"),
        ((["A", "B"], [1, "inf"]), errors.InvalidPowerError, "power of B is 'inf'"),
        ((["A", "B"], [1, True]), errors.InvalidTypeError, "power of B is True"),
        ((["A", "B"], [1]), errors.InvalidShapeError, "1 entry for 2 states"),
        ((["A", "B"], {"A": 1}), errors.InvalidShapeError, "no entry for B"),
        ((["A", "B"], {"A": 1, "B": 1, "b": 1}), errors.UnknownStateError, "mean 'B'"),
        ((["A", "B"], 3), errors.InvalidTypeError, "one number a state"),
        ((["A", "A"], [1, 1]), errors.InvalidNameError, "repeats 'A'"),
        (([], []), errors.InvalidNameError, "empty"),
        (("AB", [1, 1]), errors.InvalidTypeError, "sequence of names"),
    ],
)
def test_bad_states_and_powers_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        bg.World(*arguments)


@pytest.mark.parametrize(
    ("matrix", "error", "words"),
    [
        ([[1, 2], [2, 1]], errors.InvalidParallelismError, r"A is 2, outside \[-1, 1\]"),
        ([[1, 0.2], [0.3, 1]], errors.InvalidParallelismError, "must be symmetric"),
        ([[1, 0], [0, 0.9]], errors.InvalidParallelismError, "diagonal must be 1"),
        ([[1, np.nan], [np.nan, 1]], errors.InvalidParallelismError, "finite"),
        ([[1, 0]], errors.InvalidShapeError, r"expected \(2, 2\)"),
        ([[1, 0], [0]], errors.InvalidShapeError, r"rows of lengths \[2, 1\], expected"),
        (np.eye(3), errors.InvalidShapeError, r"expected \(2, 2\)"),
        (0.5, errors.InvalidShapeError, r"expected \(2, 2\)"),
        ({"A": {}}, errors.InvalidParallelismError, "no entry for A and B"),
        ({"A": {"C": 0}}, errors.UnknownStateError, "unknown state in parallelism of A 'C'"),
        ({"A": {"B": 0.1}, "B": {"A": 0.2}}, errors.InvalidParallelismError, "symmetric"),
    ],
)
def test_bad_parallelism_is_refused(matrix, error, words):
    with pytest.raises(error, match=words):
        two(parallelism=matrix)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"threat": "C"}, errors.UnknownStateError, "unknown threat 'C'"),
        ({"threat": "a"}, errors.UnknownStateError, "did you mean 'A'"),
        ({"exposure": [1, -1]}, errors.InvalidExposureError, "exposure of B is -1"),
        ({"exposure": {"A": 1}}, errors.InvalidShapeError, "exposure has no entry for B"),
        ({"sources": "a book"}, errors.InvalidTypeError, "sequence of texts"),
    ],
)
def test_bad_options_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        two(**options)


def test_replace_knows_its_arguments():
    with pytest.raises(errors.UnknownParameterError, match="did you mean 'power'"):
        two().replace(powers=[1, 2])


def test_a_world_prints_its_states():
    shown = str(bg.load_scenario("europe-1938"))
    assert shown.startswith("World 'Europe, 1938': 7 states")
    assert "Germany" in shown
    assert shown.endswith("threat")


def test_rounding_in_a_computed_matrix_is_evened_out():
    vectors = np.random.default_rng(0).normal(size=(6, 3))
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    matrix = vectors @ vectors.T
    matrix[0, 1] += 1e-15
    matrix[2, 2] = 1 + 2e-16
    world = bg.World([*"ABCDEF"], [1] * 6, matrix)
    assert (world.parallelism == world.parallelism.T).all()
    assert (np.diag(world.parallelism) == 1).all()
    np.testing.assert_allclose(world.parallelism, matrix, atol=1e-14)
    with pytest.raises(errors.InvalidParallelismError, match="diagonal must be 1"):
        bg.World(["A"], [1], [["1.0000000000000000001"]])


def test_labelled_data_is_read_by_its_labels():
    import pandas as pd

    labels = ["B", "A"]
    world = bg.World(
        ["A", "B"],
        pd.Series([2, 1], index=labels),
        pd.DataFrame([[1, 0.5], [0.5, 1]], index=labels, columns=labels),
    )
    assert world.power.tolist() == [1, 2]
    assert bg.World(["A", "B"], pd.Series([2, 1])).power.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((None, [1]), {}),
        ((np.array("A"), [1]), {}),
        (({"A", "B"}, [1, 2]), {}),
        ((["A", "B"], {1, 2}), {}),
        ((["A", "B"], b"12"), {}),
        ((["A", "B"], np.array(3)), {}),
        ((["A", "B"], [1, 2]), {"sources": 3}),
        ((["A", "B"], [1, 2]), {"title": []}),
        ((["A", "B"], [1, 2], {"A": 3}), {}),
        ((["A\x1b[1m", "B"], [1, 2]), {}),
        ((["A", "B"], [1, 2], ["10", "01"]), {}),
        ((["A", "B"], [1, 2], np.array(1)), {}),
    ],
)
def test_nonsense_is_refused_by_name(arguments, options):
    with pytest.raises(errors.BalanceGameError):
        bg.World(*arguments, **options)
