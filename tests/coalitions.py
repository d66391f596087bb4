"""The definitions of strong, coalition-proof and sequential play, written down as they are read.

No code is shared with the package: payoffs come as nested dictionaries {profile: numbers}.
"""

from __future__ import annotations

import itertools


def table_of(game):
    """{profile: exact payoffs}."""
    exact = game.exact_payoffs
    return {
        cell: tuple(exact[(i, *cell)] for i in range(game.n_players))
        for cell in itertools.product(*map(range, game.shape))
    }


def joint_moves(cell, coalition, shape):
    for moves in itertools.product(*(range(shape[i]) for i in coalition)):
        moved = list(cell)
        for i, a in zip(coalition, moves, strict=True):
            moved[i] = a
        yield tuple(moved)


def subsets(players, *, proper=False):
    players = tuple(players)
    for size in range(1, len(players) + (not proper)):
        yield from itertools.combinations(players, size)


def all_gain(table, coalition, before, after):
    return all(table[after][i] > table[before][i] for i in coalition)


def is_nash(table, shape, cell):
    return not any(
        all_gain(table, (i,), cell, other)
        for i in range(len(shape))
        for other in joint_moves(cell, (i,), shape)
    )


def blocks(table, shape, cell, size=None):
    """Every (coalition, joint move) that leaves a profile, coalitions of at most `size`."""
    return [
        (coalition, other)
        for coalition in subsets(range(len(shape)))
        if size is None or len(coalition) <= size
        for other in joint_moves(cell, coalition, shape)
        if all_gain(table, coalition, cell, other)
    ]


def strong(table, shape, size=None):
    return [cell for cell in table if not blocks(table, shape, cell, size)]


class CoalitionProof:
    """Bernheim, Peleg & Whinston (1987), by recursion as printed."""

    def __init__(self, table, shape):
        self.table, self.shape = table, shape
        self._known = {}

    def is_self_enforcing(self, cell, coalition):
        return all(self.holds(cell, within) for within in subsets(coalition, proper=True))

    def holds(self, cell, coalition):
        """Whether the coalition's part of a profile is coalition-proof, the others' fixed."""
        key = cell, coalition
        if key not in self._known:
            self._known[key] = self.is_self_enforcing(cell, coalition) and not any(
                self.is_self_enforcing(other, coalition)
                for other in joint_moves(cell, coalition, self.shape)
                if all_gain(self.table, coalition, cell, other)
            )
        return self._known[key]

    def equilibria(self):
        everybody = tuple(range(len(self.shape)))
        return [cell for cell in self.table if self.holds(cell, everybody)]


def subgame_perfect_outcomes(table, shape, order, history=()):
    """All plans by backward induction: each node's set of outcomes, one choice a subgame."""
    if not order:
        return {cell for cell in table if all(cell[i] == a for i, a in history)}
    mover, rest = order[0], order[1:]
    after = [
        subgame_perfect_outcomes(table, shape, rest, (*history, (mover, a)))
        for a in range(shape[mover])
    ]
    found = set()
    for expected in itertools.product(*after):  # what is expected after each action
        best = max(table[cell][mover] for cell in expected)
        found |= {cell for cell in expected if table[cell][mover] == best}
    return found
