"""A reader sees which state plays what, within 80 columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.games.profile_text import profile_text

POWERS = ["United Kingdom", "France", "Soviet Union", "Czechoslovakia", "Poland"]


@given(st.lists(st.sampled_from(["balance", "neutral", "arm"]), min_size=1, max_size=6))
def test_every_player_stands_once_with_his_part(parts):
    players = [f"P{k}" for k in range(len(parts))]
    shown = profile_text(players, parts, whole=False)
    read = {
        name: part
        for names, part in (clause.split(": ") for clause in shown.split("; "))
        for name in names.split(", ")
    }
    assert read == dict(zip(players, parts, strict=True))


def test_all_is_said_of_a_whole_profile_only():
    assert profile_text(["A", "B"], ["x", "x"]) == "all: x"
    assert profile_text(["A", "B"], ["x", "x"], whole=False) == "A, B: x"
    assert profile_text(["A"], ["x"]) == "A: x"
    assert profile_text(["all", "B"], ["x", "x"]) == "all, B: x"


def against_a_threat(n):
    world = bg.World([*POWERS[:n], "Germany"], [*[3, 2, 4, 1, 1][:n], 5], threat="Germany")
    model = bg.BalancingModel(decisiveness=2, cohesion=0)
    return model.game(world, ["balance", "bandwagon", "neutral"])


@pytest.mark.parametrize("n", [3, 4, 5])
def test_results_for_several_states_name_them_and_fit_a_terminal(n):
    game = against_a_threat(n)
    strong = bg.strong_equilibria(game)
    assert strong.blocked
    shown = [
        bg.selection(game),
        strong,
        strong.blocked,
        bg.strong_equilibria(game, deviations="correlated").blocked,
        bg.coalition_proof_equilibria(game),
        bg.endurance(game, 5),
    ]
    for one in shown:
        assert max(map(len, repr(one).splitlines())) <= 80
        for text in (repr(one), one._repr_html_()):
            assert "all: " in text or all(name.split()[-1] in text for name in POWERS[:n])


def test_a_blocking_names_its_members_with_moves_and_gains():
    game = bg.NormalFormGame.from_arrays(
        [[3, 0], [5, 1]],
        [[3, 5], [0, 1]],
        players=["Athens", "Sparta"],
        actions=["cooperate", "defect"],
    )
    blocked = bg.strong_equilibria(game).blocked
    for shown in (repr(blocked), blocked._repr_html_()):
        assert "all: defect" in shown
        assert "Athens, Sparta: cooperate" in shown
        assert "Athens, Sparta: 2" in shown


def test_lotteries_name_who_moves():
    game = bg.NormalFormGame.from_arrays(
        [[2, 0, 5], [0, 1, 0]], [[2, 0, 0], [0, 1, 5]], players=["Athens", "Sparta"]
    )
    shown = repr(bg.strong_equilibria(game, deviations="correlated").blocked)
    assert "1/2 (Athens: a0;" in shown
    assert "Sparta: a2) or 1/2 (Athens: a1;" in shown


@pytest.mark.parametrize("n", [2, 3, 5, 9])
def test_paths_and_payoff_sets_fit_a_terminal(n):
    names = [*POWERS, *(f"another power {k}" for k in range(4))][:n]
    payoffs = np.random.default_rng(1).normal(size=(n,) + (2,) * n) * 1e5
    game = bg.NormalFormGame(payoffs, names, ["balance", "bandwagon"])
    path = bg.grim(game, [0] * n, [1] * n).path(3, deviations={1: {"France": 1}})
    assert max(map(len, repr(path).splitlines())) <= 80
    assert "bandwagon!" in repr(path)
    for shown in (repr(path), path._repr_html_()):
        assert all(name.split()[-1] in shown for name in names)
    if n <= 3:
        found = bg.feasible_payoffs(game)
        lines = repr(found).splitlines()
        assert max(map(len, lines)) <= 80
        headings = " ".join(line for line in lines if line.lstrip().startswith("["))
        shown = min(len(found.vertices), 12)
        assert headings.split() == [*(f"[{k}]" for k in range(shown)), "lowest"]


def test_a_path_in_words_names_contingencies():
    peace, war = (
        bg.NormalFormGame(np.zeros((4, 2, 2, 2, 2)), POWERS[1:], ["stay neutral", "send troops"])
        for _ in range(2)
    )
    cases = [bg.Contingency("peace", "1/2", peace), bg.Contingency("war", "1/2", war)]
    path = bg.grim(cases, [0] * 4, [1] * 4).path(2, contingencies=["peace", "war"])
    assert "agreed, war" in " ".join(repr(path).split())
