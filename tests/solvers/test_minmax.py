"""Minmax values in mixed actions of three and more players: bounds that hold, and that meet."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from balancegame.testing import mixed_profiles, normal_form_games

THREE = normal_form_games(min_players=3, max_players=4, max_actions=3)


def own_game(own):
    """A game in which player 0 is paid by a table, and all others nothing."""
    own = np.asarray(own, dtype=object)
    return bg.NormalFormGame.from_arrays(own, *[np.zeros(own.shape, dtype=int)] * (own.ndim - 1))


def agreeing(k, punishers):
    """Each of k actions pays 1, but 0 if all punishers aim at it."""
    own = np.ones((k,) * (punishers + 1), dtype=int)
    for a in range(k):
        own[(a,) * (punishers + 1)] = 0
    return own


def ceiling(game, player, others):
    """The most a player gets against exact independent parts of the others, by definition."""
    table = np.moveaxis(game.exact_payoffs[player], player, 0)
    values = []
    for row in map(np.asarray, table):
        total = Fraction(0)
        for cell in itertools.product(*map(range, row.shape)):
            total += row[cell] * math.prod(part[a] for part, a in zip(others, cell, strict=True))
        values.append(total)
    return max(values)


def correlated(game, player):
    table = np.moveaxis(game.payoffs[player], player, 0).reshape(game.shape[player], -1)
    m, k = table.shape
    solved = linprog(
        np.r_[np.zeros(k), 1.0],
        A_ub=np.column_stack([table, -np.ones(m)]),
        b_ub=np.zeros(m),
        A_eq=np.r_[np.ones(k), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, None)] * k + [(None, None)],
    )
    return solved.fun


def check(game, player, found):
    others = found.exact_profile[:player] + found.exact_profile[player + 1 :]
    assert all(sum(part) == 1 and min(part) >= 0 for part in found.exact_profile)
    assert ceiling(game, player, others) == found.exact_upper
    assert found.exact_lower <= found.exact_upper
    assert Fraction(found.lower) <= found.exact_lower or found.exact is not None
    assert Fraction(found.upper) >= found.exact_upper or found.exact is not None
    spread = np.ptp(game.payoffs[player])
    assert (found.value is not None) == (
        found.exact_upper - found.exact_lower <= Fraction(1e-6) * Fraction(spread)
    )
    assert (found.exact is None) == (found.exact_lower < found.exact_upper)
    assert found.correlated <= found.exact_lower
    for array, part in zip(found.profile, found.exact_profile, strict=True):
        assert array.tolist() == [float(chance) for chance in part]
        assert not array.flags.writeable


@settings(max_examples=120)
@given(THREE)
def test_bounds_enclose_every_punishment(game):
    for i in range(game.n_players):
        found = bg.minmax(game, i, mixed=True)
        check(game, i, found)
        assert found.value is not None, "these games are small enough to be solved"
        assert found.upper <= bg.minmax(game, i).value
        assert float(found.correlated) == pytest.approx(correlated(game, i), abs=1e-7)
        assert bg.verify(found).ok


@settings(max_examples=100)
@given(st.data())
def test_no_profile_of_the_others_is_below_the_lower_bound(data):
    game = data.draw(THREE)
    profile = data.draw(mixed_profiles(game, exact=True))
    for i in range(game.n_players):
        others = [part for j, part in enumerate(profile) if j != i]
        assert bg.minmax(game, i, mixed=True).exact_lower <= ceiling(game, i, others)


@pytest.mark.parametrize("seed", range(30))
def test_two_punishers_of_two_actions_on_a_grid(seed):
    """The value lies between the grid's least value, and that less what a step can change."""
    rng = np.random.default_rng(seed)
    table = (
        rng.integers(0, 5, (int(rng.integers(2, 5)), 2, 2)) if seed % 2 else rng.random((3, 2, 2))
    )
    steps = np.linspace(0, 1, 401)
    p = np.stack([steps, 1 - steps])
    values = np.einsum("aij,ip,jq->apq", table.astype(float), p, p).max(axis=0)
    found = bg.minmax(own_game(table), 0, mixed=True)
    spread = np.ptp(table)
    assert found.upper <= values.min() + 1e-6 * spread
    assert found.lower >= values.min() - spread / 400
    assert found.upper - found.lower <= 1e-6 * spread


@pytest.mark.parametrize("seed", range(8))
def test_three_by_three_on_a_grid(seed):
    rng = np.random.default_rng(100 + seed)
    table = rng.integers(0, 9, (4, 3, 3))
    weights = np.array([w for w in itertools.product(range(25), repeat=3) if sum(w) == 24]) / 24
    values = np.einsum("aij,pi,qj->apq", table.astype(float), weights, weights).max(axis=0)
    found = bg.minmax(own_game(table), 0, mixed=True)
    assert found.value is not None
    assert found.upper <= values.min() + 1e-6 * np.ptp(table)
    # Each part is within 1/24 of a grid point in every coordinate.
    assert found.lower >= values.min() - 4 * np.ptp(table) / 24


