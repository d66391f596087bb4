"""Check that a list holds all equilibria of a game of any number of players.

The claim
---------
A *support* is a set of actions for each player. Its conditions: the actions in it pay alike
(equations), and none outside pays more (inequalities). Every equilibrium meets the conditions of
the support of the actions played. So a list is complete if it has all solutions of all supports.

How it is proven
----------------
1. Supports. Players settle theirs one after the other. An action that another one beats against
   everything the others may still play is never played; what this leaves is enumerated here anew.
2. Regions. Over a product of simplices a condition is a multilinear function, which lies between
   its least and greatest values at the vertex profiles. For each support the certificate says how
   to divide the product of its simplices into regions, and why each is done with:

   * *excluded*: a weighted sum of the conditions is negative at every vertex profile; inequalities
     have weights of 0 or more;
   * *cut*: a weighted sum of the equations is at most b with one player at one vertex, and at most
     -a with him elsewhere. It can be 0 only if that vertex has a share of at least a / (a + b), and
     the region shrinks to that;
   * *bisected*: one edge is divided;
   * *settled*: the region, widened, holds exactly one solution of the equations. W times the
     equations is negative, coordinate by coordinate, where that coordinate is 0, so that a small
     step against it maps the region into itself: there is a solution (Brouwer 1911). Its
     derivatives differ from the identity by less than 1 in the maximum norm: there is only one, and
     the value at any point of the region tells how far it is (mean value theorem).

   A settled solution is an equilibrium, or a probability is negative there, or an action outside
   pays more. A ball holds the profiles of its own support within its radius; another support may
   have an equilibrium as near.
3. Ties. Supports that the search could not settle are solved anew here, in rationals, by
   `tied_supports`: the certificate says only which they are. Of pieces whose conditions curve it
   says how to divide them into regions (`curved_pieces`); a settled solution may be given exactly.
"""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from math import prod
from typing import Any

from .curved_pieces import check_piece
from .reading import (
    Failure,
    read_fraction,
    read_game,
    read_list,
    read_object,
    read_places,
)
from .regions import Ball, Shares, Support, check_regions
from .supports import IntegerGame, check_supports
from .tied_supports import Product, Vector, decompose, is_mixture

_CERTIFICATE = {"format", "claim", "game", "supports", "ties", "balls", "products", "sha256"}
_SUPPORT = {"actions", "scales", "steps"}
_BALL = {"support", "profile", "radius"}
_TIE = {"actions", "pieces"}
_MOST_VERTEX_PROFILES = 1_000_000  # more would take hours


