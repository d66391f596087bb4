"""The selection table: what its columns say of each other, invariance, and how it reads."""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import types
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.analysis.selection_table import CRITERIA
from balancegame.testing import normal_form_games
from tests import selection as naive

MODULE = importlib.import_module("balancegame.analysis.selection")
INVARIANT = (
    "strict",
    "pareto_undominated",
    "payoff_dominant",
    "risk_dominant",
    "half_dominant",
    "p_dominance",
    "perfect",
    "proper",
    "strong",
    "coalition_proof",
)

two_players = normal_form_games(
    min_players=2, max_players=2, max_actions=3, payoffs=st.integers(0, 2)
)
three_players = normal_form_games(
    min_players=3, max_players=3, max_actions=2, payoffs=st.integers(0, 2)
)


def keyed(table, columns, orders=None):
    """{profile: values of columns}; profiles by the action names."""
    found = {}
    for row in table:
        exact = row.equilibrium.exact
        if exact is None:
            continue
        profile = tuple(
            frozenset((name, chance) for name, chance in zip(names, part, strict=True) if chance)
            for names, part in zip(row.equilibrium.action_names, exact, strict=True)
        )
        found[profile] = tuple(getattr(row, name) for name in columns)
    return found


def implies(row, first, second):
    return not (getattr(row, first) is True and getattr(row, second) is False)


def check_relations(table):
    for row in table:
        assert implies(row, "strict", "proper")
        assert implies(row, "proper", "perfect")
        assert not row.strict or (row.perfect and row.proper)
        assert implies(row, "strong", "coalition_proof")
        assert implies(row, "payoff_dominant", "pareto_undominated")
        assert implies(row, "risk_dominant", "strict")
        assert implies(row, "evolutionarily_stable", "proper")  # van Damme 1987, theorem 9.3.4
        if row.p_dominance is not None:
            assert 0 <= row.p_dominance <= 1
            assert row.half_dominant == (row.p_dominance <= Fraction(1, 2))
        for name in (*CRITERIA, "p_dominance"):
            if name == "logit_limit" and row.logit_limit is False:
                assert "inside a continuum" in row.reasons.get(name, "inside a continuum")
            else:
                assert (getattr(row, name) is None) == bool(row.reasons.get(name))
    assert sum(row.payoff_dominant is True for row in table) <= 1
    assert sum(row.risk_dominant is True for row in table) <= 1
    for price in (table.price_of_anarchy, table.price_of_stability):
        assert price is None or price >= 1
    if table.complete:
        assert any(row.pareto_undominated is not False for row in table)


@given(two_players)
@settings(max_examples=40)
def test_criteria_imply_each_other_as_theory_says_for_two_players(game):
    table = bg.selection(game)
    check_relations(table)
    assert all(row.perfect is not None for row in table)
    if not table.continua:
        # Every game has a proper equilibrium (Myerson 1978).
        assert any(row.proper is not False for row in table)


@given(three_players)
@settings(max_examples=25)
def test_criteria_imply_each_other_as_theory_says_for_three_players(game):
    check_relations(bg.selection(game))


@given(two_players, st.data())
@settings(max_examples=20)
def test_relabelling_actions_relabels_the_table(game, data):
    orders = [data.draw(st.permutations(range(m))) for m in game.shape]
    table, other = bg.selection(game), bg.selection(naive.relabelled(game, orders))
    columns = (*INVARIANT, "welfare")
    assert keyed(table, columns) == keyed(other, columns)
    assert table.price_of_anarchy == other.price_of_anarchy


@given(two_players, st.data())
@settings(max_examples=20)
def test_units_of_payoff_do_not_matter(game, data):
    factors = data.draw(st.lists(st.fractions("1/3", 3), min_size=2, max_size=2))
    shifts = data.draw(st.lists(st.integers(-4, 4), min_size=2, max_size=2))
    table, other = bg.selection(game), bg.selection(naive.rescaled(game, factors, shifts))
    assert keyed(table, INVARIANT) == keyed(other, INVARIANT)


