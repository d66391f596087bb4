"""The linear program of a matrix game: max 1'z over {z >= 0, C z <= 1}, solved exactly.

With C > 0 the payoffs of the row player, z divided by its sum is a strategy of the column player
that holds the row player down to 1 / sum(z), the value of the game (Dantzig 1951). HiGHS proposes
an optimal basis; exact arithmetic accepts it if its point is feasible and so are its multipliers,
and otherwise the simplex method is run in integers.
"""

from __future__ import annotations

from fractions import Fraction
from operator import mul

import numpy as np
from flint import fmpz_mat

from balancegame._progress import report
from balancegame.games.equilibrium_lists import Strategy
from balancegame.solvers.polytopes.integer_dictionary import IntegerDictionary
from balancegame.solvers.polytopes.polytope import Polytope
from balancegame.solvers.polytopes.vertex_enumeration import enumerate_vertices, from_words
from balancegame.solvers.polytopes.vertices import strategy, strategy_order, tight_labels, vertex

_FEW_LABELS = 40  # up to here the simplex method in integers takes milliseconds
_ZERO = 1e-9
_ROUND = 1 << 12  # bases


def optimal_basis(polytope: Polytope) -> int:
    """A basis whose point has the greatest sum of all points of the polytope."""
    if polytope.n_labels > _FEW_LABELS:
        basis = _proposed_basis(polytope)
        if basis is not None and _is_optimal(polytope, basis):
            return basis
    return _simplex(polytope)


def greatest_sum(polytope: Polytope, basis: int) -> Fraction:
    """The sum of a basis' point."""
    scale, weights = vertex(polytope, basis)
    return Fraction(sum(weights), scale)


def optimal_strategies(polytope: Polytope, basis: int) -> list[Strategy]:
    """The extreme points of the optimal strategies, given an optimal basis.

    They are a face of the polytope: with the bound on the sum as one more row, a polytope in its
    own right, whose vertices a walk finds.
    """
    if min(_prices(polytope, basis)) > 0:
        return [strategy(polytope, basis)]  # leaving any label would cost
    face, start = _optimal_face(polytope, basis)
    if not start.is_feasible():
        face, start = _optimal_face(polytope, _simplex(polytope), in_order=True)
    walk = enumerate_vertices(face, start)
    while not walk.finished:
        walk.advance(_ROUND)
        report("optimal strategies", walk.n_done, walk.n_found)
    _, first = np.unique(walk.tight(), axis=0, return_index=True)
    bases = walk.bases()
    found = [strategy(face, from_words(bases[place])) for place in first]
    return sorted(found, key=strategy_order)


def _optimal_face(
    polytope: Polytope, basis: int, *, in_order: bool = False
) -> tuple[Polytope, IntegerDictionary]:
    """The face as a polytope, and the dictionary of an optimal basis in it.

    Row j's right side is perturbed by eps^(j+1), so that the order of rows matters where the basis
    is degenerate. With the rows of the basis after all others, the slack of each of these grows by
    its own, greater, power of eps before anything else; the bound on the sum, last, moves by the
    multipliers' share of the others: the basis is feasible, if its weights are positive. One that
    the simplex method found is feasible with the rows in their own order, and raises the sum.
    """
    best = greatest_sum(polytope, basis)
    d = polytope.dimension
    tight = polytope.tight_rows(basis)
    order = [j for j in range(len(polytope.rows)) if j not in tight] + tight
    if in_order:
        order.sort()
    face = Polytope(
        (*(polytope.rows[j] for j in order), (-best.denominator,) * d),
        (*(polytope.bounds[j] for j in order), -best.numerator),
        first_variable=0,
        first_row=d,
    )
    absent = set(range(d)) - set(polytope.support(basis))
    labels = (*absent, *(d + order.index(j) for j in tight))
    start = IntegerDictionary.at(face, sum(1 << label for label in labels))
    if start is None:
        message = "an optimal basis has turned out singular"
        raise ArithmeticError(message)
    return face, start


def _simplex(polytope: Polytope) -> int:
    """Dantzig's (1951) method in integers; the lexicographic rule keeps it from cycling."""
    dictionary = IntegerDictionary(polytope)
    pivots = 0
    while (column := dictionary.improving_column()) is not None:
        dictionary.exchange(dictionary.leaving_row(column), column)
        pivots += 1
        report("pivots of the simplex method", pivots, pivots + 1)
    return dictionary.basis


def _proposed_basis(polytope: Polytope) -> int | None:
    """The basis that HiGHS ends at, as far as its floats show it; None if they do not."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    scaled = polytope.scaled()
    d = polytope.dimension
    solved = linprog(
        -np.ones(d), A_ub=scaled.matrix, b_ub=scaled.bounds, bounds=(0, None), method="highs-ds"
    )
    if solved.status != 0:
        return None
    played = np.flatnonzero(solved.x > _ZERO)
    tight = np.flatnonzero(-solved.ineqlin.marginals > _ZERO)
    if len(played) != len(tight):
        return None
    basis = polytope.origin
    for t in played.tolist():
        basis ^= 1 << polytope.first_variable + t
    for j in tight.tolist():
        basis |= 1 << polytope.first_row + j
    return basis


def _is_optimal(polytope: Polytope, basis: int) -> bool:
    """Whether point and multipliers of a basis are both feasible: then both are optimal."""
    return tight_labels(polytope, basis) is not None and min(_prices(polytope, basis)) >= 0


def _prices(polytope: Polytope, basis: int) -> list[int]:
    """What the sum would lose by leaving each label of a basis, times a positive number.

    The multipliers u of the tight rows solve u'M = 1', M the matrix of the basis; leaving row j
    costs u_j, and variable t its surplus u'C_t - 1.
    """
    columns, rows = polytope.support(basis), polytope.tight_rows(basis)
    k = len(columns)
    system = [[*(polytope.rows[j][t] for j in rows), 1] for t in columns]
    solved, scale, _ = fmpz_mat(system).rref()
    sign = 1 if scale > 0 else -1
    multipliers = [sign * int(solved[i, k]) for i in range(k)]
    surpluses = [
        sum(map(mul, [polytope.rows[j][t] for j in rows], multipliers)) - sign * int(scale)
        for t in range(polytope.dimension)
        if t not in columns
    ]
    return multipliers + surpluses
