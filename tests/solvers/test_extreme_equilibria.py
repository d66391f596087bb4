"""Two players: the whole list, exactly, with its components and indices."""

from __future__ import annotations

import itertools
import pickle
import signal
import threading
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games
from tests.oracles import gambit, lrsnash, nashpy_, quantecon_
from tests.two_player import (  # noqa: F401 (a fixture)
    WALKS,
    arithmetic,
    best_response_vertices,
    by_definition,
    exact_list,
    exact_set,
    force_floats,
    force_integers,
    gains,
    random_game,
)

TIES = st.integers(-1, 1)
two_player_games = normal_form_games(min_players=2, max_players=2, max_actions=4, payoffs=TIES)


def game_of(A, B):
    return bg.NormalFormGame.from_arrays(A, B)


# -- the list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 320, 20))
def test_random_games_agree_with_lrsnash_and_pygambit(first, tmp_path):
    for seed in range(first, first + 20):
        game = random_game(seed, largest=7)
        found = exact_set(bg.nash_equilibria(game))
        assert found == gambit.extreme_equilibria(game), seed
        # lrsnash 7.1 prints some wrong rationals for payoffs of 53 bits; pygambit does not.
        if lrsnash.PRESENT and seed % 4 != 3:
            assert found == lrsnash.extreme_equilibria(game, tmp_path), seed


def test_games_agree_with_what_lrsnash_printed_for_them():
    games = lrsnash.recorded()
    assert len(games) == 48
    for game, expected in games:
        assert exact_set(bg.nash_equilibria(game)) == expected


@pytest.mark.parametrize("seed", range(80))
def test_floats_and_integers_find_the_same(seed, monkeypatch):
    game = random_game(seed, largest=5)
    by_integers = bg.nash_equilibria(game)
    force_floats(monkeypatch)
    by_floats = bg.nash_equilibria(game)
    assert by_floats == by_integers
    assert by_floats.component_indices == by_integers.component_indices
    assert by_floats.degenerate == by_integers.degenerate


@pytest.mark.parametrize("seed", range(6))
def test_generic_games_agree_with_the_solvers_that_need_them_generic(seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).integers(-(10**6), 10**6, (2, 4, 5)))
    mine = [np.concatenate(found.profile) for found in bg.nash_equilibria(game)]
    assert len(mine) % 2 == 1
    for other in (nashpy_.equilibria(game), quantecon_.support_enumeration(game)):
        for profile in other:
            assert any(np.allclose(profile, one, atol=1e-9) for one in mine)


@given(normal_form_games(min_players=2, max_players=2, max_actions=3, payoffs=TIES))
def test_the_list_is_the_definition(game):
    assert exact_set(bg.nash_equilibria(game)) == by_definition(game)


@given(two_player_games)
def test_every_profile_listed_is_an_equilibrium_and_every_pure_one_is_listed(game):
    result = bg.nash_equilibria(game)
    for found in result:
        assert gains(game, found.exact) == [0, 0]
        assert found.regret == 0
        assert found.error_bound == 0
    pure = [found.exact for found in bg.pure_nash(game)]
    assert exact_list(result)[: len(pure)] == pure
    assert result.complete


@given(two_player_games)
def test_the_order_is_pure_first_then_by_support_then_by_profile(game):
    result = bg.nash_equilibria(game)
    keys = [(not found.is_pure, found.support, found.exact) for found in result]
    assert keys == sorted(keys)


# -- degenerate games -----------------------------------------------------------------------------


@given(two_player_games, st.randoms(use_true_random=False))
def test_every_mixture_within_a_nash_subset_is_an_equilibrium(game, random):
    result = bg.nash_equilibria(game)
    exact = exact_list(result)
    for component in result.components:
        for subset in component:
            profile = []
            for side, vertices in enumerate(subset):
                weights = [random.randint(0, 3) for _ in vertices]
                weights[random.randrange(len(weights))] += 1
                strategies = [exact_strategy(exact, side, vertex) for vertex in vertices]
                profile.append(
                    [
                        sum(w * s[a] for w, s in zip(weights, strategies, strict=True))
                        / sum(weights)
                        for a in range(game.shape[side])
                    ]
                )
            assert gains(game, profile) == [0, 0]


def exact_strategy(exact, side, vertex):
    return next(p[side] for p in exact if [float(v) for v in p[side]] == vertex.tolist())


def grid(n, parts):
    return [
        [Fraction(k, parts) for k in weights]
        for weights in itertools.product(range(parts + 1), repeat=n)
        if sum(weights) == parts
    ]


