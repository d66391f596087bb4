"""Major powers (Correlates of War): which states were great powers, and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from balancegame.world.data.columns import Column
from balancegame.world.data.spells import SPELL_COLUMNS, codes_in
from balancegame.world.data.state_codes import code_column
from balancegame.world.data.table import Layout, read_table

if TYPE_CHECKING:
    import pandas as pd

_LAYOUT = Layout(
    "one row a state and spell as a major power",
    (code_column(), Column("stateabb", "text", required=False), *SPELL_COLUMNS),
    member=r"majors\d*\.csv$",
)


def read_major_powers(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Major powers: one row a state and spell.

    Parameters
    ----------
    source : path or DataFrame
        The published CSV file, plain, gzipped or in an archive.

    Returns
    -------
    DataFrame
        ``ccode`` (int64), ``stateabb`` (str), and the dates of `read_system_membership`.

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Correlates of War Project (2017), Major Powers, v2016.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"ccode": [300], "styear": [1816], "endyear": [1918]})
    >>> bg.read_major_powers(made_up)[["ccode", "styear", "endyear"]]
       ccode  styear  endyear
    0    300    1816     1918
    """
    table = read_table(source, "major powers", [_LAYOUT])
    table.check_order("styear", "endyear")
    return table.frame


def major_powers(spells: str | Path | pd.DataFrame, year: int) -> tuple[int, ...]:
    """The codes of the states that were major powers on any day of a year, in ascending order.

    Parameters
    ----------
    spells : path or DataFrame
        As for `read_major_powers`.
    year : int

    Raises
    ------
    MissingDataError
        No state was a major power that year.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"ccode": [300, 200], "styear": 1816, "endyear": [1918, 2016]})
    >>> bg.major_powers(made_up, 1900), bg.major_powers(made_up, 1950)
    ((200, 300), (200,))
    """
    return codes_in(read_major_powers(spells), year, "major power")
