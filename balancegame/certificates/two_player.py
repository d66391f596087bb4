"""Check that a list holds all extreme equilibria of a two-player game.

The claim
---------
With A and B the payoffs made positive by affine changes, P = {x >= 0, B'x <= 1} and
Q = {y >= 0, A y <= 1} are polytopes. Label i stands for player 0's action i (unplayed, or a best
response), label m + j for player 1's action j. The extreme equilibria are the pairs of nonzero
vertices that together have every label (Mangasarian 1964; von Stengel 2002).

Why the lists of vertices are complete
--------------------------------------
Row j's right side stands for 1 + eps^(j+1), eps positive and as small as need be. A *basis* is a
set of d labels, d the dimension, whose equations have one solution; it is *feasible* if at this
solution all other inequalities hold strictly for small eps. Then:

1. Each listed basis is feasible: its point lies in the polytope, with just its d labels tight.
2. Leaving out one of its labels gives a *ridge*: d - 1 labels, an edge that starts at the vertex.
   Each ridge of a listed basis belongs to just one other listed basis: the edge's other end. So the
   list is closed under adjacency.
3. The graph of a polytope is connected (Balinski 1961), so that a nonempty closed list is all of
   it, and each vertex of the polytope with eps = 0 is the limit of one listed.

That the equations of a basis have one solution is shown in one of two ways. If no label beyond the
basis is tight at its point, the other ends of its edges show it: seen from the point they lie in d
directions, along each of which one equation of the basis, and no other, is left; the matrix that
maps directions to equations is diagonal. Otherwise the equations are solved here, in integers, and
the signs for small eps are read off the solution.
"""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from operator import mul
from typing import Any

from .certificate import decode
from .reading import Failure, read_fraction, read_game, read_list, read_object, read_places

Rows = list[list[int]]


