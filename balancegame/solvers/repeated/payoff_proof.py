"""The proof of a two-player payoff set: from within it generates itself, from without sets shrink.

Floats propose, rationals prove. Around the set that generates itself, c, sets c + t x are looked
at, x a positive direction in which all bounds grow. If the step of the outer sequence takes each of
them, t up to some t_1, into the interior of itself, then the sequence, once inside c + t_1 x,
shrinks to c: the two are equal, and the set is exact. If the set's vertices are irrational, c is a
polygon near it, and t shrinks to a t_0 above 0: then the gap says how much is left open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from balancegame._progress import report
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.abreu_sannikov import TIE, float_set
from balancegame.solvers.repeated.outer_sequence import (
    HalfPlanes,
    Neighbourhood,
    OuterSequence,
    image,
)
from balancegame.solvers.repeated.rational_polygons import (
    Pair,
    Polygon,
    clip,
    dot,
    half_planes,
    hull,
    lies_in,
    mixture,
)
from balancegame.solvers.repeated.self_generation import SelfGenerating, Supported, solve, sources
from balancegame.solvers.repeated.two_player_profiles import (
    FloatProfiles,
    Profiles,
    as_float,
    as_fmpq,
    exact_profiles,
    float_profiles,
    scaled_profiles,
)

_MOST_STEPS = 1500  # of an outer sequence
_ROUNDS = 80  # in search of a direction of growth
_STUCK = 60  # steps without progress
_SMALL = 1e-6  # of the payoffs' range: the first size looked at
_LARGE = 8.0  # sizes that hold all feasible payoffs
_JUMPS = (64, 8, 2)  # from one size to the next
_MOST_SIZES = 60
_MARGIN = fmpq(1, 1 << 56)  # of the set's size: how far inside a polygon that generates itself lies


@dataclass(frozen=True, slots=True)
class Support:
    """A vertex as a mixture of payoffs; for each contingency a profile and its continuation."""

    vertex: Pair
    parts: tuple[tuple[Any, tuple[tuple[int, Pair], ...]], ...]


@dataclass(frozen=True, slots=True)
class Shrinking:
    """Sets ``n_j . v <= c_j + t x_j`` around the corners: of each size they shrink to the next."""

    corners: Polygon
    growth: tuple[Any, ...]
    sizes: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """Inner set, outer steps, and how the last of these shrinks; None where it is not known to.

    `empty` says that the outer sequence ends with no payoff left.
    """

    inner: tuple[Support, ...]
    steps: tuple[HalfPlanes, ...]
    shrinking: Shrinking | None
    outer: Polygon
    exact: bool
    empty: bool


def prove(repeated: RepeatedGame) -> Proof:
    """Prove what can be proven of the payoffs of two players of one discount factor above 0."""
    floats = float_profiles(repeated)
    delta = float(repeated.discounts[0])
    exact = exact_profiles(repeated)
    inner = _inner_set(exact, floats, delta)
    sequence = OuterSequence.feasible(exact)
    shrinking = None
    if inner.near is not None:
        shrinking = _shrinking(exact, floats, delta, inner, sequence)
    empty = inner.near is None and _settles(sequence)
    outer = sequence.corners if shrinking is None else _outline(exact, inner, shrinking)
    return Proof(
        inner.supports,
        tuple(sequence.steps),
        shrinking,
        [] if empty else hull(outer),
        exact=empty or (shrinking is not None and inner.exact),
        empty=empty,
    )


@dataclass(frozen=True, slots=True)
class _Inner:
    """A set that generates itself; corners that are the payoff set's, or near them."""

    supports: tuple[Support, ...]
    near: Polygon | None
    exact: bool
    empty: bool

    @property
    def lowest(self) -> Pair:
        """Bounds on the threats from above."""
        return tuple(min(one.vertex[i] for one in self.supports) for i in (0, 1))  # pyright: ignore


def _inner_set(exact: Profiles, floats: FloatProfiles, delta: float) -> _Inner:
    slack = np.full(len(floats.payoffs), TIE / 10)
    while True:
        found = float_set(floats, delta, slack)
        if not len(found.corners):
            return _Inner((), None, exact=False, empty=True)
        own = sources(scaled_profiles(floats, delta), found.corners, found.threats, slack)
        if own is None:
            break
        corners = found.corners * floats.scale + floats.origin
        solved = solve(exact, own, corners)
        if isinstance(solved, SelfGenerating):
            supports = tuple(map(_plainly, solved.vertices))
            return _Inner(supports, solved.corners, exact=True, empty=False)
        if isinstance(solved, list):
            inside = solve(exact, own, corners, _MARGIN)
            within = generated(exact, inside) if isinstance(inside, list) else None
            return _Inner(within or static(exact), solved, exact=False, empty=False)
        # A tie decided by a hair, and wrongly: those profiles need all that they need.
        wrong = [floats.first[s] + a for s, a in solved if slack[floats.first[s] + a] > 0]
        if not wrong:
            break
        slack[wrong] = -TIE / 10
    return _Inner(static(exact), None, exact=False, empty=False)


