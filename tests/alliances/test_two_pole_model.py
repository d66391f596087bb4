"""The two-pole model: MODEL.md's criterion, and every payoff computed again from the formulas."""

from __future__ import annotations

import itertools
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors

EIGHTHS = st.fractions(0, 1, max_denominator=8)
NAMES = ["A", "B", "C", "East", "West"]


def naive(case, profile):
    """Payoffs of one profile of codes, from MODEL.md's lines, with the poles last in `case`."""
    p, e, w, c = case["power"], case["exposure"], case["parallelism"], case
    n = len(p) - 2
    camps = [[i for i in range(n) if profile[i] == x] + [n + x] for x in (0, 1)]

    def strength(camp):
        total = sum(p[i] for i in camp)
        if c["theta"] == 0:
            return total
        square = sum(p[i] * p[j] * w[i][j] for i in camp for j in camp)
        return (math.sqrt(max(0, square)) / total) ** c["theta"] * total

    ours = [strength(camp) for camp in camps]
    if c.get("contest") == "logistic":
        first = 1 / (1 + math.exp(-c["k"] * (ours[0] - ours[1]) / sum(p)))
    elif ours[0] == ours[1] == 0:
        first = Fraction(1, 2)
    else:
        first = ours[0] ** c["m"] / (ours[0] ** c["m"] + ours[1] ** c["m"])
    chance = [first, 1 - first]
    scale = sum(x ** (2 * c["eta"]) for x in p)
    paid = []
    for i in range(n):
        x, loss = profile[i], c["D"] * e[i]
        if x == 2:
            paid.append(1 - c["nu"] * loss)
            continue
        company = sum(w[i][j] * (p[i] * p[j]) ** c["eta"] / scale for j in camps[x] if j != i)
        paid.append(
            1
            - chance[x] * c["alpha"][x]
            - (1 - chance[x]) * (loss + c["rho"])
            - c["c"]
            + c["lam"] * company
        )
    return paid


@st.composite
def cases(draw, *, exact):
    n = draw(st.integers(1, 3))
    names = [*NAMES[:n], "East", "West"]
    number = st.fractions("1/4", 6, max_denominator=4) if exact else st.floats(0.25, 6)
    share = EIGHTHS if exact else st.floats(0, 1)
    loss = draw(share.filter(lambda x: x > 0))
    matrix = [[Fraction(1)] * (n + 2) for _ in range(n + 2)]
    for i, j in itertools.combinations(range(n + 2), 2):
        matrix[i][j] = matrix[j][i] = draw(st.fractions(0, "1/5", max_denominator=8)) * draw(
            st.sampled_from([1, -1])
        )
    return {
        "names": names,
        "power": [draw(number) for _ in names],
        "exposure": [draw(share) for _ in names],
        "parallelism": matrix,
        "D": loss,
        "alpha": [loss * draw(share), loss * draw(share)],
        "rho": draw(share),
        "nu": draw(share),
        "c": draw(share),
        "lam": draw(share),
        "eta": draw(st.sampled_from([0, 1] if exact else [0, 0.5, 1])),
        "m": draw(st.sampled_from([1, 2, 3]) if exact else st.floats(0.2, 5)),
        "theta": 0 if exact else draw(st.floats(0, 1)),
        "k": 4.0,
        "contest": "ratio" if exact else draw(st.sampled_from(["ratio", "logistic"])),
    }


def built(case):
    world = bg.World(case["names"], case["power"], case["parallelism"], exposure=case["exposure"])
    east, west = case["alpha"]
    model = bg.TwoPoleModel(
        domination_loss=case["D"],
        autonomy_loss={"East": east, "West": west},
        retaliation=case["rho"],
        neutral_exposure=case["nu"],
        alliance_cost=case["c"],
        affinity=case["lam"],
        affinity_exponent=case["eta"],
        decisiveness=case["m"],
        cohesion=case["theta"],
        contest=case["contest"],
        steepness=case["k"],
    )
    return model, world


def every(case):
    return itertools.product(range(3), repeat=len(case["names"]) - 2)