def check_many_players(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs read"
    try:
        read_object(data, _CERTIFICATE)
        game = IntegerGame(read_game(data["game"]))
        yield claim, None
        claim = "supports: all that conditional dominance leaves are listed"
        searched = _by_support(data["supports"], _SUPPORT, game)
        ties = _by_support(data["ties"], _TIE, game)
        pure = check_supports(game, {*searched, *ties})
        yield claim, None
        claim = "products: every profile in them is an equilibrium"
        products = [_read_product(one, game) for one in read_list(data["products"])]
        if sum(prod(map(len, product)) for product in products) > _MOST_VERTEX_PROFILES:
            raise Failure(f"they have more than {_MOST_VERTEX_PROFILES:,} vertex profiles")
        for place, product in enumerate(products):
            _check_product(game, product, f"product {place}")
        yield claim, None
        claim = "pure profiles: all equilibria among them lie in a product"
        for profile in pure:
            if _is_pure_equilibrium(game, profile):
                _check_listed([_point(profile, game.shape)], products)
        yield claim, None
        claim = "ties: solved anew in rationals; all their equilibria lie in products or balls"
        balls = [_read_ball(one, game) for one in read_list(data["balls"])]
        hit: set[int] = set()
        for support, one in ties.items():
            _check_tie(game, support, read_list(one["pieces"]), products, balls, hit)
        yield claim, None
        claim = "regions: each excluded or proven to hold one solution"
        for support, one in searched.items():
            equations, inequalities = game.conditions(support)
            for solution in check_regions(
                support, equations, inequalities, read_list(one["scales"]), one["steps"], balls
            ):
                if type(solution) is int:
                    hit.add(solution)
                elif type(solution) is list:
                    _check_listed([_spread_out(support, solution, game.shape)], products)
                else:
                    raise Failure("an algebraic solution belongs to a support with ties")
        yield claim, None
        claim = "balls: there is one equilibrium of its support in each"
        if hit != set(range(len(balls))):
            raise Failure(f"no region has its solution in ball {min(set(range(len(balls))) - hit)}")
        _check_apart(balls)
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def _check_tie(
    game: IntegerGame,
    support: Support,
    pieces: list[Any],
    products: list[Product],
    balls: list[Ball],
    hit: set[int],
) -> None:
    """All equilibria of a support lie in products, or alone in balls, which are added to `hit`."""
    found, curved = decompose(game.tables, game.shape, support)
    _check_listed(found, products)
    given = iter(pieces)
    for piece in curved:
        if is_listed([polytope.vertices for polytope in piece[0]], products):
            continue
        where = f"support {[list(own) for own in support]}"
        places, exact = check_piece(piece, next(given, None), support, balls, where)
        _check_listed(exact, products)
        if places & hit:
            raise Failure(f"{where}: two pieces have their solutions in ball {min(places & hit)}")
        for place in places:
            _check_meets_none(balls[place], products, f"ball {place}")
        hit |= places
    if next(given, None) is not None:
        raise Failure("there is a piece too many")


def _check_meets_none(ball: Ball, products: list[Product], name: str) -> None:
    """A ball meets none of the boxes around the products."""
    for product in products:
        if all(
            min(column) - ball[2] <= chance <= max(column) + ball[2]
            for part, vertices in zip(ball[1], product, strict=True)
            for chance, column in zip(part, zip(*vertices, strict=True), strict=True)
        ):
            raise Failure(f"{name} may have a point in common with a product")


def _by_support(value: Any, keys: set[str], game: IntegerGame) -> dict[Support, dict[str, Any]]:
    """What is said of supports, each of which is there once."""
    found: dict[Support, dict[str, Any]] = {}
    for one in read_list(value):
        support = _support(read_object(one, keys)["actions"], game)
        if support in found:
            raise Failure(f"support {support} is listed twice")
        found[support] = one
    return found


def _support(value: Any, game: IntegerGame) -> Support:
    parts = [read_places(own) for own in read_list(value, len(game.shape))]
    for own, m in zip(parts, game.shape, strict=True):
        if not own or list(own) != sorted(set(own)) or own[-1] >= m:
            raise Failure(f"{own} is no support: actions in order, each once")
    return tuple(parts)


def _is_pure_equilibrium(game: IntegerGame, profile: tuple[int, ...]) -> bool:
    place = sum(a * stride for a, stride in zip(profile, game.strides, strict=True))
    return all(
        game.tables[i][place] >= game.tables[i][place + (b - a) * game.strides[i]]
        for i, a in enumerate(profile)
        for b in range(game.shape[i])
    )


def _point(profile: tuple[int, ...], shape: tuple[int, ...]) -> Product:
    """A pure profile as a product of single strategies."""
    return [
        [tuple(Fraction(int(a == played)) for a in range(m))]
        for played, m in zip(profile, shape, strict=True)
    ]


def _spread_out(support: Support, mixing: Shares, shape: tuple[int, ...]) -> Product:
    """A profile as a product of single strategies, from the probabilities of those who mix."""
    given = iter(mixing)
    found: Product = []
    for own, m in zip(support, shape, strict=True):
        chances = dict(zip(own, next(given) if len(own) > 1 else [Fraction(1)], strict=True))
        found.append([tuple(chances.get(a, Fraction(0)) for a in range(m))])
    return found


def _read_product(value: Any, game: IntegerGame) -> Product:
    product = [
        [_read_strategy(vertex, m) for vertex in read_list(part)]
        for part, m in zip(read_list(value, len(game.shape)), game.shape, strict=True)
    ]
    if any(not part for part in product):
        raise Failure("a product has a player without vertices")
    return product


def _read_strategy(value: Any, length: int) -> tuple[Fraction, ...]:
    chances = tuple(map(read_fraction, read_list(value, length)))
    if min(chances) < 0 or sum(chances) != 1:
        raise Failure("probabilities are negative or do not sum to 1")
    return chances


def _check_product(game: IntegerGame, product: Product, where: str) -> None:
    """At all vertex profiles the actions of each player's vertices pay the most."""
    for i, part in enumerate(product):
        played = [a for a in range(game.shape[i]) if any(vertex[a] for vertex in part)]
        for values in _action_payoffs(game, i, product):
            if any(values[a] != max(values) for a in played):
                raise Failure(f"{where}: player {i} has a better action")


def _action_payoffs(game: IntegerGame, player: int, product: Product) -> Generator[list[Fraction]]:
    """A player's payoffs from his actions, at each vertex profile of the others."""
    others = [
        (part, stride)
        for j, (part, stride) in enumerate(zip(product, game.strides, strict=True))
        if j != player
    ]
    table, stride = game.tables[player], game.strides[player]
    for mixture in _mixtures(others):
        yield [
            sum(
                (weight * table[cell + a * stride] for cell, weight in mixture.items()), Fraction(0)
            )
            for a in range(game.shape[player])
        ]


def _mixtures(others: list[tuple[list[Vector], int]]) -> Generator[dict[int, Fraction]]:
    """The chances of places in a table at each vertex profile, few of which are kept at a time."""
    if not others:
        yield {0: Fraction(1)}
        return
    vertices, stride = others[-1]
    for mixture in _mixtures(others[:-1]):
        for vertex in vertices:
            yield {
                cell + a * stride: weight * chance
                for cell, weight in mixture.items()
                for a, chance in enumerate(vertex)
                if chance
            }


def _check_listed(found: list[Product], listed: list[Product]) -> None:
    """Each product lies in a listed one."""
    for product in found:
        if not is_listed(product, listed):
            raise Failure(f"equilibria are not listed, such as {[part[0] for part in product]}")


def is_listed(product: Product, listed: list[Product]) -> bool:
    """Whether a product lies in a listed one."""
    return any(
        all(
            all(is_mixture(vertex, wider) for vertex in part)
            for part, wider in zip(product, one, strict=True)
        )
        for one in listed
    )


def _read_ball(value: Any, game: IntegerGame) -> Ball:
    ball = read_object(value, _BALL)
    profile = tuple(
        tuple(map(read_fraction, read_list(part, m)))
        for part, m in zip(read_list(ball["profile"], len(game.shape)), game.shape, strict=True)
    )
    radius = read_fraction(ball["radius"])
    if radius < 0:
        raise Failure("a radius is negative")
    return _support(ball["support"], game), profile, radius


def _check_apart(balls: list[Ball]) -> None:
    """Balls of one support have no point in common."""
    by_support: dict[Support, list[Ball]] = {}
    for ball in balls:
        for other in by_support.setdefault(ball[0], []):
            gaps = (
                abs(x - y)
                for part, its in zip(ball[1], other[1], strict=True)
                for x, y in zip(part, its, strict=True)
            )
            if max(gaps) <= ball[2] + other[2]:
                raise Failure("two balls of a support overlap")
        by_support[ball[0]].append(ball)
