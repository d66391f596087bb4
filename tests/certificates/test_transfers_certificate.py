"""Certificates of payoffs with transfers: true ones hold, untrue ones are refused."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.reading import read_fraction
from balancegame.certificates.verification import verify_text

GAME = "game: contingencies and discount factor read"
PAYOFFS = "payoffs: what profiles that can begin an equilibrium sum to and deter with"


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2), (2, 3, 2), (2, 2, 2, 2), (4,)])
@pytest.mark.parametrize("most", [2, 20])
def test_what_was_found_can_be_verified(shape, most):
    """At every breakpoint, where profiles are just enforced, and on both sides of it."""
    rng = np.random.default_rng(len(shape) + most)
    cases = [
        bg.Contingency(
            name, chance, bg.NormalFormGame(rng.integers(0, most + 1, (len(shape), *shape)))
        )
        for name, chance in (("peace", "2/3"), ("war", "1/3"))
    ]
    for stage in (cases[0].stage, cases):
        ends = [one.lower for one in bg.transfer_breakpoints(stage)]
        near = [e + Fraction(s, 10**6) for e in ends for s in (-1, 0, 1)]
        for discount in [one for one in near if 0 <= one < 1]:
            found = bg.transfer_payoffs(bg.RepeatedGame(stage, discount))
            checked = bg.verify(found)
            assert checked.ok, str(checked)
            assert checked.checked[1:] == (GAME, PAYOFFS)


@pytest.fixture
def data():
    game = bg.NormalFormGame.from_arrays([[2, 0], [5, 1]], [[2, 3], [0, 1]])
    found = bg.transfer_payoffs(bg.RepeatedGame(game, "2/3"))
    return json.loads(found.certificate.to_json())


def more_to_share(data):
    data["joint"] = encode_fraction(read_fraction(data["joint"]) + Fraction(1, 10**9))


def harsher(data):
    data["lowest"][1] = encode_fraction(read_fraction(data["lowest"][1]) - Fraction(1, 10**9))


def a_player_less(data):
    data["lowest"].pop()


def no_equilibrium(data):
    data.update(joint=None, lowest=None)


def less_patience(data):
    data["discount"] = encode_fraction(Fraction(1, 100))


def no_patience_at_all(data):
    data["discount"] = 1


def other_probabilities(data):
    data["contingencies"][0]["probability"] = encode_fraction(Fraction(1, 2))


def other_players(data):
    one = json.loads(json.dumps(data["contingencies"][0]))
    one["game"]["players"] = ["x", "y"]
    data["contingencies"].append(one)


def two_of_a_name(data):
    one = data["contingencies"][0]
    one["probability"] = encode_fraction(Fraction(1, 2))
    data["contingencies"].append(one)


def no_contingency(data):
    data["contingencies"] = []


@pytest.mark.parametrize(
    ("claim", "alter"),
    [
        (PAYOFFS, more_to_share),
        (PAYOFFS, harsher),
        (PAYOFFS, a_player_less),
        (PAYOFFS, no_equilibrium),
        (PAYOFFS, less_patience),
        (GAME, no_patience_at_all),
        (GAME, other_probabilities),
        (GAME, other_players),
        (GAME, two_of_a_name),
        (GAME, no_contingency),
    ],
)
def test_the_claim_that_is_untrue_is_named(data, claim, alter):
    assert verified(json.loads(json.dumps(data))).ok
    alter(data)
    found = verified(data)
    assert [name for name, _ in found.failed] == [claim], str(found)


def test_that_there_is_no_equilibrium_is_verified():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    found = bg.transfer_payoffs(bg.RepeatedGame(pennies, "1/2"))
    assert not len(found.vertices)
    assert bg.verify(found).ok
    data = json.loads(found.certificate.to_json())
    data.update(joint=0, lowest=[0, 0])
    assert [name for name, _ in verified(data).failed] == [PAYOFFS]
