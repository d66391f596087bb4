"""balancegame sweep, as its users meet it."""

from __future__ import annotations

import csv
import sys

import pytest

from balancegame.cli import main


def run(capsys, *arguments):
    code = main(["sweep", *arguments])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return code, captured.out, captured.err


OVER = ("--over", "power_ratio=0.2:4:20", "--over", "parallelism=-1:1:21")


def test_a_sweep_tells_what_is_where_and_draws_it(capsys, tmp_path):
    plot, store = tmp_path / "regions.png", tmp_path / "store"
    arguments = ("golden-3", *OVER, "--set", "decisiveness=2", "--store", str(store))
    code, out, err = run(capsys, *arguments, "--plot", str(plot))
    assert (code, err) == (0, "")
    for words in ("420 points (20 x 21)", "infeasible", "WWW", "the set of pure"):
        assert words in out
    assert plot.read_bytes()[:4] == b"\x89PNG"
    written = f"Written to {plot}\n"
    assert out.endswith(written)
    assert run(capsys, *arguments)[1] == out.removesuffix(written)
    code, _, err = run(capsys, "golden-3", *OVER, "--store", str(store))
    assert code == 2
    assert "model differs" in err


def test_the_letters_of_the_table_are_explained(capsys):
    _, out, _ = run(capsys, "golden-3", *OVER, "--set", "decisiveness=2")
    assert "B balance, W bandwagon, N neutral; in the order 1, 2, 3\n" in out
    assert "+ joins equilibria that exist side by side\n" in out
    _, out, _ = run(capsys, "golden-3", "--over", "cohesion=0,1", "--measure", "camps")
    assert "B balance" not in out


def test_a_picture_without_matplotlib_is_refused_before_any_work(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    monkeypatch.setattr("balancegame.cli.sweep.sweep", lambda *_, **__: pytest.fail("work done"))
    code, _, err = run(capsys, "golden-3", *OVER, "--plot", str(tmp_path / "x.png"))
    assert code == 2
    assert "pip install 'balancegame[plot]'" in err


def test_a_table_is_written_with_labels_as_text(capsys, tmp_path):
    path = tmp_path / "rows.csv"
    code, _, _ = run(
        capsys,
        *("golden-3", "--over", "contest=ratio,logistic", "--over", "alliance_cost.1=0:1:3"),
        *("--measure", "region", "--measure", "margin", "--csv", str(path)),
    )
    assert code == 0
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert {row["contest"] for row in rows} == {"ratio", "logistic"}
    assert {row["status"] for row in rows} == {"done"}
    assert all(float(row["margin"]) >= 0 and row["region"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("golden-3", "--over", "power_ration=1:2:3"), "did you mean 'power_ratio'"),
        (("golden-3", "--over", "power_ratio"), "LOW:HIGH:COUNT"),
        (("golden-3", "--over", "power_ratio=1:2"), "three numbers"),
        (("golden-3", "--over", "power_ratio=1,,2"), "a value is blank"),
        (("golden-3", "--over", "power_ratio=1:2:x"), "whole number"),
        (("golden-3", "--over", "power_ratio=1:2:\N{SUPERSCRIPT TWO}"), "whole number"),
        (("golden-3", "--over", f"power_ratio=1:2:{'9' * 5000}"), "whole number"),
        (("golden-3", "--over", f"power_ratio=1:2:{10**13}"), "does not fit in memory"),
        (("golden-3", "--over", "power_ratio=a:2:3"), "power_ratio"),
        (("golden-3", "--over", "cohesion=,"), "a value is blank"),
        (("golden-3", "--over", "cohesion=0", "--over", "cohesion=1"), "twice"),
        (("golden-3", "--over", "cohesion=0", "--plot", "x.png"), "two axes"),
        (("golden-3", "--over", "cohesion=0", "--measure", "regio"), "did you mean 'region'"),
        (("golden-3", *OVER, "--plot", "/no/such/folder/x.png"), "no such folder"),
        (("golden-3",), "--over"),
        (("golden", *OVER), "golden-3"),
    ],
)
def test_bad_words_are_refused(capsys, arguments, says):
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert says in " ".join(err.split())


def test_options_take_several_words(capsys):
    settings, actions = ("cohesion=0", "autonomy_loss=0.6"), ("balance", "neutral")
    apart = ("--set", settings[0], "--set", settings[1], "--actions", ",".join(actions))
    once = ("--set", *settings, "--actions", *actions)
    expected = run(capsys, "golden-3", *OVER, *apart)
    assert expected[0] == 0
    assert run(capsys, "golden-3", *OVER[:2], OVER[3], *once) == expected
    assert run(capsys, "golden-3", *once, *OVER[:2], OVER[3]) == expected
    two = run(capsys, "golden-3", "--over", "power_ratio=1,2", "parallelism=0,1")
    assert "4 points (2 x 2)" in two[1]
    mixed = ("power_ratio=1,2", "cohesion=0,1", "--set", "decisiveness=2", "alliance_cost.1=0.2")
    assert "4 points (2 x 2)" in run(capsys, "golden-3", "--over", *mixed)[1]
    code, _, err = run(capsys, "golden-3", *OVER, "--actions", "all", "neutral")
    assert (code, "all stands for every action" in err) == (2, True)
    code, _, err = run(capsys, "golden-3", *OVER, "neutral")
    assert (code, "unexpected extra argument (neutral)" in err) == (2, True)


@pytest.mark.parametrize("store", [None, "kept"])
def test_an_interrupted_sweep_says_what_is_kept(capsys, monkeypatch, tmp_path, store):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("balancegame.analysis.sweeps.sweep.assemble", interrupted)
    options = () if store is None else ("--store", store)
    code, out, err = run(capsys, "golden-3", *OVER, *options)
    assert (code, out) == (130, "")
    assert ("the same command goes on" in err) == (store is not None)
    if store is not None:
        monkeypatch.undo()
        assert run(capsys, "golden-3", *OVER, "--store", str(tmp_path / store))[0] == 0
