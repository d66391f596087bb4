"""State system membership (Correlates of War): which states there were, and when."""

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
    "one row a state and spell of membership",
    (
        code_column(),
        Column("stateabb", "text", required=False),
        Column("statenme", "text", required=False),
        *SPELL_COLUMNS,
    ),
    member=r"states\d*\.csv$",
)


def read_system_membership(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """State system membership: one row a state and spell of membership.

    Parameters
    ----------
    source : path or DataFrame
        The published CSV file, plain, gzipped or in an archive.

    Returns
    -------
    DataFrame
        ``ccode`` (int64), ``stateabb``, ``statenme`` (str), ``styear``, ``stmonth``, ``stday``,
        ``endyear``, ``endmonth``, ``endday``; years are int64, months and days Int64 and may be
        missing. The last year of the data means "still a member".

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Correlates of War Project (2017), State System Membership List, v2016.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"ccode": [255], "styear": [1816], "endyear": [1945]})
    >>> bg.read_system_membership(made_up)[["ccode", "styear", "endyear"]]
       ccode  styear  endyear
    0    255    1816     1945
    """
    table = read_table(source, "state system membership", [_LAYOUT])
    table.check_order("styear", "endyear")
    return table.frame


def system_members(membership: str | Path | pd.DataFrame, year: int) -> tuple[int, ...]:
    """The codes of the states that were members on any day of a year, in ascending order.

    Parameters
    ----------
    membership : path or DataFrame
        As for `read_system_membership`.
    year : int

    Raises
    ------
    MissingDataError
        No state was a member that year.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"ccode": [260, 255], "styear": [1955, 1816],
    ...                         "endyear": [1990, 1945]})
    >>> bg.system_members(made_up, 1938)
    (255,)
    """
    return codes_in(read_system_membership(membership), year, "member of the state system")
