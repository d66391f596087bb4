"""Chain-ganging and buck-passing: what others do once a state is committed.

Where alliances are tight, one member's commitment pulls the others along (*chain-ganging*); where
they are loose, it lets the others off (*buck-passing*; Christensen & Snyder 1990). In sequential
alignment both can be read off: fix what the first mover does, and count those who do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._checks import check_known, check_type
from balancegame._progress import report
from balancegame.analysis.move_orders import all_orders
from balancegame.errors import InvalidShapeError, UnknownActionError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.ordinal_tables import Floats, ordinal_tables
from balancegame.solvers.players import player_index
from balancegame.solvers.sequential import outcome_marks

if TYPE_CHECKING:
    import pandas as pd

Range = tuple[int, int]


def commitments(
    game: NormalFormGame, action: str, *, order: Sequence[str | int] | None = None
) -> pd.DataFrame:
    """How many others play an action after a player has moved first, with it or without it.

    Parameters
    ----------
    game : NormalFormGame
    action : str
        For instance ``"balance"``.
    order : sequence of str or int, optional
        The order in which the others move: all players, of whom whoever moves first is left out.
        Default: every order of the others, up to 8 players in all.

    Returns
    -------
    pandas.DataFrame
        A row for each player who can choose the action. Columns: player; least_after and
        greatest_after, the number of others who play the action after he has, over all orders and
        subgame-perfect outcomes; least_otherwise and greatest_otherwise, after any other action of
        his; response: "chain-ganging" if always more play it after he has than otherwise,
        "buck-passing" if always fewer, "none" if always as many, else "either".

    Raises
    ------
    UnknownActionError, UnknownPlayerError, InvalidShapeError, InvalidParameterError

    References
    ----------
    Christensen, T. & Snyder, J. (1990), Chain gangs and passed bucks. International Organization
    44. The two words are theirs, this measure is not.

    Examples
    --------
    With a decisive contest and a strong threat balancing is worth while only in company; with a
    weaker one, only as far as nobody else does it.

    >>> import balancegame as bg
    >>> def responses(threat, decisiveness, cost):
    ...     world = bg.World(["A", "B", "T"], [1, 1, threat], threat="T")
    ...     model = bg.BalancingModel(cohesion=0, decisiveness=decisiveness, alliance_cost=cost)
    ...     return bg.commitments(model.game(world, ["balance", "neutral"]), "balance")
    >>> responses(3, 3, 0.1)["response"].tolist()
    ['chain-ganging', 'chain-ganging']
    >>> responses(2, 1, 0.2)["response"].tolist()
    ['buck-passing', 'buck-passing']
    """
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    check_type(game, NormalFormGame, "game")
    names = list(dict.fromkeys(name for own in game.actions for name in own))
    check_known(action, names, "action", UnknownActionError)
    given = None if order is None else _read_order(game, order)
    tables = ordinal_tables(game)
    rows: list[dict[str, Any]] = []
    for i, player in enumerate(game.players):
        report("commitments", i, game.n_players)
        if action not in game.actions[i]:
            continue
        rest = [j for j in range(game.n_players) if j != i]
        orders = all_orders(rest) if given is None else [tuple(j for j in given if j != i)]
        chosen = game.actions[i].index(action)
        ranges = [_followers(game, tables, action, orders, {i: a}) for a in range(game.shape[i])]
        after = ranges.pop(chosen)
        otherwise = (min(r[0] for r in ranges), max(r[1] for r in ranges)) if ranges else after
        rows.append(
            {
                "player": player,
                "least_after": after[0],
                "greatest_after": after[1],
                "least_otherwise": otherwise[0],
                "greatest_otherwise": otherwise[1],
                "response": _response(after, otherwise),
            }
        )
    columns = ["player", "least_after", "greatest_after", "least_otherwise", "greatest_otherwise"]
    return pd.DataFrame(rows, columns=[*columns, "response"])


def _followers(
    game: NormalFormGame,
    tables: Floats,
    action: str,
    orders: Sequence[Sequence[int]],
    moved: dict[int, int],
) -> Range:
    """The least and the greatest number of others who play the action after a first move."""
    counts: list[int] = []
    for order in orders:
        for profile in np.argwhere(outcome_marks(tables, game.shape, order, moved)).tolist():
            counts.append(sum(game.actions[j][profile[j]] == action for j in order))
    return min(counts), max(counts)


def _response(after: Range, otherwise: Range) -> str:
    if after[0] > otherwise[1]:
        return "chain-ganging"
    if after[1] < otherwise[0]:
        return "buck-passing"
    return "none" if after == otherwise and after[0] == after[1] else "either"


def _read_order(game: NormalFormGame, order: Sequence[str | int]) -> list[int]:
    places = [player_index(game, one, "an entry of order") for one in order]
    if sorted(places) != list(range(game.n_players)):
        message = f"order names {len(places)} players; name each of {game.n_players} once"
        raise InvalidShapeError(message)
    return places
