"""Published correlated equilibria, by author."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from tests.correlated import chances_of, gains

THIRD = Fraction(1, 3)


def game(first, second):
    return bg.NormalFormGame.from_arrays(first, second)


def test_aumann_1974_chicken():
    """Aumann (1974): one of three profiles at random, (5, 5), is beyond all Nash equilibria.

    The best weights are 1/2, 1/4, 1/4, which pay 5.25 to both.
    """
    chicken = game([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    aumann = dict.fromkeys([(0, 0), (0, 1), (1, 0)], THIRD)
    assert max(gains(chicken, aumann, coarse=False)) <= 0
    result = bg.correlated_equilibrium(chicken)
    assert chances_of(result) == {
        (0, 0): Fraction(1, 2),
        (0, 1): Fraction(1, 4),
        (1, 0): Fraction(1, 4),
    }
    assert result.exact_payoffs == (Fraction(21, 4),) * 2
    nash = [sum(found.exact_payoffs) for found in bg.nash_equilibria(chicken)]
    assert max(nash) == Fraction(28, 3)
    assert max(nash) < 10 < result.exact
    assert bg.correlated_equilibrium(chicken, "egalitarian").exact == Fraction(21, 4)
    assert bg.correlated_equilibrium(chicken, ("best", 0)).exact == 7
    assert bg.correlated_equilibrium(chicken, ("worst", 0)).exact == 2


def test_moulin_vial_1978_commitment_before_the_draw_is_worth_more():
    """Moulin & Vial (1978): one correlated equilibrium, of (3, 3); the diagonal pays 10/3 to both.

    Nobody wants to commit himself against the diagonal, drawn with equal chances: 8/3 is the most
    he would get.
    """
    chosen = game([[3, 1, 4], [1, 5, 0], [1, 0, 2]], [[3, 1, 1], [4, 2, 0], [1, 0, 5]])
    diagonal = dict.fromkeys([(0, 0), (1, 1), (2, 2)], THIRD)
    assert max(gains(chosen, diagonal, coarse=True)) <= 0
    assert max(gains(chosen, diagonal, coarse=False)) > 0
    for objective in ("welfare", "egalitarian", ("best", 0), ("worst", 0), ("best", 1)):
        assert bg.correlated_equilibrium(chosen, objective).support == ((0, 0),)
    assert bg.correlated_equilibrium(chosen).exact == 6
    assert bg.correlated_equilibrium(chosen, coarse=True).exact == 7 > Fraction(20, 3)
    least = bg.correlated_equilibrium(chosen, "egalitarian", coarse=True)
    assert least.exact == Fraction(7, 2) > Fraction(10, 3)


def test_papadimitriou_roughgarden_2008_traffic():
    """Papadimitriou & Roughgarden (2008): chicken; the best correlated equilibrium is uniform."""
    chicken = game([[4, 1], [5, 0]], [[4, 5], [1, 0]])
    result = bg.correlated_equilibrium(chicken)
    assert chances_of(result) == dict.fromkeys([(0, 0), (0, 1), (1, 0)], THIRD)
    assert result.exact == Fraction(20, 3)


def test_shapley_1964_game_without_the_empty_cells():
    """Shapley (1964): the one Nash equilibrium pays 1/3 to each; avoiding the zeros, 1/2."""
    shapley = game(np.eye(3, dtype=int), np.roll(np.eye(3, dtype=int), 1, axis=1))
    ((nash,),) = [bg.nash_equilibria(shapley)]
    assert nash.exact_payoffs == (THIRD, THIRD)
    result = bg.correlated_equilibrium(shapley, "egalitarian")
    assert result.exact == Fraction(1, 2)
    assert bg.correlated_equilibrium(shapley).exact == 1
    sixths = dict.fromkeys(result.support, Fraction(1, 6))
    assert chances_of(result) == sixths
    assert len(sixths) == 6
    assert bg.correlated_equilibrium(shapley, ("worst", 0)).exact == THIRD


def test_luce_raiffa_1957_battle_of_the_sexes_a_fair_coin():
    """Luce & Raiffa (1957), chapter 5: drawing one of the two pure equilibria is fair, 3/2 each."""
    battle = game([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    result = bg.correlated_equilibrium(battle, "egalitarian")
    assert chances_of(result) == {(0, 0): Fraction(1, 2), (1, 1): Fraction(1, 2)}
    assert result.exact_payoffs == (Fraction(3, 2),) * 2
    assert bg.correlated_equilibrium(battle).exact == 3
    assert bg.correlated_equilibrium(battle, ("worst", 0)).exact == Fraction(2, 3)


def test_myerson_1991_a_mediator():
    """Myerson (1991), section 6.2: (5, 1), (4, 4), (1, 5) with equal chances, 10/3 to each."""
    mediated = game([[5, 0], [4, 1]], [[1, 0], [4, 5]])
    result = bg.correlated_equilibrium(mediated)
    assert chances_of(result) == dict.fromkeys([(0, 0), (1, 0), (1, 1)], THIRD)
    assert result.exact_payoffs == (Fraction(10, 3),) * 2


@pytest.mark.parametrize("coarse", [False, True])
def test_tucker_1950_prisoners_have_no_use_for_a_mediator(coarse):
    """A strictly dominant action is played in every correlated equilibrium, coarse or not."""
    dilemma = game([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    for objective in ("welfare", ("best", 0), "egalitarian"):
        assert bg.correlated_equilibrium(dilemma, objective, coarse).support == ((1, 1),)
