"""One step of the walk over a polytope's bases, decided in floats where floats can prove it.

The polytope is {z >= 0, C z <= b}; its variables come scaled by one number and each row by one of
its own, so that entries have absolute values of at most 1, each rounded once. Label t < d stands
for z_t >= 0, label d + j for row j; a *basis* is a set of d labels, kept as bits of uint64 words:
bit ``first[0] + t`` and bit ``first[1] + j``. Its *dictionary* writes the other variables in terms
of those of its labels. The right side is perturbed, row j by eps^(j+1), so that no basis is
degenerate (Charnes 1952).

What is proven
--------------
With M the square matrix of the basis' rows and of the variables they fix, R its computed inverse
and E a bound on the norm of I - R M below 1, the true inverse differs from R by at most
|R| E / (1 - E) and the true point from the computed one by at most |R| |b - M x| / (1 - E) (maximum
norms; Rump 1983). Rounding in these figures is bounded by multiples of the unit roundoff and added.
A sign is certain if its value exceeds its error. If not, the value times det M is an integer, and
an integer smaller than 1 is zero; det M, before scaling, is bounded by Hadamard's inequality. What
is neither is left undecided, for integer arithmetic; so is whatever is no number.

A basis is marked proven only if it is lexicographically feasible by these signs. Which neighbours
to visit is a matter of floats alone: they are proven, or refused, when their own turn comes.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from balancegame._kernels.dictionary import TIE, eliminate, leaving_row, locate_slacks

WAITING, PROVEN, UNDECIDED, REFUSED = 0, 1, 2, 3

_ROUNDOFF = 2.0**-53
_SAFE = 1.0 + 1e-9  # covers the rounding of the bounds themselves
_BITS, _SHIFT = 63, 6


@njit(cache=True, nogil=True)
def expand(C, b, log2_rows, log2_scale, first, bases, tight, state, table, counts, stop):
    """Work through the waiting bases from ``counts[0]`` on, adding neighbours at ``counts[1]``.

    Stops after `stop` bases, or when the arrays could overflow; then the caller makes room.

    C : (r, d); b : (r,); log2_rows : (r,), log2 of what each row was divided by; log2_scale : log2
    of what the variables were multiplied by; first : the first bits of variables and of rows;
    bases, tight : (N, W) uint64; state : (N,) uint8; table : hash table of places, -1 where empty,
    a power of 2 long.
    """
    r, d = C.shape
    tableau = np.empty((r, d + 1))
    row_label = np.empty(r, np.int64)
    column_label = np.empty(d, np.int64)
    columns, rows = np.empty(d + r, np.int64), np.empty(d + r, np.int64)
    point = np.empty(d + r)
    # Where slack t stands: its column, or -1 - its row.
    slack_place = np.empty(r, np.int64)
    leaving = np.empty(d, np.int64)
    work = np.empty((3, d + 1))
    neighbour = np.empty(bases.shape[1], np.uint64)
    capacity = min(bases.shape[0], table.shape[0] // 2)
    done = 0
    while counts[0] < counts[1] and done < stop and counts[1] + d <= capacity:
        place = counts[0]
        counts[0] += 1
        done += 1
        basis = bases[place]
        k = _dictionary(
            C, b, first, basis, tableau, row_label, column_label, columns, rows, work[0]
        )
        state[place] = UNDECIDED
        if k < 0:
            continue
        locate_slacks(r, d, row_label, column_label, slack_place)
        if not _is_feasible(
            C, b, log2_rows, log2_scale, first, k, tableau, row_label, slack_place, columns, rows,
            point, tight[place], basis,
        ):  # fmt: skip
            continue
        _leaving_rows(tableau, slack_place, leaving, work)
        state[place] = PROVEN
        for c in range(d):
            if leaving[c] < 0:
                state[place] = UNDECIDED
                break
            # By element: the error of a slice's assignment takes two seconds to compile.
            for w in range(basis.shape[0]):
                neighbour[w] = basis[w]
            _flip(neighbour, column_label[c], d, first)
            _flip(neighbour, row_label[leaving[c]], d, first)
            insert(bases, state, table, counts, neighbour)


@njit(cache=True, nogil=True)
def insert(bases, state, table, counts, basis):
    """Enter a basis among the waiting ones, unless it is known."""
    mask = np.uint64(table.shape[0] - 1)
    slot = _hash(basis) & mask
    while True:
        place = table[slot]
        if place < 0:
            place = counts[1]
            for w in range(basis.shape[0]):
                bases[place, w] = basis[w]
            state[place] = WAITING
            table[slot] = place
            counts[1] += 1
            return
        same = True
        for w in range(basis.shape[0]):
            if bases[place, w] != basis[w]:
                same = False
                break
        if same:
            return
        slot = (slot + np.uint64(1)) & mask


@njit(cache=True, nogil=True)
def fill_table(bases, count, table):
    """Enter the first `count` bases, all different, in an empty hash table."""
    mask = np.uint64(table.shape[0] - 1)
    for place in range(count):
        slot = _hash(bases[place]) & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = place


@njit(cache=True, nogil=True)
def _hash(words):
    # The finaliser of MurmurHash3 (Appleby 2011), word by word.
    mixed = np.uint64(0)
    for word in words:
        mixed ^= word
        mixed ^= mixed >> np.uint64(33)
        mixed *= np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(33)
        mixed *= np.uint64(0xC4CEB9FE1A85EC53)
        mixed ^= mixed >> np.uint64(33)
    return mixed


@njit(cache=True, nogil=True)
def _has(words, label):
    return (words[label >> _SHIFT] >> np.uint64(label & _BITS)) & np.uint64(1) != 0


@njit(cache=True, nogil=True)
def _flip(words, label, d, first):
    bit = first[0] + label if label < d else first[1] + label - d
    words[bit >> _SHIFT] ^= np.uint64(1) << np.uint64(bit & _BITS)


@njit(cache=True, nogil=True)
def _dictionary(
    C, b, first, basis, tableau, row_label, column_label, columns, rows, pivot_row
):  # fmt: skip
    """Fill the basis' dictionary by k exchanges, largest pivot first; k, or -1 if singular.

    Afterwards ``columns[:k]`` are the columns of slacks of tight rows, and ``rows[q]`` is the
    row of the variable that column ``columns[q]`` held at first.
    """
    r, d = C.shape
    k = 0
    for c in range(d):
        column_label[c] = c
        if not _has(basis, first[0] + c):
            columns[k] = c
            k += 1
    n_tight = 0
    for i in range(r):
        row_label[i] = d + i
        if _has(basis, first[1] + i):
            rows[n_tight] = i
            n_tight += 1
        for c in range(d):
            tableau[i, c] = C[i, c]
        tableau[i, d] = b[i]
    if not eliminate(tableau, columns, rows, k, pivot_row):
        return -1
    for q in range(k):
        row_label[rows[q]], column_label[columns[q]] = columns[q], d + rows[q]
    return k


@njit(cache=True, nogil=True)
def _errors(C, b, k, tableau, columns, rows, point):
    """Bounds on the errors of point and inverse, and the point's size; infinite if unproven."""
    norm, residual, size, defect, side = 0.0, 0.0, 0.0, 0.0, 0.0
    for q in range(k):
        point[q] = tableau[rows[q], C.shape[1]]
        size = _larger(size, abs(point[q]))
        total = 0.0
        for t in range(k):
            total += abs(tableau[rows[q], columns[t]])
        norm = _larger(norm, total)
    for q in range(k):
        total = 0.0
        for q2 in range(k):
            entry = -1.0 if q == q2 else 0.0
            for t in range(k):
                # columns[t] holds the slack of row rows[t], which was exchanged for it.
                entry += tableau[rows[q], columns[t]] * C[rows[t], columns[q2]]
            total += abs(entry)
        defect = _larger(defect, total)
        left = b[rows[q]]
        side = _larger(side, abs(left))
        for t in range(k):
            left -= C[rows[q], columns[t]] * point[t]
        residual = _larger(residual, abs(left))
    rounding = (2 * k + 8) * _ROUNDOFF
    defect = (defect + rounding * (1.0 + k * norm)) * _SAFE
    residual = (residual + rounding * (side + k * size)) * _SAFE
    if not (defect < 0.5 and math.isfinite(residual) and math.isfinite(norm)):
        return np.inf, np.inf, size
    share = norm / (1.0 - defect) * _SAFE
    return share * residual, share * defect, size


