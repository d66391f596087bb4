"""What endures as plain text and as HTML."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from balancegame._words import counted
from balancegame.games.narrow_text import captioned_table, wrapped
from balancegame.games.rendering import Rows, fraction_number, html_table, number, share_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from balancegame.analysis.endurance_result import Endurance

_MOST_SHOWN = 12  # alignments


def endurance_text(found: Endurance) -> str:
    """What `print(found)` shows."""
    table = captioned_table(_caption(found), _rows(found))
    return f"{table}\n{wrapped(_note(found), indent='  ')}"


def endurance_html(found: Endurance) -> str:
    """What a notebook shows of it."""
    return f"{html_table(_rows(found), _caption(found))}<p>{_note(found)}</p>"


def _caption(found: Endurance) -> str:
    title = f" of {found.game.title}" if found.game.title else ""
    stable = sum(one.is_stable for one in found.alignments)
    return (
        f"{counted(len(found.alignments), 'lasting alignment')}{title}, {stable} stochastically "
        f"stable; shares of time at precision {number(found.precision)} ({found.method})"
    )


def _rows(found: Endurance) -> Rows:
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


def _log_sum(logs: NDArray[np.float64]) -> float:
    return float(np.logaddexp.reduce(logs)) if logs.size else -math.inf


def _note(found: Endurance) -> str:
    more = len(found.alignments) - _MOST_SHOWN
    bound = f"law within {found.error_bound:.1g} in total variation"
    return bound if more <= 0 else f"... and {more:,} more; to_frame() lists them all; {bound}"
