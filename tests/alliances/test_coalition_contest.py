"""The coalition contest: MODEL's lists, and every coalition counted one by one."""

from __future__ import annotations

import itertools
import math
import pickle
from fractions import Fraction
from math import comb, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.alliances import coalition_halves, coalition_sums
from balancegame.alliances.coalition_halves import turned_from_halves
from balancegame.testing import worlds

amounts = st.one_of(
    st.integers(1, 12),
    st.fractions("1/12", 3, max_denominator=12),
    st.floats(0.01, 10),
    st.sampled_from(["0.5", "1/3", "1e-3", "7"]),
)


def every(n):
    return itertools.chain.from_iterable(itertools.combinations(range(n), k) for k in range(n + 1))


class Enumerated:
    """All by the definitions, over all coalitions and all orders."""

    def __init__(self, resources):
        self.held = [Fraction(value) for value in resources]
        self.n, self.total = len(self.held), sum(self.held)

    def wins(self, coalition):
        return 2 * sum(self.held[i] for i in coalition) > self.total

    def banzhaf(self):
        return tuple(
            sum(not self.wins(c) and self.wins((*c, i)) for c in every(self.n) if i not in c)
            for i in range(self.n)
        )

    def shapley(self):
        turns = [0] * self.n
        for order in itertools.permutations(range(self.n)):
            k = next(k for k in range(self.n) if self.wins(order[: k + 1]))
            turns[order[k]] += 1
        return tuple(Fraction(count, factorial(self.n)) for count in turns)

    def minimal(self):
        return {
            frozenset(c)
            for c in every(self.n)
            if self.wins(c) and not any(self.wins(set(c) - {i}) for i in c)
        }


@given(st.lists(amounts, min_size=2, max_size=6))
def test_every_coalition_and_every_order(resources):
    known = Enumerated(resources)
    found = bg.coalition_contest(resources)
    assert found.banzhaf == bg.banzhaf_values(resources) == known.banzhaf()
    assert found.shapley == bg.shapley_values(resources) == known.shapley()
    minimal = bg.minimal_winning_coalitions({str(i): r for i, r in enumerate(resources)})
    assert len(set(minimal)) == len(minimal)
    assert {frozenset(map(int, c)) for c in minimal} == known.minimal()
    needed = set().union(*known.minimal())
    assert bg.essential_states(resources) == tuple(f"state {i}" for i in sorted(needed))
    assert bg.is_system_stable(resources) == found.is_system_stable == (len(needed) == known.n)
    half = any(2 * r == known.total for r in known.held)
    assert bg.is_resource_stable(resources) == found.is_resource_stable == half
    assert sum(found.shapley) == 1


@settings(max_examples=20)
@given(st.lists(st.integers(1, 40), min_size=7, max_size=11))
def test_counts_of_more_states(resources):
    assert bg.banzhaf_values(resources) == Enumerated(resources).banzhaf()


