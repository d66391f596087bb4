"""Jervis' games, Snyder's allies and Caplow's triads."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors

published = bg.published
COOPERATE, DEFECT = "cooperate", "defect"
PURE = {
    "prisoner's dilemma": {(DEFECT, DEFECT)},
    "stag hunt": {(COOPERATE, COOPERATE), (DEFECT, DEFECT)},
    "chicken": {(COOPERATE, DEFECT), (DEFECT, COOPERATE)},
    "deadlock": {(DEFECT, DEFECT)},
}


@pytest.mark.parametrize("kind", PURE)
def test_what_states_do_in_each_dilemma(kind):
    game = published.jervis(kind, names=["North", "South"])
    assert game.players == ("North", "South")
    assert {found.actions for found in bg.pure_nash(game)} == PURE[kind]
    r, s, t, p = game.exact_payoffs[0].ravel()
    assert published.dilemma_kind(t, r, p, s) == kind
    assert sorted((r, s, t, p)) == [1, 2, 3, 4]


def test_orders_make_the_kinds():
    """Of the 24 strict orders each of the four is one, but for the stag hunt's T > P."""
    kinds = [published.dilemma_kind(*order) for order in itertools.permutations((1, 2, 3, 4))]
    assert [kinds.count(kind) for kind in PURE] == [1, 1, 1, 1]
    assert published.dilemma_kind(2, 3, 2, 1) == "stag hunt"  # T = P
    assert published.dilemma_kind(3, 3, 1, 0) is None


@given(st.lists(st.fractions(-3, 3, max_denominator=2), min_size=4, max_size=4))
def test_the_mixed_equilibrium_makes_indifferent(payoffs):
    t, r, p, s = payoffs
    game = bg.NormalFormGame.from_arrays([[r, s], [t, p]], [[r, t], [s, p]])
    mixed = [
        found.exact[0][0]
        for found in bg.nash_equilibria(game)
        if found.exact[0] == found.exact[1] and 0 < found.exact[0][0] < 1
    ]
    if r == t and p == s:
        with pytest.raises(errors.NoEquilibriumError, match="no mixture stands out"):
            published.mixed_cooperation(t, r, p, s)
    elif mixed:
        assert mixed == [published.mixed_cooperation(t, r, p, s)]
        assert 0 < mixed[0] < 1
    else:
        with pytest.raises(errors.NoEquilibriumError, match="always at least as good"):
            published.mixed_cooperation(t, r, p, s)


def test_the_mixed_equilibrium_of_an_unnamed_order():
    """R > P > T > S and T > S > R > P: none of the four, but both states mix in equilibrium."""
    assert published.mixed_cooperation(1, 4, 2, 0) == Fraction(2, 5)
    assert published.mixed_cooperation(4, 2, 1, 3) == Fraction(1, 2)


def test_given_payoffs_have_the_kinds_order():
    game = published.jervis("chicken", temptation="5/2", reward=2, punishment=-9, sucker=0)
    assert game.exact_payoffs[1].tolist() == [[2, Fraction(5, 2)], [0, -9]]
    with pytest.raises(errors.InvalidParameterError, match="that is prisoner's dilemma"):
        published.jervis("chicken", temptation=3, reward=2, punishment=1, sucker=0)
    with pytest.raises(errors.InvalidParameterError, match="that is none of the four"):
        published.jervis("deadlock", temptation=1, reward=1, punishment=1, sucker=1)


@pytest.mark.parametrize(
    ("kind", "more", "error", "says"),
    [
        ("Stag Hunt", {}, errors.UnknownDilemmaError, "did you mean 'stag hunt'"),
        (3, {}, errors.UnknownDilemmaError, "unknown kind of dilemma 3"),
        ("chicken", {"reward": 3}, errors.InvalidParameterError, "temptation is missing"),
        ("chicken", {"names": ["A"]}, errors.InvalidShapeError, "names has 1 entries"),
    ],
)
def test_jervis_checks_its_arguments(kind, more, error, says):
    with pytest.raises(error, match=says):
        published.jervis(kind, **more)


