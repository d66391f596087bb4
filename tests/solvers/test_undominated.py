"""Iterated elimination of dominated actions, against its definition, by every route."""

from __future__ import annotations

import importlib
import itertools
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from balancegame.solvers.polytopes.matrix_game import best_basis, multipliers
from balancegame.solvers.polytopes.polytope import Polytope
from balancegame.solvers.polytopes.vertices import tight_labels
from balancegame.testing import normal_form_games
from tests.oracles import dominance

KINDS = [{"by": by, "weak": weak} for by in ("mixed", "pure") for weak in (False, True)]
GAMES = normal_form_games(max_actions=4)


def naive(game, *, by="mixed", weak=False, **options):
    return dominance.survivors(game.payoffs, mixed=by == "mixed", weak=weak, **options)


def check(result):
    """Every elimination dominates by what it says, in the game as it stood, in Fractions."""
    game = result.original
    left = [list(range(m)) for m in game.shape]
    for at in range(1, result.rounds + 1):
        made = [one for one in result.eliminations if one.round == at]
        players = game.players if result.order is None else result.order
        seen = [list(mine) for mine in left]
        for name in players:
            i = game.players.index(name)
            if result.order is not None:
                seen = [list(mine) for mine in left]
            table = np.moveaxis(game.exact_payoffs[i][np.ix_(*seen)], i, 0)
            rows = dict(zip(seen[i], table.reshape(len(seen[i]), -1).tolist(), strict=True))
            for one in (one for one in made if one.player == name):
                assert sum(one.exact) == 1
                assert min(one.exact) >= 0
                mixture = [
                    sum(p * rows[b][k] for b, p in enumerate(one.exact) if p)
                    for k in range(len(rows[one.action_index]))
                ]
                gain = [a - b for a, b in zip(mixture, rows[one.action_index], strict=True)]
                assert (min(gain), max(gain)) == (one.exact_margin, one.exact_greatest_gain)
                assert min(gain) >= 0
                assert max(gain) > 0
                assert one.is_strict or result.weak
                left[i].remove(one.action_index)
    assert tuple(map(tuple, left)) == result.survivors
    assert all(result.survivors)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=80)
@given(game=GAMES)
def test_what_survives_is_the_definition(kind, game):
    result = bg.undominated(game, **kind)
    assert result.survivors == naive(game, **kind)
    assert result.complete
    check(result)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(
    game=normal_form_games(max_players=4, max_actions=3, payoffs=st.integers(0, 1)), data=st.data()
)
def test_the_players_order_is_kept(kind, game, data):
    order = data.draw(st.permutations(range(game.n_players)))
    result = bg.undominated(game, order=order, **kind)
    assert result.survivors == naive(game, order=order, **kind)
    assert result.order == tuple(game.players[i] for i in order)
    check(result)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(game=GAMES, rounds=st.integers(1, 2))
def test_rounds_can_be_limited(kind, game, rounds):
    result = bg.undominated(game, max_rounds=rounds, **kind)
    assert result.survivors == naive(game, max_rounds=rounds, **kind)
    assert result.rounds <= rounds
    check(result)
    whole = bg.undominated(game, **kind)
    assert result.complete <= (result.survivors == whole.survivors)


@settings(max_examples=60)
@given(normal_form_games(max_actions=4), st.data())
def test_strict_elimination_does_not_depend_on_the_order(game, data):
    order = data.draw(st.permutations(range(game.n_players)))
    assert bg.undominated(game, order=order).survivors == bg.undominated(game).survivors


@settings(max_examples=60)
@given(normal_form_games(max_actions=4), st.data())
def test_relabelled_actions_and_players(game, data):
    orders = [data.draw(st.permutations(range(m))) for m in game.shape]
    turn = data.draw(st.permutations(range(game.n_players)))
    table = game.payoffs[np.ix_(range(game.n_players), *orders)]
    moved = bg.NormalFormGame(np.transpose(table, (0, *(1 + j for j in turn)))[list(turn)])
    for kind in KINDS:
        kept = bg.undominated(game, **kind).survivors
        expected = tuple(tuple(sorted(orders[j].index(a) for a in kept[j])) for j in turn)
        assert bg.undominated(moved, **kind).survivors == expected


