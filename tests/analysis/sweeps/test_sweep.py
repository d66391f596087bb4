"""Sweeps give at each point what the model's own game gives there."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.alliances.actions import ACTIONS
from balancegame.alliances.balancing import parameter_domains
from balancegame.testing import worlds
from tests.analysis.sweeps import cases
from tests.naive_model import NaiveModel

LETTERS = dict(zip(ACTIONS, "BWNRU", strict=True))


def label(dataset, variable, **place):
    array = dataset[variable]
    code = int(array.isel(place) if place else array)
    return None if code < 0 else array.attrs["labels"][code]


def region_of(game):
    found = ["".join(LETTERS[name] for name in one.actions) for one in bg.pure_nash(game)]
    return " + ".join(found) or "none"


_RANGES = {
    "domination_loss": (0.7, 1.0),
    "autonomy_loss": (0.0, 0.7),
    "undermining_effect": (0.0, 0.9),
    "decisiveness": (0.3, 4.0),
    "steepness": (0.5, 8.0),
}


@st.composite
def axes(draw, states):
    """Up to three axes of up to four values each."""
    names = [
        *(name for name in parameter_domains() if name not in ("contest", "affinity_exponent")),
        *(f"{name}.{states[0]}" for name in ("alliance_cost", "domination_loss", "affinity")),
        "power_ratio",
        "parallelism",
    ]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    grid = {}
    for name in chosen:
        low, high = _RANGES.get(name.partition(".")[0], (0.0, 1.0))
        if name == "power_ratio":
            low, high = 0.1, 4.0
        elif name == "parallelism":
            low = -1.0
        value = st.floats(low, high, allow_subnormal=False).filter(
            lambda x: x == 0 or x > 1e-9 or x < -1e-9
        )
        grid[name] = draw(st.lists(value, min_size=1, max_size=4, unique=True))
    if "contest" in draw(st.sampled_from(["contest", ""])):
        grid["contest"] = ["ratio", "logistic"]
    return grid


@st.composite
def sweeps(draw):
    world = draw(worlds(min_states=2, max_states=4, threat=True))
    return (
        world,
        draw(axes(world.states)),
        draw(st.sampled_from([ACTIONS[:3], ACTIONS, ("neutral", "balance")])),
    )


@settings(max_examples=60)
@given(case=sweeps(), hegemon=st.sampled_from(["fixed", "strategic"]))
@pytest.mark.filterwarnings("ignore::balancegame.errors.ProjectionWarning")
def test_many_points_at_once_are_the_same_points_one_by_one(case, hegemon):
    world, grid, actions = case
    measures = cases.MEASURES
    model = bg.BalancingModel(domination_loss=1, autonomy_loss=0.5)
    options = {"grid": grid, "measure": measures, "actions": actions, "hegemon": hegemon}
    at_once = bg.sweep(model, world, **options)
    # A function that builds the model takes every point through the game itself.
    one_by_one = bg.sweep(lambda: model, world, **options)
    assert (at_once["status"] == one_by_one["status"]).all()
    clear = (at_once["margin"] > 1e-12).values
    np.testing.assert_allclose(at_once["margin"], one_by_one["margin"], atol=1e-12)
    for cell in np.argwhere(clear):
        place = dict(zip(grid, cell.tolist(), strict=True))
        assert label(at_once, "region", **place) == label(one_by_one, "region", **place)
        assert label(at_once, "camps", **place) == label(one_by_one, "camps", **place)
        for name in ("pure_equilibria", "payoffs", "prevailing"):
            np.testing.assert_allclose(
                at_once[name].isel(place), one_by_one[name].isel(place), rtol=1e-9, atol=1e-12
            )


def test_the_golden_game_at_its_own_power_ratio():
    found = bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid={"power_ratio": [2], "autonomy_loss": ["2/5", "3/5"]},
        measure=[*cases.MEASURES],
        actions=ACTIONS,
    )
    assert label(found, "region", power_ratio=0, autonomy_loss=0) == "WWW"
    assert label(found, "region", power_ratio=0, autonomy_loss=1) == "WWW + UUN"
    assert label(found, "camps", power_ratio=0, autonomy_loss=1) == "bandwagon: 1, 2, 3"
    np.testing.assert_allclose(found["payoffs"][0], [[0.6] * 3, [0.4] * 3], rtol=1e-12)
    assert found["prevailing"].values.tolist() == [[0.0, 0.0]]
    assert found["pure_equilibria"].values.tolist() == [[1, 2]]
    assert found["payoffs"].dims == ("power_ratio", "autonomy_loss", "player")
    assert found["player"].values.tolist() == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [("UUU", (0.508328, 0.272891)), ("BBB", (np.nan, 0.761404)), ("UUB", (0.720507, None))],
)
def test_critical_discounts_of_the_golden_game(profile, expected):
    names = {letter: name for name, letter in LETTERS.items()}
    agreed = [names[letter] for letter in profile]
    found = bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid={"autonomy_loss": [0.4, 0.6]},
        measure="critical_discount",
        actions=ACTIONS,
        profile=agreed,
    )["critical_discount"].values
    for value, wanted, alpha in zip(found, expected, (0.4, 0.6), strict=True):
        game = cases.MODEL.replace(autonomy_loss=alpha).game(cases.golden(), ACTIONS)
        exact = bg.critical_discount(game, agreed).value
        np.testing.assert_allclose(value, np.nan if exact is None else exact, rtol=1e-12)
        if wanted is not None:
            np.testing.assert_allclose(value, wanted, atol=1e-6)


@settings(max_examples=25)
@given(world=worlds(min_states=3, max_states=4, threat=True), data=st.data())
@pytest.mark.filterwarnings("ignore::balancegame.errors.ProjectionWarning")
def test_critical_discounts_are_those_of_the_stage_game(world, data):
    grid = {"decisiveness": [1, 2, 3], "alliance_cost": [0.05, 0.2]}
    agreed = [data.draw(st.sampled_from(ACTIONS[:3])) for _ in world.states]
    found = bg.sweep(
        bg.BalancingModel(), world, grid=grid, measure="critical_discount", profile=agreed
    )["critical_discount"]
    for m, c in itertools.product(*grid.values()):
        game = bg.BalancingModel(decisiveness=m, alliance_cost=c).game(world)
        wanted = bg.critical_discount(game, agreed).value
        value = float(found.sel(decisiveness=m, alliance_cost=c))
        np.testing.assert_allclose(
            value, np.nan if wanted is None else wanted, rtol=1e-9, atol=1e-12
        )


def naive_region(model: NaiveModel, actions) -> tuple[str, float]:
    """The pure equilibria by the naive model, and how near to a tie a comparison came."""
    paid = {text: model.war(text) for _, text in model.profiles(actions)}
    found, nearest = [], np.inf
    letters = [LETTERS[name] for name in actions]
    for text, own in paid.items():
        losses = [
            own[i] - paid[text[:i] + other + text[i + 1 :]][i]
            for i in range(len(text))
            for other in letters
            if other != text[i]
        ]
        nearest = min(nearest, *(abs(loss) for loss in losses))
        if min(losses) >= 0:
            found.append(text)
    return " + ".join(found) or "none", nearest


def test_a_map_of_the_golden_game_agrees_with_the_naive_model():
    found = bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid={"power_ratio": np.linspace(0.2, 3, 15), "parallelism": np.linspace(-0.5, 1, 13)},
    )
    b = (-0.2 + 0.1 + 0.6) / 3
    checked = 0
    for i, j in itertools.product(range(15), range(13)):
        ratio, a = float(found["power_ratio"][i]), float(found["parallelism"][j])
        matrix = [[1, a, a, b], [a, 1, a, b], [a, a, 1, b], [b, b, b, 1]]
        feasible = a >= -0.5 and 3 * b * b <= 1 + 2 * a
        assert (int(found["status"][i, j]) == 0) == feasible
        if feasible:
            naive = NaiveModel([3, 2, 1], ratio * 2, matrix, m=2.0)
            region, nearest = naive_region(naive, ACTIONS[:3])
            if nearest > 1e-9:
                checked += 1
                assert label(found, "region", power_ratio=i, parallelism=j) == region
    assert checked > 100


def test_labels_agree_with_exact_arithmetic():
    ratios = [Fraction(k, 7) for k in range(2, 30)]
    costs = [Fraction(k, 40) for k in range(1, 16)]
    model = bg.BalancingModel(decisiveness=2, cohesion=0, autonomy_loss="4/5")
    world = bg.World(["A", "B", "C", "h"], [3, 2, 1, 4], threat="h")
    found = bg.sweep(
        model,
        world,
        grid={"power_ratio": ratios, "alliance_cost": costs},
        measure=["region", "margin"],
    )
    different = 0
    for (i, ratio), (j, cost) in itertools.product(enumerate(ratios), enumerate(costs)):
        at = world.replace(power=[3, 2, 1, 2 * ratio])
        game = model.replace(alliance_cost=cost).game(at, exact=True)
        same = label(found, "region", power_ratio=i, alliance_cost=j) == region_of(game)
        assert same or float(found["margin"][i, j]) < 1e-9
        different += not same
    assert different < 5


def test_the_number_that_balances_is_proposition_three():
    """P3: with equal powers, m = 1 and theta = 0, just k* = #{k: D r / ((k+r)(k+1+r)) > c}."""
    ratios = np.linspace(0.3, 5.9, 50)
    world = bg.World(["A", "B", "C", "D", "h"], [1, 1, 1, 1, 2], threat="h")
    found = bg.sweep(
        bg.BalancingModel(cohesion=0),
        world,
        grid={"power_ratio": ratios},
        actions=["balance", "neutral"],
    )
    for place, r in enumerate(ratios):
        gains = [r / ((k + r) * (k + 1 + r)) for k in range(4)]
        balancers = sum(gain > 0.1 for gain in gains)
        if min(abs(gain - 0.1) for gain in gains) > 1e-9:
            first = label(found, "region", power_ratio=place).split(" + ")
            assert {one.count("B") for one in first} == {balancers}
            assert len(first) == [1, 4, 6, 4, 1][balancers]