@given(normal_form_games(min_players=2, max_players=2, max_actions=3, payoffs=TIES))
def test_every_equilibrium_of_a_grid_lies_in_a_nash_subset(game):
    result = bg.nash_equilibria(game)
    subsets = [subset for component in result.components for subset in component]
    for parts in (2, 3):
        for x in grid(game.shape[0], parts):
            for y in grid(game.shape[1], parts):
                if gains(game, (x, y)) == [0, 0]:
                    assert any(
                        is_mixture(x, first) and is_mixture(y, second) for first, second in subsets
                    ), (x, y)


def is_mixture(point, vertices):
    rows = np.vstack([vertices.T, np.ones(len(vertices))])
    right = np.array([*map(float, point), 1.0])
    solved = linprog(np.zeros(len(vertices)), A_eq=rows, b_eq=right, bounds=(0, None))
    return solved.status == 0


@given(two_player_games)
def test_indices_of_components_sum_to_one(game):
    result = bg.nash_equilibria(game)
    assert sum(result.component_indices) == 1
    assert len(result.components) == len(result.component_indices)
    alone = [c for c in range(len(result.components)) if result.membership.count(c) == 1]
    for found, component in zip(result, result.membership, strict=True):
        expected = result.component_indices[component] if component in alone else None
        assert found.index == expected


@given(normal_form_games(min_players=2, max_players=2, max_actions=3, payoffs=TIES))
def test_degenerate_is_the_definition(game):
    """Some mixed strategy of support k, a vertex among them, has more than k best responses."""
    result = bg.nash_equilibria(game)
    crowded = any(
        len(tight) > m
        for vertices, m in zip(best_response_vertices(game), game.shape, strict=True)
        for tight in vertices.values()
    )
    assert result.degenerate is crowded
    if crowded:
        return
    assert len(result) % 2 == 1
    assert len(result.components) == len(result)
    for found in result:
        assert found.index in (1, -1)
        assert found.margin > 0


@pytest.mark.parametrize(
    ("A", "B", "degenerate"),
    [
        ([[1, 0], [0, 1]], [[1, 0], [0, 1]], False),
        ([[1, 0], [1, 1]], [[1, 0], [0, 1]], True),  # a tie against column 0
        ([[0, 0, 0]], [[1, 2, 3]], False),
        ([[0, 0, 0]], [[1, 3, 3]], True),
        ([[2, 0], [0, 2], [1, 1]], [[1, 0], [0, 1], [2, 3]], True),  # three tie against (1/2, 1/2)
    ],
)
def test_degenerate_cases(A, B, degenerate):
    assert bg.nash_equilibria(game_of(A, B)).degenerate is degenerate


def test_a_constant_game_is_one_component_of_all_profiles(arithmetic):  # noqa: F811
    result = bg.nash_equilibria(bg.NormalFormGame(np.full((2, 3, 4), 7.0)))
    assert len(result) == 12
    ((first, second),) = result.components[0]
    assert first.shape == (3, 3)
    assert second.shape == (4, 4)
    assert result.component_indices == (1,)
    assert result.degenerate


def test_identical_rows_make_segments(arithmetic):  # noqa: F811
    A = [[3, 0], [3, 0], [0, 2]]
    B = [[2, 0], [2, 0], [0, 1]]
    result = bg.nash_equilibria(game_of(A, B))
    assert result.degenerate
    assert sum(result.component_indices) == 1
    assert max(len(subset[0]) for component in result.components for subset in component) == 2


def test_an_isolated_equilibrium_can_have_index_zero():
    # Weakly dominated: (a0, a0) vanishes under small changes, and so counts for nothing.
    result = bg.nash_equilibria(game_of([[0, 0], [0, 1]], [[0, 0], [0, 1]]))
    assert [found.actions for found in result] == [("a0", "a0"), ("a1", "a1")]
    assert [found.index for found in result] == [0, 1]


# -- invariances ----------------------------------------------------------------------------------

factors = st.fractions("1/9", 9, max_denominator=9)
offsets = st.fractions(-9, 9, max_denominator=9)


@given(two_player_games, factors, offsets, factors, offsets)
def test_positive_affine_changes_leave_the_equilibria(game, a, b, c, d):
    first, second = game.exact_payoffs
    changed = game_of(a * first + b, c * second + d)
    assert exact_list(bg.nash_equilibria(changed)) == exact_list(bg.nash_equilibria(game))


@given(two_player_games, st.randoms(use_true_random=False))
def test_relabelling_actions_relabels_the_equilibria(game, random):
    m, n = game.shape
    rows, columns = random.sample(range(m), m), random.sample(range(n), n)
    moved = bg.NormalFormGame(game.exact_payoffs[:, rows][:, :, columns])
    back = {
        (tuple(x[rows.index(i)] for i in range(m)), tuple(y[columns.index(j)] for j in range(n)))
        for x, y in exact_list(bg.nash_equilibria(moved))
    }
    assert back == exact_set(bg.nash_equilibria(game))