def check_two_player(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs read, and made positive by an affine change"
    try:
        read_object(data, _CERTIFICATE)
        payoffs = _read_game(data)
        rows = _positive(payoffs, data["positive"])
        m, n = len(rows[1]), len(rows[0])
        yield claim, None
        sides = []
        for name, matrix, own, best in (("P", rows[0], 0, m), ("Q", rows[1], m, 0)):
            claim = f"{name}: points and their labels"
            side = _Vertices(matrix, own, best, data[name], name)
            yield claim, None
            claim = f"{name}: the list is closed under adjacency, and so complete"
            side.check_adjacency()
            yield claim, None
            sides.append(side)
        claim = "equilibria: the pairs of vertices that have every label"
        listed = [read_object(one, _EQUILIBRIUM) for one in read_list(data["equilibria"])]
        pairs = [read_places(found["vertices"], 2) for found in listed]
        _check_pairs(sides[0], sides[1], m + n, pairs)
        yield claim, None
        claim = "equilibria: profiles, payoffs and best responses"
        for place, (found, pair) in enumerate(zip(listed, pairs, strict=True)):
            _check_equilibrium(payoffs, sides, pair, found, f"equilibrium {place}")
        yield claim, None
        claim = "components: as the pairs are connected"
        _check_components(sides, pairs, data["components"])
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def _read_game(data: dict[str, Any]) -> list[list[list[Fraction]]]:
    """Each player's payoffs by row and column."""
    game = read_game(data["game"])
    if len(game.shape) != 2:
        raise Failure("there are not two players")
    m, n = game.shape
    return [[table[i * n : (i + 1) * n] for i in range(m)] for table in game.payoffs]


_CERTIFICATE = {
    "format", "claim", "game", "positive", "P", "Q", "equilibria", "components", "sha256",
}  # fmt: skip
_EQUILIBRIUM = {"vertices", "profile", "payoffs"}


def _positive(payoffs: list[list[list[Fraction]]], given: Any) -> tuple[Rows, Rows]:
    """B transposed and A, both in positive integers."""
    tables: list[Rows] = []
    for player, (table, change) in enumerate(zip(payoffs, read_list(given, 2), strict=True)):
        read_object(change, {"factor", "offset"})
        factor, offset = read_fraction(change["factor"]), read_fraction(change["offset"])
        if factor <= 0:
            raise Failure(f"player {player}'s payoffs are multiplied by {factor}")
        changed = [[factor * value + offset for value in row] for row in table]
        if any(value <= 0 or value.denominator != 1 for row in changed for value in row):
            raise Failure(f"player {player}'s payoffs do not become positive integers")
        tables.append([[int(value) for value in row] for row in changed])
    return [list(column) for column in zip(*tables[1], strict=True)], tables[0]


class _Vertices:
    """One polytope {z >= 0, C z <= 1}, and the list of its bases with their points."""

    def __init__(self, rows: Rows, own: int, best: int, given: Any, name: str) -> None:
        self._rows = rows
        self.dimension = len(rows[0])
        self._own, self._best = own, best
        self._name = name
        read_object(given, {"bases", "points"})
        self.bases = [decode(basis) for basis in read_list(given["bases"])]
        if len(set(self.bases)) != len(self.bases):
            raise Failure(f"{name} lists a basis twice")
        if not self.bases:
            raise Failure(f"{name} lists no basis")
        self.points: list[list[int]] = []
        self.tight: list[int] = []
        columns = list(zip(*rows, strict=True))
        for place, (basis, point) in enumerate(
            zip(self.bases, read_list(given["points"], len(self.bases)), strict=True)
        ):
            self._check_basis(f"basis {place} of {name}", basis, point, columns)

    @property
    def origin(self) -> int:
        """The labels tight at the point 0."""
        return (1 << self.dimension) - 1 << self._own

    def strategy(self, place: int) -> list[Fraction]:
        """A point divided by its sum."""
        weights, total = iter(self.points[place]), sum(self.points[place])
        return [
            Fraction(0)
            if self.bases[place] >> self._own + t & 1
            else Fraction(next(weights), total)
            for t in range(self.dimension)
        ]

    def _check_basis(
        self, where: str, basis: int, written: Any, columns: list[tuple[int, ...]]
    ) -> None:
        """Take in one basis: its labels, its point, and what is tight there."""
        d, own, best = self.dimension, self._own, self._best
        support = [t for t in range(d) if not basis >> own + t & 1]
        rows = [j for j in range(len(self._rows)) if basis >> best + j & 1]
        if basis < 0 or basis.bit_count() != d or len(rows) != len(support):
            raise Failure(f"{where} is not a set of {d} labels")
        point = [value if type(value) is int else decode(value) for value in read_list(written)]
        scale, *weights = point
        if scale <= 0 or len(weights) != len(support):
            raise Failure(f"the point of {where} is malformed")
        tight = basis
        for t, weight in zip(support, weights, strict=True):
            if weight <= 0:
                if weight < 0:
                    raise Failure(f"{where}: weight {t} is negative")
                tight |= 1 << own + t
        used = [columns[t] for t in support]
        for j, row in enumerate(zip(*used, strict=True) if used else [()] * len(self._rows)):
            slack = scale - sum(map(mul, row, weights))
            if slack <= 0:
                if slack < 0:
                    raise Failure(f"{where}: row {j} is violated")
                tight |= 1 << best + j
            elif basis >> best + j & 1:
                raise Failure(f"{where}: row {j} is not tight")
        if tight != basis:
            self._check_lexicographically(where, basis, tight, support, rows)
        self.points.append(weights)
        self.tight.append(tight)

    def _check_lexicographically(
        self, where: str, basis: int, tight: int, support: list[int], rows: list[int]
    ) -> None:
        """Inequalities tight beyond the basis must hold strictly for small eps.

        With M the basis' matrix, the weights move by inverse(M) eps^(row + 1), and the slack of
        another row j by eps^(j+1) less its own products with these.
        """
        inverse = _inverse([[self._rows[j][t] for t in support] for j in rows], where)
        for t, line in zip(support, inverse, strict=True):
            if tight >> self._own + t & 1:
                moves = dict(zip(rows, line, strict=True))
                _check_first(moves, f"{where}: weight {t}")
        for j, row in enumerate(self._rows):
            if tight & ~basis & 1 << self._best + j:
                moves = {
                    other: -sum(row[t] * line[k] for t, line in zip(support, inverse, strict=True))
                    for k, other in enumerate(rows)
                }
                moves[j] = 1  # times the same positive number: only its sign counts
                _check_first(moves, f"{where}: row {j}")

    def check_adjacency(self) -> None:
        """Each ridge of a listed basis is a ridge of just one other."""
        open_ridges: dict[int, int] = {}
        bits = [1 << label for label in range(self.dimension + len(self._rows))]
        tight = self.tight
        for place, basis in enumerate(self.bases):
            degenerate = tight[place] != basis
            for bit in bits:
                if not basis & bit:
                    continue
                ridge = basis ^ bit
                other = open_ridges.pop(ridge, None)
                if other is None:
                    open_ridges[ridge] = place
                    continue
                # The step along the edge must leave each end's own label behind.
                own = self.bases[other] ^ ridge
                if (not degenerate and tight[other] & bit) or (
                    tight[other] == self.bases[other] and tight[place] & own
                ):
                    raise Failure(f"bases {other} and {place} of {self._name} are one point")
        for ridge, place in open_ridges.items():
            label = (self.bases[place] ^ ridge).bit_length() - 1
            raise Failure(f"basis {place} of {self._name} has no neighbour without label {label}")


def _inverse(matrix: Rows, where: str) -> Rows:
    """The inverse times a positive number, by elimination in integers (Bareiss 1968)."""
    k = len(matrix)
    table = [[*row, *(int(i == j) for j in range(k))] for i, row in enumerate(matrix)]
    previous = 1
    for column in range(k):
        able = next((i for i in range(column, k) if table[i][column]), None)
        if able is None:
            raise Failure(f"the equations of {where} have no single solution")
        table[column], table[able] = table[able], table[column]
        pivot_row = table[column]
        pivot = pivot_row[column]
        for i, row in enumerate(table):
            if i != column:
                factor = row[column]
                table[i] = [
                    (value * pivot - factor * other) // previous
                    for value, other in zip(row, pivot_row, strict=True)
                ]
        previous = pivot
    sign = 1 if previous > 0 else -1
    return [[sign * value for value in row[k:]] for row in table]


def _check_first(moves: dict[int, int], where: str) -> None:
    """The coefficient of the lowest power of eps that is not zero must be positive."""
    if next((moves[j] for j in sorted(moves) if moves[j]), 0) <= 0:
        raise Failure(f"{where} fails for small eps")


def _check_pairs(first: _Vertices, second: _Vertices, n_labels: int, listed: list[Any]) -> None:
    """The list is all pairs of vertices that have every label, the origins left out."""
    everything = (1 << n_labels) - 1
    simple = _Holders([t for t in set(second.tight) if t.bit_count() == second.dimension], n_labels)
    degenerate = _Holders(
        [t for t in set(second.tight) if t.bit_count() > second.dimension], n_labels
    )
    expected: set[tuple[int, int]] = set()
    for tight in set(first.tight):
        lacking = everything & ~tight
        partners = degenerate.of_all(lacking)
        if tight.bit_count() > first.dimension:
            partners += simple.of_all(lacking)
        elif lacking in simple.sets:
            partners.append(lacking)
        expected |= {(tight, partner) for partner in partners}
    expected.discard((first.origin, second.origin))
    given = [(first.tight[i], second.tight[j]) for i, j in listed]
    if len(set(given)) != len(given):
        raise Failure("an equilibrium is listed twice")
    if set(given) - expected:
        place = next(place for place, pair in enumerate(given) if pair not in expected)
        raise Failure(f"equilibrium {place}: its vertices lack a label")
    if len(given) != len(expected):
        raise Failure(f"{len(given)} equilibria are listed, but there are {len(expected)}")


class _Holders:
    """Sets of labels, to be found by labels they hold: one bit a set, for each label."""

    def __init__(self, sets: list[int], n_labels: int) -> None:
        self._list, self.sets = sets, set(sets)
        self._bits = [
            int("0" + "".join("1" if one >> label & 1 else "0" for one in reversed(sets)), 2)
            for label in range(n_labels)
        ]

    def of_all(self, labels: int) -> list[int]:
        """The sets that hold all these labels."""
        found = (1 << len(self._list)) - 1
        while labels and found:
            top = labels.bit_length() - 1
            found &= self._bits[top]
            labels ^= 1 << top
        places: list[int] = []
        while found:
            places.append(found.bit_length() - 1)
            found ^= 1 << places[-1]
        return [self._list[place] for place in places]


def _check_equilibrium(
    payoffs: list[list[list[Fraction]]],
    sides: list[_Vertices],
    pair: Any,
    found: Any,
    where: str,
) -> None:
    """The profile is the pair of vertices, pays what is said, and no action pays more."""
    profile = [
        [read_fraction(chance) for chance in read_list(part)]
        for part in read_list(found["profile"], 2)
    ]
    for side, place, part in zip(sides, pair, profile, strict=True):
        if side.strategy(place) != part:
            raise Failure(f"{where}: its profile is not the vertices'")
    said = [read_fraction(value) for value in read_list(found["payoffs"], 2)]
    for player, part in enumerate(profile):
        own = payoffs[0] if player == 0 else list(zip(*payoffs[1], strict=True))
        other = profile[1 - player]
        values = [sum(map(mul, row, other)) for row in own]
        if sum(map(mul, values, part)) != said[player]:
            raise Failure(f"{where}: player {player} is paid something else")
        if max(values) != said[player]:
            raise Failure(f"{where}: player {player} has a better action")


def _check_components(sides: list[_Vertices], pairs: list[Any], listed: Any) -> None:
    """Equilibria with a strategy in common, directly or by others, form one component."""
    linked: dict[tuple[int, int], list[int]] = {}
    for place, pair in enumerate(pairs):
        for side, vertex in enumerate(pair):
            linked.setdefault((side, sides[side].tight[vertex]), []).append(place)
    expected: list[list[int]] = []
    seen: set[int] = set()
    for place in range(len(pairs)):
        if place in seen:
            continue
        component, waiting = {place}, [place]
        while waiting:
            here = waiting.pop()
            for side, vertex in enumerate(pairs[here]):
                fresh = set(linked[side, sides[side].tight[vertex]]) - component
                component |= fresh
                waiting += fresh
        seen |= component
        expected.append(sorted(component))
    places = [place for one in read_list(listed) for place in read_list(one)]
    if any(type(place) is not int for place in places) or listed != expected:
        raise Failure("equilibria are grouped otherwise")
