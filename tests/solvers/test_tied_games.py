"""Three and more players with ties: continua as products of polytopes, or as unresolved regions.

Random payoffs of 0, 1 and 2; and games made for a continuum of known shape.
"""

from __future__ import annotations

import functools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.testing import normal_form_games
from tests import closed_form
from tests.many_players import (
    as_fractions,
    distance_to,
    flat,
    game_of_gains,
    game_of_tables,
    grid_equilibria,
    integer_game,
    is_equilibrium,
    is_mixture,
    lies_in,
    near,
    subsets_of,
    tied_game,
    volunteers_with_a_third_action,
)

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
SHAPES = {"2x2x2": (100, 500), "3x2x2": (30, 150), "2x2x2x2": (12, 60), "3x3x3": (3, 30)}
LEAST_SHARES = {"2x2x2": 0.9, "3x2x2": 0.7, "2x2x2x2": 0.5, "3x3x3": 0.2}


def blocks():
    """Shape and seeds: a few for the kernels as plain Python, more, and the rest."""
    found = [pytest.param((2, 2, 2), range(8), id="2x2x2 few")]
    for name, (some, all_) in SHAPES.items():
        shape = tuple(map(int, name.split("x")))
        marks = [] if name == "2x2x2" else [pytest.mark.compiled]
        found.append(pytest.param(shape, range(some), id=name, marks=marks))
        marks = [*marks, pytest.mark.thorough]
        found.append(pytest.param(shape, range(some, all_), id=f"{name} more", marks=marks))
    return found


games = pytest.mark.parametrize(("shape", "seeds"), blocks())


@functools.cache
def solved(shape, seed):
    return bg.nash_equilibria(tied_game(shape, seed))


@games
def test_most_games_with_ties_are_solved_completely(shape, seeds):
    results = [solved(shape, seed) for seed in seeds]
    share = sum(result.complete for result in results) / len(results)
    assert share >= LEAST_SHARES["x".join(map(str, shape))]
    for result in results:
        assert result.complete == (not result.unresolved)
        if result.complete:
            assert len(result) >= 1
            assert result.component_indices is None or sum(result.component_indices) == 1


@games
def test_mixtures_within_a_subset_are_equilibria(shape, seeds):
    """Player by player, with random weights; so are the vertices, which the list has exactly."""
    n_wide = 0
    for seed in seeds:
        game, result = tied_game(shape, seed), solved(shape, seed)
        rng = np.random.default_rng(seed)
        exact = {found.exact for found in result}
        for subset in subsets_of(result):
            n_wide += any(len(part) > 1 for part in subset)
            assert tuple(part[0] for part in subset) in exact
            assert tuple(part[-1] for part in subset) in exact
            for _ in range(3):
                assert is_equilibrium(game, [mixed(part, rng) for part in subset])
        for found in result:
            assert found.exact is None or is_equilibrium(game, found.exact)
    assert n_wide


def mixed(vertices, rng):
    weights = [Fraction(int(w)) for w in rng.integers(1, 9, len(vertices))]
    return tuple(
        sum(w * x for w, x in zip(weights, column, strict=True)) / sum(weights)
        for column in zip(*vertices, strict=True)
    )


@games
def test_equilibria_on_a_grid_lie_in_the_components(shape, seeds):
    """All of them, whatever their number: multiples of 1/6, or 1/2 where there are many."""
    parts = 6 if max(shape) == 2 and len(shape) == 3 else 2
    n_on_grid = 0
    for seed in seeds:
        result = solved(shape, seed)
        subsets = subsets_of(result)
        regions = [
            [[tuple(map(Fraction, vertex)) for vertex in part.tolist()] for part in region]
            for region in result.unresolved
        ]
        for profile in grid_equilibria(tied_game(shape, seed), parts):
            n_on_grid += 1
            listed = any(lies_in(profile, subset) for subset in subsets)
            if not listed:
                assert any(lies_in(profile, region) for region in regions), (seed, profile)
    assert n_on_grid >= len(seeds)


@games
def test_a_small_change_of_payoffs_moves_equilibria_little(shape, seeds):
    """Near each component are equilibria whose indices sum to its index (Ritzberger 1994).

    Every equilibrium of the changed game lies near a component; a list that lacks one would show.
    """
    n_seen = 0
    for seed in list(seeds)[:40]:
        result = solved(shape, seed)
        if not result.complete:
            continue
        n_seen += 1
        changed = bg.nash_equilibria(perturbed(tied_game(shape, seed), seed))
        assert changed.complete
        assert changed.component_indices is not None
        sums = [0] * len(result.components)
        for found, place in zip(changed, changed.membership, strict=True):
            distances = [
                min(distance_to(found.profile, subset) for subset in component)
                for component in result.components
            ]
            assert min(distances) < 0.02, (seed, found.profile)
            sums[int(np.argmin(distances))] += changed.component_indices[place]
        assert result.component_indices is None or sums == list(result.component_indices), seed
    assert n_seen