@given(st.lists(amounts, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_order_and_unit_do_not_matter(resources, random):
    order = list(range(len(resources)))
    random.shuffle(order)
    found = bg.coalition_contest(resources)
    moved = bg.coalition_contest([Fraction(resources[i]) * 7 for i in order])
    assert moved.banzhaf == tuple(found.banzhaf[i] for i in order)
    assert moved.shapley == tuple(found.shapley[i] for i in order)


@pytest.mark.parametrize(
    ("resources", "inessential", "standing", "stable"),
    [
        ([120, 100, 80], [], "none", False),
        ([110, 100, 80, 10], [3], "none", False),
        ([80, 80, 80, 60], [3], "none", False),
        ([130, 120, 30, 20], [], "none", False),
        ([150, 90, 60], [], "near-predominant", True),
        ([160, 80, 60], [1, 2], "predominant", False),
    ],
)
def test_niou_ordeshook_rose_lists_of_300(resources, inessential, standing, stable):
    found = bg.coalition_contest(resources)
    assert [i for i, value in enumerate(found.banzhaf) if not value] == inessential
    assert (found.standing, found.is_resource_stable) == (standing, stable)
    assert found.is_system_stable == (not inessential)


def test_banzhaf_values_of_the_model_page():
    assert bg.banzhaf_values([130, 120, 30, 20]) == (5, 3, 3, 1)
    assert bg.banzhaf_values([150, 90, 60]) == (3, 1, 1)
    assert bg.banzhaf_values([160, 80, 60]) == (4, 0, 0)
    states = {"1": 130, "2": 120, "3": 30, "4": 20}
    assert bg.minimal_winning_coalitions(states) == (("1", "2"), ("1", "3"), ("2", "3", "4"))


def test_two_equal_states_are_resource_stable():
    assert bg.is_resource_stable([1, 1])
    assert not bg.is_resource_stable([1, 2])


def test_exactly_half_is_told_from_nearly_half():
    assert bg.is_resource_stable(["0.3", "0.2", "0.1"])
    assert not bg.is_resource_stable([0.3, 0.2, 0.1])  # floats are not those decimals
    assert bg.banzhaf_values([f"1.{'0' * 40}1", 1]) == (2, 0)


def test_two_hundred_equal_states():
    found = bg.coalition_contest([1] * 200)
    assert found.banzhaf == (comb(199, 100),) * 200
    assert set(found.shapley) == {Fraction(1, 200)}
    assert "e+" in str(found)


def test_two_hundred_states_of_two_digits():
    resources = [10 + k % 90 for k in range(200)]
    found = bg.banzhaf_values(resources)
    assert found[:90] == found[90:180]
    assert all(a < b for a, b in itertools.pairwise(found[:90]))


def test_a_dwarf_beside_a_giant_takes_no_time():
    assert bg.banzhaf_values([1, 1e15, 3]) == (0, 4, 0)
    assert bg.shapley_values([1, 10**15, 10**15, 1]) == Enumerated([1, 9, 9, 1]).shapley()


def test_the_power_of_a_world_counts_with_the_threat():
    world = bg.World(["A", "B", "T"], ["0.3", "0.2", "0.5"], threat="T")
    found = bg.coalition_contest(world)
    assert found.states == ("A", "B", "T")
    assert found.standing == "near-predominant"
    assert found.banzhaf == (1, 1, 3)


@given(worlds(max_states=4))
def test_worlds_and_mappings_agree(world):
    named = dict(zip(world.names, world.power.tolist(), strict=True))
    assert bg.coalition_contest(world) == bg.coalition_contest(named)


def test_the_table_and_the_record():
    found = bg.coalition_contest({"A": 2, "B": 1, "C": "1"})
    frame = found.to_frame()
    assert frame["banzhaf_index"].sum() == pytest.approx(1)
    assert frame.loc[0, ["state", "share", "banzhaf"]].tolist() == ["A", 0.5, 3]
    assert found.to_dict()["shapley"] == ["2/3", "1/6", "1/6"]
    assert pickle.loads(pickle.dumps(found)) == found
    assert "near-predominant" in str(found)
    assert "<table>" in found._repr_html_()


def test_coalitions_beyond_a_limit_are_left_out():
    assert len(bg.minimal_winning_coalitions([1] * 40, max_coalitions=7)) == 7
    with pytest.raises(errors.InvalidParameterError, match="at least 1"):
        bg.minimal_winning_coalitions([1, 1], max_coalitions=0)


@pytest.mark.parametrize(
    ("resources", "error", "match"),
    [
        ([1], errors.InvalidShapeError, "at least 2"),
        ([], errors.InvalidShapeError, "at least 2"),
        ({}, errors.InvalidNameError, "empty"),
        ([1, 0], errors.InvalidPowerError, "must be positive"),
        ([1, -2], errors.InvalidPowerError, "must be positive"),
        ([1, float("nan")], errors.InvalidPowerError, "finite"),
        ([1, float("inf")], errors.InvalidPowerError, "finite"),
        ([1, "many"], errors.InvalidPowerError, "state 1"),
        ([1, None], errors.InvalidTypeError, "state 1"),
        ([1, True], errors.InvalidTypeError, "state 1"),
        ("12", errors.InvalidTypeError, "one number a state"),
        (3, errors.InvalidTypeError, "one number a state"),
        ({1, 2}, errors.InvalidTypeError, "one number a state"),
        ({"A": 1, 2: 3}, errors.InvalidTypeError, "text"),
    ],
)
def test_bad_resources_are_refused_by_name(resources, error, match):
    for function in (bg.coalition_contest, bg.banzhaf_values, bg.minimal_winning_coalitions):
        with pytest.raises(error, match=match):
            function(resources)


def test_too_many_sums_are_refused(monkeypatch):
    monkeypatch.setattr(coalition_sums, "_MOST_SUMS", 1000)
    with pytest.raises(errors.TableTooLargeError, match="coarser unit"):
        bg.banzhaf_values([2.0**k + 0.1 for k in range(51)])
    with pytest.raises(errors.TableTooLargeError, match="more than 1,000 different"):
        bg.banzhaf_values([1, *range(1000, 1051)])  # found out while counting
    monkeypatch.setattr(coalition_sums, "available_memory", lambda: 10_000)
    with pytest.raises(errors.TableTooLargeError, match="coarser unit"):
        bg.banzhaf_values([2.0**k + 0.1 for k in range(51)])


few_values = st.lists(st.floats(1e-12, 1e3), min_size=1, max_size=3)


@given(st.one_of(st.lists(amounts, min_size=2, max_size=9), few_values), st.data())
def test_halves_and_sums_count_alike(values, data):
    """Many ties, and magnitudes whose sums no machine integer holds, among them."""
    resources = data.draw(st.lists(st.sampled_from(values), min_size=2, max_size=9))
    sizes = coalition_sums.as_integers([Fraction(value) for value in resources])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coalition_sums, "_halves_are_faster", lambda *_: False)
        known = bg.coalition_contest(resources)
    turned = turned_from_halves(sizes)
    assert tuple(map(sum, turned)) == known.banzhaf
    assert tuple(map(coalition_sums.shapley_from, turned)) == known.shapley


def test_thirty_floats_of_any_size():
    """Penrose's law nearly, and the identities that hold for any contest."""
    resources = [math.sqrt(k) * 10.0 ** (k % 3) for k in range(2, 32)]
    found = bg.coalition_contest(resources)
    assert sum(found.shapley) == 1
    ranked = sorted(range(30), key=resources.__getitem__)
    assert [found.banzhaf[i] for i in ranked] == sorted(found.banzhaf)
    doubled = bg.coalition_contest([*resources[:-1], sum(resources)])
    assert doubled.banzhaf == (*[0] * 29, 2**29)


@settings(max_examples=30)
@given(st.integers(2, 8), st.randoms(use_true_random=False))
def test_sums_beyond_machine_integers_are_ranked_exactly(n, random):
    """Giants that outweigh by far, exact halves, and sums one apart, in any order."""
    giant = 10 ** random.randint(19, 90)
    resources = [random.choice([giant, 2 * giant, giant + 1, 1, 2, random.randint(1, 9)])
                 for _ in range(n)]  # fmt: skip
    turned = turned_from_halves(resources)
    assert tuple(map(sum, turned)) == Enumerated(resources).banzhaf()


def test_two_giants_do_not_hide_the_dwarfs():
    """With one giant on either side, all that counts is among the dwarfs: millions of near sums."""
    dwarfs = [10**6 + 7 * k * k for k in range(26)]
    found = bg.banzhaf_values([10**30, 10**30, *dwarfs])
    assert found[2:] == tuple(2 * value for value in bg.banzhaf_values(dwarfs))
    wide = [f"{k + 1}e{300 - 25 * k}" for k in range(25)]
    assert bg.banzhaf_values(wide) == (2**24, *[0] * 24)


def test_ranks_that_do_not_fit_in_memory_are_refused(monkeypatch):
    monkeypatch.setattr(coalition_halves, "available_memory", lambda: 1000)
    with pytest.raises(errors.TableTooLargeError, match="coarser unit"):
        turned_from_halves([2**70 + k for k in range(12)])
