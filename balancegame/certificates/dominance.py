"""Check an iterated elimination of dominated actions, step by step.

A step is one player's part of a round. It names the actions he eliminates, each with a mixed action
that dominates it on what is left of the game, and for every other action why nothing does:

* where pure actions dominate, all pairs are compared here;
* an action is not strictly dominated if against some weights on the others' joint actions, not all
  zero, no action pays more: a dominating mixed action would have to gain against them;
* it is not weakly dominated if it is a best reply in certain columns, so that a dominating mixed
  action could only use the actions tied with it there (the *tied* ones), and if against some
  positive weights on all joint actions none of these pays more.

The steps are complete if the last round eliminates nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from fractions import Fraction
from operator import mul
from typing import Any

from .reading import Failure, Game, read_fraction, read_game, read_list, read_object, read_places

_CERTIFICATE = {
    "format", "claim", "game", "by", "weak", "order", "steps", "survivors", "complete", "sha256",
}  # fmt: skip
_STEP = {"round", "player", "eliminated", "kept"}
_ELIMINATED = {"action", "by", "least", "greatest"}
_KEPT = {"action", "tied", "common", "weights"}

Alive = list[list[int]]


def check_dominance(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs and kind of dominance read"
    try:
        read_object(data, _CERTIFICATE)
        game = read_game(data["game"])
        mixed, weak, order = _read_kind(data, len(game.players))
        yield claim, None
        claim = "steps: each eliminated action is dominated, by as much as is said"
        steps = [read_object(step, _STEP) for step in read_list(data["steps"])]
        before, alive = _replay(game, steps, order, weak=weak, mixed=mixed)
        yield claim, None
        claim = "steps: no action that is kept is dominated"
        for place, (step, left) in enumerate(zip(steps, before, strict=True)):
            _check_kept(game, step, left, f"step {place}", weak=weak, mixed=mixed)
        yield claim, None
        claim = "survivors: what the steps leave"
        if [list(read_places(kept)) for kept in read_list(data["survivors"])] != alive:
            raise Failure("other actions are left")
        _check_complete(data["complete"], steps, len(game.players))
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def _read_kind(data: dict[str, Any], n: int) -> tuple[bool, bool, list[int] | None]:
    if data["by"] not in ("mixed", "pure") or type(data["by"]) is not str:
        raise Failure("dominance is neither by mixed nor by pure actions")
    if type(data["weak"]) is not bool:
        raise Failure("whether dominance is weak is neither true nor false")
    if data["order"] is None:
        return data["by"] == "mixed", data["weak"], None
    order = list(read_places(data["order"], n))
    if sorted(order) != list(range(n)):
        raise Failure("the order does not name each player once")
    return data["by"] == "mixed", data["weak"], order


def _replay(
    game: Game,
    steps: list[dict[str, Any]],
    order: list[int] | None,
    *,
    weak: bool,
    mixed: bool,
) -> tuple[list[Alive], Alive]:
    """Who had which actions left before each step, and after all."""
    n = len(game.players)
    alive = [list(range(m)) for m in game.shape]
    before: list[Alive] = []
    if order is None and len(steps) % n:
        raise Failure("a round is not finished")
    for place, step in enumerate(steps):
        where = f"step {place}"
        player = place % n if order is None else order[place % n]
        if type(step["round"]) is not int or type(step["player"]) is not int:
            raise Failure(f"{where}: its round or player is no number")
        if (step["round"], step["player"]) != (place // n + 1, player):
            raise Failure(f"{where} is not the turn of round {place // n + 1}, player {player}")
        # Who eliminate simultaneously see the game as the round began.
        simultaneous = order is None and place % n
        left = before[-1] if simultaneous else [mine.copy() for mine in alive]
        before.append(left)
        gone: list[int] = []
        for one in read_list(step["eliminated"]):
            gone.append(check_eliminated(game, player, left, one, where, weak=weak, mixed=mixed))
        if len(set(gone)) != len(gone):
            raise Failure(f"{where}: an action is eliminated twice")
        alive[player] = [a for a in alive[player] if a not in gone]
        if not alive[player]:
            raise Failure(f"{where}: no action is left")
    return before, alive


def check_eliminated(
    game: Game, player: int, alive: Alive, one: Any, where: str, *, weak: bool, mixed: bool
) -> int:
    """The action that is eliminated, once it is found dominated as is said."""
    read_object(one, _ELIMINATED)
    (action,) = read_places([one["action"]])
    weights = [read_fraction(weight) for weight in read_list(one["by"], game.shape[player])]
    played = [a for a, weight in enumerate(weights) if weight]
    if action not in alive[player] or set(played) - set(alive[player]):
        raise Failure(f"{where}: an action that is not left is eliminated or dominates")
    if min(weights) < 0 or sum(weights) != 1 or action in played:
        raise Failure(f"{where}: action {action} is dominated by no mixture of other actions")
    if not mixed and len(played) > 1:
        raise Failure(f"{where}: action {action} is dominated by a mixed action only")
    rows = [row_of(game, player, a, alive) for a in played]
    chances = [weights[a] for a in played]
    own = row_of(game, player, action, alive)
    least = greatest = None
    for value, column in zip(own, zip(*rows, strict=True), strict=True):
        gain = sum(map(mul, chances, column)) - value
        least = gain if least is None or gain < least else least
        greatest = gain if greatest is None or gain > greatest else greatest
    if (least, greatest) != (read_fraction(one["least"]), read_fraction(one["greatest"])):
        raise Failure(f"{where}: what dominates action {action} gains {least} to {greatest}")
    if least is None or greatest is None or least < 0 or (least == 0 and not (weak and greatest)):
        raise Failure(f"{where}: action {action} is not dominated")
    return action


def _check_kept(
    game: Game, step: dict[str, Any], alive: Alive, where: str, *, weak: bool, mixed: bool
) -> None:
    player = step["player"]
    gone = [one["action"] for one in step["eliminated"]]
    left = [a for a in alive[player] if a not in gone]
    kept = [read_object(one, _KEPT) for one in read_list(step["kept"])]
    if not mixed:
        if kept:
            raise Failure(f"{where}: reasons are given that pure dominance does not need")
        _check_undominated_by_pure(game, player, alive, left, where, weak=weak)
        return
    if list(read_places([one["action"] for one in kept])) != left:
        raise Failure(f"{where}: reasons are not given for just the actions that are kept")
    rows = {a: row_of(game, player, a, alive) for a in alive[player]}
    places = column_places(game, player, alive)
    for one in kept:
        _check_witness(rows, places, one, f"{where}, action {one['action']}", weak=weak)


def _check_witness(
    rows: dict[int, list[Fraction]],
    places: dict[tuple[int, ...], int],
    one: dict[str, Any],
    where: str,
    *,
    weak: bool,
) -> None:
    own = rows[one["action"]]
    others = {a: row for a, row in rows.items() if a != one["action"]}
    tied = [places[read_places(column)] for column in read_list(one["tied"])]
    common = read_fraction(one["common"])
    weights = {
        places[read_places(column)]: read_fraction(weight)
        for column, weight in (read_list(pair, 2) for pair in read_list(one["weights"]))
    }
    if common < 0 or min(weights.values(), default=0) < 0:
        raise Failure(f"{where}: a weight is negative")
    if not weak and (tied or common or not any(weights.values())):
        raise Failure(f"{where}: strict dominance is refuted by weights of columns alone")
    for column in tied:
        if any(row[column] > own[column] for row in others.values()):
            raise Failure(f"{where}: it is no best reply in a column that is said to tie")
        others = {a: row for a, row in others.items() if row[column] == own[column]}
    if weak and others and not common:
        raise Failure(f"{where}: some joint action has no weight")
    for a, row in others.items():
        gain = sum(weight * (row[column] - own[column]) for column, weight in weights.items())
        if common:
            gain += common * (sum(row) - sum(own))
        if gain > 0:
            raise Failure(f"{where}: action {a} pays more against the weights")


def _check_undominated_by_pure(
    game: Game, player: int, alive: Alive, left: list[int], where: str, *, weak: bool
) -> None:
    rows = {a: row_of(game, player, a, alive) for a in alive[player]}
    for a, b in itertools.permutations(alive[player], 2):
        if a not in left:
            continue
        gains = [its - mine for mine, its in zip(rows[a], rows[b], strict=True)]
        if min(gains) > 0 or (weak and min(gains) == 0 and max(gains) > 0):
            raise Failure(f"{where}: action {a} is dominated by action {b}, and kept")


def _check_complete(complete: Any, steps: list[dict[str, Any]], n: int) -> None:
    if type(complete) is not bool:
        raise Failure("whether the steps are complete is neither true nor false")
    if not complete:
        return
    if not steps or len(steps) % n or any(step["eliminated"] for step in steps[-n:]):
        raise Failure("they are not complete: the last round eliminates something")


def row_of(game: Game, player: int, action: int, alive: Sequence[Sequence[int]]) -> list[Fraction]:
    """What an action pays over the others' joint actions that are left, in lexicographic order."""
    places = [0]
    for j, m in enumerate(game.shape):
        left = [action] if j == player else alive[j]
        places = [place * m + a for place in places for a in left]
    table = game.payoffs[player]
    return [table[place] for place in places]


def column_places(
    game: Game, player: int, alive: Sequence[Sequence[int]]
) -> dict[tuple[int, ...], int]:
    """The place of each of the others' joint actions in the rows of `row_of`."""
    left = [alive[j] for j in range(len(game.shape)) if j != player]
    return {cell: place for place, cell in enumerate(itertools.product(*left))}
