"""Published landscapes: Axelrod and others, Galam, structural balance.

Cases with short numbers are transcribed here; those of the shared data folder are read where it
is there, and left out with a reason where it is not.
"""

from __future__ import annotations

import csv
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import balancegame as bg
from tests.alignments import all_sides

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "landscape_golden.json").exists(), reason="the shared data folder is not there"
)

POWERS = {"Britain": "7.45", "France": "5.32", "Germany": "11.49", "Italy": "4.03"}
POWERS |= {"Soviet Union": "15.01"}
REALIST = [
    ({"Britain", "Soviet Union"}, "-936.1328", 7),
    ({"Britain", "Germany", "Italy"}, "-933.9602", 5),
    ({"Britain", "France", "Germany"}, "-923.8208", 3),
    ({"Britain", "France", "Italy"}, "-890.4", 1),
]
FIRMS = ["Sun", "Prime", "DEC", "HP", "Apollo", "AT&T", "Intergraph", "IBM", "SGI"]
FIRM_SIZES = ["28.9", "1.0", "20.0", "11.5", "21.2", "28.5", "4.4", "3.8", "4.4"]
FIRM_TYPES = "SSGGSGSGS"  # workstation specialists and generalists


def exactly(text):
    return bg.AlignmentGame([text], 0).exact_size[0] if text[0] != "-" else -exactly(text[1:])


def camp_of_first(found, place):
    return set(found.camps(place)[0])


def test_axelrod_and_bennett_1993_five_realist_powers():
    found = bg.alignments(bg.AlignmentGame(POWERS, -1))
    assert found.complete
    expected = [(camp, exactly(energy), basin) for camp, energy, basin in REALIST]
    shown = [
        (camp_of_first(found, k), found.exact_energies[k], found.basins[k])
        for k in range(len(found))
    ]
    assert shown == expected


def test_axelrod_and_others_1995_unix_standards():
    propensity = [[-1 if a == b else 0 for b in FIRM_TYPES] for a in FIRM_TYPES]
    found = bg.alignments(bg.AlignmentGame(FIRM_SIZES, propensity, FIRMS))
    assert found.exact_energies == (exactly("-3828.9"),) * 2
    assert found.basins.tolist() == [128, 128]
    assert [camp_of_first(found, k) for k in (0, 1)] == [
        {"Sun", "Prime", "DEC", "HP"},
        {"Sun", "Prime", "AT&T", "IBM"},
    ]


