from __future__ import annotations

import json
import pickle
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import (
    InvalidDiscountError,
    InvalidParameterError,
    InvalidProbabilityError,
    InvalidShapeError,
    InvalidTypeError,
    TableTooLargeError,
    UnknownActionError,
    UnknownContingencyError,
    UnknownFailureError,
    UnknownPlayerError,
    UnknownScopeError,
)

F = Fraction
NAMES = ["France", "Russia"]


def ally_treaty(a=0, n=2, breach=None, **options):
    game = bg.ally_game(n, 2, 1, a, names=NAMES if n == 2 else None)
    return bg.Treaty(
        game.players, game, dict.fromkeys(game.players, "help"), breach, "withhold", **options
    )


def by_formula(q, losses, costs):
    """MODEL.md, P10; None where some member gains nothing by collective security."""
    total = sum(q)
    gains = [qi * li - (total - qi) * ci for qi, li, ci in zip(q, losses, costs, strict=True)]
    if min(gains) <= 0:
        return None
    return max(c / (c + g) for c, g in zip(costs, gains, strict=True))


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (2, F(2, 11)),
        (3, F(3, 11)),
        (5, F(5, 11)),
        (8, F(8, 11)),
        pytest.param(11, None, marks=pytest.mark.compiled),
    ],
)
def test_collective_security_table(n, expected):
    found = bg.collective_security([f"1/{n}"] * n, 10, 1).critical_discount()
    assert found.exact == expected
    assert by_formula([F(1, n)] * n, [10] * n, [F(1)] * n) == expected
    if expected is None:
        assert "no discount factor deters this" in found.reason
    else:
        assert str(found.sustaining) == f"[{expected}, 1)"


@given(st.data())
@settings(max_examples=40)
def test_collective_security_among_unequals(data):
    n = data.draw(st.integers(2, 4))
    shares = data.draw(st.lists(st.integers(1, 5), min_size=n + 1, max_size=n + 1))
    q = [F(one, sum(shares)) for one in shares[:n]]
    losses = data.draw(st.lists(st.integers(1, 30).map(F), min_size=n, max_size=n))
    costs = data.draw(st.lists(st.integers(1, 4).map(F), min_size=n, max_size=n))
    treaty = bg.collective_security(q, losses, costs)
    found = treaty.critical_discount()
    assert found.exact == by_formula(q, losses, costs)
    if found.exact is not None:
        assert treaty.is_self_enforcing(found.exact)
        assert not treaty.is_self_enforcing(found.exact - F(1, 10**9))
        assert found.slack[found.player] == 0
        assert min(found.slack.values()) == 0


def test_ally_treaties_by_reversion_and_by_penance_need_the_same_patience():
    for n in (2, 3):
        for a in ("-1/5", 0, "1/5", "2/5"):
            grim = ally_treaty(a, n).critical_discount()
            made_up = bg.penance(1, violator="help", others="withhold")
            penance = ally_treaty(a, n, made_up).critical_discount()
            assert grim.exact == penance.exact is not None
            game = bg.ally_game(n, 2, 1, a)
            assert grim.exact == bg.critical_discount(game, ["help"] * n).exact


def test_the_classes_of_breach_and_their_short_names_are_the_same():
    assert bg.reversion() == bg.Reversion()
    assert bg.exclusion("withhold") == bg.Exclusion("withhold")
    assert bg.penance(2, violator=0, others=1) == bg.Penance(2, 0, 1)


def test_excluded_members_neither_help_nor_are_helped():
    treaty = bg.collective_security(["1/4"] * 3, 10, 1)
    assert [one.name for one in treaty.contingencies][-1] == "peace"
    cases = ["attack on state 1", "attack on state 2", "attack on state 3"]
    path = treaty.simulate(3, contingencies=cases, deviations={0: {"state 2": "withhold"}})
    assert path.states == ("in force", "without state 2", "without state 2")
    assert path[0].played == ("withhold", "withhold", "help")
    assert path[1].played == ("withhold", "withhold", "withhold")
    assert path[1].payoffs == (0.0, -10.0, 0.0)
    assert path[2].played == ("help", "withhold", "withhold")
    assert path[2].payoffs == (-1.0, 0.0, 0.0)
    assert len(treaty.automaton.states) == 7
    both = treaty.simulate(
        2,
        contingencies=cases[:2],
        deviations={0: {"state 2": "withhold", "state 3": "withhold"}},
    )
    assert both.states == ("in force", "in force")  # two at once change nothing


