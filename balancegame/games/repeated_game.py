"""Games played again and again, with a public draw of the stage game each period.

Definitions (Mailath & Samuelson 2006)
--------------------------------------
Each period a *contingency* is drawn, all see which, and its *stage game* is played; all see what
was played. A player with *discount factor* delta values a stream of payoffs ``u_0, u_1, ...`` at
``(1 - delta) * sum(delta^t u_t)``: payoffs of the repeated game are averages of stage payoffs, and
a threat counts for delta of what it takes away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_text, check_type, is_sized
from balancegame._numbers import (
    Number,
    exactly,
    format_number,
    fraction_text,
    parse_number,
    shorten,
)
from balancegame._words import counted, listed
from balancegame.errors import (
    InvalidDiscountError,
    InvalidNameError,
    InvalidPayoffError,
    InvalidProbabilityError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownPlayerError,
)
from balancegame.games import plain_types
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame

Discounts = Number | Sequence[Number] | Mapping[str, Number]
"""The players' common discount factor, or one a player, in order or by name."""

_SMALLEST_SCALE, _LARGEST_SCALE = 1e-100, 1e150
_ROUNDING = 1e-9  # by which probabilities given as floats may miss 1


@final
@dataclass(frozen=True, slots=True, repr=False)
class Contingency:
    """One of the situations that may be drawn each period, with the stage game it brings.

    Parameters
    ----------
    name : str
    probability : number in [0, 1]
        Of being drawn, each period anew.
    stage : NormalFormGame

    Raises
    ------
    InvalidProbabilityError
        The probability lies outside [0, 1].

    Examples
    --------
    >>> import balancegame as bg
    >>> peace = bg.NormalFormGame.from_arrays([[1]], [[1]])
    >>> bg.Contingency("peace", "9/10", peace).probability
    0.9
    """

    name: str
    probability: float
    stage: NormalFormGame

    def __init__(self, name: str, probability: Number, stage: NormalFormGame) -> None:
        check_text(name, "name")
        if not name.strip():
            message = "name is blank; name the contingency"
            raise InvalidNameError(message)
        chance = parse_number(probability, "probability", InvalidProbabilityError)
        if not 0 <= chance <= 1:
            message = f"probability is {format_number(chance)}; it must lie in [0, 1]"
            raise InvalidProbabilityError(message)
        check_type(stage, NormalFormGame, "stage")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "probability", chance)
        object.__setattr__(self, "stage", stage)

    def __repr__(self) -> str:
        chance = fraction_text(exactly(self.probability))
        return f"{wrapped(f'Contingency {self.name!r}, probability {chance}')}\n{self.stage!r}"

    def to_dict(self) -> dict[str, Any]:
        """The contingency in plain types, ready for JSON; exact numbers as text."""
        return {
            "name": self.name,
            "probability": fraction_text(exactly(self.probability)),
            "stage": plain_types.stage_dict(self.stage),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Contingency:
        """What `to_dict` wrote; it may come from anywhere.

        Raises
        ------
        JsonFormatError
            Entries are missing or of the wrong type; also what `Contingency` raises.
        """
        return cls(
            plain_types.entry(data, "name", str, "a contingency"),
            plain_types.entry(data, "probability", str, "a contingency"),
            plain_types.read_stage(plain_types.entry(data, "stage", dict, "a contingency")),
        )


@final
class RepeatedGame(AsJson):
    """An infinitely repeated game with perfect monitoring and discounting; immutable.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency
        The game of each period, or those one of which is drawn publicly each period: over the same
        players, with names that differ and probabilities that sum to 1.
    discount : number, sequence of n numbers, or mapping {player: number}, in [0, 1)
        The players' common discount factor, or one a player. Text and Fractions are kept exactly;
        floats stand for their exact binary value, so that ``"3/5"`` and ``0.6`` differ slightly.

    Raises
    ------
    InvalidDiscountError
        A discount factor outside [0, 1).
    InvalidProbabilityError
        Probabilities that do not sum to 1. Floats may miss it by 1e-9, and are rescaled.
    InvalidShapeError
        No contingency, different players, or not as many discount factors as players.
    InvalidNameError
        Two contingencies of one name.

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> bg.RepeatedGame(dilemma, "1/2")
    RepeatedGame: 2 players, stage 2 x 2, discount factor 0.5
    """

    __slots__ = ("_contingencies", "_discounts", "_probabilities")

    _contingencies: tuple[Contingency, ...]
    _discounts: tuple[float, ...]
    _probabilities: tuple[Fraction, ...]

    def __init__(self, stage: NormalFormGame | Sequence[Contingency], discount: Discounts) -> None:
        self._contingencies = _read_contingencies(stage)
        self._probabilities = _exact_probabilities(self._contingencies)
        self._discounts = _read_discounts(discount, self.players)

    @property
    def contingencies(self) -> tuple[Contingency, ...]:
        """What may be drawn each period; of a single stage game, one without a name to tell."""
        return self._contingencies

    @property
    def stages(self) -> tuple[NormalFormGame, ...]:
        """The stage games, in the order of the contingencies."""
        return tuple(one.stage for one in self._contingencies)

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        """Those of the contingencies, exactly; they sum to 1."""
        return self._probabilities

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self.stages[0].players

    @property
    def n_players(self) -> int:
        """The number of players."""
        return self.stages[0].n_players

    @property
    def discounts(self) -> NDArray[np.float64]:
        """Each player's discount factor, shape (n,)."""
        return np.array(self._discounts)

    @property
    def exact_discounts(self) -> tuple[Fraction, ...]:
        """Each player's discount factor, exactly."""
        return tuple(map(exactly, self._discounts))

    @property
    def discount(self) -> Fraction | None:
        """The common discount factor exactly; None where the players' differ."""
        found = set(self.exact_discounts)
        return found.pop() if len(found) == 1 else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RepeatedGame):
            return NotImplemented
        return (
            self._contingencies == other._contingencies
            and self.exact_discounts == other.exact_discounts
        )

    def __hash__(self) -> int:
        return hash((self._contingencies, self.exact_discounts))

    def to_dict(self) -> dict[str, Any]:
        """The game in plain types, ready for JSON; exact numbers as text such as ``"1/3"``."""
        return {
            "contingencies": [one.to_dict() for one in self._contingencies],
            "discounts": [fraction_text(one) for one in self.exact_discounts],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RepeatedGame:
        """The game that `to_dict` wrote; it may come from anywhere.

        Raises
        ------
        JsonFormatError
            Entries are missing or of the wrong type; also what `RepeatedGame` raises.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.RepeatedGame(bg.ally_game(2, 2, 1, 0), "3/5")
        >>> bg.RepeatedGame.from_dict(game.to_dict()) == game
        True
        """
        return cls(
            read_contingencies(data, "a repeated game"),
            plain_types.entry(data, "discounts", list, "a repeated game"),
        )

    @classmethod
    def from_json(cls, text: str) -> RepeatedGame:
        """The game that `to_json` wrote; see `from_dict`."""
        return plain_types.from_text(text, cls.from_dict)

    @property
    def stage_text(self) -> str:
        """The players and what they play, without the discount factors, in words."""
        if len(self._contingencies) == 1:
            stage = f"stage {' x '.join(map(str, self.stages[0].shape))}"
        else:
            listed = ", ".join(
                f"{one.name} ({format_number(one.probability)})" for one in self._contingencies
            )
            stage = f"contingencies {listed}"
        return f"{counted(self.n_players, 'player')}, {stage}"

    @property
    def text(self) -> str:
        """The game in one line of words."""
        if self.discount is not None:
            discount = f"discount factor {format_number(self._discounts[0])}"
        else:
            discount = f"discount factors {', '.join(map(format_number, self._discounts))}"
        return f"RepeatedGame: {self.stage_text}, {discount}"

    def __repr__(self) -> str:
        return wrapped(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return RepeatedGame, (self._contingencies, self._discounts)


def read_contingencies(data: object, where: str) -> list[Contingency]:
    """The contingencies of what was read from JSON."""
    return list(map(Contingency.from_dict, plain_types.entry(data, "contingencies", list, where)))


def check_float_range(repeated: RepeatedGame) -> None:
    """Refuse payoffs so large or small that floats cannot hold products of them.

    Raises
    ------
    InvalidPayoffError
    """
    for i, player in enumerate(repeated.players):
        largest = max(float(abs(stage.payoffs[i]).max()) for stage in repeated.stages)
        if largest and not _SMALLEST_SCALE <= largest <= _LARGEST_SCALE:
            message = (
                f"{player}'s payoffs are {largest:.3g} in size at most; sets of payoffs take "
                f"{_SMALLEST_SCALE:g} to {_LARGEST_SCALE:g}: multiply all of a player's payoffs by "
                "one number, which does the same to the sets"
            )
            raise InvalidPayoffError(message)


def check_discount(value: object, argument: str = "discount") -> float:
    """A discount factor in [0, 1), kept exactly where it was given exactly."""
    number = parse_number(value, argument, InvalidDiscountError)
    if not 0 <= exactly(number) < 1:
        message = (
            f"{argument} is {format_number(number)}; a discount factor must lie in [0, 1): at 0 "
            "only today counts, near 1 the players are patient"
        )
        raise InvalidDiscountError(message)
    return number


def _read_contingencies(stage: NormalFormGame | Sequence[Contingency]) -> tuple[Contingency, ...]:
    if isinstance(stage, NormalFormGame):
        return (Contingency("always", 1, stage),)
    if isinstance(stage, str | bytes) or not is_sized(stage):
        message = (
            f"stage is {shorten(stage)}; give a NormalFormGame or a sequence of bg.Contingency"
        )
        if hasattr(stage, "contingencies"):
            message += ", for instance its .contingencies"
        raise InvalidTypeError(message)
    found = tuple(stage)
    for place, one in enumerate(found):
        check_type(one, Contingency, f"stage[{place}]")
    if not found:
        message = "stage is empty; give a game or at least one contingency"
        raise InvalidShapeError(message)
    names: set[str] = set()
    for one in found:
        if one.name in names:
            message = f"stage has two contingencies named {one.name!r}; names must differ"
            raise InvalidNameError(message)
        names.add(one.name)
        if one.stage.players != found[0].stage.players:
            message = (
                f"contingency {one.name!r} is played by {listed(one.stage.players)}, "
                f"{found[0].name!r} by {listed(found[0].stage.players)}; all stages need the "
                "same players in the same order"
            )
            raise InvalidShapeError(message)
    return found


def _exact_probabilities(contingencies: Iterable[Contingency]) -> tuple[Fraction, ...]:
    chances = [exactly(one.probability) for one in contingencies]
    total = sum(chances, Fraction(0))
    if abs(total - 1) > _ROUNDING:
        message = f"the contingencies' probabilities sum to {float(total):.10g}; they must sum to 1"
        raise InvalidProbabilityError(message)
    return tuple(chance / total for chance in chances)


def _read_discounts(discount: object, players: Sequence[str]) -> tuple[float, ...]:
    n_players = len(players)
    if isinstance(discount, Mapping):
        return _read_named_discounts(discount, players)
    if isinstance(discount, str) or not is_sized(discount):
        return (check_discount(discount),) * n_players
    given = list(discount)  # pyright: ignore[reportArgumentType, reportUnknownVariableType, reportCallIssue]
    if len(given) != n_players:
        message = (
            f"discount has {counted(len(given), 'entry')} for {counted(n_players, 'player')}; "
            "give one number or one a player"
        )
        raise InvalidShapeError(message)
    return tuple(check_discount(one, f"discount[{i}]") for i, one in enumerate(given))


def _read_named_discounts(given: Mapping[Any, Any], players: Sequence[str]) -> tuple[float, ...]:
    for name in given:
        check_known(name, players, "player in discount", UnknownPlayerError)
    missing = [name for name in players if name not in given]
    if missing:
        message = f"discount says nothing about {listed(missing)}; give one number a player"
        raise InvalidShapeError(message)
    return tuple(check_discount(given[name], f"discount[{name!r}]") for name in players)
