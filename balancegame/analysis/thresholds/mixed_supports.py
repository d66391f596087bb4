"""Mixed equilibria of 2 x 2 and 2 x 3 games in closed form, support by support.

In an equilibrium in which both players mix over two actions, each one's probabilities make the
other indifferent: a linear equation with one unknown each. It has a solution inside (0, 1) iff the
indifferent player prefers one action against one of the mixed actions and the other against the
other. A third action must not pay more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, final

import sympy as sp

from balancegame._numbers import Number
from balancegame.analysis.thresholds.clauses import Clause, comparison
from balancegame.analysis.thresholds.signs import Facts
from balancegame.analysis.thresholds.threshold_result import Threshold
from balancegame.games.exact_evaluation import value_at
from balancegame.games.expressions import read_values
from balancegame.games.narrow_text import wrapped
from balancegame.games.symbolic_game import SymbolicGame


@final
@dataclass(frozen=True, slots=True, repr=False)
class MixedRegion:
    """A mixed equilibrium in closed form, and the condition under which it is one.

    Attributes
    ----------
    support : tuple of tuples of str
        The actions that each player mixes.
    profile : tuple of tuples of expressions
        One probability an action of the game, for each player.
    threshold : Threshold
        Its condition; that both probabilities are positive is part of it.
    """

    support: tuple[tuple[str, ...], ...]
    profile: tuple[tuple[Any, ...], ...]
    threshold: Threshold

    @property
    def condition(self) -> Any:
        """The condition, as a sympy condition."""
        return self.threshold.condition

    def holds(self, values: Mapping[Any, Number]) -> bool:
        """Whether it is an equilibrium at given parameters, decided exactly."""
        return self.threshold.holds(values)

    def at(self, values: Mapping[Any, Number]) -> tuple[tuple[Fraction | float, ...], ...]:
        """The probabilities at given parameters: Fractions where they are rational."""
        exact = read_values(values, self.threshold.symbols)
        return tuple(tuple(value_at(one, exact) for one in part) for part in self.profile)

    def __repr__(self) -> str:
        parts = [
            " + ".join(f"({chance}) {name}" for name, chance in zip(names, shown, strict=True))
            for names, shown in zip(self.support, self._shown(), strict=True)
        ]
        return f"{wrapped('MixedRegion: ' + '; '.join(parts))}\n{self.threshold!r}"

    def _shown(self) -> list[list[Any]]:
        return [[chance for chance in part if chance != 0] for part in self.profile]


def mixed_supports(game: SymbolicGame) -> list[tuple[Any, tuple[Any, ...], tuple[Any, ...]]]:
    """((rows, columns), row player's probabilities, column player's), for every pair of pairs."""
    found: list[tuple[Any, tuple[Any, ...], tuple[Any, ...]]] = []
    for rows in combinations(range(game.shape[0]), 2):
        for columns in combinations(range(game.shape[1]), 2):
            supports = (rows, columns)
            ours = _mixture(*_preferences(game, 1, supports))
            theirs = _mixture(*_preferences(game, 0, supports))
            if ours is not None and theirs is not None:
                found.append((
                    supports,
                    _placed(ours, rows, game.shape[0]),
                    _placed(theirs, columns, game.shape[1]),
                ))  # fmt: skip
    return found


def mixed_clauses(game: SymbolicGame, supports: Any, facts: Facts) -> list[Clause]:
    """When that pair of pairs is the support of an equilibrium."""
    found: list[Clause] = []
    for player in (0, 1):
        x, y = _preferences(game, player, supports)
        found += comparison(-x * y, facts, strict=True)
        mixture = _mixture(x, y)
        for other in range(game.shape[player]):
            if other not in supports[player] and mixture is not None:
                gains = [_gain(game, player, supports, b, other) for b in supports[1 - player]]
                worse = mixture[0] * gains[0] + mixture[1] * gains[1]
                found += comparison(sp.together(worse), facts, strict=False)
    return found


def _preferences(game: SymbolicGame, player: int, supports: Any) -> tuple[Any, Any]:
    """How much more the first of his two actions pays, against each of the other's two."""
    second = supports[player][1]
    x, y = (_gain(game, player, supports, b, second) for b in supports[1 - player])
    return x, y


def _gain(game: SymbolicGame, player: int, supports: Any, against: int, other: int) -> Any:
    first = supports[player][0]
    cells = [(first, against), (other, against)]
    if player == 1:
        cells = [(b, a) for a, b in cells]
    return game.cell(cells[0])[player] - game.cell(cells[1])[player]


def _mixture(x: Any, y: Any) -> tuple[Any, Any] | None:
    """The other's probabilities that leave a player indifferent: p x + (1 - p) y = 0."""
    spread = sp.cancel(sp.together(y - x))
    if spread == 0:
        return None
    return sp.factor(sp.together(y / spread)), sp.factor(sp.together(-x / spread))


def _placed(chances: tuple[Any, Any], support: tuple[int, int], m: int) -> tuple[Any, ...]:
    placed = dict(zip(support, chances, strict=True))
    return tuple(placed.get(a, sp.Integer(0)) for a in range(m))
