"""Each reader on made samples in the published layouts, and on samples with something wrong."""

from __future__ import annotations

import contextlib
import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import DataFormatError, InvalidTypeError, MissingDataError
from tests.world.data import samples

READERS = {
    bg.read_capabilities: samples.CAPABILITIES,
    bg.read_system_membership: samples.STATES,
    bg.read_major_powers: samples.MAJORS,
    bg.read_atop: samples.ATOP,
    bg.read_rivalries: samples.RIVALRIES,
    bg.read_contiguity: samples.CONTIGUITY,
    bg.read_wars: samples.WARS,
}
every_reader = pytest.mark.parametrize(
    ("read", "text"), READERS.items(), ids=lambda one: getattr(one, "__name__", "")
)


@pytest.fixture
def write(tmp_path):
    def written(text, name="made-up.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return written


@every_reader
def test_what_a_reader_returns_reads_back_unchanged(read, text, write):
    frame = read(write(text))
    assert len(frame)
    pd.testing.assert_frame_equal(read(frame), frame)
    assert frame.attrs["balancegame_source"]["name"] == "made-up.csv"
    assert len(frame.attrs["balancegame_source"]["sha256"]) == 64


@every_reader
def test_a_frame_as_pandas_reads_the_file_gives_the_same(read, text, write):
    path = write(text.replace("\r", "\n"))
    plain = pd.read_csv(path)
    expected = read(path)
    pd.testing.assert_frame_equal(read(plain), expected)
    assert read(plain).attrs["balancegame_source"]["name"] == "a DataFrame"


@every_reader
def test_headings_may_be_in_any_case_and_order(read, text, write):
    path = write(text.replace("\r", "\n"))
    turned = pd.read_csv(path, dtype=str, keep_default_na=False).iloc[:, ::-1]
    turned.columns = [f" {name.upper()} " for name in turned.columns]
    pd.testing.assert_frame_equal(read(turned), read(path))


@every_reader
def test_gzipped_files_too(read, text, write, tmp_path):
    packed = tmp_path / "made-up.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    pd.testing.assert_frame_equal(read(packed), read(write(text)))


@every_reader
def test_a_column_that_is_not_there_is_named(read, text, write):
    lines = text.replace("\r", "\n").splitlines()
    heading = lines[0].split(",")
    code = next(
        name for name in heading if name.lower() in ("ccode", "ccode1", "statea", "state1no")
    )
    without = write("\n".join([lines[0].replace(code, "spam", 1), *lines[1:]]))
    with pytest.raises(DataFormatError, match=r"made-up\.csv, line 1: no column ccode1?;.*spam"):
        read(without)


@every_reader
def test_a_cell_that_is_no_number_is_found(read, text, write):
    lines = text.replace("\r", "\n").splitlines()
    heading = [name.lower() for name in lines[0].split(",")]
    place = next(
        heading.index(n) for n in ("ccode", "ccode1", "statea", "state1no") if n in heading
    )
    cells = lines[2].split(",")
    cells[place] = "22O"
    broken = write("\n".join([*lines[:2], ",".join(cells), *lines[3:]]))
    with pytest.raises(
        DataFormatError, match=r"line 3, column ccode1?: expected a whole number, found '22O'"
    ):
        read(broken)


@every_reader
def test_rows_of_another_width_are_found(read, text, write):
    lines = text.replace("\r", "\n").splitlines()
    with pytest.raises(
        DataFormatError, match=rf"line 2: {len(lines[1].split(',')) + 1} cells under"
    ):
        read(write("\n".join([lines[0], lines[1] + ",7", *lines[2:]])))


@every_reader
@pytest.mark.parametrize("cut", ["", "heading"])
def test_files_without_rows(read, text, write, cut):
    with pytest.raises(DataFormatError, match=r"is empty|no rows"):
        read(write(text.replace("\r", "\n").split("\n")[0] if cut else ""))
    with pytest.raises(DataFormatError, match="no rows"):
        read(pd.DataFrame({"ccode": []}))


@every_reader
def test_what_is_no_source(read, text):
    with pytest.raises(InvalidTypeError, match="path or a pandas DataFrame"):
        read([[1, 2], [3, 4]])


@given(st.binary(max_size=200))
def test_no_bytes_break_a_reader(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("noise") / "noise.csv"
    path.write_bytes(b"ccode,year,milex,milper,irst,pec,tpop,upop\n" + content)
    with contextlib.suppress(DataFormatError):
        assert len(bg.read_capabilities(path))


def test_capabilities_have_missing_values_for_their_codes(write):
    frame = bg.read_capabilities(write(samples.CAPABILITIES))
    assert frame["milex"].tolist() == [60, 30, 90, 0, 61]
    assert frame["milper"].isna().tolist() == [False, True, False, False, False]
    assert frame["upop"].isna().tolist() == [False, False, True, False, False]
    assert str(frame["ccode"].dtype) == str(frame["year"].dtype) == "int64"
    assert str(frame["pec"].dtype) == "float64"


def test_cinc_by_hand(write):
    # shares of the known components, averaged over them
    expected = {
        200: np.mean([60 / 180, 3 / 10, 10 / 50, 40 / 120, 400 / 1500, 90 / 150]),
        220: np.mean([30 / 180, 5 / 50, 20 / 120, 300 / 1500, 30 / 150]),
        255: np.mean([90 / 180, 6 / 10, 25 / 50, 60 / 120, 500 / 1500]),
        300: np.mean([0, 1 / 10, 10 / 50, 300 / 1500, 30 / 150]),
    }
    found = bg.cinc(write(samples.CAPABILITIES))
    assert found.iloc[:4].tolist() == pytest.approx(list(expected.values()), abs=1e-15)
    assert found.iloc[4] == 1.0  # alone in 1901


def test_a_component_nobody_has_tells_nothing():
    frame = pd.DataFrame(
        {"ccode": [1, 2], "year": 1900, "milex": [1, 3], "irst": 0, "milper": -9, "pec": -9,
         "tpop": -9, "upop": -9}
    )  # fmt: skip
    assert bg.cinc(frame).tolist() == [0.25, 0.75]


def test_negative_capabilities_are_refused_unless_they_are_the_code(write):
    with pytest.raises(DataFormatError, match="line 3, column milex: -3 is outside 0 to 1e"):
        bg.read_capabilities(write(samples.CAPABILITIES.replace("1900,30,", "1900,-3,")))


def test_a_second_row_for_a_state_and_year_is_refused(write):
    text = samples.CAPABILITIES.replace("UKG,200,1901", "UKG,200,1900")
    with pytest.raises(
        DataFormatError, match="line 6, column year: a second row for ccode 200, year 1900"
    ):
        bg.read_capabilities(write(text))


def test_lines_are_counted_through_quoted_line_breaks(write):
    text = samples.CONTIGUITY_SPELLS.replace("220,FRN,255,GMY,2,", "220,FRN,255,GMY,9,")
    with pytest.raises(DataFormatError, match="line 5, column conttype: 9 is outside 0 to 5"):
        bg.read_contiguity(write(text))


def test_blank_lines_are_no_rows_and_are_counted_as_lines(write):
    text = samples.MAJORS.replace("GMY,255,1925", "\n\nGMY,255,x")
    with pytest.raises(DataFormatError, match="line 6, column styear: expected a year"):
        bg.read_major_powers(write(text))
    assert (
        len(bg.read_major_powers(write(samples.MAJORS.replace("GMY,255,1925", "\nGMY,255,1925"))))
        == 3
    )


def test_a_heading_twice_is_refused(write):
    with pytest.raises(DataFormatError, match=r"column year is there more than once"):
        bg.read_capabilities(write(samples.CAPABILITIES.replace("version", "YEAR")))


def test_unclosed_quotes_are_refused(write):
    with pytest.raises(DataFormatError, match=r"line \d+: not a CSV file"):
        bg.read_major_powers(write(samples.MAJORS + '"GMY'))


def test_spells_must_not_end_before_they_begin(write):
    with pytest.raises(DataFormatError, match=r"line 4.*ends in 1815, before it begins in 1816"):
        bg.read_major_powers(
            write(samples.MAJORS.replace("GMY,255,1925,1,1,1945", "GMY,255,1816,1,1,1815"))
        )


def test_membership_in_a_year(write):
    states = bg.read_system_membership(write(samples.STATES))
    assert bg.system_members(states, 1900) == (200, 220, 255, 300)
    assert bg.system_members(states, 1943) == (200, 255)
    assert bg.system_members(states, 1944) == (200, 220, 255)
    with pytest.raises(MissingDataError, match="the data run from 1816 to 2016"):
        bg.system_members(states, 2020)


def test_major_powers_in_a_year(write):
    path = write(samples.MAJORS)
    assert bg.major_powers(path, 1918) == (200, 255)
    assert bg.major_powers(path, 1920) == (200,)
    assert bg.major_powers(path, 1925) == (200, 255)


def test_atop_flags(write):
    frame = bg.read_atop(write(samples.ATOP))
    assert list(frame.columns) == [
        "ccode1", "ccode2", "year", "defense", "offense", "neutral", "nonagg", "consul",
    ]  # fmt: skip
    assert frame["consul"].isna().tolist() == [False] * 5 + [True]
    assert frame["defense"].tolist() == [True, True, False, True, False, False]
    with pytest.raises(DataFormatError, match="line 2, column defense: expected 0 or 1, found 2"):
        bg.read_atop(
            write(samples.ATOP.replace("1900,1,1,0,0,0,1,1\n220", "1900,1,2,0,0,0,1,1\n220", 1))
        )


def test_portfolios_take_the_highest_obligation(write):
    rows = bg.alliance_portfolios(write(samples.ATOP), 1900, [255, 200], [200, 220, 255, 300])
    assert rows.tolist() == [[0, 0, 3, 2], [3, 3, 1, 0]]
    rows = bg.alliance_portfolios(
        write(samples.ATOP), 1900, [255, 200], [200, 220, 255, 300],
        ranks={"defense": 5, "nonagg": 1},
    )  # fmt: skip
    assert rows.tolist() == [[0, 0, 5, 1], [5, 5, 0, 0]]


def test_portfolios_are_directed(write):
    rows = bg.alliance_portfolios(write(samples.ATOP), 1900, [200, 220, 255, 300])
    assert rows[2, 3] == 2
    assert rows[3, 2] == 3
    assert rows[0, 2] == 1
    assert rows[2, 0] == 0


def test_obligations_not_known_count_as_none(write):
    rows = bg.alliance_portfolios(write(samples.ATOP), 1901, [220, 255], ranks={"consul": 1})
    assert rows.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (([200], [220]), {}, "state 200 is not in the system"),
        (([200, 200], [200]), {}, "listed twice"),
        (([200],), {"ranks": {"defence": 3}}, "did you mean 'defense'"),
        (([200],), {"ranks": {"defense": -1}}, "must be at least 0"),
        (([200],), {"ranks": {}}, "one of them positive"),
    ],
)
def test_portfolios_that_cannot_be(write, arguments, options, said):
    with pytest.raises(bg.BalanceGameError, match=said):
        bg.alliance_portfolios(write(samples.ATOP), 1900, *arguments, **options)


