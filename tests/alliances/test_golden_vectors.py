"""The golden vectors of the base model and of the strategic hegemon, to 1e-9."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg
from balancegame.alliances.actions import ACTIONS

LETTERS = dict(zip("BWNRU", ACTIONS, strict=True))
TOLERANCE = 1e-9


def spelled(letters):
    return [LETTERS[letter] for letter in letters]


def equilibria(game):
    initials = {name: letter for letter, name in LETTERS.items()}
    return {
        "".join(initials.get(a, "") for a in found.actions): found for found in bg.pure_nash(game)
    }


def test_coalition_power(golden_world):
    model = bg.BalancingModel()
    assert model.coalition_power(golden_world, ["1", "2"]) == pytest.approx(19**0.5, abs=TOLERANCE)
    assert model.coalition_power(golden_world, ["h", "3"]) == pytest.approx(
        21.8**0.5, abs=TOLERANCE
    )
    assert model.coalition_power(golden_world, ["1", "2"]) / 5 == pytest.approx(0.871780, abs=5e-7)
    assert model.coalition_power(golden_world, ["1"]) == 3
    assert model.coalition_power(golden_world, []) == 0


def test_bandwagoning_and_balancing_with_a_buck_passer_coexist(golden_world):
    found = equilibria(bg.BalancingModel(decisiveness=2).game(golden_world, ACTIONS))
    assert set(found) == {"WWW", "UUN"}
    np.testing.assert_allclose(found["WWW"].payoffs, 0.4, atol=TOLERANCE)
    pi = 19 / 22.8416
    np.testing.assert_allclose(found["UUN"].payoffs, [pi - 0.2, pi - 0.2, pi], atol=TOLERANCE)
    assert found["UUN"].payoffs.tolist() == pytest.approx([0.631816, 0.631816, 0.831816], abs=5e-7)
    model = bg.BalancingModel(decisiveness=2)
    assert model.prevailing(golden_world, spelled("UUN")) == pytest.approx(pi, abs=TOLERANCE)
    assert model.prevailing(golden_world, spelled("WWW")) == 0


@pytest.mark.parametrize("decisiveness", [1, 2])
def test_with_little_autonomy_at_stake_all_bandwagon(golden_world, decisiveness):
    model = bg.BalancingModel(decisiveness=decisiveness, autonomy_loss=0.4)
    found = equilibria(model.game(golden_world, ACTIONS))
    assert set(found) == {"WWW"}
    np.testing.assert_allclose(found["WWW"].payoffs, 0.6, atol=TOLERANCE)


RICH = {
    "decisiveness": 2,
    "autonomy_loss": 0.4,
    "retaliation": 0.1,
    "affinity": 0.5,
    "affinity_exponent": 1,
    "balancing_spoils": 0.3,
    "bandwagon_spoils": 0.3,
}


def test_spoils_affinity_and_retaliation(golden_world):
    found = equilibria(bg.BalancingModel(**RICH).game(golden_world, ACTIONS))
    assert set(found) == {"WWW"}
    np.testing.assert_allclose(found["WWW"].payoffs, [0.62, 0.98 / 1.5, 0.64], atol=TOLERANCE)


@pytest.mark.parametrize(
    ("letters", "pi", "payoffs"),
    [
        ("BBW", 0.465686, [0.404167, 0.390196, 0.795735]),
        ("RBN", 0.675127, [0.548727, 0.617567, 0.675127]),
        ("UBW", 0.608974, [0.474679, 0.55641, 0.834423]),
    ],
)
def test_single_profiles(golden_world, letters, pi, payoffs):
    model = bg.BalancingModel(**RICH)
    assert model.prevailing(golden_world, spelled(letters)) == pytest.approx(pi, abs=6e-7)
    game = model.game(golden_world, ACTIONS)
    assert game.expected_payoffs(spelled(letters)).tolist() == pytest.approx(payoffs, abs=6e-7)


@pytest.mark.parametrize(
    ("decisiveness", "expected"),
    [
        (
            2,
            {
                "BBN": (0.9, 0.9, 1, 1),
                "BWB": (0.9, 0.95, 0.9, 1),
                "WWW": (0.95, 0.95, 0.95, 1),
            },
        ),
        (
            1,
            {
                "BWN": (0.9, 0.95, 1, 1),
                "BNB": (0.9, 1, 0.9, 1),
                "WBN": (0.95, 0.9, 1, 1),
                "WWW": (0.95, 0.95, 0.95, 1),
            },
        ),
    ],
)
def test_a_strategic_hegemon_moving_second(golden_world, decisiveness, expected):
    model = bg.BalancingModel(decisiveness=decisiveness)
    game = model.game(golden_world, hegemon="strategic")
    assert game.players == ("1", "2", "3", "h")
    assert game.actions[3] == ("expand", "restrain", "opportunist")
    found = equilibria(game)
    assert set(found) == set(expected)
    for letters, payoffs in expected.items():
        assert found[letters].actions[3] == "opportunist"
        np.testing.assert_allclose(found[letters].payoffs, payoffs, atol=TOLERANCE)
        camps = model.camps(golden_world, found[letters].actions)
        assert not camps.contested


@pytest.mark.parametrize("decisiveness", [1, 2])
def test_without_the_opportunist_it_is_an_inspection_game(golden_world, decisiveness):
    game = bg.BalancingModel(decisiveness=decisiveness).game(golden_world, hegemon="strategic")
    inspection = bg.NormalFormGame(game.payoffs[..., :2])
    assert len(bg.pure_nash(inspection)) == 0
