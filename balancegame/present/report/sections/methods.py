"""Methods in a paragraph and references in BibTeX, ready to paste."""

from __future__ import annotations

from collections.abc import Mapping

from balancegame._numbers import format_number
from balancegame._words import counted
from balancegame.alliances.actions import THREAT_ACTIONS
from balancegame.present.report.bibliography import bibtex
from balancegame.present.report.findings.findings import Findings
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.findings.region_maps import RegionMap
from balancegame.present.report.html import Markup, element, joined, paragraph
from balancegame.present.report.subject import Subject


def methods_section(subject: Subject, found: Findings) -> Markup:
    """Two texts to copy."""
    sentences, keys = methods(subject, found)
    return joined(
        [
            paragraph("Cite the software, the methods, and the data that the scenario names."),
            _text("methods-text", "Methods paragraph", " ".join(sentences)),
            _text("bibtex-text", "References in BibTeX", bibtex(subject, keys)),
        ]
    )


def methods(subject: Subject, found: Findings) -> tuple[list[str], list[str]]:
    """What was done, in sentences, and the keys of what is cited."""
    sentences, keys = [_about(subject)], ["balancegame"]
    if not isinstance(found.equilibria, Missing):
        result = found.equilibria.result
        cited = _METHOD_KEYS.get(result.method, ())
        keys += ["nash1950", *cited]
        by = f" ({_named(cited)})" if cited else ""
        what = "pure Nash equilibria" if result.pure_only else "Nash equilibria (Nash 1950)"
        all_of = "All" if result.complete else "Some"
        sentences.append(
            f"{all_of} {what} of the game were computed by {result.method}{by}: {result.reason}."
        )
        checked = found.equilibria.verification
        if checked is not None and checked.ok:
            sentences.append(
                f"A certificate of completeness was re-checked without a solver: all "
                f"{len(checked.checked)} claims hold."
            )
    for one in found.maps:
        if isinstance(one, RegionMap):
            sentences.append(
                f"Regions of pure equilibria over {one.across.words} and {one.up.words} were "
                f"computed at {len(one.across.values)} x {len(one.up.values)} points."
            )
    if not isinstance(found.promises, Missing):
        keys.append("friedman1971")
        sentences.append(
            "Critical discount factors are exact, against reversion to the deviator's worst pure "
            "stage equilibrium (Friedman 1971)."
        )
    if not isinstance(found.first_moves, Missing):
        keys.append("christensen1990")
        sentences.append(
            "Commitments were compared over all orders of subsequent moves, after the notions of "
            "chain-ganging and buck-passing (Christensen and Snyder 1990)."
        )
    if not isinstance(found.selection, Missing):
        keys += ["aumann1959", "bernheim1987"]
        sentences.append(
            "Equilibria were compared by criteria of selection, joint deviations among them "
            "(Aumann 1959; Bernheim, Peleg and Whinston 1987)."
        )
    if not isinstance(found.lasting, Missing):
        keys += ["blume1993", "young1993"]
        sentences.append(
            "Endurance is that of asynchronous logit revision at precision "
            f"{format_number(found.lasting.endurance.precision)} (Blume 1993), stochastic "
            "stability that of least trees of resistances (Young 1993)."
        )
    keys.append("ray1973")
    sentences.append("Concentration of power is that of Ray and Singer (1973).")
    return sentences, keys


_METHOD_KEYS = {
    "extreme equilibria": ("mangasarian1964", "avis2010"),
    "support enumeration by subdivision": ("porter2008",),
}
_NAMES = {
    "mangasarian1964": "Mangasarian 1964",
    "avis2010": "Avis, Rosenberg, Savani and von Stengel 2010",
    "porter2008": "Porter, Nudelman and Shoham 2008",
}


def _named(keys: tuple[str, ...]) -> str:
    return "; ".join(_NAMES[key] for key in keys)


def _about(subject: Subject) -> str:
    world, settings = subject.world, subject.settings
    measure = f", power measured by {world.power_measure}" if world.power_measure else ""
    threat = f" facing {world.threat}" if world.threat is not None else ""
    chooses = (
        f", who chooses too ({', '.join(THREAT_ACTIONS)})"
        if settings.hegemon == "strategic"
        else ""
    )
    changed = ", ".join(_changed(subject))
    said = (
        f"{subject.title}: a balancing game of {counted(len(world.states), 'state')} with "
        f"actions {', '.join(settings.actions)}{threat}{chooses}{measure}, was built "
        f"and solved with balancegame {subject.version} on {subject.date.isoformat()}"
        + (
            f" (parameters other than defaults: {changed})."
            if changed
            else " (default parameters)."
        )
    )
    return " ".join([said, *(f"{note[:1].upper()}{note[1:]}." for note in subject.notes)])


def _changed(subject: Subject) -> list[str]:
    default = type(subject.model)().parameters()
    parts: list[str] = []
    for name, value in subject.model.parameters().items():
        if value == default[name]:
            continue
        if isinstance(value, Mapping):
            parts += [f"{name} of {state} {format_number(one)}" for state, one in value.items()]
        else:
            parts.append(f"{name} {value if isinstance(value, str) else format_number(value)}")
    return parts


def _text(identifier: str, label: str, content: str) -> Markup:
    is_prose = "\n" not in content
    rows = len(content) // 90 + 3 if is_prose else 16
    return joined(
        [
            element("label", label, for_=identifier, class_="above"),
            element(
                "textarea",
                content,
                id=identifier,
                rows=str(rows),
                readonly=True,
                spellcheck="false",
            ),
            paragraph(
                element(
                    "button",
                    f"Copy {label[:1].lower()}{label[1:]}",
                    type="button",
                    data_copies=identifier,
                    hidden=True,
                ),
                " ",
                element("span", id=f"{identifier}-status", role="status"),
            ),
        ]
    )
