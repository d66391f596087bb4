"""Three and more players against other methods: closed form, Gambit's enumpoly, Newton's method."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from tests import closed_form, newton
from tests.many_players import flat, integer_game, near
from tests.oracles import gambit

_NOTHING = 1e-4  # Gambit's tolerance: a probability below counts as 0


@pytest.mark.compiled
@pytest.mark.parametrize(
    "first", [0, *(pytest.param(k, marks=pytest.mark.thorough) for k in range(200, 2000, 200))]
)
def test_counts_of_generic_games_equal_the_closed_form(first):
    counted = 0
    for seed in range(first, first + 200):
        game = integer_game((2, 2, 2), seed)
        try:
            expected = closed_form.count(game)
        except closed_form.NotGeneric:
            continue
        result = bg.nash_equilibria(game)
        assert result.complete
        assert len(result) == expected, seed
        counted += 1
    assert counted > 190


def test_a_few_counts_equal_the_closed_form():
    for seed in range(4):
        game = integer_game((2, 2, 2), seed)
        assert len(bg.nash_equilibria(game)) == closed_form.count(game)


SHAPES = {"2x2x2": 40, "3x2x2": 25, "3x3x2": 12, "2x2x2x2": 15, "3x3x3": 5}


def cases(counts):
    """Seeds by shape: a few each, and five times as many in the thorough run."""
    found = []
    for name, count in counts.items():
        shape = tuple(map(int, name.split("x")))
        more = range(count, 5 * count)
        found.append(pytest.param(shape, range(count), id=name))
        found.append(pytest.param(shape, more, id=f"{name} more", marks=pytest.mark.thorough))
    return found


@pytest.mark.compiled
@pytest.mark.parametrize(("shape", "seeds"), cases(SHAPES))
def test_what_enumpoly_finds_is_in_the_list(shape, seeds):
    """One-sided: enumpoly often misses some. Its profiles are sharpened by Newton's method."""
    n_theirs = n_sharpened = 0
    for seed in seeds:
        game = integer_game(shape, seed, most=100)
        result = bg.nash_equilibria(game)
        assert result.complete
        for profile in gambit.profiles(gambit.enumpoly_solver(game)()):
            n_theirs += 1
            for one in sharpened(game, profile):
                n_sharpened += 1
                assert near(result, one) == 1, (seed, one)
    assert n_sharpened > 0.97 * n_theirs > len(seeds)


def sharpened(game, profile):
    """The equilibrium of the same support that Newton's method finds from there; one, or none."""
    support = tuple(tuple(np.flatnonzero(part > _NOTHING).tolist()) for part in profile)
    start = np.concatenate([part[list(own)] for part, own in zip(profile, support, strict=True)])
    found = newton.equilibria_from(game, support, start[np.newaxis])
    return [one for one in found if np.abs(flat(one) - flat(profile)).max() < 1e-2]


@pytest.mark.compiled
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (3, 3, 2), (2, 2, 2, 2), (3, 3, 3)])
@pytest.mark.parametrize(
    "seeds", [range(5), pytest.param(range(5, 50), marks=pytest.mark.thorough)]
)
def test_newton_from_random_starts_finds_nothing_else(shape, seeds):
    """200 starts a game, ten on each of twenty random supports; and ten on each listed one."""
    hits = 0
    for seed in seeds:
        game = integer_game(shape, seed)
        result = bg.nash_equilibria(game)
        assert result.complete
        rng = np.random.default_rng(seed)
        listed = [one.support for one in result]
        for support in [*newton.random_supports(shape, rng, 20), *listed]:
            starts = newton.random_starts(support, rng, 10)
            for profile in newton.equilibria_from(game, support, starts):
                hits += 1
                assert near(result, profile, 1e-7) == 1, (seed, profile)
    assert hits >= len(seeds)


@pytest.mark.compiled
@pytest.mark.parametrize("seed", range(5))
def test_every_equilibrium_is_where_newton_stays(seed):
    """The other way round: from each entry, Newton's method moves by rounding only."""
    game = integer_game((3, 3, 2), seed)
    for found in bg.nash_equilibria(game):
        start = np.concatenate(
            [part[list(own)] for part, own in zip(found.profile, found.support, strict=True)]
        )
        (profile,) = newton.equilibria_from(game, found.support, start[np.newaxis])
        assert np.abs(flat(profile) - flat(found.profile)).max() < 1e-9
