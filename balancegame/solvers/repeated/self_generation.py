"""A payoff set in rationals: how each of its vertices comes about, guessed in floats, then solved.

Each vertex is what a profile pays today and a continuation tomorrow. The continuation is a vertex
again, or lies where one or both players are just deterred; then it is on an edge of the set, which
is an equation. All other equations are linear. That the solution generates itself, so that all its
points are equilibrium payoffs (Abreu, Pearce & Stacchetti 1990), is checked in rationals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from balancegame.solvers.repeated.rational_polygons import (
    Pair,
    Polygon,
    dot,
    hull,
    lies_in,
    section,
    turn,
)
from balancegame.solvers.repeated.two_player_profiles import Floats, Profile, Profiles, as_fmpq

_NEAR = 1e-8  # of the payoffs' range: points that floats may take for one
_MOST_STEPS = 7  # of Newton's method: some 1,000 bits
_ENOUGH = 1e-24  # of the payoffs' range: how near a polygon near the set is
_MOST_COMBINATIONS = 64


@dataclass(frozen=True, slots=True)
class Source:
    """How one contingency contributes to a vertex: a profile, and where its continuation is.

    ``kind`` is "own" (the profile is played for ever), "vertex" (``edge[0]``), "corner" (both
    players are just deterred) or "line" (player ``axis`` is, on an edge between two vertices).
    """

    profile: int
    kind: str
    axis: int = 0
    edge: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Supported:
    """A vertex with, for each contingency, the profile played and the continuation."""

    vertex: Pair
    support: tuple[tuple[int, Pair], ...]


@dataclass(frozen=True, slots=True)
class SelfGenerating:
    """A set that generates itself: its vertices in order, each supported; and the threats."""

    vertices: tuple[Supported, ...]
    threats: Pair

    @property
    def corners(self) -> Polygon:
        """The vertices alone."""
        return [one.vertex for one in self.vertices]


def sources(
    profiles: Profiles, corners: Floats, threats: Floats, slack: Floats
) -> list[tuple[Source, ...]] | None:
    """How each corner of a set in scaled floats comes about; None where nothing fits."""
    listed: Polygon = [(float(x), float(y)) for x, y in corners]
    found: list[tuple[Source, ...]] = []
    offsets = np.cumsum([0, *map(len, profiles.contingencies)])
    options = [
        list(_options(profiles, s, listed, threats, slack[offsets[s] : offsets[s + 1]]))
        for s in range(len(profiles.contingencies))
    ]
    for k, corner in enumerate(listed):
        direction = _outwards(listed, k)
        close = [_closest(own, direction) for own in options]
        best = min(
            _combinations(close, profiles, corner),
            key=lambda one: one[0],
            default=(True, 0, ()),
        )
        if best[0]:
            return None
        found.append(best[2])
    return found


def _options(
    profiles: Profiles, s: int, corners: Polygon, threats: Floats, slack: Floats
) -> Iterator[tuple[Source, Pair]]:
    """All sources of a contingency, with the payoffs they give."""
    delta = profiles.discount
    high = [max(corner[i] for corner in corners) for i in (0, 1)]
    for profile in profiles.contingencies[s]:
        bound = [float(threats[i]) + profile.need[i] for i in (0, 1)]
        spare = float(slack[profile.place])
        if profiles.single and all(profile.payoff[i] >= bound[i] - spare for i in (0, 1)):
            yield Source(profile.place, "own"), profile.payoff
            continue
        if any(bound[i] - spare > high[i] for i in (0, 1)):
            continue
        for source, point in _deterring(profile, corners, bound, high, spare, profiles.single):
            image = tuple((1 - delta) * profile.payoff[i] + delta * point[i] for i in (0, 1))
            yield source, (image[0], image[1])


def _deterring(
    profile: Profile, corners: Polygon, bound: list[float], high: list[float], spare: float,
    single: bool,  # noqa: FBT001
) -> Iterator[tuple[Source, Pair]]:  # fmt: skip
    if not single:
        for k, corner in enumerate(corners):
            if all(corner[i] >= bound[i] - spare for i in (0, 1)):
                yield Source(profile.place, "vertex", 0, (k, k)), corner
    for i in (0, 1):
        at = min(bound[i], high[i])
        ends = section(corners, i, at)
        if ends is None or ends[1] < bound[1 - i] - spare:
            continue
        for other in {max(ends[0], min(bound[1 - i], ends[1])), ends[1]}:
            point = (at, other) if i == 0 else (other, at)
            if max(abs(point[0] - bound[0]), abs(point[1] - bound[1])) <= _NEAR:
                yield Source(profile.place, "corner"), point
            yield from _on_edges(profile.place, i, point, corners)


def _on_edges(
    place: int, axis: int, point: Pair, corners: Polygon
) -> Iterator[tuple[Source, Pair]]:
    n = len(corners)
    for k, here in enumerate(corners):
        if max(abs(here[i] - point[i]) for i in (0, 1)) <= _NEAR:
            yield Source(place, "vertex", axis, (k, k)), point
    for k in range(n if n > 2 else n - 1):
        p, q = corners[k], corners[(k + 1) % n]
        if abs(p[axis] - q[axis]) <= _NEAR:
            continue
        if min(p[axis], q[axis]) < point[axis] < max(p[axis], q[axis]) and abs(
            turn(p, q, point)
        ) <= _NEAR * max(abs(q[0] - p[0]), abs(q[1] - p[1])):
            yield Source(place, "line", axis, (k, (k + 1) % n)), point


_ORDER = {"own": 0, "corner": 1, "line": 2, "vertex": 3}


def _outwards(corners: Polygon, k: int) -> Pair:
    """A direction in which a corner is the furthest."""
    n = len(corners)
    if n == 1:
        return (0.0, 0.0)
    ends = [(corners[k], corners[(k + 1) % n]), (corners[k - 1], corners[k])]
    if n == 2:
        return (corners[k][0] - corners[1 - k][0], corners[k][1] - corners[1 - k][1])
    normals = [
        ((q[1] - p[1]) / length, (p[0] - q[0]) / length)
        for p, q in ends
        for length in [float(np.hypot(q[0] - p[0], q[1] - p[1]))]
    ]
    return (normals[0][0] + normals[1][0], normals[0][1] + normals[1][1])


def _closest(options: Sequence[tuple[Source, Pair]], direction: Pair) -> list[tuple[Source, Pair]]:
    best = max((dot(direction, point) for _, point in options), default=0.0)
    return [one for one in options if dot(direction, one[1]) >= best - 4 * _NEAR]


def _combinations(
    close: Sequence[Sequence[tuple[Source, Pair]]], profiles: Profiles, corner: Pair
) -> Iterator[tuple[bool, int, tuple[Source, ...]]]:
    """Whether one source a contingency misses the corner; how plain they are; they themselves."""
    ordered = [sorted(own, key=lambda one: _ORDER[one[0].kind]) for own in close]
    for count, chosen in enumerate(product(*ordered)):
        if count == _MOST_COMBINATIONS * (1 + 15 * (len(close) == 1)):
            return
        missed = max(
            abs(
                sum(
                    chance * point[i]
                    for chance, (_, point) in zip(profiles.chances, chosen, strict=True)
                )
                - corner[i]
            )
            for i in (0, 1)
        )
        plain = sum(_ORDER[source.kind] for source, _ in chosen)
        yield missed > _NEAR, plain, tuple(source for source, _ in chosen)


def solve(
    profiles: Profiles,
    found: Sequence[tuple[Source, ...]],
    corners: Floats,
    inwards: Any = 0,
) -> SelfGenerating | Polygon | set[tuple[int, int]]:
    """The set whose vertices come about so, exactly, if it generates itself.

    Parameters
    ----------
    profiles : Profiles
        In rationals.
    found : sequence of tuples of Source
        One a contingency, for each vertex.
    corners : array, shape (k, 2)
        The vertices in floats, not scaled.
    inwards : rational
        Move what generates each vertex towards the middle by this share of the distance, so that
        the solution generates more than itself.

    Returns
    -------
    SelfGenerating, or the contingencies and profiles that do not fit; none if nothing was found.
    Where no rational solution is found, the corners of a polygon near it.
    """
    system = _System(profiles, found, corners, inwards)
    solution = system.solution()
    if solution is None:
        return set() if system.near is None else _nearly(system, system.near)
    vertices = [(solution[2 + 2 * k], solution[3 + 2 * k]) for k in range(len(found))]
    outline = hull(vertices)
    threats = (min(v[0] for v in outline), min(v[1] for v in outline))
    wrong: set[tuple[int, int]] = set()
    supported: list[Supported] = []
    for corner in outline:
        k = vertices.index(corner)
        support: list[tuple[int, Pair]] = []
        for s, source in enumerate(found[k]):
            point = corner if source.kind == "own" else system.continuation(k, s, solution)
            profile = profiles.contingencies[s][source.profile]
            deters = all(point[i] >= threats[i] + profile.need[i] for i in (0, 1))
            if not deters or not lies_in(point, outline):
                wrong.add((s, source.profile))
            support.append((source.profile, point))
        supported.append(Supported(corner, tuple(support)))
    return wrong or SelfGenerating(tuple(supported), threats)


def _nearly(system: _System, near: Sequence[Any]) -> Polygon | set[tuple[int, int]]:
    """Corners of a polygon near the set; or profiles that do not fit by more than that."""
    corners = hull(zip(near[2::2], near[3::2], strict=False))
    threats = [min(corner[i] for corner in corners) for i in (0, 1)]
    wrong: set[tuple[int, int]] = set()
    for own in system.found:
        for s, source in enumerate(own):
            profile = system.profiles.contingencies[s][source.profile]
            lacking = [threats[i] + profile.need[i] - profile.payoff[i] for i in (0, 1)]
            if source.kind == "own" and max(lacking) > system.enough():
                wrong.add((s, source.profile))
    return wrong or corners


class _System:
    """Equations in the threats (2), the vertices (2 each), and a coordinate a point on an edge.

    Those of the vertices and threats are linear, and solved for the coordinates once; what is left
    says that points lie on their edges.
    """

    def __init__(
        self,
        profiles: Profiles,
        found: Sequence[tuple[Source, ...]],
        corners: Floats,
        inwards: Any,
    ) -> None:
        self.profiles, self.found, self.inwards = profiles, found, inwards
        self.corners = corners
        self.size = 2 + 2 * len(found)
        self.near: list[Any] | None = None
        self.free: dict[tuple[int, int], int] = {}
        for k, own in enumerate(found):
            for s, source in enumerate(own):
                if source.kind == "line":
                    self.free[k, s] = len(self.free)

    def solution(self) -> list[Any] | None:
        """Threats and vertices, then the coordinates; None if no rational ones are found."""
        values = self._eliminated()
        if values is None:
            return None
        y, error = self._start(), fmpq(0)
        for step in range(_MOST_STEPS if self.free else 1):
            z = self._at(values, y)
            residuals = [self._off_edge(k, s, z) for k, s in self.free]
            if not any(residuals):
                return z + y
            if step == _MOST_STEPS - 1:
                # All linear equations hold exactly of what is made of rounded coordinates.
                rounded = [_simplest(value, self.enough()) for value in y]
                self.near = self._at(values, rounded)[: self.size]
                return None
            moves = self._newton(values, z, residuals)
            if moves is None:
                return None
            error = max(abs(move) for move in moves) ** 2
            y = [value - move for value, move in zip(y, moves, strict=True)]
            z = self._at(values, y)
            if error and any(self._off_edge(k, s, z) for k, s in self.free):
                y = [_simplest(value, error) for value in y]
        return None

    def enough(self) -> Any:
        """How near is near enough."""
        return as_fmpq(max(float(np.ptp(self.corners)), 1e-300) * _ENOUGH)

    def continuation(self, k: int, s: int, z: Sequence[Any]) -> Pair:
        """Where a vertex's continuation is."""
        source = self.found[k][s]
        need = self.profiles.contingencies[s][source.profile].need
        if source.kind == "vertex":
            return (z[2 + 2 * source.edge[0]], z[3 + 2 * source.edge[0]])
        point = [z[0] + need[0], z[1] + need[1]]
        if source.kind == "line":
            point[1 - source.axis] = z[self.size + self.free[k, s]]
        return (point[0], point[1])

    def _start(self) -> list[Any]:
        """The coordinates in floats: sections of the float set, from the vertices' equations."""
        delta = self.profiles.discount
        found: list[Any] = []
        for k, s in self.free:
            # What the vertex leaves for the continuation, if all else is as in floats.
            axis = 1 - self.found[k][s].axis
            rest = as_fmpq(float(self.corners[k, axis]))
            for t, source in enumerate(self.found[k]):
                chance = self.profiles.chances[t]
                payoff = self.profiles.contingencies[t][source.profile].payoff[axis]
                rest -= chance * (1 - delta) * payoff
                if t != s:
                    rest -= chance * delta * self._guess(k, t, axis)
            found.append(rest / (delta * self.profiles.chances[s]))
        return found

    def _guess(self, k: int, s: int, axis: int) -> Any:
        source = self.found[k][s]
        corners = [(float(x), float(y)) for x, y in self.corners]
        if source.kind == "vertex":
            return as_fmpq(corners[source.edge[0]][axis])
        need = self.profiles.contingencies[s][source.profile].need
        at = [as_fmpq(min(corner[i] for corner in corners)) + need[i] for i in (0, 1)]
        if source.kind == "corner" or axis == source.axis:
            return at[axis]
        p, q = (corners[end] for end in source.edge)
        own = float(at[source.axis].p) / float(at[source.axis].q)
        share = (own - p[source.axis]) / (q[source.axis] - p[source.axis])
        return as_fmpq(p[axis] + share * (q[axis] - p[axis]))

    def _eliminated(self) -> list[list[Any]] | None:
        """Threats and vertices as constants plus multiples of the coordinates."""
        n, width = self.size, len(self.free) + 1
        matrix = [[fmpq(0)] * n for _ in range(n)]
        right = [[fmpq(0)] * width for _ in range(n)]
        delta = self.profiles.discount
        for i in (0, 1):
            matrix[i][i] = fmpq(1)
            matrix[i][2 + 2 * self._lowest(i) + i] = fmpq(-1)
        for k, own in enumerate(self.found):
            for i in (0, 1):
                # What is fixed by a profile, or by the threats, stays: they could be too high else.
                if any(
                    source.kind == "vertex" or (source.kind == "line" and source.axis != i)
                    for source in own
                ):
                    right[2 + 2 * k + i][0] += self.inwards * self._way(k, i)
            for s, source in enumerate(own):
                chance = self.profiles.chances[s]
                profile = self.profiles.contingencies[s][source.profile]
                for i in (0, 1):
                    row = 2 + 2 * k + i
                    if s == 0:
                        matrix[row][row] += 1
                    if source.kind == "own":
                        right[row][0] += chance * profile.payoff[i]
                        continue
                    right[row][0] += chance * (1 - delta) * profile.payoff[i]
                    if source.kind == "vertex":
                        matrix[row][2 + 2 * source.edge[0] + i] -= chance * delta
                    elif source.kind == "line" and i != source.axis:
                        right[row][1 + self.free[k, s]] += chance * delta
                    else:
                        matrix[row][i] -= chance * delta
                        right[row][0] += chance * delta * profile.need[i]
        try:
            return fmpq_mat(matrix).solve(fmpq_mat(right)).tolist()
        except ZeroDivisionError:
            return None

    def _way(self, k: int, i: int) -> Any:
        """How far to the middle one coordinate of a vertex moves, or away if that leads inside."""
        middle = float(self.corners[:, i].mean() - self.corners[k, i])
        n = len(self.corners)
        normals = [
            self.corners[(t + 1) % n, 1 - i] - self.corners[t, 1 - i] for t in (k, (k - 1) % n)
        ]
        outwards = [normal * (1 - 2 * i) * np.sign(middle) for normal in normals]
        return as_fmpq(middle if max(outwards) <= -min(outwards) else -middle)

    def _lowest(self, i: int) -> int:
        """The vertex in which a player gets least: of those that floats take for it, the plainest.

        Best one in which he himself is just deterred, or that is played for ever: then it does not
        depend on the others.
        """
        least = self.corners[:, i].min()
        spread = max(float(np.ptp(self.corners[:, i])), abs(float(least)), 1e-300)
        near = [k for k, x in enumerate(self.corners[:, i]) if x <= least + _NEAR * spread]

        def plain(k: int) -> int:
            return sum(
                0 if source.kind in ("own", "corner") or (source.kind, source.axis) == ("line", i)
                else 1
                for source in self.found[k]
            )  # fmt: skip

        return min(near, key=plain)

    def _at(self, values: list[list[Any]], y: list[Any]) -> list[Any]:
        return [
            sum((a * b for a, b in zip(row[1:], y, strict=True) if a), row[0]) for row in values
        ] + y

    def _off_edge(self, k: int, s: int, z: list[Any]) -> Any:
        p, q = ((z[2 + 2 * end], z[3 + 2 * end]) for end in self.found[k][s].edge)
        return turn(p, q, self.continuation(k, s, z))

    def _newton(
        self, values: list[list[Any]], z: list[Any], residuals: list[Any]
    ) -> list[Any] | None:
        rows: list[list[Any]] = []
        n = len(self.free)
        for k, s in self.free:
            source = self.found[k][s]
            p, q = ((z[2 + 2 * end], z[3 + 2 * end]) for end in source.edge)
            w = self.continuation(k, s, z)
            row: list[Any] = []
            for t in range(n):
                dp, dq = (
                    (values[2 + 2 * end][1 + t], values[3 + 2 * end][1 + t]) for end in source.edge
                )
                dw = [values[0][1 + t], values[1][1 + t]]
                dw[1 - source.axis] = fmpq(int(t == self.free[k, s]))
                row.append(
                    (dq[0] - dp[0]) * (w[1] - p[1])
                    + (q[0] - p[0]) * (dw[1] - dp[1])
                    - (dq[1] - dp[1]) * (w[0] - p[0])
                    - (q[1] - p[1]) * (dw[0] - dp[0])
                )
            rows.append(row)
        try:
            found = fmpq_mat(rows).solve(fmpq_mat([[value] for value in residuals]))
        except ZeroDivisionError:
            return None
        return [row[0] for row in found.tolist()]


def _simplest(value: Any, error: Any) -> Any:
    """The rational of the smallest denominator within an error: by continued fractions."""
    low, high = value - error, value + error
    if low <= 0 <= high:
        return fmpq(0)
    if high < 0:
        return -_simplest(-value, error)
    terms: list[int] = []
    while True:
        whole = int(low.p // low.q)
        if fmpq(whole) == low:
            terms.append(whole)
            break
        if whole + 1 <= high:
            terms.append(whole + 1)
            break
        terms.append(whole)
        low, high = 1 / (high - whole), 1 / (low - whole)
    found = fmpq(terms[-1])
    for term in reversed(terms[:-1]):
        found = term + 1 / found
    return found
