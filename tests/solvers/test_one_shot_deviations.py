from __future__ import annotations

import itertools
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import InvalidDiscountError, InvalidShapeError, UnknownPlayerError
from balancegame.solvers.repeated.algebraic_numbers import (
    AlgebraicNumber,
    compare,
    polynomial_text,
    roots_between_0_and_1,
    sign_at,
)
from balancegame.solvers.repeated.discount_set import ALL, where_nonnegative
from tests.automata import DISCOUNTS, automata, dilemma, largest_gain, periods_worth

F = Fraction


def values_of(found, automaton):
    """By index, with the states nothing leads to at 0: they do not enter."""
    return [
        [
            found.values.get(state, dict.fromkeys(automaton.players, F(0)))[player]
            for player in automaton.players
        ]
        for state in automaton.states
    ]


@given(automata(), st.lists(DISCOUNTS, min_size=3, max_size=3))
@settings(max_examples=150)
def test_values_and_gains_are_those_of_the_definition(automaton, discounts):
    deltas = discounts[: len(automaton.players)]
    found = bg.one_shot_deviations(automaton, deltas)
    values = values_of(found, automaton)
    for name in automaton.reachable:
        s = automaton.state_index(name)
        assert periods_worth(automaton, s, values, deltas) == values[s]
    worst = largest_gain(automaton, values, deltas)
    assert found.is_subgame_perfect == (worst is None or worst <= 0)
    assert (None if found.binding is None else found.binding.gain) == worst
    known = [one for one in found.slack.values() if one is not None]
    assert (min(known) if known else None) == (None if worst is None else -worst)


@given(automata(slips=False, max_contingencies=1), DISCOUNTS)
@settings(max_examples=60)
def test_values_are_what_long_paths_pay(automaton, delta):
    found = bg.one_shot_deviations(automaton, delta)
    length = 400
    path = automaton.path(length)
    weights = [(1 - float(delta)) * float(delta) ** t for t in range(length)]
    for i, name in enumerate(automaton.players):
        paid = sum(w * one.payoffs[i] for w, one in zip(weights, path, strict=True))
        assert float(found.payoffs[name]) == pytest.approx(paid, abs=1e-6)


@given(automata(), st.lists(DISCOUNTS, min_size=3, max_size=3))
@settings(max_examples=100)
def test_the_sustaining_set_says_what_is_subgame_perfect(automaton, sampled):
    found = bg.sustaining_discounts(automaton)
    tried = list(sampled)
    for interval in found.sustaining:
        for end in (interval.lower, interval.upper):
            exact = isinstance(end, Fraction)
            low, high = (end, end) if exact else (end.lower, end.upper)
            near = F(1, 10**9)
            tried += [d for d in (low, high, low - near, high + near) if 0 <= d < 1]
    for delta in tried:
        holds = bg.one_shot_deviations(automaton, delta)
        assert (delta in found.sustaining) == holds.is_subgame_perfect
        for name in automaton.players:
            alone = bg.one_shot_deviations(automaton, delta, players=[name])
            assert (delta in found.per_player[name]) == alone.is_subgame_perfect
    if found.binding is not None:
        assert found.binding.deterred.starts_at(found.infimum)
    assert found.sustaining.is_empty == (found.infimum is None)


@given(automata(max_players=2), st.permutations([0, 1]))
@settings(max_examples=50)
def test_the_sustaining_set_does_not_depend_on_the_order_of_states(automaton, order):
    situations = dict(zip(automaton.states, automaton.situations, strict=True))
    k = len(automaton.states)
    turned = {s: (k - 1 - s if order[0] else s) for s in range(k)}

    def moved(one):
        several = (
            turned[one.several]
            if isinstance(one.several, int)
            else np.vectorize(turned.__getitem__)(one.several).astype(np.int32)
        )
        return type(one)(
            one.profile,
            turned[one.follow],
            tuple(tuple(turned[s] for s in row) for row in one.alone),
            several,
            one.slips,
        )

    names = sorted(situations, key=lambda name: turned[automaton.state_index(name)])
    again = bg.Automaton.from_situations(
        automaton.contingencies,
        {name: [moved(one) for one in situations[name]] for name in names},
        initial=turned[automaton.state_index(automaton.initial)],
        excused=automaton.excused,
    )
    first, second = bg.sustaining_discounts(automaton), bg.sustaining_discounts(again)
    assert first.sustaining == second.sustaining


