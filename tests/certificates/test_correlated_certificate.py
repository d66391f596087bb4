"""Certificates of correlated equilibria: true ones hold, altered ones fail by the untrue claim."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.certificates.certificate import Certificate, digest, encode_fraction
from balancegame.certificates.reading import read_fraction
from balancegame.certificates.verification import verify_text
from balancegame.testing import normal_form_games
from tests.correlated import NAMED, objective_of

READ = "game: payoffs and objective read"
DISTRIBUTION = "distribution: probabilities above 0, with sum 1"
INCENTIVES = "incentives: nobody gains by another action"
VALUE = "value: what the distribution attains"
OPTIMAL = "optimal: at the multipliers no profile is worth more than the value"

GAME = bg.NormalFormGame(np.random.default_rng(5).integers(0, 10, (3, 2, 3, 2)), title="three")
CHICKEN = bg.NormalFormGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]])


def data_of(game=CHICKEN, objective="welfare", *, coarse=False):
    result = bg.correlated_equilibrium(game, objective, coarse)
    return json.loads(result.certificate.to_json())


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


@given(
    normal_form_games(max_players=4, max_actions=3, payoffs=st.integers(0, 2) | st.floats(-1, 1)),
    st.sampled_from(NAMED),
    st.booleans(),
)
def test_every_result_can_be_verified(game, name, coarse):
    found = bg.verify(bg.correlated_equilibrium(game, objective_of(name, game), coarse))
    assert found.ok, str(found)
    assert found.checked[1:] == (READ, DISTRIBUTION, INCENTIVES, VALUE, OPTIMAL)
    assert found.subject == "an optimal correlated equilibrium of a game"


@pytest.mark.parametrize("coarse", [False, True])
def test_tables_and_weights_can_be_verified(coarse):
    rng = np.random.default_rng(0)
    for objective in (rng.normal(size=GAME.shape), [1, "-1/3", 0.1], rng.integers(0, 3, (2, 3, 2))):
        result = bg.correlated_equilibrium(GAME, objective, coarse)
        assert bg.verify(result).ok


def test_a_file_is_checked_like_the_result(tmp_path):
    certificate = bg.correlated_equilibrium(GAME).certificate
    certificate.save(tmp_path / "three.json")
    assert bg.verify(tmp_path / "three.json") == bg.verify(certificate)
    assert '"three"' in (tmp_path / "three.json").read_text()


# Altered certificates


def add(value, change):
    return encode_fraction(read_fraction(value) + change)


def shift_probability(data):
    data["distribution"][0]["probability"] = add(data["distribution"][0]["probability"], 1)


def drop_profile(data):
    data["distribution"].pop()


def nothing_played(data):
    data["distribution"].append({"profile": [1, 1], "probability": 0})


def negative_probability(data):
    first = data["distribution"][0]
    first["probability"] = add(first["probability"], 1)
    data["distribution"].append({"profile": [1, 1], "probability": -1})


def repeat_profile(data):
    half = encode_fraction(Fraction(read_fraction(data["distribution"][0]["probability"]), 2))
    data["distribution"][0]["probability"] = half
    data["distribution"].append(dict(data["distribution"][0]))


def play_what_tempts(data):
    data["distribution"] = [{"profile": [0, 0], "probability": 1}]
    data["payoffs"], data["value"] = [6, 6], 12


def no_such_action(data):
    data["distribution"][0]["profile"][0] = 2


def wrong_payoff(data):
    data["payoffs"][1] = 17


def wrong_value(data):
    data["value"] = add(data["value"], 1)


def a_worse_equilibrium(data):
    data["distribution"] = [{"profile": [0, 1], "probability": 1}]
    data["payoffs"], data["value"] = [2, 7], 9


def no_multipliers(data):
    data["multipliers"] = []


def negative_multiplier(data):
    data["multipliers"][0]["multiplier"] = -1


def smaller_multiplier(data):
    first = data["multipliers"][0]
    first["multiplier"] = add(first["multiplier"], Fraction(-1, 100))


def repeated_multiplier(data):
    data["multipliers"].append(data["multipliers"][0])


def no_such_player(data):
    data["multipliers"][0]["player"] = 2


def no_such_deviation(data):
    data["multipliers"][0]["deviation"] = 2


def unwanted_shares(data):
    data["shares"] = [1, 0]


def more_weight(data):
    data["objective"]["weights"][0] = 2


def coarse_instead(data):
    data["coarse"] = True


def coarse_in_words(data):
    data["coarse"] = "no"


def unknown_objective(data):
    data["objective"]["maximised"] = "beauty"


@pytest.mark.parametrize(
    ("alter", "claim"),
    [
        (shift_probability, DISTRIBUTION),
        (drop_profile, DISTRIBUTION),
        (nothing_played, DISTRIBUTION),
        (negative_probability, DISTRIBUTION),
        (repeat_profile, DISTRIBUTION),
        (no_such_action, DISTRIBUTION),
        (play_what_tempts, INCENTIVES),
        (wrong_payoff, VALUE),
        (wrong_value, VALUE),
        (more_weight, VALUE),
        (a_worse_equilibrium, OPTIMAL),
        (no_multipliers, OPTIMAL),
        (negative_multiplier, OPTIMAL),
        (smaller_multiplier, OPTIMAL),
        (repeated_multiplier, OPTIMAL),
        (no_such_player, OPTIMAL),
        (no_such_deviation, OPTIMAL),
        (unwanted_shares, OPTIMAL),
        (coarse_instead, OPTIMAL),
        (coarse_in_words, READ),
        (unknown_objective, READ),
    ],
)
def test_the_claim_that_is_untrue_is_named(alter, claim):
    data = data_of()
    alter(data)
    found = verified(data)
    assert [name for name, _ in found.failed] == [claim], str(found)


@pytest.mark.parametrize(
    ("shares", "claim"), [([2, -1], OPTIMAL), ([1, 1], OPTIMAL), ([], OPTIMAL), ([0, 1], OPTIMAL)]
)
def test_shares_in_the_least_payoff_are_checked(shares, claim):
    data = data_of(objective="egalitarian")
    data["shares"] = shares
    assert [name for name, _ in verified(data).failed] == [claim]


def test_a_correlated_equilibrium_does_not_pass_for_the_best_coarse_one():
    game = bg.NormalFormGame.from_arrays(
        [[3, 1, 4], [1, 5, 0], [1, 0, 2]], [[3, 1, 1], [4, 2, 0], [1, 0, 5]]
    )
    coarse, finer = data_of(game, coarse=True), data_of(game)
    finer["coarse"], finer["multipliers"] = True, coarse["multipliers"]
    assert [name for name, _ in verified(finer).failed] == [OPTIMAL]
    coarse["coarse"] = False
    assert [name for name, _ in verified(coarse).failed] == [INCENTIVES]


def test_a_changed_payoff_is_noticed_wherever_it_matters():
    for place in np.ndindex(2, 2, 2):
        for change in (-3, 3):
            data = data_of()
            player, row, column = place
            data["game"]["payoffs"][player][row][column] += change
            changed = CHICKEN.payoffs.copy()
            changed[place] += change
            truth = bg.correlated_equilibrium(bg.NormalFormGame(changed))
            stated = bg.correlated_equilibrium(CHICKEN)
            if truth.exact != stated.exact:
                assert not verified(data).ok


def test_every_altered_byte_is_noticed():
    text = bg.correlated_equilibrium(CHICKEN).certificate.to_json()
    rng = random.Random(1)
    for place in range(len(text)):
        other = rng.choice([sign for sign in '0123456789abcdef{}[]",: x' if sign != text[place]])
        assert not verify_text(text[:place] + other + text[place + 1 :]).ok, place


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(st.data(), st.sampled_from(["welfare", "egalitarian", "table"]))
def test_junk_anywhere_is_a_failed_claim_not_a_crash(data, kind):
    objective = np.arange(4.0).reshape(2, 2) if kind == "table" else kind
    certificate = data_of(CHICKEN, objective)
    del certificate["sha256"]  # made anew below
    here = certificate
    while True:
        keys = list(here) if isinstance(here, dict) else range(len(here))
        if not keys:
            break
        key = data.draw(st.sampled_from(list(keys)))
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        here = inner
    junk = data.draw(JUNK)
    before = json.dumps(certificate)
    here[key] = junk
    found = verified(certificate)
    if found.ok and json.dumps(certificate) != before:
        # Only names, the title, or a number in which the claim is still true may have changed.
        harmless = key in ("title", "players", "actions") or type(junk) in (int, str)
        assert harmless, (key, junk)


def written_with(old, new):
    """The certificate's text with something replaced, and a digest that fits."""
    text = bg.correlated_equilibrium(CHICKEN).certificate.to_json()
    assert old in text
    text = text.replace(old, new, 1)
    place = text.rindex('"sha256": "') + len('"sha256": "')
    zeros = text[:place] + "0" * 64 + text[place + 64 :]
    return zeros[:place] + digest(zeros) + zeros[place + 64 :]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"coarse": false', '"coarse": 0'),
        ('"coarse": false', '"coarse": false, "coarse": false'),
        ('"coarse": false', '"coarse": false, "fine": true'),
        ('"payoffs": [[[6, 2]', '"payoffs": [[["6", 2]'),
        ('"payoffs": [[[6, 2]', '"payoffs": [[["0x0_6", 2]'),
        ('"payoffs": [[[6, 2]', '"payoffs": [[["-0x6/-0x1", 2]'),
        ('"payoffs": [[[6, 2]', '"payoffs": [[[6.0, 2]'),
        ('"payoffs": [[[6, 2]', '"payoffs": [[[6, 2, 0]'),
        ('"profile": [0, 0]', '"profile": [false, 0]'),
        ('"profile": [0, 0]', '"profile": [0]'),
        ('"profile": [0, 0]', '"profile": [0, -2]'),
        ('"weights": [1, 1]', '"weights": [true, 1]'),
        ('"weights": [1, 1]', '"weights": [1, 1, 0]'),
        ('"weights": [1, 1]', '"weights": [1, 1], "table": []'),
        ('"shares": []', '"shares": {}'),
        ('"recommended": [0]', '"recommended": 0'),
        ('"recommended": [0]', '"recommended": []'),
        ('"recommended": [0]', '"recommended": [0, 0]'),
    ],
)
def test_there_is_one_way_to_read_a_certificate(old, new):
    assert verify_text(written_with(old, old)).ok
    assert not verify_text(written_with(old, new)).ok


def test_the_checker_needs_nothing_but_its_own_folder(tmp_path):
    source = Path(sys.modules["balancegame.certificates.verification"].__file__).parent
    shutil.copytree(source, tmp_path / "certificates")
    bg.correlated_equilibrium(GAME, "egalitarian").certificate.save(tmp_path / "game.json")
    # -S leaves out everything that was installed, -E what the environment would add.
    found = subprocess.run(
        [sys.executable, "-S", "-E", "-m", "certificates", "game.json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.endswith("All claims hold.\n")


def test_names_of_any_kind_are_written():
    game = bg.NormalFormGame(np.zeros((2, 2, 2)), ["é", "日"], [["\\", '"'], ["a", "b"]])
    assert bg.verify(bg.correlated_equilibrium(game)).ok
