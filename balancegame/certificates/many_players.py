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
   pays more.
3. Ties. Supports that the search could not settle are solved anew here, in rationals, by
   `tied_supports`: the certificate says only which they are. Of pieces whose conditions curve it
   says how to divide them into regions (`curved_pieces`); a settled solution may be given exactly.
"""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from math import lcm
from typing import Any

from .curved_pieces import check_piece
from .reading import (
    Failure,
    Game,
    read_fraction,
    read_game,
    read_list,
    read_object,
    read_places,
)
from .regions import Ball, Shares, Support, check_regions
from .tied_supports import Product, decompose, is_mixture

_CERTIFICATE = {"format", "claim", "game", "supports", "ties", "balls", "products", "sha256"}
_SUPPORT = {"actions", "scales", "steps"}
_BALL = {"support", "profile", "radius"}
_TIE = {"actions", "pieces"}


def check_many_players(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs read"
    try:
        read_object(data, _CERTIFICATE)
        game = _Integers(read_game(data["game"]))
        yield claim, None
        claim = "supports: all that conditional dominance leaves are listed"
        searched = {
            _support(one["actions"], game): one
            for one in map(_read_support, read_list(data["supports"]))
        }
        ties = {
            _support(one["actions"], game): one["pieces"]
            for one in map(_read_tie, read_list(data["ties"]))
        }
        left = _supports_left(game)
        pure = [support for support in left if all(len(own) == 1 for own in support)]
        missing = set(left) - set(pure) - set(searched) - set(ties)
        if missing:
            raise Failure(f"support {min(missing)} is not listed")
        yield claim, None
        claim = "products: every profile in them is an equilibrium"
        products = [_read_product(one, game) for one in read_list(data["products"])]
        for place, product in enumerate(products):
            _check_product(game, product, f"product {place}")
        yield claim, None
        claim = "pure profiles: all equilibria among them lie in a product"
        for support in pure:
            profile = tuple(own[0] for own in support)
            if _is_pure_equilibrium(game, profile):
                _check_listed([_point(profile, game.shape)], products)
        yield claim, None
        claim = "ties: solved anew in rationals; all their equilibria lie in products or balls"
        balls = [_read_ball(one, game) for one in read_list(data["balls"])]
        hit: set[int] = set()
        for support, pieces in ties.items():
            _check_tie(game, support, read_list(pieces), products, balls, hit)
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
        claim = "balls: there is one equilibrium in each"
        if hit != set(range(len(balls))):
            raise Failure(f"no region has its solution in ball {min(set(range(len(balls))) - hit)}")
        _check_apart(balls)
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


class _Integers:
    """The game, each player's payoffs times a positive number that makes them integers."""

    def __init__(self, game: Game) -> None:
        self.shape = game.shape
        self.strides = [1] * len(game.shape)
        for i in range(len(game.shape) - 2, -1, -1):
            self.strides[i] = self.strides[i + 1] * game.shape[i + 1]
        self.tables: list[list[int]] = []
        for table in game.payoffs:
            common = lcm(*(value.denominator for value in table))
            self.tables.append([value.numerator * (common // value.denominator) for value in table])

    def cells(self, allowed: Any, player: int) -> list[int]:
        """Places in a table of what the others may play, the player's own part left out."""
        found = [0]
        for j, own in enumerate(allowed):
            if j != player:
                found = [cell + a * self.strides[j] for cell in found for a in own]
        return found

    def conditions(self, support: Support) -> tuple[list[list[int]], list[list[int]]]:
        """The equations and inequalities at a support's profiles, the last player's fastest."""
        equations: list[list[int]] = []
        inequalities: list[list[int]] = []
        for i, own in enumerate(support):
            cells = [0]
            for j, others in enumerate(support):
                step = 0 if j == i else self.strides[j]
                cells = [cell + a * step for cell in cells for a in others]
            table, first = self.tables[i], own[0] * self.strides[i]
            for b in range(self.shape[i]):
                if b == own[0]:
                    continue
                other = b * self.strides[i]
                gains = [table[cell + other] - table[cell + first] for cell in cells]
                if b in own:
                    equations.append(gains)
                else:
                    inequalities.append([-gain for gain in gains])
        return equations, inequalities


def _check_tie(
    game: _Integers,
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


def _read_tie(value: Any) -> dict[str, Any]:
    return read_object(value, _TIE)


def _read_support(value: Any) -> dict[str, Any]:
    return read_object(value, _SUPPORT)


def _support(value: Any, game: _Integers) -> Support:
    parts = [read_places(own) for own in read_list(value, len(game.shape))]
    for own, m in zip(parts, game.shape, strict=True):
        if not own or list(own) != sorted(set(own)) or own[-1] >= m:
            raise Failure(f"{own} is no support: actions in order, each once")
    return tuple(parts)


def _supports_left(game: _Integers) -> list[Support]:
    """The supports that conditional dominance leaves."""
    found: list[Support] = []
    waiting = [(0, tuple(tuple(range(m)) for m in game.shape))]
    while waiting:
        settled, allowed = waiting.pop()
        left = _without_dominated(game, allowed, settled)
        if left is None:
            continue
        if settled == len(game.shape):
            found.append(left)
            continue
        everything = left[settled]
        for mask in range(1, 1 << len(everything)):
            own = tuple(a for k, a in enumerate(everything) if mask >> k & 1)
            waiting.append((settled + 1, (*left[:settled], own, *left[settled + 1 :])))
    return found


def _without_dominated(game: _Integers, allowed: Support, settled: int) -> Support | None:
    """Dominated actions struck out; None if one of the first `settled` players plays one."""
    while True:
        before = allowed
        for i, own in enumerate(allowed):
            cells = game.cells(allowed, i)
            kept = tuple(a for a in own if not _is_dominated(game, i, a, cells))
            if kept != own:
                if i < settled:
                    return None
                allowed = (*allowed[:i], kept, *allowed[i + 1 :])
        if allowed == before:
            return allowed


def _is_dominated(game: _Integers, player: int, action: int, cells: list[int]) -> bool:
    table, stride = game.tables[player], game.strides[player]
    return any(
        all(table[cell + b * stride] > table[cell + action * stride] for cell in cells)
        for b in range(game.shape[player])
        if b != action
    )


def _is_pure_equilibrium(game: _Integers, profile: tuple[int, ...]) -> bool:
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


def _read_product(value: Any, game: _Integers) -> Product:
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


def _check_product(game: _Integers, product: Product, where: str) -> None:
    """At all vertex profiles the actions of each player's vertices pay the most."""
    for i, part in enumerate(product):
        played = [a for a in range(game.shape[i]) if any(vertex[a] for vertex in part)]
        for values in _action_payoffs(game, i, product):
            if any(values[a] != max(values) for a in played):
                raise Failure(f"{where}: player {i} has a better action")


def _action_payoffs(game: _Integers, player: int, product: Product) -> Generator[list[Fraction]]:
    """A player's payoffs from his actions, at each vertex profile of the others."""
    mixtures = [{0: Fraction(1)}]
    for j, part in enumerate(product):
        if j == player:
            continue
        mixtures = [
            {
                cell + a * game.strides[j]: weight * chance
                for cell, weight in mixture.items()
                for a, chance in enumerate(vertex)
                if chance
            }
            for mixture in mixtures
            for vertex in part
        ]
    table, stride = game.tables[player], game.strides[player]
    for mixture in mixtures:
        yield [
            sum(
                (weight * table[cell + a * stride] for cell, weight in mixture.items()), Fraction(0)
            )
            for a in range(game.shape[player])
        ]


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


def _read_ball(value: Any, game: _Integers) -> Ball:
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
