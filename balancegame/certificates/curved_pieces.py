"""Check what a certificate says of a piece of a tied support: conditions that curve.

A piece is a product of polytopes with conditions. Profiles in it are given by shares of the
polytopes' vertices, which are treated like the actions of a support: `regions` checks how their
simplices are divided, and what is in each region.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

from .algebraic_points import AlgebraicPoint, Polynomial, combined
from .reading import Failure, read_fraction, read_list, read_object, read_places
from .regions import Ball, Shares, Support, check_centred, check_regions
from .tied_supports import Condition, Piece, Product

_PIECE = {"scales", "steps", "balls"}
_BALL = {"shares", "radius", "ball"}


def check_piece(
    piece: Piece, written: Any, support: Support, balls: list[Ball], where: str
) -> tuple[set[int], list[Product]]:
    """The equilibria in a piece: balls with one each, and single profiles."""
    given = read_object(written, _PIECE)
    sizes = [len(polytope.vertices) for polytope in piece[0]]
    rows = [piece_row(condition, sizes) for condition in piece[1]]
    equations = [row for row, condition in zip(rows, piece[1], strict=True) if condition[2]]
    inequalities = [row for row, condition in zip(rows, piece[1], strict=True) if not condition[2]]
    if len(equations) != sum(size - 1 for size in sizes):
        raise Failure(f"{where}: there are not as many equations as dimensions")
    vertices = tuple(tuple(range(size)) for size in sizes)
    local = [_read_ball(one, vertices) for one in read_list(given["balls"])]
    solutions = check_regions(
        vertices,
        equations,
        inequalities,
        read_list(given["scales"]),
        given["steps"],
        [ball for ball, _ in local],
    )
    if {one for one in solutions if type(one) is int} != set(range(len(local))):
        raise Failure(f"{where}: no region has its solution in some ball")
    for ball, (place,) in local:
        if not 0 <= place < len(balls) or balls[place][0] != support:
            raise Failure(f"{where}: a ball is another support's")
        check_centred(balls[place], f"ball {place}")
        _check_lies_in(piece, ball, balls[place], where)
    places = [place for _, (place,) in local]
    points = [one for one in solutions if isinstance(one, AlgebraicPoint)]
    for k, point in enumerate(points):
        # Regions that overlap may hold the same point.
        if point not in points[:k] and _plays_all(piece, point, support):
            _check_encloses(piece, point, support, balls, where)
            places.append(point.ball)
    if len(set(places)) != len(places):
        raise Failure(f"{where}: two of its solutions are said to lie in one ball")
    return set(places), [_profile(piece, one) for one in solutions if type(one) is list]


def _plays_all(piece: Piece, point: AlgebraicPoint, support: Support) -> bool:
    """Whether all actions of the support are played; otherwise a smaller one has the solution."""
    chances = algebraic_profile(piece, point)
    return all(part[a] for part, own in zip(chances, support, strict=True) for a in own)


def _check_encloses(
    piece: Piece, point: AlgebraicPoint, support: Support, balls: list[Ball], where: str
) -> None:
    if not 0 <= point.ball < len(balls) or balls[point.ball][0] != support:
        raise Failure(f"{where}: an algebraic solution's ball is another support's")
    _, centre, radius = balls[point.ball]
    check_centred(balls[point.ball], f"ball {point.ball}")
    for part, middle in zip(algebraic_profile(piece, point), centre, strict=True):
        for chance, x in zip(part, middle, strict=True):
            low, high = point.field.enclosed(chance)
            if low < x - radius or high > x + radius:
                raise Failure(f"{where}: an algebraic solution may lie outside its ball")


def algebraic_profile(piece: Piece, point: AlgebraicPoint) -> list[list[Polynomial]]:
    """The profile of a point given by the shares of those who mix."""
    given = iter(point.chances)
    one = (Fraction(1),)
    found: list[list[Polynomial]] = []
    for polytope in piece[0]:
        shares = next(given) if len(polytope.vertices) > 1 else [one]
        found.append(
            [combined(list(chances), shares) for chances in zip(*polytope.vertices, strict=True)]
        )
    return found


def piece_row(condition: Condition, sizes: list[int]) -> list[int]:
    """A condition at all vertex profiles, the last running fastest; times a positive number."""
    players, values, _ = condition
    common = lcm(*(value.denominator for value in values.values()))
    whole = {at: int(value * common) for at, value in values.items()}
    return [whole[tuple(at[i] for i in players)] for at in product(*map(range, sizes))]


def _read_ball(written: Any, vertices: Support) -> tuple[Ball, tuple[int, ...]]:
    given = read_object(written, _BALL)
    shares = tuple(
        tuple(map(read_fraction, read_list(part, len(own))))
        for part, own in zip(read_list(given["shares"], len(vertices)), vertices, strict=True)
    )
    radius = read_fraction(given["radius"])
    if radius < 0:
        raise Failure("a radius is negative")
    return (vertices, shares, radius), read_places([given["ball"]], 1)


def _check_lies_in(piece: Piece, ball: Ball, other: Ball, where: str) -> None:
    """Whatever shares lie in one ball, the profile lies in the other."""
    for polytope, shares, centre in zip(piece[0], ball[1], other[1], strict=True):
        for chances, middle in zip(zip(*polytope.vertices, strict=True), centre, strict=True):
            at = sum((c * x for c, x in zip(shares, chances, strict=True)), Fraction(0))
            reach = ball[2] * sum(chances) if len(chances) > 1 else Fraction(0)
            if abs(at - middle) + reach > other[2]:
                raise Failure(f"{where}: a solution may lie outside its ball")


def _profile(piece: Piece, mixing: Shares) -> Product:
    """The profile with these shares, as a product of single strategies."""
    given = iter(mixing)
    found: Product = []
    for polytope in piece[0]:
        shares = next(given) if len(polytope.vertices) > 1 else [Fraction(1)]
        found.append(
            [
                tuple(
                    sum((c * x for c, x in zip(shares, chances, strict=True)), Fraction(0))
                    for chances in zip(*polytope.vertices, strict=True)
                )
            ]
        )
    return found
