"""Strong and coalition-proof equilibria by definition; who blocks, and what they gain."""

from __future__ import annotations

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.solvers.coalitions import coalition_proof, profile_sets, strong
from balancegame.testing import normal_form_games
from tests.coalitions import CoalitionProof, all_gain, blocks, is_nash, table_of
from tests.coalitions import strong as strong_by_definition

TIES = st.integers(0, 2)
games = normal_form_games(max_players=3, max_actions=3, payoffs=TIES)
FALSE_TIES = st.sampled_from(
    [Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**30), Fraction(0), Fraction(1)]
)


def cells_of(found):
    return [tuple(part[0] for part in one.support) for one in found]


def blocked_cells(result):
    return cells_of(one.equilibrium for one in result.blocked)


def indices(game, players):
    return tuple(game.players.index(name) for name in players)


def after(game, one, move):
    """The profile that a coalition's joint move leads to."""
    cell = list(cells_of([one.equilibrium])[0])
    for name, action in zip(one.coalition, move, strict=True):
        i = game.players.index(name)
        cell[i] = game.actions[i].index(action)
    return tuple(cell)


def random_game(seed):
    """Up to 4 players with up to 3 actions; ties often, sometimes exact or continuous."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    shape = tuple(rng.integers(1, 4, n).tolist())
    if seed % 5 == 4:
        return bg.NormalFormGame(rng.normal(size=(n, *shape)))
    return bg.NormalFormGame(rng.integers(0, [2, 3, 4, 20][seed % 4], (n, *shape)))


def coordination_game(seed):
    """Joint moves pay: the sum of payoffs is common, so that coalitions have much to gain."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    shape = tuple(rng.integers(2, 4, n).tolist())
    common = rng.integers(0, 5, shape)
    return bg.NormalFormGame(common + rng.integers(0, 3, (n, *shape)))


def check_against_the_definitions(game):
    table, shape = table_of(game), game.shape
    pure = [cell for cell in table if is_nash(table, shape, cell)]
    proof = CoalitionProof(table, shape)
    found = bg.coalition_proof_equilibria(game)
    assert cells_of(found) == proof.equilibria()
    assert sorted(cells_of(found) + blocked_cells(found)) == pure
    for one, cell in zip(found.blocked, blocked_cells(found), strict=True):
        coalition, moved = indices(game, one.coalition), after(game, one, one.move)
        assert proof.is_self_enforcing(cell, coalition)
        assert proof.holds(moved, coalition)
        assert_gains(one, table, coalition, cell, moved)
    for size in (None, *range(1, len(shape) + 1)):
        found = bg.strong_equilibria(game, max_coalition=size)
        assert cells_of(found) == strong_by_definition(table, shape, size)
        assert sorted(cells_of(found) + blocked_cells(found)) == pure
        for one, cell in zip(found.blocked, blocked_cells(found), strict=True):
            coalition, moved = indices(game, one.coalition), after(game, one, one.move)
            assert (coalition, moved) == blocks(table, shape, cell, size)[0]
            assert_gains(one, table, coalition, cell, moved)


