"""Inter-state wars (Correlates of War): who fought on which side, and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from balancegame.world.data.columns import Column
from balancegame.world.data.state_codes import code_column, year_column
from balancegame.world.data.table import Layout, Table, read_table

if TYPE_CHECKING:
    import pandas as pd

_UNKNOWN = (-8.0, -9.0)
COLUMNS = (
    "warnum", "warname", "ccode", "side", "styear", "endyear", "initiator", "outcome", "batdeath",
)  # fmt: skip


def _coded(name: str, low: float, high: float, *headings: str) -> Column:
    return Column(name, "whole", headings, low, high, _UNKNOWN, may_miss=True, required=False)


_NUMBER = Column("warnum", low=0, high=99_999)
_NAME = Column("warname", "text", required=False)
_PARTICIPANTS = Layout(
    "one row a war and participant",
    (
        _NUMBER,
        _NAME,
        code_column(),
        Column("side", low=1, high=2),
        year_column("styear", "startyear1"),
        year_column("endyear", "endyear1"),
        Column("startyear2", "year", (), 1400, 2200, _UNKNOWN, may_miss=True, required=False),
        Column("endyear2", "year", (), 1400, 2200, _UNKNOWN, may_miss=True, required=False),
        Column("initiator", "text"),
        _coded("outcome", 0, 9),
        _coded("batdeath", 0, 1e9),
    ),
)
_DYAD_YEARS = Layout(
    "one row a war, directed dyad of opponents, and year",
    (
        _NUMBER,
        _NAME,
        code_column("ccode", "ccode1"),
        code_column("ccode2"),
        year_column("styear", "year"),
        Column("side", "whole", ("sidea1",), 1, 2),
        Column("initiator", "text", ("initiator1",)),
        _coded("outcome", 0, 9, "outcome1"),
        _coded("batdeath", 0, 1e9, "batdeath1"),
    ),
)


def read_wars(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Inter-state wars: one row a war, participant, side and spell of fighting.

    Parameters
    ----------
    source : path or DataFrame
        The published CSV file of participants, or directed dyadic war-years.

    Returns
    -------
    DataFrame
        ``warnum`` (int64), ``warname`` (str, empty where the source has none), ``ccode``,
        ``side`` (1 or 2), ``styear``, ``endyear`` (int64, the spell's years), ``initiator``
        (bool), ``outcome`` (Int64: 1 win, 2 lose, 3 compromise, 4 transformed, 5 ongoing,
        6 stalemate, 7 conflict continues below the level of war, 8 changed sides), ``batdeath``
        (Int64, battle deaths in the whole war). -8 and -9, which stand for not applicable and
        not known, are missing. A state that left a war and came back, or changed sides, has
        several rows.

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Sarkees & Wayman (2010), Resort to War: 1816-2007, CQ Press.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame(
    ...     {"warnum": 1, "ccode1": [220, 230], "ccode2": [230, 220], "year": 1823,
    ...      "sidea1": [1, 2], "initiator1": [1, 0], "outcome1": [1, 2], "batdeath1": [400, -9]}
    ... )
    >>> bg.read_wars(made_up)[["ccode", "side", "styear", "endyear", "initiator", "batdeath"]]
       ccode  side  styear  endyear  initiator  batdeath
    0    220     1    1823     1823       True       400
    1    230     2    1823     1823      False      <NA>
    """
    table = read_table(source, "inter-state wars", [_PARTICIPANTS, _DYAD_YEARS])
    table.frame["initiator"] = _initiators(table)
    if table.layout is _DYAD_YEARS:
        frame = _spells(table.frame)
    else:
        table.check_order("styear", "endyear")
        frame = _with_second_spells(table.frame)
    frame.attrs = table.frame.attrs
    return frame


