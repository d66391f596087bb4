"""Three and more players: what must not change the list, payoffs of any size, and the options."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from tests import closed_form
from tests.many_players import (
    flat,
    integer_game,
    is_equilibrium,
    near,
    relabelled,
    tied_game,
)

CASES = [((2, 2, 2), seed) for seed in (1, 11)] + [
    pytest.param(shape, seed, marks=pytest.mark.compiled)
    for shape in [(3, 2, 2), (3, 3, 2), (2, 2, 2, 2), (2, 3, 1, 3)]
    for seed in range(3)
]
games = pytest.mark.parametrize(("shape", "seed"), CASES)


def same_lists(result, other, moved=lambda profile: profile):
    """Both complete, and each entry of the first has one like it, moved, in the other."""
    assert result.complete
    assert other.complete
    assert len(result) == len(other)
    for found in result:
        assert near(other, moved(found.profile), 1e-9) == 1
    assert len(result.components) == len(other.components)
    assert sorted(map(str, found_indices(result))) == sorted(map(str, found_indices(other)))


def found_indices(result):
    return result.component_indices or [found.index for found in result]


@games
def test_positive_affine_changes_of_payoffs(shape, seed):
    game = integer_game(shape, seed)
    rng = np.random.default_rng(seed)
    tables = [
        table * Fraction(int(rng.integers(1, 50)), 7) + Fraction(int(rng.integers(-99, 99)), 3)
        for table in game.exact_payoffs
    ]
    changed = bg.NormalFormGame(np.array(tables, dtype=object))
    result, other = bg.nash_equilibria(game), bg.nash_equilibria(changed)
    same_lists(result, other)
    assert [found.exact for found in result] == [found.exact for found in other]
    assert [found.index for found in result] == [found.index for found in other]


@games
def test_what_the_others_do_can_be_worth_anything(shape, seed):
    """Adding a function of the others' actions to a player's payoffs changes no gain."""
    game = integer_game(shape, seed)
    tables = np.array(game.exact_payoffs, dtype=object)
    rng = np.random.default_rng(seed)
    for i in range(len(shape)):
        others = [1 if j == i else m for j, m in enumerate(shape)]
        tables[i] = tables[i] + rng.integers(-(10**6), 10**6, others).astype(object)
    same_lists(bg.nash_equilibria(game), bg.nash_equilibria(bg.NormalFormGame(tables)))


@games
def test_relabelling_players_and_actions(shape, seed):
    rng = np.random.default_rng(seed)
    players = rng.permutation(len(shape)).tolist()
    actions = [rng.permutation(shape[old]).tolist() for old in players]
    for make in (integer_game, tied_game):
        game = make(shape, seed)
        result = bg.nash_equilibria(game)
        other = bg.nash_equilibria(relabelled(game, players, actions))
        if not (result.complete and other.complete):
            assert make is tied_game
            assert result.complete == other.complete
            continue
        same_lists(
            result,
            other,
            lambda profile: [profile[old][own] for old, own in zip(players, actions, strict=True)],
        )


@games
@pytest.mark.parametrize("player", [0, -1])
def test_a_strictly_dominated_action_changes_nothing(shape, seed, player):
    player %= len(shape)
    game = integer_game(shape, seed)
    added = np.random.default_rng(seed).integers(
        -999, 1000, (len(shape), *(1 if j == player else m for j, m in enumerate(shape)))
    )
    added[player] = game.payoffs[player].min(axis=player, keepdims=True) - 1
    tables = np.concatenate([game.payoffs, added], axis=1 + player)
    result, other = bg.nash_equilibria(game), bg.nash_equilibria(bg.NormalFormGame(tables))
    same_lists(
        result,
        other,
        lambda profile: [
            np.append(part, 0.0) if j == player else part for j, part in enumerate(profile)
        ],
    )


# -- payoffs of any size --------------------------------------------------------------------------

rng_of = np.random.default_rng


def mixed_sizes(seed):
    """1e12 beside 1e-12."""
    rng = rng_of(seed)
    return rng.normal(size=(3, 2, 2, 2)) * rng.choice([1e12, 1.0, 1e-12], (3, 2, 2, 2))


def thirds(seed):
    numbers = rng_of(seed).integers(-99, 100, (3, 2, 2, 2))
    return np.vectorize(lambda x: Fraction(int(x), 3), otypes=[object])(numbers)


SIZES = {
    "1e300": lambda seed: rng_of(seed).normal(size=(3, 2, 2, 2)) * 1e300,
    "near the largest": lambda seed: rng_of(seed).uniform(-1, 1, (3, 2, 2, 2)) * 1.7e308,
    "1e-300": lambda seed: rng_of(seed).normal(size=(3, 2, 2, 2)) * 1e-300,
    "subnormal": lambda seed: rng_of(seed).integers(-99, 100, (3, 2, 2, 2)) * 5e-324,
    "a size a player": lambda seed: (
        rng_of(seed).normal(size=(3, 2, 2, 2)) * np.array([1e12, 1.0, 1e-12]).reshape(3, 1, 1, 1)
    ),
    "1e12 beside 1e-12": mixed_sizes,
    "1e300 beside 1e-300": lambda seed: (
        rng_of(seed).normal(size=(3, 2, 2, 2)) * rng_of(seed).choice([1e300, 1e-300], (3, 2, 2, 2))
    ),
    "offset 1e9": lambda seed: rng_of(seed).normal(size=(3, 2, 2, 2)) + 1e9,
    "offset 1e15": lambda seed: rng_of(seed).integers(-9, 10, (3, 2, 2, 2)) * 0.125 + 1e15,
    "thirds": thirds,
    "huge integers": lambda seed: (
        rng_of(seed).integers(-99, 100, (3, 2, 2, 2)).astype(object) * 10**300
    ),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "seeds",
    [
        range(2),
        pytest.param(range(2, 12), marks=pytest.mark.compiled),
        pytest.param(range(12, 100), marks=[pytest.mark.compiled, pytest.mark.thorough]),
    ],
)
def test_payoffs_of_any_size(size, seeds):
    """Never a wrong list; and complete, but for some whose chances are far below rounding."""
    counted = n_open = 0
    for seed in seeds:
        game = bg.NormalFormGame(SIZES[size](seed))
        result = bg.nash_equilibria(game)
        try:
            expected = closed_form.count(game)
        except closed_form.NotGeneric:
            continue
        counted += 1
        for found in result:
            assert found.regret <= 1e-9 * np.abs(game.payoffs).max() + 1e-322
        if not result.complete:
            assert len(result) <= expected
            assert result.unresolved
            n_open += 1
            continue
        assert len(result) == expected, seed
        assert sum(result.component_indices) == 1
        for found in result.refine(30):
            assert found.error_bound <= 1e-30
            if found.exact is not None:
                assert is_equilibrium(game, found.exact)
    assert counted
    assert n_open <= (0.4 * counted if " beside " in size else 0)


@pytest.mark.parametrize("power", [-1000, 1000])
def test_powers_of_2_change_nothing_at_all(power):
    payoffs = rng_of(2).normal(size=(3, 2, 2, 2))
    result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
    other = bg.nash_equilibria(bg.NormalFormGame(np.ldexp(payoffs, power)))
    for found, its in zip(result, other, strict=True):
        assert found.exact == its.exact
        np.testing.assert_array_equal(flat(found.profile), flat(its.profile))


# -- options --------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_max_equilibria_cuts_the_list():
    game = integer_game((3, 3, 3, 2), 3)
    full = bg.nash_equilibria(game)
    assert len(full) > 4
    for most in (1, 2, 4, len(full) - 1):
        cut = bg.nash_equilibria(game, max_equilibria=most)
        assert len(cut) == most
        assert not cut.complete
        assert cut.parameters["max_equilibria"] == most
        assert cut.certificate is None
        assert all(near(full, found.profile) == 1 for found in cut)
    for most in (len(full), len(full) + 5):
        enough = bg.nash_equilibria(game, max_equilibria=most)
        assert enough.complete
        assert len(enough) == len(full)


def test_max_supports_leaves_pure_ones_only():
    game = integer_game((2, 2, 2), 11)
    full = bg.nash_equilibria(game)
    none = bg.nash_equilibria(game, max_supports=0)
    assert not none.complete
    assert none.pure_only
    assert [found.exact for found in none] == [found.exact for found in full if found.is_pure]
    assert none.parameters["max_supports"] == 0
    assert "0 supports" in none.reason
    assert bg.nash_equilibria(game, max_supports=64) == full


def test_a_game_that_dominance_solves_needs_no_supports():
    payoffs = np.zeros((3, 2, 2, 2))
    for i in range(3):
        np.moveaxis(payoffs[i], i, 0)[1] = 1
    result = bg.nash_equilibria(bg.NormalFormGame(payoffs), max_supports=0)
    assert result.complete
    assert [found.actions for found in result] == [("a1",) * 3]


@pytest.mark.parametrize(
    "options",
    [
        {"max_equilibria": 0},
        {"max_equilibria": -1},
        {"max_equilibria": 1.5},
        {"max_equilibria": "2"},
        {"max_supports": -1},
        {"max_supports": 0.5},
        {"max_supports": "all"},
        {"max_supports": True},
    ],
)
def test_options_are_counts(options):
    with pytest.raises((errors.InvalidParameterError, errors.InvalidTypeError)) as caught:
        bg.nash_equilibria(integer_game((2, 2, 2), 0), **options)
    assert next(iter(options)) in str(caught.value)


@pytest.mark.compiled
@pytest.mark.parametrize("shape", [(2,) * 6, (3, 3, 3, 2), (4, 4, 3)])
def test_the_same_list_every_time(shape):
    """Blocks of supports are searched by threads; the order they end in does not matter."""
    for make in (integer_game, tied_game) if shape == (4, 4, 3) else (integer_game,):
        game = make(shape, 7)
        first = bg.nash_equilibria(game)
        for _ in range(3):
            again = bg.nash_equilibria(game)
            assert again == first
            assert again.reason == first.reason


# -- the balancing games --------------------------------------------------------------------------


@pytest.mark.compiled
@pytest.mark.parametrize("name", bg.scenario_names())
def test_bundled_scenarios_are_solved_completely(name):
    """None has more than seven players."""
    world, model = bg.load_scenario(name), bg.load_model(name)
    game = model.game(world)
    result = bg.nash_equilibria(game)
    assert result.complete
    assert [found.exact for found in result if found.is_pure] == [
        found.exact for found in bg.pure_nash(game)
    ]
    assert result.component_indices is None or sum(result.component_indices) == 1
    for found in result:
        if found.exact is not None:
            assert is_equilibrium(game, found.exact)
        assert found.regret < 1e-9
    if result.certificate is not None:
        assert bg.verify(result).ok
