"""Check that a logit equilibrium of a given precision lies within a radius of a profile.

The claim
---------
In a logit equilibrium of precision t each action is played with a probability proportional to
exp(t u), u its payoff given the others' probabilities (McKelvey & Palfrey 1995). With l the logs of
all probabilities and r any one action of each player, his reference, these are the zeros of the
equations h, one for each action a of each player i:

    l_ia - l_ir - t (u_ia(exp l) - u_ir(exp l)) = 0     for a other than r,
    the sum of exp l_ic over c, less 1 = 0              for a = r.

The claim is that just one zero has all its logs within the log radius of those given; and that its
probabilities are within the radius of the profile. Which of the game's logit equilibria it is, if
it has several, is not part of the claim.

Why it holds
------------
With Y any matrix, T(l) = l - Y h(l) maps that box of logs to itself and contracts it if, in the
largest coordinate, ||I - Y h'|| <= k < 1 over the box and ||Y h|| + k times the log radius is at
most the log radius, h taken at the logs given. Then T has just one fixed point there (Banach), and
Y is regular, so that it is the one zero of h (Kantorovich 1948, Krawczyk 1969).

The derivatives and the equations are computed exactly with the profile in place of exp l. What the
difference makes is bounded: if the profile's parts sum to S_j, and exp l differs from them by at
most d_j in all, then a sum of products of the others' probabilities with numbers of size at most D
differs by at most D times (product of S_j + d_j, less product of S_j). Exponentials are enclosed
by integers over a power of 2.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from fractions import Fraction
from operator import mul
from typing import Any

from .certificate import decode
from .exponential import BITS, exponential
from .reading import Failure, Game, read_fraction, read_game, read_list, read_object, read_places

_MOST_BITS = 1 << 16  # of the matrix's unit
_MOST_ROWS = 400


def check_quantal_response(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: players, actions and payoffs"
    try:
        read_object(data, _CERTIFICATE)
        game = read_game(data["game"])
        yield claim, None
        claim = "profile: near the exponentials of the logs"
        precision = read_fraction(data["precision"])
        if precision < 0:
            raise Failure("the precision is negative")
        box = _Box(game, data)
        yield claim, None
        claim = "derivatives: nearly inverted by the matrix, over all of the box"
        equations = _Equations(game, box, precision, read_places(data["references"]))
        inverse = _Matrix(data["inverse"], len(equations.values))
        gaps = equations.gaps(inverse)
        yield claim, None
        claim = "box: it holds just one logit equilibrium of the precision"
        equations.check_step(inverse, gaps, box.log_radius)
        yield claim, None
        claim = "radius: the equilibrium is within it of the profile"
        box.check_radius(read_fraction(data["radius"]))
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


_CERTIFICATE = {
    "format", "claim", "game", "precision", "profile", "logs", "log_radius", "radius", "references",
    "inverse", "sha256",
}  # fmt: skip
_INVERSE = {"bits", "rows"}


def _largest_differences(game: Game, player: int, reference: int) -> list[Fraction]:
    """For each action the most its payoff can differ from the reference action's."""
    m, stride = game.shape[player], math.prod(game.shape[player + 1 :])
    table, found = game.payoffs[player], [Fraction(0)] * m
    for start in range(0, len(table), m * stride):
        base = table[start + reference * stride : start + (reference + 1) * stride]
        for a in range(m):
            row = table[start + a * stride : start + (a + 1) * stride]
            found[a] = max(found[a], *(abs(x - y) for x, y in zip(row, base, strict=True)))
    return found


