"""Mistakes that many functions share are refused alike, by name."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors

HUNT = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]])
CAMPS = bg.AlignmentGame([1, 2, 3], [[0, 1, -1], [1, 0, 2], [-1, 2, 0]])


@pytest.mark.parametrize("seed", ["x", -1, 1.5, {}])
def test_a_seed_that_is_none(seed):
    world, model = bg.load_scenario("golden-3"), bg.load_model("golden-3")
    with pytest.raises(errors.InvalidTypeError, match=r"rng is .*a seed of 0 or more"):
        bg.move_orders(HUNT, samples=3, rng=seed)
    with pytest.raises(errors.InvalidTypeError, match=r"rng is .*a seed of 0 or more"):
        bg.robustness(world, model, draws=1, rng=seed)


def test_a_generator_goes_on_where_it_was():
    source = np.random.default_rng(3)
    first, second = (bg.move_orders(HUNT, samples=12, rng=source).orders for _ in range(2))
    again = bg.move_orders(HUNT, samples=24, rng=3).orders
    assert first + second == again


@pytest.mark.parametrize(
    "make",
    [
        lambda: bg.selection(HUNT),
        lambda: bg.alignments(CAMPS),
        lambda: bg.nash_equilibria(HUNT),
        lambda: bg.pure_nash(HUNT),
        lambda: bg.strong_equilibria(HUNT).blocked,
        lambda: bg.sequential_outcomes(HUNT),
        lambda: bg.move_orders(HUNT),
    ],
)
def test_places_of_a_result(make):
    result = make()
    assert result[-1] == result[len(result) - 1] == list(result)[-1]
    assert result[np.int64(0)] == result[0]
    assert tuple(result[:1]) == (result[0],)
    for place in (0.5, None, True, (0,)):
        with pytest.raises(errors.InvalidTypeError, match="is no place"):
            result[place]
    for place in (99, -99):
        with pytest.raises(IndexError, match=f"at place {place} .known: places 0 to") as caught:
            result[place]
        assert isinstance(caught.value, errors.UnknownPlaceError)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: bg.selection(CAMPS), "game.normal_form"),
        (lambda: bg.alignments(bg.load_scenario("golden-3")), "world.power"),
        (lambda: bg.AlignmentGame(bg.load_scenario("golden-3"), 1), "world.power"),
        (lambda: bg.AlignmentGame(1, bg.load_scenario("golden-3")), "world.power"),
        (lambda: bg.endurance(bg.load_scenario("golden-3"), 1), "model.game"),
        (lambda: bg.strong_equilibria(bg.pure_nash(HUNT)), "result.game"),
    ],
)
def test_what_would_be_the_right_thing_is_said(call, hint):
    with pytest.raises(errors.InvalidTypeError, match=hint):
        call()
