"""What may be written for a treaty, how treaties compare, and what is refused by name."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

import balancegame as bg
from balancegame.errors import InvalidShapeError, InvalidTypeError

PEACE, WAR = (bg.ally_game(2, benefit, 1, 0) for benefit in (2, 3))


STAGES = [bg.Contingency("peace", "1/2", PEACE), bg.Contingency("war", "1/2", WAR)]


def treaty(**options):
    names = PEACE.players
    options = {
        "obligations": dict.fromkeys(names, "help"),
        "default": "withhold",
        "breach": bg.reversion(),
    } | options
    return bg.Treaty(names, STAGES, options.pop("obligations"), **options)


def test_a_treaty_says_what_follows_its_breach_and_what_it_is_called():
    breach = bg.penance(2, violator="help", others="withhold")
    made = treaty(breach=breach, title="Entente")
    assert made.breach == breach
    assert made.title == "Entente"
    assert "Entente" in repr(made)


def test_treaties_are_equal_to_their_like_alone():
    assert treaty() == treaty()
    assert treaty() != treaty(breach=bg.penance(1, violator="help", others="withhold"))
    assert treaty() != "Entente"


def test_obligations_are_by_contingency_everywhere_or_nowhere():
    name = PEACE.players[0]
    with pytest.raises(InvalidTypeError, match=r"obligations\['war'\] is 'help'"):
        treaty(obligations={"peace": {name: "help"}, "war": "help"})


def test_excluded_members_play_an_action_in_each_contingency():
    with pytest.raises(InvalidShapeError, match="no action is named for contingency 'war'"):
        treaty(breach=bg.exclusion({"peace": "withhold"}))


def test_an_irrational_threshold_leaves_next_to_no_slack():
    # A penance of two periods of help deters from a root of a polynomial on.
    made = treaty(breach=bg.penance(2, violator="help", others="withhold"))
    found = made.critical_discount()
    assert not isinstance(found.exact, F)
    assert 0 < found.value < 1
    assert min(found.slack.values()) == pytest.approx(0.0, abs=1e-9)
