"""What tests of correlated equilibria share: the definition, and an independent linear program."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

import balancegame as bg

NAMED = ("welfare", "egalitarian", ("best", 0), ("worst", -1))


def objective_of(name, game):
    """A named objective, -1 standing for the last player."""
    return (name[0], name[1] % game.n_players) if isinstance(name, tuple) else name


def constraints(game: bg.NormalFormGame, *, coarse: bool) -> list[dict[tuple, Fraction]]:
    """Each incentive as {profile: what the player gains in it}, by definition."""
    payoffs = game.exact_payoffs
    rows = []
    for i, m in enumerate(game.shape):
        for told in [None] if coarse else range(m):
            for b in range(m):
                rows.append(
                    {
                        s: payoffs[(i, *s[:i], b, *s[i + 1 :])] - payoffs[(i, *s)]
                        for s in np.ndindex(*game.shape)
                        if told is None or s[i] == told
                    }
                )
    return rows


def gains(game, chances: dict[tuple, Fraction], *, coarse: bool) -> list[Fraction]:
    """What each incentive gains under a distribution."""
    return [
        sum((chances.get(s, Fraction(0)) * gain for s, gain in row.items()), start=Fraction(0))
        for row in constraints(game, coarse=coarse)
    ]


def chances_of(result: bg.CorrelatedResult) -> dict[tuple, Fraction]:
    return dict(zip(result.support, result.probabilities, strict=True))


def product_of(profile) -> dict[tuple, Fraction]:
    """The distribution of independent mixed strategies given in Fractions."""
    chances = {(): Fraction(1)}
    for part in profile:
        chances = {
            (*s, a): chance * p for s, chance in chances.items() for a, p in enumerate(part) if p
        }
    return chances


def by_linprog(game: bg.NormalFormGame, objective, *, coarse: bool) -> float:
    """The optimum in floats, the program written out cell by cell."""
    cells = list(np.ndindex(*game.shape))
    payoffs = game.payoffs.reshape(game.n_players, -1)
    rows = [
        [float(row.get(s, 0)) for s in cells] + [0.0] for row in constraints(game, coarse=coarse)
    ]
    sign, last = 1.0, 0.0
    if isinstance(objective, np.ndarray):
        costs = objective.reshape(-1)
    elif objective == "welfare":
        costs = payoffs.sum(axis=0)
    elif objective == "egalitarian":
        rows += [[*line, 1.0] for line in (-payoffs).tolist()]
        costs, last = np.zeros(len(cells)), 1.0
    elif isinstance(objective[0], str):
        sign = 1.0 if objective[0] == "best" else -1.0
        costs = sign * payoffs[objective[1]]
    else:
        costs = np.array(objective, dtype=float) @ payoffs
    found = linprog(
        [*-costs, -last],
        A_ub=rows,
        b_ub=[0.0] * len(rows),
        A_eq=[[1.0] * len(cells) + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * len(cells) + [(None, None)],
    )
    assert found.status == 0
    return -sign * found.fun
