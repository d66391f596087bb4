from __future__ import annotations

import itertools
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import (
    InvalidShapeError,
    InvalidTypeError,
    UnknownContingencyError,
    UnknownPunishmentError,
)
from balancegame.testing import normal_form_games
from tests.automata import dilemma

F = Fraction
HELP = {"help", "withhold"}


def by_formula(n, b, c, a):
    """MODEL.md, P9."""
    b, c, a = map(F, (b, c, a))
    return (c - a * b) / (b + a * ((n - 2) * b - (n - 1) * c))


@pytest.mark.parametrize(
    ("n", "a", "expected"),
    [
        (2, "-1/5", F(7, 11)), (2, "0", F(1, 2)), (2, "1/5", F(1, 3)), (2, "2/5", F(1, 8)),
        (5, "-1/5", F(7, 8)), (5, "0", F(1, 2)), (5, "1/5", F(1, 4)), (5, "2/5", F(1, 14)),
    ],
)  # fmt: skip
def test_cohesion_theorem_table(n, a, expected):
    game = bg.ally_game(n, 2, 1, a)
    helping = ["help"] * n
    found = bg.critical_discount(game, helping)
    assert found.exact == expected == by_formula(n, 2, 1, a)
    assert found.value == float(expected)
    assert found.attained
    assert set(found.per_player.values()) == {expected}
    assert bg.critical_discount(game, helping, transfers=True).exact == expected
    grim = bg.sustaining_discounts(bg.grim(game, helping))
    assert grim.sustaining == found.sustaining
    penance = bg.penal_code(
        game,
        [helping],
        {
            one: [{other: "help" if other == one else "withhold" for other in game.players}]
            for one in game.players
        },
        resume=True,
    )
    assert bg.sustaining_discounts(penance).infimum == expected


@given(
    st.integers(2, 4),
    st.fractions(F(-9, 10), F(9, 10), max_denominator=20),
    st.integers(1, 5),
    st.integers(1, 5),
)
@settings(max_examples=60)
def test_cohesion_theorem(n, a, c, more):
    b = c + more
    found = bg.critical_discount(bg.ally_game(n, b, c, a), ["help"] * n)
    if a * b >= c:
        assert found.exact == 0  # help is an equilibrium of the stage
    elif b + a * ((n - 2) * b - (n - 1) * c) <= 0 or by_formula(n, b, c, a) >= 1:
        assert found.exact is None
    else:
        assert found.exact == by_formula(n, b, c, a)


@pytest.mark.parametrize(
    ("autonomy_loss", "count", "expected"),
    [
        (0.4, 14, {"UUU": 0.508328, "UUB": 0.720507, "UUN": 0.741233, "BBB": None, "WWW": 0.0}),
        (0.6, 48, {"UUU": 0.272891, "BBB": 0.761404, "WWW": 0.0, "UUN": 0.0}),
    ],
)
def test_golden_repeated_numbers(golden_world, autonomy_loss, count, expected):
    model = bg.BalancingModel(autonomy_loss=autonomy_loss, decisiveness=2)
    names = ("balance", "bandwagon", "neutral", "arm", "undermine")
    game = model.game(golden_world, actions=names)
    found = {
        profile: bg.critical_discount(game, profile)
        for profile in itertools.product(range(5), repeat=3)
    }
    assert sum(one.value is not None for one in found.values()) == count
    letters = dict(zip("BWNRU", range(5), strict=True))
    for word, value in expected.items():
        one = found[tuple(letters[letter] for letter in word)]
        assert one.value == (None if value is None else pytest.approx(value, abs=5e-7))


def test_grim_trigger_in_the_prisoners_dilemma():
    for t, r, p, s in ((5, 3, 1, 0), (10, 6, 4, -3)):
        found = bg.critical_discount(dilemma(t, r, p, s), ("help", "help"))
        assert found.exact == F(t - r, t - p)
        assert found.player == "A"
        assert str(found.deviation) == "A plays withhold"
        below = found.exact - F(1, 10**15)
        grim = bg.grim(dilemma(t, r, p, s), ("help", "help"))
        assert bg.one_shot_deviations(grim, found.exact).is_subgame_perfect
        assert not bg.one_shot_deviations(grim, below).is_subgame_perfect


