"""The payoffs of a repeated game's equilibria: a convex set, known from within and from without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, is_sized
from balancegame._numbers import Number, exactly, format_fraction, parse_number, shorten
from balancegame._words import counted
from balancegame.certificates.certificate import Certificate
from balancegame.errors import InvalidPayoffError, InvalidShapeError, UnknownPlayerError
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import in_blocks, wrapped
from balancegame.games.rendering import html_table, number
from balancegame.games.repeated_game import RepeatedGame
from balancegame.games.tabulated import Tabulated

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Point = tuple[Fraction, ...]

_DISCOUNTED = "Equilibrium payoffs"  # the kind that depends on discount factors
_MOST_SHOWN = 12  # vertices
_NEAR = 1e-9  # of the payoffs' range: nearer points count as one where nothing is known exactly
_DIMENSIONS = {-1: "empty", 0: "a point", 1: "a segment", 2: "a polygon"}


@final
@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """What is proven of a payoff set.

    Attributes
    ----------
    inner, outer : array, shape (k, n)
        Vertices of a polytope inside the set, and of one around it.
    gap : float
        At least the Hausdorff distance between the two; 0 only where they are equal.
    reason : str
        How it was proven, or why not all of it was.
    exact_vertices : tuple of tuples of Fraction, or None
        The set's vertices, where they are proven exactly.
    """

    inner: Floats
    outer: Floats
    gap: float
    reason: str
    exact_vertices: tuple[Point, ...] | None = None

    def __post_init__(self) -> None:
        for array in (self.inner, self.outer):
            array.setflags(write=False)


class Evidence(Protocol):
    """What a solver keeps, enough to prove its bounds and to write a certificate from."""

    def bounds(self) -> Bounds:
        """What is proven of the set; worked out once, at the first call."""
        ...

    def certificate(self) -> Certificate | None:
        """The proof, as anyone can re-check it; None if there is none."""
        ...


@final
class PayoffSet(AsJson, Tabulated):
    """The set of equilibrium payoffs of a repeated game; convex, by public randomization.

    Parameters
    ----------
    repeated : RepeatedGame
    vertices : array-like, shape (k, n)
        Those of the set, as near as floats come; of the inner polytope where two are known.
    threats : sequence of n numbers
        Each player's lowest payoff in the set; not looked at if there is no vertex.
    bounds : Bounds, optional
        What is proven. Without it `evidence` is asked, when it is first needed.
    evidence : Evidence, optional
    method : str
        The algorithm, by its name in the literature.
    kind : str
        What the payoffs are, as a caption says it.

    Attributes
    ----------
    repeated : RepeatedGame
    method : str
    vertices : array, shape (k, n)
        For two players counter-clockwise, from the lowest of the leftmost; shape (0, n) if the set
        is empty.
    threats : array, shape (n,)
        What each player is held down to: his lowest payoff in the set; nan if it is empty.
    """

    __slots__ = ("_bounds", "_evidence", "kind", "method", "repeated", "threats", "vertices")

    repeated: RepeatedGame
    method: str
    kind: str
    vertices: Floats
    threats: Floats
    _bounds: Bounds | None
    _evidence: Evidence | None

    def __init__(
        self,
        repeated: RepeatedGame,
        vertices: Sequence[Sequence[float]] | Floats,
        threats: Sequence[float] | Floats,
        *,
        method: str,
        kind: str = _DISCOUNTED,
        bounds: Bounds | None = None,
        evidence: Evidence | None = None,
    ) -> None:
        if bounds is None and evidence is None:
            message = "a payoff set without bounds and without evidence to work them out from"
            raise AssertionError(message)
        n = repeated.n_players
        corners = np.array(vertices, dtype=np.float64).reshape(-1, n)
        lowest = np.array(threats, dtype=np.float64) if len(corners) else np.full(n, np.nan)
        for array in (corners, lowest):
            array.setflags(write=False)
        set_field = object.__setattr__
        set_field(self, "repeated", repeated)
        set_field(self, "method", method)
        set_field(self, "kind", kind)
        set_field(self, "vertices", corners)
        set_field(self, "threats", lowest)
        set_field(self, "_bounds", bounds)
        set_field(self, "_evidence", evidence)

    @property
    def bounds(self) -> Bounds:
        """What is proven of the set; worked out now, where that was put off."""
        if self._bounds is None and self._evidence is not None:
            object.__setattr__(self, "_bounds", self._evidence.bounds())
        assert self._bounds is not None  # the constructor saw to it
        return self._bounds

    @property
    def inner(self) -> Floats:
        """Vertices of a polytope all of whose points are equilibrium payoffs, shape (k, n)."""
        return self.bounds.inner

    @property
    def outer(self) -> Floats:
        """Vertices of a polytope that holds all equilibrium payoffs, shape (k, n)."""
        return self.bounds.outer

    @property
    def gap(self) -> float:
        """The Hausdorff distance between the two; 0 if and only if the set is known exactly."""
        return self.bounds.gap

    @property
    def exact(self) -> bool:
        """Whether the set is proven exactly: inner and outer polytope are equal, in rationals."""
        return self.bounds.exact_vertices is not None

    @property
    def exact_vertices(self) -> tuple[Point, ...] | None:
        """The vertices in rationals, in the order of `vertices`; None where not `exact`."""
        return self.bounds.exact_vertices

    @property
    def reason(self) -> str:
        """How the set was proven, or why not all of it was."""
        return self.bounds.reason

    @property
    def certificate(self) -> Certificate | None:
        """Evidence that can be re-checked without a solver, written out anew at every call.

        None where the method leaves none. See docs/certificates.md.
        """
        return None if self._evidence is None else self._evidence.certificate()

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self.repeated.players

    @property
    def dimension(self) -> int:
        """That of the smallest affine space around it: -1 if it is empty, 0 for a point."""
        if not len(self.vertices):
            return -1
        if self._bounds is not None and self._bounds.exact_vertices is not None:
            return _rank(self._bounds.exact_vertices)
        spread = self.vertices - self.vertices[0]
        return int(np.linalg.matrix_rank(spread, tol=_NEAR * self._range()))

    def best(self, player: str | int) -> Floats:
        """A vertex in which a player gets most, the first of several; nan if there is none.

        Parameters
        ----------
        player : str or int
            Name or index.

        Returns
        -------
        array, shape (n,)

        Raises
        ------
        UnknownPlayerError
        """
        place = self._place(player)
        if not len(self.vertices):
            return np.full(len(self.players), np.nan)
        return self.vertices[int(np.argmax(self.vertices[:, place]))].copy()

    def contains(self, payoffs: Sequence[Number] | Floats) -> bool:
        """Whether payoffs, one a player, are those of an equilibrium.

        Exact where the set is exact and has two players; otherwise up to rounding, 1e-9 of the
        stage payoffs' range, and by the inner polytope: what it holds are equilibrium payoffs.

        Raises
        ------
        InvalidShapeError, InvalidPayoffError
        """
        point = self._point(payoffs)
        if not len(self.vertices):
            return False
        if len(self.players) == 2 and self.exact_vertices is not None:
            return _in_polygon(tuple(map(exactly, point)), self.exact_vertices)
        return _near_hull(np.array(point, dtype=np.float64), self.inner, _NEAR * self._range())

    def __contains__(self, payoffs: object) -> bool:
        return self.contains(payoffs)  # pyright: ignore[reportArgumentType]

    def to_frame(self) -> pd.DataFrame:
        """A row a vertex, a column a player."""
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        return pd.DataFrame(self.vertices, columns=list(self.players))

    def to_dict(self) -> dict[str, Any]:
        """The set in plain types, ready for JSON; exact numbers as text such as ``"1/3"``."""
        exact = self.exact_vertices
        return {
            "kind": self.kind,
            "method": self.method,
            "reason": self.reason,
            "players": list(self.players),
            "discounts": [format_fraction(one) for one in self.repeated.exact_discounts]
            if self._is_discounted
            else None,
            "dimension": self.dimension,
            "vertices": self.vertices.tolist(),
            "threats": self.threats.tolist() if len(self.vertices) else None,
            "exact": self.exact,
            "exact_vertices": None
            if exact is None
            else [[format_fraction(value) for value in vertex] for vertex in exact],
            "inner": self.inner.tolist(),
            "outer": self.outer.tolist(),
            "gap": self.gap,
        }

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a PayoffSet is frozen; {name!r} cannot be set"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        message = f"a PayoffSet is frozen; {name!r} cannot be deleted"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PayoffSet):
            return NotImplemented
        return self.repeated == other.repeated and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.repeated, self.method, len(self.vertices)))

    def __reduce__(self) -> tuple[Any, ...]:
        options = (self.method, self.kind, self._bounds, self._evidence)
        return _rebuild, (self.repeated, self.vertices, self.threats, options)

    def _text(self) -> str:
        lines = [wrapped(self._caption()), wrapped(self._game_text(), indent="  ")]
        return "\n".join([*lines, *(in_blocks(self._rows()) if len(self.vertices) else [])])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(one)}</p>" for one in (self._game_text(), *self._notes()))
        if not len(self.vertices):
            return f"<p>{escape(self._caption())}</p>{notes}"
        return html_table(self._rows(), self._caption()) + notes

    def _caption(self) -> str:
        shape = _DIMENSIONS.get(self.dimension, f"of dimension {self.dimension}")
        return f"{self.kind}: {shape} ({self.method})"

    def _game_text(self) -> str:
        return (
            " ".join(repr(self.repeated).split())
            if self._is_discounted
            else self.repeated.stage_text
        )

    @property
    def _is_discounted(self) -> bool:
        return self.kind == _DISCOUNTED

    def _rows(self) -> list[list[str]]:
        shown = range(min(len(self.vertices), _MOST_SHOWN))
        rows = [["", *(f"[{k}]" for k in shown), "lowest"]]
        for i, player in enumerate(self.players):
            cells = [number(float(self.vertices[k, i])) for k in shown]
            rows.append([player, *cells, number(float(self.threats[i]))])
        return rows

    def _notes(self) -> list[str]:
        known = "Exact" if self.exact else f"Within {number(self.gap)}"
        notes = [f"{known}: {self.reason}"]
        if len(self.vertices) > _MOST_SHOWN:
            more = counted(len(self.vertices) - _MOST_SHOWN, "more vertex")
            notes.insert(0, f"... and {more}; to_frame() lists them all")
        return notes

    def _range(self) -> float:
        """How far apart the stage payoffs lie, and the size of floats' steps there."""
        tables = [stage.payoffs for stage in self.repeated.stages]
        most, least = max(map(np.max, tables)), min(map(np.min, tables))
        return float(max(most - least, 1e-6 * max(abs(most), abs(least)), 1e-300))

    def _place(self, player: str | int) -> int:
        if (
            isinstance(player, int)
            and not isinstance(player, bool)
            and 0 <= player < len(self.players)
        ):
            return player
        return self.players.index(check_known(player, self.players, "player", UnknownPlayerError))

    def _point(self, payoffs: object) -> list[float]:
        n = len(self.players)
        if isinstance(payoffs, str) or not is_sized(payoffs) or len(payoffs) != n:  # pyright: ignore[reportArgumentType]
            message = f"payoffs is {shorten(payoffs)}; give {n} numbers, one a player"
            raise InvalidShapeError(message)
        return [
            parse_number(value, f"payoffs[{i}]", InvalidPayoffError)
            for i, value in enumerate(payoffs)  # pyright: ignore[reportArgumentType]
        ]


