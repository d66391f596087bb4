"""Treaties by kind: defensive, offensive, and collective security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_names, check_table_fits, check_type, is_sized
from balancegame._numbers import Number, exactly, format_number, parse_at_least_0, parse_number
from balancegame._words import counted
from balancegame.alliances.breach import Breach, Exclusion
from balancegame.alliances.treaty import Treaty
from balancegame.alliances.treaty_input import Obligations
from balancegame.errors import (
    InvalidParameterError,
    InvalidProbabilityError,
    InvalidShapeError,
    UnknownContingencyError,
    UnknownParameterError,
    UnknownPlayerError,
)
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.repeated_game import Contingency, RepeatedGame

_OPTIONS = ("reliability", "failures", "title")
_ROUNDING = 1e-9  # by which probabilities given as floats may miss 1

Help = str | int | Mapping[str, str | int]
"""The action that is help: one for all, or one a player."""


def defensive_treaty(
    members: Sequence[str],
    contingencies: Sequence[Contingency],
    attacked: Mapping[str, str],
    help: Help,
    *,
    default: Obligations | str | None = None,
    breach: Breach | None = None,
    **options: Any,
) -> Treaty:
    """A treaty that obliges its members to help whichever of them is attacked.

    Parameters
    ----------
    members : sequence of str
    contingencies : sequence of Contingency
    attacked : mapping {contingency: player}
        Who is attacked in which contingency; where that is no member, nobody is obliged.
    help : str, int, or mapping {member: action}
        What the other members must do.
    default, breach, **options
        As for `Treaty`: `reliability`, `failures`, `title`. The attacked are the beneficiaries.

    Returns
    -------
    Treaty

    Raises
    ------
    UnknownPlayerError, UnknownContingencyError, UnknownActionError, UnknownParameterError
        A name that is not there; the message offers the nearest.

    Examples
    --------
    Four states, of whom two ally; each is attacked in one period of ten.

    >>> import balancegame as bg
    >>> cases = bg.attack_contingencies(["1/10"] * 4, loss=10, cost=1)
    >>> treaty = bg.defensive_treaty(
    ...     ["state 1", "state 2"], cases, {f"attack on state {i}": f"state {i}" for i in (1, 2)},
    ...     "help", default="withhold",
    ... )
    >>> treaty.obligations["attack on state 1"], treaty.obligations["attack on state 3"]
    ({'state 2': 'help'}, {})
    >>> treaty.critical_discount().exact
    Fraction(10, 19)
    """
    return _mutual(
        members, contingencies, attacked, help, default=default, breach=breach,
        argument="attacked", options=options,
    )  # fmt: skip


def offensive_treaty(
    members: Sequence[str],
    contingencies: Sequence[Contingency],
    attacking: Mapping[str, str],
    help: Help,
    *,
    default: Obligations | str | None = None,
    breach: Breach | None = None,
    **options: Any,
) -> Treaty:
    """A treaty that obliges its members to join whichever of them attacks.

    As `defensive_treaty`, with `attacking` in place of `attacked`: who attacks in which
    contingency. The attackers are the beneficiaries. Where that is no member, nobody is obliged.

    Examples
    --------
    >>> import balancegame as bg
    >>> war = bg.NormalFormGame(
    ...     [[[4, 0]], [[-1, 0]]], ["A", "B"], [["attack"], ["join", "stay out"]]
    ... )
    >>> cases = [bg.Contingency("A attacks", 1, war)]
    >>> treaty = bg.offensive_treaty(
    ...     ["A", "B"], cases, {"A attacks": "A"}, "join", default={"A": "attack"}
    ... )
    >>> treaty.critical_discount().value is None      # nothing in it for B
    True
    """
    return _mutual(
        members, contingencies, attacking, help, default=default, breach=breach,
        argument="attacking", options=options,
    )  # fmt: skip


def _mutual(
    members: Sequence[str],
    contingencies: Sequence[Contingency],
    concerned: Mapping[str, str],
    help_action: Help,
    *,
    default: Obligations | str | None,
    breach: Breach | None,
    argument: str,
    options: Mapping[str, Any],
) -> Treaty:
    """Everybody but the member concerned is obliged."""
    _check_options(options)
    repeated = RepeatedGame(contingencies, 0)
    names = check_names(members, "members")
    check_type(concerned, Mapping, argument)
    known = [one.name for one in repeated.contingencies]
    for case, player in concerned.items():
        check_known(case, known, f"contingency in {argument}", UnknownContingencyError)
        check_known(player, repeated.players, f"player in {argument}", UnknownPlayerError)
    for name in names:
        check_known(name, repeated.players, "player in members", UnknownPlayerError)
    obligations = {
        case: {name: _help_of(name, help_action) for name in names if name != player}
        for case, player in concerned.items()
        if player in names
    }
    return Treaty(
        names,
        repeated.contingencies,
        obligations,
        breach,
        default,
        beneficiaries=concerned,
        **options,
    )


def _check_options(options: Mapping[str, Any]) -> None:
    for name in options:
        check_known(name, _OPTIONS, "option of a treaty", UnknownParameterError)


def _help_of(member: str, help_action: Help) -> str | int:
    if not isinstance(help_action, Mapping):
        return help_action
    if member not in help_action:
        message = f"help names no action for {member}; name one for each member"
        raise InvalidShapeError(message)
    return help_action[member]


def attack_contingencies(
    attack: Sequence[Number],
    loss: Number | Sequence[Number],
    cost: Number | Sequence[Number],
    *,
    names: Sequence[str] | None = None,
) -> tuple[Contingency, ...]:
    """One contingency for each state that may be attacked, and one of peace.

    Parameters
    ----------
    attack : sequence of n numbers
        How likely each state is to be attacked in a period; at most one is. They sum to at most 1,
        and peace is the rest.
    loss : number or sequence of n numbers
        What an attack costs a state that nobody helps.
    cost : number or sequence of n numbers
        What helping costs a state.
    names : sequence of str, optional
        By default "state 1", "state 2", ...

    Returns
    -------
    tuple of Contingency
        "attack on state 1", ..., and "peace" unless the attacks sum to 1. Actions are "help" and
        "withhold"; whoever is attacked, and everybody in peace, can only withhold.

    Raises
    ------
    InvalidProbabilityError
        Negative probabilities, or a sum above 1.
    InvalidParameterError
        A loss or cost below 0.
    InvalidShapeError

    Examples
    --------
    >>> import balancegame as bg
    >>> [one.name for one in bg.attack_contingencies(["1/4", "1/4"], loss=10, cost=1)]
    ['attack on state 1', 'attack on state 2', 'peace']
    """
    if isinstance(attack, str) or not is_sized(attack) or not len(attack):
        message = "attack must be a sequence: one probability a state"
        raise InvalidShapeError(message)
    n = len(attack)
    chances = [
        exactly(parse_number(one, f"attack[{i}]", InvalidProbabilityError))
        for i, one in enumerate(attack)
    ]
    for i, chance in enumerate(chances):
        if chance < 0:
            message = f"attack[{i}] is {format_number(float(chance))}; it must be at least 0"
            raise InvalidProbabilityError(message)
    rest = 1 - sum(chances, Fraction(0))
    if rest < -_ROUNDING:
        message = (
            f"attack sums to {float(1 - rest):.10g}; at most one state is attacked, so at most 1"
        )
        raise InvalidProbabilityError(message)
    players = (
        tuple(f"state {i + 1}" for i in range(n)) if names is None else check_names(names, "names")
    )
    if len(players) != n:
        message = f"names has {counted(len(players), 'entry')} for {counted(n, 'state')}"
        raise InvalidShapeError(message)
    losses, costs = _one_each(loss, n, "loss"), _one_each(cost, n, "cost")
    check_table_fits(n * n, (2,) * (n - 1), bytes_per_payoff=125)
    found = [
        Contingency(f"attack on {name}", chance, _attack(players, i, losses[i], costs))
        for i, (name, chance) in enumerate(zip(players, chances, strict=True))
    ]
    if rest > _ROUNDING:
        quiet = NormalFormGame(np.zeros((n, *(1,) * n)), players, ["withhold"])
        found.append(Contingency("peace", rest, quiet))
    return tuple(found)


def _one_each(value: Number | Sequence[Number], n: int, argument: str) -> list[Fraction]:
    if isinstance(value, str) or not is_sized(value):
        return [parse_at_least_0(value, argument, InvalidParameterError)] * n
    given: list[Any] = list(value)  # pyright: ignore[reportArgumentType]
    if len(given) != n:
        message = (
            f"{argument} has {counted(len(given), 'entry')} for {counted(n, 'state')}; give one "
            "number or one each"
        )
        raise InvalidShapeError(message)
    return [
        parse_at_least_0(one, f"{argument}[{i}]", InvalidParameterError)
        for i, one in enumerate(given)
    ]


def _attack(
    players: Sequence[str], victim: int, loss: Fraction, costs: Sequence[Fraction]
) -> NormalFormGame:
    payoffs = attack_payoffs(len(players), victim, loss, costs)
    actions = [["withhold"] if i == victim else ["help", "withhold"] for i in range(len(players))]
    return NormalFormGame(payoffs, players, actions)


def attack_payoffs(n: int, victim: int, loss: Any, costs: Sequence[Any]) -> NDArray[np.object_]:
    """Payoffs when a state is attacked, in Fractions or whatever else the numbers are."""
    shape = tuple(1 if i == victim else 2 for i in range(n))
    payoffs = np.empty((n, *shape), dtype=object)
    for i in range(n):
        payoffs[i] = Fraction(0)
        if i != victim:
            helping = tuple(0 if j == i else slice(None) for j in range(n))
            payoffs[(i, *helping)] = -costs[i]
    alone = tuple(0 if i == victim else 1 for i in range(n))
    payoffs[(victim, *alone)] = -loss
    return payoffs


def collective_security(
    attack: Sequence[Number],
    loss: Number | Sequence[Number],
    cost: Number | Sequence[Number],
    *,
    names: Sequence[str] | None = None,
    breach: Breach | None = None,
    **options: Any,
) -> Treaty:
    """Collective security: every state is a member, and all help whoever is attacked.

    Parameters
    ----------
    attack : sequence of n numbers
    loss, cost : number or sequence of n numbers
    names : sequence of str, optional
        As for `attack_contingencies`.
    breach : Reversion, Exclusion or Penance, optional
        By default exclusion: who refuses to help is never helped again, and never helps.
    **options
        As for `Treaty`, such as `reliability`.

    Returns
    -------
    Treaty

    Raises
    ------
    InvalidParameterError, InvalidProbabilityError, InvalidShapeError, UnknownParameterError

    Notes
    -----
    With exclusion sustained iff ``G_i = q_i L - (Q - q_i) c_i > 0`` for every state, from
    ``max c_i / (c_i + G_i)`` on: the more states, the harder. MODEL.md, P10.

    Examples
    --------
    >>> import balancegame as bg
    >>> [str(bg.collective_security([f"1/{n}"] * n, 10, 1).critical_discount().exact)
    ...     for n in (2, 3, 5)]
    ['2/11', '3/11', '5/11']
    """
    _check_options(options)
    cases = attack_contingencies(attack, loss, cost, names=names)
    players = cases[0].stage.players
    attacked = {f"attack on {name}": name for name in players}
    return defensive_treaty(
        players, cases, attacked, "help",
        default="withhold",
        breach=Exclusion("withhold") if breach is None else breach,
        title=options.pop("title", "Collective security"),
        **options,
    )  # fmt: skip
