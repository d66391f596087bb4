"""The camps of each pure equilibrium, as a network."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

from balancegame.alliances.camps import Camps
from balancegame.present.camps_figure import plot_camps
from balancegame.present.figure_style import new_axes
from balancegame.present.report.findings.equilibria import EquilibriaFound
from balancegame.present.report.findings.missing import Missing, found_or_why
from balancegame.present.report.html import Markup, element, joined, paragraph
from balancegame.present.report.sections.missing import missing_note
from balancegame.present.report.subject import Subject
from balancegame.world.world import World

_MOST_DRAWN = 6
_FEW = 9  # states


def camps_section(subject: Subject, found: EquilibriaFound | Missing) -> Markup:
    """A figure for each of the first pure equilibria, and the same in words."""
    if isinstance(found, Missing):
        return missing_note(found)
    pure = [(k, one) for k, one in enumerate(found.camps, 1) if one is not None]
    if not pure:
        return missing_note(Missing("camps are those of pure equilibria, and there is none"))
    figures = [_figure(subject.world, k, one) for k, one in pure[:_MOST_DRAWN]]
    left = len(pure) - len(figures)
    more = f"The first {len(figures)} of {len(pure)} pure equilibria are drawn." if left else ""
    mixed = len(found.camps) - len(pure)
    if mixed:
        more += (
            f" {mixed} mixed: its states stand in no one camp."
            if mixed == 1
            else (f" {mixed} are mixed: their states stand in no one camp.")
        )
    return joined([*figures, paragraph(more.strip(), class_="note") if more else ""])


def _figure(world: World, place: int, camps: Camps) -> Markup:
    words = _words(camps)
    drawn = found_or_why(lambda: _drawing(world, place, camps, words))
    return element(
        "figure",
        missing_note(drawn) if isinstance(drawn, Missing) else drawn,
        element("figcaption", element("strong", f"Equilibrium {place}. "), words),
        class_="camps",
    )


def _words(camps: Camps) -> str:
    def listed(members: tuple[str, ...]) -> str:
        return ", ".join(members) or "nobody"

    contest = f"pi = {camps.prevailing:.2f}"
    if not camps.contested:
        contest = f"{camps.threat} does not expand; if it did, {contest}"
    return (
        f"Against {camps.threat}: {listed(camps.balancing)}. With it: "
        f"{listed(camps.bandwagoning)}. Passing the buck: {listed(camps.neutral)}. "
        f"The chance that balancing prevails: {contest}."
    )


def _drawing(world: World, place: int, camps: Camps, words: str) -> Markup:
    """The figure as SVG, its text as text, its names its own."""
    width = 4.4 if len(world.names) <= _FEW else 6.0  # inches: names stay legible when narrow
    figure, axes = new_axes(None, width=width, height=0.8 * width)
    written = io.StringIO()
    try:
        with _svg_settings(place), warnings.catch_warnings():
            # Letters that our font lacks the reader's browser has.
            warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
            plot_camps(world, camps, title=" ", axes=axes)
            figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    finally:
        _close(figure)
    return _inline(written.getvalue(), f"camps-{place}", f"Camps of equilibrium {place}", words)


def _svg_settings(place: int) -> Any:
    """Text stays text, names are no formulas, and the same input gives the same file."""
    from matplotlib import rc_context  # noqa: PLC0415 (an extra, slow to import)

    return rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": f"camps {place}", "text.parse_math": False}
    )


def _close(figure: Any) -> None:
    from matplotlib.pyplot import close  # noqa: PLC0415 (an extra, slow to import)

    close(figure)


def _inline(svg: str, prefix: str, title: str, description: str) -> Markup:
    """An SVG file as part of a page."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    used = set(re.findall(r'(?:href="|url\()#([^")]*)', body))

    def own(found: re.Match[str]) -> str:
        return f' id="{prefix}-{found[1]}"' if found[1] in used else ""

    body = re.sub(r'\sid="([^"]*)"', own, body)
    body = re.sub(r'(href="|url\()#', rf"\1#{prefix}-", body)
    opening = re.search(r'viewBox="[^"]*"', body)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{opening.group() if opening else ""} role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-text">'
    )
    labels = joined(
        [
            element("title", title, id=f"{prefix}-title"),
            element("desc", description, id=f"{prefix}-text"),
        ]
    )
    return Markup(head + labels + body[body.index(">") + 1 :].strip())
