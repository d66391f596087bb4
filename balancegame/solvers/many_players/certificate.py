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
from balancegame.certificates.algebraic_points import AlgebraicPoint
from balancegame.certificates.certificate import Certificate, encode, encode_fraction
from balancegame.certificates.many_players import is_listed
from balancegame.certificates.reading import Failure
from balancegame.certificates.tied_supports import decompose as checked_decompose
from balancegame.certificates.verification import FORMAT
from balancegame.games.integer_payoffs import IntegerTables, integer_tables
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.many_players.curved_evidence import (
    Close,
    CurvedEvidence,
    Exact,
    curved_evidence,
    profile_of,
)
from balancegame.solvers.many_players.exact_supports import Product
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

    def certificate(self, result: NashResult) -> Certificate | None:  # noqa: ARG002
        """The certificate that a result's list is complete.

        None where one irrational solution lies on the border of several pieces, or elimination
        does not reach a solution with a sign that is not clear, or ties fall into too many cases.
        """
        game = self.game
        payoffs = integer_tables(game)
        search = SupportSearch(game, payoffs)
        masks_of = search.supports.tolist()
        try:
            ties = [_Tie(payoffs, search, actions_of(masks_of[k], game.shape)) for k in self.ties]
        except Failure:  # there are too many cases for the checker
            return None
        products = maximal_products(
            [
                *(tuple((part,) for part in one.exact) for one in pure_nash(game) if one.exact),
                *(product for tie in ties for product in tie.products),
            ]
        )
        balls: list[dict[str, Any]] = []
        written_ties = [tie.written(products, balls) for tie in ties]
        if None in written_ties:
            return None
        supports: list[dict[str, Any]] = []
        for k, masks in enumerate(masks_of):
            report("certificate, supports", k, len(search.supports))
            if k in self.ties:
                continue
            support = actions_of(masks, game.shape)
            roots, record = search.record(k)
            supports.append(_support(support, search.powers, record, game.shape, len(balls)))
            balls += [_ball(support, root, game.shape) for root in roots]
        return Certificate(
            {
                "format": FORMAT,
                "claim": "all equilibria of a game of any number of players",
                "game": written_game(game),
                "supports": supports,
                "ties": written_ties,
                "balls": balls,
                "products": [
                    [[list(map(encode_fraction, vertex)) for vertex in part] for part in product]
                    for product in products
                ],
            }
        )


class _Tie:
    """A support with ties, as the checker will solve it anew, and evidence on what curves."""

    def __init__(self, payoffs: IntegerTables, search: SupportSearch, support: Support) -> None:
        tables = [table.ravel().tolist() for table in payoffs.tables]
        found, self.curved = checked_decompose(tables, search.game.shape, support)
        self.support = support
        self.evidence = [curved_evidence(search, support, piece) for piece in self.curved]
        found += [point for one in self.evidence if one is not None for point in one.points]
        self.products: list[Product] = [tuple(map(tuple, product)) for product in found]

    def written(
        self, products: Sequence[Product], balls: list[dict[str, Any]]
    ) -> dict[str, Any] | None:
        """As the certificate has it; its balls are added. None if evidence is missing."""
        pieces: list[dict[str, Any]] = []
        listed = [list(map(list, product)) for product in products]
        for piece, evidence in zip(self.curved, self.evidence, strict=True):
            if is_listed([polytope.vertices for polytope in piece[0]], listed):
                continue
            if evidence is None:
                return None
            pieces.append(_piece(self.support, evidence, balls))
        return {"actions": list(map(list, self.support)), "pieces": pieces}


def _piece(
    support: Support, evidence: CurvedEvidence, balls: list[dict[str, Any]]
) -> dict[str, Any]:
    """A curved piece; the balls of its solutions are added."""
    local: list[dict[str, Any]] = []
    names: list[Any] = []
    for one in evidence.solutions:
        if isinstance(one, Exact):
            mixing = [own for own in one.shares if len(own) > 1]
            names.append([list(map(encode_fraction, own)) for own in mixing])
        elif isinstance(one, Close):
            names.append(len(local))
            local.append(
                {
                    "shares": [list(map(encode_fraction, own)) for own in one.shares],
                    "radius": encode_fraction(one.radius),
                    "ball": len(balls),
                }
            )
            profile = profile_of(evidence.piece, one.shares)
            balls.append(_written_ball(support, profile, one.radius * max(evidence.sizes)))
        else:
            names.append(_algebraic(one.point, -1 if one.profile is None else len(balls)))
            if one.profile is not None:
                balls.append(_written_ball(support, one.profile, one.radius))
    sizes = [size for size in evidence.sizes if size > 1]
    counts = (sum(size - 1 for size in sizes), len(evidence.scales))
    steps = _steps(iter(evidence.record.tolist()), sizes, *counts, names)
    return {"scales": list(evidence.scales), "steps": list(steps), "balls": local}


def _algebraic(point: AlgebraicPoint, ball: int) -> dict[str, Any]:
    return {
        "polynomial": list(map(encode_fraction, point.field.modulus)),
        "interval": list(map(encode_fraction, point.field.ends)),
        "chances": [[list(map(encode_fraction, one)) for one in own] for own in point.chances],
        "ball": ball,
    }


def _ball(support: Support, root: Root, shape: Sequence[int]) -> dict[str, Any]:
    parts = np.split(root.profile, np.cumsum(shape)[:-1])
    unit = 1 << _PROFILE_BITS
    profile = [[Fraction(round(Fraction(x) * unit), unit) for x in part.tolist()] for part in parts]
    return _written_ball(support, profile, Fraction(root.radius) + Fraction(1, unit))


def _written_ball(
    support: Support, profile: Sequence[Sequence[Fraction]], radius: Fraction
) -> dict[str, Any]:
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
    steps = _steps(numbers, sizes, n_equations, len(owners), range(first_ball, 1 << 62))
    return {"actions": list(map(list, support)), "scales": scales, "steps": list(steps)}


def _steps(
    numbers: Iterator[float],
    sizes: Sequence[int],
    n_equations: int,
    n_rows: int,
    solutions: Sequence[Any],
) -> Iterator[list[Any]]:
    """The steps of a record; solutions stand for what the kernel counts."""
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
            yield _settled(numbers, sizes, n_equations, solutions)


def _settled(
    numbers: Iterator[float], sizes: Sequence[int], n_equations: int, solutions: Sequence[Any]
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
        place if place < 0 else solutions[place],
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
