"""The discount factors that sustain an automaton, exactly.

The value of a state is a rational function of the common discount factor delta, with a denominator
that is positive on [0, 1). A one-shot deviation therefore fails to pay exactly where a polynomial
in delta is at least 0, and the automaton is subgame perfect where all these are: on finitely many
intervals, closed where they end below 1, with algebraic ends. They need not be one interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any, final

from flint import fmpq_poly, fmpz_poly

from balancegame._progress import report
from balancegame._records import record_repr
from balancegame.games.as_json import AsJson
from balancegame.games.automaton import Automaton
from balancegame.games.automaton_of import HasAutomaton, automaton_of
from balancegame.games.narrow_text import wrapped
from balancegame.solvers.players import chosen_players
from balancegame.solvers.repeated.algebraic_numbers import (
    Real,
    number_dict,
)
from balancegame.solvers.repeated.discount_set import (
    ALL,
    DiscountSet,
    where_nonnegative,
)
from balancegame.solvers.repeated.state_values import (
    PayoffReader,
    Temptation,
    ValueFunction,
    fraction,
    play_of,
    temptations,
    value_functions,
)


@final
@dataclass(frozen=True, slots=True)
class Restraint:
    """What a one-shot deviation asks of the discount factor.

    Attributes
    ----------
    state, contingency, player, action : str
    gain : Fraction
        What it brings at once.
    polynomial : tuple of int
        It does not pay where this polynomial in delta, the constant first, is at least 0.
    deterred : DiscountSet
        Where that is.
    """

    state: str
    contingency: str
    player: str
    action: str
    gain: Fraction
    polynomial: tuple[int, ...]
    deterred: DiscountSet

    __repr__ = record_repr

    def __str__(self) -> str:
        where = self.state if self.contingency == "always" else f"{self.state}, {self.contingency}"
        return wrapped(f"{self.player} plays {self.action} in {where}")

    def to_dict(self) -> dict[str, Any]:
        """The restraint in plain types."""
        return {
            "state": self.state,
            "contingency": self.contingency,
            "player": self.player,
            "action": self.action,
            "gain": str(self.gain),
            "polynomial": [str(c) for c in self.polynomial],
            "deterred": self.deterred.to_dict(),
        }


@final
@dataclass(frozen=True, slots=True, repr=False)
class SustainingDiscounts(AsJson):
    """The common discount factors at which an automaton is subgame perfect.

    Attributes
    ----------
    automaton : Automaton
    sustaining : DiscountSet
    per_player : dict {player: DiscountSet}
        Where no deviation of this player pays, each deterred by the automaton as a whole.
    binding : Restraint or None
        A deviation that pays just below the least sustaining discount factor, the first of
        several; None if that is 0 or there is none.
    reason : str
        Why no discount factor sustains it, or what is known.
    restraints : tuple of Restraint
        What restricts the discount factor: one deviation for each polynomial and player.
    """

    automaton: Automaton
    sustaining: DiscountSet
    per_player: dict[str, DiscountSet]
    binding: Restraint | None
    reason: str
    restraints: tuple[Restraint, ...]

    @property
    def infimum(self) -> Real | None:
        """The least sustaining discount factor, exactly; None if there is none."""
        return self.sustaining.infimum

    def __hash__(self) -> int:
        return hash((self.automaton, self.sustaining))

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        least = self.infimum
        return {
            "sustaining": self.sustaining.to_dict(),
            "infimum": None if least is None else number_dict(least),
            "per_player": {name: one.to_dict() for name, one in self.per_player.items()},
            "binding": None if self.binding is None else self.binding.to_dict(),
            "reason": self.reason,
        }

    def __repr__(self) -> str:
        lines = [wrapped(f"SustainingDiscounts: {self.sustaining} ({self.reason})")]
        lines += [wrapped(f"{name}: {one}", indent="  ") for name, one in self.per_player.items()]
        if self.binding is not None:
            lines.append(wrapped(f"binding: {self.binding}", indent="  "))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def sustaining_discounts(
    automaton: Automaton | HasAutomaton, *, players: Sequence[str | int] | None = None
) -> SustainingDiscounts:
    """The exact set of common discount factors at which an automaton is subgame perfect.

    Parameters
    ----------
    automaton : Automaton or Treaty
    players : sequence of str or int, optional
        Whose deviations count; by default everybody's.

    Returns
    -------
    SustainingDiscounts
        Its ends are Fractions, or roots of irreducible polynomials in isolating intervals.

    Raises
    ------
    UnknownPlayerError
    InvalidShapeError
        `players` is empty.

    Notes
    -----
    One polynomial a deviation; its degree is at most the number of states in the play that follows.
    Equal ones are looked at once.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
    >>> bg.sustaining_discounts(bg.tit_for_tat(game)).sustaining
    DiscountSet: {1/2}
    >>> bg.sustaining_discounts(bg.grim(game, ["help", "help"])).sustaining
    DiscountSet: [1/2, 1)
    """
    automaton = automaton_of(automaton)
    checked = chosen_players(automaton.stages[0], players)
    payoffs = PayoffReader(automaton)
    play = play_of(automaton, payoffs)
    values = value_functions(play)
    seen: set[tuple[Any, ...]] = set()
    kept: dict[tuple[int, tuple[int, ...]], Restraint] = {}
    known: dict[tuple[int, ...], DiscountSet] = {}
    done = -1
    for one in temptations(automaton, payoffs, checked):
        if one.state != done:
            done = one.state
            report("deviations", play.states.index(done) + 1, len(play.states))
        key = (one.player, str(one.gain), one.shift)
        if key in seen:
            continue
        seen.add(key)
        polynomial = _deterrence(one, values)
        if (one.player, polynomial) in kept:
            continue
        if polynomial not in known:
            known[polynomial] = where_nonnegative(fmpz_poly(list(polynomial)))
        if known[polynomial] != ALL:
            stage = automaton.contingencies[one.contingency]
            kept[one.player, polynomial] = Restraint(
                automaton.states[one.state],
                stage.name,
                automaton.players[one.player],
                stage.stage.actions[one.player][one.action],
                fraction(one.gain),
                polynomial,
                known[polynomial],
            )
    return _result(automaton, checked, tuple(kept.values()))


def _deterrence(one: Temptation, values: dict[int, ValueFunction]) -> tuple[int, ...]:
    """The polynomial that is at least 0 where a deviation does not pay, without content."""
    common = fmpq_poly([1])
    for s, _ in one.shift:
        below = values[s].denominator
        common *= below / common.gcd(below)
    # Denominators are positive on [0, 1); a greatest common divisor may not be.
    if common[0] < 0:
        common = -common
    later = fmpq_poly()
    for s, weight in one.shift:
        share = values[s]
        later += weight * share.numerators[one.player] * (common / share.denominator)
    loss = -(fmpq_poly([1, -1]) * one.gain * common + fmpq_poly([0, 1]) * later)
    integers = loss.numer()
    content = integers.content()
    return tuple(int(c // content) for c in integers.coeffs()) if content else ()


def _result(
    automaton: Automaton, checked: Sequence[int], restraints: tuple[Restraint, ...]
) -> SustainingDiscounts:
    per_player: dict[str, DiscountSet] = {}
    for i in checked:
        name = automaton.players[i]
        found = ALL
        for one in restraints:
            if one.player == name:
                found = found.intersection(one.deterred)
        per_player[name] = found
    sustaining = ALL
    for found in per_player.values():
        sustaining = sustaining.intersection(found)
    least = sustaining.infimum
    binding = None
    if least is not None and least != 0:
        binding = next(one for one in restraints if one.deterred.starts_at(least))
    return SustainingDiscounts(
        automaton, sustaining, per_player, binding, _reason(sustaining, per_player, restraints),
        restraints,
    )  # fmt: skip


def _reason(
    sustaining: DiscountSet, per_player: dict[str, DiscountSet], restraints: Sequence[Restraint]
) -> str:
    if not sustaining.is_empty:
        exact = all(
            isinstance(end, Fraction) for one in sustaining for end in (one.lower, one.upper)
        )
        return "exact" if exact else "exact; irrational ends are roots of polynomials"
    hopeless = [one for one in restraints if one.deterred.is_empty]
    if hopeless:
        worst = max(hopeless, key=lambda one: one.gain)
        return f"no discount factor deters this: {worst}"
    alone = [name for name, one in per_player.items() if one.is_empty]
    if alone:
        return f"no discount factor deters all deviations of {alone[0]}"
    return "no discount factor deters everybody's deviations at once"
