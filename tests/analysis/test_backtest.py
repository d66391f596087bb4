"""The backtest on made data by hand, and on two centuries where the files are."""

from __future__ import annotations

import csv
import gzip
import json
import pickle
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

import balancegame as bg
from balancegame._progress import listening
from balancegame.errors import InvalidTypeError, MissingDataError, UnknownNameError

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "nmc.csv").exists(), reason="the project's data files are not beside the repository"
)
CODES = {"Britain": 200, "France": 220, "Germany": 255, "Russia": 365}
YEARS = range(1900, 1911)


def obligations(a, b, year, **kinds):
    flags = dict.fromkeys(("defense", "offense", "neutral", "nonagg", "consul"), 0)
    return {"ccode1": a, "ccode2": b, "year": year, **flags, **kinds}


@pytest.fixture
def data():
    """France and Russia allied from 1904, Britain and France talking; Germany fights France."""
    capabilities = [
        {"ccode": code, "year": year, "milex": power, "milper": 1, "irst": 1, "pec": 1, "tpop": 1,
         "upop": 1, "cinc": power / 100}
        for year in YEARS
        for code, power in zip(CODES.values(), (20, 15, 40, 25), strict=True)
    ]  # fmt: skip
    treaties = [obligations(200, 220, year, consul=1) for year in YEARS]
    for year in range(1904, 1911):
        treaties += [obligations(220, 365, year, defense=1), obligations(365, 220, year, defense=1)]
    powers = [{"ccode": code, "styear": 1816, "endyear": 1910} for code in CODES.values()]
    wars = [
        {"warnum": 1, "ccode": 255, "side": 1, "styear": 1907, "endyear": 1910, "initiator": 1},
        {"warnum": 1, "ccode": 220, "side": 2, "styear": 1907, "endyear": 1909, "initiator": 2},
        {"warnum": 1, "ccode": 365, "side": 2, "styear": 1910, "endyear": 1910, "initiator": 2},
    ]
    names = ("capabilities", "alliances", "major_powers", "wars")
    tables = (capabilities, treaties, powers, wars)
    return {name: pd.DataFrame(rows) for name, rows in zip(names, tables, strict=True)}


def test_worlds_games_and_forecasts(data):
    model = bg.BalancingModel(autonomy_loss="0.8", decisiveness=2)
    result = bg.backtest(**data, horizon=3)
    assert [one.year for one in result.years] == list(YEARS)
    for one in result.years:
        world = bg.world_from_data(
            one.year,
            "major powers",
            threat="Germany",
            capabilities=data["capabilities"],
            alliances=data["alliances"],
            major_powers=data["major_powers"],
        )
        assert one.powers == world.names
        assert one.threat == "Germany"
        assert one.kind == bg.polarity(world).kind
        found = [model.camps(world, p.actions) for p in bg.pure_nash(model.game(world))]
        assert one.equilibria == len(found) > 0
        rows = [r for r in result.forecasts if r.year == one.year]
        assert [(r.first, r.second) for r in rows] == list(combinations(world.names, 2))
        for row in rows:
            ours = [row.first in c.balancing and row.second in c.balancing for c in found]
            threats = [{c.threat, *c.bandwagoning} for c in found]
            theirs = [{row.first, row.second} <= camp for camp in threats]
            assert row.together == pytest.approx((sum(ours) + sum(theirs)) / len(found))
            across = [
                (row.first in c.balancing and row.second in camp)
                or (row.second in c.balancing and row.first in camp)
                for c, camp in zip(found, threats, strict=True)
            ]
            assert row.opposed == pytest.approx(sum(across) / len(found))


def test_what_happened(data):
    result = bg.backtest(**data, horizon=3)
    told = {(r.year, r.first, r.second): r for r in result.forecasts}
    for year in YEARS:
        allied = told[year, "France", "Russia"]
        assert allied.pact == (year >= 1904)
        known = year + 3 <= 1910 and year < 1904
        assert allied.new_pact == (year >= 1901 if known else None)
        fought = told[year, "France", "Germany"]
        assert fought.war == (1904 <= year <= 1906 if year + 3 <= 1910 else None)
        assert fought.pact is False
        # 1910 is within three years of 1907 only
        assert told[year, "Germany", "Russia"].war == (year == 1907 if year <= 1907 else None)
        assert told[year, "Britain", "Germany"].war == (False if year <= 1907 else None)


def test_scores_are_of_the_forecasts(data):
    result = bg.backtest(**data, horizon=3)
    table = result.to_frame()
    for event, said in (("pact", "together"), ("new pact", "together"), ("war", "opposed")):
        column = event.replace(" ", "_")
        rows = table[table[column].notna()]
        errors = (rows[said].astype(float) - rows[column].astype(float)) ** 2
        assert result.score(event).brier == pytest.approx(errors.mean())
        assert result.score(event).pairs == len(rows)
    with pytest.raises(UnknownNameError, match="unknown event 'peace'"):
        result.score("peace")


def test_options_reach_worlds_and_model(data):
    calm = bg.backtest(**data, model=bg.BalancingModel(cohesion=0), measure=None, power="milex")
    assert calm.parameters["measure"] is None
    assert calm.parameters["model"]["cohesion"] == 0
    few = bg.backtest(**data, years=[1905, 1900, 1905])
    assert [one.year for one in few.years] == [1900, 1905]


def test_the_same_numbers_every_time(data):
    assert bg.backtest(**data) == bg.backtest(**data)
    assert bg.backtest(**data, rng=1).years == bg.backtest(**data, rng=2).years


