"""A figure: equilibria as rows, who plays what with which probability, and what it pays."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from balancegame._checks import check_count, check_type
from balancegame.errors import InvalidParameterError
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.results import NashResult
from balancegame.present.equilibria_grid import LETTER, Column, EquilibriaGrid, grid_of
from balancegame.present.figure_style import BLUE, GREY, new_axes, size_in_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 15.0  # height, in points
_FONT, _FAIR, _SMALLEST = 8.0, 6.0, 4.0
_WIDEST, _NARROWEST = 7.5, 200.0  # inches; points
_DARK = 0.55  # probabilities above are written in white


def plot_equilibria(
    result: NashResult, *, limit: int = 20, title: str = "", axes: Axes | None = None
) -> Axes:
    """Draw equilibria as a heat map: a row an equilibrium, a column an action of a player.

    Parameters
    ----------
    result : NashResult
    limit : int, optional
        Rows drawn, the first ones; the figure says how many are left out.
    title : str, optional
        Default: the game's.
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Cells are the darker, the likelier the action, and bear its probability; empty ones are
        never played. On the right what each player gets. Where columns would become too narrow,
        actions that no equilibrium drawn plays are left out, which the figure says.

    Raises
    ------
    InvalidTypeError
        No NashResult.
    InvalidShapeError
        More than 80 columns.
    InvalidParameterError
        A limit below 1, or axes given that are too small to write in.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], players=["A", "B"], actions=["stag", "hare"]
    ... )
    >>> axes = bg.plot_equilibria(bg.nash_equilibria(hunt))
    >>> [text.get_text() for text in axes.texts if text.get_gid() == "cell 2"]
    ['2/3', '1/3', '2/3', '1/3', '3', '3']
    """
    check_type(result, NashResult, "result")
    shown = list(islice(result, check_count(limit, "limit", 1)))
    rows = max(len(shown), 1)
    wide, high = (_WIDEST * 72 - 40, math.inf) if axes is None else size_in_points(axes)
    grid = grid_of(result, shown, wide)
    if axes is None:
        wide = min(max(grid.width * grid.letters * _FONT * LETTER, _NARROWEST), wide)
    across = wide / grid.width
    above, below = _headings(grid.columns, across), _headings(grid.blocks, across)
    note = textwrap.fill(_note(result, shown, grid), max(int(wide / (7.0 * 0.56)), 20))
    around = above.height + below.height + 9.0 * (note.count("\n") + 1) + 4.0
    font = min(_FONT, across / (grid.letters * LETTER), (high - around) / rows / 1.2)
    if font < _SMALLEST:
        message = (
            f"the axes are {wide / 72:.2g} x {high / 72:.2g} inches, too small for {rows} rows and "
            f"{len(grid.columns)} columns; give larger ones, or a smaller limit"
        )
        raise InvalidParameterError(message)
    _, drawn = new_axes(axes, width=(wide + 40) / 72, height=(_ROW * rows + around + 30) / 72)
    drawn.set_xlim(0, grid.width)
    drawn.set_ylim(rows, 0)
    drawn.set_title(title or result.game.title, loc="left")
    drawn.set_yticks(
        np.arange(len(shown)) + 0.5, [f"[{k}]" for k in range(len(shown))], fontsize=_FONT
    )
    drawn.tick_params(length=0)
    drawn.spines[:].set_visible(False)
    drawn.xaxis.tick_top()
    drawn.set_xticks(
        [one.middle for one in grid.columns],
        [one.label for one in grid.columns],
        rotation=above.rotation,
        fontsize=above.font,
    )
    _write_below(drawn, grid, below, note)
    if not shown:
        word = "no pure equilibrium" if result.pure_only else "no equilibrium"
        drawn.text(grid.width / 2, 0.5, word, ha="center", va="center", fontsize=_FONT, gid="none")
        return drawn
    _draw_cells(drawn, shown, grid)
    for row, found in enumerate(shown):
        _write_row(drawn, row, found, grid, font)
    return drawn


@dataclass(frozen=True, slots=True)
class _Headings:
    """How a row of names is written, and the height that takes, in points."""

    rotation: int
    font: float
    height: float


def _headings(over: Sequence[Column], across: float) -> _Headings:
    """Level where they fit above their columns in letters of a fair size; else upright."""
    letters = LETTER + 0.08  # bold ones are wider
    level = min(_FONT, *(across * one.width / (len(one.label) * letters) for one in over))
    if level >= _FAIR:
        return _Headings(0, level, 1.5 * level + 4.0)
    font = min(_FONT, 0.9 * across)
    return _Headings(90, font, max(len(one.label) for one in over) * font * letters + 4.0)


def _write_below(axes: Axes, grid: EquilibriaGrid, style: _Headings, note: str) -> None:
    """Each player's name below his columns, and the note below that."""
    for one in grid.blocks:
        axes.annotate(
            one.label,
            (one.middle, 0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            rotation=style.rotation,
            fontsize=style.font,
            fontweight="bold",
            annotation_clip=False,
            gid="player",
        )
    axes.annotate(
        note,
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -style.height - 4.0),
        textcoords="offset points",
        fontsize=7.0,
        color="#555555",
        va="top",
        annotation_clip=False,
        gid="note",
    )


def _note(result: NashResult, shown: list[Equilibrium], grid: EquilibriaGrid) -> str:
    """What is left out, and what the list is worth."""
    said: list[str] = []
    if len(result) > len(shown):
        said.append(f"{len(result) - len(shown):,} more equilibria are left out.")
    unplayed = sum(result.game.shape) - sum(map(len, grid.actions))
    if unplayed:
        said.append(f"{unplayed} actions that none of these plays have no column.")
    if result.components is not None and len(result.components) < len(result):
        said.append("Some are ends of continua: see components.")
    if not result.complete:
        said.append(f"Not known to be complete: {result.reason}.")
    return " ".join(said)


def _draw_cells(axes: Axes, shown: list[Equilibrium], grid: EquilibriaGrid) -> None:
    """Shades, a block a player."""
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415 (slow to import)

    shades = LinearSegmentedColormap.from_list("probability", ["white", BLUE])
    for i, (block, own) in enumerate(zip(grid.blocks, grid.actions, strict=False)):
        axes.pcolormesh(
            block.left + np.arange(len(own) + 1),
            np.arange(len(shown) + 1),
            np.array([found.profile[i][list(own)] for found in shown]),
            cmap=shades,
            vmin=0,
            vmax=1,
            edgecolors=GREY,
            linewidth=0.5,
            gid=f"player {i}",
            clip_on=False,
        )


def _write_row(axes: Axes, row: int, found: Equilibrium, grid: EquilibriaGrid, font: float) -> None:
    """Probabilities and payoffs."""
    chances = [found.profile[i][a] for i, own in enumerate(grid.actions) for a in own]
    for k, (column, text) in enumerate(zip(grid.columns, grid.texts[row], strict=True)):
        axes.text(
            column.middle,
            row + 0.5,
            text,
            ha="center",
            va="center",
            fontsize=font,
            color="white" if k < len(chances) and chances[k] > _DARK else "black",
            gid=f"cell {row}",
        )
