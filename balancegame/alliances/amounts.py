"""One positive number a state, as users give them: in order, by name, or as a world's powers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from balancegame._checks import check_names, is_sized
from balancegame._numbers import Number, exactly, parse_number, shorten
from balancegame.errors import InvalidPowerError, InvalidShapeError, InvalidTypeError
from balancegame.world.world import World

Amounts = Sequence[Number] | Mapping[str, Number] | World
"""One positive number a state, in order or by name; or a world, the threat included."""


def read_amounts(
    amounts: Amounts, argument: str, *, least: int = 2
) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
    """The states' names and their amounts, at their exact values."""
    if isinstance(amounts, World):
        return amounts.names, tuple(map(exactly, amounts.given.power))
    if isinstance(amounts, Mapping):
        states = check_names(list(amounts), argument)
        values: list[Any] = list(amounts.values())
    else:
        if isinstance(amounts, str | bytes | set | frozenset) or not is_sized(amounts):
            message = f"{argument} is {shorten(amounts)}; give one number a state"
            raise InvalidTypeError(message)
        values = list(amounts)
        states = tuple(f"state {i}" for i in range(len(values)))
    if len(values) < least:
        message = f"{argument} has {len(values)} entries; a contest needs at least {least} states"
        raise InvalidShapeError(message)
    held: list[Fraction] = []
    for state, value in zip(states, values, strict=True):
        amount = exactly(parse_number(value, f"{argument} of {state}", InvalidPowerError))
        if amount <= 0:
            message = (
                f"{argument} of {state} is {shorten(value)}; they must be positive: leave a "
                f"state without {argument} out"
            )
            raise InvalidPowerError(message)
        held.append(amount)
    return states, tuple(held)
