"""Check bounds on the subgame-perfect payoffs of a repeated game of two players.

The claim
---------
Players of one discount factor delta play pure actions, see a public random signal each period, and
see which contingency is drawn. All mixtures of the listed vertices are payoffs of subgame-perfect
equilibria; all such payoffs are mixtures of the corners of the listed outer polygon.

Why
---
*Inner.* Each vertex is a mixture of averages, over contingencies, of (1 - delta) times what a
profile pays plus delta times a continuation. Continuations are mixtures of vertices, and worth
(1 - delta) / delta times the gain from the best deviation more than the player's lowest payoff in a
vertex. Such a set consists of equilibrium payoffs (Abreu, Pearce & Stacchetti 1990).

*Outer.* The payoffs V are feasible. If they lie in a convex set W and pay at least u, then profiles
and continuations in W that deter deviations, the threat being u, give all of them; u can be raised
to the least that W pays, and is never below the pure minmax value. With one contingency few
continuations matter (Abreu & Sannikov 2014). Let v be an extreme payoff of V, in direction n, paid
by a profile with payoffs g and a continuation w. If g itself, as continuation, deters with u, it
suffices, for n.w <= n.v. Otherwise the segment from w to g leaves the continuations that deter in a
point x where one player is just deterred. Before v, x is in V; beyond, it comes before what x's
counterpart a step earlier gives, or, at the first step, before g. So it is in W, and gives no less
in direction n than v.

*Shrinking.* Let K(t) be the points with n_j.v <= c_j + t x_j for all sides j, x_j > 0, and W in
K(t) for some t up to t_1. The most that the next set has in direction n_j is, profile by profile,
concave in t: below t_1 it is at most the line through its values at t_1 and 2 t_1. The largest of
these lines are convex. If they are below c_j + t x_j at t_1 and at some smaller t_2, they are so
in between, and the sets shrink until they lie in K(t_2); at t_2 = 0, where equality is enough,
they shrink to K(0). Threats are at most what the inner set says, and at least what K(t) pays.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .reading import Failure, read_fraction, read_game, read_list, read_object, read_places

Pair = tuple[Fraction, Fraction]
Polygon = list[Pair]

_CERTIFICATE = {
    "format", "claim", "contingencies", "discount", "vertices", "steps", "shrinking", "outer",
    "exact", "sha256",
}  # fmt: skip


def check_payoff_set(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: contingencies and discount factor read"
    try:
        read_object(data, _CERTIFICATE)
        game = _read_repeated(data)
        yield claim, None
        claim = "vertices: they generate themselves"
        vertices = [_vertex(one) for one in read_list(data["vertices"])]
        _check_generation(game, vertices, data["vertices"])
        yield claim, None
        claim = "steps: each set holds all that the one before gives"
        corners, empty = _check_steps(game, read_list(data["steps"]))
        yield claim, None
        if data["shrinking"] is not None:
            claim = "shrinking: the sets shrink to the last size"
            corners = _check_shrinking(game, vertices, corners, data["shrinking"])
            yield claim, None
        claim = "outer: the polygon holds what is left"
        outer = [_pair(one) for one in read_list(data["outer"])]
        _check_outer([] if empty else corners, outer)
        yield claim, None
        claim = "exact: vertices and outer polygon are the same, if so it says"
        if type(data["exact"]) is not bool:
            raise Failure("exact is neither true nor false")
        if data["exact"] and set(vertices) != set(outer):
            raise Failure("they differ")
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


@dataclass(frozen=True, slots=True)
class _Profile:
    """What it pays, and how much more than threats continuations must; None: nothing suffices."""

    payoff: Pair
    need: Pair | None


@dataclass(frozen=True, slots=True)
class _Repeated:
    """Profiles of each contingency, in the order of the table; `box` holds all payoffs inside."""

    discount: Fraction
    chances: list[Fraction]
    profiles: list[list[_Profile]]
    columns: list[int]
    minmax: Pair
    box: Polygon

    def image(self, profile: _Profile, point: Pair) -> Pair:
        d, (g, h) = self.discount, profile.payoff
        return ((1 - d) * g + d * point[0], (1 - d) * h + d * point[1])

    def deters(self, profile: _Profile, point: Pair, threats: Sequence[Fraction]) -> bool:
        need = profile.need
        return need is not None and all(point[i] >= threats[i] + need[i] for i in (0, 1))


def _read_repeated(data: dict[str, Any]) -> _Repeated:
    discount = read_fraction(data["discount"])
    if not 0 <= discount < 1:
        raise Failure("the discount factor is not in [0, 1)")
    chances: list[Fraction] = []
    profiles: list[list[_Profile]] = []
    columns: list[int] = []
    minmax = [Fraction(0), Fraction(0)]
    names: list[Any] = []
    for one in read_list(data["contingencies"]):
        read_object(one, {"name", "probability", "game"})
        names.append(one["name"])
        chance = read_fraction(one["probability"])
        game = read_game(one["game"])
        if len(game.shape) != 2:
            raise Failure("there are not two players")
        if chance <= 0:
            raise Failure("a probability is not positive")
        rows, wide = game.shape
        first, second = game.payoffs
        top = [max(first[b::wide]) for b in range(wide)]
        right = [max(second[a * wide : (a + 1) * wide]) for a in range(rows)]
        own: list[_Profile] = []
        for place, payoff in enumerate(zip(first, second, strict=True)):
            a, b = divmod(place, wide)
            gains = (top[b] - payoff[0], right[a] - payoff[1])
            own.append(_Profile(payoff, _needs(discount, gains)))
        chances.append(chance)
        profiles.append(own)
        columns.append(wide)
        minmax[0] += chance * min(top)
        minmax[1] += chance * min(right)
    if sum(chances) != 1:
        raise Failure("the probabilities do not sum to 1")
    if any(type(name) is not str for name in names) or len(set(names)) != len(names):
        raise Failure("contingencies have no names, or the same")
    box = _box([profile.payoff for own in profiles for profile in own])
    return _Repeated(discount, chances, profiles, columns, (minmax[0], minmax[1]), box)


def _box(payoffs: Polygon) -> Polygon:
    """A rectangle with room around all payoffs: sets are drawn in it."""
    low, high = ([end(p[i] for p in payoffs) for i in (0, 1)] for end in (min, max))
    left, below = (2 * a - b - 1 for a, b in zip(low, high, strict=True))
    right, above = (2 * b - a + 1 for a, b in zip(low, high, strict=True))
    return [(left, below), (right, below), (right, above), (left, above)]


def _needs(discount: Fraction, gains: Pair) -> Pair | None:
    if discount == 0:
        return (Fraction(0), Fraction(0)) if gains == (0, 0) else None
    ratio = (1 - discount) / discount
    return (ratio * gains[0], ratio * gains[1])


def _pair(value: Any) -> Pair:
    x, y = read_list(value, 2)
    return (read_fraction(x), read_fraction(y))


def _vertex(value: Any) -> Pair:
    return _pair(read_object(value, {"payoffs", "mixture"})["payoffs"])


def _check_generation(game: _Repeated, vertices: Polygon, written: list[Any]) -> None:
    if len(set(vertices)) != len(vertices):
        raise Failure("a vertex is listed twice")
    threats = [min((v[i] for v in vertices), default=Fraction(0)) for i in (0, 1)]
    for place, (vertex, one) in enumerate(zip(vertices, written, strict=True)):
        total, weights = [Fraction(0), Fraction(0)], Fraction(0)
        for part in read_list(one["mixture"]):
            read_object(part, {"weight", "support"})
            weight = read_fraction(part["weight"])
            if weight < 0:
                raise Failure(f"vertex {place}: a weight is negative")
            weights += weight
            for s, source in enumerate(read_list(part["support"], len(game.chances))):
                paid = _supported(game, s, source, vertices, threats, f"vertex {place}")
                for i in (0, 1):
                    total[i] += weight * game.chances[s] * paid[i]
        if weights != 1:
            raise Failure(f"vertex {place}: the weights do not sum to 1")
        if tuple(total) != vertex:
            raise Failure(f"vertex {place}: profiles and continuations do not give its payoffs")


def _supported(
    game: _Repeated,
    s: int,
    source: Any,
    vertices: Polygon,
    threats: Sequence[Fraction],
    where: str,
) -> Pair:
    """What a profile and its continuation give, if it deters deviations."""
    read_object(source, {"profile", "continuation"})
    a, b = read_places(source["profile"], 2)
    if b >= game.columns[s]:
        raise Failure(f"{where}: there is no such profile")
    profile = game.profiles[s][a * game.columns[s] + b]
    point, weights = [Fraction(0), Fraction(0)], Fraction(0)
    for one in read_list(source["continuation"]):
        place, share = read_list(one, 2)
        (k,) = read_places([place], 1)
        weight = read_fraction(share)
        if weight < 0:
            raise Failure(f"{where}: a continuation's weight is negative")
        weights += weight
        for i in (0, 1):
            point[i] += weight * vertices[k][i]
    if weights != 1:
        raise Failure(f"{where}: a continuation's weights do not sum to 1")
    if not game.deters(profile, (point[0], point[1]), threats):
        raise Failure(f"{where}: the continuation does not deter a deviation")
    return game.image(profile, (point[0], point[1]))


def _check_steps(game: _Repeated, steps: list[Any]) -> tuple[Polygon, bool]:
    """The corners of the last set, and whether it gives nothing any more."""
    threats = list(game.minmax)
    points: list[Polygon] | None = [[one.payoff for one in own] for own in game.profiles]
    corners: Polygon = []
    if not steps:
        raise Failure("there is no step")
    for place, step in enumerate(steps):
        if points is None:
            raise Failure(f"step {place}: the one before gives nothing")
        sides = [tuple(map(read_fraction, read_list(side, 3))) for side in read_list(step)]
        for a, b, bound in sides:
            if _most(game, points, (a, b)) > bound:
                raise Failure(f"step {place}: a side cuts off what the set before gives")
        corners = game.box
        for a, b, bound in sides:
            corners = _clip(corners, (a, b), bound)
        points = None
        if corners:
            threats = [max(u, min(p[i] for p in corners)) for i, u in enumerate(threats)]
            points = _images(game, corners, threats)
    return corners, points is None


def _most(game: _Repeated, points: list[Polygon], normal: Pair) -> Fraction:
    return sum(
        (
            chance * max(_dot(normal, p) for p in own)
            for chance, own in zip(game.chances, points, strict=True)
        ),
        Fraction(0),
    )


def _images(game: _Repeated, corners: Polygon, threats: list[Fraction]) -> list[Polygon] | None:
    """What contingencies' profiles give with continuations in a set; None if one gives nothing."""
    found: list[Polygon] = []
    for own in game.profiles:
        points = [
            game.image(profile, point)
            for profile in own
            for point in _continuations(game, profile, corners, threats)
        ]
        if not points:
            return None
        found.append(points)
    return found


