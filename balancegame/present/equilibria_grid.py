"""What stands in which cell of a table of equilibria, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from balancegame.errors import InvalidShapeError
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.rendering import number, probability_text
from balancegame.games.results import NashResult

GAP = 0.35  # between players
LETTER = 0.6  # width of a letter, in sizes of it
_MOST_COLUMNS, _MOST_PLAYED = 40, 80  # of all actions; of those played somewhere
_LEGIBLE = 5.5  # size of letters that is worth leaving actions out for
_SPACE = 0.7  # beside a text, in letters
_LONGEST = 24  # letters of a name

Actions = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its label, and where it lies."""

    label: str
    left: float
    width: float

    @property
    def middle(self) -> float:
        """Where texts stand."""
        return self.left + self.width / 2


@dataclass(frozen=True, slots=True)
class EquilibriaGrid:
    """A table of equilibria; widths are in columns of one action.

    Attributes
    ----------
    texts : tuple of tuple of str
        Row by row: probabilities, empty where they are 0, and payoffs.
    columns : tuple of Column
    blocks : tuple of Column
        One a player, over his actions, and one over the payoffs.
    actions : tuple of tuple of int
        Each player's actions that have a column.
    letters : float
        Of the longest probability, with some space.
    width : float
    """

    texts: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    blocks: tuple[Column, ...]
    actions: Actions
    letters: float
    width: float


def grid_of(result: NashResult, shown: Sequence[Equilibrium], room: float) -> EquilibriaGrid:
    """The table of some equilibria for so many points of width.

    Actions that none of them plays are left out where the table would be too wide with them.
    """
    shape = result.game.shape
    if sum(shape) + len(shape) <= _MOST_COLUMNS:
        whole = _grid(result, shown, tuple(tuple(range(m)) for m in shape))
        if not shown or whole.width * whole.letters * LETTER * _LEGIBLE <= room:
            return whole
    played = tuple(
        tuple(sorted({a for found in shown for a in found.support[i]})) for i in range(len(shape))
    )
    columns = sum(map(len, played)) + len(shape)
    if columns > _MOST_PLAYED:
        message = (
            f"the equilibria take {columns} columns; at most {_MOST_PLAYED} can be drawn legibly: "
            "use result.to_frame()"
        )
        raise InvalidShapeError(message)
    return _grid(result, shown, played)


def _grid(result: NashResult, shown: Sequence[Equilibrium], actions: Actions) -> EquilibriaGrid:
    chances = [[_chance(one, i, a) for i, own in enumerate(actions) for a in own] for one in shown]
    payoffs = [[number(float(payoff)) for payoff in found.payoffs] for found in shown]
    letters = max((len(text) for row in chances for text in row), default=3)
    letters = max(letters, 3) + _SPACE
    longest = max((len(text) for row in payoffs for text in row), default=3)
    game = result.game
    columns: list[Column] = []
    blocks: list[Column] = []
    labels = [[game.actions[i][a] for a in own] for i, own in enumerate(actions)]
    left = 0.0
    for name, own, width in (
        *((name, own, 1.0) for name, own in zip(game.players, labels, strict=True)),
        ("payoffs", game.players, max((longest + _SPACE) / letters, 1.0)),
    ):
        columns += [Column(_short(one), left + k * width, width) for k, one in enumerate(own)]
        blocks.append(Column(_short(name), left, len(own) * width))
        left += len(own) * width + GAP
    return EquilibriaGrid(
        texts=tuple((*row, *paid) for row, paid in zip(chances, payoffs, strict=True)),
        columns=tuple(columns),
        blocks=tuple(blocks),
        actions=actions,
        letters=letters,
        width=left - GAP,
    )


def _chance(found: Equilibrium, player: int, action: int) -> str:
    if action not in found.support[player]:
        return ""
    text = probability_text(found, player, action)
    return text if len(text) <= 5 else f"{float(found.profile[player][action]):.3g}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."
