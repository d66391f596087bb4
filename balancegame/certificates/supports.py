"""A game in integers, and its supports: those that conditional dominance leaves.

Small files that would take very long, or much memory, are refused.
"""

from __future__ import annotations

from collections.abc import Generator
from math import lcm
from typing import Any

from .reading import Failure, Game
from .regions import Support

_MOST_BITS = 1 << 30  # of a player's payoffs
_MOST_TRIED = 1_000_000  # sets of actions, and a hundred more for each support that is listed


class IntegerGame:
    """The game, each player's payoffs times a positive number that makes them integers."""

    shape: tuple[int, ...]
    strides: list[int]
    tables: list[list[int]]

    def __init__(self, game: Game) -> None:
        self.shape = game.shape
        self.strides = [1] * len(game.shape)
        for i in range(len(game.shape) - 2, -1, -1):
            self.strides[i] = self.strides[i + 1] * game.shape[i + 1]
        self.tables = []
        for table in game.payoffs:
            common = lcm(*(value.denominator for value in table))
            if common.bit_length() * len(table) > _MOST_BITS:
                raise Failure("the payoffs have too large a common denominator")
            self.tables.append([value.numerator * (common // value.denominator) for value in table])

    def cells(self, allowed: Any, player: int) -> list[int]:
        """Places in a table of what the others may play, the player's own part left out."""
        found = [0]
        for j, own in enumerate(allowed):
            if j != player:
                found = [cell + a * self.strides[j] for cell in found for a in own]
        return found

    def conditions(self, support: Support) -> tuple[list[list[int]], list[list[int]]]:
        """The equations and inequalities at a support's profiles, the last player's fastest."""
        equations: list[list[int]] = []
        inequalities: list[list[int]] = []
        for i, own in enumerate(support):
            cells = [0]
            for j, others in enumerate(support):
                step = 0 if j == i else self.strides[j]
                cells = [cell + a * step for cell in cells for a in others]
            table, first = self.tables[i], own[0] * self.strides[i]
            for b in range(self.shape[i]):
                if b == own[0]:
                    continue
                other = b * self.strides[i]
                gains = [table[cell + other] - table[cell + first] for cell in cells]
                if b in own:
                    equations.append(gains)
                else:
                    inequalities.append([-gain for gain in gains])
        return equations, inequalities


def check_supports(game: IntegerGame, listed: set[Support]) -> list[tuple[int, ...]]:
    """The pure profiles that conditional dominance leaves, other supports being listed."""
    pure: list[tuple[int, ...]] = []
    for support in _supports_left(game, _MOST_TRIED + 100 * len(listed)):
        if all(len(own) == 1 for own in support):
            pure.append(tuple(own[0] for own in support))
        elif support not in listed:
            raise Failure(f"support {support} is not listed")
    return pure


def _supports_left(game: IntegerGame, most_tried: int) -> Generator[Support]:
    """The supports that conditional dominance leaves, one after the other."""
    everything = _without_dominated(game, tuple(tuple(range(m)) for m in game.shape), 0)
    # How many players are settled, what is left to all, and the next player's set to be tried.
    waiting = [] if everything is None else [(0, everything, 1)]
    while waiting:
        settled, left, mask = waiting.pop()
        if settled == len(game.shape):
            yield left
            continue
        if mask >> len(left[settled]):
            continue
        if not most_tried:
            raise Failure("conditional dominance takes too long")
        most_tried -= 1
        waiting.append((settled, left, mask + 1))
        own = tuple(a for k, a in enumerate(left[settled]) if mask >> k & 1)
        allowed = (*left[:settled], own, *left[settled + 1 :])
        after = _without_dominated(game, allowed, settled + 1)
        if after is not None:
            waiting.append((settled + 1, after, 1))


def _without_dominated(game: IntegerGame, allowed: Support, settled: int) -> Support | None:
    """Dominated actions struck out; None if one of the first `settled` players plays one."""
    while True:
        before = allowed
        for i, own in enumerate(allowed):
            cells = game.cells(allowed, i)
            kept = tuple(a for a in own if not _is_dominated(game, i, a, cells))
            if kept != own:
                if i < settled:
                    return None
                allowed = (*allowed[:i], kept, *allowed[i + 1 :])
        if allowed == before:
            return allowed


def _is_dominated(game: IntegerGame, player: int, action: int, cells: list[int]) -> bool:
    table, stride = game.tables[player], game.strides[player]
    return any(
        all(table[cell + b * stride] > table[cell + action * stride] for cell in cells)
        for b in range(game.shape[player])
        if b != action
    )