def test_cournot_duopoly_of_friedman_1971():
    # Price 13 - q1 - q2, cost 1: monopoly shares 3 each, Cournot 4, the deviation from 3 is 4.5.
    quantities = [F(3), F(4), F(9, 2)]
    profits = [[(12 - x - y) * x for y in quantities] for x in quantities]
    game = bg.NormalFormGame.from_arrays(profits, np.transpose(np.array(profits)).tolist())
    found = bg.critical_discount(game, (0, 0))
    assert found.exact == F(9, 17)  # (20.25 - 18) / (20.25 - 16)
    assert found.per_player == dict.fromkeys(game.players, F(9, 17))


def punishing_the_tempted(game, profile):
    """Grim trigger that ignores the deviations of players who gain nothing by any.

    Who gains nothing may like his punishment better than the profile, and then must not have it.
    """
    punished = bg.grim(game, profile)
    tempted = [name for name, gain in zip(game.players, game.regret(profile), strict=True) if gain]
    play = {state: punished.plays(state) for state in punished.states}
    target = {
        name: punished.states[punished.situations[0][0].alone[i][1 - (profile[i] > 0)]]
        for i, name in enumerate(game.players)
        if name in tempted
    }
    return bg.Automaton(game, play, {"agreed": bg.Moves(deviators=target)})


@given(normal_form_games(min_players=2, max_players=3, min_actions=1), st.data())
@settings(max_examples=150)
def test_the_formula_is_what_grim_trigger_needs(game, data):
    profile = [data.draw(st.integers(0, m - 1)) for m in game.shape]
    found = bg.critical_discount(game, profile)
    if len(bg.pure_nash(game)) == 0:
        assert found.value is None
        assert "no pure equilibrium" in found.reason
        return
    grim = punishing_the_tempted(game, profile)
    by_automaton = bg.sustaining_discounts(grim)
    assert found.sustaining == by_automaton.sustaining
    for name, alone in found.per_player.items():
        assert alone == by_automaton.per_player[name].infimum
    if found.exact:
        assert min(found.slack.values()) <= found.slack[found.player] == 0
        assert bg.one_shot_deviations(grim, found.exact).slack[found.player] == 0
    held = bg.critical_discount(game, profile, "minmax")
    if found.exact is not None:
        assert held.exact is not None
        assert held.exact <= found.exact  # a necessary bound


@given(normal_form_games(min_players=2, max_players=2, min_actions=2), st.data())
@settings(max_examples=150)
def test_transfers_take_the_mediant(game, data):
    profile = [data.draw(st.integers(0, m - 1)) for m in game.shape]
    apart = bg.critical_discount(game, profile)
    together = bg.critical_discount(game, profile, transfers=True)
    assert together.player is None
    equilibria = [[part[0] for part in one.support] for one in bg.pure_nash(game)]
    if not equilibria:
        assert together.exact is None
        return
    payoffs = game.exact_payoffs
    u = [payoffs[(i, *profile)] for i in range(2)]
    d = [payoffs[0, :, profile[1]].max(), payoffs[1, profile[0], :].max()]
    v = [min(payoffs[(i, *cell)] for cell in equilibria) for i in range(2)]
    gains, losses = sum(d) - sum(u), sum(u) - sum(v)
    if gains == 0:
        assert together.exact == 0
    elif losses <= 0:
        assert together.exact is None
    else:
        assert together.exact == gains / (gains + losses)
    # Never harder than apart where nobody would rather be punished.
    if apart.exact is not None and all(a >= b for a, b in zip(u, v, strict=True)):
        assert together.exact is not None
        assert together.exact <= apart.exact


def test_transfers_let_one_make_up_for_the_other():
    # B alone gains nothing by helping; A gains so much that it can pay.
    game = bg.NormalFormGame.from_arrays([[5, 0], [6, 1]], [[1, 2], [0, 1]], players=["A", "B"])
    apart = bg.critical_discount(game, (0, 0))
    assert apart.exact is None
    assert apart.per_player == {"A": F(1, 5), "B": None}
    assert apart.reason.startswith("B gains by deviating and loses nothing")
    assert bg.critical_discount(game, (0, 0), transfers=True).exact == F(2, 6)


