"""Barriers between stable alignments, against all paths by brute force."""

from __future__ import annotations

import json
import math
import pickle
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import GuaranteeError, InvalidTypeError, UnknownPlaceError


@st.composite
def alignment_games(draw, max_states=5):
    n = draw(st.integers(1, max_states))
    sizes = draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    table = [[0] * n for _ in range(n)]
    for i, j in combinations(range(n), 2):
        table[i][j] = table[j][i] = draw(st.integers(-2, 2))
    return bg.AlignmentGame(sizes, table)


def least_maxima(game):
    """For every pair of alignments the least energy that every way between them reaches."""
    n = game.n_states
    nodes = [(0, *rest) for rest in product((0, 1), repeat=n - 1)]
    energy = {node: game.exact_energy(node) for node in nodes}
    found = {(a, b): math.inf for a in nodes for b in nodes}
    for a in nodes:
        found[a, a] = energy[a]
        for k in range(n):
            moved = [side ^ (i == k) for i, side in enumerate(a)]
            b = tuple(side ^ moved[0] for side in moved)
            found[a, b] = max(energy[a], energy[b])
    for via in nodes:
        for a in nodes:
            for b in nodes:
                found[a, b] = min(found[a, b], max(found[a, via], found[via, b]))
    return found, energy


@settings(max_examples=60)
@given(alignment_games())
def test_saddles_are_those_of_the_best_ways(game):
    found = bg.energy_barriers(game)
    assert np.array_equal(found.minima, bg.alignments(game).minima)
    assert found.exact_energies == bg.alignments(game).exact_energies
    best, energy = least_maxima(game)
    minima = [tuple(row) for row in found.minima.tolist()]
    for i, j in product(range(len(minima)), repeat=2):
        assert found.exact_saddle(i, j) == best[minima[i], minima[j]]
    for own, height, floating in zip(minima, found.exact_heights, found.heights, strict=True):
        lower = [best[own, other] for other in minima if energy[other] < energy[own]]
        assert height == (min(lower) - energy[own] if lower else None)
        assert floating == (math.inf if height is None else float(height))


@settings(max_examples=60)
@given(alignment_games())
def test_every_saddle_lies_on_a_best_way_between_its_valleys(game):
    found = bg.energy_barriers(game)
    best, energy = least_maxima(game)
    minima = [tuple(row) for row in found.minima.tolist()]
    levels = [saddle.exact_energy for saddle in found.saddles]
    assert levels == sorted(levels)
    for saddle in found.saddles:
        assert energy[saddle.sides] == saddle.exact_energy
        assert len(saddle.valleys) > 1
        assert sorted(sum(saddle.valleys, ())) == list(saddle.minima)
        for place in saddle.minima:
            assert best[minima[place], saddle.sides] == saddle.exact_energy
        for one, other in combinations(saddle.valleys, 2):
            assert best[minima[one[0]], minima[other[0]]] == saddle.exact_energy
        for valley in saddle.valleys:
            for a, b in combinations(valley, 2):
                assert best[minima[a], minima[b]] < saddle.exact_energy
    joined = found.saddles[-1].minima if found.saddles else (0,)
    assert joined == tuple(range(len(found)))


def test_three_valleys_of_galams_triangle_meet_at_one_energy():
    found = bg.energy_barriers(bg.AlignmentGame(1, -1, ["A", "B", "C"]))
    assert found.exact_energies == (-4, -4, -4)
    # Whoever is alone changes places with another without a cost: all three lie on one level.
    (saddle,) = found.saddles
    assert (saddle.exact_energy, saddle.energy) == (-4, -4.0)
    assert saddle.valleys == ((0,), (1,), (2,))
    assert found.exact_heights == (None, None, None)


def test_unix_camps_are_parted_by_a_ridge():
    """Axelrod et al. (1995): two minima of one energy, basins 128 and 128."""
    kind = "SSGGSGSGS"
    size = ["28.9", "1", "20", "11.5", "21.2", "28.5", "4.4", "3.8", "4.4"]
    game = bg.AlignmentGame(size, [[-1 if a == b else 0 for b in kind] for a in kind])
    found = bg.energy_barriers(game)
    (saddle,) = found.saddles
    assert found.energies.tolist() == [-3828.9, -3828.9]
    # One of the kinds must turn round: specialists and generalists do not bear on each other, so
    # that the cheaper of the two does, by way of its own highest alignment.
    alone = []
    for k in "SG":
        own = [s for s, a in zip(size, kind, strict=True) if a == k]
        part = bg.AlignmentGame(own, -1)
        ((code, least),) = [
            (tuple(row), energy)
            for row, energy in zip(
                bg.alignments(part).minima.tolist(), bg.alignments(part).exact_energies, strict=True
            )
            if energy == min(bg.alignments(part).exact_energies)
        ]
        alone.append(turning(part, code) - least)
    assert saddle.exact_energy - found.exact_energies[0] == min(alone)
    assert np.isinf(found.heights).all()


