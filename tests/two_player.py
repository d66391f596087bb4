"""What tests of two-player solvers share: games of mixed shape, and integers or floats forced."""

from __future__ import annotations

import importlib
import itertools
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg

WALKS = importlib.import_module("balancegame.solvers.polytopes.vertex_enumeration")
PATHS = importlib.import_module("balancegame.solvers.two_players.lemke_howson")
PROGRAMS = importlib.import_module("balancegame.solvers.polytopes.linear_program")


def random_game(seed: int, *, largest: int = 6) -> bg.NormalFormGame:
    """Payoffs in {0, 1, 2}, {-1, 0, 1}, wide integers or floats; shapes mixed, 1 x n among them."""
    rng = np.random.default_rng(seed)
    shape = (2, *rng.integers(1, largest + 1, 2))
    kinds = (
        lambda: rng.integers(0, 3, shape),
        lambda: rng.integers(-1, 2, shape),
        lambda: rng.integers(-(10**6), 10**6, shape),
        lambda: rng.normal(size=shape),
    )
    return bg.NormalFormGame(kinds[seed % 4]())


def exact_list(result: bg.NashResult) -> list[tuple]:
    return [found.exact for found in result]


def exact_set(result: bg.NashResult) -> set[tuple]:
    found = set(exact_list(result))
    assert len(found) == len(result), "an equilibrium is listed twice"
    return found


def gains(game: bg.NormalFormGame, profile) -> list[Fraction]:
    """What each player gains by his best deviation, by definition, in Fractions."""
    first, second = game.exact_payoffs
    x, y = profile
    rows = [sum(a * q for a, q in zip(row, y, strict=True)) for row in first]
    columns = [sum(b * p for b, p in zip(column, x, strict=True)) for column in second.T]
    return [
        max(rows) - sum(p * v for p, v in zip(x, rows, strict=True)),
        max(columns) - sum(q * v for q, v in zip(y, columns, strict=True)),
    ]


def force_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let compiled code solve the smallest games too."""
    monkeypatch.setattr(WALKS, "_FEW_BASES", 0)
    monkeypatch.setattr(PATHS, "_FEW_ACTIONS", 0)
    monkeypatch.setattr(PROGRAMS, "_FEW_LABELS", 0)


def force_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let integers solve the largest games too."""
    monkeypatch.setattr(WALKS, "_FEW_BASES", 10**9)
    monkeypatch.setattr(PATHS, "_FEW_ACTIONS", 10**9)
    monkeypatch.setattr(PROGRAMS, "_FEW_LABELS", 10**9)


@pytest.fixture(params=["integers", "floats"])
def arithmetic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test twice: with everything in integers, and with everything in compiled floats."""
    {"integers": force_integers, "floats": force_floats}[request.param](monkeypatch)
    return request.param


def by_definition(game: bg.NormalFormGame) -> set[tuple]:
    """All extreme equilibria: every choice of d equations solved, every pair of vertices tried."""
    x_vertices, y_vertices = best_response_vertices(game)
    everything = set(range(sum(game.shape)))
    return {
        (tuple(v / sum(x) for v in x), tuple(v / sum(y) for v in y))
        for x, ours in x_vertices.items()
        for y, theirs in y_vertices.items()
        if ours | theirs == everything and any(x) and any(y)
    }


def best_response_vertices(game: bg.NormalFormGame) -> tuple[dict, dict]:
    """The vertices of both best-response polytopes, each with its tight labels."""
    first, second = game.exact_payoffs
    m = game.shape[0]
    return (
        _vertices((second - second.min() + 1).T.tolist(), 0, m),
        _vertices((first - first.min() + 1).tolist(), m, 0),
    )


def _vertices(rows, own, best) -> dict[tuple, set[int]]:
    """The vertices of {z >= 0, rows z <= 1}, each with its tight labels."""
    d = len(rows[0])
    unit = [[Fraction(int(i == j)) for j in range(d)] for i in range(d)]
    inequalities = [(own + i, [-v for v in unit[i]], Fraction(0)) for i in range(d)]
    inequalities += [(best + j, row, Fraction(1)) for j, row in enumerate(rows)]
    found = {}
    for chosen in itertools.combinations(inequalities, d):
        z = _solution([row for _, row, _ in chosen], [bound for _, _, bound in chosen])
        if z is None:
            continue
        slacks = {
            label: bound - sum(a * v for a, v in zip(row, z, strict=True))
            for label, row, bound in inequalities
        }
        if min(slacks.values()) >= 0:
            found[tuple(z)] = {label for label, slack in slacks.items() if slack == 0}
    return found


def _solution(rows, right) -> list[Fraction] | None:
    d = len(rows)
    table = [[*row, bound] for row, bound in zip(rows, right, strict=True)]
    for column in range(d):
        able = next((i for i in range(column, d) if table[i][column]), None)
        if able is None:
            return None
        table[column], table[able] = table[able], table[column]
        table[column] = [v / table[column][column] for v in table[column]]
        for i in range(d):
            if i != column:
                factor = table[i][column]
                table[i] = [v - factor * w for v, w in zip(table[i], table[column], strict=True)]
    return [row[-1] for row in table]
