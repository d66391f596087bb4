"""Parameters of a model: what they mean, their domains, and how values are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from balancegame._checks import check_text
from balancegame._numbers import (
    ExactFloat,
    Number,
    compare,
    exact_value,
    exactly,
    format_number,
    parse_number,
)
from balancegame.errors import InvalidParameterError

StateParameter = Number | Mapping[str, Number]
"""A number for all states, or one for each: {state: number}."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What values a parameter may take, and what it is called in the formulas."""

    symbol: str
    meaning: str
    low: float = 0.0
    high: float = float("inf")
    low_open: bool = False
    high_open: bool = False
    per_state: bool = True

    @property
    def text(self) -> str:
        """The domain as an interval."""
        left = "(" if self.low_open else "["
        right = ")" if self.high_open or self.high == float("inf") else "]"
        return f"{left}{self.low:g}, {self.high:g}{right}"

    def holds(self, value: float | Fraction) -> bool:
        """Whether a value lies in the domain."""
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below


def state_field(default: str, symbol: str, meaning: str, **bounds: Any) -> Any:
    """A parameter that may differ between states."""
    domain = Domain(symbol, meaning, **bounds)
    return field(default=ExactFloat(default), metadata={"domain": domain})


def world_field(default: str, symbol: str, meaning: str, **bounds: Any) -> Any:
    """A parameter that is one number for the whole world."""
    return state_field(default, symbol, meaning, per_state=False, **bounds)


def contest_field() -> Any:
    """The form of the contest."""
    domain = Domain("", 'form of the contest: "ratio" or "logistic"', per_state=False)
    return field(default="ratio", metadata={"domain": domain})


def read_parameter(value: Any, name: str, domain: Domain) -> Any:
    """A parameter's value or values, each a float in its domain, exact where given exactly."""
    if not isinstance(value, Mapping):
        return _read_value(value, name, domain)
    if not domain.per_state:
        message = f"{name} is one number for the whole world, not one a state"
        raise InvalidParameterError(message)
    return MappingProxyType(
        {
            check_text(state, f"a state in {name}"): _read_value(v, f"{name} of {state}", domain)
            for state, v in value.items()
        }
    )


def _read_value(value: Any, argument: str, domain: Domain) -> float:
    number = parse_number(value, argument, InvalidParameterError)
    if not domain.holds(exactly(number)):
        message = f"{argument} is {format_number(number)}, outside its domain {domain.text}"
        raise InvalidParameterError(message)
    return number


def check_autonomy(autonomy_loss: Any, domination_loss: Any) -> None:
    """Refuse a client that loses more than the dominated do."""
    states = {*_keys(autonomy_loss), *_keys(domination_loss)} or {""}
    for state in sorted(states):
        alpha, loss = _value_for(autonomy_loss, state), _value_for(domination_loss, state)
        if alpha is not None and loss is not None and compare(alpha, loss) > 0:
            of = f" of {state}" if state else ""
            message = (
                f"autonomy_loss{of} is {format_number(alpha)}, above domination_loss "
                f"{format_number(loss)}; a client loses at most what the dominated lose"
            )
            raise InvalidParameterError(message)


def _keys(value: StateParameter) -> Sequence[str]:
    return tuple(value) if isinstance(value, Mapping) else ()


def _value_for(value: Any, state: str) -> float | None:
    return value.get(state) if isinstance(value, Mapping) else value


def parameter_text(value: Any) -> str:
    """A parameter's value as Python would read it."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{state!r}: {parameter_text(v)}" for state, v in value.items())
        return f"{{{inner}}}"
    if isinstance(value, str):
        return repr(value)
    text = format_number(value)
    return repr(text) if "/" in text and exact_value(value) is not None else text