def test_two_states_have_all_their_equilibria_counted():
    world = bg.World(["A", "B", "h"], [1.0, 0.8, 1.5], threat="h")
    grid = {"power_ratio": np.linspace(0.3, 3, 9), "autonomy_loss": np.linspace(0.1, 0.9, 8)}
    actions = ["balance", "bandwagon"]
    found = bg.sweep(
        cases.MODEL, world, grid=grid, measure=["equilibria", "kinds"], actions=actions
    )
    seen = set()
    for i, j in itertools.product(range(9), range(8)):
        at = world.replace(power=[1.0, 0.8, 0.9 * float(grid["power_ratio"][i])])
        model = cases.MODEL.replace(autonomy_loss=float(grid["autonomy_loss"][j]))
        result = bg.nash_equilibria(model.game(at, actions))
        assert int(found["equilibria"][i, j]) == len(result)
        pure = sum(one.is_pure for one in result)
        text = f"{pure} pure" + (f" + {len(result) - pure} mixed" if pure < len(result) else "")
        assert label(found, "kinds", power_ratio=i, autonomy_loss=j) == text
        seen.add(text)
    assert len(seen) > 1


def test_continua_are_told_apart():
    found = bg.sweep(
        bg.BalancingModel(alliance_cost=0, arming_cost=0, arming_gain=0),
        bg.World(["A", "B", "h"], [1, 1, 1], threat="h"),
        grid={"power_ratio": [1.0]},
        measure=["kinds", "equilibria"],
        actions=["balance", "arm"],
    )
    assert label(found, "kinds", power_ratio=0) == "4 pure, in continua"


