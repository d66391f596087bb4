"""Follow the branch of logit equilibria that starts at the centroid.

A predictor-corrector method along arclength (Allgower & Georg 1990), as Turocy (2005) applied it to
logit equilibria: the branch may turn back in precision. A cubic through the last two points
predicts the next, Newton's method corrects in the plane normal to the last tangent.

What keeps it on the branch
---------------------------
Steps are accepted only if Newton's method starts close and contracts, if the tangent turns little,
and if the bordered determinant keeps its sign, which it does along a branch, and does not where a
step jumped to the next one. Near points where the branch meets another (pitchforks, in games with
symmetries) the bordered matrix becomes singular; its inverse's growth foretells how far off that is
and bounds the step. So steps shrink towards the place, and if the branch does turn there, as it
does where symmetry is imperfect, the turn is followed. Only within `_NEAR` of a place that is still
singular it is taken for a true bifurcation, recorded, and passed in the direction of the tangent:
the smooth continuation, which in a symmetric game is the symmetric one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame._words import counted
from balancegame.errors import ConvergenceError
from balancegame.solvers.logit.system import Correction, LogitSystem

Floats = NDArray[np.float64]

_FIRST_STEP = 0.1
_AIM = 3e-3  # the first correction that steps aim at
_LARGEST_CORRECTION = 0.1
_LARGEST_CONTRACTION = 0.3
_LEAST_COSINE = 0.92  # of the angle between consecutive tangents
_GROWTH = 3.0  # of steps, and of the inverse from point to point
_SHARE = 0.5  # of the estimated distance to a singular point, that a step may go
_NEAR = 1e-6  # of a singular point, where it is passed
_FINER = 1e-3  # how much shorter steps may become if the point cannot be passed
_NOISE = 1e-12  # the same as a share of the precision, where rounding is what counts
_MOST_POINTS = 20_000
_TASK = "logit branch, points"
_TOO_MANY = "more are not computed; ask for a smaller precision"
_TOO_SHORT = "steps became shorter than rounding allows; ask for a smaller precision"
_AT_A_TURN = (
    "at the precision asked for it turns, meets another, or is hidden by rounding; choose another"
)


class Branch:
    """Points on the branch so far, and how to find the next.

    Attributes
    ----------
    points : list of arrays (N + 1,)
        Logs of all probabilities, and the scaled precision; the first is the centroid.
    tangents : list of arrays (N + 1,)
        Unit vectors, in the direction of travel.
    turning_points : list of int
        Places in `points` where the precision turns; these points were located.
    bifurcations : list of int
        Places in `points` just after which a singular point was passed.
    """

    def __init__(self, system: LogitSystem) -> None:
        self.system = system
        start = system.centroid()
        normal = np.zeros_like(start)
        normal[-1] = 1.0
        found = system.correct(start, normal, system.first_probe(), 1.0)
        self.points: list[Floats] = [start]
        self.tangents: list[Floats] = [found.tangent]
        self.turning_points: list[int] = []
        self.bifurcations: list[int] = []
        self._sign = found.sign
        self._probe, self._inverse = found.next_probe, found.next_inverse
        self._step = _FIRST_STEP
        self._ahead = math.inf  # the estimated distance to the next singular point

    @property
    def precision(self) -> float:
        """The scaled precision at the last point."""
        return float(self.points[-1][-1])

    def advance(self) -> None:
        """Add the next point, and before it the turning point it may have passed."""
        if len(self.points) >= _MOST_POINTS:
            raise self._lost(_TOO_MANY)
        report(_TASK, len(self.points), len(self.points) + 1)
        step = min(self._step, _SHARE * self._ahead, 0.25 + 0.5 * self.precision)
        # Where it is neither regular nor straight rounding may just allow for shorter steps.
        for shortest in (self._near(), _FINER * self._near()):
            while step > shortest:
                found = self._corrected(step)
                if self._is_next(found, step):
                    self._accept(found, step)
                    return
                step *= 0.4
            if self._has_passed_singular_point():
                return
        raise self._lost(_TOO_SHORT)

    def follow_to(self, precision: float) -> Floats:
        """Go on to the first crossing of a scaled precision; the branch then ends with it.

        Returns
        -------
        array (N,)
            The logs of the probabilities there.

        Raises
        ------
        ConvergenceError
            The branch turns so close to this precision that floats cannot tell the two sides apart.
        """
        last = 0
        while self.points[last][-1] < precision:
            self.advance()
            last = len(self.points) - 1
            for place in self.turning_points[-1:]:
                if self.points[place][-1] >= precision:
                    last = place
        found, ahead = self._on_segment(last - 1, last, precision), self.tangents[last]
        del self.points[last:], self.tangents[last:]
        self.points.append(found)
        self.tangents.append(ahead)
        self.turning_points = [place for place in self.turning_points if place < last]
        return found[:-1]

    def precisions_at(self, places: Sequence[int]) -> tuple[float, ...]:
        """Precisions at some places, in the game's own units."""
        return tuple(self.system.unscaled(self.points[place]) for place in places)

    def _near(self) -> float:
        """Steps shorter than this show that a singular point has been come upon."""
        return max(_NEAR, _NOISE * self.precision)

    def _corrected(self, step: float) -> Correction:
        small = min(max(1e-3 * step, 1e-11), 1e-7)
        return self.system.correct(self._predicted(step), self.tangents[-1], self._probe, small)

    def _predicted(self, step: float) -> Floats:
        """The cubic through the last two points and tangents, or the first tangent."""
        here, ahead = self.points[-1], self.tangents[-1]
        if len(self.points) == 1:
            return here + step * ahead
        back, behind = self.points[-2], self.tangents[-2]
        length = _arclength(back, here, behind, ahead)
        if step > _GROWTH * length or length < 1e-3 * step:
            return here + step * ahead
        return _cubic(back, here, behind, ahead, length, 1.0 + step / length)

    def _is_next(self, found: Correction, step: float) -> bool:
        return (
            found.sign == self._sign
            and found.first <= min(_LARGEST_CORRECTION, 0.3 * step)
            and found.contraction <= _LARGEST_CONTRACTION
            and float(found.tangent @ self.tangents[-1]) >= _LEAST_COSINE
            and 1.0 / _GROWTH <= found.inverse / self._inverse <= _GROWTH
        )

    def _accept(self, found: Correction, step: float) -> None:
        if found.tangent[-1] * self.tangents[-1][-1] < 0.0:
            self._turn(step)
        self.points.append(found.point)
        self.tangents.append(found.tangent)
        before, now = 1.0 / self._inverse, 1.0 / found.inverse
        self._ahead = step * now / (before - now) if now < before else math.inf
        self._probe, self._inverse = found.next_probe, found.next_inverse
        # An eigenvalue 1 - t / T of the equations' derivatives, T not yet reached, would be v.
        v = 1.0 / self._inverse
        if v < 1.0 and found.point[-1] > 0.0:
            self._ahead = min(self._ahead, float(found.point[-1]) * v / (1.0 - v))
        factor = (_AIM / found.first) ** 0.25 if found.first > 0.0 else _GROWTH
        self._step = step * min(max(factor, 0.3), _GROWTH)

    def _turn(self, step: float) -> None:
        """Locate the turning point within a step, where the tangent's precision is zero."""
        low, high = 0.0, step
        at_low, at_high = self.tangents[-1][-1], math.nan
        best: Correction | None = None
        for _ in range(60):
            share = 0.5 if math.isnan(at_high) else at_low / (at_low - at_high)
            middle = low + min(max(share, 0.05), 0.95) * (high - low)
            found = self._corrected(middle)
            if not found.sign:
                break
            best, slope = found, float(found.tangent[-1])
            if abs(slope) < 1e-9:
                break
            if slope * at_low > 0.0:
                low, at_low = middle, slope
            else:
                high, at_high = middle, slope
        if best is not None:
            self.points.append(best.point)
            self.tangents.append(best.tangent)
            self.turning_points.append(len(self.points) - 1)

    def _has_passed_singular_point(self) -> bool:
        """Step across a place that is singular however close one comes to it, if that is it."""
        near = max(self._near(), min(self._ahead, 1e3 * self._near()))
        for power in range(3, 12):
            step = 2.0**power * near
            found = self._corrected(step)
            straight = float(found.tangent @ self.tangents[-1]) >= _LEAST_COSINE
            if found.sign and found.first <= 0.3 * step and straight:
                self.bifurcations.append(len(self.points) - 1)
                self.points.append(found.point)
                self.tangents.append(found.tangent)
                self._sign = found.sign
                self._probe, self._inverse = found.next_probe, found.next_inverse
                self._step, self._ahead = step, math.inf
                return True
        return False

    def _on_segment(self, first: int, last: int, precision: float) -> Floats:
        """The point of a precision between two neighbouring points, by bisection if need be.

        Across a singular point, where Newton's method fails, by interpolation over that short way.
        """
        back, here = self.points[first], self.points[last]
        behind, ahead = self.tangents[first], self.tangents[last]
        normal = np.zeros_like(back)
        normal[-1] = 1.0
        for _ in range(60):
            length = _arclength(back, here, behind, ahead)
            guess = _of_precision(back, here, behind, ahead, length, precision)
            if first in self.bifurcations:
                return guess
            found = self.system.correct(guess, normal, self._probe, 1e-11)
            if (
                found.sign == self._sign
                and found.first <= min(_LARGEST_CORRECTION, 0.3 * length)
                and found.contraction <= _LARGEST_CONTRACTION
            ):
                return found.point
            halfway = _cubic(back, here, behind, ahead, length, 0.5)
            middle = self.system.correct(halfway, behind, self._probe, 1e-9)
            if middle.sign != self._sign:
                break
            if middle.point[-1] < precision:
                back, behind = middle.point, middle.tangent
            else:
                here, ahead = middle.point, middle.tangent
        raise self._lost(_AT_A_TURN)

    def _lost(self, reason: str) -> ConvergenceError:
        message = (
            f"the logit branch was lost at precision {self.precisions_at([-1])[0]:.6g}, after "
            f"{counted(len(self.points), 'point')}: {reason}"
        )
        return ConvergenceError(message)


