"""Logit equilibria known from the literature, or in closed form."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq

import balancegame as bg


def test_mckelvey_palfrey_1995_matching_pennies_is_uniform_at_every_precision():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    path = bg.logit_path(pennies)
    for profile in path.profiles:
        np.testing.assert_allclose(np.concatenate(profile), 0.5, atol=1e-12)
    assert path.limit.exact == ((Fraction(1, 2),) * 2,) * 2
    assert path.turning_points == ()
    assert path.bifurcations == ()


@pytest.mark.parametrize("prize", [4, 9])
@pytest.mark.parametrize("precision", [0.1, 0.5, 1.0, 2.0, 5.0, 50.0])
def test_ochs_1995_own_payoffs_matter(prize, precision):
    """Asymmetric matching pennies: one equation in one unknown, solved by bisection.

    With p and q the chances of the first row and column, log odds of p are t((prize + 1) q - 1),
    and of q t (1 - 2 p): the second falls in p, so that there is one solution (McKelvey & Palfrey
    1995, section on 2 x 2 games). In every one but the limit the row player plays the row of his
    large prize more than the half that Nash equilibrium asks for.
    """
    game = bg.NormalFormGame.from_arrays([[prize, 0], [0, 1]], [[0, 1], [1, 0]])

    def logistic(x):
        return 0.5 * (1 + math.tanh(x / 2))

    def excess(p):
        q = logistic(precision * (1 - 2 * p))
        return p - logistic(precision * ((prize + 1) * q - 1))

    p = brentq(excess, 0, 1, xtol=1e-15)
    found = bg.quantal_response(game, precision)
    assert found.profile[0][0] == pytest.approx(p, abs=1e-13)
    assert found.profile[0][0] > 0.5
    limit = bg.logit_path(game).limit
    assert limit.exact == (
        (Fraction(1, 2),) * 2,
        (Fraction(1, prize + 1), Fraction(prize, prize + 1)),
    )


@pytest.mark.parametrize("precision", [0.3, 1.0, 7.0])
def test_a_dilemma_with_constant_gains_is_logistic(precision):
    """Defection gains 1 whatever the other does: odds exp(precision), at any precision."""
    dilemma = bg.NormalFormGame.from_arrays([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    found = bg.quantal_response(dilemma, precision)
    for part in found.profile:
        assert part[1] == pytest.approx(1 / (1 + math.exp(-precision)), rel=1e-14)


@pytest.mark.parametrize("seed", range(20))
def test_turocy_2005_the_risk_dominant_equilibrium_is_selected(seed):
    """Symmetric 2 x 2 games with two strict symmetric equilibria (Harsanyi & Selten 1988).

    At the centroid the risk-dominant action pays more, and on the symmetric branch a player who
    plays it more than half the time always gains by it: there is no way back.
    """
    a, b, c, d = np.random.default_rng(seed).uniform(0, 3, 4)
    a, d = a + c, d + b  # both (0, 0) and (1, 1) are strict
    game = bg.NormalFormGame.from_arrays([[a, b], [c, d]], [[a, c], [b, d]])
    selected = ("a0", "a0") if a + b > c + d else ("a1", "a1")
    limit = bg.logit_path(game).limit
    assert limit.actions == selected
    assert limit.settled


@pytest.mark.parametrize("m", [2, 3, 4, 7])
@pytest.mark.parametrize("prize", [1, 5])
def test_coordination_games_branch_at_the_number_of_actions(m, prize):
    """Derivatives at uniform play are 1 / m times the prize, times those of softmax: identity."""
    game = bg.NormalFormGame.from_arrays(prize * np.eye(m), prize * np.eye(m))
    path = bg.logit_path(game)
    (place,) = path.bifurcations
    assert path.precisions[place] == pytest.approx(m / prize, rel=1e-5)
    assert path.limit.exact == ((Fraction(1, m),) * m,) * 2


def test_mckelvey_palfrey_1995_limits_are_nash_and_few():
    """Selten's horse in normal form: of its continua of equilibria the branch takes one point."""
    table = np.zeros((3, 2, 2, 2))
    # Player 0: down, across; player 1: down, across; player 2: left, right.
    payoffs = {
        (0, 0): [(3, 3, 2), (0, 0, 0)],
        (0, 1): [(3, 3, 2), (0, 0, 0)],
        (1, 0): [(4, 4, 0), (0, 0, 1)],
        (1, 1): [(1, 1, 1), (1, 1, 1)],
    }
    for (a, b), outcomes in payoffs.items():
        for c, values in enumerate(outcomes):
            table[:, a, b, c] = values
    game = bg.NormalFormGame(table)
    path = bg.logit_path(game)
    assert path.limit.regret <= 1e-9
    assert game.regret(path.limit).max() <= 1e-9
    # Across for both; 2 goes left with at most a quarter, so that 1 does not go down.
    assert path.limit[0][1] == 1.0
    assert path.limit[1][1] == pytest.approx(1.0, abs=1e-3)
    assert path.limit[2][0] <= 0.25 + 1e-3
