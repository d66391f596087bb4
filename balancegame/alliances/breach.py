"""What follows when a member of a treaty does not honour it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from balancegame._checks import check_count
from balancegame._records import record_repr
from balancegame._words import counted

ActionByContingency = str | int | Mapping[str, str | int]
"""An action in every contingency, or ``{contingency: action}``."""


@final
@dataclass(frozen=True, slots=True)
class Reversion:
    """The treaty is void for ever, and an equilibrium of each stage is played instead.

    Parameters
    ----------
    equilibria : profile, mapping {contingency: profile}, mapping {member: either}, optional
        By default each violator's worst pure equilibrium of each stage. What is given need not
        consist of equilibria: whether anybody would leave it is checked with all the rest.
    """

    equilibria: Any = None

    __repr__ = record_repr

    def __str__(self) -> str:
        given = "the violator's worst equilibrium" if self.equilibria is None else "what is named"
        return f"reversion to {given}"


@final
@dataclass(frozen=True, slots=True)
class Exclusion:
    """The violator is excluded for ever: he helps nobody, and nobody helps him.

    Parameters
    ----------
    action : str, int, or mapping {contingency: action}
        What he plays from then on. Obligations remain among the other members, except in
        contingencies that concern an excluded one: see `Treaty`'s `beneficiaries`.
    """

    action: ActionByContingency

    __repr__ = record_repr

    def __str__(self) -> str:
        return "exclusion"


@final
@dataclass(frozen=True, slots=True)
class Penance:
    """Some periods of a play that makes up for the violation, and all is as before.

    Parameters
    ----------
    periods : int
        At least 1. They start anew for whichever member deviates last.
    violator, others : str, int, or mapping {contingency: action}
        What the violator, and what the other members play meanwhile; in contingencies left out,
        what the treaty says. States outside the treaty play their default.

    Raises
    ------
    InvalidParameterError
        Less than one period.
    """

    periods: int
    violator: ActionByContingency
    others: ActionByContingency

    __repr__ = record_repr

    def __post_init__(self) -> None:
        check_count(self.periods, "periods", 1)

    def __str__(self) -> str:
        return f"penance of {counted(self.periods, 'period')}"


Breach = Reversion | Exclusion | Penance


def reversion(equilibria: Any = None) -> Reversion:
    """A breach voids the treaty: see `Reversion`."""
    return Reversion(equilibria)


def exclusion(action: ActionByContingency) -> Exclusion:
    """A breach excludes the violator: see `Exclusion`."""
    return Exclusion(action)


def penance(periods: int, *, violator: ActionByContingency, others: ActionByContingency) -> Penance:
    """A breach is made up for: see `Penance`."""
    return Penance(periods, violator, others)