@given(two_player_games)
def test_exchanging_the_players_exchanges_the_strategies(game):
    first, second = game.exact_payoffs
    exchanged = bg.nash_equilibria(game_of(second.T, first.T))
    result = bg.nash_equilibria(game)
    assert {(y, x) for x, y in exact_list(exchanged)} == exact_set(result)
    assert sorted(exchanged.component_indices) == sorted(result.component_indices)


@given(two_player_games, st.integers(1, 3))
def test_a_strictly_dominated_action_changes_nothing(game, gap):
    first, second = game.exact_payoffs
    worse = np.vstack([first, first[:1] - gap])
    anything = np.vstack([second, second[:1]])
    extended = bg.nash_equilibria(game_of(worse, anything))
    assert {(x[:-1], y) for x, y in exact_list(extended)} == exact_set(bg.nash_equilibria(game))
    assert all(x[-1] == 0 for x, _ in exact_list(extended))


# -- extreme numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payoffs",
    [
        [[[1e12, 1e-12, 0], [0, 1e12, 1e-12]], [[1e-12, 1e12, 3], [1e12, -1e12, 1e-12]]],
        [[[5e-324, 0], [0, 5e-324]], [[0, 5e-324], [5e-324, 0]]],
        [[[1.7e308, -1.7e308], [-1.7e308, 1.7e308]], [[-1e-300, 1.7e308], [1.7e308, 0]]],
        [[["1/3", "1e-300"], [0, "1e300"]], [[1, 2], ["22/7", "3.14"]]],
    ],
)
def test_payoffs_of_all_sizes_at_once(payoffs, arithmetic):  # noqa: F811
    game = bg.NormalFormGame(payoffs)
    result = bg.nash_equilibria(game)
    # Gambit 16.7 returns an empty list for most of these.
    assert exact_set(result) == by_definition(game)
    assert sum(result.component_indices) == 1


def test_differences_lost_to_rounding_are_decided_in_integers(monkeypatch):
    """Multiples of 0.1 as floats are near ties, and no ties: 0.1 + 0.2 is not 0.3."""
    force_floats(monkeypatch)
    decided = []
    decide = WALKS.CompiledWalk._decide
    monkeypatch.setattr(
        WALKS.CompiledWalk, "_decide", lambda *args: (decided.append(args), decide(*args))
    )
    for seed in range(5):
        game = bg.NormalFormGame(np.random.default_rng(seed).integers(0, 4, (2, 5, 5)) * 0.1)
        assert exact_set(bg.nash_equilibria(game)) == gambit.extreme_equilibria(game)
    assert decided


def test_bases_that_floats_mistook_are_refused_and_mended(monkeypatch):
    force_floats(monkeypatch)
    repaired = []
    repair = WALKS.CompiledWalk._repair
    monkeypatch.setattr(
        WALKS.CompiledWalk, "_repair", lambda walk: (repaired.append(walk), repair(walk))
    )
    for seed in range(8):
        payoffs = 10.0 ** np.random.default_rng(seed).integers(-12, 13, (2, 6, 6))
        game = bg.NormalFormGame(payoffs)
        by_floats = bg.nash_equilibria(game)
        with monkeypatch.context() as integers:
            force_integers(integers)
            assert bg.nash_equilibria(game) == by_floats
    assert repaired


@pytest.mark.parametrize(
    "shape", [(2, 70), (70, 2), (1, 200), pytest.param((3, 64), marks=pytest.mark.compiled)]
)
def test_more_labels_than_a_word_has_bits(shape, tmp_path):
    game = bg.NormalFormGame(np.random.default_rng(1).integers(0, 9, (2, *shape)))
    result = bg.nash_equilibria(game)
    assert result.complete
    if lrsnash.PRESENT:
        assert exact_set(result) == lrsnash.extreme_equilibria(game, tmp_path)
    assert bg.verify(result).ok


# -- limits, interruption, refusals ---------------------------------------------------------------


def test_a_list_can_be_cut():
    coordination = game_of(np.eye(4), np.eye(4))
    cut = bg.nash_equilibria(coordination, max_equilibria=3)
    assert len(cut) == 3
    assert not cut.complete
    assert cut.certificate is None
    assert cut.components is None
    assert "max_equilibria = 3 of 15" in cut.reason
    whole = bg.nash_equilibria(coordination, max_equilibria=15)
    assert whole.complete
    assert len(whole) == 15


@pytest.mark.compiled
def test_a_huge_search_stops_once_enough_is_known():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(-20, 20, (2, 30, 30)))
    result = bg.nash_equilibria(game, max_equilibria=1)
    assert len(result) == 1
    assert not result.complete
    assert "the search stopped after" in result.reason
    assert gains(game, result[0].exact) == [0, 0]


