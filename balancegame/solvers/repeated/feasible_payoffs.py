"""Feasible payoffs, and those that give nobody less than he can be held down to."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known
from balancegame.certificates.certificate import Certificate
from balancegame.errors import InvalidTypeError, UnknownParameterError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.payoff_set import Bounds, PayoffSet
from balancegame.games.repeated_game import RepeatedGame, check_float_range
from balancegame.solvers.minmax.minmax import minmax
from balancegame.solvers.repeated.float_polytope import FloatPolytope, float_hull
from balancegame.solvers.repeated.mixtures import Mixtures
from balancegame.solvers.repeated.parts_above import parts_above
from balancegame.solvers.repeated.polytope_gap import farthest, ordered
from balancegame.solvers.repeated.rational_polygons import Polygon, clip
from balancegame.solvers.repeated.rational_polygons import hull as polygon
from balancegame.solvers.repeated.stage_incentives import StageIncentives, stage_incentives

Point = tuple[Fraction, ...]
Floats = NDArray[np.float64]

_HELD = {"minmax": "from pure minmax values up", "mixed": "from mixed minmax values up"}
_PUNISHMENTS = ("none", *_HELD)
_ROUNDED = 1e-9  # of the payoffs' range
_MOST_EXACT = 3000  # points


@dataclass(frozen=True, slots=True)
class _Known:
    """Bounds worked out at once; the hull of stage payoffs needs no further proof."""

    known: Bounds

    def bounds(self) -> Bounds:
        return self.known

    def certificate(self) -> Certificate | None:
        return None


def feasible_payoffs(game: RepeatedGame | NormalFormGame, *, punishment: str = "none") -> PayoffSet:
    """The convex hull of stage payoffs, or the individually rational part of it.

    Parameters
    ----------
    game : RepeatedGame or NormalFormGame
        Of several contingencies, expected payoffs with play that depends on the contingency. The
        discount factors do not count; where they differ, repeated play can reach outside.
    punishment : {"none", "minmax", "mixed"}
        Whether players get at least their pure minmax value, their mixed one, or anything.

    Returns
    -------
    PayoffSet
        With one or two players exact, unless a minmax value is not known exactly; so is the whole
        hull of more players. Otherwise up to 1e-9 of the payoffs' range, and for "mixed" up to the
        bounds on the minmax values: with the upper ones inside, with the lower ones outside.

    Raises
    ------
    UnknownParameterError
        Another punishment.

    Notes
    -----
    The hull of the payoffs of pure profiles, cut by half-spaces. Pure-strategy equilibrium payoffs
    of a game with one discount factor lie in the part for "minmax" (Fudenberg & Maskin 1986).

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> bg.feasible_payoffs(dilemma, punishment="minmax").vertices
    array([[1. , 1. ],
           [2.5, 1. ],
           [2. , 2. ],
           [1. , 2.5]])
    """
    repeated = RepeatedGame(game, 0) if isinstance(game, NormalFormGame) else game
    if not isinstance(repeated, RepeatedGame):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"game is a {type(game).__name__}; it must be a RepeatedGame or a NormalFormGame"
        raise InvalidTypeError(message)
    check_known(punishment, _PUNISHMENTS, "punishment", UnknownParameterError)
    check_float_range(repeated)
    incentives = stage_incentives(repeated)
    lower, upper = _floors(repeated, incentives, punishment)
    if repeated.n_players == 1:
        bounds = _segment(incentives, lower)
    elif repeated.n_players == 2:
        bounds = _polygons(incentives, lower, upper)
    else:
        bounds = _polytopes(incentives, lower, upper)
    vertices = bounds.inner
    return PayoffSet(
        repeated,
        vertices,
        vertices.min(axis=0) if len(vertices) else (),
        method="hull of stage payoffs"
        if punishment == "none"
        else f"hull of stage payoffs, {_HELD[punishment]}",
        kind="Feasible payoffs"
        if punishment == "none"
        else "Feasible and individually rational payoffs",
        evidence=_Known(bounds),
    )


def _floors(
    repeated: RepeatedGame, incentives: StageIncentives, punishment: str
) -> tuple[list[Fraction] | None, list[Fraction] | None]:
    """Bounds on what each player can be held down to, expected over contingencies."""
    if punishment == "none":
        return None, None
    n = repeated.n_players
    lower, upper = [Fraction(0)] * n, [Fraction(0)] * n
    for chance, stage, places in zip(
        repeated.probabilities, repeated.stages, incentives.contingencies, strict=True
    ):
        for i in range(n):
            if punishment == "minmax":
                held = min(incentives.deviations[a, i] for a in places)
                bounds = (held, held)
            else:
                found = minmax(stage, i, mixed=True)
                bounds = (found.exact_lower, found.exact_upper)
            lower[i] += chance * bounds[0]
            upper[i] += chance * bounds[1]
    return lower, upper


def _segment(incentives: StageIncentives, floors: list[Fraction] | None) -> Bounds:
    """One player's, in rationals: what he can be held down to is the most that he can have."""
    least = most = Fraction(0)
    for chance, places in zip(incentives.probabilities, incentives.contingencies, strict=True):
        paid = [incentives.payoffs[a, 0] for a in places]
        least, most = least + chance * min(paid), most + chance * max(paid)
    if floors is not None:
        least = max(least, floors[0])
    vertices = tuple((one,) for one in dict.fromkeys((least, most)))
    points = np.array(vertices, dtype=np.float64)
    return Bounds(points, points.copy(), 0.0, "computed in rationals", vertices)