def assert_gains(one, table, coalition, before, moved):
    assert all_gain(table, coalition, before, moved)
    assert one.exact_gains == tuple(table[moved][i] - table[before][i] for i in coalition)
    assert one.gains == tuple(map(float, one.exact_gains))
    assert all(moved[i] != before[i] for i in coalition)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_random_games_by_definition(first):
    for seed in range(first, first + 20):
        check_against_the_definitions(random_game(seed))
        check_against_the_definitions(coordination_game(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("first", range(1000, 1500, 50))
def test_1000_random_games_by_definition(first):
    for seed in range(first, first + 50):
        check_against_the_definitions(random_game(seed))
        check_against_the_definitions(coordination_game(seed))


@given(normal_form_games(max_players=3, max_actions=2, payoffs=FALSE_TIES))
def test_exact_payoffs_that_collide_in_floats_are_told_apart(game):
    check_against_the_definitions(game)


@given(games)
def test_strong_within_coalition_proof_within_nash(game):
    strong_ones = cells_of(bg.strong_equilibria(game))
    proof = cells_of(bg.coalition_proof_equilibria(game))
    assert set(strong_ones) <= set(proof) <= set(cells_of(bg.pure_nash(game)))


@given(games)
def test_k_strong_equilibria_are_nested(game):
    n = game.n_players
    nested = [set(cells_of(bg.strong_equilibria(game, max_coalition=k))) for k in range(1, n + 2)]
    assert nested[0] == set(cells_of(bg.pure_nash(game)))
    assert all(larger <= smaller for smaller, larger in itertools.pairwise(nested))
    assert nested[n - 1] == nested[n] == set(cells_of(bg.strong_equilibria(game)))


@given(games, st.data())
def test_relabelling_players_and_actions_and_affine_changes_move_nothing(game, data):
    order = data.draw(st.permutations(range(game.n_players)))
    turned = [data.draw(st.permutations(range(m))) for m in game.shape]
    table = game.payoffs[(slice(None), *np.ix_(*turned))]
    table = np.stack([(i + 1) * table[i].transpose(order) - 3 for i in order])
    moved = bg.NormalFormGame(table)

    def relabelled(cells):
        return {tuple(turned[i].index(cell[i]) for i in order) for cell in cells}

    for solve in (
        bg.strong_equilibria,
        bg.coalition_proof_equilibria,
        lambda one: bg.strong_equilibria(one, deviations="correlated"),
    ):
        assert set(cells_of(solve(moved))) == relabelled(cells_of(solve(game)))


@pytest.mark.compiled
@given(normal_form_games(max_players=3, max_actions=3, payoffs=TIES))
def test_compiled_code_finds_what_plain_python_finds(game):
    plain = bg.strong_equilibria(game), bg.coalition_proof_equilibria(game)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("balancegame._kernels.coalitions._PLAIN_WORK", -1)
        assert (bg.strong_equilibria(game), bg.coalition_proof_equilibria(game)) == plain


@pytest.mark.parametrize("sparse", [1, 4, 10**6])
def test_sets_of_profiles_as_bits_and_as_lists(sparse, monkeypatch):
    monkeypatch.setattr(profile_sets, "_SPARSE", sparse)
    rng = np.random.default_rng(sparse)
    for n_cells in (1, 7, 8, 9, 100, 1000):
        for k in (1, 2, 5):
            marks = [rng.random(n_cells) < share for share in rng.random(k)]
            sets = [profile_sets.ProfileSet.of(np.flatnonzero(m), n_cells) for m in marks]
            found = profile_sets.intersection(sets, n_cells)
            assert found.tolist() == np.flatnonzero(np.all(marks, axis=0)).tolist()
    for seed in range(12):
        check_against_the_definitions(coordination_game(seed))


@pytest.mark.parametrize("shape", [(2,) * 5, (2,) * 6, (3, 2, 3, 2, 2), (6, 5, 6), (1, 4, 1, 5, 3)])
def test_more_players_and_longer_lists_of_actions(shape):
    rng = np.random.default_rng(len(shape))
    common = rng.integers(0, 6, shape)
    check_against_the_definitions(
        bg.NormalFormGame(common + rng.integers(0, 3, (len(shape), *shape)))
    )
    check_against_the_definitions(bg.NormalFormGame(rng.integers(0, 2, (len(shape), *shape))))


def test_coalition_proof_of_two_players_is_undominated_among_equilibria():
    """Of two players: the Pareto-undominated equilibria, in the strict sense (BPW, section 2)."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        game = bg.NormalFormGame(rng.integers(0, 4, (2, 3, 4)))
        pure = cells_of(bg.pure_nash(game))
        table = table_of(game)
        kept = [a for a in pure if not any(all_gain(table, (0, 1), a, b) for b in pure)]
        assert cells_of(bg.coalition_proof_equilibria(game)) == kept


def test_lotteries_block_where_no_joint_move_does():
    """Either joint move pays one of two players; drawing one by lot pays both."""
    game = bg.NormalFormGame.from_arrays(
        [[2, 0, 0], [0, 6, 0], [0, 0, 1]], [[2, 0, 0], [0, 1, 0], [0, 0, 6]]
    )
    assert (0, 0) in cells_of(bg.strong_equilibria(game))
    found = bg.strong_equilibria(game, deviations="correlated")
    (one,) = [one for one in found.blocked if one.equilibrium.actions == ("a0", "a0")]
    assert one.move is None
    assert [move for move, _ in one.lottery] == [("a1", "a1"), ("a2", "a2")]
    assert sum(chance for _, chance in one.lottery) == 1
    assert min(one.exact_gains) > 0
    assert "or" in str(found)
    assert found.blocked.to_frame()["move"].isna().any()
    assert found.to_dict()["blocked"][0]["lottery"][0]["probability"]


def test_a_lottery_whose_members_can_only_break_even_does_not_block():
    game = bg.NormalFormGame.from_arrays(
        [[2, 0, 0], [0, 3, 0], [0, 0, 1]], [[2, 0, 0], [0, 1, 0], [0, 0, 3]]
    )
    assert (0, 0) in cells_of(bg.strong_equilibria(game, deviations="correlated"))
    exact = bg.NormalFormGame.from_arrays(
        [[2, 0, 0], [0, f"3.{'0' * 40}1", 0], [0, 0, 1]], [[2, 0, 0], [0, 1, 0], [0, 0, 3]]
    )
    assert (0, 0) not in cells_of(bg.strong_equilibria(exact, deviations="correlated"))


def lottery_blocks(game, table, cell, coalition):
    """By a linear program of its own, in floats: the greatest least gain of a lottery."""
    from scipy.optimize import linprog

    moves = [
        other
        for other in table
        if all(other[i] == cell[i] for i in range(game.n_players) if i not in coalition)
    ]
    gains = np.array([[float(table[o][i] - table[cell][i]) for o in moves] for i in coalition])
    solved = linprog(
        np.r_[np.zeros(len(moves)), -1],
        A_ub=np.column_stack([-gains, np.ones(len(coalition))]),
        b_ub=np.zeros(len(coalition)),
        A_eq=np.r_[np.ones(len(moves)), 0][None],
        b_eq=[1],
        bounds=[(0, None)] * len(moves) + [(None, None)],
    )
    return -solved.fun > 1e-9


@pytest.mark.parametrize("seed", range(25))
def test_correlated_deviations_agree_with_a_linear_program_of_their_own(seed):
    game = coordination_game(seed) if seed % 2 else random_game(seed)
    table = table_of(game)
    found = bg.strong_equilibria(game, deviations="correlated")
    for cell in cells_of(bg.pure_nash(game)):
        blocking = [
            coalition
            for size in range(2, game.n_players + 1)
            for coalition in itertools.combinations(range(game.n_players), size)
            if lottery_blocks(game, table, cell, coalition)
        ]
        assert (cell in cells_of(found)) == (not blocking)
        if blocking:
            one = found.blocked[blocked_cells(found).index(cell)]
            assert indices(game, one.coalition) == blocking[0]
    for one, cell in zip(found.blocked, blocked_cells(found), strict=True):
        gains = [
            sum(chance * table[after(game, one, move)][i] for move, chance in one.lottery)
            - table[cell][i]
            for i in indices(game, one.coalition)
        ]
        assert one.exact_gains == tuple(gains)
        assert min(gains) > 0
        assert sum(chance for _, chance in one.lottery) == 1


def test_more_is_blocked_by_lot_than_by_joint_moves_of_five_players():
    """Coalitions of one size are asked before larger ones, whether by lot or by a pure move."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        shape = (2,) * 5
        game = bg.NormalFormGame(rng.integers(0, 9, shape) + rng.integers(0, 9, (5, *shape)))
        pure = bg.strong_equilibria(game)
        lots = bg.strong_equilibria(game, deviations="correlated")
        assert set(cells_of(lots)) <= set(cells_of(pure))
        size = {one.equilibrium.actions: len(one.coalition) for one in lots.blocked}
        for one in pure.blocked:
            assert size[one.equilibrium.actions] <= len(one.coalition)
        for k in range(1, 6):
            at_most = bg.strong_equilibria(game, max_coalition=k, deviations="correlated")
            left = [found for found, members in size.items() if members <= k]
            assert len(at_most.blocked) == len(left)


def test_random_floats_and_hundreds_of_joint_moves_by_lot():
    game = bg.NormalFormGame(np.random.default_rng(3).normal(size=(4, 4, 4, 4, 4)))
    found = bg.strong_equilibria(game, deviations="correlated")
    assert found.complete
    assert len(found) + len(found.blocked) == len(bg.pure_nash(game))
    assert all(min(one.exact_gains) > 0 for one in found.blocked)


def test_payoffs_at_the_ends_of_the_float_range():
    game = bg.NormalFormGame.from_arrays(
        [[-1.7e308, -1.7e308], [-1.7e308, 1.7e308]], [[0, -1], [-1, 5e-324]]
    )
    (one,) = bg.strong_equilibria(game).blocked
    assert one.gains == (np.finfo(float).max, 5e-324)
    assert one.exact_gains[0] == 2 * Fraction(1.7e308)
    assert len(bg.strong_equilibria(game, deviations="correlated")) == 1


@pytest.mark.parametrize("solve", [bg.strong_equilibria, bg.coalition_proof_equilibria])
def test_results_are_frozen_picklable_and_readable(solve):
    game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    found = solve(game)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.blocked == found.blocked
    assert found.kind in str(found)
    assert "<table>" in solve(bg.NormalFormGame(np.zeros((2, 2, 2))))._repr_html_()
    assert isinstance(found.to_json(), str)
    assert found.complete
    assert found.refine(5) is found
    with pytest.raises(AttributeError, match="frozen"):
        found.blocked = None


def test_blocked_equilibria_as_a_table():
    dilemmas = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    found = bg.strong_equilibria(bg.NormalFormGame(dilemmas))
    assert found.blocked.to_frame().to_dict("records") == [
        {
            "blocked": 0,
            "equilibrium": "all: a1",
            "coalition": "player 0, player 1",
            "member": f"player {i}",
            "action": "a1",
            "move": "a0",
            "gain": 2.0,
        }
        for i in range(2)
    ]
    assert len(found.blocked[:0]) == 0
    assert str(found.blocked[:0]) == "No pure equilibrium is blocked"
    assert found.blocked[:0].to_frame().empty
    assert "blocked" in found._repr_html_()
    assert "No pure equilibrium" in found.blocked[:0]._repr_html_()
    assert hash(found.blocked) == hash(found.blocked[:])
    assert found.blocked != 3


def test_a_record_unpacks():
    ((equilibrium, coalition, move, gains),) = bg.strong_equilibria(
        bg.NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    ).blocked
    assert equilibrium.actions == ("a1", "a1")
    assert (coalition, move, gains) == (("player 0", "player 1"), ("a0", "a0"), (2.0, 2.0))


def test_players_without_a_choice_are_in_no_coalition():
    """Sixty of them would make more coalitions than could ever be gone through."""
    shape = (2,) + (1,) * 58 + (2,)
    table = np.zeros((60, *shape))
    table[0], table[59] = (np.reshape(own, shape) for own in ([3, 0, 5, 1], [3, 5, 0, 1]))
    game = bg.NormalFormGame(table)
    (one,) = bg.strong_equilibria(game).blocked
    assert one.coalition == ("player 0", "player 59")
    assert len(bg.strong_equilibria(game, max_coalition=1)) == 1
    assert len(bg.coalition_proof_equilibria(game)) == 1
    assert len(bg.strong_equilibria(game, deviations="correlated").blocked) == 1
    still = bg.NormalFormGame(np.zeros((60, *(1,) * 60)))
    assert len(bg.coalition_proof_equilibria(still)) == len(bg.strong_equilibria(still)) == 1


def test_many_blocked_equilibria_are_cut_in_print():
    common = np.zeros((3, 3))
    common[2, 2] = 1
    found = bg.strong_equilibria(bg.NormalFormGame([common, common]))
    assert len(found.blocked) == 4
    wide = np.zeros((4, 4))
    wide[3, 3] = 1
    assert "and 3 more" in str(bg.strong_equilibria(bg.NormalFormGame([wide, wide])).blocked)


@given(normal_form_games(max_players=1))
def test_one_player_alone(game):
    best = cells_of(bg.pure_nash(game))
    assert cells_of(bg.strong_equilibria(game)) == best
    assert cells_of(bg.coalition_proof_equilibria(game)) == best


def test_a_game_without_a_pure_equilibrium():
    pennies = bg.NormalFormGame.from_arrays([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    for solve in (bg.strong_equilibria, bg.coalition_proof_equilibria):
        found = solve(pennies)
        assert found.complete
        assert not len(found)
        assert not len(found.blocked)


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"max_coalition": 0}, errors.InvalidParameterError, "at least 1"),
        ({"max_coalition": 1.5}, errors.InvalidTypeError, "whole number"),
        ({"max_coalition": True}, errors.InvalidTypeError, "whole number"),
        ({"deviations": "mixed"}, errors.UnknownDeviationsError, "pure, correlated"),
        ({"deviations": None}, errors.UnknownDeviationsError, "pure, correlated"),
        ({"deviations": "Correlated"}, errors.UnknownDeviationsError, "mean 'correlated'"),
    ],
)
def test_bad_options_are_refused_by_name(options, error, match):
    with pytest.raises(error, match=match):
        bg.strong_equilibria(bg.NormalFormGame([[1, 2]]), **options)


