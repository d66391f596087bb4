"""What lasts under logit revision, against definitions, closed forms and simulation."""

from __future__ import annotations

import itertools
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame._progress import listening
from balancegame.testing import normal_form_games
from tests import revision as by_definition

small_games = normal_form_games(max_players=2, max_actions=2) | normal_form_games(
    min_players=2, max_players=2, max_actions=3
).filter(lambda game: game.n_profiles <= 6)
tiny = normal_form_games(max_players=3, max_actions=2)


def cell_of(game, names):
    return tuple(own.index(a) for own, a in zip(game.actions, names, strict=True))


def potential_game(seed, shape):
    rng = np.random.default_rng(seed)
    common = rng.integers(-9, 10, shape)
    tables = []
    for i, m in enumerate(shape):
        alone = rng.integers(-9, 10, (*shape[:i], 1, *shape[i + 1 :]))
        tables.append(common + np.repeat(alone, m, axis=i))
    return bg.NormalFormGame(np.stack(tables)), common


def reaches(game):
    """From each profile, those that best replies lead to."""
    cost = by_definition.resistance_matrix(game)
    return [{k for k, value in enumerate(row) if value == 0} for row in cost]


@pytest.mark.parametrize("seed", range(12))
def test_gibbs_is_the_law_of_potential_games(seed):
    shape = [(2, 2, 2, 2), (3, 2, 4), (2, 5), (4,), (1, 3, 1), (3, 3, 3)][seed % 6]
    game, common = potential_game(seed, shape)
    precision = [0.1, 0.4][seed // 6]
    found = bg.endurance(game, precision)
    assert found.is_potential
    assert found.method == "Gibbs"
    matrix = by_definition.transition_matrix(game, precision)
    assert np.abs(found.law.ravel() @ matrix - found.law.ravel()).max() < 1e-15
    assert np.abs(found.law.ravel() - by_definition.stationary(matrix)).max() < 1e-12
    from balancegame.solvers.revision.logit_revision import logit_revision
    from balancegame.solvers.revision.long_run import stationary

    direct = stationary(logit_revision(game, precision))
    assert np.abs(found.law.ravel() - np.exp(direct.logs)).max() < 1e-12
    best = {tuple(c) for c in np.argwhere(common == common.max()).tolist()}
    assert {cell_of(game, names) for names in found.stable} == best


@given(small_games)
def test_shortfalls_are_those_of_all_trees_over_all_profiles(game):
    found = bg.endurance(game, 1)
    trees = by_definition.least_trees(by_definition.resistance_matrix(game))
    least = min(trees)
    place = {cell: k for k, cell in enumerate(by_definition.cells(game))}
    for one in found.alignments:
        for cell in one.cells:
            assert one.shortfall == trees[place[cell]] - least
    expected = {cell for cell, k in place.items() if trees[k] == least}
    assert {cell_of(game, names) for names in found.stable} == expected


@given(normal_form_games(max_players=3, max_actions=3).filter(lambda game: game.n_profiles <= 12))
def test_alignments_and_basins_by_definition(game):
    found = bg.endurance(game, 0.5)
    every = by_definition.cells(game)
    to = reaches(game)
    recurrent = {frozenset(to[k]) for k in range(len(every)) if all(k in to[j] for j in to[k])}
    classes = {frozenset(map(every.index, one.cells)) for one in found.alignments}
    assert classes == recurrent
    assert [one.cells[0] for one in found.alignments] == sorted(
        min(one.cells) for one in found.alignments
    )
    for k, basin in enumerate(found.basins.ravel().tolist()):
        ends = [
            place
            for place, one in enumerate(found.alignments)
            if to[k] & {every.index(cell) for cell in one.cells}
        ]
        assert basin == (ends[0] if len(ends) == 1 else -1)
    for place, one in enumerate(found.alignments):
        assert one.basin_size == (found.basins == place).sum()
        assert one.basin_probability == pytest.approx(found.law[found.basins == place].sum())
        assert one.probability == pytest.approx(sum(found.law[cell] for cell in one.cells))


@given(tiny, st.sampled_from([0.0, 0.7, 1.5]))
def test_times_by_linear_systems(game, precision):
    found = bg.endurance(game, precision)
    matrix = by_definition.transition_matrix(game, precision)
    every = by_definition.cells(game)
    law = by_definition.stationary(matrix)
    for place, one in enumerate(found.alignments):
        own = [every.index(cell) for cell in one.cells]
        outside = found.basins.ravel() != place
        time = found.leaving_time(place)
        if not outside.any():
            assert time.periods == np.inf
            assert str(time) == "never"
            assert found.leaving_resistance(place) is None
            continue
        times = by_definition.passage_times(matrix, outside)
        assert time.periods == pytest.approx(law[own] @ times[own] / law[own].sum(), rel=1e-6)
        cost = by_definition.resistance_matrix(game)
        radius = min(cost[k][j] for k in own for j in np.flatnonzero(outside))
        assert found.leaving_resistance(place) == radius
    last = by_definition.passage_times(matrix, np.arange(len(every)) == len(every) - 1)
    assert found.passage_time(every[0], every[-1]).periods == pytest.approx(last[0], rel=1e-6)


def lexicographic(game):
    """The least (resistance, moves) between all pairs, by Floyd and Warshall."""
    every = by_definition.cells(game)
    place = {cell: k for k, cell in enumerate(every)}
    size = range(len(every))
    step = {}
    for cell in every:
        for i in range(game.n_players):
            line = by_definition.deviations(game, i, cell)
            best = max(game.exact_payoffs[(i, *one)] for one in line)
            for one in line:
                if one != cell:
                    step[place[cell], place[one]] = best - game.exact_payoffs[(i, *one)]
    cost = {(a, b): (Fraction(0), 0) if a == b else None for a in size for b in size}
    cost |= {pair: (value, 1) for pair, value in step.items()}
    for via, a, b in itertools.product(size, size, size):
        if cost[a, via] is not None and cost[via, b] is not None:
            total = tuple(map(sum, zip(cost[a, via], cost[via, b], strict=True)))
            if cost[a, b] is None or total < cost[a, b]:
                cost[a, b] = total
    return step, cost


@given(tiny)
def test_tipping_by_all_least_paths(game):
    found = bg.endurance(game, 1)
    every = by_definition.cells(game)
    step, cost = lexicographic(game)

    def onward(a, b):
        return [
            k
            for k in range(len(every))
            if (a, k) in step and (step[a, k] + cost[k, b][0], 1 + cost[k, b][1]) == cost[a, b]
        ]

    def count(a, b):
        return 1 if a == b else sum(count(k, b) for k in onward(a, b))

    for a, b in itertools.product(range(len(every)), repeat=2):
        tipping = found.tipping(every[a], every[b])
        assert (tipping.resistance, len(tipping.path)) == cost[a, b]
        assert sum(move.resistance for move in tipping.path) == tipping.resistance
        targets = [every.index(cell_of(game, move.target)) for move in tipping.first_moves]
        assert sorted(targets) == (onward(a, b) if a != b else [])
        assert tipping.n_paths == count(a, b)
        tail = [move.resistance for move in tipping.path[tipping.tips_after :]]
        assert not any(tail)


@given(*[st.integers(0, 9)] * 4, *[st.integers(1, 9)] * 4)
def test_the_risk_dominant_equilibrium_of_two_by_two_games_endures(c, b, f, g, p, q, r, s):
    """Young (1993), Kandori, Mailath & Rob (1993); for logit, the smaller loss by one error."""
    a, d, e, h = c + p, b + q, f + r, g + s
    game = bg.NormalFormGame.from_arrays([[a, b], [c, d]], [[e, f], [g, h]])
    found = bg.endurance(game, 1)
    first, second = min(a - c, e - f), min(d - b, h - g)
    stable = {("a0", "a0")} if first >= second else set()
    stable |= {("a1", "a1")} if second >= first else set()
    assert set(found.stable) == stable
    symmetric = bg.NormalFormGame.from_arrays([[a, b], [c, d]], [[a, c], [b, d]])
    found = bg.endurance(symmetric, 1)
    assert found.is_potential
    assert (("a0", "a0") in found.stable) == (p >= q)
    assert (("a1", "a1") in found.stable) == (q >= p)


def test_potential_maximisers_need_not_endure_under_weights():
    """Beyond exact potentials selection fails (Alos-Ferrer & Netzer 2010)."""
    potential = np.array([[30, 19], [-100, 20]])
    game = bg.NormalFormGame(np.stack([20 * potential, potential]))
    judged = bg.is_potential(game)
    assert judged.weighted
    assert not judged.exact
    assert judged.maximisers == (("a0", "a0"),)
    assert bg.endurance(game, 1).stable == (("a1", "a1"),)
    exact = bg.NormalFormGame(np.stack([potential, potential]))
    assert bg.endurance(exact, 1).stable == (("a0", "a0"),)


def test_a_symmetric_hunt_in_closed_form():
    hunt = bg.NormalFormGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    found = bg.endurance(hunt, "3/2")
    assert found.exact_precision == Fraction(3, 2)
    # From the stag one error by either leaves the basin; the hare errs at a cost of 3.
    err, slip = (1 / (1 + np.exp(1.5 * loss)) for loss in (1, 3))
    assert found.leaving_time(0).periods == pytest.approx(1 / err, rel=1e-14)
    assert found.leaving_time(1).periods == pytest.approx(1 / slip, rel=1e-14)
    # Between the two, whoever revises first decides.
    back, on = 0.5 * (1 - err), 0.5 * (1 - slip)
    expected = 1 / err + (1 + back / err) / on
    assert found.passage_time(0, 1).periods == pytest.approx(expected, rel=1e-13)
    assert found.leaving_resistance(["a1", "a1"]) == 3


@given(tiny, st.randoms(use_true_random=False))
def test_a_relabelled_game_has_the_relabelled_answer(game, random):
    players = random.sample(range(game.n_players), game.n_players)
    orders = [random.sample(range(m), m) for m in game.shape]
    table = game.payoffs[(slice(None), *np.ix_(*orders))]
    table = table[players].transpose(0, *(1 + p for p in players))
    other = bg.NormalFormGame(
        table,
        [game.players[p] for p in players],
        [[game.actions[p][a] for a in orders[p]] for p in players],
    )
    found, again = bg.endurance(game, 0.8), bg.endurance(other, 0.8)
    moved = found.law[np.ix_(*orders)].transpose(players)
    assert again.law == pytest.approx(moved, abs=1e-12)
    renamed = {tuple(names[p] for p in players) for names in found.stable}
    assert set(again.stable) == renamed


@pytest.mark.parametrize("kind", ["potential", "none"])
def test_extreme_precisions(kind):
    game, _ = potential_game(3, (2, 3, 2))
    if kind == "none":
        game = bg.NormalFormGame(np.random.default_rng(1).integers(-5, 6, (3, 2, 3, 2)))
        assert not bg.is_potential(game)
    at_random = bg.endurance(game, 0)
    assert at_random.law == pytest.approx(np.full((2, 3, 2), 1 / 12), rel=1e-12)
    for precision in (1e3, 1e8, 1e300):
        found = bg.endurance(game, precision)
        assert sum(one.probability for one in found.alignments if one.is_stable) == pytest.approx(1)
        for place in range(len(found.alignments)):
            time, least = found.leaving_time(place), found.leaving_resistance(place)
            if least is not None:
                assert time.log_periods == pytest.approx(precision * float(least), rel=0.05)
    assert str(bg.ExpectedTime(np.log(10) * 1e6)) == "10^1e+06"


def test_times_agree_in_floats_and_in_logs():
    game = bg.NormalFormGame(np.random.default_rng(5).integers(0, 9, (3, 3, 3, 3)))
    found = bg.endurance(game, 30)
    later = bg.endurance(game, 300)
    starts = [one.cells[0] for one in found.alignments]
    for start in [*starts, (0, 0, 0), (2, 1, 0)]:
        if start == (2, 2, 2):
            continue
        slow = found.passage_time(start, (2, 2, 2)).log_periods
        slower = later.passage_time(start, (2, 2, 2)).log_periods
        tens = later.tipping(start, (2, 2, 2)).resistance
        assert np.isfinite(slow)
        assert slower >= slow - 1e-6 or tens == 0


@pytest.mark.parametrize(("states", "m", "ratio"), [(5, 2, 1.804), (5, 3, 1.902), (3, 2, 1.919)])
def test_bandwagoning_is_selected_only_below_the_ratios_of_proposition_13(states, m, ratio):
    model = bg.BalancingModel(
        cohesion=0, autonomy_loss="0.8", alliance_cost="0.1", retribution="0.3", decisiveness=m
    )
    for value, selected in ((ratio - 0.002, True), (ratio + 0.002, False)):
        names = [f"state {i}" for i in range(states)]
        power = str(round(value, 4))
        world = bg.World([*names, "H"], [*[1] * states, power], threat="H")
        game = model.game(world, ("balance", "bandwagon"), exact=True)
        found = bg.endurance(game, 50)
        assert found.is_potential
        everyone = ("bandwagon",) * states
        assert (found.stable == (everyone,)) != selected
        assert bg.bandwagoning(model, states, power).selected != selected


def test_results_travel():
    game = bg.NormalFormGame(np.random.default_rng(0).integers(0, 5, (3, 2, 2, 2)))
    found = bg.endurance(game, 1)
    again = pickle.loads(pickle.dumps(found))
    assert repr(again) == repr(found)
    assert again.to_dict() == found.to_dict()
    read = json.loads(found.to_json())
    assert read["stable"] == [list(names) for names in found.stable]
    assert sum(read["law"]) == pytest.approx(1)
    frame = found.to_frame(times=True)
    assert len(frame) == len(found.alignments)
    assert list(frame["probability"]) == [one.probability for one in found.alignments]
    assert "<table>" in found._repr_html_()
    tipping = found.tipping([0, 0, 0], [1, 1, 1])
    assert "<table>" in tipping._repr_html_()
    assert json.loads(json.dumps(tipping.to_dict()))["n_paths"] == tipping.n_paths
    assert repr(found.tipping([0, 0, 0], [0, 0, 0])) == "No move is needed"
    with pytest.raises(ValueError, match="read-only"):
        found.log_law[0, 0, 0] = 0


def test_bad_input_is_named():
    game = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(errors.InvalidParameterError, match="precision is"):
            bg.endurance(game, wrong)
    with pytest.raises(errors.InvalidTypeError, match="precision"):
        bg.endurance(game, None)
    with pytest.raises(errors.InvalidTypeError, match="NormalFormGame"):
        bg.endurance([[1]], 1)
    found = bg.endurance(game, 1)
    with pytest.raises(errors.UnknownActionError):
        found.probability(["a0", "a7"])
    with pytest.raises(errors.InvalidParameterError, match="start is mixed"):
        found.leaving_time([[0.5, 0.5], 0])
    with pytest.raises(errors.UnknownNameError, match="alignment 0 is the only one"):
        found.passage_time(0, 1)
    with pytest.raises(errors.InvalidShapeError):
        found.tipping(["a0"], 0)
    hunt = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    with pytest.raises(errors.InvalidParameterError, match="no basin"):
        bg.endurance(hunt, 1).leaving_time([0, 1])
    with pytest.raises(errors.InvalidParameterError, match="no basin"):
        bg.endurance(hunt, 1).leaving_resistance([0, 1])


def test_too_many_profiles_are_refused_by_number(monkeypatch):
    from balancegame.analysis import endurance as module

    game = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[3, 0], [0, 1]])
    monkeypatch.setattr(module, "MOST_CLASSES", 1)
    with pytest.raises(errors.TooManyProfilesError, match="2 alignments"):
        bg.endurance(game, 1)
    monkeypatch.setattr(module, "MOST_MOVES", 10)
    with pytest.raises(errors.TooManyProfilesError, match="4 profiles have 16 moves"):
        bg.endurance(game, 1)


