"""How parallel interests were in a year, measured on alliance portfolios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known
from balancegame._numbers import Number, shorten
from balancegame._words import counted
from balancegame.errors import (
    InvalidTypeError,
    MissingDataError,
    UnknownMeasureError,
    UnknownNameError,
    UnknownStateError,
)
from balancegame.world.data import citations
from balancegame.world.data.atop import read_atop
from balancegame.world.data.portfolios import alliance_portfolios
from balancegame.world.data.year_data import YearData, codes_by_name
from balancegame.world.interests import kappa, pi_score, s_score, tau_b
from balancegame.world.nearest_correlation import nearest_correlation, smallest_eigenvalue

if TYPE_CHECKING:
    import pandas as pd

    Source = str | Path | pd.DataFrame

_INTERESTS = {"kappa": kappa, "s": s_score, "pi": pi_score, "tau_b": tau_b}
_ALIASES = {"s_score": "s", "pi_score": "pi"}
_SYSTEMS = ("world", "europe")
_TURKEY = 640
_SEMIDEFINITE = -1e-10


def read_interests(
    measure: str,
    alliances: Source | None,
    ranks: Mapping[str, float] | None,
    weights: str | Mapping[int, Number] | None,
    system: str | Sequence[str | int],
    codes: Mapping[str, int],
    data: YearData,
    sources: list[str],
) -> NDArray[np.float64]:
    """The matrix of parallel interests; what it rests on is added to `sources`."""
    measure = _ALIASES.get(measure, measure)
    check_known(measure, tuple(_INTERESTS), "measure of interests", UnknownMeasureError)
    if alliances is None:
        message = (
            f"measure={measure!r} needs alliances=..., ATOP dyad-years; measure=None stands for "
            "no common interests"
        )
        raise MissingDataError(message)
    columns, described = _read_system(system, codes, data, sources)
    frame: Any = read_atop(alliances)
    if not (frame["year"] == data.year).any():
        first, last = frame["year"].min(), frame["year"].max()
        message = f"alliances have no rows of {data.year}; they run from {first} to {last}"
        raise MissingDataError(message)
    rows = alliance_portfolios(frame, data.year, list(codes.values()), columns, ranks=ranks)
    weighted, how = _read_weights(weights, columns, data)
    top = float(rows.max())
    scores = _INTERESTS[measure](rows, weighted, scale=(0, top))
    what = f"parallelism ({measure}, {how}, over {counted(len(columns), 'state')}: {described})"
    sources.append(citations.source_line(what, citations.ATOP, data.year, frame))
    if smallest_eigenvalue(scores) >= _SEMIDEFINITE:
        return scores
    nearest = nearest_correlation(scores)
    sources.append(
        f"the matrix of {measure} scores is not positive semidefinite; the nearest correlation "
        f"matrix stands in for it, {np.abs(nearest - scores).max():.3g} away in one entry at most"
    )
    return nearest


def _read_system(
    system: str | Sequence[str | int], codes: Mapping[str, int], data: YearData, sources: list[str]
) -> tuple[list[int], str]:
    if isinstance(system, str):
        check_known(system, _SYSTEMS, "system", UnknownNameError)
        columns = list(data.members())
        if system == "europe":
            columns = [code for code in columns if 200 <= code <= 399 or code == _TURKEY]
        sources.append(data.membership_source())
        described = "all of the year" if system == "world" else "Europe and Turkey"
    else:
        columns, described = list(codes_by_name(system, data.year, "system").values()), "as listed"
    for name, code in codes.items():
        if code not in columns:
            message = (
                f"{name} ({code}) is not in the system of {counted(len(columns), 'state')} "
                f"({described}) in {data.year}; give a system that has it, or leave it out"
            )
            raise UnknownStateError(message)
    return columns, described


def _read_weights(
    weights: str | Mapping[int, Number] | None, columns: Sequence[int], data: YearData
) -> tuple[list[Any] | None, str]:
    if weights is None:
        return None, "unweighted"
    if isinstance(weights, str):
        return data.measure(weights, columns, "weights"), f"weighted by {weights}"
    if not isinstance(weights, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = (
            f"weights is {shorten(weights)}; name a measure of power, or give {{code: number}}"
        )
        raise InvalidTypeError(message)
    for code in columns:
        if code not in weights:
            message = f"weights have no entry for state {code}; give every state of the system one"
            raise MissingDataError(message)
    return [weights[code] for code in columns], "weighted"
