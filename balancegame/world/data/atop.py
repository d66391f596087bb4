"""Alliance Treaty Obligations and Provisions: who owes whom what, one row a directed dyad-year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from balancegame.world.data.columns import Column
from balancegame.world.data.state_codes import code_column, year_column
from balancegame.world.data.table import Layout, read_table

if TYPE_CHECKING:
    import pandas as pd

OBLIGATIONS = ("defense", "offense", "neutral", "nonagg", "consul")

_LAYOUT = Layout(
    "one row a directed dyad and year",
    (
        code_column("ccode1", "statea"),
        code_column("ccode2", "stateb"),
        year_column(),
        *(
            Column(name, "flag", (f"atop_{name}",), missing=(-9.0,), may_miss=True)
            for name in OBLIGATIONS
        ),
    ),
    member=r"ddyr\.csv$",
)


def read_atop(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """ATOP alliances: one row a directed dyad and year.

    Parameters
    ----------
    source : path or DataFrame
        The published CSV file of directed dyad-years, plain, gzipped or in its archive.

    Returns
    -------
    DataFrame
        ``ccode1`` (int64) the state that is obliged, ``ccode2`` (int64) its partner, ``year``
        (int64), and whether an alliance in force on any day of the year holds the obligation:
        ``defense``, ``offense``, ``neutral``, ``nonagg``, ``consul`` (boolean; missing where it
        is not known). Only allied pairs have rows.

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Leeds, Ritter, Mitchell & Long (2002), "Alliance Treaty Obligations and Provisions,
    1815-1944", International Interactions 28.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame(
    ...     {"stateA": [200], "stateB": [235], "year": [1900], "defense": [1], "offense": [0],
    ...      "neutral": [0], "nonagg": [0], "consul": [1]}
    ... )
    >>> bg.read_atop(made_up)[["ccode1", "ccode2", "year", "defense", "offense"]]
       ccode1  ccode2  year  defense  offense
    0     200     235  1900     True    False
    """
    table = read_table(source, "ATOP alliances", [_LAYOUT])
    table.check_unique("ccode1", "ccode2", "year")
    return table.frame
