"""Couplings of any length in 64-bit integers: leads, and digits for what they leave open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.games.alignment import AlignmentGame

_LEAD_BITS = 60  # of the sum of all leads, in absolute value
_RADIX = 40  # bits of a digit, at most

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Couplings:
    """The integer couplings of a game: ``lead * 2^(radix * m) + sum_l digits[l] 2^(radix * l)``.

    Attributes
    ----------
    lead : (n, n) array of int64
    digits : (m, n, n) array of int64
        From 0 to 2^radix - 1; none (m = 0) where the couplings fit into the lead.
    radix : int
    slack : int
        A field of the leads tells the sign of the whole if it is at least so far from 0.
    """

    game: AlignmentGame
    lead: Integers
    digits: Integers
    radix: int
    slack: int

    @classmethod
    def of(cls, game: AlignmentGame) -> Couplings:
        """Split a game's couplings."""
        integers = game.integer_couplings
        n = game.n_states
        total = sum(abs(int(value)) for value in integers.ravel())
        excess = max(0, total.bit_length() - _LEAD_BITS)
        levels = -(-excess // _RADIX)
        radix = -(-excess // levels) if levels else 1
        digits = np.zeros((levels, n, n), dtype=np.int64)
        for level in range(levels):
            digits[level] = (integers >> (radix * level)) & ((1 << radix) - 1)
        lead = np.array(integers >> (radix * levels), dtype=np.int64)
        return cls(game, lead, digits, radix, n if levels else 0)

    @property
    def kernel_arguments(self) -> tuple[Integers, int, Integers, int]:
        """What the kernels of fields take."""
        return self.lead, self.slack, self.digits, self.radix

    @property
    def is_whole(self) -> bool:
        """Whether the leads are all there is."""
        return self.slack == 0

    @property
    def pair_slack(self) -> int:
        """Sums over all pairs differ from those of the leads by less than this, in leads."""
        n = self.game.n_states
        return 0 if self.is_whole else n * (n - 1) // 2 + 1

    def sums(self, sides: Integers) -> list[int]:
        """The exact sums over pairs of J_ij x_i x_j for rows of sides +1 and -1, shape (k, n)."""
        totals = _pair_sums(self.lead, sides).tolist()
        if self.is_whole:
            return totals
        totals = [value << (self.radix * len(self.digits)) for value in totals]
        for level, digit in enumerate(self.digits):
            added = _pair_sums(digit, sides).tolist()
            totals = [a + (b << (self.radix * level)) for a, b in zip(totals, added, strict=True)]
        return totals

    def most_of_leads(self, sides: Integers) -> int:
        """The largest sum over pairs of the leads, among rows of sides."""
        return int(_pair_sums(self.lead, sides).max())

    def energies(self, sides: Integers) -> list[int]:
        """Exact energies in units of the game's, for rows of sides +1 and -1."""
        whole = int(np.triu(self.game.integer_couplings).sum())
        return [whole - value for value in self.sums(sides)]


def _pair_sums(matrix: Integers, sides: Integers) -> Integers:
    """Sums over pairs, row by row: no array larger than the sides."""
    totals = np.zeros(len(sides), dtype=np.int64)
    for i in range(1, matrix.shape[0]):
        if matrix[i, :i].any():
            totals += sides[:, i] * (sides[:, :i] @ matrix[i, :i])
    return totals
