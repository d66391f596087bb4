"""Proper equilibria (Myerson 1978), exactly for two players.

A completely mixed profile is *eps-proper* if whatever pays a player less than another action has at
most eps times its probability; an equilibrium is *proper* if it is the limit of such profiles as
eps vanishes. With two players this is a matter of orders: fix in which order each player's actions
pay. Player 0's order says how much more likely each of his actions must be than the next, which are
linear conditions on his own probabilities, and the order of player 1's payoffs is linear in these
too; likewise for player 1. So each player's probabilities solve a linear system of their own, for
every small eps. An equilibrium is proper iff some pair of orders leaves both systems solvable.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

from numpy.typing import NDArray

from balancegame.games.equilibrium import Equilibrium
from balancegame.solvers.refinements.game_part import GamePart, Strategy
from balancegame.solvers.refinements.homogeneous_system import InfinitesimalSystem
from balancegame.solvers.refinements.verdict import NO, YES, Verdict

Order = tuple[tuple[int, ...], ...]
"""A player's actions, the best first, those that pay the same together."""

_MANY = "not decided for three players in continua, or where the index is 0"
_MOST_WORK = 3_000  # systems times variables, for one equilibrium
_TOO_MANY = "too many tied actions to go through all orders of payoffs"
_MOST_ORDERS = 100  # of one player, to begin with


def is_proper(part: GamePart, found: Equilibrium, *, robust: bool, perfect: bool | None) -> Verdict:
    """Whether an equilibrium is proper.

    Parameters
    ----------
    part : GamePart
    found : Equilibrium
    robust : bool
        Whether it is known to be isolated with an index other than 0: then it is proper.
    perfect : bool or None
        Whether it is perfect, as proper equilibria are.

    Notes
    -----
    That even verifying is hard is known (Hansen & Lund 2018): the number of orders grows
    exponentially with the number of tied actions, and where hundreds of systems do not suffice
    the answer is None.
    """
    shape = part.payoffs.shape[1:]
    mixes = all(len(found.support[i]) == m for i, m in zip(part.players, shape, strict=True))
    if part.n_players <= 1 or robust or mixes:
        return YES
    if perfect is False:
        return NO
    profile = part.profile(found)
    if part.n_players > 2:
        return Verdict(None, _MANY)
    if profile is None:
        return Verdict(None, "its probabilities are not rational")
    trembles = proper_trembles(part, profile)
    if isinstance(trembles, str):
        return Verdict(None, trembles)
    return NO if trembles is None else YES


def proper_trembles(
    part: GamePart, profile: tuple[Strategy, ...]
) -> tuple[Strategy, Strategy] | str | None:
    """Completely mixed strategies, eps-proper for a tiny eps and within eps of two players' own.

    None if the equilibrium is not proper; the reason if that would take too long to find out.
    """
    tables = part.payoffs[0], part.payoffs[1].T
    orders: list[list[Order]] = []
    for i in (0, 1):
        groups = _groups(part.action_payoffs(i, profile), profile[i])
        if groups is None:
            return _TOO_MANY
        near = _near(profile[1 - i])
        able: list[Order] = []
        for order in _orders(groups):
            system = near.copy()
            _order_payoffs(system, tables[i], order)
            if system.solution() is not None:
                able.append(order)
        orders.append(able)
    pairs = sorted(product(*orders), key=lambda pair: sum(map(len, pair)))
    affordable = _MOST_WORK // sum(map(len, profile)) // 2
    for pair in pairs[:affordable]:
        first = _trembles(profile[0], pair[0], tables[1], pair[1])
        second = None if first is None else _trembles(profile[1], pair[1], tables[0], pair[0])
        if first is not None and second is not None:
            return first, second
    return None if len(pairs) <= affordable else _TOO_MANY


def _trembles(own: Strategy, mine: Order, table: NDArray[Any], its: Order) -> Strategy | None:
    """Trembles of a player as his order says, against which the other's actions pay in theirs."""
    system = _near(own)
    for better, worse in pairwise(mine):
        for a, b in product(better, worse):
            row, extra = [0] * len(own), [0] * len(own)
            row[b], extra[a] = -1, 1
            system.require(row, extra, strictly=False)
    _order_payoffs(system, table, its)
    found = system.solution()
    if found is None:
        return None
    total = sum(found)
    return tuple(value / total for value in found)


def _near(own: Strategy) -> InfinitesimalSystem:
    """Positive probabilities, in proportion within eps of a strategy's."""
    m = len(own)
    system = InfinitesimalSystem(m)
    for a, chance in enumerate(own):
        off = [Fraction(int(b == a)) - chance for b in range(m)]
        system.require(off, [1] * m, strictly=False)
        system.require([-value for value in off], [1] * m, strictly=False)
    return system


def _order_payoffs(system: InfinitesimalSystem, table: NDArray[Any], order: Order) -> None:
    """Actions (rows of the table) pay against the system's probabilities in that order."""
    for group in order:
        for a, b in pairwise(group):
            system.require_equal((table[a] - table[b]).tolist())
    for better, worse in pairwise(order):
        system.require((table[better[0]] - table[worse[0]]).tolist(), strictly=True)


Group = tuple[tuple[int, ...], tuple[int, ...]]


def _groups(payoffs: Sequence[Fraction], own: Strategy) -> list[Group] | None:
    """Actions that pay the same, best first, each with those among them that must stay best.

    None if their orders are too many.
    """
    found: list[Group] = []
    count = 1
    for value in sorted(set(payoffs), reverse=True):
        members = tuple(a for a, payoff in enumerate(payoffs) if payoff == value)
        played = tuple(a for a in members if own[a])
        count *= _count_orders(len(members) - max(0, len(played) - 1))
        if count > _MOST_ORDERS:
            return None
        found.append((members, played))
    return found


def _count_orders(m: int) -> int:
    """Weak orders of m things."""
    counts = [1]
    for k in range(1, m + 1):
        counts.append(sum(math.comb(k, j) * counts[k - j] for j in range(1, k + 1)))
    return counts[m]


def _orders(groups: Sequence[Group]) -> Iterator[Order]:
    """All orders that break ties within groups, keeping played actions at the top."""
    for parts in product(*(list(_weak_orders(members, played)) for members, played in groups)):
        yield tuple(step for part in parts for step in part)


def _weak_orders(members: tuple[int, ...], top: tuple[int, ...]) -> Iterator[Order]:
    """All ordered partitions; the first part must hold `top`."""
    if not members:
        yield ()
        return
    rest = [a for a in members if a not in top]
    for size in range(len(rest), -1, -1):
        for chosen in combinations(rest, size):
            if top or chosen:
                first = tuple(sorted((*top, *chosen)))
                left = tuple(a for a in members if a not in first)
                for order in _weak_orders(left, ()):
                    yield (first, *order)
