"""Three and more players: the whole list, with its components and indices."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from tests.many_players import game_of_gains, near

HALF = Fraction(1, 2)
ROOT = 0.5**0.5


# -- ties at irrational solutions -----------------------------------------------------------------
# The two games below were found by hand. Theirs are solutions in which three players' chances are
# 1 / sqrt(2), and a condition is 0 exactly.


def test_a_solution_on_the_face_of_a_cut_is_not_lost():
    """SOUNDNESS: player 1's third action is tied just at p = 1/2, where the piece is cut.

    Neither the piece of his two actions (a barycentric coordinate is 0 on the cut, though every
    probability is positive) nor that of his three (the third has probability 0) may drop it.
    """

    def gain(i, profile):
        p, q, r, s = profile
        one, two = int(q == 1), int(q == 2)
        return (
            p * (one * r - HALF),
            one * (r * s - HALF + p - HALF) + two * (HALF - p),
            r * (one * s - HALF + 2 * (p - HALF)),
            s * (one * r - HALF + 3 * (p - HALF) + two),
        )[i]

    game = game_of_gains((2, 3, 2, 2), gain)
    profile = ([0.5, 0.5], [1 - ROOT, ROOT, 0], [1 - ROOT, ROOT], [1 - ROOT, ROOT])
    assert max(game.regret(profile)) < 1e-15
    result = bg.nash_equilibria(game)
    if result.complete:
        assert near(result, profile) == 1


@pytest.mark.parametrize("x", [Fraction(1, 2), ROOT], ids=["rational", "irrational"])
def test_a_solution_of_two_factors_is_listed_once(x):
    """SOUNDNESS: player 1's gain is (p - 1/2) (r s - x x), and both are 0 at (1/2, x, x, x)."""
    square = Fraction(round(4 * x * x), 4)

    def gain(i, profile):
        p, q, r, s = profile
        return (
            p * (q * r + r * s + q * s - 3 * square),
            q * (p - HALF) * (r * s - square),
            r * (q * s - square + p - HALF),
            s * (q * r - square + 2 * (p - HALF)),
        )[i]

    game = game_of_gains((2, 2, 2, 2), gain)
    profile = ([0.5, 0.5], [1 - x, x], [1 - x, x], [1 - x, x])
    result = bg.nash_equilibria(game)
    if result.complete:
        assert near(result, profile) == 1
    for found in result.refine(40):
        assert found.error_bound <= 1e-40


# -- limits and interruption ----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(100,), (64, 2, 2), (2, 70, 2)])
def test_more_actions_than_a_word_has_bits(shape):
    rng = np.random.default_rng(0)
    payoffs = rng.normal(size=(len(shape), *shape))
    for i in range(len(shape)):
        np.moveaxis(payoffs[i], i, 0)[0] += 9  # dominance leaves one action
    result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
    assert [found.actions for found in result] == [("a0",) * len(shape)]


def test_progress_is_reported():
    heard = []
    game = bg.NormalFormGame(np.random.default_rng(1).normal(size=(3, 3, 3, 3)))
    with listening(lambda *event: heard.append(event)):
        bg.nash_equilibria(game)
    assert "supports" in {task for task, _, _ in heard}
    assert all(type(number) is int for _, *numbers in heard for number in numbers)


@pytest.mark.parametrize("call", range(3))
def test_ctrl_c_gives_a_partial_result(call):
    """At whatever report it comes: while supports are listed, or searched."""
    calls = itertools.count()

    def interrupt(*_):
        if next(calls) == call:
            raise KeyboardInterrupt

    game = bg.NormalFormGame(np.random.default_rng(0).normal(size=(3, 3, 3, 3)))
    # A bare KeyboardInterrupt loses what was found, and would end pytest.
    with (
        listening(interrupt),
        pytest.raises((errors.SearchInterrupted, KeyboardInterrupt)) as caught,
    ):
        bg.nash_equilibria(game)
    assert isinstance(caught.value, errors.SearchInterrupted)
    assert not caught.value.result.complete
