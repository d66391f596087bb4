"""Payoff tables: formulas and compiled code against an independent, naive model."""

from __future__ import annotations

import tracemalloc
import warnings
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import _checks, errors
from balancegame.alliances import tables
from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS
from balancegame.alliances.setting import bind
from balancegame.testing import worlds
from tests.naive_model import NaiveModel

NAMES = {
    "domination_loss": "D",
    "autonomy_loss": "alpha",
    "retaliation": "rho",
    "retribution": "psi",
    "balancing_spoils": "sigma_plus",
    "bandwagon_spoils": "sigma_minus",
    "affinity": "lam",
    "affinity_exponent": "eta",
    "alliance_cost": "c",
    "arming_cost": "c_R",
    "undermining_cost": "c_U",
    "arming_gain": "g",
    "undermining_effect": "mu",
    "neutral_exposure": "nu",
    "decisiveness": "m",
    "cohesion": "theta",
    "contest": "contest",
    "steepness": "k",
    "deference": "phi",
    "prize": "Gamma",
    "defeat_loss": "K",
    "expansion_cost": "c_E",
}

HUNDREDTHS = st.integers(0, 100).map(lambda k: k / 100)


@st.composite
def parameters(draw):
    loss = draw(st.integers(1, 100)) / 100
    return {
        "domination_loss": loss,
        "autonomy_loss": loss * draw(HUNDREDTHS),
        "retaliation": draw(HUNDREDTHS),
        "retribution": draw(HUNDREDTHS),
        "balancing_spoils": draw(HUNDREDTHS),
        "bandwagon_spoils": draw(HUNDREDTHS),
        "affinity": draw(HUNDREDTHS),
        "affinity_exponent": draw(st.sampled_from([0, 0.5, 1])),
        "alliance_cost": draw(HUNDREDTHS),
        "arming_cost": draw(HUNDREDTHS),
        "undermining_cost": draw(HUNDREDTHS),
        "arming_gain": draw(HUNDREDTHS) * 3,
        "undermining_effect": draw(HUNDREDTHS) * 0.99,
        "neutral_exposure": draw(HUNDREDTHS),
        "decisiveness": draw(st.sampled_from([1, 2, 0.5, 3.7])),
        "cohesion": draw(st.sampled_from([0, 1, 0.3])),
        "contest": draw(st.sampled_from(["ratio", "logistic"])),
        "steepness": draw(st.integers(1, 9)),
        "deference": draw(HUNDREDTHS),
        "prize": draw(HUNDREDTHS) * 2,
        "defeat_loss": draw(HUNDREDTHS) * 2,
        "expansion_cost": draw(HUNDREDTHS),
    }


ACTION_LISTS = st.permutations(ACTIONS).flatmap(
    lambda order: st.integers(1, 5).map(lambda k: tuple(order[:k]))
)
WORLDS = worlds(max_states=3, exposures=st.sampled_from([1, 0, 0.5, 2]))


def naive(world, given_):
    *p, H = world.power.tolist()
    return NaiveModel(
        p=p,
        H=H,
        A=world.parallelism.tolist(),
        e=world.exposure.tolist()[:-1],
        **{NAMES[name]: value for name, value in given_.items()},
    )


def near_a_cancelled_camp(model, profile):
    """Where opposed interests cancel a camp to nothing, rounding decides and pi is undefined."""
    for camp in model.camps(profile):
        total = sum(camp.values())
        if total and model.theta:
            square = sum(camp[i] * camp[j] * model.A[i][j] for i in camp for j in camp)
            if square < 1e-9 * total**2:
                return True
    return False


@given(WORLDS, parameters(), ACTION_LISTS)
def test_payoffs_follow_the_description(world, given_, actions):
    table = bg.BalancingModel(**given_).game(world, actions).payoffs
    model = naive(world, given_)
    for cell, profile in model.profiles(actions):
        if not near_a_cancelled_camp(model, profile):
            np.testing.assert_allclose(
                table[(slice(None), *cell)], model.war(profile), atol=1e-9, err_msg=profile
            )


