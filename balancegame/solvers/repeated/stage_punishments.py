"""What a deviator can be held to in the stage games: his worst pure equilibria, his pure minmax."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from balancegame.games.repeated_game import RepeatedGame
from balancegame.games.situation import Cell, exact_payoff
from balancegame.solvers.minmax.minmax import minmax
from balancegame.solvers.pure_nash import pure_nash


@dataclass(frozen=True, slots=True)
class StagePunishment:
    """What is played against a deviator in each contingency, and what he gets on average."""

    value: Fraction
    profiles: tuple[Cell, ...]


def worst_equilibria(repeated: RepeatedGame) -> tuple[StagePunishment, ...] | str:
    """For each player his worst pure equilibrium of each stage, the first of several.

    If some stage has none, the name of its contingency.
    """
    found: list[list[tuple[Fraction, Cell]]] = []
    for one in repeated.contingencies:
        cells = [tuple(part[0] for part in found.support) for found in pure_nash(one.stage)]
        if not cells:
            return one.name
        found.append(
            [
                min((exact_payoff(one.stage, i, cell), cell) for cell in cells)
                for i in range(repeated.n_players)
            ]
        )
    return tuple(
        StagePunishment(
            sum(
                (p * row[i][0] for p, row in zip(repeated.probabilities, found, strict=True)),
                Fraction(0),
            ),
            tuple(row[i][1] for row in found),
        )
        for i in range(repeated.n_players)
    )


def pure_minmax(repeated: RepeatedGame) -> tuple[Fraction, ...]:
    """Each player's pure minmax value, on average over the contingencies."""
    return tuple(
        sum(
            (
                p * minmax(stage, i).exact_upper
                for p, stage in zip(repeated.probabilities, repeated.stages, strict=True)
            ),
            Fraction(0),
        )
        for i in range(repeated.n_players)
    )
