"""Random symbolic games, and the truth about their profiles by brute force."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import sympy as sp
from hypothesis import strategies as st

import balancegame as bg
from balancegame.games.exact_evaluation import sign_at

X = sp.Symbol("x", positive=True)
Y = sp.Symbol("y", nonnegative=True)
Z = sp.Symbol("z", real=True)
M = sp.Symbol("m", positive=True)

DOMAINS = ([], [Y <= X], [X <= 1], [Y <= X, X <= 1], [Z >= -1, Z <= 1], [M >= 1])
COEFFICIENTS = st.sampled_from([-3, -2, -1, 0, 1, 2, 3, sp.Rational(1, 2)])


def polynomials():
    monomials = st.sampled_from([sp.Integer(1), X, Y, Z, X * Y, X * Z, X**2, Z**2, Y**2])
    terms = st.lists(st.tuples(COEFFICIENTS, monomials), min_size=1, max_size=3)
    return terms.map(lambda chosen: sum((c * t for c, t in chosen), sp.Integer(0)))


def contests():
    bases = st.sampled_from([X, X + 1, 2 * X + 1, X + Y + 1])
    rivals = st.sampled_from([sp.Integer(1), sp.Integer(2), Y + 1, Y])
    rest = st.sampled_from([sp.Integer(0), Y, sp.Rational(-1, 3), -Y])
    return st.builds(
        lambda b, r, k, more: k * b**M / (b**M + r**M) + more,
        bases, rivals, st.sampled_from([-1, 1, 2]), rest,
    )  # fmt: skip


def roots():
    inside = st.sampled_from([X, X + 1, X + Y, 2 * X, Y])
    rest = st.sampled_from([sp.Integer(0), Y, sp.Integer(-2), Z])
    return st.builds(
        lambda i, k, more: k * sp.sqrt(i) + more, inside, st.sampled_from([-1, 1, 2]), rest
    )


def by_cases():
    return st.builds(
        lambda a, b, c: sp.Piecewise((a, c >= 0), (b, True)),
        polynomials(), polynomials(), polynomials(),
    ) | st.builds(sp.Max, polynomials(), polynomials())  # fmt: skip


@st.composite
def symbolic_games(draw, *, entries, shapes=((2,), (2, 2), (2, 3), (3, 2))):
    shape = draw(st.sampled_from(shapes))
    table = np.empty((len(shape), *shape), dtype=object)
    for place in np.ndindex(*table.shape):
        table[place] = draw(entries)
    return bg.SymbolicGame(table, domain=draw(st.sampled_from(DOMAINS)))


@st.composite
def points(draw, game):
    """Rational values of a game's symbols, some on ties, inside its domain or not."""
    small = st.builds(Fraction, st.integers(0, 12), st.sampled_from([1, 2, 3, 5]))
    found = {}
    for name, symbol in game.symbols.items():
        value = draw(small)
        if symbol.is_positive and value == 0:
            value = Fraction(1, 7)
        if symbol == M:
            value = Fraction(draw(st.integers(1, 6)), draw(st.sampled_from([1, 2, 3])))
        if not symbol.is_nonnegative and draw(st.booleans()):
            value = -value
        found[name] = value
    return found


def stands(game, cell, kind, values):
    """Whether a profile is an equilibrium of that kind: every move of every coalition, exactly."""
    at = {game.symbols[name]: value for name, value in values.items()}
    here = game.cell(cell)
    sizes = range(1, game.n_players + 1) if kind == "strong" else [1]
    for size in sizes:
        for members in itertools.combinations(range(game.n_players), size):
            for actions in itertools.product(*(range(game.shape[i]) for i in members)):
                there = list(cell)
                for i, action in zip(members, actions, strict=True):
                    there[i] = action
                if any(there[i] == cell[i] for i in members):
                    continue
                payoffs = game.cell(there)
                signs = [sign_at(payoffs[i] - here[i], at) for i in members]
                if min(signs) > (-1 if kind == "strict" else 0):
                    return False
    return True
