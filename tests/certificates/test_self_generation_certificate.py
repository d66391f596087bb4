"""Certificates that payoffs are paid by equilibria: true ones hold, untrue ones are refused."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.reading import read_fraction
from balancegame.certificates.verification import verify_text

GAME = "game: contingencies and discount factors read"
POINTS = "points: profiles and continuations give them, and deter deviations"


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
    assert found.checked[1:] == (GAME, POINTS)
    points = [
        [float(read_fraction(x)) for x in one["payoffs"]] for one in certificate.data["points"]
    ]
    for vertex in payoffs.inner:
        assert np.abs(np.array(points) - vertex).max(axis=1).min() < 1e-9


def test_sets_that_are_exact_have_one_too():
    game = bg.RepeatedGame(bg.ally_game(3, benefit=2, cost=1, parallelism=0), "1/4")
    payoffs = bg.subgame_perfect_payoffs(game)
    assert payoffs.exact
    assert bg.verify(payoffs).ok


# -- untrue ones ----------------------------------------------------------------------------------


def half(written):
    return encode_fraction(read_fraction(written) / 2)


def more(written):
    return encode_fraction(read_fraction(written) + Fraction(1, 1000))


def another_payoff(data):
    data["points"][0]["payoffs"][0] = more(data["points"][0]["payoffs"][0])


def no_points(data):
    data["points"] = []


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
