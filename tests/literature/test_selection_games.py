"""Published examples of equilibrium selection and refinement, by author."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from tests.selection import two_player


def by_actions(table, *actions):
    """The row of a pure profile."""
    return next(row for row in table if row.equilibrium.actions == actions)


STAG_HUNT = two_player([[4, 1], [3, 3]], actions=["stag", "hare"])


def test_rousseaus_stag_hunt_pays_most_where_it_risks_most():
    table = bg.selection(STAG_HUNT)
    stag, hare = by_actions(table, "stag", "stag"), by_actions(table, "hare", "hare")
    assert stag.payoff_dominant
    assert stag.pareto_undominated
    assert stag.strong
    assert hare.risk_dominant
    assert hare.half_dominant
    assert hare.logit_limit
    assert not stag.risk_dominant
    assert not hare.payoff_dominant
    assert not hare.strong
    assert (stag.p_dominance, hare.p_dominance) == (Fraction(2, 3), Fraction(1, 3))


def test_harsanyi_selten_1988_risk_dominance_goes_by_the_product_of_losses():
    """Asymmetric: neither is 1/2-dominant, and the products 4 x 2 and 1 x 7 decide."""
    game = two_player([[4, 0], [0, 1]], [[2, 0], [0, 7]])
    first, second = (by_actions(bg.selection(game), a, a) for a in ("a0", "a1"))
    assert first.risk_dominant is True
    assert second.risk_dominant is False
    assert not first.half_dominant
    assert not second.half_dominant


def test_harsanyi_selten_1988_equal_products_leave_neither():
    table = bg.selection(two_player([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    assert table["risk_dominant"] == (False, False, None)


def test_harsanyi_selten_1988_aumanns_example_where_payoffs_and_risk_part():
    """Aumann's (1990) numbers: agreement on the better one is not self-enforcing."""
    table = bg.selection(two_player([[9, 0], [8, 7]], actions=["C", "D"]))
    assert by_actions(table, "C", "C").payoff_dominant
    assert by_actions(table, "D", "D").risk_dominant
    assert by_actions(table, "D", "D").p_dominance == Fraction(1, 8)


def test_morris_rob_shin_1995_dominant_actions_need_no_belief_and_equilibria_at_most_certainty():
    """Dominant actions are 0-dominant; in Young's (1993) game nothing is 1/2-dominant."""
    dilemma = bg.selection(two_player([[3, 0], [5, 1]]))
    assert dilemma["p_dominance"] == (0,)
    young = bg.selection(two_player([[6, 0, 0], [5, 7, 5], [0, 5, 8]]))
    beliefs = young["p_dominance"][:3]
    # 6p >= 5p + 7(1 - p); 7p + 5(1 - p) >= 5p + 8(1 - p); 8p >= 5p + 5(1 - p).
    assert beliefs == (Fraction(7, 8), Fraction(3, 5), Fraction(5, 8))
    assert young["half_dominant"][:3] == (False, False, False)


def test_selten_1975_the_horse():
    """(D, c, L) pays more, but player 2, should he be called upon, would play d.

    No strategy in it is weakly dominated: with three players that is not enough.
    """
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 1, :, 0] = np.array([3, 3, 2])[:, None]  # D, any, L
    payoffs[:, 0, 0, :] = 1  # C, c, any
    payoffs[:, 0, 1, 0] = (4, 4, 0)  # C, d, L
    payoffs[:, 0, 1, 1] = (0, 0, 1)  # C, d, R
    table = bg.selection(bg.NormalFormGame(payoffs, actions=[["C", "D"], ["c", "d"], ["L", "R"]]))
    assert by_actions(table, "C", "c", "R").perfect is True
    assert by_actions(table, "D", "c", "L").perfect is False
    assert by_actions(table, "D", "c", "L").proper is False
    assert all(bg.undominated(table.game, weak=True, max_rounds=1).survivors[i] == (0, 1)
               for i in range(3))  # fmt: skip


MYERSON = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]


def test_myerson_1978_perfect_equilibria_that_are_not_proper():
    """Adding a dominated action makes (2, 2) perfect; it is still not proper."""
    table = bg.selection(two_player(MYERSON, actions=["1", "2", "3"]))
    assert [row.equilibrium.actions for row in table] == [("1", "1"), ("2", "2"), ("3", "3")]
    assert table["perfect"] == (True, True, False)
    assert table["proper"] == (True, False, False)
    small = bg.selection(two_player([[1, 0], [0, 0]]))
    assert small["perfect"] == (True, False)


def test_van_damme_1987_perfect_equilibria_of_two_players_are_the_undominated_ones():
    game = two_player([[1, 1], [1, 0]], [[1, 0], [1, 0]])
    table = bg.selection(game)
    assert all(row.perfect is not None for row in table)
    assert by_actions(table, "a0", "a0").perfect is True
    assert by_actions(table, "a1", "a0").perfect is False  # weakly dominated by a0


@pytest.mark.parametrize(("value", "cost"), [(2, 3), (2, 4), (4, 3)])
def test_maynard_smith_price_1973_hawk_and_dove(value, cost):
    """Mixed with probability V / C of hawk where V < C; else hawk."""
    half = Fraction(value - cost, 2)
    table = bg.selection(
        two_player([[half, value], [0, Fraction(value, 2)]], actions=["hawk", "dove"])
    )
    stable = table.meeting("evolutionarily_stable")
    assert len(stable) == 1
    hawk = Fraction(value, cost) if value < cost else Fraction(1)
    assert stable[0].equilibrium.exact[0] == (hawk, 1 - hawk)
    # Of the asymmetric ones the notion does not speak.
    assert all(
        row.evolutionarily_stable is None
        for row in table
        if row.equilibrium.exact[0] != row.equilibrium.exact[1]
    )


@pytest.mark.parametrize(("win", "expected"), [(1, False), (2, True), ("1/2", False)])
def test_zeeman_1980_rock_scissors_paper_is_stable_iff_winning_outweighs_losing(win, expected):
    win = Fraction(win)
    table = bg.selection(two_player([[0, win, -1], [-1, 0, win], [win, -1, 0]]))
    assert table["evolutionarily_stable"] == (expected,)


def test_haigh_1975_an_unplayed_best_reply_that_ties_with_itself_unsettles():
    """Strategy 0 is a neutral neighbour of 1: u(0, 0) = u(1, 0), and u(0, 1) = u(1, 1)."""
    assert bg.selection(two_player([[1, 1], [1, 1]]))["evolutionarily_stable"][0] is False
    assert bg.selection(two_player([[1, 2], [1, 1]]))["evolutionarily_stable"][0] is True


def test_pigou_1920_two_drivers_on_a_constant_and_a_congested_road():
    """Costs 2 on the long road, and 1 a user on the short: at worst 4 instead of 3 in all."""
    table = bg.selection(two_player([[-2, -2], [-1, -2]], actions=["long", "short"]))
    assert table.price_of_anarchy == Fraction(4, 3)
    assert table.price_of_stability == 1


def test_the_prisoners_dilemma_has_a_price_of_anarchy_of_three():
    table = bg.selection(two_player([[3, 0], [5, 1]]))
    assert (table.price_of_anarchy, table.price_of_stability) == (3, 3)
    assert table["strong"] == (False,)
    assert table["coalition_proof"] == (True,)
