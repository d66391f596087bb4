"""What was decided on each region, written down as numbers for the writer of certificates."""

from __future__ import annotations

from balancegame._kernels.kernel import kernel
from balancegame._kernels.product_simplices import (
    FIRST,
    SIZE,
)

# Records.
EXCLUDED, CUT, BISECTED, SETTLED = 1.0, 2.0, 3.0, 4.0


@kernel
def write(record, number):
    """Write one number, or count it where there is no more room."""
    record[0] += 1.0
    if record[0] < len(record):
        record[int(record[0])] = number


@kernel
def write_powers(record, powers):
    if len(record) > 1:
        for r in range(len(powers)):
            write(record, float(powers[r]))


@kernel
def write_edge(record, edge):
    if len(record) > 1:
        write(record, BISECTED)
        for t in range(3):
            write(record, float(edge[t]))


@kernel
def write_cut(record, lower, W, layout, j):
    if len(record) == 1:
        return
    write(record, CUT)
    write(record, float(j))
    at = layout[FIRST, j] + j
    for v in range(layout[SIZE, j]):
        write(record, lower[at + v])
        if lower[at + v] > 0.0:
            write_weights(record, W, layout, j, v)


@kernel
def write_weights(record, W, layout, j, v):
    """The weights of the equations in `_coordinate`."""
    first = layout[FIRST, j]
    for r in range(len(W)):
        weight = 0.0
        if v:
            weight = W[first + v - 1, r]
        else:
            for t in range(layout[SIZE, j] - 1):
                weight -= W[first + t, r]
        write(record, weight)
