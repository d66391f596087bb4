"""Numbers that remember how exactly they were given.

Users give an int, a Fraction, a Decimal or a string such as ``"1/3"`` or ``"0.8"`` when they mean
that very number, and a float when they mean a measurement. Both must work in float arithmetic;
only the first kind may enter exact arithmetic unasked, because the float 0.8 is not 4/5.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, SupportsIndex

import numpy as np

from balancegame.errors import BalanceGameError, InvalidNumberError, InvalidTypeError

Number = int | float | Fraction | Decimal | str
"""What a user may give for one number."""

_TEXT = re.compile(
    r"\s*[+-]?(?:\d+\s*/\s*\d+|(?:\d+\.?\d*|\.\d+)(?:[eE](?P<exponent>[+-]?\d{1,6}))?)\s*"
)
# A file is untrusted: "1e999999999" must not build a number of a billion digits.
_MAX_EXPONENT = 400
_MAX_LENGTH = 8000
_MAX_DECIMALS = 18
_LONG_INTEGER = 14_000  # bits


class ExactFloat(float):
    """A float that remembers the exact rational it was rounded from.

    Behaves as the float in every computation; `exact_value` reads the rational back.

    Examples
    --------
    >>> from balancegame._numbers import ExactFloat
    >>> third = ExactFloat("1/3")
    >>> third == 1 / 3, third.exact
    (True, Fraction(1, 3))
    """

    __slots__ = ("exact",)
    exact: Fraction

    def __new__(cls, value: int | Fraction | str) -> ExactFloat:
        exact = Fraction(value)
        number = super().__new__(cls, float(exact))
        number.exact = exact
        return number

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> tuple[Any, ...]:
        return ExactFloat, (self.exact,)


def exact_value(number: float) -> Fraction | None:
    """The rational a number was given as, or None for a plain float."""
    return number.exact if isinstance(number, ExactFloat) else None


def exactly(number: float) -> Fraction:
    """The exact value of a number: as it was given, or the float's own."""
    exact = exact_value(number)
    return Fraction(number) if exact is None else exact


def compare(a: float, b: float) -> int:
    """-1, 0 or 1: exactly if both were given exactly, as floats otherwise."""
    if exact_value(a) is not None and exact_value(b) is not None:
        return (exactly(a) > exactly(b)) - (exactly(a) < exactly(b))
    return (float(a) > float(b)) - (float(a) < float(b))


def parse_number(
    value: object, argument: str, error: type[BalanceGameError] = InvalidNumberError
) -> float:
    """Read one finite number, keeping it exact where it was given exactly."""
    if isinstance(value, float | np.floating):
        number = value if isinstance(value, ExactFloat) else float(value)
        if not math.isfinite(number):
            message = f"{argument} is {number}, but must be a finite number"
            raise error(message)
        return number
    if isinstance(value, bool | np.bool_) or not isinstance(
        value, int | np.integer | Fraction | Decimal | str
    ):
        message = (
            f"{argument} is {shorten(value)} of type {type(value).__name__}; give an int, a float, "
            'a Fraction, or text such as "1/3" or "0.8"'
        )
        raise InvalidTypeError(message)
    try:
        if isinstance(value, str | Decimal):
            return ExactFloat(_parse_text(str(value)))
        return ExactFloat(Fraction(int(value)) if isinstance(value, np.integer) else value)
    except (ValueError, ZeroDivisionError):
        message = (
            f"{argument} is {shorten(value)}, which is not a finite number; "
            'write it as "3", "1/3", "0.8" or "8e-1"'
        )
        raise error(message) from None
    except OverflowError:
        message = f"{argument} is {shorten(value)}, beyond the range of a float (1.8e308)"
        raise error(message) from None


def parse_at_least_0(
    value: object, argument: str, error: type[BalanceGameError] = InvalidNumberError
) -> Fraction:
    """Read one finite number that cannot be negative, at its exact value."""
    number = parse_number(value, argument, error)
    if exactly(number) < 0:
        message = f"{argument} is {format_number(number)}; it must be at least 0"
        raise error(message)
    return exactly(number)


def format_number(number: float) -> str:
    """The shortest text that `parse_number` reads back: decimal where finite, else ``p/q``."""
    exact = exact_value(number)
    if exact is None:
        return repr(float(number))
    return format_fraction(exact)


def format_fraction(exact: Fraction) -> str:
    """A rational as an integer, a short decimal, or ``p/q``."""
    if exact.denominator == 1:
        return _integer_text(exact.numerator)
    for decimals in range(1, _MAX_DECIMALS + 1):
        scaled = exact * 10**decimals
        if scaled.denominator == 1:
            digits = _integer_text(abs(scaled.numerator)).rjust(decimals + 1, "0")
            sign = "-" if scaled < 0 else ""
            return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
    return fraction_text(exact)


def fraction_text(exact: Fraction) -> str:
    """A rational as an integer or ``p/q``, however long."""
    if exact.denominator == 1:
        return _integer_text(exact.numerator)
    return f"{_integer_text(exact.numerator)}/{_integer_text(exact.denominator)}"


def _parse_text(text: str) -> Fraction:
    found = _TEXT.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if found is None:
        raise ValueError
    if abs(int(found["exponent"] or 0)) > _MAX_EXPONENT:
        raise OverflowError
    return Fraction(text.replace(" ", ""))


def shorten(value: object, limit: int = 60) -> str:
    """A value as a message shows it: its repr, cut where it is long."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"


def _integer_text(number: int) -> str:
    # Python refuses to write integers of more than 4,300 digits.
    if number.bit_length() < _LONG_INTEGER:
        return str(number)
    from flint import fmpz  # noqa: PLC0415 (for such numbers only)

    return str(fmpz(number))