def test_three_players_have_all_their_equilibria_counted_one_by_one():
    found = bg.sweep(
        cases.MODEL, cases.golden(), grid={"power_ratio": [0.5, 1]}, measure=["equilibria", "kinds"]
    )
    assert found["equilibria"].values.tolist() == [1, 3]
    assert label(found, "kinds", power_ratio=1) == "2 pure + 1 mixed"


def test_functions_of_points_games_and_results():
    measures = {
        "welfare": cases.welfare,
        "size": bg.of_game(lambda game: game.n_profiles),
        "count": bg.of_result(len),
        "first": lambda point: point.pure[0].actions[0],
        "vector": lambda point: [1.0, float(point.values["power_ratio"])],
    }
    found = bg.sweep(cases.MODEL, cases.golden(), grid={"power_ratio": [0.5, 1]}, measure=measures)
    assert found["size"].values.tolist() == [27, 27]
    assert found["count"].values.tolist() == [1, 3]
    assert found["first"].attrs["labels"] == ["balance"]
    assert found["vector"].values.tolist() == [[1, 0.5], [1, 1]]
    assert found["vector"].dims == ("power_ratio", "vector_0")


def test_builders_of_games_models_and_worlds():
    grid = {"stag": [2, 4], "hare": [1, 3]}
    found = bg.sweep(cases.stag_hunt, grid=grid, measure=["region", "kinds", "equilibria"])
    assert label(found, "region", stag=0, hare=0) == "SS + HH"
    assert label(found, "region", stag=0, hare=1) == "HH"
    assert label(found, "kinds", stag=1, hare=0) == "2 pure + 1 mixed"

    def world(strength):
        return bg.World(["A", "B", "h"], [strength, 1, 2], threat="h")

    def model(hope):
        return bg.BalancingModel(autonomy_loss=hope, cohesion=0)

    built = bg.sweep(
        model, world, grid={"hope": [0.3, 0.8], "strength": [1, 3], "power_ratio": [0.5, 2]}
    )
    plain = bg.sweep(
        bg.BalancingModel(cohesion=0),
        world(3),
        grid={"autonomy_loss": [0.3, 0.8], "power_ratio": [0.5, 2]},
    )
    for i, j in itertools.product(range(2), range(2)):
        assert label(built, "region", hope=i, strength=1, power_ratio=j) == label(
            plain, "region", autonomy_loss=i, power_ratio=j
        )


