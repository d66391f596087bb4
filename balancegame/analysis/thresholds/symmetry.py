"""Players who can be exchanged, and profiles that are the same up to such an exchange."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from balancegame.games.symbolic_game import SymbolicGame

Cell = tuple[int, ...]


def interchangeable(game: SymbolicGame) -> list[list[int]]:
    """Classes of players any two of whom can change places, by the form of the payoffs.

    Sound, not complete: equal payoffs written in two ways are not recognised.
    """
    classes: list[list[int]] = []
    for player in range(game.n_players):
        for members in classes:
            if game.actions[members[0]] == game.actions[player] and _swap(game, members[0], player):
                members.append(player)
                break
        else:
            classes.append([player])
    return classes


def _swap(game: SymbolicGame, i: int, j: int) -> bool:
    table = game.payoffs
    order = list(range(game.n_players))
    order[i], order[j] = j, i
    return all(bool((table[order[k]].transpose(order) == table[k]).all()) for k in order)


def orbits(cells: Iterable[Cell], classes: Sequence[Sequence[int]]) -> list[list[Cell]]:
    """Cells grouped by what exchanges of players within the classes make of them."""
    found: dict[Cell, list[Cell]] = {}
    for cell in cells:
        found.setdefault(_representative(cell, classes), []).append(cell)
    return list(found.values())


def _representative(cell: Cell, classes: Sequence[Sequence[int]]) -> Cell:
    least = list(cell)
    for members in classes:
        for player, action in zip(members, sorted(cell[i] for i in members), strict=True):
            least[player] = action
    return tuple(least)
