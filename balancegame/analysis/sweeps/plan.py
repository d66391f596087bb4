"""A sweep as it is to be done: all inputs, and how they are cut into blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

import balancegame
from balancegame._checks import available_memory, format_bytes
from balancegame.analysis.sweeps.axes import Axis
from balancegame.analysis.sweeps.many_points import MOST_PROFILES, Places
from balancegame.analysis.sweeps.measures import Measure
from balancegame.analysis.sweeps.source import Source
from balancegame.errors import InvalidParameterError, TableTooLargeError

_POINTS_BY_FUNCTION = 128  # in a block, at about a millisecond each
_POINTS_COMPILED = 1 << 14
_PAYOFFS_COMPILED = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a worker needs to know.

    Attributes
    ----------
    source : Source
    axes : tuple of Axis
    measures : tuple of Measure
    on_error : "raise" or "mark"
    block_size : int
        Points a block; block b holds the points from ``b * block_size`` on, the last axis fastest.
    version : str
        Of the package that made the plan.
    """

    source: Source
    axes: tuple[Axis, ...]
    measures: tuple[Measure, ...]
    on_error: Literal["raise", "mark"]
    block_size: int
    version: str = balancegame.__version__

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return tuple(len(axis) for axis in self.axes)

    @property
    def n_points(self) -> int:
        """Points of the grid."""
        return math.prod(self.shape)

    @property
    def n_blocks(self) -> int:
        """Blocks of the grid."""
        return -(-self.n_points // self.block_size)

    def bounds(self, block: int) -> tuple[int, int]:
        """The first point of a block, and the one after its last."""
        first = block * self.block_size
        return first, min(first + self.block_size, self.n_points)

    def places(self, block: int) -> Places:
        """The places of a block's points on the axes."""
        return tuple(
            place.astype(np.int64)
            for place in np.unravel_index(range(*self.bounds(block)), self.shape)
        )

    def check_version(self) -> None:
        """Refuse to work on the plan of another version of the package."""
        if self.version != balancegame.__version__:
            message = (
                f"the sweep was planned by balancegame {self.version}, but this worker runs "
                f"{balancegame.__version__}; install one version everywhere"
            )
            raise InvalidParameterError(message)


def check_fits(plan: Plan) -> None:
    """Refuse a sweep whose dataset would not fit in memory, before anything is worked out.

    Raises
    ------
    TableTooLargeError
    """
    needed = plan.n_points * (1 + 4 * len(plan.measures))  # a status, and a code each at least
    available = available_memory()
    if needed > available:
        sizes = " x ".join(f"{size:,}" for size in plan.shape)
        message = (
            f"the grid has {sizes} points, whose dataset takes at least {format_bytes(needed)}, "
            f"but {format_bytes(available)} of memory are available; take fewer points an axis "
            "and refine_boundaries, or one part of the grid after another"
        )
        raise TableTooLargeError(message)


def compiled_measures(source: Source, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Those of the measures that are worked out at many points at once."""
    if source.is_built or math.prod(source.shape) > MOST_PROFILES:
        return ()
    return tuple(one for one in measures if one.is_compiled(len(source.shape)))


def usual_block_size(source: Source, measures: Sequence[Measure]) -> int:
    """Points a block that take about as long as it takes to hand a block around.

    It depends on the inputs only: blocks are the same wherever they are worked out.
    """
    if len(compiled_measures(source, measures)) < len(measures):
        return _POINTS_BY_FUNCTION
    payoffs = len(source.shape) * math.prod(source.shape)
    return max(_POINTS_BY_FUNCTION, min(_POINTS_COMPILED, _PAYOFFS_COMPILED // payoffs))
