"""Check bounds on what the others can hold a player down to.

The upper bound is attained by a profile of the others' independent mixed actions: no action of the
player pays more against it. The lower bound of pure punishments is the least, over the others'
joint actions, of the most the player gets. That of mixed ones has one of two reasons:

* weights on the player's own actions, with which he gets as much against every joint action, so
  that even correlated punishments cannot hold him down further;
* a covering. The others' profiles form a product of simplices, and a region of it, a product of
  smaller ones, is given by their vertices. Payoffs are linear in each punisher's part, so that
  within a region the player gets, with weights of his own, at least what he gets at the worst of
  its vertex profiles. The root is the whole product. A bisected region is the union of two, in
  each of which one of two vertices of one punisher has given way to the middle between them; every
  other region comes with weights that guarantee the bound. Actions of punishers may be dropped
  before, if some other never gives the player more.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

from .certificate import decode
from .reading import Failure, Game, read_fraction, read_game, read_list, read_object, read_places

_CERTIFICATE = {
    "format", "claim", "game", "player", "mixed", "lower", "upper", "profile", "correlated",
    "covering", "sha256",
}  # fmt: skip
_CORRELATED = {"value", "weights", "distribution"}
_COVERING = {"dropped", "tree"}


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A player's payoffs: one row an own action, over the others' joint actions.

    These are in lexicographic order; `sizes` are the others' numbers of actions.
    """

    rows: list[list[Fraction]]
    sizes: tuple[int, ...]