@settings(max_examples=60)
@given(normal_form_games(max_actions=3), st.sampled_from(["1/3", 7, "1e-9"]), st.integers(-5, 5))
def test_affine_changes_of_payoffs_change_nothing(game, factor, shift):
    changed = bg.NormalFormGame(game.exact_payoffs * Fraction(factor) + shift)
    for kind in KINDS:
        one, other = bg.undominated(game, **kind), bg.undominated(changed, **kind)
        assert one.survivors == other.survivors
        margins = [found.exact_margin * Fraction(factor) for found in one.eliminations]
        assert margins == [found.exact_margin for found in other.eliminations]


@settings(max_examples=60)
@given(normal_form_games(max_actions=4))
def test_weak_contains_strict_and_mixed_contains_pure(game):
    """What one round eliminates; after it the reduced games differ."""
    kept = {
        (kind["by"], kind["weak"]): bg.undominated(game, max_rounds=1, **kind).survivors
        for kind in KINDS
    }
    for i in range(game.n_players):
        for by in ("mixed", "pure"):
            assert set(kept[by, True][i]) <= set(kept[by, False][i])
        for weak in (False, True):
            assert set(kept["mixed", weak][i]) <= set(kept["pure", weak][i])


@settings(max_examples=60)
@given(normal_form_games(max_actions=3), st.integers(0, 2))
def test_a_copy_of_an_action_changes_nothing(game, player):
    player = min(player, game.n_players - 1)
    table = np.concatenate([game.payoffs, game.payoffs.take([0], axis=player + 1)], player + 1)
    doubled = bg.NormalFormGame(table)
    for kind in KINDS:
        before, after = bg.undominated(game, **kind), bg.undominated(doubled, **kind)
        copy = game.shape[player]
        assert (copy in after.survivors[player]) == (0 in before.survivors[player])
        others = tuple(a for a in after.survivors[player] if a != copy)
        assert others == before.survivors[player]


@settings(max_examples=60)
@given(normal_form_games(min_players=2, max_players=2, max_actions=4))
def test_equilibria_of_two_players_survive_strict_elimination(game):
    kept = bg.undominated(game).survivors
    for found in bg.nash_equilibria(game):
        assert all(set(part) <= set(mine) for part, mine in zip(found.support, kept, strict=True))


@settings(max_examples=60)
@given(normal_form_games(min_players=3, max_players=4, max_actions=3))
def test_pure_equilibria_are_those_of_the_reduced_game(game):
    result = bg.undominated(game)
    reduced = {found.actions for found in bg.pure_nash(result.game)}
    assert {found.actions for found in bg.pure_nash(game)} == reduced


@settings(max_examples=50)
@given(normal_form_games(max_actions=3, payoffs=st.fractions(-1, 1, max_denominator=30)))
def test_fractions(game):
    for kind in KINDS:
        check(bg.undominated(game, **kind))


WIDE = st.sampled_from([0.0, 1e-300, -1e-300, 1e300, -1e300, 1.7e308, 5e-324, 0.1, 0.3, -0.2])


@settings(max_examples=50)
@given(normal_form_games(max_actions=3, payoffs=WIDE))
def test_floats_of_every_size_count_exactly(game):
    exact = bg.NormalFormGame(game.exact_payoffs)
    for kind in KINDS:
        result = bg.undominated(game, **kind)
        check(result)
        assert result.survivors == bg.undominated(exact, **kind).survivors
        assert bg.verify(result).ok


@pytest.mark.parametrize("seed", range(12))
def test_small_programs_through_highs(seed, monkeypatch):
    """Numbers of all sizes, where the float filter is forced and cannot hold them."""
    programs = importlib.import_module("balancegame.solvers.polytopes.linear_program")
    matrix_game = importlib.import_module("balancegame.solvers.polytopes.matrix_game")
    rng = np.random.default_rng(seed)
    payoffs = rng.choice([0.0, 1e-300, 1e300, 1.7e308, 5e-324, 0.1, 0.3], (2, 4, 3))
    payoffs[0, 3] = payoffs[0, 0] / 2 + payoffs[0, 1] / 2
    game = bg.NormalFormGame(payoffs)
    expected = [bg.undominated(game, **kind).survivors for kind in KINDS]
    monkeypatch.setattr(programs, "_FEW_LABELS", 0)
    monkeypatch.setattr(matrix_game, "_FEW_ROWS", 0)
    monkeypatch.setattr(matrix_game, "_FEW_COLUMNS", 0)
    for kind, survivors in zip(KINDS, expected, strict=True):
        result = bg.undominated(game, **kind)
        assert result.survivors == survivors
        check(result)
        assert bg.verify(result).ok


