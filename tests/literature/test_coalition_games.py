"""Published games and theorems on joint deviations and on moving in turn, by author."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.testing import normal_form_games


def played(found):
    return [one.actions for one in found]


# Player 1 the row, player 2 the column, player 3 the matrix; payoffs (1, 2, 3) a cell.
MAS_COLELL = [
    [[(0, 0, 10), (-5, -5, 0)], [(-5, -5, 0), (1, 1, -5)]],
    [[(-2, -2, 0), (-5, -5, 0)], [(-5, -5, 0), (-1, -1, 5)]],
]


def by_matrices(matrices):
    table = np.moveaxis(np.array(matrices), (3, 1, 2, 0), (0, 1, 2, 3))
    return bg.NormalFormGame(table, ["1", "2", "3"], [["A1", "A2"], ["B1", "B2"], ["C1", "C2"]])


def test_bernheim_peleg_whinston_1987_an_equilibrium_that_pays_all_more_is_not_coalition_proof():
    """Their first example, owed to Mas-Colell (here after a public transcription of it).

    (A1, B1, C1) pays everyone more than the other pure equilibrium, (A2, B2, C2). But at C1 players
    1 and 2 would agree on (A2, B2), which neither would then leave alone.
    """
    game = by_matrices(MAS_COLELL)
    better, worse = ("A1", "B1", "C1"), ("A2", "B2", "C2")
    assert played(bg.pure_nash(game)) == [better, worse]
    found = bg.coalition_proof_equilibria(game)
    assert played(found) == [worse]
    (one,) = found.blocked
    assert (one.equilibrium.actions, one.coalition) == (better, ("1", "2"))
    assert (one.move, one.gains) == (("A2", "B2"), (1.0, 1.0))
    strong = bg.strong_equilibria(game)
    assert not len(strong)
    assert [(one.coalition, one.move) for one in strong.blocked] == [
        (("1", "2"), ("A2", "B2")),
        (("1", "2", "3"), better),
    ]


def test_moreno_wooders_1996_three_players_matching_pennies():
    """Player 3 wins unless all three match, when he loses; one of the two mismatched equilibria.

    The first two would rather join him in matching, given what he plays, and that holds.
    """
    game = by_matrices(
        [
            [[(1, 1, -2), (-1, -1, 2)], [(-1, -1, 2), (-1, -1, 2)]],
            [[(-1, -1, 2), (-1, -1, 2)], [(-1, -1, 2), (1, 1, -2)]],
        ]
    )
    assert played(bg.pure_nash(game)) == [("A1", "B1", "C2"), ("A2", "B2", "C1")]
    for solve in (bg.coalition_proof_equilibria, bg.strong_equilibria):
        found = solve(game)
        assert not len(found)
        assert {one.coalition for one in found.blocked} == {("1", "2")}
        assert [one.gains for one in found.blocked] == [(2.0, 2.0)] * 2


def test_von_neumann_morgenstern_1944_dividing_by_majority_of_three():
    """Any two of three can divide four units: each division is left by a loser and another.

    Each names one division; what two of them name is done. That a deviation would in turn be left
    by another pair does not keep it from being coalition-proof, as only its own members count.
    """
    units = 4
    divisions = [one for one in itertools.product(range(units + 1), repeat=3) if sum(one) == units]
    m = len(divisions)
    table = np.zeros((3, m, m, m))
    for cell in itertools.product(range(m), repeat=3):
        for k in set(cell):
            if cell.count(k) >= 2:
                table[(slice(None), *cell)] = divisions[k]
    game = bg.NormalFormGame(table, None, ["-".join(map(str, one)) for one in divisions])
    assert len(bg.pure_nash(game))
    for solve in (bg.strong_equilibria, bg.coalition_proof_equilibria):
        found = solve(game)
        assert not len(found)
        assert all(len(one.coalition) == 2 for one in found.blocked)


@given(normal_form_games(max_players=3, max_actions=3))
def test_moreno_wooders_1996_what_dominance_solves_is_coalition_proof(game):
    left = bg.undominated(game, by="pure").actions
    if all(len(own) == 1 for own in left):
        alone = tuple(own[0] for own in left)
        assert played(bg.coalition_proof_equilibria(game)) == [alone]


@pytest.mark.parametrize("seed", range(10))
def test_holzman_law_yone_1997_choosing_one_of_several_resources(seed):
    """Where each pays its users alike and less the more they are, every equilibrium is strong."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 6)), int(rng.integers(2, 4))
    pays = -np.sort(-rng.integers(0, 30, (m, n)), axis=1)
    table = np.empty((n, *(m,) * n))
    for cell in itertools.product(range(m), repeat=n):
        for i, k in enumerate(cell):
            table[(i, *cell)] = pays[k, cell.count(k) - 1]
    game = bg.NormalFormGame(table)
    assert len(bg.pure_nash(game))
    assert played(bg.strong_equilibria(game)) == played(bg.pure_nash(game))


def test_aumann_1959_the_prisoners_dilemma_has_no_strong_equilibrium():
    game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert not len(bg.strong_equilibria(game))
    assert len(bg.coalition_proof_equilibria(game)) == 1


def test_von_stackelberg_1934_the_leader_doubles_the_followers_output():
    """Demand 24 less output, no costs, on a grid: 12 and 6, whoever leads."""
    leads, follows = range(0, 25, 4), range(0, 25, 2)
    table = np.array([[[a * (24 - a - b), b * (24 - a - b)] for b in follows] for a in leads])
    game = bg.NormalFormGame(
        np.moveaxis(table, 2, 0),
        ["leader", "follower"],
        [list(map(str, leads)), list(map(str, follows))],
    )
    (outcome,) = bg.sequential_outcomes(game)
    assert (outcome.actions, outcome.payoffs) == (("12", "6"), (72.0, 36.0))


@given(st.integers(0, 10**6))
def test_zermelo_1913_in_turn_one_of_two_can_force_the_better_outcome(seed):
    """In a zero-sum game of two in turn the outcome is the mover's pure guarantee."""
    table = np.random.default_rng(seed).integers(-1, 2, (3, 4))
    found = bg.sequential_outcomes(bg.NormalFormGame([table, -table]))
    assert {one.payoffs[0] for one in found} == {float(table.min(axis=1).max())}
