"""Sets around the payoff set, each proven from the one before, and why they shrink to it.

From all feasible payoffs on, each step bounds what profiles can pay today with continuations in the
set before, and its lowest payoffs as threats. With one stage game few continuations matter (Abreu &
Sannikov 2014): none if the profile, played for ever, deters by itself; otherwise those that just
deter a player.

Why that is all, for any set W around the payoff set V that was reached so from all feasible
payoffs, with threats u below V's: let v be the extreme payoff of V in direction n, paid by profile
a with payoffs g, and w its continuation. If g deters with threats u, then g is among the points
that bound the next set; it suffices, for n.w <= n.v. Otherwise the segment from w to g leaves the
continuations that deter in a point x. If x lies before v it is in V; if behind, it lies before the
point which a gives with the continuation found in the same way one step earlier, or, in the first
step, before g: in W in each case. And what a pays with x tomorrow is no less in direction n than v.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from balancegame.solvers.repeated.rational_polygons import (
    Pair,
    Polygon,
    clip,
    dot,
    half_planes,
    hull,
    intersection,
    section,
)
from balancegame.solvers.repeated.two_player_profiles import Profile, Profiles, as_float

_BITS = 24  # of a normal
_NEAR = 1e-9  # of the payoffs' range: points that floats may take for the furthest


@dataclass(frozen=True, slots=True)
class HalfPlanes:
    """A polygon as the points with ``normal . point <= bound``."""

    normals: tuple[Pair, ...]
    bounds: tuple[Any, ...]


@dataclass(slots=True)
class OuterSequence:
    """The set of each step; `threats` of the last; the profiles that can still be played."""

    profiles: Profiles
    steps: list[HalfPlanes]
    corners: Polygon
    threats: list[Any]
    alive: list[list[Profile]]

    @classmethod
    def feasible(cls, profiles: Profiles) -> OuterSequence:
        """The sequence's first set: all feasible payoffs."""
        sequence = cls(
            profiles,
            [],
            profiles.box,
            list(profiles.minmax),
            [list(own) for own in profiles.contingencies],
        )
        sequence.add([[profile.payoff for profile in own] for own in profiles.contingencies])
        return sequence

    def advance(self) -> bool:
        """Add a step; False if no payoff is left."""
        found: list[Polygon] = []
        for s, own in enumerate(self.alive):
            points: Polygon = []
            kept: list[Profile] = []
            for profile in own:
                more = payoffs(self.profiles, profile, self.corners, self.threats)
                if more is not None:
                    kept.append(profile)
                    points += more
            self.alive[s] = kept
            if not points:
                return False
            found.append(points)
        self.add(found)
        return bool(self.corners)

    def add(self, points: Sequence[Polygon]) -> None:
        """Add the set of what contingencies' payoffs average to, rounded outwards."""
        arrays = [np.array([[as_float(p[0]), as_float(p[1])] for p in own]) for own in points]
        low = np.min([array.min(axis=0) for array in arrays], axis=0)
        scale = np.max([array.max(axis=0) for array in arrays], axis=0) - low
        scale = np.where(scale > 0.0, scale, 1.0)
        before = [(as_float(p[0]), as_float(p[1])) for p in self.corners]
        normals: list[Pair] = []
        bounds: list[Any] = []
        for normal in short_normals([(array - low) / scale for array in arrays], scale):
            direction = np.array([as_float(x) for x in normal])
            total = self.profiles.discount * 0
            for chance, own, array in zip(self.profiles.chances, points, arrays, strict=True):
                values = array @ direction
                close = np.abs(direction) @ np.maximum(np.abs(array).max(axis=0), scale) * _NEAR
                near = np.flatnonzero(values >= values.max() - close)
                total += chance * max(dot(normal, own[k]) for k in near)
            last = max(float(direction @ corner) for corner in before)
            normals.append(normal)
            bounds.append(
                _rounded_up(total, last - as_float(total), float(np.abs(direction) @ scale))
            )
        self.steps.append(HalfPlanes(tuple(normals), tuple(bounds)))
        self.corners = intersection(self.profiles.box, normals, bounds)
        if self.corners:
            self.threats = [
                max(least, min(corner[i] for corner in self.corners))
                for i, least in enumerate(self.threats)
            ]


