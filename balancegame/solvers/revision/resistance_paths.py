"""Paths of least resistance between profiles, by exact relaxation of whole lines at a time.

A move costs what `Resistances` says. Distances are lowered along the players' lines until none can
be (Bellman 1958): a few passes over the table, as no path needs to be long. All in integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.revision.logit_revision import Places

Costs = NDArray[Any]


def distances_from(costs: Costs, starts: Iterable[Places]) -> Costs:
    """The least resistance from each set of profiles to every profile, shape (sets, profiles)."""
    given = list(starts)
    reached = _nothing_reached(costs, len(given))
    for row, places in zip(reached, given, strict=True):
        row.ravel()[places] = 0
    while True:
        before = reached.copy()
        for i, own in enumerate(costs):
            line = reached.min(axis=i + 1, keepdims=True)
            np.minimum(reached, line + own, out=reached)
        if np.array_equal(before, reached):
            return reached.reshape(len(given), -1)


def distances_to(costs: Costs, target: Places) -> Costs:
    """The least resistance from every profile to a set of profiles, shape (profiles,)."""
    left = _nothing_reached(costs, 1)[0]
    left.ravel()[target] = 0
    while True:
        before = left.copy()
        for i, own in enumerate(costs):
            np.minimum(left, (left + own).min(axis=i, keepdims=True), out=left)
        if np.array_equal(before, left):
            return left.ravel()


def _nothing_reached(costs: Costs, count: int) -> Costs:
    """More than any least path costs, everywhere."""
    far = (int(costs.max()) + 1) * (len(costs) + 1)
    return np.full((count, *costs.shape[1:]), far, dtype=costs.dtype)


@final
@dataclass(frozen=True)
class Step:
    """A move on a path: who, from which profile to which, both as flat indices, at what cost."""

    player: int
    source: int
    target: int
    cost: int


@final
@dataclass(frozen=True)
class LeastPaths:
    """The paths of least resistance to a set, of these the shortest.

    Attributes
    ----------
    cost : int
        Their resistance, in units of `Resistances.unit`.
    path : tuple of Step
        The first of them, by player and then action.
    first_moves : tuple of Step
        How such paths start, all of them.
    count : int
        How many such paths there are.
    """

    cost: int
    path: tuple[Step, ...]
    first_moves: tuple[Step, ...]
    count: int


def least_paths(costs: Costs, starts: Places, target: Places) -> LeastPaths:
    """The paths from some of `starts` to `target` of least resistance, and then of fewest moves."""
    # The number of moves goes into the last digits.
    base = costs[0].size + 1
    left = distances_to(costs * base + 1, target)
    least = left[starts].min()
    begin = [int(place) for place in starts[left[starts] == least]]
    walk = _Walk(costs, base, left)
    first = [step for place in begin for step in walk.steps(place)]
    path: list[Step] = []
    here = begin[0]
    while left[here]:
        path.append(walk.steps(here)[0])
        here = path[-1].target
    return LeastPaths(int(least) // base, tuple(path), tuple(first), walk.count(begin))


class _Walk:
    """Moves along least paths."""

    def __init__(self, costs: Costs, base: int, left: Costs) -> None:
        self._costs = costs.reshape(len(costs), -1)
        self._shape = costs.shape[1:]
        self._base = base
        self._left = left

    def steps(self, place: int) -> list[Step]:
        """Those that start at a profile, by player and action."""
        found: list[Step] = []
        stride = self._left.size
        if not self._left[place]:
            return found
        for i, m in enumerate(self._shape):
            stride //= m
            own = place // stride % m
            for a in range(m):
                there = place + (a - own) * stride
                cost = int(self._costs[i, there])
                rest = int(self._left[there]) + cost * self._base + 1
                if a != own and rest == self._left[place]:
                    found.append(Step(i, place, there, cost))
        return found

    def count(self, begin: Sequence[int]) -> int:
        """How many least paths start at some profiles."""
        onward: dict[int, list[int]] = {}
        waiting = list(begin)
        while waiting:
            place = waiting.pop()
            if place not in onward:
                onward[place] = [step.target for step in self.steps(place)]
                waiting.extend(onward[place])
        counts: dict[int, int] = {}
        for place in sorted(onward, key=lambda one: self._left[one]):
            counts[place] = sum(counts[one] for one in onward[place]) if onward[place] else 1
        return sum(counts[place] for place in begin)
