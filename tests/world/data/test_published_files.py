"""The readers on the real files, where they lie beside the repository: what is known of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

import balancegame as bg

DATA = Path(__file__).parents[3].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (DATA / "nmc.csv").exists(), reason="the project's data files are not beside the repository"
)


@pytest.fixture(scope="module")
def capabilities():
    return bg.read_capabilities(DATA / "nmc.csv")


@pytest.fixture(scope="module")
def atop():
    return bg.read_atop(DATA / "atop_dyadyears.csv.gz")


def test_capabilities(capabilities):
    assert len(capabilities) == 17_121
    assert (capabilities["year"].min(), capabilities["year"].max()) == (1816, 2022)
    missing = {"milex": 2_360, "upop": 68, "milper": 456, "irst": 26, "pec": 448, "cinc": 0}
    assert capabilities[list(missing)].isna().sum().to_dict() == missing


def test_cinc_is_reproduced_to_one_in_a_million(capabilities):
    error = (bg.cinc(capabilities) - capabilities["cinc"]).abs()
    assert error.max() <= 1e-6
    assert error.notna().all()


def test_atop(atop):
    assert len(atop) == 273_296
    counts = {
        "defense": 137_762, "offense": 6_342, "neutral": 4_465, "nonagg": 261_838,
        "consul": 131_332,
    }  # fmt: skip
    assert atop[list(counts)].sum().to_dict() == counts
    assert not atop.isna().any().any()


def test_membership_and_major_powers(capabilities):
    states = bg.read_system_membership(DATA / "states.csv")
    assert len(states) == 243
    sizes = {1871: 36, 1914: 45, 1938: 66, 1970: 134, 2016: 195}
    for year, size in sizes.items():
        members = bg.system_members(states, year)
        assert len(members) == size
        rows = capabilities.loc[capabilities["year"] == year, "ccode"]
        assert members == tuple(sorted(rows))
    powers = bg.read_major_powers(DATA / "majors.csv")
    assert bg.major_powers(powers, 1907) == (2, 200, 220, 255, 300, 325, 365, 740)
    assert bg.major_powers(powers, 1970) == (2, 200, 220, 365, 710)


def test_rivalries():
    frame = bg.read_rivalries(DATA / "rivalries.csv")
    assert len(frame) == 265  # 264, and one that runs over the end of Austria-Hungary
    austrian = frame[(frame[["ccode1", "ccode2"]] == 305).any(axis=1)]
    assert (austrian["start"] > 1918).all()
    assert not ((frame[["ccode1", "ccode2"]] == 300).any(axis=1) & (frame["end"] > 1918)).any()


def test_contiguity():
    frame = bg.read_contiguity(DATA / "contiguity.csv")
    assert len(frame) == 1_874
    germany = bg.contiguity_in(frame, 1930, 255)
    borders = {code for code, kind in germany.items() if kind == 1}
    assert borders == {210, 211, 212, 220, 225, 290, 305, 315, 368, 390}


def test_wars_are_the_337_participations_in_95_wars():
    frame = bg.read_wars(DATA / "wars.csv")
    assert frame["warnum"].nunique() == 95
    participations = frame.drop_duplicates(["warnum", "ccode", "side"])
    assert len(participations) == 337
    names = pd.read_csv(DATA / "war_names.csv").set_index("warnum")
    spans = frame.groupby("warnum").agg(first=("styear", "min"), last=("endyear", "max"))
    assert (spans["first"] == names["styear"]).all()
    assert (spans["last"] == names["endyear"]).all()
    pairs = bg.war_opponents(frame)
    years = pd.read_csv(DATA / "wars.csv")
    both = years[years["ccode1"] < years["ccode2"]]
    grouped = both.groupby(["warnum", "ccode1", "ccode2"])["year"]
    expected = grouped.agg(["min", "max"]).reset_index()
    assert not set(expected.itertuples(index=False, name=None)) - set(
        pairs.itertuples(index=False, name=None)
    )
    # by participants' years, a state that left a war meets one that joined it in the same year
    assert len(pairs) == len(expected) + 23
    exact = bg.war_opponents(DATA / "wars.csv")
    assert exact.to_numpy().tolist() == expected.to_numpy().tolist()


def test_signorino_ritter_1999_table_6():
    golden = json.loads((DATA / "s_score_golden.json").read_text(encoding="utf-8"))["table6_1914"]
    rows, weights = [golden["GMY"], golden["RUS"]], golden["weight"]
    assert bg.s_score(rows)[0, 1] == pytest.approx(golden["fpsim"]["S_unweighted"], abs=1e-12)
    assert bg.s_score(rows, weights)[0, 1] == pytest.approx(
        golden["fpsim"]["S_weighted"], abs=1e-12
    )
    assert bg.tau_b(rows)[0, 1] == pytest.approx(golden["fpsim"]["tau_b"], abs=5e-9)
    assert bg.tau_b(rows)[0, 1] == pytest.approx(kendalltau(*rows).statistic, abs=1e-12)
    assert bg.kappa(rows)[0, 1] == pytest.approx(golden["fpsim"]["cohen_kappa_quadratic"], abs=5e-9)


def test_signorino_ritter_1999_table_7_portfolios():
    golden = json.loads((DATA / "s_score_golden.json").read_text(encoding="utf-8"))["table7_1947"]
    for pair, scores in golden["recomputed"].items():
        rows = [golden[state] for state in pair.split("-")]
        votes = [golden["un_votes"][state] for state in pair.split("-")]
        assert bg.s_score(rows)[0, 1] == pytest.approx(scores["S_unweighted"], abs=5e-9)
        assert bg.s_score(rows, golden["weight"])[0, 1] == pytest.approx(
            scores["S_weighted"], abs=5e-9
        )
        assert bg.s_score(votes, scale=(1, 3))[0, 1] == pytest.approx(
            scores["S_un_votes"], abs=5e-9
        )


@pytest.mark.parametrize(
    ("step", "expected"), [(15, 1_341), pytest.param(1, 4_089, marks=pytest.mark.thorough)]
)
def test_s_scores_of_1816_to_2010(capabilities, atop, step, expected):
    """The rows of the sample, by both rankings, weighted and not; six decimals."""
    sample = pd.read_csv(DATA / "s_scores_sample.csv")
    sample = sample[(sample["scope"] == "europe") | (sample["year"] % step == 0)]
    rankings = {
        "": None,
        "_atop": {"defense": 3, "offense": 3, "neutral": 2, "consul": 2, "nonagg": 1},
    }
    power = dict(tuple(capabilities.groupby("year")))
    treaties = dict(tuple(atop.groupby("year")))
    checked, worst = 0, 0.0
    for (scope, year), rows in sample.groupby(["scope", "year"]):
        here = power[year].set_index("ccode")["cinc"].sort_index()
        if scope == "europe":
            here = here[((here.index >= 200) & (here.index <= 399)) | (here.index == 640)]
        system = list(here.index)
        assert (rows["n_states"] == len(system)).all()
        place = {code: k for k, code in enumerate(system)}
        first, second = (rows[f"ccode{k}"].map(place).to_numpy() for k in (1, 2))
        for suffix, ranks in rankings.items():
            matrix = bg.alliance_portfolios(treaties[year], year, system, ranks=ranks)
            assert (matrix[first, second] == rows[f"v12{suffix}"]).all()
            for column, weights in ((f"s_un{suffix}", None), (f"s_wt{suffix}", here.to_numpy())):
                scores = bg.s_score(matrix, weights)[first, second]
                worst = max(worst, float(np.abs(scores - rows[column]).max()))
        checked += len(rows)
    assert checked == expected
    assert worst <= 1e-6
