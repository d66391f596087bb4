"""Certificates: true ones hold, altered ones fail by the claim that is untrue, nobody crashes."""

from __future__ import annotations

import copy
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.certificates.certificate import Certificate, decode, digest, encode
from balancegame.certificates.verification import main, verify_text
from balancegame.testing import normal_form_games
from tests.two_player import arithmetic, random_game  # noqa: F401 (a fixture)

# One isolated equilibrium, one segment, a degenerate vertex in either polytope.
TIES = bg.NormalFormGame.from_arrays([[2, 0, 1], [0, 1, 1]], [[1, 0, 0], [0, 2, 2]], title="ties")


def data_of(game=TIES):
    return json.loads(bg.nash_equilibria(game).certificate.to_json())


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


@given(normal_form_games(min_players=2, max_players=2, max_actions=4, payoffs=st.integers(0, 2)))
def test_every_result_can_be_verified(game):
    found = bg.verify(bg.nash_equilibria(game))
    assert found.ok, str(found)
    assert len(found.checked) == 9


@pytest.mark.parametrize("seed", range(24))
def test_results_of_either_arithmetic_can_be_verified(seed, arithmetic):  # noqa: F811
    assert bg.verify(bg.nash_equilibria(random_game(seed))).ok


def test_a_file_is_checked_like_the_result(tmp_path):
    certificate = bg.nash_equilibria(TIES).certificate
    certificate.save(tmp_path / "ties.json")
    assert bg.verify(tmp_path / "ties.json").ok
    assert bg.verify(str(tmp_path / "ties.json")).ok
    assert bg.verify(certificate) == bg.verify(bg.nash_equilibria(TIES))
    assert "ties" in (tmp_path / "ties.json").read_text()


def drop_equilibrium(data):
    data["equilibria"].pop()
    data["components"] = [[0], [1]]


def drop_basis(data):
    data["P"]["bases"].pop()
    data["P"]["points"].pop()


def shift_payoff(data):
    data["game"]["payoffs"][0][0][0] += 1


def wrong_profile(data):
    data["equilibria"][0]["profile"][0] = [0, 1]


def wrong_payoff(data):
    data["equilibria"][0]["payoffs"][1] = 17


def merge_components(data):
    data["components"] = [sorted(place for one in data["components"] for place in one)]


def double_basis(data):
    data["Q"]["bases"].append(data["Q"]["bases"][-1])
    data["Q"]["points"].append(data["Q"]["points"][-1])


def move_point(data):
    data["P"]["points"][-1][1] += 1


def scale_by_nothing(data):
    data["P"]["points"][-1][0] = 0


def negative_weight(data):
    data["P"]["points"][-1][1] *= -1


def negative_factor(data):
    data["positive"][0]["factor"] = -1


def not_positive(data):
    data["positive"][1]["offset"] = 0


def another_basis_of_the_point(data):
    """Exchange a basis for an infeasible one at the same, degenerate, point."""
    side = data["Q"]
    known = {decode(basis) for basis in side["bases"]}
    labels = 2 + 3
    for place, basis in enumerate(map(decode, list(side["bases"]))):
        for out in range(labels):
            for into in range(labels):
                moved = basis & ~(1 << out) | 1 << into
                if moved.bit_count() == basis.bit_count() and moved not in known:
                    trial = copy.deepcopy(data)
                    trial["Q"]["bases"][place] = moved
                    failed = verified(trial).failed
                    assert failed
                    if "for small eps" in failed[0][1]:
                        side["bases"][place] = moved
                        return
    raise AssertionError


@pytest.mark.parametrize(
    ("alter", "claim"),
    [
        (drop_equilibrium, "equilibria: the pairs of vertices that have every label"),
        (drop_basis, "P: the list is closed under adjacency, and so complete"),
        (shift_payoff, "P: "),
        (wrong_profile, "equilibria: profiles, payoffs and best responses"),
        (wrong_payoff, "equilibria: profiles, payoffs and best responses"),
        (merge_components, "components: as the pairs are connected"),
        (double_basis, "Q: points and their labels"),
        (move_point, "P: points and their labels"),
        (scale_by_nothing, "P: points and their labels"),
        (negative_weight, "P: points and their labels"),
        (negative_factor, "game: payoffs read, and made positive by an affine change"),
        (not_positive, "game: payoffs read, and made positive by an affine change"),
        (another_basis_of_the_point, "Q: points and their labels"),
    ],
)
def test_the_claim_that_is_untrue_is_named(alter, claim):
    data = data_of()
    alter(data)
    found = verified(data)
    assert not found.ok
    if alter is shift_payoff:  # which claim notices first depends on the vertices
        return
    assert [name for name, _ in found.failed] == [claim], str(found)
    assert "FAILED" in str(found)


def test_every_altered_byte_is_noticed():
    text = bg.nash_equilibria(TIES).certificate.to_json()
    rng = random.Random(1)
    for place in range(len(text)):
        other = rng.choice([sign for sign in '0123456789abcdef{}[]",: x' if sign != text[place]])
        found = verify_text(text[:place] + other + text[place + 1 :])
        assert not found.ok, (place, text[place], other)


