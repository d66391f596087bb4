"""What `threshold` returns: an exact condition, solved for a parameter where that is possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import sympy as sp

from balancegame._numbers import Number
from balancegame.analysis.thresholds.writing import readable, relation_of, text
from balancegame.games.as_json import AsJson
from balancegame.games.exact_evaluation import truth_at
from balancegame.games.expressions import check_domain, read_values
from balancegame.games.narrow_text import captioned_table, wrapped
from balancegame.games.numpy_function import NumpyFunction
from balancegame.games.rendering import html_table

_LONGEST = 400  # characters of a condition shown in full


@final
@dataclass(frozen=True, slots=True)
class ThresholdCase:
    """One case of a solved condition.

    Attributes
    ----------
    when : sympy condition
        Of the other parameters; ``true`` if it is the only case.
    solution : sympy condition
        Bounds on the variable; ``true`` where it makes no difference because the claim always
        holds, ``false`` where it never does.
    """

    when: Any
    solution: Any

    def __repr__(self) -> str:
        where = "" if self.when == sp.true else f"  where {text(self.when)}"
        return wrapped(f"{text(self.solution)}{where}")


@final
@dataclass(frozen=True, slots=True, repr=False)
class Threshold(AsJson):
    """The exact condition for a claim about a game, and its solution for one parameter.

    Attributes
    ----------
    claim : str
        What the condition is of, such as ``"balance, neutral is a Nash equilibrium"``.
    variable : sympy symbol or None
        What was solved for.
    condition : sympy condition
        Inequalities in all parameters, combined by and, or; exact on the whole domain, without
        what is provably implied by the rest.
    cases : tuple of ThresholdCase
        The condition solved for the variable; they exhaust the domain and exclude each other.
        Empty where there is no closed form.
    domain : tuple of sympy conditions
        What was taken for granted, beyond the symbols' own assumptions (see `assumptions`).
    symbols : dict {name: symbol}
        All parameters of the condition and its domain.
    reason : str
        Why there is no closed form; empty if there is one.
    notation : dict {name: LaTeX}
    """

    claim: str
    variable: Any
    condition: Any
    cases: tuple[ThresholdCase, ...]
    domain: tuple[Any, ...]
    symbols: dict[str, Any]
    reason: str
    notation: dict[str, str]

    @property
    def closed_form(self) -> Any:
        """The solved condition as one sympy condition; None where there is no closed form."""
        if not self.cases:
            return None
        return sp.Or(*(sp.And(one.when, one.solution) for one in self.cases))

    @property
    def bound(self) -> Any:
        """The bound on the variable, if the cases hold exactly one; else None."""
        found = {
            part.rhs
            for one in self.cases
            for part in one.solution.atoms(sp.Ge, sp.Gt, sp.Le, sp.Lt)
            if part.lhs == self.variable
        }
        return found.pop() if len(found) == 1 else None

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The domain in words: the symbols' own assumptions, and what was taken for granted."""
        used = self.condition.free_symbols.union(*(one.free_symbols for one in self.domain), ())
        if self.variable is not None:
            used = used | {self.variable}
        own = [_assumption(one) for one in sorted(used, key=lambda one: one.name)]
        return (*(one for one in own if one), *(text(fact) for fact in self.domain))

    def holds(self, values: Mapping[Any, Number]) -> bool:
        """Whether the condition holds, decided exactly.

        Parameters
        ----------
        values : mapping {name or symbol: number}
            One for every symbol; floats count at their exact binary value.

        Raises
        ------
        UnknownParameterError, InvalidParameterError
            A value missing, or outside the domain.
        ConvergenceError
            A tie between transcendental numbers that 4096 bits do not decide.
        """
        known = self._needed()
        read_values(values, self.symbols, all_of_them=False)
        given = {name: value for name, value in values.items() if _name(name) in known}
        exact = read_values(given, known)
        check_domain(self.domain, exact)
        return truth_at(self.condition, exact)

    def _needed(self) -> dict[str, Any]:
        used = self.condition.free_symbols.union(*(one.free_symbols for one in self.domain), ())
        return {name: symbol for name, symbol in self.symbols.items() if symbol in used}

    def function(self) -> NumpyFunction:
        """The condition as a numpy function of the parameters in it: True or False.

        In floats, and without a look at the domain. Where it is to agree with payoffs computed in
        floats, keep away from the boundary by more than rounding.
        """
        return NumpyFunction(self.condition, list(self.symbols.values()))

    def bound_function(self) -> NumpyFunction | None:
        """The bound as a numpy function of the other parameters; None if there is none."""
        if self.bound is None:
            return None
        return NumpyFunction(self.bound, list(self.symbols.values()))

    def latex(self) -> str:
        """The closed form in LaTeX, by cases; the condition where there is none."""
        if not self.cases:
            return self._latex(readable(self.condition))
        if len(self.cases) == 1:
            return self._solution_latex(self.cases[0].solution)
        rows = " \\\\ ".join(
            f"{self._solution_latex(one.solution)} & \\text{{where }} {self._latex_all(one.when)}"
            for one in self.cases
        )
        return f"\\begin{{cases}} {rows} \\end{{cases}}"

    def _latex_all(self, condition: Any) -> str:
        parts = condition.args if isinstance(condition, sp.And) else (condition,)
        return ",\\ ".join(sorted(self._latex(readable(one)) for one in parts))

    def _solution_latex(self, solution: Any) -> str:
        if solution in (sp.true, sp.false):
            return f"\\text{{{text(solution)}}}"
        return self._latex(solution)

    def _latex(self, expression: Any) -> str:
        names = {s: self.notation[n] for n, s in self.symbols.items() if n in self.notation}
        return sp.latex(expression, symbol_names=names)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain types, formulas as text."""
        return {
            "claim": self.claim,
            "variable": None if self.variable is None else self.variable.name,
            "condition": text(self.condition),
            "closed_form": None if self.closed_form is None else text(self.closed_form),
            "bound": None if self.bound is None else str(self.bound),
            "cases": [
                {"when": text(one.when), "solution": text(one.solution)} for one in self.cases
            ],
            "assumptions": list(self.assumptions),
            "reason": self.reason,
        }

    def _caption(self) -> str:
        of = "" if self.variable is None else f", solved for {self.variable.name}"
        return f"{self.claim} iff{of}"

    def _rows(self) -> list[list[str]]:
        if not self.cases:
            return [[_shortened(text(self.condition)), ""]]
        return [
            [text(one.solution), "" if one.when == sp.true else f"where {text(one.when)}"]
            for one in self.cases
        ]

    def _notes(self) -> list[str]:
        notes = [f"no closed form: {self.reason}"] if self.reason else []
        if self.assumptions:
            notes.append(f"domain: {', '.join(self.assumptions)}")
        return notes

    def __repr__(self) -> str:
        lines = [captioned_table(self._caption(), self._rows())]
        return "\n".join([*lines, *(wrapped(note, indent="  ") for note in self._notes())])

    def _repr_html_(self) -> str:
        return html_table([["", ""], *self._rows()], self._caption())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __hash__(self) -> int:
        return hash((self.claim, self.variable, self.condition, self.cases))


def literals_condition(literals: Any) -> Any:
    """Signs of expressions as one condition."""
    return sp.And(*(relation_of(expression, signs) for expression, signs in literals))


def _assumption(symbol: Any) -> str:
    for word, bound in (
        ("is_positive", "> 0"),
        ("is_negative", "< 0"),
        ("is_nonnegative", ">= 0"),
        ("is_nonpositive", "<= 0"),
    ):
        if getattr(symbol, word):
            return f"{symbol.name} {bound}"
    return ""


def _name(symbol: Any) -> str:
    return getattr(symbol, "name", symbol)


def _shortened(written: str) -> str:
    if len(written) <= _LONGEST:
        return written
    return f"{written[:_LONGEST]}... ({len(written):,} characters; see .condition)"
