"""What the states of an automaton are worth: exactly, at given discount factors or as functions.

The value of a state is what its play pays on average, discounted: ``V = (1 - delta) r + delta P V``
with r what a period pays and P the chances of the states that follow. The matrix ``I - delta P`` is
regular for every delta in [0, 1), so that there is one solution. States are taken in groups that
lead to each other (strongly connected components), those that lead nowhere else first: most groups
are single states, and long lists of them cost no more than a pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpq_mat, fmpq_poly

from balancegame.games.automaton import Automaton
from balancegame.games.situation import Cell, Outcome, exact_payoff

Row = dict[int, fmpq]
"""Weights on states."""


def rational(number: Fraction) -> fmpq:
    """A Fraction as flint's rational."""
    return fmpq(number.numerator, number.denominator)


def fraction(number: fmpq) -> Fraction:
    """Flint's rational as a Fraction."""
    return Fraction(int(number.p), int(number.q))


@dataclass(frozen=True, slots=True)
class Play:
    """What an automaton's states lead to and pay when all play their part.

    Attributes
    ----------
    states : tuple of int
        Those that some play leads to.
    chances : dict
        For each state the chances of the next.
    rewards : dict
        For each state what its period pays, one rational a player.
    """

    states: tuple[int, ...]
    chances: dict[int, Row]
    rewards: dict[int, list[fmpq]]


@dataclass(frozen=True, slots=True)
class Temptation:
    """A one-shot deviation, before discounting.

    Attributes
    ----------
    state, contingency, player, action : int
    gain : rational
        What it pays in its period beyond playing one's part.
    shift : tuple of (int, rational)
        How it shifts the chances of the next state.
    """

    state: int
    contingency: int
    player: int
    action: int
    gain: fmpq
    shift: tuple[tuple[int, fmpq], ...]


class PayoffReader:
    """Exact payoffs of the automaton's stages, each read once."""

    def __init__(self, automaton: Automaton) -> None:
        self._stages = automaton.stages
        self._tables = [
            stage.exact_payoffs if stage.has_rounded_payoffs else None for stage in self._stages
        ]
        self._known: dict[tuple[int, int, Cell], fmpq] = {}

    def payoff(self, contingency: int, player: int, cell: Cell) -> fmpq:
        """A player's payoff in a profile."""
        key = (contingency, player, cell)
        if key not in self._known:
            self._known[key] = rational(exact_payoff(self._stages[contingency], player, cell))
        return self._known[key]

    def expected(self, contingency: int, player: int, outcomes: Sequence[Outcome]) -> fmpq:
        """A player's expected payoff over outcomes."""
        if len(outcomes) == 1:
            return self.payoff(contingency, player, outcomes[0].played)
        return sum(
            (
                rational(one.probability) * self.payoff(contingency, player, one.played)
                for one in outcomes
            ),
            fmpq(0),
        )


def play_of(automaton: Automaton, payoffs: PayoffReader) -> Play:
    """The chances and rewards of all states that can be reached."""
    states = tuple(automaton.state_index(name) for name in automaton.reachable)
    n = len(automaton.players)
    drawn = [rational(chance) for chance in automaton.probabilities]
    chances: dict[int, Row] = {}
    rewards: dict[int, list[fmpq]] = {}
    for s in states:
        row: Row = {}
        reward = [fmpq(0)] * n
        for w, p in enumerate(drawn):
            if p == 0:
                continue
            outcomes = list(automaton.outcomes(s, w))
            for one in outcomes:
                row[one.state] = row.get(one.state, fmpq(0)) + p * rational(one.probability)
            for i in range(n):
                reward[i] += p * payoffs.expected(w, i, outcomes)
        chances[s], rewards[s] = row, reward
    return Play(states, chances, rewards)


def temptations(
    automaton: Automaton, payoffs: PayoffReader, players: Sequence[int]
) -> Iterator[Temptation]:
    """Every one-shot deviation of these players, in all states that can be reached.

    A player who may slip decides when he is able to do his part, and surely does what he decides.
    """
    for name in automaton.reachable:
        s = automaton.state_index(name)
        for w, situation in enumerate(automaton.situations[s]):
            shape = automaton.contingencies[w].stage.shape
            for i in players:
                if not automaton.has_choice(s, w, i):
                    continue
                due = situation.profile[i]
                obedient = list(automaton.outcomes(s, w, i, due))
                paid = payoffs.expected(w, i, obedient)
                for a in range(shape[i]):
                    if a == due:
                        continue
                    outcomes = list(automaton.outcomes(s, w, i, a))
                    yield Temptation(
                        s, w, i, a,
                        payoffs.expected(w, i, outcomes) - paid,
                        _shift(outcomes, obedient),
                    )  # fmt: skip


def _shift(
    outcomes: Sequence[Outcome], obedient: Sequence[Outcome]
) -> tuple[tuple[int, fmpq], ...]:
    row: Row = {}
    for one in outcomes:
        row[one.state] = row.get(one.state, fmpq(0)) + rational(one.probability)
    for one in obedient:
        row[one.state] = row.get(one.state, fmpq(0)) - rational(one.probability)
    return tuple(sorted((s, weight) for s, weight in row.items() if weight != 0))


