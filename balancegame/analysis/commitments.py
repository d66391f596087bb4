"""Chain-ganging and buck-passing: what others do once a state is committed.

Where alliances are tight, one member's commitment pulls the others along (*chain-ganging*); where
they are loose, it lets the others off (*buck-passing*; Christensen & Snyder 1990). In sequential
alignment both can be read off: fix what the first mover does, and count those who do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._checks import check_known, check_type, is_sized
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame._words import counted
from balancegame.analysis.move_orders import all_orders
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownActionError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.ordinal_tables import Floats, ordinal_tables
from balancegame.solvers.players import player_index
from balancegame.solvers.sequential import outcome_marks

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = [
    "player",
    "least_after",
    "greatest_after",
    "least_otherwise",
    "greatest_otherwise",
    "orders",
    "chain_ganging",
    "buck_passing",
]

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
        his; orders, how many there are; chain_ganging, in how many of them more play it after he
        has, whatever else he could have done and whichever outcome follows; buck_passing, in how
        many fewer do. Wider than a terminal: ``print(frame.T.to_string())`` shows all of it, a
        player a column.

    Raises
    ------
    UnknownActionError, UnknownPlayerError, InvalidShapeError, InvalidTypeError
    InvalidParameterError
        More than 8 players, and no order.

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
    >>> responses(3, 3, 0.1)[["player", "orders", "chain_ganging", "buck_passing"]]
      player  orders  chain_ganging  buck_passing
    0      A       1              1             0
    1      B       1              1             0
    >>> responses(2, 1, 0.2)[["player", "orders", "chain_ganging", "buck_passing"]]
      player  orders  chain_ganging  buck_passing
    0      A       1              0             1
    1      B       1              0             1
    """
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    check_type(game, NormalFormGame, "game")
    names = list(dict.fromkeys(name for own in game.actions for name in own))
    check_known(action, names, "action", UnknownActionError)
    whole = None if order is None else _read_order(game, order)
    tables = ordinal_tables(game)
    rows: list[dict[str, Any]] = []
    for i, player in enumerate(game.players):
        report("commitments", i, game.n_players)
        if action not in game.actions[i]:
            continue
        rest = [j for j in range(game.n_players) if j != i]
        orders = all_orders(rest) if whole is None else [tuple(j for j in whole if j != i)]
        chosen = game.actions[i].index(action)
        others = [a for a in range(game.shape[i]) if a != chosen]
        after = [_followers(game, tables, action, order, (i, [chosen])) for order in orders]
        # Without another action there is nothing to compare with.
        without = [_followers(game, tables, action, order, (i, others)) for order in orders]
        pairs = list(zip(after, without if others else after, strict=True))
        rows.append(
            {
                "player": player,
                "least_after": min(low for (low, _), _ in pairs),
                "greatest_after": max(high for (_, high), _ in pairs),
                "least_otherwise": min(low for _, (low, _) in pairs),
                "greatest_otherwise": max(high for _, (_, high) in pairs),
                "orders": len(pairs),
                "chain_ganging": sum(one[0] > other[1] for one, other in pairs),
                "buck_passing": sum(one[1] < other[0] for one, other in pairs),
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _followers(
    game: NormalFormGame,
    tables: Floats,
    action: str,
    order: Sequence[int],
    first: tuple[int, Sequence[int]],
) -> Range:
    """The least and the greatest number of others who play the action after some first moves."""
    player, moves = first
    counts = [
        sum(game.actions[j][profile[j]] == action for j in order)
        for a in moves
        for profile in np.argwhere(outcome_marks(tables, game.shape, order, {player: a})).tolist()
    ]
    return min(counts, default=0), max(counts, default=0)


def _read_order(game: NormalFormGame, order: Sequence[str | int]) -> list[int]:
    if isinstance(order, str) or not is_sized(order):
        message = f"order is {shorten(order)}; give the players in the order of their moves"
        raise InvalidTypeError(message)
    places = [player_index(game, one, "an entry of order") for one in order]
    if sorted(places) != list(range(game.n_players)):
        message = (
            f"order names {counted(len(places), 'player')}; name each of {game.n_players} once"
        )
        raise InvalidShapeError(message)
    return places
