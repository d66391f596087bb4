"""The one-shot deviation principle, exactly.

With discounting, a profile of strategies is subgame perfect if and only if no player gains, after
any history, by deviating once and returning to his strategy (Blackwell 1965 for one decision maker;
Mailath & Samuelson 2006, proposition 2.2.1). Of an automaton's histories only the state counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from flint import fmpq

from balancegame._progress import report
from balancegame._records import record_repr
from balancegame.certificates.certificate import Certificate
from balancegame.errors import InvalidShapeError
from balancegame.games.as_json import AsJson
from balancegame.games.automaton import Automaton
from balancegame.games.automaton_of import HasAutomaton, automaton_of
from balancegame.games.narrow_text import wrapped
from balancegame.games.rendering import fraction_number, number
from balancegame.games.repeated_game import Discounts, RepeatedGame
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.players import chosen_players
from balancegame.solvers.repeated import automaton_certificate
from balancegame.solvers.repeated.state_values import (
    PayoffReader,
    Temptation,
    fraction,
    play_of,
    rational,
    temptations,
    values_at,
)

_MOST_SHOWN = 12


@final
@dataclass(frozen=True, slots=True)
class OneShotDeviation:
    """A player's single deviation in one state and contingency.

    Attributes
    ----------
    state, contingency, player, action : str
    gain : Fraction
        What he gains by it, in average payoffs: what it pays at once, weighted by 1 - delta, less
        what it costs from then on, weighted by delta. Negative where it is deterred.
    """

    state: str
    contingency: str
    player: str
    action: str
    gain: Fraction

    __repr__ = record_repr

    @property
    def slack(self) -> Fraction:
        """How far the player is from deviating: minus the gain."""
        return -self.gain

    def __str__(self) -> str:
        where = self.state if self.contingency == "always" else f"{self.state}, {self.contingency}"
        gain = fraction_number(self.gain)
        return wrapped(f"{self.player} plays {self.action} in {where}: gain {gain}")

    def to_dict(self) -> dict[str, Any]:
        """The deviation in plain types."""
        return {
            "state": self.state,
            "contingency": self.contingency,
            "player": self.player,
            "action": self.action,
            "gain": str(self.gain),
        }


@final
@dataclass(frozen=True, slots=True, repr=False)
class OneShotDeviations(AsJson, Tabulated):
    """Every one-shot deviation from an automaton, and whether any pays.

    Attributes
    ----------
    automaton : Automaton
    discounts : tuple of Fraction
        Each player's discount factor.
    checked : tuple of str
        The players whose deviations were looked at.
    values : dict
        ``values[state][player]``: what a state is worth, on average, for every state that some
        play leads to.
    deviations : tuple of OneShotDeviation
        In the order of states, contingencies, players, actions.
    """

    automaton: Automaton
    discounts: tuple[Fraction, ...]
    checked: tuple[str, ...]
    values: dict[str, dict[str, Fraction]]
    deviations: tuple[OneShotDeviation, ...] = field(repr=False)

    @property
    def is_subgame_perfect(self) -> bool:
        """Whether no player whose deviations were looked at gains by any."""
        return all(one.gain <= 0 for one in self.deviations)

    @property
    def binding(self) -> OneShotDeviation | None:
        """The deviation with the largest gain, the first of several; None if there is none."""
        return max(self.deviations, key=lambda one: one.gain, default=None)

    @property
    def slack(self) -> dict[str, Fraction | None]:
        """For each player the least slack over his deviations; None where he has none."""
        found: dict[str, Fraction | None] = dict.fromkeys(self.checked)
        for one in self.deviations:
            known = found[one.player]
            found[one.player] = one.slack if known is None else min(known, one.slack)
        return found

    @property
    def payoffs(self) -> dict[str, Fraction]:
        """What the automaton is worth to each player from the start."""
        return self.values[self.automaton.initial]

    @property
    def certificate(self) -> Certificate:
        """Evidence that can be re-checked without a solver, written out anew.

        The values of the states and a profitable deviation, if there is one; see
        docs/certificates.md.
        """
        worst = self.binding
        return automaton_certificate.write(
            self.automaton,
            self.discounts,
            self.checked,
            self.values,
            None
            if worst is None or worst.gain <= 0
            else (worst.state, worst.contingency, worst.player, worst.action),
        )

    def __hash__(self) -> int:
        return hash((self.automaton, self.discounts, self.checked))

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "is_subgame_perfect": self.is_subgame_perfect,
            "discounts": [str(one) for one in self.discounts],
            "checked": list(self.checked),
            "values": {
                state: {player: str(value) for player, value in row.items()}
                for state, row in self.values.items()
            },
            "deviations": [one.to_dict() for one in self.deviations],
        }

    def _caption(self) -> str:
        worst = self.binding
        asked = (
            ""
            if len(self.checked) == len(self.automaton.players)
            else f" for {', '.join(self.checked)}"
        )
        if worst is None:
            return f"Subgame perfect{asked}: nobody has a choice"
        if self.is_subgame_perfect:
            return (
                f"Subgame perfect{asked}: no one-shot deviation pays; least slack "
                f"{number(float(worst.slack))}: {worst.player} by {worst.action} in {worst.state}"
            )
        return f"Not subgame perfect{asked}: {worst}"

    def _rows(self) -> list[list[str]]:
        names = self.automaton.players
        rows = [["state", *names]]
        for state in list(self.values)[:_MOST_SHOWN]:
            rows.append([state, *(number(float(self.values[state][one])) for one in names)])
        if len(self.values) > _MOST_SHOWN:
            rows.append(["...", *("" for _ in names)])
        return rows


def one_shot_deviations(
    automaton: Automaton | HasAutomaton,
    discount: Discounts | RepeatedGame,
    *,
    players: Sequence[str | int] | None = None,
) -> OneShotDeviations:
    """Whether an automaton is subgame perfect, and by how much: all one-shot deviations, exactly.

    Parameters
    ----------
    automaton : Automaton or Treaty
    discount : number, sequence of n numbers, mapping {player: number}, or RepeatedGame
        The common discount factor or one a player; or a repeated game with the automaton's stage.
        Floats stand for their exact binary value.
    players : sequence of str or int, optional
        Whose deviations to look at; by default everybody's.

    Returns
    -------
    OneShotDeviations
        Exact: values solve linear equations in rationals. All states that some play leads to from
        the initial one are looked at, also such that only joint deviations lead to.

    Raises
    ------
    InvalidDiscountError
        A discount factor outside [0, 1).
    InvalidShapeError
        A repeated game with another stage.
    UnknownPlayerError
    InvalidShapeError
        `players` is empty.

    Notes
    -----
    For k states, w contingencies and m actions in all, k w m deviations, and one linear system a
    group of states that lead to each other.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
    >>> found = bg.one_shot_deviations(bg.grim(game, ["help", "help"]), "3/5")
    >>> found
    Subgame perfect: no one-shot deviation pays; least slack 0.2: ally 1 by withhold in agreed
      state   ally 1  ally 2
      agreed  1       1
      punish  0       0
    >>> bg.one_shot_deviations(bg.tit_for_tat(game), "3/5").is_subgame_perfect
    False
    """
    automaton = automaton_of(automaton)
    discounts = _read_discounts(automaton, discount)
    checked = chosen_players(automaton.stages[0], players)
    payoffs = PayoffReader(automaton)
    values = values_at(play := play_of(automaton, payoffs), discounts)
    deltas = [rational(one) for one in discounts]
    found: list[OneShotDeviation] = []
    done = -1
    for one in temptations(automaton, payoffs, checked):
        if one.state != done:
            done = one.state
            report("one-shot deviations", play.states.index(done) + 1, len(play.states))
        found.append(
            OneShotDeviation(
                automaton.states[one.state],
                automaton.contingencies[one.contingency].name,
                automaton.players[one.player],
                automaton.contingencies[one.contingency].stage.actions[one.player][one.action],
                fraction(_gain(one, deltas[one.player], values)),
            )
        )
    return OneShotDeviations(
        automaton,
        discounts,
        tuple(automaton.players[i] for i in checked),
        {
            automaton.states[s]: dict(zip(automaton.players, map(fraction, values[s]), strict=True))
            for s in play.states
        },
        tuple(found),
    )


def _gain(one: Temptation, delta: fmpq, values: dict[int, list[fmpq]]) -> fmpq:
    later = sum((weight * values[s][one.player] for s, weight in one.shift), fmpq(0))
    return (1 - delta) * one.gain + delta * later


def _read_discounts(
    automaton: Automaton, discount: Discounts | RepeatedGame
) -> tuple[Fraction, ...]:
    if not isinstance(discount, RepeatedGame):
        return RepeatedGame(automaton.contingencies, discount).exact_discounts
    same = discount.probabilities == automaton.probabilities and [
        (one.name, one.stage) for one in discount.contingencies
    ] == [(one.name, one.stage) for one in automaton.contingencies]
    if not same:
        message = (
            "the repeated game has another stage than the automaton; give the discount factor "
            "alone, or build both from one stage"
        )
        raise InvalidShapeError(message)
    return discount.exact_discounts