@given(two_players)
@settings(max_examples=20)
def test_exchanging_the_players_exchanges_nothing_else(game):
    swapped = bg.NormalFormGame(game.exact_payoffs.swapaxes(1, 2)[::-1], actions=game.actions[::-1])
    exchanged = {
        profile[::-1]: values for profile, values in keyed(bg.selection(swapped), INVARIANT).items()
    }
    assert keyed(bg.selection(game), INVARIANT) == exchanged


@given(two_players)
@settings(max_examples=20)
def test_a_third_player_without_a_choice_changes_nothing(game):
    payoffs = np.concatenate([game.exact_payoffs, game.exact_payoffs[:1] * 0])[..., None]
    names = [*game.actions, ["only"]]
    table, other = bg.selection(game), bg.selection(bg.NormalFormGame(payoffs, actions=names))
    columns = ("strict", "risk_dominant", "p_dominance", "perfect", "proper")
    mine = keyed(table, columns)
    its = {profile[:2]: values for profile, values in keyed(other, columns).items()}
    assert {profile: mine[profile] for profile in its} == its


def test_efficiency_among_equilibria_by_definition():
    rng = np.random.default_rng(5)
    for _ in range(20):
        game = bg.NormalFormGame(rng.integers(0, 4, (2, 3, 4)))
        table = bg.selection(game)
        payoffs = [row.equilibrium.exact_payoffs for row in table]
        for row, mine in zip(table, payoffs, strict=True):
            beaten = any(
                its != mine and all(b >= a for a, b in zip(mine, its, strict=True))
                for its in payoffs
            )
            assert row.pareto_undominated is (not beaten)


def test_irrational_equilibria_are_compared_by_bounds():
    """Diekmann's (1985) volunteers: all mix with irrational chances, and get 1 exactly."""
    volunteers = np.indices((2, 2, 2))
    game = bg.NormalFormGame(2 * volunteers.max(axis=0) - volunteers)
    table = bg.selection(game)
    last = table[-1]
    assert last.equilibrium.exact is None
    assert last.pareto_undominated is False
    assert last.welfare == 3
    assert last.perfect
    assert last.proper
    assert table.price_of_anarchy == Fraction(5, 3)


def test_lists_cut_short_leave_comparisons_open():
    game = bg.NormalFormGame.from_arrays(np.eye(4), np.eye(4) * 2)
    table = bg.selection(game, max_equilibria=3)
    assert not table.complete
    assert len(table) == 3
    assert table.price_of_anarchy is None
    assert "complete" in table.reasons["price_of_anarchy"]
    # Nothing pays more than the best profile, whatever else there may be.
    assert all(row.pareto_undominated is True for row in table if row.welfare == 3)


def test_one_player_simply_optimises():
    table = bg.selection(bg.NormalFormGame([[1, 3, 3]], actions=[["a", "b", "c"]]))
    assert [row.equilibrium.actions for row in table] == [("b",), ("c",)]
    assert table["perfect"] == table["proper"] == (True, True)
    assert table["p_dominance"] == (0, 0)


def test_columns_and_rows_are_read_by_name_and_place():
    table = bg.selection(naive.two_player([[4, 1], [3, 3]], title="Stag hunt"))
    assert table["strict"] == table.column("strict") == (True, True, False)
    assert table[-1] is table.rows[-1]
    assert table[:2] == table.rows[:2]
    assert [row.equilibrium.actions for row in table.meeting("strict", "risk_dominant")] == [
        ("a1", "a1")
    ]
    with pytest.raises(errors.UnknownColumnError, match="did you mean 'strict'"):
        table["strikt"]
    with pytest.raises(errors.UnknownColumnError, match="p_dominance"):
        table.meeting("p_dominance")


def test_the_table_prints_pickles_and_exports():
    table = bg.selection(naive.two_player([[4, 1], [3, 3]], actions=["stag <", "hare"]))
    text = repr(table)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "all: stag <" in text
    assert "Price of anarchy 4/3, of stability 1" in text
    assert "<script" not in table._repr_html_()
    assert "stag &lt;" in table._repr_html_()
    assert pickle.loads(pickle.dumps(table)) == table
    assert hash(table) == hash(pickle.loads(pickle.dumps(table)))
    written = json.loads(table.to_json())
    assert written["rows"][0]["p_dominance"] == "2/3"
    assert written["price_of_anarchy"] == "4/3"
    frame = table.to_frame()
    assert list(frame["equilibrium"]) == [0, 1, 2]
    assert frame["risk_dominant"].tolist() == [False, True, None]
    assert frame.loc[0, "player 0"] == "stag <"
    assert frame.loc[0, "welfare"] == 8
    assert repr(table[1]).startswith("all: hare (strict, ")
    with pytest.raises(TypeError):
        table[0].reasons["strict"] = "no"


