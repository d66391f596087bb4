"""What the README shows is what the commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

from balancegame.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_main_jobs_output_is_the_readmes(capsys):
    assert main(["solve", "europe-1938"]) == 0
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()).strip()
    assert f"```text\n{printed}\n```" in README


@pytest.mark.parametrize(
    "command",
    [
        "python -m pip install . && balancegame solve europe-1938",
        "python -m pip install -e '.[test]' && python -m pytest",
    ],
)
def test_the_two_commands_stand_on_the_first_screen(command):
    assert command in "\n".join(README.splitlines()[:25])


def test_the_example_scenario_of_the_documentation_can_be_loaded(tmp_path):
    import balancegame as bg

    text = (ROOT / "docs" / "scenario-files.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    world = bg.load_scenario(path)
    assert world.exposure.tolist() == [0.5, 1, 1]
    assert bg.load_scenario(path, power="milex").power[0] == 1863997
    assert bg.load_model(path).alliance_cost == {"Britain": 0.2, "Soviet Union": 0.1}


def test_no_file_holds_a_path_of_somebodys_machine():
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*")]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text
            assert "/home/" not in text
