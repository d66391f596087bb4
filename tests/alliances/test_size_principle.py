"""Proposition 12: the most profitable size of an offensive coalition, against a grid."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors


@pytest.mark.parametrize("m", [1.1, 1.5, 2, 3, 5, 20])
def test_p12_the_optimum_of_a_grid(m):
    found = bg.offensive_optimum(m)
    x = np.linspace(1e-3, 5, 500_001)
    spoils = x ** (m - 1) / (1 + x**m)
    assert found.ratio == pytest.approx(x[spoils.argmax()], abs=1e-4)
    assert found.prevailing == pytest.approx(found.ratio**m / (1 + found.ratio**m))


def test_p12_the_values_of_the_model_page():
    assert bg.offensive_optimum(2) == bg.OffensiveOptimum(1.0, 0.5)
    assert bg.offensive_optimum(3).ratio == pytest.approx(1.2599, abs=5e-5)
    assert bg.offensive_optimum("3").prevailing == 2 / 3


@pytest.mark.parametrize("m", [0.3, 0.5, 1])
def test_p12_no_interior_optimum_up_to_one(m):
    x = np.linspace(1e-3, 5, 1001)
    assert (np.diff(x ** (m - 1) / (1 + x**m)) < 0).all()
    assert bg.offensive_optimum(m) == bg.OffensiveOptimum(None, None)


@pytest.mark.parametrize("m", [0, -1, float("nan"), "x"])
def test_a_bad_exponent_is_refused(m):
    with pytest.raises(errors.InvalidParameterError, match="decisiveness"):
        bg.offensive_optimum(m)