def test_work_shows_progress_and_can_be_stopped():
    game = bg.NormalFormGame(np.random.default_rng(0).normal(size=(3, 5, 6, 7)))
    seen = []
    with listening(lambda task, done, total: seen.append(task)):
        bg.endurance(game, 5)
    assert "states eliminated" in seen
    assert "best replies" in seen

    def stop(task, done, total):
        raise KeyboardInterrupt

    with listening(stop), pytest.raises(KeyboardInterrupt):
        bg.endurance(game, 5)


def test_twelve_players_without_a_potential():
    rng = np.random.default_rng(0)
    n = 12
    signs = np.indices((2,) * n) * 2 - 1
    links = rng.integers(-1, 6, (n, n))
    np.fill_diagonal(links, 0)
    table = np.stack([signs[i] * np.tensordot(links[i], signs, axes=1) for i in range(n)])
    table = np.concatenate([table, np.zeros((1, *(2,) * n), int)])[..., None]
    table = np.repeat(table, 2, axis=-1)  # a thirteenth player, whom nothing concerns
    game = bg.NormalFormGame(table)
    found = bg.endurance(game, 20 / np.ptp(table))
    assert found.method == "aggregation"
    assert found.law[..., 0] == pytest.approx(found.law[..., 1], rel=1e-9)
    assert found.law == pytest.approx(found.law[(slice(None, None, -1),) * n], rel=1e-8)
    assert found.error_bound < 1e-5
    assert len(found.alignments) >= 2
    assert found.passage_time(0, 1).log_periods == pytest.approx(
        found.passage_time(1, 0).log_periods, rel=1e-6
    )


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(6))
def test_simulated_revision_spends_its_time_and_leaves_as_computed(seed):
    rng = np.random.default_rng(seed)
    game = bg.NormalFormGame(rng.integers(0, 4, (3, 2, 3, 2)))
    found = bg.endurance(game, 1.0)
    matrix = by_definition.transition_matrix(game, 1.0)
    cumulated = matrix.cumsum(axis=1)
    periods = 400_000
    draws = rng.random(periods)
    here, visits = 0, np.zeros(len(matrix))
    for draw in draws:
        here = min(int(np.searchsorted(cumulated[here], draw)), len(matrix) - 1)
        visits[here] += 1
    assert np.abs(visits / periods - found.law.ravel()).sum() / 2 < 0.02
    trials = []
    for _ in range(4000):
        here, time = 0, 0
        while here != len(matrix) - 1:
            here = min(int(np.searchsorted(cumulated[here], rng.random())), len(matrix) - 1)
            time += 1
        trials.append(time)
    expected = found.passage_time((0, 0, 0), (1, 2, 1)).periods
    error = np.std(trials) / np.sqrt(len(trials))
    assert abs(np.mean(trials) - expected) < 5 * error