def war_opponents(wars: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Who fought whom: one row a war and pair of opponents.

    States on opposite sides of a war count as opponents; they need not have met in the field.

    Parameters
    ----------
    wars : path or DataFrame
        As for `read_wars`. Directed dyadic war-years tell the pairs; from participants come all
        pairs on opposite sides whose spells have a year in common, though one may have left the
        war before the other joined it that year (23 pairs of the Second World War).

    Returns
    -------
    DataFrame
        ``warnum``, ``ccode1`` < ``ccode2``, ``styear``, ``endyear`` (int64): the first and last
        year in which both fought on opposite sides. Sorted.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"warnum": 1, "ccode": [220, 230, 235], "side": [1, 2, 2],
    ...     "styear": [1823, 1823, 1825], "endyear": [1824, 1823, 1826], "initiator": 0})
    >>> bg.war_opponents(made_up)
       warnum  ccode1  ccode2  styear  endyear
    0       1     220     230    1823     1823
    """
    table = read_table(wars, "inter-state wars", [_PARTICIPANTS, _DYAD_YEARS])
    if table.layout is _DYAD_YEARS:
        met = table.frame.assign(ccode_1=table.frame["ccode"], ccode_2=table.frame["ccode2"])
        met["endyear"] = met["styear"]
    else:
        met = _paired(read_wars(table.frame))
    met["ccode1"] = met[["ccode_1", "ccode_2"]].min(axis=1)
    met["ccode2"] = met[["ccode_1", "ccode_2"]].max(axis=1)
    spans: Any = met[met["ccode1"] < met["ccode2"]].groupby(["warnum", "ccode1", "ccode2"])
    return spans.agg(styear=("styear", "min"), endyear=("endyear", "max")).reset_index()


def _paired(wars: Any) -> Any:
    """Participants on opposite sides, with the years they have in common."""
    frame = wars[["warnum", "ccode", "side", "styear", "endyear"]]
    pairs = frame[frame["side"] == 1].merge(
        frame[frame["side"] == 2], on="warnum", suffixes=("_1", "_2")
    )
    pairs["styear"] = pairs[["styear_1", "styear_2"]].max(axis=1)
    pairs["endyear"] = pairs[["endyear_1", "endyear_2"]].min(axis=1)
    return pairs[pairs["styear"] <= pairs["endyear"]].copy()


def _initiators(table: Table) -> list[bool]:
    """Published files say 1 and 2 for yes and no, dyadic ones 1 and 0."""
    yes, no = {"1", "1.0", "true"}, {"0", "0.0", "2", "2.0", "false", ""}
    found: list[bool] = []
    for row, cell in enumerate(table.frame["initiator"]):
        said = str(cell).lower()
        if said not in yes | no:
            table.fail(row, "initiator", f"expected 1, 2 or 0, found {cell!r}")
        found.append(said in yes)
    return found


def _with_second_spells(frame: Any) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    again = frame[frame["startyear2"].notna()].copy()
    again["styear"] = again["startyear2"].astype("int64")
    again["endyear"] = again["endyear2"].fillna(again["startyear2"]).astype("int64")
    joined = pd.concat([frame, again]) if len(again) else frame
    ordered: Any = joined.sort_index(kind="stable").reset_index(drop=True)
    return ordered[list(COLUMNS)]


def _spells(frame: Any) -> pd.DataFrame:
    """Participants' spells from war-years of pairs: runs of years without a gap."""
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    keys = ["warnum", "ccode", "side"]
    years = frame.sort_values([*keys, "styear"], kind="stable")
    same = (years[keys] == years[keys].shift()).all(axis=1)
    begins = ~(same & (years["styear"] - years["styear"].shift() <= 1))
    spell: Any = begins.cumsum()
    first = years.groupby(spell)
    spells: Any = pd.DataFrame(first[[*keys, "warname", "styear", "outcome", "batdeath"]].first())
    for name in ("outcome", "batdeath"):
        spells[name] = spells[name].astype("Int64")
    spells["endyear"] = first["styear"].max()
    spells["initiator"] = first["initiator"].any()
    return spells.reset_index(drop=True)[list(COLUMNS)]
