"""The equilibria: who plays what and at what payoff, whether these are all, and the proof."""

from __future__ import annotations

import base64
import math

from balancegame.games.equilibrium import Equilibrium
from balancegame.games.rendering import number, probability_text
from balancegame.present.report.findings.equilibria import EquilibriaFound
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.html import Markup, element, joined, listing, paragraph, table
from balancegame.present.report.sections.missing import missing_note
from balancegame.present.report.subject import Subject
from balancegame.present.tables import ACTION_WORDS

_MOST_SHOWN = 12


def equilibria_section(subject: Subject, found: EquilibriaFound | Missing) -> Markup:
    """Every equilibrium in a table, the first few in full, and the certificate."""
    if isinstance(found, Missing):
        return missing_note(found)
    result = found.result
    noun = "equilibrium" if len(result) == 1 else "equilibria"
    kind = "pure " if result.pure_only else ""
    status = "Complete" if result.complete else "Not known to be complete"
    shown = result[:_MOST_SHOWN]
    more = len(result) - len(shown)
    return joined(
        [
            paragraph(
                element("strong", f"{len(result) or 'No'} {kind}{noun}. "),
                f"{status}: {result.reason}.",
            ),
            paragraph(f"Found by: {result.method}.", class_="note"),
            *(_equilibrium(k, one) for k, one in enumerate(shown, 1)),
            paragraph(f"The first {len(shown)} of {len(result)} are shown.") if more > 0 else "",
            element("h3", "Certificate"),
            _certificate(subject, found),
        ]
    )


def _equilibrium(place: int, one: Equilibrium) -> Markup:
    kind = "pure" if one.is_pure else "mixed"
    rows: list[list[object]] = []
    for i, player in enumerate(one.players):
        best = one.deviations[i]
        rows.append(
            [
                player,
                _played(one, i),
                f"{one.payoffs[i]:.4f}",
                "-" if best is None else ACTION_WORDS.get(best.action, best.action),
                "-" if best is None else f"{best.loss:.4f}",
            ]
        )
    index = "" if one.index is None else f" Index {one.index:+d}."
    return joined(
        [
            table(
                f"Equilibrium {place} ({kind})",
                ["State", "Plays", "Payoff", "Best other action", "Would lose"],
                rows,
                numbers=(2, 4),
            ),
            paragraph(f"Margin {_margin(one.margin)}.{index}", class_="note"),
        ]
    )


def _played(one: Equilibrium, player: int) -> str:
    names, support = one.action_names[player], one.support[player]
    if len(support) == 1:
        return ACTION_WORDS.get(names[support[0]], names[support[0]])
    return " + ".join(
        f"{probability_text(one, player, a)} {ACTION_WORDS.get(names[a], names[a])}"
        for a in support
    )


def _margin(margin: float) -> str:
    if math.isinf(margin):
        return "none: nobody has another action"
    if margin > 0:
        return f"{number(margin)}: the least any player would lose by an action he does not play"
    return "0: some action that is not played pays as much"


def _certificate(subject: Subject, found: EquilibriaFound) -> Markup:
    if found.verification is None:
        return paragraph(
            "There is none: the list is not proven complete, or not in a way that certificates "
            "can hold.",
            class_="missing",
        )
    checked = found.verification
    failed = "; ".join(f"{claim} ({where})" for claim, where in checked.failed)
    verdict = (
        f"All {len(checked.checked)} claims hold." if checked.ok else f"It does not hold: {failed}."
    )
    parts: list[object] = [
        paragraph(
            element("strong", "Re-checked when this report was written. "),
            verdict,
            class_="holds" if checked.ok else "fails",
        ),
        element("details", element("summary", "The claims"), listing(checked.checked)),
    ]
    if found.certificate is None:
        parts.append(
            paragraph("It is too large for a page; balancegame solve --certificate writes it.")
        )
        return joined(parts)
    coded = base64.b64encode(found.certificate.encode("utf-8")).decode("ascii")
    parts.append(
        paragraph(
            element(
                "a",
                f"Download the certificate ({len(found.certificate) / 1000:,.0f} kB)",
                href=f"data:application/json;base64,{coded}",
                download="certificate.json",
                class_="button",
                id="certificate",
            )
        )
    )
    parts.append(
        paragraph(
            "Anyone can re-check it, without a solver: ",
            element("code", "balancegame verify certificate.json"),
            f" (balancegame {subject.version}).",
            class_="note",
        )
    )
    return joined(parts)