def _rebuild(
    repeated: RepeatedGame,
    vertices: Floats,
    threats: Floats,
    options: tuple[str, str, Bounds | None, Evidence | None],
) -> PayoffSet:
    method, kind, bounds, evidence = options
    return PayoffSet(
        repeated, vertices, threats, method=method, kind=kind, bounds=bounds, evidence=evidence
    )


def _rank(vertices: Sequence[Point]) -> int:
    """The dimension of the affine hull, by elimination in rationals."""
    rows = [[x - y for x, y in zip(one, vertices[0], strict=True)] for one in vertices[1:]]
    rank = 0
    for column in range(len(vertices[0])):
        pivot = next((row for row in rows[rank:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for row in rows[rank + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [x - factor * y for x, y in zip(row, pivot, strict=True)]
        rank += 1
    return rank


def _in_polygon(point: Point, vertices: Sequence[Point]) -> bool:
    """Whether a point is in the hull of vertices given counter-clockwise; one or two may be all."""
    x, y = point
    for (x0, y0), (x1, y1) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        if (x1 - x0) * (y - y0) < (y1 - y0) * (x - x0):
            return False
    return all(
        min(v[i] for v in vertices) <= point[i] <= max(v[i] for v in vertices) for i in (0, 1)
    )


def _near_hull(point: Floats, vertices: Floats, slack: float) -> bool:
    """Whether a mixture of vertices comes within the slack of a point, coordinate by coordinate."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import, needed here only)

    rows = np.vstack([vertices.T, -vertices.T])
    sides = np.concatenate([point + slack, slack - point])
    found = linprog(
        np.zeros(len(vertices)),
        A_ub=rows,
        b_ub=sides,
        A_eq=np.ones((1, len(vertices))),
        b_eq=[1.0],
        options={"primal_feasibility_tolerance": 1e-10},
    )
    return found.status == 0
