"""A figure: who would leave which profile for which, and where nobody would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from balancegame._checks import check_flag, check_type
from balancegame.errors import InvalidParameterError, TooManyProfilesError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import number
from balancegame.present.figure_style import BLACK, DASHES, GREY, SERIES, new_axes, size_in_points
from balancegame.present.networks import improvements
from balancegame.present.profile_grid import Cell, ProfileGrid, grid_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_PROFILES = 64
_WIDE, _HIGH = 0.66, 0.36  # of a box with payoffs, in units of the grid
_EDGE = 0.72  # from the outermost profiles to the edge, in units: arrows bend by less
_LEAST_UNIT = 14.0  # points
_SINK = "#FFF3B0"
_FONT, _SMALLEST = 8.0, 4.5
_LETTER = 0.56  # width of a letter, in sizes of it
_TWO_KEYS = 250.0  # points of width that a key of two columns takes
_LINE = 13  # letters of payoffs in a line


def plot_best_responses(
    game: NormalFormGame, *, better: bool = False, title: str = "", axes: Axes | None = None
) -> Axes:
    """Draw a game's table with an arrow wherever a player would move alone.

    Parameters
    ----------
    game : NormalFormGame
        Of at most 64 pure profiles.
    better : bool, optional
        False: arrows to strictly better best responses. True: to every better action.
    title : str, optional
        Default: the game's.
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        A box a profile, with the payoffs where there is room. Of two players the first chooses
        the row and the second the column; of more the third chooses among blocks of rows or
        columns, and so on, so that every move is level or upright. Colour and dashes of an arrow
        tell the player. Thick and filled: pure equilibria, which no arrow leaves.

    Raises
    ------
    InvalidTypeError
        No NormalFormGame.
    TooManyProfilesError
        More than 64 pure profiles; `best_response_graph` has them all.
    InvalidParameterError
        Axes given that are too small.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], players=["A", "B"], actions=["stag", "hare"]
    ... )
    >>> axes = bg.plot_best_responses(hunt)
    >>> sum(patch.get_gid().startswith("move") for patch in axes.patches)
    4
    """
    check_type(game, NormalFormGame, "game")
    check_flag(better, "better")
    if game.n_profiles > _MOST_PROFILES:
        message = (
            f"the game has {game.n_profiles:,} pure profiles; at most {_MOST_PROFILES} can be "
            "drawn legibly: best_response_graph(game) has the graph, pure_nash(game) the equilibria"
        )
        raise TooManyProfilesError(message)
    grid = grid_of(game)
    _, drawn = new_axes(axes, width=max(1.1 + 1.05 * grid.wide, 3.2), height=1.3 + 0.72 * grid.high)
    drawn.set_xlim(-_EDGE, grid.wide - 1.0 + _EDGE)
    drawn.set_ylim(grid.high - 1.0 + _EDGE, -_EDGE)
    drawn.set_title(title or game.title, loc="left")
    moves = list(improvements(game, better=better))
    _write_around(drawn, game, grid, "better" if better else "best response")
    unit = _unit(drawn, grid)
    if _narrow_marks(drawn, grid, unit):
        unit = _unit(drawn, grid)
    if min(unit) < _LEAST_UNIT:
        message = (
            f"the axes leave {unit[0]:.2g} x {unit[1]:.2g} points a profile, too little to draw "
            "in; give larger ones"
        )
        raise InvalidParameterError(message)
    left = {source for source, *_ in moves}
    boxes = _draw_profiles(drawn, game, grid, left, unit)
    for source, target, player, _ in moves:
        _draw_move(drawn, grid, (source, target), player, boxes, unit)
    return drawn


def _unit(axes: Axes, grid: ProfileGrid) -> tuple[float, float]:
    """The distance of neighbours across and down, in points, as the axes are laid out."""
    wide, high = size_in_points(axes)
    edges = 2 * _EDGE - 1.0
    return wide / (grid.wide + edges), high / (grid.high + edges)


def _narrow_marks(axes: Axes, grid: ProfileGrid, unit: tuple[float, float]) -> bool:
    """Turn labels of columns, and write those of rows in one line, where there is no room."""
    lines = [line for _, mark in grid.columns for line in mark.split("\n")]
    turned = max(map(len, lines)) * _FONT * _LETTER > unit[0] - 4.0
    if turned:
        axes.tick_params(axis="x", labelrotation=90)
    tall = (grid.rows[0][1].count("\n") + 1) * _FONT * 1.25
    if tall > unit[1]:
        axes.set_yticks(
            [at for at, _ in grid.rows], [mark.replace("\n", ", ") for _, mark in grid.rows]
        )
    return turned or tall > unit[1]


def _write_around(axes: Axes, game: NormalFormGame, grid: ProfileGrid, move: str) -> None:
    """Actions above and on the left, whose they are, and which arrow is whose."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 (an extra, slow to import)
    from matplotlib.patches import Patch  # noqa: PLC0415

    wide, _ = size_in_points(axes)
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    axes.set_xticks([at for at, _ in grid.columns], [mark for _, mark in grid.columns])
    axes.set_yticks([at for at, _ in grid.rows], [mark for _, mark in grid.rows])
    axes.tick_params(labelsize=_FONT)
    axes.set_xlabel(grid.column_players, fontsize=_FONT + 1, fontweight="bold")
    axes.set_ylabel(grid.row_players, fontsize=_FONT + 1, fontweight="bold")
    handles: list[Any] = [
        Line2D([], [], color=_colour(i), linestyle=_dash(i), label=f"{name}: {move}")
        for i, name in enumerate(game.players)
    ]
    handles.append(Patch(facecolor=_SINK, edgecolor=BLACK, linewidth=1.8, label="pure equilibrium"))
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        fontsize=_FONT - 1,
        frameon=False,
        ncols=2 if wide > _TWO_KEYS else 1,
        borderaxespad=0.2,
    )


