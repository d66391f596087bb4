"""The nearest correlation matrix: feasible, and nearest by the optimality conditions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import balancegame as bg
from balancegame.errors import ConvergenceError, InvalidShapeError
from balancegame.testing import parallelism_matrices
from balancegame.world import nearest_correlation as module


@given(parallelism_matrices(max_states=6, positive_semidefinite=False))
def test_the_result_is_a_correlation_matrix(matrix):
    nearest = bg.nearest_correlation(matrix)
    assert (np.diag(nearest) == 1).all()
    assert (nearest == nearest.T).all()
    assert np.linalg.eigvalsh(nearest)[0] >= -1e-12


@given(
    parallelism_matrices(min_states=4, max_states=4, positive_semidefinite=False),
    parallelism_matrices(min_states=4, max_states=4),
)
def test_no_other_correlation_matrix_is_nearer(matrix, other):
    # X is the projection of A on a convex set iff <A - X, Z - X> <= 0 for all Z in it.
    nearest = bg.nearest_correlation(matrix)
    assert ((matrix - nearest) * (other - nearest)).sum() <= 1e-9


@given(parallelism_matrices(max_states=6))
def test_a_correlation_matrix_stays(matrix):
    np.testing.assert_allclose(bg.nearest_correlation(matrix), matrix, atol=1e-10)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.zeros((2, 3)), "must be square"),
        (np.zeros((0, 0)), "must be square"),
        ([[1, 0.5], [0.4, 1]], "symmetric"),
        ([[1, np.nan], [np.nan, 1]], "finite"),
    ],
)
def test_other_shapes_are_refused(matrix, words):
    with pytest.raises(InvalidShapeError, match=words):
        bg.nearest_correlation(matrix)


def test_it_says_when_it_does_not_settle(monkeypatch):
    monkeypatch.setattr(module, "_MOST_ROUNDS", 2)
    with pytest.raises(ConvergenceError, match="did not settle in 2 rounds"):
        bg.nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
