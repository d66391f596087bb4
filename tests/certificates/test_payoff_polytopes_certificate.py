"""Certificates that payoffs are paid by equilibria: true ones hold, untrue ones are refused."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

import balancegame as bg
from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.outer_steps import OuterBounds
from balancegame.certificates.payoff_polytopes import _Repeated
from balancegame.certificates.polytope_vertices import polytope_vertices
from balancegame.certificates.reading import Failure, read_fraction
from balancegame.certificates.verification import verify_text

GAME = "game: contingencies and discount factors read"
POINTS = "points: profiles and continuations give them, and deter deviations"
OUTER = "outer: no equilibrium pays more in the directions"
EXACT = "exact: the points' mixtures are all equilibrium payoffs"


def repeated_game(shape, seed, discount, *, most=20, contingencies=1):
    rng = np.random.default_rng(seed)
    stages = [
        bg.NormalFormGame(rng.integers(0, most + 1, (len(shape), *shape)))
        for _ in range(contingencies)
    ]
    if contingencies == 1:
        return bg.RepeatedGame(stages[0], discount)
    share = Fraction(1, contingencies)
    return bg.RepeatedGame(
        [bg.Contingency(str(k), share, stage) for k, stage in enumerate(stages)], discount
    )


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


@pytest.fixture(scope="module")
def text():
    game = repeated_game((2, 2, 2), 1, "3/5")
    return bg.subgame_perfect_payoffs(game).certificate.to_json()


@pytest.fixture
def data(text):
    return json.loads(text)


@pytest.mark.parametrize(
    ("shape", "seed", "discount", "contingencies"),
    [
        ((2, 2, 2), 0, "3/5", 1),
        ((3, 2, 2), 1, "1/2", 1),
        ((2, 2, 2), 2, "1/10", 2),
        ((2, 3, 2), 3, ["1/10", "1/5", "1/4"], 1),
        pytest.param((3, 3, 3), 5, "3/5", 1, marks=pytest.mark.compiled),
    ],
)
def test_what_was_found_can_be_verified(shape, seed, discount, contingencies):
    game = repeated_game(shape, seed, discount, contingencies=contingencies)
    payoffs = bg.subgame_perfect_payoffs(game)
    certificate = payoffs.certificate
    assert len(payoffs.inner)
    found = bg.verify(payoffs)
    assert found.ok, str(found)
    assert found.checked[1:] == (GAME, POINTS, OUTER, EXACT)[: 3 + payoffs.exact]
    proven_to_hold(certificate, payoffs.outer)
    points = [
        [float(read_fraction(x)) for x in one["payoffs"]] for one in certificate.data["points"]
    ]
    for vertex in payoffs.inner:
        assert np.abs(np.array(points) - vertex).max(axis=1).min() < 1e-9


@pytest.mark.parametrize("discount", ["1/4", "1/2"])
def test_that_a_set_is_exact_is_proven(discount):
    game = bg.RepeatedGame(bg.ally_game(3, benefit=2, cost=1, parallelism=0), discount)
    payoffs = bg.subgame_perfect_payoffs(game)
    found = bg.verify(payoffs)
    assert found.ok, str(found)
    assert (EXACT in found.checked) == payoffs.exact
    assert payoffs.exact == (discount == "1/4")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3, 2), (2, 2, 2, 2)])
def test_ties_do_not_hinder_it(shape, seed):
    """Flat sets, points, and none at all."""
    game = repeated_game(shape, seed, "3/10", most=2)
    payoffs = bg.subgame_perfect_payoffs(game)
    found = bg.verify(payoffs)
    assert found.ok, str(found)
    assert (EXACT in found.checked) == payoffs.exact


def test_that_there_is_no_equilibrium_is_proven():
    rng = np.random.default_rng(1)
    for _ in range(30):
        stage = bg.NormalFormGame(rng.integers(0, 21, (3, 2, 2, 2)))
        if not len(bg.pure_nash(stage)):
            break
    payoffs = bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, "1/100"))
    assert payoffs.exact
    assert not len(payoffs.vertices)
    found = bg.verify(payoffs)
    assert found.ok, str(found)
    assert found.checked[-1] == EXACT
    data = json.loads(payoffs.certificate.to_json())
    assert not data["points"]
    data["outer"]["steps"].pop()
    assert [name for name, _ in verified(data).failed] == [EXACT]


def proven_to_hold(certificate, outer):
    """The levels that the steps end with are those of the polytope that was printed."""
    bounds = outer_bounds(certificate.data)
    assert not bounds.empty
    directions = np.array(bounds.directions, dtype=float)
    levels = np.array(bounds.levels, dtype=float)
    unit = [bounds.unit(tuple(map(Fraction, vertex))) for vertex in outer.tolist()]
    reach = (directions @ np.array(unit, dtype=float).T).max(axis=1)
    assert (reach >= levels - 1e-7).mean() > 0.5
    assert (reach <= levels + 1e-4).all()


def outer_bounds(data):
    game = _Repeated(data)
    return OuterBounds(game.chances, list(game.profiles()), game.discounts, data["outer"])


# -- untrue ones ----------------------------------------------------------------------------------


def half(written):
    return encode_fraction(read_fraction(written) / 2)


def more(written):
    return encode_fraction(read_fraction(written) + Fraction(1, 1000))


def another_payoff(data):
    data["points"][0]["payoffs"][0] = more(data["points"][0]["payoffs"][0])


def no_points(data):
    data.update(points=[], outer=None)


def weights_without_sum_1(data):
    source = data["points"][0]["sources"][0]
    source["continuation"][0][1] = half(source["continuation"][0][1])


def negative_weight(data):
    source = data["points"][0]["sources"][0]
    source["continuation"] = [[0, 2], [1, -1]]


def no_such_point(data):
    data["points"][0]["sources"][0]["continuation"] = [[9999, 1]]


def another_profile(data):
    profile = data["points"][0]["sources"][0]["profile"]
    profile[0] = 1 - profile[0]


def no_such_profile(data):
    data["points"][0]["sources"][0]["profile"] = [0, 0, 2]


def no_source(data):
    data["points"][0]["sources"] = []


def less_patience(data):
    data["discounts"] = [half(one) for one in data["discounts"]]


def no_patience(data):
    data["discounts"] = [0, 0, 0]


def a_discount_of_1(data):
    data["discounts"][0] = 1


def fewer_discounts(data):
    data["discounts"].pop()


def probability_of_2(data):
    data["contingencies"][0]["probability"] = 2


def two_contingencies_of_a_name(data):
    one = data["contingencies"][0]
    one["probability"] = encode_fraction(Fraction(1, 2))
    data["contingencies"].append(one)


def other_players(data):
    one = json.loads(json.dumps(data["contingencies"][0]))
    data["contingencies"][0]["probability"] = encode_fraction(Fraction(1, 2))
    one.update(name="other", probability=encode_fraction(Fraction(1, 2)))
    one["game"]["players"] = ["x", "y", "z"]
    data["contingencies"].append(one)


def no_contingency(data):
    data["contingencies"] = []


def a_better_deviation(data):
    """Another action of the first player pays far more than all did before."""
    data["contingencies"][0]["game"]["payoffs"][0][1][0][0] = 1000


@pytest.mark.parametrize(
    ("claim", "alter"),
    [
        (POINTS, another_payoff),
        (POINTS, no_points),
        (POINTS, weights_without_sum_1),
        (POINTS, negative_weight),
        (POINTS, no_such_point),
        (POINTS, another_profile),
        (POINTS, no_such_profile),
        (POINTS, no_source),
        (POINTS, less_patience),
        (POINTS, no_patience),
        (POINTS, a_better_deviation),
        (GAME, a_discount_of_1),
        (GAME, fewer_discounts),
        (GAME, probability_of_2),
        (GAME, two_contingencies_of_a_name),
        (GAME, other_players),
        (GAME, no_contingency),
    ],
)
def test_the_claim_that_is_untrue_is_named(data, claim, alter):
    assert verified(json.loads(json.dumps(data))).ok
    alter(data)
    found = verified(data)
    assert [name for name, _ in found.failed] == [claim], str(found)


def test_deviations_that_just_pay_are_refused():
    """Help among three from 1/2 on; a certificate that says so of less is no proof."""
    stage = bg.ally_game(3, benefit=2, cost=1, parallelism=0)
    data = bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, "1/2")).certificate.data
    data = json.loads(json.dumps(dict(data)))
    assert verified(json.loads(json.dumps(data))).ok
    below = encode_fraction(Fraction(1, 2) - Fraction(1, 10**9))
    data["discounts"] = [below] * 3
    for point in data["points"]:  # stationary play pays the same at any discount factor
        point["sources"][0]["continuation"] = [[data["points"].index(point), 1]]
    assert not verified(data).ok


# -- the outer part -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bounded():
    """A certificate with steps that rule out profiles, and lower levels."""
    payoffs = bg.subgame_perfect_payoffs(repeated_game((3, 2, 2), 1, "1/2"))
    return payoffs.certificate.to_json()


def step_of(data, key):
    return next(one for one in data["outer"]["steps"] if one[key])


def lower_still(data):
    """Levels that would leave out equilibrium payoffs."""
    for one in step_of(data, "lowered")["lowered"]:
        one["to"] = encode_fraction(read_fraction(one["to"]) - Fraction(1, 50))


def from_too_low(data):
    for one in step_of(data, "lowered")["lowered"]:
        one["from"] = encode_fraction(read_fraction(one["to"]) + Fraction(1, 10**6))


def not_lowered(data):
    one = step_of(data, "lowered")["lowered"][0]
    one["to"] = one["from"]


def lowered_twice(data):
    lowered = step_of(data, "lowered")["lowered"]
    lowered.append(lowered[0])


def negative_multiplier(data):
    for one in step_of(data, "lowered")["lowered"]:
        for _, weights in one["multipliers"]:
            weights.append([0, -1])
            return


def without_multipliers(data):
    for one in step_of(data, "lowered")["lowered"]:
        one["multipliers"] = []


def multipliers_of_a_profile_that_is_gone(data):
    step = step_of(data, "ruled out")
    step["ruled out"].append([0, []])
    step["ruled out"].append([0, []])


def all_ruled_out(data):
    step = step_of(data, "ruled out")
    weights = step["ruled out"][0][1]
    step["ruled out"] = [[a, weights] for a in range(12)]


def no_reason_to_rule_out(data):
    step_of(data, "ruled out")["ruled out"][0][1] = []


def no_such_profile_ruled_out(data):
    step_of(data, "ruled out")["ruled out"][0][0] = 99


def other_axes(data):
    data["outer"]["directions"][0] = [2, 0, 0]


def a_direction_less(data):
    data["outer"]["directions"].pop()


@pytest.mark.parametrize(
    "alter",
    [
        lower_still,
        from_too_low,
        not_lowered,
        lowered_twice,
        negative_multiplier,
        without_multipliers,
        multipliers_of_a_profile_that_is_gone,
        all_ruled_out,
        no_reason_to_rule_out,
        no_such_profile_ruled_out,
        other_axes,
        a_direction_less,
    ],
)
def test_bounds_that_are_too_low_are_refused(bounded, alter):
    data = json.loads(bounded)
    assert verified(json.loads(json.dumps(data))).ok
    alter(data)
    found = verified(data)
    assert [name for name, _ in found.failed] == [OUTER], str(found)


@pytest.mark.parametrize("seed", range(6))
def test_bounds_hold_what_is_proven_from_within(seed):
    """And touch it where the set is exact."""
    payoffs = bg.subgame_perfect_payoffs(repeated_game((2, 2, 2), seed, "3/5", most=3))
    data = json.loads(payoffs.certificate.to_json())
    bounds = outer_bounds(data)
    for one in data["points"]:
        point = bounds.unit(tuple(map(read_fraction, one["payoffs"])))
        for direction, level in zip(bounds.directions, bounds.levels, strict=True):
            assert dot(direction, point) <= level
    points = [bounds.unit(tuple(map(read_fraction, one["payoffs"]))) for one in data["points"]]
    for k in [one for one in data["exact"] or () if one >= 2 * 3]:
        assert max(dot(bounds.directions[k], point) for point in points) == bounds.levels[k]


def dot(one, other):
    return sum(x * y for x, y in zip(one, other, strict=True))


def test_an_inner_polytope_is_not_exact(bounded):
    data = json.loads(bounded)
    data["exact"] = list(range(len(data["outer"]["directions"])))
    assert [name for name, _ in verified(data).failed] == [EXACT]
    data["outer"] = None
    assert [name for name, _ in verified(data).failed] == [EXACT]
    data["exact"] = None
    assert verified(data).ok
    data["points"] = []
    assert [name for name, _ in verified(data).failed] == [POINTS]


def test_points_may_be_absent_where_there_are_bounds(bounded):
    data = json.loads(bounded)
    data["points"] = []
    assert verified(data).ok


# -- vertices of a polytope -----------------------------------------------------------------------


def box(n, most=2):
    return [(Fraction(-most), Fraction(most))] * n


def halfspaces(rows):
    return [(tuple(map(Fraction, row[:-1])), Fraction(row[-1])) for row in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 0, 1), (-1, 0, 0), (0, 1, 1), (0, -1, 0)], 4),  # a square
        ([(1, 1, 1), (-1, 0, 0), (0, -1, 0)], 3),
        ([(1, 1, 1), (-1, 0, 0), (0, -1, 0), (-1, -1, -1)], 2),  # a segment
        ([(1, 0, 0), (-1, 0, 0), (0, 1, 1), (0, -1, -1)], 1),
        ([(1, 0, 0), (-1, 0, -1), (0, 1, 1), (0, -1, -1)], 0),
        ([(1, 0, 1), (1, 0, 1), (2, 0, 2), (-1, 0, 0), (0, 1, 1), (0, -1, 0)], 4),
    ],
)
def test_vertices_by_hand(rows, expected):
    assert len(polytope_vertices(halfspaces(rows), box(2))) == expected


def test_vertices_on_more_borders_than_dimensions():
    """An octahedron, whose vertices lie on four facets each."""
    rows = [(*(2 * x - 1 for x in signs), 1) for signs in np.ndindex(2, 2, 2)]
    assert len(polytope_vertices(halfspaces(rows), box(3))) == 6


def test_a_polytope_that_is_not_bounded_is_refused():
    with pytest.raises(Failure, match="beyond"):
        polytope_vertices(halfspaces([(1, 0, 1)]), box(2))


@pytest.mark.parametrize("seed", range(8))
def test_vertices_against_all_bases(seed):
    rng = np.random.default_rng(seed)
    n = 3
    rows = [(*one, 3) for one in rng.integers(-3, 4, (9, n)).tolist()]
    rows += [(*row, 1) for row in np.vstack([np.eye(n, dtype=int), -np.eye(n, dtype=int)]).tolist()]
    found = set(polytope_vertices(halfspaces(rows), box(n)))
    expected = set()
    for chosen in itertools.combinations(rows, n):
        matrix = fmpq_mat([list(map(fmpq, row[:-1])) for row in chosen])
        if matrix.det() == 0:
            continue
        solved = matrix.solve(fmpq_mat([[fmpq(row[-1])] for row in chosen]))
        point = tuple(Fraction(int(x.p), int(x.q)) for x in solved.entries())
        if all(sum(a * x for a, x in zip(r, point, strict=False)) <= r[-1] for r in rows):
            expected.add(point)
    assert found == expected
