"""When is a profile an equilibrium? The exact condition, solved for a parameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp

from balancegame._checks import check_type
from balancegame.analysis.thresholds.cases import solve
from balancegame.analysis.thresholds.clauses import (
    Clause,
    clauses_of,
    condition_of,
    without_implied,
)
from balancegame.analysis.thresholds.equilibrium_conditions import (
    check_kind,
    clauses_for,
    gains_of,
)
from balancegame.analysis.thresholds.signs import Facts
from balancegame.analysis.thresholds.solving_steps import NoClosedFormError
from balancegame.analysis.thresholds.threshold_result import (
    Threshold,
    ThresholdCase,
    literals_condition,
)
from balancegame.errors import InvalidParameterError, UnknownParameterError
from balancegame.games.expressions import find_symbol, read_condition, read_conditions, symbols_of
from balancegame.games.profiles import Profile
from balancegame.games.symbolic_game import SymbolicGame

CLAIMS = {
    "nash": "a Nash equilibrium",
    "strict": "a strict equilibrium",
    "strong": "a strong equilibrium",
}


def threshold(
    game: SymbolicGame,
    claim: Profile | Any,
    variable: Any = None,
    *,
    kind: str = "nash",
    given: Sequence[Any] = (),
) -> Threshold:
    """The exact condition for a claim about a game, solved for one of its parameters.

    Parameters
    ----------
    game : SymbolicGame
        Such as `symbolic_game` makes of a model and a world.
    claim : profile or sympy condition
        A pure profile (a sequence, or {player: action}), for the condition under which it is an
        equilibrium; or any condition on the game's parameters, for instance a comparison of two
        payoffs ``game.payoff(...) > game.payoff(...)``.
    variable : str or sympy symbol, optional
        The parameter to solve for. Without one the condition is simplified only.
    kind : "nash", "strict" or "strong"
        The kind of equilibrium: nobody gains by deviating; everybody would lose; no coalition has
        a joint move by which all its members gain (Aumann 1959). Strong ones compare with every
        other profile, of which there may be 4096.
    given : sequence of sympy inequalities
        What to take for granted besides the game's own domain; the result's domain states it.

    Returns
    -------
    Threshold
        `condition` is exact on the game's domain. `closed_form` solves it for the variable,
        case by case; it is None, with the reason in `reason`, where the method below does not
        find a solution, which does not mean that there is none.

    Raises
    ------
    UnknownParameterError
        The variable is no parameter of the game or claim.
    InvalidParameterError
        What is taken for granted contradicts itself.
    UnknownClaimError
        An unknown kind.
    UnknownPlayerError, UnknownActionError, InvalidShapeError, InvalidTypeError
    TooManyProfilesError

    Notes
    -----
    Payoff differences lose their denominators and all factors whose sign the domain settles.
    Inequalities implied by others are dropped where that can be proven. What remains is solved by
    undoing monotone steps: a power, an exponential, a polynomial of degree 1 or 2 (of any degree
    where all coefficients are numbers), or two products of powers with a common exponent, so that
    ``A^m > B^m`` comes to ``A > B`` for every m > 0. Every division branches on the sign of the
    divisor unless that is known. No step is specific to a game.

    Examples
    --------
    When does a lone state balance against a threat, rather than bandwagon with it?

    >>> import balancegame as bg
    >>> world = bg.World(["A", "threat"], [1, 1], threat="threat")
    >>> game = bg.symbolic_game(
    ...     bg.BalancingModel(cohesion=0), world, ("balance", "bandwagon"),
    ...     over={"power_ratio": "r", "autonomy_loss": "alpha", "alliance_cost": "c",
    ...           "decisiveness": "m"},
    ... )
    >>> found = bg.threshold(game, ["balance"], "r")
    >>> found
    balance is a Nash equilibrium iff, solved for r
      r <= ((alpha - c)/(-alpha + c + 1))**(1/m)  where alpha > c and c + 1 > alpha
      always                                      where -alpha + c + 1 = 0
      never                                       where c >= alpha
      domain: alpha >= 0, c >= 0, m > 0, r > 0, alpha <= 1
    >>> found.holds({"r": 1, "alpha": "0.6", "c": "0.1", "m": 3})
    True
    """
    check_type(game, SymbolicGame, "game")
    check_kind(kind)
    extra = read_conditions(given, "given")
    domain = (*game.domain, *(fact for fact in extra if fact != sp.true))
    facts = consistent_facts(domain)
    if isinstance(claim, sp.Basic | bool | np.bool_):
        condition = read_condition(claim, "claim")
        words = str(condition)
        clauses = clauses_of(condition, facts)
        symbols = symbols_of([*game.symbols.values(), condition, *extra])
    else:
        cell = game.profile(claim)
        names = ", ".join(names[a] for names, a in zip(game.actions, cell, strict=True))
        words = f"{names} is {CLAIMS[kind]}"
        clauses = clauses_for(gains_of(game, cell, kind), kind, facts)
        symbols = symbols_of([*game.symbols.values(), *extra])
    clauses = without_implied(clauses, facts)
    return solved(words, clauses, variable, facts, domain, symbols, game.notation)


def consistent_facts(domain: Sequence[Any]) -> Facts:
    """The facts of a domain.

    Raises
    ------
    InvalidParameterError
        A condition of the domain provably contradicts those before it.
    """
    for k, fact in enumerate(domain):
        before = Facts.from_conditions(domain[:k])
        if () in clauses_of(fact, before):
            message = f"the domain is empty: {fact} contradicts the conditions before it"
            raise InvalidParameterError(message)
    return Facts.from_conditions(domain)


def solved(
    words: str,
    clauses: list[Clause],
    variable: Any,
    facts: Facts,
    domain: tuple[Any, ...],
    symbols: dict[str, Any],
    notation: dict[str, str],
) -> Threshold:
    """The result for a claim whose clauses are known, and none of them implied by others."""
    if isinstance(variable, sp.Basic) and not isinstance(variable, sp.Symbol):
        message = f"variable is {variable}; give one symbol, or its name"
        raise UnknownParameterError(message)
    symbol = None if variable is None else find_symbol(variable, symbols)
    cases: tuple[ThresholdCase, ...] = ()
    reason = ""
    if symbol is not None:
        try:
            found = solve(clauses, symbol, facts)
            cases = tuple(ThresholdCase(literals_condition(c.literals), c.outcome) for c in found)
        except NoClosedFormError as why:
            reason = str(why) or "no method applies"
    return Threshold(
        claim=words,
        variable=symbol,
        condition=condition_of(clauses),
        cases=cases,
        domain=domain,
        symbols=dict(symbols),
        reason=reason,
        notation=notation,
    )
