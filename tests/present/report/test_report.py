"""The report as a page: complete, safe, readable by all, and written whole or not at all."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import pickle
import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from balancegame.games.results import NashResult
from balancegame.present.report.bibliography import SOFTWARE
from tests.present.report.pages import Page
from tests.present.report.test_html import HOSTILE

ROOT = Path(__file__).parents[3]
DAY = datetime.date(2026, 1, 2)
SECTIONS = ["world", "model", "equilibria", "camps", "regions", "treaties", "endurance", "methods"]


def of_scenario(scenario, **options):
    return bg.Report.of(
        bg.load_scenario(scenario), bg.load_model(scenario), **{"points": 7, "date": DAY, **options}
    )


@pytest.fixture(scope="module")
def report():
    return of_scenario("europe-1939", name="europe-1939")


@pytest.fixture(scope="module")
def page(report):
    return Page(report.to_html())


def check_page(page):
    """What holds of every report."""
    ((html, _),) = page.all("html")
    assert html["lang"] == "en"
    ((_, title),) = page.all("title")[:1]
    assert title
    identifiers = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
    assert len(identifiers) == len(set(identifiers))
    assert not [one for one in identifiers if re.search(r"\s", one)]
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    for tag, attrs, _ in page.elements:
        assert not [name for name in attrs if name.startswith("on")]
        assert tag not in ("img", "iframe", "object", "embed", "form", "base", "foreignobject")
        for name in ("src", "href", "xlink:href", "action", "srcset", "poster"):
            if name in attrs:
                assert attrs[name].startswith(("#", "data:")), (tag, attrs[name])
        for name in ("aria-labelledby", "for", "aria-describedby", "data-copies"):
            for one in (attrs.get(name) or "").split():
                assert one in identifiers, (tag, one)
        if tag == "th":
            assert attrs["scope"] in ("row", "col")
        if tag == "a" and attrs["href"].startswith("#"):
            assert attrs["href"][1:] in identifiers
    for attrs, _ in page.all("svg"):
        assert attrs["role"] == "img"
        assert len(attrs["aria-labelledby"].split()) == 2
    labelled = {attrs.get("for") for attrs, _ in page.all("label")}
    for attrs, _ in page.all("input"):
        assert attrs["aria-label"]
        assert attrs["aria-valuetext"]
    for attrs, _ in page.all("textarea"):
        assert attrs["id"] in labelled
    (style,) = [text for attrs, text in page.all("style") if "type" not in attrs]
    assert "url(" not in style
    assert "@import" not in style
    assert [attrs["id"] for attrs, _ in page.all("section")] == SECTIONS
    scripts = [attrs.get("type") for attrs, _ in page.all("script")]
    assert scripts.count(None) == 1
    assert set(scripts) <= {None, "application/json"}


def test_the_page_is_self_contained_and_labelled(page):
    check_page(page)
    (policy,) = [attrs["content"] for attrs, _ in page.all("meta") if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'")


def test_it_says_what_the_functions_return(page):
    world, model = bg.load_scenario("europe-1939"), bg.load_model("europe-1939")
    game = model.game(world)
    result = bg.nash_equilibria(game)
    _, body = page.by_id("equilibria")
    assert "3 equilibria" in body
    assert result.reason in body
    assert result.method in body
    for one in result:
        for payoff in one.payoffs:
            assert f"{payoff:.4f}" in body
    _, body = page.by_id("endurance")
    lasting = bg.endurance(game, 100)
    for one in lasting.alignments:
        assert one.label in body
        assert f"{one.probability:.4f}" in body
    assert str(lasting.leaving_time(0)) in body
    assert "coalition proof, stochastically stable, p dominance of equilibrium 3: it is" in body
    assert "evolutionarily stable: the game is not" in body
    _, body = page.by_id("world")
    for words in (*world.names, *world.sources, "Concentration", bg.polarity(world).kind):
        assert words in body
    for words in ("2026-01-02", bg.__version__, "europe-1939"):
        assert words in page.all("header")[0][1]


def test_the_certificate_can_be_taken_from_the_page_and_checked(report, page, tmp_path):
    (link,) = [attrs for attrs, _ in page.all("a") if attrs.get("id") == "certificate"]
    content = base64.b64decode(link["href"].split(",", 1)[1])
    path = tmp_path / link["download"]
    path.write_bytes(content)
    assert bg.verify(path).ok
    assert content.decode() == report.findings.equilibria.result.certificate.to_json() + "\n"
    assert "All 8 claims hold" in page.by_id("equilibria")[1]


def test_the_maps_data_are_the_maps(report, page):
    for k, found in enumerate(report.findings.maps, 1):
        data = page.data(f"map-{k}-data")
        assert data["codes"] == [list(row) for row in found.codes]
        assert len(data["readings"]) == len(found.labels)
        assert len(data["across"]["texts"]) == len(found.across.values) == 7
        for said, label in zip(data["readings"], found.labels, strict=True):
            assert label in said[0] or label == "none"
        # Without the script the page reads the point nearest to this world.
        _, reading = page.by_id(f"map-{k}-reading")
        code = found.codes[found.up.place][found.across.place]
        assert data["readings"][code][0] in reading


def test_methods_and_references_are_ready_to_paste(page):
    _, methods = page.by_id("methods-text")
    assert "support enumeration by subdivision (Porter, Nudelman and Shoham 2008)" in methods
    assert "decisiveness 2" in methods
    _, entries = page.by_id("bibtex-text")
    assert entries.count("@") == len(re.findall(r"^@\w+\{\w+,$", entries, re.MULTILINE))
    assert entries.count("{") == entries.count("}")
    for key in ("balancegame", "nash1950", "porter2008", "young1993", "source1"):
        assert f"{{{key}," in entries
    for name in re.findall(r"\(([A-Z][a-z]+)[^()]*?(\d{4})\)", methods):
        assert name[0] in entries
        assert name[1] in entries


def test_the_software_is_cited_as_citation_cff_says():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{SOFTWARE["title"]}"' in text
    assert f"name: {SOFTWARE['author']}" in text
    assert f"license: {SOFTWARE['license']}" in text
    assert f"version: {bg.__version__}" in text


def hostile_world():
    names = [f"{one} {k}" for k, one in enumerate(HOSTILE[:4])]
    return bg.World(
        [*names, "$\\frac{</title>$"],
        [1, 2, 3, 4, 6],
        threat="$\\frac{</title>$",
        title="</title><script>alert(1)</script>",
        sources=[*HOSTILE[:8], "100% of {x}_1 & $y$ \\ ~ ^ #"],
        power_measure='"><img src=x onerror=alert(1)>',
    )


def test_hostile_names_stay_text():
    world = hostile_world()
    model = bg.BalancingModel(alliance_cost=dict.fromkeys(world.states, 0.2))
    made = bg.Report.of(world, model, points=4, name="<b>", origins={"alliance_cost": "<u>"})
    page = Page(made.to_html())
    check_page(page)
    text = page.all("body")[0][1]
    for words in (*world.names, *world.sources, world.title, world.power_measure, "<u>"):
        assert words in text
    assert page.data("map-1-data")["readings"]
    _, entries = page.by_id("bibtex-text")
    assert r"100\% of \{x\}\_1 \& \$y\$ \textbackslash{} \textasciitilde{} " in entries


def test_names_of_other_scripts_are_drawn_without_complaint():
    world = bg.World(["中国", "Россия", "Türkiye"], [3, 2, 4], threat="Türkiye")
    page = Page(bg.Report.of(world, bg.BalancingModel(), maps=()).to_html())
    check_page(page)
    assert "中国" in "".join(text for attrs, text in page.all("svg"))


def test_without_matplotlib_all_but_the_figures_is_there(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    page = Page(report.to_html())
    check_page(page)
    assert "pip install 'balancegame[plot]'" in page.by_id("camps")[1]
    assert "Against Germany: Britain, Soviet Union" in page.by_id("camps")[1]


def test_figures_are_closed_whether_drawn_or_not(report, monkeypatch):
    from matplotlib import pyplot

    def fails(*_args, **_options):
        message = "there are 31 states"
        raise errors.InvalidParameterError(message)

    others = pyplot.get_fignums()  # of tests that ran before
    report.to_html()
    monkeypatch.setattr("balancegame.present.report.sections.camps.plot_camps", fails)
    assert "there are 31 states" in Page(report.to_html()).by_id("camps")[1]
    assert pyplot.get_fignums() == others


def test_a_world_without_a_threat_is_described_and_the_rest_says_why():
    world = bg.World(["A", "B"], [1, 2], title="No threat")
    made = bg.Report.of(world, bg.BalancingModel(), date=DAY)
    page = Page(made.to_html())
    check_page(page)
    for name in SECTIONS[2:7]:
        assert "threat" in page.by_id(name)[1]
        assert "Not here" in page.by_id(name)[1]
    assert "No threat" in repr(made)


def test_a_section_that_fails_does_not_stop_the_others(monkeypatch):
    def fails(*_args, **_options):
        message = "it is <too> large"
        raise errors.TooManyProfilesError(message)

    monkeypatch.setattr("balancegame.present.report.findings.lasting.endurance", fails)
    page = Page(of_scenario("golden-3", maps=()).to_html())
    check_page(page)
    assert "it is <too> large" in page.by_id("endurance")[1]
    assert "Criteria of selection" in page.by_id("endurance")[1]
    assert "no map was asked for" in page.by_id("regions")[1]
    assert "blume1993" not in page.by_id("bibtex-text")[1]


def test_an_uncertified_list_says_so():
    made = of_scenario("golden-3", maps=(), hegemon="strategic", max_supports=0, precision="1/2")
    page = Page(made.to_html())
    check_page(page)
    assert "(no certificate)" in repr(made)
    assert "There is none" in page.by_id("equilibria")[1]
    assert "a threat that does not choose" in page.by_id("endurance")[1]
    assert "precision 0.5" in page.by_id("endurance")[1]


def test_reports_are_equal_by_content_and_pickle(report):
    maps = [{"cohesion": np.array([0, 1]), "alliance_cost.1": ["0.1", "1/5"]}]
    one, again = (of_scenario("golden-3", maps=maps) for _ in range(2))
    assert again == one != report
    assert hash(again) == hash(one)
    copied = pickle.loads(pickle.dumps(one))
    assert copied == one
    assert copied.to_html() == one.to_html() == again.to_html()
    assert max(map(len, repr(report).splitlines())) <= 80


def test_unusual_worlds_and_models_have_reports_too():
    """Ties, exposure, parameters by state, one action, a logistic contest, no equilibrium."""
    world = bg.World(["A", "B", "H"], ["1e7", 2, 3], threat="H", exposure=[0.5, 1, 1])
    by_state = bg.BalancingModel(contest="logistic", alliance_cost={"A": 0, "B": "1/3"})
    made = bg.Report.of(world, by_state, actions=["bandwagon", "neutral"], maps=(), date=DAY)
    page = Page(made.to_html())
    check_page(page)
    assert "Exposure" in page.by_id("world")[1]
    assert "10,000,000" in page.by_id("world")[1]
    assert "None of them has more welfare" in page.by_id("treaties")[1]
    still = bg.Report.of(world, by_state, actions=["neutral"], points=2)
    page = Page(still.to_html())
    check_page(page)
    assert "nobody has another action" in page.by_id("equilibria")[1]
    tied = bg.Report.of(world, by_state, maps=(), date=DAY)
    page = Page(tied.to_html())
    check_page(page)
    assert "alliance_cost, B" in page.by_id("model")[1]
    assert "alliance_cost of B 1/3" in page.by_id("methods-text")[1]


def test_where_no_equilibrium_is_pure_there_are_no_camps_and_no_agreements(report):
    found = report.findings.equilibria
    mixed = dataclasses.replace(
        found, camps=found.camps[2:], result=nash_of(found.result.game, [found.result[2]])
    )
    failed = dataclasses.replace(found.verification, failed=(("regions: <each>", "at 3"),))
    one = report.findings.maps[1]
    empty = dataclasses.replace(
        one,
        across=dataclasses.replace(one.across, own=None),
        labels=("none",),
        readings=((),),
        codes=tuple((0,) * len(row) for row in one.codes),
    )
    findings = dataclasses.replace(
        report.findings,
        equilibria=dataclasses.replace(mixed, verification=failed),
        maps=(empty,),
    )
    page = Page(dataclasses.replace(report, findings=findings).to_html())
    check_page(page)
    assert "there is none" in page.by_id("camps")[1]
    assert "none is pure" in page.by_id("regions")[1]
    assert "no pure equilibrium" in page.by_id("map-1-reading")[1]
    assert not [attrs for tag, attrs, _ in page.elements if tag == "circle"]
    assert "It does not hold: regions: <each> (at 3)" in page.by_id("equilibria")[1]
    assert "certificate of completeness" not in page.by_id("methods-text")[1]
    large = dataclasses.replace(found, certificate=None)
    findings = dataclasses.replace(report.findings, equilibria=large)
    page = Page(dataclasses.replace(report, findings=findings).to_html())
    assert "too large for a page" in page.by_id("equilibria")[1]


def nash_of(game, equilibria):
    return NashResult(game, equilibria, method="none", complete=False, reason="made up")


def test_warnings_are_told_and_noted():
    world = bg.World(
        ["A", "B", "C", "H"],
        [1, 1, 1, 2],
        [[1, 0.9, -0.9, 0], [0.9, 1, 0.9, 0], [-0.9, 0.9, 1, 0], [0, 0, 0, 1]],
        threat="H",
    )
    with pytest.warns(errors.ProjectionWarning, match="nearest correlation matrix"):
        made = bg.Report.of(world, bg.BalancingModel(), points=3)
    assert "nearest correlation matrix" in Page(made.to_html()).by_id("world")[1]


def test_a_file_is_written_whole_or_not_at_all(report, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("older")

    def interrupted(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as changed:
        changed.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            report.save(path)
    assert path.read_text() == "older"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    report.save(path)
    assert path.read_text(encoding="utf-8") == report.to_html()
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    report.save("/dev/null")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("no/such/folder/r.html", errors.InvalidParameterError, "there is no folder"),
        (".", errors.InvalidParameterError, "it is a folder"),
        (3, errors.InvalidTypeError, "path is 3"),
    ],
)
def test_a_target_is_refused_before_any_work(path, error, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=says):
        bg.write_report(None, None, path)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"points": 1}, errors.InvalidParameterError, "points is 1"),
        ({"points": 201}, errors.InvalidParameterError, "40,401 points a map"),
        ({"precision": -1}, errors.InvalidParameterError, "precision is -1"),
        ({"maps": {"cohesion": [1]}}, errors.InvalidTypeError, "sequence of mappings"),
        ({"maps": [3]}, errors.InvalidTypeError, "maps holds 3"),
        ({"name": 3}, errors.InvalidTypeError, "name"),
        ({"max_supports": -1}, errors.InvalidParameterError, "max_supports"),
    ],
)
def test_bad_options_are_refused_by_name(options, error, says):
    with pytest.raises(error, match=says):
        of_scenario("golden-3", **options)


def test_world_and_model_are_checked():
    with pytest.raises(errors.InvalidTypeError, match="world"):
        bg.Report.of("golden-3", bg.BalancingModel())
    with pytest.raises(errors.InvalidTypeError, match="model"):
        bg.Report.of(bg.load_scenario("golden-3"), None)


@pytest.mark.thorough
@pytest.mark.parametrize("name", bg.scenario_names())
def test_every_bundled_scenario_has_its_report(name, tmp_path):
    path = tmp_path / "report.html"
    made = bg.write_report(bg.load_scenario(name), bg.load_model(name), path, name=name)
    page = Page(path.read_text(encoding="utf-8"))
    check_page(page)
    assert made.findings.equilibria.verification.ok
    assert "Not here" not in "".join(page.by_id(one)[1] for one in SECTIONS[:6])


def test_the_methods_tell_of_a_threat_that_chooses_and_of_moved_parallelism():
    apart = [[1 if i == j else -0.9 for j in range(4)] for i in range(4)]
    world = bg.World(["A", "B", "C", "H"], [2, 1, 1, 3], threat="H", parallelism=apart)
    with pytest.warns(bg.errors.ProjectionWarning):
        made = bg.Report.of(world, bg.BalancingModel(), hegemon="strategic", maps=(), date=DAY)
    _, methods = Page(made.to_html()).by_id("methods-text")
    assert "facing H, who chooses too (expand, restrain, opportunist)" in methods
    assert made.subject.notes
    assert all(note[1:] in methods for note in made.subject.notes)