def test_programs_beyond_the_range_of_floats():
    rows = ((1 << 1200, 1), (1, 1 << 1200))
    polytope = Polytope(rows, (1 << 1200, 1), first_variable=0, first_row=2)
    basis = best_basis(polytope)
    assert basis == best_basis(polytope)
    assert tight_labels(polytope, basis) is not None
    assert min(multipliers(polytope, basis)) >= 0


def test_the_smallest_margin_decides():
    """Half of the first and half of the last exceed the middle by less than rounding shows."""
    tiny = Fraction(1, 10**30)
    for gain, kept in ((tiny, (0, 2)), (0, (0, 1, 2)), (-tiny, (0, 1, 2))):
        rows = [[1, 0], [Fraction(1, 2) - gain] * 2, [0, 1]]
        game = bg.NormalFormGame.from_arrays(rows, [[0, 0]] * 3)
        assert bg.undominated(game).survivors[0] == kept
    (found,) = bg.undominated(
        bg.NormalFormGame.from_arrays([[1, 0], [Fraction(1, 2)] * 2, [0, 1]], [[0, 0]] * 3),
        max_rounds=1,
        by="mixed",
        weak=True,
    ).eliminations or (None,)
    assert found is None


def test_weak_dominance_depends_on_the_order_and_says_so():
    game = bg.NormalFormGame.from_arrays(
        [[1, 0], [1, 1], [0, 1]], [[1, 0], [1, 1], [0, 1]], players=["row", "column"]
    )
    first = bg.undominated(game, weak=True, order=["row", "column"])
    assert "in the order row, column" in " ".join(repr(first).split())
    assert "another order can leave other actions" in repr(first)
    outcomes = {bg.undominated(game, weak=True, order=o).survivors for o in ([0, 1], [1, 0])}
    kept = [bg.undominated(game, weak=True).survivors, *outcomes]
    assert all(1 in mine[0] for mine in kept)


