"""Symbolic payoffs of the balancing model against the compiled table and the naive model."""

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS
from balancegame.testing import worlds

SHARES = st.integers(0, 10).map(lambda k: Fraction(k, 10))
PER_STATE = (
    "domination_loss",
    "autonomy_loss",
    "retaliation",
    "retribution",
    "balancing_spoils",
    "bandwagon_spoils",
    "affinity",
    "alliance_cost",
    "arming_cost",
    "undermining_cost",
    "arming_gain",
    "undermining_effect",
    "neutral_exposure",
    "deference",
)
WIDE = ("decisiveness", "cohesion", "steepness", "prize", "defeat_loss", "expansion_cost")


@st.composite
def parameters(draw):
    """A value for every parameter, inside its domain."""
    found = {name: draw(SHARES) for name in (*PER_STATE, *WIDE)}
    found["domination_loss"] = draw(st.integers(1, 10)) / Fraction(10)
    found["autonomy_loss"] *= found["domination_loss"]
    found["undermining_effect"] *= Fraction(9, 10)
    found["decisiveness"] = draw(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(5, 2)]))
    found["steepness"] += 1
    return found


def away_from_the_edge(world):
    """Camps that cancel to power 0 lie on the edge of the domain, where floats decide by chance."""
    return np.linalg.eigvalsh(world.parallelism)[0] > 1e-6


def compiled_payoffs(model, world, hegemon="fixed"):
    """The kernel's table, whatever its size."""
    from balancegame.alliances import tables
    from balancegame.alliances.setting import bind

    setting = bind(model.parameters(), world)
    n = len(setting.players)
    shape = (n, *(5,) * n) if hegemon == "fixed" else (n + 1, *(5,) * n, 3)
    payoffs = np.empty(shape)
    tables._fill_compiled(payoffs, setting, range(5))
    return payoffs


