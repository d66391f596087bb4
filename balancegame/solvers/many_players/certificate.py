"""Write the certificate that a list holds all equilibria of a game of any number of players.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.many_players`, which shares no code with the search. The search is run
once more, and its decisions are written down.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.certificates.certificate import Certificate, encode, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.integer_payoffs import integer_tables
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.many_players.exact_supports import Product, decompose
from balancegame.solvers.many_players.product_components import maximal_products
from balancegame.solvers.many_players.support_search import Root, SupportSearch, actions_of
from balancegame.solvers.pure_nash import pure_nash
from balancegame.solvers.written_game import written_game

MOST_REGIONS = 1_000_000  # above, a certificate would take gigabytes

_GRID = 256
_EXCLUDED, _CUT, _BISECTED, _SETTLED = 1, 2, 3, 4
_PROFILE_BITS = 60

Support = tuple[tuple[int, ...], ...]
Written = int | str


@dataclass(frozen=True, slots=True)
class SearchEvidence:
    """The game, and the places of the supports that were solved in rationals."""

    game: NormalFormGame
    ties: tuple[int, ...]

    def certificate(self, result: NashResult) -> Certificate:  # noqa: ARG002
        """The certificate that a result's list is complete."""
        game = self.game
        payoffs = integer_tables(game)
        search = SupportSearch(game, payoffs)
        supports: list[dict[str, Any]] = []
        balls: list[dict[str, Any]] = []
        products: list[Product] = [
            tuple((part,) for part in found.exact)
            for found in pure_nash(game)
            if found.exact is not None
        ]
        ties: list[Support] = []
        for k, masks in enumerate(search.supports.tolist()):
            report("certificate, supports", k, len(search.supports))
            support = actions_of(masks, game.shape)
            if k in self.ties:
                ties.append(support)
                products += decompose(payoffs.tables, support)[0]
                continue
            roots, record = search.record(k)
            supports.append(_support(support, search.powers, record, game.shape, len(balls)))
            balls += [_ball(support, root, game.shape) for root in roots]
        return Certificate(
            {
                "format": FORMAT,
                "claim": "all equilibria of a game of any number of players",
                "game": written_game(game),
                "supports": supports,
                "ties": [list(map(list, support)) for support in ties],
                "balls": balls,
                "products": [
                    [[list(map(encode_fraction, vertex)) for vertex in part] for part in product]
                    for product in maximal_products(products)
                ],
            }
        )


def _ball(support: Support, root: Root, shape: Sequence[int]) -> dict[str, Any]:
    parts = np.split(root.profile, np.cumsum(shape)[:-1])
    unit = 1 << _PROFILE_BITS
    profile = [[Fraction(round(Fraction(x) * unit), unit) for x in part.tolist()] for part in parts]
    radius = Fraction(root.radius) + Fraction(1, unit)
    return {
        "support": list(map(list, support)),
        "profile": [list(map(encode_fraction, part)) for part in profile],
        "radius": encode_fraction(radius),
    }


def _support(
    support: Support,
    powers: Sequence[int],
    record: NDArray[np.float64],
    shape: Sequence[int],
    first_ball: int,
) -> dict[str, Any]:
    """One support's steps, from the kernel's record."""
    owners = [i for i, own in enumerate(support) for _ in own[1:]]
    n_equations = len(owners)
    for i, (own, m) in enumerate(zip(support, shape, strict=True)):
        owners += [i] * (m - len(own))
    numbers = iter(record.tolist())
    scales = [powers[i] + int(next(numbers)) for i in owners]
    sizes = [len(own) for own in support if len(own) > 1]
    steps = _steps(numbers, sizes, n_equations, len(owners), first_ball)
    return {"actions": list(map(list, support)), "scales": scales, "steps": list(steps)}


def _steps(
    numbers: Iterator[float], sizes: Sequence[int], n_equations: int, n_rows: int, first_ball: int
) -> Iterator[list[Any]]:
    for kind in numbers:
        if kind == _EXCLUDED:
            yield [_EXCLUDED, *_integers(_take(numbers, n_rows))]
        elif kind == _CUT:
            player = int(next(numbers))
            bounds: list[int] = []
            weights: list[list[Written]] = []
            for _ in range(sizes[player]):
                bounds.append(round(next(numbers) * _GRID))
                if bounds[-1]:
                    weights.append(_integers(_take(numbers, n_equations)))
            yield [_CUT, player, bounds, weights]
        elif kind == _BISECTED:
            yield [_BISECTED, *map(int, _take(numbers, 3))]
        else:
            yield _settled(numbers, sizes, n_equations, first_ball)


def _settled(
    numbers: Iterator[float], sizes: Sequence[int], n_equations: int, first_ball: int
) -> list[Any]:
    wider = [[round(x * _GRID) for x in _take(numbers, size)] for size in sizes]
    weights = [_take(numbers, n_equations) for _ in range(n_equations)]
    shift = max(_bits(x) for row in weights for x in row)
    coordinates = [_take(numbers, size)[1:] for size in sizes]
    unit = max(_bits(x) for own in coordinates for x in own)
    place = int(next(numbers))
    return [
        _SETTLED,
        wider,
        [[encode(int(Fraction(x) * Fraction(2) ** shift)) for x in row] for row in weights],
        shift,
        [[encode(int(Fraction(x) * Fraction(2) ** unit)) for x in own] for own in coordinates],
        unit,
        place if place < 0 else first_ball + place,
    ]


def _take(numbers: Iterator[float], count: int) -> list[float]:
    return [next(numbers) for _ in range(count)]


def _bits(value: float) -> int:
    """The power of 2 that makes a float an integer; at least 0."""
    return value.as_integer_ratio()[1].bit_length() - 1


def _integers(weights: Sequence[float]) -> list[Written]:
    """The same weights times a positive number that makes them coprime integers."""
    shift = max(map(_bits, weights))
    whole = [int(Fraction(x) * (1 << shift)) for x in weights]
    common = math.gcd(*whole) or 1
    return [encode(x // common) for x in whole]
