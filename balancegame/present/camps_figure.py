"""A figure: camps as a network of states, their power and their ties."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame.alliances.camps import Camps
from balancegame.errors import InvalidParameterError
from balancegame.games.alignment import AlignmentGame, Sides
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.profiles import Profile
from balancegame.present.camps_layout import CampsLayout, lay_out
from balancegame.present.camps_network import CampsNetwork, read_camps
from balancegame.present.figure_style import BLACK, BLUE, ORANGE, VERMILION, new_axes
from balancegame.solvers.alignments.result import AlignmentResult
from balancegame.world.world import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

_MOST_STATES = 30
_FILLS = {"left": BLUE, "right": ORANGE, "below": "#FFFFFF"}
_WIDEST = 3.0  # line of the strongest tie, in points
_NARROW = 0.22  # least width of the curve, in shares of the whole: below, names are made smaller
_FONTS = (
    (9.0, 40),
    (9.0, 16),
    (8.0, 40),
    (8.0, 16),
    (7.0, 16),
    (6.0, 24),
    (6.0, 16),
    (5.0, 24),
    (5.0, 48),
)
_WIDER = 1.06  # than measured, at most: other resolutions round the widths of letters otherwise
_LONGEST = 48  # letters of a name
_TAIL = 7.0  # size of the letters of headings and of the key


def plot_camps(
    subject: World | AlignmentGame | AlignmentResult,
    standing: Profile | Equilibrium | Camps | Sides | int | None = None,
    *,
    weakest: float | None = None,
    title: str = "",
    axes: Axes | None = None,
) -> Axes:
    r"""Draw camps as a network: states by their power, lines by what ties or divides them.

    Parameters
    ----------
    subject : World, AlignmentGame or AlignmentResult
        Of at most 30 states.
    standing : optional
        Where the states stand. Of a World: a pure profile of the balancing game (one action a
        state, by name, or by index into balance, bandwagon, neutral, arm, undermine), a pure
        Equilibrium, or what `BalancingModel.camps` returns; None draws the threat and the others.
        Of an AlignmentGame: every state's side. Of an AlignmentResult: the place of a minimum,
        by default 0, the first.
    weakest : number, optional
        Pairs with less parallelism (propensity) in absolute value have no line. Default: 0.1; of
        propensities a tenth of the largest. What is left out is said below the figure.
    title : str, optional
        Default: the world's or the game's.
    axes : matplotlib Axes, optional
        Drawn into, if given, as large as they are now: names keep their size in print.

    Returns
    -------
    matplotlib Axes
        Coordinates are points (1/72 inch). Areas of nodes are proportional to power (size).
        Round on the left: who balances (side 0); square on the right: the threat, with a thick
        edge, and who stands with it (side 1); diamonds below: neutrals. Lines are solid where
        interests are parallel and dashed where they are opposed, the wider the more.
        The same input gives the same figure.

    Raises
    ------
    InvalidTypeError
        Something that has no camps, or a mixed equilibrium.
    InvalidShapeError, UnknownActionError, UnknownPlayerError, MissingThreatError
        A profile or camps that are not of this world.
    InvalidParameterError
        More than 30 states, a minimum that is not there, or a negative `weakest`.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> world = bg.load_scenario("europe-1938")
    >>> found = bg.pure_nash(bg.load_model("europe-1938").game(world))
    >>> axes = bg.plot_camps(world, found[0])
    >>> [text.get_text().split("\n")[0] for text in axes.texts if text.get_gid() == "heading"]
    ['balancing', 'threat', 'neutral']
    """
    network = read_camps(subject, standing, weakest)
    if len(network.labels) > _MOST_STATES:
        message = (
            f"there are {len(network.labels)} states; at most {_MOST_STATES} can be drawn "
            "legibly: leave the smallest out"
        )
        raise InvalidParameterError(message)
    figure, drawn = new_axes(axes)
    drawn.set_axis_off()
    drawn.set_title(title or network.title, loc="left")
    figure.draw_without_rendering()  # settles how large the axes are
    scale = 72.0 / figure.dpi
    extent = drawn.get_window_extent()
    wide, high = extent.width * scale, extent.height * scale
    drawn.set_xlim(0, wide)
    drawn.set_ylim(0, high)
    drawn.set_aspect("equal")
    top, bottom = _write_around(drawn, network, (wide, high), scale)
    texts, layout = _fitted(drawn, network, (0.0, bottom, wide, top), scale)
    _draw_ties(drawn, network, layout)
    _draw_nodes(drawn, network, layout)
    for text, (x, y), reach, left in zip(
        texts, layout.places, layout.reaches, layout.on_left, strict=True
    ):
        text.set_position((x - reach if left else x + reach, y))
        text.set_horizontalalignment("right" if left else "left")
    for text in drawn.texts:
        text.set_in_layout(False)  # there is room for all of them: the axes need not shrink
    return drawn


def _write_around(
    axes: Axes, network: CampsNetwork, size: tuple[float, float], scale: float
) -> tuple[float, float]:
    """Headings of camps and the key, and what they leave of the height, from above and below."""
    wide, high = size
    key = axes.text(0, 0, "", fontsize=_TAIL, va="bottom", color="#555555", gid="key")
    key.set_text(_lines(_key(network), key, wide, scale))
    bottom, top = key.get_window_extent().height * scale + 4.0, high
    for camp in network.camps:
        if not camp.heading:
            continue
        share = float(network.size[list(camp.members)].sum() / network.size.sum())
        text = axes.text(
            {"left": 0.0, "right": wide, "below": wide / 2}[camp.place],
            high if camp.place != "below" else bottom,
            f"{camp.heading}\n{share:.0%} of the {network.share_word}",
            ha={"left": "left", "right": "right", "below": "center"}[camp.place],
            va="top" if camp.place != "below" else "bottom",
            fontsize=_TAIL + 1.0,
            gid="heading",
        )
        tall = text.get_window_extent().height * scale + 4.0
        if camp.place == "below":
            bottom += tall
        else:
            top = min(top, high - tall)
    return top, bottom


def _key(network: CampsNetwork) -> str:
    """What areas and lines mean, and what has none."""
    said = f"{network.remark} Areas: {network.size_word}. Lines: {network.tie_word}"
    pairs = len(network.labels) * (len(network.labels) - 1) // 2
    tied = network.tied()
    if not tied:
        said += f", nowhere as strong as {network.weakest:.3g}."
        return said.strip()
    values = [float(network.ties[pair]) for pair in tied]
    signs = [f"solid for {network.tie_word} > 0"] * any(value > 0 for value in values)
    signs += ["dashed for < 0"] * any(value < 0 for value in values)
    said += f" ({', '.join(signs)}), the stronger the wider".replace(f"for {network.tie_word} ", "")
    if len(tied) < pairs:
        said += f"; {pairs - len(tied)} of {pairs} pairs below {network.weakest:.3g} have none"
    return f"{said}.".strip()


def _lines(words: str, text: Any, wide: float, scale: float) -> str:
    """Words in lines no wider than the axes."""
    text.set_text(words)
    share = wide / (text.get_window_extent().width * scale)
    for letters in range(int(min(1.2 * share, 1.0) * len(words)) + 1, 8, -2):
        text.set_text(textwrap.fill(words, letters))
        if text.get_window_extent().width * scale * _WIDER <= wide:
            break
    return text.get_text()


def _fitted(
    axes: Axes, network: CampsNetwork, box: tuple[float, float, float, float], scale: float
) -> tuple[list[Any], CampsLayout]:
    """Names as large as fit, and the places they leave for nodes."""
    texts = [axes.text(0, 0, "", va="center", gid="state") for _ in network.labels]

    def tried(font: float, letters: int) -> CampsLayout | None:
        for text, label in zip(texts, network.labels, strict=True):
            short = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 3]}..."
            text.set_text(textwrap.fill(short, letters))
            text.set_fontsize(font)
        extents = [text.get_window_extent() for text in texts]
        names = np.array([[one.width * scale * _WIDER, one.height * scale] for one in extents])
        return lay_out(network.camps, network.size, names, box)

    widest, best = 0.0, None
    for choice in _FONTS:
        found = tried(*choice)
        if found is None or found.width <= widest:
            continue
        widest, best = found.width, choice
        if widest >= _NARROW * (box[2] - box[0]):
            return texts, found
    layout = None if best is None else tried(*best)
    if layout is None:
        message = (
            f"the axes are {box[2] / 72:.2g} inches wide and leave {(box[3] - box[1]) / 72:.2g} "
            f"inches of height, too small for {len(texts)} states; give larger ones"
        )
        raise InvalidParameterError(message)
    return texts, layout


def _draw_ties(axes: Axes, network: CampsNetwork, layout: CampsLayout) -> None:
    """A line a pair, bent towards the middle, past other nodes."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415 (an extra, slow to import)
    from matplotlib.path import Path  # noqa: PLC0415

    thin = min(1.0, 12.0 / len(network.labels))
    for i, j in sorted(network.tied(), key=lambda pair: abs(network.ties[pair])):
        tie = float(network.ties[i, j])
        path = Path(
            np.array([layout.places[i], layout.bend(i, j), layout.places[j]]),
            np.array([Path.MOVETO, Path.CURVE3, Path.CURVE3]),
        )
        axes.add_patch(
            PathPatch(
                path,
                facecolor="none",
                edgecolor="#707070" if tie > 0 else VERMILION,
                linestyle="-" if tie > 0 else (0, (2.5, 1.5)),
                linewidth=max(_WIDEST * thin * abs(tie) / network.strongest, 0.7),
                alpha=0.8,
                gid=f"tie {i} {j}",
                zorder=1.0,
            )
        )


def _draw_nodes(axes: Axes, network: CampsNetwork, layout: CampsLayout) -> None:
    """Round, square and diamond nodes of the same area for the same power."""
    from matplotlib.patches import Circle, RegularPolygon  # noqa: PLC0415 (slow to import)

    for camp in network.camps:
        for i in camp.members:
            centre, radius = layout.places[i], float(layout.radii[i])
            style: dict[str, Any] = {
                "facecolor": _FILLS[camp.place],
                "edgecolor": BLACK,
                "linewidth": min(2.0, 0.6 + radius / 6) if i == network.threat else 0.8,
                "gid": f"state {i}",
                "zorder": 2.0,
            }
            if camp.place == "left":
                axes.add_patch(Circle(centre, radius, **style))
                continue
            turn = np.pi / 4 if camp.place == "right" else 0.0
            corner = radius * np.sqrt(np.pi / 2)
            axes.add_patch(RegularPolygon(centre, 4, radius=corner, orientation=turn, **style))
