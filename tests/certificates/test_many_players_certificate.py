"""Certificates of lists of any number of players: true ones hold, untrue ones are refused."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import verify_text


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


def test_payoffs_of_different_denominators_can_be_verified():
    """FAILS: scales are taken from the solver's denominators (2^53), not the least common ones."""
    rng = np.random.default_rng(0)
    verdicts = []
    for _ in range(10):
        payoffs = rng.integers(-999, 1000, (3, 2, 2, 2)) * np.array([1, 0.5, 0.25]).reshape(
            3, 1, 1, 1
        )
        found = bg.verify(bg.nash_equilibria(bg.NormalFormGame(payoffs)))
        verdicts.append(found.failed)
    assert not any(verdicts), verdicts


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
def test_floats_can_be_verified(shape):
    for seed in range(5):
        payoffs = np.random.default_rng(seed).normal(size=(3, *shape))
        assert bg.verify(bg.nash_equilibria(bg.NormalFormGame(payoffs))).ok, seed


def test_a_ball_that_reaches_another_equilibrium_is_refused():
    """FAILS: the claim is that there is one equilibrium in each; this ball holds two.

    One of them has a probability of 1/9, and the other, with 0 there, another support.
    """
    rng = np.random.default_rng(1)
    for place in range(22):
        payoffs = rng.integers(-9, 10, (3, *[(2, 2, 2), (3, 2, 2)][place % 2]))
    result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
    text = result.certificate.to_json()
    crowded = 0
    for place in range(len(json.loads(text)["balls"])):
        data = json.loads(text)
        ball = data["balls"][place]
        ball["radius"] = encode_fraction(Fraction(1, 8))
        centre = [number(x) for part in ball["profile"] for x in part]
        distances = [np.abs(np.concatenate(e.profile) - centre).max() for e in result]
        if sum(distance <= 1 / 8 for distance in distances) > 1:
            crowded += 1
            assert not verified(data).ok
    assert crowded


def number(written):
    if isinstance(written, int):
        return float(written)
    above, below = (int(part, 16) for part in written.split("/"))
    return above / below
