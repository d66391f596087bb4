"""What `alignments` returns, and how it prints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import format_fraction
from balancegame._words import counted, listed
from balancegame.games.rendering import number
from balancegame.solvers.alignments.stable_alignment import StableAlignments

if TYPE_CHECKING:
    import pandas as pd

_MOST_SHOWN = 8  # minima of a printed result
_MOST_NAMED = 12  # states of a printed camp


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AlignmentResult(StableAlignments):
    """The stable alignments of a game, and what is proven about them.

    ``result[0]`` is the first of them, a `StableAlignment`.

    Attributes
    ----------
    game : AlignmentGame
    minima : (k, n) array of int8
        Sides, 0 or 1, of the stable alignments found, one a row: the local minima of the energy,
        ties included. The first state stands on side 0; mirror images are not listed. Sorted by
        energy, then sides.
    exact_energies : tuple of Fraction
        Their energies.
    basins : (k,) array of float64
        How many of the 2^(n-1) alignments steepest descent leads to each; estimated where they
        were sampled, nan where they were not counted.
    basin_errors : (k,) array of float64
        Standard errors of `basins`: 0 where all were counted.
    exact_lower_bound : Fraction
        No alignment has less energy. Proven.
    guarantee : str
        What was asked for: "all", "global" or "bound".
    complete : bool
        Whether `minima` is proven to list every stable alignment.
    n_minima : int or None
        How many there are, if that is known.
    reason : str
        Why all that is so.
    parameters : mapping
        The options as they were used.
    """

    basins: NDArray[np.float64]
    basin_errors: NDArray[np.float64]
    exact_lower_bound: Fraction
    guarantee: str
    complete: bool
    n_minima: int | None
    reason: str
    parameters: Mapping[str, Any]

    @property
    def global_minimum(self) -> NDArray[np.int8]:
        """The first of the minima, shape (n,): of least energy if `gap` is 0."""
        return self.minima[0]

    @property
    def lower_bound(self) -> float:
        """`exact_lower_bound` as a float, rounded down."""
        rounded = float(self.exact_lower_bound)
        return rounded if rounded <= self.exact_lower_bound else math.nextafter(rounded, -math.inf)

    @property
    def exact_gap(self) -> Fraction:
        """The least energy found minus the lower bound; 0 if the global minimum is proven."""
        return self.exact_energies[0] - self.exact_lower_bound

    @property
    def gap(self) -> float:
        """`exact_gap` as a float; 0 only if the gap is."""
        rounded = float(self.exact_gap)
        return rounded if rounded or not self.exact_gap else math.ulp(0.0)

    def to_frame(self) -> pd.DataFrame:
        """A row a minimum: energy, basin, basin_error, and every state's side."""
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        frame = pd.DataFrame(self.minima, columns=list(self.game.names))
        for at, (name, values) in enumerate(
            (
                ("energy", self.energies),
                ("basin", self.basins),
                ("basin_error", self.basin_errors),
            )
        ):
            frame.insert(at, name, values, allow_duplicates=True)
        return frame

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON; exact numbers as text such as ``"1/3"``."""
        return {
            "game": self.game.to_dict(),
            "minima": self.minima.tolist(),
            "energies": [format_fraction(value) for value in self.exact_energies],
            "basins": [None if math.isnan(value) else value for value in self.basins.tolist()],
            "basin_errors": [
                None if math.isnan(value) else value for value in self.basin_errors.tolist()
            ],
            "lower_bound": format_fraction(self.exact_lower_bound),
            "gap": format_fraction(self.exact_gap),
            "guarantee": self.guarantee,
            "complete": self.complete,
            "n_minima": self.n_minima,
            "reason": self.reason,
            "parameters": dict(self.parameters),
        }

    def _basin(self, place: int) -> tuple[float, float]:
        return float(self.basins[place]), float(self.basin_errors[place])

    def _caption(self) -> str:
        title = f" of {self.game.title}" if self.game.title else ""
        count = counted(len(self.minima), "stable alignment")
        return f"{count}{title} ({counted(self.game.n_states, 'state')})"

    def _rows(self) -> list[list[str]]:
        rows = [["", "energy", "basin", "side 0", "side 1"]]
        for place in range(min(len(self.minima), _MOST_SHOWN)):
            basin, error = float(self.basins[place]), float(self.basin_errors[place])
            shown = "-" if math.isnan(basin) else f"{basin:,.0f}" if not error else f"{basin:.3g}"
            rows.append(
                [
                    f"[{place}]",
                    f"{float(self.exact_energies[place]):.7g}",
                    shown + (f" +- {error:.1g}" if error > 0 else ""),
                    *(listed(camp, _MOST_NAMED) for camp in self.camps(place)),
                ]
            )
        return rows

    def _notes(self) -> list[str]:
        known = "Complete" if self.complete else "Not known to be complete"
        notes = [f"{known}: {self.reason}"]
        if self.exact_gap:
            notes.append(
                f"Lower bound {number(self.lower_bound)}, gap {number(self.gap)}: see `gap`"
            )
        if len(self.minima) > _MOST_SHOWN:
            notes.insert(
                0, f"... and {len(self.minima) - _MOST_SHOWN:,} more; to_frame() lists all"
            )
        return notes
