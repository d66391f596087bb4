"""States by name and code, and the dates at which one becomes another."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import InvalidTypeError, UnknownStateError
from balancegame.world.data.state_names import names_of_states

DATA = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("Germany", 1850, 255), ("Prussia", 1850, 255), ("Germany", 1938, 255),
        ("Germany", 1990, 255), ("Germany", 2016, 255), ("West Germany", 1970, 260),
        ("West Germany", 1990, 260), ("East Germany", 1970, 265), ("GDR", 1970, 265),
        ("Federal Republic of Germany", 1970, 260), ("Federal Republic of Germany", 2000, 255),
        ("Russia", 1913, 365), ("Soviet Union", 1938, 365), ("Russia", 1938, 365),
        ("USSR", 1970, 365), ("Russia", 2016, 365), ("Austria", 1850, 300), ("Austria", 1913, 300),
        ("Austria-Hungary", 1913, 300), ("Austria", 1919, 305), ("Austria", 1938, 305),
        ("Ottoman Empire", 1913, 640), ("Turkey", 1913, 640), ("Turkey", 1938, 640),
        ("Sardinia", 1859, 325), ("Italy", 1871, 325), ("Serbia", 1913, 345),
        ("Yugoslavia", 1938, 345), ("Serbia", 2010, 345), ("Korea", 1900, 730),
        ("South Korea", 1970, 732), ("North Vietnam", 1970, 816), ("Vietnam", 1990, 816),
        ("South Vietnam", 1970, 817), ("  united   kingdom ", 1900, 200), ("UK", 1900, 200),
        ("Antigua and Barbuda", 2000, 58), ("Antigua & Barbuda", 2000, 58),
    ],
)  # fmt: skip
def test_codes(name, year, code):
    assert bg.state_code(name, year) == code


@pytest.mark.parametrize(
    ("name", "year", "said"),
    [
        ("Germany", 1970, r"255 to 1945 and from 1990\); did you mean '(West|East) Germany' or"),
        ("West Germany", 1938, r"260 1949-1990\)"),
        ("Soviet Union", 2000, r"365 1922-1991\); did you mean 'Russia'"),
        ("Austria-Hungary", 1938, r"300 to 1918\)"),
        ("Korea", 1950, "'North Korea' or 'South Korea'"),
        ("Ottoman Empire", 1950, "did you mean 'Turkey'"),
        ("Gremany", 1938, "did you mean 'Germany'"),
        ("Zzzz", 1938, "no state was called 'Zzzz' in 1938"),
        ("", 1938, "no state was called '' in 1938"),
    ],
)
def test_names_no_state_had(name, year, said):
    with pytest.raises(UnknownStateError, match=said):
        bg.state_code(name, year)


@pytest.mark.parametrize(
    ("code", "year", "said"),
    [
        (256, 1938, "unknown state code 256; the nearest are .*255 Germany"),
        (260, 1938, r"no state has the code 260 in 1938 \(West Germany 1949-1990\)"),
        (255, 1970, r"Prussia to 1870, Germany 1871-1945, Germany from 1990"),
        (10**30, 1938, "unknown state code"),
    ],
)
def test_codes_no_state_had(code, year, said):
    with pytest.raises(UnknownStateError, match=said):
        bg.state_name(code, year)


def test_what_is_no_name_or_code():
    with pytest.raises(InvalidTypeError, match="give its name as text"):
        bg.state_code(255, 1938)
    with pytest.raises(InvalidTypeError, match="whole number"):
        bg.state_name("Germany", 1938)
    with pytest.raises(InvalidTypeError, match="year"):
        bg.state_code("Germany", "1938")


@given(st.sampled_from(names_of_states()), st.integers(1816, 2030))
def test_names_and_codes_are_inverse(entry, year):
    if not entry.first <= year <= entry.last:
        return
    assert bg.state_name(entry.code, year) == entry.name
    for name in (entry.name, *entry.aliases):
        assert bg.state_code(name, year) == entry.code
        assert bg.state_code(name.upper(), year) == entry.code


@given(st.text(max_size=30), st.integers(0, 3000))
def test_any_text_is_a_state_or_refused(name, year):
    with contextlib.suppress(UnknownStateError):
        assert isinstance(bg.state_code(name, year), int)


def test_the_names_of_the_bundled_scenarios_are_known():
    for scenario in bg.scenario_names():
        if scenario == "golden-3":
            continue
        year = int(scenario.rsplit("-", 1)[1])
        for name in bg.load_scenario(scenario).names:
            assert bg.state_name(bg.state_code(name, year), year) == name


@pytest.mark.skipif(not (DATA / "states.csv").exists(), reason="the shared data are not there")
def test_every_state_of_the_system_has_a_name_while_it_was_a_member():
    with (DATA / "states.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = int(row["ccode"])
            for year in range(int(row["styear"]), int(row["endyear"]) + 1):
                assert bg.state_code(bg.state_name(code, year), year) == code
            if row["statenme"] != "Vietnam":  # two states by that name
                assert bg.state_code(row["statenme"], int(row["endyear"])) == code
