"""What a section says where there is nothing to show."""

from __future__ import annotations

from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.html import Markup, element, paragraph


def missing_note(found: Missing) -> Markup:
    """Why there is nothing."""
    return paragraph(element("strong", "Not here: "), f"{found.reason}.", class_="missing")
