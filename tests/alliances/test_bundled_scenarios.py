"""What the bundled scenarios say, as they stand, and that their facts are the data's."""

from __future__ import annotations

import csv
import gzip
import math
from pathlib import Path

import numpy as np
import pytest

import balancegame as bg

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "nmc.csv").exists(), reason="the project's data files are not beside the repository"
)


def solved(name, **changes):
    world = bg.load_scenario(name)
    model = bg.load_model(name).replace(**changes)
    result = bg.pure_nash(model.game(world))
    camps = [model.camps(world, found.actions) for found in result]
    return world, {
        (frozenset(one.balancing), frozenset(one.bandwagoning)): (one.prevailing, found.margin)
        for one, found in zip(camps, result, strict=True)
    }


def test_the_bundle():
    assert set(bg.scenario_names()) == {
        "cold-war-1950",
        "cold-war-1970",
        "europe-1853",
        "europe-1871",
        "europe-1907",
        "europe-1913",
        "europe-1936",
        "europe-1938",
        "europe-1939",
        "golden-3",
        "pacific-1938",
        "pacific-2016",
        "unipolar-2000",
    }


def test_1938_britain_and_the_soviet_union_balance_and_the_rest_pass_the_buck():
    world, found = solved("europe-1938")
    assert world.states == (
        "Britain",
        "France",
        "Soviet Union",
        "Poland",
        "Italy",
        "Czechoslovakia",
    )
    assert world.threat == "Germany"
    assert set(found) == {(frozenset({"Britain", "Soviet Union"}), frozenset())}
    ((pi, margin),) = found.values()
    assert round(pi, 2) == 0.67
    assert round(margin, 4) == 0.0018


def test_1939_two_equilibria():
    world, found = solved("europe-1939")
    assert world.states == ("Britain", "France", "Soviet Union", "Poland", "Italy")
    balancing = frozenset({"Britain", "Soviet Union"})
    rest = frozenset(world.states) - balancing
    everyone = frozenset(world.states)
    assert set(found) == {(balancing, rest), (frozenset(), everyone)}
    assert round(found[balancing, rest][0], 2) == 0.52


def test_1913_two_equilibria():
    world, found = solved("europe-1913")
    assert world.states == ("Britain", "France", "Russia", "Italy", "Austria-Hungary")
    balancing = frozenset({"France", "Russia"})
    assert set(found) == {(balancing, frozenset()), (frozenset(), frozenset(world.states))}
    assert round(found[balancing, frozenset()][0], 2) == 0.61


@pytest.mark.parametrize(
    ("name", "expected"),
    {
        "europe-1853": {(("Britain",), ()): 0.82},
        "europe-1871": {(("Britain",), ()): 0.80},
        "europe-1907": {(("France", "Russia"), ()): 0.63, ((), "everyone"): 0.0},
        "europe-1936": {(("Soviet Union",), ("Czechoslovakia",)): 0.62, ((), "everyone"): 0.0},
        "pacific-1938": {(("United States",), ()): 0.89, (("Soviet Union",), ()): 0.89},
        "cold-war-1970": {
            (
                ("United States",),
                ("Britain", "France", "West Germany", "Italy", "Japan"),
            ): 0.44
        },
    }.items(),
)
def test_scenarios_made_from_the_data_sets(name, expected):
    world, found = solved(name)
    wanted = {
        (
            frozenset(balancing),
            frozenset(world.states if bandwagoning == "everyone" else bandwagoning),
        ): pi
        for (balancing, bandwagoning), pi in expected.items()
    }
    assert {camps: round(pi, 2) for camps, (pi, _) in found.items()} == wanted


@pytest.mark.parametrize("name", ["europe-1913", "europe-1938", "europe-1939"])
def test_with_less_autonomy_at_stake_everyone_bandwagons(name):
    world, found = solved(name, autonomy_loss="0.6")
    assert set(found) == {(frozenset(), frozenset(world.states))}


def test_the_europe_models_are_those_of_the_published_runs():
    for name in ("europe-1913", "europe-1938", "europe-1939"):
        assert bg.load_model(name) == bg.BalancingModel(autonomy_loss="0.8", decisiveness=2)


def test_under_unipolarity_balancing_is_suspended():
    world, found = solved("unipolar-2000")
    assert bg.polarity(world).kind == "unipolar"
    assert set(found) == {(frozenset(), frozenset(world.states))}


COW = {
    "United States": 2,
    "Britain": 200,
    "France": 220,
    "Germany": 255,
    "Poland": 290,
    "Austria-Hungary": 300,
    "Czechoslovakia": 315,
    "Italy": 325,
    "Yugoslavia": 345,
    "Russia": 365,
    "Soviet Union": 365,
    "China": 710,
    "South Korea": 732,
    "Japan": 740,
    "India": 750,
    "Australia": 900,
}
EXACT = (  # the others are rounded to four digits; see tests/world/test_world_from_data.py
    "cold-war-1950",
    "europe-1913",
    "europe-1938",
    "europe-1939",
    "pacific-2016",
    "unipolar-2000",
)
SYSTEMS = {
    "europe": lambda code: 200 <= code <= 399 or code == 640,
    "cold-war": lambda _: True,
    "unipolar": lambda _: True,
    "pacific": lambda code: 700 <= code <= 999 or code in (2, 365),
}


@needs_data
@pytest.mark.parametrize("name", EXACT)
def test_facts_equal_the_data_sets(name):
    region, year = name.rsplit("-", 1)
    with (DATA / "nmc.csv").open() as file:
        rows = {int(r["ccode"]): r for r in csv.DictReader(file) if r["year"] == year}
    for measure in ("cinc", "milex"):
        if region == "europe" and measure == "milex":
            continue
        world = bg.load_scenario(name, power=measure)
        expected = [float(rows[COW[state]][measure]) for state in world.names]
        assert world.power.tolist() == expected
    system = {code: k for k, code in enumerate(c for c in rows if SYSTEMS[region](c))}
    portfolios = np.zeros((len(system), len(system)))
    np.fill_diagonal(portfolios, 3)
    with gzip.open(DATA / "atop_dyadyears.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            a, b = int(row["ccode1"]), int(row["ccode2"])
            if row["year"] == year and a in system and b in system:
                portfolios[system[a], system[b]] = _rank(row)
    expected = _naive_kappa(portfolios[[system[COW[state]] for state in world.names]])
    np.testing.assert_allclose(world.parallelism, expected, atol=1e-12)
    if region == "europe":
        assert len(system) == {"1913": 19, "1938": 29, "1939": 28}[year]


def _rank(row):
    for rank, kinds in ((3, ("defense", "offense")), (2, ("neutral", "nonagg")), (1, ("consul",))):
        if any(row[kind] == "1" for kind in kinds):
            return rank
    return 0


def _naive_kappa(rows):
    n = rows.shape[1]
    matrix = np.eye(len(rows))
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            spread = ((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()
            spread += n * (a.mean() - b.mean()) ** 2
            matrix[i, j] = 1 - ((a - b) ** 2).sum() / spread
            assert math.isfinite(matrix[i, j])
    return matrix