def test_penance_lasts_and_starts_anew():
    treaty = ally_treaty(breach=bg.penance(2, violator="help", others="withhold"))
    path = treaty.simulate(6, deviations={0: {"France": 1}, 2: {"Russia": "help"}})
    assert path.states == (
        "in force", "penance of France, 1", "penance of France, 2", "penance of Russia, 1",
        "penance of Russia, 2", "in force",
    )  # fmt: skip
    assert path[1].played == ("help", "withhold")
    assert path[3].played == ("withhold", "help")


def test_reversion_is_to_the_violators_worst_equilibrium():
    # Two equilibria of the stage, each bad for one: who breaks the treaty gets the bad one.
    game = bg.NormalFormGame.from_arrays(
        [[3, 0, 0], [4, 2, 0], [0, 0, 1]], [[3, 4, 0], [0, 1, 0], [0, 0, 2]],
        players=NAMES, actions=["keep", "mine", "yours"],
    )  # fmt: skip
    treaty = bg.Treaty(NAMES, game, dict.fromkeys(NAMES, "keep"))
    assert treaty.automaton.states == (
        "in force",
        "void, broken by France",
        "void, broken by Russia",
    )
    assert treaty.automaton.plays("void, broken by France") == ("yours", "yours")
    assert treaty.critical_discount().exact == F(1, 3)
    named = bg.Treaty(NAMES, game, dict.fromkeys(NAMES, "keep"), bg.reversion(("mine", "mine")))
    assert named.critical_discount().exact == F(1, 2)
    assert named.critical_discount().player == "France"
    # What is reverted to need not be an equilibrium; then no patience makes up for it.
    idle = bg.Treaty(NAMES, game, dict.fromkeys(NAMES, "keep"), bg.reversion(("mine", "yours")))
    assert idle.critical_discount().value is None
    assert "in void" in idle.critical_discount().reason


def test_a_defensive_treaty_obliges_the_members_who_are_not_attacked():
    cases = bg.attack_contingencies(["1/10"] * 4, loss=10, cost=1)
    attacked = {f"attack on state {i}": f"state {i}" for i in range(1, 5)}
    pair = bg.defensive_treaty(["state 1", "state 2"], cases, attacked, "help", default="withhold")
    assert pair.obligations == {
        "attack on state 1": {"state 2": "help"},
        "attack on state 2": {"state 1": "help"},
        "attack on state 3": {},
        "attack on state 4": {},
        "peace": {},
    }
    # c / (c + q L - q c): as if the rest of the world did not exist.
    assert pair.critical_discount().exact == F(1, 1 + F(10 - 1, 10)) == F(10, 19)
    assert pair.critical_discount(check="members").exact == F(10, 19)
    assert set(pair.critical_discount(check="members").per_player) == {"state 1", "state 2"}
    everybody = bg.defensive_treaty(
        [f"state {i}" for i in range(1, 5)], cases, attacked, "help", default="withhold",
        breach=bg.exclusion("withhold"),
    )  # fmt: skip
    collective = bg.collective_security(["1/10"] * 4, 10, 1)
    assert everybody.critical_discount().exact == collective.critical_discount().exact


def test_an_offensive_treaty_obliges_when_a_member_attacks():
    def war(attacker):
        shape = (2, 1 if attacker == 0 else 2, 1 if attacker == 1 else 2, 1)
        payoffs = np.zeros((3, *shape[1:]))
        helper = 1 - attacker
        payoffs = np.zeros((3, *shape[1:]))
        joined = [0 if i == helper else slice(None) for i in range(3)]
        payoffs[(attacker, *joined)] = 6
        payoffs[(helper, *joined)] = -2
        actions = [["attack"], ["join", "stay out"]]
        names = [actions[i != attacker] for i in (0, 1)]
        return bg.NormalFormGame(payoffs, ["A", "B", "C"], [*names, ["wait"]])

    cases = [bg.Contingency("A attacks", "1/2", war(0)), bg.Contingency("B attacks", "1/2", war(1))]
    default = {
        "A attacks": {"A": "attack", "B": "stay out", "C": "wait"},
        "B attacks": {"A": "stay out", "B": "attack", "C": "wait"},
    }
    treaty = bg.offensive_treaty(
        ["A", "B"], cases, {"A attacks": "A", "B attacks": "B"}, "join", default=default
    )
    assert treaty.obligations == {"A attacks": {"B": "join"}, "B attacks": {"A": "join"}}
    # Joining costs 2 now and brings 6 / 2 - 2 / 2 = 2 a period ever after.
    assert treaty.critical_discount().exact == F(1, 2)
    outsider = bg.offensive_treaty(
        ["A", "C"], cases, {"A attacks": "A", "B attacks": "B"}, {"A": "join", "C": "wait"},
        default=default,
    )  # fmt: skip
    assert outsider.obligations == {"A attacks": {"C": "wait"}, "B attacks": {}}


