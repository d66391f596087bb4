"""Certificates of payoff sets: true ones hold, altered ones fail by name."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import balancegame as bg
from balancegame.certificates.certificate import Certificate
from balancegame.certificates.verification import verify_text

DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
PENNIES = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SANNIKOV = bg.NormalFormGame.from_arrays(
    [[16, 3, 0], [21, 10, -1], [9, 5, -5]], [[9, 13, 3], [1, 4, 0], [0, -4, -15]]
)
WAR = bg.NormalFormGame.from_arrays([[-1]], [[0]])

REPEATED = {
    "dilemma": bg.RepeatedGame(DILEMMA, "1/2"),
    "point": bg.RepeatedGame(DILEMMA, "0.49"),
    "one-shot": bg.RepeatedGame(DILEMMA, 0),
    "empty": bg.RepeatedGame(PENNIES, "1/2"),
    "irrational": bg.RepeatedGame(SANNIKOV, "3/10"),
    "contingencies": bg.RepeatedGame(
        [bg.Contingency("peace", "1/2", DILEMMA), bg.Contingency("war", "1/2", WAR)], "2/3"
    ),
}


def data_of(name):
    return json.loads(bg.subgame_perfect_payoffs(REPEATED[name]).certificate.to_json())


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


@pytest.mark.parametrize("name", REPEATED)
def test_true_ones_hold(name):
    found = verified(data_of(name))
    assert found.ok, found
    assert found.checked[-1].startswith("exact")


def test_the_folder_alone_checks_a_file(tmp_path):
    folder = Path(sys.modules["balancegame.certificates"].__file__).parent
    shutil.copytree(folder, tmp_path / "certificates", ignore=shutil.ignore_patterns("__pycache__"))
    bg.subgame_perfect_payoffs(REPEATED["dilemma"]).certificate.save(tmp_path / "set.json")
    done = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; sys.path.insert(0, '.'); "
         "from certificates.verification import main; sys.exit(main(['set.json']))"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def claim_a_better_vertex(data):
    data["vertices"][2]["payoffs"] = [3, 3]


def add_a_vertex(data):
    data["vertices"].append({**data["vertices"][1], "payoffs": [0, 0]})


def list_a_vertex_twice(data):
    data["vertices"].append(data["vertices"][0])


def forget_a_vertex(data):
    data["vertices"] = data["vertices"][:2] + data["vertices"][3:]


def play_what_pays_to_leave(data):
    support = data["vertices"][0]["mixture"][0]["support"][0]
    support["profile"] = [0, 0]


def continue_too_low_to_deter(data):
    # (2, 2) is played, and the worst equilibrium follows all the same.
    data["vertices"][2]["mixture"][0]["support"][0]["continuation"] = [[0, 1]]


def weigh_more_than_all(data):
    data["vertices"][0]["mixture"][0]["weight"] = 2


def weigh_below_zero(data):
    part = data["vertices"][0]["mixture"][0]
    data["vertices"][0]["mixture"] = [{**part, "weight": 2}, {**part, "weight": -1}]


def continue_with_more_than_all(data):
    support = data["vertices"][0]["mixture"][0]["support"][0]
    support["continuation"] = [[0, 1], [2, 1]]


def play_an_unknown_profile(data):
    data["vertices"][0]["mixture"][0]["support"][0]["profile"] = [0, 2]


def tighten_the_first_step(data):
    data["steps"][0][0][2] = -100


def tighten_the_last_step(data):
    for side in data["steps"][-1]:
        side[2] = -100


def start_with_no_step(data):
    data["steps"] = []


def be_less_patient(data):
    data["discount"] = "0x1/0x3"


def be_too_patient(data):
    data["discount"] = 1


def shrink_from_too_small(data):
    data["shrinking"]["sizes"] = ["0x1/0x" + "f" * 30, 0]


def shrink_upwards(data):
    data["shrinking"]["sizes"].reverse()


def shrink_past_the_set(data):
    for side in data["shrinking"]["sides"]:
        side[2] = 1


def grow_backwards(data):
    data["shrinking"]["sides"][0][3] = -1


def do_not_shrink(data):
    data["shrinking"] = None


def cut_the_outer_polygon(data):
    data["outer"] = data["outer"][:-1]


def turn_the_outer_polygon(data):
    data["outer"].reverse()


def say_it_is_empty(data):
    data["vertices"], data["outer"], data["shrinking"] = [], [], None


def say_maybe(data):
    data["exact"] = 1


def promise_more_from_the_game(data):
    data["contingencies"][0]["game"]["payoffs"][0][0][0] = 5


def draw_more_than_surely(data):
    data["contingencies"][0]["probability"] = 2


def draw_the_same_name(data):
    one = data["contingencies"][0]
    data["contingencies"] = [{**one, "probability": "0x1/0x2"}] * 2


def add_a_remark(data):
    data["remark"] = "true"


ALTERATIONS = {
    claim_a_better_vertex: "vertices",
    add_a_vertex: "vertices",
    list_a_vertex_twice: "vertices",
    forget_a_vertex: "vertices",
    play_what_pays_to_leave: "vertices",
    continue_too_low_to_deter: "vertices",
    weigh_more_than_all: "vertices",
    weigh_below_zero: "vertices",
    continue_with_more_than_all: "vertices",
    play_an_unknown_profile: "vertices",
    tighten_the_first_step: "steps",
    tighten_the_last_step: "steps",
    start_with_no_step: "steps",
    be_less_patient: "vertices",
    be_too_patient: "game",
    shrink_from_too_small: "shrinking",
    shrink_upwards: "shrinking",
    shrink_past_the_set: "shrinking",
    grow_backwards: "shrinking",
    do_not_shrink: "outer",
    cut_the_outer_polygon: "outer",
    turn_the_outer_polygon: "outer",
    say_it_is_empty: "outer",
    say_maybe: "exact",
    promise_more_from_the_game: "vertices",
    draw_more_than_surely: "game",
    draw_the_same_name: "game",
    add_a_remark: "game",
}


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda alter: alter.__name__)
def test_altered_ones_fail_by_name(alter):
    # The dilemma's steps end with the set itself, and need no shrinking.
    name = "irrational" if alter in (shrink_from_too_small, do_not_shrink) else "dilemma"
    data = data_of(name)
    alter(data)
    found = verified(data)
    assert not found.ok
    (claim, place), *_ = found.failed
    assert claim.startswith(ALTERATIONS[alter]), found
    assert place


def test_an_equilibrium_cannot_be_denied():
    """No shrinking is believed around less than all: here, around the worst equilibrium alone."""
    data = data_of("dilemma")
    point = data_of("point")
    data["vertices"], data["outer"] = point["vertices"], point["outer"]
    for sizes in ([1, 0], [4, 1, 0], ["0x1/0x400", 0]):
        data["shrinking"] = {**point["shrinking"], "sizes": sizes}
        assert not verified(data).ok


def test_what_is_near_is_not_exact():
    data = data_of("irrational")
    data["exact"] = True
    found = verified(data)
    assert [claim.split(":")[0] for claim, _ in found.failed] == ["exact"]
