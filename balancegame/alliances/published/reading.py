"""Arguments that several published models take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, SupportsIndex, cast

from balancegame._checks import check_count, check_known, check_names, is_sized
from balancegame._numbers import Number, exactly, format_number, parse_number, shorten
from balancegame.alliances.parameters import Domain
from balancegame.errors import (
    InvalidNameError,
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownStateError,
)
from balancegame.games.alignment_input import read_names

Pairs = Iterable[tuple[str, str]]
"""Pairs of states, in any order."""

_MOST_STATES = 1000
_ANY = Domain("", "", low=float("-inf"), low_open=True, high_open=True)
AT_LEAST_0 = Domain("", "")
POSITIVE = Domain("", "", low_open=True)
PROBABILITY = Domain("", "", high=1.0)
INSIDE = Domain("", "", high=1.0, low_open=True, high_open=True)


def read_number(value: Number, argument: str, domain: Domain = _ANY) -> Fraction:
    """One number at its exact value, in its domain."""
    number = parse_number(value, argument, InvalidParameterError)
    if not domain.holds(exactly(number)):
        message = f"{argument} is {format_number(number)}, outside its domain {domain.text}"
        raise InvalidParameterError(message)
    return exactly(number)


def read_states(names: Sequence[str] | int, least: int) -> tuple[str, ...]:
    """Names of states, or how many there are: "state 0", "state 1", ..."""
    if isinstance(names, SupportsIndex):
        count = check_count(names, "names", least)
        if count > _MOST_STATES:
            message = f"names is {count:,}; the model takes at most {_MOST_STATES:,} states"
            raise InvalidParameterError(message)
        return tuple(f"state {i}" for i in range(count))
    states = check_names(names, "names")
    if len(states) < least:
        message = f"names has {len(states)} entries; the model needs at least {least} states"
        raise InvalidShapeError(message)
    return states


def read_graph_names(names: Sequence[str] | None, matrix: Any, argument: str) -> tuple[str, ...]:
    """Names of the states of a matrix: as given, or as many as it has rows."""
    if names is None and (isinstance(matrix, str) or not is_sized(matrix)):
        message = f"{argument} is {shorten(matrix)} and does not say of whom; give names"
        raise InvalidShapeError(message)
    return read_names(names, matrix, matrix)


def read_two_names(names: Sequence[str]) -> tuple[str, str]:
    """The names of two states."""
    states = check_names(names, "names")
    if len(states) != 2:
        message = f"names has {len(states)} entries; the model has two states"
        raise InvalidShapeError(message)
    return states[0], states[1]


def read_pairs(pairs: Pairs, states: tuple[str, ...], argument: str) -> set[frozenset[str]]:
    """Unordered pairs of different states."""
    if isinstance(pairs, str | bytes) or not isinstance(cast("Any", pairs), Iterable):
        message = f"{argument} is {shorten(pairs)}; give pairs of states"
        raise InvalidTypeError(message)
    found: set[frozenset[str]] = set()
    for pair in pairs:
        given: Any = pair
        if isinstance(given, str | bytes) or not is_sized(given) or len(given) != 2:
            message = f"{argument} holds {shorten(pair)}; give pairs of states"
            raise InvalidTypeError(message)
        first, second = (
            check_known(name, states, f"state in {argument}", UnknownStateError) for name in given
        )
        if first == second:
            message = f"{argument} pairs {first!r} with itself; give two different states"
            raise InvalidNameError(message)
        found.add(frozenset((first, second)))
    return found


def refuse_both(friends: set[frozenset[str]], foes: set[frozenset[str]], words: str) -> None:
    """Refuse a pair that is on good and on bad terms."""
    for pair in friends & foes:
        message = f"{' and '.join(sorted(pair))} are {words} at once; choose one"
        raise InvalidNameError(message)