def test_austria_goes_by_date_in_rivalries(write):
    frame = bg.read_rivalries(write(samples.RIVALRIES))
    rows = frame[["ccode1", "ccode2", "start", "end"]].to_numpy().tolist()
    assert rows == [
        [220, 255, 1850, 1945],
        [300, 345, 1903, 1918],
        [305, 345, 1919, 1920],
        [255, 300, 1740, 1870],
    ]
    assert frame["ideological"].dtype == bool
    assert not frame["ideological"].any()
    assert frame["spatial"].all()


def test_contiguity_in_its_layouts(write):
    years = bg.read_contiguity(write(samples.CONTIGUITY))
    spells = bg.read_contiguity(write(samples.CONTIGUITY_SPELLS))
    assert list(years.columns) == list(spells.columns)
    for code in (200, 220, 255):
        assert bg.contiguity_in(years, 1900, code) == bg.contiguity_in(spells, 1900, code)
    assert bg.contiguity_in(spells, 1918, 255) == {220: 1}  # the closer of the year's two
    assert bg.contiguity_in(spells, 1919, 255) == {220: 2}
    assert bg.contiguity_in(spells, 1946, 255) == {}
    dated = pd.DataFrame(
        {"ccode1": 220, "ccode2": 200, "conttype": [0, 4], "stdate": ["1900-05-01", "1910-01-01"],
         "enddate": ["1909-12-01", "2016-12-01"]}
    )  # fmt: skip
    assert bg.contiguity_in(dated, 1905, 220) == {}
    assert bg.contiguity_in(dated, 1910, 220) == {200: 4}