def _colour(player: int) -> str:
    return SERIES[player % len(SERIES)]


def _dash(player: int) -> Any:
    return DASHES[player % len(DASHES)]


def _draw_profiles(
    axes: Axes,
    game: NormalFormGame,
    grid: ProfileGrid,
    left: set[Cell],
    unit: tuple[float, float],
) -> dict[Cell, Any]:
    """A box a profile, with the payoffs if all of them fit."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 (an extra, slow to import)

    texts = {profile: _payoffs(game, profile) for profile in grid.places}
    lines = [line for text in texts.values() for line in text.split("\n")]
    high = max(text.count("\n") for text in texts.values()) + 1
    font = min(
        _FONT,
        _WIDE * unit[0] / (max(map(len, lines)) + 1) / _LETTER,
        _HIGH * unit[1] / (high * 1.3),
    )
    written = font >= _SMALLEST
    boxes: dict[Cell, Any] = {}
    if written:
        wide = min(_WIDE, (max(map(len, lines)) + 2) * font * _LETTER / unit[0])
        tall = min(_HIGH, (high * 1.3 * font + 6.0) / unit[1])
    else:
        wide, tall = (min(10.0 / one, 0.5) for one in unit)
    for profile, (x, y) in grid.places.items():
        sink = profile not in left
        boxes[profile] = axes.add_patch(
            Rectangle(
                (x - wide / 2, y - tall / 2),
                wide,
                tall,
                facecolor=_SINK if sink else "white",
                edgecolor=BLACK if sink else GREY,
                linewidth=1.8 if sink else 0.8,
                in_layout=False,
                gid=f"profile {' '.join(map(str, profile))}",
                zorder=2,
            )
        )
        if written:
            axes.text(
                x,
                y,
                texts[profile],
                ha="center",
                va="center",
                fontsize=font,
                gid="payoffs",
                in_layout=False,
            )
    return boxes


def _payoffs(game: NormalFormGame, profile: Cell) -> str:
    """The payoffs in a line, or in two."""
    values = [number(float(value)) for value in game.payoffs[(slice(None), *profile)]]
    text = ", ".join(values)
    if len(text) <= _LINE:
        return text
    half = (len(values) + 1) // 2
    return f"{', '.join(values[:half])},\n{', '.join(values[half:])}"


def _draw_move(
    axes: Axes,
    grid: ProfileGrid,
    move: tuple[Cell, Cell],
    player: int,
    boxes: dict[Cell, Any],
    unit: tuple[float, float],
) -> None:
    """An arrow from box to box, bent around those between."""
    from matplotlib.patches import FancyArrowPatch  # noqa: PLC0415 (an extra, slow to import)

    source, target = move
    start, end = grid.places[source], grid.places[target]
    box = boxes[source]
    level = start[1] == end[1]
    along, off = (0, 1) if level else (1, 0)
    length = abs(end[along] - start[along]) * unit[along]
    apex = 0.0
    between = grid.between(source, target)
    if between:
        clear = (box.get_height() if level else box.get_width()) * unit[off] / 2 + 3.0
        # The curve is a parabola: beside the middle it is nearer to the straight line.
        apex = max(clear / (4 * share * (1 - share)) for share in between) + 2.0 * len(between)
        apex = min(apex, 0.7 * unit[off])
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=9,
            connectionstyle=f"arc3,rad={2 * apex / length}",
            patchA=box,
            patchB=boxes[target],
            shrinkA=1.5,
            shrinkB=1.5,
            color=_colour(player),
            linestyle=_dash(player),
            linewidth=1.3,
            in_layout=False,
            gid=f"move {' '.join(map(str, source))} to {' '.join(map(str, target))}",
            zorder=3,
        )
    )
