"""Published games solved by dominance or rationalizability, by author."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg


def test_bernheim_1984_four_by_four():
    """Bernheim (1984); Mas-Colell, Whinston & Green (1995), example 8.C.1."""
    game = bg.NormalFormGame.from_arrays(
        [[0, 2, 7, 0], [5, 3, 5, 0], [7, 2, 0, 0], [0, 0, 0, 10]],
        [[7, 5, 0, 1], [2, 3, 2, 1], [0, 5, 7, 1], [0, -2, 0, -1]],
        actions=[["a1", "a2", "a3", "a4"], ["b1", "b2", "b3", "b4"]],
    )
    result = bg.undominated(game)
    assert result.actions == (("a1", "a2", "a3"), ("b1", "b2", "b3"))
    first, second = result.eliminations
    # By half of b1 and half of b3, as Bernheim has it, or by some other mixture of these.
    assert (first.action, first.round, first.exact_margin) == ("b4", 1, Fraction(1))
    assert first.exact[0] + first.exact[2] == 1
    assert (second.action, second.round, second.dominator) == ("a4", 2, "a2")
    assert bg.rationalizable(game).survivors == result.survivors
    assert bg.undominated(game, by="pure").eliminations == ()


def test_osborne_rubinstein_1994_independence_matters():
    """Section 4.1: M2 is a best reply to a correlated conjecture only."""
    common = [[[8, 4, 0, 3], [0, 0, 0, 3]], [[0, 0, 0, 3], [0, 4, 8, 3]]]
    game = bg.NormalFormGame.from_arrays(common, common, common)
    assert bg.rationalizable(game).survivors == ((0, 1), (0, 1), (0, 1, 2, 3))
    independent = bg.rationalizable(game, independent=True)
    assert independent.survivors == ((0, 1), (0, 1), (0, 2, 3))
    assert independent.complete
    assert bg.verify(independent).ok


def cournot(firms, demand):
    """Quantities 0 to `demand`, at a price of `demand` less their sum; no costs."""
    cells = np.indices((demand + 1,) * firms)
    return bg.NormalFormGame(cells * (demand - cells.sum(axis=0)))


def test_moulin_1984_two_cournot_firms():
    """The duopoly is dominance solvable: on a grid, the equilibrium and its neighbours are left.

    A best reply to r is (24 - r) / 2, rounded either way: {7, 8, 9} is closed, and nothing else.
    """
    game = cournot(2, 24)
    assert bg.undominated(game).survivors == ((7, 8, 9),) * 2
    assert bg.rationalizable(game, independent=True).survivors == ((7, 8, 9),) * 2


def test_bernheim_1984_three_cournot_firms():
    """With three firms everything up to the monopoly's quantity is rationalizable."""
    game = cournot(3, 12)
    for independent in (False, True):
        result = bg.rationalizable(game, independent=independent)
        assert result.survivors == (tuple(range(7)),) * 3
        assert bg.verify(result).ok
    assert bg.undominated(game).survivors == (tuple(range(7)),) * 3


def test_farquharson_1969_the_chairman_gets_his_worst():
    """Three voters, a cycle, and a chairman who breaks ties (Moulin 1979: dominance solvable)."""
    ranks = [{"a": 2, "b": 1, "c": 0}, {"b": 2, "c": 1, "a": 0}, {"c": 2, "a": 1, "b": 0}]
    payoffs = np.zeros((3, 3, 3, 3), dtype=int)

    def outcome(votes):
        return votes[1] if votes[1] == votes[2] else votes[0]

    for cell in itertools.product(range(3), repeat=3):
        chosen = outcome(["abc"[k] for k in cell])
        for i, rank in enumerate(ranks):
            payoffs[(i, *cell)] = rank[chosen]
    game = bg.NormalFormGame(payoffs, actions=["a", "b", "c"])
    for by in ("pure", "mixed"):
        result = bg.undominated(game, weak=True, by=by)
        assert {outcome(votes) for votes in itertools.product(*result.actions)} == {"c"}
        assert bg.verify(result).ok


@pytest.mark.parametrize("players", [2, 3])
def test_prisoners_and_public_goods(players):
    """Contributing costs 3 and pays everybody 2: strictly dominated, and all are worse off."""
    cells = np.indices((2,) * players)
    game = bg.NormalFormGame(2 * cells.sum(axis=0) - 3 * cells, actions=["keep", "give"])
    result = bg.undominated(game)
    assert result.actions == (("keep",),) * players
    assert {one.margin for one in result.eliminations} == {1.0}