def test_others_than_members_are_checked_unless_told_otherwise():
    # C is to wait, which it would rather not: no matter to the members' own incentives.
    base = bg.ally_game(2, 2, 1, 0, names=["A", "B"]).exact_payoffs
    payoffs = np.empty((3, 2, 2, 2), dtype=object)
    for c in range(2):
        payoffs[0, ..., c], payoffs[1, ..., c] = base[0], base[1]
        payoffs[2, ..., c] = F(c)
    game = bg.NormalFormGame(
        payoffs, ["A", "B", "C"], [["help", "withhold"]] * 2 + [["wait", "act"]]
    )
    treaty = bg.Treaty(
        ["A", "B"], game, {"A": "help", "B": "help"}, bg.reversion((1, 1, 0)), {"C": "wait"}
    )
    assert treaty.critical_discount().value is None
    assert treaty.critical_discount(check="members").exact == F(1, 2)
    assert not treaty.is_self_enforcing("2/3")
    assert treaty.is_self_enforcing("2/3", check="members")
    path = treaty.simulate(2, deviations={0: {"C": "act"}})
    assert path.states == ("in force", "in force")  # C is bound by nothing
    with pytest.raises(UnknownScopeError, match="did you mean 'members'"):
        treaty.is_self_enforcing(0.5, check="member")


def test_full_reliability_is_none_at_all():
    for failures in ("excused", "breach"):
        sure = bg.collective_security(["1/4"] * 3, 10, 1, reliability=1, failures=failures)
        plain = bg.collective_security(["1/4"] * 3, 10, 1)
        assert sure.critical_discount().to_dict() == plain.critical_discount().to_dict()


def test_without_any_reliability_a_treaty_is_its_default():
    for failures in ("excused", "breach"):
        treaty = ally_treaty(reliability=0, failures=failures)
        found = treaty.incentives("9/10")
        assert found.payoffs == {"France": 0, "Russia": 0}
        assert {one.action for one in treaty.simulate(20, rng=1).to_frame().itertuples()} == {
            "withhold"
        }
        # Nobody ever decides on an obligation, and withholding is an equilibrium.
        assert str(treaty.critical_discount().sustaining) == "[0, 1)"


@given(st.fractions(F(1, 20), 1, max_denominator=20), st.fractions(F(1, 20), 1, max_denominator=20))
@settings(max_examples=30)
def test_excused_failures_lower_what_the_treaty_is_worth(first, second):
    treaty = ally_treaty(reliability={"France": first, "Russia": second})
    found = treaty.incentives("1/2")
    # In each period a member is helped as often as the other is able, and pays as often as it is.
    assert found.payoffs == {"France": 2 * second - first, "Russia": 2 * first - second}
    critical = treaty.critical_discount()
    # Able, it pays 1 and keeps that: 1 (1 - d) <= d (2 rho_j - rho_i).
    needed = [
        1 / (1 + worth) if worth > 0 else None for worth in (2 * second - first, 2 * first - second)
    ]
    expected = None if None in needed else max(needed)
    assert critical.exact == expected


@given(st.fractions(F(1, 10), F(9, 10), max_denominator=10))
@settings(max_examples=15)
def test_failures_that_count_as_breaches_end_the_treaty(rho):
    # Only Russia can fail; France's value V = (1 - d)(2 rho - 1) + d rho V.
    treaty = ally_treaty(reliability={"Russia": rho}, failures="breach")
    delta = F(3, 4)
    found = treaty.incentives(delta)
    assert found.payoffs["France"] == (1 - delta) * (2 * rho - 1) / (1 - delta * rho)
    assert found.payoffs["Russia"] == (1 - delta) * (2 - rho) / (1 - delta * rho)
    excused = ally_treaty(reliability={"Russia": rho}).incentives(delta)
    assert abs(excused.payoffs["France"]) >= abs(found.payoffs["France"])
    path = treaty.simulate(40, rng=5)
    failed = [one.number for one in path if one.slipped]
    assert failed
    assert path.states[failed[0] + 1] == "void"
    assert all(not one.slipped for one in path[failed[0] + 1 :])


