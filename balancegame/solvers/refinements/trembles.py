"""Trembles about a pure equilibrium of several players."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from balancegame.solvers.refinements.game_part import GamePart
from balancegame.solvers.refinements.homogeneous_system import InfinitesimalSystem, solution

_MOST_PROFILES = 32  # of the others, in a program with one variable each


def has_first_order_trembles(part: GamePart, cell: tuple[int, ...]) -> bool:
    """Whether some rates of single trembles make every tied action worse than that played.

    A tied action that pays the same throughout stays tied and does no harm.
    """
    shape = part.payoffs.shape[1:]
    slips = [(j, a) for j, m in enumerate(shape) for a in range(m) if a != cell[j]]
    rows = [[Fraction(int(s == t)) for s in slips] for t in slips]
    for i, own in enumerate(cell):
        table = part.own_table(i)
        for action in range(shape[i]):
            tie = _gain(part, i, cell, cell, action)
            if action == own or tie != 0 or bool((table[own] == table[action]).all()):
                continue
            rows.append(
                [
                    Fraction(0) if j == i else _gain(part, i, _with(cell, j, a), cell, action)
                    for j, a in slips
                ]
            )
    return solution(rows) is not None


def may_have_trembles(part: GamePart, player: int, cell: tuple[int, ...]) -> bool | None:
    """Whether his action can be a best reply to trembles of the others; None if that is too large.

    A necessary condition of perfection: the others' trembles may depend on each other, but every
    joint tremble is far less likely than those that undo one player's part in it.
    """
    shape = part.payoffs.shape[1:]
    others = [j for j in range(len(shape)) if j != player]
    joint = list(product(*(range(shape[j]) for j in others)))
    if len(joint) > _MOST_PROFILES:
        return None
    place = {moves: k for k, moves in enumerate(joint)}
    system = InfinitesimalSystem(len(joint))
    for moves in joint:
        for k, j in enumerate(others):
            if moves[k] != cell[j]:
                undone = (*moves[:k], cell[j], *moves[k + 1 :])
                row, extra = [0] * len(joint), [0] * len(joint)
                row[place[moves]], extra[place[undone]] = -1, 1
                system.require(row, extra, strictly=False)
    table = part.own_table(player)
    for action in range(shape[player]):
        if action != cell[player]:
            system.require((table[cell[player]] - table[action]).tolist(), strictly=False)
    return system.solution() is not None


def _gain(
    part: GamePart, player: int, at: tuple[int, ...], cell: tuple[int, ...], action: int
) -> Fraction:
    """What his action of a cell pays more than another, the others playing as in `at`."""
    own = part.payoffs[player]
    return own[_with(at, player, cell[player])] - own[_with(at, player, action)]


def _with(cell: tuple[int, ...], player: int, action: int) -> tuple[int, ...]:
    return (*cell[:player], action, *cell[player + 1 :])
