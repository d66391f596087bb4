"""The best correlated equilibrium: feasible and optimal exactly, in generic and in tied games."""

from __future__ import annotations

import importlib
import json
import math
import pickle
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from balancegame.testing import mixed_profiles, normal_form_games
from tests.correlated import (
    NAMED,
    by_linprog,
    chances_of,
    gains,
    objective_of,
    product_of,
)

PROPOSAL = importlib.import_module("balancegame.solvers.correlated.proposal")
PROGRAM = importlib.import_module("balancegame.solvers.correlated.program")
FLOATS = importlib.import_module("balancegame.solvers.correlated.floats")
PRICES = importlib.import_module("balancegame.solvers.correlated.prices")

FEW = st.integers(0, 2)
GAMES = normal_form_games(max_players=3, max_actions=3)
TIED = normal_form_games(max_players=3, max_actions=3, payoffs=FEW)


@pytest.fixture(params=["HiGHS first", "integers alone"])
def method(request, monkeypatch):
    """Run a test twice: with a basis from floats, and with the simplex method in integers."""
    few = 0 if request.param == "HiGHS first" else 10**9
    monkeypatch.setattr(PROPOSAL, "_FEW_PROFILES", few)
    return request.param


def random_game(seed, largest=4):
    """Payoffs in {0, 1, 2}, {0, 1}, wide integers, floats, or very unequal floats."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    shape = tuple(rng.integers(1, largest + 1, n))
    while math.prod(shape) > 100:
        shape = tuple(rng.integers(1, largest, n))
    size = (n, *shape)
    kinds = (
        lambda: rng.integers(0, 3, size),
        lambda: rng.integers(0, 2, size),
        lambda: rng.integers(-(10**6), 10**6, size),
        lambda: rng.normal(size=size),
        lambda: rng.integers(-3, 4, size) * 10.0 ** rng.integers(-12, 13, size),
    )
    return bg.NormalFormGame(kinds[seed % len(kinds)]())


# Optimal, by definition and by an independent program


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("seed", range(15))
def test_the_value_is_an_independent_programs(seed, name, coarse, method):
    game = random_game(seed)
    objective = objective_of(name, game)
    result = bg.correlated_equilibrium(game, objective, coarse)
    found = bg.verify(result)
    assert found.ok, str(found)
    assert max(gains(game, chances_of(result), coarse=coarse)) <= 0
    if seed % 5 != 4:  # floats cannot solve the very unequal ones
        expected = by_linprog(game, objective, coarse=coarse)
        assert result.value == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(TIED | GAMES, st.data())
def test_weights_and_tables(game, data):
    numbers = st.integers(-3, 3)
    weights = data.draw(st.lists(numbers, min_size=game.n_players, max_size=game.n_players))
    cells = data.draw(st.lists(numbers, min_size=game.n_profiles, max_size=game.n_profiles))
    table = np.array(cells, dtype=float).reshape(game.shape)
    for objective in (weights, table if game.n_profiles > 1 else weights):
        result = bg.correlated_equilibrium(game, objective)
        assert bg.verify(result).ok
        expected = by_linprog(game, objective, coarse=False)
        assert result.value == pytest.approx(expected, abs=1e-7)


@given(TIED, st.sampled_from(NAMED), st.booleans())
def test_integers_alone_and_floats_first_agree(game, name, coarse):
    objective = objective_of(name, game)
    values = []
    for few in (0, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PROPOSAL, "_FEW_PROFILES", few)
            values.append(bg.correlated_equilibrium(game, objective, coarse).exact)
    assert values[0] == values[1]


# Against Nash equilibria


@given(GAMES)
def test_welfare_lies_between_the_best_pure_equilibrium_and_the_best_profile(game):
    exact = bg.correlated_equilibrium(game).exact
    for found in bg.pure_nash(game):
        assert exact >= sum(found.exact_payoffs)
    assert exact <= game.exact_payoffs.sum(axis=0).max()


@given(normal_form_games(min_players=2, max_players=2, payoffs=FEW))
def test_every_nash_equilibrium_is_correlated_and_none_beats_the_best(game):
    values = {name: bg.correlated_equilibrium(game, name).exact for name in NAMED[:3]}
    worst = bg.correlated_equilibrium(game, ("worst", 0)).exact
    for found in bg.nash_equilibria(game):
        chances = product_of(found.exact)
        assert max(gains(game, chances, coarse=False)) <= 0
        assert max(gains(game, chances, coarse=True)) <= 0
        assert sum(found.exact_payoffs) <= values["welfare"]
        assert min(found.exact_payoffs) <= values["egalitarian"]
        assert worst <= found.exact_payoffs[0] <= values["best", 0]


@given(normal_form_games(min_players=2, max_players=2, zero_sum=True))
def test_in_zero_sum_games_all_pay_the_value(game):
    value = bg.zero_sum_equilibria(game)[0].exact_payoffs[0]
    for coarse in (False, True):
        for which in ("best", "worst"):
            assert bg.correlated_equilibrium(game, (which, 0), coarse).exact == value


# Properties


@settings(max_examples=60)
@given(GAMES)
def test_coarse_is_no_worse_and_objectives_are_consistent(game):
    def exact(objective, **options):
        return bg.correlated_equilibrium(game, objective, **options).exact

    assert exact("welfare", coarse=True) >= exact("welfare")
    assert exact("egalitarian", coarse=True) >= exact("egalitarian")
    players = range(game.n_players)
    best, worst = [exact(("best", i)) for i in players], [exact(("worst", i)) for i in players]
    assert all(low <= high for low, high in zip(worst, best, strict=True))
    least = exact("egalitarian")
    assert min(worst) <= least <= min(best)
    assert least * game.n_players <= exact("welfare")
    assert exact([1] * game.n_players) == exact("welfare")
    assert exact([int(i == 0) for i in players]) == best[0]
    assert exact([-int(i == 0) for i in players]) == -worst[0]
    if game.n_profiles > 1:  # a single number is a weight
        assert exact(game.payoffs.sum(axis=0)) == exact("welfare")


@given(GAMES)
def test_the_least_payoff_is_at_least_that_of_the_best_welfare(game):
    least = bg.correlated_equilibrium(game, "egalitarian")
    assert least.exact == min(least.exact_payoffs)
    assert least.exact >= min(bg.correlated_equilibrium(game).exact_payoffs)


@given(GAMES, st.sampled_from(NAMED), st.booleans(), st.randoms(use_true_random=False))
def test_relabelling_changes_nothing(game, name, coarse, random):
    objective = objective_of(name, game)
    order = list(range(game.n_players))
    random.shuffle(order)
    payoffs = np.transpose(game.payoffs[order], (0, *(1 + i for i in order)))
    for axis, m in enumerate(payoffs.shape[1:]):
        payoffs = np.take(payoffs, random.sample(range(m), m), axis=axis + 1)
    if isinstance(objective, tuple):
        objective_there = (objective[0], order.index(objective[1]))
    else:
        objective_there = objective
    there = bg.correlated_equilibrium(bg.NormalFormGame(payoffs), objective_there, coarse)
    assert there.exact == bg.correlated_equilibrium(game, objective, coarse).exact


@given(GAMES, st.sampled_from(NAMED), st.booleans(), st.data())
def test_a_strictly_dominated_action_changes_nothing(game, name, coarse, data):
    # Coarse equilibria may put weight on dominated actions: only Aumann's never do.
    objective = objective_of(name, game)
    i = data.draw(st.integers(0, game.n_players - 1))
    copy = data.draw(st.integers(0, game.shape[i] - 1))
    row = np.take(game.payoffs, [copy], axis=i + 1).copy()
    row[i] -= 1
    larger = bg.NormalFormGame(np.concatenate([game.payoffs, row], axis=i + 1))
    before = bg.correlated_equilibrium(game, objective, coarse)
    after = bg.correlated_equilibrium(larger, objective, coarse)
    if not coarse:
        assert after.exact == before.exact
        assert not np.take(after.distribution, game.shape[i], axis=i).any()
    elif name != ("worst", -1):
        assert after.exact >= before.exact


@settings(max_examples=60)
@given(GAMES, st.integers(1, 5), st.integers(-4, 4))
def test_units_of_payoffs_do_not_matter(game, factor, shift):
    changed = bg.NormalFormGame(game.payoffs * factor + shift)
    for objective, times in (("welfare", game.n_players), ("egalitarian", 1), (("worst", 0), 1)):
        before = bg.correlated_equilibrium(game, objective).exact
        after = bg.correlated_equilibrium(changed, objective).exact
        assert after == factor * before + times * shift


@given(st.data())
def test_nothing_that_meets_the_constraints_is_better(data):
    game = data.draw(normal_form_games(max_actions=2, payoffs=FEW))
    profile = data.draw(mixed_profiles(game, exact=True))
    chances = product_of(profile)
    for coarse in (False, True):
        if max(gains(game, chances, coarse=coarse)) > 0:
            continue
        welfare = game.exact_payoffs.sum(axis=0)
        attained = sum(chance * welfare[s] for s, chance in chances.items())
        assert attained <= bg.correlated_equilibrium(game, coarse=coarse).exact


# What comes back


def chicken():
    return bg.NormalFormGame.from_arrays(
        [[6, 2], [7, 0]],
        [[6, 7], [2, 0]],
        players=["A", "B"],
        actions=["yield", "dare"],
        title="chicken",
    )


def test_the_result_holds_the_same_in_every_form():
    result = bg.correlated_equilibrium(chicken())
    np.testing.assert_array_equal(result.distribution, [[0.5, 0.25], [0.25, 0]])
    assert result.support == ((0, 0), (0, 1), (1, 0))
    assert result.probabilities == (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))
    assert result.exact_payoffs == (Fraction(21, 4), Fraction(21, 4))
    np.testing.assert_array_equal(result.payoffs, [5.25, 5.25])
    assert (result.value, result.exact) == (10.5, Fraction(21, 2))
    assert (result.objective, result.coarse) == ("welfare", False)
    assert "Proven best" in result.reason
    frame = result.to_frame()
    assert frame.columns.tolist() == ["A", "B", "probability"]
    assert frame["A"].tolist() == ["yield", "yield", "dare"]
    assert frame["probability"].sum() == 1
    plain = json.loads(result.to_json())
    assert plain["exact"] == "10.5"
    assert plain["distribution"][1] == {
        "profile": ["yield", "dare"],
        "probability": 0.25,
        "exact": "0.25",
    }
    assert plain["multipliers"][0]["recommended"] in ("yield", "dare")
    assert "chicken: the sum of payoffs is 10.5" in repr(result)
    assert "1/4          dare   yield" in repr(result)
    assert "<td>dare</td>" in result._repr_html_()


def test_results_are_frozen_and_survive_pickling():
    result = bg.correlated_equilibrium(chicken(), "egalitarian")
    with pytest.raises(AttributeError):
        result.value = 3
    with pytest.raises(ValueError, match="read-only"):
        result.distribution[0, 0] = 1
    back = pickle.loads(pickle.dumps(result))
    assert back.to_dict() == result.to_dict()
    assert not back.distribution.flags.writeable
    assert bg.verify(back).ok


def test_html_escapes_names():
    game = bg.NormalFormGame([[1, 0]], ["<b>"], [["<i>", "b"]])
    assert "<b>" not in bg.correlated_equilibrium(game)._repr_html_()


def test_a_player_may_be_called_probability():
    game = bg.NormalFormGame([[1, 0]], ["probability"])
    assert bg.correlated_equilibrium(game).to_frame().shape == (1, 2)


def test_long_supports_are_cut_in_print_alone():
    game = bg.NormalFormGame(np.random.default_rng(1).integers(-20, 21, (5, 4, 4, 4, 4, 4)))
    result = bg.correlated_equilibrium(game, ("worst", 1))
    assert len(result.support) > 12
    assert "more profiles; to_frame() lists them all" in " ".join(repr(result).split())
    assert len(result.to_frame()) == len(result.support)


def test_multipliers_are_what_the_constraints_are_worth():
    result = bg.correlated_equilibrium(chicken())
    game = result.game
    relief = {(row.player, row.recommended, row.deviation): y for row, y in result.multipliers}
    assert all(y > 0 for y in relief.values())
    for s in np.ndindex(*game.shape):
        worth = sum(game.exact_payoffs[(slice(None), *s)])
        for (i, told, b), y in relief.items():
            if s[i] == told:
                there = (*s[:i], b, *s[i + 1 :])
                worth -= y * (game.exact_payoffs[(i, *there)] - game.exact_payoffs[(i, *s)])
        assert worth <= result.exact


@pytest.mark.parametrize(
    ("objective", "reported"),
    [
        (("best", "A"), ("best", "A")),
        (("worst", 1), ("worst", "B")),
        (["worst", "B"], ("worst", "B")),
        ({"B": 2}, (0, 2)),
        ([1, "1/3"], (1, Fraction(1, 3))),
        (("1/3", "2/3"), (Fraction(1, 3), Fraction(2, 3))),
        (np.array([1, 2]), (1, 2)),
    ],
)
def test_objectives_are_reported_as_they_were_read(objective, reported):
    result = bg.correlated_equilibrium(chicken(), objective)
    assert result.objective == reported
    assert bg.verify(result).ok
    json.loads(result.to_json())


def test_a_table_is_reported_as_an_array():
    table = [["1/3", 0], [0, 1]]
    result = bg.correlated_equilibrium(chicken(), table)
    np.testing.assert_array_equal(result.objective, [[1 / 3, 0], [0, 1]])
    assert json.loads(result.to_json())["objective"] == [[1 / 3, 0], [0, 1]]
    assert bg.verify(result).ok
    assert result.exact == Fraction(1, 3) * result.probabilities[result.support.index((0, 0))] + (
        chances_of(result).get((1, 1), 0)
    )


# Small, degenerate and ill-scaled games


def test_one_player_plays_his_best_action():
    game = bg.NormalFormGame([[1, 3, 3, 2]])
    for coarse in (False, True):
        result = bg.correlated_equilibrium(game, coarse=coarse)
        assert result.exact == 3
        assert len(result.support) == 1
        assert bg.verify(result).ok
    # A table of one axis, not weights: there is one player.
    assert bg.correlated_equilibrium(game, [0, 0, 5, 0]).exact == 5
    assert bg.correlated_equilibrium(game, [-2]).exact == -6


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1), (1, 3), (2, 1, 2), (1,) * 12])
def test_players_without_a_choice(shape, method):
    game = bg.NormalFormGame(np.random.default_rng(0).integers(-3, 4, (len(shape), *shape)))
    for name in NAMED:
        for coarse in (False, True):
            result = bg.correlated_equilibrium(game, objective_of(name, game), coarse)
            assert bg.verify(result).ok


@pytest.mark.parametrize("value", [0, 1, -3.5, 1e300])
def test_constant_games(value, method):
    game = bg.NormalFormGame(np.full((3, 3, 2, 3), value))
    for coarse in (False, True):
        assert bg.correlated_equilibrium(game, coarse=coarse).exact == 3 * Fraction(value)
        assert bg.correlated_equilibrium(game, "egalitarian", coarse).exact == Fraction(value)


@pytest.mark.parametrize("seed", range(8))
def test_very_unequal_floats(seed, method):
    rng = np.random.default_rng(seed)
    payoffs = rng.choice([0, 1e-12, 1, 1 + 1e-12, 1e12, -1e12, 3e-13], (3, 3, 2, 2))
    game = bg.NormalFormGame(payoffs)
    for coarse in (False, True):
        for name in NAMED:
            result = bg.correlated_equilibrium(game, objective_of(name, game), coarse)
            found = bg.verify(result)
            assert found.ok, str(found)


@pytest.mark.parametrize("scale", [1e-300, 5e-324, 1e307])
def test_payoffs_at_the_ends_of_the_floats(scale, method):
    game = bg.NormalFormGame(np.random.default_rng(0).integers(-9, 9, (2, 4, 5)) * scale)
    for name in NAMED:
        objective = objective_of(name, game)
        assert bg.verify(bg.correlated_equilibrium(game, objective)).ok


def test_a_sum_beyond_the_floats_is_exact_and_shown_as_the_largest_float():
    game = bg.NormalFormGame(np.full((3, 2, 2, 2), 1e308))
    result = bg.correlated_equilibrium(game)
    assert result.exact == 3 * Fraction(1e308)
    assert result.value == sys.float_info.max
    assert bg.correlated_equilibrium(game, [-1, -1, -1]).value == -sys.float_info.max
    assert bg.verify(result).ok
    json.loads(result.to_json())


def test_tiny_and_huge_payoffs_side_by_side(method):
    game = bg.NormalFormGame.from_arrays([[1e-300, 2e300], [2e-300, 0]], [[5e-324, 0], [0, 1e308]])
    for name in NAMED:
        assert bg.verify(bg.correlated_equilibrium(game, objective_of(name, game))).ok


def test_fractions_that_floats_cannot_tell_apart(method):
    third, more = Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**30)
    game = bg.NormalFormGame.from_arrays([[third, 0], [more, 0]], [[third, more], [0, 0]])
    result = bg.correlated_equilibrium(game)
    assert result.exact < 2 * more
    assert bg.verify(result).ok
    assert max(gains(game, chances_of(result), coarse=False)) <= 0


@given(
    normal_form_games(
        max_actions=3,
        payoffs=st.fractions(-1, 1, max_denominator=9)
        | st.floats(-1e12, 1e12)
        | st.sampled_from([1e-12, -1e-12]),
    ),
    st.sampled_from(NAMED),
)
def test_rationals_and_floats_of_any_size(game, name):
    result = bg.correlated_equilibrium(game, objective_of(name, game))
    found = bg.verify(result)
    assert found.ok, str(found)


def test_probabilities_sum_to_one_and_the_support_is_small():
    game = bg.NormalFormGame(np.random.default_rng(3).normal(size=(4, 3, 4, 2, 3)))
    result = bg.correlated_equilibrium(game, ("worst", 2))
    assert sum(result.probabilities) == 1
    assert len(result.support) <= sum(m * (m - 1) for m in game.shape) + 1


@pytest.mark.parametrize("names", [("best", "worst"), ("welfare", "1")])
def test_players_may_be_called_like_objectives(names):
    game = bg.NormalFormGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], players=names)
    for player in names:
        assert bg.correlated_equilibrium(game, ("best", player)).objective == ("best", player)


# When floats mislead


@pytest.mark.parametrize("seed", range(12))
def test_any_proposed_basis_leads_to_the_optimum(seed, monkeypatch):
    """A nonsingular core of other columns and rows than the optimal one is mended."""
    rng = np.random.default_rng(seed)
    game = bg.NormalFormGame(rng.integers(0, 4, (3, 3, 2, 3)))
    name = NAMED[seed % len(NAMED)]
    objective = objective_of(name, game)
    expected = bg.correlated_equilibrium(game, objective).exact
    used = []

    def misled(program):
        # Basis matrices at random, the sum of probabilities always among the rows.
        k = int(rng.integers(1, 7))
        while True:
            columns = rng.choice(program.n_columns, k, replace=False)
            rows = [program.total, *rng.choice(program.total, k - 1, replace=False)]
            matrix = program.columns(columns, rows).astype(float)
            if abs(np.linalg.det(matrix)) > 1e-6:
                used.append(columns)
                return columns.tolist(), [int(row) for row in rows]

    solver = importlib.import_module("balancegame.solvers.correlated.equilibrium")
    monkeypatch.setattr(solver, "proposed_core", misled)
    result = bg.correlated_equilibrium(game, objective)
    assert used
    assert result.exact == expected
    assert bg.verify(result).ok


def test_highs_giving_up_is_no_obstacle(monkeypatch):
    import scipy.optimize

    class Nothing:
        x = None

    game = random_game(2)
    expected = bg.correlated_equilibrium(game).exact
    monkeypatch.setattr(PROPOSAL, "_FEW_PROFILES", 0)
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: Nothing())
    assert bg.correlated_equilibrium(game).exact == expected


@pytest.mark.parametrize("seed", range(10))
def test_the_float_filter_keeps_every_profile_of_positive_reduced_cost(seed):
    rng = np.random.default_rng(seed)
    game = random_game(seed)
    objective = importlib.import_module("balancegame.solvers.correlated.objective")
    program = importlib.import_module("balancegame.solvers.correlated.program").CorrelatedProgram(
        game, objective.read_objective(objective_of(NAMED[seed % 4], game), game), coarse=seed > 4
    )
    for size in (1, 10, 10**40):
        multipliers = [int(v) * size + int(w) for v, w in rng.integers(-9, 9, (program.n_rows, 2))]
        scale = int(rng.integers(1, 9))
        priced = PRICES.prices(program, multipliers, scale)
        everything = np.arange(program.n_profiles)
        columns = program.columns(everything, range(program.n_rows))
        costs = program.costs(everything)
        expected = [
            scale * cost - sum(y * v for y, v in zip(multipliers, column, strict=True))
            for cost, column in zip(costs, columns.T.tolist(), strict=True)
        ]
        assert priced.exactly(everything).tolist() == expected
        kept = set(priced.perhaps_positive().tolist())
        assert {k for k, cost in enumerate(expected) if cost >= 0} <= kept


def test_the_float_filter_decides_most():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(-20, 21, (5, 4, 4, 4, 4, 4)))
    kept = []
    original = PRICES.Prices.perhaps_positive

    def recording(self):
        kept.append(len(original(self)))
        return original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PRICES.Prices, "perhaps_positive", recording)
        bg.correlated_equilibrium(game)
    assert kept
    assert max(kept) < 50


# Bad input


@pytest.mark.parametrize(
    ("objective", "error", "match"),
    [
        ("wellfare", errors.UnknownObjectiveError, "did you mean 'welfare'"),
        ("Egalitarian", errors.UnknownObjectiveError, "did you mean 'egalitarian'"),
        ("utilitarian", errors.UnknownObjectiveError, "did you mean 'welfare'"),
        ("best", errors.UnknownObjectiveError, "whose"),
        (("bst", 0), errors.UnknownObjectiveError, "did you mean 'best'"),
        (("welfare", 0), errors.UnknownObjectiveError, "takes no player"),
        (("best", "C"), errors.UnknownPlayerError, "unknown player 'C'"),
        (("best", 2), errors.UnknownPlayerError, "players 0 to 1"),
        (("best", -1), errors.InvalidParameterError, "at least 0"),
        (("best", 0.5), errors.InvalidTypeError, "whole number"),
        ({"C": 1}, errors.UnknownPlayerError, "unknown player 'C'"),
        ([1, 2, 3], errors.InvalidShapeError, r"shape \(3,\); give 2 weights"),
        (np.zeros((2, 3)), errors.InvalidShapeError, r"shape \(2, 2\)"),
        ([[1, 2], [3]], errors.InvalidTypeError, r"objective\[0\] is \[1, 2\] of type list"),
        ([np.zeros(2), np.zeros(3)], errors.InvalidShapeError, "objective is ragged"),
        ([1, math.nan], errors.InvalidNumberError, r"objective\[1\] is nan"),
        ([[1, 2], [math.inf, 0]], errors.InvalidNumberError, r"objective\[1, 0\] is inf"),
        (
            np.array([[1, 2], [math.inf, 0]]),
            errors.InvalidNumberError,
            r"objective\[1, 0\] is inf",
        ),
        ([[1, 2], ["x", 0]], errors.InvalidNumberError, r"objective\[1, 0\] is 'x'"),
        ([True, 1], errors.InvalidTypeError, "bool"),
        (None, errors.InvalidTypeError, "objective is None"),
        (3, errors.InvalidTypeError, "objective is 3"),
        (b"welfare", errors.InvalidTypeError, "objective is b'welfare'"),
        ({"welfare"}, errors.InvalidTypeError, "objective is"),
    ],
)
def test_objectives_that_cannot_be_read_are_refused_by_name(objective, error, match):
    with pytest.raises(error, match=match):
        bg.correlated_equilibrium(chicken(), objective)


def test_other_arguments_are_checked():
    with pytest.raises(errors.InvalidTypeError, match="game is a str"):
        bg.correlated_equilibrium("chicken")
    with pytest.raises(errors.InvalidTypeError, match="coarse is 1"):
        bg.correlated_equilibrium(chicken(), coarse=1)


def test_games_that_do_not_fit_in_memory_are_refused(monkeypatch):
    game = bg.NormalFormGame(np.zeros((3, 4, 4, 4)))
    monkeypatch.setattr(PROGRAM, "available_memory", lambda: 1000)
    with pytest.raises(errors.TableTooLargeError, match="program of 64 profiles needs 12 tables"):
        bg.correlated_equilibrium(game)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("coarse", [False, True])
def test_profiles_that_join_later(name, coarse, monkeypatch):
    """Few profiles at first, fewer than an equilibrium needs, and a penalty too small."""
    game = bg.NormalFormGame(np.random.default_rng(8).integers(-9, 10, (4, 3, 3, 3, 3)))
    objective = objective_of(name, game)
    expected = bg.correlated_equilibrium(game, objective, coarse).exact
    monkeypatch.setattr(FLOATS, "_FIRST", 4)
    monkeypatch.setattr(FLOATS, "_SHARE", 0)
    monkeypatch.setattr(FLOATS, "_PENALTIES", (1e-3, 1e-1, 10.0, 1e4))
    rounds = []
    with listening(lambda task, done, total: rounds.append((task, done, total))):
        assert bg.correlated_equilibrium(game, objective, coarse).exact == expected
    considered = [done for task, done, _ in rounds if task == "profiles considered"]
    assert considered[0] == 4
    assert considered == sorted(considered)
    assert max(considered) < game.n_profiles


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize(("first", "rows"), [(4, 1000), (10**6, 1000), (10**6, 1)])
def test_all_profiles_at_once(name, first, rows, monkeypatch):
    """After a few at first, or from the start; by the simplex or the interior-point method."""
    game = bg.NormalFormGame(np.random.default_rng(8).integers(0, 4, (2, 7, 6)))
    objective = objective_of(name, game)
    expected = bg.correlated_equilibrium(game, objective).exact
    monkeypatch.setattr(FLOATS, "_FIRST", first)
    monkeypatch.setattr(FLOATS, "_MANY_ROWS", rows)
    result = bg.correlated_equilibrium(game, objective)
    assert result.exact == expected
    assert bg.verify(result).ok


def test_a_penalty_that_never_suffices_is_mended_in_integers(monkeypatch):
    game = bg.NormalFormGame(np.random.default_rng(8).integers(-9, 10, (3, 3, 3, 3)))
    expected = bg.correlated_equilibrium(game).exact
    monkeypatch.setattr(FLOATS, "_PENALTIES", (1e-3,))
    assert bg.correlated_equilibrium(game).exact == expected


def test_long_work_reports(monkeypatch):
    heard = []
    game = random_game(14)
    monkeypatch.setattr(PROPOSAL, "_FEW_PROFILES", 10**9)
    with listening(lambda task, done, total: heard.append(task)):
        bg.correlated_equilibrium(game, ("worst", 0))
    assert "pivots of the simplex method" in heard


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(400))
def test_many_more_games(seed, method):
    game = random_game(seed + 1000)
    for name in NAMED:
        for coarse in (False, True):
            objective = objective_of(name, game)
            result = bg.correlated_equilibrium(game, objective, coarse)
            assert bg.verify(result).ok
            if seed % 5 != 4:
                expected = by_linprog(game, objective, coarse=coarse)
                assert result.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