@njit(cache=True, nogil=True)
def _larger(a, b):
    """The larger number; what is no number wins."""
    return a if b <= a else b


@njit(cache=True, nogil=True)
def _is_feasible(
    C, b, log2_rows, log2_scale, first, k, tableau, row_label, slack_place, columns, rows, point,
    tight, basis,
):  # fmt: skip
    """Whether the basis is proven lexicographically feasible; fills its tight labels.

    Values proven zero are stored as zeros.
    """
    r, d = C.shape
    point_error, inverse_error, size = _errors(C, b, k, tableau, columns, rows, point)
    if not (math.isfinite(point_error) and math.isfinite(inverse_error)):
        return False
    for w in range(basis.shape[0]):
        tight[w] = basis[w]
    bits = -1.0  # log2 of a bound on |det M|; computed when first needed
    for i in range(r):
        label = row_label[i]
        if label < d:
            value, error, units = tableau[i, d], point_error, log2_scale
        else:
            value = b[i]
            for t in range(k):
                value -= C[i, columns[t]] * point[t]
            error = k * point_error + (k + 4) * _ROUNDOFF * (abs(b[i]) + k * size)
            error *= _SAFE
            units = log2_scale - log2_rows[i]
            tableau[i, d] = value
        if value > error:
            continue
        if bits < 0.0:
            bits = _determinant_bits(C, log2_rows, k, columns, rows)
        if not _is_zero(value, error, units - bits):
            return False
        tableau[i, d] = 0.0
        if not _is_lexicopositive(
            C, log2_rows, k, tableau, i, label, slack_place, columns, rows, inverse_error, bits
        ):
            return False
        _flip(tight, label, d, first)
    return True


