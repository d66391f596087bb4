"""Write the certificate that a list of two-player equilibria is complete.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.two_player`, which shares no code with the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from balancegame._progress import report
from balancegame.certificates.certificate import Certificate, encode, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.integer_payoffs import IntegerPayoffs, integer_payoffs
from balancegame.games.results import NashResult
from balancegame.solvers.polytopes.polytope import (
    Polytope,
    best_response_polytopes,
    positive_change,
)
from balancegame.solvers.polytopes.vertex_enumeration import Words, from_words
from balancegame.solvers.polytopes.vertices import strategy, vertex
from balancegame.solvers.written_game import written_game


def write(
    result: NashResult, bases: tuple[Words, Words], vertices: Sequence[tuple[int, int]]
) -> Certificate:
    """The certificate of a complete result of `extreme_equilibria`.

    Parameters
    ----------
    result : NashResult
    bases : pair of arrays
        All lexicographically feasible bases of P and of Q.
    vertices : sequence of pairs of int
        For each equilibrium, in any order, the places of its vertices' bases.
    """
    game = result.game
    payoffs = integer_payoffs(game)
    polytopes = best_response_polytopes(payoffs)
    places = {
        tuple(strategy(polytopes[i], from_words(bases[i][pair[i]])) for i in (0, 1)): pair
        for pair in vertices
    }
    return Certificate(
        {
            "format": FORMAT,
            "claim": "all equilibria of a two-player game",
            "game": written_game(game),
            "positive": [_change(one) for one in payoffs],
            "P": _vertices(polytopes[0], bases[0], "P"),
            "Q": _vertices(polytopes[1], bases[1], "Q"),
            "equilibria": [
                {
                    "vertices": list(places[found.exact]),
                    "profile": [
                        [encode_fraction(chance) for chance in part] for part in found.exact
                    ],
                    "payoffs": [encode_fraction(value) for value in found.exact_payoffs or ()],
                }
                for found in result
                if found.exact is not None
            ],
            "components": _components(result),
        }
    )


def _change(payoffs: IntegerPayoffs) -> dict[str, Any]:
    """Payoff times factor plus offset is the positive integer that the polytopes are made of."""
    unit, least, shift = positive_change(payoffs.matrix)
    return {
        "factor": encode_fraction(Fraction(payoffs.denominator, unit)),
        "offset": encode_fraction(shift - Fraction(least, unit)),
    }


def _vertices(polytope: Polytope, bases: Words, name: str) -> dict[str, Any]:
    written: list[int | str] = []
    points: list[list[int | str]] = []
    for place, words in enumerate(bases):
        basis = from_words(words)
        scale, weights = vertex(polytope, basis)
        written.append(encode(basis))
        points.append([encode(scale), *map(encode, weights)])
        if place % 1024 == 0:
            report(f"certificate, vertices of {name}", place, len(bases))
    return {"bases": written, "points": points}


def _components(result: NashResult) -> list[list[int]]:
    membership = result.membership or ()
    found: list[list[int]] = [[] for _ in set(membership)]
    for place, component in enumerate(membership):
        found[component].append(place)
    return found