def short_normals(arrays: Sequence[NDArray[np.float64]], scale: NDArray[np.float64]) -> list[Pair]:
    """Normals, short integers, of the edges of point sets and of what bounds their sum.

    The sets' coordinates are divided by ``scale``; the normals apply to them as they were before.
    """
    powers = [int(np.floor(np.log2(x))) for x in scale]
    least = min(powers)
    found: dict[Pair, None] = {}
    for array in arrays:
        corners = hull([(float(x), float(y)) for x, y in np.round(array, 13)])
        for a, b in [*half_planes(corners)[0], (1, 0), (0, 1)]:
            size = abs(a) + abs(b)
            parts = [
                round(x / size * 2.0 ** (power + _BITS) / by)
                for x, power, by in zip((a, b), powers, scale, strict=True)
            ]
            a, b = parts[0] << (powers[1] - least), parts[1] << (powers[0] - least)
            common = math.gcd(a, b)
            found[fmpq(a // common), fmpq(b // common)] = None
    return list(found)


def _rounded_up(bound: Any, progress: float, size: float) -> Any:
    """A bound on a grid much finer than the progress of this step."""
    finest = size * 1e-15
    unit = Fraction(2) ** math.floor(math.log2(max(progress / 16, finest)))
    step = fmpq(unit.numerator, unit.denominator)
    ticks = fmpq(bound) / step
    return step * -((-ticks.p) // ticks.q)


def payoffs(
    profiles: Profiles, profile: Profile, corners: Polygon, threats: Sequence[Any]
) -> Polygon | None:
    """Extreme payoffs of a profile with continuations in a polygon; None if it has none."""
    bounds = [threats[i] + profile.need[i] for i in (0, 1)]
    if profiles.single and all(profile.payoff[i] >= bounds[i] for i in (0, 1)):
        return [profile.payoff]
    if any(all(corner[i] < bounds[i] for corner in corners) for i in (0, 1)):
        return None
    found: Polygon = []
    if profiles.single:
        for i in (0, 1):
            ends = section(corners, i, bounds[i])
            if ends is not None and ends[1] >= bounds[1 - i]:
                for other in {max(ends[0], bounds[1 - i]), ends[1]}:
                    found.append((bounds[i], other) if i == 0 else (other, bounds[i]))
    else:
        found = clip(clip(corners, (-1, 0), -bounds[0]), (0, -1), -bounds[1])
        if not found:
            return None
    return [image(profiles, profile, point) for point in found]


def image(profiles: Profiles, profile: Profile, point: Pair) -> Pair:
    """What a profile pays today with a continuation tomorrow."""
    delta = profiles.discount
    return (
        (1 - delta) * profile.payoff[0] + delta * point[0],
        (1 - delta) * profile.payoff[1] + delta * point[1],
    )


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Sets ``n_j . v <= c_j + t x_j`` around a polygon, by half-planes; `ceiling`: known threats.

    `ceiling` bounds the true threats from above: the lowest payoffs of a set that generates itself.
    """

    profiles: Profiles
    normals: Sequence[Pair]
    bounds: Sequence[Any]
    growth: Sequence[Any]
    ceiling: Pair

    def corners(self, t: Any) -> Polygon:
        """Those of one of the sets."""
        limits = [c + t * x for c, x in zip(self.bounds, self.growth, strict=True)]
        return intersection(self.profiles.box, self.normals, limits)

    def excess(self, t: Any, ends: Sequence[Any]) -> list[list[Any]]:
        """By how much the next set can exceed the bounds, if the last has any size up to t.

        The next set's bounds are concave in the size, profile by profile: up to t, the line through
        their values at t and 2 t is above them. The largest such lines are convex.

        Returns
        -------
        list of lists
            For each of the sizes in ``ends``, at most t, and each normal.
        """
        near, far = self._values(t), self._values(2 * t)
        found: list[list[Any]] = []
        for end in ends:
            total = [-bound for bound in self.bounds]
            for s, chance in enumerate(self.profiles.chances):
                lines = [
                    [
                        a + (end - t) / t * (b - a)
                        for a, b in zip(row, far[s].get(key, row), strict=True)
                    ]
                    for key, row in near[s].items()
                ]
                for j in range(len(total)):
                    total[j] += chance * max(line[j] for line in lines)
            found.append(total)
        return found

    def _values(self, t: Any) -> list[dict[tuple[int, str], list[Any]]]:
        """For each contingency, profile and kind of continuation: the most in each direction."""
        corners = self.corners(t)
        floor = [
            max(least, min(corner[i] for corner in corners))
            for i, least in enumerate(self.profiles.minmax)
        ]
        found: list[dict[tuple[int, str], list[Any]]] = []
        for own in self.profiles.contingencies:
            values: dict[tuple[int, str], list[Any]] = {}
            for profile in own:
                for key, part in self._parts(profile, corners, floor):
                    values[profile.place, key] = [
                        max(dot(normal, point) for point in part) for normal in self.normals
                    ]
            found.append(values)
        return found

    def _parts(
        self, profile: Profile, corners: Polygon, floor: Sequence[Any]
    ) -> Iterator[tuple[str, Polygon]]:
        """Payoffs of a profile played for ever, or with continuations that just deter a player.

        With several contingencies, those with any continuation that deters.
        """
        if self.profiles.single:
            if self._deters(profile, floor):
                yield "own", [profile.payoff]
            if self._deters(profile, self.ceiling):
                return
        low = [floor[i] + profile.need[i] for i in (0, 1)]
        if any(all(corner[i] < low[i] for corner in corners) for i in (0, 1)):
            return
        deterring = clip(clip(corners, (-1, 0), -low[0]), (0, -1), -low[1])
        parts = [("any", deterring)]
        if self.profiles.single:
            parts = [
                (
                    ("first", "second")[i],
                    clip(deterring, ((1, 0), (0, 1))[i], self.ceiling[i] + profile.need[i]),
                )
                for i in (0, 1)
            ]
        for key, part in parts:
            if part:
                yield key, [image(self.profiles, profile, point) for point in part]

    def _deters(self, profile: Profile, threats: Sequence[Any]) -> bool:
        return all(profile.payoff[i] >= threats[i] + profile.need[i] for i in (0, 1))