@pytest.mark.parametrize("thing", [None, 5, [[1, 2]]])
def test_what_is_no_game_is_refused(thing):
    for solve in (bg.strong_equilibria, bg.coalition_proof_equilibria):
        with pytest.raises(errors.InvalidTypeError, match="must be a NormalFormGame"):
            solve(thing)


def test_too_many_coalitions_for_the_memory_are_refused_before_work(monkeypatch):
    monkeypatch.setattr(coalition_proof, "available_memory", lambda: 1000)
    with pytest.raises(errors.TableTooLargeError, match="max_coalition"):
        bg.coalition_proof_equilibria(bg.NormalFormGame(np.zeros((8, *(2,) * 8))))


def test_interrupting_keeps_what_is_settled(monkeypatch):
    game = bg.NormalFormGame(np.zeros((3, 3, 3, 3)))
    monkeypatch.setattr(strong, "_ROUND", 1)
    seen = []

    def stop(task, done, total):
        seen.append(done)
        if len(seen) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(strong, "report", stop)
    with pytest.raises(errors.SearchInterrupted) as caught:
        bg.strong_equilibria(game)
    assert (len(caught.value.result), caught.value.result.complete) == (4, False)
    assert "interrupted with 4 pure equilibria settled" in caught.value.result.reason
    monkeypatch.setattr(coalition_proof, "report", stop)
    seen[:] = [0, 0, 0]
    with pytest.raises(errors.SearchInterrupted) as caught:
        bg.coalition_proof_equilibria(game)
    assert (len(caught.value.result), caught.value.result.complete) == (0, False)


@pytest.mark.compiled
def test_eight_players_with_three_actions_of_ties():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(0, 2, (8, *(3,) * 8)))
    pure = cells_of(bg.pure_nash(game))
    assert len(pure) > 100
    for found in (bg.strong_equilibria(game), bg.coalition_proof_equilibria(game)):
        assert sorted(cells_of(found) + blocked_cells(found)) == pure
        for one, cell in zip(found.blocked[:50], blocked_cells(found), strict=False):
            moved = after(game, one, one.move)
            assert all(
                game.payoffs[i][moved] > game.payoffs[i][cell] for i in indices(game, one.coalition)
            )