def test_simulated_payoffs_are_near_the_expected():
    treaty = bg.collective_security(["1/4"] * 3, 10, 1, reliability="4/5")
    path = treaty.simulate(20_000, rng=7)
    mean = np.mean([one.payoffs for one in path], axis=0)
    expected = [float(value) for value in treaty.incentives("1/2").payoffs.values()]
    assert mean == pytest.approx(expected, abs=0.05)
    assert {one.state for one in path} == {"in force"}
    assert path == treaty.simulate(20_000, rng=7)


def test_treaties_print_pickle_compare_and_certify():
    treaty = bg.collective_security(["1/4"] * 3, 10, 1, reliability={"state 2": "9/10"})
    text = repr(treaty)
    assert "exclusion; reliability state 2 0.9, failures excused" in " ".join(text.split())
    assert re.search(r"attack on state 1 +0.25 +state 2: help,.*\n +state 3: help", text)
    assert "<table>" in treaty._repr_html_()
    again = pickle.loads(pickle.dumps(treaty))
    assert again == treaty
    assert hash(again) == hash(treaty)
    assert repr(again) == text
    assert treaty != ally_treaty()
    assert treaty.reliability == {"state 1": 1, "state 2": F(9, 10), "state 3": 1}
    found = treaty.critical_discount()
    assert json.loads(found.to_json())["sustaining"] == found.sustaining.to_dict()
    assert bg.verify(treaty.incentives("1/2")).ok
    assert bg.verify(treaty.incentives("1/50")).ok
    pair = bg.defensive_treaty(
        ["state 1", "state 2"], bg.attack_contingencies(["1/4"] * 3, 10, 1),
        {"attack on state 1": "state 1"}, "help", default="withhold",
    )  # fmt: skip
    assert "1 other state" in " ".join(repr(pair).split())
    with pytest.raises(AttributeError, match="immutable"):
        treaty.title = "other"


GAME = bg.ally_game(2, 2, 1, 0, names=NAMES)
BOTH = dict.fromkeys(NAMES, "help")