def perturbed(game, seed, *, power=8):
    """A generic game near by, its changes fractions: they are not rounded."""
    changes = np.random.default_rng(seed).integers(-999, 1000, game.payoffs.shape)
    unit = Fraction(1, 10**power)
    return bg.NormalFormGame(game.exact_payoffs + changes.astype(object) * unit)


@pytest.mark.parametrize("power", [10, 13, 16, 20])
@games
def test_games_with_near_ties_have_no_equilibrium_twice(shape, seeds, power):
    """Changes far below what floats see. In a game at 13 digits one equilibrium was listed by two
    supports: a wider one had a solution within rounding of it, of negative probability.
    """
    n_seen = 0
    for seed in list(seeds)[:20]:
        game = perturbed(tied_game(shape, seed), seed, power=power)
        result = bg.nash_equilibria(game)
        exact = [found.exact for found in result if found.exact is not None]
        assert len(set(exact)) == len(exact)
        assert all(is_equilibrium(game, one) for one in exact)
        if result.complete:
            n_seen += 1
            assert result.component_indices is None or sum(result.component_indices) == 1
    assert n_seen


def test_an_equilibrium_within_rounding_of_another_supports_solution_is_listed_once():
    rng = np.random.default_rng(10**6 + 3457)
    game = perturbed(bg.NormalFormGame(rng.integers(0, 2, (3, 3, 2, 2))), 3457, power=13)
    result = bg.nash_equilibria(game)
    assert result.complete
    assert len({found.exact for found in result}) == len(result) == 3
    assert result.component_indices == (1, 1, -1)


TINY = Fraction(1, 10**10)
NEAR_TIES = {  # what second actions gain; 0 means a tie
    "three mix": ([[0, 1], [-TINY, 1]], [[1, 0], [-TINY, 0]], [[-1, 0], [0, TINY]]),
    "three mix, narrow": ([[0, -1], [0, 1]], [[-1, TINY / 1000], [-1, 0]], [[-1, 0], [0, 1]]),
}


@pytest.mark.parametrize("name", NEAR_TIES)
def test_digits_can_be_had_of_every_equilibrium(name):
    """`refine` says so. In the first of these the search's own ball has a radius of 0.004."""
    result = bg.nash_equilibria(game_of_tables(NEAR_TIES[name]))
    assert result.complete
    assert max(found.error_bound for found in result.refine(50)) <= 1e-50


@pytest.mark.parametrize("name", NEAR_TIES)
def test_certificates_of_near_ties_hold(name):
    result = bg.nash_equilibria(game_of_tables(NEAR_TIES[name]))
    assert result.complete
    # Where balls are so wide that they reach beyond their supports there is none.
    assert result.certificate is None or bg.verify(result).ok


@pytest.mark.compiled
@pytest.mark.parametrize("power", [8, 10, 13, 15, 20])
@pytest.mark.parametrize(
    "seeds", [range(40), pytest.param(range(40, 400), marks=pytest.mark.thorough)]
)
def test_certificates_of_perturbed_games_hold(seeds, power):
    n_verified = 0
    for seed in seeds:
        result = bg.nash_equilibria(perturbed(tied_game((2, 2, 2), seed), seed, power=power))
        if result.certificate is not None:
            assert bg.verify(result).ok, seed
            n_verified += 1
    assert n_verified > len(seeds) / 2


@pytest.mark.parametrize("power", [13, 16, 40])
def test_generic_games_are_not_called_degenerate(power):
    """One equilibrium; all mix, player 2 his second action with a chance of about 10^-power."""

    def gain(i, profile):
        p, q, r = profile
        return (
            p * (q - HALF + r + q * r),
            -q * (p - HALF + THIRD * r + p * r),
            r * (p * q - HALF * HALF + Fraction(1, 10**power)),
        )[i]

    game = game_of_gains((2, 2, 2), gain)
    assert (
        closed_form.count(game) == closed_form.count_totally_mixed(closed_form.gains_of(game)) == 1
    )
    result = bg.nash_equilibria(game)
    assert result.complete
    assert len(result) == 1
    assert not result.degenerate


@pytest.mark.compiled
@pytest.mark.parametrize("power", [8, 12, 14, 16, 20, 40])
@pytest.mark.parametrize(
    "seeds", [range(40), pytest.param(range(40, 400), marks=pytest.mark.thorough)]
)
def test_counts_of_games_with_near_ties_equal_the_closed_form(seeds, power):
    """Never another number where the list is complete; never more where it is not."""
    n_complete = counted = 0
    for seed in seeds:
        game = perturbed(tied_game((2, 2, 2), seed), seed, power=power)
        try:
            expected = closed_form.count(game)
        except closed_form.NotGeneric:
            continue
        result = bg.nash_equilibria(game)
        counted += 1
        n_complete += result.complete
        assert len(result) == expected if result.complete else len(result) <= expected
    assert n_complete > 0.7 * counted > 0


