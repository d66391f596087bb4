"""Certificates of dominance, rationalizability and minmax values: true ones hold, others do not."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.certificates.certificate import Certificate
from balancegame.certificates.verification import verify_text
from balancegame.testing import normal_form_games

COMMON = [[[8, 4, 0, 3], [0, 0, 0, 3]], [[0, 0, 0, 3], [0, 4, 8, 3]]]
THREE = bg.NormalFormGame.from_arrays(COMMON, COMMON, COMMON)
MIXED = bg.NormalFormGame.from_arrays([[4, 0], [1, 1], [0, 4]], [[2, 0], [0, 3], [1, 0]])
WEAK = bg.NormalFormGame.from_arrays(
    [[1, 1, 1], [1, 0, 1], [1, 0, 0]], [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
)
AIM = [[[0, 1], [1, 1]], [[1, 1], [0, 0]], [[1, 0], [1, 0]]]
GOLDEN = bg.NormalFormGame.from_arrays(AIM, AIM, AIM)

RESULTS = {
    "strict": lambda: bg.undominated(MIXED),
    "weak": lambda: bg.undominated(WEAK, weak=True),
    "pure": lambda: bg.undominated(WEAK, weak=True, by="pure", order=[1, 0]),
    "rationalizable": lambda: bg.rationalizable(MIXED),
    "independent": lambda: bg.rationalizable(THREE, independent=True),
    "pure minmax": lambda: bg.minmax(GOLDEN, 0),
    "minmax": lambda: bg.minmax(GOLDEN, 0, mixed=True, tol=1e-2),
}


def data_of(name):
    return json.loads(RESULTS[name]().certificate.to_json())


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


def step(data):
    return next(one for one in data["steps"] if one["eliminated"])


def claim_that_nothing_is_left_to_do(data):
    data["steps"] = data["steps"][:2]
    data["survivors"] = [[0, 2], [0, 1]]


def keep_a_dominated_action(data):
    step(data)["eliminated"].clear()


def overstate_the_gain(data):
    step(data)["eliminated"][0]["least"] = 2


def dominate_by_nothing(data):
    step(data)["eliminated"][0]["by"] = [0, 0, 0]


def dominate_by_itself(data):
    step(data)["eliminated"][0]["by"] = [0, 1, 0]


def dominate_by_more_than_one(data):
    step(data)["eliminated"][0]["by"] = [1, 0, 1]


def eliminate_twice(data):
    one = step(data)
    one["eliminated"].append(one["eliminated"][0])


def swap_turns(data):
    data["steps"][0], data["steps"][1] = data["steps"][1], data["steps"][0]


def weigh_nothing(data):
    data["steps"][-2]["kept"][0]["weights"] = []


def weigh_against(data):
    data["steps"][0]["kept"][0]["weights"] = [[[1], 1]]


def weigh_below_zero(data):
    data["steps"][0]["kept"][0]["weights"] = [[[0], -1]]


def unfinish_a_round(data):
    data["steps"].pop()


def eliminate_all(data):
    gone = step(data)["eliminated"]
    gone += [{**gone[0], "action": a} for a in (0, 2)]


def tie_falsely(data):
    data["steps"][0]["kept"][0]["tied"] = [[2]]


def say_maybe(data):
    data["complete"] = 1


def forget_a_reason(data):
    data["steps"][0]["kept"].pop()


def list_other_survivors(data):
    data["survivors"][0] = [0, 1]


def call_it_strict(data):
    data["weak"] = False


def call_it_weak(data):
    data["weak"] = True


def call_it_pure(data):
    data["by"] = "pure"


def give_no_weight(data):
    for one in data["steps"]:
        for kept in one["kept"]:
            kept["common"] = 0
            kept["weights"] = []
            kept["tied"] = []


def give_reasons_for_pure(data):
    data["steps"][-1]["kept"] = [{"action": 0, "tied": [], "common": 0, "weights": []}]


def order_of_one(data):
    data["order"] = [0]


def order_of_nobody(data):
    data["order"] = [0, 0]


def another_payoff(data):
    data["game"]["payoffs"][0][0][0] = 9


def drop_conjecture(data):
    data["conjectures"][0].pop()


def believe_the_eliminated(data):
    data["conjectures"][1][0]["joint"] = [[[1], 1]]


def believe_too_little(data):
    data["conjectures"][0][0]["joint"] = [[[0], "0x1/0x2"]]


def believe_wrongly(data):
    data["conjectures"][2][0]["parts"] = [[0, 1], [0, 1]]


def believe_jointly(data):
    data["conjectures"][2][0]["joint"] = [[[0, 0], 1]]


def be_undecided_too(data):
    data["undecided"][0] = [0]


def eliminate_what_is_gone(data):
    data["eliminations"].append(data["eliminations"][-1])


def a_round_before(data):
    data["eliminations"][-1]["round"] = 1
    data["eliminations"][0]["round"] = 3


def name_another_action(data):
    data["eliminations"][0]["action"] = 0


def deny_independence(data):
    data["independent"] = False


def cut_the_tree(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    covering["tree"].pop()


def grow_the_tree(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    covering["tree"].append(covering["tree"][-1])


def prune_the_tree(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    covering["tree"] = [one for one in covering["tree"] if "weights" in one][:1]


def weigh_one_action(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    leaf = next(one for one in covering["tree"] if "weights" in one)
    leaf["weights"] = [1] + [0] * (len(leaf["weights"]) - 1)


def weigh_negatively(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    leaf = next(one for one in covering["tree"] if "weights" in one)
    leaf["weights"][0] = -1


def bisect_elsewhere(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    next(one for one in covering["tree"] if "bisected" in one)["bisected"] = [0, 1, 1]


def bisect_nobody(data):
    covering = data.get("covering") or data["eliminations"][0]["covering"]
    next(one for one in covering["tree"] if "bisected" in one)["bisected"] = [7, 0, 1]


def drop_a_useful_action(data):
    data["covering"]["dropped"] = [[0, 1, 0]]


def drop_a_missing_action(data):
    data["covering"]["dropped"] = [[0, 5, 0]]


def raise_the_lower_bound(data):
    data["lower"] = "0x13d/0x200"


def lower_the_upper_bound(data):
    data["upper"] = data["lower"]


def another_profile(data):
    data["profile"] = [[1, 0], [0, 1]]


def a_mixed_profile(data):
    data["profile"][0] = ["0x1/0x2", "0x1/0x2"]


def no_covering(data):
    data["covering"] = None


def another_correlated_value(data):
    data["correlated"]["value"] = "0x1/0x3"


def other_correlated_weights(data):
    data["correlated"]["weights"] = [1, 0, 0]


def another_distribution(data):
    data["correlated"]["distribution"] = [[[1, 1], 1]]


def another_player(data):
    data["player"] = 3


def more_than_pure(data):
    data["covering"] = {"dropped": [], "tree": []}


READ, LISTED = "game: payoffs and kind of dominance read", "survivors: what the steps leave"
ELIMINATED = "steps: each eliminated action is dominated, by as much as is said"
KEPT = "steps: no action that is kept is dominated"
NO_REPLY = "eliminations: each action is a best reply to no conjecture"
COUNTED = "actions: each is eliminated, or has a conjecture, or is listed as undecided"
BELIEVED = "conjectures: each makes its action a best reply, and rests on such actions"
UPPER = "upper: the profile holds the player down to it"
LOWER = "lower: no independent mixed actions hold him down further"
CORRELATED = "correlated: the value, by weights and by a distribution that guarantee it"
PURE = "lower: no joint action holds him down further"

ALTERED = [
    ("strict", claim_that_nothing_is_left_to_do, LISTED),
    ("strict", keep_a_dominated_action, None),
    ("strict", overstate_the_gain, ELIMINATED),
    ("strict", dominate_by_nothing, ELIMINATED),
    ("strict", dominate_by_itself, ELIMINATED),
    ("strict", dominate_by_more_than_one, ELIMINATED),
    ("strict", eliminate_twice, ELIMINATED),
    ("strict", swap_turns, ELIMINATED),
    ("strict", weigh_nothing, KEPT),
    ("strict", weigh_against, KEPT),
    ("strict", weigh_below_zero, KEPT),
    ("strict", forget_a_reason, KEPT),
    ("strict", unfinish_a_round, ELIMINATED),
    ("strict", eliminate_all, ELIMINATED),
    ("strict", say_maybe, LISTED),
    ("weak", tie_falsely, KEPT),
    ("strict", list_other_survivors, LISTED),
    ("strict", call_it_pure, ELIMINATED),
    ("strict", call_it_weak, KEPT),
    ("strict", order_of_one, READ),
    ("strict", order_of_nobody, READ),
    ("strict", another_payoff, None),
    ("weak", call_it_strict, ELIMINATED),
    ("weak", give_no_weight, KEPT),
    ("weak", keep_a_dominated_action, None),
    ("pure", keep_a_dominated_action, None),
    ("pure", give_reasons_for_pure, KEPT),
    ("pure", call_it_strict, ELIMINATED),
    ("rationalizable", drop_conjecture, COUNTED),
    ("rationalizable", believe_the_eliminated, BELIEVED),
    ("rationalizable", believe_too_little, BELIEVED),
    ("rationalizable", eliminate_what_is_gone, NO_REPLY),
    ("rationalizable", a_round_before, NO_REPLY),
    ("rationalizable", name_another_action, NO_REPLY),
    ("rationalizable", be_undecided_too, COUNTED),
    ("independent", believe_wrongly, BELIEVED),
    ("independent", believe_jointly, BELIEVED),
    ("independent", deny_independence, NO_REPLY),
    ("independent", cut_the_tree, NO_REPLY),
    ("independent", grow_the_tree, NO_REPLY),
    ("independent", prune_the_tree, NO_REPLY),
    ("independent", weigh_one_action, NO_REPLY),
    ("independent", weigh_negatively, NO_REPLY),
    ("independent", bisect_elsewhere, NO_REPLY),
    ("minmax", cut_the_tree, LOWER),
    ("minmax", grow_the_tree, LOWER),
    ("minmax", prune_the_tree, LOWER),
    ("minmax", weigh_one_action, LOWER),
    ("minmax", weigh_negatively, LOWER),
    ("minmax", bisect_elsewhere, LOWER),
    ("minmax", bisect_nobody, LOWER),
    ("minmax", drop_a_useful_action, LOWER),
    ("minmax", drop_a_missing_action, LOWER),
    ("minmax", raise_the_lower_bound, LOWER),
    ("minmax", no_covering, LOWER),
    ("minmax", lower_the_upper_bound, UPPER),
    ("minmax", another_profile, UPPER),
    ("minmax", another_correlated_value, CORRELATED),
    ("minmax", other_correlated_weights, CORRELATED),
    ("minmax", another_distribution, CORRELATED),
    ("minmax", another_player, "game: payoffs and player read"),
    ("pure minmax", a_mixed_profile, UPPER),
    ("pure minmax", raise_the_lower_bound, PURE),
    ("pure minmax", more_than_pure, PURE),
]


@pytest.mark.parametrize("name", RESULTS)
def test_true_certificates_hold(name, tmp_path):
    result = RESULTS[name]()
    found = bg.verify(result)
    assert found.ok, str(found)
    assert len(found.checked) >= 4
    result.certificate.save(tmp_path / "it.json")
    assert bg.verify(tmp_path / "it.json") == found


@pytest.mark.parametrize(("name", "alter", "claim"), ALTERED)
def test_the_claim_that_is_untrue_is_named(name, alter, claim):
    data = data_of(name)
    alter(data)
    found = verified(data)
    assert not found.ok
    if claim is not None:
        assert [failed for failed, _ in found.failed] == [claim], str(found)


@pytest.mark.parametrize("name", RESULTS)
def test_every_altered_byte_is_noticed(name):
    text = RESULTS[name]().certificate.to_json()
    rng = random.Random(1)
    for place in range(0, len(text), 1 + len(text) // 300):
        other = rng.choice([sign for sign in '0123456789abcdef{}[]",: x' if sign != text[place]])
        assert not verify_text(text[:place] + other + text[place + 1 :]).ok


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)
CERTIFICATES = {name: data_of(name) for name in RESULTS}


@pytest.mark.parametrize("name", RESULTS)
@settings(max_examples=100)
@given(data=st.data())
def test_junk_anywhere_is_a_failed_claim_not_a_crash(name, data):
    certificate = json.loads(json.dumps(CERTIFICATES[name]))
    here = certificate
    while True:
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))))
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        here = inner
    here[key] = data.draw(JUNK)
    verified(certificate)  # some junk is true: weights can differ, bounds can be looser


@settings(max_examples=60)
@given(normal_form_games(max_players=4, max_actions=3))
def test_every_result_can_be_verified(game):
    results = [
        bg.undominated(game, weak=weak, by=by) for weak in (False, True) for by in ("mixed", "pure")
    ]
    results += [bg.rationalizable(game, independent=flag) for flag in (False, True)]
    results += [
        bg.minmax(game, i, mixed=mixed) for i in range(game.n_players) for mixed in (False, True)
    ]
    for result in results:
        assert bg.verify(result).ok


@pytest.mark.parametrize("seed", range(4))
def test_long_floats(seed):
    game = bg.NormalFormGame(np.random.default_rng(seed).normal(size=(3, 3, 2, 3)) * 1e-5)
    for result in (bg.undominated(game, weak=True), bg.rationalizable(game, independent=True)):
        assert bg.verify(result).ok


def test_the_checkers_need_nothing_but_their_own_folder(tmp_path):
    source = Path(sys.modules["balancegame.certificates.verification"].__file__).parent
    shutil.copytree(source, tmp_path / "certificates")
    for name in ("weak", "independent", "minmax"):
        RESULTS[name]().certificate.save(tmp_path / "it.json")
        found = subprocess.run(
            [sys.executable, "-S", "-E", "-m", "certificates", "it.json"],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert found.returncode == 0, found.stdout + found.stderr
