"""Power allocation among friends and foes, after Li & Morse (2017)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any, Literal, final

from balancegame._checks import check_known
from balancegame._numbers import (
    Number,
    format_fraction,
    parse_at_least_0,
    shorten,
)
from balancegame.alliances.amounts import Amounts, read_amounts
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import Pairs, read_pairs, refuse_both
from balancegame.errors import (
    InvalidParameterError,
    InvalidTypeError,
    TooManyProfilesError,
    UnknownStateError,
)
from balancegame.games.rendering import Rows

Status = Literal["safe", "precarious", "unsafe"]
Relations = tuple[tuple[int, ...], ...]
"""+1 for friends and oneself, -1 for foes, 0 for neither."""

_MOST_SPLITS = 1_000_000


@final
@dataclass(frozen=True, slots=True, repr=False)
class PowerAllocation(PublishedResult):
    """How states split their power over friends and foes, and who survives.

    Attributes
    ----------
    states : tuple of str
    power : tuple of Fraction
    relations : tuple of tuple of int
        +1 for friends and oneself, -1 for foes, 0 for neither.
    allocation : tuple of tuple of Fraction
        u_ij, what i sets aside for j: in support of a friend or itself, against a foe.
    """

    states: tuple[str, ...]
    power: tuple[Fraction, ...]
    relations: Relations
    allocation: tuple[tuple[Fraction, ...], ...]

    @property
    def support(self) -> tuple[Fraction, ...]:
        """What stands for each state: its friends' support and its own, and what holds its foes."""
        return tuple(self._received(i, 1) + self._sent_to_foes(i) for i in self._places)

    @property
    def threat(self) -> tuple[Fraction, ...]:
        """What its foes set against each state."""
        return tuple(self._received(i, -1) for i in self._places)

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Safe, precarious or unsafe as support is above, at or below the threat."""
        found: list[Status] = []
        for support, threat in zip(self.support, self.threat, strict=True):
            equal: Status = "precarious" if support == threat else "unsafe"
            found.append("safe" if support > threat else equal)
        return tuple(found)

    @property
    def survivors(self) -> tuple[str, ...]:
        """The states that are safe or precarious."""
        each = zip(self.states, self.statuses, strict=True)
        return tuple(state for state, status in each if status != "unsafe")

    @property
    def payoffs(self) -> tuple[int, ...]:
        """Each state's payoff by the axioms, as `li_morse_game` pays it."""
        return tuple(self._payoff(i, self.statuses) for i in self._places)

    @property
    def is_equilibrium(self) -> bool:
        """Whether no state gains by another split of its power into whole amounts.

        Raises
        ------
        InvalidParameterError
            Powers or amounts that are no whole numbers.
        TooManyProfilesError
            A state has more than a million splits.
        """
        whole_powers(self.states, self.power)
        for row in self.allocation:
            whole_powers(self.states, row)
        now = self.payoffs
        return not any(
            self._with_split(i, split).payoffs[i] > now[i]
            for i in self._places
            for split in splits(self.relations, self.power, i)
        )

    @property
    def actions(self) -> tuple[str, ...]:
        """The allocation as a profile of `li_morse_game`: one action a state."""
        return tuple(
            split_name(self.states, i, tuple(map(int, row)))
            for i, row in enumerate(self.allocation)
        )

    @property
    def _places(self) -> range:
        return range(len(self.states))

    def _received(self, i: int, relation: int) -> Fraction:
        sent = (self.allocation[j][i] for j in self._places if self.relations[i][j] == relation)
        return sum(sent, Fraction(0))

    def _sent_to_foes(self, i: int) -> Fraction:
        sent = (self.allocation[i][j] for j in self._places if self.relations[i][j] == -1)
        return sum(sent, Fraction(0))

    def _payoff(self, i: int, statuses: Sequence[Status]) -> int:
        paid = 0
        for j in self._places:
            if j == i:
                paid += len(self.states) * (statuses[i] != "unsafe")
            elif self.relations[i][j] == 1:
                paid += statuses[j] != "unsafe"
            elif self.relations[i][j] == -1:
                paid += statuses[j] != "safe"
        return paid

    def _with_split(self, i: int, split: tuple[int, ...]) -> PowerAllocation:
        rows = list(self.allocation)
        rows[i] = tuple(map(Fraction, split))
        return PowerAllocation(self.states, self.power, self.relations, tuple(rows))

    def _caption(self) -> str:
        return f"Power allocation: {', '.join(self.survivors) or 'nobody'} survive" + (
            "s" if len(self.survivors) < 2 else ""
        )

    def _rows(self) -> Rows:
        rows = [["", "power", "support", "threat", "status"]]
        each = zip(self.states, self.power, self.support, self.threat, self.statuses, strict=True)
        for state, *amounts, status in each:
            rows.append([state, *map(text_of, amounts), status])
        return rows


