"""What Abreu & Sannikov's method looks at in a repeated game of two players.

A profile pays ``payoff``; the best deviation from it pays ``best``. It can be played today if
continuations pay ``need = (1 - delta) / delta * (best - payoff)`` more than the threats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from balancegame.games.normal_form import NormalFormGame
from balancegame.games.repeated_game import Contingency, RepeatedGame
from balancegame.solvers.repeated.rational_polygons import Pair

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FloatProfiles:
    """All contingencies' profiles in floats, both players' payoffs scaled to [0, 1].

    ``payoffs`` and ``needs`` have shape (A, 2); those of contingency s are ``first[s]:first[s+1]``.
    A payoff is ``origin + scale`` times the scaled one. ``minmax`` (2,): below it nobody is held.
    """

    payoffs: Floats
    needs: Floats
    first: tuple[int, ...]
    chances: tuple[float, ...]
    minmax: Floats
    origin: Floats
    scale: Floats


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of one contingency."""

    place: int
    payoff: Pair
    best: Pair
    need: Pair


@dataclass(frozen=True, slots=True)
class Profiles:
    """All contingencies' profiles, in rationals or in floats; `box` holds all payoffs well inside.

    `Profile.place` counts within the contingency.
    """

    discount: Any
    chances: tuple[Any, ...]
    contingencies: tuple[tuple[Profile, ...], ...]
    minmax: Pair
    box: list[Pair]

    @property
    def single(self) -> bool:
        """Whether there is one contingency only."""
        return len(self.contingencies) == 1


def drawn(repeated: RepeatedGame) -> list[tuple[Contingency, Fraction]]:
    """The contingencies that can be drawn, with their probabilities."""
    pairs = zip(repeated.contingencies, repeated.probabilities, strict=True)
    return [(one, chance) for one, chance in pairs if chance]


def float_profiles(repeated: RepeatedGame) -> FloatProfiles:
    """The profiles in floats."""
    delta = float(repeated.discounts[0])
    pairs = drawn(repeated)
    tables = [one.stage.payoffs for one, _ in pairs]
    payoffs = np.concatenate([table.reshape(2, -1).T for table in tables])
    origin = payoffs.min(axis=0)
    scale = payoffs.max(axis=0) - origin
    scale[scale == 0.0] = 1.0
    best = np.concatenate([_best(table).reshape(2, -1).T for table in tables])
    gains = (best - payoffs) / scale
    # Where tomorrow does not count, nothing makes up for a gain today.
    needs = np.where(gains > 0.0, np.inf, 0.0) if delta == 0.0 else (1.0 - delta) / delta * gains
    chances = tuple(float(chance) for _, chance in pairs)
    minmax = np.zeros(2)
    for chance, table in zip(chances, tables, strict=True):
        least = (table[0].max(axis=0).min(), table[1].max(axis=1).min())
        minmax += chance * (np.array(least) - origin) / scale
    sizes = [table[0].size for table in tables]
    return FloatProfiles(
        (payoffs - origin) / scale,
        needs,
        tuple(int(end) for end in np.cumsum([0, *sizes])),
        chances,
        minmax,
        origin,
        scale,
    )


def exact_profiles(repeated: RepeatedGame) -> Profiles:
    """The profiles in rationals."""
    delta = as_fmpq(repeated.exact_discounts[0])
    chances = tuple(as_fmpq(chance) for _, chance in drawn(repeated))
    contingencies = tuple(_profiles(one.stage, delta) for one, _ in drawn(repeated))
    minmax = [fmpq(0), fmpq(0)]
    for chance, profiles in zip(chances, contingencies, strict=True):
        for i in (0, 1):
            minmax[i] += chance * min(profile.best[i] for profile in profiles)
    payoffs = [profile.payoff for profiles in contingencies for profile in profiles]
    low = [min(payoff[i] for payoff in payoffs) for i in (0, 1)]
    high = [max(payoff[i] for payoff in payoffs) for i in (0, 1)]
    low, high = (
        [2 * a - b - 1 for a, b in zip(low, high, strict=True)],
        [2 * b - a + 1 for a, b in zip(low, high, strict=True)],
    )
    box = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])]
    return Profiles(delta, chances, contingencies, (minmax[0], minmax[1]), box)


def scaled_profiles(profiles: FloatProfiles, delta: float) -> Profiles:
    """The same in floats, payoffs scaled to [0, 1]."""
    contingencies: list[tuple[Profile, ...]] = []
    for begin, end in zip(profiles.first, profiles.first[1:], strict=False):
        payoffs, needs = profiles.payoffs[begin:end], profiles.needs[begin:end]
        gains = np.where(needs > 0.0, delta / (1.0 - delta) * np.minimum(needs, 1e300), 0.0)
        best = payoffs + gains
        rows = zip(payoffs.tolist(), best.tolist(), needs.tolist(), strict=True)
        contingencies.append(
            tuple(
                Profile(place, tuple(payoff), tuple(top), tuple(need))
                for place, (payoff, top, need) in enumerate(rows)
            )
        )
    box = [(-1.0, -1.0), (2.0, -1.0), (2.0, 2.0), (-1.0, 2.0)]
    minmax = (float(profiles.minmax[0]), float(profiles.minmax[1]))
    return Profiles(delta, profiles.chances, tuple(contingencies), minmax, box)


def as_fmpq(number: Fraction | float) -> fmpq:
    """A number as flint's rational."""
    exact = number if isinstance(number, Fraction) else Fraction(number)
    return fmpq(exact.numerator, exact.denominator)


def as_fraction(number: Any) -> Fraction:
    """One of flint's rationals as a Fraction."""
    found = fmpq(number)
    return Fraction(int(found.p), int(found.q))


def as_float(number: Any) -> float:
    """One of flint's rationals as the nearest float."""
    found = fmpq(number)
    return int(found.p) / int(found.q)


def as_points(corners: Sequence[Pair]) -> Floats:
    """Corners in floats, shape (k, 2)."""
    return np.array([[as_float(x) for x in corner] for corner in corners]).reshape(-1, 2)


def _best(table: Floats) -> Floats:
    return np.stack(
        [
            np.broadcast_to(table[0].max(axis=0), table.shape[1:]),
            np.broadcast_to(table[1].max(axis=1)[:, None], table.shape[1:]),
        ]
    )


def _profiles(stage: NormalFormGame, delta: fmpq) -> tuple[Profile, ...]:
    table = stage.exact_payoffs if stage.has_rounded_payoffs else stage.payoffs
    cells = [[[as_fmpq(value) for value in row] for row in part] for part in table.tolist()]
    rows, columns = stage.shape
    best = (
        [max(cells[0][a][b] for a in range(rows)) for b in range(columns)],
        [max(row) for row in cells[1]],
    )
    spread = max(map(max, cells[0] + cells[1])) - min(map(min, cells[0] + cells[1]))
    found: list[Profile] = []
    for place in range(rows * columns):
        a, b = divmod(place, columns)
        payoff = (cells[0][a][b], cells[1][a][b])
        top = (best[0][b], best[1][a])
        need = (
            _need(delta, top[0] - payoff[0], spread),
            _need(delta, top[1] - payoff[1], spread),
        )
        found.append(Profile(place, payoff, top, need))
    return tuple(found)


def _need(delta: fmpq, gain: fmpq, spread: fmpq) -> fmpq:
    """What continuations must pay above the threat; more than any can where none counts."""
    if delta == 0:
        return gain if gain == 0 else 8 * spread + 8
    return (1 - delta) / delta * gain
