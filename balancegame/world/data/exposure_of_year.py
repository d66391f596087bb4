"""How exposed states were to a threat in a year: by contiguity, or by rivalry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balancegame._checks import check_known
from balancegame._numbers import shorten
from balancegame.errors import (
    MissingDataError,
    MissingThreatError,
    UnknownMeasureError,
    UnknownNameError,
)
from balancegame.world.data import citations
from balancegame.world.data.contiguity import contiguity_in, read_contiguity
from balancegame.world.data.rivalries import read_rivalries
from balancegame.world.world_input import PerState

if TYPE_CHECKING:
    import pandas as pd

    Source = str | Path | pd.DataFrame

_EXPOSURES = ("contiguity", "rivalry")

# Conventions of ours, not measurements: a border exposes fully, water by three quarters, distance
# by half; a rivalry fully, its absence by half.
CONTIGUITY_EXPOSURE: Mapping[int, float] = {0: 0.5, 1: 1.0, 2: 0.75, 3: 0.75, 4: 0.75, 5: 0.75}
RIVALRY_EXPOSURE: Mapping[int, float] = {0: 0.5, 1: 1.0}


def read_exposures(
    exposure: str | PerState | None,
    levels: Mapping[int, float] | None,
    codes: Mapping[str, int],
    threat: str | None,
    year: int,
    contiguity: Source | None,
    rivalries: Source | None,
    sources: list[str],
) -> PerState | None:
    """Exposures by name of state, or what the user gave."""
    if not isinstance(exposure, str):
        return exposure
    check_known(exposure, _EXPOSURES, "measure of exposure", UnknownMeasureError)
    if threat is None:
        message = f"exposure={exposure!r} is exposure to a threat; give threat=..."
        raise MissingThreatError(message)
    source = contiguity if exposure == "contiguity" else rivalries
    if source is None:
        needed = "contiguity" if exposure == "contiguity" else "rivalries"
        message = f"exposure={exposure!r} needs {needed}=..., the data set"
        raise MissingDataError(message)
    if exposure == "contiguity":
        frame, citation = read_contiguity(source), citations.CONTIGUITY
        kinds = contiguity_in(frame, year, codes[threat])
        table = dict(CONTIGUITY_EXPOSURE)
    else:
        frame, citation = read_rivalries(source), citations.RIVALRIES
        kinds = dict.fromkeys(_rivals(frame, year, codes[threat]), 1)
        table = dict(RIVALRY_EXPOSURE)
    for kind in levels or {}:
        if kind not in table:
            message = (
                f"exposure_levels has {shorten(kind)}; the types are {', '.join(map(str, table))}"
            )
            raise UnknownNameError(message)
    table |= levels or {}
    told = ", ".join(f"{kind}: {value:g}" for kind, value in sorted(table.items()))
    sources.append(citations.source_line(f"exposure ({exposure}, {told})", citation, year, frame))
    return {name: table[kinds.get(code, 0)] for name, code in codes.items()}


def _rivals(frame: Any, year: int, code: int) -> set[int]:
    active = frame[(frame["start"] <= year) & (frame["end"] >= year)]
    pairs = active[["ccode1", "ccode2"]].to_numpy()
    return {int(a + b - code) for a, b in pairs if code in (a, b)}
