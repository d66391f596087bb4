"""Paths of play: what an automaton does period by period, with deviations and shocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final, overload

import numpy as np

from balancegame._checks import check_count, check_generator, check_known, check_type
from balancegame._numbers import shorten
from balancegame._records import record_repr
from balancegame._words import counted
from balancegame.errors import (
    InvalidParameterError,
    InvalidShapeError,
    UnknownPlayerError,
)
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import captioned_table, fits
from balancegame.games.profile_text import profile_text
from balancegame.games.profiles import action_index
from balancegame.games.rendering import Rows, number
from balancegame.games.tabulated import Tabulated

if TYPE_CHECKING:
    import pandas as pd

    from balancegame.games.automaton import Automaton
    from balancegame.games.situation import Situation

_MOST_SHOWN = 30
_MOST_PERIODS = 1_000_000


@final
@dataclass(frozen=True, slots=True)
class Period:
    """One period of a path of play.

    Attributes
    ----------
    number : int
        From 0 on.
    state, contingency : str
    played : tuple of str
        One action a player.
    payoffs : tuple of float
    deviators : tuple of str
        Who chose to play something else than he was to.
    slipped : tuple of str
        Who did so without having a choice.
    """

    number: int
    state: str
    contingency: str
    played: tuple[str, ...]
    payoffs: tuple[float, ...]
    deviators: tuple[str, ...] = ()
    slipped: tuple[str, ...] = ()

    __repr__ = record_repr


@final
@dataclass(frozen=True, slots=True, repr=False)
class PlayPath(AsJson, Tabulated, Sequence[Period]):
    """A path of play: a sequence of `Period`.

    Attributes
    ----------
    players : tuple of str
    periods : tuple of Period
    """

    players: tuple[str, ...]
    periods: tuple[Period, ...]

    @overload
    def __getitem__(self, index: int) -> Period: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Period, ...]: ...
    def __getitem__(self, index: int | slice) -> Period | tuple[Period, ...]:
        return self.periods[index]

    def __len__(self) -> int:
        return len(self.periods)

    def __iter__(self) -> Iterator[Period]:
        return iter(self.periods)

    @property
    def states(self) -> tuple[str, ...]:
        """The state of each period."""
        return tuple(one.state for one in self.periods)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row a period and player."""
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        return pd.DataFrame(
            [
                {
                    "period": one.number,
                    "state": one.state,
                    "contingency": one.contingency,
                    "player": player,
                    "action": action,
                    "payoff": payoff,
                    "deviates": player in one.deviators,
                    "slips": player in one.slipped,
                }
                for one in self.periods
                for player, action, payoff in zip(
                    self.players, one.played, one.payoffs, strict=True
                )
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """The path in plain types, ready for JSON."""
        return {
            "players": list(self.players),
            "periods": [
                {
                    "number": one.number,
                    "state": one.state,
                    "contingency": one.contingency,
                    "played": list(one.played),
                    "payoffs": list(one.payoffs),
                    "deviators": list(one.deviators),
                    "slipped": list(one.slipped),
                }
                for one in self.periods
            ],
        }

    def _text(self) -> str:
        rows = self._rows()
        return captioned_table(self._caption(), rows if fits(rows) else self._rows_in_words())

    def _notes(self) -> list[str]:
        more = len(self.periods) - _MOST_SHOWN
        return [f"... and {counted(more, 'more period')}; see `periods`"] if more > 0 else []

    def _caption(self) -> str:
        return f"PlayPath of {counted(len(self.periods), 'period')}"

    def _is_drawn(self) -> bool:
        return len({one.contingency for one in self.periods}) > 1

    def _cells(self, one: Period) -> list[str]:
        return [
            f"{action}{'!' if player in one.deviators else ''}"
            f"{'?' if player in one.slipped else ''}"
            for player, action in zip(self.players, one.played, strict=True)
        ]

    def _rows(self) -> Rows:
        drawn = self._is_drawn()
        middle = ["contingency"] if drawn else []
        rows = [["period", "state", *middle, *self.players, "payoffs"]]
        for one in self.periods[:_MOST_SHOWN]:
            rows.append(
                [
                    str(one.number),
                    one.state,
                    *([one.contingency] if drawn else []),
                    *self._cells(one),
                    ", ".join(map(number, one.payoffs)),
                ]
            )
        return rows

    def _rows_in_words(self) -> Rows:
        """The same with a cell for all players, where there are too many for a column each."""
        rows = [["period", "state", "play (payoffs)"]]
        for one in self.periods[:_MOST_SHOWN]:
            situation = f"{one.state}, {one.contingency}" if self._is_drawn() else one.state
            cells = [
                f"{cell} ({number(payoff)})"
                for cell, payoff in zip(self._cells(one), one.payoffs, strict=True)
            ]
            rows.append([str(one.number), situation, profile_text(self.players, cells)])
        return rows


def follow(
    automaton: Automaton,
    periods: int,
    *,
    deviations: Mapping[int, Mapping[str, str | int]],
    contingencies: Sequence[str] | None,
    rng: np.random.Generator | int | None,
) -> PlayPath:
    """The path of play; see `Automaton.path`."""
    periods = check_count(periods, "periods", 1)
    if periods > _MOST_PERIODS:
        message = f"periods is {shorten(periods)}; a path has at most {_MOST_PERIODS:,}"
        raise InvalidParameterError(message)
    random = None if rng is None else check_generator(rng)
    check_type(deviations, Mapping, "deviations")
    drawn = _drawn(automaton, periods, contingencies, random)
    for when in deviations:
        if check_count(when, "a period of deviations", 0) >= periods:
            message = f"deviations names period {when}; the path has periods 0 to {periods - 1}"
            raise InvalidParameterError(message)
    state = automaton.state_index(automaton.initial)
    found: list[Period] = []
    for t, w in enumerate(drawn):
        situation = automaton.situations[state][w]
        stage = automaton.contingencies[w].stage
        meant = list(situation.profile)
        for player, action in deviations.get(t, {}).items():
            i = stage.players.index(
                check_known(player, stage.players, "player", UnknownPlayerError)
            )
            meant[i] = action_index(action, player, stage.actions[i])
        played, slipped = _slipping(situation, meant, random)
        found.append(
            Period(
                t,
                automaton.states[state],
                automaton.contingencies[w].name,
                tuple(names[a] for names, a in zip(stage.actions, played, strict=True)),
                tuple(float(stage.payoffs[(i, *played)]) for i in range(stage.n_players)),
                tuple(
                    player
                    for i, player in enumerate(stage.players)
                    if meant[i] != situation.profile[i] and i not in slipped
                ),
                tuple(player for i, player in enumerate(stage.players) if i in slipped),
            )
        )
        state = situation.after(tuple(meant if automaton.excused else played))
    return PlayPath(automaton.players, tuple(found))


def _slipping(
    situation: Situation, meant: Sequence[int], rng: np.random.Generator | None
) -> tuple[list[int], set[int]]:
    """What is played, and who slipped: only who means to play his part can."""
    played, slipped = list(meant), set[int]()
    for i, instead, chance in situation.slips:
        if rng is not None and meant[i] == situation.profile[i] and rng.random() < chance:
            played[i] = instead
            slipped.add(i)
    return played, slipped


def _drawn(
    automaton: Automaton,
    periods: int,
    contingencies: Sequence[str] | None,
    rng: np.random.Generator | None,
) -> list[int]:
    if contingencies is not None:
        if isinstance(contingencies, str) or len(contingencies) != periods:
            message = f"contingencies must name one a period, {periods} of them"
            raise InvalidShapeError(message)
        return [automaton.contingency_index(name) for name in contingencies]
    if len(automaton.contingencies) == 1:
        return [0] * periods
    if rng is None:
        message = (
            "contingencies is not given, nor rng; name one a period, or give a seed to draw them"
        )
        raise InvalidParameterError(message)
    weights = [float(chance) for chance in automaton.probabilities]
    total = sum(weights)
    return rng.choice(len(weights), size=periods, p=[w / total for w in weights]).tolist()
