"""A number of periods that may be beyond what floats hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from balancegame._records import record_repr
from balancegame.games.rendering import number, power_of_ten


@final
@dataclass(frozen=True, slots=True)
class ExpectedTime:
    """An expected number of periods, which may be beyond what floats hold.

    Attributes
    ----------
    log_periods : float
        Its natural log; -inf for no period at all, inf for never.
    """

    log_periods: float

    __repr__ = record_repr

    @property
    def periods(self) -> float:
        """The number itself; inf above 1e308."""
        return math.exp(self.log_periods) if self.log_periods < 709.0 else math.inf

    def __float__(self) -> float:
        return self.periods

    def __str__(self) -> str:
        if self.log_periods == math.inf:
            return "never"
        if self.log_periods < math.log(1e6):
            return number(self.periods)
        return power_of_ten(self.log_periods)