@given(WORLDS, parameters(), ACTION_LISTS)
def test_a_strategic_hegemon_follows_the_description(world, given_, actions):
    model = naive(world, given_)
    balancing = bg.BalancingModel(**given_)
    table = balancing.game(world, actions, hegemon="strategic").payoffs
    for cell, profile in model.profiles(actions):
        if near_a_cancelled_camp(model, profile):
            continue
        gap = model.strategic(profile, "expand")[-1] - model.strategic(profile, "restrain")[-1]
        for k, threat in enumerate(THREAT_ACTIONS):
            if threat != "opportunist" or abs(gap) > 1e-9:
                np.testing.assert_allclose(
                    table[(slice(None), *cell, k)], model.strategic(profile, threat), atol=1e-9
                )


@given(WORLDS, parameters(), ACTION_LISTS, st.booleans())
def test_compiled_tables_equal_the_formulas(world, given_, actions, strategic):
    setting = bind(bg.BalancingModel(**given_).parameters(), world)
    codes = [ACTIONS.index(name) for name in actions]
    shape = tables._table_shape(setting, codes, strategic=strategic)
    by_formula, compiled = np.empty((2, len(shape), *shape))
    tables._fill_by_formula(by_formula, setting, codes, strategic=strategic)
    tables._fill_compiled(compiled, setting, codes)
    model = naive(world, given_)
    for cell, profile in model.profiles(actions):
        if not near_a_cancelled_camp(model, profile):
            there = (slice(None), *cell)
            np.testing.assert_allclose(compiled[there], by_formula[there], atol=1e-9)


@pytest.mark.compiled
def test_a_large_table_is_the_naive_one_on_a_sample():
    names = [f"s{i}" for i in range(8)]
    power = [3.0, 1.5, 2.2, 0.7, 1.1, 4.0, 0.3, 2.9]
    world = bg.World([*names, "h"], [*power, 6.0], threat="h")
    game = bg.BalancingModel(decisiveness=1.7, balancing_spoils=0.2).game(world, ACTIONS)
    model = NaiveModel(p=power, H=6.0, A=np.eye(9).tolist(), m=1.7, sigma_plus=0.2)
    rng = np.random.default_rng(0)
    for cell in rng.integers(0, 5, (200, 8)):
        profile = "".join("BWNRU"[a] for a in cell)
        np.testing.assert_allclose(
            game.payoffs[(slice(None), *cell)], model.war(profile), atol=1e-12
        )


