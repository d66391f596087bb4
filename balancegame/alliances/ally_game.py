"""The ally game: help costs the helper and benefits the others, who may share his interests."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_names, check_table_fits
from balancegame._numbers import Number, exactly, format_number, parse_at_least_0, parse_number
from balancegame._words import counted
from balancegame.alliances.breach import Breach
from balancegame.alliances.treaty import Treaty
from balancegame.errors import InvalidParameterError, InvalidShapeError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount


class AllyGame(NormalFormGame):
    """The stage game of `ally_game`, and the treaty that obliges all to help."""

    __slots__ = ()

    def treaty(self, breach: Breach | None = None) -> Treaty:
        """The treaty of mutual help among all; see `Treaty`.

        `breach` is reversion to withholding by default; a `penance` of one period, in which the
        violator helps and the others withhold, sustains it from the same discount factor on.
        """
        help_each_other = dict.fromkeys(self.players, "help")
        return Treaty(self.players, self, help_each_other, breach, title="Mutual help")

    def critical_discount(self) -> CriticalDiscount:
        """The discount factors that sustain the treaty; see `Treaty.critical_discount`."""
        return self.treaty().critical_discount()

    def is_self_enforcing(self, discount: Number) -> bool:
        """Whether the treaty is; see `Treaty.is_self_enforcing`."""
        return bool(self.treaty().is_self_enforcing(discount))

    def __reduce__(self) -> tuple[Any, ...]:
        table = self.exact_payoffs if self.has_rounded_payoffs else self.payoffs
        return _rebuild, (table, self.players, self.actions, self.title)


def _rebuild(
    table: NDArray[Any], players: tuple[str, ...], actions: tuple[tuple[str, ...], ...], title: str
) -> AllyGame:
    return AllyGame(table, players, actions, title=title)


def ally_game(
    n: int,
    benefit: Number,
    cost: Number,
    parallelism: Number,
    *,
    names: Sequence[str] | None = None,
) -> AllyGame:
    """The ally game of n states, who each help the others or withhold help.

    Parameters
    ----------
    n : int
        At least 2.
    benefit, cost : number
        What a state has of the others' help if all give it, and what its own costs it: each state
        is paid ``x = benefit * (share of the others who help) - cost * (1 if it helps)`` in kind.
    parallelism : number in [-1, 1]
        How much a state cares for the others: it values the outcome at its own x plus this times
        the sum of theirs.
    names : sequence of str, optional
        By default "ally 1", "ally 2", ...

    Returns
    -------
    AllyGame
        A `NormalFormGame` with actions "help" and "withhold", and payoffs exact where the numbers
        are given exactly. Its `treaty()` obliges all to help.

    Raises
    ------
    InvalidParameterError
        Parallelism outside [-1, 1], or a benefit or cost below 0.

    Notes
    -----
    For ``0 < cost < benefit`` and parallelism below cost / benefit a prisoner's dilemma; help is
    sustained from the discount factor ``(c - ab) / (b + a ((n - 2) b - (n - 1) c))`` on, where the
    denominator is positive: for two, the more parallel the interests, the lower. MODEL.md, P9.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.ally_game(2, benefit=2, cost=1, parallelism="1/5")
    >>> bg.critical_discount(game, ["help", "help"]).exact
    Fraction(1, 3)
    """
    n = check_count(n, "n", 2)
    b = parse_at_least_0(benefit, "benefit", InvalidParameterError)
    c = parse_at_least_0(cost, "cost", InvalidParameterError)
    shared = parse_number(parallelism, "parallelism", InvalidParameterError)
    a = exactly(shared)
    if not -1 <= a <= 1:
        message = f"parallelism is {format_number(shared)}; it must lie in [-1, 1]"
        raise InvalidParameterError(message)
    players = [f"ally {i + 1}" for i in range(n)] if names is None else check_names(names, "names")
    if len(players) != n:
        message = f"names has {counted(len(players), 'entry')} for {counted(n, 'state')}"
        raise InvalidShapeError(message)
    check_table_fits(n, (2,) * n, bytes_per_payoff=125)
    payoffs = ally_payoffs(n, b, c, a)
    return AllyGame(payoffs, players, ["help", "withhold"], title=f"Ally game of {n}")


def ally_payoffs(n: int, benefit: Any, cost: Any, parallelism: Any) -> NDArray[np.object_]:
    """The payoffs of `ally_game`, in Fractions or whatever else its numbers are."""
    payoffs = np.empty((n, *(2,) * n), dtype=object)
    for profile in product((0, 1), repeat=n):
        helpers = profile.count(0)
        kind = [
            benefit * Fraction(helpers - int(action == 0), n - 1) - cost * int(action == 0)
            for action in profile
        ]
        total = sum(kind, Fraction(0))
        payoffs[(slice(None), *profile)] = [x + parallelism * (total - x) for x in kind]
    return payoffs
