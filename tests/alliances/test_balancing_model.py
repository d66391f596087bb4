"""The model's parameters, and how profiles are read against a world."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from balancegame._numbers import exact_value
from balancegame.alliances.actions import ACTIONS
from balancegame.alliances.balancing import parameter_domains

DEFAULTS = {
    "domination_loss": 1.0,
    "autonomy_loss": 0.6,
    "retaliation": 0.0,
    "retribution": 0.1,
    "balancing_spoils": 0.0,
    "bandwagon_spoils": 0.0,
    "affinity": 0.0,
    "affinity_exponent": 1,
    "alliance_cost": 0.1,
    "arming_cost": 0.1,
    "undermining_cost": 0.1,
    "arming_gain": 0.5,
    "undermining_effect": 0.3,
    "decisiveness": 1.0,
    "cohesion": 1.0,
    "neutral_exposure": 1.0,
    "contest": "ratio",
    "steepness": 4.0,
    "deference": 0.05,
    "prize": 1.0,
    "defeat_loss": 1.0,
    "expansion_cost": 0.1,
}


def world():
    return bg.World(["A", "B", "H"], [1, 2, 3], threat="H")


def test_parameters_and_defaults_are_the_documented_ones():
    assert bg.BalancingModel().parameters() == DEFAULTS
    assert set(parameter_domains()) == set(DEFAULTS)
    for name in DEFAULTS:
        assert name in bg.BalancingModel.__doc__


def test_a_model_is_a_value():
    model = bg.BalancingModel(autonomy_loss="0.8", alliance_cost={"A": 0.1, "B": "1/3"})
    assert model == bg.BalancingModel(alliance_cost={"A": 0.1, "B": "1/3"}, autonomy_loss="0.8")
    assert hash(model) == hash(model.replace())
    assert pickle.loads(pickle.dumps(model)) == model
    assert copy.deepcopy(model) == model
    assert exact_value(pickle.loads(pickle.dumps(model)).autonomy_loss) == Fraction(4, 5)
    assert repr(model) == (
        "BalancingModel(autonomy_loss=0.8, alliance_cost={'A': 0.1, 'B': '1/3'})"
    )
    assert eval(repr(model), {"BalancingModel": bg.BalancingModel}) == model
    with pytest.raises(AttributeError):
        model.cohesion = 0
    assert model.autonomy_loss == 0.8
    assert model.replace(cohesion=0).autonomy_loss == 0.8


def test_a_models_mappings_are_its_own():
    costs = {"A": 0.1, "B": 0.2}
    model = bg.BalancingModel(alliance_cost=costs)
    costs["A"] = 0.9
    assert model.alliance_cost["A"] == 0.1


BAD = [
    ({"domination_loss": 0}, r"domination_loss is 0, outside its domain \(0, 1\]"),
    ({"domination_loss": 1.1}, "domination_loss is 1.1, outside"),
    ({"autonomy_loss": -0.1}, r"autonomy_loss is -0.1, outside its domain \[0, inf\)"),
    ({"autonomy_loss": 0.6, "domination_loss": 0.5}, "autonomy_loss is 0.6, above domination_loss"),
    ({"autonomy_loss": {"A": 0.5, "B": 2}}, "autonomy_loss of B is 2, above domination_loss 1"),
    ({"undermining_effect": 1}, r"outside its domain \[0, 1\)"),
    ({"decisiveness": 0}, r"outside its domain \(0, inf\)"),
    ({"decisiveness": float("inf")}, "decisiveness is inf, but must be a finite number"),
    ({"cohesion": 1.01}, r"cohesion is 1.01, outside its domain \[0, 1\]"),
    ({"cohesion": {"A": 1, "B": 1}}, "one number for the whole world"),
    ({"alliance_cost": float("nan")}, "alliance_cost is nan"),
    ({"alliance_cost": {"A": -1}}, "alliance_cost of A is -1"),
    ({"alliance_cost": "cheap"}, "alliance_cost is 'cheap'"),
    ({"affinity_exponent": 0.7}, "must be 0, 1/2 or 1"),
    ({"contest": "lottery"}, '\'lottery\'; it must be "ratio" or "logistic"'),
    ({"steepness": 0}, "steepness is 0"),
    ({"neutral_exposure": 2}, "neutral_exposure is 2"),
    ({"prize": -1}, "prize is -1"),
]


@pytest.mark.parametrize(("parameters", "words"), BAD)
def test_values_outside_their_domain_are_refused(parameters, words):
    with pytest.raises(errors.InvalidParameterError, match=words):
        bg.BalancingModel(**parameters)


def test_unknown_parameters_are_refused_with_the_nearest():
    with pytest.raises(errors.UnknownParameterError, match="did you mean 'autonomy_loss'"):
        bg.BalancingModel(autonomyloss=0.5)
    with pytest.raises(errors.UnknownParameterError, match="did you mean 'cohesion'"):
        bg.BalancingModel().replace(cohesian=0)
    with pytest.raises(errors.InvalidTypeError, match="of type list"):
        bg.BalancingModel(alliance_cost=[0.1, 0.2])


def test_a_value_a_state_enters_its_own_payoff_only():
    plain = bg.BalancingModel().game(world())
    dear = bg.BalancingModel(alliance_cost={"A": 0.3, "B": 0.1, "H": 9}).game(world())
    difference = plain.payoffs - dear.payoffs
    np.testing.assert_allclose(difference[0, 0], 0.2)
    np.testing.assert_allclose(difference[0, 1:], 0)
    np.testing.assert_allclose(difference[1], 0)


@pytest.mark.parametrize(
    ("model", "arguments", "error", "words"),
    [
        ({"alliance_cost": {"A": 1}}, {}, errors.UnknownStateError, "no value for B"),
        ({"alliance_cost": {"A": 1, "B": 1, "C": 1}}, {}, errors.UnknownStateError, "'C'"),
        ({}, {"actions": ["balance", "bandwagn"]}, errors.UnknownActionError, "'bandwagon'"),
        ({}, {"actions": ["balance", "balance"]}, errors.InvalidNameError, "repeats"),
        ({}, {"actions": []}, errors.InvalidNameError, "empty"),
        ({}, {"actions": "balance"}, errors.InvalidTypeError, "sequence of names"),
        ({}, {"hegemon": "clever"}, errors.InvalidParameterError, '"fixed" or "strategic"'),
    ],
)
def test_games_that_cannot_be_built_are_refused(model, arguments, error, words):
    with pytest.raises(error, match=words):
        bg.BalancingModel(**model).game(world(), **arguments)


def test_a_world_without_threat_is_refused_with_the_remedy():
    peaceful = world().replace(threat=None, title="Peace")
    for use in (bg.BalancingModel().game, lambda w: bg.BalancingModel().prevailing(w, [0, 0])):
        with pytest.raises(
            errors.MissingThreatError, match=r"replace\(threat=\.\.\.\).* one of A, B, H"
        ):
            use(peaceful)
    with pytest.raises(errors.MissingThreatError, match="H is alone"):
        bg.BalancingModel().game(bg.World(["H"], [1], threat="H"))


def test_the_game_names_states_and_actions():
    game = bg.BalancingModel().game(world().replace(title="W"), ["neutral", "arm"])
    assert (game.players, game.actions) == (("A", "B"), (("neutral", "arm"),) * 2)
    assert game.title == "W"
    moved = bg.World(["H", "A", "B"], [3, 1, 2], threat="H")
    np.testing.assert_array_equal(
        bg.BalancingModel().game(moved).payoffs, bg.BalancingModel().game(world()).payoffs
    )


def test_axes_follow_the_order_of_the_actions():
    model = bg.BalancingModel(decisiveness=2)
    forward, backward = model.game(world(), ACTIONS), model.game(world(), ACTIONS[::-1])
    np.testing.assert_array_equal(forward.payoffs, backward.payoffs[:, ::-1, ::-1])


def test_prevailing_reads_every_form_of_profile():
    model = bg.BalancingModel(cohesion=0)
    pi = 1 / 4
    for profile in (
        ["balance", "neutral"],
        [0, 2],
        {"A": "balance", "B": 2},
        {"B": "neutral", "A": 0, "H": "expand"},
        ["balance", "neutral", "restrain"],
        [[1, 0, 0], [0, 0, 1, 0, 0]],
        np.array([[1, 0, 0], [0, 0, 1]]),
    ):
        assert model.prevailing(world(), profile) == pytest.approx(pi)
    mixed = model.prevailing(world(), [[0.5, 0, 0.5], [Fraction(1, 2), 0, 0.5]])
    assert mixed == pytest.approx((0 + 1 / 4 + 2 / 5 + 3 / 6) / 4)


@pytest.mark.parametrize(
    ("profile", "error", "words"),
    [
        (["balance"], errors.InvalidShapeError, "1 entry for 2"),
        (["balance", "fight"], errors.UnknownActionError, "'fight'"),
        (["balance", 5], errors.UnknownActionError, "0 to 4"),
        ([[1, 0, 0], [0.4, 0, 0]], errors.InvalidProbabilityError, "sum to 1"),
        ([[1, 0, 0], [0] * 6], errors.InvalidShapeError, "6 probabilities"),
        ([[1, 0, 0], []], errors.InvalidShapeError, "0 probabilities"),
        ({"A": 0}, errors.InvalidShapeError, "no entry for B"),
        ({"A": 0, "B": 0, "C": 0}, errors.UnknownPlayerError, "'C'"),
    ],
)
def test_profiles_that_do_not_fit_are_refused(profile, error, words):
    with pytest.raises(error, match=words):
        bg.BalancingModel().prevailing(world(), profile)


def test_camps_name_everyone_once():
    camps = bg.BalancingModel(cohesion=0).camps(world(), ["undermine", "bandwagon"])
    assert camps.balancing == ("A",)
    assert camps.bandwagoning == ("B",)
    assert camps.neutral == ()
    assert (camps.our_power, camps.their_power) == (1, pytest.approx(4.1))
    assert camps.contested
    assert not bg.BalancingModel().camps(world(), [0, 0, "restrain"]).contested
    with pytest.raises(errors.InvalidTypeError, match="pure profile"):
        bg.BalancingModel().camps(world(), [[1, 0, 0], 0])
    with pytest.raises(errors.UnknownActionError, match="'expand'"):
        bg.BalancingModel().camps(world(), [0, 0, "expnd"])


def test_coalitions_are_of_known_states():
    with pytest.raises(errors.UnknownStateError, match="unknown state 'C'"):
        bg.BalancingModel().coalition_power(world(), ["A", "C"])


def test_a_models_mappings_cannot_be_changed():
    model = bg.BalancingModel(alliance_cost={"A": 0.1, "B": 0.2})
    with pytest.raises(TypeError):
        model.alliance_cost["A"] = float("nan")
    turned = bg.BalancingModel(alliance_cost={"B": 0.2, "A": 0.1})
    assert model == turned
    assert hash(model) == hash(turned)


@pytest.mark.parametrize(
    "parameters",
    [
        {"domination_loss": "1.00000000000000000001"},
        {"domination_loss": "0.3", "autonomy_loss": "0.30000000000000000001"},
        {"alliance_cost": "-1e-330"},
        {"alliance_cost": {1: 2}},
        {"cls": 2},
        {"self": 2},
        {"contest": np.array(["ratio"])},
    ],
)
def test_domains_hold_for_the_exact_value(parameters):
    with pytest.raises(errors.BalanceGameError):
        bg.BalancingModel(**parameters)


def test_profiles_may_refer_to_the_games_own_actions():
    model, order = bg.BalancingModel(cohesion=0), ("neutral", "balance")
    game = model.game(world(), order)
    assert len(bg.pure_nash(game))
    for found in bg.pure_nash(game):
        named = model.prevailing(world(), found.actions)
        assert model.prevailing(world(), found.profile, actions=order) == named
        indices = [part[0] for part in found.support]
        assert model.camps(world(), indices, actions=order) == model.camps(world(), found.actions)


@pytest.mark.parametrize("use", ["prevailing", "camps"])
@pytest.mark.parametrize(
    "profile", [[0, 0, "garbage"], [0, {0: 1}], [0, {1}], [0, b"x"], [True, 0]]
)
def test_nonsense_in_a_profile_is_refused(use, profile):
    with pytest.raises(errors.BalanceGameError):
        getattr(bg.BalancingModel(), use)(world(), profile)


def test_camps_read_numpys_integers():
    assert bg.BalancingModel().camps(world(), np.array([0, 2])).balancing == ("A",)


def test_a_coalition_is_no_text():
    with pytest.raises(errors.InvalidTypeError, match="sequence of states"):
        bg.BalancingModel().coalition_power(world(), "AB")


@pytest.mark.parametrize("power", [1e-200, 1e-310, 1e200, 9e307])
@pytest.mark.parametrize("eta", [0, "1/2", 1])
def test_affinity_and_pi_do_not_depend_on_the_unit(power, eta):
    model = bg.BalancingModel(affinity=1, affinity_exponent=eta)
    names = ["A", "B", "H"]
    plain = model.game(bg.World(names, [1, 1, 1], threat="H"))
    scaled = bg.World(names, [power] * 3, threat="H")
    np.testing.assert_allclose(model.game(scaled).payoffs, plain.payoffs, atol=1e-9)
    assert 0 < model.prevailing(scaled, ["balance", "neutral"]) < 1


def test_a_steep_logistic_contest_is_no_overflow():
    game = bg.BalancingModel(contest="logistic", steepness=1e5).game(world())
    assert np.isfinite(game.payoffs).all()


def test_exact_powers_of_too_many_digits_are_refused():
    with pytest.raises(errors.InexactInputError, match="a decisiveness of at most 100"):
        bg.BalancingModel(cohesion=0, decisiveness=10**9).game(world(), exact=True)
    with pytest.raises(errors.InexactInputError, match="an integer decisiveness"):
        bg.BalancingModel(cohesion=0, decisiveness="1.0000000000000000000001").game(
            world(), exact=True
        )


@pytest.mark.parametrize("thing", [None, 5, "europe-1938"])
def test_what_is_no_world_is_refused(thing):
    for use in (bg.polarity, bg.BalancingModel().game):
        with pytest.raises(errors.InvalidTypeError, match="must be a World"):
            use(thing)


def test_floats_and_texts_of_one_number_may_be_mixed():
    bg.BalancingModel(domination_loss="0.8", autonomy_loss=0.8)
    bg.load_model("europe-1938").replace(domination_loss=0.8)
    bg.World(["A", "B"], [1, 1], [[1, "0.1"], [0.1, 1]])


def test_profiles_may_be_equilibria():
    model = bg.BalancingModel(cohesion=0)
    game = model.game(world())
    found = bg.pure_nash(game)[0]
    assert model.prevailing(world(), found) == model.prevailing(world(), found.actions)
    assert model.camps(world(), found) == model.camps(world(), found.actions)
    assert game.regret(found).max() == 0


def test_symbols_lead_to_their_parameters():
    with pytest.raises(errors.UnknownParameterError, match="did you mean 'autonomy_loss'"):
        bg.BalancingModel(alpha=0.5)
