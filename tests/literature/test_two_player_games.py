"""Published two-player games, by author."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import balancegame as bg


def strategies(result):
    return [tuple(tuple(map(str, part)) for part in found.exact) for found in result]


def test_von_stengel_1999_has_75_equilibria():
    """von Stengel (1999), New maximal numbers of equilibria in bimatrix games: 6 x 6."""
    A = np.array(
        [
            [9504, -660, 19976, -20526, 1776, -8976],
            [-111771, 31680, -130944, 168124, -8514, 52764],
            [397584, -113850, 451176, -586476, 29216, -178761],
            [171204, -45936, 208626, -263076, 14124, -84436],
            [1303104, -453420, 1227336, -1718376, 72336, -461736],
            [737154, -227040, 774576, -1039236, 48081, -300036],
        ]
    )
    B = np.array(
        [
            [72336, -461736, 1227336, -1718376, 1303104, -453420],
            [48081, -300036, 774576, -1039236, 737154, -227040],
            [29216, -178761, 451176, -586476, 397584, -113850],
            [14124, -84436, 208626, -263076, 171204, -45936],
            [1776, -8976, 19976, -20526, 9504, -660],
            [-8514, 52764, -130944, 168124, -111771, 31680],
        ]
    )
    result = bg.nash_equilibria(bg.NormalFormGame.from_arrays(A, B.T))
    assert len(result) == 75
    assert result.degenerate is False
    assert sum(result.component_indices) == 1
    assert bg.verify(result).ok


def test_avis_rosenberg_savani_von_stengel_2010():
    """Avis et al. (2010), Enumeration of Nash equilibria for two-player games, example (1)."""
    game = bg.NormalFormGame.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
    assert strategies(bg.nash_equilibria(game)) == [
        (("1", "0", "0"), ("1", "0")),
        (("4/5", "1/5", "0"), ("2/3", "1/3")),
        (("0", "1/3", "2/3"), ("1/3", "2/3")),
    ]


def test_von_stengel_2002_degenerate_example():
    """von Stengel (2002), Computing equilibria for two-person games, section 2.6: a tie in B."""
    game = bg.NormalFormGame.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])
    result = bg.nash_equilibria(game)
    assert result.degenerate
    # Player 1 mixes between (1, 0) and (2/3, 1/3) against the first row.
    segment = result.components[0]
    ((first, second),) = segment
    np.testing.assert_array_equal(first, [[1, 0, 0]])
    np.testing.assert_allclose(sorted(second.tolist()), [[2 / 3, 1 / 3], [1, 0]])
    assert strategies(result)[-1] == (("0", "1/3", "2/3"), ("1/3", "2/3"))
    assert result.component_indices == (0, 1)


def test_nash_1951_battle_of_the_sexes():
    """Luce & Raiffa (1957), chapter 5: two strict equilibria and one that mixes."""
    result = bg.nash_equilibria(bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    assert strategies(result)[2] == (("2/3", "1/3"), ("1/3", "2/3"))
    assert [found.index for found in result] == [1, 1, -1]


def test_shapley_1964_game_has_one_equilibrium():
    """Shapley (1964): fictitious play cycles, the equilibrium is uniform."""
    A = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    B = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    result = bg.nash_equilibria(bg.NormalFormGame.from_arrays(A, B))
    assert [found.exact for found in result] == [((Fraction(1, 3),) * 3,) * 2]
    assert result[0].index == 1


def test_quint_shubik_1997_identity_games_have_all_supports():
    """Quint & Shubik (1997): n x n coordination has 2^n - 1 equilibria, one for each support."""
    for n in (2, 3, 5):
        result = bg.nash_equilibria(bg.NormalFormGame.from_arrays(np.eye(n), np.eye(n)))
        assert len(result) == 2**n - 1
        assert len({found.support for found in result}) == 2**n - 1


def test_kohlberg_mertens_1986_component_is_a_circle():
    """Kohlberg & Mertens (1986), figure 5: the equilibria form a closed loop of segments."""
    A = np.array([[1, 0, -1], [-1, 0, -1], [1, 0, -2]])
    result = bg.nash_equilibria(bg.NormalFormGame.from_arrays(A, A.T))
    assert len(result.components) == 1
    assert result.component_indices == (1,)
    subsets = result.components[0]
    assert len(subsets) == 6
    assert {(len(first), len(second)) for first, second in subsets} == {(1, 2), (2, 1)}


def test_dantzig_1951_a_matrix_game_by_linear_programming():
    """Rock, scissors, paper with a doubled prize: optimal weights 1 : 2 : 1, value 0."""
    A = np.array([[0, 1, -2], [-1, 0, 1], [2, -1, 0]])
    result = bg.zero_sum_equilibria(bg.NormalFormGame.from_arrays(A, -A), extreme_points=True)
    assert strategies(result) == [(("1/4", "1/2", "1/4"),) * 2]
    assert result[0].exact_payoffs == (0, 0)
