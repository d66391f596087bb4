"""The dataset of a sweep, put together from its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame.analysis.sweeps.blocks import NOT_DONE, STATUS, Block
from balancegame.analysis.sweeps.columns import MISSING, Column, joined, labelled
from balancegame.analysis.sweeps.measures import DESCRIPTIONS, Measure
from balancegame.analysis.sweeps.plan import Plan
from balancegame.errors import InvalidShapeError, MeasureError

if TYPE_CHECKING:
    import xarray as xr


def assemble(plan: Plan, blocks: Mapping[int, Block]) -> xr.Dataset:
    """All blocks, or those that are done, as one dataset over the grid."""
    import xarray as xr  # noqa: PLC0415 (slow to import)

    grid = tuple(axis.name for axis in plan.axes)
    coordinates: dict[str, Any] = {axis.name: axis.coordinate for axis in plan.axes}
    variables: dict[str, Any] = {}
    for measure in plan.measures:
        column = _column(plan, measure, blocks)
        values = column.values.reshape(*plan.shape, *column.values.shape[1:])
        extra = measure.dimensions or tuple(
            f"{measure.name}_{k}" for k in range(values.ndim - len(grid))
        )
        attributes: dict[str, Any] = {}
        if measure.kind in DESCRIPTIONS:
            attributes["long_name"] = DESCRIPTIONS[measure.kind]
        if column.legend is not None:
            attributes["labels"] = list(column.legend)
        variables[measure.name] = ((*grid, *extra), values, attributes)
        if "player" in extra and not plan.source.is_built:
            coordinates["player"] = list(plan.source.players)
    variables["status"] = (grid, _status(plan, blocks), {"labels": list(STATUS)})
    errors = _errors(plan, blocks)
    if errors is not None:
        attributes = {"long_name": "what went wrong", "labels": list(errors.legend or ())}
        variables["error"] = (grid, errors.values.reshape(plan.shape), attributes)
    return xr.Dataset(variables, coordinates, _attributes(plan))


def labels_as_text(dataset: xr.Dataset) -> xr.Dataset:
    """The dataset with texts in place of codes; no text where there is no value."""
    changed = dataset.copy()
    for name, array in dataset.data_vars.items():
        if "labels" in array.attrs:
            texts = np.array([*array.attrs["labels"], ""], dtype=object)
            changed[name] = (array.dims, texts[array.values.astype(np.int64)])
    return changed


def _attributes(plan: Plan) -> dict[str, Any]:
    source = plan.source
    model = repr(source.model) if not callable(source.model) else _name(source.model)
    attributes: dict[str, Any] = {"model": model}
    if source.world is not None:
        title = getattr(source.world, "title", None)
        attributes["world"] = _name(source.world) if title is None else title
        attributes["actions"] = list(source.actions)
        attributes["hegemon"] = source.hegemon
        if not source.is_built:
            attributes["players"] = list(source.players)  # whose the letters of labels are
    return attributes | {"balancegame": plan.version}


def _name(function: object) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _column(plan: Plan, measure: Measure, blocks: Mapping[int, Block]) -> Column:
    """A measure at every point of the grid."""
    known = {
        place: block.columns[measure.name]
        for place, block in blocks.items()
        if measure.name in block.columns
    }
    if not known:
        return _no_values(plan, measure)
    blank = next(iter(known.values()))
    parts = [
        known[place]
        if place in known
        else Column(blank.values[:0], blank.legend and ()).spread(
            np.empty(0, np.int64), np.diff(plan.bounds(place))[0]
        )
        for place in range(plan.n_blocks)
    ]
    try:
        return joined(parts, measure.label_order)
    except InvalidShapeError as error:
        message = f"measure {measure.name!r}: {error}"
        raise MeasureError(message) from None


def _no_values(plan: Plan, measure: Measure) -> Column:
    """A measure that has a value nowhere."""
    if measure.has_labels:
        return Column(np.full(plan.n_points, MISSING, np.int32), ())
    if measure.counts:
        return Column(np.full(plan.n_points, MISSING))
    players = len(plan.source.players) if measure.dimensions and not plan.source.is_built else 1
    extra = (players,) * len(measure.dimensions)
    return Column(np.full((plan.n_points, *extra), np.nan))


def _status(plan: Plan, blocks: Mapping[int, Block]) -> Any:
    status = np.full(plan.n_points, NOT_DONE, np.uint8)
    for place, block in blocks.items():
        status[slice(*plan.bounds(place))] = block.status
    return status.reshape(plan.shape)


def _errors(plan: Plan, blocks: Mapping[int, Block]) -> Column | None:
    """Why points failed; None if none did."""
    texts = {
        plan.bounds(place)[0] + row: text
        for place, block in blocks.items()
        for row, text in block.errors.items()
    }
    if not texts:
        return None
    failed = sorted(texts)
    return labelled([texts[point] for point in failed]).spread(np.array(failed), plan.n_points)
