"""Scenario files: the schema, strictly, and writing worlds back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.testing import worlds
from balancegame.world.scenario_file import read_scenario

GOOD = """\
title = "A test"
threat = "H"
sources = ["made up"]

[power]
measure = "units"

[power.values]
A = 1
"B b" = 0.5
H = "4/3"

[power.alternatives.steel]
measure = "tons"

[power.alternatives.steel.values]
H = 3
A = 2
"B b" = 1

[parallelism]
measure = "kappa"
source = "treaties"
system = ["A", "B b", "H", "Z"]

[parallelism.obligations.A]
defence_or_offence = ["B b"]
consultation = ["Z"]

[parallelism.obligations."B b"]
neutrality_or_nonaggression = ["A"]

[parallelism.obligations.H]

[exposure.values]
A = 1
"B b" = 2
H = 1

[model]
autonomy_loss = 0.5
contest = "ratio"

[model.alliance_cost]
A = 0.1
"B b" = 0.2
"""


@pytest.fixture
def load(tmp_path):
    def write_and_load(text, **options):
        path = tmp_path / "case.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return bg.load_scenario(path, **options)

    return write_and_load


def test_the_whole_schema(load, tmp_path):
    world = load(GOOD)
    assert world.names == ("A", "B b", "H")
    assert world.power.tolist() == [1, 0.5, 4 / 3]
    assert world.exposure.tolist() == [1, 2, 1]
    assert world.power_measure == "units"
    expected = bg.kappa([[3, 3, 0, 1], [2, 3, 0, 0], [0, 0, 3, 0]])
    assert world.parallelism.tolist() == expected.tolist()
    assert world.sources == (
        "made up",
        "parallelism (kappa, unweighted, over 4 states): treaties",
    )
    model = bg.load_model(tmp_path / "case.toml")
    assert model.alliance_cost == {"A": 0.1, "B b": 0.2}
    assert model.autonomy_loss == 0.5


def test_another_measure_of_power_can_be_chosen(load):
    world = load(GOOD, power="steel")
    assert world.power.tolist() == [2, 1, 3]
    assert world.power_measure == "tons"
    with pytest.raises(errors.UnknownNameError, match=r"'stel'; did you mean 'steel'"):
        load(GOOD, power="stel")


def test_line_endings_and_byte_order_marks_do_not_matter(load):
    assert load(GOOD.replace("\n", "\r\n")) == load(b"\xef\xbb\xbf" + GOOD.encode()) == load(GOOD)


DOTTED = "power.measure = 'units'\npower.values.A = nan\n"

BREAKS = {
    "unknown key at the top": (
        ('title = "A test"', 'title = "A test"\nthread = "H"'),
        r"case\.toml, line 2, key thread: unknown key 'thread'; did you mean 'threat'",
    ),
    "title missing": (('title = "A test"\n', ""), "the key 'title' is missing; expected text"),
    "title a number": (
        ('title = "A test"', "title = 3.5"),
        "line 1, key title: expected text in quotes, found '3.5'",
    ),
    "power table missing": (
        ("[power]", "[powr]"),
        "key power: the key 'measure' is missing",
    ),
    "measure of power missing": (
        ('measure = "units"\n', ""),
        r"line 5, key power: the key 'measure' is missing",
    ),
    "number as a list": (
        ("A = 1\n", "A = [1]\n"),
        r"line 9, key power\.values\.A: the value is \[1\]",
    ),
    "not a number": (
        ('H = "4/3"', 'H = "much"'),
        r"line 11, key power\.values\.H: the value is 'much'",
    ),
    "nan": (("A = 1\n", "A = nan\n"), r"key power\.values\.A: the value is 'nan'"),
    "a bomb": (("A = 1\n", "A = 1e99999\n"), r"key power\.values\.A: .*range of a float"),
    "zero power": (("A = 1\n", "A = 0\n"), r"line 9, key power\.values\.A: power of A is 0"),
    "negative exposure": (
        ('A = 1\n"B b" = 2', 'A = -1\n"B b" = 2'),
        r"line 36, key exposure\.values\.A: exposure of A is -1",
    ),
    "measure named twice": (
        ("[power.alternatives.steel]", '[power.alternatives."default"]'),
        "the measure needs a name of its own, not 'default'",
    ),
    "threat in a look-alike": (
        ('title = "A test"', 'title = """\nthreat = 1\n"""\nthread = 2'),
        r"line 4, key thread",
    ),
    "dotted keys": (
        ('[power]\nmeasure = "units"\n\n[power.values]\nA = 1\n"B b" = 0.5\nH = "4/3"\n', DOTTED),
        r"line 6, key power\.values\.A: the value is 'nan'",
    ),
    "no name for the threat": (('threat = "H"', 'threat = ""'), "line 2, key threat: unknown"),
    "a class parameter": (("autonomy_loss = 0.5", "cls = 2"), r"key model\.cls: unknown parameter"),
    "threat unknown": (('threat = "H"', 'threat = "h"'), "unknown threat 'h'; did you mean 'H'"),
    "alternative covers other states": (
        ("H = 3\n", ""),
        "do not cover the same states: H",
    ),
    "measure of parallelism unknown": (
        ('measure = "kappa"', 'measure = "kapa"'),
        r"line 22, key parallelism\.measure: expected one of kappa, s_score, found 'kapa'",
    ),
    "state missing from the system": (
        ('system = ["A", "B b", "H", "Z"]', 'system = ["A", "H", "Z"]'),
        r"key parallelism\.system: B b is missing",
    ),
    "state twice in the system": (('"H", "Z"]', '"H", "H"]'), "a state is listed twice"),
    "state without obligations": (
        ("[parallelism.obligations.H]\n", ""),
        r"key parallelism\.obligations: H is missing; give it an empty table",
    ),
    "unknown kind of obligation": (
        ("consultation", "consultations"),
        "unknown key 'consultations'; did you mean 'consultation'",
    ),
    "unknown partner": (
        ('consultation = ["Z"]', 'consultation = ["Y"]'),
        r"line 28, key parallelism\.obligations\.A\.consultation: unknown partner 'Y'",
    ),
    "partner of two ranks": (
        ('consultation = ["Z"]', 'consultation = ["B b"]'),
        r"line 28, key parallelism\.obligations\.A\.consultation: B b has a rank already",
    ),
    "partners not a list": (
        ('consultation = ["Z"]', 'consultation = "Z"'),
        "expected a list of texts",
    ),
    "exposure of a state missing": (
        ('A = 1\n"B b" = 2\nH = 1\n', "A = 1\n"),
        "exposure has no entry for B b",
    ),
    "source missing": (
        ('sources = ["made up"]\n', ""),
        r"line 4, key power: the key 'source' is missing",
    ),
    "unknown parameter": (
        ("autonomy_loss", "autonomy_los"),
        r"line 41, key model\.autonomy_los: unknown parameter .* mean 'autonomy_loss'",
    ),
    "parameter outside its domain": (
        ("autonomy_loss = 0.5", "autonomy_loss = 1.5"),
        r"line 41, key model\.autonomy_loss: autonomy_loss is 1.5, above domination_loss 1",
    ),
    "parameter for a state that is none": (
        ('[model.alliance_cost]\nA = 0.1\n"B b" = 0.2', "[model.alliance_cost]\nA = 0.1\nC = 0.2"),
        "unknown state in alliance_cost 'C'",
    ),
    "parameter for some states only": (
        ('[model.alliance_cost]\nA = 0.1\n"B b" = 0.2', "[model.alliance_cost]\nA = 0.1"),
        "alliance_cost has no value for B b",
    ),
    "parameter a list": (
        ("autonomy_loss = 0.5", "autonomy_loss = [1]"),
        r"key model\.autonomy_loss: .*list",
    ),
    "not TOML": (("[power]", "[power"), r"case\.toml: .*line 5"),
    "a key twice": (('threat = "H"', 'threat = "H"\nthreat = "A"'), "line 3"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_file_is_refused_with_its_place(load, name):
    (old, new), words = BREAKS[name]
    assert old in GOOD
    with pytest.raises(errors.ScenarioFormatError, match=words):
        load(GOOD.replace(old, new, 1))


def test_files_that_are_no_text_or_too_large_are_refused(load):
    with pytest.raises(errors.ScenarioFormatError, match="codec can't decode"):
        load(b'title = "\xff"')
    with pytest.raises(errors.ScenarioFormatError, match="larger than 1 MiB"):
        load(b"#" * (1 << 20) + b"\n")
    with pytest.raises(errors.ScenarioFormatError, match="case"):
        load("a = " + "[" * 50_000)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("europe-1939x", "did you mean 'europe-1939'"),
        ("Europe-1938", "did you mean 'europe-1938'"),
        ("none.toml", "there is no scenario file 'none.toml'"),
        ("some/where", "there is no scenario file"),
        ("Athens", "given by the path of its file"),
        ("", "unknown scenario|no scenario file"),
    ],
)
def test_unknown_scenarios_are_refused(name, words):
    for load in (bg.load_scenario, bg.load_model):
        with pytest.raises(errors.UnknownScenarioError, match=words):
            load(name)


@given(
    worlds(max_states=4, exposures=st.sampled_from([1, "1/3", 0.25])),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=5),
)
def test_a_world_written_and_read_back_is_the_same(tmp_path_factory, world, title):
    path = tmp_path_factory.mktemp("worlds") / "w.toml"
    world = world.replace(title=title, sources=["a", "b"], power_measure="units")
    path.write_text(world.to_toml(), encoding="utf-8", newline="")
    assert bg.load_scenario(path) == world


def test_a_world_without_sources_says_so(tmp_path):
    path = tmp_path / "w.toml"
    world = bg.World(["a.b", 'quote "x"', "[bold]"], ["1/3", 2, 1e300], threat="a.b")
    path.write_text(world.to_toml(), encoding="utf-8")
    assert 'measure = "unspecified"' in world.to_toml()
    assert bg.load_scenario(path) == world


@pytest.mark.parametrize("name", bg.scenario_names())
def test_every_bundled_scenario_documents_its_numbers(name):
    scenario = read_scenario(name)
    assert scenario.world.title
    assert scenario.world.threat in scenario.world.names
    assert scenario.world.power_measure
    assert scenario.world.sources
    for measure in scenario.power_measures:
        again = bg.load_scenario(name, power=measure)
        assert again.names == scenario.world.names
        assert any(line.startswith("power") for line in again.sources) or name == "golden-3"


def test_what_is_no_name_or_path_is_refused(tmp_path):
    for thing in (None, 3, b"x"):
        with pytest.raises(errors.InvalidTypeError, match="neither the name nor the path"):
            bg.load_scenario(thing)
    with pytest.raises(errors.UnknownScenarioError):
        bg.load_scenario(tmp_path)
    with pytest.raises(errors.BalanceGameError, match="x"):
        bg.load_scenario("x" * 5000)


def test_a_system_too_large_is_refused(load):
    rows = "".join(f"s{i} = 1\n" for i in range(501))
    with pytest.raises(errors.ScenarioFormatError, match="501 states are more than the 500"):
        load(f'title = ""\nsources = ["x"]\n[power]\nmeasure = "u"\n[power.values]\n{rows}')


PAIRS = """\
title = ""
sources = ["x"]
[power]
measure = "u"
[power.values]
A = 1
B = 1
[parallelism.values.A]
B = 0.5
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("B = 0.5", "B = 1.5", r"line 9, key parallelism\.values\.A\.B: .* 1.5, outside"),
        ("B = 0.5", "C = 0.5", r"key parallelism\.values: unknown state .* 'C'"),
        ("B = 0.5", "A = 1", "parallelism has no entry for A and B"),
        (
            "B = 0.5",
            "B = 0.5\n[parallelism.values.B]\nA = 0.6",
            "0.6 one way and 0.5 the other; it must be symmetric",
        ),
    ],
)
def test_bad_pairs_are_refused_with_their_place(load, old, new, words):
    assert load(PAIRS).parallelism[0, 1] == 0.5
    with pytest.raises(errors.ScenarioFormatError, match=words):
        load(PAIRS.replace(old, new))


def test_parameters_that_depend_on_one_another_are_read_together(load, tmp_path):
    load(GOOD.replace("autonomy_loss = 0.5", "domination_loss = 0.5\nautonomy_loss = 0.4"))
    assert bg.load_model(tmp_path / "case.toml").domination_loss == 0.5
    with pytest.raises(errors.ScenarioFormatError, match=r"autonomy_loss is 0\.6, above"):
        load(GOOD.replace("autonomy_loss = 0.5", "domination_loss = 0.5"))


def test_empty_rows_are_rows(load):
    text = PAIRS + "[parallelism.values.B]\n"
    assert load(text).parallelism[1, 0] == 0.5


def test_the_threats_exposure_may_be_left_out(load):
    assert load(GOOD.replace('"B b" = 2\nH = 1\n', '"B b" = 2\n')).exposure.tolist() == [1, 2, 1]
