"""Solutions sharpened: the proven radius holds the solution, however close another one is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from balancegame.solvers.many_players.refinement import Refinement

UNIT = Fraction(1, 10**12)


def product_near(apart):
    """(x - 1/2 - apart)(y - 1/2 + apart) shifted: two solutions, close where apart is small.

    Equations over the corners (x, y) of the unit square: x y = 1/4 + apart and x + y = 1 + 2 s,
    with s chosen so that (1/2 + d, 1/2 + e) solve them.
    """
    x, y = Fraction(1, 2), Fraction(1, 2) + apart
    product, total = x * y, x + y
    first = [[-product, -product], [-product, 1 - product]]
    second = [[-total, 1 - total], [1 - total, 2 - total]]
    tables = [np.array(one, dtype=object) for one in (first, second)]
    return tables, (x, y)


def coordinates_of(*shares):
    return [np.array([1.0 - float(one), float(one)]) for one in shares]


@pytest.mark.parametrize("apart", [Fraction(1, 3), Fraction(1, 10**4), Fraction(1, 10**9)])
@pytest.mark.parametrize("bits", [60, 240])
def test_the_radius_holds_the_solution(apart, bits):
    tables, (x, y) = product_near(apart)
    start = coordinates_of(x, y)
    refinement = Refinement(tables, start, float(apart) / 4)
    assert refinement.is_sharp
    found, radius = refinement.solve(bits)
    assert abs(found[0][1] - x) <= radius
    assert abs(found[1][1] - y) <= radius
    assert radius < apart / 100


def test_a_double_solution_is_never_called_sharp():
    tables, (x, y) = product_near(Fraction(0))
    refinement = Refinement(tables, coordinates_of(x, y), 1e-6)
    assert not refinement.is_sharp


def test_a_start_far_from_any_solution_is_not_called_sharp():
    """x y = 1 / 4 + 1 / 100 and x + y = 1 have no solution at all."""
    product, total = Fraction(26, 100), Fraction(1)
    tables = [
        np.array([[-product, -product], [-product, 1 - product]], dtype=object),
        np.array([[-total, 1 - total], [1 - total, 2 - total]], dtype=object),
    ]
    refinement = Refinement(tables, coordinates_of(Fraction(1, 2), Fraction(51, 100)), 0.3)
    assert not refinement.is_sharp