def check_minmax(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs and player read"
    try:
        read_object(data, _CERTIFICATE)
        game = read_game(data["game"])
        (player,) = read_places([data["player"]])
        if player >= len(game.players):
            raise Failure("there is no such player")
        if type(data["mixed"]) is not bool:
            raise Failure("whether punishments are mixed is neither true nor false")
        table = own_table(game, player)
        yield claim, None
        claim = "upper: the profile holds the player down to it"
        upper = read_fraction(data["upper"])
        _check_upper(table, data, upper)
        yield claim, None
        lower = read_fraction(data["lower"])
        if not data["mixed"]:
            claim = "lower: no joint action holds him down further"
            if data["correlated"] is not None or data["covering"] is not None:
                raise Failure("more is given than pure punishments need")
            if min(map(max, zip(*table.rows, strict=True))) != lower:
                raise Failure("the least of all ceilings is another")
            yield claim, None
            return
        claim = "correlated: the value, by weights and by a distribution that guarantee it"
        correlated = check_correlated(table, data["correlated"])
        yield claim, None
        claim = "lower: no independent mixed actions hold him down further"
        if data["covering"] is not None:
            check_covering(table, data["covering"], lower)
        elif lower > correlated:
            raise Failure("it is above the correlated value, and there is no covering")
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def own_table(game: Game, player: int) -> OwnTable:
    """The table of one player."""
    after = math.prod(game.shape[player + 1 :])
    table = game.payoffs[player]
    m = game.shape[player]
    rows = [
        [
            value
            for start in range(a * after, len(table), m * after)
            for value in table[start : start + after]
        ]
        for a in range(m)
    ]
    return OwnTable(rows, (*game.shape[:player], *game.shape[player + 1 :]))


def _check_upper(table: OwnTable, data: dict[str, Any], upper: Fraction) -> None:
    parts = [
        read_probabilities(part, m)
        for part, m in zip(read_list(data["profile"], len(table.sizes)), table.sizes, strict=True)
    ]
    if not data["mixed"] and any(max(part) < 1 for part in parts):
        raise Failure("the punishment is mixed")
    if max(against(table, parts)) != upper:
        raise Failure("it holds him down to something else")


def read_probabilities(value: Any, length: int) -> list[Fraction]:
    """Probabilities that sum to 1."""
    found = [read_fraction(chance) for chance in read_list(value, length)]
    if min(found) < 0 or sum(found) != 1:
        raise Failure("probabilities are negative or do not sum to 1")
    return found


def against(table: OwnTable, parts: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """What each own action gets against independent parts."""
    chances = [Fraction(1)]
    for part in parts:
        chances = [before * chance for before in chances for chance in part]
    played = [(k, chance) for k, chance in enumerate(chances) if chance]
    return [sum((row[k] * chance for k, chance in played), Fraction(0)) for row in table.rows]


def check_correlated(table: OwnTable, given: Any) -> Fraction:
    """The value of the matrix game of own against joint actions."""
    read_object(given, _CORRELATED)
    value = read_fraction(given["value"])
    weights = read_probabilities(given["weights"], len(table.rows))
    if min(sum(map(mul, weights, column)) for column in zip(*table.rows, strict=True)) != value:
        raise Failure("the weights guarantee something else")
    places = {cell: k for k, cell in enumerate(itertools.product(*map(range, table.sizes)))}
    pairs = [read_list(pair, 2) for pair in read_list(given["distribution"])]
    columns = [places[read_places(cell)] for cell, _ in pairs]
    chances = read_probabilities([chance for _, chance in pairs], len(pairs))
    if max(
        sum(row[k] * p for k, p in zip(columns, chances, strict=True)) for row in table.rows
    ) != (value):
        raise Failure("the distribution holds him down to something else")
    return value


def check_covering(table: OwnTable, given: Any, lower: Fraction, *, strictly: bool = False) -> None:
    """Whatever the others do independently, the player gets `lower` (or more, if strictly)."""
    read_object(given, _COVERING)
    rows, sizes = _without_dropped(table, read_list(given["dropped"]))
    common = math.lcm(*(value.denominator for row in rows for value in row))
    # Entries stand for themselves over common * 2^depth.
    waiting = [([[int(value * common) for value in row] for row in rows], 0)]
    for place, node in enumerate(read_list(given["tree"])):
        if not waiting:
            raise Failure("the tree has more nodes than belong to it")
        here, depth = waiting.pop()
        if type(node) is dict and "bisected" in node:
            read_object(node, {"bisected"})
            j, x, y = read_places(node["bisected"], 3)
            if j >= len(sizes) or x == y or max(x, y) >= sizes[j]:
                raise Failure(f"node {place} is bisected between vertices that do not exist")
            waiting += [(_half(here, sizes, j, end, x, y), depth + 1) for end in (y, x)]
            continue
        read_object(node, {"weights"})
        weights = [decode(weight) for weight in read_list(node["weights"], len(rows))]
        total = sum(weights)
        if min(weights) < 0 or not total:
            raise Failure(f"the weights of node {place} are negative, or all zero")
        reached = min(sum(map(mul, weights, column)) for column in zip(*here, strict=True))
        bound = lower.numerator * total * (common << depth)
        if reached * lower.denominator < bound or (
            strictly and reached * lower.denominator == bound
        ):
            raise Failure(f"the weights of node {place} do not guarantee the bound")
    if waiting:
        raise Failure("the tree has fewer nodes than belong to it")


def _without_dropped(
    table: OwnTable, dropped: list[Any]
) -> tuple[list[list[Fraction]], tuple[int, ...]]:
    """The table with the columns of the actions that are left."""
    kept = [list(range(m)) for m in table.sizes]
    cells = list(itertools.product(*kept))
    columns = dict(zip(cells, zip(*table.rows, strict=True), strict=True))
    for one in dropped:
        j, action, instead = read_places(one, 3)
        if action == instead or action not in kept[j] or instead not in kept[j]:
            raise Failure("an action is dropped that is not left, or for one that is not")
        for cell in cells:
            if cell[j] == action:
                other = columns[*cell[:j], instead, *cell[j + 1 :]]
                if any(map(Fraction.__lt__, columns[cell], other)):
                    raise Failure("an action is dropped for one that gives the player more")
        kept[j].remove(action)
        cells = [cell for cell in cells if cell[j] != action]
    rows = [list(row) for row in zip(*(columns[cell] for cell in cells), strict=True)]
    return rows, tuple(map(len, kept))


def _half(
    rows: list[list[int]], sizes: tuple[int, ...], j: int, end: int, x: int, y: int
) -> list[list[int]]:
    """Twice the table, one vertex of one punisher replaced by the middle between two."""
    after = math.prod(sizes[j + 1 :])
    cells = range(len(rows[0]))
    sources = [(k - (end - x) * after, k - (end - y) * after) for k in cells]
    moved = [k // after % sizes[j] == end for k in cells]
    return [
        [
            row[source[0]] + row[source[1]] if moves else 2 * row[k]
            for k, (source, moves) in enumerate(zip(sources, moved, strict=True))
        ]
        for row in rows
    ]
