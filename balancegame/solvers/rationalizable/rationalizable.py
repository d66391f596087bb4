"""Rationalizable actions: those that common knowledge of rationality does not rule out."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_flag, check_type
from balancegame._progress import report
from balancegame.errors import SearchInterrupted
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.dominance.dominance import Dominance, Dominator
from balancegame.solvers.dominance.result import Elimination
from balancegame.solvers.minmax.punishment import (
    Covering,
    Part,
    affordable_regions,
    ceiling,
    marginals,
    punish,
)
from balancegame.solvers.own_table import OwnTable
from balancegame.solvers.rationalizable.result import Conjecture, RationalizableResult

_TOLERANCE = 1e-8
_MOST_REGIONS = 10_000


def rationalizable(
    game: NormalFormGame, *, independent: bool = False, max_regions: int | None = None
) -> RationalizableResult:
    """The rationalizable actions of a game, each with a conjecture that makes it a best reply.

    Parameters
    ----------
    game : NormalFormGame
    independent : bool
        Let players conjecture that the others choose independently, as Bernheim (1984) and Pearce
        (1984) do. By default a conjecture is any distribution on the others' joint actions, and
        the rationalizable actions are those that survive the iterated elimination of strictly
        dominated actions. With two players there is no difference.
    max_regions : int, optional
        The most regions that conjectures are divided into to decide on one action; matters only
        for independent conjectures of three and more players. By default 10,000, and fewer where
        the payoff table is large.

    Returns
    -------
    RationalizableResult
        For each surviving action an exact conjecture on surviving actions; for each eliminated one
        the mixed action that dominates it. Under independence some actions can stay `undecided`:
        those whose conjectures would have to be irrational, or need more regions. `complete` says
        whether there are none.

    Raises
    ------
    InvalidTypeError, InvalidParameterError
    SearchInterrupted
        On Ctrl-C, with the eliminations of finished rounds; all else is undecided.

    Notes
    -----
    An action is a best reply to some conjecture iff no mixed action strictly dominates it (Pearce
    1984, lemma 3); with correlated conjectures this gives the equivalence for any number of players
    (Brandenburger & Dekel 1987). With independent ones it is decided, action by action, whether
    the others can hold down to 0 what the player gains by other actions: the covering of
    `minmax` proves that they cannot, a rational profile that they can.

    Examples
    --------
    Player 3's M2 is a best reply to the belief that the others coordinate on (U, L) or (D, R) by a
    fair coin, but to no belief by which they choose independently (Osborne & Rubinstein 1994,
    section 4.1).

    >>> import balancegame as bg
    >>> common = [[[8, 4, 0, 3], [0, 0, 0, 3]], [[0, 0, 0, 3], [0, 4, 8, 3]]]
    >>> game = bg.NormalFormGame.from_arrays(
    ...     common,
    ...     common,
    ...     common,
    ...     players=["1", "2", "3"],
    ...     actions=[["U", "D"], ["L", "R"], ["M1", "M2", "M3", "M4"]],
    ... )
    >>> bg.rationalizable(game).actions[2]
    ('M1', 'M2', 'M3', 'M4')
    >>> print(bg.rationalizable(game).conjecture(2, 1))
    1/2 (U, L) + 1/2 (D, R)
    >>> print(bg.rationalizable(game, independent=True))
    Rationalizable actions (independent conjectures)
      player  survive     eliminated
      1       U, D        -
      2       L, R        -
      3       M1, M3, M4  M2
      round  player  action  dominated by                        gain
      1      3       M2      no mixed action, but no best reply  at least 0.899
      Complete: every action has a conjecture on surviving actions, or is eliminated
    """
    check_type(game, NormalFormGame, "game")
    check_flag(independent, "independent")
    most = None if max_regions is None else check_count(max_regions, "max_regions", 1)
    search = _Rationalization(game, independent, most)
    try:
        search.run()
    except KeyboardInterrupt:
        raise SearchInterrupted(search.result(interrupted=True)) from None
    return search.result()


@dataclass(frozen=True, slots=True)
class _Refuted:
    """No independent conjecture makes an action a best reply: it loses `least` at least."""

    least: Fraction
    greatest: Fraction
    covering: Covering


@dataclass(slots=True)
class _Rationalization:
    """The state of a run: who has which actions left, and what makes them best replies."""

    game: NormalFormGame
    independent: bool
    max_regions: int | None
    alive: list[list[int]] = field(init=False)
    tables: list[OwnTable] = field(init=False)
    eliminations: list[Elimination] = field(init=False, default_factory=list[Elimination])
    coverings: dict[tuple[int, int], Covering] = field(
        init=False, default_factory=dict[tuple[int, int], Covering]
    )
    conjectures: dict[tuple[int, int], Conjecture] = field(
        init=False, default_factory=dict[tuple[int, int], Conjecture]
    )

    def __post_init__(self) -> None:
        self.alive = [list(range(m)) for m in self.game.shape]
        self.tables = [OwnTable.of_player(self.game, i) for i in range(self.game.n_players)]

    def run(self) -> None:
        """Eliminate until nothing is left to; then drop conjectures that rest on undecided ones."""
        number = 0
        while True:
            number += 1
            conjectures = self._round(number)
            if conjectures is not None:
                break
            report("rounds of elimination", number, number + 1)
        while not self._is_closed(conjectures):
            proven = [
                [a for a in mine if (i, a) in conjectures] for i, mine in enumerate(self.alive)
            ]
            for i, a in list(conjectures):
                if not conjectures[i, a].rests_on(proven):
                    again = self._examine(i, a, proven)
                    if isinstance(again, Conjecture):
                        conjectures[i, a] = again
                    else:
                        del conjectures[i, a]
        self.conjectures = conjectures

    def _is_closed(self, conjectures: dict[tuple[int, int], Conjecture]) -> bool:
        proven = [[a for a in mine if (i, a) in conjectures] for i, mine in enumerate(self.alive)]
        return all(found.rests_on(proven) for found in conjectures.values())

    def _round(self, number: int) -> dict[tuple[int, int], Conjecture] | None:
        """All players eliminate what they can; conjectures, if nobody could."""
        conjectures: dict[tuple[int, int], Conjecture] = {}
        gone: list[tuple[int, int, Dominator | _Refuted]] = []
        for i, mine in enumerate(self.alive):
            for a in mine:
                found = self._examine(i, a, self.alive)
                if isinstance(found, Conjecture):
                    conjectures[i, a] = found
                elif found is not None:
                    gone.append((i, a, found))
        if not gone:
            return conjectures
        left = [mine.copy() for mine in self.alive]
        eliminations = self.eliminations.copy()
        for i, a, found in gone:
            left[i].remove(a)
            if isinstance(found, _Refuted):
                self.coverings[i, a] = found.covering
                found = Dominator((), found.least, found.greatest)
            eliminations.append(Elimination.of_dominator(self.game, number, i, a, found))
        self.alive, self.eliminations = left, eliminations
        return None

    def _examine(
        self, player: int, action: int, left: list[list[int]]
    ) -> Conjecture | Dominator | _Refuted | None:
        """Why an action is a best reply to what is left, or is none; None if undecided."""
        rows = self.alive[player]
        columns, sizes = self._columns(player, left)
        if not len(columns):
            return None
        table = self.tables[player].part(rows, columns)
        found = Dominance(table, mixed=True, weak=False).examine(rows.index(action))
        if isinstance(found, Dominator):
            weights = [Fraction(0)] * self.game.shape[player]
            for b, weight in zip(rows, found.weights, strict=True):
                weights[b] = weight
            return Dominator(tuple(weights), found.least, found.greatest)
        if found is None:
            return None
        total = sum(found.weights.values())
        chances = {column: weight / total for column, weight in found.weights.items()}
        if not self.independent:
            return self._joint(player, action, {int(columns[s]): p for s, p in chances.items()})
        parts = marginals(chances, sizes)
        if len(chances) == 1:
            return self._product(player, action, parts, left)
        gains = table.gains_over(rows.index(action))
        if ceiling(gains, sizes, parts) == 0:
            return self._product(player, action, parts, left)
        most = self.max_regions or affordable_regions(gains, _MOST_REGIONS)
        punishment = punish(gains, sizes, _TOLERANCE, most)
        if punishment.interrupted:
            raise KeyboardInterrupt
        if punishment.upper == 0:
            return self._product(player, action, punishment.profile, left)
        if punishment.lower > 0 and punishment.covering is not None:
            return _Refuted(punishment.lower, punishment.upper, punishment.covering)
        return None

    def _joint(self, player: int, action: int, chances: dict[int, Fraction]) -> Conjecture:
        sizes = [m for j, m in enumerate(self.game.shape) if j != player]
        cells = {
            (tuple(int(a) for a in np.unravel_index(s, sizes)) if sizes else ()): chance
            for s, chance in chances.items()
        }
        return Conjecture.of(self.game, player, action, cells, None)

    def _product(
        self, player: int, action: int, parts: tuple[Part, ...], left: list[list[int]]
    ) -> Conjecture:
        others = [j for j in range(self.game.n_players) if j != player]
        spread: list[Part] = []
        for j, part in zip(others, parts, strict=True):
            chances = [Fraction(0)] * self.game.shape[j]
            for a, chance in zip(left[j], part, strict=True):
                chances[a] = chance
            spread.append(tuple(chances))
        return Conjecture.of(self.game, player, action, None, tuple(spread))

    def _columns(self, player: int, left: list[list[int]]) -> tuple[NDArray[np.intp], list[int]]:
        """The others' joint actions that are left, as places in the whole table; their shape."""
        places = np.zeros(1, dtype=np.intp)
        for j, m in enumerate(self.game.shape):
            if j != player:
                mine = np.array(left[j], dtype=np.intp)
                places = (places[:, None] * m + mine).ravel()
        return places, [len(mine) for j, mine in enumerate(left) if j != player]

    def result(self, *, interrupted: bool = False) -> RationalizableResult:
        """What has been found, as the caller gets it."""
        survivors = tuple(
            tuple(a for a in mine if (i, a) in self.conjectures)
            for i, mine in enumerate(self.alive)
        )
        undecided = tuple(
            tuple(a for a in mine if (i, a) not in self.conjectures)
            for i, mine in enumerate(self.alive)
        )
        count = sum(map(len, undecided))
        if interrupted:
            reason = "interrupted"
        elif count:
            reason = f"{count} of the actions that are left could not be decided"
        else:
            reason = "every action has a conjecture on surviving actions, or is eliminated"
        return RationalizableResult(
            original=self.game,
            survivors=survivors,
            undecided=undecided,
            eliminations=tuple(self.eliminations),
            conjectures=tuple(self.conjectures[key] for key in sorted(self.conjectures)),
            independent=self.independent,
            complete=not count,
            reason=reason,
            coverings=self.coverings.copy(),
        )