def li_morse(
    power: Amounts,
    allocation: Mapping[str, Mapping[str, Number]],
    *,
    friends: Pairs = (),
    foes: Pairs = (),
) -> PowerAllocation:
    """Who survives when states split their power over themselves, their friends and their foes.

    State i is safe, precarious or unsafe as its support is above, at or below the threat to it;
    its support is what its friends and itself set aside for it and what it sets against its foes.

    After Li & Morse (2017), as far as their definitions are remembered: not checked against their
    text, no replication.

    Parameters
    ----------
    power : sequence of positive numbers, mapping {state: number}, or World
    allocation : mapping {state: {state: number >= 0}}
        What each state sets aside for itself and its friends, and against its foes; each row sums
        to the state's power. What is left out is 0.
    friends, foes : pairs of names, optional
        In any order; a pair is one or the other, or neither.

    Returns
    -------
    PowerAllocation
        In exact rationals.

    Raises
    ------
    InvalidParameterError
        A row that does not sum to the power, or power set aside for a state that is neither friend
        nor foe.
    UnknownStateError, InvalidNameError, InvalidPowerError, InvalidTypeError

    References
    ----------
    Y. Li and A. S. Morse (2017), "Game of power allocation on networks", American Control
    Conference 2017.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.published.li_morse(
    ...     {"A": 3, "B": 2, "C": 4},
    ...     {"A": {"A": 1, "C": 2}, "B": {"A": 1, "C": 1}, "C": {"A": 2, "B": 2}},
    ...     friends=[("A", "B")], foes=[("A", "C"), ("B", "C")],
    ... )
    >>> found
    Power allocation: A, C survive
         power  support  threat  status
      A  3      4        2       safe
      B  2      1        2       unsafe
      C  4      4        3       safe
    >>> found.is_equilibrium
    False
    """
    states, held = read_amounts(power, "power")
    relations = read_relations(states, friends, foes)
    if not isinstance(allocation, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"allocation is {shorten(allocation)}; give {{state: {{state: number}}}}"
        raise InvalidTypeError(message)
    for state in allocation:
        check_known(state, states, "state in allocation", UnknownStateError)
    rows = tuple(
        _read_row(states, i, held[i], relations[i], allocation.get(state, {}))
        for i, state in enumerate(states)
    )
    return PowerAllocation(states, held, relations, rows)


def _read_row(
    states: tuple[str, ...], i: int, power: Fraction, relations: Sequence[int], given: Any
) -> tuple[Fraction, ...]:
    if not isinstance(given, Mapping):
        message = f"allocation of {states[i]} is {shorten(given)}; give {{state: number}}"
        raise InvalidTypeError(message)
    row = [Fraction(0)] * len(states)
    for target, amount in given.items():
        check_known(target, states, f"state in allocation of {states[i]}", UnknownStateError)
        what = f"allocation of {states[i]} to {target}"
        j = states.index(target)
        row[j] = parse_at_least_0(amount, what, InvalidParameterError)
        if row[j] and not relations[j]:
            message = f"{what} is {format_fraction(row[j])}; they are neither friends nor foes"
            raise InvalidParameterError(message)
    if sum(row) != power:
        message = (
            f"allocation of {states[i]} sums to {format_fraction(sum(row, Fraction(0)))}; it must "
            f"sum to its power, {format_fraction(power)}"
        )
        raise InvalidParameterError(message)
    return tuple(row)


def read_relations(states: tuple[str, ...], friends: Pairs, foes: Pairs) -> Relations:
    """Who is whose friend and foe; everybody is its own friend."""
    near, far = read_pairs(friends, states, "friends"), read_pairs(foes, states, "foes")
    refuse_both(near, far, "friends and foes")

    def relation(a: str, b: str) -> int:
        pair = frozenset((a, b))
        return 1 if a == b or pair in near else -1 if pair in far else 0

    return tuple(tuple(relation(a, b) for b in states) for a in states)


def whole_powers(states: Sequence[str], amounts: Sequence[Fraction]) -> tuple[int, ...]:
    """Amounts as whole numbers, refused where they are none."""
    for state, amount in zip(states, amounts, strict=True):
        if amount.denominator != 1:
            message = (
                f"an amount of {state} is {format_fraction(amount)}; only splits into whole "
                "amounts can be listed: choose a unit in which powers are whole numbers"
            )
            raise InvalidParameterError(message)
    return tuple(map(int, amounts))


def splits(relations: Relations, power: Sequence[Fraction], i: int) -> Iterator[tuple[int, ...]]:
    """All splits of a state's power into whole amounts, each with one entry a state."""
    targets = [j for j, relation in enumerate(relations[i]) if relation]
    held = int(power[i])
    count = comb(held + len(targets) - 1, len(targets) - 1)
    if count > _MOST_SPLITS:
        message = (
            f"a state of power {held} with {len(targets)} addressees has {count:,} splits; at most "
            f"{_MOST_SPLITS:,} are listed. Use a coarser unit"
        )
        raise TooManyProfilesError(message)
    for parts in _compositions(held, len(targets)):
        row = [0] * len(relations)
        for j, part in zip(targets, parts, strict=True):
            row[j] = part
        yield tuple(row)


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total, -1, -1):
        for rest in _compositions(total - first, parts - 1):
            yield first, *rest


def split_name(states: Sequence[str], i: int, split: Sequence[int]) -> str:
    """A split as the name of an action: "2 at home, 1 to B"."""
    amounts = [
        f"{amount} at home" if j == i else f"{amount} to {states[j]}"
        for j, amount in enumerate(split)
        if amount
    ]
    return ", ".join(amounts)