@given(*[st.fractions(0, 5, max_denominator=4)] * 3)
def test_the_ally_game(security, abandonment, entrapment):
    game = published.snyder_game(security, abandonment, entrapment)
    mine, its = game.exact_payoffs
    assert mine.tolist() == [[security - entrapment, -abandonment], [security, 0]]
    assert its.tolist() == mine.T.tolist()
    kind = published.dilemma_kind(mine[1, 0], mine[0, 0], mine[1, 1], mine[0, 1])
    if 0 < entrapment < security and abandonment > 0:
        assert kind == "prisoner's dilemma"
    if security < entrapment < security + abandonment and security > 0:
        assert kind == "deadlock"


@given(*[st.fractions("1/9", 9, max_denominator=9)] * 2, st.fractions(0, 1, max_denominator=50))
def test_the_commitment_between_two_fears(abandonment, entrapment, other):
    """MODEL.md A7: e* = Aband / (Aband + Entrap)."""
    found = published.snyder_commitment(abandonment, entrapment)

    def loss(e):
        return (1 - e) ** 2 * abandonment + e**2 * entrapment

    assert found.commitment == abandonment / (abandonment + entrapment)
    assert found.loss == loss(found.commitment) <= loss(other)


def test_every_result_prints_within_80_columns():
    shown = [
        published.snyder_commitment(1, "1/7"),
        published.tullock_contest(12, 7, "1/3"),
        published.olson_zeckhauser({"A": "100/7", "B": 3}, ".3"),
        published.koenig_network(3, ally_spillover=0, enemy_spillover=0),
        published.caplow_triad({"Athens": "100.25", "Sparta": 3, "Corinth": 2}),
        published.structural_balance(-1, ["A", "B", "C"]),
    ]
    for one in shown:
        lines = repr(one).splitlines()
        assert len(lines) > 1
        assert max(map(len, lines)) <= 80
        assert one._repr_html_().count("<tr>") == len(lines) - 1
        assert json.loads(json.dumps(one.to_dict())).keys() == one.to_dict().keys()


@pytest.mark.parametrize("values", [(0, 1), (1, 0), (-1, 1), ("a", 1)])
def test_commitment_needs_two_fears(values):
    with pytest.raises(errors.BalanceGameError):
        published.snyder_commitment(*values)
    with pytest.raises(errors.BalanceGameError):
        published.snyder_game(-1, *values)


@pytest.mark.parametrize(
    ("strengths", "kind", "caplow", "gamson"),
    [
        ((1, 1, 1), 1, "AB AC BC", "AB AC BC"),
        ((3, 2, 2), 2, "BC", "BC"),
        ((3, 3, 2), 3, "AC BC", "AC BC"),
        ((5, 2, 2), 4, "", ""),
        ((4, 3, 2), 5, "AC BC", "BC"),
        ((6, 3, 2), 6, "", ""),
        ((5, 3, 2), 7, "AB AC", "AC"),
        ((4, 2, 2), 8, "AB AC", "AB AC"),
    ],
)
def test_caplows_types(strengths, kind, caplow, gamson):
    """MODEL.md A19. In type 3 the weakest is C here, so that its two partners are A and B."""
    for order in itertools.permutations(range(3)):
        found = published.caplow_triad({"ABC"[i]: strengths[i] for i in order})
        assert found.kind == kind

        def letters(pairs):
            return {frozenset(pair) for pair in pairs}

        if len(set(strengths)) == 3:
            assert found.states == ("A", "B", "C")
        assert letters(found.caplow) == letters(caplow.split())
        assert letters(found.gamson) == letters(gamson.split())


@given(st.tuples(*[st.integers(1, 6)] * 3))
def test_gamsons_coalitions_win_cheaply(strengths):
    found = published.caplow_triad(strengths)
    total = sum(strengths)
    held = dict(zip(found.states, found.strengths, strict=True))
    winning = [
        pair
        for pair in itertools.combinations(found.states, 2)
        if 2 * sum(held[s] for s in pair) > total
    ]
    if 2 * max(strengths) > total:
        assert found.gamson == ()
        return
    least = min(sum(held[s] for s in pair) for pair in winning)
    assert list(found.gamson) == [p for p in winning if sum(held[s] for s in p) == least]


def test_a_triad_has_three():
    with pytest.raises(errors.InvalidShapeError, match="a triad has three"):
        published.caplow_triad([1, 2])
    assert "Caplow  none" in repr(published.caplow_triad([9, 1, 1]))
