"""How the outcome of sequential alignment depends on who moves when."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_generator, check_place, check_type, is_sized
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame._words import counted
from balancegame.errors import InvalidParameterError, InvalidShapeError, InvalidTypeError
from balancegame.games.narrow_text import captioned_blocks
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.ordinal_tables import ordinal_tables
from balancegame.solvers.players import player_index
from balancegame.solvers.sequential import SequentialOutcomes, outcome_marks

if TYPE_CHECKING:
    import pandas as pd

MOST_PLAYERS = 7  # whose orders are all gone through unasked: 5,040
_MOST_SHOWN = 12  # outcomes

Profile = tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, repr=False)
class MoveOrders(Tabulated, Sequence[SequentialOutcomes]):
    """The subgame-perfect outcomes for each of several orders of moving.

    Attributes
    ----------
    game : NormalFormGame
    orders : tuple of tuple of int
        The players by index, the first mover first.
    profiles : tuple of tuple of tuple of int
        For each order its outcomes by action index.
    complete : bool
        Whether these are all orders of the players.
    """

    game: NormalFormGame
    orders: tuple[Profile, ...]
    profiles: tuple[tuple[Profile, ...], ...]
    complete: bool

    @property
    def is_order_free(self) -> bool:
        """Whether all these orders have the same outcomes."""
        return len(set(self.profiles)) == 1

    def __len__(self) -> int:
        return len(self.orders)

    def __getitem__(self, index: Any) -> Any:
        """The outcomes of one order, or a tuple of them for a slice."""
        if isinstance(index, slice):
            return tuple(map(self._outcomes, range(len(self))[index]))
        return self._outcomes(check_place(index, len(self), "order of moving"))

    def __iter__(self) -> Iterator[SequentialOutcomes]:
        return map(self._outcomes, range(len(self)))

    def _outcomes(self, place: int) -> SequentialOutcomes:
        names = tuple(self.game.players[i] for i in self.orders[place])
        return SequentialOutcomes(self.game, names, (), self.profiles[place])

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per order and outcome.

        Returns
        -------
        pandas.DataFrame
            Columns order (the players, first mover first), outcomes (how many the order has), then
            for each player his action, and for each his payoff as "payoff of ...".
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        players = self.game.players
        rows = [
            {"order": ", ".join(found.order), "outcomes": len(found)}
            | dict(zip(players, one.actions, strict=True))
            | dict(zip((f"payoff of {p}" for p in players), one.payoffs, strict=True))
            for found in self
            for one in found
        ]
        columns = ["order", "outcomes", *players, *(f"payoff of {p}" for p in players)]
        return pd.DataFrame(rows, columns=columns)

    def by_outcome(self) -> pd.DataFrame:
        """Each outcome with the orders that can lead there, the commonest first.

        Returns
        -------
        pandas.DataFrame
            For each player a column with his action; orders, the number of those that have this
            outcome; alone, of those that have no other.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        rows = [
            dict(zip(self.game.players, self._names(profile), strict=True))
            | {"orders": count, "alone": alone}
            for profile, count, alone in self._tally()
        ]
        return pd.DataFrame(rows, columns=[*self.game.players, "orders", "alone"])

    def by_turn(self) -> pd.DataFrame:
        """What it brings a player to move first, second and so on.

        Returns
        -------
        pandas.DataFrame
            Columns player, turn (from 1), orders (in which he has that turn), least and greatest
            (his payoff, averaged over these orders, at the worst and the best of their outcomes),
            and for each action the share of these orders in which he plays it in some outcome.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        game = self.game
        names = list(dict.fromkeys(name for own in game.actions for name in own))
        rows: list[dict[str, Any]] = []
        for i, player in enumerate(game.players):
            for turn in range(game.n_players):
                places = [k for k, order in enumerate(self.orders) if order[turn] == i]
                if not places:
                    continue
                payoffs = [[float(game.payoffs[(i, *p)]) for p in self.profiles[k]] for k in places]
                row: dict[str, Any] = {"player": player, "turn": turn + 1, "orders": len(places)}
                row["least"] = math.fsum(map(min, payoffs)) / len(places)
                row["greatest"] = math.fsum(map(max, payoffs)) / len(places)
                for name in names:
                    playing = [
                        any(game.actions[i][p[i]] == name for p in self.profiles[k]) for k in places
                    ]
                    row[name] = sum(playing) / len(places)
                rows.append(row)
        columns = ["player", "turn", "orders", "least", "greatest", *names]
        return pd.DataFrame(rows, columns=columns)

    def _tally(self) -> list[tuple[Profile, int, int]]:
        counts = Counter(p for found in self.profiles for p in found)
        alone = Counter(found[0] for found in self.profiles if len(found) == 1)
        ranked = sorted(counts, key=lambda p: (-counts[p], p))
        return [(p, counts[p], alone[p]) for p in ranked]

    def _names(self, profile: Profile) -> tuple[str, ...]:
        return tuple(own[a] for own, a in zip(self.game.actions, profile, strict=True))

    def _caption(self) -> str:
        all_of = "all " if self.complete and len(self) > 1 else ""
        which = f"{all_of}{counted(len(self), 'order')}"
        return f"{counted(self._n_outcomes(), 'subgame-perfect outcome')} over {which} of moving"

    def _n_outcomes(self) -> int:
        return len({p for found in self.profiles for p in found})

    def _notes(self) -> list[str]:
        more = self._n_outcomes() - _MOST_SHOWN
        return [f"... and {more:,} more; by_outcome() lists them all"] if more > 0 else []

    def _text(self) -> str:
        return captioned_blocks(self._caption(), self._rows())

    def _rows(self) -> list[list[str]]:
        tally = self._tally()[:_MOST_SHOWN]
        rows = [["", *(f"[{k}]" for k in range(len(tally)))]]
        for i, player in enumerate(self.game.players):
            cells = [
                f"{self.game.actions[i][p[i]]} ({number(float(self.game.payoffs[(i, *p)]))})"
                for p, _, _ in tally
            ]
            rows.append([player, *cells])
        rows.append(["orders", *(f"{count:,}" for _, count, _ in tally)])
        return rows


def move_orders(
    game: NormalFormGame,
    orders: Sequence[Sequence[str | int]] | None = None,
    *,
    samples: int | None = None,
    rng: np.random.Generator | int | None = None,
) -> MoveOrders:
    """The subgame-perfect outcomes of sequential alignment, for many orders of moving.

    Parameters
    ----------
    game : NormalFormGame
    orders : sequence of sequences of str or int, optional
        The orders to look at, each naming every player once. Default: all of them, up to 7 players.
    samples : int, optional
        Draw so many orders instead, each as likely, with replacement.
    rng : Generator or int, optional
        The source of these draws, or its seed.

    Returns
    -------
    MoveOrders
        `by_outcome()` tells which outcomes there are, `by_turn()` what it brings to move early.

    Raises
    ------
    InvalidParameterError
        More than 7 players and neither `orders` nor `samples`; or both of them.
    InvalidShapeError, UnknownPlayerError

    Notes
    -----
    `sequential_outcomes` for each order: some passes over the payoff table. The 5,040 orders of 7
    players with 2 actions take about a second.

    Examples
    --------
    Three equal states and a threat twice as strong as each: two balancers suffice. Those who move
    first pass the buck to the last ones.

    >>> import balancegame as bg
    >>> world = bg.World(["A", "B", "C", "T"], [1, 1, 1, 2], threat="T")
    >>> model = bg.BalancingModel(cohesion=0, alliance_cost=0.15)
    >>> game = model.game(world, ["balance", "neutral"])
    >>> found = bg.move_orders(game)
    >>> found.by_turn().query("player == 'A'")[["turn", "balance", "neutral"]]
       turn  balance  neutral
    0     1      0.0      1.0
    1     2      1.0      0.0
    2     3      1.0      0.0
    """
    check_type(game, NormalFormGame, "game")
    n = game.n_players
    if orders is not None and samples is not None:
        message = "orders and samples are both given; give the orders, or how many to draw"
        raise InvalidParameterError(message)
    if samples is not None:
        count = check_count(samples, "samples", 1)
        source = check_generator(rng)
        chosen = [tuple(source.permutation(n).tolist()) for _ in range(count)]
    elif orders is not None:
        chosen = _read_orders(game, orders)
    else:
        chosen = all_orders(range(n))
    tables = ordinal_tables(game)
    found: dict[Profile, tuple[Profile, ...]] = {}
    for done, order in enumerate(chosen):
        if order not in found:
            found[order] = _profiles(outcome_marks(tables, game.shape, order))
        if done % 64 == 0:
            report("orders of moving", done, len(chosen))
    return MoveOrders(
        game,
        tuple(chosen),
        tuple(found[order] for order in chosen),
        complete=len(found) == len(chosen) == math.factorial(n),
    )


def all_orders(players: Sequence[int]) -> list[Profile]:
    """Every order of at most 7 players."""
    if len(players) > MOST_PLAYERS:
        message = (
            f"{len(players)} players have {math.factorial(len(players)):,} orders of moving; name "
            "some, or say how many to draw"
        )
        raise InvalidParameterError(message)
    return list(permutations(players))


def _profiles(marks: NDArray[np.bool_]) -> tuple[Profile, ...]:
    return tuple(tuple(cell) for cell in np.argwhere(marks).tolist())


def _read_orders(game: NormalFormGame, orders: Sequence[Sequence[str | int]]) -> list[Profile]:
    if isinstance(orders, str) or not is_sized(orders) or not len(orders):
        message = f"orders is {shorten(orders)}; give at least one sequence of players"
        raise InvalidTypeError(message)
    chosen: list[Profile] = []
    for order in orders:
        if isinstance(order, str) or not is_sized(order):
            message = f"orders holds {shorten(order)}; give sequences of players"
            raise InvalidTypeError(message)
        places = tuple(player_index(game, one, "an entry of orders") for one in order)
        if sorted(places) != list(range(game.n_players)):
            message = f"orders holds {shorten(order)}; an order names every player once"
            raise InvalidShapeError(message)
        chosen.append(places)
    return chosen
