"""The figure of all equilibria along a parameter."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import (
    InvalidShapeError,
    InvalidTypeError,
    UnknownActionError,
    UnknownPlayerError,
)

plt = pytest.importorskip("matplotlib.pyplot")


def hunt(reward):
    return bg.NormalFormGame([[[reward, 0], [1, 1]], [[reward, 1], [0, 1]]])


@pytest.fixture
def table():
    return bg.equilibrium_branches(hunt, [3, 0.5, 1, 2, 1.5], parameter="reward")


def lines(axes, dash):
    found = [line for line in axes.get_lines() if line.get_linestyle() == dash]
    return [(list(one.get_xdata()), list(one.get_ydata())) for one in found]


def test_branches_are_joined_in_the_order_of_values(table):
    axes = bg.plot_bifurcation(table, "player 1", "a0", title="hunting")
    assert lines(axes, "--") == [([1.5, 2, 3], pytest.approx([1 / 1.5, 0.5, 1 / 3]))]
    unbroken = lines(axes, "-")
    assert ([1.5, 2, 3], [1, 1, 1]) in unbroken
    assert ([1], [1]) in unbroken  # the tie
    assert axes.get_title(loc="left") == "hunting"
    assert axes.get_ylabel() == "probability of a0 by player 1"
    assert axes.get_legend_handles_labels()[1] == ["index +1", "index -1", "ties"]


def test_payoffs_are_drawn_without_an_action(table):
    axes = bg.plot_bifurcation(table)
    assert axes.get_ylabel() == "payoff of player 0"
    assert ([1.5, 2, 3], [1.5, 2, 3]) in lines(axes, "-")


def test_two_equilibria_of_one_support_are_two_lines():
    # Against others who play a1 with probability x it gains (1-x)^2 - 4x(1-x) + x^2 on a0.
    payoffs = np.zeros((3, 2, 2, 2))
    for profile in np.ndindex(2, 2, 2):
        for i in range(3):
            payoffs[(i, *profile)] = profile[i] * (1, -2, 1)[sum(profile) - profile[i]]
    table = bg.equilibrium_branches(lambda _: bg.NormalFormGame(payoffs), [0, 1])
    mixed = table[table["support"] == ", ".join(["a0 + a1"] * 3)]
    axes = bg.plot_bifurcation(mixed, 0, "a1")
    drawn = sorted((line.get_xdata().tolist(), line.get_ydata().tolist()) for line in axes.lines)
    low, high = (3 - 3**0.5) / 6, (3 + 3**0.5) / 6
    assert drawn == [
        ([0, 1], pytest.approx([low, low])),
        ([0, 1], pytest.approx([high, high])),
    ]


def test_what_is_no_table_is_refused(table):
    with pytest.raises(InvalidTypeError):
        bg.plot_bifurcation(3)
    with pytest.raises(InvalidShapeError, match="support"):
        bg.plot_bifurcation(table.drop(columns="support"))
    with pytest.raises(UnknownPlayerError):
        bg.plot_bifurcation(table, "player 7")
    with pytest.raises(UnknownActionError):
        bg.plot_bifurcation(table, 0, "a9")
