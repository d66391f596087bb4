"""Higham (2002), "Computing the nearest correlation matrix", the two worked examples."""

from __future__ import annotations

import numpy as np

import balancegame as bg


def test_section_4_tridiagonal():
    matrix = 2 * np.eye(4) - np.eye(4, k=1) - np.eye(4, k=-1)
    nearest = bg.nearest_correlation(matrix)
    expected = [
        [1, -0.8084, 0.1916, 0.1068],
        [-0.8084, 1, -0.6562, 0.1916],
        [0.1916, -0.6562, 1, -0.8084],
        [0.1068, 0.1916, -0.8084, 1],
    ]
    np.testing.assert_allclose(nearest, expected, atol=5e-5)
    assert round(float(np.linalg.norm(nearest - matrix)), 4) == 2.1337


def test_three_by_three_of_ones_and_zeros():
    nearest = bg.nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    np.testing.assert_allclose(nearest[0], [1, 0.7607, 0.1573], atol=5e-5)
