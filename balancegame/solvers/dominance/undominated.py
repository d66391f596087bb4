"""Iterated elimination of dominated actions, by pure or mixed actions, strictly or weakly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_flag, check_known, check_type, is_sized
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame._words import counted
from balancegame.errors import (
    InvalidParameterError,
    InvalidTypeError,
    SearchInterrupted,
    UnknownNameError,
)
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.dominance.dominance import Dominance, Dominator, Witness
from balancegame.solvers.dominance.result import Elimination, Step, UndominatedResult
from balancegame.solvers.own_table import OwnTable
from balancegame.solvers.players import player_index

_KINDS = ("mixed", "pure")


def undominated(
    game: NormalFormGame,
    *,
    by: str = "mixed",
    weak: bool = False,
    order: Sequence[str | int] | None = None,
    max_rounds: int | None = None,
) -> UndominatedResult:
    """The actions that survive the iterated elimination of dominated ones.

    Parameters
    ----------
    game : NormalFormGame
    by : {"mixed", "pure"}
        Which actions may dominate.
    weak : bool
        Eliminate weakly dominated actions too: those that some other never pays less than, and
        sometimes more. What survives depends on the order then.
    order : sequence of str or int, optional
        All players, by name or index, in the order in which they eliminate, each all his dominated
        actions at once, within a round. By default all players eliminate simultaneously.
    max_rounds : int, optional
        Stop after so many rounds; 1 gives the undominated actions of the game as it is.

    Returns
    -------
    UndominatedResult
        The surviving actions, the reduced game, and for each elimination what dominates. `complete`
        says whether in the reduced game nothing is dominated any more.

    Raises
    ------
    InvalidParameterError, UnknownPlayerError, InvalidTypeError
    SearchInterrupted
        On Ctrl-C, with the eliminations of the finished steps.

    Notes
    -----
    Exact, floats counting at their exact binary value: an action that some pure profile makes a
    best reply is undominated; pure dominators are found by comparison; otherwise a linear program
    decides (Dominance by mixed actions: Luce & Raiffa 1957, Pearce 1984). Strict elimination has
    the same outcome in every order (Gilboa, Kalai & Zemel 1990). Time: a few passes over the table
    a round, and for an action in doubt an exact linear program over few of its columns; floats
    that differ by hundreds of orders of magnitude make its integers long, and it slow.

    Examples
    --------
    Nothing here is dominated by a pure action, but M is by half of T and half of B; then R is by
    L (after Fudenberg & Tirole 1991, section 2.1).

    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays(
    ...     [[4, 0], [1, 1], [0, 4]],
    ...     [[2, 0], [0, 3], [1, 0]],
    ...     actions=[["T", "M", "B"], ["L", "R"]],
    ... )
    >>> bg.undominated(game, by="pure").eliminations
    ()
    >>> print(bg.undominated(game))
    Undominated actions (strict dominance by mixed actions, all rounds)
      player    survive  eliminated
      player 0  T        M, B
      player 1  L        R
      round  player    action  dominated by   gain
      1      player 0  M       1/2 T + 1/2 B  1
      2      player 1  R       L              1 to 2
      3      player 0  B       T              4
      Complete: nothing is dominated in the reduced game
    """
    check_type(game, NormalFormGame, "game")
    check_known(by, _KINDS, "kind of dominance in by:", UnknownNameError)
    check_flag(weak, "weak")
    rounds = None if max_rounds is None else check_count(max_rounds, "max_rounds", 1)
    players = None if order is None else _order(game, order)
    search = _Elimination(game, mixed=by == "mixed", weak=weak, order=players)
    try:
        search.run(rounds)
    except KeyboardInterrupt:
        raise SearchInterrupted(search.result(by, rounds, interrupted=True)) from None
    return search.result(by, rounds)


def _order(game: NormalFormGame, order: object) -> tuple[int, ...]:
    if isinstance(order, str | bytes) or not isinstance(order, Sequence) or not is_sized(order):
        message = f"order is {shorten(order)}; give a sequence of all players"
        raise InvalidTypeError(message)
    places = tuple(player_index(game, player, "order") for player in order)
    if sorted(places) != list(range(game.n_players)):
        message = (
            f"order is {shorten(list(order))}; it must name each of "
            f"{counted(game.n_players, 'player')} once"
        )
        raise InvalidParameterError(message)
    return places


@dataclass(slots=True)
class _Elimination:
    """The state of a run: who has which actions left."""

    game: NormalFormGame
    mixed: bool
    weak: bool
    order: tuple[int, ...] | None
    alive: list[list[int]] = field(init=False)
    tables: list[OwnTable] = field(init=False)
    steps: list[Step] = field(init=False, default_factory=list[Step])
    finished: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.alive = [list(range(m)) for m in self.game.shape]
        self.tables = [OwnTable.of_player(self.game, i) for i in range(self.game.n_players)]

    def run(self, max_rounds: int | None) -> None:
        """Round after round until nothing is dominated."""
        done = 0
        while not self.finished and done != max_rounds:
            done += 1
            self.finished = not self._round(done)
            report("rounds of elimination", done, done + 1 - self.finished)

    def _round(self, number: int) -> bool:
        """Whether a round eliminated anything."""
        if self.order is None:
            steps = [self._step(number, i) for i in range(self.game.n_players)]
            for step in steps:
                self._take(step)
        else:
            steps: list[Step] = []
            for i in self.order:
                steps.append(self._step(number, i))
                self._take(steps[-1])
        return any(step.dominators for step in steps)

    def _take(self, step: Step) -> None:
        self.steps.append(step)
        mine = self.alive[step.player]
        self.alive[step.player] = [a for a in mine if a not in step.dominators]

    def _step(self, number: int, player: int) -> Step:
        rows = self.alive[player]
        columns = self._columns(player)
        table = self.tables[player].part(rows, columns)
        dominance = Dominance(table, mixed=self.mixed, weak=self.weak)
        step = Step(number, player)
        for place, action in enumerate(rows):
            found = dominance.examine(place)
            if isinstance(found, Dominator):
                step.dominators[action] = self._spread(found, player)
            elif found is not None:
                step.witnesses[action] = Witness(
                    tuple(int(columns[s]) for s in found.tied),
                    found.common,
                    {int(columns[s]): weight for s, weight in found.weights.items()},
                )
        return step

    def _spread(self, found: Dominator, player: int) -> Dominator:
        """The weights over all of the player's actions."""
        weights = [Fraction(0)] * self.game.shape[player]
        for action, weight in zip(self.alive[player], found.weights, strict=True):
            weights[action] = weight
        return Dominator(tuple(weights), found.least, found.greatest)

    def _columns(self, player: int) -> NDArray[np.intp]:
        """The others' joint actions that are left, as places in the whole table's columns."""
        places = np.zeros(1, dtype=np.intp)
        for j, m in enumerate(self.game.shape):
            if j != player:
                places = (places[:, None] * m + np.array(self.alive[j])).ravel()
        return places

    def result(
        self, by: str, max_rounds: int | None, *, interrupted: bool = False
    ) -> UndominatedResult:
        """What has been found, as the caller gets it."""
        order = None if self.order is None else tuple(self.game.players[i] for i in self.order)
        if self.finished:
            reason = "nothing is dominated in the reduced game"
        elif interrupted:
            reason = "interrupted"
        else:
            reason = f"stopped after max_rounds = {max_rounds}"
        return UndominatedResult(
            original=self.game,
            survivors=tuple(map(tuple, self.alive)),
            eliminations=tuple(
                Elimination.of_dominator(self.game, step.round, step.player, action, found)
                for step in self.steps
                for action, found in step.dominators.items()
            ),
            by=by,
            weak=self.weak,
            order=order,
            max_rounds=max_rounds,
            complete=self.finished,
            reason=reason,
            steps=tuple(self.steps),
        )
