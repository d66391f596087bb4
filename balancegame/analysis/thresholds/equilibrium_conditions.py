"""When a pure profile is an equilibrium, as comparisons of payoffs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

from balancegame._checks import check_known
from balancegame._progress import report
from balancegame.analysis.thresholds.clauses import Clause, comparison, either
from balancegame.analysis.thresholds.signs import Facts
from balancegame.errors import TooManyProfilesError, UnknownClaimError
from balancegame.games.symbolic_game import SymbolicGame

KINDS = ("nash", "strict", "strong")
_MOST_MOVES = 4096

Gains = list[tuple[Any, ...]]
"""For each move, what its members gain: the profile stands unless all gains of a move are > 0."""


def check_kind(kind: object) -> str:
    """One of the kinds of equilibrium."""
    return check_known(kind, KINDS, "kind of equilibrium", UnknownClaimError)


def gains_of(game: SymbolicGame, cell: Sequence[int], kind: str) -> Gains:
    """What every move away from a profile gains its members, by player."""
    here = game.cell(cell)
    found: Gains = []
    moves = list(_moves(game, cell, kind))
    for done, (members, there) in enumerate(moves):
        payoffs = game.cell(there)
        found.append(tuple(payoffs[i] - here[i] for i in members))
        report("deviations", done + 1, len(moves))
    return list(dict.fromkeys(found))


def clauses_for(gains: Gains, kind: str, facts: Facts) -> list[Clause]:
    """In conjunctive form: of each move at least one member does not gain."""
    found: list[Clause] = []
    known: dict[Any, list[Clause]] = {}
    for members in gains:
        alternatives: list[list[Clause]] = []
        for gain in members:
            if gain not in known:
                known[gain] = comparison(-gain, facts, strict=kind == "strict")
            alternatives.append(known[gain])
        found += either(alternatives)
    return found


def _moves(
    game: SymbolicGame, cell: Sequence[int], kind: str
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    n = game.n_players
    largest = n if kind == "strong" else 1
    count = 1
    for m in game.shape:
        count *= m if kind == "strong" else 1
    if count > _MOST_MOVES:
        message = (
            f"strong equilibrium compares with {count:,} profiles, more than {_MOST_MOVES:,}; use "
            'fewer players or actions, or kind="nash"'
        )
        raise TooManyProfilesError(message)
    for size in range(1, largest + 1):
        for members in combinations(range(n), size):
            others = [[a for a in range(game.shape[i]) if a != cell[i]] for i in members]
            for actions in product(*others):
                there = list(cell)
                for i, action in zip(members, actions, strict=True):
                    there[i] = action
                yield members, tuple(there)