@pytest.mark.parametrize(
    ("error", "message", "build"),
    [
        (UnknownPlayerError, "did you mean 'Russia'", lambda: bg.Treaty(["Rusia"], GAME, {})),
        (UnknownPlayerError, "did you mean 'France'", lambda: bg.Treaty(
            NAMES, GAME, {"Frances": "help", "Russia": "help"})),
        (UnknownActionError, "did you mean 'help'", lambda: bg.Treaty(
            NAMES, GAME, {"France": "helps", "Russia": "help"})),
        (UnknownActionError, "action 7", lambda: bg.Treaty(
            NAMES, GAME, {"France": 7, "Russia": "help"})),
        (UnknownContingencyError, "did you mean 'always'", lambda: bg.Treaty(
            NAMES, GAME, {"alway": BOTH})),
        (InvalidParameterError, "no member", lambda: bg.Treaty(["France"], GAME, BOTH)),
        (InvalidShapeError, "default says nothing about Russia", lambda: bg.Treaty(
            ["France"], GAME, {"France": "help"})),
        (InvalidShapeError, "reliability is below 1", lambda: bg.Treaty(
            NAMES, GAME, BOTH, reliability=0.5)),
        (InvalidProbabilityError, "reliability is 1.5", lambda: bg.Treaty(
            NAMES, GAME, BOTH, default="withhold", reliability=1.5)),
        (UnknownPlayerError, "member in reliability", lambda: bg.Treaty(
            NAMES, GAME, BOTH, default="withhold", reliability={"Rus": 1})),
        (UnknownFailureError, "did you mean 'excused'", lambda: bg.Treaty(
            NAMES, GAME, BOTH, failures="excuse")),
        (UnknownActionError, "action in default", lambda: bg.Treaty(
            NAMES, GAME, BOTH, default="withold")),
        (InvalidTypeError, "obligations is 3", lambda: bg.Treaty(NAMES, GAME, 3)),
        (InvalidTypeError, "name or index", lambda: bg.Treaty(
            NAMES, GAME, {"France": True, "Russia": "help"})),
        (InvalidTypeError, "breach is a str", lambda: bg.Treaty(NAMES, GAME, BOTH, "exclusion")),
        (UnknownActionError, "unknown action", lambda: bg.Treaty(
            NAMES, GAME, BOTH, bg.exclusion("expel"), "withhold")),
        (InvalidParameterError, "periods is 0", lambda: bg.penance(0, violator=0, others=1)),
        (UnknownPlayerError, "player in beneficiaries", lambda: bg.Treaty(
            NAMES, GAME, BOTH, beneficiaries={"always": "Rus"})),
        (InvalidProbabilityError, "sum", lambda: bg.Treaty(
            NAMES, [bg.Contingency("war", "1/2", GAME)], BOTH)),
        (InvalidDiscountError, "discount is 1", lambda: ally_treaty().is_self_enforcing(1)),
        (InvalidDiscountError, "discount is -", lambda: ally_treaty().is_self_enforcing(-0.1)),
        (InvalidProbabilityError, "attack sums to 1.2", lambda: bg.collective_security(
            [0.6, 0.6], 10, 1)),
        (InvalidProbabilityError, "at least 0", lambda: bg.collective_security([-0.6, 1], 10, 1)),
        (InvalidShapeError, "loss has 3 entries", lambda: bg.collective_security(
            [0.2, 0.2], [1, 2, 3], 1)),
        (InvalidShapeError, "names has 1", lambda: bg.collective_security(
            [0.2, 0.2], 1, 1, names=["A"])),
        (InvalidShapeError, "attack must be", lambda: bg.collective_security(0.2, 10, 1)),
        (UnknownContingencyError, "contingency in attacked", lambda: bg.defensive_treaty(
            NAMES, [bg.Contingency("war", 1, GAME)], {"wars": "France"}, "help")),
        (InvalidShapeError, "no action for Russia", lambda: bg.defensive_treaty(
            NAMES, [bg.Contingency("war", 1, GAME)], {"war": "France"}, {"France": "help"})),
        (InvalidTypeError, "deviations is a list", lambda: ally_treaty().simulate(
            2, deviations=[1])),
        (InvalidParameterError, "parallelism is 2", lambda: bg.ally_game(2, 2, 1, 2)),
        (InvalidShapeError, "names has 1", lambda: bg.ally_game(2, 2, 1, 0, names=["A"])),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(error, message, build):
    with pytest.raises(error, match=re.escape(message)):
        build()


def test_too_many_ways_to_exclude_are_refused_before_they_are_built():
    game = bg.ally_game(13, 2, 1, 0)
    with pytest.raises(TableTooLargeError, match="13 members"):
        bg.Treaty(
            game.players, game, dict.fromkeys(game.players, "help"), bg.exclusion("withhold"),
            "withhold",
        )  # fmt: skip


@pytest.mark.parametrize("breach", [None, bg.penance(1, violator="help", others="withhold")])
@pytest.mark.parametrize(("n", "parallelism", "expected"), [(2, "1/5", "1/3"), (5, "-1/5", "7/8")])
def test_the_ally_game_has_its_treaty(n, parallelism, expected, breach):
    game = bg.ally_game(n, benefit=2, cost=1, parallelism=parallelism)
    assert game.critical_discount().exact == Fraction(expected)
    assert game.treaty(breach).critical_discount().exact == Fraction(expected)
    assert game.is_self_enforcing(expected)
    assert not game.is_self_enforcing(Fraction(expected) - Fraction(1, 1000))
    again = pickle.loads(pickle.dumps(game))
    assert again == game
    assert again.critical_discount().exact == game.critical_discount().exact


@pytest.mark.parametrize("build", [bg.defensive_treaty, bg.offensive_treaty])
def test_whom_a_contingency_concerns_is_a_mapping(build):
    cases = bg.attack_contingencies(["1/4"] * 3, loss=10, cost=1)
    with pytest.raises(bg.errors.InvalidTypeError, match="attack"):
        build(["state 1", "state 2"], cases, "state 1", "help", default="withhold")


def test_the_reason_names_the_most_tempting_of_hopeless_deviations():
    """Neither bandwagoning nor passing the buck can be deterred; the second pays more."""
    game = bg.load_model("europe-1938").game(bg.load_scenario("europe-1938"))
    rest = {"Soviet Union": "balance", "Poland": "neutral", "Italy": "neutral"}
    treaty = bg.Treaty(
        ["Britain", "France"],
        game,
        {"Britain": "balance", "France": "balance"},
        default=rest | {"Czechoslovakia": "neutral"},
    )
    found = treaty.critical_discount()
    assert found.value is None
    assert "France plays neutral" in found.reason
