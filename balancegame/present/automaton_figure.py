"""A figure: an automaton's states, what they play, and what leads from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from balancegame.errors import InvalidParameterError
from balancegame.games.automaton import Automaton
from balancegame.games.automaton_of import HasAutomaton, automaton_of
from balancegame.games.automaton_rendering import Edge, node_label
from balancegame.present.figure_style import BLACK, GREY, VERMILION, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_STATES = 40
_LETTER, _LINE = 0.062, 0.24  # of a box's text, in units of the axes; one unit is about an inch
_ACROSS, _DOWN = 1.9, 1.3  # from box to box

Places = dict[str, tuple[float, float]]


def plot_automaton(
    automaton: Automaton | HasAutomaton, *, title: str = "", axes: Axes | None = None
) -> Axes:
    """Draw an automaton, or a treaty's.

    Parameters
    ----------
    automaton : Automaton or Treaty
        Of at most 40 states.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        One box a state, with what it plays, the first state on the left; solid arrows where all
        play their part, dashed ones where those named deviate alone. States that several
        deviators lead to, and nobody alone, stand apart.

    Raises
    ------
    MissingDependencyError
        matplotlib is not installed.
    InvalidParameterError
        More than 40 states; `automaton.to_dot()` has them all.

    Examples
    --------
    >>> import balancegame as bg
    >>> axes = bg.plot_automaton(bg.grim(bg.ally_game(2, 2, 1, 0), ["help", "help"]))
    >>> sorted(text.get_text().split()[0] for text in axes.texts if text.get_text())
    ['agreed', 'ally', 'punish']
    """
    drawn = automaton_of(automaton)
    if len(drawn.states) > _MOST_STATES:
        message = (
            f"automaton has {len(drawn.states)} states; at most {_MOST_STATES} can be drawn "
            "legibly: use automaton.to_dot() and Graphviz"
        )
        raise InvalidParameterError(message)
    labels = {name: node_label(drawn, s) for s, name in enumerate(drawn.states)}
    heights = {name: _LINE * (1 + text.count("\n")) for name, text in labels.items()}
    width = max(
        1.0, _LETTER * max(len(line) for text in labels.values() for line in text.split("\n"))
    )
    places = _places(drawn, heights, width + _ACROSS)
    wide = max(x for x, _ in places.values()) + 2 * width
    tall = 2 * max(abs(y) + heights[name] for name, (_, y) in places.items()) + 1.0
    _, canvas = new_axes(axes, width=wide, height=tall)
    canvas.set_xlim(-width, wide - width)
    canvas.set_ylim(-tall / 2, tall / 2)
    canvas.set_axis_off()
    boxes = {
        name: _box(canvas, places[name], text, (width, heights[name]), first=name == drawn.initial)
        for name, text in labels.items()
    }
    for edge in _joined(drawn.edges()):
        if edge.source == edge.target:
            _loop(canvas, places[edge.source], heights[edge.source], edge)
        else:
            _arrow(canvas, places, boxes, edge)
    if title or drawn.title:
        canvas.set_title(title or drawn.title, loc="left")
    return canvas


def _joined(edges: tuple[Edge, ...]) -> list[Edge]:
    """One edge of deviators for each pair of states, whoever they are and whenever."""
    found: dict[tuple[str, str, bool], list[Edge]] = {}
    for edge in edges:
        found.setdefault((edge.source, edge.target, bool(edge.deviators)), []).append(edge)
    return [
        same[0]
        if len(same) == 1
        else Edge(
            *key[:2],
            tuple(dict.fromkeys(name for one in same for name in one.deviators)),
            tuple(dict.fromkeys(name for one in same for name in one.contingencies)),
        )
        for key, same in found.items()
    ]


def _places(automaton: Automaton, heights: dict[str, float], across: float) -> Places:
    """Columns by the number of steps from the first state, each spread about the middle."""
    steps = {automaton.initial: 0}
    waiting = [automaton.initial]
    edges = automaton.edges()
    while waiting:
        here = waiting.pop(0)
        for edge in edges:
            if edge.source == here and edge.target not in steps:
                steps[edge.target] = steps[here] + 1
                waiting.append(edge.target)
    last = max(steps.values()) + 1
    columns: dict[int, list[str]] = {}
    for name in automaton.states:
        columns.setdefault(steps.get(name, last), []).append(name)
    found: Places = {}
    for column, names in columns.items():
        total = sum(heights[name] + _DOWN for name in names) - _DOWN
        top = total / 2
        for name in names:
            found[name] = (column * across, top - heights[name] / 2)
            top -= heights[name] + _DOWN
    return found


def _box(
    canvas: Axes,
    place: tuple[float, float],
    text: str,
    size: tuple[float, float],
    *,
    first: bool,
) -> Any:
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415 (an extra, slow to import)

    (x, y), (width, height) = place, size
    box = FancyBboxPatch(
        (x - width / 2, y - height / 2),
        width,
        height,
        boxstyle="round,pad=0.08",
        facecolor="white",
        edgecolor=BLACK,
        linewidth=1.8 if first else 0.9,
        zorder=3,
    )
    canvas.add_patch(box)
    canvas.text(x, y, text, ha="center", va="center", fontsize=8, zorder=4)
    return box


def _arrow(canvas: Axes, places: Places, boxes: dict[str, Any], edge: Edge) -> None:
    (x, y), (u, v) = places[edge.source], places[edge.target]
    # Arrows there and back bend apart; in one column further, to go round what lies between.
    bend = 0.16 if x != u else 0.45
    canvas.annotate(
        "",
        xy=(u, v),
        xytext=(x, y),
        arrowprops={
            "arrowstyle": "-|>",
            "color": VERMILION if edge.deviators else BLACK,
            "linestyle": "--" if edge.deviators else "-",
            "connectionstyle": f"arc3,rad={bend}",
            "patchA": boxes[edge.source],
            "patchB": boxes[edge.target],
            "linewidth": 0.9,
        },
    )
    if edge.label:
        # Off the middle of the chord by half the bend: on the arc.
        near = 0.5
        across, up = u - x, v - y
        push = 2 * near * (1 - near) * bend
        canvas.text(
            x + near * across + push * up,
            y + near * up - push * across,
            _wrapped(edge.label),
            ha="center",
            va="center",
            fontsize=7,
            color=VERMILION if edge.deviators else GREY,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            zorder=5,
        )


def _loop(canvas: Axes, place: tuple[float, float], height: float, edge: Edge) -> None:
    x, y = place
    side = -1 if edge.deviators else 1  # deviators below, obedience above
    edge_y = y + side * (height / 2 + 0.08)
    canvas.annotate(
        "",
        xy=(x + 0.22, edge_y),
        xytext=(x - 0.22, edge_y),
        arrowprops={
            "arrowstyle": "-|>",
            "color": VERMILION if edge.deviators else BLACK,
            "linestyle": "--" if edge.deviators else "-",
            "connectionstyle": f"arc3,rad={-side * 0.9}",
            "shrinkA": 0,
            "shrinkB": 0,
            "linewidth": 0.9,
        },
    )
    if edge.label:
        canvas.text(
            x,
            edge_y + side * 0.27,
            _wrapped(edge.label),
            ha="center",
            va="bottom" if side > 0 else "top",
            fontsize=7,
            color=VERMILION if edge.deviators else GREY,
            zorder=5,
        )


def _wrapped(label: str) -> str:
    """A label in short lines."""
    lines: list[str] = []
    for word in label.split(" "):
        if lines and len(lines[-1]) + len(word) < 20:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)
