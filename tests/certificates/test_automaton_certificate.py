from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.certificates.certificate import Certificate
from tests.automata import DISCOUNTS, automata


def treaty():
    return bg.collective_security(["1/4"] * 2, 10, 1, reliability="9/10", failures="breach")


def verify_data(data):
    return bg.verify(Certificate(data))


@given(automata(), st.lists(DISCOUNTS, min_size=3, max_size=3))
@settings(max_examples=100)
def test_certificates_hold_whatever_the_answer(automaton, discounts):
    found = bg.one_shot_deviations(automaton, discounts[: len(automaton.players)])
    checked = bg.verify(found)
    assert checked.ok, checked
    assert found.certificate.data["subgame_perfect"] == found.is_subgame_perfect


@given(automata(), DISCOUNTS)
@settings(max_examples=60)
def test_the_contrary_of_what_was_found_does_not_hold(automaton, delta):
    found = bg.one_shot_deviations(automaton, delta)
    data = dict(found.certificate.data)
    if found.is_subgame_perfect:
        data["subgame_perfect"] = False
        tries = [
            [s, w, i, a]
            for s in range(len(data["states"]))
            for w, one in enumerate(automaton.contingencies)
            for i, m in enumerate(one.stage.shape)
            for a in range(m)
        ]
        for deviation in tries:
            assert not verify_data({**data, "deviation": deviation}).ok
    else:
        assert not verify_data({**data, "subgame_perfect": True, "deviation": None}).ok


ALTERATIONS = {
    "a value": (lambda d: d["states"][0]["values"].__setitem__(0, 5), "values:"),
    "a payoff": (
        lambda d: d["contingencies"][0]["game"]["payoffs"][0][0].__setitem__(1, -9),
        "values:",
    ),
    "the discount factor": (lambda d: d["discounts"].__setitem__(0, "0x1/0x3"), "values:"),
    "a discount factor of 1": (lambda d: d["discounts"].__setitem__(0, 1), "game:"),
    "a probability": (
        lambda d: d["contingencies"][0].__setitem__("probability", "0x1/0x3"),
        "game:",
    ),
    "excuses": (lambda d: d.update(excused=True), "values:"),
    "an unknown state": (
        lambda d: d["states"][0]["situations"][0].__setitem__("follow", 9),
        "automaton:",
    ),
    "what follows obedience": (
        lambda d: d["states"][0]["situations"][1].__setitem__("follow", 1),
        "automaton:",
    ),
    "an action that does not exist": (
        lambda d: d["states"][0]["situations"][0].__setitem__("profile", [0, 7]),
        "automaton:",
    ),
    "a slip of probability 2": (
        lambda d: d["states"][0]["situations"][0]["slips"][0].__setitem__(2, 2),
        "automaton:",
    ),
    "a slip twice": (
        lambda d: d["states"][0]["situations"][0]["slips"].append(
            d["states"][0]["situations"][0]["slips"][0]
        ),
        "automaton:",
    ),
    "a missing state": (lambda d: d["states"].pop(), "automaton:"),
    "another initial state": (lambda d: d.__setitem__("initial", 12), "automaton:"),
    "players out of order": (lambda d: d.__setitem__("players", [1, 0]), "game:"),
    "no answer": (lambda d: d.__setitem__("subgame_perfect", "yes"), "values:"),
    "a deviation beside": (lambda d: d.__setitem__("deviation", [0, 0, 1, 1]), "deviations:"),
    "a missing key": (lambda d: d.pop("excused"), "game:"),
    "a key too many": (lambda d: d.__setitem__("more", 1), "game:"),
    "no rule for several": (
        lambda d: d["contingencies"][0]["game"]["actions"].__setitem__(0, ["a", "b"]),
        "game:",
    ),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_altered_certificates_fail_where_they_were_altered(name):
    alter, claim = ALTERATIONS[name]
    found = treaty().incentives("4/5")
    assert found.is_subgame_perfect
    data = copy.deepcopy(dict(found.certificate.data))
    assert verify_data(data).ok
    alter(data)
    checked = verify_data(data)
    assert not checked.ok
    assert checked.failed[0][0].startswith(claim), checked


def test_a_deviation_in_a_state_that_no_play_leads_to_does_not_count():
    # From the feud nothing leads back to trust, where deviating pays.
    game = bg.ally_game(2, 2, 1, 0)
    whole = bg.Automaton(
        game, {"trust": (0, 0), "feud": (1, 1)}, {"trust": bg.Moves(deviators="feud")}
    )
    data = copy.deepcopy(dict(bg.one_shot_deviations(whole, "1/3").certificate.data))
    assert data["deviation"] == [0, 0, 0, 1]
    data["initial"] = 1
    assert verify_data(data).failed[0][1] == "no play leads to the state of the deviation"
    perfect = bg.Automaton(
        game,
        {"trust": (0, 0), "feud": (1, 1)},
        {"trust": bg.Moves(deviators="feud")},
        initial="feud",
    )
    found = bg.one_shot_deviations(perfect, "1/3")
    assert found.is_subgame_perfect
    assert bg.verify(found).ok


@given(st.data())
@settings(max_examples=150)
def test_no_altered_number_goes_unnoticed_or_raises(data):
    found = treaty().incentives("4/5")
    text = found.certificate.to_json()
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from('0123456789-"[]{},:xna '))
    changed = text[:place] + other + text[place + 1 :]
    from balancegame.certificates.verification import verify_text

    checked = verify_text(changed)
    assert checked.ok == (changed == text)


def test_the_checker_needs_the_standard_library_alone(tmp_path: Path):
    path = tmp_path / "treaty.json"
    treaty().incentives("4/5").certificate.save(path)
    import balancegame.certificates

    folder = Path(balancegame.certificates.__file__).parent
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "sys.modules['numpy'] = sys.modules['flint'] = None; "
        "import certificates.verification as v; "
        "sys.exit(v.main([sys.argv[2]]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(folder.parent), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "none pays once" in done.stdout
    assert json.loads(path.read_text())["claim"] == "one-shot deviations from an automaton"