def test_a_function_may_take_any_axis():
    found = bg.sweep(lambda **values: cases.stag_hunt(values["stag"], 1), grid={"stag": [2, 0.5]})
    assert [label(found, "region", stag=k) for k in (0, 1)] == ["SS + HH", "HH"]


def test_infeasible_parallelism_is_marked_and_never_moved():
    """Feasible iff a >= -1/(n-1) and n b^2 <= 1 + (n-1) a, decided exactly."""
    world = bg.World(
        ["A", "B", "C", "h"],
        [1, 1, 1, 2],
        [[1, 0, 0, "1/2"], [0, 1, 0, "1/2"], [0, 0, 1, "1/2"], ["1/2", "1/2", "1/2", 1]],
        threat="h",
    )
    edge = Fraction(-1, 8)  # 3/4 = 1 + 2 a
    values = ["-1", "-1/2", edge - Fraction(1, 10**30), edge, 0, 1]
    found = bg.sweep(
        bg.BalancingModel(), world, grid={"parallelism": values[:2] + values[3:]}, measure="payoffs"
    )
    assert found["status"].values.tolist() == [1, 1, 0, 0, 0]
    assert np.isnan(found["payoffs"].values[:2]).all()
    close = bg.sweep(bg.BalancingModel(), world, grid={"parallelism": [values[2]]})
    assert close["status"].values.tolist() == [1]
    assert close["region"].values.tolist() == [-1]


def test_one_state_alone_has_no_parallelism_to_vary():
    world = bg.World(["A", "h"], [1, 2], [[1, 0.5], [0.5, 1]], threat="h")
    found = bg.sweep(bg.BalancingModel(), world, grid={"parallelism": [-1, 0, 1]})
    assert found["status"].values.tolist() == [0, 0, 0]


def test_a_matrix_that_needs_projection_warns_once():
    world = bg.World(
        ["A", "B", "h"], [1, 1, 1], [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], threat="h"
    )
    with pytest.warns(bg.errors.ProjectionWarning) as caught:
        found = bg.sweep(
            bg.BalancingModel(),
            world,
            grid={"power_ratio": [1, 2]},
            measure=["payoffs", cases.welfare],
        )
    assert len(caught) == 1
    with pytest.warns(bg.errors.ProjectionWarning):
        game = bg.BalancingModel().game(world.replace(power=[1, 1, 2]))
    first = bg.pure_nash(game)[0]
    np.testing.assert_allclose(found["payoffs"][1], first.payoffs)


@settings(max_examples=30)
@given(chunks=st.integers(1, 200))
def test_blocks_of_any_size_give_one_dataset(chunks):
    whole = bg.sweep(cases.MODEL, cases.golden(), grid=cases.GRID, measure=cases.MEASURES)
    cut = bg.sweep(
        cases.MODEL, cases.golden(), grid=cases.GRID, measure=cases.MEASURES, chunks=chunks
    )
    assert whole.identical(cut)


def test_a_strategic_threat_names_its_action():
    found = bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid={"power_ratio": [2.0]},
        measure=["region", "camps"],
        hegemon="strategic",
    )
    profiles = label(found, "region", power_ratio=0).split(" + ")
    assert profiles == ["BBN/opportunist", "BWB/opportunist", "WWW/opportunist"]
    assert label(found, "camps", power_ratio=0) == "balance: 1, 2; neutral: 3; opportunist"


def test_large_games_are_taken_one_by_one():
    world = bg.load_scenario("europe-1938")
    model = bg.load_model("europe-1938")
    found = bg.sweep(
        model,
        world,
        grid={"autonomy_loss": [0.6, 0.8]},
        measure=["region", "prevailing"],
        actions=ACTIONS,
    )
    assert found["region"].shape == (2,)
    small = bg.sweep(model, world, grid={"autonomy_loss": ["4/5"]})
    assert label(small, "region", autonomy_loss=0) == "BNBNNN"
