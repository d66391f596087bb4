"""Clauses solved for a symbol together: cases, each with its bounds; as few as can be proven."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from balancegame.analysis.thresholds.clauses import Clause
from balancegame.analysis.thresholds.inequality_cases import Case, Literal
from balancegame.analysis.thresholds.isolation import isolate
from balancegame.analysis.thresholds.signs import (
    NEGATIVE,
    NONNEGATIVE,
    NONPOSITIVE,
    POSITIVE,
    ZERO,
    Facts,
    Signs,
)
from balancegame.analysis.thresholds.solving_steps import NoClosedFormError

sp: Any = sympy  # whose own types are partial

_MOST_CASES = 16  # more are no answer to read
_MOST_UNMERGED = 32
_LOWER, _UPPER = (sp.Ge, sp.Gt), (sp.Le, sp.Lt)


def solve(clauses: Sequence[Clause], symbol: Any, facts: Facts) -> list[Case]:
    """All clauses solved for a symbol; the cases exhaust the facts and exclude each other.

    Raises
    ------
    NoClosedFormError
    """
    cases = [Case((), sp.true)]
    for clause in sorted(clauses, key=len):
        longer: list[Case] = []
        for case in cases:
            longer += _with_clause(case, clause, symbol, facts)
            _check_count(len(longer), _MOST_UNMERGED)
        cases = merged(longer, facts)
        _check_count(len(cases), _MOST_CASES)
    cases = [Case(one.literals, pruned(one.outcome, symbol, one.known(facts))) for one in cases]
    return _ordered(_without_implied(merged(cases, facts), facts))


def _check_count(count: int, most: int) -> None:
    if count > most:
        message = "there are too many cases; fix some parameters"
        raise NoClosedFormError(message)


def _with_clause(case: Case, clause: Clause, symbol: Any, facts: Facts) -> list[Case]:
    if case.outcome == sp.false:
        return [case]
    found = [Case(case.literals, sp.false)]
    for one in clause:
        longer: list[Case] = []
        for partial in found:
            if partial.outcome == sp.true:
                longer.append(partial)
                continue
            known = partial.known(facts)
            for more in isolate(one.expression, symbol, known, strict=one.strict):
                literals = (*partial.literals, *more.literals)
                longer.append(Case(literals, sp.Or(partial.outcome, more.outcome)))
            _check_count(len(longer), _MOST_UNMERGED)
        found = longer
    return [Case(one.literals, sp.And(case.outcome, one.outcome)) for one in found]


def pruned(outcome: Any, symbol: Any, facts: Facts) -> Any:
    """The bounds without those that others imply."""
    if isinstance(outcome, sp.And | sp.Or):
        together = isinstance(outcome, sp.And)
        parts = [pruned(part, symbol, facts) for part in outcome.args]
        kept: list[Any] = []
        for part in parts:
            if any(
                _implies(*((other, part) if together else (part, other)), facts) for other in kept
            ):
                continue
            kept = [
                other
                for other in kept
                if not _implies(*((part, other) if together else (other, part)), facts)
            ]
            kept.append(part)
        if together and _contradict(kept, facts):
            return sp.false
        if not together and _exhaust(kept, facts):
            return sp.true
        return outcome.func(*kept)
    return outcome


def _implies(one: Any, other: Any, facts: Facts) -> bool:
    """Whether one bound on the symbol implies another."""
    for side, better in ((_LOWER, NONNEGATIVE), (_UPPER, NONPOSITIVE)):
        if isinstance(one, side) and isinstance(other, side):
            signs = facts.signs(one.rhs - other.rhs)
            weaker = isinstance(other, sp.Gt | sp.Lt) and not isinstance(one, sp.Gt | sp.Lt)
            return signs <= (better - ZERO if weaker else better)
    return False


def _contradict(parts: Sequence[Any], facts: Facts) -> bool:
    return any(
        isinstance(one, _LOWER)
        and isinstance(other, _UPPER)
        and facts.signs(other.rhs - one.rhs) == NEGATIVE
        for one in parts
        for other in parts
    )


def _exhaust(parts: Sequence[Any], facts: Facts) -> bool:
    return any(
        isinstance(one, _LOWER)
        and isinstance(other, _UPPER)
        and facts.signs(other.rhs - one.rhs) == POSITIVE
        for one in parts
        for other in parts
    )


def merged(cases: Sequence[Case], facts: Facts) -> list[Case]:
    """Cases of one outcome that differ in one sign are one case."""
    found = list(cases)
    again = True
    while again:
        again = False
        for i, one in enumerate(found):
            for j in range(i + 1, len(found)):
                both = _merge(one, found[j], facts)
                if both is not None:
                    found[j : j + 1] = []
                    found[i] = both
                    again = True
                    break
            if again:
                break
    return found


def _merge(one: Case, other: Case, facts: Facts) -> Case | None:
    if one.outcome != other.outcome:
        return None
    first, second = _signs(one.literals), _signs(other.literals)
    if first.keys() != second.keys():
        return None
    apart = [expression for expression in first if first[expression] != second[expression]]
    if len(apart) > 1:
        return None
    if not apart:
        return one
    expression = apart[0]
    union = first[expression] | second[expression]
    rest = tuple(literal for literal in one.literals if literal[0] != expression)
    known = Case(rest, one.outcome).known(facts)
    if known.signs(expression) <= union:
        return Case(rest, one.outcome)
    return Case((*rest, (expression, union)), one.outcome)


def _signs(literals: Sequence[Literal]) -> dict[Any, Signs]:
    found: dict[Any, Signs] = {}
    for expression, signs in literals:
        found[expression] = found.get(expression, signs) & signs
    return found


def _without_implied(cases: Sequence[Case], facts: Facts) -> list[Case]:
    found: list[Case] = []
    for case in cases:
        literals = list(_signs(case.literals).items())
        for literal in list(literals):
            rest = [one for one in literals if one != literal]
            known = Case(tuple(rest), case.outcome).known(facts)
            if known.signs(literal[0]) <= literal[1]:
                literals = rest
        if all(signs for _, signs in literals):
            found.append(Case(tuple(literals), case.outcome))
    return found


def _ordered(cases: Sequence[Case]) -> list[Case]:
    """Those with bounds first, then always, then never; stable."""
    rank = {sp.true: 1, sp.false: 2}
    return sorted(cases, key=lambda one: rank.get(one.outcome, 0))
