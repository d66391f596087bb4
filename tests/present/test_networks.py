"""Worlds and games as graphs of networkx, against the definitions."""

from __future__ import annotations

import builtins
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

import balancegame as bg
from balancegame.errors import InvalidTypeError, MissingDependencyError, TooManyProfilesError
from balancegame.testing import normal_form_games

nx = pytest.importorskip("networkx")


def moves_by_definition(game, *, better):
    """Triples of profile, profile and player, from the payoff table in Fractions."""
    found = set()
    table = game.exact_payoffs
    for profile in product(*map(range, game.shape)):
        for i, m in enumerate(game.shape):
            own = {a: table[(i, *profile[:i], a, *profile[i + 1 :])] for a in range(m)}
            for a, value in own.items():
                if value > own[profile[i]] and (better or value == max(own.values())):
                    found.add((profile, (*profile[:i], a, *profile[i + 1 :]), i))
    return found


@settings(max_examples=60)
@given(normal_form_games(max_players=3, max_actions=3))
def test_arrows_are_strict_improvements(game):
    at = {
        tuple(names[a] for names, a in zip(game.actions, profile, strict=True)): profile
        for profile in product(*map(range, game.shape))
    }
    for better in (False, True):
        graph = bg.best_response_graph(game, better=better)
        assert set(graph) == set(at)
        found = {
            (at[a], at[b], game.players.index(player))
            for a, b, player in graph.edges(data="player")
        }
        assert found == moves_by_definition(game, better=better)
        for a, b, data in graph.edges(data=True):
            i = game.players.index(data["player"])
            before, after = game.payoffs[(i, *at[a])], game.payoffs[(i, *at[b])]
            assert data["gain"] == after - before > 0
        sinks = {at[name] for name in graph if not graph.out_degree(name)}
        marked = {at[name] for name, flag in graph.nodes(data="equilibrium") if flag}
        pure = {tuple(int(part[0]) for part in found.support) for found in bg.pure_nash(game)}
        assert sinks == marked == pure


def test_payoffs_are_on_the_nodes_and_floats_do_not_decide():
    close = Fraction(1) + Fraction(1, 10**30)
    game = bg.NormalFormGame([[1, close]], title="close")
    graph = bg.best_response_graph(game)
    assert list(graph.edges) == [(("a0",), ("a1",))]
    assert graph.nodes["a0",]["payoffs"] == (1.0,)
    assert graph.graph["title"] == "close"


def test_potential_games_have_no_cycles_and_pennies_have_one():
    hostile = bg.AlignmentGame([3, 2, 1], -1).normal_form()
    assert nx.is_directed_acyclic_graph(bg.best_response_graph(hostile, better=True))
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert len(nx.find_cycle(bg.best_response_graph(pennies))) == 4
    assert bg.best_response_graph(bg.NormalFormGame(np.zeros((2, 2, 2)))).number_of_edges() == 0


def test_worlds_become_graphs_of_parallelism():
    world = bg.load_scenario("europe-1938")
    graph = bg.to_networkx(world)
    assert tuple(graph) == world.names
    assert [graph.nodes[name]["power"] for name in world.names] == world.power.tolist()
    assert [name for name, flag in graph.nodes(data="threat") if flag] == ["Germany"]
    table = nx.to_numpy_array(graph)
    off = world.parallelism - np.eye(len(world.names))
    assert np.array_equal(table, off)
    assert graph.graph["title"] == world.title
    alone = bg.to_networkx(bg.World(["A", "B"], [1, 2]))
    assert alone.number_of_edges() == 0
    assert not any(flag for _, flag in alone.nodes(data="threat"))


def test_alignment_games_become_graphs_of_propensities():
    game = bg.AlignmentGame([2, 3, 5], [[0, 1, 0], [1, 0, -1], [0, -1, 0]], ["A", "B", "C"])
    graph = bg.to_networkx(game)
    assert dict(graph.nodes(data="size")) == {"A": 2.0, "B": 3.0, "C": 5.0}
    assert sorted(graph.edges(data="weight")) == [("A", "B", 1.0), ("B", "C", -1.0)]
    assert graph.edges["B", "C"]["coupling"] == -15.0


def test_what_is_no_graph_is_refused():
    game = bg.NormalFormGame(np.zeros((2, 2, 2)))
    with pytest.raises(InvalidTypeError, match="World or an AlignmentGame"):
        bg.to_networkx(3)
    with pytest.raises(InvalidTypeError, match="best_response_graph"):
        bg.to_networkx(game)
    with pytest.raises(InvalidTypeError, match="NormalFormGame"):
        bg.best_response_graph(bg.load_scenario("golden-3"))
    with pytest.raises(InvalidTypeError, match="better is 1"):
        bg.best_response_graph(game, better=1)
    with pytest.raises(TooManyProfilesError, match="32,768 pure profiles"):
        bg.best_response_graph(bg.NormalFormGame(np.zeros((15, *(2,) * 15))))


def test_a_missing_networkx_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **options):
        if name == "networkx":
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingDependencyError, match=r"balancegame\[plot\]"):
        bg.to_networkx(bg.World(["A"], [1]))