def test_galam_triangle_three_hostile_states_have_no_strict_alignment():
    triangle = bg.AlignmentGame(1, -1, ["A", "B", "C"])
    found = bg.alignments(triangle)
    assert found.energies.tolist() == [-4, -4, -4]
    assert triangle.energy([0, 0, 0]) == 0
    couplings = triangle.couplings
    spins = 1 - 2 * np.array(all_sides(3, mirrored=True))
    hamiltonian = sorted(-int(x @ couplings @ x) // 2 for x in spins)
    assert hamiltonian == [-1] * 6 + [3, 3]
    for sides in found.minima:
        x = 1 - 2 * sides.astype(int)
        assert 0 in (x * (couplings @ x)).tolist()  # somebody is indifferent


@pytest.mark.parametrize(("n", "count"), [(3, 4), (4, 8), (5, 16)])
def test_structural_balance_counts_of_balanced_graphs(n, count):
    """Balanced complete signed graphs are those that some alignment satisfies in every tie."""
    pairs = list(combinations(range(n), 2))
    balanced = 0
    for code in range(1 << len(pairs)):
        matrix = np.zeros((n, n))
        for place, (i, j) in enumerate(pairs):
            matrix[i, j] = matrix[j, i] = 1 - 2 * (code >> place & 1)
        triads = all(
            matrix[i, j] * matrix[j, k] * matrix[i, k] > 0 for i, j, k in combinations(range(n), 3)
        )
        balanced += triads
        if n < 5 or code % 16 == 0:
            hostile = sum(2 * matrix[i, j] for i, j in pairs if matrix[i, j] < 0)
            satisfied = bg.alignments(bg.AlignmentGame(1, matrix)).energies[0] == hostile
            assert satisfied == triads
    assert balanced == count


@pytest.mark.parametrize(
    ("cliques", "jammed"),
    [((3, 3, 3), True), ((4, 4, 3), True), ((4, 3, 3), False), ((4, 4, 2), False)],
)
def test_structural_balance_jammed_states(cliques, jammed):
    """Antal, Krapivsky and Redner: three hostile cliques no single changed tie would improve."""
    camp = np.repeat(np.arange(3), cliques)
    n = len(camp)
    ties = np.where(camp[:, None] == camp, 1, -1)

    def imbalance(signs):
        return -sum(
            signs[i, j] * signs[j, k] * signs[i, k] for i, j, k in combinations(range(n), 3)
        )

    now = imbalance(ties)
    if cliques == (3, 3, 3):
        assert now == -30
    worse = []
    for i, j in combinations(range(n), 2):
        changed = ties.copy()
        changed[i, j] = changed[j, i] = -ties[i, j]
        worse.append(imbalance(changed) > now)
    assert all(worse) == jammed
    # Two camps cannot satisfy three hostile cliques: the best joins the two smallest.
    a, b, c = cliques
    found = bg.alignments(bg.AlignmentGame(1, ties))
    small = sorted(cliques)[:2]
    assert found.energies[0] == -2 * (a * b + a * c + b * c - small[0] * small[1])


@pytest.fixture(scope="module")
def golden():
    return json.loads((DATA / "landscape_golden.json").read_text(encoding="utf-8"))


def check_minima(found, case, *, rounding=0.0):
    """Camps, basins, and energies, up to what propensities rounded by so much make of them."""
    expected = {
        (frozenset([frozenset(m["side1"]), frozenset(m["side2"])])): (m["energy"], m["basin"])
        for m in case["minima"]
    }
    assert len(found) == len(case["minima"])
    for k in range(len(found)):
        camps = frozenset(map(frozenset, found.camps(k)))
        energy, basin = expected[camps]
        first, second = (found.game.size[found.minima[k] == side].sum() for side in (0, 1))
        slack = 5e-7 + rounding * 2 * first * second
        assert found.energies[k] == pytest.approx(energy, abs=slack)
        assert found.basins[k] == basin


@needs_data
@pytest.mark.parametrize(
    ("name", "energy"), [("isis_2016", -83200), ("isis_2016_weak_syria", -65600)]
)
def test_axelrod_and_furnas_2016_middle_east(golden, name, energy):
    case = golden[name]
    game = bg.AlignmentGame(case["size"], case["propensity_minus2_to_2"], case["actors"])
    found = bg.alignments(game)
    assert found.energies.tolist() == [energy]
    assert found.basins.tolist() == [1024]
    check_minima(found, case)
    energies = [game.energy(sides) for sides in all_sides(11)]
    assert sum(energies) == case["sum_of_all_energies"]
    assert max(energies) == case["max_energy"]


@needs_data
def test_the_transcribed_cases_are_those_of_the_file(golden):
    powers, firms = golden["realist_great_powers_1936"], golden["unix_1988"]
    assert [float(size) for size in POWERS.values()] == powers["size"]
    assert [float(size) for size in FIRM_SIZES] == firms["size"]
    check_minima(
        bg.alignments(bg.AlignmentGame(map_text(powers["size"]), -1, powers["actors"])), powers
    )
    propensity = [[-1 if a == b else 0 for b in firms["type"]] for a in firms["type"]]
    game = bg.AlignmentGame(map_text(firms["size"]), propensity, firms["actors"])
    check_minima(bg.alignments(game), firms)


@needs_data
@pytest.mark.compiled
def test_axelrod_and_bennett_1993_seventeen_realist_nations(golden):
    case = golden["realist_17_1936"]
    game = bg.AlignmentGame(map_text(case["size"]), -1, case["actors"])
    found = bg.alignments(game)
    assert len(found) == case["recomputed_weak"] == 226
    spins = 1 - 2 * found.minima.astype(int)
    fields = spins.astype(object) @ game.integer_couplings
    strict = [all(worth > 0 for worth in row) for row in spins * fields]
    assert sum(strict) == case["recomputed_strict"] == 195


@needs_data
@pytest.mark.compiled
@pytest.mark.parametrize("coding", ["B", "G", "I"])
def test_europe_1936_reconstructed(golden, coding):
    """Our own codings, not Axelrod and Bennett's lost matrix; I was fitted to their result."""
    names = golden["realist_17_1936"]["actors"]
    case = golden[f"ab1936_reconstruction_{coding}"]
    propensity = {name: {} for name in names}
    path = DATA / "landscape_1936_reconstruction.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["coding"] == coding:
                propensity[row["nation1"]][row["nation2"]] = row["propensity"]
    found = bg.alignments(bg.AlignmentGame(map_text(case["size"]), propensity, names))
    check_minima(found, case, rounding=5e-5)  # the file has four decimals
    assert found.basins.sum() == 65536
    if coding == "I":
        published = {
            frozenset([frozenset(m["side1"]), frozenset(m["side2"])])
            for m in golden["ab1936_published"]["minima"]
        }
        assert {frozenset(map(frozenset, found.camps(k))) for k in (0, 1)} == published


def map_text(sizes):
    """Decimals as they are printed, not as floats."""
    return [repr(size) for size in sizes]
