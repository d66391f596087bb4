"""The automaton of whatever has one, such as a treaty."""

from __future__ import annotations

from typing import Protocol, cast

from balancegame._checks import check_type
from balancegame.games.automaton import Automaton


class HasAutomaton(Protocol):
    """What is compiled to an automaton, such as a `Treaty`."""

    @property
    def automaton(self) -> Automaton:
        """The profile of strategies that it is."""
        ...


def automaton_of(given: Automaton | HasAutomaton) -> Automaton:
    """An automaton itself, or that of a treaty.

    Raises
    ------
    InvalidTypeError
        Neither of the two.
    """
    if isinstance(given, Automaton):
        return given
    found = getattr(given, "automaton", given)
    check_type(found, Automaton, "automaton")
    return cast("Automaton", found)