def test_contingencies_enter_by_their_expectation():
    war, calm = dilemma(t=6, r=2, p=0, s=-1), dilemma(t=2, r=2, p=0, s=0)
    cases = [bg.Contingency("war", "1/4", war), bg.Contingency("calm", "3/4", calm)]
    helping = {"war": ("help", "help"), "calm": ("help", "help")}
    found = bg.critical_discount(cases, helping)
    assert found.exact == F(4, 6)  # a gain of 4 in war against a loss of 2 ever after
    assert found.deviation.contingency == "war"
    assert found.sustaining == bg.sustaining_discounts(bg.grim(cases, helping)).sustaining
    assert bg.critical_discount(cases, ("help", "help")).exact == F(4, 6)
    with pytest.raises(UnknownContingencyError, match="did you mean 'war'"):
        bg.critical_discount(cases, {"wars": ("help", "help"), "calm": (0, 0)})
    with pytest.raises(InvalidShapeError, match="no profile for calm"):
        bg.critical_discount(cases, {"war": ("help", "help")})


def test_equilibria_of_the_stage_need_no_patience():
    found = bg.critical_discount(dilemma(), ("withhold", "withhold"))
    assert found.exact == 0
    assert found.attained
    assert found.player is None
    assert found.slack == {"A": 1, "B": 1}
    assert str(found.sustaining) == "[0, 1)"


def test_without_a_pure_equilibrium_there_is_nothing_to_punish_with():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    found = bg.critical_discount(pennies, (0, 0))
    assert found.value is None
    assert not found.attained
    assert found.reason.startswith("the stage game has no pure equilibrium to punish with")
    assert 'punishment="optimal"' in found.reason
    assert '"minmax"' in repr(found)
    cases = [bg.Contingency("one", "1/2", pennies), bg.Contingency("two", "1/2", pennies)]
    assert "contingency 'one'" in bg.critical_discount(cases, (0, 0)).reason


def test_results_print_pickle_and_go_to_json():
    found = bg.critical_discount(dilemma(), (0, 0))
    assert json.loads(found.to_json())["exact"] == "1/2"
    assert pickle.loads(pickle.dumps(found)).to_dict() == found.to_dict()
    assert "<table>" in found._repr_html_()
    none = bg.critical_discount(dilemma(r=1, p=1), (0, 0))
    assert "none (A gains by deviating" in repr(none)


def test_bad_input_is_refused_by_name():
    with pytest.raises(UnknownPunishmentError, match="did you mean 'nash'"):
        bg.critical_discount(dilemma(), (0, 0), "nsh")
    with pytest.raises(InvalidTypeError, match="pure actions"):
        bg.critical_discount(dilemma(), ([0.5, 0.5], 0))
    with pytest.raises(InvalidTypeError, match="transfers"):
        bg.critical_discount(dilemma(), (0, 0), transfers=1)


CARTEL = bg.NormalFormGame.from_arrays(
    [[3, 0, -4], [4, 1, -4], [-4, -4, -6]], [[3, 4, -4], [0, 1, -4], [-4, -4, -6]]
)


def test_optimal_punishments_can_be_worse_than_any_equilibrium_of_the_stage():
    # The stick of Abreu (1986), which needs 2/9; no punishment is feasible below.
    found = bg.critical_discount(CARTEL, (0, 0), "optimal")
    assert found.lower <= F(2, 9) <= found.upper
    assert found.upper - found.lower < F(1, 10**5)
    assert found.upper < bg.critical_discount(CARTEL, (0, 0)).exact
    assert found.exact in (None, F(2, 9))
    assert bg.critical_discount(CARTEL, (0, 0), "optimal", transfers=True).exact == F(2, 9)


@pytest.mark.parametrize("seed", range(12))
def test_under_optimal_punishments_everyone_has_a_threshold_of_his_own(seed):
    """At it his deviation is deterred by his worst equilibrium payoff, and just below it is not."""
    rng = np.random.default_rng(seed)
    stage = bg.NormalFormGame(rng.integers(0, 5, (2, 2, 3)))
    profile = tuple(int(rng.integers(m)) for m in (2, 3))
    found = bg.critical_discount(stage, profile, "optimal")
    if found.exact is None:
        assert found.slack == {}
        return
    assert max(found.per_player.values()) <= found.exact
    table = stage.exact_payoffs
    for i, name in enumerate(stage.players):
        replies = table[i].take(profile[1 - i], axis=1 - i)
        gain = max(replies) - table[(i, *profile)]
        for delta in (found.per_player.get(name), found.per_player.get(name, 0) - F(1, 1000)):
            if delta is None or not 0 <= delta < 1:
                continue
            worst = bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, delta))
            if worst.exact and len(worst.vertices):
                least = min(vertex[i] for vertex in worst.exact_vertices)
                deterred = (1 - delta) * gain <= delta * (table[(i, *profile)] - least)
                assert deterred == (delta == found.per_player[name])
        if name in found.slack:
            assert found.slack[name] >= 0


