"""The public strategies: what they draw, and what they shrink to."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import ProjectionWarning
from balancegame.testing import (
    _letters,
    mixed_profiles,
    normal_form_games,
    parallelism_matrices,
    worlds,
)


@given(parallelism_matrices(min_states=2, max_states=4))
def test_gram_matrices_are_correlations(matrix):
    assert 2 <= len(matrix) <= 4
    assert np.linalg.eigvalsh(matrix)[0] >= -1e-12
    assert (np.diag(matrix) == 1).all()
    assert (matrix == matrix.T).all()


def test_matrices_cover_the_whole_range():
    for target in (-1.0, 1.0):
        found = find(parallelism_matrices(min_states=2), lambda m, t=target: m[0, 1] == t)
        assert found[0, 1] == target
    find(parallelism_matrices(min_states=3), lambda m: m[0, 1] < -0.4 and m[0, 2] > 0.4)


def test_matrices_that_need_projection_are_found():
    def is_indefinite(matrix):
        return np.linalg.eigvalsh(matrix)[0] < -0.1

    matrix = find(
        parallelism_matrices(min_states=3, max_states=3, positive_semidefinite=False),
        is_indefinite,
    )
    world = bg.World(["A", "B", "H"], [1, 1, 1], matrix, threat="H")
    with pytest.warns(ProjectionWarning):
        bg.BalancingModel().game(world)


@given(worlds(min_states=2, max_states=3, exposures=st.integers(0, 2)))
def test_worlds_have_their_threat_last(world):
    assert world.threat == world.names[-1] == "H"
    assert 2 <= len(world.states) <= 3


def test_worlds_shrink_to_the_plainest():
    world = find(worlds(min_states=2), lambda _: True)
    assert world == bg.World(["A", "B", "H"], [1, 1, 1], threat="H")
    alone = find(worlds(threat=False), lambda _: True)
    assert (alone.names, alone.threat) == (("A",), None)


def test_many_states_have_distinct_names():
    names = [_letters(place) for place in range(700)]
    assert len(set(names)) == 700
    assert "H" not in names
    assert (names[0], names[24], names[25]) == ("A", "Z", "AA")


@given(normal_form_games(min_players=2, max_players=3, min_actions=2, max_actions=4))
def test_games_have_the_shape_asked_for(game):
    assert 2 <= game.n_players <= 3
    assert all(2 <= m <= 4 for m in game.shape)


def test_games_shrink_small_and_can_be_non_square():
    assert find(normal_form_games(), lambda g: g.payoffs.max() > 0).payoffs.tolist() == [[1.0]]
    find(normal_form_games(), lambda g: g.n_players == 3 and len(set(g.shape)) == 3)


@given(normal_form_games(zero_sum=True, payoffs=st.fractions(-1, 1, max_denominator=9)))
def test_zero_sum_games_sum_to_zero(game):
    assert (game.exact_payoffs.sum(axis=0) == 0).all()


@given(st.data())
def test_profiles_are_probabilities(data):
    game = data.draw(normal_form_games())
    exact = data.draw(mixed_profiles(game, exact=True))
    for part, m in zip(exact, game.shape, strict=True):
        assert len(part) == m
        assert sum(part) == 1
        assert all(isinstance(p, Fraction) and p >= 0 for p in part)
    game.expected_payoffs(data.draw(mixed_profiles(game.shape)))