def test_a_result_can_be_kept_and_shown(data):
    result = bg.backtest(**data)
    assert pickle.loads(pickle.dumps(result)) == result
    told = json.loads(result.to_json())
    assert told["years"][0]["powers"] == list(CODES)
    assert len(told["forecasts"]) == len(result.forecasts)
    text = repr(result)
    assert "1900-1910 (11 years)" in text
    assert "base rate" in text
    assert "<table>" in result._repr_html_()
    assert len(result.to_frame("years")) == 11
    assert len(result.to_frame("scores")) == len(result.scores)
    with pytest.raises(UnknownNameError, match="unknown part"):
        result.to_frame("pairs")


def test_what_cannot_be_played(data):
    with pytest.raises(MissingDataError, match=r"capabilities have no rows of 1899"):
        bg.backtest(**data, years=[1899])
    with pytest.raises(InvalidTypeError, match="give the years to play"):
        bg.backtest(**data, years="1900")
    with pytest.raises(InvalidTypeError, match="model"):
        bg.backtest(**data, model={"cohesion": 0})
    with pytest.raises(bg.BalanceGameError, match="horizon"):
        bg.backtest(**data, horizon=0)
    empty = bg.backtest(**data, years=[])
    assert empty.scores == ()
    assert "no year played" in repr(empty)


def test_an_interrupted_backtest_keeps_its_years(data):
    def stop(task, done, total):
        if task == "years of the backtest" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(bg.SearchInterrupted) as caught, listening(stop):
        bg.backtest(**data)
    partial = caught.value.result
    assert not partial.complete
    assert [one.year for one in partial.years] == [1900, 1901, 1902]
    assert "interrupted" in repr(partial)


@pytest.fixture(scope="module")
def two_centuries():
    return bg.backtest(
        capabilities=DATA / "nmc.csv",
        alliances=DATA / "atop_dyadyears.csv.gz",
        major_powers=DATA / "majors.csv",
        wars=DATA / "wars.csv",
    )


@needs_data
def test_two_centuries_have_a_world_each_year(two_centuries):
    years = {one.year: one for one in two_centuries.years}
    assert sorted(years) == list(range(1816, 2017))
    assert all(one.equilibria for one in years.values())
    assert (years[1816].threat, years[1950].threat) == ("Britain", "United States")
    assert (years[1985].threat, years[2016].threat) == ("Soviet Union", "China")
    assert years[1950].kind == "bipolar"
    assert years[1907].kind == "multipolar"


@needs_data
def test_pacts_and_wars_of_two_centuries_are_the_files(two_centuries):
    with gzip.open(DATA / "atop_dyadyears.csv.gz", "rt") as file:
        owed = {
            (int(row["year"]), int(row["ccode1"]), int(row["ccode2"]))
            for row in csv.DictReader(file)
            if row["defense"] == "1"
        }
    with (DATA / "wars.csv").open() as file:
        begun: dict[tuple[int, int], dict[str, int]] = {}
        for row in csv.DictReader(file):
            wars = begun.setdefault((int(row["ccode1"]), int(row["ccode2"])), {})
            year = int(row["year"])
            wars[row["warnum"]] = min(year, wars.get(row["warnum"], year))
    for row in two_centuries.forecasts:
        a, b = (bg.state_code(name, row.year) for name in (row.first, row.second))
        pacts = [
            (year, a, b) in owed or (year, b, a) in owed for year in range(row.year, row.year + 6)
        ]
        assert row.pact == pacts[0]
        covered = not pacts[0] and row.year + 5 <= 2018
        assert row.new_pact == (any(pacts[1:]) if covered else None)
        starts = begun.get((a, b), {}).values()
        fights = any(row.year < start <= row.year + 5 for start in starts)
        assert row.war == (fights if row.year + 5 <= 2003 else None)


@needs_data
def test_what_two_centuries_say_of_the_model(two_centuries):
    """It does not beat the base rate; should that ever change, the docs must say so."""
    for event, pairs, happened in (
        ("pact", 3070, 777),
        ("new pact", 2251, 144),
        ("war", 2692, 178),
    ):
        score = two_centuries.score(event)
        assert (score.pairs, score.happened) == (pairs, happened)
        assert score.skill < 0
        assert not score.beats_base_rate
        assert abs(score.skill_calibrated) < 0.02
    together = {one.year: 1.0 for one in two_centuries.years if one.equilibria == 1}
    for row in two_centuries.forecasts:
        if row.together is not None and row.together < 1:
            together.pop(row.year, None)
    assert len(together) == 157  # all bandwagon, and nothing else
    assert "Germany" not in {one.threat for one in two_centuries.years}


@needs_data
def test_interests_alone_describe_pacts_and_forecast_neither_pacts_nor_wars(two_centuries):
    """The scores can tell skill from none: kappa is measured on the treaties themselves."""
    pact, new_pact, war = two_centuries.interests
    assert pact.beats_base_rate
    assert pact.skill_calibrated > 0.3
    assert not new_pact.beats_base_rate
    assert not war.beats_base_rate


def test_interests_are_scored_without_the_game(data):
    result = bg.backtest(**data, horizon=3)
    table = result.to_frame()
    war = next(one for one in result.interests if one.event == "war")
    rows = table[table["war"].notna()]
    errors = ((1 - rows["parallelism"]) / 2 - rows["war"].astype(float)) ** 2
    assert war.brier == pytest.approx(errors.mean())
    assert len(result.to_frame("interests")) == 3
    assert bg.backtest(**data, measure=None).interests == ()


def test_years_without_a_pure_equilibrium_are_not_scored(data, monkeypatch):
    monkeypatch.setattr("balancegame.analysis.backtest.pure_nash", lambda game: [])
    result = bg.backtest(**data)
    assert {one.equilibria for one in result.years} == {0}
    assert all(one.together is None and one.opposed is None for one in result.forecasts)
    assert result.scores == ()
    assert "11 years without a pure equilibrium are not scored" in repr(result)
