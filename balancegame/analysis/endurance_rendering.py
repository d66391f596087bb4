"""What endures, in words and as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from balancegame._words import counted
from balancegame.games.rendering import Rows, fraction_number, number, share_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from balancegame.analysis.endurance_result import Endurance

_MOST_SHOWN = 12  # alignments


def caption_of(found: Endurance) -> str:
    """How many alignments last."""
    title = f" of {found.game.title}" if found.game.title else ""
    stable = sum(one.is_stable for one in found.alignments)
    return (
        f"{counted(len(found.alignments), 'lasting alignment')}{title}, {stable} stochastically "
        f"stable; shares of time at precision {number(found.precision)} ({found.method})"
    )


def rows_of(found: Endurance) -> Rows:
    """The lasting alignments, those of least shortfall first."""
    rows = [["", "alignment", "share", "basin", "basin's share", "shortfall"]]
    ranked = sorted(
        enumerate(found.alignments), key=lambda place: (place[1].shortfall, place[1].cells)
    )
    rows.extend(
        [
            f"[{k}]",
            one.label,
            # From logs: floats may not hold the shares themselves.
            share_text(_log_sum(found.log_law[tuple(np.array(one.cells).T)])),
            f"{one.basin_size:,}",
            share_text(_log_sum(found.log_law[found.basins == k])),
            "stable" if one.is_stable else fraction_number(one.shortfall),
        ]
        for k, one in ranked[:_MOST_SHOWN]
    )
    return rows


def notes_of(found: Endurance) -> list[str]:
    """What is left out, and how far the law is off at most."""
    more = len(found.alignments) - _MOST_SHOWN
    left_out = [f"... and {more:,} more; to_frame() lists them all"] if more > 0 else []
    return [*left_out, f"law within {found.error_bound:.1g} in total variation"]


def _log_sum(logs: NDArray[np.float64]) -> float:
    return float(np.logaddexp.reduce(logs)) if logs.size else -math.inf