def _shrinking(
    exact: Profiles,
    floats: FloatProfiles,
    delta: float,
    inner: _Inner,
    sequence: OuterSequence,
) -> Shrinking | None:
    """Why the outer sequence shrinks to the corners, or near them; None if that was not found."""
    near = inner.near
    if near is None or not inner.supports:
        return None
    normals, bounds = half_planes(near)
    units, lengths = _units(normals, floats)
    corners = [
        (
            (as_float(p[0]) - float(floats.origin[0])) / float(floats.scale[0]),
            (as_float(p[1]) - float(floats.origin[1])) / float(floats.scale[1]),
        )
        for p in near
    ]
    around = Neighbourhood(
        scaled_profiles(floats, delta),
        units,
        [max(dot(unit, corner) for corner in corners) for unit in units],
        [1.0] * len(units),
        (min(p[0] for p in corners), min(p[1] for p in corners)),
    )
    growth = _growth(around)
    if growth is None:
        return None
    least = 0.0 if inner.exact else 16 * as_float(_MARGIN)
    sizes = _sizes(replace(around, growth=growth), least)
    if sizes is None:  # ties mislead floats; rationals may see what is the case
        sizes = [_SMALL / max(growth), least / max(growth)]
    rational = [as_fmpq(_short(x * by, 20)) for x, by in zip(growth, lengths, strict=True)]
    local = Neighbourhood(exact, normals, bounds, rational, inner.lowest)
    end = as_fmpq(_short(sizes[-1], 4)) if sizes[-1] else fmpq(0)
    for size in sizes[:-1]:
        reached = _approach(sequence, local, as_fmpq(_short(size, 4)))
        if reached is None:
            return None
        ladder = _descent(local, reached, end)
        if ladder is not None:
            return Shrinking(near, tuple(rational), tuple(ladder))
    return None


def _descent(local: Neighbourhood, size: Any, end: Any) -> list[Any] | None:
    """Sizes from which sets shrink to the next, down to an end, in rationals."""
    sizes = [size]
    while sizes[-1] > end:
        jumps = (sizes[-1] / jump for jump in (*_JUMPS[1:], fmpq(8, 7)))
        for small in (end, *(jump for jump in jumps if jump > end)):
            if _shrinks(local, sizes[-1], small):
                sizes.append(small)
                break
        else:
            return None
        if len(sizes) > _MOST_SIZES:
            return None
    return sizes


def _shrinks(around: Neighbourhood, big: Any, small: Any) -> bool:
    """Whether all sets up to a size shrink to a smaller one, or to size 0."""
    at_small, at_big = around.excess(big, [small, big])
    slack = 1e-12 if isinstance(big, float) else 0  # of rounding; rationals decide anyway
    return all(
        (low < small * x + slack or (small == 0 and low <= 0)) and high < big * x - slack
        for low, high, x in zip(at_small, at_big, around.growth, strict=True)
    )


def _growth(around: Neighbourhood) -> list[float] | None:
    """A direction in which sets shrink that are near enough, in floats."""
    growth = [1.0] * len(around.normals)
    earlier: list[float] | None = None
    for step in range(_ROUNDS):
        t = _SMALL / max(growth)
        (found,) = replace(around, growth=growth).excess(t, [t])
        slopes = [value / t for value in found]
        if all(slope < x * (1 - 1e-4) for slope, x in zip(slopes, growth, strict=True)):
            return growth
        new = [max(slope, 0.0) + 1.0 for slope in slopes]
        moved = [a - b for a, b in zip(new, growth, strict=True)]
        growth = new
        if max(growth) > 1e6:
            return None
        if earlier is not None and step % 6 == 5:
            ratio = max(
                (a / b for a, b in zip(moved, earlier, strict=True) if b > 1e-9), default=0.0
            )
            if 0.5 < ratio < 1.0:  # a geometric series, summed
                rest = ratio / (1 - ratio)
                growth = [x + max(by, 0.0) * rest for x, by in zip(growth, moved, strict=True)]
        earlier = moved
    return None


def _sizes(around: Neighbourhood, least: float) -> list[float] | None:
    """Sizes from which sets shrink to the next, the largest first; None if there are none."""
    biggest = max(around.growth)
    sizes = [least / biggest]
    for size in (_SMALL, _SMALL / 30, _SMALL / 1000):
        if _shrinks(around, size / biggest, sizes[0]):
            sizes.append(size / biggest)
            break
    else:
        return None
    while sizes[-1] * biggest < _LARGE:
        for jump in _JUMPS:
            if _shrinks(around, sizes[-1] * jump, sizes[-1]):
                sizes.append(sizes[-1] * jump)
                break
        else:
            break
    return sizes[::-1]


