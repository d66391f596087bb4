"""Risk dominance by Nash products, and p-dominance.

In a 2 x 2 game with two strict equilibria one *risk-dominates* the other if the product of what the
players would lose by leaving it alone is greater (Harsanyi & Selten 1988). A pure profile is
*p-dominant* if everyone's action is a best reply whenever he believes the others play their part
with probability at least p, whatever else he believes of their joint play (Morris, Rob & Shin 1995;
Kajii & Morris 1997 for many players). Equilibria are 1-dominant, dominant actions 0-dominant; in
symmetric 2 x 2 games the equilibrium that risk-dominates is p-dominant for some p < 1/2.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from balancegame.solvers.refinements.game_part import GamePart

_HALF = Fraction(1, 2)


def least_belief(part: GamePart, cell: tuple[int, ...]) -> Fraction:
    """The smallest p for which a pure equilibrium is p-dominant.

    An action that gains d >= 0 on another where the others play their part, and at the least m
    elsewhere or there, is preferred to it iff p d + (1 - p) m >= 0.
    """
    needed = Fraction(0)
    for i, own in enumerate(cell):
        table = part.own_table(i)
        others = tuple(a for j, a in enumerate(cell) if j != i)
        shape = tuple(m for j, m in enumerate(part.payoffs.shape[1:]) if j != i)
        column = int(np.ravel_multi_index(others, shape)) if others else 0
        for action in range(len(table)):
            gains = (table[own] - table[action]).tolist()
            least = min(gains)
            if least < 0:
                needed = max(needed, -least / (gains[column] - least))
    return needed


def is_risk_dominant(part: GamePart, cell: tuple[int, ...]) -> bool:
    """Whether a pure equilibrium is strict and risk-dominates.

    In 2 x 2 games with two strict equilibria by the Nash products; in other games whether it is
    p-dominant for some p < 1/2. That means the same in symmetric 2 x 2 games, and no two strict
    equilibria are.
    """
    if not is_strict(part, cell):
        return False
    if part.payoffs.shape == (2, 2, 2):
        other = (1 - cell[0], 1 - cell[1])
        if is_strict(part, other):
            return _nash_product(part, cell) > _nash_product(part, other)
    return least_belief(part, cell) < _HALF


def is_strict(part: GamePart, cell: tuple[int, ...]) -> bool:
    """Whether everyone loses by leaving a pure profile alone."""
    for i, own in enumerate(cell):
        payoffs = part.payoffs[(i, *cell[:i], slice(None), *cell[i + 1 :])].tolist()
        if any(value >= payoffs[own] for a, value in enumerate(payoffs) if a != own):
            return False
    return True


def _nash_product(part: GamePart, cell: tuple[int, ...]) -> Fraction:
    """Of what two players with two actions lose by leaving a cell alone."""
    a, b = cell
    first, second = part.payoffs
    return (first[a, b] - first[1 - a, b]) * (second[a, b] - second[a, 1 - b])
