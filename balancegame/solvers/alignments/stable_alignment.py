"""One stable alignment, and a list of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final, overload

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_place
from balancegame._numbers import format_fraction
from balancegame.games.alignment import AlignmentGame
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.narrow_text import wrapped
from balancegame.games.tabulated import Tabulated


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StableAlignments(AsJson, Tabulated, EqualByContent):
    """Stable alignments of a game, by energy: what results that hold them have in common."""

    game: AlignmentGame
    minima: NDArray[np.int8]
    exact_energies: tuple[Fraction, ...]

    @property
    def energies(self) -> NDArray[np.float64]:
        """The energies of the minima, correctly rounded, shape (k,)."""
        return np.array([float(value) for value in self.exact_energies], dtype=np.float64)

    def camps(self, place: int = 0) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The states on side 0 and on side 1 of a minimum."""
        at = check_place(place, len(self), "stable alignment")
        return self.game.camps(self.minima[at])

    def __len__(self) -> int:
        return len(self.minima)

    @overload
    def __getitem__(self, index: int) -> StableAlignment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[StableAlignment, ...]: ...
    def __getitem__(self, index: int | slice) -> StableAlignment | tuple[StableAlignment, ...]:
        """One minimum, or a tuple of them for a slice."""
        if isinstance(index, slice):
            return tuple(map(self._stable, range(len(self))[index]))
        return self._stable(check_place(index, len(self), "stable alignment"))

    def __iter__(self) -> Iterator[StableAlignment]:
        return map(self._stable, range(len(self)))

    def _stable(self, place: int) -> StableAlignment:
        basin, error = self._basin(place)
        return StableAlignment(self.camps(place), self.exact_energies[place], basin, error)

    def _basin(self, place: int) -> tuple[float, float]:
        """A minimum's basin and its standard error, where they are known."""
        del place
        return math.nan, math.nan
