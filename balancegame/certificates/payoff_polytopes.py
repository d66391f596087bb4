"""Check which payoffs subgame-perfect equilibria of a repeated game pay, and that no others are.

The claim
---------
Players discount by factors delta_i, play pure actions, see a public random signal each period, and
see which contingency is drawn. All mixtures of the listed points are payoffs of subgame-perfect
equilibria. If there is an outer part, no equilibrium pays more in its directions than its steps
leave (`outer_steps`); and if it is said to be exact, the points' mixtures are all there is.

Why
---
Each point is the average, over contingencies, of (1 - delta) times what a profile pays plus delta
times a continuation, which is a mixture of listed points. Whoever gains at once by his best
deviation is promised a continuation that is worth more than his lowest payoff in a listed point, by
enough to deter him. Such points generate themselves, and are equilibrium payoffs (Abreu, Pearce &
Stacchetti 1990, with a discount factor a player). They are all, if each vertex of the polytope that
some of the directions bound is one of them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from .outer_steps import OuterBounds, Profile
from .polytope_vertices import polytope_vertices
from .reading import (
    Failure,
    Game,
    read_contingencies,
    read_fraction,
    read_list,
    read_object,
    read_places,
)

Point = tuple[Fraction, ...]

_CERTIFICATE = {
    "format", "claim", "contingencies", "discounts", "points", "outer", "exact", "sha256",
}  # fmt: skip
_POINT = {"payoffs", "sources"}
_SOURCE = {"profile", "continuation"}


def check_payoff_polytopes(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: contingencies and discount factors read"
    try:
        read_object(data, _CERTIFICATE)
        game = _Repeated(data)
        yield claim, None
        claim = "points: profiles and continuations give them, and deter deviations"
        written = [read_object(one, _POINT) for one in read_list(data["points"])]
        if not written and data["outer"] is None:
            raise Failure("there are neither points nor bounds")
        points = [_point(one["payoffs"], game.n_players) for one in written]
        threats = tuple(map(min, zip(*points, strict=True)))
        for place, one in enumerate(written):
            game.check_point(points, threats, place, read_list(one["sources"]))
        yield claim, None
        bounds: OuterBounds | None = None
        if data["outer"] is not None:
            claim = "outer: no equilibrium pays more in the directions"
            bounds = OuterBounds(game.chances, list(game.profiles()), game.discounts, data["outer"])
            yield claim, None
        if data["exact"] is not None:
            claim = "exact: the points' mixtures are all equilibrium payoffs"
            if bounds is None:
                raise Failure("there are no bounds")
            _check_exact(game, bounds, points, read_places(data["exact"]))
            yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


class _Repeated:
    """The contingencies, their probabilities, and the players' discount factors."""

    games: list[Game]
    chances: list[Fraction]
    discounts: list[Fraction]

    def __init__(self, data: dict[str, Any]) -> None:
        self.chances, self.games = read_contingencies(data["contingencies"])
        self.discounts = list(map(read_fraction, read_list(data["discounts"], self.n_players)))
        if any(not 0 <= one < 1 for one in self.discounts):
            raise Failure("a discount factor is not in [0, 1)")

    @property
    def n_players(self) -> int:
        return len(self.games[0].players)

    def profiles(self) -> Iterator[Profile]:
        """All contingencies' profiles, the last player's actions running fastest."""
        for contingency, game in enumerate(self.games):
            for profile in product(*map(range, game.shape)):
                both = [_payoffs(game, i, profile) for i in range(self.n_players)]
                now, best = (tuple(one) for one in zip(*both, strict=True))
                yield Profile(contingency, now, best)

    def check_point(
        self, points: list[Point], threats: Point, place: int, sources: list[Any]
    ) -> None:
        """A point is generated: what its sources give is what it says."""
        total = [Fraction(0)] * self.n_players
        for game, chance, one in zip(self.games, self.chances, sources, strict=True):
            source = read_object(one, _SOURCE)
            profile = read_places(source["profile"], self.n_players)
            if any(a >= m for a, m in zip(profile, game.shape, strict=True)):
                raise Failure(f"point {place}: there is no such profile")
            promised = _mixture(points, source["continuation"], f"point {place}")
            for i, (delta, threat) in enumerate(zip(self.discounts, threats, strict=True)):
                now, best = _payoffs(game, i, profile)
                if best > now and (1 - delta) * (best - now) > delta * (promised[i] - threat):
                    raise Failure(f"point {place}: player {i} is not deterred")
                total[i] += chance * ((1 - delta) * now + delta * promised[i])
        if tuple(total) != points[place]:
            raise Failure(f"point {place}: profiles and continuations do not give its payoffs")


def _check_exact(
    game: _Repeated, bounds: OuterBounds, points: list[Point], chosen: Sequence[int]
) -> None:
    """Each vertex of the polytope that directions bound is a point."""
    if bounds.empty:
        if points:
            raise Failure("there are points, though no equilibrium is left")
        return
    halfspaces = [(bounds.directions[k], bounds.levels[k]) for k in chosen]
    box = [(Fraction(-1), Fraction(2))] * game.n_players
    known = set(map(bounds.unit, points))
    if any(vertex not in known for vertex in polytope_vertices(halfspaces, box)):
        raise Failure("a vertex of the bounds is not a point")


def _payoffs(game: Game, player: int, profile: tuple[int, ...]) -> tuple[Fraction, Fraction]:
    """What a profile pays a player, and what his best action against it would."""
    strides = [prod(game.shape[i + 1 :]) for i in range(len(game.shape))]
    cell = sum(a * stride for a, stride in zip(profile, strides, strict=True))
    begin = cell - profile[player] * strides[player]
    table = game.payoffs[player]
    own = (table[begin + a * strides[player]] for a in range(game.shape[player]))
    return table[cell], max(own)


def _point(written: Any, length: int) -> Point:
    return tuple(map(read_fraction, read_list(written, length)))


def _mixture(points: Sequence[Point], written: Any, where: str) -> Point:
    """A mixture of points, given by places and weights."""
    total, weights = [Fraction(0)] * len(points[0]), Fraction(0)
    for one in read_list(written):
        place, share = read_list(one, 2)
        (k,) = read_places([place], 1)
        weight = read_fraction(share)
        if weight < 0 or k >= len(points):
            raise Failure(f"{where}: a weight is negative, or there is no such point")
        weights += weight
        total = [t + weight * x for t, x in zip(total, points[k], strict=True)]
    if weights != 1:
        raise Failure(f"{where}: a continuation's weights do not sum to 1")
    return tuple(total)
