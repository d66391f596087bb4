"""Coalition-proofness of alike players, against the recursion over all profiles and coalitions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.solvers.coalitions.alike_players import alike_coalition_proof


def game_of(first, second):
    """All profiles of the players that `first` and `second` speak of."""
    n = len(first) - 1
    payoffs = np.zeros((n, *[2] * n))
    for cell in itertools.product((0, 1), repeat=n):
        for i in range(n):
            payoffs[(i, *cell)] = (second if cell[i] else first)[sum(cell)]
    return bg.NormalFormGame(payoffs)


@st.composite
def alike(draw, most=5):
    n = draw(st.integers(1, most))
    values = st.integers(0, draw(st.sampled_from([1, 3, 9])))
    rows = st.lists(values, min_size=n + 1, max_size=n + 1).map(lambda row: np.array(row, float))
    return draw(rows), draw(rows)


@pytest.mark.compiled
@given(alike())
def test_as_found_in_the_whole_game(rows):
    found = {one.actions for one in bg.coalition_proof_equilibria(game_of(*rows))}
    proof = alike_coalition_proof(*rows)
    cells = itertools.product((0, 1), repeat=len(proof) - 1)
    assert found == {tuple(f"a{a}" for a in cell) for cell in cells if proof[sum(cell)]}


def test_the_dilemma_of_five_and_a_game_of_no_interest():
    withhold, aid = np.array([0, 1, 2, 3, 4, np.nan]), np.array([np.nan, -1, 0, 1, 2, 3])
    assert alike_coalition_proof(withhold, aid).tolist() == [True, *[False] * 5]
    assert alike_coalition_proof(np.zeros(4), np.zeros(4)).all()