@settings(max_examples=30)
@given(cases(exact=True))
def test_exact_payoffs_are_the_formulas(case):
    model, world = built(case)
    table = model.game(world, ("East", "West"), exact=True).exact_payoffs
    for profile in every(case):
        assert list(table[(slice(None), *profile)]) == naive(case, profile)


@settings(max_examples=30)
@given(cases(exact=False))
def test_float_payoffs_are_the_formulas(case):
    model, world = built(case)
    table = model.game(world, ("East", "West")).payoffs
    for profile in every(case):
        assert table[(slice(None), *profile)] == pytest.approx(naive(case, profile), abs=1e-12)


@settings(max_examples=30)
@given(cases(exact=False), st.sampled_from([2**-3, 3, 1e-6, 1e9]))
def test_only_ratios_of_power_matter(case, unit):
    model, world = built(case)
    scaled = world.replace(power=[unit * p for p in case["power"]])
    one, other = (model.game(w, ("East", "West")).payoffs for w in (world, scaled))
    np.testing.assert_allclose(one, other, atol=1e-13)


@settings(max_examples=30)
@given(cases(exact=True), st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(case, random):
    model, world = built(case)
    game = model.game(world, ("East", "West"), exact=True)
    order = list(range(len(case["names"])))
    random.shuffle(order)
    mixed = bg.World(
        [case["names"][i] for i in order],
        [case["power"][i] for i in order],
        [[case["parallelism"][i][j] for j in order] for i in order],
        exposure=[case["exposure"][i] for i in order],
        threat=case["names"][order[0]],
    )
    other = model.game(mixed, ("West", "East"), exact=True)
    exchanged = {0: 1, 1: 0, 2: 2}
    for profile in every(case):
        played = dict(zip(game.players, profile, strict=True))
        place = tuple(exchanged[played[name]] for name in other.players)
        for i, name in enumerate(game.players):
            there = (other.players.index(name), *place)
            assert game.exact_payoffs[(i, *profile)] == other.exact_payoffs[there]


@settings(max_examples=50)
@given(
    power=st.tuples(st.fractions("1/3", 5, max_denominator=6), st.just(Fraction(2))),
    losses=st.tuples(EIGHTHS, EIGHTHS, EIGHTHS, EIGHTHS, EIGHTHS),
    ties=st.tuples(st.fractions(-1, 1, max_denominator=5), st.fractions(-1, 1, max_denominator=5)),
)
def test_whom_a_small_state_prefers(power, losses, ties):
    """The criterion [D] of MODEL.md, part B, for a state that hardly moves the chances."""
    share, rho, c, lam, nu = losses
    tiny = Fraction(1, 10**30)
    matrix = [[1, ties[0], ties[1]], [ties[0], 1, 0], [ties[1], 0, 1]]
    world = bg.World(["small", "East", "West"], [tiny, *power], matrix)
    model = bg.TwoPoleModel(
        autonomy_loss=share,
        retaliation=rho,
        alliance_cost=c,
        affinity=lam,
        affinity_exponent=0,
        neutral_exposure=nu,
        cohesion=0,
    )
    east, west, neutral = model.game(world, ("East", "West"), exact=True).exact_payoffs[0]
    chance = power[0] / sum(power)
    company = [Fraction(tie) / 3 for tie in ties]
    prefers = (2 * chance - 1) * (1 + rho - share) + lam * (company[0] - company[1])
    if abs(prefers) > 1e-20:  # at a tie even the smallest power counts
        assert (east > west) == (prefers > 0)
    for paid, pi, ours in ((east, chance, company[0]), (west, 1 - chance, company[1])):
        sides = nu - (pi * share + (1 - pi) * (1 + rho) + c - lam * ours)
        if abs(sides) > 1e-20:
            assert (paid > neutral) == (sides > 0)


def test_actions_are_named_after_the_poles():
    world = bg.World(["A", "East", "B", "West"], [1, 2, 1, 2])
    game = bg.TwoPoleModel().game(world, ("West", "East"))
    assert game.players == ("A", "B")
    assert game.actions == (("join West", "join East", "neutral"),) * 2
    by_name = game.expected_payoffs(["join West", "neutral"])
    np.testing.assert_array_equal(by_name, game.expected_payoffs([0, 2]))


def test_a_threat_plays_no_part():
    names, power = ["A", "B", "East", "West"], [1, 2, 3, 4]
    games = [
        bg.TwoPoleModel().game(bg.World(names, power, threat=threat), ("East", "West"))
        for threat in (None, "East", "B")
    ]
    assert [game.players for game in games] == [("A", "B")] * 3
    np.testing.assert_array_equal(games[0].payoffs, games[1].payoffs)
    np.testing.assert_array_equal(games[0].payoffs, games[2].payoffs)


def test_opposed_interests_leave_camps_without_power():
    matrix = [[1, -1, -1], [-1, 1, 1], [-1, 1, 1]]
    world = bg.World(["A", "East", "West"], [2, 2, 2], matrix)
    model = bg.TwoPoleModel()
    camps = model.camps(world, ["join East"], ("East", "West"))
    assert camps.powers == (0.0, 2.0)
    assert camps.prevailing == (0.0, 1.0)
    everyone = bg.World(
        ["A", "B", "East", "West"],
        [2, 2, 2, 2],
        [[1, -1, -1, 1], [-1, 1, 1, -1], [-1, 1, 1, -1], [1, -1, -1, 1]],
    )
    camps = model.camps(everyone, {"A": 0, "B": 1}, ("East", "West"))
    assert camps.prevailing == (0.5, 0.5)
    assert camps.members == (("A",), ("B",))


def test_camps_read_an_equilibrium():
    world = bg.World(["A", "B", "East", "West"], [1, 1, 2, 7])
    model, poles = bg.TwoPoleModel(cohesion=0, decisiveness=2), ("East", "West")
    (found,) = bg.pure_nash(model.game(world, poles))
    camps = model.camps(world, found, poles)
    assert camps.members == ((), ("A", "B"))
    assert camps.powers == (2.0, 9.0)
    assert camps.prevailing == pytest.approx((4 / 85, 81 / 85))
    assert pickle.loads(pickle.dumps(camps)) == camps


def test_many_states_fill_their_table_in_blocks():
    n = 9
    names = [*(f"s{i}" for i in range(n)), "East", "West"]
    world = bg.World(names, range(1, n + 3))
    game = bg.TwoPoleModel(cohesion=0, neutral_exposure="1/2").game(world, ("East", "West"))
    profile = (0, 1, 2, 2, 1, 0, 0, 2, 1)
    ours = 10 + 1 + 6 + 7
    theirs = 11 + 2 + 5 + 9
    assert game.payoffs[(0, *profile)] == pytest.approx(
        1 - ours / (ours + theirs) * 0.6 - theirs / (ours + theirs) - 0.1
    )
    assert game.payoffs[(2, *profile)] == 0.5


def test_models_are_values():
    model = bg.TwoPoleModel(autonomy_loss={"East": "1/3", "West": 0.5}, alliance_cost="0.2")
    same = pickle.loads(pickle.dumps(model))
    assert same == model
    assert hash(same) == hash(model)
    assert eval(repr(model), {"TwoPoleModel": bg.TwoPoleModel}) == model
    assert model.replace(autonomy_loss=0.6) != model
    assert model.to_dict()["autonomy_loss"] == {"East": 1 / 3, "West": 0.5}
    assert bg.BalancingModel(alliance_cost="0.2") != bg.TwoPoleModel(alliance_cost="0.2")


WORLD = bg.World(["A", "B", "East", "West"], [1, 1, 2, 3])


@pytest.mark.parametrize(
    ("poles", "error", "says"),
    [
        (("East", "East"), errors.InvalidPolesError, "both poles are 'East'"),
        (("East",), errors.InvalidPolesError, "poles has 1 entries"),
        (("East", "West", "A"), errors.InvalidPolesError, "poles has 3 entries"),
        (("East", "Wst"), errors.UnknownStateError, "did you mean 'West'"),
        ((0, 1), errors.UnknownStateError, "unknown pole 0"),
        ("EW", errors.InvalidTypeError, "names of two states"),
        (None, errors.InvalidTypeError, "names of two states"),
        ({"East", "West"}, errors.InvalidTypeError, "names of two states"),
    ],
)
def test_poles_are_two_states(poles, error, says):
    with pytest.raises(error, match=says):
        bg.TwoPoleModel().game(WORLD, poles)


def test_poles_need_somebody_between_them():
    with pytest.raises(errors.InvalidPolesError, match="alone in the world"):
        bg.TwoPoleModel().game(bg.World(["A", "B"], [1, 1]), ("A", "B"))


@pytest.mark.parametrize(
    ("parameters", "error", "says"),
    [
        ({"alliance_cost": -1}, errors.InvalidParameterError, "alliance_cost is -1"),
        ({"retaliation": {"A": -0.5}}, errors.InvalidParameterError, "retaliation of A"),
        ({"autonomy_loss": "1.5"}, errors.InvalidParameterError, "above domination_loss"),
        (
            {"autonomy_loss": {"East": 0.1, "West": 0.9}, "domination_loss": 0.5},
            errors.InvalidParameterError,
            "above domination_loss",
        ),
        ({"neutral_exposure": 1.01}, errors.InvalidParameterError, "neutral_exposure"),
        ({"decisiveness": 0}, errors.InvalidParameterError, "decisiveness"),
        ({"decisiveness": {"A": 1}}, errors.InvalidParameterError, "one number for the whole"),
        ({"contest": "draw"}, errors.InvalidParameterError, "contest"),
        ({"affinity_exponent": "1/3"}, errors.InvalidParameterError, "affinity_exponent"),
        ({"alpha": 0.5}, errors.UnknownParameterError, "did you mean 'autonomy_loss'"),
        ({"balancing_spoils": 1}, errors.UnknownParameterError, "unknown parameter"),
    ],
)
def test_parameters_are_checked(parameters, error, says):
    with pytest.raises(error, match=says):
        bg.TwoPoleModel(**parameters)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"autonomy_loss": {"East": 0.1}}, "no value for West; give one for each pole"),
        ({"autonomy_loss": {"East": 0.1, "Mars": 0.1}}, "unknown state in autonomy_loss"),
        ({"alliance_cost": {"A": 0.1}}, "no value for B; give one for every state but the poles"),
    ],
)
def test_mappings_cover_states_and_poles(parameters, says):
    with pytest.raises(errors.UnknownStateError, match=says):
        bg.TwoPoleModel(**parameters).game(WORLD, ("East", "West"))


