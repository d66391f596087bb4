"""One style for all figures: readable in print, and by those who do not tell red from green.

Colours are those of Okabe & Ito (2008), in an order in which neighbours differ in lightness too.
matplotlib is loaded when a figure is drawn, and is part of the extra ``plot``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from balancegame.errors import InvalidTypeError, MissingDependencyError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLACK, BLUE, ORANGE, GREEN = "#000000", "#0072B2", "#E69F00", "#009E73"
VERMILION, SKY, PURPLE, YELLOW, GREY = "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#999999"
SERIES = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK)
DASHES = ("-", "--", "-.", ":")

_STYLE: dict[str, Any] = {
    "font.size": 10.0,
    "axes.titlesize": 11.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": False,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "figure.dpi": 110.0,
    "savefig.dpi": 200.0,
    "savefig.bbox": "tight",
}


def new_axes(
    axes: Axes | None, *, width: float = 5.5, height: float = 4.0, **options: Any
) -> tuple[Figure, Axes]:
    """The axes given, or new ones in the package's style, of a size in inches.

    Raises
    ------
    InvalidTypeError
        Axes that are none.
    MissingDependencyError
        matplotlib is not installed.
    """
    figures = _figures()
    if axes is not None:
        if not hasattr(axes, "spines"):
            message = f"axes is a {type(axes).__name__}; give matplotlib Axes"
            raise InvalidTypeError(message)
        axes.spines[["top", "right"]].set_visible(False)
        return axes.get_figure(root=True) or axes.figure, axes  # pyright: ignore[reportReturnType]
    with figures.rc_context(_STYLE):
        figure, made = figures.subplots(figsize=(width, height), layout="constrained", **options)
    return figure, made


def size_in_points(axes: Axes) -> tuple[float, float]:
    """Width and height of axes as the figure's layout leaves them, in points (1/72 inch).

    Raises
    ------
    InvalidTypeError
        Axes that are none.
    """
    figure, _ = new_axes(axes)
    figure.draw_without_rendering()  # settles the layout
    extent = axes.get_window_extent()
    return extent.width * 72.0 / figure.dpi, extent.height * 72.0 / figure.dpi


def check_matplotlib() -> None:
    """Refuse to go on without matplotlib, before work is done for a figure."""
    _figures()


def _figures() -> Any:
    try:
        import matplotlib.pyplot as plt  # noqa: PLC0415 (an extra, slow to import)
    except ImportError:
        message = (
            "figures need matplotlib, which is not installed; "
            "\"pip install 'balancegame[plot]'\" brings it"
        )
        raise MissingDependencyError(message) from None
    return plt
