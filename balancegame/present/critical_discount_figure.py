"""A figure: the patience that an agreement takes, over a parameter of its world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from balancegame._numbers import parse_number, shorten
from balancegame.errors import InvalidShapeError, InvalidTypeError
from balancegame.present.figure_style import DASHES, GREY, SERIES, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_critical_discounts(
    tables: pd.DataFrame | Mapping[str, pd.DataFrame], *, title: str = "", axes: Axes | None = None
) -> Axes:
    """Draw critical discount factors over a parameter, one line a table.

    Parameters
    ----------
    tables : DataFrame or mapping {label: DataFrame}
        From `critical_discounts`, with one parameter that is a number, or reads as one.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        A line breaks off where no discount factor sustains the agreement; above it lies the
        patience that does.

    Raises
    ------
    InvalidTypeError, InvalidShapeError
        Something that is no such table.
    InvalidNumberError
        A value of the parameter that is no number.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> table = bg.critical_discounts(
    ...     lambda a: (bg.ally_game(2, 2, 1, a), ["help", "help"]), [0, 0.2, 0.4], parameter="a"
    ... )
    >>> bg.plot_critical_discounts(table).get_xlabel()
    'a'
    """
    named = tables if isinstance(tables, Mapping) else {"": tables}
    for label, table in named.items():
        _check_table(table, label)
    _, drawn = new_axes(axes)
    for place, (label, table) in enumerate(named.items()):
        parameter = str(table.columns[0])
        drawn.plot(
            [_number(value, parameter) for value in table[parameter]],
            table["critical_discount"],
            color=SERIES[place % len(SERIES)],
            linestyle=DASHES[place % len(DASHES)],
            label=label,
        )
        drawn.set_xlabel(parameter)
    if len(named) > 1:
        drawn.legend(frameon=False)
    drawn.set_ylim(0, 1)
    drawn.axhline(1, color=GREY, linewidth=0.8)
    drawn.set_ylabel("critical discount factor")
    if title:
        drawn.set_title(title, loc="left")
    return drawn


def _check_table(table: object, label: str) -> None:
    columns = getattr(table, "columns", None)
    if columns is None:
        message = f"tables has {shorten(table)} as {label!r}; give tables of critical_discounts"
        raise InvalidTypeError(message)
    if "critical_discount" not in columns:
        message = (
            f"the table {label!r} has no column critical_discount; give tables of "
            "critical_discounts"
        )
        raise InvalidShapeError(message)


def _number(value: object, parameter: str) -> float:
    return float(parse_number(value, f"a value of {parameter}"))
