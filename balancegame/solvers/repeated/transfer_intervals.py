"""How equilibrium payoffs with transfers change with the discount factor: a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final, overload

from balancegame._numbers import fraction_text
from balancegame._records import record_repr
from balancegame._words import counted, listed
from balancegame.games.as_json import AsJson
from balancegame.games.rendering import Rows
from balancegame.games.repeated_game import Contingency
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.repeated.algebraic_numbers import number_text

Point = tuple[Fraction, ...]
_MOST_SHOWN = 40


@final
@dataclass(frozen=True, slots=True)
class TransferInterval:
    """Discount factors between two breakpoints, and the payoffs at all of them.

    Attributes
    ----------
    lower, upper : Fraction
        The interval, the lower end included and the upper end left out.
    joint : Fraction or None
        The most that the players' payoffs can sum to; None where there is no equilibrium.
    threats : tuple of Fraction, or None
        Each player's worst equilibrium payoff.
    best : tuple of tuples of str, or None
        In each contingency a profile that attains the joint payoff, by the actions' names.
    punishments : tuple of tuples of tuples of str, or None
        For each player, in each contingency a profile that holds him down to his threat.
    """

    lower: Fraction
    upper: Fraction
    joint: Fraction | None
    threats: Point | None
    best: tuple[tuple[str, ...], ...] | None
    punishments: tuple[tuple[tuple[str, ...], ...], ...] | None

    __repr__ = record_repr

    @property
    def vertices(self) -> tuple[Point, ...]:
        """Those of the payoffs' set: the threats, and all there is to gain given to one player."""
        if self.joint is None or self.threats is None:
            return ()
        spare = self.joint - sum(self.threats)
        if not spare:
            return (self.threats,)
        found = {self.threats}
        for i in range(len(self.threats)):
            found.add((*self.threats[:i], self.threats[i] + spare, *self.threats[i + 1 :]))
        return tuple(sorted(found))

    def to_dict(self) -> dict[str, Any]:
        """The interval in plain types; exact numbers as text such as ``"1/3"``."""
        return {
            "lower": str(self.lower),
            "upper": str(self.upper),
            "joint": None if self.joint is None else fraction_text(self.joint),
            "threats": None if self.threats is None else list(map(fraction_text, self.threats)),
            "best": None if self.best is None else list(map(list, self.best)),
            "punishments": None
            if self.punishments is None
            else [list(map(list, row)) for row in self.punishments],
        }


@final
@dataclass(frozen=True, slots=True, repr=False)
class TransferBreakpoints(AsJson, Tabulated, Sequence[TransferInterval]):
    """The payoffs with transfers at all discount factors: a sequence of `TransferInterval`.

    Attributes
    ----------
    contingencies : tuple of Contingency
    intervals : tuple of TransferInterval
        In ascending order; together all of [0, 1).
    """

    contingencies: tuple[Contingency, ...]
    intervals: tuple[TransferInterval, ...]

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self.contingencies[0].stage.players

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """The discount factors at which an interval begins, 0 the first."""
        return tuple(one.lower for one in self.intervals)

    @overload
    def __getitem__(self, index: int) -> TransferInterval: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TransferInterval, ...]: ...
    def __getitem__(self, index: int | slice) -> TransferInterval | tuple[TransferInterval, ...]:
        return self.intervals[index]

    def __len__(self) -> int:
        return len(self.intervals)

    def __iter__(self) -> Iterator[TransferInterval]:
        return iter(self.intervals)

    def to_dict(self) -> dict[str, Any]:
        """The intervals in plain types, ready for JSON."""
        return {
            "players": list(self.players),
            "contingencies": [one.name for one in self.contingencies],
            "intervals": [one.to_dict() for one in self.intervals],
        }

    def _caption(self) -> str:
        shown = listed(list(map(number_text, self.breakpoints)), _MOST_SHOWN)
        return f"TransferBreakpoints: {counted(len(self), 'interval')}, breakpoints {shown}"

    def _rows(self) -> Rows:
        rows = [["discount", "joint", "lowest", "best"]]
        for one in self.intervals[:_MOST_SHOWN]:
            where = f"[{number_text(one.lower)}, {number_text(one.upper)})"
            if one.joint is None:
                rows.append([where, "none", "", "no equilibrium in pure actions"])
                continue
            rows.append(
                [
                    where,
                    number_text(one.joint),
                    ", ".join(map(number_text, one.threats or ())),
                    self._best_text(one.best or ()),
                ]
            )
        if len(self) > _MOST_SHOWN:
            more = counted(len(self) - _MOST_SHOWN, "more interval")
            rows.append(["...", "", "", f"and {more}"])
        return rows

    def _best_text(self, profiles: Sequence[tuple[str, ...]]) -> str:
        """What is played for the joint payoff: one profile, or one a contingency."""
        if len(profiles) == 1:
            return ", ".join(profiles[0])
        return "; ".join(
            f"{one.name}: {', '.join(profile)}"
            for one, profile in zip(self.contingencies, profiles, strict=True)
        )