def test_wars_as_published(write):
    frame = bg.read_wars(write(samples.WARS))
    assert frame[["warnum", "ccode", "side", "styear", "endyear"]].to_numpy().tolist() == [
        [1, 220, 1, 1900, 1901],
        [1, 255, 2, 1900, 1901],
        [2, 200, 1, 1910, 1911],
        [2, 200, 1, 1914, 1915],
        [2, 255, 2, 1912, 1916],
    ]
    assert frame["initiator"].tolist() == [True, False, False, False, True]
    assert frame["batdeath"].isna().tolist() == [False, True, False, False, False]
    assert frame["warname"].iloc[0] == "Made Up War"


def test_opponents_fought_in_the_same_years(write):
    pairs = bg.war_opponents(write(samples.WARS))
    assert pairs.to_numpy().tolist() == [[1, 220, 255, 1900, 1901], [2, 200, 255, 1914, 1915]]


def test_war_years_of_pairs_become_spells():
    years = [(2, 200, 255, y, 1) for y in (1910, 1911, 1914)] + [
        (2, 255, 200, y, 2) for y in (1910, 1911, 1914)
    ]
    frame = pd.DataFrame(years, columns=["warnum", "ccode1", "ccode2", "year", "sidea1"])
    frame["initiator1"], frame["outcome1"], frame["batdeath1"] = 0, [1, 1, 1, 2, 2, 2], -9
    wars = bg.read_wars(frame)
    assert wars[["ccode", "side", "styear", "endyear", "outcome"]].to_numpy().tolist() == [
        [200, 1, 1910, 1911, 1],
        [200, 1, 1914, 1914, 1],
        [255, 2, 1910, 1911, 2],
        [255, 2, 1914, 1914, 2],
    ]
    assert wars["batdeath"].isna().all()


