from __future__ import annotations

import itertools
import pickle
import re
import shutil
import subprocess
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import (
    InvalidParameterError,
    InvalidProbabilityError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownActionError,
    UnknownAutomatonStateError,
    UnknownContingencyError,
    UnknownPlayerError,
)
from tests.automata import automata, dilemma

PLAY = {"trust": ("help", "help"), "feud": ("withhold", "withhold")}


def test_rules_by_deviator_say_the_same_as_a_table_and_a_function():
    def after(state, contingency, played):
        assert contingency == "always"
        return "trust" if state == "trust" and played == ("help", "help") else "feud"

    names = ("help", "withhold")
    table = {
        (state, (a, b)): after(state, "always", (a, b))
        for state in PLAY
        for a in names
        for b in names
    }
    by_rule = bg.Automaton(
        dilemma(), PLAY, {"trust": bg.Moves(deviators="feud", several="feud"), "feud": "feud"}
    )
    in_full = bg.Automaton(dilemma(), PLAY, after)
    looked_up = bg.Automaton(dilemma(), PLAY, table)
    assert in_full == looked_up
    for s in range(2):
        for cell in np.ndindex(2, 2):
            assert by_rule.situations[s][0].after(cell) == in_full.situations[s][0].after(cell)
    for one in (by_rule, in_full):
        assert [one.path(5, deviations={2: {"B": 1}})[t].state for t in range(5)] == [
            "trust", "trust", "trust", "feud", "feud",
        ]  # fmt: skip


def test_deviators_may_lead_to_different_states_by_action():
    game = bg.NormalFormGame(np.zeros((2, 3, 2)), ["A", "B"], [["x", "y", "z"], ["l", "r"]])
    automaton = bg.Automaton(
        game,
        {"start": ("x", "l"), "mild": ("y", "l"), "harsh": ("z", "r")},
        {"start": bg.Moves(deviators={"A": {"y": "mild", "z": "harsh"}, "B": "harsh"})},
    )
    situation = automaton.situations[0][0]
    assert situation.alone == ((0, 1, 2), (0, 2))
    assert situation.after((1, 1)) == 0  # two at once change nothing
    assert automaton.reachable == ("start", "mild", "harsh")
    assert automaton.plays("harsh") == ("z", "r")


def test_a_state_that_only_several_deviators_lead_to_can_be_reached():
    by_one = bg.Automaton(dilemma(), PLAY, {"trust": bg.Moves(several="trust")})
    assert by_one.reachable == ("trust",)
    by_two = bg.Automaton(dilemma(), PLAY, {"trust": bg.Moves(several="feud")})
    assert by_two.reachable == ("trust", "feud")


def test_contingencies_have_play_and_transitions_of_their_own():
    peace = bg.NormalFormGame(np.zeros((2, 1, 1)), ["A", "B"], [["rest"], ["rest"]])
    cases = [bg.Contingency("war", "1/3", dilemma()), bg.Contingency("peace", "2/3", peace)]
    automaton = bg.Automaton(
        cases,
        {state: {"war": profile, "peace": ("rest", "rest")} for state, profile in PLAY.items()},
        {"trust": {"war": bg.Moves(deviators="feud")}, "feud": {"peace": "trust"}},
    )
    path = automaton.path(
        4, contingencies=["war", "war", "peace", "war"], deviations={0: {"A": "withhold"}}
    )
    assert path.states == ("trust", "feud", "feud", "trust")
    assert path[0].deviators == ("A",)
    assert path[0].payoffs == (3.0, 0.0)
    assert len(automaton.path(50, rng=1)) == 50
    assert automaton.path(50, rng=1) == automaton.path(50, rng=1)
    assert "contingency" in repr(automaton)
    assert "contingency" in repr(path)
    with pytest.raises(InvalidParameterError, match="rng"):
        automaton.path(3)