@given(normal_form_games(min_players=3, max_players=3, max_actions=2, payoffs=st.integers(0, 1)))
def test_lists_of_games_with_ties_are_sound(game):
    result = bg.nash_equilibria(game)
    assert len(result.membership) == len(result)
    assert set(result.membership) == set(range(len(result.components)))
    for found in result:
        assert found.exact is not None or found.error_bound < 1e-14
        if found.exact is not None:
            assert is_equilibrium(game, found.exact)
    subsets = subsets_of(result)
    for profile in grid_equilibria(game, 2):
        if result.complete:
            assert any(lies_in(profile, subset) for subset in subsets)


# -- continua of known shape ----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (1, 2, 3), (2, 2, 2, 2)])
def test_everything_is_an_equilibrium_of_a_constant_game(shape):
    result = bg.nash_equilibria(bg.NormalFormGame(np.full((len(shape), *shape), 5.0)))
    assert result.complete
    assert result.degenerate
    assert result.component_indices == (1,)
    ((subset,),) = result.components
    assert [sorted(part.tolist()) for part in subset] == [sorted(np.eye(m).tolist()) for m in shape]
    assert len(result) == np.prod(shape)
    assert all(found.is_pure for found in result)


@pytest.mark.parametrize(
    "seed", [1, 11, *(pytest.param(k, marks=pytest.mark.compiled) for k in range(20, 28))]
)
@pytest.mark.parametrize("player", [0, 2])
def test_a_doubled_action_makes_segments_of_the_same_index(seed, player):
    game = integer_game((2, 2, 2), seed)
    doubled = bg.NormalFormGame(
        np.concatenate([game.payoffs, game.payoffs.take([0], axis=1 + player)], axis=1 + player)
    )
    result, other = bg.nash_equilibria(game), bg.nash_equilibria(doubled)
    assert other.complete or any(found.exact is None for found in result)
    if not other.complete:
        return
    assert len(other.components) == len(result)
    indices = []
    for found in result:
        chance = found.profile[player][0]
        subsets = [
            (place, subset)
            for place, component in enumerate(other.components)
            for subset in component
            if all(
                distance_to([with_double(found.profile, player, share)[j]], [subset[j]]) < 1e-9
                for share in (0.0, 0.5, 1.0)
                for j in range(3)
            )
        ]
        ((place, subset),) = subsets
        assert len(subset[player]) == (2 if chance else 1)
        indices.append((place, found.index))
    if other.component_indices is not None:
        assert [index for _, index in sorted(indices)] == list(other.component_indices)


def with_double(profile, player, share):
    """A share of the first action's probability moved to its double."""
    moved = list(profile)
    own = profile[player]
    moved[player] = np.array([(1 - share) * own[0], *own[1:], share * own[0]])
    return moved


def test_segments_with_known_ends():
    """Player 0 never cares; player 1 wants p >= 1/3, player 2 p <= 2/3, whatever else is done."""

    def gain(i, profile):
        p, q, r = profile
        return (0, q * (p - THIRD), r * (2 * THIRD - p))[i]

    result = bg.nash_equilibria(game_of_gains((2, 2, 2), gain))
    assert result.complete
    (component,) = result.components
    assert result.component_indices == (1,)
    found = {  # by the probabilities of second actions
        tuple(tuple(sorted(vertex[1] for vertex in as_fractions(part))) for part in subset)
        for subset in component
    }
    assert found == {
        ((0, THIRD), (0,), (1,)),
        ((THIRD,), (0, 1), (1,)),
        ((THIRD, 2 * THIRD), (1,), (1,)),
        ((2 * THIRD,), (1,), (0, 1)),
        ((2 * THIRD, 1), (1,), (0,)),
    }
    assert {tuple(part[1] for part in found.exact) for found in result} == {
        (0, 0, 1),
        (THIRD, 0, 1),
        (THIRD, 1, 1),
        (2 * THIRD, 1, 1),
        (2 * THIRD, 1, 0),
        (1, 1, 0),
    }


def test_a_square():
    """Two never care, the third has a better action."""
    result = bg.nash_equilibria(game_of_gains((2, 2, 2), lambda i, at: at[2] * (i == 2)))
    assert result.complete
    ((subset,),) = result.components
    assert [len(part) for part in subset] == [2, 2, 1]
    assert len(result) == 4
    assert set(result.membership) == {0}
    assert result.component_indices == (1,)