def _approach(sequence: OuterSequence, local: Neighbourhood, size: Any) -> Any | None:
    """Go on with a sequence until it is within the set of a size; the size it then has."""
    top = [c + size * x for c, x in zip(local.bounds, local.growth, strict=True)]
    last, waited = math.inf, 0
    for step in range(_MOST_STEPS):
        over = [
            max(dot(normal, corner) for corner in sequence.corners) - limit
            for normal, limit in zip(local.normals, top, strict=True)
        ]
        if max(over) <= 0:
            break
        left = max(as_float(value / x) for value, x in zip(over, local.growth, strict=True))
        waited = 0 if left < last * (1 - 1e-4) else waited + 1
        last = min(left, last)
        if waited > _STUCK or not sequence.advance():
            return None
        report("payoff set, proven steps", step, _MOST_STEPS)
    else:
        return None
    reached = max(
        (max(dot(normal, corner) for corner in sequence.corners) - c) / x
        for normal, c, x in zip(local.normals, local.bounds, local.growth, strict=True)
    )
    return as_fmpq(_short(max(as_float(reached) * 1.01, as_float(size) * 1e-6), 8))


def _settles(sequence: OuterSequence) -> bool:
    """Go on until nothing is left, or nothing moves; whether nothing is left."""
    waited = 0
    for step in range(_MOST_STEPS):
        before = hull(sequence.corners)
        if not sequence.advance():
            return True
        after = hull(sequence.corners)
        moved = 1.0
        if len(after) == len(before):
            moved = max(
                abs(as_float(a - b))
                for p, q in zip(before, after, strict=True)
                for a, b in zip(p, q, strict=True)
            ) / max(as_float(abs(x)) for p in after for x in p)
        waited = waited + 1 if moved < 1e-12 else 0
        if waited > 3:
            return False
        report("payoff set, proven steps", step, _MOST_STEPS)
    return False


def _outline(exact: Profiles, inner: _Inner, shrinking: Shrinking) -> Polygon:
    """The smallest of the sets that the outer sequence shrinks to."""
    if shrinking.sizes[-1] == 0:
        return shrinking.corners
    normals, bounds = half_planes(shrinking.corners)
    around = Neighbourhood(exact, normals, bounds, shrinking.growth, inner.lowest)
    return around.corners(shrinking.sizes[-1])


def static(exact: Profiles) -> tuple[Support, ...]:
    """The mixtures of the contingencies' pure equilibria: they generate themselves."""
    total: list[tuple[Pair, tuple[int, ...]]] = [((fmpq(0), fmpq(0)), ())]
    for chance, own in zip(exact.chances, exact.contingencies, strict=True):
        equilibria = [profile for profile in own if profile.best == profile.payoff]
        added = {
            (p[0] + chance * one.payoff[0], p[1] + chance * one.payoff[1]): (*places, one.place)
            for p, places in total
            for one in equilibria
        }
        total = [(corner, added[corner]) for corner in hull(added)]
    return tuple(
        Support(corner, ((fmpq(1), tuple((place, corner) for place in places)),))
        for corner, places in total
        if len(places) == len(exact.contingencies)
    )


def generated(exact: Profiles, corners: Polygon) -> tuple[Support, ...] | None:
    """How a polygon generates its corners, as mixtures; None if it does not."""
    corners = hull(corners)
    if not corners:
        return None
    threats = [min(corner[i] for corner in corners) for i in (0, 1)]
    total: dict[Pair, tuple[tuple[int, Pair], ...]] = {(fmpq(0), fmpq(0)): ()}
    for chance, own in zip(exact.chances, exact.contingencies, strict=True):
        images: dict[Pair, tuple[int, Pair]] = {}
        for profile in own:
            bounds = [threats[i] + profile.need[i] for i in (0, 1)]
            points = clip(clip(corners, (-1, 0), -bounds[0]), (0, -1), -bounds[1])
            if exact.single and lies_in(profile.payoff, points):
                points = [profile.payoff]
            for point in points:
                images[image(exact, profile, point)] = (profile.place, point)
        kept = hull(images)
        total = {
            (p[0] + chance * q[0], p[1] + chance * q[1]): (*parts, images[q])
            for p, parts in total.items()
            for q in kept
        }
        total = {corner: total[corner] for corner in hull(total)}
    points = list(total)
    found: list[Support] = []
    for corner in corners:
        weights = mixture(corner, points)
        if weights is None:
            return None
        found.append(Support(corner, tuple((w, total[points[k]]) for k, w in weights)))
    return tuple(found)


def _plainly(one: Supported) -> Support:
    return Support(one.vertex, ((fmpq(1), one.support),))


def _units(normals: Sequence[Pair], floats: FloatProfiles) -> tuple[list[Pair], list[float]]:
    """The normals' directions where payoffs are scaled, of length 1; and what they were before."""
    raw = [tuple(as_float(n[i]) * float(floats.scale[i]) for i in (0, 1)) for n in normals]
    lengths = [math.hypot(*n) for n in raw]
    return [(n[0] / r, n[1] / r) for n, r in zip(raw, lengths, strict=True)], lengths


def _short(number: float, bits: int) -> Fraction:
    """A number to so many binary digits."""
    share, exponent = math.frexp(number)
    return Fraction(max(round(share * 2**bits), 1)) * Fraction(2) ** (exponent - bits)
