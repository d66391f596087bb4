"""The figure of two players' equilibrium payoffs."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg

plt = pytest.importorskip("matplotlib.pyplot")


def lines(axes):
    return {line.get_label(): line.get_xydata() for line in axes.get_lines()}


def test_the_set_lies_within_what_is_feasible():
    game = bg.RepeatedGame(bg.ally_game(2, benefit=2, cost=1, parallelism=0), "3/5")
    payoffs = bg.subgame_perfect_payoffs(game)
    axes = bg.plot_payoff_set(payoffs, title="Two allies")
    drawn = lines(axes)
    assert np.array_equal(drawn["equilibrium payoffs"][:-1], payoffs.vertices)
    assert np.array_equal(drawn["feasible"][:-1], bg.feasible_payoffs(game).vertices)
    assert len(drawn["stage payoffs"]) == 4
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("ally 1", "ally 2")
    assert axes.get_title(loc="left") == "Two allies"


@pytest.mark.parametrize(
    ("stage", "count"),
    [
        (bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), None),
        (bg.NormalFormGame.from_arrays([[1]], [[2]]), 1),
        (bg.ally_game(2, benefit=2, cost=1, parallelism=0), 1),
    ],
)
def test_empty_sets_and_points_can_be_drawn(stage, count):
    axes = bg.plot_payoff_set(bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, 0)))
    drawn = lines(axes)
    if count is None:
        assert "equilibrium payoffs" not in drawn
        assert "no equilibrium" in axes.get_title(loc="right")
    else:
        assert len(drawn["equilibrium payoffs"]) == count + 1


def test_three_players_are_refused():
    game = bg.RepeatedGame(bg.ally_game(3, benefit=2, cost=1, parallelism=0), "3/5")
    with pytest.raises(ValueError, match="3 players"):
        bg.plot_payoff_set(bg.feasible_payoffs(game))
