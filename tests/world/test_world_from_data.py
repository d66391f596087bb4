"""Worlds from data: made samples everywhere, and the bundled scenarios from the real files."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import balancegame as bg
from balancegame.errors import (
    InvalidPowerError,
    InvalidTypeError,
    MissingDataError,
    MissingThreatError,
    UnknownMeasureError,
    UnknownNameError,
    UnknownStateError,
)
from tests.world.data import samples

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "nmc.csv").exists(), reason="the project's data files are not beside the repository"
)


def made(text):
    return pd.read_csv(io.StringIO(text))


FRAMES = {
    "capabilities": made(samples.CAPABILITIES),
    "alliances": made(samples.ATOP),
    "membership": made(samples.STATES),
    "major_powers": made(samples.MAJORS),
    "contiguity": made(samples.CONTIGUITY),
    "rivalries": made(samples.RIVALRIES),
}
EARLY = FRAMES["alliances"][FRAMES["alliances"]["year"] == 1900]
STATES = ["Britain", "France", "Germany"]


def world(states=STATES, year=1900, **options):
    return bg.world_from_data(year, states, **{**FRAMES, "threat": "Germany", **options})


def test_power_interests_and_exposure_by_hand():
    found = world(power="milex", measure="s", exposure="contiguity")
    assert found.names == tuple(STATES)
    assert found.power.tolist() == [60, 30, 90]
    assert found.threat == "Germany"
    # over Britain, France, Germany, Austria: B = 3 3 1 0, F = 3 3 0 0, G = 0 0 3 2
    assert found.parallelism[0].tolist() == pytest.approx([1, 1 - 2 / 12, 1 - 2 * 10 / 12])
    assert found.parallelism[1, 2] == pytest.approx(1 - 2 * 11 / 12)
    assert found.exposure.tolist() == [0.5, 1.0, 0.5]  # only France borders on Germany
    assert found.power_measure.startswith("military expenditure")


def test_measures_are_those_of_the_portfolios():
    system = [200, 220, 255, 300]
    rows = bg.alliance_portfolios(FRAMES["alliances"], 1900, [200, 220, 255], system)
    cinc = [0.3, 0.2, 0.4, 0.1]
    for name, measure in {
        "kappa": bg.kappa, "s": bg.s_score, "s_score": bg.s_score, "tau_b": bg.tau_b,
    }.items():  # fmt: skip
        assert np.allclose(world(measure=name).parallelism, measure(rows), atol=1e-12)
        weighted = world(measure=name, weights="cinc").parallelism
        assert np.allclose(weighted, measure(rows, cinc), atol=1e-12)
    given = dict(zip(system, cinc, strict=True))
    assert np.allclose(world(weights=given).parallelism, bg.kappa(rows, cinc), atol=1e-12)
    assert (world(measure=None).parallelism == np.eye(3)).all()


def test_pi_scores_are_projected_where_they_must_be_and_it_is_said():
    ones = [[3, 3, 3], [2, 3, 0], [0, 0, 3]]
    codes = [200, 220, 255]
    none = dict.fromkeys(("defense", "offense", "neutral", "nonagg", "consul"), 0)
    owed = pd.DataFrame(
        [
            {"ccode1": a, "ccode2": b, "year": 1900, **none}
            | {{3: "defense", 2: "neutral", 0: "consul"}[rank]: int(rank > 0)}
            for a, row in zip(codes, ones, strict=True)
            for b, rank in zip(codes, row, strict=True)
            if a != b
        ]
    )
    rows = bg.alliance_portfolios(owed, 1900, codes)
    assert rows.tolist() == ones
    raw = bg.pi_score(rows)
    assert np.linalg.eigvalsh(raw)[0] < -1e-6
    found = world(alliances=owed, measure="pi", system=codes)
    assert np.allclose(found.parallelism, bg.pi_score(rows, project=True), atol=1e-12)
    assert np.linalg.eigvalsh(found.parallelism)[0] > -1e-10
    assert any("nearest correlation matrix" in line for line in found.sources)
    calm = world(measure="pi")
    assert not any("nearest correlation matrix" in line for line in calm.sources)


def test_states_by_code_name_and_list():
    by_code = world([200, 220, 255], threat=255)
    assert by_code == world()
    assert world(["UK", "France", "Germany"]).names == ("UK", "France", "Germany")
    assert world(["Britain", "Austria-Hungary"], threat=None, power="cinc").power[1] == 0.1
    powers = world("major powers", threat=255)
    assert powers.names == ("Britain", "Germany")
    assert "Major Powers" in powers.sources[0]


def test_the_system_changes_the_portfolios():
    wide, narrow = world(), world(system=["Britain", "France", "Germany"])
    assert not np.allclose(wide.parallelism, narrow.parallelism)
    assert np.allclose(world(system="europe").parallelism, wide.parallelism)
    assert np.allclose(world(membership=None).parallelism, wide.parallelism)


def test_exposure_in_its_forms():
    assert world(exposure="rivalry").exposure.tolist() == [0.5, 1.0, 0.5]
    levels = {0: 0.25, 1: 0.75}
    assert world(exposure="rivalry", exposure_levels=levels).exposure.tolist() == [0.25, 0.75, 0.25]
    by_water = world(exposure="contiguity", threat="France", exposure_levels={4: 0.9})
    assert by_water.exposure.tolist() == [0.9, 0.5, 1.0]
    assert world(exposure={"Britain": 2, "France": 1}).exposure.tolist() == [2, 1, 1]


def test_powers_of_ones_own():
    found = world(power=[1, "1/3", 2], capabilities=None, measure=None)
    assert found.power.tolist() == [1, 1 / 3, 2]
    assert found.sources == ("power: given by the user",)
    assert world(power={"Germany": 3, "France": 2, "Britain": 1}).power.tolist() == [1, 2, 3]


def test_sources_name_the_data_and_the_file(tmp_path):
    path = tmp_path / "my capabilities.csv"
    path.write_text(samples.CAPABILITIES)
    found = world(capabilities=path, exposure="rivalry")
    text = "\n".join(found.sources)
    for words in ("Singer, Bremer & Stuckey (1972)", "my capabilities.csv (SHA-256 ", "Leeds",
                  "kappa, unweighted, over 4 states: all of the year", "1900", "a DataFrame",
                  "State System Membership", "exposure (rivalry, 0: 0.5, 1: 1)"):  # fmt: skip
        assert words in text


def test_a_file_name_cannot_steer_a_terminal(tmp_path):
    path = tmp_path / "a\x1b[2J.csv"
    path.write_text(samples.CAPABILITIES)
    assert not any("\x1b" in line for line in world(capabilities=path).sources)


def test_a_world_from_data_is_a_world(tmp_path):
    found = world(exposure="contiguity", title="Made up")
    assert pickle.loads(pickle.dumps(found)) == found
    file = tmp_path / "made-up.toml"
    file.write_text(found.to_toml(), encoding="utf-8")
    assert bg.load_scenario(file) == found
    assert bg.pure_nash(bg.BalancingModel().game(found)).complete


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"capabilities": None}, MissingDataError, "power needs capabilities="),
        ({"alliances": None}, MissingDataError, "measure='kappa' needs alliances="),
        ({"year": 1800}, MissingDataError, "no member of the state system in 1800"),
        ({"year": 1800, "membership": None}, MissingDataError, "run from 1900 to 1901"),
        ({"year": 1901}, MissingDataError, "power: there is no row of state 220 in 1901"),
        ({"power": "milper"}, MissingDataError, "power: there is no milper of 220 in 1900"),
        ({"weights": "upop"}, MissingDataError, "weights: there is no upop of 255 in 1900"),
        ({"weights": {200: 1}}, MissingDataError, "no entry for state 220"),
        ({"weights": [1, 2]}, InvalidTypeError, "name a measure of power"),
        (
            {"year": 1901, "states": ["Britain"], "threat": None, "alliances": EARLY},
            MissingDataError,
            "alliances have no rows of 1901; they run from 1900 to 1900",
        ),
        ({"power": "gdp"}, UnknownMeasureError, "unknown measure in power 'gdp'"),
        ({"measure": "cohen"}, UnknownMeasureError, "known: kappa, s, pi, tau_b"),
        ({"exposure": "fear"}, UnknownMeasureError, "known: contiguity, rivalry"),
        ({"exposure": "contiguity", "contiguity": None}, MissingDataError, "needs contiguity="),
        ({"exposure": "rivalry", "threat": None}, MissingThreatError, "give threat="),
        ({"exposure": "rivalry", "exposure_levels": {2: 1}}, UnknownNameError, "types are 0, 1"),
        ({"threat": "Spain"}, UnknownStateError, r"the threat Spain \(230\) is not among"),
        ({"threat": 365}, UnknownStateError, r"the threat Russia \(365\) is not among"),
        ({"states": ["Germany", "Prussia"], "year": 1870}, UnknownStateError, "and 'Prussia'"),
        ({"states": ["Germany", 255]}, UnknownStateError, "lists 255 twice"),
        ({"states": "great powers"}, UnknownNameError, "did you mean 'major powers'"),
        ({"states": "major powers", "major_powers": None}, MissingDataError, "needs major_powers"),
        ({"states": []}, InvalidTypeError, "sequence of names or codes"),
        ({"states": ["Britain", "Germany", "Spain"]}, MissingDataError, "not a member"),
        ({"states": [200, 255.0]}, InvalidTypeError, "whole number"),
        ({"system": "asia"}, UnknownNameError, "known: world, europe"),
        ({"system": [200, 255]}, UnknownStateError, r"France \(220\) is not in the system"),
        ({"states": [300, 255], "power": "milex"}, InvalidPowerError, "power of Austria-Hungary"),
        ({"year": "1900"}, InvalidTypeError, "year"),
    ],
)
def test_what_cannot_be_made(options, error, said):
    with pytest.raises(error, match=said):
        world(**options)


SCENARIOS = [name for name in bg.scenario_names() if name != "golden-3"]


@pytest.fixture(scope="module")
def files():
    return {
        "capabilities": bg.read_capabilities(DATA / "nmc.csv"),
        "alliances": bg.read_atop(DATA / "atop_dyadyears.csv.gz"),
        "membership": bg.read_system_membership(DATA / "states.csv"),
    }


@needs_data
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_bundled_scenarios_are_what_the_data_say(name, files):
    region, year = name.rsplit("-", 1)
    system = "europe" if region == "europe" else "world"
    if name == "pacific-2016":
        system = [
            code
            for code in bg.system_members(files["membership"], 2016)
            if 700 <= code <= 999 or code in (2, 365)
        ]
    bundled = bg.load_scenario(name)
    power = "milex" if name == "unipolar-2000" else "cinc"
    found = bg.world_from_data(
        int(year), bundled.names, threat=bundled.threat, system=system, power=power, **files
    )
    assert found.names == bundled.names
    assert found.threat == bundled.threat
    np.testing.assert_allclose(found.power, bundled.power, rtol=5e-4)
    np.testing.assert_allclose(found.parallelism, bundled.parallelism, atol=1e-12)


@needs_data
def test_every_year_has_a_world_of_major_powers(files):
    powers = bg.read_major_powers(DATA / "majors.csv")
    for year in (1816, 1871, 1914, 1919, 1939, 1945, 1950, 1991, 2016):
        found = bg.world_from_data(year, "major powers", major_powers=powers, **files)
        assert len(found.names) == len(bg.major_powers(powers, year))
        assert np.linalg.eigvalsh(found.parallelism)[0] >= -1e-10
