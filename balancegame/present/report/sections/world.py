"""The world: power as bars, interests as a heat table, sources."""

from __future__ import annotations

from balancegame.games.rendering import number
from balancegame.present.report.html import Markup, element, joined, listing, paragraph, table
from balancegame.present.report.subject import Subject
from balancegame.present.tables import amount_text
from balancegame.world.polarity import polarity
from balancegame.world.world import World

_BLUE, _ORANGE = (0, 114, 178), (230, 159, 0)
_DEEPEST = 0.55  # opacity: dark text stays legible on it


def world_section(subject: Subject) -> Markup:
    """States with their power, how parallel their interests are, and where the numbers are from."""
    world = subject.world
    found = polarity(world)
    leaders = ", ".join(found.leaders) or "none"
    sources = listing(world.sources) if world.sources else paragraph("No source is named.")
    return joined(
        [
            _power(world),
            paragraph(
                f"Polarity: {found.kind} (poles: {leaders}). Concentration "
                f"{found.concentration:.2f}, {found.effective_poles:.1f} effective poles."
            ),
            _parallelism(world),
            paragraph(
                "1: identical interests; 0: unrelated; -1: opposed. Blue is parallel, orange is "
                "opposed.",
                class_="note",
            ),
            element("h3", "Sources"),
            sources,
            *(paragraph(note, class_="missing") for note in subject.notes),
        ]
    )


def _power(world: World) -> Markup:
    exposed = bool((world.exposure != 1.0).any())
    largest = float(world.shares.max())
    rows: list[list[object]] = []
    for i, name in enumerate(world.names):
        is_threat = name == world.threat
        width = float(world.shares[i]) / largest
        bar = element(
            "td",
            element("span", f"{world.shares[i]:.1%}"),
            element(
                "div",
                class_="threat" if is_threat else None,
                style=f"width:calc((100% - 4.5rem) * {width:.3f})",
            ),
            class_="bar",
        )
        row: list[object] = [name, amount_text(world.power[i]), bar]
        if exposed:
            row.append("" if is_threat else number(world.exposure[i]))
        rows.append([*row, "the threat" if is_threat else ""])
    head = ["State", "Power", "Share", *(["Exposure"] * exposed), "Role"]
    measure = f" ({world.power_measure})" if world.power_measure else ""
    return table(f"Power{measure}", head, rows, numbers=(1, *((3,) if exposed else ())))


def _parallelism(world: World) -> Markup:
    head: list[object] = ["State"]
    for k, name in enumerate(world.names, 1):
        head.append(
            joined(
                [
                    element("span", str(k), aria_hidden="true"),
                    element("span", name, class_="hidden"),
                ]
            )
        )
    rows: list[list[object]] = []
    for i, name in enumerate(world.names):
        first = joined([element("span", f"{i + 1} ", aria_hidden="true"), name])
        cells = [_heat(float(value)) for value in world.parallelism[i]]
        rows.append([first, *cells])
    return table("Parallel interests", head, rows, class_="heat")


def _heat(value: float) -> Markup:
    red, green, blue = _BLUE if value >= 0 else _ORANGE
    opacity = min(abs(value), 1.0) * _DEEPEST
    return element(
        "td", f"{value:+.2f}", style=f"background:rgba({red},{green},{blue},{opacity:.2f})"
    )
