"""Where in a plane of two parameters a region ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from balancegame.analysis.thresholds.cases import merged
from balancegame.analysis.thresholds.clauses import Clause, Inequality, condition_of
from balancegame.analysis.thresholds.isolation import isolate
from balancegame.analysis.thresholds.signs import Facts
from balancegame.analysis.thresholds.solving_steps import NoClosedFormError
from balancegame.analysis.thresholds.threshold_result import literals_condition
from balancegame.analysis.thresholds.writing import text
from balancegame.errors import InvalidParameterError
from balancegame.games.narrow_text import wrapped
from balancegame.games.numpy_function import NumpyFunction, float_array

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, repr=False)
class BoundaryCurve:
    """One piece of the boundary of a region, in the plane of two parameters.

    Attributes
    ----------
    profile : tuple of str
        Whose region it bounds.
    x, y : str
        The two parameters.
    solved_for : str
        The one that `expression` gives as a function of the other; empty without closed form.
    expression : sympy expression or None
        The curve, where `when` holds.
    when : sympy condition
    equation : sympy expression
        Zero on the curve; all there is where no closed form was found.
    reason : str
        Why there is no closed form; empty if there is one.
    with_it, without_it : sympy conditions
        The region's condition if the inequality behind this curve holds, and if it does not. The
        curve bounds the region where these differ.
    domain : tuple of sympy conditions
    """

    profile: tuple[str, ...]
    x: str
    y: str
    solved_for: str
    expression: Any
    when: Any
    equation: Any
    reason: str
    with_it: Any
    without_it: Any
    domain: tuple[Any, ...]

    def points(self, along: ArrayLike) -> Floats:
        """The curve as numbers.

        Parameters
        ----------
        along : array
            Values of the parameter that is not solved for.

        Returns
        -------
        array, of the same shape
            The other parameter; nan where the curve does not bound the region.

        Raises
        ------
        InvalidParameterError
            There is no closed form: draw where `values` is 0 instead.
        """
        if self.expression is None:
            message = f"this curve has no closed form ({self.reason}); draw where values(...) is 0"
            raise InvalidParameterError(message)
        other = self.x if self.solved_for == self.y else self.y
        given = float_array(along, other)
        found = NumpyFunction(self.expression, self._symbols())({other: given})
        at = {other: given, self.solved_for: found}
        on = self._bounds_at(at) & NumpyFunction(self.when, self._symbols())(at)
        return np.where(on & np.isfinite(found), found, np.nan)

    def values(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """`equation` on a grid, nan where the curve does not bound the region; 0 is the curve."""
        at = {self.x: float_array(x, self.x), self.y: float_array(y, self.y)}
        found = NumpyFunction(self.equation, self._symbols())(at)
        return np.where(self._bounds_at(at), found, np.nan)

    def _bounds_at(self, at: dict[str, Any]) -> NDArray[np.bool_]:
        symbols = self._symbols()
        conditions = (self.with_it, self.without_it, sp.And(*self.domain))
        with_it, without, inside = (NumpyFunction(one, symbols)(at) for one in conditions)
        for symbol in symbols:
            if symbol.is_nonnegative:
                inside = inside & (np.asarray(at[symbol.name]) >= 0)
        return np.asarray(with_it & ~without & inside, dtype=np.bool_)

    def _symbols(self) -> list[Any]:
        parts = (self.expression, self.equation, self.when, self.with_it, self.without_it)
        used: set[Any] = set()
        for one in (*parts, *self.domain):
            used |= getattr(one, "free_symbols", set())
        known = {one.name: one for one in used}
        return [known.get(name, sp.Symbol(name)) for name in (self.x, self.y)]

    def __repr__(self) -> str:
        of = f"boundary of {', '.join(self.profile)}: "
        if self.expression is None:
            return wrapped(f"{of}{self.equation} = 0 (no closed form: {self.reason})")
        where = "" if self.when == sp.true else f" where {text(self.when)}"
        return wrapped(f"{of}{self.solved_for} = {self.expression}{where}")


def curves_of(
    profile: tuple[str, ...],
    clauses: Sequence[Clause],
    plane: tuple[Any, Any],
    facts: Facts,
    domain: tuple[Any, ...],
) -> list[BoundaryCurve]:
    """The curves behind a region's inequalities: one for each way to solve each of them."""
    found: list[BoundaryCurve] = []
    x, y = plane
    for one in dict.fromkeys(one for clause in clauses for one in clause):
        if not one.expression.free_symbols & {x, y}:
            continue
        shared = (_forced(clauses, one, holds=True), _forced(clauses, one, holds=False), domain)
        solved, reason = _explicit(one, (y, x), facts)
        for symbol, expression, when in solved:
            curve = (symbol.name, expression, when, one.expression, "", *shared)
            found.append(BoundaryCurve(profile, x.name, y.name, *curve))
        if reason:
            curve = ("", None, sp.true, one.expression, reason, *shared)
            found.append(BoundaryCurve(profile, x.name, y.name, *curve))
    return found


def _explicit(
    one: Inequality, symbols: Sequence[Any], facts: Facts
) -> tuple[list[tuple[Any, Any, Any]], str]:
    """The curve solved for the first symbol that allows it, in pieces; or why for none."""
    reason = ""
    for symbol in symbols:
        if not one.expression.has(symbol):
            continue
        try:
            cases = merged(isolate(one.expression, symbol, facts, strict=False), facts)
        except NoClosedFormError as why:
            reason = reason or str(why) or "no method applies"
            continue
        found: dict[Any, Any] = {}
        for case in cases:
            when = literals_condition(case.literals)
            for bound in sorted(case.outcome.atoms(sp.Ge, sp.Le, sp.Gt, sp.Lt), key=str):
                curve = bound.rhs
                if curve.is_rational_function():
                    curve = sp.factor(curve)  # one form, whichever sign the divisor has
                found[curve] = sp.Or(found.get(curve, sp.false), when)
        return [(symbol, curve, when) for curve, when in found.items()], ""
    return [], reason


def _forced(clauses: Sequence[Clause], one: Inequality, *, holds: bool) -> Any:
    """The condition if one of its inequalities is taken to hold, or not to."""
    kept: list[Clause] = []
    for clause in clauses:
        if one not in clause:
            kept.append(clause)
        elif not holds:
            kept.append(tuple(other for other in clause if other != one))
    return condition_of(kept)
