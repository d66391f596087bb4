"""Lists of equilibria of three and more players: exact ones, and ones known to lie in a ball."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from numpy.typing import NDArray

from balancegame.games.equilibrium import (
    Equilibrium,
    ball_equilibrium,
    exact_action_payoffs,
    rational_equilibrium,
)
from balancegame.games.equilibrium_lists import LazyList
from balancegame.games.integer_payoffs import IntegerTables
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.many_players.exact_supports import Piece, conditions, decompose
from balancegame.solvers.many_players.refinement import Refinement

Floats = NDArray[np.float64]
Rational = tuple[tuple[Fraction, ...], ...]

_FLOAT_BITS = 60
_LARGEST_DENOMINATOR = 1_000  # of probabilities that are tried as rationals
_BITS_A_DIGIT = 3.33


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The piece of a support that an equilibrium was found in, and where: its own equations."""

    support: tuple[tuple[int, ...], ...]
    piece: Piece
    coordinates: tuple[Floats, ...]
    radius: float


@dataclass(frozen=True, slots=True, eq=False)
class Isolated:
    """An equilibrium: exact, or the only one of its support within a radius of a profile.

    `origin` is None where the support's own equations single it out.
    """

    profile: tuple[Floats, ...]
    radius: float
    exact: Rational | None
    index: int | None
    origin: Origin | None = None

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """Each player's actions of positive probability."""
        if self.origin is not None:
            return self.origin.support
        parts = self.profile if self.exact is None else self.exact
        return tuple(tuple(a for a, chance in enumerate(part) if chance > 0) for part in parts)

    @property
    def reaches_zero(self) -> bool:
        """Whether the ball is so wide that a probability of the support could be 0 in it."""
        return any(
            part[a] <= 2.0 * self.radius
            for part, own in zip(self.profile, self.support, strict=True)
            for a in own
        )

    @property
    def order(self) -> tuple[bool, tuple[tuple[int, ...], ...], list[list[float]]]:
        """Pure ones first; then by support, then profile."""
        support = self.support
        mixed = any(len(part) > 1 for part in support)
        return mixed, support, [part.tolist() for part in self.profile]


def exactly(profile: Rational, index: int | None) -> Isolated:
    """The entry of a rational equilibrium."""
    floats = tuple(np.array([float(chance) for chance in part]) for part in profile)
    return Isolated(floats, 0.0, profile, index)


@final
class IsolatedEquilibria(LazyList):
    """Records are built, sharpened and tried for rational numbers when they are read."""

    __slots__ = ("_digits", "_entries", "_game", "_payoffs")

    def __init__(
        self,
        game: NormalFormGame,
        payoffs: IntegerTables,
        entries: Sequence[Isolated],
        digits: int | None = None,
    ) -> None:
        self._game = game
        self._payoffs = payoffs
        self._entries = tuple(entries)
        self._digits = digits

    def __len__(self) -> int:
        return len(self._entries)

    def refined(self, digits: int) -> IsolatedEquilibria:
        """The same list, approximated to so many decimal digits."""
        return IsolatedEquilibria(self._game, self._payoffs, self._entries, digits)

    def _cut(self, places: slice) -> IsolatedEquilibria:
        return IsolatedEquilibria(self._game, self._payoffs, self._entries[places], self._digits)

    def _unfold(self, place: int) -> Equilibrium:
        entry = self._entries[place]
        exact = entry.exact or rational_profile(self._payoffs, entry)
        if exact is not None:
            return rational_equilibrium(self._game, self._payoffs, exact, entry.index)
        bits = _FLOAT_BITS
        if self._digits is not None:
            bits = max(bits, int(self._digits * _BITS_A_DIGIT) + 20)
        sharpened = _sharpened(self._payoffs, entry, bits)
        if sharpened is None:
            return ball_equilibrium(self._game, entry.profile, entry.radius, entry.index)
        approximation, radius = sharpened
        floats = tuple(np.array([float(chance) for chance in part]) for part in approximation)
        if self._digits is not None:
            return ball_equilibrium(
                self._game, floats, _upwards(radius), entry.index, approximation
            )
        rounding = max(
            abs(Fraction(x) - chance)
            for part, rounded in zip(approximation, floats, strict=True)
            for chance, x in zip(part, rounded.tolist(), strict=True)
        )
        return ball_equilibrium(self._game, floats, _upwards(radius + rounding), entry.index)


