"""Sets of profiles: one bit each, and a list besides where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.solvers.coalitions.members import Cells

_SPARSE = 64  # a list takes no more memory than the bits if fewer than one cell in so many is in it


@dataclass(frozen=True, slots=True, eq=False)
class ProfileSet:
    """A set of table cells.

    Attributes
    ----------
    bits : array of uint8
        Bit k, from the high end of each byte, stands for cell k.
    few : array of int or None
        The cells in increasing order, if they are few.
    """

    bits: NDArray[np.uint8]
    few: Cells | None

    @classmethod
    def of(cls, cells: Cells, n_cells: int) -> ProfileSet:
        """The set of some cells, given in increasing order."""
        if len(cells) * _SPARSE > n_cells:
            marks = np.zeros(n_cells, dtype=np.bool_)
            marks[cells] = True
            return cls(np.packbits(marks), None)
        bits = np.zeros((n_cells + 7) // 8, dtype=np.uint8)
        np.bitwise_or.at(bits, cells >> 3, (128 >> (cells & 7)).astype(np.uint8))
        return cls(bits, cells)


def intersection(sets: Sequence[ProfileSet], n_cells: int) -> Cells:
    """The cells that lie in all of the sets, at least one, in increasing order."""
    lists = [one.few for one in sets if one.few is not None]
    if not lists:
        bits = np.bitwise_and.reduce([one.bits for one in sets])
        return np.flatnonzero(np.unpackbits(bits, count=n_cells)).astype(np.int64)
    cells = min(lists, key=len)
    for one in sets:
        if not len(cells):
            break
        cells = cells[(one.bits[cells >> 3] & (128 >> (cells & 7))) != 0]
    return cells
