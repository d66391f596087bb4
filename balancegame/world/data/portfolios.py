"""Alliance portfolios: what a state owes each state of a system, on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_known
from balancegame._numbers import parse_number
from balancegame._words import counted
from balancegame.errors import InvalidPortfolioError, UnknownNameError, UnknownStateError
from balancegame.world.data.atop import OBLIGATIONS, read_atop

if TYPE_CHECKING:
    import pandas as pd

RANKS: Mapping[str, float] = {
    "defense": 3, "offense": 3, "neutral": 2, "nonagg": 2, "consul": 1,
}  # fmt: skip


def alliance_portfolios(
    alliances: str | Path | pd.DataFrame,
    year: int,
    states: Sequence[int],
    system: Sequence[int] | None = None,
    *,
    ranks: Mapping[str, float] | None = None,
) -> NDArray[np.float64]:
    """Each state's row of obligations to every state of a system, from ATOP.

    Parameters
    ----------
    alliances : path or DataFrame
        As for `read_atop`.
    year : int
        Treaties in force on any day of it count.
    states : sequence of int, n codes
        Whose rows.
    system : sequence of int, K codes, optional
        The columns; default `states`. Every state must be in it.
    ranks : mapping {obligation: rank}, optional
        The rank of ``defense``, ``offense``, ``neutral``, ``nonagg``, ``consul``; default 3, 3,
        2, 2, 1. An obligation left out has rank 0. ATOP's own similarity scores use
        ``dict(defense=3, offense=3, neutral=2, consul=2, nonagg=1)``.

    Returns
    -------
    array, shape (n, K)
        The highest rank among the obligations; 0 without an alliance. A state's own entry has
        the highest rank of all. What is not known (missing in the data) counts as no obligation.

    Raises
    ------
    UnknownStateError
        A state is not in the system.
    UnknownNameError, InvalidPortfolioError
        `ranks` names no obligation, or has a negative rank or no positive one.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame(
    ...     {"ccode1": [200, 235], "ccode2": [235, 220], "year": 1900, "defense": [1, 0],
    ...      "offense": 0, "neutral": 0, "nonagg": 0, "consul": [1, 1]}
    ... )
    >>> bg.alliance_portfolios(made_up, 1900, [200, 235], [200, 220, 235])
    array([[3., 0., 3.],
           [0., 1., 3.]])
    """
    at = check_count(year, "year", 0)
    rank_of = _read_ranks(RANKS if ranks is None else ranks)
    columns = _places(states if system is None else system)
    rows = _places(states)
    for code in rows:
        if code not in columns:
            message = (
                f"state {code} is not in the system of {counted(len(columns), 'state')}; add it"
            )
            raise UnknownStateError(message)
    frame: Any = read_atop(alliances)
    owed = frame[
        (frame["year"] == at)
        & frame["ccode1"].isin(list(rows))
        & frame["ccode2"].isin(list(columns))
    ]
    portfolios = np.zeros((len(rows), len(columns)))
    flags = owed[list(OBLIGATIONS)].fillna(value=False).to_numpy(dtype=bool)
    levels = (flags * [rank_of[name] for name in OBLIGATIONS]).max(axis=1, initial=0.0)
    for i, k, level in zip(owed["ccode1"], owed["ccode2"], levels, strict=True):
        portfolios[rows[int(i)], columns[int(k)]] = level
    for code, i in rows.items():
        portfolios[i, columns[code]] = max(rank_of.values())
    return portfolios


def _read_ranks(ranks: Mapping[str, Any]) -> dict[str, float]:
    for name in ranks:
        check_known(name, OBLIGATIONS, "obligation in ranks", UnknownNameError)
    found = {
        name: float(parse_number(ranks.get(name, 0), f"the rank of {name}", InvalidPortfolioError))
        for name in OBLIGATIONS
    }
    if min(found.values()) < 0.0 or max(found.values()) == 0.0:
        message = f"ranks are {found}; they must be at least 0, and one of them positive"
        raise InvalidPortfolioError(message)
    return found


def _places(codes: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place, code in enumerate(codes):
        number = check_count(code, "a state's code", 0)
        if number in found:
            message = f"state {number} is listed twice; list every state once"
            raise UnknownStateError(message)
        found[number] = place
    return found
