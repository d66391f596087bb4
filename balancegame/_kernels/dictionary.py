"""Dictionaries in floats: exchanges, and the row an edge runs into.

A dictionary, shape (r, d + 1), writes each basic variable as its last column less the others times
the nonbasic variables. Labels below d are variables, d + j the slack of row j, whose right side
is perturbed by eps^(j+1). Nothing here is proven: callers prove what comes out.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_TINY = 1e-10  # smaller entries of a column, relative to its largest, are taken for zeros
TIE = 1e-9  # ratios closer than this are taken for ties


@njit(cache=True, nogil=True)
def exchange(tableau, r0, c0, pivot_row, noise):
    """Exchange the variables of a row and a column; `pivot_row` is scratch, as long as a row.

    Values that come out smaller than `noise` are taken for zeros.
    """
    last = tableau.shape[1] - 1
    inverse = 1.0 / tableau[r0, c0]
    tableau[r0, c0] = 1.0
    for c in range(tableau.shape[1]):
        pivot_row[c] = tableau[r0, c] * inverse
    for i in range(tableau.shape[0]):
        factor = tableau[i, c0]
        if factor != 0.0:
            tableau[i, c0] = 0.0
            for c in range(tableau.shape[1]):
                tableau[i, c] -= factor * pivot_row[c]
            if abs(tableau[i, last]) < noise:
                tableau[i, last] = 0.0
    for c in range(tableau.shape[1]):
        tableau[r0, c] = pivot_row[c]


@njit(cache=True, nogil=True)
def eliminate(tableau, columns, rows, k, pivot_row):
    """Exchange k columns for k rows, largest pivot first; False if they are no basis.

    Reorders `rows` so that ``rows[q]`` is the one exchanged for ``columns[q]``.
    """
    for q in range(k):
        largest, at = 0.0, -1
        for t in range(q, k):
            size = abs(tableau[rows[t], columns[q]])
            if size > largest:
                largest, at = size, t
        if at < 0:
            return False
        rows[q], rows[at] = rows[at], rows[q]
        exchange(tableau, rows[q], columns[q], pivot_row, 0.0)
    return True


@njit(cache=True, nogil=True)
def locate_slacks(r, d, row_label, column_label, slack_place):
    """Where each row's slack stands: its column, or -1 less its row."""
    for c in range(d):
        if column_label[c] >= d:
            slack_place[column_label[c] - d] = c
    for i in range(r):
        if row_label[i] >= d:
            slack_place[row_label[i] - d] = -1 - i


@njit(cache=True, nogil=True)
def leaving_row(tableau, c, slack_place):
    """The row of the lexicographically least ratio in a column, as floats see it; -1 if none."""
    r, last = tableau.shape[0], tableau.shape[1] - 1
    largest = 0.0
    for i in range(r):
        largest = max(largest, abs(tableau[i, c]))
    least, best = np.inf, -1
    for i in range(r):
        pivot = tableau[i, c]
        if pivot <= _TINY * largest:
            continue
        ratio = tableau[i, last] / pivot
        tie = TIE * (abs(ratio) + abs(least)) if best >= 0 else 0.0
        if best < 0 or ratio < least - tie:
            least, best = ratio, i
        elif ratio > least + tie:
            continue
        elif _is_lexicographically_less(tableau, c, slack_place, i, best):
            least, best = ratio, i
    return best


@njit(cache=True, nogil=True)
def _is_lexicographically_less(tableau, c, slack_place, i, other):
    for t in range(tableau.shape[0]):
        place = slack_place[t]
        if place < 0:
            mine = 1.0 if place == -1 - i else 0.0
            its = 1.0 if place == -1 - other else 0.0
        else:
            mine, its = tableau[i, place], tableau[other, place]
        mine /= tableau[i, c]
        its /= tableau[other, c]
        if abs(mine - its) > TIE * (abs(mine) + abs(its)) + 1e-12:
            return mine < its
    return False