@pytest.mark.parametrize(
    ("error", "message", "build"),
    [
        (UnknownAutomatonStateError, "did you mean 'feud'", lambda g: bg.Automaton(
            g, PLAY, {"trust": bg.Moves(deviators="feuds")})),
        (UnknownAutomatonStateError, "did you mean 'trust'", lambda g: bg.Automaton(
            g, PLAY, {"Trust": "feud"})),
        (UnknownAutomatonStateError, "unknown state", lambda g: bg.Automaton(
            g, PLAY, {}, initial="peace")),
        (UnknownAutomatonStateError, "unknown state", lambda g: bg.Automaton(
            g, PLAY, lambda state, contingency, played: "nowhere")),
        (UnknownActionError, "did you mean 'help'", lambda g: bg.Automaton(
            g, {"trust": ("helps", "help")}, {})),
        (UnknownPlayerError, "unknown player", lambda g: bg.Automaton(
            g, PLAY, {"trust": bg.Moves(deviators={"C": "feud"})})),
        (UnknownContingencyError, "did you mean 'always'", lambda g: bg.Automaton(
            g, PLAY, {"trust": {"allways": "feud"}})),
        (InvalidShapeError, "3 entries for 2 players", lambda g: bg.Automaton(
            g, {"trust": (0, 0, 0)}, {})),
        (InvalidTypeError, "pure actions", lambda g: bg.Automaton(
            g, {"trust": ([0.5, 0.5], 0)}, {})),
        (InvalidTypeError, "transitions is 3", lambda g: bg.Automaton(g, PLAY, 3)),
        (InvalidTypeError, "bg.Moves", lambda g: bg.Automaton(g, PLAY, {"trust": 3})),
        (InvalidShapeError, "says nothing about", lambda g: bg.Automaton(
            g, PLAY, {("trust", ("help", "help")): "trust"})),
        (InvalidProbabilityError, "lie in", lambda g: bg.Slip("A", "help", 1.5)),
        (InvalidShapeError, "two entries for A", lambda g: bg.Automaton(
            g, PLAY, {}, slips=[bg.Slip("A", 1, 0.5), bg.Slip("A", 0, 0.5)])),
        (InvalidParameterError, "period 9", lambda g: bg.grim(g, (0, 0)).path(
            3, deviations={9: {"A": 1}})),
        (InvalidParameterError, "pure equilibrium", lambda g: bg.grim(
            bg.NormalFormGame.from_arrays([[1, 0], [0, 1]], [[0, 1], [1, 0]]), (0, 0))),
        (InvalidParameterError, "punishment is 'harsh'", lambda g: bg.grim(g, (0, 0), "harsh")),
        (InvalidShapeError, "for two", lambda g: bg.tit_for_tat(bg.ally_game(3, 2, 1, 0))),
        (InvalidShapeError, "answers", lambda g: bg.tit_for_tat(
            bg.NormalFormGame(np.zeros((2, 2, 3))))),
        (InvalidShapeError, "no path for B", lambda g: bg.penal_code(
            g, [(0, 0)], {"A": [(1, 1)]})),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(error, message, build):
    with pytest.raises(error, match=re.escape(message)):
        build(dilemma())


def test_named_automata_play_what_they_are_named_for():
    game = dilemma()
    withheld = {1: {"A": "withhold"}}
    grim = bg.grim(game, ("help", "help"))
    assert [one.played for one in grim.path(3, deviations=withheld)][2] == ("withhold", "withhold")
    tit = bg.tit_for_tat(game).path(5, deviations=withheld)
    assert [one.played for one in tit] == [
        ("help", "help"), ("withhold", "help"), ("help", "withhold"),
        ("withhold", "help"), ("help", "withhold"),
    ]  # fmt: skip
    sticks = bg.stick_and_carrot(game, (0, 0), (1, 1), periods=2)
    assert sticks.path(6, deviations={1: {"A": 1}, 3: {"B": 0}}).states == (
        "carrot", "carrot", "stick 1", "stick 2", "stick 1", "stick 2",
    )  # fmt: skip
    both = sticks.path(4, deviations={0: {"A": 1, "B": 1}})
    assert both.states == ("carrot", "stick 1", "stick 2", "carrot")


def test_penal_codes_restart_for_who_deviates_last():
    code = bg.penal_code(
        dilemma(),
        [("help", "withhold"), ("help", "help")],
        {"A": [(0, 1), (1, 1)], "B": [(1, 0), (1, 1)]},
        resume=True,
    )
    assert code.states == (
        "path 1",
        "path 2",
        "punish A 1",
        "punish A 2",
        "punish B 1",
        "punish B 2",
    )
    path = code.path(7, deviations={1: {"A": 1}, 2: {"B": 0}})
    assert path.states == (
        "path 1", "path 2", "punish A 1", "punish B 1", "punish B 2", "path 2", "path 2",
    )  # fmt: skip


def test_tit_for_tat_answers_by_name_by_place_or_as_told():
    game = bg.NormalFormGame(
        np.zeros((2, 2, 2)), ["A", "B"], [["help", "withhold"], ["withhold", "help"]]
    )
    by_name = bg.tit_for_tat(game, start=("help", "help"))
    assert by_name.path(3, deviations={0: {"B": "withhold"}})[1].played == ("withhold", "help")
    wide = bg.NormalFormGame(np.zeros((2, 2, 3)), ["A", "B"], [["a", "b"], ["x", "y", "z"]])
    told = bg.tit_for_tat(
        wide, answers={"A": {"x": "a", "y": "b", "z": "b"}, "B": {"a": "x", "b": "z"}}
    )
    assert told.path(3, deviations={0: {"B": "y"}})[1].played == ("b", "x")


def test_slips_are_marked_and_excused_only_where_that_is_agreed():
    for excused, after in ((True, "trust"), (False, "feud")):
        automaton = bg.Automaton(
            dilemma(), PLAY, {"trust": bg.Moves(deviators="feud")},
            slips=[bg.Slip("A", "withhold", 1)], excused=excused,
        )  # fmt: skip
        path = automaton.path(2, rng=3)
        assert path[0].slipped == ("A",)
        assert path[0].deviators == ()
        assert path[0].played == ("withhold", "help")
        assert path[1].state == after
        assert automaton.path(2)[0].slipped == ()  # nobody slips without a generator


@given(automata())
@settings(max_examples=60)
def test_automata_pickle_print_and_lead_only_where_they_say(automaton):
    again = pickle.loads(pickle.dumps(automaton))
    assert again == automaton
    assert hash(again) == hash(automaton)
    assert repr(again) == repr(automaton)
    assert "<table>" in automaton._repr_html_()
    for s in range(len(automaton.states)):
        for w, one in enumerate(automaton.contingencies):
            for cell in np.ndindex(*one.stage.shape):
                assert automaton.situations[s][w].after(cell) in automaton.successors(s)
    with pytest.raises(AttributeError, match="immutable"):
        automaton.title = "other"


@given(automata(), st.integers(0, 100))
@settings(max_examples=60)
def test_paths_do_only_what_the_outcomes_allow(automaton, seed):
    path = automaton.path(30, rng=seed)
    for here, then in itertools.pairwise(path):
        s, w = automaton.state_index(here.state), automaton.contingency_index(here.contingency)
        stage = automaton.contingencies[w].stage
        cell = tuple(names.index(a) for names, a in zip(stage.actions, here.played, strict=True))
        outcomes = list(automaton.outcomes(s, w))
        assert sum(one.probability for one in outcomes) == 1
        assert (cell, automaton.state_index(then.state)) in {(o.played, o.state) for o in outcomes}


def test_the_graph_has_an_edge_for_each_way_on():
    automaton = bg.penal_code(
        dilemma(names=('A "x"', "B")), [(0, 0)], {'A "x"': [(0, 1)], "B": [(1, 0)]}, resume=True
    )
    labels = {(edge.source, edge.target, edge.label) for edge in automaton.edges()}
    assert ("path", 'punish A "x"', 'A "x"') in labels
    assert ("punish B", "path", "") in labels
    dot = automaton.to_dot()
    assert dot.count("->") == 1 + len(automaton.edges())
    assert r"punish A \"x\"" in dot
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tplain"], input=dot.encode(), check=True, capture_output=True)


def test_paths_go_to_frames_and_json():
    path = bg.grim(dilemma(), (0, 0)).path(2, deviations={0: {"B": 1}})
    frame = path.to_frame()
    assert frame.deviates.tolist() == [False, True, False, False]
    assert frame.payoff.tolist() == [0.0, 3.0, 1.0, 1.0]
    assert '"deviators": [\n        "B"' in path.to_json()
    assert path == pickle.loads(pickle.dumps(path))


@pytest.mark.parametrize(
    "fields", [{"follow": 3}, {"several": ["a"]}, {"deviators": ["a"]}, {"deviators": 3}]
)
def test_moves_to_what_is_no_state_are_refused_at_once(fields):
    with pytest.raises(bg.errors.InvalidTypeError, match=next(iter(fields))):
        bg.Moves(**fields)


def test_a_transition_function_of_other_arguments_is_refused():
    stage = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
    with pytest.raises(bg.errors.InvalidTypeError, match="a state, a contingency and a profile"):
        bg.Automaton(stage, {"a": ["help", "help"]}, lambda state: state)


@pytest.mark.parametrize("rng", ["x", -1, 0.5])
def test_what_is_no_seed_is_refused(rng):
    stage = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
    with pytest.raises(bg.errors.InvalidTypeError, match="rng"):
        bg.grim(stage, ["help", "help"]).path(3, rng=rng)


@pytest.mark.parametrize(
    "ask", [bg.sustaining_discounts, lambda a, **k: bg.one_shot_deviations(a, 0.5, **k)]
)
def test_players_to_check_are_a_sequence_of_some(ask):
    stage = bg.ally_game(2, benefit=2, cost=1, parallelism=0, names=["France", "Russia"])
    automaton = bg.grim(stage, ["help", "help"])
    with pytest.raises(bg.errors.InvalidShapeError, match="players is empty"):
        ask(automaton, players=[])
    with pytest.raises(bg.errors.InvalidTypeError, match="'France'"):
        ask(automaton, players="France")


def test_each_deviator_may_have_a_punishment_of_his_own():
    stage = bg.ally_game(2, benefit=2, cost=1, parallelism=0, names=["France", "Russia"])
    agreed, feud = ["help", "help"], ["withhold", "withhold"]
    one = bg.grim(stage, agreed, {"France": feud, "Russia": feud})
    assert bg.sustaining_discounts(one).infimum == Fraction(1, 2)
    with pytest.raises(bg.errors.InvalidShapeError, match="no profile for Russia"):
        bg.grim(stage, agreed, {"France": feud})
    with pytest.raises(bg.errors.UnknownPlayerError, match="Rusia"):
        bg.grim(stage, agreed, {"France": feud, "Rusia": feud})


def test_a_path_is_a_sequence_of_profiles():
    stage = bg.ally_game(2, benefit=2, cost=1, parallelism=0, names=["France", "Russia"])
    agreed, feud = ["help", "help"], ["withhold", "withhold"]
    punishments = {"France": [feud, feud], "Russia": [feud]}
    code = bg.penal_code(stage, {"France": "help", "Russia": "help"}, punishments)
    assert code.plays(code.initial) == ("help", "help")
    for path in ("help", [], 7):
        with pytest.raises(bg.errors.InvalidTypeError, match="sequence of profiles"):
            bg.penal_code(stage, path, punishments)
    with pytest.raises(bg.errors.BalanceGameError):
        bg.penal_code(stage, [agreed], {"France": [feud]})


def test_answers_of_tit_for_tat_have_to_be_whole():
    wide = bg.NormalFormGame(np.zeros((2, 2, 3)), ["A", "B"], [["a", "b"], ["x", "y", "z"]])
    with pytest.raises(bg.errors.UnknownPlayerError, match="'C'"):
        bg.tit_for_tat(wide, answers={"C": {"x": "a"}})
    with pytest.raises(bg.errors.InvalidShapeError, match="leaves out y, z"):
        bg.tit_for_tat(wide, answers={"A": {"x": "a"}, "B": {"a": "x", "b": "z"}})
