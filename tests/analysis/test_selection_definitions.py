"""Every column of the table from its definition, on games with ties, odd shapes and odd numbers."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import balancegame as bg
from balancegame.testing import normal_form_games
from tests import coalitions
from tests import selection as naive

TIES = st.integers(0, 2)
FRACTIONS = st.fractions(-2, 2, max_denominator=3)
HUGE = st.sampled_from([-1e300, 0.0, 1.0, 1e300])


def unilateral(cell, i, m):
    return [(*cell[:i], a, *cell[i + 1 :]) for a in range(m) if a != cell[i]]


def is_strict(game, cell):
    exact = game.exact_payoffs
    return all(
        exact[(i, *cell)] > exact[(i, *other)]
        for i, m in enumerate(game.shape)
        for other in unilateral(cell, i, m)
    )


def nash_product(game, cell):
    exact = game.exact_payoffs
    return math.prod(
        exact[(i, *cell)] - exact[(i, *unilateral(cell, i, m)[0])]
        for i, m in enumerate(game.shape)
        if m > 1
    )


def is_risk_dominant(game, cell):
    """By Nash products where two players have two actions, elsewhere by beliefs below 1/2."""
    strict = [one for one in np.ndindex(game.shape) if is_strict(game, one)]
    if cell not in strict:
        return False
    if sorted(game.shape)[-2:] == [2, 2] and game.n_profiles == 4 and len(strict) == 2:
        other = next(one for one in strict if one != cell)
        return nash_product(game, cell) > nash_product(game, other)
    return naive.least_belief(game, cell) < Fraction(1, 2)


def resistances(game):
    """The graph of single moves, each as costly as what it forgoes of the best reply."""
    exact, graph = game.exact_payoffs, nx.DiGraph()
    unit = math.lcm(*(Fraction(value).denominator for value in exact.ravel()))
    graph.add_nodes_from(np.ndindex(game.shape))
    for cell in np.ndindex(game.shape):
        for i, m in enumerate(game.shape):
            line = [cell, *unilateral(cell, i, m)]
            most = max(exact[(i, *one)] for one in line)
            for other in line[1:]:
                graph.add_edge(other, cell, weight=int((most - exact[(i, *other)]) * unit))
    return graph


def stochastically_stable(game):
    """The roots of least trees, by Edmonds' algorithm root by root."""
    graph = resistances(game)
    if len(graph) == 1:
        return set(graph)
    costs = {}
    for root in graph:
        towards = graph.copy()
        towards.remove_edges_from(list(graph.in_edges(root)))
        tree = nx.minimum_spanning_arborescence(towards)
        costs[root] = sum(one["weight"] for *_, one in tree.edges(data=True))
    return {root for root, cost in costs.items() if cost == min(costs.values())}


def is_perfect(game, profile):
    """Two players: everyone's part is a best reply to some mixture of all the other's actions."""
    for i in (0, 1):
        own = np.array(game.exact_payoffs[i] if i == 0 else game.exact_payoffs[i].T, dtype=float)
        played = [a for a, chance in enumerate(profile[i]) if chance]
        k = own.shape[1]
        above = [own[b] - own[a] for a in played for b in range(len(own))]
        solved = linprog(
            [*np.zeros(k), -1.0],
            A_ub=[[*row, 0.0] for row in above] + [[*-np.eye(k)[j], 1.0] for j in range(k)],
            b_ub=np.zeros(len(above) + k),
            A_eq=[[*np.ones(k), 0.0]],
            b_eq=[1.0],
            bounds=[(0, None)] * k + [(None, None)],
        )
        if solved.status != 0 or -solved.fun < 1e-9:
            return False
    return True


def invades(payoffs, x, y):
    """Whether y is a best reply to x that does no worse against itself than x does."""

    def pay(a, b):
        return sum(a[i] * b[j] * payoffs[i, j] for i in range(len(a)) for j in range(len(b)))

    return x != y and pay(y, x) == pay(x, x) and pay(y, y) >= pay(x, y)


def check_pure(game, row, cell, stable):
    table, shape = coalitions.table_of(game), game.shape
    assert row.strict == is_strict(game, cell)
    assert row.p_dominance == naive.least_belief(game, cell)
    assert row.half_dominant == (row.p_dominance <= Fraction(1, 2))
    assert row.risk_dominant == is_risk_dominant(game, cell)
    assert row.strong == (not coalitions.blocks(table, shape, cell))
    assert row.coalition_proof == (cell in coalitions.CoalitionProof(table, shape).equilibria())
    assert row.stochastically_stable == (cell in stable)