@pytest.mark.parametrize(
    ("k", "punishers", "value"),
    [
        (2, 2, Fraction(3, 4)),
        (2, 3, Fraction(7, 8)),
        (3, 2, Fraction(8, 9)),
        (4, 2, Fraction(15, 16)),
        (2, 4, Fraction(15, 16)),
    ],
)
def test_punishers_who_must_agree(k, punishers, value):
    """1 - 1/k if they correlate; 1 - 1/k^punishers if they do not."""
    game = own_game(agreeing(k, punishers))
    found = bg.minmax(game, 0, mixed=True)
    assert found.exact_upper == value
    assert found.lower == pytest.approx(float(value), abs=1e-6)
    assert found.correlated == 1 - Fraction(1, k)
    assert found.value == float(value)
    assert bg.verify(found).ok


def test_an_irrational_value():
    """max(1 - pq, p, q) is least at p = q = (sqrt(5) - 1) / 2."""
    own = [[[0, 1], [1, 1]], [[1, 1], [0, 0]], [[1, 0], [1, 0]]]
    found = bg.minmax(own_game(own), 0, mixed=True, tol=1e-9)
    golden = (math.sqrt(5) - 1) / 2
    assert found.exact is None
    assert found.exact_lower < Fraction(golden) + Fraction(1, 10**15)
    assert found.lower <= golden + 1e-15
    assert found.upper >= golden - 1e-15
    assert found.upper - found.lower <= 1e-9
    assert found.value == float(found.exact_upper)
    assert found.correlated == Fraction(1, 2)
    assert "within the tolerance" in " ".join(repr(found).split())
    assert bg.verify(found).ok


def test_few_regions_give_honest_bounds():
    own = np.random.default_rng(5).random((5, 5, 5))
    game = own_game(own)
    whole = bg.minmax(game, 0, mixed=True)
    lower = -math.inf
    for regions in (1, 3, 10, 40):
        found = bg.minmax(game, 0, mixed=True, max_regions=regions, tol=1e-12)
        assert found.lower <= whole.upper
        assert found.upper >= whole.lower
        assert found.lower >= lower - 1e-12
        lower = found.lower
        assert bg.verify(found).ok
    found = bg.minmax(game, 0, mixed=True, max_regions=1, tol=0)
    assert found.value is None
    assert "between" in repr(found)
    assert "max_regions allows more" in found.reason
    wide = bg.minmax(game, 0, mixed=True, max_regions=1, tol=0.5)
    assert wide.value == float(wide.exact_upper)


@settings(max_examples=60)
@given(THREE, st.data())
def test_relabelled_actions_and_players(game, data):
    orders = [data.draw(st.permutations(range(m))) for m in game.shape]
    turn = data.draw(st.permutations(range(game.n_players)))
    table = game.payoffs[np.ix_(range(game.n_players), *orders)]
    moved = bg.NormalFormGame(np.transpose(table, (0, *(1 + j for j in turn)))[list(turn)])
    for place, i in enumerate(turn):
        one, other = bg.minmax(game, i, mixed=True), bg.minmax(moved, place, mixed=True)
        spread = np.ptp(game.payoffs[i])
        assert one.correlated == other.correlated
        assert abs(one.value - other.value) <= 2e-6 * spread
        if one.exact is not None and other.exact is not None:
            assert one.exact == other.exact


@settings(max_examples=60)
@given(THREE, st.sampled_from(["1/3", 5, "1e-200", "1e200"]), st.integers(-4, 4))
def test_affine_changes_of_payoffs(game, factor, shift):
    change = Fraction(factor)
    changed = bg.NormalFormGame(game.exact_payoffs * change + shift * change)
    one, other = bg.minmax(game, 0, mixed=True), bg.minmax(changed, 0, mixed=True)
    assert other.correlated == (one.correlated + shift) * change
    assert other.exact_lower <= (one.exact_upper + shift) * change
    assert other.exact_upper >= (one.exact_lower + shift) * change
    assert bg.verify(other).ok


@settings(max_examples=40)
@given(normal_form_games(min_players=3, max_players=3, min_actions=2, max_actions=3))
def test_copies_of_actions_change_nothing(game):
    """Best punishments form continua then, which the search must not walk through."""
    doubled = game.payoffs
    for axis in (1, 2, 3):
        doubled = np.concatenate([doubled, doubled], axis)
    one = bg.minmax(game, 0, mixed=True)
    other = bg.minmax(bg.NormalFormGame(doubled), 0, mixed=True)
    assert other.value is not None
    assert abs(one.value - other.value) <= 2e-6 * np.ptp(game.payoffs[0])
    assert bg.verify(other).ok


def test_copies_of_the_agreeing_punishers():
    own = np.repeat(np.repeat(agreeing(2, 2), 3, axis=1), 3, axis=2)
    found = bg.minmax(own_game(own), 0, mixed=True)
    assert found.exact == Fraction(3, 4)