def test_tit_for_tat_is_subgame_perfect_at_one_discount_factor_only():
    tit = bg.tit_for_tat(bg.ally_game(2, 2, 1, 0))
    found = bg.sustaining_discounts(tit)
    assert str(found.sustaining) == "{1/2}"
    assert found.sustaining[0].is_point
    assert bg.one_shot_deviations(tit, 0.5).is_subgame_perfect
    for delta in (F(1, 2) - F(1, 10**12), F(1, 2) + F(1, 10**12), 0.0):
        assert not bg.one_shot_deviations(tit, delta).is_subgame_perfect


def test_a_cartel_floods_the_market_for_a_while():
    # Abreu (1986): one period of a stick worse than any equilibrium of the stage.
    cartel = bg.NormalFormGame.from_arrays(
        [[3, 0, -4], [4, 1, -4], [-4, -4, -6]], [[3, 4, -4], [0, 1, -4], [-4, -4, -6]]
    )
    by_stick = bg.sustaining_discounts(bg.stick_and_carrot(cartel, (0, 0), (2, 2)))
    by_grim = bg.sustaining_discounts(bg.grim(cartel, (0, 0)))
    # In the stick -4 tempts: 2 (1 - d) <= 9 d (1 - d), so from 2/9 on; then 1 - d <= 9 d (1 - d).
    assert by_stick.infimum == F(2, 9)
    assert by_grim.infimum == F(1, 3)
    two = bg.sustaining_discounts(bg.stick_and_carrot(cartel, (0, 0), (2, 2), periods=2))
    # In the first of two: -6 (1 - d^2) + 3 d^2 against (1 - d)(-4) + d of the same, so 9 d^2 = 2.
    assert two.infimum.polynomial == (-2, 0, 9)
    assert float(two.infimum) == pytest.approx(2**0.5 / 3)
    assert two.reason.startswith("exact; irrational")


def test_players_may_have_discount_factors_of_their_own():
    grim = bg.grim(dilemma(), (0, 0))
    impatient = bg.one_shot_deviations(grim, ["1/2", "1/3"])
    assert impatient.slack["A"] == 0
    assert impatient.slack["B"] == F(-1, 3)
    assert not impatient.is_subgame_perfect
    assert impatient.binding.player == "B"
    assert bg.one_shot_deviations(grim, ["1/2", "1/3"], players=["A"]).is_subgame_perfect


def test_floats_stand_for_their_binary_value():
    game = bg.NormalFormGame.from_arrays([[2.0, 0.0], [2.1, 1.0]], [[2.0, 2.1], [0.0, 1.0]])
    least = bg.sustaining_discounts(bg.grim(game, (0, 0))).infimum
    tempted = Fraction(2.1)
    assert least == (tempted - 2) / (tempted - 1)


def test_repeated_games_are_taken_if_the_stage_is_the_same():
    grim = bg.grim(dilemma(), (0, 0))
    assert bg.one_shot_deviations(grim, bg.RepeatedGame(dilemma(), "1/2")).is_subgame_perfect
    with pytest.raises(InvalidShapeError, match="another stage"):
        bg.one_shot_deviations(grim, bg.RepeatedGame(dilemma(t=4), "1/2"))
    with pytest.raises(InvalidDiscountError, match=r"\[0, 1\)"):
        bg.one_shot_deviations(grim, 1)
    with pytest.raises(UnknownPlayerError, match="did you mean"):
        bg.one_shot_deviations(grim, 0.5, players=["a"])


