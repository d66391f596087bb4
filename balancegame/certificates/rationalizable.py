"""Check which actions are rationalizable: conjectures for some, and why others have none.

An action is a best reply to no conjecture on what is left of the game if a mixed action strictly
dominates it there. With independent conjectures there is a second reason: whatever the others do
independently, some other action gains, by a covering of their profiles (`minmax`). Actions
eliminated in the same round refer to the game as the round began.

The actions that are said to be rationalizable each come with a conjecture on the others' actions
of that kind to which it is a best reply among all actions of the player: such a set is closed, and
whoever plays an action of it can have reasons that all know to be good ones (Pearce 1984).
"""

from __future__ import annotations

import itertools
from collections.abc import Generator
from fractions import Fraction
from operator import mul
from typing import Any

from .dominance import Alive, check_eliminated, row_of
from .minmax import OwnTable, against, check_covering, own_table, read_probabilities
from .reading import Failure, Game, read_game, read_list, read_object, read_places

_CERTIFICATE = {
    "format", "claim", "game", "independent", "eliminations", "conjectures", "undecided", "sha256",
}  # fmt: skip
_ELIMINATION = {"round", "player", "action", "dominated", "covering"}
_CONJECTURE = {"action", "joint", "parts"}


def check_rationalizable(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs and kind of conjectures read"
    try:
        read_object(data, _CERTIFICATE)
        game = read_game(data["game"])
        independent = data["independent"]
        if type(independent) is not bool:
            raise Failure("whether conjectures are independent is neither true nor false")
        yield claim, None
        claim = "eliminations: each action is a best reply to no conjecture"
        alive = _replay(game, read_list(data["eliminations"]), independent=independent)
        yield claim, None
        claim = "actions: each is eliminated, or has a conjecture, or is listed as undecided"
        conjectures, proven = _read_conjectures(game, data, alive)
        yield claim, None
        claim = "conjectures: each makes its action a best reply, and rests on such actions"
        for player, listed in enumerate(conjectures):
            table = own_table(game, player)
            for one in listed:
                _check_conjecture(table, player, one, proven, independent=independent)
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def _replay(game: Game, eliminations: list[Any], *, independent: bool) -> Alive:
    """The actions that are left after all eliminations."""
    alive = [list(range(m)) for m in game.shape]
    before, now = [mine.copy() for mine in alive], 0
    for place, one in enumerate(eliminations):
        where = f"elimination {place}"
        read_object(one, _ELIMINATION)
        at, player, action = read_places([one["round"], one["player"], one["action"]])
        if at < max(1, now) or player >= len(game.players):
            raise Failure(f"{where}: its round or its player is impossible")
        if at > now:
            before, now = [mine.copy() for mine in alive], at
        if action not in alive[player]:
            raise Failure(f"{where}: the action is not left")
        if one["covering"] is None:
            if action != check_eliminated(
                game, player, before, one["dominated"], where, weak=False, mixed=True
            ):
                raise Failure(f"{where}: another action is dominated")
        elif one["dominated"] is not None or not independent:
            raise Failure(f"{where}: a covering stands where it is out of place")
        else:
            check_covering(
                _gains(game, player, action, before), one["covering"], Fraction(0), strictly=True
            )
        alive[player].remove(action)
        if not alive[player]:
            raise Failure(f"{where}: no action is left")
    return alive


def _gains(game: Game, player: int, action: int, alive: Alive) -> OwnTable:
    """What each action that is left gains over one of them."""
    own = row_of(game, player, action, alive)
    rows = [
        [mine - its for mine, its in zip(row_of(game, player, a, alive), own, strict=True)]
        for a in alive[player]
    ]
    return OwnTable(rows, tuple(len(mine) for j, mine in enumerate(alive) if j != player))


def _read_conjectures(
    game: Game, data: dict[str, Any], alive: Alive
) -> tuple[list[list[dict[str, Any]]], Alive]:
    """Each player's conjectures, and the actions they are for."""
    n = len(game.players)
    conjectures = [
        [read_object(one, _CONJECTURE) for one in read_list(listed)]
        for listed in read_list(data["conjectures"], n)
    ]
    proven = [list(read_places([one["action"] for one in listed])) for listed in conjectures]
    undecided = [list(read_places(listed)) for listed in read_list(data["undecided"], n)]
    for player, mine in enumerate(alive):
        if sorted(proven[player] + undecided[player]) != mine:
            raise Failure(f"player {player}'s actions are not accounted for")
    return conjectures, proven


def _check_conjecture(
    table: OwnTable, player: int, one: dict[str, Any], proven: Alive, *, independent: bool
) -> None:
    where = f"player {player}, action {one['action']}"
    theirs = [mine for j, mine in enumerate(proven) if j != player]
    if (one["joint"] is None) is not independent or (one["parts"] is None) is independent:
        raise Failure(f"{where}: its conjecture is of another kind")
    if independent:
        parts = [
            read_probabilities(part, m)
            for part, m in zip(read_list(one["parts"], len(table.sizes)), table.sizes, strict=True)
        ]
        played = [[a for a, chance in enumerate(part) if chance] for part in parts]
        if any(set(own) - set(mine) for own, mine in zip(played, theirs, strict=True)):
            raise Failure(f"{where}: its conjecture rests on an action that has none")
        values = against(table, parts)
    else:
        values = _against_joint(table, one["joint"], theirs, where)
    if max(values) != values[one["action"]]:
        raise Failure(f"{where}: another action pays more against the conjecture")


def _against_joint(table: OwnTable, joint: Any, theirs: Alive, where: str) -> list[Fraction]:
    """What each own action gets against probabilities of joint actions."""
    pairs = [read_list(pair, 2) for pair in read_list(joint)]
    cells = [read_places(cell, len(table.sizes)) for cell, _ in pairs]
    chances = read_probabilities([chance for _, chance in pairs], len(pairs))
    if any(a not in mine for cell in cells for a, mine in zip(cell, theirs, strict=True)):
        raise Failure(f"{where}: its conjecture rests on an action that has none")
    places = {cell: k for k, cell in enumerate(itertools.product(*map(range, table.sizes)))}
    columns = [places[cell] for cell in cells]
    return [sum(map(mul, (row[k] for k in columns), chances), Fraction(0)) for row in table.rows]
