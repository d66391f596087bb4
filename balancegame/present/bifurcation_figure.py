"""A figure: all equilibria along one parameter."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known
from balancegame._numbers import parse_number, shorten
from balancegame.errors import InvalidShapeError, InvalidTypeError, UnknownPlayerError
from balancegame.games.profiles import action_index
from balancegame.present.figure_style import BLUE, GREY, VERMILION, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

_NEEDED = ("equilibrium", "support", "index", "player", "action", "probability", "payoff")
# What Shapley's index says, with the line that shows it.
_KINDS: tuple[tuple[int, str, str, str], ...] = (
    (1, BLUE, "-", "index +1"),
    (-1, VERMILION, "--", "index -1"),
    (0, GREY, "-", "ties"),
)


def plot_bifurcation(
    table: pd.DataFrame,
    player: str | int = 0,
    action: str | int | None = None,
    *,
    title: str = "",
    axes: Axes | None = None,
) -> Axes:
    """Draw all equilibria along one parameter: a player's probability of an action, or payoff.

    Parameters
    ----------
    table : DataFrame
        From `equilibrium_branches`, over a parameter that is a number, or reads as one.
    player : str or int
    action : str or int, optional
        The action whose probability is drawn; without it, the player's payoff.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Equilibria of the same support at neighbouring values are joined: unbroken where Shapley's
        index is +1, dashed where it is -1 (where adjustment by better replies leads away), grey
        where it is 0, or ties leave it undefined; a single equilibrium is a dot.

    Raises
    ------
    InvalidTypeError, InvalidShapeError
        Something that is no such table.
    UnknownNameError
        A player or an action that it has not.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> def hunt(reward):
    ...     return bg.NormalFormGame([[[reward, 0], [1, 1]], [[reward, 1], [0, 1]]])
    >>> table = bg.equilibrium_branches(hunt, [0.5, 1.5, 2, 3], parameter="reward")
    >>> axes = bg.plot_bifurcation(table, 0, "a0")
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('reward', 'probability of a0 by player 0')
    """
    rows, label = _chosen(table, player, action)
    parameter = str(table.columns[0])
    column = "payoff" if action is None else "probability"
    given = list(dict.fromkeys(table[parameter]))
    values = [float(parse_number(value, f"a value of {parameter}")) for value in given]
    place = {value: k for k, value in enumerate(given)}
    _, drawn = new_axes(axes)
    for index, color, dash, name in _KINDS:
        kind = rows[rows["index"].fillna(0) == index]
        shown = False
        for _, branch in kind.groupby("support", sort=False):
            points = [
                (place[value], np.sort(np.array(same[column], dtype=np.float64)))
                for value, same in branch.groupby(parameter, sort=False)
            ]
            for xs, ys in _lines(sorted(points, key=lambda point: point[0]), values):
                drawn.plot(
                    xs,
                    ys,
                    color=color,
                    linestyle=dash,
                    marker="o" if len(xs) == 1 else None,
                    markersize=3.5,
                    label="" if shown else name,
                )
                shown = True
    drawn.set_xlabel(parameter)
    drawn.set_ylabel(label)
    if action is not None:
        drawn.set_ylim(-0.03, 1.03)
    if drawn.get_legend_handles_labels()[1]:
        drawn.legend(frameon=False)
    if title:
        drawn.set_title(title, loc="left")
    return drawn


def _lines(
    points: list[tuple[int, Floats]], values: list[float]
) -> list[tuple[list[float], list[float]]]:
    """Points at places next to each other joined, where there are as many at both."""
    lines: list[tuple[list[float], list[float]]] = []
    ordered = np.argsort(values, kind="stable")
    rank = np.empty(len(values), dtype=np.intp)
    rank[ordered] = np.arange(len(values))
    points = sorted(points, key=lambda point: rank[point[0]])
    run: list[tuple[int, Floats]] = []
    for point in points:
        if run and (rank[point[0]] != rank[run[-1][0]] + 1 or len(point[1]) != len(run[-1][1])):
            lines.extend(_branches(run, values))
            run = []
        run.append(point)
    lines.extend(_branches(run, values))
    return lines


def _branches(
    run: list[tuple[int, Floats]], values: list[float]
) -> list[tuple[list[float], list[float]]]:
    xs = [values[place] for place, _ in run]
    return (
        [(list(xs), list(ys)) for ys in itertools.zip_longest(*[ys.tolist() for _, ys in run])]
        if run
        else []
    )


def _chosen(table: Any, player: str | int, action: str | int | None) -> tuple[pd.DataFrame, str]:
    """The rows of one player (and one of his actions), and what they say."""
    columns = getattr(table, "columns", None)
    if columns is None:
        message = f"table is {shorten(table)}; give a table of equilibrium_branches"
        raise InvalidTypeError(message)
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        message = f"the table has no column {missing[0]}; give a table of equilibrium_branches"
        raise InvalidShapeError(message)
    players = list(dict.fromkeys(table["player"]))
    if isinstance(player, int) and 0 <= player < len(players):
        player = players[player]
    name = check_known(player, players, "player", UnknownPlayerError)
    rows = table[table["player"] == name]
    actions = list(dict.fromkeys(rows["action"]))
    if action is None:
        return rows[rows["action"] == actions[0]] if actions else rows, f"payoff of {name}"
    which = actions[action_index(action, name, actions)]
    return rows[rows["action"] == which], f"probability of {which} by {name}"