def _continuations(
    game: _Repeated, profile: _Profile, corners: Polygon, threats: list[Fraction]
) -> Polygon:
    if profile.need is None:
        return []
    single = len(game.chances) == 1
    if single and game.deters(profile, profile.payoff, threats):
        return [profile.payoff]
    bounds = [u + need for u, need in zip(threats, profile.need, strict=True)]
    deterring = _deterring(corners, bounds)
    if not single:
        return deterring
    return [p for i in (0, 1) for p in _clip(deterring, _AXES[i], bounds[i])]


_AXES: tuple[Pair, Pair] = ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))


def _deterring(corners: Polygon, bounds: Sequence[Fraction]) -> Polygon:
    for i, (x, y) in enumerate(_AXES):
        corners = _clip(corners, (-x, -y), -bounds[i])
    return corners


def _check_shrinking(game: _Repeated, vertices: Polygon, corners: Polygon, written: Any) -> Polygon:
    read_object(written, {"sides", "sizes"})
    sides = [tuple(map(read_fraction, read_list(side, 4))) for side in read_list(written["sides"])]
    sizes = [read_fraction(size) for size in read_list(written["sizes"])]
    if not vertices or not corners:
        raise Failure("there is no vertex, or no corner left: nothing says how low threats are")
    if any(x <= 0 for *_, x in sides):
        raise Failure("a side does not move out")
    if len(sizes) < 2 or sizes[-1] < 0 or any(b >= a for a, b in pairwise(sizes)):
        raise Failure("the sizes do not fall, to 0 or more")
    ceiling = [min(v[i] for v in vertices) for i in (0, 1)]
    for a, b, bound, x in sides:
        if any(_dot((a, b), p) > bound + sizes[0] * x for p in corners):
            raise Failure("the last step's set is larger than the largest size's")
    for big, small in pairwise(sizes):
        near, far = (_values(game, sides, t, ceiling) for t in (big, 2 * big))
        for j, (_, _, bound, x) in enumerate(sides):
            most = {big: -bound, small: -bound}
            for s, chance in enumerate(game.chances):
                if not near[s]:
                    raise Failure("a contingency gives nothing, though there are vertices")
                for t in (big, small):
                    most[t] += chance * max(
                        values[j] + (t - big) / big * (far[s][key][j] - values[j])
                        for key, values in near[s].items()
                    )
            if most[big] >= big * x or most[small] > small * x or most[small] == small * x > 0:
                raise Failure(f"size {float(big):.3g}: the set after it is no smaller, side {j}")
    return _sized(game, sides, sizes[-1])


