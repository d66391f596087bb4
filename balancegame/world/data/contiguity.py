"""Direct contiguity (Correlates of War): who borders whom, by land or by how much water."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from balancegame._checks import check_count
from balancegame.world.data.columns import Column
from balancegame.world.data.state_codes import code_column, year_column
from balancegame.world.data.table import Layout, read_table

if TYPE_CHECKING:
    import pandas as pd

_TYPE = Column("conttype", low=0, high=5)
_SPELLS = Layout(
    "one row a directed dyad and spell",
    (
        code_column("ccode1", "state1no"),
        code_column("ccode2", "state2no"),
        _TYPE,
        year_column("styear", "stdate"),
        year_column("endyear", "enddate"),
    ),
)
_PAIR_SPELLS = Layout(
    "one row a pair and spell",
    (
        code_column("ccode1", "statelno"),
        code_column("ccode2", "statehno"),
        _TYPE,
        year_column("styear", "begin"),
        year_column("endyear", "end"),
    ),
)
_DYAD_YEARS = Layout(
    "one row a directed dyad and year",
    (
        code_column("ccode1", "state1no"),
        code_column("ccode2", "state2no"),
        _TYPE,
        year_column("styear", "year"),
    ),
    member=r"contdird\.csv$",
)


def read_contiguity(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Direct contiguity: one row a directed dyad and spell.

    Parameters
    ----------
    source : path or DataFrame
        A published CSV file, plain, gzipped or in its archive: directed dyad-years, or spells of
        pairs (each pair is then given both ways), or spells of directed dyads.

    Returns
    -------
    DataFrame
        ``ccode1``, ``ccode2``, ``conttype``, ``styear``, ``endyear`` (int64). ``conttype`` is 1
        for a land or river border; 2, 3, 4, 5 for up to 12, 24, 150 and 400 miles of water; 0
        for none. Months are dropped.

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Stinnett, Tir, Schafer, Diehl & Gochman (2002), "The Correlates of War Project Direct
    Contiguity Data, Version 3", Conflict Management and Peace Science 19.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"statelno": [200], "statehno": [220], "conttype": [4],
    ...                         "begin": [181601], "end": [201612]})
    >>> bg.read_contiguity(made_up)
       ccode1  ccode2  conttype  styear  endyear
    0     200     220         4    1816     2016
    1     220     200         4    1816     2016
    """
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    table = read_table(source, "direct contiguity", [_SPELLS, _PAIR_SPELLS, _DYAD_YEARS])
    frame = table.frame
    if table.layout is _DYAD_YEARS:
        table.check_unique("ccode1", "ccode2", "styear")
        frame["endyear"] = frame["styear"]
    table.check_order("styear", "endyear")
    if table.layout is _PAIR_SPELLS:
        mirrored = frame.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
        attrs = frame.attrs
        frame = pd.concat([frame, mirrored[frame.columns]], ignore_index=True)
        frame.attrs = attrs
    return frame


def contiguity_in(spells: str | Path | pd.DataFrame, year: int, ccode: int) -> dict[int, int]:
    """How a state's neighbours are contiguous to it in a year: {code: type}.

    Parameters
    ----------
    spells : path or DataFrame
        As for `read_contiguity`.
    year, ccode : int

    Returns
    -------
    dict
        Types 1 to 5 as for `read_contiguity`, the closest of the year; states that are not
        contiguous are left out.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"ccode1": 220, "ccode2": [211, 200], "conttype": [1, 4],
    ...                         "styear": [1831, 1816], "endyear": 2016})
    >>> bg.contiguity_in(made_up, 1820, 220), bg.contiguity_in(made_up, 1900, 220)
    ({200: 4}, {200: 4, 211: 1})
    """
    frame: Any = read_contiguity(spells)
    at = check_count(year, "year", 0)
    here = (frame["styear"] <= at) & (frame["endyear"] >= at) & (frame["ccode1"] == ccode)
    near = frame[here & (frame["conttype"] > 0)]
    closest = near.groupby("ccode2")["conttype"].min()
    return {int(code): int(kind) for code, kind in closest.items()}
