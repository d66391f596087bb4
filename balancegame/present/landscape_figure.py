"""A figure: the stable alignments of a landscape, their energies, basins, and barriers."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import numpy as np

from balancegame._checks import check_count, check_type
from balancegame.errors import InvalidParameterError
from balancegame.present.figure_style import BLACK, GREY, VERMILION, new_axes, size_in_points
from balancegame.solvers.alignments.barriers import (
    LARGEST_TREE,
    EnergyBarriers,
    energy_barriers,
)
from balancegame.solvers.alignments.result import AlignmentResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE = 7.0  # inches
_LINE, _BETWEEN = 1.35, 0.8  # height of a line in sizes of its letters; space in lines
_FONTS = (8.0, 7.0, 6.0, 5.0)
_LETTER = 0.56  # width of a letter, in sizes of it
_NAMES_SHARE = 0.46  # of the width
_MOST_NAMED = 8  # states that are all named; of more, the smaller camp
_MOST_LISTED = 7  # states of a camp
_INNER_SHARE = 0.48  # of the width, at least, inside the axes
_SHARE_ROOM, _TICK_ROOM = 36.0, 42.0  # for a percentage and for a tick's label, in points
_AREA = 230.0  # of the marker of a basin that is everything, in square points


def plot_landscape(
    result: AlignmentResult, *, limit: int = 12, title: str = "", axes: Axes | None = None
) -> Axes:
    """Draw the stable alignments of a game by energy, and what separates them.

    Parameters
    ----------
    result : AlignmentResult
    limit : int, optional
        Minima drawn, those of least energy; the figure says how many are left out.
    title : str, optional
        Default: the game's.
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        A row a minimum: the camps in words, its energy and barrier, a dot at its energy with the
        share of alignments in its basin; the dot's area is proportional to that share. Filled: the
        least energy of all. Up to 16 states a tree (disconnectivity graph) joins minima at their
        saddles: two are joined at the least energy that some alignment on every way between them
        has. Of more states, or where not all minima are listed, the tree is left out.

    Raises
    ------
    InvalidTypeError
        No AlignmentResult.
    InvalidParameterError
        A limit below 1, or more minima than the axes given have room for.
    MissingDependencyError
        matplotlib is not installed.

    References
    ----------
    O. M. Becker and M. Karplus (1997), "The topology of multidimensional potential energy
    surfaces", Journal of Chemical Physics 106, 1495-1517.

    Examples
    --------
    >>> import balancegame as bg
    >>> sizes = [7.45, 5.32, 11.49, 4.03, 15.01]
    >>> names = ["Britain", "France", "Germany", "Italy", "USSR"]
    >>> found = bg.alignments(bg.AlignmentGame(sizes, -1, names))
    >>> axes = bg.plot_landscape(found)
    >>> print(axes.get_yticklabels()[0].get_text())
    Britain, USSR v France, Germany, Italy
    energy -936.13, the least
    """
    check_type(result, AlignmentResult, "result")
    shown = min(check_count(limit, "limit", 1), len(result))
    tree = None
    if result.complete and result.game.n_states <= LARGEST_TREE:
        tree = energy_barriers(result.game)
    order = list(range(shown)) if tree is None else _tree_order(tree, shown)
    wide, high = (_WIDE * 72, math.inf) if axes is None else size_in_points(axes)
    for font in _FONTS:
        letters = max(int(_NAMES_SHARE * wide / (font * _LETTER)), 20)
        words = [_words(result, place, tree, letters) for place in order]
        lines = [text.count("\n") + 1 + _BETWEEN for text in words]
        if font * _LINE * sum(lines) <= high:
            break
    else:
        message = (
            f"the axes are {high / 72:.2g} inches high, too small for {shown} minima in words; "
            "give a smaller limit or larger axes"
        )
        raise InvalidParameterError(message)
    _, drawn = new_axes(axes, width=_WIDE, height=(font * _LINE * sum(lines) + 80) / 72)
    edges = np.cumsum([0.0, *lines])
    rows = dict(zip(order, ((edges[1:] + edges[:-1]) / 2).tolist(), strict=True))
    drawn.set_yticks(list(rows.values()), words, fontsize=font)
    drawn.tick_params(axis="y", length=0)
    drawn.set_ylim(float(edges[-1]), 0)
    drawn.spines["left"].set_visible(False)
    ends = _draw_minima(drawn, result, rows, font)
    if tree is not None:
        ends += _draw_tree(drawn, tree, rows)
    inner = (_INNER_SHARE * wide) - _SHARE_ROOM
    span = max(ends) - min(ends)
    if not span:
        drawn.set_xticks([min(ends)], [f"{min(ends):.5g}"])
    else:
        drawn.locator_params(axis="x", nbins=max(int(inner / _TICK_ROOM), 1))
    span = span or 1.0
    drawn.set_xlim(min(ends) - _SHARE_ROOM / inner * span, max(ends) + 0.08 * span)
    drawn.set_xlabel("energy")
    heading = title or result.game.title
    drawn.set_title(textwrap.fill(heading, max(int(_INNER_SHARE * wide / 6.2), 12)), loc="left")
    _write_note(drawn, result, shown, wide)
    return drawn


def _words(result: AlignmentResult, place: int, tree: EnergyBarriers | None, letters: int) -> str:
    """A minimum's camps, energy, and barrier."""
    camps = [camp for camp in result.camps(place) if camp]
    if len(camps) == 1:
        said = "all together"
    elif result.game.n_states <= _MOST_NAMED:
        said = f"{', '.join(camps[0])} v {', '.join(camps[1])}"
    else:
        smaller = min(camps, key=len)
        named = ", ".join(smaller[:_MOST_LISTED])
        if len(smaller) > _MOST_LISTED:
            named += f" and {len(smaller) - _MOST_LISTED} more"
        said = f"{named} v the rest"
    level = f"energy {float(result.exact_energies[place]):.5g}"
    if _is_least(result, place):
        level += ", the least" if result.exact_gap == 0 else ", the least found"
    height = None if tree is None else tree.exact_heights[place]
    if height is not None:
        level += f", barrier {float(height):.3g}"
    return f"{textwrap.fill(said, letters)}\n{textwrap.fill(level, letters)}"


