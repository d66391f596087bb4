"""Published payoff sets of repeated games."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest

import balancegame as bg


def payoffs(first, second, discount):
    stage = bg.NormalFormGame.from_arrays(first, second)
    return bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, discount))


def test_abreu_sannikov_2014_section_2():
    """A duopoly of three actions each at delta = 0.3; numbers as QuantEcon's tests record them."""
    found = payoffs(
        [[16, 3, 0], [21, 10, -1], [9, 5, -5]], [[9, 13, 3], [1, 4, 0], [0, -4, -15]], "3/10"
    )
    recorded = [
        [1.12568240e00, 2.80000000e00],
        [7.33770472e00, 0.0],
        [7.86308964e00, 0.0],
        [1.97917977e01, 2.80000000e00],
        [1.55630896e01, 9.10000000e00],
        [7.33770472e00, 1.09826253e01],
    ]
    assert found.vertices == pytest.approx(np.array(recorded), abs=1e-6)
    assert found.threats == pytest.approx([1.12568240, 0.0], abs=1e-6)
    assert found.gap < 1e-12  # its vertices are irrational
    assert len(found.vertices) <= 3 * 9
    assert bg.verify(found).ok


def test_quantecon_prisoners_dilemma():
    """Of its tests of Abreu & Sannikov's algorithm, at delta = 0.9."""
    found = payoffs([[9, 1], [10, 3]], [[9, 10], [1, 3]], "9/10")
    assert found.exact_vertices == ((3, 3), (F(39, 4), 3), (9, 9), (3, F(39, 4)))


def test_quantecon_game_without_pure_equilibrium():
    found = payoffs([[1, -1], [-2, 1]], [[-1, 2], [2, 0]], "1/20")
    assert found.exact
    assert found.dimension == -1


@pytest.mark.parametrize(("gain", "loss"), [(1, 1), (F(1, 2), 2), (3, 3)])
def test_mailath_samuelson_2006_prisoners_dilemma(gain, loss):
    """Effort pays both 1, shirking alone 1 + gain, being left alone -loss, shirking both 0.

    Grim trigger sustains effort if and only if delta >= gain / (1 + gain); no punishment is worse
    than 0, each player's minmax value. Effort in turns gives no more here: gain <= 1 + loss.
    """
    A, B = [[1, -loss], [1 + gain, 0]], [[1, 1 + gain], [-loss, 0]]
    critical = F(gain) / (1 + F(gain))
    assert (1, 1) in payoffs(A, B, critical)
    assert (1, 1) not in payoffs(A, B, critical - F(1, 10**9))


@pytest.mark.parametrize("parallelism", [F(0), F(1, 4)])
def test_kissinger_s_alliance_between_two(parallelism):
    """MODEL P9's ally game: help costs 1, is worth 2 to the other, and counts for its giver too."""
    benefit, cost = 2, 1
    weight = parallelism * benefit
    # Helping alone, helping both, being helped alone.
    alone, both, free = weight - cost, benefit + weight - cost, F(benefit)
    A, B = [[both, alone], [free, 0]], [[both, free], [alone, 0]]
    critical = (cost - weight) / F(benefit)
    assert (both, both) in payoffs(A, B, critical)
    assert (both, both) not in payoffs(A, B, critical - F(1, 10**9))


def test_abreu_1988_duopoly_of_three_outputs():
    """Two firms, low, medium and high output, delta = 4/7 (numbers as his section 3 is taught).

    The worst punishment of a firm is 0, its minmax value: it sells (medium, high) and then, as
    long as it obeys, (low, medium) for ever. That sustains low outputs; Cournot reversion, to 7
    each, would take delta >= 5/8.
    """
    first = [[10, 3, 0], [15, 7, -4], [7, 5, -15]]
    stage = bg.NormalFormGame.from_arrays(first, [list(row) for row in zip(*first, strict=True)])
    found = bg.subgame_perfect_payoffs(bg.RepeatedGame(stage, "4/7"))
    assert found.threats == pytest.approx([0, 0])
    assert (10, 10) in found
    assert (0, F(3 * 5 + 4 * 15, 7)) in found  # the punishment itself
    assert bg.verify(found).ok
    assert bg.critical_discount(stage, (0, 0)).value == F(5, 8)
    optimal = bg.critical_discount(stage, (0, 0), punishment="optimal")
    assert optimal.value is not None
    assert optimal.value <= F(4, 7)
