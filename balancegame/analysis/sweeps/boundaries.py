"""Where the label of a map changes, along many grid lines, to a chosen accuracy.

1. A coarse grid is labelled.
2. Along each of its rows and columns, between neighbours with different labels, the crossings are
   bisected. Each row and column is then known as a whole: labels and where they change.
3. A fine line crosses the coarse rows or columns at points whose labels are known from step 2;
   those within the accuracy of a change, and those next to one that differs, are asked for. Between
   neighbours that differ, its crossings are bisected.

All bisections of a step advance together, so that each round is one call to compiled code. A
crossing in an interval of width w takes at most log2(w / accuracy) evaluations and those of its two
ends; where a third label turns up between two, both crossings are pursued.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count
from balancegame._numbers import parse_number
from balancegame._progress import report
from balancegame.alliances.balancing import BalancingModel
from balancegame.analysis.sweeps import blocks
from balancegame.analysis.sweeps.axes import Axis
from balancegame.analysis.sweeps.blocks import compute_points
from balancegame.analysis.sweeps.plan import Plan
from balancegame.analysis.sweeps.sweep import Measures, plan_sweep
from balancegame.errors import InvalidGridError, InvalidParameterError, InvalidTypeError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile
from balancegame.world.world import World

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_AT_ONCE = 1 << 14  # points in one call


def refine_boundaries(
    model: BalancingModel | Callable[..., BalancingModel | NormalFormGame],
    world: World | Callable[..., World] | None = None,
    *,
    grid: Mapping[str, tuple[Any, Any]],
    measure: Measures = "region",
    actions: Sequence[str] = ("balance", "bandwagon", "neutral"),
    hegemon: Literal["fixed", "strategic"] = "fixed",
    profile: Profile | None = None,
    start: int = 100,
    lines: int = 400,
    tolerance: float = 1e-6,
    on_error: Literal["raise", "mark"] = "raise",
) -> xr.Dataset:
    """Locate where a label changes along the grid lines of a map, spending points only there.

    Parameters
    ----------
    model, world, actions, hegemon, profile, on_error
        As for `sweep`.
    grid : mapping {name: (low, high)}
        The two axes of the map, as for `sweep`, and their ranges.
    measure : str or function
        What gives the label: ``"region"``, ``"camps"``, ``"kinds"``, a count, or a function that
        returns text or a whole number. Where there is no value the point's status is the label.
    start : int
        Points a side of the coarse grid.
    lines : int
        How many lines of either direction are followed, evenly spaced, the edges included.
    tolerance : float
        Half the width, in units of the axis, within which a change is located.

    Returns
    -------
    xarray.Dataset
        One entry a crossing: its coordinates, by the axes' names; ``along``, the place in
        `grid` of the axis along which the label changes there; ``before`` and ``after``, codes of
        the labels in ``attrs["labels"]``; ``evaluations``, how many points were labelled for it.
        Order: lines along the first axis, then along the second. ``attrs["evaluations"]`` counts
        all points labelled, ``attrs["start_evaluations"]`` those of the coarse grid among them.

    Raises
    ------
    InvalidGridError
        Not two axes, or a range whose ends are not in order.
    InvalidTypeError
        A measure that gives no labels. Also what `sweep` raises.

    Notes
    -----
    What is smaller than a cell of the coarse grid, and touches none of its lines, is not seen; nor
    is an even number of changes between two neighbours of one label. A wider change is located on
    every line that meets it: both labels were found, within twice the tolerance of each other.

    Examples
    --------
    >>> import balancegame as bg
    >>> world = bg.World(["A", "H"], [1, 1], threat="H")
    >>> found = bg.refine_boundaries(
    ...     bg.BalancingModel(alliance_cost=0.2),
    ...     world,
    ...     grid={"power_ratio": (0.5, 3), "autonomy_loss": (0.3, 0.9)},
    ...     actions=["balance", "bandwagon"],
    ...     start=10,
    ...     lines=3,
    ... )
    >>> middle = found.where(abs(found["autonomy_loss"] - 0.6) < 1e-9, drop=True)
    >>> middle["power_ratio"].values  # (alpha - c) / (D - alpha + c), proposition P2
    array([0.666667])
    """
    names, low, high = _ranges(grid)
    given = check_count(start, "start", 2), check_count(lines, "lines", 1)
    accuracy = float(parse_number(tolerance, "tolerance", InvalidParameterError))
    if accuracy <= 0.0:
        message = f"tolerance is {tolerance}; it must be positive"
        raise InvalidParameterError(message)
    if not isinstance(measure, str) and not callable(measure):
        message = "measure must be one measure, by name or as a function; there is one label a map"
        raise InvalidTypeError(message)
    plan = plan_sweep(
        model,
        world,
        grid={name: [a, b] for name, a, b in zip(names, low, high, strict=True)},
        measure=measure,
        actions=actions,
        hegemon=hegemon,
        profile=profile,
        on_error=on_error,
        chunks=None,
    )
    ask = _Labels(plan)
    search = _Search(ask, low, high, given[0], accuracy)
    found = [search.along(direction, given[1]) for direction in (0, 1)]
    return _dataset(names, found, ask, given[0] ** 2)


def _ranges(grid: object) -> tuple[tuple[str, str], tuple[float, float], tuple[float, float]]:
    if not isinstance(grid, Mapping) or len(grid) != 2:
        message = "grid must map two axes to their ranges, {name: (low, high), ...}"
        raise InvalidGridError(message)
    ends: list[tuple[float, float]] = []
    for name, given in grid.items():
        try:
            low, high = (float(parse_number(end, f"an end of grid[{name!r}]")) for end in given)
        except (TypeError, ValueError) as error:
            message = f"grid[{name!r}] must be the two ends of a range, (low, high): {error}"
            raise InvalidGridError(message) from None
        if not low < high:
            message = f"grid[{name!r}] runs from {low} to {high}; give the lower end first"
            raise InvalidGridError(message)
        ends.append((low, high))
    first, second = map(str, grid)
    return (first, second), (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])


class _Labels:
    """Labels of points, as codes that stay the same from call to call."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._codes: dict[str, int] = {}
        self.asked = 0

    def __call__(self, x: Floats, y: Floats) -> Codes:
        """The labels at points (x, y), shape (k,)."""
        parts = [
            self._part(x[first : first + _AT_ONCE], y[first : first + _AT_ONCE])
            for first in range(0, len(x), _AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    @property
    def labels(self) -> list[str]:
        """The label of each code."""
        return list(self._codes)

    def _part(self, x: Floats, y: Floats) -> Codes:
        self.asked += len(x)
        axes: list[Axis] = []
        places: list[NDArray[np.int64]] = []
        for axis, values in zip(self._plan.axes, (x, y), strict=True):
            different, at = np.unique(values, return_inverse=True)
            axes.append(Axis(axis.name, tuple(different.tolist())))
            places.append(at)
        found = compute_points(self._plan, axes, tuple(places))
        names: NDArray[Any] = np.array([blocks.STATUS[s] for s in found.status], dtype=object)
        name = self._plan.measures[0].name
        if name in found.columns:
            column = found.columns[name]
            if column.values.ndim != 1 or (column.legend is None and not _are_whole(column.values)):
                message = f"measure {name!r} gives no labels; give one with text or whole numbers"
                raise InvalidTypeError(message)
            done = found.status == blocks.DONE
            if column.legend is None:
                texts = [str(int(v)) if v == v else "none" for v in column.values[done]]
                names[done] = texts
            else:
                names[done] = np.array([*column.legend, "none"], dtype=object)[column.values[done]]
        return np.array([self._codes.setdefault(n, len(self._codes)) for n in names], np.int64)


def _are_whole(values: NDArray[Any]) -> bool:
    known = values[np.isfinite(values)]
    return bool((known == np.rint(known)).all())


_FIELDS = ("line", "low", "high", "before", "after", "spent")


class _Brackets:
    """Intervals on lines, at whose ends the labels differ."""

    def __init__(
        self, line: Floats, low: Floats, high: Floats, before: Codes, after: Codes, spent: Codes
    ) -> None:
        self.line, self.low, self.high = line, low, high
        self.before, self.after, self.spent = before, after, spent

    def chosen(self, which: Any) -> _Brackets:
        """Some of them, in the order of an index."""
        parts: list[Any] = [getattr(self, name) for name in _FIELDS]
        return _Brackets(*(part[which] for part in parts))

    @staticmethod
    def joined(parts: Sequence[_Brackets]) -> _Brackets:
        """All of them as one."""
        columns: list[list[Any]] = [[getattr(one, name) for one in parts] for name in _FIELDS]
        return _Brackets(*(np.concatenate(column) for column in columns))


class _Search:
    """The three steps, along either axis."""

    def __init__(
        self,
        ask: _Labels,
        low: tuple[float, float],
        high: tuple[float, float],
        start: int,
        accuracy: float,
    ) -> None:
        self._ask, self._low, self._high, self._accuracy = ask, low, high, accuracy
        self._nodes = [np.linspace(a, b, start) for a, b in zip(low, high, strict=True)]
        x, y = (part.ravel() for part in np.meshgrid(*self._nodes, indexing="ij"))
        self._grid = ask(x, y).reshape(start, start)
        report("boundaries", 1, 5)
        # Where labels change on the coarse lines along each axis.
        self._known: list[_Brackets] = []
        for direction in (0, 1):
            labels = self._grid.T if direction == 0 else self._grid
            self._known.append(self._bisected(direction, self._nodes[1 - direction], labels))
            report("boundaries", 2 + direction, 5)

    def along(self, direction: int, lines: int) -> _Brackets:
        """The crossings of evenly spaced lines along an axis."""
        across = 1 - direction
        at = np.linspace(self._low[across], self._high[across], lines)
        nodes = self._nodes[direction]
        labels = np.stack(
            [self._labels_on(across, place, at) for place in range(len(nodes))], axis=1
        )
        asked = np.zeros(labels.shape, np.bool_)
        # Labels that differ from a neighbour's are never only inferred: a start line does not show
        # what enters and leaves between two of its nodes.
        while len(places := np.argwhere(((labels < 0) | _next_to_change(labels)) & ~asked)):
            row, cell = places.T
            labels[row, cell] = self._asked(direction, at[row], nodes[cell])
            asked[row, cell] = True
        found = self._bisected(direction, at, labels, asked.astype(np.int64))
        report("boundaries", 4 + direction, 5)
        return found

    def _labels_on(self, direction: int, place: int, at: Floats) -> Codes:
        """Labels of points on a coarse line along an axis; -1 where they must be asked for."""
        nodes = self._nodes[direction]
        line = self._nodes[1 - direction][place]
        labels = self._grid[:, place] if direction == 0 else self._grid[place]
        cell = np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, len(nodes) - 2)
        found = np.where(at == nodes[cell + 1], labels[cell + 1], labels[cell])
        known = self._known[direction]
        for k in np.flatnonzero(known.line == line):
            same = (cell == np.searchsorted(nodes, known.low[k], side="right") - 1) & (
                at != nodes[cell + 1]
            )
            found[same & (at >= known.high[k])] = known.after[k]
            found[(at > known.low[k]) & (at < known.high[k])] = -1
        return found

    def _asked(self, direction: int, line: Floats, at: Floats) -> Codes:
        return self._ask(at, line) if direction == 0 else self._ask(line, at)

    def _bisected(
        self, direction: int, lines: Floats, labels: Codes, asked: Codes | None = None
    ) -> _Brackets:
        """Crossings on lines along an axis, whose labels at its nodes are (lines, nodes).

        `asked` marks the nodes labelled for these crossings only.
        """
        nodes = self._nodes[direction]
        row, cell = np.nonzero(labels[:, 1:] != labels[:, :-1])
        open_ = _Brackets(
            lines[row],
            nodes[cell],
            nodes[cell + 1],
            labels[row, cell],
            labels[row, cell + 1],
            np.zeros(len(row), np.int64)
            if asked is None
            else asked[row, cell] + asked[row, cell + 1],
        )
        done: list[_Brackets] = []
        while True:
            middle = open_.low + (open_.high - open_.low) / 2.0
            # Floats may be too coarse for the accuracy asked for.
            ends = (open_.high - open_.low <= 2.0 * self._accuracy) | (
                (middle <= open_.low) | (middle >= open_.high)
            )
            done.append(open_.chosen(ends))
            open_, middle = open_.chosen(~ends), middle[~ends]
            if not len(middle):
                break
            found = self._asked(direction, open_.line, middle)
            left, right = found != open_.before, found != open_.after
            spent = open_.spent + 1
            open_ = _Brackets.joined(
                [
                    _Brackets(open_.line, open_.low, middle, open_.before, found, spent).chosen(
                        left
                    ),
                    _Brackets(open_.line, middle, open_.high, found, open_.after, spent).chosen(
                        right
                    ),
                ]
            )
        result = _Brackets.joined(done)
        return result.chosen(np.lexsort((result.low, result.line)))


def _next_to_change(labels: Codes) -> NDArray[np.bool_]:
    """Which labels of each row differ from the one before or after."""
    change = labels[:, 1:] != labels[:, :-1]
    edge = np.zeros((len(labels), 1), np.bool_)
    return np.hstack([edge, change]) | np.hstack([change, edge])


def _dataset(
    names: tuple[str, str], found: Sequence[_Brackets], ask: _Labels, start: int
) -> xr.Dataset:
    import xarray as xr  # noqa: PLC0415 (slow to import)

    columns: dict[str, list[Any]] = {
        name: [] for name in (*names, "along", "before", "after", "evaluations")
    }
    for direction, part in enumerate(found):
        columns[names[direction]].append(part.low + (part.high - part.low) / 2.0)
        columns[names[1 - direction]].append(part.line)
        columns["along"].append(np.full(len(part.line), direction, np.int8))
        columns["before"].append(part.before)
        columns["after"].append(part.after)
        columns["evaluations"].append(part.spent)
    used = sorted(ask.labels)
    place = np.array([used.index(label) for label in ask.labels], dtype=np.int32)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    attributes = {"labels": used}
    return xr.Dataset(
        {
            name: ("crossing", place[values], attributes)
            if name in ("before", "after")
            else ("crossing", values)
            for name, values in joined.items()
        },
        attrs={"evaluations": ask.asked, "start_evaluations": start, "axes": list(names)},
    )
