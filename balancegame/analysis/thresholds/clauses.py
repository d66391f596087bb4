"""Conditions as clauses: all of some alternatives of polynomial inequalities.

An inequality between expressions loses its denominators and every factor of known sign; payoffs
defined by cases become alternatives. What is implied by the rest, provably, is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from balancegame.analysis.thresholds.samples import COUNT, where_sign
from balancegame.analysis.thresholds.signs import (
    ANY,
    NEGATIVE,
    NONNEGATIVE,
    POSITIVE,
    ZERO,
    Facts,
    Signs,
    times,
)


@dataclass(frozen=True, slots=True)
class Inequality:
    """``expression >= 0``, or ``> 0`` where strict; in lowest terms."""

    expression: Any
    strict: bool

    @property
    def holds_for(self) -> Signs:
        """The signs of the expression for which it is true."""
        return POSITIVE if self.strict else NONNEGATIVE

    @property
    def relation(self) -> Any:
        """As sympy writes it."""
        return sp.Gt(self.expression, 0) if self.strict else sp.Ge(self.expression, 0)


Clause = tuple[Inequality, ...]
"""Alternatives, of which one must hold; none of them is false or true by itself."""


def clauses_of(condition: Any, facts: Facts) -> list[Clause]:
    """A condition in conjunctive form; no clauses if it always holds, an empty one if never."""
    if condition == sp.true:
        return []
    if condition == sp.false:
        return [()]
    if isinstance(condition, sp.Not):
        return clauses_of(sp.to_nnf(condition), facts)
    if isinstance(condition, sp.And):
        return _tidy(one for part in condition.args for one in clauses_of(part, facts))
    if isinstance(condition, sp.Or):
        return either([clauses_of(part, facts) for part in condition.args])
    difference = condition.lhs - condition.rhs
    if condition.rel_op in ("<=", "<"):
        difference = -difference
    return comparison(difference, facts, strict=condition.rel_op in (">", "<"))


def comparison(difference: Any, facts: Facts, *, strict: bool) -> list[Clause]:
    """``difference >= 0`` (or ``> 0``) in conjunctive form."""
    pieces = difference.atoms(sp.Piecewise)
    if pieces:
        return _by_cases(difference, min(pieces, key=sp.default_sort_key), facts, strict=strict)
    if difference.has(sp.Max, sp.Min, sp.Abs):
        return comparison(difference.rewrite(sp.Piecewise), facts, strict=strict)
    ratio = facts.ratio(difference)
    if ratio.constant == 0:
        return [()] if strict else []
    sign = 1 if ratio.constant > 0 else -1
    doubtful: list[Any] = []  # of one sign, but perhaps zero
    unknown: list[Any] = []
    for factors, below in ((ratio.numerator, False), (ratio.denominator, True)):
        for factor, many in factors:
            written = ratio.back(factor) if many % 2 else ratio.back(factor) ** 2
            signs = facts.signs(written) - ZERO if below else facts.signs(written)
            if signs == POSITIVE:
                continue
            if signs == NEGATIVE:
                sign = -sign
            elif signs <= {0, -1} or signs <= {0, 1}:
                sign = -sign if -1 in signs else sign
                doubtful.append(-written if -1 in signs else written)
            else:
                unknown.append(ratio.back(factor))
    return _joined(sign, doubtful, unknown, strict=strict)


def _joined(sign: int, doubtful: list[Any], unknown: list[Any], *, strict: bool) -> list[Clause]:
    """Sign times factors that are at least 0 times factors of any sign, compared with 0."""
    rest: list[Clause] = [] if sign > 0 else [()]
    if unknown:
        whole = sign * sp.prod(sp.expand(one) if len(unknown) == 1 else one for one in unknown)
        rest = [(Inequality(_primitive(sp.expand(whole) if len(unknown) == 1 else whole), strict),)]
    if strict:
        return _tidy([*rest, *((Inequality(_primitive(one), strict=True),) for one in doubtful)])
    vanishing = [Inequality(_primitive(-one), strict=False) for one in doubtful]
    if sign > 0 and not unknown:
        return []
    return _tidy((*one, *vanishing) for one in rest)


def _primitive(expression: Any) -> Any:
    """Without a positive rational factor."""
    constant, rest = expression.as_content_primitive()
    return rest if constant > 0 else -rest


def _by_cases(difference: Any, piece: Any, facts: Facts, *, strict: bool) -> list[Clause]:
    found: list[Clause] = []
    earlier: list[Any] = []
    for expression, condition in piece.args:
        here = comparison(difference.xreplace({piece: expression}), facts, strict=strict)
        not_here = clauses_of(sp.to_nnf(sp.Not(condition)), facts)
        elsewhere = [clauses_of(one, facts) for one in earlier]
        found += either([here, not_here, *elsewhere])
        earlier.append(condition)
    return _tidy(found)


def either(alternatives: Sequence[list[Clause]]) -> list[Clause]:
    """The disjunction of conditions in conjunctive form."""
    if any(not clauses for clauses in alternatives):
        return []
    return _tidy(
        tuple(one for clause in chosen for one in clause) for chosen in product(*alternatives)
    )


def _tidy(clauses: Iterable[Clause]) -> list[Clause]:
    """Without repetition, and without clauses that another one implies by being shorter."""
    found: list[Clause] = []
    for clause in clauses:
        unique = tuple(dict.fromkeys(clause))
        strict = {one.expression for one in unique if not one.strict}
        unique = tuple(one for one in unique if not (one.strict and one.expression in strict))
        if _is_tautology(unique) or any(_covers(other, unique) for other in found):
            continue
        found = [other for other in found if not _covers(unique, other)]
        found.append(unique)
    return [()] if () in found else found


def _is_tautology(clause: Clause) -> bool:
    """``f >= 0 or f <= 0``, and the like."""
    weak = {one.expression for one in clause if not one.strict}
    return any(sp.expand(-one.expression) in weak or -one.expression in weak for one in clause)


def _covers(short: Clause, long: Clause) -> bool:
    """Whether every alternative of the first is one of the second."""
    return all(
        any(
            one.expression == other.expression and (one.strict or not other.strict)
            for other in long
        )
        for one in short
    )


def without_implied(clauses: Sequence[Clause], facts: Facts) -> list[Clause]:
    """Fewer clauses that say the same, as far as that can be proven."""
    kept = [_pruned(clause, facts) for clause in clauses]
    kept = _tidy(one for one in kept if one is not None)
    for clause in sorted(kept, key=lambda one: -sum(map(_length, one))):
        others = [one for one in kept if one != clause]
        if _is_implied(clause, others, facts):
            kept = others
    return kept


def _length(one: Inequality) -> int:
    return int(one.expression.count_ops())


def _pruned(clause: Clause, facts: Facts) -> Clause | None:
    """Without alternatives that cannot hold; None if one always does."""
    kept: list[Inequality] = []
    for one in clause:
        signs = facts.signs(one.expression)
        if signs <= one.holds_for:
            return None
        if signs & one.holds_for:
            kept.append(one)
    return tuple(kept)


def _is_implied(clause: Clause, others: Sequence[Clause], facts: Facts) -> bool:
    """By all single inequalities among the others at once, or by one as f >= g."""
    fails = np.ones(COUNT, dtype=np.bool_)
    for one in clause:
        fails &= facts.fails_at(one.expression, one.holds_for)
    for other in others:
        holds = np.zeros(COUNT, dtype=np.bool_)
        for one in other:
            holds |= where_sign(one.expression, one.holds_for)
        fails &= holds
    if fails.any():  # a point at which the others hold, and this one does not
        return False
    singles = [one[0] for one in others if len(one) == 1]
    known = facts
    for single in singles:
        known = known.adding(single.expression, single.holds_for)
    for one in clause:
        if known.signs(one.expression) <= one.holds_for:
            return True
        for single in singles:
            if single.strict or not one.strict:
                difference = facts.signs(one.expression - single.expression)
                if difference <= NONNEGATIVE:
                    return True
            elif facts.signs(one.expression - single.expression) == POSITIVE:
                return True
    return False


def condition_of(clauses: Iterable[Clause]) -> Any:
    """Clauses as a sympy condition."""
    return sp.And(*(sp.Or(*(one.relation for one in clause)) for clause in clauses))


__all__ = [
    "ANY",
    "Clause",
    "Inequality",
    "clauses_of",
    "comparison",
    "condition_of",
    "either",
    "times",
    "without_implied",
]