def values_at(play: Play, discounts: Sequence[Fraction]) -> dict[int, list[fmpq]]:
    """Each state's value to each player, at his discount factor."""
    found: dict[int, list[fmpq]] = {s: [] for s in play.states}
    groups = list(connected_groups(play.chances))
    solved: dict[Fraction, list[fmpq_mat]] = {}
    for i, discount in enumerate(discounts):
        delta = rational(discount)
        inverses = solved.setdefault(discount, [])
        for place, group in enumerate(groups):
            if place == len(inverses):
                inverses.append(_inverse(play, group, delta))
            right = [
                (1 - delta) * play.rewards[s][i]
                + delta
                * sum(
                    (p * found[t][i] for t, p in play.chances[s].items() if t not in group),
                    fmpq(0),
                )
                for s in group
            ]
            column = inverses[place] * fmpq_mat([[value] for value in right])
            for row, s in enumerate(group):
                found[s].append(column[row, 0])
    return found


def _inverse(play: Play, group: Mapping[int, int], delta: fmpq) -> fmpq_mat:
    return fmpq_mat(
        [
            [fmpq(int(s == t)) - delta * play.chances[s].get(t, fmpq(0)) for t in group]
            for s in group
        ]
    ).inv()


@dataclass(frozen=True, slots=True)
class ValueFunction:
    """A state's values as functions of the common discount factor.

    Attributes
    ----------
    numerators : list of polynomials
        One a player.
    denominator : polynomial
        Common to the players, 1 at 0, and positive on [0, 1).
    """

    numerators: list[fmpq_poly]
    denominator: fmpq_poly


def value_functions(play: Play) -> dict[int, ValueFunction]:
    """Each state's values as rational functions of delta.

    Within a group of k states ``(I - delta P)^-1`` is a polynomial matrix of degree k - 1 over the
    determinant q: the series of powers of ``delta P``, times q, ends there.
    """
    x = fmpq_poly([0, 1])
    found: dict[int, ValueFunction] = {}
    for group in connected_groups(play.chances):
        outside = {t for s in group for t in play.chances[s] if t not in group}
        common = fmpq_poly([1])
        for t in outside:
            other = found[t].denominator
            common *= other / common.gcd(other)
        factors = {t: common / found[t].denominator for t in outside}
        n = len(next(iter(play.rewards.values())))
        right = [
            [
                (1 - x) * play.rewards[s][i] * common
                + x
                * sum(
                    (
                        p * found[t].numerators[i] * factors[t]
                        for t, p in play.chances[s].items()
                        if t in outside
                    ),
                    fmpq_poly(),
                )
                for i in range(n)
            ]
            for s in group
        ]
        determinant, columns = _adjugate_times(play, group, right)
        for row, s in enumerate(group):
            found[s] = _reduced(columns[row], determinant * common)
    return found


def _adjugate_times(
    play: Play, group: Mapping[int, int], right: list[list[fmpq_poly]]
) -> tuple[fmpq_poly, list[list[fmpq_poly]]]:
    """``det(I - delta P)`` and ``adj(I - delta P) right`` within a group."""
    k, n = len(group), len(right[0])
    matrix = fmpq_mat([[play.chances[s].get(t, fmpq(0)) for t in group] for s in group])
    # det(I - delta P) has the characteristic polynomial's coefficients in reverse order.
    reverse = [matrix.charpoly()[k - power] for power in range(k + 1)]
    power, total = right, [[fmpq_poly()] * n for _ in range(k)]
    for t in range(k):
        weight = fmpq_poly([0] * t + reverse[: k - t])
        total = [
            [old + weight * new for old, new in zip(row, added, strict=True)]
            for row, added in zip(total, power, strict=True)
        ]
        power = [
            [
                sum(
                    (p * power[group[s]][i] for s, p in play.chances[here].items() if s in group),
                    fmpq_poly(),
                )
                for i in range(n)
            ]
            for here in group
        ]
    return fmpq_poly(reverse), total


def _reduced(numerators: list[fmpq_poly], denominator: fmpq_poly) -> ValueFunction:
    divisor = denominator
    for one in numerators:
        divisor = divisor.gcd(one)
    below = denominator / divisor
    scale = below[0]
    return ValueFunction([one / divisor / scale for one in numerators], below / scale)


def connected_groups(chances: Mapping[int, Mapping[int, object]]) -> Iterator[dict[int, int]]:
    """Strongly connected components, each after all it leads to (Tarjan 1972).

    Each as a mapping from its states to their places in it.
    """
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    waiting_in: set[int] = set()
    for root in chances:
        if root in order:
            continue
        work = [(root, iter(chances[root]))]
        order[root] = lowest[root] = len(order)
        stack.append(root)
        waiting_in.add(root)
        while work:
            here, following = work[-1]
            for t in following:
                if t not in order:
                    order[t] = lowest[t] = len(order)
                    stack.append(t)
                    waiting_in.add(t)
                    work.append((t, iter(chances[t])))
                    break
                if t in waiting_in:
                    lowest[here] = min(lowest[here], order[t])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    lowest[above] = min(lowest[above], lowest[here])
                if lowest[here] == order[here]:
                    start = stack.index(here)
                    group = stack[start:]
                    del stack[start:]
                    waiting_in.difference_update(group)
                    yield {s: place for place, s in enumerate(group)}