@pytest.mark.parametrize(
    "parameters", [{"cohesion": 1}, {"contest": "logistic"}, {"decisiveness": 1.5}]
)
def test_exact_payoffs_need_exact_numbers(parameters):
    model = bg.TwoPoleModel(**({"cohesion": 0} | parameters))
    with pytest.raises(errors.InexactInputError):
        model.game(WORLD, ("East", "West"), exact=True)
    with pytest.raises(errors.InexactInputError, match="alliance_cost is the float"):
        bg.TwoPoleModel(cohesion=0, alliance_cost=0.1).game(WORLD, ("East", "West"), exact=True)


def test_tables_beyond_memory_are_refused():
    names = [f"s{i}" for i in range(40)]
    with pytest.raises(errors.TableTooLargeError):
        bg.TwoPoleModel(cohesion=0).game(bg.World(names, [1] * 40), ("s0", "s1"))


def test_inconsistent_interests_are_projected_with_a_warning():
    matrix = [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]
    world = bg.World(["A", "East", "West"], [1, 1, 1], matrix)
    with pytest.warns(bg.errors.ProjectionWarning) as caught:
        bg.TwoPoleModel().game(world, ("East", "West"))
    assert caught[0].filename == __file__


@pytest.mark.parametrize("world", [None, {"A": 1}])
def test_the_world_is_a_world(world):
    with pytest.raises(errors.InvalidTypeError):
        bg.TwoPoleModel().game(world, ("East", "West"))


def test_camps_take_pure_profiles():
    with pytest.raises(errors.InvalidTypeError, match="pure profile"):
        bg.TwoPoleModel().camps(WORLD, [[0.5, 0.5, 0], 1], ("East", "West"))
    with pytest.raises(errors.UnknownActionError):
        bg.TwoPoleModel().camps(WORLD, ["join A", 1], ("East", "West"))