class _Payoffs:
    """A player's payoffs as integers over one denominator, to be averaged."""

    def __init__(self, game: Game, player: int) -> None:
        self._player, self._shape = player, game.shape
        self._unit = math.lcm(*{value.denominator for value in game.payoffs[player]})
        self._table = [
            value.numerator * (self._unit // value.denominator) for value in game.payoffs[player]
        ]

    def against(self, other: int | None, parts: list[list[Fraction]]) -> list[list[Fraction]]:
        """For each own action its payoff against each action of another, the rest as in the parts.

        Where no other is named each action has one payoff.
        """
        table, shape, unit = self._table, list(self._shape), self._unit
        for axis in range(len(shape)):
            if axis in (self._player, other):
                continue
            below = math.lcm(*(chance.denominator for chance in parts[axis]))
            weights = [chance.numerator * (below // chance.denominator) for chance in parts[axis]]
            table = _contracted(table, shape, axis, weights)
            unit *= below
            shape[axis] = 1
        values = [Fraction(value, unit) for value in table]
        m = shape[self._player]
        if other is not None and other < self._player:
            return [values[a::m] for a in range(m)]
        width = len(values) // m
        return [values[a * width : (a + 1) * width] for a in range(m)]


def _contracted(table: list[int], shape: list[int], axis: int, weights: list[int]) -> list[int]:
    """Sums over one axis of a table, its last axis the fastest."""
    stride = math.prod(shape[axis + 1 :])
    found: list[int] = []
    for start in range(0, len(table), len(weights) * stride):
        rows = [table[start + c * stride : start + (c + 1) * stride] for c in range(len(weights))]
        found += [sum(map(mul, weights, column)) for column in zip(*rows, strict=True)]
    return found


class _Box:
    """The profile, the logs, and what the exponentials of all logs in the box can be."""

    def __init__(self, game: Game, data: dict[str, Any]) -> None:
        self.parts = _vectors(data["profile"], game.shape)
        self.logs = _vectors(data["logs"], game.shape)
        self.log_radius = read_fraction(data["log_radius"])
        if not 0 < self.log_radius <= 1:
            raise Failure("the log radius is not between 0 and 1")
        self._deviations: list[list[Fraction]] = []
        self.at_logs: list[Fraction] = []
        for i, (part, logs) in enumerate(zip(self.parts, self.logs, strict=True)):
            if min(part) < 0 or max(logs) > 1:
                raise Failure(f"player {i} has a negative probability, or a log above 1")
            here = [_enclosed(log, log, chance) for log, chance in zip(logs, part, strict=True)]
            self.at_logs.append(sum(here, start=Fraction(0)))
            self._deviations.append(
                [
                    _enclosed(log - self.log_radius, log + self.log_radius, chance)
                    for log, chance in zip(logs, part, strict=True)
                ]
            )

    @property
    def anywhere(self) -> list[Fraction]:
        """For each player the most his probabilities differ from the profile's, in all."""
        return [sum(part, start=Fraction(0)) for part in self._deviations]

    def check_radius(self, radius: Fraction) -> None:
        """No probability differs by more."""
        for i, part in enumerate(self._deviations):
            if max(part) > radius:
                raise Failure(f"player {i}'s probabilities can be further off")

    def joint_change(self, player: int, changes: list[Fraction]) -> Fraction:
        """The most the others' joint probabilities change, in all, if each part changes so."""
        sums = [sum(part, start=Fraction(0)) for j, part in enumerate(self.parts) if j != player]
        others = [change for j, change in enumerate(changes) if j != player]
        return math.prod(map(sum, zip(sums, others, strict=True)), start=Fraction(1)) - math.prod(
            sums, start=Fraction(1)
        )


def _vectors(given: Any, shape: tuple[int, ...]) -> list[list[Fraction]]:
    return [
        [read_fraction(value) for value in read_list(part, m)]
        for part, m in zip(read_list(given, len(shape)), shape, strict=True)
    ]


class _Equations:
    """The equations at the profile, their derivatives, and how wrong both can be."""

    def __init__(
        self, game: Game, box: _Box, precision: Fraction, references: tuple[int, ...]
    ) -> None:
        self.values: list[Fraction] = []
        self.value_errors: list[Fraction] = []
        self.rows: list[list[int]] = []  # in units of 2^-BITS, rounded down
        self.row_errors: list[Fraction] = []
        starts = [sum(game.shape[:i]) for i in range(len(game.shape) + 1)]
        others = len(game.shape) - 1
        for i, (m, r) in enumerate(zip(game.shape, references, strict=True)):
            part, logs = box.parts[i], box.logs[i]
            if r >= m:
                raise Failure(f"player {i} has no action {r} to refer to")
            averages = _Payoffs(game, i)
            pairs = {k: averages.against(k, box.parts) for k in range(len(game.shape)) if k != i}
            payoffs = [row[0] for row in averages.against(None, box.parts)]
            largest = _largest_differences(game, i, r)
            here, anywhere = (
                box.joint_change(i, changes) for changes in (box.at_logs, box.anywhere)
            )
            for a in range(m):
                row = [Fraction(0)] * starts[-1]
                if a == r:
                    row[starts[i] : starts[i + 1]] = part
                    self.values.append(sum(part, start=Fraction(-1)))
                    self.value_errors.append(box.at_logs[i])
                    error = box.anywhere[i]
                else:
                    for k, table in pairs.items():
                        row[starts[k] : starts[k + 1]] = [
                            -precision * chance * (x - y)
                            for chance, x, y in zip(box.parts[k], table[a], table[r], strict=True)
                        ]
                    row[starts[i] + a] += 1
                    row[starts[i] + r] -= 1
                    gain = payoffs[a] - payoffs[r]
                    self.values.append(logs[a] - logs[r] - precision * gain)
                    self.value_errors.append(precision * largest[a] * here)
                    error = precision * largest[a] * others * anywhere
                self.rows.append([math.floor(value * (1 << BITS)) for value in row])
                self.row_errors.append(error + Fraction(len(row), 1 << BITS))

    def gaps(self, inverse: _Matrix) -> list[Fraction]:
        """For each row of I - Y h' its sum over the box, at most; all below 1."""
        columns = list(zip(*self.rows, strict=True))
        whole = 1 << inverse.bits + BITS
        found: list[Fraction] = []
        for place, row in enumerate(inverse.rows):
            gap = sum(
                abs(sum(map(mul, row, column)) - (whole if place == c else 0))
                for c, column in enumerate(columns)
            )
            found.append(Fraction(gap, whole) + inverse.weighted(place, self.row_errors))
            if found[-1] >= 1:
                raise Failure(f"row {place} of the matrix is not that of an inverse")
        return found

    def check_step(self, inverse: _Matrix, gaps: list[Fraction], log_radius: Fraction) -> None:
        """The map T does not leave the box."""
        for place, (row, gap) in enumerate(zip(inverse.rows, gaps, strict=True)):
            step = abs(sum(map(mul, row, self.values), start=Fraction(0)))
            step = step / (1 << inverse.bits) + inverse.weighted(place, self.value_errors)
            if step + max(gaps) * log_radius > log_radius or gap >= 1:
                raise Failure(f"coordinate {place} may leave the box")


class _Matrix:
    """The matrix Y, integers over a power of 2."""

    def __init__(self, given: Any, size: int) -> None:
        read_object(given, _INVERSE)
        self.bits: int = given["bits"]
        if type(self.bits) is not int or not 0 <= self.bits <= _MOST_BITS or size > _MOST_ROWS:
            raise Failure("the matrix is too large, or without a unit")
        self.rows = [
            [decode(value) for value in read_list(row, size)]
            for row in read_list(given["rows"], size)
        ]
        self._sizes = [[abs(value) for value in row] for row in self.rows]

    def weighted(self, place: int, amounts: list[Fraction]) -> Fraction:
        """The sum of amounts, each times the size of the row's entry."""
        whole = sum(map(mul, self._sizes[place], amounts), start=Fraction(0))
        return whole / (1 << self.bits)


def _enclosed(low: Fraction, high: Fraction, chance: Fraction) -> Fraction:
    """The most a number can differ from exp of one between low and high."""
    return max(exponential(high)[1] - chance, chance - exponential(low)[0])
