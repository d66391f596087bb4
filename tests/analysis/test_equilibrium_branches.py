"""All equilibria along a parameter."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import InvalidTypeError, MeasureError


def hunt(reward):
    return bg.NormalFormGame([[[reward, 0], [1, 1]], [[reward, 1], [0, 1]]])


def test_the_mixed_equilibrium_of_a_stag_hunt_is_one_over_the_reward():
    rewards = [F(k, 7) for k in range(8, 40)]
    table = bg.equilibrium_branches(hunt, rewards, parameter="reward")
    mixed = table[(table["index"] == -1) & (table["action"] == "a0")]
    assert mixed["probability"].tolist() == pytest.approx(
        np.repeat([float(1 / reward) for reward in rewards], 2)
    )
    assert table["complete"].all()
    assert table.groupby("reward")["equilibrium"].nunique().eq(3).all()


def test_an_equilibrium_that_appears_has_index_zero_and_a_continuum_none():
    table = bg.equilibrium_branches(hunt, [1])
    assert table["index"].tolist() == [0] * 4 + [1] * 4
    table = bg.equilibrium_branches(lambda x: bg.NormalFormGame(np.full((2, 2, 1), x)), [1])
    assert table["index"].isna().all()


@given(st.lists(st.integers(-5, 5), min_size=12, max_size=12))
def test_indices_sum_to_one_and_rows_to_the_list(numbers):
    def build(shift):
        table = np.array(numbers).reshape(2, 2, 3)
        return bg.NormalFormGame(table + shift * np.arange(12).reshape(2, 2, 3))

    table = bg.equilibrium_branches(build, [0, F(1, 3)])
    for shift, rows in table.groupby("parameter", sort=False):
        found = bg.nash_equilibria(build(shift))
        assert len(rows) == 5 * len(found)
        assert (
            rows["probability"].tolist()
            == np.concatenate([np.concatenate(one.profile) for one in found]).tolist()
        )
        firsts = rows[::5]
        if not firsts["index"].isna().any():
            assert firsts["index"].sum() == 1


def test_three_players_of_different_actions():
    rng = np.random.default_rng(5)
    base, move = rng.integers(0, 9, (2, 3, 2, 3, 1))
    table = bg.equilibrium_branches(lambda x: bg.NormalFormGame(base + x * move), [0, 1, 2])
    assert table["support"].str.count(",").eq(2).all()


@pytest.mark.parametrize(
    ("build", "values", "says"),
    [
        (3, [1], "build is 3"),
        (hunt, "12", "values is '12'"),
        (hunt, 5, "values is 5"),
        (lambda x: x, [1], "build gives"),
    ],
)
def test_bad_input_is_refused(build, values, says):
    with pytest.raises(InvalidTypeError, match=says):
        bg.equilibrium_branches(build, values)


def test_what_the_users_function_raises_is_told_with_the_value():
    says = r"^at reward=Fraction\(0, 1\): build raised ZeroDivisionError: "
    with pytest.raises(MeasureError, match=says) as caught:
        bg.equilibrium_branches(lambda x: hunt(1 / x), [F(2), F(0)], parameter="reward")
    assert caught.value.point == {"reward": 0}
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