@pytest.mark.compiled
def test_ctrl_c_keeps_what_was_found():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(-20, 20, (2, 24, 24)))
    bg.nash_equilibria(bg.NormalFormGame(np.random.default_rng(0).random((2, 8, 8))))  # compiled
    main = threading.main_thread().ident
    timer = threading.Timer(0.5, lambda: signal.pthread_kill(main, signal.SIGINT))
    timer.start()
    with pytest.raises(errors.SearchInterrupted) as caught:
        bg.nash_equilibria(game)
    result = caught.value.result
    assert not result.complete
    assert "stopped after" in result.reason
    assert all(gains(game, found.exact) == [0, 0] for found in result)


def test_progress_is_reported():
    from balancegame._progress import listening

    heard = []
    with listening(lambda *event: heard.append(event)):
        bg.nash_equilibria(bg.NormalFormGame(np.random.default_rng(0).random((2, 4, 4))))
    assert heard[-1][1] == heard[-1][2]


@pytest.mark.parametrize("limit", [0, -1, 1.5, "many", True])
def test_max_equilibria_is_a_count(limit):
    with pytest.raises(errors.BalanceGameError, match="max_equilibria"):
        bg.nash_equilibria(game_of([[1]], [[1]]), max_equilibria=limit)


def test_something_that_is_no_game_is_refused():
    with pytest.raises(errors.InvalidTypeError, match="NormalFormGame"):
        bg.nash_equilibria([[1, 2], [3, 4]])


def test_large_constant_sum_games_go_to_linear_programming():
    A = np.random.default_rng(3).integers(-9, 10, (30, 25))
    result = bg.nash_equilibria(game_of(A, -A))
    assert result.method == "linear programming"
    assert result.complete
    for found in result:
        assert gains(game_of(A, -A), found.exact) == [0, 0]


def test_results_survive_pickling_and_say_all_in_json(arithmetic):  # noqa: F811
    result = bg.nash_equilibria(random_game(0))
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.component_indices == result.component_indices
    assert bg.verify(again).ok
    as_dict = result.to_dict()
    assert len(as_dict["components"]) == len(result.components)
    assert as_dict["membership"] == result.membership
    assert len(result.to_frame()) == sum(len(s) for found in result for s in found.support)


def test_a_result_reads_well():
    text = str(bg.nash_equilibria(game_of([[2, 0], [2, 1]], [[1, 0], [0, 1]])))
    assert "1/2 a0 + 1/2 a1" in text
    assert "2 components, of which 1 more than a point ([0], [2])" in text
    assert "index" in text


@pytest.mark.parametrize("call", [1, 5, 9])
def test_ctrl_c_in_the_midst_of_a_basis_claims_nothing(call, monkeypatch):
    from balancegame.solvers.polytopes.integer_dictionary import IntegerDictionary

    calls = []
    neighbours = IntegerDictionary.neighbours

    def interrupted(self):
        calls.append(self)
        if len(calls) == call:
            raise KeyboardInterrupt
        return neighbours(self)

    monkeypatch.setattr(IntegerDictionary, "neighbours", interrupted)
    with pytest.raises(errors.SearchInterrupted) as caught:
        bg.nash_equilibria(game_of(np.eye(3), np.eye(3)))
    assert not caught.value.result.complete


def test_ctrl_c_while_integers_decide_claims_nothing(monkeypatch):
    force_floats(monkeypatch)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(WALKS.CompiledWalk, "_decide", interrupted)
    payoffs = np.random.default_rng(0).integers(0, 4, (2, 6, 6)) * 0.1
    with pytest.raises(errors.SearchInterrupted) as caught:
        bg.nash_equilibria(bg.NormalFormGame(payoffs))
    assert not caught.value.result.complete


def test_a_walk_does_not_begin_outside():
    from balancegame.solvers.polytopes.integer_dictionary import IntegerDictionary
    from balancegame.solvers.polytopes.polytope import Polytope

    square = Polytope(((1, 0), (0, 1), (1, 1)), (1, 1, -1), first_variable=0, first_row=2)
    with pytest.raises(ValueError, match="outside"):
        WALKS.enumerate_vertices(square)
    assert IntegerDictionary.at(square, 0b00101) is None


@pytest.mark.compiled
def test_many_isolated_equilibria_are_sorted_in_reasonable_time():
    result = bg.nash_equilibria(game_of(np.eye(11), np.eye(11)))
    assert len(result) == 2**11 - 1
    assert sum(result.component_indices) == 1


def test_a_search_that_memory_cannot_hold_keeps_what_it_found(monkeypatch):
    force_floats(monkeypatch)
    monkeypatch.setattr(WALKS, "_FIRST_CAPACITY", 8)
    monkeypatch.setattr(WALKS, "available_memory", lambda: 1000)
    game = game_of(np.eye(6), np.eye(6))
    result = bg.nash_equilibria(game)
    assert not result.complete
    assert "memory ran out" in result.reason
    assert all(gains(game, found.exact) == [0, 0] for found in result)