@pytest.mark.parametrize("m", [9, 15, 25])
@pytest.mark.parametrize("weak", [False, True])
def test_many_actions_go_through_highs(m, weak):
    """Every action of the second half is the mean of two others less (or, weakly, not) a bit."""
    rng = np.random.default_rng(m)
    table = rng.integers(0, 60, (m, 2 * m))
    table[m // 2 :] = (table[: m - m // 2] + table[1 : 1 + m - m // 2]) // 2 - (not weak)
    game = bg.NormalFormGame.from_arrays(table, np.zeros_like(table))
    for options in ({"weak": weak}, {"weak": weak, "by": "pure"}):
        result = bg.undominated(game, **options)
        check(result)
        assert result.survivors == naive(game, **options)


@pytest.mark.parametrize("shape", [(2, 3, 4), (5, 2, 1, 3), (1,), (4,), (1, 1, 1)])
@pytest.mark.parametrize("kind", KINDS)
def test_shapes(shape, kind):
    for seed in range(3):
        payoffs = np.random.default_rng(seed).integers(0, 3, (len(shape), *shape))
        result = bg.undominated(bg.NormalFormGame(payoffs), **kind)
        assert result.survivors == dominance.survivors(
            payoffs, mixed=kind["by"] == "mixed", weak=kind["weak"]
        )


@pytest.mark.parametrize("seed", range(30))
def test_peers_agree(seed):
    rng = np.random.default_rng(seed)
    shape = [(3, 4), (4, 3, 2), (3, 3, 3)][seed % 3]
    game = bg.NormalFormGame(rng.integers(0, 6, (len(shape), *shape)))
    first = bg.undominated(game, max_rounds=1).survivors
    gone = [sorted(set(range(m)) - set(kept)) for m, kept in zip(shape, first, strict=True)]
    assert dominance.quantecon_solver(game.payoffs)() == gone
    pure = bg.undominated(game, by="pure", weak=True).survivors
    assert dominance.gambit_survivors(game.payoffs) == pure


def test_results_are_plain_data():
    game = bg.NormalFormGame.from_arrays(
        [[4, 0], [1, 1], [0, 4]], [[2, 0], [0, 3], [1, 0]], title="<b>"
    )
    result = bg.undominated(game)
    assert pickle.loads(pickle.dumps(result)) == result
    data = json.loads(result.to_json())
    assert data["eliminations"][0]["dominated_by"] == {"a0": "1/2", "a2": "1/2"}
    assert data["survivors"] == [[0], [0]]
    assert result.game.shape == (1, 1)
    assert result.game.payoffs.ravel().tolist() == [4, 2]
    assert result.actions == (("a0",), ("a0",))
    assert "&lt;b&gt;" in result._repr_html_()
    frame = result.to_frame()
    assert frame["survives"].sum() == 2
    with pytest.raises(AttributeError):
        result.weak = True
    none = bg.undominated(bg.NormalFormGame([[1, 1]]))
    assert none.eliminations == ()
    assert "Complete" in none._repr_html_()
    assert result.eliminations[0].margin == 1.0
    np.testing.assert_array_equal(result.eliminations[0].mixed_action, [0.5, 0, 0.5])


def test_long_lists_are_cut_in_print_only():
    n = 40
    table = np.add.outer(np.arange(n), np.zeros(2))
    result = bg.undominated(bg.NormalFormGame.from_arrays(table, np.zeros_like(table)))
    assert len(result.eliminations) == n - 1
    assert "and 9 more eliminations" in repr(result)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"by": "mix"}, errors.UnknownNameError),
        ({"by": 3}, errors.UnknownNameError),
        ({"weak": 1}, errors.InvalidTypeError),
        ({"max_rounds": 0}, errors.InvalidParameterError),
        ({"max_rounds": 1.5}, errors.InvalidTypeError),
        ({"order": [0]}, errors.InvalidParameterError),
        ({"order": [0, 0]}, errors.InvalidParameterError),
        ({"order": [0, 2]}, errors.UnknownPlayerError),
        ({"order": ["player 0", "player X"]}, errors.UnknownPlayerError),
        ({"order": "01"}, errors.InvalidTypeError),
        ({"order": 3}, errors.InvalidTypeError),
    ],
)
def test_bad_options_are_refused_by_name(options, error):
    with pytest.raises(error, match=next(iter(options)) + "|player"):
        bg.undominated(bg.NormalFormGame(np.zeros((2, 2, 2))), **options)


def test_only_games_are_examined():
    with pytest.raises(errors.InvalidTypeError, match="game is a list"):
        bg.undominated([[1]])


def test_an_interruption_keeps_finished_rounds():
    game = bg.NormalFormGame.from_arrays([[4, 0], [1, 1], [0, 4]], [[2, 0], [0, 3], [1, 0]])

    def stop(task, done, total):
        if task == "rounds of elimination":
            raise KeyboardInterrupt

    with listening(stop), pytest.raises(errors.SearchInterrupted) as caught:
        bg.undominated(game)
    partial = caught.value.result
    assert partial.reason == "interrupted"
    assert not partial.complete
    assert [one.action for one in partial.eliminations] == ["a1"]
    assert bg.verify(partial).ok


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8))
def test_2000_random_games_are_the_definition(seed):
    rng = np.random.default_rng(500 + seed)
    for k in range(250):
        n = int(rng.integers(1, 5))
        shape = tuple(rng.integers(1, [7, 7, 5, 4][n - 1] + 1, n).tolist())
        game = bg.NormalFormGame(rng.integers(0, [2, 3, 10, 50][k % 4], (n, *shape)))
        for kind, order in itertools.product(KINDS, (None, list(range(n))[::-1])):
            result = bg.undominated(game, order=order, **kind)
            assert result.survivors == naive(game, order=order, **kind)
            assert bg.verify(result).ok