def _sized(game: _Repeated, sides: list[tuple[Fraction, ...]], t: Fraction) -> Polygon:
    corners = game.box
    for a, b, bound, x in sides:
        corners = _clip(corners, (a, b), bound + t * x)
    return corners


def _values(
    game: _Repeated, sides: list[tuple[Fraction, ...]], t: Fraction, ceiling: list[Fraction]
) -> list[dict[tuple[int, str], list[Fraction]]]:
    """The most that profiles give on each side, with continuations in a size's set."""
    corners = _sized(game, sides, t)
    if not corners:
        raise Failure("a size's set is empty")
    floor = [max(u, min(p[i] for p in corners)) for i, u in enumerate(game.minmax)]
    return [
        {
            (place, kind): [max(_dot((a, b), p) for p in points) for a, b, *_ in sides]
            for place, profile in enumerate(own)
            for kind, points in _possible(game, profile, corners, floor, ceiling)
        }
        for own in game.profiles
    ]


def _possible(
    game: _Repeated,
    profile: _Profile,
    corners: Polygon,
    floor: list[Fraction],
    ceiling: list[Fraction],
) -> Iterator[tuple[str, Polygon]]:
    """What a profile may give for some threats between floor and ceiling, by kind."""
    if profile.need is None:
        return
    single = len(game.chances) == 1
    if single and game.deters(profile, profile.payoff, floor):
        yield "for ever", [profile.payoff]
        if game.deters(profile, profile.payoff, ceiling):
            return
    bounds = [u + need for u, need in zip(floor, profile.need, strict=True)]
    deterring = _deterring(corners, bounds)
    parts = [("any", deterring)]
    if single:
        limits = [u + need for u, need in zip(ceiling, profile.need, strict=True)]
        parts = [(f"deters {i}", _clip(deterring, _AXES[i], limits[i])) for i in (0, 1)]
    for kind, points in parts:
        if points:
            yield kind, [game.image(profile, point) for point in points]