@given(normal_form_games(min_players=2, max_players=2, min_actions=2, max_actions=2), st.data())
@settings(max_examples=12)
def test_optimal_punishments_lie_between_minmax_and_nash(game, data):
    profile = [data.draw(st.integers(0, m - 1)) for m in game.shape]
    nash = bg.critical_discount(game, profile)
    minmax = bg.critical_discount(game, profile, "minmax")
    found = bg.critical_discount(game, profile, "optimal")
    if minmax.exact is None:
        assert found.value is None
        return
    assert found.lower >= minmax.exact
    if nash.exact is not None:
        assert found.upper <= nash.exact
    if found.upper is not None:
        assert found.lower <= found.upper
        assert found.attained == (found.lower == found.upper)
        assert found.upper in found.sustaining


def is_supported(game, profile, delta):
    """Goldluecke & Kranz (2012) at one discount factor, by definition; its own sum at stake."""
    table = game.exact_payoffs
    kept = set(np.ndindex(*game.shape))

    def ceiling(i, cell):
        return max(table[(i, *cell[:i], a, *cell[i + 1 :])] for a in range(game.shape[i]))

    n = game.n_players
    while kept:
        top = max(sum(table[(i, *cell)] for i in range(n)) for cell in kept)
        floor = sum(min(ceiling(i, cell) for cell in kept) for i in range(n))
        smaller = {
            cell
            for cell in kept
            if (1 - delta) * sum(ceiling(i, cell) - table[(i, *cell)] for i in range(n))
            <= delta * (top - floor)
        }
        if smaller == kept:
            break
        kept = smaller
    if not kept:
        return False
    gains = sum(ceiling(i, profile) - table[(i, *profile)] for i in range(n))
    return (1 - delta) * gains <= delta * (sum(table[(i, *profile)] for i in range(n)) - floor)


@given(normal_form_games(min_players=2, max_players=3, min_actions=2), st.data())
@settings(max_examples=100)
def test_optimal_transfers_are_those_of_the_definition(game, data):
    profile = tuple(data.draw(st.integers(0, m - 1)) for m in game.shape)
    found = bg.critical_discount(game, profile, "optimal", transfers=True)
    near = F(1, 10**6)
    if found.exact is None:
        assert not is_supported(game, profile, 1 - near)
        return
    assert is_supported(game, profile, found.exact)
    assert is_supported(game, profile, (found.exact + 1) / 2)
    if found.exact:
        assert not is_supported(game, profile, found.exact * (1 - near))
    by_nash = bg.critical_discount(game, profile, "nash", transfers=True)
    if by_nash.exact is not None:
        assert found.exact <= by_nash.exact


def test_optimal_transfers_with_contingencies():
    cases = [
        bg.Contingency("war", "1/4", dilemma(t=6, r=2, p=0, s=-1)),
        bg.Contingency("calm", "3/4", dilemma(t=2, r=2, p=0, s=0)),
    ]
    found = bg.critical_discount(cases, ("help", "help"), "optimal", transfers=True)
    # Both gain 4 in war, against 4 in all that they lose ever after: 8 (1 - d) <= 4 d.
    assert found.exact == F(2, 3)
    assert found.deviation.contingency == "war"


def test_an_interrupted_search_keeps_its_bounds(monkeypatch):
    import importlib

    module = importlib.import_module("balancegame.solvers.repeated.optimal_punishment")
    calls = []

    def payoffs(repeated):
        calls.append(repeated)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return bg.subgame_perfect_payoffs(repeated)

    monkeypatch.setattr(module, "subgame_perfect_payoffs", payoffs)
    with pytest.raises(bg.SearchInterrupted) as stopped:
        bg.critical_discount(CARTEL, (0, 0), "optimal")
    partial = stopped.value.result
    assert partial.lower <= F(2, 9) <= partial.upper < 1
    assert partial.exact is None
