"""Batches of small games: each game's list, against the exact solver."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from tests.oracles import quantecon_

SHAPES = [*itertools.product(range(1, 5), repeat=2)]


def agrees(result, payoffs, places):
    for place in places:
        exact = bg.nash_equilibria(bg.NormalFormGame(payoffs[place]))
        listed = result.profiles[result.offsets[place] : result.offsets[place + 1]]
        expected = np.array([np.concatenate(found.profile) for found in exact])
        assert result.counts[place] == len(exact), place
        np.testing.assert_allclose(listed, expected, atol=1e-8)
        if not result.flagged[place]:
            assert len(exact.components) == len(exact), "a continuum was missed"


@pytest.mark.parametrize("shape", SHAPES)
def test_floats_integers_and_ties_agree_with_the_exact_solver(shape):
    rng = np.random.default_rng(sum(shape))
    for payoffs in (
        rng.normal(size=(60, 2, *shape)),
        rng.integers(-9, 10, (60, 2, *shape)),
        rng.integers(0, 3, (60, 2, *shape)),
    ):
        result = bg.solve_batch(payoffs)
        agrees(result, payoffs, range(60))


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 3), (4, 4)])
def test_near_ties_are_not_missed(shape):
    """Ties moved by a few units in the last place: floats must say that they do not know."""
    rng = np.random.default_rng(9)
    payoffs = rng.integers(1, 4, (200, 2, *shape)).astype(float)
    payoffs *= 1 + rng.integers(-2, 3, payoffs.shape) * 2.0**-52
    agrees(bg.solve_batch(payoffs), payoffs, range(200))


def test_sums_of_tenths_are_no_ties():
    payoffs = np.random.default_rng(2).integers(0, 5, (300, 2, 3, 3)) * 0.1
    agrees(bg.solve_batch(payoffs), payoffs, range(300))


@pytest.mark.parametrize("scale", [1e-300, 1e-70, 1e70, 1e300])
def test_scales_beyond_the_filter_are_solved_exactly(scale):
    payoffs = np.random.default_rng(4).normal(size=(20, 2, 3, 3)) * scale
    result = bg.solve_batch(payoffs)
    agrees(result, payoffs, range(20))
    assert result.flagged.all()


def test_two_by_two_differences_can_overflow():
    payoffs = np.array([[[[1.7e308, -1.7e308], [-1.7e308, 1.7e308]]] * 2] * 2)
    result = bg.solve_batch(payoffs)
    agrees(result, payoffs, range(2))
    assert result.flagged.all()


@pytest.mark.compiled  # QuantEcon's own solver errs where its kernels run as plain Python
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4)])
def test_generic_games_agree_with_quantecon(shape):
    payoffs = np.random.default_rng(7).random((200, 2, *shape))
    result = bg.solve_batch(payoffs)
    for place, found in enumerate(quantecon_.support_enumeration_solver(payoffs)()):
        listed = {
            tuple(np.round(one, 7)) for one in map(np.concatenate, zip(*result[place], strict=True))
        }
        assert listed == {tuple(np.round(np.concatenate(one), 7)) for one in found}


def test_larger_games_are_solved_one_by_one():
    payoffs = np.random.default_rng(0).integers(0, 4, (5, 2, 5, 2))
    result = bg.solve_batch(payoffs)
    agrees(result, payoffs, range(5))
    assert result.flagged.all()


def test_the_arrays_fit_together():
    payoffs = np.random.default_rng(0).random((1000, 2, 2, 3))
    result = bg.solve_batch(payoffs)
    assert len(result) == 1000
    assert result.offsets[-1] == result.counts.sum() == len(result.profiles)
    assert [len(part) for part in result[-1]] == [result.counts[-1]] * 2
    assert sum(1 for _ in result) == 1000
    assert "1,000 games, 2 x 3" in repr(result)
    with pytest.raises(ValueError, match="read-only"):
        result.profiles[0] = 0
    with pytest.raises(IndexError):
        result[1000]


def test_no_games_is_a_result_too():
    result = bg.solve_batch(np.empty((0, 2, 2, 2)))
    assert len(result) == 0
    assert result.profiles.shape == (0, 4)


@pytest.mark.compiled
def test_rounds_and_blocks_keep_their_order():
    payoffs = np.random.default_rng(5).random((300_000, 2, 2, 2))
    heard = []
    with listening(lambda *event: heard.append(event)):
        result = bg.solve_batch(payoffs)
    assert [event[1] for event in heard] == [1 << 18, 300_000]
    agrees(result, payoffs, [0, 1, 13_107, 13_108, 262_143, 262_144, 299_999])


@pytest.mark.parametrize(
    ("payoffs", "error", "says"),
    [
        (np.zeros((2, 2, 2)), errors.InvalidShapeError, r"\(k, 2, m_0, m_1\)"),
        (np.zeros((1, 3, 2, 2)), errors.InvalidShapeError, "two players"),
        (np.zeros((1, 2, 0, 2)), errors.InvalidShapeError, "at least one action"),
        ([[[[1, 2]], [[1]]]], errors.InvalidShapeError, "ragged"),
        ([[[["1/3"]], [["x"]]]], errors.InvalidTypeError, "nash_equilibria for exact"),
        ([[[[1.0]], [[np.nan]]]], errors.InvalidPayoffError, r"payoffs\[0, 1, 0, 0\] is nan"),
        ([[[[np.inf]], [[1]]]], errors.InvalidPayoffError, "must be finite"),
    ],
)
def test_bad_input_is_named(payoffs, error, says):
    with pytest.raises(error, match=says):
        bg.solve_batch(payoffs)


BIG, LEAST = 1.7e308, 5e-324


@pytest.mark.parametrize(
    "game",
    [
        [[[BIG, -BIG], [-BIG, BIG]], [[-BIG, BIG], [BIG, -BIG]]],
        [[[LEAST, 0], [0, LEAST]], [[0, LEAST], [LEAST, 0]]],
        [[[5 * LEAST, 0], [0, 3 * LEAST]], [[0, 5 * LEAST], [3 * LEAST, 0]]],
    ],
)
def test_two_by_two_games_at_the_ends_of_the_range(game):
    payoffs = np.array([game])
    agrees(bg.solve_batch(payoffs), payoffs, [0])


@pytest.mark.parametrize("shape", [(3, 3), (4, 4), (3, 4)])
def test_products_that_underflow_are_noticed(shape):
    """Rows a moderate range apart from others whose differences are far smaller."""
    rng = np.random.default_rng(6)
    payoffs = rng.normal(size=(200, 2, *shape)) * 10.0 ** -rng.integers(
        155, 165, (200, 2, *shape[:1], 1)
    )
    payoffs[:, :, -1] = rng.integers(-1, 2, (200, 2, shape[1]))
    agrees(bg.solve_batch(payoffs), payoffs, range(200))


@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.longdouble])
def test_numbers_floats_cannot_hold_are_refused(dtype):
    payoffs = np.full((1, 2, 2, 2), 2**53, dtype)
    assert bg.solve_batch(payoffs).counts[0] == 4
    payoffs[0, 0, 0, 0] += 1
    with pytest.raises(errors.InvalidPayoffError, match="exactly"):
        bg.solve_batch(payoffs)
