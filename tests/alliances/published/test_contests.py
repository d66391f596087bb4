"""Tullock's and Skaperdas' contests against best replies and the formulas written again."""

from __future__ import annotations

import itertools
import json
import pickle
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors

published = bg.published
amounts = st.tuples(*[st.fractions("1/8", 9, max_denominator=8)] * 3)


@pytest.mark.parametrize(
    ("n", "m", "effort", "rent"),
    [(2, 1, ".25", ".25"), (3, 1, "2/9", "1/9"), (5, 1, ".16", ".04"), (2, 2, ".5", "0")],
)
def test_efforts_in_tullocks_contest(n, m, effort, rent):
    """MODEL.md A1."""
    found = published.tullock_contest(n, decisiveness=m)
    assert found.effort == Fraction(effort)
    assert found.payoff == Fraction(rent)
    assert pickle.loads(pickle.dumps(found)) == found


@given(
    st.integers(2, 9),
    st.fractions("1/4", 20, max_denominator=4),
    st.fractions("1/10", 1, max_denominator=10),
    st.fractions("1/50", 3, max_denominator=50),
)
def test_nobody_gains_by_another_effort_in_tullocks_contest(n, prize, share, factor):
    m = share * Fraction(n, n - 1)
    found = published.tullock_contest(n, prize, m)
    x, others = float(found.effort), (n - 1) * float(found.effort) ** float(m)
    other = float(factor) * x
    paid = float(prize) * other ** float(m) / (other ** float(m) + others) - other
    assert paid <= float(found.payoff) + 1e-9 * float(prize)
    assert 0 < found.dissipation <= 1
    assert found.n * found.payoff + found.n * found.effort == prize


def test_decisive_contests_have_no_symmetric_equilibrium():
    assert published.tullock_contest(3, decisiveness="3/2").payoff == 0
    with pytest.raises(errors.NoEquilibriumError, match="above n / \\(n - 1\\) = 3/2"):
        published.tullock_contest(3, decisiveness="1.6")


@pytest.mark.parametrize(
    "arguments", [(1,), (2.5,), (2, 0), (2, -1), (2, 1, 0), (2, "x"), (2, 1, float("nan"))]
)
def test_tullocks_contest_checks_its_arguments(arguments):
    with pytest.raises(errors.BalanceGameError):
        published.tullock_contest(*arguments)


def naive_shares(x, m, pair):
    f = [v**m for v in x]
    if pair is None:
        return [v / sum(f) for v in f]
    i, j = pair
    (k,) = {0, 1, 2} - set(pair)
    both = (x[i] + x[j]) ** m
    paid = [None] * 3
    paid[k] = f[k] / (both + f[k])
    for a in pair:
        paid[a] = both / (both + f[k]) * f[a] / (f[i] + f[j])
    return paid


@given(amounts, st.integers(1, 6))
def test_shares_in_the_three_way_contest(x, m):
    found = published.skaperdas_contest(x, m)
    pairs = list(itertools.combinations(range(3), 2))
    assert list(found.alone) == naive_shares(x, m, None)
    assert [list(paid) for paid in found.allied] == [naive_shares(x, m, pair) for pair in pairs]
    assert sum(found.alone) == 1
    assert all(sum(paid) == 1 for paid in found.allied)


few_amounts = st.tuples(*[st.sampled_from([Fraction(1, 3), 1, 2, 5])] * 3)


@given(amounts | few_amounts, st.integers(1, 12))
def test_pairs_are_those_of_the_shares(x, m):
    """MODEL.md A2: all pay iff m > 1 (proven); the weaker two are each other's best (ditto)."""
    pairs = list(itertools.combinations(range(3), 2))
    alone = naive_shares(x, m, None)
    allied = {pair: naive_shares(x, m, pair) for pair in pairs}
    paying = [(i, j) for i, j in pairs if all(allied[i, j][a] > alone[a] for a in (i, j))]
    mutual = [
        (i, j)
        for i, j in paying
        if all(
            allied[i, j][a] > allied[other][a]
            for a in (i, j)
            for other in pairs
            if a in other and other != (i, j)
        )
    ]
    found = published.skaperdas_contest(dict(zip("ABC", x, strict=True)), m)
    assert found.paying_pairs == tuple(("ABC"[i], "ABC"[j]) for i, j in paying)
    assert [found.best_pair] == ([("ABC"[i], "ABC"[j]) for i, j in mutual] or [None])


