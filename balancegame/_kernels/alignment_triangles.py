"""Triangle inequalities of the cut polytope: s_i s_j X_ij + s_i s_k X_ik + s_j s_k X_jk >= -1.

Three sides cannot all differ, whatever the signs s; each row of ``triangles`` (m, 6) holds i, j, k
and their signs.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel


@kernel
def triangle_excess(X, triangles, excess):
    """Write by how much each inequality is broken: -1 minus its left side."""
    for row in range(triangles.shape[0]):
        i, j, k = triangles[row, 0], triangles[row, 1], triangles[row, 2]
        a, b, c = triangles[row, 3], triangles[row, 4], triangles[row, 5]
        excess[row] = -1.0 - a * b * X[i, j] - a * c * X[i, k] - b * c * X[j, k]


@kernel
def subtract_triangles(M, triangles, weights):
    """Subtract sum_r w_r A_r from ``M``, where <A_r, X> <= 1 is inequality r.

    A_r holds -s_i s_j / 2 at the entries ij and ji, and so on for the other two pairs.
    """
    for row in range(triangles.shape[0]):
        half = 0.5 * weights[row]
        if half == 0.0:
            continue
        i, j, k = triangles[row, 0], triangles[row, 1], triangles[row, 2]
        a, b, c = triangles[row, 3], triangles[row, 4], triangles[row, 5]
        M[i, j] += half * a * b
        M[j, i] += half * a * b
        M[i, k] += half * a * c
        M[k, i] += half * a * c
        M[j, k] += half * b * c
        M[k, j] += half * b * c


@kernel
def broken_triangles(X, least, triangles, excess):
    """Find the inequalities broken by more than ``least``; return how many there are.

    What does not fit into ``triangles`` (room, 6) and ``excess`` (room,) replaces what is broken
    less, in a rough way: a bar rises each time the room is full.
    """
    n = X.shape[0]
    room = excess.shape[0]
    count = 0
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                for kind in range(4):
                    a = -1 if kind == 1 else 1
                    b = -1 if kind == 2 else 1
                    c = -1 if kind == 3 else 1
                    over = -1.0 - a * b * X[i, j] - a * c * X[i, k] - b * c * X[j, k]
                    if over <= least:
                        continue
                    if count == room:
                        # Keep the half that is broken most.
                        least = np.median(excess)
                        count = 0
                        for row in range(room):
                            if excess[row] > least:
                                excess[count] = excess[row]
                                triangles[count] = triangles[row]
                                count += 1
                        if over <= least:
                            continue
                    triangles[count, 0], triangles[count, 1], triangles[count, 2] = i, j, k
                    triangles[count, 3], triangles[count, 4], triangles[count, 5] = a, b, c
                    excess[count] = over
                    count += 1
    return count