@given(
    worlds(max_states=2, exposures=st.integers(1, 3)),
    parameters(),
    st.sampled_from(["ratio", "logistic"]),
    st.sampled_from([0, Fraction(1, 2), 1]),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_every_parameter_as_a_symbol_gives_the_compiled_payoffs(world, values, contest, eta):
    assume(away_from_the_edge(world))
    base = bg.BalancingModel(contest=contest, affinity_exponent=eta)
    game = bg.symbolic_game(base, world, ACTIONS, over=(*PER_STATE, *WIDE), hegemon="strategic")
    model = base.replace(**values)
    found = game.function()(values)
    table = np.array([float(one) for one in found]).reshape(game.payoffs.shape)
    expected = model.game(world, ACTIONS, hegemon="strategic").payoffs
    gains = expected[-1, ..., 0] - expected[-1, ..., 1]
    sure = np.abs(gains) > 1e-12  # else floats decide by chance whether an opportunist expands
    np.testing.assert_allclose(table[:, sure], expected[:, sure], atol=1e-11)


@pytest.mark.compiled
@given(worlds(min_states=2, max_states=2), parameters())
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_the_kernel_agrees_too(world, values):
    assume(away_from_the_edge(world))
    game = bg.symbolic_game(bg.BalancingModel(), world, ACTIONS, over=(*PER_STATE, *WIDE))
    found = np.array([float(one) for one in game.function()(values)])
    expected = compiled_payoffs(bg.BalancingModel(**values), world)
    np.testing.assert_allclose(found.reshape(expected.shape), expected, atol=1e-11)


@given(worlds(min_states=2, max_states=3), st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_powers_interests_and_exposures_as_symbols(world, data):
    assume(away_from_the_edge(world))
    over = [f"power of {name}" for name in world.names]
    over += [f"exposure of {name}" for name in world.states]
    over += [f"parallelism of {a} and {b}" for a, b in itertools.combinations(world.names, 2)]
    model = bg.BalancingModel(decisiveness=2, cohesion=data.draw(st.sampled_from([0, "1/3", 1])))
    game = bg.symbolic_game(model, world, over=over)
    values = {f"power of {name}": world.power[i] for i, name in enumerate(world.names)}
    values |= {f"exposure of {name}": 1 for name in world.states}
    for i, j in itertools.combinations(range(len(world.names)), 2):
        name = f"parallelism of {world.names[i]} and {world.names[j]}"
        values[name] = world.parallelism[i, j]
    np.testing.assert_allclose(game.at(values).payoffs, model.game(world).payoffs, atol=1e-11)


@given(
    worlds(min_states=1, max_states=3),
    st.integers(1, 40).map(lambda k: Fraction(k, 10)),
    st.integers(0, 10).map(lambda k: Fraction(k, 10)),
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_power_ratio_and_parallelism_are_those_of_a_sweep(world, ratio, a):
    n = len(world.states)
    place = [world.names.index(name) for name in (*world.states, world.threat)]
    b = world.parallelism[place[-1], place[:-1]].mean()
    assume(n * b**2 < 1 + (n - 1) * a - Fraction(1, 1000))
    model = bg.BalancingModel(decisiveness=2)
    game = bg.symbolic_game(model, world, over=("power_ratio", "parallelism"))
    matrix = np.full((n + 1, n + 1), float(a))
    matrix[n] = matrix[:, n] = b
    np.fill_diagonal(matrix, 1.0)
    power = world.power[place]
    power[-1] = float(ratio) * power[:-1].mean()
    built = bg.World([world.names[k] for k in place], power, matrix, threat=world.threat)
    values = {"power_ratio": ratio, "parallelism": a}
    assume(away_from_the_edge(built))
    np.testing.assert_allclose(game.at(values).payoffs, model.game(built).payoffs, atol=1e-11)


def test_payoffs_are_exact_where_the_model_is():
    world = bg.World(["A", "B", "H"], ["1/3", 1, 2], threat="H")
    model = bg.BalancingModel(cohesion=0, decisiveness=3, balancing_spoils="1/7")
    expected = model.game(world, ACTIONS, exact=True)
    game = bg.symbolic_game(model, world, ACTIONS, over=("decisiveness", "alliance_cost"))
    found = game.at({"decisiveness": 3, "alliance_cost": "1/10"})
    assert (found.exact_payoffs == expected.exact_payoffs).all()


def test_golden_vectors_hold_exactly():
    world = bg.load_scenario("golden-3")
    model = bg.BalancingModel(decisiveness=2)
    game = bg.symbolic_game(model, world, ACTIONS, over={"autonomy_loss": "alpha"})
    table = game.at({"alpha": "0.6"})
    assert [one.actions for one in bg.pure_nash(table)] == [
        ("bandwagon",) * 3,
        ("undermine", "undermine", "neutral"),
    ]
    assert float(game.prevailing(["undermine", "undermine", "neutral"])) == pytest.approx(
        19 / 22.8416
    )


def test_one_state_may_have_a_symbol_of_its_own():
    world = bg.World(["A", "B", "H"], [1, 1, 1], threat="H")
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0), world, ["balance", "neutral"],
        over={"alliance_cost of A": "c", "power of B": "p"},
    )  # fmt: skip
    c, p = game.symbol("c"), game.symbol("p")
    assert sympy.simplify(game.payoff("A", ["balance"] * 2) - (1 - c - 1 / (p + 2))) == 0
    assert not game.payoff("B", ["balance"] * 2).has(c)


def test_any_expression_may_stand_for_a_quantity():
    x = sympy.Symbol("x", positive=True)
    world = bg.World(["A", "H"], [1, 1], threat="H")
    game = bg.symbolic_game(
        bg.BalancingModel(cohesion=0),
        world,
        ["balance"],
        over={"power of A": x, "power of H": 1 - x},
    )
    assert game.prevailing(["balance"]) == x
    assert game.domain == (1 - x > 0,)


def test_a_matrix_that_is_no_gram_matrix_is_projected_as_in_the_model():
    matrix = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    world = bg.World(["A", "B", "H"], [1, 2, 2], matrix, threat="H")
    model = bg.BalancingModel()
    with pytest.warns(errors.ProjectionWarning):
        game = bg.symbolic_game(model, world, over={"alliance_cost": "c"})
    with pytest.warns(errors.ProjectionWarning):
        expected = model.game(world).payoffs
    np.testing.assert_allclose(game.at({"c": "0.1"}).payoffs, expected, atol=1e-9)


def test_an_opportunist_is_a_function_by_cases():
    world = bg.load_scenario("golden-3")
    model = bg.BalancingModel(decisiveness=2)
    game = bg.symbolic_game(model, world, over={"defeat_loss": "K"}, hegemon="strategic")
    assert game.players[-1] == world.threat
    assert game.actions[-1] == THREAT_ACTIONS
    table = game.at({"K": 1})
    expected = model.game(world, hegemon="strategic")
    np.testing.assert_allclose(table.payoffs, expected.payoffs, atol=1e-12)


def test_a_game_survives_pickling_as_a_symbolic_game():
    world = bg.World(["A", "B", "H"], [1, 1, 1], threat="H")
    game = bg.symbolic_game(bg.BalancingModel(cohesion=0), world, over=["power_ratio"])
    again = pickle.loads(pickle.dumps(game))
    assert again == game
    assert again.domain == game.domain


WORLD = bg.World(["A", "B", "H"], [1, 1, 1], threat="H")


@pytest.mark.parametrize(
    ("over", "error", "text"),
    [
        (["alliance_costs"], errors.UnknownParameterError, "'alliance_cost'"),
        (["c"], errors.UnknownParameterError, "'alliance_cost'"),
        (["power of Z"], errors.UnknownParameterError, "power of"),
        (["contest"], errors.UnknownParameterError, "unknown quantity"),
        ("power_ratio", errors.InvalidTypeError, "give names"),
        ([1], errors.InvalidTypeError, "text"),
        ({"alliance_cost": -1}, errors.InvalidParameterError, "outside its domain"),
        ({"autonomy_loss": 2}, errors.InvalidParameterError, "outside"),
        ({"alliance_cost": sympy.I}, errors.InvalidExpressionError, "real numbers"),
        ({"alliance_cost": sympy.sin(1)}, errors.InvalidExpressionError, "sin"),
        (["power_ratio", "power of H"], errors.InvalidParameterError, "leave one"),
        ({"alliance_cost": [1]}, errors.InvalidTypeError, "alliance_cost"),
    ],
)
def test_bad_quantities_are_refused(over, error, text):
    with pytest.raises(error, match=text):
        bg.symbolic_game(bg.BalancingModel(), WORLD, over=over)


def test_bad_arguments_are_refused():
    with pytest.raises(errors.InvalidTypeError, match="model"):
        bg.symbolic_game(WORLD, WORLD, over=())
    with pytest.raises(errors.MissingThreatError):
        bg.symbolic_game(bg.BalancingModel(), WORLD.replace(threat=None), over=())
    with pytest.raises(errors.UnknownActionError, match="'balance'"):
        bg.symbolic_game(bg.BalancingModel(), WORLD, ["balanse"], over=())
    with pytest.raises(errors.InvalidParameterError, match="hegemon"):
        bg.symbolic_game(bg.BalancingModel(), WORLD, over=(), hegemon="none")


def test_text_is_never_parsed_as_a_formula(tmp_path):
    path = tmp_path / "written"
    text = f"__import__('pathlib').Path({str(path)!r}).touch()"
    game = bg.symbolic_game(bg.BalancingModel(), WORLD, over={"alliance_cost": text})
    assert text in game.symbols
    assert not path.exists()