@njit(cache=True, nogil=True)
def _determinant_bits(C, log2_rows, k, columns, rows):
    """log2 of a bound on |det M|, M before scaling, by Hadamard's inequality; at least 0."""
    bits = 0.0
    for q in range(k):
        total = 0.0
        for t in range(k):
            total += C[rows[q], columns[t]] ** 2
        # Zero by underflow: then 1 bounds it as well.
        bits += log2_rows[rows[q]] + 0.5 * math.log2(total if total > 0.0 else 1.0) + 1e-8
    return max(bits, 0.0)


@njit(cache=True, nogil=True)
def _is_zero(value, error, units):
    """Whether a value is proven zero: divided by 2^units it is an integer, and less than 1."""
    if units < -1000.0:
        return False
    return abs(value) + error < 2.0 ** min(units - 1e-6, 1000.0)


@njit(cache=True, nogil=True)
def _is_lexicopositive(
    C, log2_rows, k, tableau, i, label, slack_place, columns, rows, inverse_error, bits
):  # fmt: skip
    """Whether the first nonzero coefficient of eps, eps^2, ... in a row is proven positive."""
    r, d = C.shape
    for t in range(r):
        c = slack_place[t]
        if c < 0:
            if c == -1 - i:
                return True
            continue
        units = log2_rows[t] - bits
        if label < d:
            value, error = tableau[i, c], inverse_error
        else:
            value, size = 0.0, 0.0
            for q in range(k):
                value -= C[i, columns[q]] * tableau[rows[q], c]
                size += abs(tableau[rows[q], c])
            error = (k * inverse_error + (k + 4) * _ROUNDOFF * size) * _SAFE
            units -= log2_rows[i]
        if value > error:
            return True
        if not _is_zero(value, error, units):
            return False
        tableau[i, c] = 0.0
    return False


@njit(cache=True, nogil=True)
def _leaving_rows(tableau, slack_place, leaving, work):
    """For each column the row its edge runs into, as floats see it; -1 where there is none."""
    r, d = tableau.shape[0], tableau.shape[1] - 1
    best, second, at = work[0], work[1], work[2]
    best[:] = 0.0
    second[:] = 0.0
    at[:] = -1.0
    degenerate = False
    for i in range(r):
        if tableau[i, d] <= 0.0:
            degenerate = True
            break
        # The least ratio of value to entry is the greatest of entry to value.
        inverse = 1.0 / tableau[i, d]
        for c in range(d):
            steepness = tableau[i, c] * inverse
            steeper = steepness > best[c]
            runner_up = best[c] if steeper else steepness
            second[c] = runner_up if runner_up > second[c] else second[c]
            at[c] = i if steeper else at[c]
            best[c] = steepness if steeper else best[c]
    for c in range(d):
        if degenerate or second[c] > best[c] * (1.0 - TIE):
            leaving[c] = leaving_row(tableau, c, slack_place)
        else:
            leaving[c] = int(at[c])
