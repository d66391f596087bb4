"""Endurance: selection among equilibria, revision with errors, a threat in decline."""

from __future__ import annotations

from balancegame.analysis.endurance_result import Endurance
from balancegame.analysis.overstretch import Overstretch
from balancegame.analysis.selection_table import CRITERIA, SelectionTable
from balancegame.games.profile_text import equilibrium_line
from balancegame.games.rendering import number
from balancegame.present.report.findings.lasting import DECLINE, PERIODS, Decline, Lasting
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.html import Markup, element, joined, paragraph, table
from balancegame.present.report.sections.missing import missing_note

_MOST_SHOWN = 12
_KINDS = {
    "an equilibrium": "nash_until",
    "strong: no coalition would leave it": "strong_until",
    "coalition-proof: no coalition would leave it and hold together": "coalition_proof_until",
    "what errors and revisions lead to": "selected_until",
}


def lasting_section(
    selected: SelectionTable | Missing, lasting: Lasting | Missing, decline: Decline | Missing
) -> Markup:
    """Three questions, each under its heading."""
    return joined(
        [
            element("h3", "What theories of selection say"),
            missing_note(selected) if isinstance(selected, Missing) else _selection(selected),
            element("h3", "Revision with errors"),
            missing_note(lasting) if isinstance(lasting, Missing) else _lasting(lasting),
            element("h3", "Bandwagoning with a threat in decline"),
            missing_note(decline) if isinstance(decline, Missing) else _decline(decline),
        ]
    )


def _selection(found: SelectionTable) -> Markup:
    shown = found.rows[:_MOST_SHOWN]
    head = ["Criterion", *(f"Equilibrium {k}" for k in range(1, len(shown) + 1))]
    rows: list[list[object]] = [
        [name.replace("_", " "), *(_verdict(getattr(one, name)) for one in shown)]
        for name in CRITERIA
    ]
    rows.append(["sum of payoffs", *(number(float(one.welfare)) for one in shown)])
    lines = [f"{k}: {equilibrium_line(one.equilibrium)}." for k, one in enumerate(shown, 1)]
    prices = [
        f"price of {word} {number(float(value))}"
        for word, value in (
            ("anarchy", found.price_of_anarchy),
            ("stability", found.price_of_stability),
        )
        if value is not None
    ]
    more, whys = len(found.rows) - len(shown), _whys(found)
    return joined(
        [
            paragraph("Equilibrium ", " Equilibrium ".join(lines)) if lines else "",
            table("Criteria of selection", head, rows) if shown else "",
            paragraph(f"The first {len(shown)} of {len(found.rows)}.") if more else "",
            paragraph(f"{', '.join(prices).capitalize()}.") if prices else "",
            paragraph(f"Not decided or not applicable: {whys}.", class_="note") if whys else "",
        ]
    )


def _whys(found: SelectionTable) -> str:
    """Why cells are empty: for each reason the criteria, and the equilibria if not all."""
    cells: dict[str, tuple[dict[str, None], dict[int, None]]] = {}
    for k, row in enumerate(found.rows, 1):
        for name, why in row.reasons.items():
            names, places = cells.setdefault(why, ({}, {}))
            names[name.replace("_", " ")] = None
            places[k] = None
    said: list[str] = []
    for why, (names, places) in cells.items():
        where = ""
        if len(places) < len(found.rows):
            some = ", ".join(map(str, list(places)[:_MOST_SHOWN]))
            where = f" of equilibrium {some}{' and others' if len(places) > _MOST_SHOWN else ''}"
        said.append(f"{', '.join(names)}{where}: {why}")
    for word, why in zip(("anarchy", "stability"), found.price_reasons, strict=True):
        if why:
            said.append(f"price of {word}: {why}")
    return "; ".join(said)


def _verdict(value: bool | None) -> str:  # noqa: FBT001 (a cell)
    return "-" if value is None else "yes" if value else "no"


def _lasting(found: Lasting) -> Markup:
    one = found.endurance
    shown = one.alignments[:_MOST_SHOWN]
    rows: list[list[object]] = []
    for k, alignment in enumerate(shown):
        leaving = found.leaving[k] if k < len(found.leaving) else "not worked out"
        rows.append(
            [
                alignment.label,
                f"{alignment.probability:.4f}",
                f"{alignment.basin_probability:.4f}",
                leaving,
                "yes"
                if alignment.is_stable
                else f"no, short by {number(float(alignment.shortfall))}",
            ]
        )
    more = len(one.alignments) - len(shown)
    return joined(
        [
            paragraph(
                "Each period one state revises, and takes an action with probability proportional "
                f"to exp(precision x payoff), precision {number(one.precision)}: errors are rare, "
                "and costly ones rarer. Alignments that last are left by error only."
            ),
            table(
                "Alignments that last",
                [
                    "Alignment",
                    "Share of time",
                    "With its basin",
                    "Periods until its basin is left",
                    "Stochastically stable",
                ],
                rows,
                numbers=(1, 2, 3),
            ),
            paragraph(f"The first {len(shown)} of {len(one.alignments)}.") if more else "",
            _tipping(one, found),
            paragraph(
                f"Law found by {one.method}, within {one.error_bound:.0e} in total variation.",
                class_="note",
            ),
        ]
    )


def _tipping(one: Endurance, found: Lasting) -> Markup:
    if not found.tipping:
        return Markup()
    rows = [
        [
            one.alignments[a].label,
            one.alignments[b].label,
            " or ".join(path.first_movers) or "nobody",
            number(float(path.resistance)),
            str(len(path.path)),
        ]
        for a, b, path in found.tipping
    ]
    return table(
        "How one tips into another, along a path of least resistance",
        ["From", "To", "First mover", "Resistance", "Moves"],
        rows,
        numbers=(3, 4),
    )


def _decline(found: Decline) -> Markup:
    taken = (
        f"The {found.states} states differ in power; were they equals of the same mean, and "
        "without common interests,"
        if found.is_idealised
        else f"The {found.states} states are equal in power; without common interests,"
    )
    rows = [[kind, *_until(found.found, name)] for kind, name in _KINDS.items()]
    return joined(
        [
            paragraph(
                f"{taken} and did the threat lose {DECLINE:.0%} of its power a period, from "
                f"{number(found.ratio)} times that of one state: for how long would it be stable "
                "that all of them bandwagon?"
            ),
            table(
                f"That all bandwagon is, over {PERIODS} periods",
                ["In this sense", "Until period", "Threat's ratio then"],
                rows,
                numbers=(1, 2),
            ),
        ]
    )


def _until(found: Overstretch, name: str) -> tuple[str, str]:
    until = getattr(found, name)
    return ("beyond", "-") if until is None else (str(until), number(found.periods[until].ratio))
