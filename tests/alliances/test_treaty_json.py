"""Treaties as JSON, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import BalanceGameError, TableTooLargeError, UnknownBreachError
from tests.games.test_plain_types import damaged

CASES = bg.attack_contingencies(["1/10", "1/5", 0.25], loss=10, cost=1, names=["A", "B", "C"])
ATTACKED = {"attack on A": "A", "attack on B": "B"}
QUIET = {"A": "withhold", "B": "withhold", "C": "withhold"}


def pact(breach=None, **options):
    return bg.defensive_treaty(
        ["A", "B"], CASES, ATTACKED, "help", default="withhold", breach=breach, **options
    )


TREATIES = {
    "reversion": pact(title="Pact"),
    "reversion to a profile": pact(bg.reversion(QUIET)),
    "reversion by violator": pact(
        bg.reversion({
            "A": QUIET, "B": QUIET,
            "C": {**{one.name: QUIET for one in CASES}, "attack on A": ["withhold", "help", 0]},
        })
    ),
    "exclusion": pact(bg.exclusion("withhold"), reliability={"A": "2/3"}),
    "exclusion by contingency": pact(
        bg.exclusion({one.name: 0 if one.name == "peace" else "withhold" for one in CASES}),
        reliability="9/10", failures="breach",
    ),
    "penance": pact(bg.penance(2, violator={"attack on A": 0}, others={"peace": "withhold"})),
    "collective": bg.collective_security(["1/3"] * 3, 10, 1),
    "of all": bg.ally_game(3, 2, 1, "1/5").treaty(bg.penance(1, violator=0, others=1)),
}  # fmt: skip


@pytest.mark.parametrize("kind", TREATIES)
def test_a_treaty_is_read_back_from_json(kind):
    treaty = TREATIES[kind]
    text = treaty.to_json()
    again = bg.Treaty.from_json(text)
    assert again == treaty
    assert again.to_json() == text
    assert (again.title, again.members) == (treaty.title, treaty.members)
    assert (again.obligations, again.default) == (treaty.obligations, treaty.default)
    assert (again.reliability, again.failures) == (treaty.reliability, treaty.failures)
    assert again.beneficiaries == treaty.beneficiaries
    assert again.critical_discount() == treaty.critical_discount()


@settings(max_examples=200)
@given(st.data(), st.sampled_from(sorted(TREATIES)))
def test_a_damaged_treaty_is_refused_by_name_or_read_as_another(data, kind):
    try:
        found = bg.Treaty.from_dict(damaged(data.draw, TREATIES[kind].to_dict()))
    except BalanceGameError:
        return
    assert bg.Treaty.from_dict(found.to_dict()) == found


def test_a_treaty_is_written_by_name():
    written = json.loads(TREATIES["exclusion"].to_json())
    assert written["breach"] == {"kind": "exclusion", "action": "withhold"}
    assert written["beneficiaries"] == ATTACKED
    assert written["reliability"] == {"A": "2/3", "B": "1"}
    assert written["obligations"]["attack on A"] == {"B": "help"}


def test_the_kind_of_breach_must_be_known():
    written = TREATIES["exclusion"].to_dict()
    written["breach"] = {"kind": "exclusoin", "action": "withhold"}
    with pytest.raises(UnknownBreachError, match="did you mean 'exclusion'"):
        bg.Treaty.from_dict(written)


def test_a_penance_too_long_to_write_out_is_refused():
    with pytest.raises(TableTooLargeError, match="fewer periods"):
        pact(bg.penance(10**12, violator="help", others="withhold"))
