"""What a state gains by standing where it does, in integers that do not overflow.

Sides are +1 and -1. The field of state i, sum_j J_ij x_j, times x_i says what its side is worth to
it: negative, and it would move. Couplings are given as ``J = lead * 2^(radix * m) + rest``, the
rest as m digits of ``radix`` bits, the lowest first. Fields of the leads are kept up to date from
step to step; where they leave a sign open, by at most ``slack``, the digits decide. With ``slack``
0 there are none, and the leads are the couplings.
"""

from __future__ import annotations

import numpy as np

from balancegame._kernels.kernel import kernel


@kernel
def carried_sign(digits, radix, lead):
    """The sign of lead * 2^(radix * m) + sum_l digits[l] 2^(radix * l); digits may be negative."""
    carry = np.int64(0)
    low = np.int64(0)
    for level in range(digits.shape[0]):
        value = digits[level] + carry
        carry = value >> radix
        low |= value - (carry << radix)
    top = lead + carry
    if top > 0 or (top == 0 and low > 0):
        return 1
    if top < 0:
        return -1
    return 0


@kernel
def worth_sign(x, i, lead, digits, radix):
    """The exact sign of x_i times the field of i, ``lead`` being that of the leads."""
    sums = np.zeros(digits.shape[0], np.int64)
    for level in range(digits.shape[0]):
        for j in range(x.shape[0]):
            sums[level] += x[i] * digits[level, i, j] * x[j]
    return carried_sign(sums, radix, lead)


@kernel
def worth_order(x, i, k, difference, digits, radix):
    """The exact sign of i's worth minus k's; ``difference`` is that of the leads."""
    sums = np.zeros(digits.shape[0], np.int64)
    for level in range(digits.shape[0]):
        for j in range(x.shape[0]):
            sums[level] += (x[i] * digits[level, i, j] - x[k] * digits[level, k, j]) * x[j]
    return carried_sign(sums, radix, difference)


@kernel
def steepest_move(x, h, slack, digits, radix):
    """The state whose move lowers the energy most, of several the first; -1 where none does."""
    n = x.shape[0]
    least = x[0] * h[0]
    for i in range(1, n):
        least = min(least, x[i] * h[i])  # a loop the compiler vectorises
    if slack == 0:
        if least >= 0:
            return -1
        best = 0
        while x[best] * h[best] != least:
            best += 1
        return best
    if least >= slack:
        return -1
    # All that the leads cannot tell from the least, in order: exact comparisons.
    best = -1
    for i in range(n):
        worth = x[i] * h[i]
        if worth > least + 2 * slack:
            continue
        if best < 0 or worth_order(x, i, best, worth - x[best] * h[best], digits, radix) < 0:
            best = i
    if worth_sign(x, best, x[best] * h[best], digits, radix) < 0:
        return best
    return -1


@kernel
def fields_of(x, lead, h):
    """Write the fields of the leads into ``h``."""
    n = x.shape[0]
    for i in range(n):
        total = np.int64(0)
        for j in range(n):
            total += lead[i, j] * x[j]
        h[i] = total


@kernel
def descend(x, h, lead, slack, digits, radix):
    """Steepest descent from ``x``, in place."""
    while True:
        k = steepest_move(x, h, slack, digits, radix)
        if k < 0:
            return
        step = 2 * x[k]
        x[k] = -x[k]
        for j in range(x.shape[0]):
            h[j] -= step * lead[k, j]