def test_deleted_and_doubled_bytes_are_noticed():
    text = bg.nash_equilibria(TIES).certificate.to_json()
    for place in range(0, len(text), 3):
        assert not verify_text(text[:place] + text[place + 1 :]).ok
        assert not verify_text(text[:place] + text[place] + text[place:]).ok


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(st.data())
def test_junk_anywhere_is_a_failed_claim_not_a_crash(data):
    certificate = data_of()
    del certificate["sha256"]  # made anew below
    here = certificate
    while True:
        keys = list(here) if isinstance(here, dict) else range(len(here))
        key = data.draw(st.sampled_from(list(keys)))
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        here = inner
    junk = data.draw(JUNK)
    unchanged = here[key] == junk and type(here[key]) is type(junk)
    here[key] = junk
    path_of_names = key in ("title", "players") or (isinstance(inner, str) and key in (0, 1, 2))
    found = verified(certificate)
    assert found.ok <= (unchanged or path_of_names or key == "title")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "nonsense", '{"format": 3}', "[" * 100_000, "1e999", "NaN"]
)
def test_what_is_no_certificate_fails(text):
    found = verify_text(text)
    assert not found.ok
    assert found.failed[0][0] == "format"


def test_things_without_a_certificate_are_refused():
    with pytest.raises(ValueError, match="no certificate"):
        bg.verify(bg.pure_nash(TIES))
    with pytest.raises(TypeError, match="give a result or a path"):
        bg.verify(3)


@pytest.mark.parametrize("number", [0, -1, 2**53 - 1, 2**53, -(2**200), 10**400])
def test_integers_of_any_length_are_written_and_read(number):
    assert decode(json.loads(json.dumps(encode(number)))) == number


@pytest.mark.parametrize("scale", [2.0**256, 2.0**-256, 1e-80, 1e300])
def test_long_runs_of_zeros_are_not_taken_for_the_digest(scale):
    game = bg.NormalFormGame.from_arrays([[scale, 0], [0, 1]], [[1, 0], [0, scale]], title="0" * 64)
    assert bg.verify(bg.nash_equilibria(game)).ok


def written_with(old, new):
    """The certificate's text with something replaced, and a digest that fits."""
    text = bg.nash_equilibria(TIES).certificate.to_json()
    assert old in text
    text = text.replace(old, new, 1)
    place = text.rindex('"sha256": "') + len('"sha256": "')
    zeros = text[:place] + "0" * 64 + text[place + 64 :]
    return zeros[:place] + digest(zeros) + zeros[place + 64 :]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"title": "ties"', '"title": ["ties"]'),
        ('"title": "ties"', '"title": "ties", "title": "other"'),
        ('"title": "ties"', '"title": "ties", "exclusive": 1'),
        ('"players": ["player 0", "player 1"]', '"players": ["a", "b", "c"]'),
        ('"players": ["player 0", "player 1"]', '"players": ["a", "a"]'),
        ('"vertices": [', '"vertices": [false, '),
        ('"payoffs": [[[2, 0, 1]', '"payoffs": [["201"'),
        ('"payoffs": [[[2, 0, 1]', '"payoffs": [[["2", 0, 1]'),
        ('"payoffs": [[[2, 0, 1]', '"payoffs": [[["0x0_2", 0, 1]'),
        ('"payoffs": [[[2, 0, 1]', '"payoffs": [[["-0x2/-0x1", 0, 1]'),
        ('"payoffs": [[[2, 0, 1]', '"payoffs": [[[2.0, 0, 1]'),
        ('{"format"', '{"equilibria": [], "format"'),
        ('"components": [[0]', '"components": [[false]'),
    ],
)
def test_there_is_one_way_to_read_a_certificate(old, new):
    assert not verify_text(written_with(old, new)).ok


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=cwd, check=False
    )


def test_the_command_says_what_holds_and_what_fails(tmp_path):
    path = tmp_path / "game.json"
    bg.nash_equilibria(TIES).certificate.save(path)
    good = run("-m", "balancegame.certificates", str(path))
    assert good.returncode == 0, good.stderr
    assert good.stdout.endswith("All claims hold.\n")
    path.write_text(path.read_text().replace('"factor": 1', '"factor": 2', 1))
    bad = run("-m", "balancegame.certificates", str(path))
    assert bad.returncode == 1
    assert "FAILED" in bad.stdout
    assert run("-m", "balancegame.certificates", str(tmp_path / "none.json")).returncode == 2
    assert run("-m", "balancegame.certificates").returncode == 2


def test_the_checker_needs_nothing_but_its_own_folder(tmp_path):
    source = Path(sys.modules["balancegame.certificates.verification"].__file__).parent
    shutil.copytree(source, tmp_path / "certificates")
    bg.nash_equilibria(TIES).certificate.save(tmp_path / "game.json")
    # -S leaves out everything that was installed, -E what the environment would add.
    found = run("-S", "-E", "-m", "certificates", "game.json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("seed", range(3))
def test_floats_make_long_integers_and_hold(seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).normal(size=(2, 5, 4)) * 1e-5)
    assert bg.verify(bg.nash_equilibria(game)).ok


def test_the_main_function_prints_and_returns_the_exit_code(tmp_path, capsys):
    path = tmp_path / "game.json"
    bg.nash_equilibria(TIES).certificate.save(path)
    assert main([str(path)]) == 0
    assert "All claims hold." in capsys.readouterr().out
    path.write_text("{}")
    assert main([str(path)]) == 1
    assert "proves nothing" in capsys.readouterr().out
    assert main([]) == 2
    assert main(["--help"]) == 2
    assert main([str(tmp_path / "none.json")]) == 2
    assert "usage" in capsys.readouterr().err


def test_files_beyond_the_limit_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["balancegame.certificates.verification"], "_LARGEST_FILE", 3)
    (tmp_path / "large.json").write_text("{    }")
    with pytest.raises(ValueError, match="larger than 3 bytes"):
        bg.verify(tmp_path / "large.json")