def _check_outer(corners: Polygon, outer: Polygon) -> None:
    """All corners lie in the polygon, whose own corners are listed counter-clockwise."""
    if not outer:
        if corners:
            raise Failure("it is empty, but the last set is not")
        return
    if len(set(outer)) != len(outer):
        raise Failure("a corner is listed twice")
    for k, p in enumerate(outer):
        q, r = outer[(k + 1) % len(outer)], outer[(k + 2) % len(outer)]
        if len(outer) > 2 and _turn(p, q, r) <= 0:
            raise Failure("its corners do not turn counter-clockwise")
    for point in corners:
        for k, p in enumerate(outer):
            q = outer[(k + 1) % len(outer)]
            if _turn(p, q, point) < 0 or (len(outer) < 3 and not _between(point, outer)):
                raise Failure("a corner of the last set lies outside")


def _between(point: Pair, ends: Polygon) -> bool:
    return all(min(p[i] for p in ends) <= point[i] <= max(p[i] for p in ends) for i in (0, 1))


def _turn(p: Pair, q: Pair, r: Pair) -> Fraction:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _dot(one: Sequence[Fraction], other: Pair) -> Fraction:
    return one[0] * other[0] + one[1] * other[1]


def _clip(corners: Polygon, normal: Pair, bound: Fraction) -> Polygon:
    """The part of a convex polygon on one side of a line."""
    values = [_dot(normal, p) - bound for p in corners]
    kept: Polygon = []
    for k, value in enumerate(values):
        p, q, earlier = corners[k - 1], corners[k], values[k - 1]
        if (value > 0 > earlier) or (value < 0 < earlier):
            share = earlier / (earlier - value)
            kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
        if value <= 0:
            kept.append(q)
    return kept
