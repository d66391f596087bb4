"""balancegame report, as its users meet it."""

from __future__ import annotations

import pytest

from balancegame.cli import main
from tests.present.report.pages import Page


def run(capsys, *arguments):
    code = main(["report", *arguments])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return code, captured.out, captured.err


def test_a_report_is_written_over_an_older_one(capsys, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("older")
    code, out, err = run(
        capsys,
        *("golden-3", "-o", str(path), "--points", "4", "--precision", "20"),
        *("--set", "decisiveness=2", "alliance_cost=0.1", "--actions", "all"),
    )
    assert (code, err) == (0, "")
    assert "3 equilibria (certificate re-checked" in " ".join(out.split())
    assert str(path) in out
    page = Page(path.read_text(encoding="utf-8"))
    assert "--set" in page.by_id("model")[1]
    assert "precision 20" in page.by_id("endurance")[1]
    assert "balance and undermine" in page.by_id("equilibria")[1]
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_ctrl_c_leaves_no_half_file(capsys, tmp_path, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("balancegame.present.report.findings.lasting.endurance", interrupted)
    code, _, err = run(capsys, "golden-3", "-o", str(tmp_path / "r.html"), "--points", "2")
    assert code == 130
    assert "interrupted" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("golden-3",), "Missing option '-o'"),
        (("golden-3", "-o", "/no/such/folder/r.html"), "there is no folder /no/such/folder"),
        (("golden-3", "-o", "/"), "it is a folder"),
        (("golden", "-o", "r.html"), "golden-3"),
        (("golden-3", "-o", "r.html", "--points", "1"), "points"),
        (("golden-3", "-o", "r.html", "--precision", "-1"), "precision is -1"),
        (("golden-3", "-o", "r.html", "--set", "autonomy=1"), "autonomy_loss"),
    ],
)
def test_bad_words_are_refused_before_any_work(capsys, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert says in " ".join(err.split())
    assert not list(tmp_path.iterdir())
