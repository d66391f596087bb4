"""Published games of three and more players, by author."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from tests import closed_form
from tests.many_players import flat, game_of_gains, game_of_tables, is_equilibrium

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("tables", "two_mix", "all_mix"),
    [
        (([[-3, 6], [7, -4]], [[-5, 9], [8, -9]], [[-4, 7], [9, -6]]), 3, 2),
        (([[-8, 7], [7, -4]], [[-8, 2], [6, -7]], [[-8, 5], [4, -3]]), 4, 1),
    ],
)
def test_mckelvey_mclennan_1997_nine_regular_equilibria(tables, two_mix, all_mix):
    """McKelvey & McLennan (1997), The maximal number of regular totally mixed Nash equilibria.

    Two in which all three mix are the most; 2 x 2 x 2 games have nine regular equilibria at most.
    These have four pure ones, at the profiles with an even number of second actions.
    """
    game = game_of_tables(tables)
    result = bg.nash_equilibria(game)
    assert len(result) == closed_form.count(game) == 9
    assert result.complete
    assert result.degenerate is False
    mixing = [sum(len(own) > 1 for own in found.support) for found in result]
    assert [mixing.count(k) for k in range(4)] == [4, 0, two_mix, all_mix]
    assert sorted(found.index for found in result) == [-1] * 4 + [1] * 5
    assert all(sum(own[0] for own in found.support) % 2 == 0 for found in result if found.is_pure)
    assert bg.verify(result).ok


@pytest.mark.compiled
def test_mckelvey_mclennan_1997_never_more_than_nine():
    most = 0
    for seed in range(150):
        sizes = np.random.default_rng(seed).integers(1, 10_000, (3, 2, 2))
        result = bg.nash_equilibria(game_of_tables((sizes * [[-1, 1], [1, -1]]).tolist()))
        assert result.complete
        assert len(result) % 2 == 1
        assert len(result) <= 9
        assert sum(all(len(own) > 1 for own in found.support) for found in result) <= 2
        most = max(most, len(result))
    assert most == 9


@pytest.mark.parametrize(
    ("n", "benefit", "cost"),
    [
        (3, 2, 1),
        (3, 4, 1),
        (3, Fraction(5, 3), Fraction(2, 7)),
        (4, 2, 1),
        (4, 8, 1),
        pytest.param(5, 2, 1, marks=pytest.mark.compiled),
        pytest.param(5, 3, 2, marks=pytest.mark.compiled),
    ],
)
def test_diekmann_1985_volunteers(n, benefit, cost):
    """Diekmann (1985), Volunteer's dilemma: in the symmetric equilibrium each waits with
    probability (c / b)^(1 / (n - 1)).

    Besides, any set of players may mix so while the others wait, as they like better to do the
    fewer are left to be waited for; or one alone volunteers: 2^n - 1 in all.
    """
    game = game_of_gains((2,) * n, lambda i, at: benefit * max(at) - cost * at[i])
    result = bg.nash_equilibria(game)
    assert result.complete
    assert result.degenerate is False
    assert len(result) == 2**n - 1
    assert sum(result.component_indices) == 1
    sizes = set()
    for found in result:
        mixing = [i for i, own in enumerate(found.support) if len(own) == 2]
        if not mixing:
            assert sorted(own[0] for own in found.support) == [0] * (n - 1) + [1]
            continue
        k = len(mixing)
        waiting = float(Fraction(cost) / benefit) ** (1 / (k - 1))
        for i, own in enumerate(found.support):
            assert own in ((0, 1), (0,))
            np.testing.assert_allclose(found.profile[i][0], waiting if i in mixing else 1.0)
        np.testing.assert_allclose(found.payoffs[mixing], float(benefit - cost))
        assert found.index == (-1) ** (k - 1)
        sizes.add(k)
    assert sizes == set(range(2, n + 1))
    (symmetric,) = [one for one in result.refine(40) if one.support == ((0, 1),) * n]
    chance = (symmetric.exact or symmetric.approximation)[0][0]
    assert abs(chance ** (n - 1) - Fraction(cost) / benefit) < Fraction(n, 10**39)


@pytest.mark.parametrize("scale", [1, Fraction(1, 3)])
def test_jordan_1993_matching_pennies(scale):
    """Jordan (1993), Three problems in learning mixed-strategy Nash equilibria: the first matches
    the second, he the third, and the third mismatches the first."""
    same = [lambda at: at[0] == at[1], lambda at: at[1] == at[2], lambda at: at[2] != at[0]]
    result = bg.nash_equilibria(game_of_gains((2, 2, 2), lambda i, at: scale * int(same[i](at))))
    assert result.complete
    (found,) = result
    assert found.exact == ((HALF, HALF),) * 3
    assert found.index == 1
    assert is_equilibrium(result.game, found.exact)
    assert bg.verify(result).ok


def test_nash_1951_a_unique_irrational_equilibrium():
    """Nash (1951), Non-cooperative games: with three players rational payoffs do not make rational
    equilibria. Here 14 p^2 - 8 p + 1 = 0 for player 0's second action.
    """
    tables = [[-1, 1], [-2, 1]], [[1, 1], [-1, -2]], [[1, 1], [-2, -1]]
    game = game_of_tables(tables)
    assert closed_form.count(game) == 1
    assert closed_form.count_totally_mixed(closed_form.gains_of(game)) == 1
    result = bg.nash_equilibria(game)
    assert result.complete
    (found,) = result
    assert found.exact is None
    assert found.index == 1
    roots = [(4 + 2**0.5) / 14, (4 - 2**0.5) / 14]
    assert min(abs(found.profile[0][1] - root) for root in roots) < 1e-15
    (sharp,) = result.refine(80)
    p = sharp.approximation[0][1]
    assert abs(14 * p**2 - 8 * p + 1) < Fraction(30, 10**80)
    # The others' chances are fractions of p: player 2's gain gives q, player 1's gives r.
    for (a, b), (c, d), chance in [
        (*tables[2], sharp.approximation[1][1]),
        (*tables[1], sharp.approximation[2][1]),
    ]:
        none, one = (1 - p) * a + p * c, (1 - p) * b + p * d
        assert abs(none / (none - one) - chance) < Fraction(1000, 10**80)
    assert bg.verify(result).ok
    assert flat(found.profile).min() > 0.1