def test_a_triangle_cut_by_a_line():
    """Player 0 never cares among three actions; players 1 and 2 do as two linear functions say."""

    def gain(i, profile):
        a, q, r = profile
        return (0, q * ((a == 1) - THIRD), r * ((a == 2) - HALF))[i]

    result = bg.nash_equilibria(game_of_gains((3, 2, 2), gain))
    assert result.complete
    assert result.component_indices == (1,)
    (component,) = result.components
    areas = [subset for subset in component if len(subset[1]) == len(subset[2]) == 1]
    ends = sorted(sorted(as_fractions(subset[0])) for subset in areas)
    assert len(ends) == 4  # of q and r either 0 or 1: four parts of the triangle
    assert sorted(len(part) for part in ends) == [3, 4, 4, 4]
    for profile in grid_equilibria_of_fractions(result.game, 6):
        assert any(lies_in(profile, subset) for subset in subsets_of(result))


def grid_equilibria_of_fractions(game, parts):
    tables = np.array([[6 * value for value in table.ravel()] for table in game.exact_payoffs])
    whole = bg.NormalFormGame(tables.reshape(game.payoffs.shape).astype(float))
    return list(grid_equilibria(whole, parts))


def test_a_curve_is_unresolved_and_covered():
    """Two never care; the third is indifferent where p q = 1/4: a hyperbola."""

    def gain(i, profile):
        p, q, r = profile
        return r * (p * q - Fraction(1, 4)) if i == 2 else 0

    result = bg.nash_equilibria(game_of_gains((2, 2, 2), gain))
    assert not result.complete
    assert result.unresolved
    assert result.certificate is None
    assert "curve" in result.reason
    for p in (Fraction(k, 40) for k in range(10, 41)):
        for r in (Fraction(0), HALF, Fraction(1)):
            profile = [(1 - x, x) for x in (p, 1 / (4 * p), r)]
            assert is_equilibrium(result.game, profile)
            assert covered(profile, result)
    rng = np.random.default_rng(0)
    for p, q in rng.integers(0, 101, (50, 2)).tolist():
        r = int(4 * p * q >= 10_000)
        profile = [(1 - x, x) for x in (Fraction(p, 100), Fraction(q, 100), Fraction(r))]
        assert covered(profile, result)


def covered(profile, result):
    regions = [*result.unresolved, *(subset for one in result.components for subset in one)]
    return any(
        all(
            is_mixture(part, [tuple(map(Fraction, vertex)) for vertex in own.tolist()])
            for part, own in zip(profile, region, strict=True)
        )
        for region in regions
    )


# -- ties at irrational equilibria ----------------------------------------------------------------


def test_a_tie_at_an_irrational_equilibrium_is_decided():
    root = 0.5**0.5
    profile = [[root, 1 - root, 0], [root, 1 - root], [root, 1 - root]]
    result = bg.nash_equilibria(volunteers_with_a_third_action(0))
    assert max(result.game.regret([np.array(part) for part in profile])) < 1e-15
    assert result.complete, result.reason
    assert near(result, profile) == 1
    (found,) = [one for one in result if np.abs(flat(one.profile) - flat(profile)).max() < 1e-8]
    assert found.exact is None
    assert found.margin < 1e-12
    (many,) = [one for one in result.refine(60) if one.support == found.support and not one.exact]
    waiting = many.approximation[0][0]
    assert abs(waiting**2 - HALF) <= Fraction(2, 10**60)


@pytest.mark.parametrize("power", [10, 30, 200])
def test_what_almost_ties_is_decided_either_way(power):
    """With a bonus b < 0 there is a second equilibrium, of a third action's chance -b; else none.

    The two are as far apart as that, which is more than floats see.
    """
    profile = [[0.5**0.5, 1 - 0.5**0.5, 0], [0.5**0.5, 1 - 0.5**0.5], [0.5**0.5, 1 - 0.5**0.5]]
    for sign in (1, -1):
        game = volunteers_with_a_third_action(Fraction(sign, 10**power))
        result = bg.nash_equilibria(game)
        assert result.complete, result.reason
        assert near(result, profile) == (2 if sign < 0 else 0)
        if sign < 0:
            sharp = [
                one
                for one in result.refine(power + 20)
                if np.abs(flat(one.profile) - flat(profile)).max() < 1e-8
            ]
            thirds = sorted(one.approximation[0][2] for one in sharp)
            assert thirds[0] == 0
            assert abs(thirds[1] * 10**power - 1) < Fraction(1, 10**8)


def test_the_support_has_actions_of_tiny_probability():
    result = bg.nash_equilibria(volunteers_with_a_third_action(Fraction(-1, 10**30)))
    assert ((0, 1, 2), (0, 1), (0, 1)) in [found.support for found in result]
