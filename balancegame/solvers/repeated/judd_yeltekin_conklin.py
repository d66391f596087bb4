"""Equilibrium payoffs of any number of players, between two polytopes.

The outer one shrinks by proven steps (`outer_polytope`), the inner one generates itself, in
rationals (`generated_points`). The inner one's facets are the directions in which the outer one is
bounded; where that leaves a vertex far outside, its direction is added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_type
from balancegame._numbers import exactly, parse_number
from balancegame.certificates.certificate import Certificate
from balancegame.errors import InvalidParameterError, SearchInterrupted
from balancegame.games.payoff_set import Bounds, PayoffSet
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.repeated.exact_ties import exact_ties
from balancegame.solvers.repeated.float_polytope import FloatPolytope, float_hull
from balancegame.solvers.repeated.generated_points import Point, SelfGenerating, proven
from balancegame.solvers.repeated.growing_set import grown
from balancegame.solvers.repeated.inner_polytope import Candidate, InnerSearch, feasible_hull
from balancegame.solvers.repeated.outer_polytope import OuterPolytope
from balancegame.solvers.repeated.payoff_polytopes_certificate import write
from balancegame.solvers.repeated.polytope_gap import (
    farthest,
    ordered,
    ordered_exactly,
    outer_vertices,
)
from balancegame.solvers.repeated.rational_part import rational_part
from balancegame.solvers.repeated.stage_incentives import StageIncentives, stage_incentives
from balancegame.solvers.repeated.stationary_play import stationary_play
from balancegame.solvers.repeated.whole_set import WholeSet, whole_set

Floats = NDArray[np.float64]

_METHOD = "Judd, Yeltekin and Conklin"
_MARGINS = (1e-6, 1e-4, 1e-2)  # of the payoffs' range
_INNER_ROUNDS = 600
_FEWER_ROUNDS = 60  # where hulls take long, and thinning rarely lets rounds settle
_MOST_POINTS = 150
_MOST_FEASIBLE = 200  # facets
_ATTEMPTS = 6
_REFINEMENTS = 6
_MOST_ADDED = 60  # directions at once
_UNGUIDED = 40  # directions a player where there is no inner polytope


@dataclass(frozen=True)
class PolytopeEvidence:
    """What proves an inner and an outer polytope.

    Attributes
    ----------
    repeated : RepeatedGame
    incentives : StageIncentives
    inner : SelfGenerating or None
    whole : WholeSet or None
        If the inner polytope is proven to be the whole set.
    rows : array, shape (R, n)
        The outer polytope's directions in unit coordinates.
    possible : array of bool, shape (A,)
        The profiles not ruled out.
    known : Bounds
    """

    repeated: RepeatedGame
    incentives: StageIncentives
    inner: SelfGenerating | None
    whole: WholeSet | None
    rows: Floats
    possible: NDArray[np.bool_]
    known: Bounds

    def bounds(self) -> Bounds:
        """What is proven."""
        return self.known

    def certificate(self) -> Certificate:
        """Of both polytopes; the outer one's steps are found anew, shorter."""
        return write(
            self.repeated, self.incentives, self.inner, self.whole, self.rows, self.possible
        )


def payoff_polytopes(
    repeated: RepeatedGame, *, tol: float = 1e-4, max_points: int | None = None
) -> PayoffSet:
    """Pure-action subgame-perfect payoffs with public randomization, from within and without.

    Parameters
    ----------
    repeated : RepeatedGame
        Of any number of players, with one discount factor or one a player, and any number of
        contingencies.
    tol : float
        A gap of this part of the payoffs' range ends the refinement of the outer polytope.
    max_points : int, optional
        How many points the inner polytope is approached with at most; default 150.

    Returns
    -------
    PayoffSet
        Its vertices are those of the inner polytope. Where none was found although the set is not
        proven empty, there are none, and the gap is infinite.

    Raises
    ------
    InvalidParameterError
        `tol` is not positive, or `max_points` below 20.
    SearchInterrupted
        Ctrl-C; `result` is a PayoffSet with what was proven until then.

    Notes
    -----
    *Guarantee.* Every point of the inner polytope is an equilibrium payoff, proven in rationals;
    every equilibrium payoff lies in the outer one, proven with rounding included; the gap is an
    upper bound on their Hausdorff distance, up to 1e-9 of the payoffs' range. Nothing is guaranteed
    about how small the gap is. It may stay wide near discount factors at which the set jumps, and
    for those close to 1, where rounds move little, unless the set is all that is individually
    rational; that case is recognized, exactly.

    *Cost.* A second for 27 profiles of three players, a few for 125; with four players half a
    minute, with five minutes.

    References
    ----------
    Abreu, Pearce & Stacchetti (1990), "Toward a theory of discounted repeated games with imperfect
    monitoring", Econometrica 58. Judd, Yeltekin & Conklin (2003), "Computing supergame equilibria",
    Econometrica 71. Abreu & Sannikov (2014), "An algorithm for two-player repeated games with
    perfect monitoring", Theoretical Economics 9.

    Examples
    --------
    >>> import balancegame as bg
    >>> from balancegame.solvers.repeated.judd_yeltekin_conklin import payoff_polytopes
    >>> dilemma = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> found = payoff_polytopes(bg.RepeatedGame(dilemma, "1/4"))
    >>> found.vertices, found.exact
    (array([[1., 1.]]), True)
    """
    check_type(repeated, RepeatedGame, "repeated")
    tol = parse_number(tol, "tol", InvalidParameterError)
    if not exactly(tol) > 0:
        message = f"tol is {tol}; it must be positive, a part of the payoffs' range"
        raise InvalidParameterError(message)
    if max_points is None:
        max_points = _MOST_POINTS
    max_points = check_count(max_points, "max_points", 20)
    search = _Search(repeated, float(tol), max_points)
    try:
        search.run()
    except KeyboardInterrupt:
        raise SearchInterrupted(search.result()) from None
    return search.result()