def test_an_initiator_that_is_neither(write):
    with pytest.raises(DataFormatError, match="column initiator: expected 1, 2 or 0, found '7'"):
        bg.read_wars(write(samples.WARS.replace("503,2,1,1,", "503,2,7,1,").replace("\r", "\n")))


@pytest.mark.parametrize("year", ["1900", "1900.0", "1900-02-01", "190002"])
def test_years_may_come_as_dates(year):
    frame = pd.DataFrame({"ccode": ["200"], "styear": [year], "endyear": ["1910"]})
    assert bg.read_major_powers(frame)["styear"].tolist() == [1900]


def test_frames_say_the_row():
    frame = pd.DataFrame({"ccode": [200, 220], "styear": [1900, None], "endyear": [1910, 1910]})
    with pytest.raises(
        DataFormatError, match=r"row 1 \(counted from 0\), column styear: the value"
    ):
        bg.read_major_powers(frame)
    frame["styear"] = [1900, 1900.5]
    with pytest.raises(DataFormatError, match=r"row 1 .* found 1900\.5"):
        bg.read_major_powers(frame)


def test_tables_of_absurd_size_are_refused(write, monkeypatch):
    wide = ",".join(f"x{k}" for k in range(2_001))
    with pytest.raises(DataFormatError, match="2,001 columns are more than 2,000"):
        bg.read_wars(write(wide + "\n"))
    monkeypatch.setattr("balancegame.world.data.table._MOST_ROWS", 2)
    with pytest.raises(DataFormatError, match="more than 2 rows"):
        bg.read_capabilities(write(samples.CAPABILITIES))


def test_years_that_do_not_apply_are_missing(write):
    text = samples.WARS.replace("-8,-8,-8,-8,-8,-8,503,2,1,1,", "-8,-8,1903,-8,-8,-9,503,2,1,1,")
    frame = bg.read_wars(write(text))
    spells = frame.loc[frame["ccode"] == 220, ["styear", "endyear"]].to_numpy().tolist()
    assert spells == [[1900, 1901], [1903, 1903]]
