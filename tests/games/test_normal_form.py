"""Games in normal form: construction, exactness, expected payoffs, refusals."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import mixed_profiles, normal_form_games


def brute_force_expectation(game, profile):
    """The definition of expected payoffs, cell by cell."""
    total = [0.0] * game.n_players
    for cell in np.ndindex(*game.shape):
        chance = 1.0
        for part, a in zip(profile, cell, strict=True):
            chance *= part[a]
        for i in range(game.n_players):
            total[i] += chance * game.payoffs[(i, *cell)]
    return total


def test_both_arrays_are_row_by_column():
    game = bg.NormalFormGame.from_arrays([[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]])
    assert game.shape == (2, 3)
    assert game.payoffs[0, 1, 2] == 6
    assert game.payoffs[1, 0, 2] == 9
    assert game.expected_payoffs([1, 2]).tolist() == [6, 12]


def test_one_player_and_single_actions_are_games():
    game = bg.NormalFormGame([[1, 5, 2]])
    assert game.n_players == 1
    assert bg.pure_nash(game)[0].actions == ("a1",)
    trivial = bg.NormalFormGame([[[[7]]], [[[8]]], [[[9]]]])
    assert trivial.shape == (1, 1, 1)
    assert bg.nash_equilibria(trivial).complete


def test_exact_payoffs_are_kept_exactly():
    game = bg.NormalFormGame([[Fraction(1, 3), "0.1", Decimal("0.7"), 2, 0.5]])
    values = [Fraction(1, 3), Fraction(1, 10), Fraction(7, 10), 2, Fraction(1, 2)]
    assert game.exact_payoffs[0].tolist() == values
    assert game.payoffs.tolist() == [[1 / 3, 0.1, 0.7, 2.0, 0.5]]


def test_float_payoffs_count_at_their_binary_value():
    assert bg.NormalFormGame([[0.1, 2.0]]).exact_payoffs[0, 0] == Fraction(0.1)


def test_large_integers_are_exact_whatever_the_container():
    big = 2**53 + 1
    for payoffs in ([[big, 0]], np.array([[big, 0]], dtype=np.int64), [[10**40, 0]]):
        game = bg.NormalFormGame(payoffs)
        assert game.exact_payoffs[0, 0] == int(np.array(payoffs, dtype=object)[0, 0])


def test_the_game_does_not_share_memory_with_its_input():
    table = np.zeros((2, 2, 2))
    game = bg.NormalFormGame(table)
    table[0, 0, 0] = 9
    assert game.payoffs[0, 0, 0] == 0


def test_the_game_is_immutable():
    game = bg.NormalFormGame([[1, 2]])
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0] = 3
    with pytest.raises(AttributeError, match="immutable"):
        game.title = "other"


@given(normal_form_games(payoffs=st.fractions(-1, 1, max_denominator=7)))
def test_pickle_and_copy_keep_everything(game):
    for twin in (pickle.loads(pickle.dumps(game)), copy.deepcopy(game)):
        assert twin == game
        assert (twin.exact_payoffs == game.exact_payoffs).all()
        assert not twin.payoffs.flags.writeable


@given(st.data())
def test_expected_payoffs_and_regret_follow_the_definitions(data):
    game = data.draw(normal_form_games(max_players=3))
    profile = data.draw(mixed_profiles(game))
    expected = brute_force_expectation(game, profile)
    np.testing.assert_allclose(game.expected_payoffs(profile), expected, atol=1e-12)
    regret = game.regret(profile)
    for i in range(game.n_players):
        best = max(
            brute_force_expectation(
                game, [*profile[:i], np.eye(game.shape[i])[a], *profile[i + 1 :]]
            )[i]
            for a in range(game.shape[i])
        )
        assert regret[i] == pytest.approx(max(0.0, best - expected[i]), abs=1e-12)


def test_a_profile_may_be_written_in_any_of_its_forms():
    game = bg.NormalFormGame.from_arrays(
        [[3, 0, 2], [5, 1, 2]],
        [[3, 5, 2], [0, 1, 2]],
        players=["A", "B"],
        actions=[["up", "down"], ["left", "middle", "right"]],
    )
    forms = (
        ["down", "middle"],
        [1, 1],
        ("down", 1),
        {"B": "middle", "A": 1},
        [[0, 1], [0, 1.0, 0]],
        [np.array([0, 1]), [Fraction(0), Fraction(1), Fraction(0)]],
        [np.int64(1), "middle"],
    )
    for form in forms:
        assert game.expected_payoffs(form).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("profile", "error", "words"),
    [
        (["up"], errors.InvalidShapeError, "1 entry for 2 players"),
        ({"A": 0}, errors.InvalidShapeError, "no entry for B"),
        ({"A": 0, "b": 0}, errors.UnknownPlayerError, "did you mean 'B'"),
        (["upp", 0], errors.UnknownActionError, "did you mean 'up'"),
        ([2, 0], errors.UnknownActionError, "indices run from 0 to 1"),
        ([-1, 0], errors.UnknownActionError, "indices run from 0 to 1"),
        ([[0.5, 0.6], 0], errors.InvalidProbabilityError, "sum to 1"),
        ([[1.5, -0.5], 0], errors.InvalidProbabilityError, "nonnegative"),
        ([[np.nan, 1], 0], errors.InvalidProbabilityError, "nan"),
        ([[1, 0, 0], 0], errors.InvalidShapeError, r"expected \(2,\)"),
        ("up", errors.InvalidTypeError, "a profile is a sequence"),
        (3, errors.InvalidTypeError, "a profile is a sequence"),
        ([None, 0], errors.InvalidTypeError, "action's name, its index"),
        ([True, 0], errors.InvalidTypeError, "action's name, its index"),
    ],
)
def test_a_profile_that_is_none_is_refused(profile, error, words):
    game = bg.NormalFormGame.from_arrays(
        [[3, 0], [5, 1]], [[3, 5], [0, 1]], players=["A", "B"], actions=["up", "down"]
    )
    with pytest.raises(error, match=words):
        game.expected_payoffs(profile)


@pytest.mark.parametrize(
    ("payoffs", "error", "words"),
    [
        ([[1, float("nan")]], errors.InvalidPayoffError, "finite"),
        (np.array([[[1, np.inf]], [[0, 0]]]), errors.InvalidPayoffError, r"player 0 at \(a0, a1\)"),
        ([["x", 1]], errors.InvalidPayoffError, "'x', which is not a finite number"),
        ([["1/0", 1]], errors.InvalidPayoffError, "not a finite number"),
        ([["1e999", 1]], errors.InvalidPayoffError, "range of a float"),
        ([["1e999999999", 1]], errors.InvalidPayoffError, "not a finite number"),
        ([[10**400, 1]], errors.InvalidPayoffError, "range of a float"),
        ([[True, 1]], errors.InvalidTypeError, "bool"),
        (np.array([[True, False]]), errors.InvalidTypeError, "bool"),
        (np.array([[1j, 1]]), errors.InvalidTypeError, "complex"),
        ([[1, 2], [3]], errors.InvalidShapeError, "ragged"),
        ([[[1, 2], [3]], [[1, 2], [3, 4]]], errors.InvalidShapeError, "ragged"),
        ([1, 2], errors.InvalidShapeError, "one axis for the players"),
        (5, errors.InvalidShapeError, "one axis for the players"),
        ([[1, 2], [3, 4]], errors.InvalidShapeError, "from_arrays"),
        (np.zeros((2, 0, 3)), errors.InvalidShapeError, "player 0 has no actions"),
        ([[]], errors.InvalidShapeError, "no actions"),
    ],
)
def test_payoffs_that_are_none_are_refused(payoffs, error, words):
    with pytest.raises(error, match=words):
        bg.NormalFormGame(payoffs)


def test_arrays_of_different_shapes_are_refused():
    with pytest.raises(errors.InvalidShapeError, match=r"\(2, 2\), \(2, 3\)"):
        bg.NormalFormGame.from_arrays(np.zeros((2, 2)), np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"players": ["A"]}, errors.InvalidShapeError, "names 1 player,"),
        ({"players": ["A", "A"]}, errors.InvalidNameError, "repeats 'A'"),
        ({"players": ["A", " "]}, errors.InvalidNameError, "blank"),
        ({"players": "AB"}, errors.InvalidTypeError, "sequence of names"),
        ({"players": ["A", 2]}, errors.InvalidTypeError, "must be text"),
        ({"actions": ["x"]}, errors.InvalidShapeError, "2 actions by the payoffs' shape"),
        ({"actions": [["x", "y"]]}, errors.InvalidShapeError, "named for 1 player,"),
        ({"actions": [["x", "y"], ["z", "z"]]}, errors.InvalidNameError, "repeats 'z'"),
    ],
)
def test_names_that_do_not_fit_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        bg.NormalFormGame(np.zeros((2, 2, 2)), **options)


def test_errors_are_what_python_users_catch():
    for one in (errors.InvalidPayoffError, errors.InvalidShapeError, errors.UnknownActionError):
        assert issubclass(one, ValueError)
        assert issubclass(one, errors.BalanceGameError)
    assert issubclass(errors.InvalidTypeError, TypeError)
    assert issubclass(errors.TableTooLargeError, MemoryError)


def test_a_game_prints_as_a_matrix_when_it_is_one():
    game = bg.NormalFormGame.from_arrays([[2, 0]], [[1, 3]], actions=[["up"], ["left", "right"]])
    assert str(game) == (
        "NormalFormGame: 2 players, 1 x 2 = 2 profiles\n      left  right\n  up  2, 1  0, 3"
    )
    assert "<td>2, 1</td>" in game._repr_html_()


def test_html_escapes_names():
    game = bg.NormalFormGame([[1, 2]], players=["<script>"], actions=[["<b>", "c"]])
    shown = game._repr_html_() + bg.pure_nash(game)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_no_arrays_are_no_game():
    with pytest.raises(errors.InvalidShapeError, match="no payoff array"):
        bg.NormalFormGame.from_arrays()
