"""The Lemke-Howson path in floats: as many exchanges as asked for, then a fresh dictionary.

Labels are player 0's m actions, then player 1's n, in both dictionaries.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from balancegame._kernels.dictionary import eliminate, exchange, leaving_row

_NOISE = 1e-12
DONE, GOING_ON, LOST = 0, 1, 2


@njit(cache=True, nogil=True)
def follow(P, Q, rows_P, columns_P, rows_Q, columns_Q, first_label, turn, label, n_exchanges):
    """Follow the path for at most `n_exchanges`; returns how it ended, the turn, the label, count.

    P : (n, m + 1), Q : (m, n + 1) dictionaries, updated in place with the labels of their rows
    and columns; turn : 0 if `label` is to be dropped in P, 1 if in Q.
    """
    m, n = Q.shape[0], P.shape[0]
    scratch = np.empty(max(m, n) + 1)
    places_P, places_Q = np.empty(n, np.int64), np.empty(m, np.int64)
    _locate(rows_P, columns_P, m, places_P)
    _locate(rows_Q, columns_Q, 0, places_Q)
    for count in range(n_exchanges):
        if turn == 0:
            entered = _drop(P, rows_P, columns_P, places_P, label, m, scratch)
        else:
            entered = _drop(Q, rows_Q, columns_Q, places_Q, label, 0, scratch)
        if entered < 0:
            return LOST, turn, label, count
        turn, label = 1 - turn, entered
        if label == first_label:
            return DONE, turn, label, count + 1
    return GOING_ON, turn, label, n_exchanges


@njit(cache=True, nogil=True)
def _drop(tableau, row_labels, column_labels, places, label, first_row, scratch):
    """Leave a basis along the edge without one label; the label found at its end, or -1."""
    column = -1
    for c in range(column_labels.shape[0]):
        if column_labels[c] == label:
            column = c
            break
    if column < 0:
        return -1
    row = leaving_row(tableau, column, places)
    if row < 0:
        return -1
    found = row_labels[row]
    # Noise about zero would hide ties from the lexicographic rule.
    exchange(tableau, row, column, scratch, _NOISE)
    row_labels[row], column_labels[column] = label, found
    if 0 <= label - first_row < places.shape[0]:
        places[label - first_row] = -1 - row
    if 0 <= found - first_row < places.shape[0]:
        places[found - first_row] = column
    return found


@njit(cache=True, nogil=True)
def _locate(row_labels, column_labels, first_row, places):
    """Where each row's slack stands: its column, or -1 less its row."""
    r = row_labels.shape[0]
    for i in range(r):
        slack = row_labels[i] - first_row
        if 0 <= slack < r:
            places[slack] = -1 - i
    for c in range(column_labels.shape[0]):
        slack = column_labels[c] - first_row
        if 0 <= slack < r:
            places[slack] = c


@njit(cache=True, nogil=True)
def refresh(C, b, tableau, row_labels, column_labels, first_variable, first_row):
    """Compute a dictionary anew from the matrix; False if its labels are no basis."""
    r, d = C.shape
    columns, rows = np.empty(d, np.int64), np.empty(r, np.int64)
    n_columns, n_rows = 0, 0
    for label in row_labels:
        if first_variable <= label < first_variable + d:
            columns[n_columns] = label - first_variable
            n_columns += 1
    for label in column_labels:
        if first_row <= label < first_row + r:
            rows[n_rows] = label - first_row
            n_rows += 1
    for i in range(r):
        for c in range(d):
            tableau[i, c] = C[i, c]
        tableau[i, d] = b[i]
    if not eliminate(tableau, columns, rows, n_columns, np.empty(d + 1)):
        return False
    for c in range(d):
        column_labels[c] = first_variable + c
    for i in range(r):
        row_labels[i] = first_row + i
    for q in range(n_columns):
        row_labels[rows[q]] = first_variable + columns[q]
        column_labels[columns[q]] = first_row + rows[q]
    return True
