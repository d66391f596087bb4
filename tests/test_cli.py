"""The command line as its users meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import balancegame as bg
from balancegame import cli
from balancegame.cli import main


def run(capsys, *arguments):
    code = main(arguments)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return code, captured.out, captured.err


def test_scenarios_lists_the_bundle(capsys):
    code, out, err = run(capsys, "scenarios")
    assert (code, err) == (0, "")
    for name in bg.scenario_names():
        assert name in out


def test_show_tells_states_interests_model_and_sources(capsys):
    code, out, _ = run(capsys, "show", "pacific-2016")
    assert code == 0
    for words in (
        "The Pacific, 2016",
        "South Korea",
        "Polarity: multipolar",
        "Parallel interests",
        "decisiveness",
        "scenario",
        "National Material Capabilities 7.0",
        "ATOP 5.1",
        "milex: military expenditure",
    ):
        assert words in out


def test_solve_tells_who_balances_in_1938(capsys):
    code, out, err = run(capsys, "solve", "europe-1938")
    assert (code, err) == (0, "")
    for words in (
        "1 equilibrium",
        "Balance: Britain, Soviet Union",
        "Bandwagon with Germany: nobody",
        "Pass the buck: France, Poland, Italy, Czechoslovakia",
        "pi = 0.67",
        "Margin 0.001759",
        "all 729 pure profiles were checked exactly",
        "no support in",
    ):
        assert words in out
    assert "\x1b" not in out  # plain where there is no terminal


def test_parameters_say_where_they_come_from(capsys):
    _, out, _ = run(
        capsys,
        "solve",
        "europe-1938",
        "--set",
        "autonomy_loss=0.6",
        "--set",
        "alliance_cost.Italy=1/3",
    )
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "0.6   --set" in rows["autonomy_loss"]
    assert "scenario" in rows["decisiveness"]
    assert "default" in rows["retribution"]
    assert "1/3" in rows["Italy"] or "  Italy" in out
    assert (
        "Bandwagon with Germany: Britain, France, Soviet Union, Poland, Italy, Czechoslovakia"
        in out
    )
    assert "Without effect here" in out


def test_several_equilibria_come_with_an_overview(capsys):
    _, out, _ = run(capsys, "solve", "europe-1939")
    assert "3 equilibria" in out
    assert "Equilibrium 3, mixed" in out
    assert "Equilibrium 2" in out
    assert "Nobody resists Germany" in out


def test_a_strategic_threat_and_all_actions(capsys):
    code, out, _ = run(
        capsys, "solve", "golden-3", "--hegemon", "strategic", "--set", "decisiveness=2"
    )
    assert code == 0
    assert "10 equilibria" in out
    assert "with ties were solved in rationals" in " ".join(out.split())
    assert "h does not expand" in out
    assert "deference" in out
    code, out, _ = run(capsys, "solve", "golden-3", "--actions", "all", "--set", "decisiveness=2")
    assert "1 (undermines), 2 (undermines)" in out


def test_no_equilibrium_is_said_plainly(capsys, tmp_path):
    path = tmp_path / "pennies.nfg"
    pennies = [[[[1], [0]], [[0], [1]]], [[[0], [1]], [[1], [0]]], [[[0], [0]], [[0], [0]]]]
    path.write_text(bg.NormalFormGame(pennies).to_nfg())
    code, out, _ = run(capsys, "solve", str(path), "--max-supports", "0")
    assert code == 0
    assert "No pure Nash equilibrium" in out
    assert "mixed equilibria were not searched for" in " ".join(out.split())
    code, out, _ = run(capsys, "solve", str(path))
    assert "1/2 a0 + 1/2 a1" in out


def two_states(tmp_path):
    world = bg.World(["Athens", "Corinth", "Sparta"], [3, 2, 4], threat="Sparta")
    path = tmp_path / "greece.toml"
    path.write_text(world.to_toml())
    return str(path)


def test_mixed_equilibria_of_two_states_are_shown_and_written(capsys, tmp_path):
    # Each would rather have the other balance: two pure equilibria and one that mixes.
    path, json_path = two_states(tmp_path), tmp_path / "out.json"
    settings = ["--set", "alliance_cost=0.3", "cohesion=0", "--actions", "balance,neutral"]
    code, out, _ = run(capsys, "solve", path, *settings, "--json", str(json_path))
    assert code == 0
    told = json.loads(json_path.read_text())
    mixed = [found for found in told["equilibria"] if found["actions"] is None]
    assert told["complete"] is True
    assert len(mixed) == 1
    assert mixed[0]["camps"] is None
    assert "3 equilibria" in out
    assert "Equilibrium 3, mixed" in out
    assert "each state's probability" in out


def test_a_certificate_is_written_and_verified(capsys, tmp_path):
    path = tmp_path / "proof.json"
    code, _, _ = run(capsys, "solve", two_states(tmp_path), "--certificate", str(path))
    assert code == 0
    code, out, _ = run(capsys, "verify", str(path))
    assert code == 0
    assert "All claims hold." in out
    path.write_text(path.read_text().replace('"offset": ', '"offset": 1', 1))
    code, out, _ = run(capsys, "verify", str(path))
    assert code == 1
    assert "FAILED" in out


def test_what_cannot_be_verified_or_certified_is_bad_input(capsys, tmp_path):
    code, _, err = run(capsys, "verify", str(tmp_path / "none.json"))
    assert code == 2
    assert "none.json" in err
    words = ["solve", "europe-1939", "--certificate", str(tmp_path / "proof.json")]
    code, _, err = run(capsys, *words, "--max-supports", "0")
    assert code == 2
    assert "not proven complete" in err
    assert run(capsys, *words)[0] == 0
    assert run(capsys, "verify", str(tmp_path / "proof.json"))[0] == 0


def test_json_holds_everything(capsys, tmp_path):
    path = tmp_path / "out.json"
    code, out, _ = run(capsys, "solve", "europe-1939", "--json", str(path))
    assert code == 0
    assert "3 equilibria" in out
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["scenario"] == "europe-1939"
    assert told["world"]["threat"] == "Germany"
    assert told["model"]["autonomy_loss"] == {"value": 0.8, "from": "scenario"}
    assert told["complete"] is True
    assert told["component_indices"] == [1, 1, -1]
    first = told["equilibria"][0]
    assert first["camps"]["balancing"] == ["Britain", "Soviet Union"]
    assert first["prevailing"] == pytest.approx(0.5215, abs=1e-4)
    assert first["deviations"][0]["action"] == "bandwagon"
    code, out, _ = run(capsys, "solve", "europe-1939", "--json", "-")
    assert json.loads(out) == told


def test_exact_payoffs(capsys):
    code, out, _ = run(
        capsys, "solve", "europe-1938", "--exact", "--set", "cohesion=0", "--json", "-"
    )
    assert code == 0
    assert "/" in json.loads(out)["equilibria"][0]["exact_payoffs"][0]


def test_options_take_several_words(capsys):
    words = ["--actions", "balance", "neutral", "--set", "autonomy_loss=0.6", "cohesion=0"]
    _, out, _ = run(capsys, "solve", "europe-1938", *words, "--json", "-")
    told = json.loads(out)
    assert told["actions"][0] == ["balance", "neutral"]
    assert told["model"]["autonomy_loss"] == {"value": 0.6, "from": "--set"}
    assert told["model"]["cohesion"]["value"] == 0
    words = ["--actions", "balance", "--actions", "arm,neutral"]
    _, out, _ = run(capsys, "solve", "golden-3", *words, "--json", "-")
    assert json.loads(out)["actions"][0] == ["balance", "arm", "neutral"]


def test_another_measure_of_power(capsys):
    _, out, _ = run(capsys, "solve", "pacific-2016", "--power", "milex")
    assert "Power: military expenditure" in out


BAD_INPUT = [
    (["solve", "europe-19388"], "did you mean 'europe-1938'"),
    (["solve", "nothing.toml"], "there is no scenario file"),
    (["solve", "nothing.nfg"], "No such file"),
    (["solve", "europe-1938", "--set", "autonomy=0.8"], "did you mean 'autonomy_loss'"),
    (["solve", "europe-1938", "--set", "autonomy_loss"], "expected PARAMETER=VALUE"),
    (["solve", "europe-1938", "--set", "autonomy_loss=lots"], "autonomy_loss is 'lots'"),
    (["solve", "europe-1938", "--set", "autonomy_loss=2"], "above domination_loss"),
    (["solve", "europe-1938", "--set", "alliance_cost.Itly=1"], "did you mean 'Italy'"),
    (["solve", "europe-1938", "--set", "cohesion.Italy=1"], "one number for the whole world"),
    (["solve", "europe-1938", "--actions", "balance,hide"], "unknown action 'hide'"),
    (["solve", "europe-1938", "--actions", ""], "blank"),
    (["solve", "europe-1938", "--exact"], "exact payoffs need cohesion = 0"),
    (["solve", "europe-1938", "--power", "gold"], "unknown measure of power 'gold'"),
    (["solve", "europe-1938", "--json", "/no/such/folder/x.json"], "no such folder"),
    (["solve", "europe-1938", "--hegemon", "clever"], "'clever' is not one of"),
    (["solve"], "Missing argument"),
    (["solve", "europe-1938", "neutral"], "unexpected extra argument"),
    (["solve", "europe-1938", "cohesion=0"], "unexpected extra argument"),
    (["solve", "europe-1938", "--set", "alliance_cost.Germany=1"], "Germany is the threat"),
    (["solve", "europe-1938", "--set", "alpha=0.5"], "did you mean 'autonomy_loss'"),
    (["show", "game.nfg"], "is a game, not a scenario"),
    (["slove", "europe-1938"], "No such command 'slove'"),
    (["show", "golden-4"], "did you mean 'golden-3'"),
    (["solve", "europe-1938", "--nonsense"], "No such option"),
    (["solve", "europe-1938", "--set", "autonomy_loss.=0.5"], "name the state after the point"),
    (["solve", "x.nfg", "--set", "autonomy_loss=0.5"], "holds the game itself"),
    (["solve", "x.nfg", "--exact"], "--exact changes a scenario's model"),
    (["solve", "europe-1938", "--json", "/"], "is a folder"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD_INPUT)
def test_bad_input_is_one_message_and_exit_code_2(capsys, arguments, words):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert words in err
    assert out == ""


def test_a_world_too_large_is_refused_at_once(capsys, tmp_path):
    path = tmp_path / "large.toml"
    names = [f"s{i}" for i in range(40)] + ["h"]
    path.write_text(bg.World(names, [1] * 41, threat="h").to_toml())
    code, _, err = run(capsys, "solve", str(path))
    assert code == 2
    assert "payoff table has about 10^19 profiles" in err


def test_names_are_not_read_as_markup(capsys, tmp_path):
    path = tmp_path / "odd.toml"
    world = bg.World(["[bold]x", "[/red]", "h"], [1, 2, 3], threat="h", title="[link=x]")
    path.write_text(world.to_toml())
    for command in ("show", "solve"):
        code, out, _ = run(capsys, command, str(path))
        assert code == 0
        assert "[bold]x" in out
        assert "[/red]" in out
        assert "[link=x]" in out


def test_a_projection_is_noted_once(capsys, tmp_path):
    matrix = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    path = tmp_path / "w.toml"
    path.write_text(bg.World(["A", "B", "H"], [1, 1, 1], matrix, threat="H").to_toml())
    code, _, err = run(capsys, "solve", str(path))
    assert code == 0
    assert err.count("Note: parallelism is not positive semidefinite") == 1


def test_help_and_version(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert "solve" in out
    code, out, _ = run(capsys, "--version")
    assert code == 0
    assert "0.1" in out


def test_an_interrupt_is_exit_code_130(capsys, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("balancegame.cli.solve.nash_equilibria", interrupted)
    code, _, err = run(capsys, "solve", "golden-3")
    assert code == 130
    assert "interrupted" in err


def test_control_c_stops_long_work(tmp_path):
    """A game of 4^8 profiles in exact arithmetic takes minutes; the signal comes after seconds."""
    path = tmp_path / "eight.toml"
    world = bg.World([*(f"s{i}" for i in range(8)), "h"], range(1, 10), threat="h")
    path.write_text(world.to_toml())
    command = [sys.executable, "-m", "balancegame", "solve", str(path), "--exact"]
    command += ["--set", "cohesion=0", "--actions", "balance,bandwagon,neutral,arm"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(3.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"interrupted" in err


def run_python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | environment,
    ).stdout


def test_importing_the_package_loads_nothing_heavy():
    heavy = ("numpy", "numba", "scipy", "sympy", "pandas", "rich", "click", "xarray", "nashpy")
    out = run_python(f"import sys, balancegame\nprint([m for m in {heavy} if m in sys.modules])")
    assert out.strip() == "[]"


def test_a_small_solve_loads_no_compiler():
    """Which is why the first solve after an install is as fast as the second."""
    code = (
        "import sys\nfrom balancegame.cli import main\nmain(['solve', 'europe-1938'])\n"
        "print([m for m in ('numba', 'scipy', 'pandas') if m in sys.modules])"
    )
    assert run_python(code).splitlines()[-1] == "[]"


def test_every_public_name_exists_and_is_documented():
    for name in dir(bg):
        if not name.startswith("_"):
            assert getattr(bg, name).__doc__, name


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    script = f"{sys.executable} -m balancegame solve europe-1939 2>{tmp_path}/err | head -1"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Europe, 1939")
    assert "Traceback" not in (tmp_path / "err").read_text()
    script = f"{sys.executable} -m balancegame show europe-1939 | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0"


def test_closed_streams_are_no_error():
    command = f"{sys.executable} -m balancegame scenarios >&-"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 0
    command = f"{sys.executable} -m balancegame solve nope 2>&-"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 2


def test_eighty_columns_hold_everything(capsys, monkeypatch):
    monkeypatch.setattr("balancegame.present.console._PLAIN_WIDTH", 80)
    for command in ("show", "solve"):
        _, out, _ = run(capsys, command, "europe-1938")
        assert max(map(len, out.splitlines())) <= 80
        assert "…" not in out
        assert "Czechoslovakia" in out


def test_one_action_leaves_nothing_to_lose(capsys):
    _, out, _ = run(capsys, "solve", "golden-3", "--actions", "neutral")
    assert "no state has another action" in out


def test_the_module_runs_as_the_command(capsys, monkeypatch):
    from balancegame import __main__

    monkeypatch.setattr(sys, "argv", ["balancegame", "scenarios"])
    assert __main__.run() == 0
    assert "europe-1938" in capsys.readouterr().out

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    assert __main__.run() == 130


def test_many_equilibria_are_counted(capsys):
    words = ["--hegemon", "strategic", "--actions", "all", "--max-supports", "100"]
    _, out, _ = run(capsys, "solve", "europe-1938", *words)
    assert "The first 50 of" in out
    assert "The first 6 of" in out


def test_exposure_is_shown_where_it_matters(capsys, tmp_path):
    path = tmp_path / "w.toml"
    world = bg.World(["A", "B", "H"], [1, 2, 3], threat="H", exposure=[1, 0.5, 1])
    path.write_text(world.to_toml())
    _, out, _ = run(capsys, "show", str(path))
    assert "Exposure" in out
    assert "0.5" in out


def test_an_nfg_file_goes_to_json_too(capsys, tmp_path):
    path = tmp_path / "g.nfg"
    path.write_text(bg.NormalFormGame([[1, 2]]).to_nfg())
    code, out, _ = run(capsys, "solve", str(path), "--json", "-")
    assert code == 0
    assert json.loads(out)["equilibria"][0]["actions"] == ["a1"]


def test_json_holds_parameters_by_state_and_notes(capsys, tmp_path):
    _, out, _ = run(
        capsys, "solve", "europe-1938", "--set", "alliance_cost.Italy=0.3", "--json", "-"
    )
    told = json.loads(out)
    assert told["model"]["alliance_cost"]["value"]["Italy"] == 0.3
    assert told["notes"] == []
    matrix = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    path = tmp_path / "w.toml"
    path.write_text(bg.World(["A", "B", "H"], [1, 1, 1], matrix, threat="H").to_toml())
    _, out, _ = run(capsys, "solve", str(path), "--json", "-")
    assert "nearest correlation matrix" in json.loads(out)["notes"][0]


def test_a_strategic_threats_margin_stands_apart(capsys):
    words = ["solve", "golden-3", "--hegemon", "strategic", "--set", "decisiveness=2"]
    _, out, _ = run(capsys, *words)
    assert "Margin among the states, h apart 0.05" in out
    _, out, _ = run(capsys, *words, "--json", "-")
    first = json.loads(out)["equilibria"][0]
    assert first["margin"] == 0
    assert first["states_margin"] == pytest.approx(0.05)


def test_names_the_terminal_cannot_show_are_no_error(tmp_path):
    path = tmp_path / "w.toml"
    world = bg.World(["Österreich", "Ungarn"], [1, 2], threat="Ungarn")
    path.write_text(world.to_toml(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "balancegame", "solve", str(path)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0
    assert b"?sterreich" in done.stdout


@pytest.mark.parametrize(("columns", "width"), [("70", 70), ("", 100), ("x", 100)])
def test_columns_set_the_width_of_plain_output(capsys, monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = run(capsys, "show", "europe-1938")
    assert max(map(len, out.splitlines())) <= width


def test_the_package_names_its_version_errors_and_strategies():
    out = run_python(
        "import balancegame as bg\nprint(bg.__version__, bg.errors, bg.testing.worlds)"
    )
    assert out.startswith("0.1.0 ")


@pytest.fixture
def data_files(tmp_path):
    from tests.world.data import samples

    texts = {
        "capabilities": samples.CAPABILITIES,
        "alliances": samples.ATOP,
        "major-powers": samples.MAJORS,
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return [word for name in texts for word in (f"--{name}", str(tmp_path / f"{name}.csv"))]


def test_a_world_from_data_files_is_a_scenario_to_solve(capsys, tmp_path, data_files):
    target = str(tmp_path / "made-up.toml")
    words = ["world", "1900", "--states", "Britain, 220,Germany", "--threat", "255", *data_files]
    assert run(capsys, *words, "-o", target) == (0, "", "")
    assert bg.load_scenario(target).names == ("Britain", "France", "Germany")
    assert bg.load_scenario(target).threat == "Germany"
    code, out, _ = run(capsys, "solve", target)
    assert code == 0
    assert "States of 1900" in out
    code, out, err = run(capsys, *words)
    assert (code, err) == (0, "")
    assert out == (tmp_path / "made-up.toml").read_text(encoding="utf-8")


def test_a_world_of_major_powers(capsys, tmp_path, data_files):
    code, out, _ = run(capsys, "world", "1900", "--measure", "none", *data_files)
    assert code == 0
    (tmp_path / "powers.toml").write_text(out)
    assert bg.load_scenario(tmp_path / "powers.toml").names == ("Britain", "Germany")


def test_worlds_that_cannot_be_made(capsys, tmp_path, data_files):
    for words, said in (
        (["1900", "--states", "Britain,Spain"], "no row of state 230 in 1900"),
        (["1900", "--states", "Gremany"], "did you mean 'Germany'"),
        (["1900", "-o", str(tmp_path / "a" / "b")], "no such folder"),
        (["1900", "--capabilities", str(tmp_path / "absent.csv")], "there is no data file"),
    ):
        code, out, err = run(capsys, "world", *data_files, *words)
        assert (code, out) == (2, "")
        assert said in " ".join(err.split())
