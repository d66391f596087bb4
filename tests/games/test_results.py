"""What a result tells: order, evidence, tables, JSON."""

from __future__ import annotations

import json
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import normal_form_games


@given(normal_form_games())
def test_every_pure_equilibrium_carries_its_evidence(game):
    for found in bg.pure_nash(game):
        cell = tuple(part[0] for part in found.support)
        assert found.is_pure
        assert found.regret == 0.0
        assert game.regret(cell).max() == 0.0
        assert found.error_bound == 0.0
        np.testing.assert_array_equal(found.payoffs, game.payoffs[(slice(None), *cell)])
        losses = []
        for i, best in enumerate(found.deviations):
            others = [
                game.payoffs[(i, *cell[:i], a, *cell[i + 1 :])]
                for a in range(game.shape[i])
                if a != cell[i]
            ]
            assert (best is None) == (not others)
            if best is not None:
                assert best.payoff == max(others)
                assert best.loss == found.payoffs[i] - max(others)
                losses.append(best.loss)
        assert found.margin == min(losses, default=math.inf)
        assert found.index == (1 if found.margin > 0 else None)
        assert found.exact_payoffs == tuple(Fraction(u) for u in found.payoffs)


@given(normal_form_games(payoffs=st.integers(0, 1)))
def test_pure_equilibria_come_in_lexicographic_order(game):
    cells = [tuple(part[0] for part in found.support) for found in bg.pure_nash(game)]
    assert cells == sorted(set(cells))


@given(normal_form_games())
def test_a_result_survives_pickling_and_json(game):
    result = bg.pure_nash(game)
    assert pickle.loads(pickle.dumps(result)) == result
    told = json.loads(result.to_json())
    assert len(told["equilibria"]) == len(result)
    assert told["complete"] is True


def test_a_result_is_a_frozen_sequence():
    result = bg.pure_nash(bg.NormalFormGame(np.zeros((2, 2, 2))))
    assert len(result) == 4
    assert result[-1].actions == ("a1", "a1")
    assert [one.actions for one in result[1:3]] == [("a0", "a1"), ("a1", "a0")]
    assert result.equilibria == tuple(result)
    assert result[0] in result
    with pytest.raises(IndexError):
        result[4]
    with pytest.raises(AttributeError, match="frozen"):
        result.complete = False
    with pytest.raises(AttributeError):
        result[0].regret = 1.0
    with pytest.raises(ValueError, match="read-only"):
        result[0].profile[0][0] = 0.5


def test_nothing_is_claimed_that_was_not_computed():
    game = bg.NormalFormGame(np.zeros((3, 2, 2, 2)))
    result = bg.nash_equilibria(game, max_supports=0)
    assert not result.complete
    assert "mixed equilibria were not searched for" in result.reason
    assert result.degenerate is None
    assert result.components is None
    assert result.certificate is None


def test_refining_exact_equilibria_changes_nothing():
    result = bg.pure_nash(bg.NormalFormGame([[1, 2]]))
    assert result.refine(50) == result
    with pytest.raises(errors.InvalidParameterError, match="at least 0"):
        result.refine(-1)


def test_the_frame_is_tidy():
    game = bg.NormalFormGame.from_arrays([[2], [2]], [[1], [0]], players=["A", "B"])
    frame = bg.pure_nash(game).to_frame()
    assert frame["player"].tolist() == ["A", "B"] * 2
    assert frame["loss"].fillna(-1).tolist() == [0, -1, 0, -1]
    assert frame["margin"].tolist() == [0] * 4
    empty = bg.pure_nash(bg.NormalFormGame.from_arrays([[1, 0], [0, 1]], [[0, 1], [1, 0]]))
    assert empty.to_frame().empty
    assert list(empty.to_frame().columns) == list(frame.columns)


# Without a pure equilibrium, and with a third player who looks on.
THREE_PENNIES = bg.NormalFormGame(
    [[[[1], [0]], [[0], [1]]], [[[0], [1]], [[1], [0]]], [[[0], [0]], [[0], [0]]]]
)


def test_printing_says_what_is_missing():
    result = bg.nash_equilibria(THREE_PENNIES, max_supports=0)
    shown = str(result)
    assert shown.startswith("No pure Nash equilibrium (pure best responses)")
    assert "Not known to be complete" in shown
    many = str(bg.pure_nash(bg.NormalFormGame(np.zeros((3, 3, 3, 3)))))
    assert "... and 21 more" in many
    assert "No pure Nash equilibrium" in result._repr_html_()
    one = bg.pure_nash(bg.NormalFormGame([[1, 2]]))[0]
    assert "a1 (2)" in str(one)
    assert "<td>a1 (2)</td>" in one._repr_html_()


def test_equilibria_compare_by_content():
    game = bg.NormalFormGame([[2, 2, 1]])
    first, second = bg.pure_nash(game)
    assert first == bg.pure_nash(game)[0]
    assert first != second
    assert first != "a0"
    assert len({first, second, bg.pure_nash(game)[0]}) == 2


def test_pickling_does_not_thaw_anything():
    found = pickle.loads(pickle.dumps(bg.pure_nash(bg.NormalFormGame([[1, 2]]))))[0]
    with pytest.raises(ValueError, match="read-only"):
        found.profile[0][0] = 1
    with pytest.raises(AttributeError, match="frozen"):
        del bg.pure_nash(bg.NormalFormGame([[1, 2]])).method


def test_numbers_of_many_digits_can_be_written():
    game = bg.NormalFormGame([[Fraction(10**5000 + 1, 10**5000), 0]])
    assert len(game.to_nfg()) > 10_000
    assert len(bg.pure_nash(game).to_json()) > 10_000


def test_a_slice_is_a_sequence_of_equilibria():
    result = bg.pure_nash(bg.NormalFormGame(np.zeros((2, 2, 2))))
    assert result[:2] == list(result)[:2]
    assert pickle.loads(pickle.dumps(result[:2])) == result[:2]
    assert str(result[:2]).startswith("2 equilibria")
    assert result[:2] != result[1:3]
    assert result[:2] != "ab"
    assert hash(result[:2]) == hash(result[:2])