def _sharpened(
    payoffs: IntegerTables, entry: Isolated, bits: int
) -> tuple[Rational, Fraction] | None:
    """A profile and a radius that holds the equilibrium, by Newton's method to so many bits."""
    if entry.origin is not None:
        origin = entry.origin
        refinement = Refinement(origin.piece.equations, origin.coordinates, origin.radius)
        if not refinement.is_sharp:
            return None
        widest = max(len(vertices) for vertices in origin.piece.vertices)
        while True:
            coordinates, radius = refinement.solve(bits)
            profile = origin.piece.profile(coordinates)
            played = [
                part[a] for part, own in zip(profile, origin.support, strict=True) for a in own
            ]
            # The probabilities of the support are known to be positive.
            if min(played) > widest * radius:
                return profile, widest * radius
            bits *= 2
    support = entry.support
    equations, _ = conditions(payoffs.tables, support)
    start = [part[list(own)] for part, own in zip(entry.profile, support, strict=True)]
    refinement = Refinement(equations, start, entry.radius)
    if not refinement.is_sharp:
        return None
    coordinates, radius = refinement.solve(bits)
    return _spread_out(coordinates, support, payoffs.tables.shape[1:]), radius


def _spread_out(
    coordinates: Rational, support: Sequence[Sequence[int]], shape: Sequence[int]
) -> Rational:
    """Probabilities of all actions from those of a support's."""
    profile = [[Fraction(0)] * m for m in shape]
    for part, own, chances in zip(profile, support, coordinates, strict=True):
        for a, chance in zip(own, chances, strict=True):
            part[a] = chance
    return tuple(map(tuple, profile))


def _upwards(value: Fraction) -> float:
    return float(np.nextafter(float(value), np.inf))


def rational_profile(payoffs: IntegerTables, entry: Isolated) -> Rational | None:
    """The equilibrium exactly, if its probabilities are fractions of small denominators.

    Two who mix solve linear equations, so that theirs always are rational; they are found by
    solving these. Others are guessed from the floats. Either way the payoffs are compared exactly.
    """
    support = entry.support
    guess: list[tuple[Fraction, ...]] = []
    for part, own in zip(entry.profile, support, strict=True):
        if len(own) == 1:
            guess.append(tuple(Fraction(int(a == own[0])) for a in range(len(part))))
            continue
        chances = [Fraction(x).limit_denominator(_LARGEST_DENOMINATOR) for x in part.tolist()]
        near = max(abs(float(chance) - x) for chance, x in zip(chances, part.tolist(), strict=True))
        if near > 2.0 * entry.radius + 1e-13 or sum(chances) != 1:
            return _of_two(payoffs, support)
        guess.append(tuple(chances))
    if _is_solution(payoffs, tuple(guess), support):
        return tuple(guess)
    return _of_two(payoffs, support)


def _is_solution(
    payoffs: IntegerTables, profile: Rational, support: Sequence[Sequence[int]]
) -> bool:
    """Whether every player's support pays him the same, and the most."""
    for i, own in enumerate(support):
        values = exact_action_payoffs(payoffs, i, profile)
        if any(values[a] != max(values) for a in own):
            return False
    return True


def _of_two(payoffs: IntegerTables, support: Sequence[Sequence[int]]) -> Rational | None:
    if sum(len(own) > 1 for own in support) != 2:
        return None
    products, stuck = decompose(payoffs.tables, support)
    if stuck or len(products) != 1 or any(len(part) != 1 for part in products[0]):
        return None
    return tuple(part[0] for part in products[0])