@pytest.mark.compiled
def test_building_a_table_takes_at_most_four_times_its_memory():
    world = bg.World([*"abcdefgh", "threat"], range(1, 10), threat="threat")
    model = bg.BalancingModel()
    model.game(world, ACTIONS)
    tracemalloc.start()
    game = model.game(world, ACTIONS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert game.payoffs.shape == (8,) + (5,) * 8
    assert peak <= 4 * game.payoffs.nbytes


EXACT = ("1/3", "0.1", 0, 2, Fraction(1, 7))


@given(
    worlds(max_states=3, exposures=st.sampled_from([1, "1/3"])),
    st.sampled_from([1, 2, 3]),
    st.sampled_from(["0", "1/5"]),
    st.sampled_from(EXACT),
    st.sampled_from([False, True]),
    st.sampled_from([0, 1]),
)
def test_exact_tables_are_the_float_ones_unrounded(world, m, rho, spoils, strategic, exponent):
    model = bg.BalancingModel(
        cohesion=0,
        decisiveness=m,
        retaliation=rho,
        balancing_spoils=spoils,
        bandwagon_spoils=spoils,
        affinity="1/9" if (world.parallelism == np.eye(len(world.names))).all() else 0,
        affinity_exponent=exponent,
    )
    if model.has_affinity:
        world = world.replace(parallelism=None)
    hegemon = "strategic" if strategic else "fixed"
    exact = model.game(world, ACTIONS, hegemon=hegemon, exact=True)
    rounded = model.game(world, ACTIONS, hegemon=hegemon)
    if not strategic:
        np.testing.assert_allclose(exact.payoffs, rounded.payoffs, atol=1e-12)
    else:  # the opportunist's tie is decided exactly in one and by rounding in the other
        np.testing.assert_allclose(exact.payoffs[..., :2], rounded.payoffs[..., :2], atol=1e-12)
    assert all(isinstance(u, Fraction) for u in exact.exact_payoffs.ravel()[:50])


def test_a_tie_is_seen_by_exact_arithmetic():
    """Olson's marginal balancer exactly indifferent: k = 1 and k = 2 are both equilibria."""
    world = bg.World(["a", "b", "c", "h"], [1, 1, 1, 2], threat="h")
    model = bg.BalancingModel(cohesion=0, alliance_cost=Fraction(1, 6), retribution=0)
    game = model.game(world, ["balance", "neutral"], exact=True)
    sizes = {found.actions.count("balance") for found in bg.pure_nash(game)}
    assert sizes == {1, 2}
    ties = [found for found in bg.pure_nash(game) if found.margin == 0]
    assert len(ties) == 6


@pytest.mark.parametrize(
    ("parameters_", "changes", "words"),
    [
        ({"cohesion": 0, "autonomy_loss": 0.5}, {}, "autonomy_loss is the float 0.5"),
        ({"cohesion": 0}, {"power": [1.0, 2, 3]}, "power of A is the float 1.0"),
        ({"cohesion": 0}, {"exposure": [1, 0.5, 1]}, "exposure of B is the float 0.5"),
        ({"cohesion": "0.5"}, {}, "cohesion = 0, but it is 0.5"),
        ({"cohesion": 0, "decisiveness": "1.5"}, {}, "an integer decisiveness, but it is 1.5"),
        ({"cohesion": 0, "contest": "logistic"}, {}, 'contest = "ratio"'),
        (
            {"cohesion": 0, "affinity": 1, "affinity_exponent": "1/2"},
            {},
            "affinity_exponent 0 or 1",
        ),
        (
            {"cohesion": 0, "affinity": 1},
            {"parallelism": [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]},
            "parallelism of A and B is the float 0.5",
        ),
        ({"cohesion": 0, "alliance_cost": {"A": 1, "B": 0.1}}, {}, "alliance_cost of B"),
    ],
)
def test_what_rules_exactness_out_is_named(parameters_, changes, words):
    world = bg.World(["A", "B", "H"], [1, 2, 3], threat="H").replace(**changes)
    with pytest.raises(errors.InexactInputError, match=words):
        bg.BalancingModel(**parameters_).game(world, exact=True)


def test_a_table_too_large_is_refused_before_it_is_allocated(monkeypatch):
    world = bg.World([*(f"s{i}" for i in range(40)), "h"], [1] * 41, threat="h")
    with pytest.raises(errors.TableTooLargeError, match=r"about 10\^27 profiles .* available"):
        bg.BalancingModel().game(world, ACTIONS)
    monkeypatch.setattr(_checks, "available_memory", lambda: 1 << 20)
    nine = bg.World([*"abcdefghi", "T"], [1] * 10, threat="T")
    tracemalloc.start()
    with pytest.raises(MemoryError, match=r"1,953,125 profiles .* 134.1 MiB, but 1.0 MiB"):
        bg.BalancingModel().game(nine, ACTIONS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20
    with pytest.raises(errors.TableTooLargeError):
        bg.BalancingModel(cohesion=0).game(nine, exact=True)


@pytest.mark.parametrize("scale", [1e-290, 1e-5, 1e100, 1e290])
def test_no_unit_of_power_overflows(scale):
    power = [3, 2, 1, 4]
    plain = bg.World(["1", "2", "3", "h"], power, threat="h")
    scaled = plain.replace(power=[p * scale for p in power])
    for model in (bg.BalancingModel(), bg.BalancingModel(decisiveness=50, cohesion=0.5)):
        np.testing.assert_allclose(
            model.game(scaled, ACTIONS).payoffs, model.game(plain, ACTIONS).payoffs, atol=1e-9
        )


@pytest.mark.parametrize("decisiveness", [1e-3, 1e3, 1e6])
@pytest.mark.parametrize("powers", [[1e-3, 1, 1e3, 1], [1, 1, 1, 1e8], [1e8, 1, 1, 1]])
def test_extreme_contests_stay_between_0_and_1(decisiveness, powers):
    world = bg.World(["1", "2", "3", "h"], powers, threat="h")
    model = bg.BalancingModel(decisiveness=decisiveness, alliance_cost=0)
    payoffs = model.game(world).payoffs
    assert (payoffs >= 0).all()
    assert (payoffs <= 1).all()


@pytest.mark.parametrize(
    ("side", "profile", "pi"),
    [
        # The sign says which of two opposed sides a state's interests are on; the threat is last.
        ((1, -1, 1), ["balance", "balance"], 0.0),
        ((1, -1, 1), ["balance", "bandwagon"], 1.0),
        ((1, -1, 1), ["bandwagon", "bandwagon"], 0.0),
        ((1, -1, 1, -1), ["balance", "balance", "bandwagon"], 0.5),
        ((1, -1, 1, -1), ["neutral", "neutral", "bandwagon"], 0.0),
    ],
)
def test_opposed_interests_can_cancel_a_camp_to_nothing(side, profile, pi):
    names = [*"ABC"[: len(side) - 1], "H"]
    world = bg.World(names, [1] * len(side), np.outer(side, side), threat="H")
    assert bg.BalancingModel().prevailing(world, profile) == pi


def test_projection_is_announced_and_moves_the_game_not_the_world():
    matrix = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    world = bg.World(["A", "B", "H"], [1, 1, 1], matrix, threat="H")
    with pytest.warns(
        errors.ProjectionWarning, match=r"smallest eigenvalue -0\.8.* Frobenius distance"
    ):
        game = bg.BalancingModel().game(world)
    assert world.parallelism.tolist() == matrix
    near = world.replace(parallelism=bg.nearest_correlation(matrix))
    np.testing.assert_allclose(game.payoffs, bg.BalancingModel().game(near).payoffs, atol=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bg.BalancingModel(cohesion=0).game(world)
        bg.load_model("europe-1913").game(bg.load_scenario("europe-1913"))  # singular, no warning


@pytest.mark.parametrize("threat", [1e-6, 1.0, 1e6, 1e12, 1e17])
def test_compiled_and_formula_agree_however_unequal_the_powers(threat):
    world = bg.World([*"abcd", "T"], [1, 0.05, 1.1, 0.4, threat], threat="T")
    setting = bind(bg.BalancingModel(prize=2, balancing_spoils=1).parameters(), world)
    shape = tables._table_shape(setting, range(3), strategic=True)
    by_formula, compiled = np.empty((2, len(shape), *shape))
    tables._fill_by_formula(by_formula, setting, range(3), strategic=True)
    tables._fill_compiled(compiled, setting, range(3))
    np.testing.assert_allclose(compiled, by_formula, atol=1e-12)


def test_exact_affinity_with_parallel_interests():
    world = bg.World(
        ["A", "B", "H"],
        [1, 2, 3],
        [[1, "1/3", "-1/4"], ["1/3", 1, 0], ["-1/4", 0, 1]],
        threat="H",
    )
    model = bg.BalancingModel(cohesion=0, affinity=1)
    game = model.game(world, exact=True)
    # Both balance: pi = 1/2; company = A_12 p_1 p_2 / (1 + 4 + 9).
    company = Fraction(1, 3) * 2 / 14
    expected = 1 - Fraction(1, 2) - Fraction(1, 10) + company
    assert game.exact_payoffs[0, 0, 0] == expected
    np.testing.assert_allclose(game.payoffs, model.game(world).payoffs, atol=1e-15)


def test_payoffs_beyond_the_range_of_a_float_are_refused_by_name():
    huge = 10**308
    model = bg.BalancingModel(cohesion=0, alliance_cost=huge, arming_cost=huge, retaliation=huge)
    world = bg.World(["A", "H"], [1, 1], threat="H")
    for exact in (True, False):
        with pytest.raises(errors.InvalidPayoffError):
            model.game(world, ["balance", "arm"], exact=exact)


def test_prevailing_of_many_states():
    n = 70
    world = bg.World([*(f"s{i}" for i in range(n)), "T"], [1] * n + [n], threat="T")
    model = bg.BalancingModel(cohesion=0)
    assert model.prevailing(world, [0] * n) == pytest.approx(0.5)
    half = [[0.5, 0, 0.5]] * 13 + [2] * (n - 13)
    sizes = np.arange(14)
    chances = np.array([comb(13, k) for k in sizes]) / 2**13
    assert model.prevailing(world, half) == pytest.approx((chances * sizes / (sizes + n)).sum())