def check(game):
    found = bg.selection(game)
    assert found.complete
    stable = stochastically_stable(game)
    payoffs = [row.equilibrium.exact_payoffs for row in found]
    for k, row in enumerate(found):
        if row.equilibrium.is_pure:
            check_pure(game, row, tuple(own[0] for own in row.equilibrium.support), stable)
        else:
            assert row.strict is False
            assert (row.p_dominance, row.strong, row.coalition_proof) == (None,) * 3
        if row.equilibrium.exact is not None and game.n_players == 2:
            assert row.perfect == is_perfect(game, row.equilibrium.exact)
        if None in payoffs or found.continua:
            continue
        rest = payoffs[:k] + payoffs[k + 1 :]
        assert row.pareto_undominated == (
            not any(
                all(a >= b for a, b in zip(one, payoffs[k], strict=True)) and one != payoffs[k]
                for one in rest
            )
        )
        assert row.payoff_dominant == all(
            all(a < b for a, b in zip(one, payoffs[k], strict=True)) for one in rest
        )
    return found


def games(n, most, payoffs, least=1):
    return normal_form_games(
        min_players=n, max_players=n, min_actions=least, max_actions=most, payoffs=payoffs
    )


@given(games(2, 3, TIES))
@settings(max_examples=60)
def test_two_players_with_ties(game):
    check(game)


@given(games(2, 2, TIES, 2))
@settings(max_examples=60)
def test_two_by_two_with_ties(game):
    check(game)


@given(games(2, 3, FRACTIONS))
@settings(max_examples=30)
def test_two_players_with_fractions(game):
    check(game)


@given(games(1, 5, TIES))
@settings(max_examples=20)
def test_a_single_player(game):
    check(game)


@given(games(3, 3, TIES))
@settings(max_examples=25)
def test_three_players_some_without_a_choice(game):
    if bg.nash_equilibria(game).complete:
        check(game)


@given(games(4, 2, TIES))
@settings(max_examples=15)
def test_four_players(game):
    if bg.nash_equilibria(game).complete:
        check(game)


@given(games(2, 2, HUGE))
@settings(max_examples=30)
def test_payoffs_near_the_end_of_the_range(game):
    found = bg.selection(game)
    stable = stochastically_stable(game)
    for row in found:
        if row.equilibrium.is_pure:
            check_pure(game, row, tuple(own[0] for own in row.equilibrium.support), stable)


@given(st.integers(1, 3), st.data())
@settings(max_examples=60)
def test_no_mutant_of_a_grid_invades_what_is_called_evolutionarily_stable(m, data):
    rows = [[data.draw(TIES) for _ in range(m)] for _ in range(m)]
    game = naive.two_player(rows)
    payoffs = game.exact_payoffs[0]
    grid = [
        tuple(Fraction(k, 6) for k in parts)
        for parts in itertools.product(range(7), repeat=m)
        if sum(parts) == 6
    ]
    for row in bg.selection(game):
        x, y = row.equilibrium.exact
        if x != y:
            assert row.evolutionarily_stable is None
            continue
        near = [
            tuple((7 * a + b) / 8 for a, b in zip(x, one, strict=True)) for one in [*grid, *grid]
        ]
        if row.evolutionarily_stable:
            assert not any(invades(payoffs, x, one) for one in [*grid, *near])
        elif m <= 2:
            assert any(invades(payoffs, x, one) for one in [*grid, *near])


@pytest.mark.parametrize("scale", [1, 10**12, Fraction(1, 10**12)])
def test_properness_of_myersons_example_in_any_unit(scale):
    """Myerson (1978): a dominated third action makes a poor equilibrium perfect, not proper."""
    rows = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
    game = naive.two_player([[value * scale for value in row] for row in rows])
    found = {row.equilibrium.actions: row for row in bg.selection(game)}
    assert [found[a, a].perfect for a in ("a0", "a1", "a2")] == [True, True, False]
    assert [found[a, a].proper for a in ("a0", "a1", "a2")] == [True, False, False]


@given(games(2, 2, st.integers(0, 9), 2))
@settings(max_examples=60)
def test_the_logit_branch_of_two_by_two_games_ends_where_risk_is_least(game):
    """Turocy (2005), where two strict equilibria have different Nash products."""
    strict = [one for one in np.ndindex(game.shape) if is_strict(game, one)]
    if len(strict) < 2 or nash_product(game, strict[0]) == nash_product(game, strict[1]):
        return
    found = bg.selection(game)
    for row in found:
        assert row.logit_limit == (row.risk_dominant is True)
