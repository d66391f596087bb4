"""Argument checks shared by the whole package."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, SupportsIndex, cast

import numpy as np
import psutil

from balancegame._numbers import shorten
from balancegame._words import listed
from balancegame.errors import (
    InvalidNameError,
    InvalidParameterError,
    InvalidTypeError,
    TableTooLargeError,
    UnknownNameError,
    UnknownPlaceError,
)

_MOST_LISTED, _FEW_MORE = 12, 3  # known names in a message; so many more are not left out
_MAX_AXES = 63  # numpy's limit of 64 axes, less the one that counts the players


def check_names(names: Iterable[str], argument: str) -> tuple[str, ...]:
    """Names as a tuple: nonempty text, no repeats."""
    if isinstance(names, str | bytes | Set) or not is_sized(names):
        message = f"{argument} is {shorten(names)}; give a sequence of names"
        raise InvalidTypeError(message)
    found = tuple(names)
    if not found:
        message = f"{argument} is empty; give at least one name"
        raise InvalidNameError(message)
    seen: set[str] = set()
    for place, name in enumerate(found):
        check_text(name, f"{argument}[{place}]")
        if not name.strip():
            message = f"{argument}[{place}] is blank; give every entry a name"
            raise InvalidNameError(message)
        if name in seen:
            message = f"{argument} repeats {name!r}; names must differ"
            raise InvalidNameError(message)
        seen.add(name)
    return found


def check_text(value: object, argument: str) -> str:
    """Text without control characters, which could steer a terminal."""
    if not isinstance(value, str):
        message = f"{argument} is {shorten(value)}; it must be text"
        raise InvalidTypeError(message)
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in value):
        message = f"{argument} is {shorten(value)}; control characters are not allowed in it"
        raise InvalidNameError(message)
    return value


_CONVERSIONS = {
    ("World", "NormalFormGame"): ", for instance model.game(world)",
    ("World", "AlignmentGame"): ": AlignmentGame(world.power, world.parallelism, world.names)",
    ("AlignmentGame", "NormalFormGame"): ": game.normal_form() tabulates one of few states",
    ("NashResult", "NormalFormGame"): ": result.game is the game it was found in",
}


def check_type(value: object, expected: type, argument: str) -> None:
    """Refuse an argument of the wrong class."""
    if not isinstance(value, expected):
        hint = _CONVERSIONS.get((type(value).__name__, expected.__name__), "")
        message = f"{argument} is {_a(type(value))}; it must be {_a(expected)}{hint}"
        raise InvalidTypeError(message)


def _a(kind: type) -> str:
    """A type's name with its article."""
    return f"{'an' if kind.__name__[0] in 'AEIOaeio' else 'a'} {kind.__name__}"


def check_count(value: object, argument: str, least: int) -> int:
    """A whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        message = f"{argument} is {shorten(value)}; it must be a whole number"
        raise InvalidTypeError(message)
    if value.__index__() < least:
        message = f"{argument} is {value}; it must be at least {least}"
        raise InvalidParameterError(message)
    return value.__index__()


def check_place(value: object, length: int, what: str) -> int:
    """The place of one of so many things; negative ones count from the end."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        message = f"{shorten(value)} is no place; give a whole number, or a slice"
        raise InvalidTypeError(message)
    place = value.__index__()
    if not -length <= place < length:
        known = f"places 0 to {length - 1}" if length else "none"
        message = f"there is no {what} at place {place} (known: {known})"
        raise UnknownPlaceError(message)
    return place % length


def check_generator(rng: Any) -> np.random.Generator:
    """A source of random numbers, or the one that a seed starts; None for a fresh one."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        message = f"rng is {shorten(rng)}; give a seed of 0 or more, or a numpy Generator"
        raise InvalidTypeError(message) from None


def check_flag(value: object, argument: str) -> bool:
    """True or False, not what merely counts as such."""
    if not isinstance(value, bool):
        message = f"{argument} is {shorten(value)}; it must be True or False"
        raise InvalidTypeError(message)
    return value


def check_line(build: object, values: object, what: str) -> list[Any]:
    """The values along a line of parameters, with a function that makes `what` of each."""
    if not callable(build):
        message = f"build is {shorten(build)}; give a function from a value to {what}"
        raise InvalidTypeError(message)
    if isinstance(values, str) or not isinstance(values, Iterable):
        message = f"values is {shorten(values)}; give a sequence of values for build"
        raise InvalidTypeError(message)
    return list(cast("Iterable[Any]", values))


def is_sized(value: object) -> bool:
    """Whether a value has a length; arrays without axes claim to and have none."""
    try:
        len(value)  # pyright: ignore[reportArgumentType]
    except TypeError:
        return False
    return True


def check_known(
    name: object,
    known: Sequence[str],
    what: str,
    error: type[UnknownNameError],
    *,
    aliases: Mapping[str, str] | None = None,
) -> str:
    """Refuse a name that is not among `known`, offering the one it stands for or the nearest."""
    if isinstance(name, str) and name in known:
        return name
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    folded = [candidate for candidate in known if candidate.lower() == str(name).lower()]
    meant = [(aliases or {}).get(str(name)), *folded, *near]
    offered = next((one for one in meant if one is not None), None)
    hint = f"; did you mean {offered!r}?" if offered else ""
    most = _MOST_LISTED + (_FEW_MORE if len(known) <= _MOST_LISTED + _FEW_MORE else 0)
    message = f"unknown {what} {shorten(name)}{hint} (known: {listed(known, most) or 'none'})"
    raise error(message)


def check_table_fits(n_players: int, shape: Sequence[int], *, bytes_per_payoff: int = 8) -> None:
    """Refuse a payoff table too large for the memory at hand, before allocating it."""
    profiles = math.prod(shape)
    needed = n_players * profiles * bytes_per_payoff
    available = available_memory()
    if needed <= available and len(shape) <= _MAX_AXES:
        return
    sizes = " x ".join(map(str, shape)) if len(shape) <= 8 else f"{len(shape)} players' actions"
    bound = (
        f"{format_bytes(available)} of memory are available"
        if needed > available
        else f"a table has at most {_MAX_AXES} players"
    )
    message = (
        f"the payoff table has {_count(profiles)} profiles ({sizes}) x {n_players} payoffs = "
        f"{format_bytes(needed)}, but {bound}; use fewer states or fewer actions"
    )
    raise TableTooLargeError(message)


def available_memory() -> int:
    """Bytes that can be allocated without swapping."""
    return int(psutil.virtual_memory().available)


def format_bytes(size: int) -> str:
    """A size in the largest binary unit that keeps it above 1."""
    units = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
    power = min(max(size.bit_length() - 1, 0) // 10, len(units) - 1)
    if power == 0:
        return f"{size} bytes"
    value = size / 1024**power if size < 1 << 1000 else math.inf
    return f"{value:.1f} {units[power]}" if value < 1e6 else f"{_count(size)} bytes"


def _count(number: int) -> str:
    return f"{number:,}" if number < 10**12 else f"about 10^{len(str(number)) - 1}"