class _Search:
    """The state of a search, from which a result can be built at any time."""

    def __init__(self, repeated: RepeatedGame, tol: float, max_points: int) -> None:
        self._repeated = repeated
        self._tol = tol
        self._max_points = max_points
        self._incentives = stage_incentives(repeated)
        self._outer = OuterPolytope(self._incentives)
        self._inner: SelfGenerating | None = None
        self._hull: FloatPolytope | None = None
        self._whole: WholeSet | None = None

    def run(self) -> None:
        """Outer polytope by a few directions, inner polytope, outer polytope by its facets."""
        if self._incentives.common is not None:
            normals = feasible_hull(self._incentives).normals()
            self._outer.add_directions(_unlike(normals, self._outer.rows)[:_MOST_FEASIBLE])
        self._outer.settle()
        if self._outer.is_empty:
            return
        base = stationary_play(self._incentives)
        if self._is_whole(base, ()) or self._is_whole(
            *rational_part(self._incentives, self._outer.possible)
        ):
            return
        assumed, exact = exact_ties(
            self._incentives, base, self._outer.possible, self._outer.threats, self._max_points
        )
        if self._is_whole(assumed, exact):
            return
        self._find_inner(base)
        # Promises that can only just be kept do not survive a margin: those are solved for.
        if self._inner is not None and self._refine():
            return
        if self._find_tied(assumed, exact) and self._refine():
            return
        if self._inner is not None:
            self._inner = grown(
                self._incentives, self._inner, self._outer.possible, self._max_points, self._tol
            )
            self._refine()
        if self._inner is None:
            self._outer.add_directions(_spread(self._incentives.n_players))
            self._outer.settle()

    def _refine(self) -> bool:
        """Bound the outer polytope where it is far from the inner one; whether they are close."""
        points = np.array(self._inner_points(), dtype=object)
        self._hull = float_hull(self._incentives.to_unit(points))
        self._outer.add_directions(_unlike(self._hull.normals(), self._outer.rows))
        spans = np.array(self._incentives.spans, dtype=np.float64)
        close = self._tol * float(spans.max())
        worst = math.inf
        for _ in range(_REFINEMENTS):
            self._outer.settle()
            _, distances, away = self._compare()
            if distances.max() <= close:
                return True
            if distances.max() > 0.9 * worst:
                return False
            worst = distances.max()
            # Directions of distance in payoffs are normals in payoffs: they stretch inversely.
            normals = away * spans
            far = np.argsort(-distances)[:_MOST_ADDED]
            far = far[distances[far] > 0.5 * close]
            fresh = normals[far] / np.linalg.norm(normals[far], axis=1, keepdims=True)
            self._outer.add_directions(_unlike(fresh, self._outer.rows))
        self._outer.settle()
        return False

    def _find_inner(self, base: Candidate | None) -> None:
        """A self-generating set around stationary play."""
        if base is not None:
            found = proven(self._incentives, base)
            assert isinstance(found, SelfGenerating)
            self._inner = found
        for margin in _MARGINS:
            candidate = self._approached(base, margin)
            found = [] if candidate is None else proven(self._incentives, candidate)
            if isinstance(found, SelfGenerating):
                self._inner = found
                return

    def _is_whole(self, candidate: Candidate | None, exact: Sequence[Sequence[Point]]) -> bool:
        """Whether points known exactly are proven to be all there is."""
        if candidate is None:
            return False
        found = proven(self._incentives, candidate, exact)
        if isinstance(found, SelfGenerating):
            self._whole = whole_set(self._incentives, found, self._outer.possible)
            if self._whole is not None:
                self._inner = found
        return self._whole is not None

    def _find_tied(self, assumed: Candidate | None, exact: Sequence[Sequence[Point]]) -> bool:
        """A self-generating set with promises that can only just be kept; whether there is one."""
        for _ in range(_ATTEMPTS):
            if assumed is None:
                return False
            candidate = self._approached(assumed, _MARGINS[0])
            if candidate is None:
                return False
            found = proven(self._incentives, candidate, exact)
            if isinstance(found, SelfGenerating):
                self._inner = found
                return True
            # Of what was assumed, what fails is left out.
            wrong = {int(k) for k in candidate.sources[found] if k >= 0}
            kept = [j for j, k in enumerate(assumed.sources.tolist()) if k not in wrong]
            if not kept or not wrong:
                return False
            assumed = assumed[np.array(kept)]
        return False

    def _approached(self, base: Candidate | None, margin: float) -> Candidate | None:
        search = InnerSearch(self._incentives, base, self._outer.possible, margin, self._max_points)
        few = self._incentives.n_players <= 3 and self._incentives.common is not None
        return search.run(self._outer.threats, _INNER_ROUNDS if few else _FEWER_ROUNDS)

    def _inner_points(self) -> Sequence[Point]:
        return () if self._inner is None else self._inner.points

    def _compare(self) -> tuple[Floats, Floats, Floats]:
        """The outer polytope's vertices in payoffs, and how far from the inner one they are."""
        unit = outer_vertices(self._outer.halfspaces, self._hull)
        vertices = self._incentives.from_unit(unit)
        inner = np.array(self._inner_points(), dtype=np.float64)
        return vertices, *farthest(vertices, inner)

    def result(self) -> PayoffSet:
        """What is known now."""
        bounds = self._known()
        evidence = PolytopeEvidence(
            self._repeated,
            self._incentives,
            self._inner,
            self._whole,
            self._outer.rows.copy(),
            self._outer.possible,
            bounds,
        )
        return PayoffSet(
            self._repeated,
            bounds.inner,
            bounds.inner.min(axis=0) if len(bounds.inner) else np.empty(0),
            method=_METHOD,
            bounds=bounds,
            evidence=evidence,
        )

    def _known(self) -> Bounds:
        nothing = np.empty((0, self._incentives.n_players))
        if self._outer.is_empty:
            reason = "no profile can begin an equilibrium: its promises cannot be kept"
            return Bounds(nothing, nothing, 0.0, reason, ())
        if self._inner is None:
            outer = self._incentives.from_unit(outer_vertices(self._outer.halfspaces, None))
            reason = (
                "no self-generating set was found, nor is the set proven empty; equilibrium "
                "payoffs, if there are any, lie in the outer polytope"
            )
            return Bounds(nothing, outer, math.inf, reason)
        if self._whole is not None:
            exact = ordered_exactly(self._whole.vertices)
            vertices = np.array(exact, dtype=np.float64)
            reason = (
                "the vertices generate each other, and no facet leaves out what the profiles that "
                "can begin an equilibrium pay, or what deviators can be sure of; in rationals"
            )
            return Bounds(vertices, vertices.copy(), 0.0, reason, exact)
        points = np.array(self._inner.points, dtype=np.float64)
        hull = float_hull(self._incentives.to_unit(np.array(self._inner.points, dtype=object)))
        self._hull = hull
        outer, distances, _ = self._compare()
        reason = (
            f"the inner polytope of {len(hull.points)} vertices generates itself, in rationals; "
            f"the outer one's {len(self._outer.rows)} half-spaces come from proven steps"
        )
        gap = float(distances.max()) * (1.0 + 1e-12)
        return Bounds(ordered(points[hull.places]), outer, gap, reason)


def _spread(n_players: int) -> Floats:
    """Directions without a guide."""
    drawn = np.random.default_rng(0).normal(size=(_UNGUIDED * n_players, n_players))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _unlike(directions: Floats, known: Floats) -> Floats:
    """Directions that are neither known nor come up twice."""
    kept: list[Floats] = []
    for one in directions:
        if all(np.abs(other - one).max() > 1e-6 for other in kept) and (
            np.abs(known - one).max(axis=1).min() > 1e-6
        ):
            kept.append(one)
    return np.array(kept).reshape(-1, directions.shape[1])
