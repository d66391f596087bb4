"""Follow the steps that divide a support's simplices into regions, in exact integers.

Regions are products of simplices. A region keeps the values of the support's conditions at its
vertex profiles, one column each, the last player's vertex running fastest, times a common power of
2; and each player's vertices, as probabilities of the support's actions, times another.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .algebraic_points import AlgebraicPoint, combined, read_point
from .certificate import decode
from .reading import Failure, read_fraction, read_list

Support = tuple[tuple[int, ...], ...]
Profile = tuple[tuple[Fraction, ...], ...]
Ball = tuple[Support, Profile, Fraction]
Rows = list[list[int]]
Shares = list[list[Fraction]]
"""For each player who mixes, the probabilities of his actions of the support."""
Solution = int | Shares | AlgebraicPoint
"""The place of a ball that holds it, or the solution itself."""

_EXCLUDED, _CUT, _BISECTED, _SETTLED = 1, 2, 3, 4
_GRID = 256
_SHARE, _PARTS = 31, 64
_MOST_BITS = 1 << 34  # of the regions that wait: some gigabytes


def check_regions(
    support: Support,
    equations: Rows,
    inequalities: Rows,
    scales: Any,
    steps: Any,
    balls: list[Ball],
) -> list[Solution]:
    """The solutions that are equilibria; a Failure where a step does not hold."""
    where = f"support {[list(own) for own in support]}"
    powers = [_exponent(one) for one in read_list(scales, len(equations) + len(inequalities))]
    whole = _Region(support, equations + inequalities, len(equations), powers)
    waiting = [whole]
    solutions: list[Solution] = []
    written = enumerate(read_list(steps))
    while waiting:
        region = waiting.pop()
        place, step = _next(written, where)
        kind, *facts = read_list(step)
        here = f"{where}, step {place}"
        if type(kind) is not int:
            raise Failure(f"{here}: {kind!r} is no step")
        if kind == _EXCLUDED:
            region.check_excluded([decode(one) for one in facts], here)
        elif kind == _CUT:
            if region.cut(facts, here):
                waiting.append(region)
        elif kind == _BISECTED:
            waiting += region.bisected(*facts)
            if len(waiting) * region.bits * len(region.rows) * len(region.rows[0]) > _MOST_BITS:
                raise Failure(f"{here}: regions are bisected too often")
        elif kind == _SETTLED:
            solution = region.settle(facts, balls, here)
            if solution is not None:
                solutions.append(solution)
        else:
            raise Failure(f"{here}: {kind!r} is no step")
    if next(written, None) is not None:
        raise Failure(f"{where}: there are steps without a region")
    return solutions


def _next(steps: Iterator[tuple[int, Any]], where: str) -> tuple[int, Any]:
    found = next(steps, None)
    if found is None:
        raise Failure(f"{where}: the steps end before all regions are done with")
    return found


def _exponent(value: Any) -> int:
    if type(value) is not int or not -100_000 < value < 100_000:
        raise Failure("a scale is no exponent of 2")
    return value


class _Region:
    """A region, and what it takes to work on it."""

    def __init__(self, support: Support, rows: Rows, n_equations: int, powers: list[int]) -> None:
        self.support = support
        self.rows = rows
        self.n_equations = n_equations
        self.powers = powers  # row r counts as rows[r] / 2^powers[r]
        self.bits = 0  # all values are times 2^bits
        self.mixing = [i for i, own in enumerate(support) if len(own) > 1]
        self.sizes = [len(support[i]) for i in self.mixing]
        self.strides = [1] * len(self.sizes)
        for j in range(len(self.sizes) - 2, -1, -1):
            self.strides[j] = self.strides[j + 1] * self.sizes[j + 1]
        self.firsts = [sum(size - 1 for size in self.sizes[:j]) for j in range(len(self.sizes))]
        self.vertices = [
            [[int(a == v) for a in range(size)] for v in range(size)] for size in self.sizes
        ]
        self.vertex_bits = [0] * len(self.sizes)

    def copy(self) -> _Region:
        """Another region with the same values, to be changed."""
        other = object.__new__(_Region)
        other.__dict__.update(self.__dict__)
        other.rows = [list(row) for row in self.rows]
        other.vertices = [[list(vertex) for vertex in one] for one in self.vertices]
        other.vertex_bits = list(self.vertex_bits)
        return other

    def weighted(self, weights: list[int], rows: Rows) -> list[int]:
        """The weighted sum of rows, each over its power of 2, times the largest power."""
        top = max(self.powers)
        total = [0] * len(rows[0])
        for weight, row, power in zip(weights, rows, self.powers, strict=False):
            if weight:
                factor = weight << (top - power)
                total = [t + factor * value for t, value in zip(total, row, strict=True)]
        return total

    def check_excluded(self, weights: list[int], where: str) -> None:
        """The weighted sum of all rows is negative everywhere."""
        if len(weights) != len(self.rows) or min(weights[self.n_equations :], default=0) < 0:
            raise Failure(f"{where}: a weight of an inequality is negative, or some are missing")
        if max(self.weighted(weights, self.rows)) >= 0:
            raise Failure(f"{where}: the weights do not exclude the region")

    def cut(self, facts: list[Any], where: str) -> bool:
        """Cut one player's simplex by lower bounds on coordinates; False if nothing is left."""
        player, bounds, given = facts
        lower = [decode(one) for one in read_list(bounds, self.sizes[_place(player, self.sizes)])]
        if min(lower) < 0:
            raise Failure(f"{where}: a bound is negative")
        needed = [v for v, bound in enumerate(lower) if bound]
        for v, written in zip(needed, read_list(given, len(needed)), strict=True):
            weights = [decode(one) for one in read_list(written, self.n_equations)]
            values = self.weighted(weights, self.rows[: self.n_equations])
            at, elsewhere = self._at_and_elsewhere(values, player, v)
            # A share s at the vertex leaves at most s * at + (1 - s) * elsewhere.
            if elsewhere >= 0 or lower[v] * at + (_GRID - lower[v]) * elsewhere > 0:
                raise Failure(f"{where}: bound {v} does not follow")
        if sum(lower) > _GRID:
            return False
        if sum(lower) == _GRID:
            raise Failure(f"{where}: a single point is left")
        self._move(player, lower)
        return True

    def _at_and_elsewhere(self, values: list[int], player: int, vertex: int) -> tuple[int, int]:
        size, stride = self.sizes[player], self.strides[player]
        at = max(x for c, x in enumerate(values) if c // stride % size == vertex)
        elsewhere = max(x for c, x in enumerate(values) if c // stride % size != vertex)
        return at, elsewhere

    def _move(self, player: int, lower: list[int]) -> None:
        """New vertices: lower shares of all, and the rest of one."""
        keep = _GRID - sum(lower)
        size, stride = self.sizes[player], self.strides[player]
        for r, row in enumerate(self.rows):
            moved = [keep * value for value in row]
            for begin in range(0, len(row), size * stride):
                for c in range(begin, begin + stride):
                    places = range(c, c + size * stride, stride)
                    base = sum(lower[v] * row[p] for v, p in enumerate(places) if lower[v])
                    if base:
                        for p in places:
                            moved[p] += base
            self.rows[r] = moved
        self.bits += 8
        old = self.vertices[player]
        base = [sum(lower[v] * old[v][a] for v in range(size)) for a in range(size)]
        self.vertices[player] = [
            [b + keep * x for b, x in zip(base, vertex, strict=True)] for vertex in old
        ]
        self.vertex_bits[player] += 8

    def bisected(self, player: Any, first: Any, second: Any) -> list[_Region]:
        """Both parts; the one that keeps the second vertex comes last, and is done first."""
        size = self.sizes[_place(player, self.sizes)]
        if len({_place(v, range(size)) for v in (first, second)}) != 2:
            raise Failure("an edge has one end")
        parts: list[_Region] = []
        for kept, moved, share in ((first, second, _SHARE), (second, first, _PARTS - _SHARE)):
            part = self.copy()
            shift = (moved - kept) * self.strides[player]
            for r, row in enumerate(part.rows):
                new = [_PARTS * value for value in row]
                for c in range(len(row)):
                    if c // self.strides[player] % size == kept:
                        new[c + shift] = share * row[c] + (_PARTS - share) * row[c + shift]
                part.rows[r] = new
            part.bits += 6
            vertices = part.vertices[player]
            part.vertices[player] = [[_PARTS * x for x in vertex] for vertex in vertices]
            part.vertices[player][moved] = [
                share * x + (_PARTS - share) * y
                for x, y in zip(vertices[kept], vertices[moved], strict=True)
            ]
            part.vertex_bits[player] += 6
            parts.append(part)
        return parts

    def settle(self, facts: list[Any], balls: list[Ball], where: str) -> Solution | None:
        """The one solution; None if that is no equilibrium."""
        wider, weights, shift, point, unit, solution = facts
        region = self.copy()
        for player, bounds in enumerate(read_list(wider, len(self.sizes))):
            lower = [decode(one) for one in read_list(bounds, self.sizes[player])]
            if max(lower) > 0:
                raise Failure(f"{where}: the region is not widened")
            region._move(player, lower)
        values = [
            region.weighted(
                [decode(one) for one in read_list(row, self.n_equations)],
                region.rows[: self.n_equations],
            )
            for row in read_list(weights, self.n_equations)
        ]
        one = 1 << region.bits + max(self.powers) + _exponent(shift)
        region._check_solution(values, where)
        contraction = region._contraction(values, one)
        if contraction >= one:
            raise Failure(f"{where}: there could be more than one solution")
        if type(solution) is list:
            return region._judge_exactly(solution, where)
        if type(solution) is dict:
            return region._judge_algebraically(read_point(solution, region.sizes), where)
        coordinates = region._coordinates(point, unit)
        distance = max(abs(region._value(row, coordinates)) for row in values) / one
        radius = distance / (1 - Fraction(contraction, one))
        return region._judge(coordinates, radius, solution, balls, where)

    def _check_solution(self, values: Rows, where: str) -> None:
        """Each coordinate's equation is negative where the coordinate is 0."""
        for player, size in enumerate(self.sizes):
            first = self.firsts[player]
            own = values[first : first + size - 1]
            total = [-sum(column) for column in zip(*own, strict=True)]
            for v, row in enumerate([total, *own]):
                if self._at_and_elsewhere(row, player, v)[1] >= 0:
                    raise Failure(f"{where}: no solution is proven")

    def _contraction(self, values: Rows, one: int) -> int:
        """The largest sum of what a row's derivatives may differ from the identity's, times one."""
        worst = 0
        for k, row in enumerate(values):
            total = 0
            for player, size in enumerate(self.sizes):
                for v in range(1, size):
                    goal = one if self.firsts[player] + v - 1 == k else 0
                    total += max(abs(slope - goal) for slope in self._slopes(row, player, v))
            worst = max(worst, total)
        return worst

    def _slopes(self, row: list[int], player: int, vertex: int) -> list[int]:
        """A row's derivatives at the vertex profiles, from vertex 0 to another."""
        stride, size = self.strides[player], self.sizes[player]
        return [
            row[c + vertex * stride] - row[c] for c in range(len(row)) if c // stride % size == 0
        ]

    def _coordinates(self, point: Any, unit: Any) -> list[list[Fraction]]:
        """Barycentric coordinates; the first of each player is what the others leave."""
        scale = 1 << _exponent(unit)
        found: list[list[Fraction]] = []
        for given, size in zip(read_list(point, len(self.sizes)), self.sizes, strict=True):
            rest = [Fraction(decode(one), scale) for one in read_list(given, size - 1)]
            found.append([1 - sum(rest, Fraction(0)), *rest])
            if min(found[-1]) < 0:
                raise Failure("a point lies outside its region")
        return found

    def _value(self, row: list[int], coordinates: list[list[Fraction]]) -> Fraction:
        values: list[Any] = list(row)
        for own in reversed(coordinates):
            size = len(own)
            values = [
                sum(w * values[c + v] for v, w in enumerate(own))
                for c in range(0, len(values), size)
            ]
        return Fraction(values[0])

    def _judge(
        self,
        coordinates: list[list[Fraction]],
        radius: Fraction,
        ball: Any,
        balls: list[Ball],
        where: str,
    ) -> int | None:
        """Decide the signs at the solution, which lies within a radius of the coordinates."""
        chances, spreads = self._probabilities(coordinates, radius)
        margins = [
            (chance, spread)
            for own, by in zip(chances, spreads, strict=True)
            for chance, spread in zip(own, by, strict=True)
        ]
        margins += [
            (self._value(row, coordinates), radius * self._steepness(row))
            for row in self.rows[self.n_equations :]
        ]
        if ball == -1:
            if all(value + spread >= 0 for value, spread in margins):
                raise Failure(f"{where}: the solution may be an equilibrium")
            return None
        if any(value - spread <= 0 for value, spread in margins):
            raise Failure(f"{where}: the solution may be no equilibrium")
        support, profile, size = balls[_place(ball, balls)]
        if support != self.support:
            raise Failure(f"{where}: ball {ball} is another support's")
        check_centred(balls[ball], f"ball {ball}")
        for j, i in enumerate(self.mixing):
            for t, a in enumerate(self.support[i]):
                if abs(profile[i][a] - chances[j][t]) + spreads[j][t] > size:
                    raise Failure(f"{where}: the solution may lie outside ball {ball}")
            self._shares(j, [profile[i][a] for a in self.support[i]], size, where)
        return ball

    def _judge_exactly(self, written: list[Any], where: str) -> Shares | None:
        """The solution itself; None if it is no equilibrium."""
        chances = [
            list(map(read_fraction, read_list(own, size)))
            for own, size in zip(read_list(written, len(self.sizes)), self.sizes, strict=True)
        ]
        if any(sum(own) != 1 for own in chances):
            raise Failure(f"{where}: probabilities do not sum to 1")
        shares = [self._shares(j, own, Fraction(0), where) for j, own in enumerate(chances)]
        values = [self._value(row, shares) for row in self.rows]
        if any(values[: self.n_equations]):
            raise Failure(f"{where}: that is no solution")
        is_equilibrium = min(map(min, chances)) >= 0 and min(values) >= 0
        return chances if is_equilibrium else None

    def _probabilities(
        self, coordinates: list[list[Fraction]], radius: Fraction
    ) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
        """The probabilities at a point, and how far from them the solution's can be."""
        chances: list[list[Fraction]] = []
        spreads: list[list[Fraction]] = []
        for player, own in enumerate(coordinates):
            unit = 1 << self.vertex_bits[player]
            columns = list(zip(*self.vertices[player], strict=True))
            chances.append(
                [
                    sum((w * x for w, x in zip(own, column, strict=True)), Fraction(0)) / unit
                    for column in columns
                ]
            )
            spreads.append(
                [
                    radius * Fraction(sum(abs(x - column[0]) for x in column), unit)
                    for column in columns
                ]
            )
        return chances, spreads

    def _steepness(self, row: list[int]) -> int:
        """The most a row changes within a radius of 1."""
        return sum(
            max(map(abs, self._slopes(row, player, v)))
            for player, size in enumerate(self.sizes)
            for v in range(1, size)
        )

    def _judge_algebraically(self, point: AlgebraicPoint, where: str) -> AlgebraicPoint | None:
        """As `_judge_exactly`, in the field of one irrational number."""
        sign = point.field.sign
        shares = [
            [combined(line, own) for line in self._inverse(j, where)]
            for j, own in enumerate(point.chances)
        ]
        if any(sign(share) <= 0 for own in shares for share in own):
            raise Failure(f"{where}: its solution is not inside the region")
        values = [point.value(row, shares) for row in self.rows]
        if any(values[: self.n_equations]):
            raise Failure(f"{where}: that is no solution")
        signs = [sign(chance) for own in point.chances for chance in own]
        signs += [sign(value) for value in values[self.n_equations :]]
        return point if min(signs) >= 0 else None

    def _shares(
        self, player: int, chances: list[Fraction], size: Fraction, where: str
    ) -> list[Fraction]:
        """The vertices' shares in a point, around which a ball has to lie in the region.

        Then the region's only solution is the ball's only one.
        """
        shares: list[Fraction] = []
        for line in self._inverse(player, where):
            shares.append(
                sum((x * chance for x, chance in zip(line, chances, strict=True)), Fraction(0))
            )
            if shares[-1] <= size * sum(map(abs, line)):
                raise Failure(f"{where}: its solution is not inside the region")
        return shares

    def _inverse(self, player: int, where: str) -> list[list[Fraction]]:
        """A player's vertices' shares are these linear functions of his probabilities."""
        unit = 1 << self.vertex_bits[player]
        columns = zip(*self.vertices[player], strict=True)
        return _inverse([[Fraction(x, unit) for x in column] for column in columns], where)


def check_centred(ball: Ball, name: str) -> None:
    """A ball's centre is a profile of its support, and no probability of that can be 0 in it."""
    support, profile, size = ball
    for own, part in zip(support, profile, strict=True):
        if any(chance and a not in own for a, chance in enumerate(part)) or (
            len(own) == 1 and part[own[0]] != 1
        ):
            raise Failure(f"{name} is not centred on its support")
        if len(own) > 1 and min(part[a] for a in own) <= size:
            raise Failure(f"{name} reaches beyond its support")


def _inverse(matrix: list[list[Fraction]], where: str) -> list[list[Fraction]]:
    k = len(matrix)
    table = [[*row, *(Fraction(int(i == j)) for j in range(k))] for i, row in enumerate(matrix)]
    for column in range(k):
        able = next((i for i in range(column, k) if table[i][column]), None)
        if able is None:
            raise Failure(f"{where}: a simplex is flat")
        table[column], table[able] = table[able], table[column]
        pivot = table[column][column]
        table[column] = [value / pivot for value in table[column]]
        for i, row in enumerate(table):
            if i != column and row[column]:
                factor = row[column]
                table[i] = [x - factor * y for x, y in zip(row, table[column], strict=True)]
    return [row[k:] for row in table]


def _place(value: Any, among: Any) -> int:
    if type(value) is not int or not 0 <= value < len(among):
        raise Failure(f"{value!r} is no place in a list of {len(among)}")
    return value
