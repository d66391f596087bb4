"""One block of a sweep: the measures at its points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import shorten
from balancegame.alliances.parameters import parameter_text
from balancegame.analysis.sweeps import columns
from balancegame.analysis.sweeps.axes import PARALLELISM, Axis
from balancegame.analysis.sweeps.columns import Column
from balancegame.analysis.sweeps.many_points import (
    Places,
    autonomy_exceeds_domination,
    feasible_values,
    solve_many,
)
from balancegame.analysis.sweeps.plan import Plan, compiled_measures
from balancegame.analysis.sweeps.point import SweepPoint
from balancegame.analysis.sweeps.source import check_losses
from balancegame.errors import BalanceGameError, InvalidPayoffError, InvalidShapeError, MeasureError
from balancegame.world.world import World

DONE, INFEASIBLE, FAILED, NOT_DONE = range(4)
STATUS = ("done", "infeasible", "failed", "not computed")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What is known at the points of a block.

    Attributes
    ----------
    status : array of uint8, shape (k,)
        As `STATUS` lists.
    columns : dict of Column
        By measure; one that has no value at any point is left out.
    errors : dict {row: text}
        What went wrong at the points that failed.
    """

    status: NDArray[np.uint8]
    columns: dict[str, Column]
    errors: dict[int, str]


def compute_block(plan: Plan, block: int, threads: int | None = None) -> Block:
    """The measures at the points of one block, with at most so many compiled threads.

    Raises
    ------
    MeasureError
        Something failed at a point, and the plan does not mark such points.
    """
    from balancegame._kernels.threads import at_most_threads  # noqa: PLC0415 (its use is here)

    plan.check_version()
    with at_most_threads(threads):
        return compute_points(plan, plan.axes, plan.places(block))


def compute_points(plan: Plan, axes: Sequence[Axis], places: Places) -> Block:
    """The measures at any points, given by their places on axes of the plan's names."""
    work = _Work(plan, tuple(axes), places)
    many = compiled_measures(plan.source, plan.measures)
    if not plan.source.is_built:
        work.mark_infeasible()
        work.refuse_parameters()
    if many:
        work.measure_many()
    work.measure_singly([one for one in plan.measures if one not in many])
    work.blank_failures()
    return Block(work.status, work.columns, work.errors)


class _Work:
    """The state of a block under way."""

    def __init__(self, plan: Plan, axes: tuple[Axis, ...], places: Places) -> None:
        self.plan, self.axes, self.places = plan, axes, places
        self.points = len(places[0])
        self.status = np.zeros(self.points, np.uint8)
        self.columns: dict[str, Column] = {}
        self.errors: dict[int, str] = {}

    def mark_infeasible(self) -> None:
        """Parallelism that no interests have."""
        for axis, at in zip(self.axes, self.places, strict=True):
            if axis.name == PARALLELISM and isinstance(self.plan.source.world, World):
                feasible = feasible_values(self.plan.source.world, axis)
                self.status[~feasible[at]] = INFEASIBLE

    def refuse_parameters(self) -> None:
        """Parameters in their domains each, but not together: the model says so itself."""
        exceeds = autonomy_exceeds_domination(self.plan.source, self.axes, self.places)
        for row in np.flatnonzero(exceeds & (self.status == DONE)).tolist():
            try:
                check_losses(self.plan.source, self.values(row))
            except BalanceGameError as error:
                self.fail(row, "the model", error)

    def measure_many(self) -> None:
        """All that compiled code knows, at every point still good."""
        rows = np.flatnonzero(self.status == DONE)
        if not len(rows):
            return
        games = solve_many(self.plan.source, self.axes, tuple(at[rows] for at in self.places))
        if not games.finite.all():
            for row in rows[~games.finite].tolist():
                self.at_point(row, _refuse_payoffs, "the game")
            self.measure_many()
            return
        for measure in compiled_measures(self.plan.source, self.plan.measures):
            column = measure.at_many(games)
            if column is not None:
                self.columns[measure.name] = column.spread(rows, self.points)

    def measure_singly(self, measures: Sequence[Any]) -> None:
        """What needs one game after another."""
        if not measures:
            return
        rows: list[int] = []
        found: list[list[Any]] = [[] for _ in measures]
        for row in np.flatnonzero(self.status == DONE).tolist():
            values = self.measured(row, measures)
            if values is not None:
                rows.append(row)
                for one, value in zip(found, values, strict=True):
                    one.append(value)
        for measure, values in zip(measures, found, strict=True):
            if rows:
                column = _column(measure, values)
                if measure.counts:
                    column = Column(column.values.astype(np.int64))
                self.columns[measure.name] = column.spread(np.array(rows), self.points)

    def blank_failures(self) -> None:
        """Leave no value where a measure failed."""
        failed = np.array(sorted(self.errors), dtype=np.int64)
        if len(failed):
            for name, column in self.columns.items():
                self.columns[name] = column.without(failed)

    def measured(self, row: int, measures: Sequence[Any]) -> list[Any] | None:
        """The measures at one point; None if it is no point of the map."""
        point = self.at_point(row, lambda point: point, "the builder")
        if point is None:
            return None
        values: list[Any] = []
        for measure in measures:
            try:
                values.append(measure.at_point(point))
            except Exception as error:
                self.fail(row, f"measure {measure.name!r}", error)
                return None
        return values

    def at_point(self, row: int, use: Any, what: str) -> Any:
        """Build a point and use it; None if it is infeasible, or fails."""
        source, values = self.plan.source, self.values(row)
        try:
            model, world, game = source.at(values)
            if model is None and game is None:
                self.status[row] = INFEASIBLE
                return None
            return use(SweepPoint(values, model, world, game, source.actions, source.hegemon))
        except Exception as error:
            self.fail(row, what, error)
            return None

    def values(self, row: int) -> dict[str, Any]:
        """A point's value on each axis."""
        return {
            axis.name: axis.values[int(at[row])]
            for axis, at in zip(self.axes, self.places, strict=True)
        }

    def fail(self, row: int, what: str, error: Exception) -> None:
        """Mark a point, or stop at it."""
        said = f"{type(error).__name__}: {error}"
        values = self.values(row)
        if self.plan.on_error == "mark":
            self.status[row] = FAILED
            self.errors[row] = f"{what} raised {shorten_text(said)}"
            return
        where = ", ".join(f"{name}={parameter_text(value)}" for name, value in values.items())
        message = (
            f"at {where}: {what} raised {shorten_text(said)}; on_error='mark' marks such points "
            "and goes on"
        )
        raise MeasureError(message, values) from error


def _column(measure: Any, values: Sequence[Any]) -> Column:
    try:
        return columns.of_values(values)
    except InvalidShapeError as error:
        message = f"measure {measure.name!r}: {error}"
        raise MeasureError(message) from None


def _refuse_payoffs(point: SweepPoint) -> None:
    message = f"payoffs are not finite, or their sum is not: {point}; use smaller parameters"
    raise InvalidPayoffError(message)


def shorten_text(text: str) -> str:
    """An error's text, not longer than a screen."""
    return text if len(text) <= 1000 else shorten(text, 1000)