def _arclength(back: Floats, here: Floats, behind: Floats, ahead: Floats) -> float:
    """Of the arc between two points, from its chord and the turn of its tangent."""
    chord, turn = here - back, ahead - behind
    return math.sqrt(float(chord @ chord)) * (1.0 + float(turn @ turn) / 24.0)


def _cubic(
    back: Floats, here: Floats, behind: Floats, ahead: Floats, length: float, x: float
) -> Floats:
    """Hermite's cubic through two points with their tangents, at x (0 the first, 1 the second)."""
    rest = x - 1.0
    return (
        here
        - (1.0 + 2.0 * x) * rest * rest * (here - back)
        + length * (x * rest * rest * behind + x * x * rest * ahead)
    )


def _of_precision(
    back: Floats, here: Floats, behind: Floats, ahead: Floats, length: float, precision: float
) -> Floats:
    """The point of a precision on the cubic."""
    low, high = 0.0, 1.0
    ends = [np.array([one[-1]]) for one in (back, here, behind, ahead)]
    for _ in range(50):
        x = (low + high) / 2.0
        if _cubic(*ends, length, x)[0] < precision:  # pyright: ignore
            low = x
        else:
            high = x
    guess = _cubic(back, here, behind, ahead, length, (low + high) / 2.0)
    guess[-1] = precision
    return guess
