"""National Material Capabilities (Correlates of War): six components of power and their index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame.world.data.columns import Column
from balancegame.world.data.state_codes import code_column, year_column
from balancegame.world.data.table import Layout, read_table

if TYPE_CHECKING:
    import pandas as pd

COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")

MEASURES = {
    "cinc": "CINC, share of world capabilities",
    "milex": "military expenditure, thousands of current pounds to 1913, of US dollars from 1914",
    "milper": "military personnel, thousands",
    "irst": "iron and steel production, thousands of tons",
    "pec": "primary energy consumption, thousands of coal-ton equivalents",
    "tpop": "population, thousands",
    "upop": "population in cities of 100,000 and more, thousands",
}

_LAYOUT = Layout(
    "one row a state and year",
    (
        code_column(),
        Column("stateabb", "text", required=False),
        year_column(),
        *(
            Column(name, "real", low=0.0, high=1e15, missing=(-9.0,), may_miss=True)
            for name in COMPONENTS
        ),
        Column("cinc", "real", low=0.0, high=1.0, missing=(-9.0,), may_miss=True, required=False),
    ),
    member=r"abridged\.csv$",
)


def read_capabilities(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """National Material Capabilities: power, one row a state and year.

    Parameters
    ----------
    source : path or DataFrame
        The published CSV file, plain, gzipped or in its archive (archives in it are opened too).

    Returns
    -------
    DataFrame
        ``ccode`` (int64), ``stateabb`` (str), ``year`` (int64); ``milex`` military expenditure,
        thousands of current pounds sterling to 1913 and US dollars from 1914; ``milper``
        military personnel, thousands; ``irst`` iron and steel, thousands of tons; ``pec`` energy,
        thousands of coal-ton equivalents; ``tpop`` and ``upop`` population, in all and in cities
        of 100,000 and more, thousands; ``cinc`` the index, in [0, 1]. All float64; -9, which
        stands for not known, is NaN.

    Raises
    ------
    DataFormatError
        The message names line and column.

    References
    ----------
    Singer, Bremer & Stuckey (1972), "Capability Distribution, Uncertainty, and Major Power War,
    1820-1965"; Singer (1987), International Interactions 14.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame(
    ...     {"ccode": [200, 220], "year": 1900, "milex": [6, 2], "milper": [3, -9], "irst": 1,
    ...      "pec": 1, "tpop": [2, 2], "upop": 1}
    ... )
    >>> bg.read_capabilities(made_up)[["ccode", "milex", "milper"]]
       ccode  milex  milper
    0    200    6.0     3.0
    1    220    2.0     NaN
    """
    table = read_table(source, "National Material Capabilities", [_LAYOUT])
    table.check_unique("ccode", "year")
    return table.frame


def cinc(capabilities: str | Path | pd.DataFrame) -> pd.Series:
    """The Composite Index of National Capability, recomputed from its six components.

    A state's index is the mean, over its components that are known, of its share in the year's
    total of the component. Because unknown components are skipped, a year's indices need not sum
    to 1 (from 1.000 to 1.075 in version 7.0).

    Parameters
    ----------
    capabilities : path or DataFrame
        As for `read_capabilities`. Every state of the system must be there: shares are taken
        within the rows of a year.

    Returns
    -------
    Series of float64
        In the order of the rows; NaN where no component is known. It agrees with the published
        ``cinc`` of version 7.0 to 1e-7.

    References
    ----------
    Singer, Bremer & Stuckey (1972), "Capability Distribution, Uncertainty, and Major Power War,
    1820-1965".

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> made_up = pd.DataFrame(
    ...     {"ccode": [200, 220], "year": 1900, "milex": [6, 2], "milper": [3, -9], "irst": 1,
    ...      "pec": 1, "tpop": [2, 2], "upop": 1}
    ... )
    >>> bg.cinc(made_up).round(4).tolist()
    [0.625, 0.45]
    """
    frame: Any = read_capabilities(capabilities)
    components = frame[list(COMPONENTS)]
    totals = components.groupby(frame["year"]).transform("sum")
    shares = components / totals.where(totals > 0.0, np.nan)  # nobody's steel tells nothing
    return shares.mean(axis=1).rename("cinc")