def test_long_lists_and_names_stay_within_the_screen():
    names = ["a very long name of an action indeed", "another that is hardly any shorter"]
    game = bg.NormalFormGame(np.zeros((4, 2, 2, 2, 2)), actions=names)
    text = repr(bg.selection(game))
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "and 4 more" in text


def test_wrong_arguments_are_named():
    with pytest.raises(errors.InvalidTypeError, match="game is"):
        bg.selection([[1, 2], [3, 4]])
    with pytest.raises(errors.InvalidParameterError, match="max_equilibria"):
        bg.selection(naive.two_player([[1, 0], [0, 1]]), max_equilibria=0)


def test_an_interrupted_table_keeps_the_finished_columns(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(MODULE, "strong_equilibria", interrupt)
    with pytest.raises(errors.SearchInterrupted) as caught:
        bg.selection(naive.two_player([[4, 1], [3, 3]]))
    table = caught.value.result
    assert table["perfect"] == (True, True, True)
    assert table["strong"] == (None,) * 3
    assert not table.complete
    assert table.reasons["strong"] == "interrupted"


def test_payoffs_at_the_end_of_the_range_are_taken_as_they_are():
    huge = naive.two_player([[1e308, 0.0], [0.0, 5e-324]])
    table = bg.selection(huge)
    assert table["strict"][:2] == (True, True)
    assert table["payoff_dominant"][0] is True
    assert "1e+308" in repr(table)
    table.to_frame()
    table.to_json()


def test_stochastic_stability_comes_from_endurance_by_action_names(monkeypatch):
    game = naive.two_player([[4, 1], [3, 3]], actions=["stag", "hare"])
    found = types.SimpleNamespace(
        endurance=lambda *_: types.SimpleNamespace(stable=[("hare",) * 2])
    )
    monkeypatch.setitem(sys.modules, "balancegame.analysis.endurance", found)
    table = bg.selection(game)
    assert table["stochastically_stable"] == (False, True, None)
    assert "pure" in table.reasons["stochastically_stable"]
    monkeypatch.setitem(sys.modules, "balancegame.analysis.endurance", None)
    table = bg.selection(game)
    assert table["stochastically_stable"] == (None, None, None)
    assert "not available" in table.reasons["stochastically_stable"]


def test_where_the_logit_branch_does_not_settle_or_fails_it_is_not_said(monkeypatch):
    game = naive.two_player([[4, 1], [3, 3]])

    def fail(_):
        msg = "lost"
        raise errors.ConvergenceError(msg)

    monkeypatch.setattr(MODULE, "logit_path", fail)
    table = bg.selection(game)
    assert table["logit_limit"] == (None,) * 3
    assert "lost" in table.reasons["logit_limit"]
    monkeypatch.setattr(MODULE, "logit_path", lambda _: types.SimpleNamespace(limit=None))
    assert "not followed to its end" in bg.selection(game).reasons["logit_limit"]


def test_questions_of_too_many_orders_are_left_open():
    table = bg.selection(naive.two_player(np.zeros((7, 7), dtype=int).tolist()))
    assert set(table["proper"]) == {None}
    assert "orders" in table.reasons["proper"]


def test_headings_are_known_names_and_mistakes_are_quoted_as_given():
    table = bg.selection(naive.two_player([[4, 1], [3, 3]]))
    with pytest.raises(errors.UnknownColumnError, match=r"'stoch'; did you mean 'stoch\.'"):
        table["stoch"]
    with pytest.raises(errors.UnknownColumnError, match="unknown criterion 'p'"):
        table.meeting("p")  # a number, no criterion
    assert table.meeting("risk") == table.meeting("risk_dominant")
