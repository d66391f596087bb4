"""Strategic rivalries (Thompson, Sakuwa & Suhas 2021): pairs that see each other as enemies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from balancegame.world.data.columns import Column
from balancegame.world.data.state_codes import code_column, year_column
from balancegame.world.data.table import Layout, read_table

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("positional", "spatial", "ideological", "interventionary", "principal", "aprin")
_AUSTRIA_HUNGARY, _AUSTRIA, _LAST_OF_THE_MONARCHY = 300, 305, 1918

_LAYOUT = Layout(
    "one row a pair and spell of rivalry",
    (
        code_column("ccode1"),
        code_column("ccode2"),
        Column("rivalry", "text", required=False),
        year_column("start", "styear"),
        year_column("end", "endyear"),
        *(Column(kind, "flag", may_miss=True, required=False) for kind in KINDS),
    ),
)


def read_rivalries(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Strategic rivalries: one row a pair of states and spell.

    The source does not keep Austria-Hungary (300) and Austria (305) apart by date. Here a year to
    1918 has 300 and a later one 305; a rivalry that runs over the end of 1918 becomes two rows.

    Parameters
    ----------
    source : path or DataFrame
        A CSV file, plain, gzipped or in an archive.

    Returns
    -------
    DataFrame
        ``ccode1``, ``ccode2`` (int64), ``rivalry`` (str, its name), ``start``, ``end`` (int64,
        years; the last year of the data means "ongoing"), and what the rivalry is about:
        ``positional``, ``spatial``, ``ideological``, ``interventionary``, and whether the states
        are each other's ``principal`` rivals, or one the other's (``aprin``): boolean, False
        where the source has none.

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Thompson, Sakuwa & Suhas (2021), Analyzing Strategic Rivalries in World Politics, Springer.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame({"ccode1": [300], "ccode2": [345], "start": 1903, "end": 1920})
    >>> bg.read_rivalries(made_up)[["ccode1", "ccode2", "start", "end"]]
       ccode1  ccode2  start   end
    0     300     345   1903  1918
    1     305     345   1919  1920
    """
    table = read_table(source, "strategic rivalries", [_LAYOUT])
    table.check_order("start", "end")
    frame = table.frame
    for kind in KINDS:
        frame[kind] = frame[kind].fillna(value=False).astype(bool)
    return _austria_by_date(frame)


def _austria_by_date(frame: Any) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    codes = ["ccode1", "ccode2"]
    austrian = frame[codes].isin((_AUSTRIA_HUNGARY, _AUSTRIA)).any(axis=1)
    before, after = frame[austrian].copy(), frame[austrian].copy()
    before["end"] = before["end"].clip(upper=_LAST_OF_THE_MONARCHY)
    before[codes] = before[codes].replace(_AUSTRIA, _AUSTRIA_HUNGARY)
    after["start"] = after["start"].clip(lower=_LAST_OF_THE_MONARCHY + 1)
    after[codes] = after[codes].replace(_AUSTRIA_HUNGARY, _AUSTRIA)
    parts = [frame[~austrian], *(part[part["start"] <= part["end"]] for part in (before, after))]
    joined = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    joined.attrs = frame.attrs
    return joined