def _is_least(result: AlignmentResult, place: int) -> bool:
    return result.exact_energies[place] == result.exact_energies[0]


def _tree_order(tree: EnergyBarriers, shown: int) -> list[int]:
    """The minima in an order in which no branches cross: valleys side by side, the deeper first."""
    joined = {place: [place] for place in range(len(tree))}
    for saddle in tree.saddles:
        first, *others = sorted(min(valley) for valley in saddle.valleys)
        for other in others:
            joined[first] += joined.pop(other)
    (order,) = joined.values()
    return [place for place in order if place < shown]


def _draw_minima(
    axes: Axes, result: AlignmentResult, rows: dict[int, float], font: float
) -> list[float]:
    """A dot a minimum, with the share of its basin; returns the energies."""
    total = 2.0 ** (result.game.n_states - 1)
    found: list[float] = []
    for place, y in rows.items():
        x = float(result.exact_energies[place])
        share = float(result.basins[place]) / total
        known = not math.isnan(share)
        area = _AREA * share if known else _AREA / 8
        axes.axhline(y, color=GREY, linewidth=0.4, linestyle=":", zorder=0.5)
        axes.scatter(
            [x],
            [y],
            s=area,
            facecolor=VERMILION if _is_least(result, place) else "white",
            edgecolor=BLACK,
            linewidth=0.9,
            zorder=3,
            gid=f"minimum {place}",
        )
        if known:
            axes.annotate(
                "<1%" if 0 < share < 0.01 else f"{share:.0%}",
                (x, y),
                xytext=(-math.sqrt(area / math.pi) - 2.5, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=font,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
                gid=f"basin {place}",
            )
        found.append(x)
    return found


def _draw_tree(axes: Axes, tree: EnergyBarriers, rows: dict[int, float]) -> list[float]:
    """Branches from each minimum to the saddles where valleys meet; returns the saddles' energies.

    Of what is not drawn nothing is joined: a branch runs on past such saddles.
    """
    tips = {place: (float(tree.exact_energies[place]), y) for place, y in rows.items()}
    first = {place: place for place in range(len(tree))}  # of a valley: its first minimum drawn
    ends: list[float] = []
    for saddle in tree.saddles:
        valleys = sorted(min(valley) for valley in saddle.valleys)
        drawn = [first[one] for one in valleys if first[one] in tips]
        if len(drawn) > 1:
            heights = [tips[one][1] for one in drawn]
            for one in drawn:
                x, y = tips.pop(one)
                axes.plot([x, saddle.energy], [y, y], color=BLACK, linewidth=1.1, zorder=2)
            axes.plot(
                [saddle.energy] * 2,
                [min(heights), max(heights)],
                color=BLACK,
                linewidth=1.1,
                zorder=2,
                gid=f"saddle {' '.join(map(str, drawn))}",
            )
            tips[drawn[0]] = saddle.energy, (min(heights) + max(heights)) / 2
            ends.append(saddle.energy)
        if drawn:
            first[valleys[0]] = drawn[0]
    return ends


def _write_note(axes: Axes, result: AlignmentResult, shown: int, wide: float) -> None:
    """What dots mean, and what is not drawn."""
    said: list[str] = []
    if not np.isnan(result.basins).all():
        about = " (sampled)" if (result.basin_errors > 0).any() else ""
        said.append(
            f"Percentages: share of all alignments from which steepest descent leads there{about}."
        )
    total = result.n_minima
    if total is None:
        said.append("There may be more stable alignments.")
    elif total > shown:
        said.append(f"{total - shown:,} more stable alignments are left out.")
    axes.annotate(
        textwrap.fill(" ".join(said), int(wide / (7.0 * _LETTER))),
        (1, 0),
        xycoords="axes fraction",
        xytext=(0, -36),
        textcoords="offset points",
        fontsize=7.0,
        color="#555555",
        ha="right",
        va="top",
        gid="note",
    )
