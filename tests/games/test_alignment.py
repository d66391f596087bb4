"""Alignment games: energies by definition, the normal form, and what is refused."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import balancegame as bg
from balancegame import errors
from tests.alignments import alignment_games, all_sides, energy, frustration


@given(alignment_games(max_states=5))
def test_energies_and_frustrations_by_their_definitions(game):
    for sides in all_sides(game.n_states):
        assert game.exact_energy(sides) == energy(game, sides)
        expected = [float(frustration(game, sides, i)) for i in range(game.n_states)]
        assert game.frustration(sides).tolist() == expected


@given(alignment_games(max_states=5))
def test_stable_alignments_are_the_pure_equilibria_of_both_normal_forms(game):
    stable = {sides for sides in all_sides(game.n_states, mirrored=True) if game.is_stable(sides)}
    for weighted in (False, True):
        found = bg.pure_nash(game.normal_form(weighted=weighted))
        assert {tuple(part[0] for part in one.support) for one in found} == stable


@given(alignment_games(max_states=5))
def test_minus_half_the_energy_is_an_exact_potential(game):
    found = bg.is_potential(game.normal_form())
    assert found
    whole = found.exact_potential
    for sides in all_sides(game.n_states, mirrored=True):
        assert whole[sides] == -game.exact_energy(sides) / 2


@given(alignment_games(max_states=4))
def test_frustration_alone_has_a_weighted_potential(game):
    found = bg.is_potential(game.normal_form(weighted=True))
    assert found.weighted
    payoffs = game.normal_form(weighted=True).exact_payoffs
    for i, weight in enumerate(found.exact_weights):
        assert weight > 0
        rise = found.exact_potential.take(1, axis=i) - found.exact_potential.take(0, axis=i)
        gain = payoffs[i].take(1, axis=i) - payoffs[i].take(0, axis=i)
        assert np.all(gain == weight * rise)


def test_numbers_are_kept_as_they_are_given():
    game = bg.AlignmentGame(
        ["7.45", Fraction(1, 3), 2, Decimal("0.1")], [[0, "-1/7", 1, 0.5]] * 4 and _matrix()
    )
    assert game.exact_size == (Fraction(149, 20), Fraction(1, 3), 2, Fraction(1, 10))
    assert game.exact_energy([0, 1, 0, 0]) == 2 * Fraction(149, 20) * Fraction(1, 3) * Fraction(
        -1, 7
    ) + 2 * Fraction(1, 3) * (2 * 1 + Fraction(1, 10) * Fraction(1, 2))
    assert pickle.loads(pickle.dumps(game)) == game
    data = json.loads(json.dumps(game.to_dict()))
    assert bg.AlignmentGame(data["size"], data["propensity"], data["names"]) == game


def _matrix():
    return [[9, "-1/7", 0, 0], ["-1/7", 9, 1, 0.5], [0, 1, float("nan"), 0], [0, 0.5, 0, None]]


def test_names_may_come_with_the_numbers():
    size = {"A": 3, "B": 2, "C": 1}
    propensity = {"A": {"B": -1, "C": 2}, "B": {"C": 0}}
    game = bg.AlignmentGame(size, propensity | {"C": {}})
    frame = pd.DataFrame(game.propensity, index=list("ABC"), columns=list("ABC"))
    assert game == bg.AlignmentGame(pd.Series(size), frame)
    assert game == bg.AlignmentGame([3, 2, 1], game.propensity, list("ABC"))
    assert game.camps({"A": 0, "B": 1, "C": 1}) == (("A",), ("B", "C"))


def test_rounding_in_a_computed_matrix_is_evened_out():
    game = bg.AlignmentGame(1, [[0, 0.1 + 0.2], [0.3, 0]])
    assert game.propensity[0, 1] == game.propensity[1, 0]


@pytest.mark.parametrize(
    ("size", "propensity", "names", "error"),
    [
        ([1, 0], -1, None, errors.InvalidSizeError),
        ([1, -2], -1, None, errors.InvalidSizeError),
        ([1, float("nan")], -1, None, errors.InvalidSizeError),
        ([1, 2], [[0, 1], [2, 0]], None, errors.InvalidPropensityError),
        ([1, 2], [[0, "1/3"], [1 / 3, 0]], None, errors.InvalidPropensityError),
        ([1, 2], [[0, np.inf], [np.inf, 0]], None, errors.InvalidPropensityError),
        ([1, 2], [[0, 1, 2], [1, 0, 2]], None, errors.InvalidShapeError),
        ([1, 2, 3], [[0, 1], [1, 0]], None, errors.InvalidShapeError),
        ([1, 2], [[0, 1], [1]], None, errors.InvalidShapeError),
        ([1, 2], -1, ["A"], errors.InvalidShapeError),
        ([1, 2], -1, ["A", "A"], errors.InvalidNameError),
        ([], -1, None, errors.InvalidNameError),
        (1, -1, None, errors.InvalidShapeError),
        ({"A": 1, "B": 2}, {"A": {}, "B": {}}, None, errors.InvalidPropensityError),
        ({"A": 1, "B": 2}, {"A": {"C": 1}}, None, errors.UnknownStateError),
        ({"A": 1, "Z": 2}, -1, ["A", "B"], errors.UnknownStateError),
        ({"A": 1}, -1, ["A", "B"], errors.InvalidSizeError),
        ("12", -1, ["A", "B"], None),
        ([1, 2], {"A": 3, "B": {}}, ["A", "B"], errors.InvalidTypeError),
        ([1, 2], [[0, "x"], ["x", 0]], None, errors.InvalidPropensityError),
        ([1, 2], [[0, {}], [{}, 0]], None, errors.InvalidTypeError),
        ([1e200, 1e200], -1e200, None, errors.InvalidPropensityError),
        ({1, 2}, -1, ["A", "B"], errors.InvalidTypeError),
        (None, None, None, errors.InvalidShapeError),
    ],
)
def test_bad_input_is_refused_by_name(size, propensity, names, error):
    if error is None:
        assert bg.AlignmentGame(size, propensity, names).size.tolist() == [12, 12]
        return
    with pytest.raises(error):
        bg.AlignmentGame(size, propensity, names)


def test_asymmetry_names_what_is_still_available():
    with pytest.raises(errors.InvalidPropensityError, match="pure_nash"):
        bg.AlignmentGame([1, 2], [[0, 1], [-1, 0]], ["A", "B"])


@pytest.mark.parametrize(
    ("sides", "error"),
    [
        ([0, 1], errors.InvalidShapeError),
        ([0, 1, 2], errors.UnknownActionError),
        ("011", errors.InvalidTypeError),
        ({"A": 0, "B": 1}, errors.UnknownActionError),
        ({"A": 0, "B": 1, "D": 1}, errors.UnknownStateError),
        (7, errors.InvalidTypeError),
        ([0, 1, None], errors.UnknownActionError),
    ],
)
def test_bad_sides_are_refused_by_name(sides, error):
    with pytest.raises(error):
        bg.AlignmentGame(1, -1, ["A", "B", "C"]).energy(sides)


def test_a_game_is_immutable_and_prints():
    game = bg.AlignmentGame(1, -1, [f"<{i}>" for i in range(14)], title="cold war")
    with pytest.raises(AttributeError):
        game.title = "x"
    with pytest.raises(AttributeError):
        del game.title
    with pytest.raises(ValueError, match="read-only"):
        game.integer_couplings[0, 1] = 3
    assert "'cold war': 14 states" in repr(game)
    assert "... and 2 more states" in repr(game)
    assert "&lt;0&gt;" in game._repr_html_()
    assert hash(game) == hash(pickle.loads(pickle.dumps(game)))


def test_a_table_that_would_not_fit_is_refused():
    with pytest.raises(errors.TableTooLargeError):
        bg.AlignmentGame(1, -1, [str(i) for i in range(60)]).normal_form()
