"""One stable alignment of a result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from balancegame._numbers import format_fraction
from balancegame.games.narrow_text import wrapped


@final
@dataclass(frozen=True, slots=True, repr=False)
class StableAlignment:
    """Two camps that no state leaves alone.

    Attributes
    ----------
    camps : (tuple of str, tuple of str)
        The states on side 0 and on side 1.
    exact_energy : Fraction
    basin : float
        How many alignments steepest descent leads here; nan where they were not counted.
    basin_error : float
        Its standard error: 0 where all were counted.
    """

    camps: tuple[tuple[str, ...], tuple[str, ...]]
    exact_energy: Fraction
    basin: float
    basin_error: float

    @property
    def energy(self) -> float:
        """The energy, correctly rounded."""
        return float(self.exact_energy)

    def to_dict(self) -> dict[str, Any]:
        """The alignment in plain types, ready for JSON; the energy as text such as "1/3"."""
        return {
            "camps": [list(camp) for camp in self.camps],
            "energy": format_fraction(self.exact_energy),
            "basin": None if math.isnan(self.basin) else self.basin,
            "basin_error": None if math.isnan(self.basin_error) else self.basin_error,
        }

    def __repr__(self) -> str:
        first, second = (", ".join(camp) or "nobody" for camp in self.camps)
        error = f" +- {self.basin_error:.1g}" if self.basin_error > 0 else ""
        basin = "" if math.isnan(self.basin) else f", basin {self.basin:,.0f}{error}"
        return wrapped(f"{first} against {second}: energy {self.energy:.7g}{basin}")