def test_odd_games():
    constant = bg.endurance(bg.NormalFormGame(np.zeros((3, 2, 1, 3))), 5)
    assert len(constant.alignments) == 1
    assert len(constant.stable) == 6
    assert constant.law == pytest.approx(np.full((2, 1, 3), 1 / 6))
    alone = bg.endurance(bg.NormalFormGame([[1, 2, "5/2"]]), 2)
    weights = np.exp([2.0, 4.0, 5.0])
    assert alone.law == pytest.approx(weights / weights.sum())
    assert alone.stable == (("a2",),)
    assert bg.endurance(bg.NormalFormGame([[1]]), 1).law == 1.0
    vast = bg.NormalFormGame(np.random.default_rng(1).choice([-1e308, 1e308], (2, 3, 3)))
    found = bg.endurance(vast, 1)
    assert sum(one.probability for one in found.alignments) == pytest.approx(1)
    assert found.error_bound == 1.0  # of such precision floats know nothing


def test_an_equilibrium_stands_for_its_profile():
    hunt = bg.NormalFormGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    found = bg.endurance(hunt, 2)
    for place, one in enumerate(bg.pure_nash(hunt)):
        assert found.leaving_time(one) == found.leaving_time(place)
        assert found.probability(one) == found.alignments[place].probability
    mapped = {"player 0": "a0", "player 1": "a1"}
    assert found.probability(mapped) == found.law[0, 1]
    assert found.passage_time(0, 0).periods == 0.0