WIDE = st.sampled_from([0.0, 1e-300, -1e-300, 1e300, -1e300, 1.7e308, -1.7e308, 5e-324, 0.1, 0.3])


@settings(max_examples=60)
@given(normal_form_games(min_players=3, max_players=3, max_actions=3, payoffs=WIDE))
def test_floats_of_every_size(game):
    for i in range(3):
        found = bg.minmax(game, i, mixed=True)
        others = found.exact_profile[:i] + found.exact_profile[i + 1 :]
        assert ceiling(game, i, others) == found.exact_upper
        assert found.correlated <= found.exact_lower <= found.exact_upper
        assert bg.verify(found).ok


@settings(max_examples=40)
@given(
    normal_form_games(
        min_players=3,
        max_players=3,
        max_actions=3,
        payoffs=st.fractions(-1, 1, max_denominator=1000),
    )
)
def test_fractions(game):
    found = bg.minmax(game, 0, mixed=True)
    check(game, 0, found)
    assert bg.verify(found).ok


@pytest.mark.parametrize(
    "shape", [(1,), (3,), (1, 1, 1), (3, 1, 1), (1, 3, 2), (2, 3, 1), (2, 1, 4, 1)]
)
def test_shapes(shape):
    payoffs = np.random.default_rng(1).integers(0, 9, (len(shape), *shape))
    game = bg.NormalFormGame(payoffs)
    for i in range(len(shape)):
        found = bg.minmax(game, i, mixed=True)
        check(game, i, found)
        assert sum(m > 1 for j, m in enumerate(shape) if j != i) > 1 or (
            found.exact == found.correlated
        )
        assert bg.verify(found).ok
        assert bg.verify(bg.minmax(game, i)).ok


def test_results_are_plain_data():
    game = own_game(agreeing(2, 2))
    found = bg.minmax(game, "player 0", mixed=True)
    again = pickle.loads(pickle.dumps(found))
    assert again.to_dict() == found.to_dict()
    assert bg.verify(again).ok
    data = json.loads(found.to_json())
    assert data["exact"] == "3/4"
    assert data["correlated"] == "1/2"
    assert data["profile"]["player 1"] == ["1/2", "1/2"]
    assert "held down to 0.75" in found._repr_html_()
    pure = bg.minmax(game, 0)
    assert json.loads(pure.to_json())["correlated"] is None
    assert pure.correlated is None
    with pytest.raises(AttributeError):
        found.value = 0


def test_an_interruption_keeps_the_bounds():
    own = np.random.default_rng(1).random((6, 6, 6))
    game = own_game(own)

    def stop(task, done, total):
        if task == "regions of punishments" and done > 20:
            raise KeyboardInterrupt

    with listening(stop), pytest.raises(errors.SearchInterrupted) as caught:
        bg.minmax(game, 0, mixed=True, tol=1e-9)
    partial = caught.value.result
    whole = bg.minmax(game, 0, mixed=True)
    assert partial.lower <= whole.upper
    assert partial.upper >= whole.lower
    assert partial.reason.startswith("interrupted")
    assert bg.verify(partial).ok


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"tol": -1}, errors.InvalidParameterError),
        ({"tol": math.nan}, errors.InvalidParameterError),
        ({"tol": None}, errors.InvalidTypeError),
        ({"max_regions": 0}, errors.InvalidParameterError),
        ({"max_regions": 2.5}, errors.InvalidTypeError),
    ],
)
def test_bad_options_are_refused_by_name(options, error):
    with pytest.raises(error, match=next(iter(options))):
        bg.minmax(own_game(agreeing(2, 2)), 0, mixed=True, **options)


def test_large_tables_get_bounds_in_time():
    payoffs = np.random.default_rng(0).integers(-20, 20, (6, *(4,) * 6))
    found = bg.minmax(bg.NormalFormGame(payoffs), 2, mixed=True, max_regions=20)
    assert found.correlated <= found.exact_lower <= found.exact_upper
    assert found.upper <= bg.minmax(bg.NormalFormGame(payoffs), 2).value


def random_payoffs(rng, kind, shape):
    if kind < 2:
        return rng.integers(0, (2, 7)[kind], shape)
    return (
        rng.random(shape)
        if kind == 2
        else rng.normal(size=shape) * 10.0 ** rng.integers(-30, 30, shape)
    )


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(6))
def test_600_random_games_are_verified(seed):
    rng = np.random.default_rng(seed)
    for k in range(100):
        n = int(rng.integers(3, 5))
        shape = tuple(rng.integers(1, [0, 0, 0, 6, 4][n], n).tolist())
        game = bg.NormalFormGame(random_payoffs(rng, k % 4, (n, *shape)))
        for i in range(n):
            found = bg.minmax(game, i, mixed=True)
            assert bg.verify(found).ok
            others = found.exact_profile[:i] + found.exact_profile[i + 1 :]
            assert ceiling(game, i, others) == found.exact_upper