@given(amounts, st.floats(0.05, 12).filter(lambda m: abs(m - 1) > 1e-6))
def test_pairs_are_those_of_shares_in_many_digits(x, m):
    with mpmath.workdps(80):
        shares = [mpmath.mpf(one.numerator) / one.denominator for one in x]
        alone = naive_shares(shares, mpmath.mpf(m), None)
        pays = [
            all(naive_shares(shares, mpmath.mpf(m), pair)[a] > alone[a] for a in pair)
            for pair in itertools.combinations(range(3), 2)
        ]
    assert pays == [len(published.skaperdas_contest(x, m).paying_pairs) == 3] * 3


@pytest.mark.parametrize("m", ["1.0000000000000001", "16.5", "100.5", 1000, 10**6])
def test_gains_too_small_for_floats_still_count(m):
    found = published.skaperdas_contest({"A": 3, "B": 2, "C": 2}, m)
    assert len(found.paying_pairs) == 3
    assert found.best_pair == ("B", "C")


@settings(max_examples=30)
@given(amounts, st.integers(1, 3))
def test_the_formation_game_pays_what_the_partners_agree_on(x, m):
    found = published.skaperdas_contest(x, m)
    game = found.game()
    partner = [[None, 1, 2], [None, 0, 2], [None, 0, 1]]
    for cell in itertools.product(range(3), repeat=3):
        named = [partner[i][a] for i, a in enumerate(cell)]
        agreed = [(i, j) for i, j in itertools.combinations(range(3), 2) if named[i] == j]
        agreed = [(i, j) for i, j in agreed if named[j] == i]
        expected = naive_shares(x, m, agreed[0] if agreed else None)
        assert list(game.exact_payoffs[(slice(None), *cell)]) == expected


def test_coalitions_of_the_formation_game_end_with_the_best_pair():
    contest = published.skaperdas_contest({"A": 5, "B": 3, "C": 2}, 2)
    assert contest.best_pair == ("B", "C")
    game = contest.game()
    assert game.actions[1] == ("alone", "ally with A", "ally with C")
    strong = bg.strong_equilibria(game)
    assert {found.actions[1:] for found in strong} == {("ally with C", "ally with B")}
    assert ("alone", "alone", "alone") in [found.actions for found in bg.pure_nash(game)]


def test_ties_leave_no_best_pair():
    assert published.skaperdas_contest([1, 1, 1], 2).best_pair is None
    assert published.skaperdas_contest([3, 2, 1], 1).best_pair is None


def test_contests_of_extreme_numbers_stay_finite():
    found = published.skaperdas_contest([1e-200, 1, 1e200], 7.5)
    assert found.alone == (0.0, 0.0, 1.0)
    assert all(sum(paid) == pytest.approx(1) for paid in found.allied)
    assert published.skaperdas_contest(["1e-400", 2, 2], "1.5").alone == (0.0, 0.5, 0.5)


@pytest.mark.parametrize(
    ("endowments", "m", "error"),
    [
        ([1, 2], 2, errors.InvalidShapeError),
        ([1, 2, 3, 4], 2, errors.InvalidShapeError),
        ([1, 2, 0], 2, errors.InvalidPowerError),
        ([1, 2, 3], 0, errors.InvalidParameterError),
        ("abc", 2, errors.InvalidTypeError),
    ],
)
def test_the_three_way_contest_checks_its_arguments(endowments, m, error):
    with pytest.raises(error):
        published.skaperdas_contest(endowments, m)


def test_results_go_to_json_and_print_within_80_columns():
    found = published.skaperdas_contest({"Athens": "1/3", "Sparta": 2, "Corinth": 5}, 3)
    assert json.loads(json.dumps(found.to_dict()))["endowments"] == ["1/3", "2", "5"]
    assert max(map(len, repr(found).splitlines())) <= 80
    assert "<caption>Three-way contest" in found._repr_html_()
    assert repr(published.skaperdas_contest([1, 1, 1], 1.5)).startswith(
        "Three-way contest, decisiveness 1.5: no best pair"
    )
