"""What a report holds, against independent recomputation and published numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import balancegame as bg
from balancegame import errors
from balancegame.present.report.findings.lasting import (
    Decline,
    find_decline,
    find_lasting,
    find_selection,
)
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.findings.promises import (
    _thresholds,
    find_first_moves,
    find_promises,
)
from balancegame.present.report.findings.region_maps import (
    FAILED,
    INFEASIBLE,
    _readings,
    find_map,
    usual_grids,
)

ALL = ("balance", "bandwagon", "neutral", "arm", "undermine")
LETTERS = {"balance": "B", "bandwagon": "W", "neutral": "N", "arm": "R", "undermine": "U"}
GOLDEN = bg.load_scenario("golden-3")


def golden(autonomy_loss, decisiveness=2):
    return bg.BalancingModel(autonomy_loss=autonomy_loss, decisiveness=decisiveness)


def naive_label(game):
    """The set of pure equilibria, by trying every deviation."""
    found = []
    for cell in itertools.product(*map(range, game.shape)):
        if all(
            game.payoffs[(i, *cell)] >= game.payoffs[(i, *cell[:i], a, *cell[i + 1 :])]
            for i in range(game.n_players)
            for a in range(game.shape[i])
        ):
            found.append("".join(LETTERS[game.actions[i][a]] for i, a in enumerate(cell)))
    return " + ".join(found) or "none"


def test_a_map_over_two_parameters_is_what_trying_all_deviations_says():
    grid = {"autonomy_loss": [0.1, 0.45, 0.8], "decisiveness": [4.0, 0.5, 2.0]}
    model = golden(0.4)
    found = find_map(model, GOLDEN, grid, ("balance", "bandwagon", "neutral"), "fixed")
    assert found.across.values == (0.5, 2.0, 4.0)
    assert (found.across.own, found.up.own) == (2, 0.4)
    assert (found.across.place, found.up.place) == (1, 1)
    assert not found.is_of_uniform_interests
    for row, loss in enumerate(found.up.values):
        for column, decisiveness in enumerate(found.across.values):
            label = found.labels[found.codes[row][column]]
            assert label == naive_label(golden(loss, decisiveness).game(GOLDEN))


def test_a_map_of_power_and_parallelism_is_made_of_uniform_worlds():
    model = golden(0.6)
    grid = {"parallelism": [-0.9, 0.0, 0.8], "power_ratio": [0.7, 2.0]}
    found = find_map(model, GOLDEN, grid, ("balance", "bandwagon", "neutral"), "fixed")
    assert found.is_of_uniform_interests
    assert found.codes[0] == (INFEASIBLE, INFEASIBLE)
    assert found.across.own == 2
    with_threat = float(GOLDEN.parallelism[3, :3].mean())
    for row in (1, 2):
        for column, ratio in enumerate(found.across.values):
            matrix = np.full((4, 4), found.up.values[row])
            matrix[3, :] = matrix[:, 3] = with_threat
            np.fill_diagonal(matrix, 1.0)
            world = GOLDEN.replace(power=[3, 2, 1, 2 * ratio], parallelism=matrix)
            label = found.labels[found.codes[row][column]]
            assert label == naive_label(model.game(world))


def test_readings_say_in_words_what_labels_say_in_letters():
    grid = {"autonomy_loss": [0.6], "decisiveness": [2.0]}
    found = find_map(golden(0.6), GOLDEN, grid, ALL, "fixed")
    assert found.labels == ("WWW + UUN",)
    assert found.readings == (("all: bandwagon", "1, 2: balance and undermine; 3: pass the buck"),)
    strategic = find_map(
        golden(0.6), GOLDEN, grid, ("balance", "bandwagon", "neutral"), "strategic"
    )
    assert strategic.labels == ("BBN/opportunist + BWB/opportunist + WWW/opportunist",)
    assert strategic.readings[0][2] == "all: bandwagon; the threat: opportunist"


def test_points_without_a_game_are_marked():
    model = bg.BalancingModel(domination_loss=0.5, autonomy_loss=0.3)
    grid = {"autonomy_loss": [0.2, 0.8], "decisiveness": [1.0, 2.0]}
    found = find_map(model, GOLDEN, grid, ("balance", "bandwagon"), "fixed")
    assert found.codes[1] == (FAILED, FAILED)
    assert min(found.codes[0]) >= 0


def test_maps_that_are_none_are_refused():
    with pytest.raises(errors.InvalidGridError, match="1 parameters"):
        find_map(golden(0.6), GOLDEN, {"cohesion": [0]}, ALL, "fixed")
    grid = {"contest": ["ratio", "logistic"], "decisiveness": [1]}
    with pytest.raises(errors.InvalidGridError, match="contest, whose values are no numbers"):
        find_map(golden(0.6), GOLDEN, grid, ALL[:3], "fixed")
    with pytest.raises(errors.UnknownParameterError, match="cohesion"):
        find_map(golden(0.6), GOLDEN, {"cohesio": [0], "decisiveness": [1]}, ALL[:3], "fixed")
    world = bg.World([*"ABCDEFGH", "T"], range(1, 10), threat="T")
    grid = {"cohesion": [0], "decisiveness": [1]}
    with pytest.raises(errors.TooManyProfilesError, match="6,561"):
        find_map(golden(0.6), world, grid, ALL[:3], "fixed")


@pytest.mark.parametrize(
    ("model", "actions", "names"),
    [
        (bg.BalancingModel(), ALL[:3], ("autonomy_loss", "decisiveness")),
        (bg.BalancingModel(contest="logistic"), ALL[:3], ("autonomy_loss", "steepness")),
        (bg.BalancingModel(), ("balance", "neutral"), ("alliance_cost", "decisiveness")),
        (bg.BalancingModel(alliance_cost={"1": 2}), ALL[:1], ("alliance_cost", "decisiveness")),
    ],
)
def test_the_usual_maps_are_over_what_matters(model, actions, names):
    first, second = usual_grids(model, GOLDEN, actions, "fixed", 5)
    assert tuple(first) == ("parallelism", "power_ratio")
    assert tuple(second) == names
    assert all(len(values) == 5 for grid in (first, second) for values in grid.values())


def test_a_lone_state_and_one_action_still_have_maps():
    world = bg.World(["A", "T"], [1, 2], threat="T")
    grids = usual_grids(bg.BalancingModel(), world, ("bandwagon",), "fixed", 3)
    assert [tuple(grid) for grid in grids] == [("parallelism", "power_ratio")]
    found = find_map(bg.BalancingModel(), world, grids[0], ("bandwagon",), "fixed")
    assert found.up.own is None
    assert found.up.place == 1
    assert found.labels == ("W",)
    assert _readings("none", ["A"]) == ()


def test_what_states_have_of_their_own_is_marked_on_maps():
    model = bg.BalancingModel(alliance_cost={"1": 0.3, "2": 0.1, "3": 0.1})
    grid = {"alliance_cost.1": [0.1, 0.3], "cohesion": [0, 1]}
    found = find_map(model, GOLDEN, grid, ALL[:3], "fixed")
    assert (found.up.own, found.up.place) == (0.3, 1)


@pytest.mark.parametrize(("loss", "count"), [(0.4, 14), (0.6, 48)])
def test_as_many_profiles_can_be_agreed_on_as_model_md_says(loss, count):
    """MODEL.md, golden vectors: counts with the equilibria among them."""
    model = golden(loss)
    game = model.game(GOLDEN, ALL)
    found = find_promises(model, GOLDEN, game, ALL, "fixed")
    assert found.n_sustainable + found.n_equilibria == count
    assert found.n_profiles == 125


@pytest.mark.parametrize(
    ("loss", "profile", "value"),
    [
        (0.4, "UUU", 0.508328),
        (0.4, "UUB", 0.720507),
        (0.4, "UUN", 0.741233),
        (0.6, "UUU", 0.272891),
        (0.6, "BBB", 0.761404),
    ],
)
def test_thresholds_are_those_of_model_md(loss, profile, value):
    game = golden(loss).game(GOLDEN, ALL)
    worst = np.min([one.payoffs for one in bg.pure_nash(game)], axis=0)
    cell = tuple("BWNRU".index(letter) for letter in profile)
    assert _thresholds(game.payoffs, worst)[cell] == pytest.approx(value, abs=1e-6)


def test_the_ranking_agrees_with_the_exact_thresholds_everywhere():
    game = golden(0.6).game(GOLDEN, ALL)
    worst = np.min([one.payoffs for one in bg.pure_nash(game)], axis=0)
    found = _thresholds(game.payoffs, worst)
    for cell in np.ndindex(*game.shape):
        exact = bg.critical_discount(game, [game.actions[i][a] for i, a in enumerate(cell)])
        expected = np.inf if exact.value is None else exact.value
        assert found[cell] == pytest.approx(expected, abs=1e-12)


def test_the_best_agreements_are_shown_with_their_exact_thresholds():
    model = golden(0.4)
    game = model.game(GOLDEN, ALL)
    found = find_promises(model, GOLDEN, game, ALL, "fixed")
    best = max(float(one.payoffs.sum()) for one in bg.pure_nash(game))
    values = [one.discount.value for one in found.shown]
    together = ("balance",) * 3
    for one in found.shown:
        assert one.discount == bg.critical_discount(game, one.actions)
        assert sum(one.payoffs) > best or one.actions == together
    assert values[-1] is None  # all balance: never
    assert found.shown[-1].actions == together
    assert values[:-1] == sorted(values[:-1])
    own = [least for value, least, _ in found.moving if value == 2]
    assert own == [values[0]]


def test_promises_need_a_pure_equilibrium_and_not_too_many_profiles():
    class Large:
        n_profiles = 70_000

    with pytest.raises(errors.TooManyProfilesError, match="70,000"):
        find_promises(golden(0.6), GOLDEN, Large(), ALL, "fixed")
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    with pytest.raises(errors.InvalidParameterError, match="no pure equilibrium"):
        find_promises(golden(0.6), GOLDEN, pennies, ALL, "fixed")


def test_what_cannot_all_balance_or_has_no_better_agreement_is_quiet():
    model = bg.BalancingModel(contest="logistic")
    together = find_promises(model, GOLDEN, model.game(GOLDEN), ALL[:3], "fixed")
    assert together.shown
    assert together.moving == ()
    game = model.game(GOLDEN, ("bandwagon", "neutral"))
    found = find_promises(model, GOLDEN, game, ("bandwagon", "neutral"), "fixed")
    assert found.shown == found.moving == ()


def test_first_moves_are_those_of_commitments():
    game = golden(0.6).game(GOLDEN)
    found = find_first_moves(game, ALL[:3])
    table = bg.commitments(game, "balance")
    assert found.action == "balance"
    assert [one.player for one in found.rows] == list(table["player"])
    assert [one.after[0] for one in found.rows] == list(table["least_after"])
    assert [one.buck_passing for one in found.rows] == list(table["buck_passing"])
    world = bg.World([*"ABCDEFGH", "T"], range(1, 10), threat="T")
    with pytest.raises(errors.TooManyProfilesError, match="8 players"):
        find_first_moves(golden(0.6).game(world, ALL[:2]), ALL[:2])
    with pytest.raises(errors.TooManyProfilesError, match="6,561"):
        find_selection(golden(0.6).game(world), 100)


def test_what_lasts_is_what_endurance_says():
    game = bg.load_model("europe-1939").game(bg.load_scenario("europe-1939"))
    found = find_lasting(game, 100)
    expected = bg.endurance(game, 100)
    assert found.endurance == expected
    assert found.leaving == tuple(str(expected.leaving_time(k)) for k in (0, 1))
    assert [(a, b) for a, b, _ in found.tipping] == [(1, 0), (0, 1)]
    assert found.tipping[0][2].order == ("Soviet Union", "Britain")


def test_times_that_cannot_be_worked_out_say_why(monkeypatch):
    game = bg.load_model("europe-1938").game(bg.load_scenario("europe-1938"))
    late = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    assert find_lasting(game, 100).leaving == ("never",)
    assert find_lasting(late, "1e7").leaving[0].startswith("10^")

    def too_many(*_arguments):
        message = "logs are taken for at most 512"
        raise errors.TooManyProfilesError(message)

    monkeypatch.setattr(bg.Endurance, "leaving_time", too_many)
    assert find_lasting(late, 100).leaving == ("logs are taken for at most 512",) * 2


def test_a_decline_is_overstretch_of_equals():
    model = bg.BalancingModel(cohesion=0, autonomy_loss="0.8", decisiveness=2)
    world = bg.World([*"ABC", "T"], [1, 1, 1, 9], threat="T")
    found = find_decline(model, world, "fixed")
    assert isinstance(found, Decline)
    assert (found.states, found.ratio, found.is_idealised) == (3, 9, False)
    assert found.found == bg.overstretch(model, 3, 9, 0.03, periods=60)
    unequal = find_decline(model, world.replace(power=[1, 2, 3, 18]), "fixed")
    assert isinstance(unequal, Decline)
    assert (unequal.ratio, unequal.is_idealised) == (9, True)


@pytest.mark.parametrize(
    ("model", "world", "hegemon", "says"),
    [
        (bg.BalancingModel(), bg.World(["A"], [1]), "fixed", "no threat"),
        (bg.BalancingModel(), GOLDEN, "strategic", "does not choose"),
        (bg.BalancingModel(alliance_cost={"1": 0}), GOLDEN, "fixed", "by state"),
        (
            bg.BalancingModel(),
            bg.World([*"ABCDEFG", "T"], range(1, 9), threat="T"),
            "fixed",
            "7 are more than 6",
        ),
    ],
)
def test_where_a_decline_does_not_apply_it_says_why(model, world, hegemon, says):
    found = find_decline(model, world, hegemon)
    assert isinstance(found, Missing)
    assert says in found.reason
