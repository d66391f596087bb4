"""States that move one after the other, each seeing what was done before: backward induction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_place, check_type, is_sized
from balancegame._numbers import format_fraction, shorten
from balancegame._records import record_repr
from balancegame._words import counted, listed
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownPlayerError
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import captioned_blocks
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import action_index
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.ordinal_tables import Floats, ordinal_tables
from balancegame.solvers.players import player_index

if TYPE_CHECKING:
    import pandas as pd

_MOST_SHOWN = 12  # outcomes

Given = Mapping[str, str | int]


@final
@dataclass(frozen=True, slots=True)
class SequentialOutcome:
    """What is played in a subgame-perfect equilibrium.

    Attributes
    ----------
    actions : tuple of str
        In the order of the game's players, not of their moves.
    payoffs : tuple of float
    exact_payoffs : tuple of Fraction
        Floats count at their exact binary value.
    """

    actions: tuple[str, ...]
    payoffs: tuple[float, ...]
    exact_payoffs: tuple[Fraction, ...]

    __repr__ = record_repr

    def to_dict(self) -> dict[str, Any]:
        """The outcome in plain types, ready for JSON."""
        return {
            "actions": self.actions,
            "payoffs": self.payoffs,
            "exact_payoffs": [format_fraction(value) for value in self.exact_payoffs],
        }


@final
@dataclass(frozen=True, slots=True, repr=False)
class SequentialOutcomes(AsJson, Tabulated, Sequence[SequentialOutcome]):
    """All subgame-perfect outcomes of a game played in a given order, in lexicographic order.

    Attributes
    ----------
    game : NormalFormGame
    order : tuple of str
        Who moves when; those of `given` are not in it.
    given : tuple of (str, str)
        Players who had moved before, and their actions.
    profiles : tuple of tuple of int
        The outcomes by action index.
    """

    game: NormalFormGame
    order: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    profiles: tuple[tuple[int, ...], ...]

    @property
    def is_unique(self) -> bool:
        """Whether there is one outcome only; without ties there always is."""
        return len(self.profiles) == 1

    @property
    def outcomes(self) -> tuple[SequentialOutcome, ...]:
        """All outcomes at once."""
        return tuple(self)

    def __len__(self) -> int:
        return len(self.profiles)

    def __getitem__(self, index: Any) -> Any:
        """One outcome, or a tuple of them for a slice."""
        if isinstance(index, slice):
            return tuple(map(self._outcome, self.profiles[index]))
        return self._outcome(self.profiles[check_place(index, len(self), "outcome")])

    def __iter__(self) -> Iterator[SequentialOutcome]:
        return map(self._outcome, self.profiles)

    def _outcome(self, profile: tuple[int, ...]) -> SequentialOutcome:
        game = self.game
        table = game.exact_payoffs if game.has_rounded_payoffs else game.payoffs
        exact = tuple(Fraction(table[(i, *profile)]) for i in range(game.n_players))
        return SequentialOutcome(
            tuple(names[a] for names, a in zip(game.actions, profile, strict=True)),
            tuple(float(value) for value in game.payoffs[(slice(None), *profile)]),
            exact,
        )

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per outcome and player.

        Returns
        -------
        pandas.DataFrame
            Columns outcome (place in the list), player, moves (his turn, from 1; 0 if he had moved
            before), action, payoff.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        turns = {player: turn for turn, player in enumerate(self.order, start=1)}
        rows = [
            {
                "outcome": place,
                "player": player,
                "moves": turns.get(player, 0),
                "action": action,
                "payoff": payoff,
            }
            for place, one in enumerate(self)
            for player, action, payoff in zip(
                self.game.players, one.actions, one.payoffs, strict=True
            )
        ]
        return pd.DataFrame(rows, columns=["outcome", "player", "moves", "action", "payoff"])

    def to_dict(self) -> dict[str, Any]:
        """The outcomes in plain types, ready for JSON."""
        return {
            "order": self.order,
            "given": dict(self.given),
            "players": self.game.players,
            "outcomes": [one.to_dict() for one in self],
        }

    def _caption(self) -> str:
        after = ", ".join(f"{player} {action}" for player, action in self.given)
        moving = f"in the order {', '.join(self.order)}" if self.order else "with no move left"
        return (
            f"{counted(len(self), 'subgame-perfect outcome')} {moving}"
            f"{f', after {after}' if after else ''}"
        )

    def _notes(self) -> list[str]:
        more = len(self) - _MOST_SHOWN
        return [f"... and {more:,} more; to_frame() lists them all"] if more > 0 else []

    def _text(self) -> str:
        return captioned_blocks(self._caption(), self._rows())

    def _rows(self) -> list[list[str]]:
        shown = self[:_MOST_SHOWN]
        rows = [["", *(f"[{k}]" for k in range(len(shown)))]]
        turns = dict(self.given)
        for player in (*turns, *self.order):
            i = self.game.players.index(player)
            cells = [f"{one.actions[i]} ({number(one.payoffs[i])})" for one in shown]
            rows.append([player, *cells])
        return rows


def sequential_outcomes(
    game: NormalFormGame,
    order: Sequence[str | int] | None = None,
    *,
    given: Given | None = None,
) -> SequentialOutcomes:
    """All subgame-perfect outcomes when players move one after the other, seeing earlier moves.

    Payoffs are those of the game in normal form; only who knows what is different. By backward
    induction (Zermelo 1913, Selten 1965), in pure strategies. Where a player is indifferent he may
    do either, and what he is expected to do bears on those before him: all outcomes that some
    subgame-perfect equilibrium has are listed.

    Parameters
    ----------
    game : NormalFormGame
    order : sequence of str or int, optional
        The players by name or index, the first mover first; default the game's own order.
    given : mapping {player: action}, optional
        Players who have moved before, and what they did; they are not in `order`.

    Returns
    -------
    SequentialOutcomes
        At least one. All comparisons are of exact payoffs; floats count at their exact binary
        value.

    Raises
    ------
    UnknownPlayerError, UnknownActionError
    InvalidShapeError
        An order that leaves a player out, or names one twice.

    Notes
    -----
    At each node the mover can count on the worst of each action's outcomes; he may take an outcome
    iff it pays him at least the best of these. Time is a few passes over the table for each player.

    References
    ----------
    Selten, R. (1965), Spieltheoretische Behandlung eines Oligopolmodells mit Nachfragetraegheit.
    Zeitschrift fuer die gesamte Staatswissenschaft 121.

    Examples
    --------
    Who moves first in a game of chicken stands firm.

    >>> import balancegame as bg
    >>> chicken = bg.NormalFormGame.from_arrays(
    ...     [[3, 1], [4, 0]], [[3, 4], [1, 0]], players=["A", "B"], actions=["yield", "stand"]
    ... )
    >>> bg.sequential_outcomes(chicken, ["B", "A"])
    1 subgame-perfect outcome in the order B, A
         [0]
      B  stand (4)
      A  yield (1)
    >>> bg.sequential_outcomes(chicken, given={"A": "yield"})[0].actions
    ('yield', 'stand')
    """
    check_type(game, NormalFormGame, "game")
    moved = _read_given(game, given)
    places = _read_order(game, order, moved)
    alive = outcome_marks(ordinal_tables(game), game.shape, places, moved)
    return SequentialOutcomes(
        game,
        tuple(game.players[i] for i in places),
        tuple((game.players[i], game.actions[i][a]) for i, a in moved.items()),
        tuple(tuple(map(int, cell)) for cell in np.argwhere(alive)),
    )


def outcome_marks(
    tables: Floats,
    shape: tuple[int, ...],
    order: Sequence[int],
    moved: Mapping[int, int] | None = None,
) -> NDArray[np.bool_]:
    """Which profiles are subgame-perfect outcomes; ``tables`` (n, profiles) compare as payoffs."""
    alive = np.ones(shape, dtype=np.bool_)
    for i, action in (moved or {}).items():
        alive &= np.expand_dims(
            np.arange(shape[i]) == action, tuple(j for j in range(len(shape)) if j != i)
        )
    later: list[int] = []
    for mover in reversed(order):
        own = tables[mover].reshape(shape)
        worst = np.where(alive, own, np.inf).min(axis=tuple(later), keepdims=True)
        # Histories that were not played have no outcome and count on nothing.
        worst = np.where(worst < np.inf, worst, -np.inf)
        alive &= own >= worst.max(axis=mover, keepdims=True)
        later.append(mover)
    return alive


def _read_given(game: NormalFormGame, given: Given | None) -> dict[int, int]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"given is {shorten(given)}; give {{player: action}}"
        raise InvalidTypeError(message)
    moved: dict[int, int] = {}
    for player, action in given.items():
        i = game.players.index(check_known(player, game.players, "player", UnknownPlayerError))
        if isinstance(action, bool) or not isinstance(  # pyright: ignore[reportUnnecessaryIsInstance]
            action, str | int | np.integer
        ):
            message = f"given is {shorten(action)} for {player}; give an action's name or index"
            raise InvalidTypeError(message)
        moved[i] = action_index(action, player, game.actions[i])
    return moved


def _read_order(
    game: NormalFormGame, order: Sequence[str | int] | None, moved: Mapping[int, int]
) -> list[int]:
    rest = [i for i in range(game.n_players) if i not in moved]
    if order is None:
        return rest
    if isinstance(order, str) or not is_sized(order):
        message = f"order is {shorten(order)}; give the players in the order of their moves"
        raise InvalidTypeError(message)
    places = [player_index(game, one, "an entry of order") for one in order]
    if sorted(places) != rest:
        named = ", ".join(game.players[i] for i in places) or "empty"
        missing = [game.players[i] for i in rest if i not in places]
        verb = "is" if len(missing) == 1 else "are"
        message = (
            f"order is {named}; name each player who is to move once"
            f"{f' ({listed(missing)} {verb} missing)' if missing else ''}"
        )
        raise InvalidShapeError(message)
    return places
