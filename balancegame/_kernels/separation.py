"""Is there a weight vector that makes every column's weighted sum negative? A small simplex method.

The columns are a region's vertex profiles, the rows its equations and inequalities. If a mixture
of columns, correlated or not, satisfied all rows, no weights could separate; weights that do prove
that the region holds no equilibrium (Farkas 1902). Whoever uses them checks them: nothing here is
trusted.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel
from balancegame._kernels.product_simplices import largest_entry

_MOST_PIVOTS = 60
_ZERO = 1e-11


@kernel
def separate(G, n_equal):
    """Seek ``w`` with ``w @ G < 0`` in every column, ``w >= 0`` on rows from ``n_equal`` on.

    Phase 1 of the simplex method for a mixture p >= 0 of columns with G p = 0 on the first rows and
    G p >= 0 on the others. All right sides but one are 0; they are moved a little, against cycling.
    Returns whether weights were found, and the weights.
    """
    n_rows = G.shape[0]
    m = n_rows + 1
    B = np.empty((m, m))  # the basis' inverse; artificial variables first
    artificial = np.empty(m)
    value = np.empty(m)
    for i in range(m):
        artificial[i] = 1.0
        for j in range(m):
            B[i, j] = 1.0 if i == j else 0.0
        value[i] = 1.0 if i == n_rows else 1e-7 * (1.0 + 0.37 * i) * largest_entry(G[i])
    price = np.empty(m)
    entering = np.empty(m)
    for _ in range(_MOST_PIVOTS):
        for j in range(m):
            total = 0.0
            for i in range(m):
                total += artificial[i] * B[i, j]
            price[j] = total
        best, column = _dearest_column(G, price)
        slack, row = 0.0, -1
        for r in range(n_equal, n_rows):
            if -price[r] > slack:
                slack, row = -price[r], r
        if row < 0 and best < 0.0:
            return True, price
        if best + price[n_rows] <= 1e-12 and row < 0:
            break
        for i in range(m):
            if best + price[n_rows] < slack:
                entering[i] = -B[i, row]
            else:
                total = B[i, n_rows]
                for r in range(n_rows):
                    total += B[i, r] * G[r, column]
                entering[i] = total
        least, leaving = np.inf, -1
        for i in range(m):
            if entering[i] > _ZERO and value[i] / entering[i] < least:
                least, leaving = value[i] / entering[i], i
        if leaving < 0:
            break
        for j in range(m):
            B[leaving, j] /= entering[leaving]
        left = 0.0
        value[leaving] = least
        artificial[leaving] = 0.0
        for i in range(m):
            if i != leaving and entering[i] != 0.0:
                for j in range(m):
                    B[i, j] -= entering[i] * B[leaving, j]
                value[i] = max(0.0, value[i] - entering[i] * least)
            left += artificial[i] * value[i]
        if left < _ZERO:
            break
    return False, price


@kernel
def _dearest_column(G, price):
    products = np.empty(G.shape[1])
    for c in range(len(products)):
        products[c] = 0.0
    for r in range(G.shape[0]):
        weight = price[r]
        if weight != 0.0:
            row = G[r]
            for c in range(len(products)):
                products[c] += weight * row[c]
    best, column = -np.inf, -1
    for c in range(len(products)):
        if products[c] > best:
            best, column = products[c], c
    return best, column