def turning(game, code):
    """The least maximum on ways from an alignment to its mirror image, by bisection over levels."""
    n = game.n_states
    energy = {node: game.exact_energy(node) for node in product((0, 1), repeat=n)}
    mirror = tuple(1 - side for side in code)
    for level in sorted(set(energy.values())):
        seen, waiting = set(), [code]
        while waiting:
            here = waiting.pop()
            if here in seen or energy[here] > level:
                continue
            seen.add(here)
            waiting += [tuple(s ^ (i == k) for i, s in enumerate(here)) for k in range(n)]
        if mirror in seen:
            return level
    raise AssertionError


def test_exact_numbers_stay_exact():
    third = Fraction(1, 3)
    found = bg.energy_barriers(bg.AlignmentGame([third, 1, 1, 1], -1))
    assert all(isinstance(one.exact_energy, Fraction) for one in found.saddles)
    assert found.exact_saddle(0, 0) == found.exact_energies[0]
    large = bg.AlignmentGame([10**30 + 1, 10**30, 10**30, 2], -1)
    assert bg.energy_barriers(large).exact_energies == bg.alignments(large).exact_energies


def test_fourteen_equal_rivals_have_one_level():
    found = bg.energy_barriers(bg.AlignmentGame([1] * 10, -1))
    assert len(found) == math.comb(10, 5) // 2
    (saddle,) = found.saddles
    assert saddle.energy == -2 * 4 * 6
    assert "and 118 more" in repr(found)


def test_results_print_and_travel():
    size = {"Britain": "7.45", "France": "5.32", "Germany": "11.49", "Italy": "4.03"}
    found = bg.energy_barriers(bg.AlignmentGame(size | {"USSR": "15.01"}, -1, title="five rivals"))
    assert max(map(len, repr(found).splitlines())) <= 80
    assert pickle.loads(pickle.dumps(found)) == found
    frame = found.to_frame()
    assert list(frame) == ["energy", "barrier", *size, "USSR"]
    assert frame["barrier"].tolist() == found.heights.tolist()
    assert frame.loc[1, ["France", "USSR"]].tolist() == [1, 1]
    assert found[-1].camps == (("Britain", "France", "Italy"), ("Germany", "USSR"))
    with pytest.raises(UnknownPlaceError, match="no stable alignment at place 4"):
        found.camps(4)
    assert [one.exact_energy for one in found] == list(found.exact_energies)
    assert found[1:3] == tuple(found)[1:3]
    assert str(found[1]) == "Britain, Germany, Italy against France, USSR: energy -933.9602"
    data = json.loads(found.to_json())
    assert data["saddles"][0] == {
        "energy": "-922.7568",
        "valleys": [[1], [2]],
        "sides": list(found.saddles[0].sides),
    }
    assert "<caption>4 stable alignments of five rivals" in found._repr_html_()
    with pytest.raises(ValueError, match="read-only"):
        found.minima[0, 0] = 1


def test_what_has_no_tree_is_refused():
    with pytest.raises(InvalidTypeError, match="AlignmentGame"):
        bg.energy_barriers(bg.alignments(bg.AlignmentGame([1, 2], -1)))
    with pytest.raises(GuaranteeError, match="up to 16 states, but the game has 17"):
        bg.energy_barriers(bg.AlignmentGame([1] * 17, -1))
    found = bg.energy_barriers(bg.AlignmentGame([1, 2], -1))
    with pytest.raises(UnknownPlaceError, match="no stable alignment at place 1"):
        found.exact_saddle(0, 1)
    with pytest.raises(InvalidTypeError, match="whole number"):
        found.exact_saddle("a", 0)


def test_progress_is_reported():
    from balancegame._progress import listening

    seen = []
    with listening(lambda *step: seen.append(step)):
        bg.energy_barriers(bg.AlignmentGame([1] * 3, 1))
    assert all(task == "barriers" for task, _, _ in seen)


def test_minima_left_out_of_a_print_are_counted():
    found = bg.energy_barriers(bg.AlignmentGame(1, 0, list("ABCDEF")))
    assert "... and 24 more; to_frame() lists all" in str(found)
    assert "... and 24 more; to_frame() lists all" in found._repr_html_()
    assert len(found.to_frame()) == len(found) == 32
