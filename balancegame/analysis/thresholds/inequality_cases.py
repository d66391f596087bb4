"""What an inequality comes to, case by case: cases that branch on signs, and join."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy

from balancegame.analysis.thresholds.signs import (
    NEGATIVE,
    NONNEGATIVE,
    NONPOSITIVE,
    POSITIVE,
    Facts,
    Signs,
)
from balancegame.analysis.thresholds.solving_steps import NoClosedFormError, check_real

sp: Any = sympy  # whose own types are partial

_MOST_BRANCHES = 40

Literal = tuple[Any, Signs]
"""An expression free of the symbol, and the signs it has in this case."""

TURNED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
"""What a comparison becomes if both sides change their signs."""

ACCEPTS: dict[str, Signs] = {
    ">=": NONNEGATIVE,
    ">": POSITIVE,
    "<=": NONPOSITIVE,
    "<": NEGATIVE,
}
"""The signs that make a comparison with 0 true."""


@dataclass(frozen=True, slots=True)
class Case:
    """What an inequality comes to where some expressions have given signs.

    Attributes
    ----------
    literals : tuple of (expression, signs)
    outcome : sympy condition
        Inequalities ``x <= bound`` and the like, combined by and, or; or true, false.
    """

    literals: tuple[Literal, ...]
    outcome: Any

    def known(self, facts: Facts) -> Facts:
        """The facts, and what holds in this case besides."""
        for literal in self.literals:
            facts = facts.adding(*literal)
        return facts


def settled(sign: int, op: str) -> list[Case]:
    """``expression op 0`` for an expression of this sign: the one case, true or false."""
    return [Case((), sp.true if sign in ACCEPTS[op] else sp.false)]


def decided(signs: Signs, op: str) -> list[Case] | None:
    """The one case of an expression of these signs; None where they leave both open.

    A case that cannot occur leaves no sign at all, and may come to anything.
    """
    if signs <= ACCEPTS[op]:
        return [Case((), sp.true)]
    return None if signs & ACCEPTS[op] else [Case((), sp.false)]


def combined(
    cases: list[Case], join: Any, facts: Facts, other: Callable[[Facts], list[Case]]
) -> list[Case]:
    """Each case joined, by and or by or, with those of another condition in it."""
    found: list[Case] = []
    for case in cases:
        for more in other(case.known(facts)):
            outcome = join(case.outcome, more.outcome)
            found.append(Case((*case.literals, *more.literals), outcome))
    return found


Split = Callable[[Any, Facts, Callable[[int, Facts], list[Case]]], list[Case]]
"""`Branching.split`."""


class Branching:
    """Cases for the signs that an expression can have; not too many of them in one solution.

    Parameters
    ----------
    plain : function of (expression, facts)
        A simpler expression of the same sign, to write in a case's literals.
    """

    def __init__(self, plain: Callable[[Any, Facts], Any]) -> None:
        self._plain = plain
        self._branches = 0

    def split(
        self, expression: Any, facts: Facts, found: Callable[[int, Facts], list[Case]]
    ) -> list[Case]:
        """The cases for each sign the expression can have.

        Raises
        ------
        NoClosedFormError
        """
        expression = facts.reduced(sp.sympify(expression))
        signs = facts.signs(expression)
        if len(signs) == 1:
            return found(next(iter(signs)), facts)
        check_real(expression)
        expression = self._plain(expression, facts)
        cases: list[Case] = []
        for sign in sorted(signs, reverse=True):
            self._branches += 1
            if self._branches > _MOST_BRANCHES:
                message = "too many signs are unknown; fix some parameters"
                raise NoClosedFormError(message)
            one = frozenset((sign,))
            for case in found(sign, facts.adding(expression, one)):
                cases.append(Case(((expression, one), *case.literals), case.outcome))
        return cases
