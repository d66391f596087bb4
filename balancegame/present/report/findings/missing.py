"""What stands where a question has no answer: why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from balancegame.errors import BalanceGameError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Missing:
    """A question without an answer.

    Attributes
    ----------
    reason : str
        Why it does not apply, or what went wrong.
    """

    reason: str


def found_or_why(compute: Callable[[], T]) -> T | Missing:
    """The answer, or the text of the error that came instead."""
    try:
        return compute()
    except BalanceGameError as error:
        return Missing(str(error))