def test_results_print_pickle_and_go_to_json():
    game = bg.ally_game(2, 2, 1, 0)
    held = bg.one_shot_deviations(bg.grim(game, (0, 0)), "3/5")
    broken = bg.one_shot_deviations(bg.grim(game, (0, 0)), "2/5")
    assert "least slack 0.2" in repr(held)
    assert "ally 1 plays withhold in agreed: gain 0.2" in repr(broken)
    assert json.loads(broken.to_json())["values"]["agreed"]["ally 1"] == "1"
    assert "<table>" in held._repr_html_()
    again = pickle.loads(pickle.dumps(held))
    assert again.to_dict() == held.to_dict()
    lonely = bg.Automaton(bg.NormalFormGame([[1]]), {"only": (0,)}, {})
    assert "nobody has a choice" in repr(bg.one_shot_deviations(lonely, 0.5))
    some = bg.sustaining_discounts(bg.stick_and_carrot(game, (0, 0), (1, 1), periods=2))
    assert some.infimum.polynomial == (-1, 1, 1)  # one period more is worth the wait
    assert pickle.loads(pickle.dumps(some)).to_dict() == some.to_dict()
    assert json.loads(some.to_json())["sustaining"] == some.to_dict()["sustaining"]
    assert "binding" in repr(some)


def test_reasons_where_no_discount_factor_will_do():
    # Nobody is ever punished: the temptation remains.
    never = bg.Automaton(dilemma(), {"naive": (0, 0)}, {})
    found = bg.sustaining_discounts(never)
    assert found.sustaining.is_empty
    assert found.reason == "no discount factor deters this: A plays withhold in naive"
    always = bg.Automaton(dilemma(), {"feud": (1, 1)}, {})
    assert bg.sustaining_discounts(always).sustaining == ALL


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=7))
@settings(max_examples=200)
def test_roots_are_all_of_them(coefficients):
    polynomial = fmpz_poly(coefficients)
    if polynomial.is_zero():
        return
    found = roots_between_0_and_1(polynomial)
    assert all(compare(a[0], b[0]) < 0 for a, b in itertools.pairwise(found))
    listed = [int(c) for c in polynomial.coeffs()]
    for root, multiplicity in found:
        assert multiplicity >= 1
        if isinstance(root, Fraction):
            assert sign_at(listed, root) == 0
        else:
            assert sign_at(root.polynomial, root.lower) * sign_at(root.polynomial, root.upper) < 0
            assert 0 < root.upper - root.lower < F(1, 10**15)
    # An independent count: flint's enclosures of all complex roots.
    real = [
        float(z.real.mid())
        for z, count in polynomial.complex_roots()
        for _ in range(count)
        if z.imag.contains(0) and z.imag.rad() < 1e-9 and abs(float(z.imag.mid())) < 1e-12
    ]
    inside = sorted(x for x in real if 1e-12 < x < 1 - 1e-12)
    ours = sorted(float(root) for root, count in found for _ in range(count))
    assert ours == pytest.approx(inside, abs=1e-9)


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=6), st.lists(DISCOUNTS, min_size=5))
@settings(max_examples=200)
def test_where_a_polynomial_is_nonnegative(coefficients, sampled):
    found = where_nonnegative(fmpz_poly(coefficients))
    ends = [
        end
        for one in found
        for end in (one.lower, one.upper)
        if isinstance(end, Fraction) and end < 1
    ]
    for delta in [*sampled, *ends, F(0)]:
        assert (delta in found) == (sign_at(coefficients, delta) >= 0)
    both = found.intersection(where_nonnegative(fmpz_poly([-c for c in coefficients])))
    if any(coefficients):
        assert all(one.is_point for one in both)


def test_algebraic_numbers_compare_exactly():
    root = AlgebraicNumber((-1, 0, 2), F(0), F(1))
    other = AlgebraicNumber((-1, 0, 2), F(1, 2), F(3, 4))
    near = AlgebraicNumber((-1, 1, 1), F(0), F(1))  # 0.618...
    assert root == other
    assert hash(root) == hash(other)
    assert near < root
    assert root > near
    assert root >= other
    assert near <= F(619, 1000)
    assert near != F(618, 1000)
    assert root != "other"
    assert polynomial_text((-1, 0, 2)) == "2 d^2 - 1"
    assert polynomial_text((0, -1)) == "-d"
    assert polynomial_text(()) == "0"
    assert "a root of d^2 + d - 1" in repr(near)
