"""Potentials: against the definition by Monderer and Shapley, and cycles that refute them."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games


def cycles(game):
    """All closed paths of four moves by two players: (i, j, gains of i, gains of j)."""
    u = game.exact_payoffs
    for i, j in combinations(range(game.n_players), 2):
        for cell in np.ndindex(*game.shape):
            for a, b in product(range(game.shape[i]), range(game.shape[j])):

                def at(x, y, cell=cell, i=i, j=j):
                    moved = list(cell)
                    moved[i], moved[j] = x, y
                    return tuple(moved)

                x, y = cell[i], cell[j]
                mine = u[i][at(a, y)] - u[i][at(x, y)] + u[i][at(x, b)] - u[i][at(a, b)]
                theirs = u[j][at(a, b)] - u[j][at(a, y)] + u[j][at(x, y)] - u[j][at(x, b)]
                yield i, j, mine, theirs


def check_potential(game, found):
    for i, weight in enumerate(found.exact_weights):
        assert weight > 0
        first = found.exact_potential.take([0], axis=i)
        rise = found.exact_potential - first
        gain = game.exact_payoffs[i] - game.exact_payoffs[i].take([0], axis=i)
        assert np.all(gain == weight * rise)
    assert found.exact_potential[(0,) * game.n_players] == 0
    equilibria = {one.actions for one in bg.pure_nash(game)}
    assert set(found.maximisers) <= equilibria
    assert found.maximisers


def check_cycle(game, cycle):
    i, j = (game.players.index(name) for name in cycle.players)
    places = [
        tuple(game.actions[k].index(name) for k, name in enumerate(profile))
        for profile in cycle.profiles
    ]
    for step, mover in enumerate((i, j, i, j)):
        here, there = places[step], places[(step + 1) % 4]
        assert [k for k in range(game.n_players) if here[k] != there[k]] == [mover]
        u = game.exact_payoffs[mover]
        assert cycle.gains[step] == u[there] - u[here]


@given(normal_form_games(max_players=3, payoffs=st.integers(0, 1)))
def test_an_exact_potential_is_there_iff_no_cycle_refutes_it(game):
    found = bg.is_potential(game)
    assert found.exact == all(mine + theirs == 0 for _, _, mine, theirs in cycles(game))
    assert bool(found) is found.exact
    if found.exact:
        assert found.cycle is None
        check_potential(game, found)
    else:
        check_cycle(game, found.cycle)
        assert found.cycle.defect != 0


@st.composite
def weighted_games(draw):
    """A potential, weights, and what each player gets whatever he does himself."""
    n = draw(st.integers(2, 3))
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)))
    cells = int(np.prod(shape))
    numbers = st.integers(-2, 2) | st.fractions(-1, 1, max_denominator=5)
    potential = np.array(draw(st.lists(numbers, min_size=cells, max_size=cells)), dtype=object)
    weights = draw(st.lists(st.fractions("1/5", 5, max_denominator=5), min_size=n, max_size=n))
    tables = []
    for i, weight in enumerate(weights):
        dummy = np.array(
            draw(st.lists(numbers, min_size=cells, max_size=cells)), dtype=object
        ).reshape(shape)
        tables.append(potential.reshape(shape) * weight + dummy.take([0], axis=i))
    return bg.NormalFormGame(np.array(tables, dtype=object)), weights


@given(weighted_games())
def test_weighted_potentials_are_found(drawn):
    game, weights = drawn
    found = bg.is_potential(game)
    assert found.weighted
    check_potential(game, found)
    if len(set(weights)) == 1:
        assert found.exact
    if not found.exact:
        check_cycle(game, found.cycle)
        assert "Weighted potential game" in repr(found)


@given(normal_form_games(min_players=2, max_players=3, payoffs=st.integers(0, 2)))
def test_where_there_is_none_the_cycles_admit_no_weights(game):
    found = bg.is_potential(game)
    if found.weighted:
        check_potential(game, found)
        return
    assert found.exact_potential is None
    assert found.maximisers == ()
    for one in found.weighted_cycles:
        check_cycle(game, one)
    assert refuted(found.weighted_cycles)


def refuted(given_cycles):
    """No positive weights: along a tree of ratios from the cycles, two must disagree."""
    ratios = []
    for one in given_cycles:
        mine, theirs = one.gains[0] + one.gains[2], one.gains[1] + one.gains[3]
        if (mine == 0) != (theirs == 0) or mine * theirs > 0:
            return True
        if mine:
            ratios.append((*one.players, -theirs / mine))  # w_j / w_i
    weights = {ratios[0][0]: Fraction(1)}
    for _ in ratios:
        for a, b, ratio in ratios:
            if a in weights:
                if weights.setdefault(b, weights[a] * ratio) != weights[a] * ratio:
                    return True
            elif b in weights:
                weights[a] = weights[b] / ratio
    return False


def test_a_ring_of_three_pairs_may_refute_weights():
    """Each pair alone has weights; the three ratios multiply to 2 instead of 1."""
    table = np.zeros((3, 2, 2, 2), dtype=object)
    for cell in np.ndindex(2, 2, 2):
        x, y, z = cell
        table[(0, *cell)] = x * y + x * z
        table[(1, *cell)] = x * y + y * z
        table[(2, *cell)] = x * z + 2 * y * z
    found = bg.is_potential(bg.NormalFormGame(table))
    assert not found.weighted
    assert len(found.weighted_cycles) == 3
    assert refuted(found.weighted_cycles)


def test_floats_count_at_their_binary_value():
    game = bg.NormalFormGame.from_arrays([[0.1 + 0.2, 0], [0, 0]], [[0.3, 0], [0, 0]])
    found = bg.is_potential(game)
    assert not found.exact
    assert 0 < abs(found.cycle.defect) < Fraction(1, 10**15)
    assert found.weighted


def test_one_player_and_long_numbers():
    assert bg.is_potential(bg.NormalFormGame([[1, 5, "1/3"]])).potential[1] == 4
    wide = bg.NormalFormGame.from_arrays([[1e-200, 0], [0, 1e200]], [[1e-200, 0], [0, 1e200]])
    assert bg.is_potential(wide).exact


def test_an_answer_travels():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    for game in (pennies, bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]])):
        found = bg.is_potential(game)
        assert pickle.loads(pickle.dumps(found)) == found
        assert json.loads(found.to_json())["exact"] is found.exact
        assert hash(found) == hash(pickle.loads(pickle.dumps(found)))
        assert repr(found)
    assert bg.is_potential(pennies).weights is None
    with pytest.raises(errors.InvalidTypeError):
        bg.is_potential([[1, 2]])


def test_alignment_games_have_their_energy_for_a_potential():
    game = bg.AlignmentGame(["1/2", 2, 3], [[0, 1, "-1/3"], [1, 0, 2], ["-1/3", 2, 0]])
    found = bg.is_potential(game)
    assert found.exact
    for cell in np.ndindex(2, 2, 2):
        assert found.exact_potential[cell] == -game.exact_energy(cell) / 2


def test_potentials_of_games_without_a_table():
    large = bg.AlignmentGame([1] * 15, np.zeros((15, 15), int))
    with pytest.raises(errors.TooManyProfilesError, match="the exact potential -E / 2"):
        bg.is_potential(large)
    hunt = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]])
    with pytest.raises(errors.InvalidTypeError, match=r"one of game\.stages"):
        bg.is_potential(bg.RepeatedGame(hunt, 0.5))
    with pytest.raises(errors.InvalidTypeError, match="it must be a NormalFormGame"):
        bg.is_potential(bg.grim(hunt, (0, 0)))