def _polygons(
    incentives: StageIncentives, lower: list[Fraction] | None, upper: list[Fraction] | None
) -> Bounds:
    """Two players', in rationals."""
    total: Polygon = [(Fraction(0), Fraction(0))]
    for chance, places in zip(incentives.probabilities, incentives.contingencies, strict=True):
        part = polygon(map(tuple, incentives.payoffs[places.start : places.stop].tolist()))
        total = polygon((x + chance * u, y + chance * v) for x, y in total for u, v in part)
    inner, outer = (
        total
        if floors is None
        else polygon(clip(clip(total, (-1, 0), -floors[0]), (0, -1), -floors[1]))
        for floors in (upper, lower)
    )
    arrays = [np.array(one, dtype=np.float64).reshape(-1, 2) for one in (inner, outer)]
    if inner == outer:
        return Bounds(arrays[0], arrays[1], 0.0, "computed in rationals", tuple(inner))
    if not inner:
        reason = "bounds on the minmax values leave open whether anything is left"
        return Bounds(arrays[0], arrays[1], math.inf, reason)
    gap = float(farthest(arrays[1], arrays[0])[0].max())
    return Bounds(arrays[0], arrays[1], gap, "up to the bounds on the mixed minmax values")


def _polytopes(
    incentives: StageIncentives, lower: list[Fraction] | None, upper: list[Fraction] | None
) -> Bounds:
    """More players', the hull in floats and, where nothing is cut off, checked in rationals."""
    n = incentives.n_players
    exact: list[Point] = [(Fraction(0),) * n]
    for chance, places in zip(incentives.probabilities, incentives.contingencies, strict=True):
        sums = list(
            dict.fromkeys(
                tuple(x + chance * y for x, y in zip(known, row, strict=True))
                for known, row in itertools.product(
                    exact, incentives.payoffs[places.start : places.stop].tolist()
                )
            )
        )
        hull = float_hull(incentives.to_unit(np.array(sums, dtype=object)))
        exact = [sums[j] for j in hull.places] if len(incentives.contingencies) > 1 else sums
    hull = float_hull(incentives.to_unit(np.array(exact, dtype=object)))
    vertices = tuple(sorted(exact[j] for j in hull.places))
    rounded = _ROUNDED * float(max(incentives.spans))
    if lower is None or upper is None:
        points = np.array(vertices, dtype=np.float64)
        mixtures = Mixtures(incentives, exact, hull)
        corners = set(vertices)
        if (
            len(incentives.contingencies) == 1
            and len(exact) <= _MOST_EXACT
            and all(one in corners or mixtures.of(one) is not None for one in exact)
        ):
            reason = "every stage payoff is a mixture of the vertices, in rationals"
            return Bounds(points, points.copy(), 0.0, reason, vertices)
        return Bounds(points, points.copy(), rounded, "the hull was computed in floats")
    inner, outer = (_above(hull, incentives, floors) for floors in (upper, lower))
    if not len(inner):
        gap, reason = (
            (0.0, "nothing is individually rational")
            if not len(outer)
            else (math.inf, "bounds on the minmax values leave open whether anything is left")
        )
        return Bounds(inner, outer, gap, reason, () if not len(outer) else None)
    gap = float(farthest(outer, inner)[0].max()) + rounded
    return Bounds(inner, outer, gap, "the hull was cut in floats")


def _above(hull: FloatPolytope, incentives: StageIncentives, floors: list[Fraction]) -> Floats:
    """The vertices of what floors leave of a hull, in payoffs."""
    unit = incentives.to_unit(np.array([floors], dtype=object))
    points, _ = parts_above(hull, unit)
    if len(points):
        points = float_hull(points).points
    return ordered(incentives.from_unit(points))
